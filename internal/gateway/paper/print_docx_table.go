package paper

import (
	"fmt"
	"strings"

	"quxiang/internal/domain/report"
)

// Margins within cells in twips.
const (
	cellAbove  = 30
	cellBeside = 60
)

// gridCell is a cell with its place; those that go on below another are listed.
type gridCell struct {
	report.Cell
	cols int
	kind int
	ends bool // its last row is this one
}

// Kinds of cells.
const (
	single = iota
	restart
	goesOn
	filler // where a row is too short
)

// gridOf places the cells of rows; the widest row says how many columns there are.
func gridOf(rows [][]report.Cell) (grid [][]gridCell, width int) {
	type reach struct{ cols, rows int }
	above := map[int]reach{} // by column: what still reaches down
	for i, r := range rows {
		var line []gridCell
		at := 0
		for len(r) > 0 || len(above) > 0 && at < width {
			if a, ok := above[at]; ok {
				line = append(line, gridCell{cols: a.cols, kind: goesOn, ends: a.rows == 1})
				if above[at] = (reach{a.cols, a.rows - 1}); a.rows == 1 {
					delete(above, at)
				}
				at += a.cols
				continue
			}
			if len(r) == 0 {
				line = append(line, gridCell{cols: 1, kind: filler, ends: true})
				at++
				continue
			}
			c := gridCell{Cell: r[0], cols: min(max(r[0].Cols, 1), maxColumns), ends: true}
			r = r[1:]
			for n := 1; n < c.cols; n++ {
				if _, ok := above[at+n]; ok { // two cells of one place
					c.cols = n
				}
			}
			if down := min(c.Rows, len(rows)-i); down > 1 {
				c.kind, c.ends = restart, false
				above[at] = reach{c.cols, down - 1}
			}
			line = append(line, c)
			at += c.cols
			width = max(width, at)
		}
		grid = append(grid, line)
	}
	return grid, width
}

// fill makes all rows of a width.
func fill(grid [][]gridCell, width int) {
	for i, line := range grid {
		at := 0
		for _, c := range line {
			at += c.cols
		}
		for ; at < width; at++ {
			grid[i] = append(grid[i], gridCell{cols: 1, kind: filler, ends: true})
		}
	}
}

// tableLayout is how a table is laid on the page.
type tableLayout struct {
	head, body [][]gridCell
	widths     []int // of columns, twips
	style      string
	wide       bool   // on lying paper
	whole      bool   // not broken over pages
	joined     []bool // of rows of the body: a merged cell holds them to the next
}

// tableTries are sizes of letters with the lines that heads and words may take, the best
// first.
var tableTries = []struct {
	style string
	lines int
}{{styleTable, 1}, {styleTable, 2}, {styleTableSmall, 1}, {styleTableSmall, 2}, {styleTableSmall, 3}, {styleTableTiny, 2}, {styleTableTiny, 3}, {styleTableTiny, 4}}

// layTable finds the largest letters in which the table stands on the page, and lays the
// page down if there are none.
func layTable(t report.Table) tableLayout {
	var l tableLayout
	var a, b int
	l.head, a = gridOf(t.Head)
	l.body, b = gridOf(t.Body)
	columns := max(a, b)
	fill(l.head, columns)
	fill(l.body, columns)
	for _, room := range []int{docxTextWidth, docxPageHeight} {
		l.wide = room == docxPageHeight
		for _, try := range tableTries {
			l.style = try.style
			l.widths = columnNeeds(l, columns, docxStyles[try.style].size, try.lines)
			if total(l.widths) <= room {
				l.widths = alike(l.widths, l.head, room)
				spread(l.widths, alike(columnNeeds(l, columns, docxStyles[try.style].size, 1), l.head, 10*room), room)
				l.whole, l.joined = l.standsWhole(), l.groups()
				return l
			}
		}
	}
	shrink(l.widths, docxPageHeight)
	l.joined = l.groups()
	return l
}

// groups are the rows that a merged cell of the first column joins, where they are no more
// than a third of a page.
func (l tableLayout) groups() []bool {
	joined := make([]bool, len(l.body))
	for from := 0; from < len(l.body); {
		height, to := l.rowHeight(l.body[from]), from+1
		for to < len(l.body) && len(l.body[to]) > 0 && l.body[to][0].kind == goesOn {
			height += l.rowHeight(l.body[to])
			to++
		}
		for i := from; i < to-1 && height < docxPageHeight/3; i++ {
			joined[i] = true
		}
		from = to
	}
	return joined
}

// keeps is true of a row of the body that stands on one page with the next, or with the
// notes: neither the first nor the last, which may be the sum, stands alone.
func (l tableLayout) keeps(i int, notes bool) bool {
	if i == len(l.body)-1 {
		return notes
	}
	return i == 0 || i >= len(l.body)-3 || l.whole || l.joined[i]
}

