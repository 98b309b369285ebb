package proofread

import (
	"fmt"
	"strings"
)

// overDoubts finds shares above 100 in columns of rates and of shares that have a whole.
func overDoubts(g *grid) []doubt {
	var out []doubt
	for c, l := range g.cols {
		if l.kind != percent || !containsAny(strings.Join(l.path, ""), []string{"落实率", "就业率", "升学率", "深造率", "签约率", "创业率", "通过率", "满意", "占比", "比例", "比重", "相关", "%"}) {
			continue
		}
		n, over := 0, -1
		for r := range g.rows {
			v := g.cells[r][c]
			above := v.Cmp(Whole(100)) > 0
			switch {
			case v.kind == percent && !above:
				n++
			case v.kind != percent && v.kind != mean:
			case above && over < 0 && g.plainShare(r, c):
				over = r
			default:
				n = -1000
			}
		}
		if n >= 3 && over >= 0 {
			out = append(out, g.overDoubt(over, c))
		}
		out = append(out, g.overWhole(c)...)
	}
	return out
}

// overWhole finds a total's share above 100 that is all of its count and not what the
// shares as printed add up to.
func (g *grid) overWhole(c int) []doubt {
	r, ok := g.explain(c)
	if !ok || r.of != ofTotal || !g.trusted(r) {
		return nil
	}
	for row, l := range g.rows {
		p := g.cells[row][c]
		if l.role != total || p.kind != mean && p.kind != percent || p.Cmp(Whole(100)) <= 0 || p.Cmp(Whole(110)) > 0 || g.addsUp(row, c) {
			continue
		}
		if k, n := g.cells[row][r.num], g.wholesOf(ofTotal, -1); k.kind == count && len(n) == 1 {
			d := g.overDoubt(row, c)
			d.Expected = Whole(100).To(p.Digits).String()
			d.Rule = PctVsCounts
			return []doubt{d}
		}
	}
	return nil
}

// addsUp tells whether a total's share is the sum of the shares as printed.
func (g *grid) addsUp(row, c int) bool {
	f := g.flipped()
	for _, s := range f.totalSets(row) {
		if list, _, ok := f.addends(c, s.parts, percent); ok && added(list).Cmp(g.cells[row][c].Decimal) == 0 {
			return true
		}
	}
	return false
}

// plainShare tells whether neither row nor column says that a figure may pass 100.
func (g *grid) plainShare(r, c int) bool {
	at := g.ref(r, c)
	if g.rows[r].role != part && g.rows[r].role != remainder || g.cols[c].role == total {
		return false // several answers add up to more
	}
	path := append(append([]string{at.g.title}, at.g.rows[at.r].path...), at.g.cols[at.c].path...)
	for _, s := range path {
		if k := kindSaid(s); k == mean || k == rank || containsAny(s, []string{"多选", "完成", "目标", "供需", "较", "比上"}) {
			return false
		}
	}
	return true
}

func (g *grid) overDoubt(r, c int) doubt {
	at := g.ref(r, c)
	p := at.value().Decimal
	return doubt{
		Finding: Finding{
			Where: g.where(), Cell: at.g.cellName(at.r, at.c), Printed: p.String(), Rule: PctImpossible, Severity: Fault, Place: at.value().place,
			Explanation: fmt.Sprintf("%s%% 超过了 100%%。", p),
		},
		mends: []mend{wherever(at, func(v Decimal) bool { return v.Cmp(Whole(100)) <= 0 })},
	}
}
