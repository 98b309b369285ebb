package report

import (
	"context"
	"slices"
	"strings"

	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/domain/release"
)

// Source counts tables from frozen figures, as they may leave the house.
type Source interface {
	// Shown counts a view of a cohort's snapshot; ok is false where the school has no
	// snapshot of the cohort.
	Shown(ctx context.Context, cohort string, v release.View) (s release.Shown, ok bool, err error)
	// Activity counts what was done until the cohort's snapshot was frozen.
	Activity(ctx context.Context, cohort string) (release.Steps, error)
}

// errAbsent says that a line has nothing to stand on: an earlier cohort that the school
// has no figures of, a level that nobody is in. The line is left out.
type errAbsent struct{ what string }

// Error implements error.
func (e errAbsent) Error() string { return "没有“" + e.what + "”" }

// figures are the counted tables of one report, each counted once.
type figures struct {
	src    Source
	cohort string // of the report
	home   string // code of the school's province; blank: not told
	stage  string // of the report's own snapshot; blank: neither
	shown  map[string]*release.Shown
	done   *release.Steps // nil until asked for
}

// view names a table: destination, region, …, by at most one dimension.
type view struct {
	table, by string
	back      int // how many cohorts before the report's, or atFirst, atFinal
}

// activity counts what was done, once.
func (f *figures) activity(ctx context.Context) (release.Steps, error) {
	if f.done == nil {
		n, err := f.src.Activity(ctx, f.cohort)
		if err != nil {
			return n, err
		}
		f.done = &n
	}
	return *f.done, nil
}

// table counts a view. Errors: errAbsent; what the source says.
func (f *figures) table(ctx context.Context, v view) (*release.Shown, error) {
	cohort, ok := f.asked(v.back)
	if !ok {
		return nil, errAbsent{"初次和年终两份数字"}
	}
	key := cohort + "|" + v.table + "|" + v.by
	if s, ok := f.shown[key]; ok {
		if s == nil {
			return nil, errAbsent{cohort + " 届"}
		}
		return s, nil
	}
	ask := release.View{Table: v.table, Public: true}
	if v.by != "" {
		ask.By = []indicator.Dim{indicator.Dim(v.by)}
	}
	s, ok, err := f.src.Shown(ctx, cohort, ask)
	switch {
	case err != nil:
		return nil, err
	case !ok:
		f.shown[key] = nil
		return nil, errAbsent{cohort + " 届"}
	}
	if v.by != "" && untold(&s.Table) {
		return nil, errAbsent{indicator.DimTitle(indicator.Dim(v.by))}
	}
	f.shown[key] = &s
	return &s, nil
}

// Places beside those of earlier cohorts: the cohort's two stages.
const (
	atFirst = -1
	atFinal = -2
)

// stageNames are what reports call the stages, by their places.
var stageNames = map[int]string{atFirst: "初次", atFinal: "年终"}

// asked is what the source calls the snapshot; ok is false where the report's own is of
// neither stage.
func (f *figures) asked(back int) (cohort string, ok bool) {
	switch {
	case back >= 0:
		return earlier(f.cohort, back), true
	case f.stage == "":
		return "", false
	case (back == atFirst) == (f.stage == firstStage):
		return f.cohort, true
	}
	return twinOf(f.cohort), true
}

// untold tells that a breakdown says nothing of anybody, such as the origin in figures that
// were frozen before the roster had it.
func untold(t *indicator.Table) bool {
	return len(rows(t)) > 0 && !slices.ContainsFunc(rows(t), func(r *indicator.Row) bool { return r.Values[0].Key != "" })
}

// bound is a number before it is printed.
type bound struct {
	Binding
	indicator.Figure
	title string
}

// cellOf names a column: destination.settled; a table alone is its n.
func cellOf(s, otherwise string) (table, cell string) {
	if s == "" {
		return otherwise, ""
	}
	table, cell, ok := strings.Cut(s, ".")
	if !ok {
		return table, ""
	}
	return table, cell
}

