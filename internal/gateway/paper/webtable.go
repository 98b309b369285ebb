package paper

import (
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"quxiang/internal/domain/proofread"
	"quxiang/internal/domain/proofread/layout"
)

// webTable is a table while it is read.
type webTable struct {
	rows    []wordRow
	down    map[int]int // by column: in how many further rows a cell above covers it
	at      int         // column of the next cell
	inRow   bool
	cell    *wordCell
	heads   bool // all cells of the present row so far are th
	inHead  bool // inside thead
	caption *flow
	rowspan int
	cols    []string // widths, as they are written
}

// startTable reads the beginning of a table or of a part of one.
func (w *web) startTable(t html.Token) error {
	a := t.DataAtom
	if a == atom.Table {
		w.end()
		if len(w.tables) > 20 {
			return tooDeep
		}
		w.tables = append(w.tables, &webTable{down: map[int]int{}})
		w.sink = append(w.sink, &flow{}) // what stands between the cells goes nowhere special
		return nil
	}
	if len(w.tables) == 0 {
		return nil
	}
	tb := w.tables[len(w.tables)-1]
	switch a {
	case atom.Caption:
		w.end()
		tb.caption = &flow{}
		w.sink = append(w.sink, tb.caption)
	case atom.Col:
		for range number(t, "span", maxColumns) {
			tb.cols = append(tb.cols, attribute(t, "width"))
		}
	case atom.Thead:
		tb.inHead = true
	case atom.Tbody, atom.Tfoot:
		tb.inHead = false
	case atom.Tr:
		w.endRow(tb)
		w.beginRow(tb)
	case atom.Td, atom.Th:
		w.endCell(tb)
		if !tb.inRow {
			w.beginRow(tb)
		}
		w.beginCell(tb, t)
	}
	return nil
}

func (w *web) beginRow(tb *webTable) {
	tb.inRow, tb.at, tb.heads = true, 0, true
	tb.rows = append(tb.rows, wordRow{})
}

// beginCell opens a cell behind those that cells above cover.
func (w *web) beginCell(tb *webTable, t html.Token) {
	tb.cover()
	if t.DataAtom != atom.Th {
		tb.heads = false
	}
	tb.cell = &wordCell{span: number(t, "colspan", maxColumns)}
	tb.rowspan = number(t, "rowspan", 5000)
	w.sink = append(w.sink, &tb.cell.content)
}

// cover adds the cells of the row that cells above reach down to.
func (tb *webTable) cover() {
	for tb.down[tb.at] > 0 {
		tb.down[tb.at]--
		tb.add(wordCell{span: 1, goesOn: true})
	}
}

func (tb *webTable) add(c wordCell) {
	r := &tb.rows[len(tb.rows)-1]
	if len(r.cells) < 4*maxColumns {
		r.cells = append(r.cells, c)
	}
	tb.at += c.span
}

// endCell closes the open cell.
func (w *web) endCell(tb *webTable) {
	if tb.cell == nil {
		return
	}
	w.end()
	w.sink = w.sink[:len(w.sink)-1]
	for c := tb.at; c < tb.at+tb.cell.span; c++ {
		tb.down[c] = tb.rowspan - 1
	}
	tb.add(*tb.cell)
	tb.cell = nil
}

func (w *web) endRow(tb *webTable) {
	w.endCell(tb)
	if !tb.inRow {
		return
	}
	tb.cover()
	tb.rows[len(tb.rows)-1].head = tb.inHead || tb.heads && len(tb.rows[len(tb.rows)-1].cells) > 1
	tb.inRow = false
}

// closeTable reads the end of a table or of a part of one.
func (w *web) closeTable(a atom.Atom) {
	if len(w.tables) == 0 {
		return
	}
	tb := w.tables[len(w.tables)-1]
	switch a {
	case atom.Td, atom.Th:
		w.endCell(tb)
	case atom.Tr:
		w.endRow(tb)
	case atom.Thead:
		w.endRow(tb)
		tb.inHead = false
	case atom.Caption:
		if tb.caption != nil && w.sink[len(w.sink)-1] == tb.caption {
			w.end()
			w.sink = w.sink[:len(w.sink)-1]
		}
	case atom.Table:
		w.endTable(tb)
	}
}

// endTable gives the table to the page or the cell that it stands in.
func (w *web) endTable(tb *webTable) {
	w.endRow(tb)
	w.end()
	stray := w.sink[len(w.sink)-1]
	w.sink = w.sink[:len(w.sink)-1]
	w.tables = w.tables[:len(w.tables)-1]
	f := w.sink[len(w.sink)-1]
	if tb.caption != nil && len(tb.caption.lines) > 0 {
		f.flush()
		var j layout.Joint
		for _, l := range tb.caption.lines {
			j.Add(l.Text, l.Place)
		}
		f.blocks = append(f.blocks, j.Block(proofread.Caption))
	}
	f.addTable(tb.rows, webWidths(tb.cols))
	f.take(stray)
}
