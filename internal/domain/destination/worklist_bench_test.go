package destination

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/ident"
)

// largeWorklist makes n invented graduates in five cohorts, classes of thirty: a
// third settled, the others on their way.
func largeWorklist(n int) *Worklist {
	r := rand.New(rand.NewPCG(1, 2))
	w := NewWorklist(threeLevels, worklistDay)
	all := []string{"10", "11", "12", "271", "502", "76", "801", "85", "70-SEEK", "71"}
	for g := range n {
		id, class := fmt.Sprintf("g%07d", g), g/30
		known := calendar.Day("2024-03-01").Start() + calendar.Instant(g)
		events := []history.Event{{Graduate: id, Seq: 1, KnownAt: known, Set: history.Settings{{Key: history.Cohort, Value: fmt.Sprint(2020 + g*5/n)},
			{Key: history.Level, Value: "undergraduate"}, {Key: history.College, Value: fmt.Sprint("c", class%40)}, {Key: history.Major, Value: fmt.Sprint("m", class%200)},
			{Key: history.Class, Value: fmt.Sprintf("k%05d", class)}, {Key: history.Sex, Value: "1"}, {Key: history.Origin, Value: fmt.Sprint(110000 + r.IntN(3000))},
			{Key: history.InStatistics, Value: history.True}}}}
		step := func(s history.Step, level int, actor string) {
			known += calendar.Instant(r.IntN(10_000_000))
			events = append(events, history.Event{Graduate: id, Seq: len(events) + 1, KnownAt: known, Change: "x" + id, Case: "k" + id, Act: history.Open, Step: s, Level: level, Actor: actor})
		}
		for i := range r.IntN(5) {
			switch i {
			case 0:
				step(history.Submitted, 0, "self")
				e := &events[1]
				e.Change, e.Case, e.TrueOn, e.Scheme, e.Code = ident.New(), ident.New(), calendar.DayOf(known), "MOE-2021", all[r.IntN(len(all))]
			case 3:
				step(history.Approved, 3, "r5")
			default:
				step(history.Passed, i, fmt.Sprint("r", i+6))
			}
			events[len(events)-1].Change, events[len(events)-1].Case = events[1].Change, events[1].Case
		}
		w.Put(id, events)
	}
	w.read()
	w.mu.RUnlock()
	return w
}

// TestWorklistIsSmall: what one graduate takes, so that 250,000 take some 100 MB.
func TestWorklistIsSmall(t *testing.T) {
	const n = 20_000
	used := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := used()
	w := largeWorklist(n)
	each := (used() - before) / n
	t.Logf("%d bytes a graduate", each)
	if each > 440 {
		t.Errorf("%d bytes a graduate, want 440 at most", each)
	}
	runtime.KeepAlive(w)
}

// BenchmarkWorklist asks a list of 250,000 graduates, 50,000 of each of five
// cohorts, what its users ask.
func BenchmarkWorklist(b *testing.B) {
	w := largeWorklist(250_000)
	office := reviewers["office"]
	for name, ask := range map[string]func(){
		"counts":        func() { w.Counts(office, access.School(), "2024") },
		"counts of all": func() { w.Counts(office, access.School(), "") },
		"mine by age": func() {
			w.List(office, access.School(), Filter{Cohort: "2024", Queue: QueueMine, Sort: SortAge}, "", 50)
		},
		"unregistered": func() {
			w.List(office, access.School(), Filter{Cohort: "2024", Queue: QueueUnregistered, Sort: SortAge}, "", 50)
		},
		"roster, far":  func() { w.List(office, access.School(), Filter{Cohort: "2024"}, "g0240000", 50) },
		"roster, code": func() { w.List(office, access.School(), Filter{Cohort: "2024", Code: "27"}, "", 50) },
		"classes":      func() { w.Classes(access.School(), "2024") },
		"facts":        func() { w.Facts(access.School(), "2024") },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				ask()
			}
		})
	}
}
