package layout

import "slices"

// labels gives the labels of one column of words to the rows: a label may be broken
// over several lines, and may stand once for several rows, in the middle of them or
// beside the first.
func (b *gridBody) labels(c int) bool {
	group := b.isGroupColumn(c)
	from, items := 0, b.items[c]
	for from < len(b.rows) {
		if covers(b.rows[from], c) {
			from++
			continue
		}
		to := from
		for to < len(b.rows) && !covers(b.rows[to], c) {
			to++
		}
		n := len(items)
		if to < len(b.rows) {
			n = b.before(items, to)
		}
		if !b.assign(c, from, to, items[:n], group) {
			return false
		}
		items = items[n:]
		from = to
	}
	return len(items) == 0
}

func covers(a anchor, c int) bool { return a.span[0] <= c && c < a.span[1] }

// before counts the items above a row that a label across the columns takes: those
// nearer to the row before it.
func (b *gridBody) before(items []piece, row int) int {
	top := b.rows[row].top
	n := 0
	for n < len(items) && items[n].top < top {
		n++
	}
	return n
}

// isGroupColumn: columns of words follow it before the figures begin, so that one of
// its labels may hold for several rows.
func (b *gridBody) isGroupColumn(c int) bool {
	cols := b.g.columns
	return c+1 < len(cols) && !cols[c+1].figures() && len(b.items[c]) > 0
}

// assign gives items to the rows from and to, in order, at the least cost.
func (b *gridBody) assign(c, from, to int, items []piece, group bool) bool {
	if len(items) == 0 {
		if from == 0 && group {
			b.g.open = true
		}
		return !group || from == 0 || c > 0
	}
	if b.oneEach(c, from, to, items) {
		return true
	}
	if len(items)*(to-from) > 100_000 {
		return false
	}
	best, plan := b.choose(c, from, to, items, group)
	only := len(plan) == 1 && to > from // one label for all the rows between two sums
	if best < 0 || !only && best > len(plan)*max(b.g.pitch, unit)*3/2+to-from {
		return false
	}
	for _, s := range plan {
		b.give(c, from+s.row, s, items)
	}
	return true
}

// choose finds the shares that cost least: labels in the middle of their rows or beside
// the first, the sum of a group above its rows or below. Where two ways are as good and
// give different rows, the way that other tables went is taken; -1 if none went before.
func (b *gridBody) choose(c, from, to int, items []piece, group bool) (int, []share) {
	subs := b.subRows(c, from, to)
	var cost [2]int
	var plan [2][]share
	for k, middle := range []bool{true, false} {
		cost[k] = -1
		for _, above := range []bool{true, false} {
			s := sharing{b: b, from: from, rows: to - from, items: items, group: group, middle: middle, subs: subs, above: above}
			if n, p := s.solve(); n >= 0 && (cost[k] < 0 || n < cost[k]) {
				cost[k], plan[k] = n, p
			}
		}
	}
	k := 0
	if cost[0] < 0 || cost[1] >= 0 && cost[1] < cost[0] {
		k = 1
	}
	if cost[0] >= 0 && cost[1] >= 0 && !slices.Equal(plan[0], plan[1]) && abs(cost[0]-cost[1]) < b.g.pitch/2+1 {
		switch votes := *b.g.votes; {
		case votes > 0:
			k = 0
		case votes < 0:
			k = 1
		default:
			return -1, nil
		}
	} else if cost[0] >= 0 && cost[1] >= 0 && cost[0] != cost[1] {
		*b.g.votes += map[int]int{0: 1, 1: -1}[k]
	}
	return cost[k], plan[k]
}

// subRows tells which rows sum a group: 小计 in the next column of words.
func (b *gridBody) subRows(c, from, to int) []bool {
	out := make([]bool, to-from)
	if c+1 >= len(b.items) {
		return out
	}
	for i := range out {
		for _, p := range b.items[c+1] {
			if p.top == b.rows[from+i].top && isSub(p.text) {
				out[i] = true
			}
		}
	}
	return out
}

// oneEach gives each row its label where every label stands on the line of its row.
func (b *gridBody) oneEach(c, from, to int, items []piece) bool {
	if len(items) != to-from {
		return false
	}
	for i, p := range items {
		if p.top != b.rows[from+i].top {
			return false
		}
	}
	for i := range items {
		b.give(c, from+i, share{item: i, items: 1, rows: 1}, items)
	}
	return true
}

