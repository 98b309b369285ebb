package proofread

import (
	"slices"
)

// accept tells whether the rows show that the column is that sum, and drops misses that
// they do not show.
func (g *grid) accept(s *sum, pooled map[int]bool) bool {
	c, p := s.counts, s.shares
	switch {
	case s.said && g.cols[s.t].role == subtotal:
		if !pooled[s.t] {
			return false
		}
		if n := len(g.subtotals()); n > 2 || !c.trust(3, 3) {
			s.keepLines(g)
		}
		return true
	case s.said:
		s.dropRates(g)
		c, p = s.counts, s.shares
		hits, misses := c.hits+p.hits, len(c.misses)+len(p.misses)
		return hits >= 1 && hits >= 2*misses || hits >= 1 && misses == 1 || g.lone(s)
	}
	counts := c.trust(3, 3) && c.bits >= 24
	shares := p.trust(3, 3) && p.bits >= 21 || p.trust(2, 1) && p.bits >= 14 && g.confirmed(s)
	if counts && g.leftOut(s, c) || shares && g.leftOut(s, p) && !g.confirmed(s) {
		if g.totalMisses(s) {
			return false
		}
		s.weak = true
	}
	if !counts {
		s.counts = tally{}
	}
	if !shares {
		s.shares = tally{}
	}
	return counts || shares
}

// leftOut tells whether the rows that miss may have a kind that the table does not
// print: the whole is larger than its parts there, and few rows hold.
func (g *grid) leftOut(s *sum, t tally) bool {
	larger := 0
	for _, r := range t.misses {
		list, _, _ := g.addends(r, s.parts, g.cells[r][s.t].kind)
		if added(list).Cmp(g.cells[r][s.t].Decimal) < 0 {
			larger++
		}
	}
	total := slices.ContainsFunc(g.rows, func(l line) bool { return l.role == total })
	return larger > 0 && (g.totalMisses(s) || !total && t.hits < 8*larger)
}

// totalMisses tells whether the total row misses with others.
func (g *grid) totalMisses(s *sum) bool {
	rows := slices.Concat(s.counts.misses, s.shares.misses)
	return len(rows) > 1 && slices.ContainsFunc(rows, func(r int) bool { return g.rows[r].role == total })
}

// dropRates forgets the rows where a total of shares is no sum because rates do not add
// up: all but those where the total is 100, unless most hold.
func (s *sum) dropRates(g *grid) {
	if s.shares.hits >= 2*len(s.shares.misses) {
		return
	}
	s.shares.misses = slices.DeleteFunc(slices.Clone(s.shares.misses), func(r int) bool {
		list, _, _ := g.addends(r, s.parts, percent)
		return g.cells[r][s.t].Cmp(Whole(100)) != 0 || added(list).Cmp(Whole(130)) > 0
	})
}

// lone accepts a total that nothing beside it confirms: the only row of counts, all of
// its parts printed, and one digit of one figure would mend it.
func (g *grid) lone(s *sum) bool {
	if len(s.counts.misses) != 1 || s.shares.hits+len(s.shares.misses)+s.counts.hits > 0 || len(s.parts) < 3 || topList(g.title) || containsAny(g.title, overlapping) || g.treed(s) {
		return false
	}
	r := s.counts.misses[0]
	list, _, _ := g.addends(r, s.parts, count)
	return slip(g.cells[r][s.t].Decimal, list)
}

// slip tells whether one digit of the whole or of one part, changed, would mend a sum.
func slip(whole Decimal, list []Decimal) bool {
	rest := whole.Sub(added(list))
	if typo(whole, added(list)) {
		return true
	}
	return slices.ContainsFunc(list, func(p Decimal) bool { return typo(p, p.Add(rest)) })
}

// likely tells whether a sum of counts is off as figures are that somebody mistyped or
// forgot to bring up to date: by one digit or by a few. By any other number it is off
// where a part is missing or counted twice.
func likely(whole Decimal, list []Decimal) bool {
	rest := whole.Sub(added(list)).Units
	return -3 <= rest && rest <= 3 || slip(whole, list)
}

// overlapping are titles of tables whose lines may count a person twice.
var overlapping = []string{"困难", "特殊", "重点", "区域", "战略", "经济带", "经济区", "强企业", "多选", "获奖", "荣誉", "证书", "国家重大"}

// treed tells whether some part is itself the sum of parts beside it, so that nobody
// knows which of them the total counts.
func (g *grid) treed(s *sum) bool {
	for _, t := range s.parts {
		for _, set := range g.runs(t) {
			if o := g.sum(t, set.parts, false); o.counts.holds() {
				return true
			}
		}
	}
	return false
}

// topList is true for tables that show only the first of a list.
func topList(title string) bool {
	return containsAny(title, []string{"前十", "前五", "前三", "前二十", "前10", "前5", "前 10", "前 5", "Top", "TOP", "top", "主要", "部分", "较多", "排名", "最高", "最多", "举例", "一览"})
}

// typo tells whether two whole numbers differ as a slip of the pen does: in one digit,
// or in two digits changed over.
func typo(a, b Decimal) bool {
	x, y := a.String(), b.String()
	if len(x) != len(y) || b.Units < 0 {
		return false
	}
	var at []int
	for i := range len(x) {
		if x[i] != y[i] {
			at = append(at, i)
		}
	}
	return len(at) == 1 || len(at) == 2 && at[1] == at[0]+1 && x[at[0]] == y[at[1]] && x[at[1]] == y[at[0]]
}

// lostPart tells whether a total misses a whole part: it is too large in two columns or
// more, by as much as a part is, and too small in none. That is a row that was lost on
// the way here, or left out of the table, and no figure that is wrong.
func (g *grid) lostPart(s sum) bool {
	short, whole := 0, false
	for r := range g.rows {
		v := g.cells[r][s.t]
		list, soft, ok := g.addends(r, s.parts, v.kind)
		if !ok || soft || !v.number() || v.Units == 0 || matches(v, list) {
			continue
		}
		rest := v.Sub(added(list))
		switch {
		case rest.Units < 0 && v.kind == count:
			return false
		case rest.Units > 0 && (v.kind == count || g.additive(r) || v.Cmp(Whole(100)) == 0):
			short++
			whole = whole || !slices.ContainsFunc(list, func(d Decimal) bool { return d.Units > 0 }) || rest.Cmp(least(list)) >= 0
		}
	}
	return short > 1 && whole
}

// elsewhere tells whether the same parts make up the total in another column of counts,
// where a part that is missing or counted twice would show.
func (g *grid) elsewhere(s sum, whole value, parts Decimal) bool {
	rest := whole.Units - parts.Units
	for r := range g.rows {
		v := g.cells[r][s.t]
		list, soft, ok := g.addends(r, s.parts, count)
		if v.kind == count && ok && !soft && matches(v, list) && v.Units*max(rest, -rest) >= 3*whole.Units {
			return true
		}
	}
	return false
}

// least is the smallest that is not none.
func least(list []Decimal) Decimal {
	out := Whole(maxUnits)
	for _, d := range list {
		if d.Units > 0 {
			out = smaller(out, d)
		}
	}
	return out
}
