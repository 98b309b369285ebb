package proofread

import (
	"fmt"
	"slices"
	"strings"
)

// scopeClaims finds tables and sentences that say 研究生 and count 硕士 only (or any
// level named and another one counted).
func (c *claims) scopeClaims() []doubt {
	var out []doubt
	for _, g := range c.gs {
		if d, ok := c.wrongLevel(g); ok {
			out = append(out, d)
		}
	}
	return out
}

// wrongLevel doubts a table whose title names one level and whose number of graduates is
// that of another.
func (c *claims) wrongLevel(g *grid) (doubt, bool) {
	level := levelIn(g.title)
	if level == "" || c.number(level) == 0 {
		return doubt{}, false
	}
	for _, f := range c.facts {
		v := f.ref.value()
		if f.ref.g != g || f.kind != count || f.level != level || !slices.Equal(f.keys, []string{"毕业人数"}) || f.cohort != "" && f.cohort != c.cohort {
			continue
		}
		n := v.Units
		for _, other := range []string{"硕士", "博士", "研究生", "本科", "专科"} {
			if other == level || c.number(other) != n || slices.Contains(c.people[level], n) && !c.onlyHere(g, level, n) || n < 20 {
				continue
			}
			right := c.elsewhere(g, level)
			if right == 0 || right == n {
				continue
			}
			d := doubt{Finding: Finding{
				Where: g.where(), Cell: f.ref.g.cellName(f.ref.r, f.ref.c), Printed: v.text, Expected: Whole(right).String(),
				Rule: DenominatorScope, Severity: Scope, Place: v.place,
			}}
			d.Explanation = fmt.Sprintf("表题写的是%s，%d 却是%s的人数；本报告%s共 %d 人。要么表题改为%s，要么按 %d 重算。", level, n, other, level, right, other, right)
			d.mends = []mend{{at: v.place, name: g.where() + " " + level, fits: func(Decimal) bool { return false }}}
			return d, true
		}
	}
	return doubt{}, false
}

// number is the one number of graduates of a level that most of the report has: of a
// sentence or the largest of the tables.
func (c *claims) number(level string) int64 {
	for _, p := range c.passages {
		for _, m := range p.mentions {
			if m.countsPeople() && m.level == level {
				return m.Value.Units
			}
		}
	}
	if list := c.people[level]; len(list) == 1 {
		return list[0]
	}
	return 0
}

// onlyHere tells whether a number of a level comes from the table alone.
func (c *claims) onlyHere(g *grid, level string, n int64) bool {
	for _, p := range c.passages {
		for _, m := range p.mentions {
			if m.countsPeople() && m.level == level && m.Value.Units == n {
				return false
			}
		}
	}
	for _, f := range c.facts {
		if f.ref.g != g && f.kind == count && f.level == level && f.ref.value().Units == n && (len(f.keys) == 0 || f.keys[0] == "毕业人数") {
			return false
		}
	}
	return true
}

// elsewhere is the number of graduates of a level that sentences have.
func (c *claims) elsewhere(g *grid, level string) int64 {
	found := int64(0)
	for _, p := range c.passages {
		for _, m := range p.mentions {
			if m.countsPeople() && m.level == level && (m.cohort == "" || m.cohort == c.cohort) && (strings.Contains(m.between, "生") || m.sentence >= 0) {
				if found != 0 && found != m.Value.Units {
					return 0
				}
				found = m.Value.Units
			}
		}
	}
	if found == 0 {
		for _, f := range c.facts {
			if f.ref.g != g && f.kind == count && f.level == level && len(f.keys) == 0 {
				found = f.ref.value().Units
			}
		}
	}
	return found
}
