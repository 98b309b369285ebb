package specimen

import "quxiang/internal/domain/proofread"

// text of an item that is no table.
func (it *Item) text() string {
	var s string
	for _, r := range it.Runs {
		if r.Fig != nil {
			s += r.Fig.String()
		} else {
			s += r.Text
		}
	}
	return s
}

// text of a cell; a covered one has none.
func (c Cell) text() string {
	if c.Fig != nil {
		return c.Fig.String()
	}
	return c.Text
}

// Document is the report as a reader of a perfect source would read it.
func (r *Report) Document() proofread.Document {
	d := proofread.Document{Name: r.Name}
	line := 0
	for _, it := range r.Items {
		line++
		if it.Table == nil {
			b := proofread.Block{Kind: blockKind(it.Kind), Text: it.text(), Spans: []proofread.Span{{Place: proofread.Place{Line: line}}}}
			d.Blocks = append(d.Blocks, b)
			continue
		}
		d.Blocks = append(d.Blocks, proofread.Block{Kind: proofread.TableBlock, Table: it.Table.cells(line)})
		line += len(it.Table.Rows) - 1
	}
	return d
}

func blockKind(k ItemKind) proofread.Kind {
	return map[ItemKind]proofread.Kind{Heading: proofread.Heading, Caption: proofread.Caption, Note: proofread.Note}[k]
}

// cells repeats the text of merged cells, as readers do.
func (t *Table) cells(line int) *proofread.Table {
	out := &proofread.Table{Head: t.Head}
	for r, row := range t.Rows {
		var cells []proofread.Cell
		at := 0
		for c, cell := range row {
			text, covered := cell.text(), cell.Left || cell.Above
			switch {
			case cell.Left:
				text = cells[c-1].Text
			case cell.Above:
				text = out.Cells[r-1][c].Text
			}
			cells = append(cells, proofread.Cell{Text: text, Merged: covered, Spans: []proofread.Span{{Place: proofread.Place{Line: line + r, Rune: at}}}})
			at += len([]rune(text)) + 1
		}
		out.Cells = append(out.Cells, cells)
	}
	return out
}
