package proofread

import (
	"fmt"
	"slices"
	"strings"
)

// rowClaims holds a count with its share (江苏省 690 人，占 34.22%) against the one row of
// that name in a table beside: where one of the two is the table's the other must be, and
// where neither is, they must be of another number than the table's total.
func (c *claims) rowClaims() []doubt {
	var out []doubt
	for i, p := range c.passages {
		for _, s := range p.shares() {
			s.k.name = nameOf(s.k.label)
			if s.k.name == "" || c.inTables(p, s) {
				continue
			}
			known := c.ofSomething(i, s)
			for _, g := range c.near(p) {
				if ds := c.rowAgainst(g, s, known); ds != nil {
					out = append(out, ds...)
					break
				}
			}
		}
	}
	return out
}

// ownWords tells whether the words leave the base of a share to the table: 占比, or of
// all graduates.
func ownWords(s share) bool {
	return wholeBase.MatchString(s.of) || slices.Contains([]string{"占", "占比", "占比为", "占比约", "比例为", "比例", "", "所占比例为", "占比例", "占总数的", "占总人数的"}, s.of)
}

// ofSomething tells whether some number near makes the share right.
func (c *claims) ofSomething(i int, s share) bool {
	return c.ofPeople(s) || c.passages[i].nested(s) || slices.ContainsFunc(c.basesNear(i), func(n int64) bool {
		return n >= s.k.Value.Units && Prints(s.k.Value.Units, n, s.p.Value)
	})
}

// inTables tells whether some row of a table beside has both figures.
func (c *claims) inTables(p *passage, s share) bool {
	for _, g := range c.gs {
		if max(g.block-p.block, p.block-g.block) > 30 {
			continue
		}
		for _, v := range []*grid{g, g.flipped()} {
			for _, row := range v.cells {
				if hasFigure(row, count, s.k.Value) && hasFigure(row, percent, s.p.Value) {
					return true
				}
			}
		}
	}
	return false
}

func hasFigure(row []value, k kind, d Decimal) bool {
	return slices.ContainsFunc(row, func(v value) bool { return v.kind == k && equalPrinted(v.Decimal, d) })
}

// rowAgainst doubts the figures of a sentence by a table with one column of counts that
// has a total, and one of shares of it.
func (c *claims) rowAgainst(g *grid, s share, known bool) []doubt {
	for _, v := range []*grid{g, g.flipped()} {
		r, ok := c.rowNamed(v, s.k)
		if !ok || !ownWords(s) && !v.isBase(s) || v.rows[r].role == total {
			continue
		}
		either := hasFigure(v.cells[r], count, s.k.Value) || hasFigure(v.cells[r], percent, s.p.Value)
		for nc := range v.cols {
			n, pc := v.columnTotal(nc), v.shareOf(nc)
			if n == 0 || pc < 0 {
				continue
			}
			k, q := v.cells[r][nc], v.cells[r][pc]
			if k.merged || q.merged || k.kind != count || q.kind != percent || !Prints(k.Units, n, q.Decimal) || s.k.level != "" && v.levelAt(nc) != "" && s.k.level != v.levelAt(nc) {
				continue
			}
			sameK, sameP := equalPrinted(k.Decimal, s.k.Value), equalPrinted(q.Decimal, s.p.Value)
			right := s.k.Value.Units <= n && Prints(s.k.Value.Units, n, s.p.Value)
			kx, px := peer{m: s.k, g: v, r: r, c: nc}, peer{m: s.p, g: v, r: r, c: pc}
			switch {
			case sameK && sameP:
				return nil
			case sameK && !known:
				return []doubt{px.rowDoubt(n)}
			case sameP && !known && k.Units > 9:
				return []doubt{kx.rowDoubt(n)}
			case !either && right && s.k.Value.Units > 9:
				return []doubt{kx.rowDoubt(n), px.rowDoubt(n)}
			}
		}
	}
	return nil
}

func (x peer) rowDoubt(n int64) doubt {
	d := x.textDoubt(0)
	d.Explanation = strings.TrimSuffix(d.Explanation, "。") + fmt.Sprintf("（该表合计 %d）。", n)
	d.Root = ""
	return d
}

// columnTotal is the total of a column of counts; 0 if it has none.
func (g *grid) columnTotal(c int) int64 {
	if g.cols[c].kind != count {
		return 0
	}
	for r, l := range g.rows {
		if v := g.cells[r][c]; l.role == total && v.kind == count && v.Digits == 0 && v.Units >= 20 {
			return v.Units
		}
	}
	return 0
}

// shareOf is the column of shares that are of a column of counts, as three rows and most
// of all show; -1 if there is none.
func (g *grid) shareOf(c int) int {
	n := g.columnTotal(c)
	if n == 0 {
		return -1
	}
	for pc, l := range g.cols {
		if l.kind != percent {
			continue
		}
		hits, misses := 0, 0
		for r, row := range g.rows {
			k, q := g.cells[r][c], g.cells[r][pc]
			if k.merged {
				return -1
			}
			if row.role == total || k.kind != count || q.kind != percent || k.Units == 0 {
				continue
			}
			if Prints(k.Units, n, q.Decimal) {
				hits++
			} else {
				misses++
			}
		}
		if hits >= 3 && misses*4 <= hits {
			return pc
		}
	}
	return -1
}
