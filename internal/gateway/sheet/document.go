package sheet

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/proofread"
	"quxiang/internal/domain/proofread/layout"
)

// maxShown bounds the cells of the rectangles that a document is made of.
const maxShown = 1_000_000

// tooWide is what a sheet of too many cells is refused with.
var tooWide = fault.Usagef("file", "工作表超过 %d 万格，请删去多余的行列，或拆成几个文件分别检查", maxShown/10000)

// Reads tells by content whether Read takes the file: a workbook, or text of which every
// line has the same number of fields.
func Reads(src io.ReaderAt, size int64) bool {
	head := make([]byte, 64<<10)
	n, err := src.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return false
	}
	head = head[:min(int64(n), max(size, 0))]
	if !bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return foreign(head) == "" && evenFields(head)
	}
	a, err := openArchive(disk{src, size}, size, ProductLimits())
	if err != nil {
		return bytes.Contains(head, []byte("xl/"))
	}
	for name := range a.parts {
		if strings.HasPrefix(name, "xl/") {
			return true
		}
	}
	return false
}

// evenFields is true of lines that a comma, a tab or a semicolon cuts into as many fields
// each.
func evenFields(head []byte) bool {
	if bytes.IndexByte(head, 0) >= 0 {
		return bytes.HasPrefix(head, []byte("\xFF\xFE")) && bytes.Contains(head, []byte(",\x00"))
	}
	lines := bytes.Split(bytes.TrimRight(head, "\r\n"), []byte("\n"))
	if len(lines) > 1 && len(head) == 64<<10 {
		lines = lines[:len(lines)-1]
	}
	comma := delimiter(lines[0])
	count := map[int]int{}
	filled, most := 0, 0
	for _, l := range lines {
		if l = bytes.TrimSpace(l); len(l) == 0 {
			continue
		}
		filled++
		quoted, n := false, 0
		for _, c := range l {
			switch {
			case c == '"':
				quoted = !quoted
			case c == comma && !quoted:
				n++
			}
		}
		if n > 0 {
			count[n]++
			most = max(most, count[n])
		}
	}
	return filled >= 2 && most*10 >= filled*8
}

// Read reads the visible sheets of a workbook, or a csv file, as a document: blocks of
// filled rows are tables, single lines above and below them their titles and notes.
// Errors are those of Open.
func Read(name string, src io.ReaderAt, size int64) (proofread.Document, error) {
	d := proofread.Document{Name: name}
	at := place{file: name, check: true}
	head := make([]byte, 4)
	if _, err := src.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return d, at.refuse(diskError{err})
	}
	var err error
	if bytes.HasPrefix(head, []byte("PK")) {
		d.Blocks, err = readBook(at, disk{src, size}, size)
	} else {
		d.Blocks, err = readPlain(at, src, size)
	}
	if err == nil && len(d.Blocks) == 0 {
		err = at.refuse(emptyTable)
	}
	return d, err
}

func readPlain(at place, src io.ReaderAt, size int64) ([]proofread.Block, error) {
	r, err := open(at, src, size, ProductLimits())
	if err != nil {
		return nil, err
	}
	s := &page{}
	if err := s.gather(r.Next); err != nil {
		return nil, err
	}
	return s.blocks()
}

func readBook(at place, src io.ReaderAt, size int64) ([]proofread.Block, error) {
	lim := ProductLimits()
	a, err := openArchive(src, size, lim)
	if err != nil {
		return nil, at.refuse(err)
	}
	book, err := a.workbook()
	if err != nil {
		return nil, at.refuse(err)
	}
	shared, err := a.sharedStrings(book.strings)
	if err != nil {
		return nil, at.refuse(err)
	}
	formats, err := a.formats(book.styles)
	if err != nil {
		return nil, at.refuse(err)
	}
	var out []proofread.Block
	for _, s := range book.sheets {
		at := place{file: at.file, sheet: s.title, check: true}
		p, err := a.open(s.part)
		if err != nil {
			return nil, at.refuse(err)
		}
		var merged []area
		x := &sheetRows{at: at, lim: lim, part: p, xml: newScanner(p, a), shared: shared, formats: formats, date1904: book.date1904, merged: &merged}
		sh := &page{sheet: s.title}
		if err := sh.gather(x.next); err != nil {
			return nil, err
		}
		sh.merged = merged
		blocks, err := sh.blocks()
		if err != nil {
			return nil, err
		}
		out = append(out, blocks...)
	}
	return out, nil
}

