package indicator

import (
	"slices"

	"quxiang/internal/domain/calendar"
)

// tally counts people by row and sign. Each worker has its own; they are added
// up by what the rows are, not by their numbers.
type tally struct {
	axes      []axis
	chain     []pairing // by axis: row so far × value → row
	signing   signing
	count     []int32 // row × sign
	hindsight int     // people whose row, cells or membership was not known so at T
}

func newTally(axes []axis, s signing) *tally {
	t := &tally{axes: axes, chain: make([]pairing, len(axes)), signing: s}
	for i := range axes {
		t.chain[i].width = len(axes[i].dict.values)
	}
	return t
}

// row numbers the combination of cohort and dimensions.
func (t *tally) row(e *entry) int {
	row := int(e.cohort)
	for i := range t.axes {
		row = t.chain[i].id(row, t.axes[i].of(e.person, e.place))
	}
	return row
}

func (t *tally) add(row int, sign int32) {
	at := row*len(t.signing.signs) + int(sign)
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

func (p *pairing) id(row int, value uint32) int {
	at := row*p.width + int(value)
	if at < len(p.table) {
		if n := p.table[at]; n > 0 {
			return int(n - 1)
		}
	}
	return p.miss(row, value)
}

func (p *pairing) miss(row int, value uint32) int {
	pair := [2]uint32{uint32(row), value}
	if n, ok := p.wide[pair]; ok {
		return int(n)
	}
	n := len(p.pairs)
	p.pairs = append(p.pairs, pair)
	if size := (row + 1) * p.width; size <= maxPairingTable {
		if size > len(p.table) {
			p.table = append(p.table, make([]int32, size-len(p.table))...)
		}
		p.table[row*p.width+int(value)] = int32(n + 1)
		return n
	}
	if p.wide == nil {
		p.wide = map[[2]uint32]int32{}
	}
	p.wide[pair] = int32(n)
	return n
}

// key of a row: the cohort and the values of the dimensions, as numbers.
func (t *tally) key(row int) [MaxBy + 1]uint32 {
	var key [MaxBy + 1]uint32
	for i, p := range slices.Backward(t.chain) {
		key[i+1] = p.pairs[row][1]
		row = int(p.pairs[row][0])
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
			l.scan(lo, hi, b, func(batch []entry) { t.take(l, batch, then, then != b) })
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

// take counts a batch and compares those of whom something was learned after T
// with what was known then.
func (t *tally) take(l *lens, batch []entry, then bound, lookBack bool) {
	of := t.signing.of
	for i := range batch {
		e := &batch[i]
		sign := of[e.place]
		if sign == outside {
			continue
		}
		row := t.row(e)
		t.add(row, sign)
		if lookBack && l.c.learnedSince(e.graduate, then.known) && !t.same(l, e, row, sign, then) {
			t.hindsight++
		}
	}
}

// learnedSince reports that what is known of a graduate has changed since.
func (c *Columns) learnedSince(g int32, k calendar.Instant) bool {
	return c.where.present[g].since >= k || c.people.present[g].since >= k
}

// same reports that a graduate had the same row and cells by what was known then.
func (t *tally) same(l *lens, e *entry, row int, sign int32, then bound) bool {
	was, ok := l.see(e.graduate, then)
	if !ok {
		return false
	}
	before := t.signing.of[was.place]
	return before != outside && t.signing.signs[before].cells == t.signing.signs[sign].cells && t.row(&was) == row
}

func (c *counted) merge(t *tally) {
	c.hindsight += t.hindsight
	width := len(c.signs)
	for lo := 0; lo < len(t.count); lo += width {
		part := t.count[lo:min(lo+width, len(t.count))]
		if !slices.ContainsFunc(part, func(n int32) bool { return n > 0 }) {
			continue
		}
		key := t.key(lo / width)
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
