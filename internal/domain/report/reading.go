package report

import (
	"strings"

	"quxiang/internal/domain/proofread"
)

// Reading is the document as the proofreader reads it. The line of each place is the
// block's, 1-based, so that a finding is shown at its block: see BlockAt.
func Reading(d Document) proofread.Document {
	out := proofread.Document{Name: d.Title}
	for i, b := range d.Blocks {
		r := reader{at: proofread.Place{Line: i + 1}}
		switch {
		case b.Heading != nil:
			r.text(proofread.Heading, b.Heading.Text)
		case b.Paragraph != nil && b.Paragraph.Kind == Note:
			r.text(proofread.Note, textOf(b.Paragraph.Spans))
		case b.Paragraph != nil:
			r.text(proofread.Paragraph, textOf(b.Paragraph.Spans))
		case b.Table != nil:
			r.text(proofread.Caption, b.Table.Number+" "+b.Table.Caption)
			r.table(b.Table)
			for _, n := range b.Table.Notes {
				r.text(proofread.Note, n)
			}
		case b.Figure != nil:
			r.text(proofread.Caption, b.Figure.Number+" "+b.Figure.Caption)
		}
		out.Blocks = append(out.Blocks, r.out...)
	}
	return out
}

// BlockAt is the place in Document.Blocks of what a finding of its Reading names; -1: of none.
func BlockAt(p proofread.Place) int { return p.Line - 1 }

// reader turns one block into what the proofreader reads.
type reader struct {
	at  proofread.Place
	out []proofread.Block
}

func (r *reader) text(kind proofread.Kind, s string) {
	r.out = append(r.out, proofread.Block{Kind: kind, Text: s, Spans: []proofread.Span{{Place: r.at}}})
}

func (r *reader) table(t *Table) {
	rows := rectangle(append(append([][]Cell{}, t.Head...), t.Body...))
	out := &proofread.Table{Head: len(t.Head)}
	for y, row := range rows {
		line := make([]proofread.Cell, len(row))
		for x, c := range row {
			at := r.at
			at.Cell = cellName(x, y)
			line[x] = proofread.Cell{Text: c.text, Merged: c.covered, Spans: []proofread.Span{{Place: at}}}
		}
		out.Cells = append(out.Cells, line)
	}
	r.out = append(r.out, proofread.Block{Kind: proofread.TableBlock, Table: out, Spans: []proofread.Span{{Place: r.at}}})
}

// cellName is the name of a cell as spreadsheets call it: B7.
func cellName(x, y int) string {
	name := ""
	for n := x + 1; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name + itoa(y+1)
}

// square is one place of a table's rectangle.
type square struct {
	text    string
	covered bool // by the merged cell to the left or above
	cell    *Cell
}

// rectangle lays cells out so that every row has the same number; what a merged cell covers
// repeats its text.
func rectangle(rows [][]Cell) [][]square {
	out := make([][]square, len(rows))
	for y := range rows {
		x := 0
		for i := range rows[y] {
			c := &rows[y][i]
			for x < len(out[y]) && out[y][x].cell != nil {
				x++
			}
			for dy := range min(max(c.Rows, 1), len(rows)-y) {
				for dx := range max(c.Cols, 1) {
					put(&out[y+dy], x+dx, square{strings.TrimSpace(c.Text), dx+dy > 0, c})
				}
			}
			x += max(c.Cols, 1)
		}
	}
	width := 0
	for _, row := range out {
		width = max(width, len(row))
	}
	for y := range out {
		for len(out[y]) < width {
			out[y] = append(out[y], square{})
		}
	}
	return out
}

func put(row *[]square, x int, s square) {
	for len(*row) <= x {
		*row = append(*row, square{})
	}
	(*row)[x] = s
}
