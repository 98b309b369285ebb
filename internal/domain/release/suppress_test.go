package release

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/indicator"
)

const ownDefinition = "school-2024"

var everything = access.School()

func env() indicator.Env {
	book := codes.Builtin()
	return indicator.Env{Now: calendar.Day("2025-06-16").Start(), Book: book, Names: indicator.NewNames(book, nil)}
}

// roll is a list of people under way.
type roll []indicator.PersonRow

// add puts n people of a code into it: blank for nobody's registration, with
// what is after a slash as the unit's nature.
func (r *roll) add(n int, code string, attrs ...string) {
	for range n {
		p := indicator.PersonRow{Graduate: fmt.Sprintf("g%06d", len(*r))}
		p.Attrs = history.Attributes{"2024", "undergraduate"}
		for i := 0; i < len(attrs); i += 2 {
			p.Attrs[slices.Index(history.Keys, history.Key(attrs[i]))] = attrs[i+1]
		}
		p.Detail = history.Unregistered
		if code != "" {
			p.Detail, p.Scheme, p.Code = history.Registered, "MOE-2021", code
			if code == "11" {
				p.Counts.Nature = "31"
			}
		}
		*r = append(*r, p)
	}
}

type dims = []indicator.Dim

// TestNothingCanBeReadBack publishes several breakdowns of small random schools
// and reads them together: no small number that is withheld may be told (Q11, X8).
func TestNothingCanBeReadBack(t *testing.T) {
	status, unit := []string{"destination", "further-study"}, []string{"employer-kind", "nature"}
	for name, c := range map[string]struct {
		tables []string
		family []dims
		make   func(r *rand.Rand) roll
	}{
		"units":              {status, []dims{{}, {"college"}, {"major"}, {"class"}}, units},
		"units alone":        {status, []dims{{}, {"college"}, {"major"}}, units},
		"employers of units": {unit, []dims{{}, {"college"}, {"major"}, {"class"}}, units},
		"major and college":  {status, []dims{{}, {"level"}, {"college"}, {"major"}, {"college", "major"}, {"level", "major"}, {"level", "college"}}, crossed},
		"sex and college":    {status, []dims{{}, {"level"}, {"sex"}, {"college"}, {"sex", "college"}}, rare},
		"sex and major":      {status, []dims{{}, {"level"}, {"sex"}, {"college"}, {"major"}, {"sex", "college"}, {"sex", "major"}}, crossed},
		"three dimensions":   {status, []dims{{}, {"level"}, {"sex"}, {"college"}, {"level", "sex"}, {"level", "college"}, {"sex", "college"}, {"level", "sex", "college"}}, crossed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			withheld, closed, tables := 0, 0, 0
			for round := range uint64(30) {
				people := c.make(rand.New(rand.NewPCG(round, 5)))
				told, n, shut, err := read(people, c.tables, c.family, env())
				if err != nil {
					t.Fatal(err)
				}
				withheld, closed, tables = withheld+n, closed+shut, tables+len(c.family)*len(c.tables)
				if len(told) > 0 {
					t.Errorf("round %d: can be read: %q\n%s", round, told, shape(people, inOrder(slices.Concat(c.family...))))
				}
			}
			t.Logf("%d small numbers withheld, %d of %d tables closed", withheld, closed, tables)
			if withheld < 100 {
				t.Error("too few to show anything")
			}
		})
	}
}

func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

// units makes a school of a few colleges, majors and classes, some of them tiny.
func units(r *rand.Rand) (out roll) {
	class := 0
	for c := range 2 + r.IntN(2) {
		for m := range 1 + r.IntN(3) {
			for range 1 + r.IntN(2) {
				class++
				for _, code := range []string{"11", "801", ""} {
					out.add(pick(r, 0, 1, 2, 3, 5, 8), code, "college", fmt.Sprint("c", c), "major", fmt.Sprint("m", c, m), "class", fmt.Sprint("k", class))
				}
				out.add(pick(r, 0, 0, 4), "10", "college", fmt.Sprint("c", c), "major", fmt.Sprint("m", c, m), "class", fmt.Sprint("k", class))
			}
		}
	}
	return out
}

// crossed makes a school where few of a sex or level stand in a unit.
func crossed(r *rand.Rand) (out roll) {
	for c := range 3 {
		for m := range 1 + r.IntN(2) {
			for _, sex := range []string{"1", "2"} {
				for _, level := range []string{"undergraduate", "master"} {
					for _, code := range []string{"11", "801", ""} {
						n := pick(r, 1, 3, 6, 9)
						if pick(r, true, false) && sex == "1" {
							n = pick(r, 0, 1, 2)
						}
						out.add(n, code, "college", fmt.Sprint("c", c), "major", fmt.Sprint("m", c, m), "sex", sex, "level", level)
					}
				}
			}
		}
	}
	return out
}

