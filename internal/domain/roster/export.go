package roster

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

// Export yields the roster in columns that Import reads: header and rows.
type Export struct {
	Header  []string
	Purpose string   // what it is for, in the asker's words; written down with the export
	Reveal  []string // secret fields whose cells are filled: only what another person approved
	// Keep says which of some graduates may be in the file; nil: all of them. Whom is
	// told each who is; nil: nobody. LeftOut counts those who may not.
	Keep    func(ctx context.Context, graduates []string) (map[string]bool, error)
	Whom    func(graduate string)
	LeftOut int
	// Number names the export wherever it is seen again; blank: its entry is about the
	// layout. Most is how many people there may be; 0: any number. Shown notes beside
	// the entry whom it held; nil: nobody is noted.
	Number  string
	Most    int
	Shown   func(ctx context.Context, graduates []string) error
	service *Service
	who     access.Actor
	layout  string
	within  access.Scope
	cohorts []string
	columns []exchange.Column
}

// Export prepares the roster of the cohorts (all for none) within the actor's
// scope, in a layout: moe-39 or moe-74 in their own order, or blank for all the
// columns of a person. Secret cells are blank, and columns of destinations too:
// blank keeps, so that importing the file again changes nothing. Who left the
// roster is left out.
//
// Errors: fault.Forbidden; fault.Usage for an unknown layout.
func (s *Service) Export(who access.Actor, cohorts []string, layout string) (*Export, error) {
	if err := who.May(access.ExportPeople); err != nil {
		return nil, err
	}
	e := &Export{service: s, who: who, layout: layout, within: who.Within(access.ExportPeople), cohorts: cohorts}
	if layout == "" {
		e.columns = slices.DeleteFunc(exchange.Columns(exchange.Person), func(c exchange.Column) bool { return onlyRead[c.Field] })
	} else {
		var err error
		if e.columns, err = exchange.Layout(layout); err != nil {
			return nil, err
		}
	}
	if len(cohorts) == 0 {
		e.cohorts = []string{""}
	}
	for _, c := range e.columns {
		e.Header = append(e.Header, c.Title)
	}
	return e, nil
}

// onlyRead are the columns that are read and not kept.
var onlyRead = map[string]bool{"nationality": true, "student_kind": true, "remark": true}

// Rows calls fn with one row after another, by cohort and id, and then writes down
// that somebody exported whom: a file whose Rows failed is not handed out. The slice
// is reused.
//
// Error: fault.Conflict, field "alone", with more people than Most.
func (e *Export) Rows(ctx context.Context, fn func(cells []string) error) error {
	people, err := e.walk(ctx, fn)
	if err != nil {
		return err
	}
	detail := map[string]string{"cohorts": strings.Join(e.cohorts, ","), "people": strconv.Itoa(len(people))}
	for key, v := range map[string]string{"purpose": e.Purpose, "reveal": strings.Join(e.Reveal, ","), "layout": e.layout} {
		if v != "" {
			detail[key] = v
		}
	}
	return e.service.Store.InTx(ctx, func(ctx context.Context) error {
		if e.Shown != nil {
			if err := e.Shown(ctx, people); err != nil {
				return err
			}
		}
		return e.service.Audit.Write(ctx, e.who, "roster.export", cmp.Or(e.Number, e.layout), detail)
	})
}

// TooMany says that one person alone may not take so many people out.
func TooMany(most int) error {
	return fault.Conflictf("alone", "这份文件超过 %d 人，须由另一位同事批准后才能导出；也可以缩小范围", most)
}

