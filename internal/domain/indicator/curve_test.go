package indicator

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

// TestCurveIsManyCounts: each point of a curve is the total of a count as of the
// end of that day, whatever was known when (Q1).
func TestCurveIsManyCounts(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	c := NewColumns(ministryNoWork)
	all := map[string][]history.Event{}
	for i := range 60 {
		id := fmt.Sprintf("g%02d", i)
		all[id] = randomHistory(r, id)
		c.Put(id, all[id])
	}
	var days []calendar.Day
	for i := range 14 {
		days = append(days, modelStart.AddDays(i-2))
	}
	moved := 0
	for range 60 {
		q := whole("destination", pick(r, "school-2024", "moe-2024", "nace"))
		q.Cohorts, q.KnownAt = []string{pick(r, "2023", "2024")}, calendar.WhenAt(randomKnown(r, all))
		cell := pick(r, "settled", "study")
		if q.Definition == "nace" {
			cell = pick(r, "outcomes", "knowledge")
		}
		if r.IntN(3) == 0 {
			q.Where = []Condition{{"level", "master"}}
		}
		points, err := c.Curve(q, env(), cell, days)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range points {
			at := q
			at.AsOf = calendar.WhenAt(days[i].AddDays(1).Start())
			var want Figure
			if table := mustCount(t, c, at); len(table.Rows) > 0 {
				for k, h := range table.Headings {
					if h.ID == cell {
						want = table.Rows[len(table.Rows)-1].Cells[k]
					}
				}
			}
			if p.K != want.K || p.Base != want.Base || p.Day != days[i] {
				t.Fatalf("%s %s %v: %s is %d/%d, counted %d/%d", q.Definition, cell, q.Cohorts, p.Day, p.K, p.Base, want.K, want.Base)
			}
			if i > 0 && points[i-1].Figure != p.Figure {
				moved++
			}
		}
	}
	if moved < 100 {
		t.Errorf("the curves hardly move: %d", moved)
	}
}

func TestCurveRefused(t *testing.T) {
	c := tableOne()
	for name, do := range map[string]func(q *Query) (string, []calendar.Day){
		"a cell that is none": func(*Query) (string, []calendar.Day) { return "best", nil },
		"several cohorts":     func(q *Query) (string, []calendar.Day) { q.Cohorts = []string{"2023", "2024"}; return "settled", nil },
		"days backwards": func(*Query) (string, []calendar.Day) {
			return "settled", []calendar.Day{"2024-06-02", "2024-06-01"}
		},
	} {
		q := whole("destination", "")
		cell, days := do(&q)
		if _, err := c.Curve(q, env(), cell, days); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
