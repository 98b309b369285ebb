package proofread

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"
)

// baseOf says what a column of shares is a share of.
type baseOf int

const (
	ofColumn baseOf = iota // another count of the same row: 落实人数 of 毕业人数
	ofTotal                // the total of the counts' own column
	ofGroup                // the subtotal of the counts' own group
	ofOne                  // one number that does not stand in the table
)

// relation explains a column of shares: numerator and base, and the rows where it holds
// and where not. Only rows that say something count: neither none nor all.
type relation struct {
	share, num int
	of         baseOf
	base       int   // column, of ofColumn
	n, upTo    int64 // of ofOne: the smallest and the largest that fits
	hits       int
	misses     []int
}

// shareDoubts holds every column of shares against the counts of its table. Which
// counts it is a share of, the rows that agree show.
func shareDoubts(g *grid) []doubt {
	var out []doubt
	var known []relation
	var unsure, unexplained []int
	for c := range g.cols {
		if g.cols[c].kind != percent {
			continue
		}
		r, ok := g.explain(c)
		switch {
		case ok && g.trusted(r):
			known = append(known, r)
		case ok:
			unsure = append(unsure, c)
		default:
			unexplained = append(unexplained, c)
		}
	}
	for _, c := range unsure {
		if r, ok := g.patterned(c, known); ok {
			known = append(known, r)
		} else {
			unexplained = append(unexplained, c)
		}
	}
	for _, r := range known {
		for _, row := range r.misses {
			out = append(out, g.shareDoubt(r, row))
		}
	}
	return append(out, g.impossible(unexplained)...)
}

// trusted tells whether so many rows agree that the others are faults.
func (g *grid) trusted(r relation) bool {
	m := len(r.misses)
	if m > 0 && r.of == ofColumn && !g.akin(r) {
		// a rate of more than that count agrees where the rest is none
		return r.hits >= 6*m && !slices.ContainsFunc(r.misses, func(row int) bool { return g.rows[row].role == total })
	}
	if r.hits >= 3 && 3*m <= r.hits {
		return true
	}
	return r.hits >= 2 && m <= 1 && g.besides(r)
}

// akin tells whether share and count are named alike: 升学率 and 升学人数, or 比例 right
// after 人数.
func (g *grid) akin(r relation) bool {
	a, b := stem(g.cols[r.share]), stem(g.cols[r.num])
	return a == b || a == "" && r.num == r.share-1
}

// stem is the innermost label without what says only that it counts or shares.
func stem(l line) string {
	if len(l.keys) == 0 {
		return ""
	}
	outer := strings.Join(l.keys[:len(l.keys)-1], "›")
	s := l.keys[len(l.keys)-1]
	s, _, _ = strings.Cut(s, "(")
	for _, w := range []string{"所占比例", "占比", "比例", "比率", "比重", "总人数", "人数", "率", "数", "毕业生", "毕业去向", "已"} {
		s = strings.ReplaceAll(s, w, "")
	}
	return strings.TrimPrefix(outer+"›"+s, "›")
}

// besides tells whether the share stands right after its count and is named as such.
func (g *grid) besides(r relation) bool {
	if r.num != r.share-1 || r.of == ofColumn {
		return false
	}
	path := g.cols[r.share].path
	return len(path) > 0 && shares(squeeze(Fold(path[len(path)-1])))
}

// patterned finds for a column of too few rows the relation that its neighbours have:
// as many columns from its count, of the same kind of base.
func (g *grid) patterned(c int, known []relation) (relation, bool) {
	for _, k := range known {
		num := c + k.num - k.share
		if len(k.misses) > 0 || num < 0 || num >= len(g.cols) || k.of == ofOne {
			continue
		}
		r := g.test(relation{share: c, num: num, of: k.of, base: k.base})
		if r.hits >= 1 && len(r.misses) <= r.hits {
			return r, true
		}
	}
	return relation{}, false
}

// explain finds the relation that fits a column of shares best; ok if any fits at all.
func (g *grid) explain(c int) (best relation, ok bool) {
	if r, known := g.relations[c]; known {
		return r, r.hits > 0
	}
	if g.relations == nil {
		g.relations = map[int]relation{}
	}
	best, _ = g.findRelation(c)
	g.relations[c] = best
	return best, best.hits > 0
}