// rare makes a school with few men: rows by sex and college are small.
func rare(r *rand.Rand) (out roll) {
	for c := range 2 + r.IntN(4) {
		for _, level := range []string{"undergraduate", "master"} {
			for _, code := range []string{"11", "801", ""} {
				out.add(pick(r, 0, 0, 1, 2), code, "college", fmt.Sprint("c", c), "sex", "1", "level", level)
				out.add(pick(r, 0, 2, 7), code, "college", fmt.Sprint("c", c), "sex", "2", "level", level)
			}
		}
	}
	return out
}

// public publishes a table of people.
func public(t *testing.T, people roll, table string, by ...indicator.Dim) (indicator.Table, []Hidden) {
	t.Helper()
	got, hidden, err := Public(people, ownDefinition, asked(table, by...), env())
	if err != nil {
		t.Fatal(err)
	}
	return got, hidden
}

// gone are the names of the rows that are withheld whole, in order.
func gone(table *indicator.Table) (out []string) {
	for i := range table.Rows {
		if table.Rows[i].Hidden {
			out = append(out, table.Rows[i].Name())
		}
	}
	return out
}

func hidesSome(table *indicator.Table) bool {
	return slices.ContainsFunc(table.Rows, func(r indicator.Row) bool {
		return slices.ContainsFunc(r.Cells, func(f indicator.Figure) bool { return f.Hidden })
	})
}

// TestWithheld: which rows and cells are, by kind of table (Q11).
func TestWithheld(t *testing.T) {
	var people roll
	people.add(40, "10", "college", "c1", "major", "m1", "class", "k1", "sex", "1", "difficulty", "1")
	people.add(3, "801", "college", "c1", "major", "m1", "class", "k1", "sex", "1", "difficulty", "1")
	people.add(20, "10", "college", "c1", "major", "m1", "class", "k2", "sex", "2", "difficulty", "0")
	people.add(12, "801", "college", "c1", "major", "m2", "class", "k3", "sex", "2", "difficulty", "0")
	people.add(3, "75", "college", "c1", "major", "m2", "class", "k4", "sex", "0", "difficulty", "0")
	people.add(3, "85", "college", "c2", "major", "m3", "class", "k5", "sex", "2", "level", "master", "difficulty", "2")
	people.add(8, "10", "college", "c2", "major", "m4", "class", "k6", "sex", "2", "level", "master", "difficulty", "0")
	for name, c := range map[string]struct {
		table string
		by    dims
		rows  []string // withheld whole
		cells bool     // cells of others are
	}{
		"the whole school":                {"destination", nil, nil, false},
		"levels, however few":             {"destination", dims{"level"}, nil, false},
		"colleges, small cells or not":    {"destination", dims{"college"}, nil, false},
		"a small row and one beside it":   {"destination", dims{"sex"}, []string{"未知", "男"}, false},
		"a major with one of its college": {"destination", dims{"major"}, []string{"m3", "m4"}, true},
		"with the college beside it":      {"destination", dims{"major", "college"}, []string{"m3 c2", "m4 c2"}, true},
		"classes each within its major":   {"destination", dims{"class"}, []string{"k3", "k4", "k5", "k6"}, true},
		"another table withholds alike":   {"further-study", dims{"class"}, []string{"k3", "k4", "k5", "k6"}, true},
		"small bases, and one beside":     {"employer-kind", dims{"sex"}, []string{"未知", "男"}, false},
		"levels of a table of employers":  {"employer-kind", dims{"level"}, nil, false},
		"cells by difficulty":             {"destination", dims{"difficulty"}, []string{"非困难生", "家庭困难"}, true},
		"two dimensions show small cells": {"destination", dims{"level", "sex"}, []string{"本科 未知", "本科 男"}, false},
		"three withhold them":             {"destination", dims{"level", "sex", "training"}, []string{"本科 未知 未填", "本科 男 未填"}, false},
	} {
		got, hidden := public(t, people, c.table, c.by...)
		if rows := gone(&got); !slices.Equal(rows, c.rows) || hidesSome(&got) != c.cells || len(hidden) == 0 != (c.rows == nil) {
			t.Errorf("%s: rows %q, cells %v; want %q, %v\n%v", name, rows, hidesSome(&got), c.rows, c.cells, hidden)
		}
	}
}

