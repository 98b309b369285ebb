package proofread

import "strings"

// grid is a table understood: what its rows and columns are called, which of them are
// totals, and what each cell is. Continued parts of a table are one grid; a table of
// several side by side is several.
type grid struct {
	time   timeOf // see asOf
	block  int    // of Document.Blocks, the first if it is continued
	number string // "1-1"; "" if it has none
	title  string // as printed, "表 1-1 …"; "" if it has none
	place  Place  // of the first cell
	rows   []line // of numbers; heads are not among them
	cols   []line // of numbers; label columns are not among them
	cells  [][]value
	shared bool  // another grid comes from the same block
	origin *grid // of a flipped grid: the one that it was made of

	excused bool             // a note says that some are left out
	known   map[int64]bool   // the totals that the tables of the report have
	people  map[string]int64 // how many graduates of each level the report's tables have

	other     *grid            // flipped, once it was asked for
	totals    map[int][]set    // totalSets, once they were asked for
	sumRows   map[int][]int    // total rows at -1, subtotals at their group, the last first
	relations map[int]relation // explain, once it was asked for
}

// line is a row or a column of numbers.
type line struct {
	path  []string // its labels as printed, the outermost first
	keys  []string // the same, normalised (normal)
	role  role
	group int  // rows under one group label share it, with their subtotal; -1: none
	child bool // 其中：part of the row before it, not of the total
	kind  kind // of most of its cells
}

// role is what a line is among its neighbours.
type role int

const (
	part role = iota
	total
	subtotal
	remainder // 其他: what is left, nothing of its own
)

// kind is what a cell holds.
type kind int

const (
	blank kind = iota
	text
	dash    // — or -: nothing, or does not apply
	count   // persons, employers, meetings
	percent // a share of 100
	mean    // averages, scores, money, growth: does not add up
	rank    // 排名, 序号
	year
)

// value is one cell.
type value struct {
	Decimal
	kind   kind
	text   string // as printed, without spaces around it
	place  Place
	merged bool // the same cell as the one above or to the left
}

// number tells whether the cell holds a figure that counts or shares.
func (v value) number() bool { return v.kind == count || v.kind == percent }

// where names the table for a reader.
func (g *grid) where() string {
	if g.title != "" {
		return g.title
	}
	return "没有表题的表"
}

// rowName and colName are the labels of a line in one word.
func (g *grid) rowName(r int) string { return strings.Join(g.rows[r].path, "·") }
func (g *grid) colName(c int) string { return strings.Join(g.cols[c].path, "·") }

// cellName says which cell, row before column.
func (g *grid) cellName(r, c int) string {
	row, col := g.rowName(r), g.colName(c)
	switch {
	case row == "":
		return col
	case col == "":
		return row
	}
	return row + "/" + col
}

// column and across are the cells of one line.
func (g *grid) column(c int) []value {
	out := make([]value, len(g.rows))
	for r := range g.rows {
		out[r] = g.cells[r][c]
	}
	return out
}

// ref points at a cell, of a flipped grid at the cell that it was made of.
func (g *grid) ref(r, c int) cellRef {
	if g.origin != nil {
		return cellRef{g.origin, c, r}
	}
	return cellRef{g, r, c}
}

func (g *grid) across(r int) []value { return g.cells[r] }

// flipped is the grid with rows and columns changed over, so that what is checked down
// can be checked across. Its cells are copies.
func (g *grid) flipped() *grid {
	if g.other != nil {
		return g.other
	}
	f := &grid{block: g.block, number: g.number, title: g.title, place: g.place, rows: g.cols, cols: g.rows, shared: g.shared, origin: g, people: g.people, excused: g.excused, known: g.known}
	f.cells = make([][]value, len(g.cols))
	for c := range g.cols {
		f.cells[c] = g.column(c)
	}
	g.other, f.other = f, g
	return f
}
