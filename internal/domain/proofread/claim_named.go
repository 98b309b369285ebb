package proofread

import (
	"slices"
	"strings"
)

// namedClaims holds a figure that a sentence says of one name against the one cell that
// the tables beside have for it, where the two differ as a slip of the pen does, or where
// another figure of the sentence is in that very column.
func (c *claims) namedClaims() []doubt {
	var out []doubt
	for i, p := range c.passages {
		for _, m := range p.mentions {
			if !m.ofOneName() {
				continue
			}
			m.name = nameOf(m.label)
			x, ok := c.cellNamed(p, m)
			if !ok || c.explained(i, m, x) || dateDiffers(c, m, x) {
				continue
			}
			slip := slipped(m, x.g.cells[x.r][x.c].Decimal)
			elsewhere := c.anywhere(p, m) && (c.ofName(p, m) || !slip || !m.mateIn(x.g.cells[x.r]))
			if !elsewhere && (slip || c.vouched(p, m, x)) {
				out = append(out, x.textDoubt(0))
			}
		}
	}
	return out
}

// ofOneName tells whether a figure is an exact count or share that may be of a name.
func (m mention) ofOneName() bool {
	if m.Approx || m.Bound != 0 || m.rest == "?" || m.conditional() || m.compared() || m.Value.Units == 0 || rises.MatchString(m.between) || falls.MatchString(m.between) {
		return false
	}
	if m.Sort == Count && (m.Unit == "" || m.Value.Digits > 0 || m.Value.Units < 10) || m.Sort != Count && m.Sort != Percent {
		return false
	}
	return !containsAny(m.lead+m.between, []string{"上届", "去年", "往年", "往届", "全国", "全省", "目标", "同期"})
}

// slipped tells whether a figure is another by one digit, or by two digits changed over;
// short figures are so by chance.
func slipped(m mention, v Decimal) bool {
	return m.Value.Digits == v.Digits && typo(Whole(m.Value.Units), Whole(v.Units)) && m.Value.Units >= 100 && v.Units >= 100
}

// dateDiffers tells whether the sentence is of another day than the table may be.
func dateDiffers(c *claims, m mention, x peer) bool {
	return !c.oneDate && m.dated() && !slipped(m, x.g.cells[x.r][x.c].Decimal)
}

// cellNamed is the cell of the tables beside that the words of a figure mean, if it is but
// one, or if all that they may mean have one value.
func (c *claims) cellNamed(p *passage, m mention) (peer, bool) {
	var found []peer
	for _, g := range c.near(p) {
		if m.narrows(p, g) {
			continue
		}
		for _, v := range []*grid{g, g.flipped()} {
			if x, ok := c.inColumn(p, v, m); ok {
				found = append(found, x)
			}
		}
	}
	if len(found) == 0 {
		return peer{}, false
	}
	v := found[0].g.cells[found[0].r][found[0].c].Decimal
	return found[0], !slices.ContainsFunc(found, func(x peer) bool { return !equalPrinted(x.g.cells[x.r][x.c].Decimal, v) })
}

// inColumn is the cell of the row of that name in the column that the words mean.
func (c *claims) inColumn(p *passage, g *grid, m mention) (peer, bool) {
	r, ok := c.rowNamed(g, m)
	if !ok {
		return c.groupCell(p, g, m)
	}
	if g.rows[r].role != part && !g.rows[r].named() {
		return peer{}, false
	}
	var cols []int
	for col := range g.cols {
		v := g.cells[r][col]
		if v.number() && !v.merged && (v.kind == percent) == (m.Sort == Percent) && c.columnFits(p, g, col, m) {
			cols = append(cols, col)
		}
	}
	if len(cols) != 1 {
		return peer{}, false
	}
	return peer{m: m, g: g, r: r, c: cols[0]}, true
}

// groupCell is the cell that a table has for a group of rows (华东地区), not for any of
// them: in a column where the others of the group have none of their own.
func (c *claims) groupCell(p *passage, g *grid, m mention) (peer, bool) {
	first, n, groups := 0, 0, 0
	for r, l := range g.rows {
		if len(l.path) < 2 || m.name == "" || shortName(nameOf(l.path[0])) != shortName(m.name) || l.role == subtotal || l.role == total {
			continue
		}
		if n == 0 || r > first+n {
			groups++
			first, n = r, 0
		}
		n++
	}
	if groups != 1 {
		return peer{}, false
	}
	var cols []int
	for col := range g.cols {
		v := g.cells[first][col]
		if !v.number() || (v.kind == percent) != (m.Sort == Percent) || !c.columnFits(p, g, col, m) {
			continue
		}
		own := true
		for r := first + 1; r < first+n; r++ {
			own = own && (g.cells[r][col].merged || g.cells[r][col].kind == blank)
		}
		if own && (n > 1 || !g.cells[first][col].merged && c.ofGroups(g, col)) {
			cols = append(cols, col)
		}
	}
	if len(cols) != 1 {
		return peer{}, false
	}
	return peer{m: m, g: g, r: first, c: cols[0], group: true}, true
}

