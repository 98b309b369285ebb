package indicator

import (
	"math"
	"slices"

	"quxiang/internal/domain/calendar"
)

// timeline is one aspect of every graduate, who they are or where they went:
// what is known of it now, and what was known before.
type timeline struct {
	present []version // by graduate
	now     []piece   // of the present versions
	past    []version // superseded; 0 is nobody's
	then    []piece   // of the superseded versions
	dead    int       // pieces that no version points to any more
}

// version says how things are laid along the days, as known after an instant.
// Its pieces begin with one from the beginning and end where the next such is.
type version struct {
	since calendar.Instant
	first uint32 // piece
	older uint32 // the version before it, in past; 0: none
}

// piece is a value from a day on, until the next piece.
type piece struct {
	from  int32 // days since 1970, or beginning
	value uint32
}

// beginning is before all days.
const beginning = math.MinInt32

// never is the present version of somebody of whom nothing is known.
var never = version{since: calendar.Forever}

func newTimeline() timeline {
	end := piece{from: beginning} // behind the last version there is always a beginning
	return timeline{past: []version{never}, now: []piece{end}, then: []piece{end}}
}

// at returns the value at a cut; false if nothing was known by then.
func (t *timeline) at(g int32, b bound) (uint32, bool) {
	v := &t.present[g]
	if v.since < b.known {
		return on(t.now, v.first, b.day), true
	}
	for v.older != 0 {
		if v = &t.past[v.older]; v.since < b.known {
			return on(t.then, v.first, b.day), true
		}
	}
	return 0, false
}

// on reads the version that begins at first on a day. Most have one or two
// pieces, and which of two it is cannot be foretold: so the first step is
// computed, and the loop hardly ever runs.
func on(pieces []piece, first uint32, day int32) uint32 {
	first += begun(pieces[first+1].from, day)
	for begun(pieces[first+1].from, day) > 0 {
		first++
	}
	return pieces[first].value
}

// begun is 1 if a further piece is there by the day. The beginning of the next
// version wraps around to the greatest number.
func begun(from, day int32) uint32 {
	return uint32((uint64(uint32(from-beginning)-1) - uint64(uint32(day-beginning))) >> 63)
}

// put replaces what is held of a graduate by what was traced.
func put[T comparable](t *timeline, g int32, traced *trace[T], id func(*T) uint32) {
	if int(g) == len(t.present) {
		t.present = append(t.present, never)
	}
	t.forget(g)
	for i, v := range traced.versions {
		pieces := &t.then
		if i == len(traced.versions)-1 {
			pieces = &t.now
		}
		first := begin(pieces)
		for k := v.first; k < v.end; k++ {
			*pieces = append(*pieces, piece{traced.from[k], id(&traced.value[k])})
		}
		end(pieces)
		t.add(g, version{since: v.since, first: first}, pieces == &t.now)
	}
}

// begin takes the closing piece away and returns where the next one comes.
func begin(pieces *[]piece) uint32 {
	*pieces = (*pieces)[:len(*pieces)-1]
	return uint32(len(*pieces))
}

func end(pieces *[]piece) { *pieces = append(*pieces, piece{from: beginning}) }

// add puts a version before the graduate's others.
func (t *timeline) add(g int32, v version, present bool) {
	v.older = t.present[g].older
	if present {
		t.present[g] = v
		return
	}
	t.past = append(t.past, v)
	t.present[g].older = uint32(len(t.past) - 1)
}

// length of the version that begins at first.
func length(pieces []piece, first uint32) (n int) {
	for n = 1; pieces[int(first)+n].from != beginning; n++ {
	}
	return n
}

func (t *timeline) forget(g int32) {
	v := t.present[g]
	if v.since != never.since {
		t.dead += length(t.now, v.first)
	}
	for v.older != 0 {
		v = t.past[v.older]
		t.dead += length(t.then, v.first)
	}
	t.present[g] = never
}

// worn reports that more than half of the pieces are dead.
func (t *timeline) worn() bool {
	return t.dead > 1<<16 && 2*t.dead > len(t.now)+len(t.then)
}

// compacted returns the timeline without what is dead, in the order of graduates.
func (t *timeline) compacted(value func(uint32) uint32) timeline {
	out := newTimeline()
	move := func(to *[]piece, from []piece, first uint32) uint32 {
		at := begin(to)
		for _, p := range from[first:][:length(from, first)] {
			*to = append(*to, piece{p.from, value(p.value)})
		}
		end(to)
		return at
	}
	var chain []version
	for g, v := range t.present {
		out.present = append(out.present, never)
		if v.since == never.since {
			continue
		}
		chain = chain[:0]
		for old := v.older; old != 0; old = t.past[old].older {
			chain = append(chain, t.past[old])
		}
		for _, old := range slices.Backward(chain) {
			out.add(int32(g), version{since: old.since, first: move(&out.then, t.then, old.first)}, false)
		}
		out.add(int32(g), version{since: v.since, first: move(&out.now, t.now, v.first)}, true)
	}
	return out
}
