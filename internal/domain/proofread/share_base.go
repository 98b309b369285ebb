package proofread

import (
	"fmt"
	"math/bits"
	"slices"
)

// fit is how a column of shares goes with a column of bases where no counts are
// printed: a share that no whole number of its base gives is impossible.
type fit struct {
	share, base int
	hits, bits  int // rows that fit, and how much they say
	misses      []int
}

// impossible tells the shares of columns without counts that no whole number of their
// base gives, where the other cells show that the base is theirs. A rate beside the count
// of its own level is of that count, the others of the one that most of them fit.
func (g *grid) impossible(shares []int) []doubt {
	if g.excused {
		return nil
	}
	var common []int
	var own []fit
	for _, c := range shares {
		if base, ok := g.ownBase(c); ok {
			own = append(own, g.fit(c, base))
		} else {
			common = append(common, c)
		}
	}
	out := g.unfit(own)
	if base, ok := g.baseColumn(common); ok {
		var fits []fit
		for _, c := range common {
			fits = append(fits, g.fit(c, base))
		}
		out = append(out, g.unfit(fits)...)
	}
	return out
}

// unfit tells the shares that do not fit where the others do.
func (g *grid) unfit(all []fit) []doubt {
	fits := slices.DeleteFunc(all, func(f fit) bool { return f.hits < len(f.misses) }) // shares of something else
	hits, misses, said := 0, 0, 0
	for _, f := range fits {
		hits, misses, said = hits+f.hits, misses+len(f.misses), said+f.bits
	}
	var out []doubt
	for _, f := range fits {
		alone := f.bits >= 12 && f.hits >= 4*len(f.misses)
		pooled := said >= 24+8*misses && hits >= 5*misses && len(f.misses) <= f.hits
		if !alone && !pooled {
			continue
		}
		for _, row := range f.misses {
			if g.rowFits(row, f.base, fits) {
				out = append(out, g.impossibleDoubt(row, f))
			}
		}
	}
	return out
}

// ownBase is the count that a rate stands beside, where several levels side by side have
// one each: 硕士 人数 | 就业率, 博士 人数 | 就业率.
func (g *grid) ownBase(c int) (int, bool) {
	if c == 0 || g.cols[c-1].kind != count || !g.rateName(c) {
		return 0, false
	}
	a, b := g.cols[c-1].keys, g.cols[c].keys
	if len(a) == 0 || len(a) != len(b) {
		return 0, false
	}
	n := len(a) - 1
	if n > 0 {
		return c - 1, slices.Equal(a[:n], b[:n])
	}
	level := levelIn(a[0])
	return c - 1, level != "" && level == levelIn(b[0])
}

// baseColumn is the column of counts that most shares fit, the first of equals.
func (g *grid) baseColumn(shares []int) (int, bool) {
	best, at := 0, -1
	for c := range g.cols {
		if g.cols[c].kind != count {
			continue
		}
		sum := 0
		for _, s := range shares {
			f := g.fit(s, c)
			sum += f.bits - 12*len(f.misses)
		}
		if sum > best {
			best, at = sum, c
		}
	}
	return at, at >= 0
}

// fit counts the rows whose share some whole number of the base gives. What it says is
// counted in bits: a share of 30 persons that fits says more than one of 3,000.
func (g *grid) fit(share, base int) fit {
	f := fit{share: share, base: base}
	for row := range g.rows {
		n, p := g.cells[row][base], g.cells[row][share]
		if n.kind != count || p.kind != percent || n.Units <= 0 || p.Units == 0 || p.Cmp(Whole(100)) >= 0 || n.merged && p.merged {
			continue
		}
		info := bits.Len64(uint64(200*pow10(p.Digits)/(3*n.Units))) - 1
		if info < 1 {
			continue
		}
		if lo, hi := Numerators(p.Decimal, n.Units); lo <= hi {
			f.hits++
			f.bits += info
		} else {
			f.misses = append(f.misses, row)
		}
	}
	return f
}

// rowFits tells whether the row's other shares go with its base: if they do not, the
// base is wrong or another.
func (g *grid) rowFits(row, base int, fits []fit) bool {
	hits, misses := 0, 0
	n := g.cells[row][base]
	for _, f := range fits {
		if f.base != base {
			continue
		}
		p := g.cells[row][f.share]
		if p.kind != percent || p.Units == 0 || p.Cmp(Whole(100)) >= 0 || n.Units <= 0 {
			continue
		}
		if lo, hi := Numerators(p.Decimal, n.Units); lo <= hi {
			hits++
		} else {
			misses++
		}
	}
	return misses == 1 || hits >= 2*misses
}

// impossibleDoubt tells that no whole number of the base gives the share.
func (g *grid) impossibleDoubt(row int, f fit) doubt {
	at := g.ref(row, f.share)
	p, n := at.value().Decimal, g.cells[row][f.base].Units
	below, above := neighbours(p, n)
	right := Share(below, n, p.Digits)
	if up := Share(above, n, p.Digits); up.Sub(p).Units < p.Sub(right).Units {
		right = up
	}
	d := doubt{Finding: Finding{
		Where: g.where(), Cell: at.g.cellName(at.r, at.c), Printed: p.String(), Expected: right.String(),
		Rule: PctImpossible, Severity: lastDigit(p, right), Place: at.value().place, Other: g.cells[row][f.base].place,
	}}
	d.Explanation = fmt.Sprintf("%d 人里没有哪个整数是 %s%%：%d 人是 %s%%，%d 人是 %s%%。",
		n, p, below, Share(below, n, p.Digits), above, Share(above, n, p.Digits))
	possible := func(p Decimal, n int64) bool {
		lo, hi := Numerators(p, n)
		return n > 0 && lo <= hi
	}
	d.mends = []mend{
		wherever(at, func(v Decimal) bool { return possible(v, n) }),
		wherever(g.ref(row, f.base), func(v Decimal) bool { return possible(p, v.Units) }),
	}
	return d
}

// neighbours are the whole numbers of n just below and above the share.
func neighbours(p Decimal, n int64) (below, above int64) {
	below = floorDiv(p.Units*n, 100*pow10(p.Digits))
	return below, min(below+1, n)
}
