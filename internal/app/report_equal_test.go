package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/domain/release"
	"quxiang/internal/domain/report"
)

// recounting counts every number of a report again, by the verbs that everybody else uses:
// the public view of the snapshot, and the statistics at its cut.
type recounting struct {
	*testing.T
	a      *app.App
	d      report.Document
	tables map[string]*indicator.Table
	cells  int
}

// everyNumberIsCounted finds each number of the text, the tables and the figures in the
// statistics.
func everyNumberIsCounted(t *testing.T, a *app.App, d report.Document) {
	t.Helper()
	r := &recounting{t, a, d, map[string]*indicator.Table{}, 0}
	for i := range d.Numbers {
		if n := &d.Numbers[i]; n.Format != "" {
			r.number(n)
		}
	}
	for _, b := range d.Blocks {
		switch {
		case b.Table != nil && b.Table.ID == "flow":
			r.flow(b.Table)
		case b.Table != nil && !strings.HasPrefix(b.Table.Number, "附表"):
			r.table(b.Table)
		case b.Figure != nil:
			r.figure(b.Figure)
		}
	}
	if r.cells < len(d.Numbers) {
		t.Errorf("only %d numbers were looked at", r.cells)
	}
}

// stats counts a view both ways, and compares these first.
func (r *recounting) stats(snapshot, table string, dim indicator.Dim) *indicator.Table {
	r.Helper()
	key := snapshot + "|" + table + "|" + string(dim)
	if t := r.tables[key]; t != nil {
		return t
	}
	v := release.View{Table: table, Public: true}
	if dim != "" {
		v.By = []indicator.Dim{dim}
	}
	shown, err := r.a.Releases.Show(r.Context(), access.Console("test"), snapshot, v)
	if err != nil {
		r.Fatalf("%s: %v", key, err)
	}
	s := shown.Snapshot
	q := indicator.Query{Table: table, Cohorts: []string{s.Cohort}, By: v.By, AsOf: calendar.WhenAt(s.Cut.True), KnownAt: calendar.WhenAt(s.Cut.Known)}
	if table == "destination" {
		q.Definition = s.Definition
	}
	now, err := r.a.Figures.Count(r.Context(), keeper, q)
	if err != nil {
		r.Fatalf("%s: %v", key, err)
	}
	for i := range shown.Table.Rows {
		public := &shown.Table.Rows[i]
		at := slices.IndexFunc(now.Rows, func(x indicator.Row) bool { return x.Total == public.Total && x.Name() == public.Name() })
		if at < 0 {
			r.Errorf("%s: no row %s in the statistics", key, public.Name())
			continue
		}
		for c := range public.Cells {
			if !public.Cells[c].Hidden && public.Cells[c] != now.Rows[at].Cells[c] {
				r.Errorf("%s: %s %s: frozen %v, counted %v", key, public.Name(), now.Headings[c].Title, public.Cells[c], now.Rows[at].Cells[c])
			}
		}
	}
	r.tables[key] = &shown.Table
	return &shown.Table
}

func dimOf(title string) indicator.Dim {
	for _, d := range indicator.Dims() {
		if indicator.DimTitle(d) == title {
			return d
		}
	}
	return ""
}

// number recounts a bound number of the text.
func (r *recounting) number(n *report.Number) {
	r.Helper()
	r.cells++
	if n.Table == "activity" {
		r.activity(n)
		return
	}
	dim, values := indicator.Dim(""), []string{}
	for _, w := range n.Where {
		title, list, _ := strings.Cut(w, "=")
		dim, values = dimOf(title), strings.Split(list, "、")
	}
	t := r.stats(n.Snapshot, n.Table, dim)
	k, base, hidden := 0, 0, false
	for i := range t.Rows {
		x := &t.Rows[i]
		if dim == "" && !x.Total || dim != "" && (x.Total || !among(x, values)) {
			continue
		}
		a, b, h := count(t, x, n.Cell)
		k, base, hidden = k+a, base+b, hidden || h
	}
	want := printed(n.Format, k, base, hidden)
	if n.Text != want && n.Text != want+"%" {
		r.Errorf("%s %v: the report says %s, the statistics %s", n.Title, n.Where, n.Text, want)
	}
}

func among(x *indicator.Row, values []string) bool {
	return slices.ContainsFunc(values, func(v string) bool {
		return v == x.Name() || v == x.Values[0].Key
	})
}

// count is what a cell, a sum of cells (a+b) or a reason (seeking:id) of a row says.
func count(t *indicator.Table, x *indicator.Row, cell string) (k, base int, hidden bool) {
	if x.Hidden {
		return 0, 0, true
	}
	if cell == "" {
		return x.N, x.N, false
	}
	if id, ok := strings.CutPrefix(cell, "seeking:"); ok {
		for _, s := range x.Seeking {
			if string(s.ID) == id {
				return s.K, x.N, s.Hidden
			}
		}
	}
	for _, id := range strings.Split(cell, "+") {
		at := slices.IndexFunc(t.Headings, func(h indicator.Heading) bool { return h.ID == id || h.Title == id })
		if at < 0 {
			return -1, -1, false
		}
		k, base, hidden = k+x.Cells[at].K, x.Cells[at].Base, hidden || x.Cells[at].Hidden
	}
	return k, base, hidden
}

// printed rounds half up from integers, in its own way.
func printed(f report.Format, k, base int, hidden bool) string {
	switch {
	case hidden:
		return "※"
	case f == report.Base:
		return fmt.Sprint(base)
	case f == report.Count:
		return fmt.Sprint(k)
	case base == 0:
		return "—"
	}
	n := (k*100000/base + 5) / 10
	return fmt.Sprintf("%d.%02d", n/100, n%100)
}

// activity walks all events of the cohort's people.
func (r *recounting) activity(n *report.Number) {
	r.Helper()
	snap, err := r.a.Store.Snapshot(r.Context(), n.Snapshot)
	if err != nil {
		r.Fatal(err)
	}
	ids, err := r.a.Store.Members(r.Context(), n.Cohort)
	if err != nil {
		r.Fatal(err)
	}
	all, err := r.a.Store.Histories(r.Context(), access.School(), ids)
	if err != nil {
		r.Fatal(err)
	}
	rows, err := r.a.Store.SnapshotRows(r.Context(), n.Snapshot)
	if err != nil {
		r.Fatal(err)
	}
	inside := map[string]bool{}
	for _, row := range rows {
		inside[row.Pseudonym] = true
	}
	takes := map[string]func(e *history.Event) bool{
		"people": func(e *history.Event) bool { return e.Step == history.Submitted }, "submissions": func(e *history.Event) bool { return e.Step == history.Submitted },
		"decisions": func(e *history.Event) bool {
			return slices.Contains([]history.Step{history.Passed, history.Returned, history.Refused, history.Approved}, e.Step)
		},
		"returned":  func(e *history.Event) bool { return e.Step == history.Returned },
		"documents": func(e *history.Event) bool { return e.Mark == history.Seen }, "confirmations": func(e *history.Event) bool { return e.Mark == history.EmployerConfirmed },
		"disputes": func(e *history.Event) bool { return e.Mark == history.Disputed },
	}[n.Cell]
	want := 0
	for id, events := range all {
		if !inside[r.a.Vault.Pseudonym(id)] {
			continue
		}
		for i := range events {
			if e := &events[i]; e.KnownAt < snap.Cut.Known && takes(e) {
				want++
				if n.Cell == "people" {
					break
				}
			}
		}
	}
	if n.Text != fmt.Sprint(want) {
		r.Errorf("%s: the report says %s, the events %d", n.Title, n.Text, want)
	}
}
