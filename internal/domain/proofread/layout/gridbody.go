package layout

import (
	"slices"
	"strings"

	"quxiang/internal/domain/proofread"
)

// anchor is a row of the body: the line that holds its figures.
type anchor struct {
	top   int
	cells []joint // by column; of columns of words only what stands on the line itself is not in here but in items
	span  [2]int  // columns that one label covers, [0,0) if none
	label joint   // that label
}

// gridBody gathers the body before its labels are given to rows.
type gridBody struct {
	g     *grid
	rows  []anchor
	items [][]piece // by column of words, in order
	once  [][]piece // by column of figures that stand once for each group of rows
	lost  bool      // something fits nowhere
}

// buildBody makes the rows of the table.
func (g *grid) buildBody() bool {
	b := gridBody{g: g, items: make([][]piece, len(g.columns)), once: g.onceColumns()}
	for _, l := range g.lines[g.headEnd:] {
		b.line(l)
	}
	if b.lost || len(b.rows) == 0 || !b.filled() {
		return false
	}
	g.body = make([][]proofread.Cell, len(b.rows))
	for i := range g.body {
		g.body[i] = make([]proofread.Cell, len(g.columns))
	}
	for c := range g.columns {
		if !g.columns[c].figures() && !b.labels(c) {
			return false
		}
	}
	for i, a := range b.rows {
		b.finish(i, a)
	}
	return b.groupFigures()
}

// line sorts the pieces of one line into the row that it is, or into the labels.
func (b *gridBody) line(l gridLine) {
	g := b.g
	pieces := g.split(l.pieces)
	isRow := slices.ContainsFunc(pieces, func(p piece) bool {
		c := b.figureColumn(p)
		return c >= 0 && b.once[c] == nil && p.number
	})
	a := anchor{top: l.top, cells: make([]joint, len(g.columns))}
	words := 0
	for _, p := range pieces {
		if !p.number || b.figureColumn(p) < 0 {
			words++
		}
	}
	for _, p := range pieces {
		if c := b.figureColumn(p); c >= 0 {
			if b.once[c] != nil && p.number {
				b.once[c] = append(b.once[c], p)
				continue
			}
			if !isRow || a.cells[c].runes > 0 {
				b.lost = true // words among figures, or two figures in one place
				return
			}
			a.cells[c].addPiece(p)
			continue
		}
		from, to := b.labelSpan(p, words == 1)
		if to-from > 1 && isRow && a.span[1] == 0 {
			a.span = [2]int{from, to}
			a.label.addPiece(p)
			continue
		}
		b.items[from] = append(b.items[from], p)
	}
	if isRow {
		b.rows = append(b.rows, a)
	}
}

// figureColumn is the column of figures that a piece stands in, -1 if none.
func (b *gridBody) figureColumn(p piece) int {
	at := b.g.columnsOf(p)
	if len(at) == 1 && b.g.columns[at[0]].figures() {
		return at[0]
	}
	if len(at) > 1 && p.number {
		if c := b.g.nearest(p, at); b.g.columns[c].figures() {
			return c
		}
	}
	return -1
}

// nearest is the column of a list whose centre is nearest to that of the piece.
func (g *grid) nearest(p piece, list []int) int {
	best := list[0]
	for _, c := range list {
		if abs(g.columns[c].centre()-p.centre()) < abs(g.columns[best].centre()-p.centre()) {
			best = c
		}
	}
	return best
}

func abs(n int) int { return max(n, -n) }

// labelSpan is which columns of words a label stands in, from and to; more than one
// where it is set across them.
func (b *gridBody) labelSpan(p piece, alone bool) (from, to int) {
	g := b.g
	words := g.wordColumns(p)
	if len(words) == 0 {
		words = []int{g.nearest(p, g.allColumns())}
		if g.columns[words[0]].figures() {
			b.lost = true
		}
		return words[0], words[0] + 1
	}
	first, last := words[0], words[len(words)-1]
	at := slices.DeleteFunc(g.columnsOf(p), func(c int) bool { return g.columns[c].figures() })
	if len(at) > 1 {
		return at[0], at[len(at)-1] + 1
	}
	if !alone || !isSum(p.text) || len(words) == 1 {
		c := g.nearest(p, words)
		if len(at) == 1 {
			c = at[0]
		}
		return c, c + 1
	}
	if !isSub(p.text) { // a total is of no group
		return first, last + 1
	}
	// a group's sum: in the first column or across all, unless it stands in the middle of
	// another: 小计 within a group
	whole := (g.columns[first].left + g.columns[last].right) / 2
	c := g.nearest(p, words)
	if c > first && abs(g.columns[c].centre()-p.centre()) <= abs(whole-p.centre()) {
		return c, c + 1
	}
	return first, last + 1
}

