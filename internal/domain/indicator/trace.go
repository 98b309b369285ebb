package indicator

import (
	"slices"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/history"
)

// tracer folds one graduate's events and lays out what was known after each
// instant. It is used again and again, so that building makes little garbage.
type tracer struct {
	fold   *history.Fold
	people trace[history.Attributes]
	where  trace[history.Destination]
	proof  trace[history.Facts] // of the running case

	personPieces []history.PersonPiece
	placePieces  []history.DestinationPiece
}

// trace is one aspect of one graduate: versions and their pieces.
type trace[T comparable] struct {
	versions []draft
	from     []int32
	value    []T
}

// draft is a version that is not stored yet: its pieces are [first, end).
type draft struct {
	since      calendar.Instant
	first, end int
}

// trace lays out the events. Before enrolment there is nobody to count, and no
// cut lies between two events of one instant.
func (t *tracer) trace(events []history.Event) {
	t.fold.Reset()
	t.people.reset()
	t.where.reset()
	t.proof.reset()
	whoChanged := false
	for i := range events {
		e := &events[i]
		t.fold.Apply(e)
		whoChanged = whoChanged || e.Step == "" && e.Mark == ""
		if i+1 < len(events) && events[i+1].KnownAt == e.KnownAt || !t.fold.Enrolled() {
			continue
		}
		if whoChanged {
			t.personPieces = t.fold.AppendPeople(t.personPieces[:0])
			for _, p := range t.personPieces {
				t.people.add(p.From, p.Attrs)
			}
			t.people.close(e.KnownAt)
			whoChanged = false
		}
		t.placePieces = t.fold.AppendDestinations(t.placePieces[:0])
		for _, p := range t.placePieces {
			t.where.add(p.From, p.Destination)
			t.proof.add(p.From, t.facts(p.Case))
		}
		t.where.close(e.KnownAt)
		t.proof.close(e.KnownAt)
	}
}

// facts stand behind the case; none behind no case.
func (t *tracer) facts(id string) history.Facts {
	if k := t.fold.Case(id); k != nil {
		return k.Facts
	}
	return history.Facts{}
}

func (t *trace[T]) reset() {
	t.versions, t.from, t.value = t.versions[:0], t.from[:0], t.value[:0]
}

// add appends a piece to the version that is being laid out; a piece equal to
// the one before it says nothing new.
func (t *trace[T]) add(from calendar.Day, value T) {
	if n := len(t.value); n > t.closed() && t.value[n-1] == value {
		return
	}
	t.from, t.value = append(t.from, dayNumber(from)), append(t.value, value)
}

// closed is where the pieces of the last closed version end.
func (t *trace[T]) closed() int {
	if len(t.versions) == 0 {
		return 0
	}
	return t.versions[len(t.versions)-1].end
}

// close ends the version; one equal to the version before it is dropped.
func (t *trace[T]) close(known calendar.Instant) {
	first := t.closed()
	if len(t.versions) > 0 {
		v := t.versions[len(t.versions)-1]
		if slices.Equal(t.from[v.first:first], t.from[first:]) && slices.Equal(t.value[v.first:first], t.value[first:]) {
			t.from, t.value = t.from[:first], t.value[:first]
			return
		}
	}
	t.versions = append(t.versions, draft{known, first, len(t.value)})
}

// dayStart is the instant at which a numbered day begins at +08:00.
func dayStart(day int32) calendar.Instant {
	return (calendar.Instant(day)*24 - 8) * 3_600_000
}

// dayNumber counts days since 1970-01-01; the blank day is before all others.
// Building asks it of every piece, hence the arithmetic instead of package time.
func dayNumber(d calendar.Day) int32 {
	if d == "" {
		return beginning
	}
	if len(d) != len("2006-01-02") {
		return int32(d.Start() / 86_400_000)
	}
	digits := func(from, to int) (n int) {
		for _, c := range d[from:to] {
			n = 10*n + int(c-'0')
		}
		return n
	}
	y, m, day := digits(0, 4), digits(5, 7), digits(8, 10)
	if m <= 2 { // the year begins in March, so that leap days come last
		y, m = y-1, m+12
	}
	return int32(365*y + y/4 - y/100 + y/400 + (153*(m-3)+2)/5 + day - 719_469)
}

// newest is when the last version became known.
func (t *trace[T]) newest() calendar.Instant {
	if len(t.versions) == 0 {
		return 0
	}
	return t.versions[len(t.versions)-1].since
}

// settled returns the least instant from which on, whichever T is asked, what was
// known at T says the same of T as what is known now. Before it somebody may have
// to be counted in hindsight; most questions come after it.
func (t *trace[T]) settled(alike func(a, b *T) bool) calendar.Instant {
	if len(t.versions) == 0 {
		return 0
	}
	present := t.versions[len(t.versions)-1]
	for i := len(t.versions) - 2; i >= 0; i-- {
		was := t.versions[i]
		// was is what is known at T for T in (was.since, until].
		if last, ok := t.parting(present, was, t.versions[i+1].since, alike); ok && last > was.since {
			return last + 1
		}
	}
	return t.versions[0].since + 1 // before that, nothing was known
}

// parting returns the last instant T, not after until, on whose last day the two
// versions say different things.
func (t *trace[T]) parting(a, b draft, until calendar.Instant, alike func(a, b *T) bool) (calendar.Instant, bool) {
	i, j := a.end-1, b.end-1
	for end := until; ; {
		from := max(t.from[i], t.from[j])
		if begin := dayStart(from); begin < end {
			if !alike(&t.value[i], &t.value[j]) {
				return end, true
			}
			end = begin
		}
		if i == a.first && j == b.first {
			return 0, false
		}
		if t.from[i] == from && i > a.first {
			i--
		}
		if t.from[j] == from && j > b.first {
			j--
		}
	}
}
