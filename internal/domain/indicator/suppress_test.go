package indicator

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/history"
)

// school puts people into columns: counts of codes by attributes.
func school(c *Columns, n int, code string, attrs ...history.Setting) {
	for range n {
		id := fmt.Sprintf("g%06d", c.Len())
		set := append(history.Settings{{Key: history.Cohort, Value: "2024"}, {Key: history.Level, Value: "undergraduate"},
			{Key: history.InStatistics, Value: history.True}}, attrs...)
		events := []history.Event{{Graduate: id, Seq: 1, KnownAt: 1, Set: set}}
		if code != "" {
			events = append(events, history.Event{Graduate: id, Seq: 2, KnownAt: 2, Change: "x", Act: history.Open, Case: "k", Step: history.Recorded,
				TrueOn: "2024-06-01", Scheme: "MOE-2021", Code: code})
		}
		c.Put(id, events)
	}
}

func whole(table, definition string, by ...Dim) Query {
	return Query{Table: table, Definition: definition, Cohorts: []string{"2024"}, By: by, Within: access.School(),
		AsOf: calendar.WhenAt(calendar.Day("2024-09-01").Start())}
}

func mustCount(t *testing.T, c *Columns, q Query) Table {
	t.Helper()
	got, err := c.Count(q, env())
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestSuppressWhat: which rows and cells are withheld, by kind of table.
func TestSuppressWhat(t *testing.T) {
	c := NewColumns(ministryNoWork)
	sex := func(v string) history.Setting { return history.Setting{Key: history.Sex, Value: v} }
	class := func(v string) history.Setting { return history.Setting{Key: history.Class, Value: v} }
	school(c, 40, "10", sex("1"), class("k1"))
	school(c, 3, "801", sex("1"), class("k1"))
	school(c, 30, "10", sex("2"), class("k2"))
	school(c, 20, "801", sex("2"), class("k2"))
	school(c, 2, "75", sex("2"), class("k2"))
	school(c, 3, "85", sex("0"), class("k3"))
	school(c, 2, "85", history.Setting{Key: history.Level, Value: "master"}, sex("1"), class("k4"))
	for name, x := range map[string]struct {
		q    Query
		rows []string // withheld whole
		any  bool     // cells withheld
	}{
		"the whole school":                {whole("destination", ""), nil, false},
		"levels, however few":             {whole("destination", "", "level"), nil, false},
		"a small row and one beside it":   {whole("destination", "", "sex"), []string{"男", "未知"}, false},
		"cells by class":                  {whole("destination", "", "class"), []string{"k3", "k4"}, true},
		"a condition narrows like a row":  {Query{Where: []Condition{{"class", "k3"}}}.over(whole("destination", "")), []string{"合计"}, false},
		"cells of a conditional total":    {Query{Where: []Condition{{"class", "k1"}}}.over(whole("destination", "")), nil, true},
		"three dimensions withhold cells": {whole("destination", "", "sex", "level", "training"), []string{"男 本科 未填", "未知 本科 未填", "男 硕士 未填"}, true},
	} {
		e := env()
		e.Names = NewNames(e.Book, map[Dim][]Unit{"class": {{"k1", "k1"}, {"k2", "k2"}, {"k3", "k3"}, {"k4", "k4"}}})
		full, err := c.Count(x.q, e)
		if err != nil {
			t.Fatal(name, err)
		}
		public, hidden := Suppress(full)
		var rows []string
		cells := false
		for _, r := range public.Rows {
			if r.Hidden {
				rows = append(rows, r.Name())
			}
			cells = cells || slices.ContainsFunc(r.Cells, func(f Figure) bool { return f.Hidden })
		}
		slices.Sort(rows)
		slices.Sort(x.rows)
		if !slices.Equal(rows, x.rows) || cells != x.any || (len(hidden) > 0) != (len(rows) > 0 || cells) {
			t.Errorf("%s: rows %v, cells %v; want %v, %v\n%v", name, rows, cells, x.rows, x.any, hidden)
		}
	}
}

func (q Query) over(base Query) Query {
	base.Where = q.Where
	return base
}

// TestSuppressCannotBeUndone enumerates, for small random tables, every table of
// people that has the same published figures: each withheld figure above zero
// must take two values at least.
func TestSuppressCannotBeUndone(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	checked := 0
	for round := range 60 {
		c := NewColumns(ministryNoWork)
		rows, codes := 2, []string{"10", "801", "85", ""}
		if round%2 == 0 {
			rows, codes = 3, []string{"10", "801", ""}
		}
		for k := range rows {
			for _, code := range codes {
				school(c, pick(r, 0, 0, 1, 2, 3, 5), code, history.Setting{Key: history.Difficulty, Value: fmt.Sprint(k)})
			}
		}
		full := mustCount(t, c, whole("destination", pick(r, "school-2024", "moe-2024", "nace"), "difficulty"))
		public, hidden := Suppress(full)
		for what, values := range worlds(full, public) {
			checked++
			if len(values) < 2 {
				t.Errorf("round %d: %s can only be %v\n%v\n%s", round, what, values, full.Rows, hidden)
			}
		}
	}
	if checked < 150 {
		t.Errorf("only %d withheld figures were checked", checked)
	}
}

// figures are all numbers of a row: n, each cell with its base, each reason.
type figures [1 + 2*9 + 6]int

func (f figures) plus(g *figures, times int) figures {
	for i := range f {
		f[i] += times * g[i]
	}
	return f
}

func figuresOf(t *Table, signs []int32) figures {
	one := Table{def: t.def, signs: t.signs, Rows: []Row{{signs: signs}}}
	if err := one.fill(); err != nil {
		panic(err)
	}
	r := &one.Rows[0]
	var f figures
	f[0] = r.N
	for c, x := range r.Cells {
		f[1+2*c], f[2+2*c] = x.K, x.Base
	}
	for c, x := range r.Seeking {
		f[1+2*9+c] = x.K
	}
	return f
}

// shown returns which of a public row's figures can be seen.
func shown(r *Row) (f [len(figures{})]bool) {
	if r.Hidden {
		return f
	}
	f[0] = true
	for c, x := range r.Cells {
		f[1+2*c], f[2+2*c] = !x.Hidden, !x.Hidden
	}
	for c, x := range r.Seeking {
		f[1+2*9+c] = !x.Hidden
	}
	return f
}

func agree(a, b figures, on [len(figures{})]bool) bool {
	for i := range a {
		if on[i] && a[i] != b[i] {
			return false
		}
	}
	return true
}

// worlds returns the values that each withheld figure above zero takes over all
// tables of people with the published figures. A row that is shown at all has
// somebody in it.
func worlds(full, public Table) map[string]map[int]bool {
	last := len(full.Rows) - 1
	total := figuresOf(&full, full.Rows[last].signs)
	ones := make([]figures, len(full.signs)) // what one person of a sign adds
	for s := range ones {
		signs := make([]int32, len(ones))
		signs[s] = 1
		ones[s] = figuresOf(&full, signs)
	}
	fits := make([]map[figures]bool, last) // by row: what it may be
	for i := range last {
		fits[i] = map[figures]bool{}
		truth, on := figuresOf(&full, full.Rows[i].signs), shown(&public.Rows[i])
		lo, hi := full.Rows[i].N, full.Rows[i].N
		if public.Rows[i].Hidden {
			lo, hi = 1, full.Rows[last].N
		}
		for n := lo; n <= hi; n++ {
			compose(n, ones, figures{}, func(f figures) {
				if agree(f, truth, on) {
					fits[i][f] = true
				}
			})
		}
	}
	if last == 3 && len(fits[0])*len(fits[1]) > 200_000 {
		return nil // would take too long
	}
	out := map[string]map[int]bool{}
	var walk func(rows []figures, left figures)
	walk = func(rows []figures, left figures) {
		i := len(rows)
		if i == last-1 {
			if fits[i][left] {
				note(out, &full, &public, append(rows, left))
			}
			return
		}
		for f := range fits[i] {
			walk(append(rows, f), left.plus(&f, -1))
		}
	}
	walk(nil, total)
	return out
}

// compose makes all rows of n people.
func compose(n int, ones []figures, sum figures, do func(figures)) {
	if len(ones) == 1 {
		do(sum.plus(&ones[0], n))
		return
	}
	for k := 0; k <= n; k++ {
		compose(n-k, ones[1:], sum.plus(&ones[0], k), do)
	}
}

func note(out map[string]map[int]bool, full, public *Table, rows []figures) {
	for i, f := range rows {
		truth, on := figuresOf(full, full.Rows[i].signs), shown(&public.Rows[i])
		for c, v := range f {
			if base := c > 0 && c <= 2*9 && c%2 == 0; on[c] || base || truth[c] == 0 {
				continue
			}
			what := fmt.Sprintf("row %d figure %d", i, c)
			if out[what] == nil {
				out[what] = map[int]bool{}
			}
			out[what][v] = true
		}
	}
}
