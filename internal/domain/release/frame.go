package release

import (
	"slices"
	"strings"

	"quxiang/internal/domain/indicator"
)

// maxAxes is one more than a table may cross dimensions: level is always told apart.
const maxAxes = indicator.MaxBy + 1

// place of an atom on each axis.
type place [maxAxes]int32

// atom is the people whom no breakdown of a frame tells apart.
type atom struct {
	values []string // by dimension of the axes
	at     place
	count  []int // by kind
}

// frame is a breakdown that is being judged, with all coarser ones, over the same
// atoms. What the coarser ones withhold is settled; what this one withholds grows
// until every target is uncertain.
type frame struct {
	*judge
	dims    []indicator.Dim // of the axes
	axes    [][]indicator.Dim
	atoms   []atom
	at      map[place]int
	coarse  []*breakdown
	own     *breakdown
	targets []aim   // of the own breakdown
	given   columns // given up: withheld from all rows
}

// breakdown is a table over the atoms of a frame.
type breakdown struct {
	by      []indicator.Dim
	closed  bool  // no row is published
	of      []int // by atom: the group
	groups  []group
	targets []aim
}

// aim is a target by the number of its group.
type aim struct{ group, column int }

// group is a row of a breakdown.
type group struct {
	key    string
	atoms  []int
	n      int
	k      []int   // by column
	gone   bool    // withheld whole
	hidden columns // withheld otherwise

	net     int     // of the exchange that is being tried: atoms that gain, less those that pay
	moves   bool    // some exchange changes n
	changes columns // some exchange changes these
}

func newFrame(j *judge, by []indicator.Dim) *frame {
	f := &frame{judge: j, axes: j.rule.axes(by), at: map[place]int{}}
	for _, x := range f.axes {
		f.dims = append(f.dims, x...)
	}
	f.gather()
	for _, c := range j.rule.coarser(by) {
		b := f.breakdown(c)
		b.settle(j.decide(c))
		f.coarse = append(f.coarse, b)
	}
	f.own = f.breakdown(by)
	if j.everybody != nil {
		v := j.everybody.decide(by)
		for i := range f.own.groups {
			f.own.groups[i].gone = v.withholds(f.own.groups[i].key, j.everybody.base)
		}
	}
	return f
}

// gather sorts the people into atoms, and these into an order of their own.
func (f *frame) gather() {
	byKey := map[string]*atom{}
	for i, p := range f.people {
		values := make([]string, len(f.dims))
		for k, d := range f.dims {
			values[k] = indicator.ValueOf(d, &p.Attrs)
		}
		key := strings.Join(values, separator)
		if byKey[key] == nil {
			byKey[key] = &atom{values: values, count: make([]int, len(f.kinds))}
		}
		byKey[key].count[f.of[i]]++
	}
	for _, a := range byKey {
		f.atoms = append(f.atoms, *a)
	}
	slices.SortFunc(f.atoms, func(a, b atom) int { return slices.Compare(a.values, b.values) })
	seen := make([]map[string]int32, len(f.axes))
	for i := range f.atoms {
		a, lo := &f.atoms[i], 0
		for x, dims := range f.axes {
			if seen[x] == nil {
				seen[x] = map[string]int32{}
			}
			value := strings.Join(a.values[lo:lo+len(dims)], separator)
			n, ok := seen[x][value]
			if !ok {
				n = int32(len(seen[x]))
				seen[x][value] = n
			}
			a.at[x] = n
			lo += len(dims)
		}
		f.at[a.at] = i
	}
}

// breakdown adds the atoms up by some dimensions.
func (f *frame) breakdown(by []indicator.Dim) *breakdown {
	b := &breakdown{by: by, of: make([]int, len(f.atoms))}
	at := map[string]int{}
	key := make([]string, len(by))
	for i := range f.atoms {
		a := &f.atoms[i]
		for k, d := range by {
			key[k] = a.values[slices.Index(f.dims, d)]
		}
		name := strings.Join(key, separator)
		g, ok := at[name]
		if !ok {
			g = len(b.groups)
			at[name] = g
			b.groups = append(b.groups, group{key: name, k: make([]int, f.width)})
		}
		b.of[i] = g
		b.groups[g].add(i, a, f.aspect)
	}
	return b
}

func (g *group) add(i int, a *atom, by *aspect) {
	g.atoms = append(g.atoms, i)
	for s, n := range a.count {
		if n == 0 {
			continue
		}
		g.n += n
		for c := range g.k {
			if by.kinds[s].in.has(c) {
				g.k[c] += n
			}
		}
	}
}

// settle takes over what was decided of a coarser breakdown.
func (b *breakdown) settle(v *verdict) {
	b.closed = v.closed
	at := map[string]int{}
	for i := range b.groups {
		g := &b.groups[i]
		at[g.key] = i
		g.gone, g.hidden = v.closed || v.rows[g.key], v.cells[g.key]
	}
	for _, t := range v.targets {
		b.targets = append(b.targets, aim{at[t.row], t.column})
	}
}

// withheld returns what the breakdown withholds, by the keys of its rows.
func (b *breakdown) withheld() (rows map[string]bool, cells map[string]columns) {
	rows, cells = map[string]bool{}, map[string]columns{}
	for i := range b.groups {
		g := &b.groups[i]
		if g.gone {
			rows[g.key] = true
		} else if g.hidden != (columns{}) {
			cells[g.key] = g.hidden
		}
	}
	return rows, cells
}