// area is a rectangle of merged cells; rows from 1, columns from 0, both ends within.
type area struct{ top, bottom, left, right int }

// noteMerged reads the reference of the present mergeCell.
func (x *sheetRows) noteMerged() error {
	ref, err := x.xml.attr("ref")
	if err != nil {
		return err
	}
	from, to, _ := strings.Cut(ref, ":")
	top, left := cellRef(from)
	bottom, right := cellRef(to)
	if len(*x.merged) < 100_000 && top > 0 && top <= bottom && left <= right && bottom <= x.lim.Rows && right < x.lim.Columns {
		*x.merged = append(*x.merged, area{top, bottom, left, right})
	}
	return nil
}

// cellRef reads B7 as row 7, column 1; row 0 if it is none.
func cellRef(s string) (row, col int) {
	s = strings.ReplaceAll(s, "$", "")
	letters := strings.TrimRight(s, "0123456789")
	for _, c := range s[len(letters):] {
		if row = row*10 + int(c-'0'); row > 2_000_000 {
			return 0, 0
		}
	}
	if row == 0 || letters == "" {
		return 0, 0
	}
	return row, column([]byte(s), row)
}

// page is a sheet as it is seen.
type page struct {
	sheet  string // blank for csv
	rows   []Row
	merged []area
	areas  map[int][]area // by row
	cells  int
}

// gather takes all rows; cells that cannot be read stay blank.
func (s *page) gather(next func() (Row, error)) error {
	for {
		r, err := next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil && fault.KindOf(err) != fault.Invalid {
			return err
		}
		if s.cells += len(r.Cells); s.cells > maxShown {
			return tooWide
		}
		s.rows = append(s.rows, r)
	}
}

// blocks cuts the sheet at blank rows and reads each part.
func (s *page) blocks() ([]proofread.Block, error) {
	s.fillMerged()
	s.cells = 0
	var out []proofread.Block
	for from := 0; from < len(s.rows); {
		to := from + 1
		for to < len(s.rows) && s.rows[to].Number == s.rows[to-1].Number+1 {
			to++
		}
		out = append(out, s.part(s.rows[from:to])...)
		if s.cells > maxShown {
			return nil, tooWide
		}
		from = to
	}
	return out, nil
}

// place of a cell, by row number and column.
func (s *page) place(row, col int) proofread.Place {
	if s.sheet == "" {
		return proofread.Place{Line: row}
	}
	return proofread.Place{Sheet: s.sheet, Cell: Letters(col) + itoa(row)}
}

// part reads rows without a blank one between them: lines above, a table, lines below.
func (s *page) part(rows []Row) []proofread.Block {
	from, to := 0, len(rows)
	for from < to && s.single(rows[from]) {
		from++
	}
	for to > from && s.single(rows[to-1]) {
		to--
	}
	if to-from < 2 {
		from, to = len(rows), len(rows)
	}
	var out []proofread.Block
	out = append(out, s.lines(rows[:from])...)
	if from < to {
		out = append(out, s.table(rows[from:to]))
	}
	return append(out, s.lines(rows[to:])...)
}

// single is true of a row with one text, perhaps merged over several cells.
func (s *page) single(r Row) bool {
	seen := ""
	for c, t := range r.Cells {
		if strings.TrimSpace(t) == "" || s.covered(r.Number, c) {
			continue
		}
		if seen != "" {
			return false
		}
		seen = t
	}
	return true
}

// lines reads rows of one text each; rows that are not go in as their cells, tab by tab.
func (s *page) lines(rows []Row) []proofread.Block {
	var list []layout.Line
	for _, r := range rows {
		for c, t := range r.Cells {
			if t = strings.TrimSpace(t); t != "" && !s.covered(r.Number, c) {
				list = append(list, layout.Line{Text: strings.ReplaceAll(t, "\t", " "), Place: s.place(r.Number, c), Whole: true})
			}
		}
	}
	if len(list) == 0 {
		return nil
	}
	return layout.Blocks(list)
}
