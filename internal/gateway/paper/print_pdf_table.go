package paper

import (
	"math"

	"quxiang/internal/domain/report"
)

// grid is a laid table. Merged cells stand once, at their first row and column.
type grid struct {
	table   *report.Table
	head    int // rows of it
	size    float64
	cells   []setCell
	cols    []float64 // widths
	heights []float64 // of rows
}

type setCell struct {
	report.Cell
	row, col, rows, cols int
	lines                []line
	tag                  *tag
}

// tableSizes are tried from the first on: a little smaller where nothing need be broken then,
// else broken, else a wide table is set smaller, with fewer characters beside each other in its
// narrowest columns.
var tableSizes = []struct {
	size, beside float64
	whole        bool
}{{10.5, 4, true}, {9.5, 4, true}, {9, 4, true}, {8.5, 4, true}, {8, 4, true}, {7.5, 4, true}, {10.5, 4, false}, {9.5, 4, false}, {8.5, 3, false}, {7.5, 2, false}, {6.5, 2, false}}

// setTable gives a table its columns and rows, in the largest type in which it fits.
func setTable(faces []*face, t *report.Table) *grid {
	g := &grid{table: t, head: len(t.Head)}
	g.place()
	for _, at := range tableSizes {
		if g.size = at.size; !g.columns(faces, at.beside, at.whole) {
			continue
		}
		if !at.whole || at.size <= leastSize || g.tallest(faces) <= mostLines {
			break
		}
	}
	g.rows(faces)
	return g
}

// Long texts are set smaller, down to leastSize, before they take more than mostLines.
const (
	leastSize = 8.5
	mostLines = 3
)

// tallest is about how many lines the longest text takes in its column.
func (g *grid) tallest(faces []*face) float64 {
	var lines float64
	for _, c := range g.cells {
		room := g.span(c.col, c.cols) - 2*g.pad()
		lines = max(lines, widthOf(glyphs(faces, nil, c.Text, g.look(c)))/max(room, 1))
	}
	return lines
}

// place finds where each cell stands: cells go to the first free column of their row.
func (g *grid) place() {
	rows := append(append([][]report.Cell{}, g.table.Head...), g.table.Body...)
	taken := map[[2]int]bool{}
	width := 0
	for r, cells := range rows {
		c, last := 0, len(rows)
		if r < g.head {
			last = g.head
		}
		for _, cell := range cells {
			for taken[[2]int{r, c}] {
				c++
			}
			gc := setCell{Cell: cell, row: r, col: c, rows: min(max(cell.Rows, 1), last-r), cols: max(cell.Cols, 1)}
			for i := range gc.rows * gc.cols {
				taken[[2]int{r + i/gc.cols, c + i%gc.cols}] = true
			}
			g.cells = append(g.cells, gc)
			c += gc.cols
			width = max(width, c)
		}
	}
	g.cols, g.heights = make([]float64, width), make([]float64, len(rows))
}

// pad is the white beside a cell's text: where it can be, columns stand more than a character apart,
// so that a reader of the text can tell them.
func (g *grid) pad() float64 { return g.size * min(0.55, (g.size-4.5)/8) }

func (g *grid) look(c setCell) *look {
	l := &look{size: g.size, tint: black}
	if c.Bold || c.row < g.head {
		l.face = bold
	}
	return l
}

// columns shares the text's width out; false where the longest pieces do not fit or, whole,
// where a head or a number would be broken.
func (g *grid) columns(faces []*face, beside float64, whole bool) bool {
	least, most, want := make([]float64, len(g.cols)), make([]float64, len(g.cols)), make([]float64, len(g.cols))
	for _, spans := range []bool{false, true} {
		for _, c := range g.cells {
			if c.cols > 1 != spans {
				continue
			}
			narrow, enough := beside*g.size, math.Inf(1)
			if c.Left && c.row >= g.head { // names may be broken
				narrow, enough = 2*narrow, wholeName*g.size
			}
			short, long := extent(glyphs(faces, nil, c.Text, g.look(c)), narrow)
			lift(least[c.col:c.col+c.cols], short+2*g.pad())
			lift(most[c.col:c.col+c.cols], max(long, short)+2*g.pad())
			lift(want[c.col:c.col+c.cols], max(min(long, enough), short)+2*g.pad())
		}
	}
	for i := range least {
		want[i] = max(want[i], least[i])
		most[i] = max(most[i], want[i])
	}
	start, sum := least, sumOf(least)
	if whole {
		start, sum = want, sumOf(want)
	}
	copy(g.cols, start)
	if sum > textWidth {
		for i := range g.cols {
			g.cols[i] *= textWidth / sum
		}
		return false
	}
	pour(g.cols, most, textWidth-sum)
	rest := (textWidth - sumOf(g.cols)) / float64(len(g.cols))
	for i := range g.cols {
		g.cols[i] += rest
	}
	return true
}

// wholeName is how many characters of a name stand on a line before the type is set smaller.
const wholeName = 9

func sumOf(widths []float64) float64 {
	var sum float64
	for _, w := range widths {
		sum += w
	}
	return sum
}