func (g *grid) findRelation(c int) (relation, bool) {
	var best relation
	found := false
	try := func(r relation) {
		r = g.test(r)
		if r.hits == 0 || r.hits < len(r.misses) {
			return
		}
		if !found || r.worth() > best.worth() {
			best, found = r, true
		}
	}
	counts := g.countsNear(c)
	for _, num := range counts {
		try(relation{share: c, num: num, of: ofTotal})
		try(relation{share: c, num: num, of: ofGroup})
		for _, base := range counts {
			if base != num {
				try(relation{share: c, num: num, of: ofColumn, base: base})
			}
		}
	}
	if found && len(best.misses) == 0 && best.hits > 1 {
		return best, true
	}
	for _, num := range counts {
		if n, upTo, ok := g.oneBase(c, num); ok {
			if one, found := g.baseIn(num, n, upTo); found {
				n, upTo = one, one
			}
			try(relation{share: c, num: num, of: ofOne, n: n, upTo: upTo})
		}
	}
	return best, found
}

// countsNear are the columns of counts, of very many those around a column.
func (g *grid) countsNear(c int) []int {
	var out []int
	for i, l := range g.cols {
		if l.kind == count {
			out = append(out, i)
		}
	}
	const many, around = 30, 12
	if len(out) <= many {
		return out
	}
	return slices.DeleteFunc(out, func(i int) bool { return i < c-around || i > c+around })
}

// worth orders relations; a base that stands in the table is worth more than one that
// had to be found.
func (r relation) worth() int {
	w := 4*r.hits - 12*len(r.misses)
	switch r.of {
	case ofTotal, ofColumn:
		w += 2
	case ofGroup:
		w++
	}
	return w
}

// test counts the rows where the relation holds.
func (g *grid) test(r relation) relation {
	for row := range g.rows {
		k, n, p, ok := g.triple(r, row)
		if !ok {
			continue
		}
		holds := Prints(k, n, p)
		if r.of == ofOne && !holds && p.Units > 0 {
			lo, hi := bases(k, p)
			holds = lo <= r.upTo && n <= hi
		}
		switch {
		case !holds && k == n && g.addsUp(row, r.share): // the shares as printed, added up
		case !holds:
			r.misses = append(r.misses, row)
			if len(r.misses) > 3 && len(r.misses) > r.hits {
				return r
			}
		case k > 0 && k < n:
			r.hits++
		}
	}
	return r
}

// triple is count, base and share of a row, where all three stand.
func (g *grid) triple(r relation, row int) (k, n int64, p Decimal, ok bool) {
	num, share := g.cells[row][r.num], g.cells[row][r.share]
	if num.kind != count || share.kind != percent || num.merged && share.merged {
		return 0, 0, p, false
	}
	n, ok = g.baseAt(r, row)
	return num.Units, n, share.Decimal, ok && n > 0 && num.Units >= 0
}

// baseAt is the base of a row's share.
func (g *grid) baseAt(r relation, row int) (int64, bool) {
	switch r.of {
	case ofColumn:
		v := g.cells[row][r.base]
		return v.Units, v.kind == count
	case ofOne:
		return r.n, true
	}
	if r.of == ofGroup && g.rows[row].role == subtotal {
		return 0, false // a subtotal's own share is of something else
	}
	for _, t := range g.wholesOf(r.of, g.rows[row].group) {
		if v := g.cells[t][r.num]; v.kind == count {
			return v.Units, true
		}
	}
	return 0, false
}

// wholesOf are the total rows of the grid, or the subtotals of a group, the last first.
func (g *grid) wholesOf(of baseOf, group int) []int {
	if g.sumRows == nil {
		g.sumRows = map[int][]int{}
		for t, l := range slices.Backward(g.rows) {
			switch {
			case l.role == total:
				g.sumRows[-1] = append(g.sumRows[-1], t)
			case l.role == subtotal && l.group >= 0:
				g.sumRows[l.group] = append(g.sumRows[l.group], t)
			}
		}
	}
	switch {
	case of == ofTotal:
		return g.sumRows[-1]
	case group < 0:
		return nil
	}
	return g.sumRows[group]
}

