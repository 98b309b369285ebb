package indicator

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
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

func (q Query) over(base Query) Query {
	base.Where = q.Where
	return base
}

// TestKindsAddUp: the kinds of people, added up, are the row that Count makes of
// them, under every definition (Q2).
func TestKindsAddUp(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	c := NewColumns(ministryNoWork)
	for range 60 {
		school(c, 1+r.IntN(3), pick(r, "10", "11", "12", "271", "46", "75", "801", "85", "70-SEEK", "71", ""))
	}
	people, err := c.Rows(whole("destination", ""), env())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range Catalogue() {
		q := whole(d.Table, d.ID)
		kinds, of, err := Kinds(people, q, env())
		if err != nil {
			t.Fatal(d.ID, err)
		}
		n, in, base := 0, map[int]int{}, map[int]int{}
		for _, k := range of {
			if k < 0 {
				continue
			}
			n++
			for col := range kinds[k].In {
				if kinds[k].In[col] {
					in[col]++
				}
				if kinds[k].Base[col] {
					base[col]++
				}
			}
		}
		row := mustCount(t, c, q).Rows[0]
		if row.N != n {
			t.Errorf("%s: %d people, the row has %d", d.ID, n, row.N)
		}
		for col, f := range row.Cells {
			if f.K != in[col] || f.Base != base[col] {
				t.Errorf("%s: column %d is %d of %d, the row has %d of %d", d.ID, col, in[col], base[col], f.K, f.Base)
			}
		}
		for i, s := range row.Seeking {
			if at := len(row.Cells) + i; s.K != in[at] || base[at] != n {
				t.Errorf("%s: %s is %d of %d, the row has %d", d.ID, s.ID, in[at], base[at], s.K)
			}
		}
	}
	if _, _, err := Kinds([]PersonRow{{Destination: history.Destination{Detail: history.Registered, Scheme: "MOE-2021", Code: "999"}}}, whole("destination", ""), env()); err == nil {
		t.Error("a code that no cell takes is of a kind")
	}
}

// TestWithhold: what is marked is gone from the table and from its JSON, with the
// note that a share could be read from, and nothing else is.
func TestWithhold(t *testing.T) {
	c := NewColumns(ministryNoWork)
	for sex, n := range []int{0, 6, 7, 0} {
		school(c, n, "10", history.Setting{Key: history.Sex, Value: fmt.Sprint(sex)})
		school(c, n, "801", history.Setting{Key: history.Sex, Value: fmt.Sprint(sex)})
		school(c, n, "", history.Setting{Key: history.Sex, Value: fmt.Sprint(sex)})
	}
	got := mustCount(t, c, whole("destination", "school-2024", "sex"))
	if !slices.ContainsFunc(got.Notes, func(n string) bool { return strings.HasPrefix(n, roundingNote) }) {
		t.Fatalf("thirds add up to 100: %q", got.Notes)
	}
	got.Rows[0].Hidden, got.Rows[1].Cells[0].Hidden, got.Rows[1].Seeking[5].Hidden = true, true, true
	got.Withhold("隐去")
	if got.Rows[0].N != 0 || got.Rows[0].Cells != nil || got.Rows[1].Cells[0] != (Figure{Hidden: true}) || got.Rows[1].Seeking[5].K != 0 ||
		got.Rows[1].N != 21 || got.Rows[1].Cells[1].K == 0 || got.Rows[2].N != 39 || !slices.Equal(got.Notes, []string{"隐去"}) {
		t.Errorf("%+v", got)
	}
	out, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`{"cohort":"2024","sex":"男","sex_id":"1","n":null,"hidden":true}`, `"settled":{"k":null,"pct":null,"hidden":true}`, `"unregistered":null`} {
		if !strings.Contains(string(out), part) {
			t.Errorf("not withheld: %s in %s", part, out)
		}
	}
}
