package paper

import (
	"strconv"
	"strings"
)

// sliver is the width below which a column holds no character, in twentieths of a point:
// rows drawn by hand whose borders do not quite meet leave such columns between them.
const sliver = 140

// realColumns takes out of the rows' spans the columns that nobody sees: those in which no
// cell begins, and slivers in which no text stands. It returns how many are left.
func realColumns(rows []wordRow, widths []int) int {
	width := 0
	for _, r := range rows {
		width = max(width, r.before+reach(r.cells))
	}
	if width > 100*maxColumns {
		return width // refused by whoever asks
	}
	begins, text := make([]bool, width+1), make([]bool, width+1)
	for _, r := range rows {
		at := r.before
		for _, c := range r.cells {
			begins[at] = true
			text[at] = text[at] || c.span == 1 && !c.content.empty()
			at += c.span
		}
	}
	before := make([]int, width+1) // real columns to the left of each
	for c := range width {
		before[c+1] = before[c]
		if begins[c] && (c >= len(widths) || widths[c] <= 0 || widths[c] >= sliver || text[c]) {
			before[c+1]++
		}
	}
	for i := range rows {
		rows[i].narrow(before)
	}
	return before[width]
}

func reach(cells []wordCell) int {
	n := 0
	for _, c := range cells {
		n += c.span
	}
	return n
}

// narrow counts the row's cells in real columns; cells that stand in none go.
func (r *wordRow) narrow(before []int) {
	at := r.before
	r.before = before[at]
	var left []wordCell
	for _, c := range r.cells {
		from := at
		at += c.span
		if c.span = before[at] - before[from]; c.span > 0 {
			left = append(left, c)
		}
	}
	r.cells = left
}

// empty is true where no text stands.
func (f *flow) empty() bool {
	for _, l := range f.lines {
		if l.Text != "" {
			return false
		}
	}
	return len(f.blocks) == 0
}

// webWidths reads the widths of a web page's columns, in twentieths of a point; 0: not
// known. Shares (3*, 12%) are of a page some 9000 wide.
func webWidths(cols []string) []int {
	sum := 0
	for _, c := range cols {
		if n, unit := webWidth(c); unit == "*" {
			sum += n
		}
	}
	var out []int
	for _, c := range cols {
		w := 0
		switch n, unit := webWidth(c); unit {
		case "*":
			w = max(1, n*9000/max(sum, 1))
		case "%":
			w = max(1, n*90)
		case "", "px":
			w = n * 15
		}
		out = append(out, w)
	}
	return out
}

// webWidth cuts a width into its number and its unit.
func webWidth(s string) (n int, unit string) {
	s = strings.TrimSpace(s)
	unit = strings.TrimLeft(s, "0123456789")
	n, err := strconv.Atoi(strings.TrimSuffix(s, unit))
	if err != nil || n > 100_000 {
		return 0, "?"
	}
	return n, unit
}