// TestThirdDimension: a small cell is shown by two dimensions, and withheld by
// three, with what it could be read from.
func TestThirdDimension(t *testing.T) {
	var people roll
	for _, level := range []string{"undergraduate", "master"} {
		for _, college := range []string{"c1", "c2"} {
			for _, sex := range []string{"1", "2"} {
				at := []string{"level", level, "college", college, "sex", sex}
				people.add(30, "10", at...)
				if level == "undergraduate" && college == "c1" && sex == "1" {
					people.add(2, "85", at...)
				} else {
					people.add(9, "85", at...)
				}
			}
		}
	}
	if two, hidden := public(t, people, "destination", "college", "sex"); hidesSome(&two) || len(hidden) > 0 {
		t.Errorf("by two: %v", hidden)
	}
	three, hidden := public(t, people, "destination", "level", "college", "sex")
	withheld := 0
	for i := range three.Rows {
		for c, f := range three.Rows[i].Cells {
			if id := three.Headings[c].ID; f.Hidden && id == "abroad" {
				withheld++
			}
		}
	}
	if withheld != 8 {
		t.Errorf("by three: %d cells of abroad are withheld, want the small one and the seven of its box\n%v", withheld, hidden)
	}
}

// TestFewTogether: rows that are withheld are not few together either, since their
// sum can be had from what is shown.
func TestFewTogether(t *testing.T) {
	var people roll
	for major, n := range map[string]int{"m1": 1, "m2": 2, "m3": 20, "m4": 30} {
		people.add(n, "10", "college", "c1", "major", major)
	}
	people.add(9, "10", "college", "c2", "major", "m5")
	got, _ := public(t, people, "destination", "major")
	if rows := gone(&got); !slices.Equal(rows, []string{"m1", "m2", "m3"}) {
		t.Errorf("withheld %q, want the two small ones and the next of their college", rows)
	}
}

// TestWithheldAbove: a college that is withheld is not given back by its majors,
// though each of them has another beside it.
func TestWithheldAbove(t *testing.T) {
	var people roll
	for _, m := range []struct {
		college, major string
		n              int
	}{{"c1", "m1", 2}, {"c1", "m2", 2}, {"c2", "m3", 10}, {"c2", "m4", 12}, {"c3", "m5", 3}, {"c3", "m6", 40}} {
		people.add(m.n, "10", "college", m.college, "major", m.major)
	}
	family := []dims{{}, {"college"}, {"major"}}
	told, withheld, _, err := read(people, []string{"destination"}, family, env())
	if err != nil || len(told) > 0 || withheld == 0 {
		t.Errorf("can be read: %q of %d, %v", told, withheld, err)
	}
	got, _ := public(t, people, "destination", "major")
	if rows := gone(&got); !slices.Equal(rows, []string{"m1", "m2", "m3", "m5", "m6"}) {
		t.Errorf("withheld %q, want one of the college that covers", rows)
	}
}

// TestListedIsWithheld: the list says what the table does not, each thing once, and
// nothing that is withheld is left in the table.
func TestListedIsWithheld(t *testing.T) {
	for round := range uint64(20) {
		people := units(rand.New(rand.NewPCG(round, 6)))
		got, hidden := public(t, people, "destination", "class")
		want := 0
		for i := range got.Rows {
			r := &got.Rows[i]
			if r.Hidden {
				want++
				if r.N != 0 || r.Cells != nil || r.Seeking != nil {
					t.Errorf("%s is withheld and still there: %+v", r.Name(), r)
				}
			}
			for _, f := range r.Cells {
				if f.Hidden {
					want++
					if f != (indicator.Figure{Hidden: true}) {
						t.Errorf("%s: a cell is withheld and still there: %+v", r.Name(), f)
					}
				}
			}
			for _, s := range r.Seeking {
				if s.Hidden {
					want++
					if s.K != 0 {
						t.Errorf("%s: a reason is withheld and still there: %+v", r.Name(), s)
					}
				}
			}
		}
		if len(got.Rows) > 1 && want != len(hidden) {
			t.Errorf("round %d: %d things withheld, %d listed", round, want, len(hidden))
		}
	}
}

// TestOneVerdict: the order of dimensions and tables asked before change nothing,
// and a college beside its majors withholds the same majors.
func TestOneVerdict(t *testing.T) {
	for round := range uint64(20) {
		people := units(rand.New(rand.NewPCG(round, 7)))
		alone, _ := public(t, people, "destination", "major")
		for _, by := range []dims{{"college", "major"}, {"major", "college"}} {
			beside, _ := public(t, people, "destination", by...)
			if len(beside.Rows) != len(alone.Rows) {
				t.Errorf("round %d: %v: %d rows, alone %d", round, by, len(beside.Rows), len(alone.Rows))
				continue
			}
			at := slices.Index(by, "major")
			for i := range beside.Rows {
				b := &beside.Rows[i]
				k := slices.IndexFunc(alone.Rows, func(r indicator.Row) bool {
					return r.Total == b.Total && (r.Total || r.Values[0].Key == b.Values[at].Key)
				})
				if a := &alone.Rows[k]; a.Hidden != b.Hidden || !slices.Equal(a.Cells, b.Cells) {
					t.Errorf("round %d: %s alone %+v, %v %+v", round, a.Name(), a, by, b)
				}
			}
		}
	}
}