// number finds what an order binds: k, n or % of table.cell in the rows of a condition.
func (f *figures) number(ctx context.Context, o order, c condition, back int) (bound, error) {
	format := Format(o.verb)
	table, cell := cellOf(arg(o, 0), "destination")
	s, err := f.table(ctx, view{table, c.dim, back})
	if err != nil {
		return bound{}, err
	}
	b := bound{Binding: bindingOf(s, table, cell, format), title: "人数"}
	b.Stage = stageNames[back]
	at := -1
	if cell != "" {
		if at, b.title, err = column(&s.Table, cell); err != nil {
			return bound{}, err
		}
		b.Cell = s.Table.Headings[at].ID // however the template names it
	} else if format != Base {
		return bound{}, fault.Invalidf("template", "“%s”要写明统计项，例如 %s destination.settled", o.verb, o.verb)
	}
	of, err := f.named(&s.Table, c)
	if err != nil {
		return bound{}, err
	}
	rows, err := rowsOf(&s.Table, of)
	if err != nil {
		return bound{}, err
	}
	var names []string
	for _, r := range rows {
		b.add(r, at)
		names = append(names, r.Name())
	}
	if c.dim != "" {
		b.Where = []string{indicator.DimTitle(indicator.Dim(c.dim)) + "=" + strings.Join(names, "、")}
	}
	return b, nil
}

func bindingOf(s *release.Shown, table, cell string, f Format) Binding {
	return Binding{Snapshot: s.Snapshot.Name, SHA256: s.Snapshot.SHA256, Cohort: s.Snapshot.Cohort, Table: table,
		Definition: s.Table.Definition, Version: s.Table.Version, Cell: cell, Format: f}
}

// add puts a row's people to the number; at is the column, -1 its n.
func (b *bound) add(r *indicator.Row, at int) {
	cell := indicator.Figure{K: r.N, Base: r.N, Hidden: r.Hidden}
	if at >= 0 && !r.Hidden { // a row that is withheld has no cells
		cell = r.Cells[at]
	}
	b.K += cell.K
	b.Base += cell.Base
	b.OwnBase = b.OwnBase || cell.OwnBase
	b.Hidden = b.Hidden || cell.Hidden
}

// text is the number as it is printed, with % where it shares.
func (b *bound) text() string {
	switch {
	case b.Hidden:
		return indicator.Withheld
	case b.Format == Share && b.Base == 0:
		return "—"
	case b.Format == Share:
		return b.Percent() + "%"
	case b.Format == Base:
		return itoa(b.Base)
	}
	return itoa(b.K)
}

// column finds a heading by id or title. Error: fault.Invalid, with those there are.
func column(t *indicator.Table, name string) (int, string, error) {
	for i, h := range t.Headings {
		if h.ID == name || h.Title == name {
			return i, columnTitle(h), nil
		}
	}
	var have []string
	for _, h := range t.Headings {
		have = append(have, h.ID+"（"+h.Title+"）")
	}
	return 0, "", absentOr(t.ID, name, have)
}

// absentOr leaves out a cell that another definition of the same table has, such as
// signed in a report by the ministry's definition, or another school: one that has told
// its home city has 留本市.
func absentOr(table, name string, have []string) error {
	for _, d := range indicator.Catalogue() {
		if d.Table == table && d.Each != "" || d.Table == table && slices.ContainsFunc(d.Cells, func(c indicator.Cell) bool { return c.ID == name }) {
			return errAbsent{name}
		}
	}
	return fault.Invalidf("template", "统计表 %s 没有“%s”，有：%s", table, name, strings.Join(have, "、"))
}

// rowsOf are the rows of a condition, in the table's order; without one the total.
// Error: errAbsent where nobody is in any of them.
func rowsOf(t *indicator.Table, c condition) ([]*indicator.Row, error) {
	var out []*indicator.Row
	for i := range t.Rows {
		r := &t.Rows[i]
		switch {
		case c.dim == "" && r.Total:
			return []*indicator.Row{r}, nil
		case c.dim != "" && !r.Total && c.takes(r):
			out = append(out, r)
		}
	}
	if len(out) == 0 {
		return nil, errAbsent{strings.Join(c.values, "、")}
	}
	return out, nil
}

// rows are all rows but the total.
func rows(t *indicator.Table) []*indicator.Row {
	var out []*indicator.Row
	for i := range t.Rows {
		if !t.Rows[i].Total {
			out = append(out, &t.Rows[i])
		}
	}
	return out
}
