package proofread

import (
	"slices"
	"strings"
)

// raw is a table on its way to a grid: heads above, body below.
type raw struct {
	block      int
	caption    string
	head, body [][]Cell
}

// grids understands every table of a document, in the order of reading.
func grids(d Document) []*grid {
	titles := captions(d)
	var raws []*raw
	for i, b := range d.Blocks {
		if b.Kind != TableBlock || b.Table == nil || len(b.Table.Cells) == 0 {
			continue
		}
		t := beheaded(i, titles[i], b.Table)
		if n := len(raws); n > 0 && continues(d, raws[n-1], t) {
			raws[n-1].body = append(raws[n-1].body, t.body...)
			continue
		}
		raws = append(raws, t)
	}
	var out []*grid
	for _, t := range raws {
		gs := t.grids()
		for _, g := range gs {
			g.shared = len(gs) > 1
		}
		out = append(out, gs...)
	}
	return out
}

// continues tells whether a table is the rest of the one before it: the same width, and
// the same title (or none, right after it over a page's end) with the same heads or none.
func continues(d Document, t, next *raw) bool {
	if width(t) != width(next) {
		return false
	}
	same := slices.EqualFunc(t.head, next.head, sameRow)
	if next.caption != "" {
		return number(next.caption) != "" && number(next.caption) == number(t.caption) && (same || len(next.head) == 0)
	}
	for _, b := range d.Blocks[t.block+1 : next.block] {
		if b.Kind != Furniture && b.Kind != TableBlock {
			return false
		}
	}
	return (same || len(next.head) == 0) && len(t.head) > 0 && !ended(t)
}

// ended is true after a total row.
func ended(t *raw) bool {
	if len(t.body) == 0 {
		return false
	}
	last := t.body[len(t.body)-1]
	return len(last) > 0 && isTotal(normal(last[0].Text))
}

func width(t *raw) int {
	if len(t.body) > 0 {
		return len(t.body[0])
	}
	if len(t.head) > 0 {
		return len(t.head[0])
	}
	return 0
}

func sameRow(a, b []Cell) bool {
	return slices.EqualFunc(a, b, func(x, y Cell) bool { return squeeze(x.Text) == squeeze(y.Text) })
}

// squeeze takes all spaces out.
func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

// beheaded cuts a table into heads and body.
func beheaded(block int, caption string, t *Table) *raw {
	cells := squared(t.Cells)
	n := t.Head
	if n <= 0 || n >= len(cells) {
		n = headRows(cells)
	}
	r := &raw{block: block, caption: caption, head: cells[:n]}
	for i := n; i < len(cells); {
		if n > 0 && i+n <= len(cells) && slices.EqualFunc(cells[i:i+n], r.head, sameRow) {
			i += n // the head again, on a new page
			continue
		}
		if !emptyRow(cells[i]) {
			r.body = append(r.body, cells[i])
		}
		i++
	}
	return r
}

// squared pads short rows, so that every row is as wide as the widest.
func squared(rows [][]Cell) [][]Cell {
	n := 0
	for _, row := range rows {
		n = max(n, len(row))
	}
	out := make([][]Cell, len(rows))
	for i, row := range rows {
		out[i] = append(slices.Clone(row), make([]Cell, n-len(row))...)
	}
	return out
}

func emptyRow(row []Cell) bool {
	return !slices.ContainsFunc(row, func(c Cell) bool { return squeeze(c.Text) != "" })
}

// headRows is how many rows from the top hold no figure. A row of years is a head when
// figures other than years stand below it.
func headRows(cells [][]Cell) int {
	for i, row := range cells {
		figures, years := 0, 0
		for _, c := range row {
			s := strings.TrimSpace(c.Text)
			_, _, ok := figureIn(s)
			switch {
			case ok && yearIn(s):
				years++
			case ok || isDash(s) && i > 0:
				figures++
			case bothNumbers.MatchString(Fold(s)):
				figures++
			}
		}
		if figures > 0 || years == 1 && i > 0 {
			return min(i, 4)
		}
	}
	return min(1, len(cells)-1)
}

// captions finds the title of each table block: above or below, as most of the report's
// tables have it. A title belongs to one table.
func captions(d Document) map[int]string {
	above, below := map[int]int{}, map[int]int{}
	for i, b := range d.Blocks {
		if b.Kind != TableBlock {
			continue
		}
		if j := neighbour(d, i, -1); j >= 0 {
			above[i] = j
		}
		if j := neighbour(d, i, 1); j >= 0 {
			below[i] = j
		}
	}
	first, second := above, below
	if lone(below, above) > lone(above, below) {
		first, second = below, above
	}
	out, taken := map[int]string{}, map[int]bool{}
	for _, side := range []map[int]int{first, second} {
		for i := range d.Blocks {
			j, ok := side[i]
			if _, done := out[i]; ok && !done && !taken[j] {
				out[i], taken[j] = titleText(d.Blocks[j].Text), true
			}
		}
	}
	return out
}

// lone counts the tables with a title on this side and none on the other: they say which
// side is the report's.
func lone(side, other map[int]int) int {
	n := 0
	for i := range side {
		if _, ok := other[i]; !ok {
			n++
		}
	}
	return n
}

// neighbour is the block of a table's title on one side, -1 for none: next to it but for
// page furniture and a note of the unit.
func neighbour(d Document, i, step int) int {
	for j, seen := i+step, 0; j >= 0 && j < len(d.Blocks) && seen < 2; j += step {
		b := d.Blocks[j]
		switch {
		case b.Kind == Furniture || squeeze(b.Text) == "" && b.Kind != TableBlock:
			continue
		case b.Kind != TableBlock && tableTitle(b.Text):
			return j
		case b.Kind == Note, strings.HasPrefix(squeeze(b.Text), "单位"):
			seen++
			continue
		}
		return -1
	}
	return -1
}

// tableTitle tells whether a line is the title of a table.
func tableTitle(s string) bool {
	s = strings.TrimPrefix(squeeze(s), "续")
	if !strings.HasPrefix(s, "表") && !strings.HasPrefix(s, "附表") || len([]rune(s)) > 80 || strings.HasSuffix(s, "。") {
		return false
	}
	return number(s) != "" || strings.HasPrefix(s, "附表")
}

// titleText is a title in one line with single spaces.
func titleText(s string) string {
	return strings.Join(strings.Fields(Fold(s)), " ")
}

// number is the number in a title: "1-2" of 表 1- 2 …; "" if there is none.
func number(title string) string {
	s := strings.TrimPrefix(squeeze(Fold(title)), "续")
	s = strings.TrimPrefix(strings.TrimPrefix(s, "附"), "表")
	s = oneDash.Replace(s)
	n := 0
	for n < len(s) && (isDigit(rune(s[n])) || (s[n] == '-' || s[n] == '.') && n > 0) {
		n++
	}
	return strings.TrimRight(s[:n], "-.")
}