// TestOnlyTotalLeft: two people in two rows are told by any table of them.
func TestOnlyTotalLeft(t *testing.T) {
	var people roll
	people.add(1, "10", "sex", "1")
	people.add(1, "801", "sex", "2")
	got, hidden := public(t, people, "destination", "sex")
	if len(got.Rows) != 1 || !got.Rows[0].Total || len(hidden) != 1 || hidden[0].String() != "2024届：全部分行，只公布合计" {
		t.Errorf("%+v, %v", got.Rows, hidden)
	}
	people.add(40, "10", "sex", "2")
	if got, _ = public(t, people, "destination", "sex"); len(got.Rows) != 3 || !got.Rows[0].Hidden || !got.Rows[1].Hidden {
		t.Errorf("with forty more: %+v", got.Rows)
	}
}

// TestPublishable: what leaves the house at all.
func TestPublishable(t *testing.T) {
	for name, c := range map[string]struct {
		q  indicator.Query
		ok bool
	}{
		"by class":                  {asked("destination", "class"), true},
		"four dimensions":           {asked("employer-kind", "level", "major", "sex", "training"), true},
		"one college":               {indicator.Query{Table: "destination", Where: []indicator.Condition{{Dim: "college", Value: "c01"}}}, false},
		"by contracting unit":       {indicator.Query{Table: "employer-kind", Contract: true}, false},
		"rows of a destination":     {asked("destination", "class", "industry"), false},
		"rows of where they went":   {asked("destination", "code"), false},
		"a dimension that is none":  {asked("destination", "tutor"), true}, // Count refuses it, and lists those there are
		"the cohort, in every row":  {asked("destination", "cohort", "level"), true},
		"origin is of the graduate": {asked("destination", "origin"), true},
	} {
		if err := publishable(c.q); (err == nil) != c.ok || err != nil && fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := Public(nil, ownDefinition, asked("destination", "tutor"), env()); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a dimension that is none: %v", err)
	}
	snap := Snapshot{Definition: "moe-2024", Cohort: "2024"}
	for definition, ok := range map[string]bool{"": true, "moe-2024": true, "nace": false} {
		v := View{Definition: definition, By: dims{"major"}}
		if err := v.publishable(&snap); (err == nil) != ok {
			t.Errorf("definition %q beside the snapshot's own: %v", definition, err)
		}
	}
}

// TestRuleIsWhole: every table is judged with some others, all of one base, and
// every dimension of the rule is one.
func TestRuleIsWhole(t *testing.T) {
	rule := publicRule()
	var all []string
	for i, set := range rule.Together {
		for _, table := range set {
			all = append(all, table)
			d, err := indicator.DefaultFor(table, []string{"2024"})
			if err != nil || d.WithEmployer != (i > 0) {
				t.Errorf("%s is of another base than its set: %v", table, err)
			}
		}
	}
	tables := indicator.Tables()
	slices.Sort(all)
	slices.Sort(tables)
	if !slices.Equal(all, tables) {
		t.Errorf("together %v, tables %v", all, tables)
	}
	for _, d := range slices.Concat(rule.AsTheyAre, rule.CellsBy, rule.Nested) {
		if !slices.Contains(indicator.Dims(), d) {
			t.Errorf("%s is no dimension", d)
		}
	}
	if rule.Smallest != 5 || rule.Crossing != 3 {
		t.Errorf("%+v is not what the school promised", rule)
	}
}

// TestCoarser: units are replaced by what they nest in, others only dropped, each
// also stands with levels, and the coarsest come first.
func TestCoarser(t *testing.T) {
	rule := publicRule()
	for name, c := range map[string]struct {
		by   dims
		want []dims
	}{
		"a major":   {dims{"major"}, []dims{nil, {"college"}, {"level"}, {"level", "college"}}},
		"crossed":   {dims{"sex", "training"}, []dims{nil, {"level"}, {"sex"}, {"training"}, {"level", "sex"}, {"level", "training"}}},
		"nested":    {dims{"college", "major"}, []dims{nil, {"college"}, {"level"}, {"level", "college"}, {"major"}, {"level", "major"}}},
		"by levels": {dims{"level", "major"}, []dims{nil, {"college"}, {"level"}, {"level", "college"}, {"major"}}},
	} {
		if got := rule.coarser(c.by); !slices.EqualFunc(got, c.want, slices.Equal) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
