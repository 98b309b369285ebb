package layout

import (
	"cmp"
	"slices"
	"strings"

	"quxiang/internal/domain/proofread"
)

// grid is a table drawn in columns: pieces of lines, with sides.
type grid struct {
	lines   []gridLine
	columns []column
	pitch   int // from line to line
	headEnd int // lines before it are head
	head    [][]proofread.Cell
	body    [][]proofread.Cell
	votes   *int // of tables so far: above 0 labels stand in the middle of their rows, below 0 beside the first
	open    bool // the first rows go on with a group of the page before
}

type gridLine struct {
	top    int
	pieces []piece
}

// column is an interval of sides, with what stands in it.
type column struct {
	left, right int
	numbers     int // pieces in it that are figures
	words       int
	widest      int
}

func (c column) centre() int { return (c.left + c.right) / 2 }

// figures is true of a column of figures.
func (c column) figures() bool { return c.numbers > 0 && c.numbers*10 >= (c.numbers+c.words)*6 }

func (c column) meets(p piece) bool { return p.left < c.right && c.left < p.right }

// readGrid reads the lines as one table, by the place of the characters or as a terminal
// shows them, whichever sets the columns straighter; nil if they are none.
func readGrid(rows []row, votes *int) *grid {
	lines := gridLines(rows)
	if len(lines) < 2 {
		return nil
	}
	before := *votes
	best := tryGrid(lines, votes)
	if !rows[0].placed {
		other := before
		if g := tryGrid(wideLines(lines), &other); g != nil && (best == nil || g.loose() < best.loose()) {
			best, *votes = g, other
		}
	}
	if best == nil || best.loose() > maxLoose {
		*votes = before
		return nil
	}
	return best
}

// maxLoose is how far, on average, pieces of one column may stand from each other.
const maxLoose = 3 * unit

// wideLines sets the lines as a terminal does.
func wideLines(lines []gridLine) []gridLine {
	out := make([]gridLine, len(lines))
	for i, l := range lines {
		out[i] = gridLine{l.top, slices.Clone(l.pieces)}
		for k, p := range l.pieces {
			out[i].pieces[k].left, out[i].pieces[k].right = p.wide, p.wide+unit*cells(p.text)
		}
	}
	return out
}

// loose is by how much, on average, the columns of figures are wider than what is widest
// in them.
func (g *grid) loose() int {
	sum, n := 0, 0
	for _, c := range g.columns {
		if c.figures() {
			sum += c.right - c.left - c.widest
			n++
		}
	}
	return sum / max(n, 1)
}

// gridLines takes the visible lines; the place of a line without position is its number.
func gridLines(rows []row) []gridLine {
	var out []gridLine
	for i, r := range rows {
		if r.kind == blankLine || len(r.pieces) == 0 {
			continue
		}
		l := gridLine{top: i * unit, pieces: slices.Clone(r.pieces)}
		if r.placed {
			l.top = r.top
		}
		for k := range l.pieces {
			l.pieces[k].top = l.top
		}
		out = append(out, l)
	}
	return out
}

func tryGrid(lines []gridLine, votes *int) *grid {
	g := &grid{lines: lines, pitch: pitchOf(lines), votes: votes}
	first := slices.IndexFunc(lines, func(l gridLine) bool {
		return len(l.pieces) >= 2 && slices.ContainsFunc(l.pieces, func(p piece) bool { return p.number })
	})
	if first < 0 {
		return nil
	}
	g.headEnd = first
	for range 4 {
		g.findColumns()
		end := g.findHead(first)
		if end == g.headEnd {
			break
		}
		g.headEnd = end
	}
	if len(g.columns) < 2 {
		return nil
	}
	if !g.buildBody() {
		return nil
	}
	if !g.buildHead() {
		return nil
	}
	return g
}

// pitchOf is the usual distance of two lines that follow each other.
func pitchOf(lines []gridLine) int {
	var d []int
	for i := 1; i < len(lines); i++ {
		if n := lines[i].top - lines[i-1].top; n > 0 {
			d = append(d, n)
		}
	}
	if len(d) == 0 {
		return unit
	}
	slices.Sort(d)
	return max(d[len(d)/2], 1)
}

