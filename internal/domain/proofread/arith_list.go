package proofread

import "fmt"

// listDoubts holds a column of shares against the shares that a column of words lists:
// 制造业(50.00%),教育(15.38%) and 65.38%.
func listDoubts(g *grid) []doubt {
	var out []doubt
	for w, words := range g.cols {
		for t, l := range g.cols {
			if words.kind != text || l.kind != percent {
				continue
			}
			hits := 0
			var misses []int
			for r := range g.rows {
				list, ok := listed(g.cells[r][w].text)
				v := g.cells[r][t]
				switch {
				case !ok || v.kind != percent:
				case matches(v, list):
					hits++
				case !nearly(v, list):
					misses = append(misses, r)
				}
			}
			if hits >= 4 && 4*len(misses) <= hits {
				for _, r := range misses {
					out = append(out, g.listDoubt(r, t, w))
				}
			}
		}
	}
	return out
}

// listed are the shares of a list of two or more.
func listed(s string) ([]Decimal, bool) {
	var list []Decimal
	for _, f := range Figures(s) {
		if f.Sort == Percent {
			list = append(list, f.Value)
		}
	}
	return list, len(list) > 1
}

func (g *grid) listDoubt(r, t, w int) doubt {
	at := g.ref(r, t)
	v := at.value()
	list, _ := listed(g.cells[r][w].text)
	sum := added(list)
	d := doubt{Finding: Finding{
		Where: g.where(), Cell: at.g.cellName(at.r, at.c), Printed: v.Decimal.String(), Expected: sum.String(),
		Rule: RateVsParts, Severity: sumSeverity(v, list), Place: v.place, Other: g.cells[r][w].place,
	}}
	d.Explanation = fmt.Sprintf("同行所列各项之和是 %s（%s），印的是 %s。", sum, spelled(list), v.Decimal)
	half, _ := slack(v.Decimal, list)
	d.mends = []mend{mendCell(at, around(sum, -half), around(sum, half)), {at: g.cells[r][w].place, name: d.Where + " " + d.Cell, lo: sum, hi: sum}}
	return d
}
