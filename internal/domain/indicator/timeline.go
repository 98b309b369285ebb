package indicator

import (
	"math"
	"slices"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/history"
)

// timeline is one aspect of every graduate, who they are or where they went:
// what is known of it now, and what was known before.
type timeline struct {
	present []version // by graduate
	older   []uint32  // graduate → the newest superseded version, 1-based in past; 0: none
	now     []piece   // of the present versions

	past   []version
	before []uint32 // superseded version → the one before it, 1-based; 0: none
	then   []piece  // of the superseded versions

	dead int // pieces that no version points to any more
}

// version says how things are laid along the days, as known after an instant.
type version struct {
	since    calendar.Instant
	first, n uint32
}

// piece is a value from a day on, until the next piece.
type piece struct {
	from  int32 // days since 1970; math.MinInt32 for the beginning
	value uint32
}

// never is the present version of somebody of whom nothing is known.
var never = version{since: calendar.Forever}

// at returns the value at a cut; false if nothing was known by then.
func (t *timeline) at(g int32, b bound) (uint32, bool) {
	if v := &t.present[g]; v.since < b.known {
		return on(t.now, v, b.day), true
	}
	for i := t.older[g]; i != 0; i = t.before[i-1] {
		if v := &t.past[i-1]; v.since < b.known {
			return on(t.then, v, b.day), true
		}
	}
	return 0, false
}

// on reads a version on a day; its first piece is from the beginning.
func on(pieces []piece, v *version, day int32) uint32 {
	i := v.first + v.n - 1
	for i > v.first && pieces[i].from > day {
		i--
	}
	return pieces[i].value
}

// put replaces what is held of a graduate by what was traced.
func put[T comparable](t *timeline, g int32, traced *trace[T], id func(*T) uint32) {
	if int(g) == len(t.present) {
		t.present, t.older = append(t.present, never), append(t.older, 0)
	}
	t.forget(g)
	for i, v := range traced.versions {
		last := i == len(traced.versions)-1
		to := &t.then
		if last {
			to = &t.now
		}
		first := uint32(len(*to))
		for k := range v.n {
			*to = append(*to, piece{traced.from[v.first+k], id(&traced.value[v.first+k])})
		}
		v.first = first
		if last {
			t.present[g] = v
		} else {
			t.supersede(g, v)
		}
	}
}

func (t *timeline) supersede(g int32, v version) {
	t.past, t.before = append(t.past, v), append(t.before, t.older[g])
	t.older[g] = uint32(len(t.past))
}

func (t *timeline) forget(g int32) {
	t.dead += int(t.present[g].n)
	for i := t.older[g]; i != 0; i = t.before[i-1] {
		t.dead += int(t.past[i-1].n)
	}
	t.present[g], t.older[g] = never, 0
}

// worn reports that more than half of the pieces are dead.
func (t *timeline) worn() bool {
	return t.dead > 1<<16 && 2*t.dead > len(t.now)+len(t.then)
}

// compacted returns the timeline without what is dead, in the order of graduates.
func (t *timeline) compacted(value func(uint32) uint32) timeline {
	out := timeline{present: make([]version, len(t.present)), older: make([]uint32, len(t.older))}
	move := func(to *[]piece, from []piece, v version) version {
		first := uint32(len(*to))
		for _, p := range from[v.first : v.first+v.n] {
			*to = append(*to, piece{p.from, value(p.value)})
		}
		v.first = first
		return v
	}
	var chain []uint32
	for g := range t.present {
		chain = chain[:0]
		for i := t.older[g]; i != 0; i = t.before[i-1] {
			chain = append(chain, i)
		}
		for _, i := range slices.Backward(chain) {
			out.supersede(int32(g), move(&out.then, t.then, t.past[i-1]))
		}
		out.present[g] = move(&out.now, t.now, t.present[g])
	}
	return out
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
func (t *trace[T]) parting(a, b version, until calendar.Instant, alike func(a, b *T) bool) (calendar.Instant, bool) {
	i, j := a.first+a.n-1, b.first+b.n-1
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

// tracer folds one graduate's events and lays out what was known after each
// instant. It is used again and again, so that building makes little garbage.
type tracer struct {
	fold   *history.Fold
	people trace[history.Attributes]
	where  trace[history.Destination]

	personPieces []history.PersonPiece
	placePieces  []history.DestinationPiece
}

// trace is one aspect of one graduate: versions and their pieces.
type trace[T comparable] struct {
	versions []version
	from     []int32
	value    []T
}

// trace lays out the events. Before enrolment there is nobody to count, and no
// cut lies between two events of one instant.
func (t *tracer) trace(events []history.Event) {
	t.fold.Reset()
	t.people.reset()
	t.where.reset()
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
		}
		t.where.close(e.KnownAt)
	}
}

func (t *trace[T]) reset() {
	t.versions, t.from, t.value = t.versions[:0], t.from[:0], t.value[:0]
}

// add appends a piece to the version that is being laid out; a piece equal to
// the one before it says nothing new.
func (t *trace[T]) add(from calendar.Day, value T) {
	if n := len(t.value); n > int(t.end()) && t.value[n-1] == value {
		return
	}
	t.from, t.value = append(t.from, dayNumber(from)), append(t.value, value)
}

// end is where the pieces of the last closed version end.
func (t *trace[T]) end() uint32 {
	if len(t.versions) == 0 {
		return 0
	}
	v := t.versions[len(t.versions)-1]
	return v.first + v.n
}

// close ends the version; one equal to the version before it is dropped.
func (t *trace[T]) close(known calendar.Instant) {
	first, end := t.end(), uint32(len(t.value))
	if len(t.versions) > 0 {
		v := t.versions[len(t.versions)-1]
		if slices.Equal(t.from[v.first:first], t.from[first:]) && slices.Equal(t.value[v.first:first], t.value[first:]) {
			t.from, t.value = t.from[:first], t.value[:first]
			return
		}
	}
	t.versions = append(t.versions, version{known, first, end - first})
}

// dayStart is the instant at which a numbered day begins at +08:00.
func dayStart(day int32) calendar.Instant {
	return (calendar.Instant(day)*24 - 8) * 3_600_000
}

// dayNumber counts days since 1970-01-01; the blank day is before all others.
// Building asks it of every piece, hence the arithmetic instead of package time.
func dayNumber(d calendar.Day) int32 {
	if d == "" {
		return math.MinInt32
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
