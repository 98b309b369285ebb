package indicator

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

// tableOne is the reconstruction of Table 1-1 (domain.md §6.4), by level: how
// many with each code.
func tableOne() *Columns {
	c := NewColumns(ministryNoWork)
	level := func(v string) history.Setting { return history.Setting{Key: history.Level, Value: v} }
	for _, x := range []struct {
		level string
		codes map[string]int
	}{
		{"undergraduate", map[string]int{"10": 200, "11": 20, "271": 9, "801": 657, "85": 11, "12": 24, "71": 1, "": 195}},
		{"master", map[string]int{"10": 701, "801": 301, "85": 15, "12": 61, "": 149}},
		{"doctor", map[string]int{"10": 270, "272": 8, "85": 5, "12": 18, "70-EXAM": 4, "": 11}},
	} {
		for _, code := range []string{"10", "11", "271", "272", "801", "85", "12", "71", "70-EXAM", ""} {
			school(c, x.codes[code], code, level(x.level))
		}
	}
	return c
}

func figure(t Table, r *Row, cell string) Figure {
	return r.Cells[slices.IndexFunc(t.Headings, func(h Heading) bool { return h.ID == cell })]
}

func TestTableOne(t *testing.T) {
	got := mustCount(t, tableOne(), whole("destination", "school-2024", "level"))
	want := []struct {
		name string
		n    int
		pct  map[string]string
	}{
		{"本科", 1117, map[string]string{"settled": "82.45", "seeking": "17.46"}},
		{"硕士", 1227, map[string]string{"settled": "87.86", "signed": "57.13", "study": "24.53"}},
		{"博士", 316, map[string]string{"settled": "95.25"}},
		{"合计", 2660, map[string]string{"settled": "86.47", "signed": "45.41"}},
	}
	if len(got.Rows) != len(want) {
		t.Fatalf("%d rows", len(got.Rows))
	}
	for i, w := range want {
		r := &got.Rows[i]
		if r.Name() != w.name || r.N != w.n {
			t.Errorf("row %d: %s %d, want %s %d", i, r.Name(), r.N, w.name, w.n)
		}
		for cell, pct := range w.pct {
			if f := figure(got, r, cell); f.Percent() != pct {
				t.Errorf("%s %s: %d of %d is %s, want %s", w.name, cell, f.K, f.Base, f.Percent(), pct)
			}
		}
	}
	if k := figure(got, &got.Rows[3], "settled").K; k != 2300 {
		t.Errorf("settled %d", k)
	}
	if !slices.Equal(got.Notes, []string{"因四舍五入，各项百分比相加：硕士 99.99%、合计 100.01%，不凑 100"}) {
		t.Errorf("notes %q", got.Notes)
	}
	if d := got.Rows[2].Seeking; d[0] != (Reason{ID: history.Registered, K: 4}) || d[5] != (Reason{ID: history.Unregistered, K: 11}) {
		t.Errorf("seeking of doctors: %v", d)
	}
}

// TestDefinitionsAgree: whatever the definition, the settled are the same people.
func TestDefinitionsAgree(t *testing.T) {
	c := tableOne()
	for definition, want := range map[string]string{"school-2024": "86.47", "moe-2021": "86.47", "moe-2024": "86.47", "nace": "99.83"} {
		got := mustCount(t, c, whole("destination", definition))
		cell := "settled"
		if definition == "nace" {
			cell = "outcomes" // of 2300 + 4 whose outcome is known and who are not 71
		}
		if f := figure(got, &got.Rows[0], cell); f.Percent() != want {
			t.Errorf("%s: %v %s, want %s", definition, f, f.Percent(), want)
		}
	}
	nace := mustCount(t, c, whole("destination", "nace"))
	if f := figure(nace, &nace.Rows[0], "knowledge"); f.Percent() != "86.65" || f.OwnBase { // 2305 of 2660
		t.Errorf("knowledge rate %v %s", f, f.Percent())
	}
}

