package proofread

import (
	"fmt"
	"strings"
)

// misnamed doubts 最高的是甲（89.44%） where the figure is the largest of its column but
// stands in the row of another name.
func (c *claims) misnamed(p *passage, m mention, clause string, top bool) (doubt, bool) {
	clause = quotes.Replace(clause)
	for _, g := range c.near(p) {
		for _, v := range []*grid{g, g.flipped()} {
			r, ok := v.namedIn(clause)
			if !ok {
				continue
			}
			for col := range v.cols {
				x := v.cells[r][col]
				if !x.number() || (x.kind == percent) != (m.Sort == Percent) || x.Decimal == m.Value || m.level != "" && v.levelAt(col) != "" && v.levelAt(col) != m.level {
					continue
				}
				if o, ok := v.only(col, m.Value); ok && v.rows[o].role == part && len(v.rows[o].path) == len(v.rows[r].path) {
					if _, beaten := (peer{m: m, g: v, r: o, c: col}).beaten(top, nil); !beaten {
						return m.misnamedDoubt(v, r, o, col), true
					}
				}
			}
		}
	}
	return doubt{}, false
}

// namedIn is the one part of a table whose name the words have, the longest if names hold
// each other.
func (g *grid) namedIn(words string) (int, bool) {
	best, n := 0, 0
	for r, l := range g.rows {
		if len(l.keys) == 0 || l.role != part {
			continue
		}
		key := l.keys[len(l.keys)-1]
		if len([]rune(key)) < 2 || !strings.Contains(words, key) {
			continue
		}
		was := ""
		if n > 0 {
			was = g.rows[best].keys[len(g.rows[best].keys)-1]
		}
		switch {
		case n > 0 && strings.Contains(was, key) && was != key:
		case n > 0 && strings.Contains(key, was) && was != key:
			best, n = r, 1
		default:
			best = r
			n++
		}
	}
	return best, n == 1
}

// only is the one row of a column that has a figure.
func (g *grid) only(col int, d Decimal) (int, bool) {
	at, n := 0, 0
	for r := range g.rows {
		if v := g.cells[r][col]; v.number() && v.Decimal == d {
			at = r
			n++
		}
	}
	return at, n == 1
}

func (m mention) misnamedDoubt(g *grid, r, o, col int) doubt {
	said, right := g.rowName(r), g.rowName(o)
	at := g.ref(o, col)
	d := m.doubtOf(ClaimVsTable, Claim, right)
	d.Printed = said
	d.Other = at.value().place
	d.Explanation = fmt.Sprintf("%s在%s里是“%s”的数；“%s”是 %s。名称或数字有一处写错。", m.printed(), at.g.where(), right, said, g.cells[r][col].Decimal)
	return d
}

// pairNames doubts the name of a count with its share that both stand in one row of a table
// beside, and that row has another name: 以“甲”为主，共 n 人，占 p%.
func (c *claims) pairNames() []doubt {
	var out []doubt
	for _, p := range c.passages {
		for _, s := range p.shares() {
			s.k.name = nameOf(s.k.label)
			if s.k.name == "" || s.k.Value.Units < 10 || s.p.Value.Units < 100 {
				continue
			}
			for _, g := range c.near(p) {
				if s.k.narrows(p, g) {
					continue
				}
				if d, ok := c.otherRow(g, s); ok {
					c.misread[s.k.place()], c.misread[s.p.place()] = true, true
					out = append(out, d)
					break
				}
			}
		}
	}
	return out
}

// otherRow doubts the name where the one row of that name has neither figure, and one other
// part has both.
func (c *claims) otherRow(g *grid, s share) (doubt, bool) {
	r, ok := c.rowNamed(g, s.k)
	if !ok || g.rows[r].role != part || hasFigure(g.cells[r], count, s.k.Value) || hasFigure(g.cells[r], percent, s.p.Value) {
		return doubt{}, false
	}
	at, n := matching(g, func(o int, _ string) bool {
		return hasFigure(g.cells[o], count, s.k.Value) && hasFigure(g.cells[o], percent, s.p.Value)
	})
	if n != 1 || at == r || g.rows[at].role != part || len(g.rows[at].path) != len(g.rows[r].path) {
		return doubt{}, false
	}
	for col, v := range g.cells[at] {
		if v.kind == count && equalPrinted(v.Decimal, s.k.Value) {
			return s.k.misnamedDoubt(g, r, at, col), true
		}
	}
	return doubt{}, false
}