// wordColumns are the columns of words on the same side of the figures as the piece.
func (g *grid) wordColumns(p piece) []int {
	var out []int
	for c, col := range g.columns {
		switch {
		case col.figures() && col.right <= p.left:
			out = out[:0]
		case col.figures() && col.left >= p.right:
			return out
		case !col.figures():
			out = append(out, c)
		}
	}
	return out
}

func (g *grid) allColumns() []int {
	out := make([]int, len(g.columns))
	for i := range out {
		out[i] = i
	}
	return out
}

// split cuts pieces in which words and figures of several columns stand with one space
// between them.
func (g *grid) split(pieces []piece) []piece {
	var out []piece
	for _, p := range pieces {
		at := g.columnsOf(p)
		if len(at) < 2 || !strings.Contains(p.text, " ") {
			out = append(out, p)
			continue
		}
		if parts := g.cut(p, at); slices.ContainsFunc(parts, func(q piece) bool { return q.number }) {
			out = append(out, parts...)
			continue
		}
		out = append(out, p)
	}
	return out
}

// cut cuts a piece at spaces so that each part stands in a column of its own; the whole
// piece if that does not come out even.
func (g *grid) cut(p piece, at []int) []piece {
	parts := fieldsOf(p)
	if len(parts) == len(at) {
		return parts
	}
	last := parts[len(parts)-1]
	if c := at[len(at)-1]; last.number && g.columns[c].figures() && len(at) == 2 {
		q := p
		q.text = strings.TrimSuffix(p.text, " "+last.text)
		q.right = last.left - unit
		return []piece{q, last}
	}
	return []piece{p}
}

// fieldsOf cuts a piece at its spaces; a unit stays with its number.
func fieldsOf(p piece) []piece {
	var parts []piece
	runes := max(len([]rune(p.text)), 1)
	from := 0
	for _, f := range strings.Split(p.text, " ") {
		n := len([]rune(f))
		if k := len(parts); k > 0 && strings.ContainsRune("年届月日个强人级", firstRune(f)) && strings.Trim(parts[k-1].text[len(parts[k-1].text)-1:], "0123456789") == "" {
			parts[k-1].text += " " + f
			parts[k-1].right = p.left + (p.right-p.left)*(from+n)/runes
		} else if n > 0 {
			q := p
			q.text, q.number = f, isNumber(f)
			q.place.Rune += from
			q.left = p.left + (p.right-p.left)*from/runes
			q.right = p.left + (p.right-p.left)*(from+n)/runes
			parts = append(parts, q)
		}
		from += n + 1
	}
	return parts
}

// filled: the rows agree on where the figures stand.
func (b *gridBody) filled() bool {
	all, missing, whole := 0, 0, 0
	for _, a := range b.rows {
		row := 0
		for c, col := range b.g.columns {
			if !col.figures() || b.once[c] != nil {
				continue
			}
			all++
			if a.cells[c].runes == 0 {
				missing++
				row++
			}
		}
		if row == 0 {
			whole++
		}
	}
	return missing*10 <= all*2 && whole*2 > len(b.rows)
}

// finish writes the figures and the label across columns of one row.
func (b *gridBody) finish(i int, a anchor) {
	for c := range a.cells {
		if a.cells[c].runes > 0 {
			b.g.body[i][c] = a.cells[c].cell()
		}
	}
	if a.span[1] > 0 {
		cell := a.label.cell()
		for c := a.span[0]; c < a.span[1]; c++ {
			b.g.body[i][c] = cell
			cell = merged(cell)
		}
	}
}