// findColumns gathers the pieces of the body into intervals, the narrow ones first: a
// piece that would join two columns is a label across them and makes no column.
func (g *grid) findColumns() {
	all := g.bodyPieces()
	g.columns = g.columns[:0]
	for _, p := range all {
		switch at := g.columnsOf(p); len(at) {
		case 0:
			c := column{left: p.left, right: p.right}
			c.take(p)
			g.columns = append(g.columns, c)
		case 1:
			g.columns[at[0]].take(p)
		}
	}
	slices.SortFunc(g.columns, func(a, b column) int { return cmp.Compare(a.left, b.left) })
	g.mergeColumns()
	for i := range g.columns {
		g.columns[i].numbers, g.columns[i].words = 0, 0
	}
	for _, p := range all { // what reached across columns before may stand in one now
		if at := g.columnsOf(p); len(at) == 1 {
			g.columns[at[0]].take(p)
		}
	}
}

// bodyPieces are the pieces below the head but for the labels of sums, the narrow first.
func (g *grid) bodyPieces() []piece {
	var all []piece
	for _, l := range g.lines[g.headEnd:] {
		for _, p := range l.pieces {
			if !isSum(p.text) {
				all = append(all, p)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b piece) int { return cmp.Compare(a.right-a.left, b.right-b.left) })
	return all
}

// take widens the column so that it holds the piece.
func (c *column) take(p piece) {
	c.widest = max(c.widest, p.right-p.left)
	c.left, c.right = min(c.left, p.left), max(c.right, p.right)
	if p.number {
		c.numbers++
	} else {
		c.words++
	}
}

// mergeColumns joins columns next to each other that no line has both of: one column
// whose pieces are not set exactly below each other.
func (g *grid) mergeColumns() {
	for i := 0; i+1 < len(g.columns); {
		a, b := g.columns[i], g.columns[i+1]
		gap := 2 * unit
		if !a.figures() || !b.figures() {
			gap = unit / 2
		}
		across, both := g.together(i)
		if both || b.left-a.right > gap && across < 2 {
			i++
			continue
		}
		g.columns[i] = column{a.left, max(a.right, b.right), a.numbers + b.numbers, a.words + b.words, max(a.widest, b.widest)}
		g.columns = slices.Delete(g.columns, i+1, i+2)
	}
}

// together counts the pieces of the body that reach across the column and the next, and
// tells whether a line has one piece in the one and one in the other.
func (g *grid) together(i int) (across int, both bool) {
	for _, l := range g.lines[g.headEnd:] {
		var in [2]bool
		for _, p := range l.pieces {
			a, b := g.columns[i].meets(p), g.columns[i+1].meets(p)
			in[0], in[1] = in[0] || a && !b, in[1] || b && !a
			if a && b && !isSum(p.text) {
				across++
			}
		}
		both = both || in[0] && in[1]
	}
	return across, both
}

// isSum tells the label of a row that sums others; such labels stand across columns.
func isSum(s string) bool {
	s = strings.Join(strings.Fields(s), "")
	for _, w := range []string{"合计", "总计", "小计", "汇总", "总体", "总数", "全校", "平均", "均值", "共计", "总和", "本校"} {
		if strings.HasPrefix(s, w) && len([]rune(s)) <= 8 || strings.HasSuffix(s, w) {
			return true
		}
	}
	return false
}

// findHead returns the line after the last one of the head: words that stand in a
// column of figures, or years over one.
func (g *grid) findHead(first int) int {
	end := 0
	for i := range min(len(g.lines), first+6) {
		words, numbers, years := 0, 0, 0
		for _, p := range g.lines[i].pieces {
			at := g.columnsOf(p)
			inFigures := slices.ContainsFunc(at, func(c int) bool { return g.columns[c].figures() })
			switch {
			case !inFigures:
			case isYear(p.text):
				years++
			case p.number:
				numbers++
			default:
				words++
			}
		}
		if words >= 2 && words >= numbers || words == 1 && numbers == 0 && i <= first+1 || years >= 2 && numbers == 0 {
			end = i + 1
		}
	}
	if end == 0 {
		return first
	}
	return end
}

// columnsOf are the columns that a piece meets.
func (g *grid) columnsOf(p piece) []int {
	var out []int
	for i, c := range g.columns {
		if c.meets(p) {
			out = append(out, i)
		}
	}
	return out
}
