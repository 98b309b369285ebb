package indicator

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/history"
)

// TestDifferencesAddUp: for random histories and moments, what leaves and enters
// each row and part is the difference of the two tables, to the person; and the
// same comes out of frozen rows (Q2).
func TestDifferencesAddUp(t *testing.T) {
	e := env()
	for round := range 60 {
		r := rand.New(rand.NewPCG(11, uint64(round)))
		all := map[string][]history.Event{}
		c := NewColumns(ministryNoWork)
		for g := range 30 {
			id := fmt.Sprintf("g%02d", g)
			all[id] = randomHistory(r, id)
			c.Put(id, all[id])
		}
		q := Query{Table: "destination", Definition: "moe-2024", Cohorts: []string{"2023", "2024"}, By: []Dim{"level"}, Within: access.School()}
		moment := func() Moment {
			return Moment{calendar.WhenAt(randomInstant(r)), calendar.WhenAt(randomKnown(r, all))}
		}
		from, to := moment(), moment()
		d, err := c.Differences(q, e, from, to)
		if err != nil {
			t.Fatal(err)
		}
		before, rowsBefore := tableAt(t, c, q, e, from)
		after, rowsAfter := tableAt(t, c, q, e, to)
		people := d.Stayed
		for _, m := range d.Moves {
			before[m.From.key()] -= m.N
			after[m.To.key()] -= m.N
			people += m.N
			if m.N != len(m.Graduates) || m.From.key() == m.To.key() {
				t.Errorf("move %v of %v", m, m.Graduates)
			}
		}
		delete(before, Place{}.key())
		delete(after, Place{}.key())
		clean := func(m map[string]int) { maps.DeleteFunc(m, func(_ string, n int) bool { return n == 0 }) }
		clean(before)
		clean(after)
		if !maps.Equal(before, after) {
			t.Errorf("round %d: who stayed differs: %v, %v", round, before, after)
		}
		if people < max(d.From, d.To) || d.From != len(rowsBefore) || d.To != len(rowsAfter) {
			t.Errorf("round %d: %d people, from %d to %d", round, people, d.From, d.To)
		}
		frozen, err := DifferencesOfRows(rowsBefore, rowsAfter, q, e)
		if err != nil || fmt.Sprint(frozen) != fmt.Sprint(d) {
			t.Errorf("round %d: frozen rows say\n%v (%v), want\n%v", round, frozen, err, d)
		}
	}
}

func (p Place) key() string {
	if p.Outside() {
		return ""
	}
	return p.Cohort + "/" + p.Values[0].Key + "/" + p.Cell
}

// tableAt counts people by row and part at a moment, and checks that frozen rows
// count to the same table.
func tableAt(t *testing.T, c *Columns, q Query, e Env, m Moment) (map[string]int, []PersonRow) {
	t.Helper()
	q.AsOf, q.KnownAt = m.AsOf, m.KnownAt
	table := mustCount(t, c, q)
	out := map[string]int{}
	for _, r := range table.Rows {
		for _, part := range table.def.Parts {
			if !r.Total {
				out[r.Cohort+"/"+r.Values[0].Key+"/"+part] += figure(table, &r, part).K
			}
		}
	}
	rows, err := c.Rows(q, e)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSortedFunc(rows, func(a, b PersonRow) int { return compareText(a.Graduate, b.Graduate) }) {
		t.Error("rows are not in order")
	}
	again, err := CountRows(rows, q, e)
	if err != nil || !again.Frozen {
		t.Fatal(err)
	}
	if got, want := cells(again), cells(table); !slices.Equal(got, want) {
		t.Errorf("frozen rows count to\n%v, want\n%v", got, want)
	}
	ids, err := PeopleInRows(rows, q, e, Selection{Cell: "seeking"})
	want, _ := c.People(q, e, Selection{Cell: "seeking"})
	if err != nil || !slices.Equal(ids, want) {
		t.Errorf("people of frozen rows: %v (%v), want %v", ids, err, want)
	}
	return out, rows
}

func compareText(a, b string) int {
	if a < b {
		return -1
	}
	return 1
}

func cells(t Table) []string {
	var out []string
	for _, r := range t.Rows {
		out = append(out, fmt.Sprint(r.Cohort, r.Values, r.Total, r.N, r.Cells, r.Seeking))
	}
	return out
}

// TestCohortMovesWithItsOwnCut: with a month-day, one who changed cohort stands
// in both, each at its own cut, and differences still add up.
func TestCohortMovesWithItsOwnCut(t *testing.T) {
	c := NewColumns(ministryNoWork)
	set := func(cohort string) history.Settings {
		return history.Settings{{Key: history.Cohort, Value: cohort}, {Key: history.InStatistics, Value: "true"}}
	}
	c.Put("g", []history.Event{{Graduate: "g", Seq: 1, KnownAt: 1, Set: set("2023")},
		{Graduate: "g", Seq: 2, KnownAt: 2, TrueOn: "2024-01-01", Set: set("2024")}})
	q := whole("destination", "moe-2024")
	q.Cohorts = []string{"2023", "2024"}
	q.AsOf, _ = calendar.ParseWhen("08-31")
	got := mustCount(t, c, q)
	if len(got.Rows) != 2 || got.Rows[0].N != 1 || got.Rows[1].N != 1 || got.AsOf != nil {
		t.Fatalf("%+v", got.Rows)
	}
	late, _ := calendar.ParseWhen("2024-08-31")
	d, err := c.Differences(q, env(), Moment{AsOf: q.AsOf}, Moment{AsOf: late})
	if err != nil || d.From != 2 || d.To != 1 || d.Stayed != 1 || len(d.Moves) != 1 || !d.Moves[0].To.Outside() || d.Moves[0].From.Cohort != "2023" {
		t.Errorf("%+v (%v)", d, err)
	}
}
