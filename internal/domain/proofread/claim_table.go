package proofread

import (
	"fmt"
)

// tableClaims holds the figures that a sentence lists by name against the column of a
// table that has the others of the list.
func (c *claims) tableClaims() []doubt {
	var out []doubt
	told := map[Place]bool{}
	for _, p := range c.passages {
		for i := range p.sentences {
			for _, sort := range []Sort{Percent, Count} {
				for _, d := range c.listAgainst(p, i, sort) {
					if !told[d.Place] {
						told[d.Place] = true
						out = append(out, d)
					}
				}
			}
		}
	}
	return out
}

// match is a column of a table held against the figures of a sentence.
type match struct {
	hits   int
	misses []peer
}

// listAgainst finds the column that has most figures of a sentence under their names, and
// doubts those that it has differently, if no other table has them.
func (c *claims) listAgainst(p *passage, sentence int, sort Sort) []doubt {
	var list []mention
	for _, m := range p.figuresOf(sentence) {
		if m.Sort == sort && !m.Approx && m.Bound == 0 && m.rest != "?" {
			m.name = nameOf(m.label)
			list = append(list, m)
		}
	}
	if len(list) < 3 {
		return nil
	}
	var best match
	for _, g := range c.near(p) {
		for _, v := range []*grid{g, g.flipped()} {
			for col, l := range v.cols {
				if (l.kind == percent) != (sort == Percent) || l.kind != count && l.kind != percent {
					continue
				}
				if x := c.against(v, col, list); x.hits > best.hits || x.hits == best.hits && len(x.misses) < len(best.misses) {
					best = x
				}
			}
		}
	}
	if best.hits < 2 || len(best.misses) == 0 || len(best.misses)*2 > best.hits {
		return nil
	}
	var out []doubt
	for _, x := range best.misses {
		if !c.anywhere(p, x.m) || best.hits >= 2 && !c.ofName(p, x.m) {
			out = append(out, x.textDoubt(best.hits))
		}
	}
	return out
}

// against counts the figures that the column has in the rows of their names.
func (c *claims) against(g *grid, col int, list []mention) match {
	var x match
	used := map[int]bool{}
	for _, m := range list {
		r, ok := c.rowNamed(g, m)
		if !ok || used[r] {
			continue
		}
		v := g.cells[r][col]
		if !v.number() || v.merged || (v.kind == percent) != (m.Sort == Percent) {
			continue
		}
		used[r] = true
		if equalPrinted(v.Decimal, m.Value) {
			x.hits++
		} else {
			x.misses = append(x.misses, peer{m: m, g: g, r: r, c: col})
		}
	}
	return x
}

// anywhere tells whether some table near has the figure, in whatever row.
func (c *claims) anywhere(p *passage, m mention) bool {
	for _, g := range c.gs {
		if max(g.block-p.block, p.block-g.block) > 30 {
			continue
		}
		for _, row := range g.cells {
			for _, v := range row {
				if v.number() && (v.kind == percent) == (m.Sort == Percent) && v.Decimal == m.Value && (m.Sort == Percent && v.Digits > 0 && v.Units > 0 || v.Units > 9) {
					return true
				}
			}
		}
	}
	return false
}

// ofName tells whether some table near has the figure in a line of its name.
func (c *claims) ofName(p *passage, m mention) bool {
	kind := count
	if m.Sort == Percent {
		kind = percent
	}
	for _, g := range c.gs {
		if max(g.block-p.block, p.block-g.block) > 30 {
			continue
		}
		for _, v := range []*grid{g, g.flipped()} {
			for r, name := range c.rowNames(v) {
				if name != "" && shortName(name) == shortName(m.name) && hasFigure(v.cells[r], kind, m.Value) {
					return true
				}
			}
		}
	}
	return false
}

func (x peer) textDoubt(hits int) doubt {
	ref := x.g.ref(x.r, x.c)
	v := ref.value().Decimal
	d := x.m.doubtOf(TextVsTable, Fault, v.String())
	d.Other = ref.value().place
	d.Explanation = fmt.Sprintf("%s“%s”是 %s，正文印的是 %s", ref.g.where(), ref.g.cellName(ref.r, ref.c), v, x.m.printed())
	if hits > 0 {
		d.Explanation += fmt.Sprintf("；同句另有 %d 个数与该表相同", hits)
	}
	d.Explanation += "。"
	d.mends = []mend{x.m.mendTo(v, v), mendCell(ref, x.m.Value, x.m.Value)}
	return d
}
