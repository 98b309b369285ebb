package indicator

import (
	"slices"

	"quxiang/internal/domain/calendar"
)

// tally counts people by row and sign. Each worker has its own; they are added
// up by what the rows are, not by their numbers.
type tally struct {
	axes      []axis
	byPlace   bool      // some axis is of the place
	chain     []pairing // by axis: row so far × value → row
	signing   signing
	count     []int32 // row × sign
	hindsight int     // people whose row, cells or membership was not known so at T

	scratch [batchSize]int32 // rows of the batch
	picked  [batchSize]int32 // of the batch: whom to look at again
}

func newTally(axes []axis, s signing) *tally {
	t := &tally{axes: axes, chain: make([]pairing, len(axes)), signing: s}
	for i := range axes {
		t.chain[i].width = len(axes[i].dict.values)
		t.byPlace = t.byPlace || !axes[i].person
	}
	return t
}

// rows numbers each entry's combination of cohort and dimensions, one dimension
// after the other, so that each loop reads one column.
func (t *tally) rows(batch []entry) []int32 { return t.number(t.scratch[:len(batch)], batch) }

// row is rows of one entry.
func (t *tally) row(e entry) int32 {
	var one [1]int32
	return t.number(one[:], []entry{e})[0]
}

func (t *tally) number(rows []int32, batch []entry) []int32 {
	for i := range batch {
		rows[i] = batch[i].cohort
	}
	for k := range t.axes {
		a, p := &t.axes[k], &t.chain[k]
		col, width, table := a.col, p.width, p.table
		for i := range batch {
			at := batch[i].person
			if !a.person {
				at = batch[i].place
			}
			value := col[at]
			pair := int(rows[i])*width + int(value)
			if pair < len(table) && table[pair] > 0 {
				rows[i] = table[pair] - 1
				continue
			}
			rows[i] = p.miss(rows[i], value)
			table = p.table
		}
	}
	return rows
}

func (t *tally) add(row, sign int32) {
	at := int(row)*len(t.signing.signs) + int(sign)
	if at >= len(t.count) {
		t.count = append(t.count, make([]int32, at+1-len(t.count))...)
	}
	t.count[at]++
}

// pairing numbers pairs of a row and a value, by a plain table while that is
// small and by a map from then on.
type pairing struct {
	width int
	table []int32 // row × value → number + 1
	wide  map[[2]uint32]int32
	pairs [][2]uint32
}

// maxPairingTable is the largest plain table, in entries.
const maxPairingTable = 1 << 22

// miss numbers a pair that the plain table does not have.
func (p *pairing) miss(row int32, value uint32) int32 {
	pair := [2]uint32{uint32(row), value}
	if n, ok := p.wide[pair]; ok {
		return n
	}
	n := int32(len(p.pairs))
	p.pairs = append(p.pairs, pair)
	if size := (int(row) + 1) * p.width; size <= maxPairingTable {
		if size > len(p.table) {
			p.table = append(p.table, make([]int32, size-len(p.table))...)
		}
		p.table[int(row)*p.width+int(value)] = n + 1
		return n
	}
	if p.wide == nil {
		p.wide = map[[2]uint32]int32{}
	}
	p.wide[pair] = n
	return n
}

// key of a row: the cohort and the values of the dimensions, as numbers.
func (t *tally) key(row int32) [MaxBy + 1]uint32 {
	var key [MaxBy + 1]uint32
	for i, p := range slices.Backward(t.chain) {
		key[i+1] = p.pairs[row][1]
		row = int32(p.pairs[row][0])
	}
	key[0] = uint32(row)
	return key
}

// counted is a finished count: rows by key, each with a number a sign.
type counted struct {
	signs     []signature
	rows      map[[MaxBy + 1]uint32][]int32
	axes      []axis
	hindsight int
}

