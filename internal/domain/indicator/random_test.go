package indicator

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/history"
)

// Everything happens within a few days, so that days, instants and cuts collide.
const modelStart = calendar.Day("2024-08-26")

func randomInstant(r *rand.Rand) calendar.Instant {
	day := modelStart.AddDays(r.IntN(10)).Start()
	return day + []calendar.Instant{0, 0, 0, 1, -1, calendar.Instant(r.IntN(86_400_000))}[r.IntN(6)]
}

func randomKnown(r *rand.Rand, all map[string][]history.Event) calendar.Instant {
	if r.IntN(2) == 0 {
		return randomInstant(r)
	}
	events := all[fmt.Sprintf("g%02d", r.IntN(len(all)))]
	return events[r.IntN(len(events))].KnownAt + calendar.Instant(r.IntN(2))
}

func randomDay(r *rand.Rand) calendar.Day {
	if r.IntN(5) == 0 {
		return ""
	}
	return modelStart.AddDays(r.IntN(10))
}

// randomHistory makes an orderly history: at most one change under way, recorded
// ones between, proposals, returns, resubmissions, marks, corrections.
func randomHistory(r *rand.Rand, id string) []history.Event {
	w := &writer{r: r, id: id, known: modelStart.Start()}
	w.put(history.Event{Set: history.Settings{{Key: history.Cohort, Value: pick(r, "2023", "2024", "2024", "2024")},
		{Key: history.Level, Value: pick(r, "undergraduate", "master")}, {Key: history.InStatistics, Value: pick(r, "true", "true", "true", "false")}}})
	for range r.IntN(14) {
		w.next()
	}
	return w.events
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

type writer struct {
	r       *rand.Rand
	id      string
	known   calendar.Instant
	events  []history.Event
	cases   []string
	changes int
	open    string       // the change under way
	last    history.Step // its newest step
}

func (w *writer) put(e history.Event) {
	w.known += pick(w.r, 0, 1, 3_600_000, 43_200_000, calendar.Instant(w.r.IntN(90_000_000)))
	if w.r.IntN(4) == 0 { // on the stroke of midnight
		w.known = max(w.known, calendar.DayOf(w.known).AddDays(1).Start())
	}
	e.Graduate, e.Seq, e.KnownAt = w.id, len(w.events)+1, w.known
	w.events = append(w.events, e)
}

func (w *writer) next() {
	switch n := w.r.IntN(10); {
	case n == 0:
		w.put(history.Event{TrueOn: randomDay(w.r), Set: history.Settings{pick(w.r,
			history.Setting{Key: history.Level, Value: pick(w.r, "undergraduate", "master", "")},
			history.Setting{Key: history.Cohort, Value: pick(w.r, "2023", "2024", "2025")},
			history.Setting{Key: history.Left, Value: pick(w.r, "true", "false")},
			history.Setting{Key: history.InStatistics, Value: pick(w.r, "true", "false")})}})
	case n < 3 && len(w.cases) > 0:
		w.put(history.Event{Case: pick(w.r, w.cases...), Mark: pick(w.r, history.Disputed, history.Upheld, history.Struck,
			history.Restored, history.Replied, history.Seen)})
	case n < 6:
		w.first(history.Recorded)
	case w.open == "":
		w.first(pick(w.r, history.Proposed, history.Submitted))
	default:
		w.move()
	}
}

// payload is what a step may carry.
func (w *writer) payload(e history.Event, always bool) history.Event {
	if always || w.r.IntN(4) == 0 {
		e.TrueOn = randomDay(w.r)
		e.Scheme, e.Code = "MOE-2021", pick(w.r, "10", "11", "12", "271", "512", "46", "75", "76", "77", "801", "82", "85",
			"70-SEEK", "70-EXAM", "71", "72-NONE", "71", "70-SEEK")
	}
	if w.r.IntN(3) == 0 {
		e.Counts.Nature = pick(w.r, "23", "31")
	}
	return e
}

// first begins a change.
func (w *writer) first(s history.Step) {
	w.changes++
	e := history.Event{Change: fmt.Sprintf("x%d", w.changes), Step: s, Act: history.Open}
	if len(w.cases) > 0 && w.r.IntN(2) == 0 {
		e.Case, e.Act = pick(w.r, w.cases...), pick(w.r, history.Amend, history.Amend, history.End, history.Void)
	} else {
		e.Case = fmt.Sprintf("k%d", w.changes)
		w.cases = append(w.cases, e.Case)
	}
	w.put(w.payload(e, e.Act == history.Open || w.r.IntN(2) == 0))
	if s != history.Recorded {
		w.open, w.last = e.Change, s
	}
}

// move takes the change under way a step on.
func (w *writer) move() {
	e := history.Event{Change: w.open}
	switch w.last {
	case history.Proposed, history.Returned:
		e.Step = pick(w.r, history.Submitted, history.Submitted, history.Withdrawn)
	default:
		e.Step = pick(w.r, history.Passed, history.Returned, history.Approved, history.Approved, history.Refused, history.Withdrawn, history.Submitted)
	}
	e = w.payload(e, false)
	w.put(e)
	w.last = e.Step
	switch e.Step {
	case history.Approved, history.Refused, history.Withdrawn:
		w.open = ""
	}
}

func printed(events []history.Event) string {
	var b strings.Builder
	for _, e := range events {
		fmt.Fprintf(&b, "%d %s %s %s %s %s %s %s %q %v\n", e.Seq, e.KnownAt, e.Change, e.Step, e.Act, e.Case, e.Mark, e.Code, e.TrueOn, e.Set)
	}
	return b.String()
}