// bases are the numbers of which k may be printed as p, from lo to hi.
func bases(k int64, p Decimal) (lo, hi int64) {
	unit := pow10(p.Digits)
	// 100k/n < p + u     ⇔  n > 100·unit·k / (units + 1)
	lo = floorDiv(100*unit*k, p.Units+1) + 1
	if p.Units == 0 {
		return lo, maxUnits
	}
	// 100k/n ≥ p - u/2   ⇔  n ≤ 200·unit·k / (2·units - 1)
	return max(lo, k), floorDiv(200*unit*k, 2*p.Units-1)
}

// oneBase finds the number of which most of a column's shares are, where the counts are
// large enough to say.
func (g *grid) oneBase(share, num int) (from, to int64, ok bool) {
	type span struct{ lo, hi int64 }
	var spans []span
	for row := range g.rows {
		a, p := g.cells[row][num], g.cells[row][share]
		if a.kind != count || p.kind != percent || a.Units <= 0 || p.Units <= 0 || p.Cmp(Whole(100)) >= 0 {
			continue
		}
		if lo, hi := bases(a.Units, p.Decimal); lo <= hi && lo > 0 {
			spans = append(spans, span{lo, hi})
		}
	}
	best, at := 0, int64(0)
	for _, s := range spans {
		n := 0
		for _, o := range spans {
			if o.lo <= s.lo && s.lo <= o.hi {
				n++
			}
		}
		if n > best {
			best, at = n, s.lo
		}
	}
	if best < 2 {
		return 0, 0, false
	}
	said, end := 0, int64(maxUnits)
	for _, o := range spans {
		if o.lo <= at && at <= o.hi {
			said += bits.Len64(uint64(at / (o.hi - o.lo + 1)))
			end = min(end, o.hi)
		}
	}
	return at, end, said >= 14 && end-at <= at/20
}

// shareDoubt tells that a share is not its count's.
func (g *grid) shareDoubt(r relation, row int) doubt {
	k, n, p, _ := g.triple(r, row)
	right := Share(k, n, p.Digits)
	at := g.ref(row, r.share)
	d := doubt{Finding: Finding{
		Where: g.where(), Cell: at.g.cellName(at.r, at.c), Printed: p.String(), Expected: right.String(),
		Rule: PctVsCounts, Severity: lastDigit(p, right), Place: at.value().place, Other: g.cells[row][r.num].place,
	}}
	d.Explanation = fmt.Sprintf("%d 占 %d 的 %s%%，印的是 %s%%", k, n, right, p)
	lo, hi := Numerators(p, n)
	d.mends = []mend{mendCell(at, cut(k, n, p.Digits), right)}
	if lo <= hi {
		d.Explanation += fmt.Sprintf("（%s 相当于 %s）", p, between(lo, hi))
		m := d.seenFromCount(g.ref(row, r.num), lo, hi)
		need, ok := g.summed(r, row, lo, hi)
		if !ok && right.Cmp(Whole(100)) > 0 {
			need, ok = mistyped(k, lo, hi)
		}
		if ok {
			f := *m.seen
			f.Expected = fmt.Sprint(need)
			return doubt{Finding: f, mends: []mend{m, d.mends[0]}}
		}
		d.mends = append(d.mends, m)
	}
	if blo, bhi := bases(k, p); r.of == ofColumn && blo <= bhi {
		d.mends = append(d.mends, d.seenFromCount(g.ref(row, r.base), blo, bhi))
	}
	if r.of == ofOne {
		d.Explanation += "；同列其余各项都以 " + between(n, r.upTo) + " 为基数"
	}
	d.Explanation += "。"
	return d
}

// cut is the share with what is behind the last digit cut off.
func cut(k, n int64, digits int) Decimal {
	return Decimal{floorDiv(100*pow10(digits)*k, n), digits}
}

// between words a range of whole numbers.
func between(lo, hi int64) string {
	if lo == hi {
		return fmt.Sprint(lo)
	}
	return fmt.Sprintf("%d 至 %d", lo, hi)
}

// lastDigit is Rounding where a figure is off by one in its last digit, else Fault.
func lastDigit(p, right Decimal) Severity {
	diff := p.Sub(right)
	if diff.Units >= -1 && diff.Units <= 1 {
		return Rounding
	}
	return Fault
}