// count makes one pass for each distinct cut. The caller holds c.mu.
func (c *Columns) count(p *plan) *counted {
	s := c.signing(p)
	axes := make([]axis, len(p.by))
	for i, d := range p.by {
		axes[i] = c.axis(d, p.query.Contract)
	}
	out := &counted{signs: s.signs, axes: axes, rows: map[[MaxBy + 1]uint32][]int32{}}
	all, bounds := c.lens(p), p.bounds()
	for i, b := range bounds {
		if slices.Index(bounds, b) < i {
			continue // done with an earlier cohort
		}
		l := all.only(b, bounds)
		then := b
		then.known = min(b.known, p.cuts[i].True)
		tallies := make([]*tally, c.workers())
		c.split(len(tallies), func(w, lo, hi int) {
			t := newTally(axes, s)
			tallies[w] = t
			l.scan(lo, hi, b, func(batch []entry) { t.take(l, batch, b.known, then) })
		})
		for _, t := range tallies {
			out.merge(t)
		}
	}
	return out
}

// bounds returns the cut of each cohort.
func (p *plan) bounds() []bound {
	out := make([]bound, len(p.cuts))
	for i, c := range p.cuts {
		out[i] = boundOf(c)
	}
	return out
}

// take counts a batch, and those who would have counted otherwise by what was
// known at T.
func (t *tally) take(l *lens, batch []entry, known calendar.Instant, then bound) {
	of := t.signing.of
	rows := t.rows(batch)
	for i := range batch {
		if sign := of[batch[i].place]; sign != outside {
			t.add(rows[i], sign)
		}
	}
	if then.known >= known {
		return
	}
	for _, i := range t.late(l.c, batch, known, then.known) {
		if of[batch[i].place] != outside && !t.same(l, &batch[i], rows[i], then) {
			t.hindsight++
		}
	}
}

// late picks those of the batch whom what was known then may show otherwise.
// Chance decides who is among them, so there is no branch to guess at: the sign
// bit of a difference moves the end of the list on.
func (t *tally) late(c *Columns, batch []entry, known, then calendar.Instant) []int32 {
	n := 0
	if c.newest < known {
		for i := range batch {
			t.picked[n] = int32(i)
			n += int(uint64(then-c.settled[batch[i].graduate]) >> 63)
		}
		return t.picked[:n]
	}
	for i := range batch {
		if g := batch[i].graduate; then < c.settled[g] || c.learnedSince(g, known) {
			t.picked[n] = int32(i)
			n++
		}
	}
	return t.picked[:n]
}

// learnedSince reports that something was learned of a graduate at k or later.
func (c *Columns) learnedSince(g int32, k calendar.Instant) bool {
	return c.where.present[g].since >= k || c.people.present[g].since >= k
}

// same reports that a graduate had the same row and cells by what was known
// then. Nearly always nothing new was learned of the person, and rows do not
// hang on the place: then only the place is looked at.
func (t *tally) same(l *lens, e *entry, row int32, then bound) bool {
	if l.c.people.present[e.graduate].since < then.known && !t.byPlace && !l.byPlace {
		place, ok := l.c.where.at(e.graduate, then)
		return ok && (place == e.place || t.alike(place, e.place))
	}
	was, ok := l.see(e.graduate, then)
	return ok && t.alike(was.place, e.place) && t.row(was) == row
}

// alike reports that two places count in the same cells; the second is inside.
func (t *tally) alike(a, b uint32) bool {
	was, is := t.signing.of[a], t.signing.of[b]
	return was == is || was != outside && t.signing.signs[was].cells == t.signing.signs[is].cells
}

func (c *counted) merge(t *tally) {
	c.hindsight += t.hindsight
	width := len(c.signs)
	for lo := 0; lo < len(t.count); lo += width {
		part := t.count[lo:min(lo+width, len(t.count))]
		if !slices.ContainsFunc(part, func(n int32) bool { return n > 0 }) {
			continue
		}
		key := t.key(int32(lo / width))
		sum := c.rows[key]
		if sum == nil {
			sum = make([]int32, width)
			c.rows[key] = sum
		}
		for i, n := range part {
			sum[i] += n
		}
	}
}
