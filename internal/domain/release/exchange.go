package release

import (
	"math"
	"slices"
)

// exchange is another school that looks the same: some people of two kinds stand
// in each other's place, or some people of one kind in other rows, so that no
// coarser table shows it. What it changes of the own breakdown has to be withheld.
type exchange struct {
	diff  columns // what changes in a row: nothing but who stands there, if this is empty
	rows  []*group
	wider []*group // of coarser breakdowns, whose numbers are withheld already
	cost  int
}

// maxAtoms bounds how many atoms an exchange takes; each dimension that is crossed
// doubles them.
const maxAtoms = 8

// maxSteps bounds the search for one target by two kinds, and for all kinds.
const (
	maxSteps    = 600
	maxAllSteps = 60_000
)

// protect finds the exchange that changes a target and withholds least, and
// withholds what it changes of the own breakdown; false if there is none.
func (f *frame) protect(b *breakdown, t aim) bool {
	g := &b.groups[t.group]
	if t.column == wholeRow && g.moves || t.column != wholeRow && (g.changes.has(t.column) || f.given.has(t.column)) {
		return true
	}
	left := maxAllSteps
	for atoms := 2; atoms <= maxAtoms; atoms += 2 {
		s := search{frame: f, target: g, column: t.column, max: atoms, best: exchange{cost: math.MaxInt}}
		if t.column == wholeRow {
			s.moves(&left)
		} else {
			s.swaps(&left)
		}
		if s.best.cost < math.MaxInt {
			f.accept(&s.best)
			return true
		}
	}
	return false
}

// accept withholds what an exchange changes, and notes what it keeps uncertain.
func (f *frame) accept(x *exchange) {
	moved := x.diff == columns{}
	for _, rows := range [][]*group{x.rows, x.wider} {
		for _, g := range rows {
			g.moves = g.moves || moved
			g.changes = g.changes.or(&x.diff)
		}
	}
	for _, g := range x.rows {
		if moved {
			g.gone = true
		} else if !g.gone {
			g.hidden = g.hidden.or(&x.diff)
		}
	}
}

// giveUp withholds a column from all rows, with as few others as hide it: what
// the target is then hangs on coarser tables only, which show what they show.
func (f *frame) giveUp(column int) {
	var best columns
	least := math.MaxInt
	for a := range f.kinds {
		for b := range a {
			diff := &f.differ[a][b]
			if !diff.has(column) {
				continue
			}
			cost := 0
			for i := range f.own.groups {
				cost += diff.without(&f.own.groups[i].hidden)
			}
			if cost < least {
				best, least = *diff, cost
			}
		}
	}
	f.given = f.given.or(&best)
	for i := range f.own.groups {
		if g := &f.own.groups[i]; !g.gone {
			g.hidden = g.hidden.or(&best)
		}
	}
}

// search looks for exchanges of one form: at each atom that gains, a person of
// the kind gain takes the place of one of the kind lose; at each that pays, the
// other way round.
type search struct {
	*frame
	target     *group
	column     int // of the target
	gain, lose int // lose: nobody if people move
	diff       columns
	max        int
	left       int // steps
	atoms      []int
	signs      []int // by atom: 1 gains, -1 pays
	best       exchange
}

const nobody = -1

func (s *search) swaps(left *int) {
	for s.lose = range s.kinds {
		for s.gain = range s.kinds {
			if s.diff = s.differ[s.lose][s.gain]; s.diff.has(s.column) {
				s.begin(1, left)
			}
		}
	}
}

func (s *search) moves(left *int) {
	s.lose = nobody
	for s.gain = range s.kinds {
		s.begin(1, left)
		s.begin(-1, left)
	}
}

// begin starts from each atom of the target.
func (s *search) begin(sign int, left *int) {
	for _, i := range s.target.atoms {
		if *left <= 0 || s.best.cost == 0 {
			return
		}
		s.left = min(maxSteps, *left)
		*left -= s.left
		s.try(i, sign)
		*left += s.left
	}
}

