package proofread

import "slices"

// bareZeros takes a 0 without its sign for a share where the other cells of its column
// are all shares, or, of a column that has no others, those of its row.
func (g *grid) bareZeros() {
	for r := range g.rows {
		for c := range g.cols {
			v := &g.cells[r][c]
			if v.kind != count || v.Units != 0 {
				continue
			}
			of := otherKinds(g.column(c), r)
			if len(of) == 0 {
				of = otherKinds(g.across(r), c)
			}
			if len(of) == 1 && of[percent] {
				v.kind = percent
			}
		}
	}
}

// otherKinds are the kinds of the cells that hold a number, one of them left out; those
// that are 0 without a sign say nothing.
func otherKinds(cells []value, but int) map[kind]bool {
	out := map[kind]bool{}
	for i, v := range cells {
		if i != but && v.kind != blank && v.kind != dash && v.kind != text && (v.kind != count || v.Units != 0) {
			out[v.kind] = true
		}
	}
	return out
}

// bareOnes takes a total of 1 for 100 % where the shares above it have their sign: a
// sheet that lost its format there.
func (g *grid) bareOnes() {
	for r, row := range g.rows {
		for c := range g.cols {
			v := &g.cells[r][c]
			if row.role == total && v.Cmp(Whole(1)) == 0 && (v.kind == count || v.kind == percent) && v.text[len(v.text)-1] != '%' && g.signed(c, r) {
				v.kind, v.Decimal = percent, Whole(100)
			}
		}
	}
}

// signed tells whether the other figures of a column all bear a percent sign.
func (g *grid) signed(c, but int) bool {
	n := 0
	for r := range g.rows {
		v := g.cells[r][c]
		if r == but || v.kind == blank || v.kind == dash {
			continue
		}
		if v.kind != percent || v.text[len(v.text)-1] != '%' {
			return false
		}
		n++
	}
	return n >= 2
}

// filled is a row with its dashes as what their columns hold, so that a row with a dash
// for a count is not taken for one of shares.
func (g *grid) filled(r int) []value {
	row := slices.Clone(g.across(r))
	for c := range row {
		if row[c].kind == dash {
			row[c].kind = g.cols[c].kind
		}
	}
	return row
}

// counted tells whether a column's head says that it counts or ranks: some 2,000 people
// are no year.
func (t *raw) counted(c int) bool {
	p := t.headPath(c)
	return len(p) > 0 && kindSaid(p[len(p)-1]) != text
}
