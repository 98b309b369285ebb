package destination

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/employer"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
)

// Record is all that a form about a graduate stands on: who they are, what
// happened so far, and what was handed in. Everything is readable: it is for the
// graduate, and for staff who fill in for them.
type Record struct {
	Person    roster.Graduate // unsealed
	Events    []history.Event // unsealed
	Fold      *history.Fold
	Documents []Document
	Drafts    []SavedDraft // the actor's own, newest first
	Told      []Sample     // what the graduate told the office, for the graduate alone; oldest first
}

// Record returns it of a graduate: one's own, or of one whom the actor may fill
// in for.
func (s *Service) Record(ctx context.Context, who access.Actor, graduate string) (Record, error) {
	p, err := formRight(who)
	if err != nil {
		return Record{}, err
	}
	list, err := s.dossiers(ctx, who.Within(p), []string{graduate})
	if err != nil {
		return Record{}, err
	}
	r := Record{Person: list[0].person, Events: list[0].events, Fold: list[0].fold}
	if r.Documents, err = s.Store.Documents(ctx, who.Within(p), graduate); err != nil {
		return Record{}, err
	}
	if p == access.RegisterOwn {
		if r.Told, err = s.Store.SamplesOf(ctx, who.Within(p), []string{graduate}); err != nil {
			return Record{}, err
		}
		r.Told = slices.DeleteFunc(r.Told, func(x Sample) bool { return x.Reason != ReasonTold })
	}
	r.Drafts, err = s.openDrafts(ctx, who, p, graduate)
	return r, err
}

// Cohort is the year that the graduate belongs to.
func (r *Record) Cohort() string { return r.Person.Attrs.Value(history.Cohort) }

// Given returns what the change would leave of its case, emptied fields absent,
// and the evidence handed in with the case so far.
func (r *Record) Given(change string) (history.Content, []history.Evidence) {
	c := r.Fold.Change(change)
	if c == nil {
		return history.Content{}, nil
	}
	content := history.Content{}
	if k := r.Fold.Case(c.Case); k != nil && c.Act != history.Open {
		content = k.Standing().Content
	}
	if given := c.Given; c.Act != history.End && c.Act != history.Void {
		content = over(content, given)
	}
	return plain(content), r.Evidence(c.Case)
}

// over returns the content with what the change says.
func over(c, given history.Content) history.Content {
	if given.TrueOn != "" {
		c.TrueOn = given.TrueOn
	}
	if given.Code != "" {
		c.Scheme, c.Code = given.Scheme, given.Code
	}
	c.Counts.Merge(given.Counts)
	fields := history.Fields{}
	for _, from := range []history.Fields{c.Fields, given.Fields} {
		for name, v := range from {
			if v != "" {
				fields[name] = v
			}
		}
	}
	c.Fields = fields
	return c
}

// Evidence is what was handed in with a case so far, oldest first.
func (r *Record) Evidence(kase string) (out []history.Evidence) {
	for i := range r.Events {
		if r.Events[i].Case == kase {
			out = union(out, r.Events[i].Evidence)
		}
	}
	return out
}

// Draft returns the actor's draft about a change or case; false if there is none.
func (r *Record) Draft(about string) (SavedDraft, bool) {
	i := slices.IndexFunc(r.Drafts, func(d SavedDraft) bool { return d.About == about })
	if i < 0 {
		return SavedDraft{}, false
	}
	return r.Drafts[i], true
}

// Replacing returns the draft so that what stood before and is blank now is
// emptied: a form that showed the fields means what it shows.
func (d Draft) Replacing(before history.Content, shown []string) Draft {
	counts, fields := before.Counts.Plain(), before.Fields.Plain()
	was, now := counts.Values(), d.Counts.Values()
	said := history.Fields{}
	for name, v := range d.Fields {
		said[name] = v
	}
	for _, name := range shown {
		if i := slices.Index(history.CountedNames[:], name); i >= 0 {
			if was[i] != "" && now[i] == "" {
				d.Counts.Put(name, history.Emptied)
			}
		} else if fields[name] != "" && said[name] == "" {
			said[name] = history.Emptied
		}
	}
	d.Fields = said
	return d
}

