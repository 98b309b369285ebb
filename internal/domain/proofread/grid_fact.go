package proofread

import (
	"slices"
)

// cellRef points at one cell.
type cellRef struct {
	g    *grid
	r, c int
}

func (x cellRef) value() value { return x.g.cells[x.r][x.c] }

// name says which cell of which table.
func (x cellRef) name() string { return x.g.where() + " " + x.g.cellName(x.r, x.c) }

// fact is a figure of a table with what its labels say: what is counted (keys), of which
// level of study and cohort. A word is a key once, whether it stands over the column or
// beside the row.
type fact struct {
	keys   []string // normalised, sorted; no levels, totals, cohorts and bare measures
	level  string   // 本科, 硕士, 博士, 研究生, 专科, 合计; "" if neither cell nor title says
	cohort string   // "2024"; "" unknown
	kind   kind     // count or percent
	whole  bool     // stands in a total line
	sum    bool     // stands in a subtotal line
	ref    cellRef
}

// bare are measures that say only what kind a figure is: the kind says it already.
var bare = []string{"人数", "比例", "总人数"}

// facts lists the counts and shares of all tables.
func facts(gs []*grid) []fact {
	var out []fact
	for _, g := range gs {
		level, cohort := levelIn(g.title), cohortIn(g.title)
		for r := range g.rows {
			for c := range g.cols {
				if v := g.cells[r][c]; v.number() && !v.merged {
					out = append(out, newFact(cellRef{g, r, c}, level, cohort))
				}
			}
		}
	}
	return out
}

func newFact(x cellRef, level, cohort string) fact {
	f := fact{level: level, cohort: cohort, kind: x.value().kind, ref: x}
	row, col := x.g.rows[x.r], x.g.cols[x.c]
	f.whole = row.role == total || col.role == total
	f.sum = row.role == subtotal || col.role == subtotal
	for _, k := range slices.Concat(row.keys, col.keys) {
		switch {
		case k == "合计" || slices.Contains(bare, k):
		case slices.Contains(levels, k):
			f.level = k
		case yearIn(k):
			f.cohort = cohortIn(k)
		case !slices.Contains(f.keys, k):
			f.keys = append(f.keys, k)
		}
	}
	slices.Sort(f.keys)
	return f
}
