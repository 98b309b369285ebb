package proofread

import "fmt"

// diffDoubts holds columns of differences (增减, 较上年增加) against the two columns that
// they are the difference of, as most rows show.
func diffDoubts(g *grid) []doubt {
	var out []doubt
	for t, l := range g.cols {
		if len(l.keys) == 0 || !containsAny(l.keys[len(l.keys)-1], []string{"增减", "增加", "差值", "变化", "增长", "较上", "同比"}) {
			continue
		}
		best, from := []int(nil), [2]int{}
		most := 2
		for a := range g.cols {
			for b := range g.cols {
				if a == b || a == t || b == t || g.cols[a].kind != g.cols[b].kind || g.cols[a].kind != count && g.cols[a].kind != percent {
					continue
				}
				hits, misses := g.differs(t, a, b)
				if hits > most && 3*len(misses) <= hits {
					most, best, from = hits, misses, [2]int{a, b}
				}
			}
		}
		for _, r := range best {
			out = append(out, g.diffDoubt(r, t, from))
		}
	}
	return out
}

// differs counts the rows where one column is the difference of two others.
func (g *grid) differs(t, a, b int) (hits int, misses []int) {
	for r := range g.rows {
		d, x, y := g.cells[r][t], g.cells[r][a], g.cells[r][b]
		if d.kind == text || d.kind == blank || d.kind == dash || !x.number() || x.kind != y.kind {
			continue
		}
		off := d.Sub(x.Sub(y.Decimal))
		switch {
		case off.Units != 0 && (x.kind == count || off.Units > 1 || off.Units < -1):
			misses = append(misses, r)
		case off.Units == 0 && d.Units != 0:
			hits++
		}
	}
	return hits, misses
}

func (g *grid) diffDoubt(r, t int, from [2]int) doubt {
	at := g.ref(r, t)
	x, y := g.cells[r][from[0]], g.cells[r][from[1]]
	right := x.Sub(y.Decimal)
	p := at.value().Decimal
	d := doubt{Finding: Finding{
		Where: g.where(), Cell: at.g.cellName(at.r, at.c), Printed: p.String(), Expected: right.String(),
		Rule: DeltaOrYear, Severity: Fault, Place: at.value().place, Other: x.place,
	}}
	d.Explanation = fmt.Sprintf("%s − %s = %s，印的是 %s。", x.Decimal, y.Decimal, right, p)
	d.mends = []mend{exactly(at, right), exactly(g.ref(r, from[0]), y.Add(p)), exactly(g.ref(r, from[1]), x.Sub(p))}
	return d
}