// standsWhole is true of tables of less than a third of a page.
func (l tableLayout) standsWhole() bool {
	height := 0
	for _, r := range append(l.head[:len(l.head):len(l.head)], l.body...) {
		height += l.rowHeight(r)
	}
	room := docxPageHeight
	if l.wide {
		room = docxTextWidth
	}
	return height < room/3
}

func (l tableLayout) rowHeight(row []gridCell) int {
	s := docxStyles[l.style]
	lines, at := 1, 0
	for _, c := range row {
		if c.kind == single {
			lines = max(lines, docxLines(c.Text, s.size, total(l.widths[at:at+c.cols])-2*cellBeside, 0))
		}
		at += c.cols
	}
	return lines*s.line + 2*cellAbove
}

// table writes caption, rows and notes.
func (p *docxPrinter) table(t report.Table, l tableLayout) {
	p.caption(styleTableTitle, t.ID, t.Number, t.Caption)
	if len(l.widths) > 0 {
		p.f(`<w:tbl><w:tblPr><w:tblStyle w:val="%s"/><w:tblW w:w="%d" w:type="dxa"/><w:jc w:val="center"/><w:tblLayout w:type="fixed"/><w:tblCaption w:val="%s"/></w:tblPr><w:tblGrid>`,
			styleThreeLines, total(l.widths), escape(t.Number+" "+t.Caption))
		for _, w := range l.widths {
			p.f(`<w:gridCol w:w="%d"/>`, w)
		}
		p.f(`</w:tblGrid>`)
		for i := range l.head {
			p.row(l, l.head[i], rowPlace{head: true, last: i == len(l.head)-1, keep: true})
		}
		for i := range l.body {
			p.row(l, l.body[i], rowPlace{keep: l.keeps(i, len(t.Notes) > 0), sum: isSum(l.body[i]), group: i > 0 && l.body[i][0].kind == restart})
		}
		p.f(`</w:tbl>`)
	}
	for i, n := range t.Notes {
		props := ""
		if i == 0 {
			props = `<w:spacing w:before="60"/>`
		}
		p.para(styleNote, props, docxText(n, ""))
	}
	p.para(styleGap, `<w:spacing w:line="200" w:lineRule="exact"/>`, "")
}

// isSum is true of a row whose cells are all bold.
func isSum(row []gridCell) bool {
	for _, c := range row {
		if !c.Bold {
			return false
		}
	}
	return true
}

// rowPlace says where in its table a row stands.
type rowPlace struct {
	head  bool
	last  bool // of the heads
	keep  bool // on one page with the next
	sum   bool
	group bool // the first of some that a merged cell joins
}

func (p *docxPrinter) row(l tableLayout, cells []gridCell, at rowPlace) {
	p.f(`<w:tr><w:trPr><w:cantSplit/>`)
	if at.head {
		p.f(`<w:tblHeader/>`)
	}
	p.f(`</w:trPr>`)
	column := 0
	for _, c := range cells {
		p.cell(l, c, total(l.widths[column:column+c.cols]), at)
		column += c.cols
	}
	p.f(`</w:tr>`)
}

func (p *docxPrinter) cell(l tableLayout, c gridCell, width int, at rowPlace) {
	p.f(`<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>`, width)
	if c.cols > 1 {
		p.f(`<w:gridSpan w:val="%d"/>`, c.cols)
	}
	switch c.kind {
	case restart:
		p.f(`<w:vMerge w:val="restart"/>`)
	case goesOn:
		p.f(`<w:vMerge/>`)
	}
	p.f(`%s<w:vAlign w:val="center"/></w:tcPr>`, cellRules(c, at))
	var props strings.Builder
	if at.keep {
		props.WriteString(`<w:keepNext/>`)
	}
	if c.Left && !at.head {
		props.WriteString(`<w:jc w:val="left"/>`)
	}
	letters := ""
	if c.Bold || at.head {
		letters = `<w:b/><w:bCs/>`
	}
	p.para(l.style, props.String(), docxText(c.Text, letters))
	p.f(`</w:tc>`)
}

// cellRules are the lines of a cell: under the heads, under a head over several columns,
// above the sum, a light one between groups.
func cellRules(c gridCell, at rowPlace) string {
	rule := func(side string, size int, color string) string {
		return fmt.Sprintf(`<w:tcBorders><w:%s w:val="single" w:sz="%d" w:space="0" w:color="%s"/></w:tcBorders>`, side, size, color)
	}
	switch {
	case at.head && at.last:
		return rule("bottom", 6, "auto")
	case at.head && c.cols > 1 && c.ends:
		return rule("bottom", 4, "auto")
	case at.sum:
		return rule("top", 4, "auto")
	case at.group:
		return rule("top", 4, "BFBFBF")
	}
	return ""
}
