package proofread

import (
	"fmt"
	"slices"
)

// otherDoubts holds shares against bases that stand in another table: 留学人数 and its
// share in one, 毕业人数 of the same colleges in another.
func otherDoubts(gs []*grid) []doubt {
	var all []strand
	for _, g := range gs {
		for _, s := range slices.Concat(strands(g), strands(g.flipped())) {
			if k := s.g.cols[s.c].keys; s.g.cols[s.c].kind == count && (slices.Contains(k, "毕业人数") || slices.Contains(k, "总人数")) {
				all = append(all, s)
			}
		}
	}
	var out []doubt
	for _, g := range gs {
		for _, v := range []*grid{g, g.flipped()} {
			out = append(out, v.otherDoubts(all)...)
		}
	}
	return out
}

func (g *grid) otherDoubts(all []strand) []doubt {
	mine := strands(g)
	var out []doubt
	for _, s := range mine {
		if g.cols[s.c].kind != percent {
			continue
		}
		if r, ok := g.explain(s.c); ok && g.trusted(r) && r.of != ofOne {
			continue
		}
		best, found := foreign{}, false
		for _, num := range mine {
			for _, base := range all {
				if g.cols[num.c].kind == count && base.g.block != g.block && agree(s.said, base.said) {
					if f := compareBase(s, num.c, base); !found || f.hits-4*len(f.misses) > best.hits-4*len(best.misses) {
						best, found = f, true
					}
				}
			}
		}
		if best.hits >= 4 && 4*len(best.misses) <= best.hits {
			for _, row := range best.misses {
				out = append(out, best.doubt(row))
			}
		}
	}
	return out
}

// foreign is a column of shares with its counts and their bases in another table.
type foreign struct {
	share  strand
	num    int
	base   strand
	hits   int
	misses []string
}

func (f foreign) triple(row string) (k, n int64, p Decimal, ok bool) {
	num, share := f.share.g.cells[f.share.rows[row]][f.num], f.share.at(row).value()
	at, found := f.base.rows[row]
	if !found || num.kind != count || share.kind != percent {
		return 0, 0, p, false
	}
	base := f.base.g.cells[at][f.base.c]
	return num.Units, base.Units, share.Decimal, base.kind == count && base.Units > 0
}

func compareBase(share strand, num int, base strand) foreign {
	f := foreign{share: share, num: num, base: base}
	var rows []string
	for row := range share.rows {
		if _, ok := base.rows[row]; ok {
			rows = append(rows, row)
		}
	}
	if len(rows) < 5 {
		return f
	}
	slices.SortFunc(rows, func(x, y string) int { return share.rows[x] - share.rows[y] })
	for _, row := range rows {
		k, n, p, ok := f.triple(row)
		switch {
		case !ok:
		case !Prints(k, n, p):
			f.misses = append(f.misses, row)
		case k > 0 && k < n:
			f.hits++
		}
	}
	return f
}

func (f foreign) doubt(row string) doubt {
	k, n, p, _ := f.triple(row)
	at, base := f.share.at(row), f.base.at(row)
	right := Share(k, n, p.Digits)
	d := doubt{Finding: Finding{
		Where: at.g.where(), Cell: at.g.cellName(at.r, at.c), Printed: p.String(), Expected: right.String(),
		Rule: PctVsCounts, Severity: lastDigit(p, right), Place: at.value().place, Other: base.value().place,
	}}
	d.Explanation = fmt.Sprintf("%d 占 %d（%s“%s”）的 %s%%，印的是 %s%%。", k, n, base.g.where(), base.g.cellName(base.r, base.c), right, p)
	d.mends = []mend{mendCell(at, cut(k, n, p.Digits), right)}
	if lo, hi := Numerators(p, n); lo <= hi {
		d.mends = append(d.mends, mendCell(f.share.g.ref(f.share.rows[row], f.num), Whole(lo), Whole(hi)))
	}
	if lo, hi := bases(k, p); lo <= hi {
		d.mends = append(d.mends, mendCell(base, Whole(lo), Whole(hi)))
	}
	return d
}
