package transfer

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
)

// Reconciliation is how another register's export differs from ours.
type Reconciliation struct {
	Rows       int                `json:"rows"`
	Same       int                `json:"same"`
	OnlyHere   []Registrant       `json:"only_here,omitempty"`
	OnlyThere  []Registrant       `json:"only_there,omitempty"`
	Differing  []Disagreement     `json:"differing,omitempty"`
	Unreadable []exchange.Refusal `json:"unreadable,omitempty"`
}

// Registrant is a graduate whom only one of the two registers has.
type Registrant struct {
	Row    int    `json:"row,omitempty"` // in the file
	Number string `json:"number"`        // 学号 or 考生号
	Name   string `json:"name"`
	Code   string `json:"code,omitempty"`
}

// Disagreement is one field of a graduate that the two registers give differently.
type Disagreement struct {
	Row    int    `json:"row"`
	Number string `json:"number"`
	Name   string `json:"name"`
	Field  string `json:"field"`
	Here   string `json:"here"`
	There  string `json:"there"`
}

// Agree reports that nothing differs.
func (r Reconciliation) Agree() bool {
	return len(r.OnlyHere)+len(r.OnlyThere)+len(r.Differing)+len(r.Unreadable) == 0
}

// comparing is one reconciliation as it grows.
type comparing struct {
	pass
	result Reconciliation
	seen   map[string]int // row by graduate
	of     map[string]bool
	lines  []exchange.Line
}

// Reconcile compares the export of the national or provincial register with what
// runs here now, by 考生号, else 学号. Contacts are not compared: registers mask
// them. Without a cohort those count as missing there who are of a cohort that
// the file speaks of.
//
// Errors: fault.Forbidden; fault.Usage for a file that cannot be taken as a whole.
func (s *Service) Reconcile(ctx context.Context, who access.Actor, f exchange.File, cohort string) (Reconciliation, error) {
	if err := who.May(access.ExportPeople); err != nil {
		return Reconciliation{}, err
	}
	c := &comparing{seen: map[string]int{}, of: map[string]bool{}, pass: pass{Service: s, who: who,
		within: who.Within(access.ExportPeople), book: s.Book()}}
	if cohort != "" {
		c.of[cohort] = true
	}
	c.columns = slices.DeleteFunc(append(identity(), exchange.Columns(exchange.Destination)...), func(x exchange.Column) bool { return x.Secret })
	err := s.Store.InTx(ctx, func(ctx context.Context) error {
		return s.Audit.Write(ctx, who, "destination.reconcile", f.SHA256(), map[string]string{"cohort": cohort})
	})
	if err != nil {
		return c.result, err
	}
	err = c.rows(ctx, f, half{columns: c.columns, needs: [][]string{{"exam_no", "student_no"}, {"code"}}}, func(_ int, l exchange.Line) error {
		c.lines = append(c.lines, l)
		if len(c.lines) < chunkSize {
			return nil
		}
		return c.compare(ctx, cohort == "")
	}, func(ctx context.Context) error { return c.compare(ctx, cohort == "") })
	if err != nil {
		return c.result, err
	}
	for _, k := range slices.Sorted(maps.Keys(c.of)) {
		if err := eachPage(ctx, s.Store, c.within, k, c.missing); err != nil {
			return c.result, err
		}
	}
	return c.result, nil
}

// compare takes the rows that were read; anyCohort: the file says which cohorts.
func (c *comparing) compare(ctx context.Context, anyCohort bool) error {
	rows := make([]exchange.Values, len(c.lines))
	for i, l := range c.lines {
		rows[i] = l.Values
	}
	found, err := findPeople(ctx, c.Store, c.within, rows)
	if err != nil {
		return err
	}
	events, err := c.Store.Histories(ctx, c.within, slices.Collect(maps.Keys(found.byID)))
	if err != nil {
		return err
	}
	for _, l := range c.lines {
		g := found.byID[cmp.Or(found.exam[l.Values["exam_no"]].ID, found.student[l.Values["student_no"]].ID)]
		c.row(l, g, events[g.ID], anyCohort)
	}
	c.lines = c.lines[:0]
	return nil
}

// row compares one row with the graduate whom it names; the zero one is nobody here.
func (c *comparing) row(l exchange.Line, g roster.Graduate, events []history.Event, anyCohort bool) {
	c.result.Rows++
	cohort := g.Attrs.Value(history.Cohort)
	who := Registrant{Row: l.Number, Number: cmp.Or(numberOf(l.Values), g.StudentNo), Name: l.Values["name"], Code: l.Values["code"]}
	c.result.Unreadable = append(c.result.Unreadable, l.Refusals...)
	switch {
	case g.ID == "" || !anyCohort && !c.of[cohort] || g.Attrs.Value(history.Left) == history.True:
		c.result.OnlyThere = append(c.result.OnlyThere, who)
		return
	case c.seen[g.ID] > 0:
		c.differ(who, "学号", "第 "+number(c.seen[g.ID])+" 行", "重复的一行")
		return
	}
	c.seen[g.ID], c.of[cohort] = l.Number, true
	before := len(c.result.Differing)
	if n := who.Name; n != "" && plainText(n) != plainText(g.Name) {
		c.differ(who, "姓名", g.Name, n)
	}
	who.Name = g.Name
	c.contents(who, l, running(c.book, events, calendar.When{}, cohort, c.Now()))
	if len(c.result.Differing) == before && len(l.Refusals) == 0 {
		c.result.Same++
	}
}

func (c *comparing) differ(who Registrant, field, here, there string) {
	c.result.Differing = append(c.result.Differing, Disagreement{who.Row, who.Number, who.Name, field, here, there})
}

// contents compares what runs here with what the row says. Where only one of the
// two has a destination, or they have two, that is all there is to say.
func (c *comparing) contents(who Registrant, l exchange.Line, here history.Content) {
	if slices.ContainsFunc(l.Refusals, func(x exchange.Refusal) bool { return x.Column == c.reading.Header("code") }) {
		return
	}
	there := claimOf(c.book, l, l.Values["code"])
	if here.Code == "" || there.Code != here.Code {
		if here.Code != there.Code {
			c.differ(who, titles()["code"], here.Code, there.Code)
		}
		return
	}
	for _, col := range c.columns {
		ours := cell(c.book, here, col)
		if col.Group != exchange.Destination || col.Part == exchange.NamePart || !c.reading.Has(col.Field) || ours == "" && l.Values[col.Field] == "" {
			continue
		}
		theirs := l.Values[col.Field]
		if _, unread := l.Unread[col.Field]; unread {
			continue
		}
		if col.Form == exchange.Coded {
			ours = payload(c.book, here, col.Field)
		}
		if plainText(ours) != plainText(theirs) {
			c.differ(who, titles()[col.Field], ours, theirs)
		}
	}
}

// missing lists those of a page whom the file does not have.
func (c *comparing) missing(_ context.Context, known histories, ids []string) error {
	for _, id := range ids {
		g := known.people[id]
		if c.seen[id] > 0 || g.Attrs.Value(history.Left) == history.True {
			continue
		}
		here := running(c.book, known.events[id], calendar.When{}, g.Attrs.Value(history.Cohort), c.Now())
		c.result.OnlyHere = append(c.result.OnlyHere, Registrant{Number: cmp.Or(g.StudentNo, g.ExamNo), Name: g.Name, Code: here.Code})
	}
	return nil
}