// ofGroups tells whether a column has one figure for each group of rows.
func (c *claims) ofGroups(g *grid, col int) bool {
	for r, l := range g.rows {
		if r > 0 && len(l.path) > 1 && l.path[0] == g.rows[r-1].path[0] && (g.cells[r][col].merged || g.cells[r][col].kind == blank) {
			return true
		}
	}
	return false
}

// columnFits tells whether a column is of the level, cohort and measure that the words say.
func (c *claims) columnFits(p *passage, g *grid, col int, m mention) bool {
	level := m.level
	if level == "" {
		level = levelIn(p.heads)
	}
	of := g.levelAt(col)
	switch {
	case level == "" && of != "" && of != c.only && m.level == "" && levelIn(g.title) == "":
		return false
	case level == "合计" && of != "" && of != c.only:
		return false
	case level != "" && level != "合计" && of != level && c.only != level:
		return false
	}
	measured := m.measure == "" || m.Sort == Count
	for _, k := range g.cols[col].keys {
		switch {
		case slices.Contains(levels, k) || slices.Contains(bare, k):
		case yearIn(k):
			if cohort := cohortIn(k); cohort != m.cohort && (m.cohort != "" || cohort != c.cohort) {
				return false
			}
		case k == m.measure:
			measured = true
		case m.Sort == Percent && (strings.HasSuffix(k, "比例") || strings.Contains(k, "占比") || strings.HasPrefix(k, "占")) && m.measure == "":
		case m.Sort == Count && (strings.HasSuffix(k, "人数") || strings.HasSuffix(k, "数量")):
		case !strings.Contains(m.lead+m.between, k):
			return false
		}
	}
	if y := cohortIn(g.title); y != "" && m.cohort != "" && y != m.cohort {
		return false
	}
	return measured
}

// subjects are what sentences and tables may be about; a sentence about one is not held
// against a table that does not name it.
var subjects = []string{"生源", "升学", "深造", "出国", "出境", "留学", "创业", "签约", "省外", "省内", "录取", "考研", "灵活就业", "待就业", "未就业", "选调", "基层", "西部", "满意", "薪", "对口", "相关度", "稳定", "离职", "期望", "意向", "意愿"}

// narrows tells whether the words speak of fewer people, or of something else, than the
// table does.
func (m mention) narrows(p *passage, g *grid) bool {
	words := unitWords.Replace(m.lead + m.between + p.where)
	for _, list := range [][]string{narrower, subjects} {
		for _, w := range list {
			if strings.Contains(words, w) && !g.speaksOf(w) {
				return true
			}
		}
	}
	return false
}

// speaksOf tells whether the title or a label of a table has a word.
func (g *grid) speaksOf(w string) bool {
	if strings.Contains(g.title, w) {
		return true
	}
	for _, list := range [][]line{g.rows, g.cols} {
		for _, l := range list {
			if strings.Contains(l.rowWords(), w) {
				return true
			}
		}
	}
	return false
}

// explained tells whether a figure that the table has differently is right beside its mate:
// the share of another base, or the count of another share.
func (c *claims) explained(i int, m mention, x peer) bool {
	if m.mate < 0 {
		return false
	}
	for _, s := range c.passages[i].shares() {
		if s.k.From != m.From && s.p.From != m.From {
			continue
		}
		if c.ofSomething(i, s) && !(slipped(m, x.g.cells[x.r][x.c].Decimal) && m.mateIn(x.g.cells[x.r])) {
			return true
		}
		return !ownWords(s) && !x.g.isBase(s)
	}
	return false
}

// mateIn tells whether the figure that goes with a count or share stands in a line.
func (m mention) mateIn(row []value) bool {
	if m.mate < 0 {
		return false
	}
	mate := m.p.mentions[m.mate]
	if mate.Sort == Percent {
		return hasFigure(row, percent, mate.Value)
	}
	return hasFigure(row, count, mate.Value)
}

// isBase tells whether the words that say what a share is of are those of the table.
func (g *grid) isBase(s share) bool {
	of := wholeWords.Replace(s.of)
	return len([]rune(of)) == 0 || g.speaksOf(of) || of == "单位就业" || of == "就业"
}

// vouched tells whether another figure of the sentence stands in the column (or, as the
// mate of the figure, in the row) of the cell, under its own name.
func (c *claims) vouched(p *passage, m mention, x peer) bool {
	for _, o := range p.mentions {
		if o.sentence != m.sentence || o.From == m.From || !o.ofOneName() || o.Sort != m.Sort || o.level != m.level {
			continue
		}
		o.name = nameOf(o.label)
		r, ok := c.rowNamed(x.g, o)
		if !ok || r == x.r && !x.group {
			continue
		}
		if v := x.g.cells[r][x.c]; v.number() && v.Decimal == o.Value && v.Units >= 100 || x.group && o.Value.Units >= 100 && o.mateIn(x.g.cells[r]) && hasFigure(x.g.cells[r], percent, o.Value) {
			return true
		}
	}
	return false
}
