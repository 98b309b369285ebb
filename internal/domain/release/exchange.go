package release

import (
	"math"
	"math/bits"
	"slices"

	"quxiang/internal/domain/indicator"
)

// box is atoms at the corners of a box: two opposite ones, and those that have
// some of their coordinates from the one and some from the other. If what one
// person does at a corner is undone at its neighbours, every breakdown that drops
// one of the box's axes stays as it is.
type box struct {
	corners []int  // atoms
	odd     []bool // by corner: undoes what the first corner does
	nets    []net  // what changes
}

// net is a row that changes, and how many corners more do than undo in it.
type net struct {
	b     *breakdown
	group int
	by    int
}

func (n *net) row() *group { return &n.b.groups[n.group] }

// exchange is another school that looks the same: what changes is withheld.
type exchange struct {
	box
	diff columns // what changes in the rows; none: people stand in other rows
	cost int
}

// maxBoxes bounds how many boxes are tried for a target.
const maxBoxes = 48

// protect finds the exchange that changes a target and withholds least, and
// withholds what it changes of the own breakdown; false if there is none.
func (f *frame) protect(b *breakdown, t aim) bool {
	g := &b.groups[t.group]
	if t.column == wholeRow && g.moves || t.column != wholeRow && g.changes.has(t.column) {
		return true
	}
	best := exchange{cost: math.MaxInt}
	tried := 0
	for _, i := range g.atoms {
		for d := 1; d < len(f.atoms) && tried < maxBoxes && best.cost > 0; d++ {
			k := (i + d) % len(f.atoms) // neighbours first
			if b.of[k] == t.group || !f.alike(i, k, b.by) {
				continue
			}
			x, ok := f.boxOf(i, k)
			if !ok {
				continue
			}
			allowed := f.allowed(&x)
			if t.column == wholeRow && allowed == every() {
				f.bestMove(&best, &x)
				tried++
			} else if t.column != wholeRow && allowed.has(t.column) {
				f.bestSwap(&best, &x, &allowed, t.column)
				tried++
			}
		}
	}
	if best.cost == math.MaxInt {
		return false
	}
	f.accept(&best)
	return true
}

// alike reports that two atoms differ only along axes of a breakdown.
func (f *frame) alike(i, k int, by []indicator.Dim) bool {
	for x, dims := range f.axes {
		if f.atoms[i].at[x] != f.atoms[k].at[x] && !slices.ContainsFunc(dims, func(d indicator.Dim) bool { return slices.Contains(by, d) }) {
			return false
		}
	}
	return true
}

// boxOf returns the box between two atoms, if there are people at all corners.
func (f *frame) boxOf(i, k int) (box, bool) {
	var differing []int
	for x := range f.axes {
		if f.atoms[i].at[x] != f.atoms[k].at[x] {
			differing = append(differing, x)
		}
	}
	var out box
	for mask := range uint(1) << len(differing) {
		at := f.atoms[i].at
		for bit, x := range differing {
			if mask&(1<<bit) != 0 {
				at[x] = f.atoms[k].at[x]
			}
		}
		corner, ok := f.at[at]
		if !ok {
			return out, false
		}
		out.corners = append(out.corners, corner)
		out.odd = append(out.odd, bits.OnesCount(mask)%2 == 1)
	}
	for _, b := range f.coarse {
		out.changes(b)
	}
	out.changes(f.own)
	return out, true
}

// changes adds what changes in a breakdown.
func (x *box) changes(b *breakdown) {
	from := len(x.nets)
	for c, i := range x.corners {
		by := 1
		if x.odd[c] {
			by = -1
		}
		at := slices.IndexFunc(x.nets[from:], func(n net) bool { return n.group == b.of[i] })
		if at < 0 {
			x.nets = append(x.nets, net{b, b.of[i], by})
		} else {
			x.nets[from+at].by += by
		}
	}
	x.nets = slices.DeleteFunc(x.nets, func(n net) bool { return n.by == 0 })
}

// allowed are the columns that may change: those withheld in every row of a
// coarser table that changes; all if such rows are withheld whole.
func (f *frame) allowed(x *box) columns {
	out := every()
	for i := range x.nets {
		if n := &x.nets[i]; n.b != f.own && !n.row().gone {
			out = out.and(&n.row().hidden)
		}
	}
	return out
}

// bestMove tries to have people of one kind stand in other rows.
func (f *frame) bestMove(best *exchange, x *box) {
	cost := 0
	for i := range x.nets {
		if n := &x.nets[i]; n.b == f.own && !n.row().gone {
			cost += n.row().n + 1
		}
	}
	if cost >= best.cost {
		return
	}
	for s := range f.kinds {
		inBase := f.base >= 0 && f.kinds[s].in.has(f.base)
		for _, sign := range []int{1, -1} {
			if f.present(x, s, sign < 0) && x.leaves(sign, wholeRow) && (!inBase || x.leaves(sign, f.base)) {
				*best = exchange{box: *x, cost: cost}
				return
			}
		}
	}
}

// present reports that somebody of the kind stands at each even, or odd, corner.
func (f *frame) present(x *box, kind int, even bool) bool {
	for c, i := range x.corners {
		if x.odd[c] != even && f.atoms[i].count[kind] == 0 {
			return false
		}
	}
	return true
}

// leaves reports that no row appears or disappears that changes by sign times its net.
func (x *box) leaves(sign, column int) bool {
	for i := range x.nets {
		if v := x.nets[i].row().value(column); v == 0 || v+sign*x.nets[i].by < 1 {
			return false
		}
	}
	return true
}

// bestSwap tries to have a person of one kind at each even corner and one of
// another kind at each odd one stand in each other's place.
func (f *frame) bestSwap(best *exchange, x *box, allowed *columns, column int) {
	for a := range f.kinds {
		if !f.present(x, a, true) {
			continue
		}
		for b := range f.kinds {
			diff := &f.differ[a][b]
			if !diff.has(column) || diff.without(allowed) > 0 || !f.present(x, b, false) || !f.keepsBases(x, a, b) {
				continue
			}
			if cost := f.cost(x, diff, column); cost < best.cost {
				*best = exchange{*x, *diff, cost}
			}
		}
	}
}

// keepsBases reports that no row of the tables of those with an employer appears
// or disappears where people of kind a become kind b.
func (f *frame) keepsBases(x *box, a, b int) bool {
	if f.base < 0 || !f.differ[a][b].has(f.base) {
		return true
	}
	if f.kinds[a].in.has(f.base) {
		return x.leaves(-1, f.base)
	}
	return x.leaves(1, f.base)
}

// cost is how much an exchange withholds that was not before; of two that withhold
// as much, one is dearer if the target's column, added up over its rows, is small.
func (f *frame) cost(x *box, diff *columns, column int) int {
	cost, sum := 0, 0
	for i := range x.nets {
		n := &x.nets[i]
		if n.b != f.own {
			continue
		}
		sum += n.row().k[column]
		if !n.row().gone {
			cost += 2 * diff.without(&n.row().hidden)
		}
	}
	if cost > 0 && sum < f.rule.Smallest {
		cost++
	}
	return cost
}

// accept withholds what an exchange changes, and notes what it keeps uncertain.
func (f *frame) accept(x *exchange) {
	moved := x.diff == columns{}
	for i := range x.nets {
		n := &x.nets[i]
		g := n.row()
		g.moves = g.moves || moved
		g.changes = g.changes.or(&x.diff)
		if n.b != f.own {
			continue
		}
		if moved {
			g.gone = true
		} else if !g.gone {
			g.hidden = g.hidden.or(&x.diff)
		}
	}
}
