package indicator

import (
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

// TestOriginByProvince: the roster has counties, tables count provinces, of the present and
// of frozen rows alike; what is no region keeps its own row.
func TestOriginByProvince(t *testing.T) {
	c := NewColumns(func(_, _ string) bool { return false })
	for id, origin := range map[string]string{"a": "120103", "b": "120115", "c": "130102", "d": "", "e": "海外"} {
		c.Put(id, []history.Event{{Graduate: id, Seq: 1, KnownAt: 1, Set: history.Settings{
			{Key: history.Cohort, Value: "2024"}, {Key: history.InStatistics, Value: history.True}, {Key: history.Origin, Value: origin}}}})
	}
	book := codes.Builtin()
	env := Env{Now: calendar.At(calendar.Day("2024-09-01").Start().Time()), Book: book, Names: NewNames(book, nil)}
	q := Query{Table: destinationTable, Cohorts: []string{"2024"}, By: []Dim{originDim}, Within: access.School()}
	want := map[string]int{"天津市": 2, "河北省": 1, "海外": 1, blank: 1, totalName: 5}
	check := func(what string, table Table, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range table.Rows {
			if r.N != want[r.Name()] {
				t.Errorf("%s: %s has %d, not %d", what, r.Name(), r.N, want[r.Name()])
			}
		}
		if len(table.Rows) != len(want) {
			t.Errorf("%s: %d rows", what, len(table.Rows))
		}
	}
	now, err := c.Count(q, env)
	check("now", now, err)
	people, err := c.People(q, env, Selection{Cohort: "2024", Keys: []Condition{{originDim, "120000"}}})
	if err != nil || len(people) != 2 || people[0] != "a" || people[1] != "b" {
		t.Errorf("the number of a province opens %v, %v", people, err)
	}
	rows, err := c.Rows(q, env)
	if err != nil || rows[0].Attrs.Value(history.Origin) != "120103" {
		t.Errorf("a row that is frozen has lost its county: %v, %v", rows, err)
	}
	then, err := CountRows(rows, q, env)
	check("frozen", then, err)
	c.Put("a", nil) // what is compacted away later leaves the provinces as they are
	c.compact()
	want["天津市"], want[totalName] = 1, 4
	now, err = c.Count(q, env)
	check("compacted", now, err)
	q.By, q.Where = nil, []Condition{{originDim, "天津市"}}
	if now, err = c.Count(q, env); err != nil || now.Rows[0].N != 1 {
		t.Errorf("of one province: %+v, %v", now.Rows, err)
	}
	q.Where[0].Value = "120103"
	if _, err = c.Count(q, env); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a county is asked for and everybody of the province counted: %v", err)
	}
}