// give writes a label into the rows that it holds for.
func (b *gridBody) give(c, row int, s share, items []piece) {
	if s.items == 0 {
		if s.rows > 0 && row == 0 && c == 0 {
			b.g.open = true
		}
		return
	}
	var j joint
	for _, p := range items[s.item : s.item+s.items] {
		j.addPiece(p)
	}
	cell := j.cell()
	for i := row; i < row+s.rows; i++ {
		b.g.body[i][c] = cell
		cell = merged(cell)
	}
}

// share says that items item… hold for rows row….
type share struct{ item, items, row, rows int }

// sharing finds which items hold for which rows.
type sharing struct {
	b      *gridBody
	from   int // first row
	rows   int
	items  []piece
	group  bool // an item may hold for several rows
	middle bool // items stand in the middle of their rows, else beside the first
	subs   []bool
	above  bool // the row that sums a group is its first, else its last
	cost   []int
	back   []share
}

const maxLabelLines = 6

// solve returns the least cost, -1 if there is no way, and the shares.
func (s *sharing) solve() (int, []share) {
	n, m := len(s.items)+1, s.rows+1
	s.cost, s.back = make([]int, n*m), make([]share, n*m)
	for i := range s.cost {
		s.cost[i] = -1
	}
	s.cost[0] = 0
	for i := range n {
		for r := range m {
			if s.cost[i*m+r] >= 0 {
				s.step(i, r)
			}
		}
	}
	end := n*m - 1
	if s.cost[end] < 0 {
		return -1, nil
	}
	var plan []share
	for at := end; at > 0; {
		p := s.back[at]
		plan = append(plan, p)
		at = p.item*m + p.row
	}
	return s.cost[end], plan
}

// step tries what may come after i items and r rows.
func (s *sharing) step(i, r int) {
	m := s.rows + 1
	base := s.cost[i*m+r]
	try := func(p share, cost int) {
		at := (i+p.items)*m + r + p.rows
		if s.cost[at] < 0 || base+cost < s.cost[at] {
			s.cost[at], s.back[at] = base+cost, p
		}
	}
	pitch := s.b.g.pitch
	if r < s.rows {
		cost := 3 * pitch // a row without a label
		if i == 0 && s.from == 0 && s.b.g.headEnd == 0 {
			cost = 2 // of a group that began on the page before
		}
		try(share{i, 0, r, 1}, cost)
	}
	for a := 1; a <= maxLabelLines && i+a <= len(s.items); a++ {
		if a > 1 && s.items[i+a-1].top-s.items[i+a-2].top > pitch*5/2 {
			break
		}
		last := 1 << 30
		for n := 1; r+n <= s.rows && (n == 1 || s.group && n <= 80); n++ {
			d := s.distance(i, a, r, n)
			if d > last && d > 4*max(pitch, unit) {
				break // further rows are further off
			}
			try(share{i, a, r, n}, d+2*(a-1)+n-1+s.misplaced(r, n))
			last = d
		}
	}
}

// misplaced is what sums cost that stand elsewhere in a group than they should, and
// groups without one.
func (s *sharing) misplaced(r, n int) int {
	cost, any := 0, false
	for i := r; i < r+n; i++ {
		if s.subs[i] {
			any = true
			if s.above && i != r || !s.above && i != r+n-1 {
				cost += 2 * s.b.g.pitch
			}
		}
	}
	if !any && n > 1 && slices.Contains(s.subs, true) {
		cost += s.b.g.pitch
	}
	return cost
}

// distance is how far items are from where they should stand.
func (s *sharing) distance(i, a, r, n int) int {
	first, last := s.b.rows[s.from+r].top, s.b.rows[s.from+r+n-1].top
	top, bottom := s.items[i].top, s.items[i+a-1].top
	if s.middle {
		d := abs((top+bottom)-(first+last)) / 2
		if n%2 == 0 && top == bottom && s.onRow(r, n, top) {
			d += s.b.g.pitch // the middle of an even number of rows is between two of them
		}
		return d
	}
	return abs(top - first)
}

// onRow tells whether one of the rows stands on the line.
func (s *sharing) onRow(r, n, top int) bool {
	return slices.ContainsFunc(s.b.rows[s.from+r:s.from+r+n], func(a anchor) bool { return a.top == top })
}