// TestPercent: shares come of whole numbers, half up, and of nobody there is none (Q3).
func TestPercent(t *testing.T) {
	for _, c := range []struct {
		k, n int
		want string
	}{{921, 1117, "82.45"}, {0, 7, "0.00"}, {7, 7, "100.00"}, {1, 8, "12.50"}, {1, 3, "33.33"}, {2, 3, "66.67"}, {1, 20000, "0.01"}, {0, 0, ""}} {
		if got := (Figure{K: c.k, Base: c.n}).Percent(); got != c.want {
			t.Errorf("%d of %d: %s, want %s", c.k, c.n, got, c.want)
		}
	}
}

// TestJSON holds the shape of docs/cli.md.
func TestJSON(t *testing.T) {
	c := NewColumns(ministryNoWork)
	school(c, 2, "10", history.Setting{Key: history.Level, Value: "master"})
	school(c, 1, "", history.Setting{Key: history.Cohort, Value: "2023"})
	q := whole("destination", "school-2024", "level")
	q.Cohorts = []string{"2024", "2023"}
	q.AsOf, _ = calendar.ParseWhen("08-31")
	q.KnownAt, _ = calendar.ParseWhen("2024-09-10T08:00")
	got, err := json.MarshalIndent(mustCount(t, c, q), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/table.json"
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(golden, append(got, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || string(want) != string(got)+"\n" {
		t.Errorf("%v: got\n%s", err, got)
	}
}

func TestTotalsOnlyWithoutBy(t *testing.T) {
	got := mustCount(t, tableOne(), whole("destination", "", "cohort"))
	if len(got.Rows) != 1 || !got.Rows[0].Total || got.Definition != "moe-2024" || len(got.By) != 0 {
		t.Errorf("%+v", got)
	}
	if b, _ := json.Marshal(got); !strings.Contains(string(b), `{"total":true,"cohort":"2024","n":2660`) {
		t.Errorf("%s", b)
	}
}

// TestEmployerKinds: the base of employer-kind, and the unit that it is counted by.
func TestEmployerKinds(t *testing.T) {
	c := NewColumns(ministryNoWork)
	put := func(id, code string, n history.Counted) {
		c.Put(id, []history.Event{{Graduate: id, Seq: 1, KnownAt: 1, Set: history.Settings{{Key: history.Cohort, Value: "2024"}, {Key: history.InStatistics, Value: "true"}}},
			{Graduate: id, Seq: 2, KnownAt: 2, Change: "x", Act: history.Open, Case: "k", Step: history.Recorded, TrueOn: "2024-06-01", Scheme: "MOE-2021", Code: code, Counts: n}})
	}
	put("agency", "11", history.Counted{Nature: "23", HospitalLevel: "31", Region: "120103", ContractNature: "39"})
	put("private hospital", "10", history.Counted{Nature: "39", HospitalLevel: "30", Region: "110105"})
	put("clinic", "10", history.Counted{Nature: "23", Region: "130102"})
	put("army", "12", history.Counted{Nature: "40"})
	put("village", "512", history.Counted{Nature: "55", Region: "650102"})
	put("conscript", "46", history.Counted{Nature: "40"})
	put("freelance", "76", history.Counted{})
	put("study", "801", history.Counted{})
	e := env()
	e.School = School{HomeCity: "120000"}
	for name, x := range map[string]struct {
		q    Query
		want string
	}{
		"by unit of work":     {whole("employer-kind", ""), "tertiary=2 other_public=2 other=1 of 5"},
		"by contracting unit": {Query{Contract: true}.on(whole("employer-kind", "")), "tertiary=1 other_public=2 enterprise=1 other=1 of 5"},
		"region":              {whole("region", ""), "110000=1 120000=1 130000=1 650000=1 unknown=1 home_city=1 home_province=1 jingjinji=3 west=1 of 5"},
	} {
		got, err := c.Count(x.q, e)
		if err != nil {
			t.Fatal(name, err)
		}
		var words []string
		for i, f := range got.Rows[0].Cells {
			if f.K > 0 {
				words = append(words, fmt.Sprintf("%s=%d", got.Headings[i].ID, f.K))
			}
		}
		if have := strings.Join(words, " ") + fmt.Sprintf(" of %d", got.Rows[0].N); have != x.want {
			t.Errorf("%s: %s, want %s", name, have, x.want)
		}
		if name == "by contracting unit" && !strings.Contains(got.Headings[0].Title, "签约单位") {
			t.Errorf("the heading does not name the unit: %v", got.Headings[0])
		}
	}
}

func (q Query) on(base Query) Query {
	base.Contract = q.Contract
	return base
}

func TestQueriesRefused(t *testing.T) {
	c := tableOne()
	for name, q := range map[string]Query{
		"no such table":                 whole("ranking", ""),
		"no such definition":            whole("destination", "best"),
		"a definition of another table": whole("region", "moe-2024"),
		"no such dimension":             whole("destination", "", "counsellor"),
		"five dimensions":               whole("destination", "", "level", "sex", "college", "major", "class"),
		"no such value":                 Query{Where: []Condition{{"level", "小学"}}}.over(whole("destination", "")),
		"a condition on nothing":        Query{Where: []Condition{{"tutor", "x"}}}.over(whole("destination", "")),
		"no cohort":                     {Table: "destination", Within: access.School()},
		"a unit where none matters":     Query{Contract: true}.on(whole("destination", "")),
	} {
		if _, err := c.Count(q, env()); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestUnknownCode: what no cell takes is an error that names it, never plugged.
func TestUnknownCode(t *testing.T) {
	c := tableOne()
	school(c, 2, "999")
	_, err := c.Count(whole("destination", ""), env())
	if fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "999") || !strings.Contains(err.Error(), "2 人") {
		t.Errorf("%v", err)
	}
	book, err := codes.Builtin().With([]codes.Code{{Scheme: "MOE-2021", Code: "999", Name: "新的地方项目", Parent: "51"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	e := env()
	e.Book = book
	got, err := c.Count(whole("destination", "school-2024"), e)
	if err != nil || figure(got, &got.Rows[0], "signed").K != 1210 {
		t.Errorf("with a parent: %v %v", err, got.Rows)
	}
}

// TestScope: nobody sees a figure of people outside their scope.
func TestScope(t *testing.T) {
	c := NewColumns(ministryNoWork)
	school(c, 3, "10", history.Setting{Key: history.College, Value: "c1"}, history.Setting{Key: history.Class, Value: "k1"})
	school(c, 4, "10", history.Setting{Key: history.College, Value: "c2"}, history.Setting{Key: history.Class, Value: "k2"})
	school(c, 5, "10")
	for name, x := range map[string]struct {
		within access.Scope
		want   int
	}{
		"nobody": {access.Scope{}, 0}, "the school": {access.School(), 12}, "a college": {access.Colleges("c1"), 3},
		"a class": {access.Classes("k2"), 4}, "oneself": {access.Self("g000011"), 1},
		"a blank college is nobody's": {access.Colleges(""), 0}, "two ways": {access.Colleges("c1").Union(access.Self("g000001")), 3},
	} {
		q := whole("destination", "")
		q.Within = x.within
		n := 0
		if got := mustCount(t, c, q); len(got.Rows) > 0 {
			n = got.Rows[0].N
		}
		ids, err := c.People(q, env(), Selection{})
		if err != nil || n != x.want || len(ids) != x.want {
			t.Errorf("%s: %d, %v (%v), want %d", name, n, ids, err, x.want)
		}
	}
}

// TestNames: a row is found by key or name, names that units share stand for all.
func TestNames(t *testing.T) {
	e := env()
	n := NewNames(e.Book, map[Dim][]Unit{"major": {{"m2", "临床医学"}, {"m1", "护理学"}, {"m3", "临床医学"}}})
	for in, want := range map[string][]string{"m1": {"m1"}, "临床医学": {"m2", "m3"}, "未填": {""}, "针灸": nil} {
		if got := n.Keys("major", in); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", in, got, want)
		}
	}
	if got := n.Keys("level", "本科"); !slices.Equal(got, []string{"undergraduate"}) {
		t.Errorf("level: %v", got)
	}
	_, first := n.Name("major", "m2")
	_, second := n.Name("major", "m1")
	if name, last := n.Name("major", ""); name != "未填" || first >= second || second >= last {
		t.Errorf("order %d %d %d", first, second, last)
	}
}

// TestMixedCohorts: the newest cohort's definition, with a note.
func TestMixedCohorts(t *testing.T) {
	c := tableOne()
	school(c, 8, "12", history.Setting{Key: history.Cohort, Value: "2023"})
	q := whole("destination", "", "level")
	q.Cohorts = []string{"2023", "2024"}
	got := mustCount(t, c, q)
	if got.Definition != "moe-2024" || !strings.Contains(strings.Join(got.Notes, "\n"), "2023 届") {
		t.Errorf("%s %q", got.Definition, got.Notes)
	}
	var order []string
	for _, r := range got.Rows {
		order = append(order, r.Cohort+r.Name())
	}
	if want := []string{"2023本科", "2023合计", "2024本科", "2024硕士", "2024博士", "2024合计"}; !slices.Equal(order, want) {
		t.Errorf("order %v", order)
	}
}

// TestGuardRails: nothing here holds a target, orders by a rate or counts by the
// person who looks after somebody (三不得).
func TestGuardRails(t *testing.T) {
	banned := []string{"target", "goal", "quota", "kpi", "rank", "sort", "orderby", "counsellor", "tutor", "supervisor", "keeper", "目标", "辅导员"}
	check := func(where, name string) {
		for _, b := range banned {
			if strings.Contains(strings.ToLower(name), b) {
				t.Errorf("%s: %s", where, name)
			}
		}
	}
	seen := map[reflect.Type]bool{}
	var walk func(x reflect.Type)
	walk = func(x reflect.Type) {
		for x.Kind() == reflect.Slice || x.Kind() == reflect.Pointer || x.Kind() == reflect.Map {
			x = x.Elem()
		}
		if x.Kind() != reflect.Struct || seen[x] || !strings.Contains(x.PkgPath(), "indicator") {
			return
		}
		seen[x] = true
		for i := range x.NumField() {
			check(x.String(), x.Field(i).Name+" "+string(x.Field(i).Tag))
			walk(x.Field(i).Type)
		}
	}
	for _, v := range []any{Definition{}, Query{}, Env{}, Table{}, Selection{}, Differences{}, PersonRow{}, Kind{}} {
		walk(reflect.TypeOf(v))
	}
	var raw []map[string]any
	if err := json.Unmarshal(definitionsJSON, &raw); err != nil {
		t.Fatal(err)
	}
	for _, d := range raw {
		for k := range d {
			check("definitions.json", k)
		}
	}
	for _, d := range Dims() {
		check("dimension", string(d)+DimTitle(d))
	}
}

// TestCatalogue: every definition is whole.
func TestCatalogue(t *testing.T) {
	for _, d := range Catalogue() {
		d := d.expand(codes.Builtin(), School{HomeCity: "120000"})
		if d.Version == "" || d.Title == "" || d.Numerator == "" || d.Denominator == "" || d.Rounding == "" || d.Source == "" || len(d.Parts) == 0 {
			t.Errorf("%s lacks something", d.ID)
		}
		for _, c := range d.Cells {
			for _, id := range slices.Concat(c.Sum, c.Base) {
				if !slices.Contains(d.Parts, id) {
					t.Errorf("%s: %s counts %s, which is no part", d.ID, c.ID, id)
				}
			}
			if c.Of != "" && d.cell(c.Of) < 0 {
				t.Errorf("%s: %s is of no cell", d.ID, c.ID)
			}
		}
		for i, p := range d.Parts {
			if d.cell(p) < 0 || slices.Contains(d.Parts[:i], p) {
				t.Errorf("%s: part %s", d.ID, p)
			}
		}
	}
}
