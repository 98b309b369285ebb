package paper

import (
	"encoding/xml"
	"strconv"

	"quxiang/internal/domain/proofread"
	"quxiang/internal/domain/proofread/layout"
)

// maxColumns is the most that Word itself makes.
const maxColumns = 64

// maxCells bounds what merged cells may spread over.
const maxCells = 2_000_000

// wordCell is a cell as it is written: once, with how far it reaches.
type wordCell struct {
	content flow
	span    int
	goesOn  bool // covered by the cell above
	joins   bool // covered by the cell to the left
}

type wordRow struct {
	cells  []wordCell
	before int // columns left out at its beginning
	head   bool
}

// table reads the w:tbl just begun and adds it; tables inside it follow it.
func (w *word) table(f *flow) error {
	if w.nested++; w.nested > 10 {
		return tooDeep
	}
	defer func() { w.nested-- }()
	var rows []wordRow
	var widths []int
	for outside := w.depth - 1; w.depth > outside; {
		t, err := w.next()
		if err != nil {
			return unended(err)
		}
		e, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		switch e.Name.Local {
		case "tr":
			r, err := w.tableRow()
			if err != nil {
				return err
			}
			rows = append(rows, r)
		case "gridCol":
			n, _ := strconv.Atoi(attr(e, "w")) // 0: not known
			widths = append(widths, n)
		case "del", "tblPr", "tblGridChange", "Fallback", "tblPrExChange":
			if err := w.skip(); err != nil {
				return err
			}
		}
	}
	f.addTable(rows, widths)
	return nil
}

func (w *word) tableRow() (wordRow, error) {
	var r wordRow
	deleted := false
	for outside := w.depth - 1; w.depth > outside; {
		t, err := w.next()
		if err != nil {
			return r, unended(err)
		}
		e, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		switch e.Name.Local {
		case "tblHeader":
			r.head = on(e)
		case "gridBefore":
			r.before = columns(e)
		case "del":
			deleted = true // w:trPr/w:del: the row was taken out
		case "trPrChange":
			if err := w.skip(); err != nil {
				return r, err
			}
		case "tc":
			c, err := w.cell()
			if err != nil {
				return r, err
			}
			r.cells = append(r.cells, c)
		}
	}
	if deleted {
		r.cells = nil
	}
	return r, nil
}

func columns(e xml.StartElement) int {
	n, err := strconv.Atoi(attr(e, "val"))
	if err != nil || n < 0 || n > maxColumns {
		return 0
	}
	return n
}

// cell reads the w:tc just begun.
func (w *word) cell() (wordCell, error) {
	c := wordCell{span: 1}
	for outside := w.depth - 1; w.depth > outside; {
		t, err := w.next()
		if err != nil {
			return c, unended(err)
		}
		e, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		switch e.Name.Local {
		case "gridSpan":
			c.span = max(columns(e), 1)
		case "vMerge":
			c.goesOn = attr(e, "val") != "restart"
		case "hMerge": // of files that were .doc
			c.joins = attr(e, "val") != "restart"
		case "p":
			err = w.paragraph(&c.content)
		case "tbl":
			err = w.table(&c.content)
		case "del", "moveFrom", "Fallback", "sdtPr", "tcPrChange":
			err = w.skip()
		}
		if err != nil {
			return c, err
		}
	}
	return c, nil
}

// addTable makes a rectangle of the rows; widths are those of the columns as far as they
// are known, in twentieths of a point. A table of one cell is a frame: what stands in it
// goes into the flow.
func (f *flow) addTable(rows []wordRow, widths []int) {
	rows = withoutEmpty(rows)
	if len(rows) == 1 && len(rows[0].cells) == 1 {
		f.take(&rows[0].cells[0].content)
		return
	}
	width := realColumns(rows, widths)
	head := 0
	for i, r := range rows {
		if r.head && head == i {
			head = i + 1
		}
	}
	if width == 0 || width > 2*maxColumns || width*len(rows) > maxCells {
		return
	}
	t := &proofread.Table{Head: head}
	var inner []proofread.Block
	for i, r := range rows {
		line := make([]proofread.Cell, width)
		at := r.before
		for _, c := range r.cells {
			cell, tables := c.read()
			inner = append(inner, tables...)
			switch {
			case c.goesOn && i > 0:
				cell = t.Cells[i-1][at]
				cell.Merged = true
			case c.joins && at > 0:
				cell = line[at-1]
				cell.Merged = true
			}
			for range c.span {
				line[at] = cell
				cell.Merged = true
				at++
			}
		}
		t.Cells = append(t.Cells, line)
	}
	f.flush()
	f.blocks = append(f.blocks, proofread.Block{Kind: proofread.TableBlock, Table: t})
	f.blocks = append(f.blocks, inner...)
}

func withoutEmpty(rows []wordRow) []wordRow {
	out := rows[:0]
	for _, r := range rows {
		if len(r.cells) > 0 {
			out = append(out, r)
		}
	}
	return out
}

// read makes the text of a cell; tables and their titles inside it come back beside.
func (c *wordCell) read() (proofread.Cell, []proofread.Block) {
	if len(c.content.blocks) > 0 {
		c.content.flush()
		return proofread.Cell{}, c.content.blocks
	}
	var j layout.Joint
	for _, l := range c.content.lines {
		j.Add(l.Text, l.Place)
	}
	return j.Cell(), nil
}