// FindEmployer looks an employer up in the master records, by credit code, else
// by its whole name; false if none or several fit. Records name no person.
func (s *Service) FindEmployer(ctx context.Context, who access.Actor, creditCode, name string) (employer.Employer, bool, error) {
	if _, err := formRight(who); err != nil {
		return employer.Employer{}, false, err
	}
	code := ""
	if creditCode != "" {
		code = codes.CheckCreditCode(creditCode).Code
	}
	m, err := LoadMasters(ctx, s.Store, s.Book(), history.Content{Fields: history.Fields{workUnit.code: code, workUnit.name: name}})
	if err != nil {
		return employer.Employer{}, false, err
	}
	e, ok := m.Of(code, name)
	return e, ok, nil
}

// WageFloor is the minimum wage of the place on the day, in fen a month; false
// where none is known.
func (s *Service) WageFloor(ctx context.Context, region string, day calendar.Day) (int64, bool, error) {
	rows, err := s.Store.MinimumWages(ctx)
	if err != nil {
		return 0, false, err
	}
	row, ok := codes.Lookup(rows, region, day)
	return row.Monthly, ok, nil
}

// Answer is the graduate's own word about a case: to a strike, or to what the
// office answered a dispute.
func (s *Service) Answer(ctx context.Context, who access.Actor, graduate, kase, text string) error {
	return s.markBy(ctx, who, access.RegisterOwn, graduate, history.Event{Case: kase, Mark: history.Replied, Reason: text})
}

// ReasonTold is the reason of a sample that comes from a graduate's own word and
// not from a rule or a draw.
const ReasonTold = "本人反映"

// Tell takes a graduate's word past the college to the office, such as that
// somebody wants them to register what is not so. It needs no case: blank is none.
func (s *Service) Tell(ctx context.Context, who access.Actor, graduate, kase, text string) error {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return fault.Invalidf("text", "请写一写发生了什么，学校好去核实")
	case utf8.RuneCountInString(text) > longestWord:
		return fault.Invalidf("text", "请写在 %d 个字以内；还有要说的，可以再写一条", longestWord)
	}
	if err := codes.NoNumbers("text", text); err != nil {
		return err
	}
	return s.change(ctx, who, access.RegisterOwn, graduate, func(g *dossier) (work, error) {
		open, err := s.drawn(ctx, graduate)
		if err != nil {
			return work{}, err
		}
		open = slices.DeleteFunc(open, func(x Sample) bool { return x.Result != "" })
		if slices.ContainsFunc(open, func(x Sample) bool { return x.Reason == ReasonTold && x.Case == kase && x.Said == text }) {
			return work{}, nil
		}
		if n := countTold(open, graduate); n >= mostTold {
			return work{}, fault.Conflictf("text", "你已经写过 %d 条，学校还在核实。急事请直接打电话给就业中心", n)
		}
		if kase != "" && g.fold.Case(kase) == nil {
			return work{}, fault.NotFoundf("case", "没有找到这条去向，请回到我的去向再看")
		}
		return work{action: "destination.told", subject: graduate, samples: []Sample{{ID: s.NewID(), Graduate: graduate,
			Case: kase, Reason: ReasonTold, At: s.Now(), Said: text}}}, nil
	})
}

// mostTold is how many of a graduate's words wait for the office at a time.
const mostTold = 20

func countTold(open []Sample, graduate string) (n int) {
	for i := range open {
		if open[i].Graduate == graduate && open[i].Reason == ReasonTold {
			n++
		}
	}
	return n
}

// Levels returns who reviews a registration of the code, from near to far.
func (s *Service) Levels(code string) []Level { return s.review().For(code) }

// Waiting returns the levels of a change and the one, from 1, that it waits at; 0
// if it waits for no reviewer.
func (s *Service) Waiting(f *history.Fold, c *history.Change) ([]Level, int) {
	return s.review().Waiting(f, c)
}

// SubmissionEntry returns the place in the audit chain of the newest submission of
// a change, for who may read the record; 0 while it has none, or without one.
// Errors: those of Record.
func (s *Service) SubmissionEntry(ctx context.Context, who access.Actor, r *Record, change string) (int64, error) {
	p, err := formRight(who)
	if err := s.reaches(ctx, err, who.Within(p), r.Person.ID); err != nil {
		return 0, err
	}
	for i := len(r.Events) - 1; i >= 0; i-- {
		if e := &r.Events[i]; e.Change == change && e.Step == history.Submitted {
			return s.Store.EntryOf(ctx, r.Person.ID, e.Seq)
		}
	}
	return 0, nil
}
