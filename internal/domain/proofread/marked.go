package proofread

// MarkedBlock is a block as a page shows it, with the findings that show in it.
type MarkedBlock struct {
	Kind   Kind
	Pieces []Piece        // of all but tables
	Rows   [][]MarkedCell // of a table, without what merged cells cover
}

// MarkedCell is a cell of a table that a page shows.
type MarkedCell struct {
	Head       bool
	Cols, Rows int // that it stretches over
	Pieces     []Piece
}

// Marked is the document with its findings marked, and which of them have a mark.
func Marked(d Document, list []Finding) (blocks []MarkedBlock, placed []bool) {
	marks := Marks(d, list)
	placed = make([]bool, len(list))
	for _, m := range marks {
		placed[m.Finding] = true
	}
	for i, b := range d.Blocks {
		n := 0
		for n < len(marks) && marks[n].Block == i {
			n++
		}
		blocks, marks = append(blocks, markedBlock(b, marks[:n])), marks[n:]
	}
	return blocks, placed
}

func markedBlock(b Block, marks []Mark) MarkedBlock {
	out := MarkedBlock{Kind: b.Kind}
	if b.Table == nil {
		out.Pieces = Pieces(b.Text, marks)
		return out
	}
	for r, row := range b.Table.Cells {
		var line []MarkedCell
		for c, cell := range row {
			if cell.Merged {
				continue
			}
			var own []Mark
			for _, m := range marks {
				if m.Row == r && m.Col == c {
					own = append(own, m)
				}
			}
			x := MarkedCell{Head: r < b.Table.Head, Pieces: Pieces(cell.Text, own)}
			x.Cols, x.Rows = b.Table.Reach(r, c)
			line = append(line, x)
		}
		out.Rows = append(out.Rows, line)
	}
	return out
}
