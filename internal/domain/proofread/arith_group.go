package proofread

import "fmt"

// onceDoubts holds a column that has one figure for each group of rows (小计, in the
// first row of the group or over all of it) against the counts beside it.
func onceDoubts(g *grid) []doubt {
	var out []doubt
	for t, l := range g.cols {
		if l.kind != count || l.role != subtotal && l.role != total && !g.mergedDown(t) && !g.onceAGroup(t) {
			continue
		}
		for c := t - 1; c >= 0; c-- {
			if g.cols[c].kind == count {
				out = append(out, g.once(t, c)...)
				break
			}
		}
	}
	return out
}

// mergedDown tells whether cells of a column reach over several rows.
func (g *grid) mergedDown(c int) bool {
	if len(g.cols[c].keys) == 0 {
		return false // its head was lost, and rows with it
	}
	for r := 1; r < len(g.rows); r++ {
		if v := g.cells[r][c]; v.merged && v.kind == count && v.Decimal == g.cells[r-1][c].Decimal && (c == 0 || v.place != g.cells[r][c-1].place || v.place == (Place{})) {
			return true
		}
	}
	return false
}

// onceAGroup tells whether a column has a figure in the first row of each group and nothing
// in its others: cells over several rows, as a text has them.
func (g *grid) onceAGroup(c int) bool {
	if len(g.cols[c].keys) == 0 {
		return false
	}
	left := false
	for r, l := range g.rows {
		if l.role == total || l.role == subtotal {
			continue
		}
		first := r == 0 || g.rows[r-1].group != l.group
		if l.group < 0 || first != (g.cells[r][c].kind == count) || !first && g.cells[r][c].kind != blank {
			return false
		}
		left = left || !first
	}
	return left
}

// once holds the figures of one column against the sums of another's groups.
func (g *grid) once(t, c int) []doubt {
	sums, at := map[int]int64{}, map[int]int{}
	for r, l := range g.rows {
		v := g.cells[r][t]
		if l.role == total || l.role == subtotal {
			continue
		}
		if l.group < 0 || g.cells[r][c].kind != count {
			return nil
		}
		sums[l.group] += g.cells[r][c].Units
		if v.kind == count && !v.merged {
			if _, twice := at[l.group]; twice {
				return nil
			}
			at[l.group] = r
		}
	}
	if len(at) < 3 || len(at) < len(sums) || len(sums) == len(g.rows) {
		return nil
	}
	hits := 0
	var misses []int
	var all int64
	for r := range g.rows {
		group := g.rows[r].group
		if first, ok := at[group]; !ok || first != r {
			continue
		}
		all += g.cells[r][t].Units
		if g.cells[r][t].Units == sums[group] {
			hits++
		} else if g.cells[r][t].Units > sums[group] && g.cutAt(group) {
			return nil
		} else {
			misses = append(misses, r)
		}
	}
	if hits < 2 || 3*len(misses) > hits {
		return nil
	}
	var out []doubt
	for _, r := range misses {
		out = append(out, g.onceDoubt(r, t, c, sums[g.rows[r].group]))
	}
	return append(out, g.onceTotal(t, c, all)...)
}

// cutAt tells whether a group stands last in a table without a total: its other rows may
// stand on the next page.
func (g *grid) cutAt(group int) bool {
	last := len(g.rows) - 1
	return g.rows[last].group == group && g.rows[last].role != total
}

func (g *grid) onceDoubt(r, t, c int, sum int64) doubt {
	at := g.ref(r, t)
	whole := at.value()
	name := groupName(g.rows, r)
	d := doubt{Finding: Finding{
		Where: g.where(), Cell: name + "/" + g.colName(t), Printed: whole.Decimal.String(), Expected: fmt.Sprint(sum),
		Rule: SubtotalVsSum, Severity: Fault, Place: whole.place, Other: g.cells[r][c].place,
	}}
	d.Explanation = fmt.Sprintf("“%s”各行“%s”之和是 %d，印的小计是 %d。", name, g.colName(c), sum, whole.Units)
	d.mends = []mend{exactly(at, Whole(sum))}
	for o, l := range g.rows {
		if need := g.cells[o][c].Units + whole.Units - sum; l.group == g.rows[r].group && l.role != total && need >= 0 {
			d.mends = append(d.mends, exactly(g.ref(o, c), Whole(need)))
		}
	}
	return d
}

// onceTotal holds the last row's total against the sum of the groups' figures.
func (g *grid) onceTotal(t, c int, sum int64) []doubt {
	for r, l := range g.rows {
		for _, col := range []int{t, c} {
			v := g.cells[r][col]
			if l.role != total || v.kind != count || v.merged {
				continue
			}
			if v.Units == sum {
				return nil
			}
			at := g.ref(r, col)
			d := doubt{Finding: Finding{
				Where: g.where(), Cell: at.g.cellName(at.r, at.c), Printed: v.Decimal.String(), Expected: fmt.Sprint(sum),
				Rule: TotalVsSum, Severity: Fault, Place: v.place,
			}}
			d.Explanation = fmt.Sprintf("各组小计之和是 %d，印的总计是 %d。", sum, v.Units)
			d.mends = []mend{exactly(at, Whole(sum))}
			for o := range g.rows {
				if x := g.cells[o][t]; o != r && x.kind == count && !x.merged && x.Units+v.Units-sum >= 0 {
					d.mends = append(d.mends, exactly(g.ref(o, t), Whole(x.Units+v.Units-sum)))
				}
			}
			return []doubt{d}
		}
	}
	return nil
}
