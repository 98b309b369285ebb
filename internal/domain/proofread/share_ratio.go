package proofread

import (
	"fmt"
	"math/big"
	"regexp"
	"slices"
)

var ratioText = regexp.MustCompile(`^(\d+(?:\.\d+)?)\s*[:：∶]\s*(\d+(?:\.\d+)?)$`)

// ratioDoubts holds ratios (男女比 1.23:1) against the two counts that they are of, where
// most rows agree.
func ratioDoubts(g *grid) []doubt {
	var out []doubt
	men, women := g.named("男"), g.named("女")
	if men < 0 || women < 0 {
		return nil
	}
	for c := range g.cols {
		hits := 0
		var misses []int
		for r := range g.rows {
			a, b, ok := ratioIn(g.cells[r][c].text)
			x, y := g.cells[r][men], g.cells[r][women]
			switch {
			case !ok || x.kind != count || y.kind != count || x.Units <= 0 || y.Units <= 0:
			case isRatio(x.Units, y.Units, a, b):
				hits++
			default:
				misses = append(misses, r)
			}
		}
		if hits >= 3 && 3*len(misses) <= hits {
			for _, r := range misses {
				out = append(out, g.ratioDoubt(r, c, men, women))
			}
		}
	}
	return out
}

// named is the only column of counts with a label, -1 for none or several.
func (g *grid) named(label string) int {
	at := -1
	for c, l := range g.cols {
		if l.kind == count && slices.Contains(l.keys, label) {
			if at >= 0 {
				return -1
			}
			at = c
		}
	}
	return at
}

func ratioIn(s string) (a, b Decimal, ok bool) {
	m := ratioText.FindStringSubmatch(Fold(s))
	if m == nil {
		return a, b, false
	}
	a, okA := ParseDecimal(m[1])
	b, okB := ParseDecimal(m[2])
	return a, b, okA && okB && a.Units > 0 && b.Units > 0
}

// isRatio tells whether x to y may be printed as a to b, rounded or cut off; the 1 that
// the other is put to is exact.
func isRatio(x, y int64, a, b Decimal) bool {
	aLo, aHi := reach(a)
	bLo, bHi := reach(b)
	switch one := Whole(1); {
	case b == one:
		bLo, bHi = b.Rat(), b.Rat()
	case a == one:
		aLo, aHi = a.Rat(), a.Rat()
	}
	v := big.NewRat(x, y)
	lo, hi := new(big.Rat).Quo(aLo, bHi), new(big.Rat).Quo(aHi, bLo)
	return v.Cmp(lo) >= 0 && v.Cmp(hi) <= 0
}

// reach is what a printed number may have been before it was rounded or cut off.
func reach(d Decimal) (lo, hi *big.Rat) {
	unit := pow10(d.Digits)
	return big.NewRat(2*d.Units-1, 2*unit), big.NewRat(d.Units+1, unit)
}

func (g *grid) ratioDoubt(r, c, men, women int) doubt {
	at := g.ref(r, c)
	x, y := g.cells[r][men].Units, g.cells[r][women].Units
	a, b, _ := ratioIn(at.value().text)
	right := fmt.Sprintf("%s:1", quotient(x, y, max(a.Digits, 2)))
	switch {
	case a.Cmp(Whole(1)) == 0 && b.Cmp(Whole(1)) != 0:
		right = fmt.Sprintf("1:%s", quotient(y, x, max(b.Digits, 2)))
	case b.Cmp(Whole(100)) == 0:
		right = fmt.Sprintf("%s:100", Share(x, y, a.Digits))
	}
	d := doubt{Finding: Finding{
		Where: g.where(), Cell: at.g.cellName(at.r, at.c), Printed: at.value().text, Expected: right,
		Rule: PctVsCounts, Severity: Fault, Place: at.value().place, Other: g.cells[r][men].place,
		Explanation: fmt.Sprintf("男 %d 人、女 %d 人，比是 %s，印的是 %s。", x, y, right, at.value().text),
	}}
	d.mends = []mend{
		{at: at.value().place, name: at.name(), fits: func(Decimal) bool { return false }},
		wherever(g.ref(r, men), func(v Decimal) bool { return v.Units > 0 && isRatio(v.Units, y, a, b) }),
		wherever(g.ref(r, women), func(v Decimal) bool { return v.Units > 0 && isRatio(x, v.Units, a, b) }),
	}
	return d
}

// quotient is x of y, half up, with that many digits.
func quotient(x, y int64, digits int) Decimal {
	return Decimal{floorDiv(2*x*pow10(digits)+y, 2*y), digits}
}
