// Package bench measures speed as ratios against what a user would take instead,
// both in one run on one machine. docs/benchmarks.md says how to read it.
//
//	make bench
package bench

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"time"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/history"
)

// median of several measurements.
func median(list []time.Duration) time.Duration {
	slices.Sort(list)
	return list[len(list)/2]
}

// histories makes the events of n invented graduates, by graduate and seq:
// enrolled, submitted, passed, approved; half of them corrected, some with a
// second case, an end, or a later change of college.
func histories(n int) iter.Seq[[]history.Event] {
	r := rand.New(rand.NewPCG(1, 2))
	levels := []string{"undergraduate", "master", "doctor"}
	destinations := []string{"10", "11", "12", "271", "502", "75", "801", "85", "70-SEEK", "71", "72-NONE"}
	code := func() string { return destinations[r.IntN(len(destinations))] }
	college := func() string { return fmt.Sprintf("c%02d", r.IntN(30)) }
	start := calendar.Day("2024-03-01").Start()
	return func(yield func([]history.Event) bool) {
		var one []history.Event
		for g := range n {
			id, known := fmt.Sprintf("g%07d", g), start
			one = one[:0]
			put := func(e history.Event) {
				known += calendar.Instant(r.IntN(60 * 24 * 3600 * 1000))
				e.Graduate, e.Seq, e.KnownAt = id, len(one)+1, known
				one = append(one, e)
			}
			on := func() calendar.Day { return calendar.DayOf(known).AddDays(r.IntN(60) - 30) }
			put(history.Event{Set: history.Settings{{Key: history.Cohort, Value: "2024"}, {Key: history.Level, Value: levels[r.IntN(3)]},
				{Key: history.College, Value: college()}, {Key: history.Sex, Value: "2"}, {Key: history.InStatistics, Value: history.True}}})
			put(history.Event{Change: "x", Act: history.Open, Case: "k", Step: history.Submitted, TrueOn: on(), Scheme: "MOE-2021", Code: code()})
			put(history.Event{Change: "x", Step: history.Passed, Level: 1})
			put(history.Event{Change: "x", Step: history.Approved, Level: 2})
			if r.IntN(2) == 0 {
				put(history.Event{Change: "y", Act: history.Amend, Case: "k", Step: history.Recorded, Scheme: "MOE-2021", Code: code()})
			}
			switch r.IntN(10) {
			case 0:
				put(history.Event{Change: "z", Act: history.Open, Case: "l", Step: history.Recorded, TrueOn: on(), Scheme: "MOE-2021", Code: code()})
			case 1:
				put(history.Event{Change: "z", Act: history.End, Case: "k", Step: history.Recorded, TrueOn: on()})
			case 2:
				put(history.Event{TrueOn: on(), Set: history.Settings{{Key: history.College, Value: college()}}})
			}
			if !yield(one) {
				return
			}
		}
	}
}
