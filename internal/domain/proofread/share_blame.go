package proofread

import (
	"fmt"
	"slices"
)

// baseIn is the one number from one to another that a column's shares are of: what its
// counts add up to, or else the only total of the report's tables.
func (g *grid) baseIn(num int, from, to int64) (int64, bool) {
	var sum int64
	for r := range g.rows {
		if v := g.cells[r][num]; v.kind == count {
			sum += v.Units
		}
	}
	if from <= sum && sum <= to {
		return sum, true
	}
	found, n := int64(0), 0
	for v := range g.known {
		if from <= v && v <= to {
			found = v
			n++
		}
	}
	return found, n == 1
}

// summed looks for a sum in the column of counts that a row's count spoils and the number
// that its share stands for, from lo to hi, would hold, as the sum of the shares holds:
// then the count is what is wrong.
func (g *grid) summed(r relation, row int, lo, hi int64) (int64, bool) {
	f := g.flipped()
	for t := range f.cols {
		for _, s := range f.sets(t) {
			inside := slices.Contains(s.parts, row)
			if t != row && !inside || len(s.parts) < 2 {
				continue
			}
			counts, _, ok := f.addends(r.num, s.parts, count)
			whole := f.cells[r.num][t]
			shares, soft, also := f.addends(r.share, s.parts, percent)
			if !ok || !also || soft || whole.kind != count || f.cells[r.share][t].kind != percent || !matches(f.cells[r.share][t], shares) {
				continue
			}
			off := added(counts).Units - whole.Units
			if !inside {
				off = -off
			}
			if need := g.cells[row][r.num].Units - off; off != 0 && lo <= need && need <= hi {
				return need, true
			}
		}
	}
	return 0, false
}

// mistyped is the one number from lo to hi, or the one of them that a slip of the pen made
// the count of, where a count exceeds its base: that cannot be right, whatever the share.
func mistyped(k, lo, hi int64) (int64, bool) {
	if lo == hi {
		return lo, true
	}
	found, n := int64(0), 0
	for v := lo; v <= min(hi, lo+300); v++ {
		if typo(Whole(k), Whole(v)) {
			found = v
			n++
		}
	}
	return found, n == 1
}

// seenFromCount is the mend of the count or base of a share, with the finding as seen
// from it: the share is right and the count is not.
func (d doubt) seenFromCount(x cellRef, lo, hi int64) mend {
	m := mendCell(x, Whole(lo), Whole(hi))
	f := d.Finding
	f.Cell, f.Place, f.Other, f.Severity = x.g.cellName(x.r, x.c), x.value().place, d.Place, Fault
	f.Printed, f.Expected = x.value().Decimal.String(), ""
	f.Explanation = fmt.Sprintf("“%s”印的是 %s%%，相当于这里是 %s，印的是 %s。", d.Cell, d.Printed, between(lo, hi), f.Printed)
	m.seen = &f
	return m
}