// walk calls fn with the rows and returns who is in them.
func (e *Export) walk(ctx context.Context, fn func(cells []string) error) (people []string, err error) {
	list, err := e.service.Store.Units(ctx)
	if err != nil {
		return nil, err
	}
	units := map[string]string{}
	for _, u := range list {
		units[u.ID] = u.Name
	}
	w := &writer{book: e.service.Book(), units: units, columns: e.columns, reveal: e.Reveal, cells: make([]string, len(e.columns))}
	for _, cohort := range e.cohorts {
		after := ""
		for {
			page, err := e.service.Store.Graduates(ctx, e.within, cohort, after, chunk)
			if err != nil {
				return nil, err
			}
			keep, err := e.keeps(ctx, page)
			if err != nil {
				return nil, err
			}
			for i := range page {
				g := &page[i]
				if g.Attrs.Value(history.Left) == history.True {
					continue
				}
				if keep != nil && !keep[g.ID] {
					e.LeftOut++
					continue
				}
				if people = append(people, g.ID); e.Most > 0 && len(people) > e.Most {
					return nil, TooMany(e.Most)
				}
				if err := e.give(w, g, fn); err != nil {
					return nil, err
				}
			}
			if len(page) < chunk {
				break
			}
			after = page[len(page)-1].ID
		}
	}
	return people, nil
}

// give hands one graduate out.
func (e *Export) give(w *writer, g *Graduate, fn func(cells []string) error) error {
	if e.Whom != nil {
		e.Whom(g.ID)
	}
	if len(e.Reveal) > 0 {
		if err := g.Unseal(e.service.Vault); err != nil {
			return err
		}
	}
	return fn(w.row(g))
}

// keeps says who of a page may be in the file; nil: all.
func (e *Export) keeps(ctx context.Context, page []Graduate) (map[string]bool, error) {
	if e.Keep == nil {
		return nil, nil
	}
	ids := make([]string, len(page))
	for i := range page {
		ids[i] = page[i].ID
	}
	return e.Keep(ctx, ids)
}

// writer writes graduates as rows.
type writer struct {
	book    *codes.Book
	units   map[string]string // names by id
	columns []exchange.Column
	reveal  []string
	cells   []string
}

func (w *writer) row(g *Graduate) []string {
	for i, c := range w.columns {
		w.cells[i] = ""
		switch {
		case c.Group != exchange.Person:
		case !c.Secret:
			w.cells[i] = w.cell(g, c)
		case slices.Contains(w.reveal, c.Field):
			w.cells[i] = g.Secret[c.Field]
		}
	}
	return w.cells
}

// cell returns the value of a column as Import reads it.
func (w *writer) cell(g *Graduate, c exchange.Column) string {
	v := ""
	switch c.Field {
	case "student_no":
		return g.StudentNo
	case "exam_no":
		return g.ExamNo
	case "name":
		return g.Name
	case "college", "major", "class":
		return w.units[g.Attrs.Value(history.Key(c.Field))]
	case "cohort", "graduation_year":
		return g.Attrs.Value(history.Cohort)
	case "education":
		v = w.education(g)
	case "sex", "ethnicity", "origin", "training":
		v = g.Attrs.Value(history.Key(c.Field))
	default:
		v = g.Profile[c.Field]
	}
	if c.Form == exchange.Coded && c.Part != exchange.CodePart {
		return w.name(c.Table, v)
	}
	return v
}

// name returns the name of a code; of a region whose name several have, with the
// names above it; the code itself where no name leads back to it.
func (w *writer) name(table, code string) string {
	t := w.book.Table(table)
	name := ""
	for c, ok := t.Find(code); ok; c, ok = t.Find(c.Parent) {
		name = c.Name + name
		if back, found := t.ByName(name); found && back.Code == code {
			return name
		}
	}
	return code
}

// education returns the 学历 code. Of somebody whose profile does not say it, it
// is the one that the name of the level means.
func (w *writer) education(g *Graduate) string {
	if e := g.Profile["education"]; e != "" {
		return e
	}
	level, ok := w.book.Table("report_level").Find(g.Attrs.Value(history.Level))
	if !ok {
		return ""
	}
	name := level.Name
	if g.Attrs.Value(history.InStatistics) != history.True {
		name += "结业"
	}
	c, _ := w.book.Table("education").ByName(name)
	return c.Code
}