// pour widens columns, none beyond what it needs most, always the one whose longest text
// takes the most lines: that one makes the rows high.
func pour(cols, most []float64, room float64) {
	const step = 2.0
	for room > 0.01 {
		next, lines := -1, 1.0
		for i := range cols {
			if l := most[i] / max(cols[i], 1); cols[i] < most[i]-0.001 && l > lines {
				next, lines = i, l
			}
		}
		if next < 0 {
			return
		}
		by := min(step, room, most[next]-cols[next])
		cols[next] += by
		room -= by
	}
}

// lift raises widths evenly until they are need together.
func lift(widths []float64, need float64) {
	for _, w := range widths {
		need -= w
	}
	for i := range widths {
		widths[i] += max(need, 0) / float64(len(widths))
	}
}

// extent is the narrowest and the widest that a text can be set: words and numbers stay
// whole, and what there is stands beside each other up to narrow.
func extent(gs []glyph, narrow float64) (least, most float64) {
	start := 0
	for i := 1; i <= len(gs); i++ {
		if i == len(gs) || mayBreak(gs, i) {
			least = max(least, widthOf(trimmed(gs[start:i])))
			start = i
		}
	}
	most = widthOf(gs) + 0.01
	return max(least, min(most, narrow)) + 0.01, most
}

func trimmed(gs []glyph) []glyph {
	for len(gs) > 0 && gs[len(gs)-1].r == ' ' {
		gs = gs[:len(gs)-1]
	}
	return gs
}

// rows breaks the cells' texts and finds each row's height; a merged cell that needs more
// gets it from its last row.
func (g *grid) rows(faces []*face) {
	for i := range g.heights {
		g.heights[i] = g.need(1)
	}
	for _, merged := range []bool{false, true} {
		for i := range g.cells {
			c := &g.cells[i]
			if c.rows > 1 != merged {
				continue
			}
			c.lines = evenLines(glyphs(faces, nil, c.Text, g.look(*c)), g.span(c.col, c.cols)-2*g.pad())
			need, last := g.need(len(c.lines)), c.row+c.rows-1
			for _, h := range g.heights[c.row:last] {
				need -= h
			}
			g.heights[last] = max(g.heights[last], need)
		}
	}
}

func (g *grid) need(lines int) float64 {
	return float64(lines)*g.size*1.35 + g.size*0.75
}

func (g *grid) span(col, n int) float64 {
	return sumOf(g.cols[col : col+n])
}

// boxes are the rows. Heads stay with the first two rows of the body, rows of a small table
// and of a merged cell with each other, the last row, which is often the sum, with the one
// before and with the notes.
func (g *grid) boxes(noted bool) []*flowBox {
	out := make([]*flowBox, len(g.heights))
	all := sumOf(g.heights)
	last := len(g.heights) - 1
	for i, h := range g.heights {
		out[i] = &flowBox{h: h, grid: g, row: i, hold: i <= min(g.head, last-1) || all < keptHeight && i < last || i == last-1 || noted && i == last}
	}
	for _, c := range g.cells {
		h := sumOf(g.heights[c.row : c.row+c.rows])
		for i := c.row; i < c.row+c.rows-1 && h < keptHeight; i++ {
			out[i].hold = true
		}
	}
	return out
}

// keptHeight is up to where rows are kept on a page.
const keptHeight = (textBottom - textTop) / 3

// draw prints the rows of a page: thick rules above and below, a thin one under the head,
// hairlines between rows.
func (g *grid) draw(k *ink, rows []placed) {
	at := map[int]float64{} // where a row begins
	for _, r := range rows {
		at[r.row] = r.y
	}
	end := rows[len(rows)-1]
	foot := end.y + end.h
	for _, c := range g.cells {
		top, bottom := -1.0, 0.0
		for r := c.row; r < c.row+c.rows; r++ {
			if y, ok := at[r]; ok {
				if top < 0 {
					top = y
				}
				bottom = y + g.heights[r]
			}
		}
		if top >= 0 {
			g.cell(k, c, top, bottom, foot)
		}
	}
	k.rule(textLeft, rows[0].y, textLeft+textWidth, rows[0].y, 1.1, black)
	if y, ok := at[g.head]; ok && g.head > 0 {
		k.rule(textLeft, y, textLeft+textWidth, y, 0.6, black)
	} else if g.head > 0 && end.row >= g.head {
		y := at[g.head-1] + g.heights[g.head-1]
		k.rule(textLeft, y, textLeft+textWidth, y, 0.6, black)
	}
	k.rule(textLeft, foot, textLeft+textWidth, foot, 1.1, black)
}

// cell prints a cell between two heights and the rule below it.
func (g *grid) cell(k *ink, c setCell, top, bottom, foot float64) {
	x, w := textLeft+g.span(0, c.col), g.span(c.col, c.cols)
	step := g.size * 1.35
	k.mark(c.tag.once())
	base := (top+bottom)/2 - float64(len(c.lines))*step/2 + step/2 + g.size*0.36
	for _, l := range c.lines {
		in := g.pad()
		if !c.Left || c.row < g.head {
			in = (w - l.width) / 2
		}
		k.line(x+in, base, l)
		base += step
	}
	k.mark(nil)
	switch inHead := c.row+c.rows < g.head; {
	case bottom >= foot-0.01:
	case inHead && c.cols > 1:
		k.rule(x+3, bottom, x+w-3, bottom, 0.5, dim)
	case !inHead && c.row+c.rows != g.head:
		k.rule(x, bottom, x+w, bottom, 0.3, hair)
	}
}