// value of a group: its people, or those in a column.
func (g *group) value(column int) int {
	if column == wholeRow {
		return g.n
	}
	return g.k[column]
}

// shows reports that the value can be seen.
func (g *group) shows(column int) bool {
	return !g.gone && (column == wholeRow || !g.hidden.has(column))
}

// public reports that a coarser table shows a value of the own breakdown, because
// one of its rows is of the same people.
func (f *frame) public(g *group, column int) bool {
	return slices.ContainsFunc(f.coarse, func(b *breakdown) bool {
		h := &b.groups[b.of[g.atoms[0]]]
		return h.shows(column) && h.n == g.n && b.holds(g, h)
	})
}

// holds reports that all of a group's people are in a group of the breakdown.
func (b *breakdown) holds(g, h *group) bool {
	return !slices.ContainsFunc(g.atoms, func(i int) bool { return &b.groups[b.of[i]] != h })
}

// withhold settles the own breakdown; false if some row stays certain whatever is
// withheld beside it.
func (f *frame) withhold() bool {
	rows, cells := f.small()
	f.targets = slices.Concat(rows, cells)
	for _, t := range rows {
		f.own.groups[t.group].gone = true
	}
	if !f.protectCoarse(true) || !f.protectAll(f.own, rows) {
		return false
	}
	if f.everybody == nil {
		f.enough(1, wholeRow)
	}
	f.protectCoarse(false)
	cells = slices.DeleteFunc(cells, func(t aim) bool { return f.own.groups[t.group].gone && f.own.groups[t.group].moves })
	f.targets = slices.Concat(rows, cells)
	f.protectAll(f.own, cells)
	if f.base >= 0 {
		f.hideBases()
	}
	return true
}

// small lists the targets of the own breakdown, before anything is done.
func (f *frame) small() (rows, cells []aim) {
	isSmall := func(n int) bool { return n > 0 && n < f.rule.Smallest }
	hidesCells := f.rule.hidesCells(f.own.by)
	for i := range f.own.groups {
		g := &f.own.groups[i]
		switch {
		case g.gone:
		case f.everybody == nil && isSmall(g.n):
			if !f.public(g, wholeRow) {
				rows = append(rows, aim{i, wholeRow})
			}
		case hidesCells:
			for c, n := range g.k {
				if isSmall(n) && !f.public(g, c) {
					cells = append(cells, aim{i, c})
				}
			}
		}
	}
	return rows, cells
}

// protectCoarse protects the targets of all coarser breakdowns: rows, or cells.
func (f *frame) protectCoarse(rows bool) bool {
	for _, b := range f.coarse {
		if !f.protectAll(b, slices.DeleteFunc(slices.Clone(b.targets), func(t aim) bool { return (t.column == wholeRow) != rows })) {
			return false
		}
	}
	return true
}

// protectAll protects some targets; false if a row cannot be. A cell that cannot
// be is given up.
func (f *frame) protectAll(b *breakdown, targets []aim) bool {
	for _, t := range targets {
		if f.protect(b, t) {
			continue
		}
		if t.column == wholeRow {
			return false
		}
		f.giveUp(t.column)
	}
	return true
}

// hideBases withholds small bases of the tables of those with an employer. Where
// cells are withheld too they are targets like others; elsewhere the tables that
// count everybody show about as much, and rows enough are withheld.
func (f *frame) hideBases() {
	for i := range f.own.groups {
		g := &f.own.groups[i]
		if n := g.k[f.base]; n > 0 && n < f.rule.Smallest {
			g.hidden.add(f.base)
		}
	}
	if !f.rule.hidesCells(f.own.by) {
		f.enough(2, f.base)
	}
}

// enough withholds further rows, the smallest first, until in every row of a
// coarser table that is shown those withheld are some, and together not small:
// their sum can be had by subtraction.
func (f *frame) enough(some, column int) {
	finest := slices.Clone(f.coarse) // what is withheld within a row is withheld within its sums
	slices.SortStableFunc(finest, func(a, b *breakdown) int { return len(b.groups) - len(a.groups) })
	for again := true; again; {
		again = false
		for _, b := range finest {
			for h := range b.groups {
				if b.groups[h].shows(column) && f.enoughWithin(b, &b.groups[h], some, column) {
					again = true
				}
			}
		}
	}
}

// enoughWithin does so for one row of a coarser table, one step at a time; false
// if nothing is left to do.
func (f *frame) enoughWithin(b *breakdown, h *group, some, column int) bool {
	sum, rows := 0, 0
	var next *group
	for _, i := range h.atoms {
		g := &f.own.groups[f.own.of[i]]
		if g.atoms[0] != i || g.value(column) == 0 || !b.holds(g, h) {
			continue
		}
		switch {
		case !g.shows(column):
			sum, rows = sum+g.value(column), rows+1
		case next == nil || g.value(column) < next.value(column):
			next = g
		}
	}
	if rows == 0 || next == nil || sum >= f.rule.Smallest && rows >= some {
		return false
	}
	if column == wholeRow {
		next.gone = true
	} else {
		next.hidden.add(column)
	}
	return true
}