// try adds an atom, if somebody stands there who can go.
func (s *search) try(i, sign int) {
	goes := s.lose
	if sign < 0 {
		goes = s.gain
	}
	if goes != nobody && s.frame.atoms[i].count[goes] == 0 {
		return
	}
	s.atoms, s.signs = append(s.atoms, i), append(s.signs, sign)
	s.balance(i, sign)
	if s.cost() < s.best.cost {
		s.step()
	}
	s.balance(i, -sign)
	s.atoms, s.signs = s.atoms[:len(s.atoms)-1], s.signs[:len(s.signs)-1]
}

func (s *search) balance(i, sign int) {
	for _, b := range s.coarse {
		b.groups[b.of[i]].net += sign
	}
	s.own.groups[s.own.of[i]].net += sign
}

// step mends the smallest row of a coarser table that shows a change, or has found
// an exchange.
func (s *search) step() {
	if s.left--; s.left < 0 {
		return
	}
	h := s.showing()
	if h == nil {
		s.finish()
		return
	}
	if len(s.atoms) == s.max {
		return
	}
	sign := 1
	if h.net > 0 {
		sign = -1
	}
	after := 0 // neighbours first
	for after < len(h.atoms) && h.atoms[after] < s.atoms[0] {
		after++
	}
	for d := range h.atoms {
		i := h.atoms[(after+d)%len(h.atoms)]
		if s.left > 0 && s.best.cost > 0 && !slices.Contains(s.atoms, i) {
			s.try(i, sign)
		}
	}
}

// showing returns the smallest row of a coarser table that shows a change.
func (s *search) showing() *group {
	var out *group
	for _, b := range s.coarse {
		for _, i := range s.atoms {
			g := &b.groups[b.of[i]]
			if g.net != 0 && !s.free(g) && (out == nil || len(g.atoms) < len(out.atoms)) {
				out = g
			}
		}
	}
	return out
}

// free reports that a row may change without being seen.
func (s *search) free(g *group) bool {
	return g.gone || s.lose != nobody && s.diff.without(&g.hidden) == 0
}

// finish keeps the exchange, if the target changes and no row comes or goes.
func (s *search) finish() {
	if s.target.net == 0 {
		return
	}
	x := exchange{cost: s.cost()}
	if s.lose != nobody {
		x.diff = s.diff
	}
	for _, b := range slices.Concat(s.coarse, []*breakdown{s.own}) {
		for _, i := range s.atoms {
			g := &b.groups[b.of[i]]
			if g.net == 0 {
				continue
			}
			if !s.stays(g) {
				return
			}
			if b == s.own {
				x.rows = append(x.rows, g)
			} else {
				x.wider = append(x.wider, g)
			}
		}
	}
	s.best = x
}

// stays reports that a row of a table of everybody, or of those with an employer,
// has people before and after.
func (s *search) stays(g *group) bool {
	if s.lose == nobody && g.n+g.net < 1 {
		return false
	}
	if s.base < 0 {
		return true
	}
	by := 0
	if s.kinds[s.gain].in.has(s.base) {
		by += g.net
	}
	if s.lose != nobody && s.kinds[s.lose].in.has(s.base) {
		by -= g.net
	}
	return by == 0 || g.k[s.base] > 0 && g.k[s.base]+by > 0
}

// cost is how much more the atoms so far would withhold: of two that withhold as
// much, one is dearer if what its rows have together would be small itself.
func (s *search) cost() int {
	cost, sum := 0, 0
	for n, i := range s.atoms {
		g := &s.own.groups[s.own.of[i]]
		if g.net == 0 || s.seen(n) {
			continue
		}
		sum += g.value(s.column)
		switch {
		case g.gone:
		case s.lose == nobody:
			cost += g.n + 1
		default:
			cost += 2 * s.diff.without(&g.hidden)
		}
	}
	if cost > 0 && sum < s.rule.Smallest {
		cost++
	}
	return cost
}

// seen reports that an earlier atom is in the same row.
func (s *search) seen(n int) bool {
	return slices.ContainsFunc(s.atoms[:n], func(i int) bool { return s.own.of[i] == s.own.of[s.atoms[n]] })
}
