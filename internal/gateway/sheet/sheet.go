// Package sheet reads and writes table files: xlsx and csv. Nothing else in the
// program touches either.
//
// A file is read as a stream within fixed limits, whatever it says about itself:
// memory and time are bounded, nothing is unpacked to disk, and what cannot be
// read is refused, never skipped. Every cell comes back as the text that a person
// sees. What is written is the same bytes for the same content, and reading it
// back gives the same cells.
package sheet

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"quxiang/internal/domain/fault"
)

// Row is one row that holds something; the caller may keep it.
type Row struct {
	Number int      // as the user counts: the first is 1; in csv the line on which the row begins
	Cells  []string // by column from A on, as far as the last filled one
}

// Reader gives the rows of one table, in order.
type Reader struct {
	Sheet string // 工作表: the one that is read; blank for csv

	rows    rows
	pending bool // the first row was read by Open and waits in row, err
	row     Row
	err     error // once final, the answer to every further call
}

// rows is what an xlsx sheet and a csv file have in common.
type rows interface {
	next() (Row, error)
	progress() (done, total int64)
}

// Open looks at the content, not the name, and prepares to read: a zip is taken
// as xlsx, anything else as csv. Of several sheets it takes the first visible one
// whose first row has two or more filled cells, else the first that is not empty.
//
// name is for messages. Errors are fault.Usage (broken, hostile, empty, of another
// kind) except those of src itself.
func Open(name string, src io.ReaderAt, size int64) (*Reader, error) {
	return open(place{file: name}, src, size, ProductLimits())
}

func open(at place, src io.ReaderAt, size int64, lim Limits) (*Reader, error) {
	src = disk{src, size}
	head := make([]byte, 512)
	n, err := src.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, at.refuse(err)
	}
	head = head[:n]
	if n == 0 || size == 0 {
		return nil, at.refuse(emptyFile)
	}
	if t := foreign(head); t != "" {
		return nil, at.refuse(t)
	}
	if bytes.HasPrefix(head, []byte("PK")) {
		return openXLSX(at, src, size, lim)
	}
	return openCSV(at, src, size, lim)
}

// foreign recognises what people send by mistake under a table's name.
func foreign(head []byte) trouble {
	if bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")) {
		return oldWorkbook
	}
	text := bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF"))
	start := strings.ToLower(string(bytes.TrimLeft(text, " \t\r\n")))
	switch {
	case strings.HasPrefix(start, "<"), strings.HasPrefix(start, "mime-version:"):
		return webPage
	case strings.HasPrefix(start, "%pdf"), strings.HasPrefix(start, "{\\rtf"):
		return notTable
	}
	return ""
}

// newReader reads the first row ahead, so that Open can tell an empty table: io.EOF.
func newReader(at place, r rows) (*Reader, error) {
	row, err := r.next()
	if err != nil && fault.KindOf(err) != fault.Invalid {
		return nil, err
	}
	return &Reader{Sheet: at.sheet, rows: r, pending: true, row: row, err: err}, nil
}

// Next returns the next row that is not blank, io.EOF after the last.
//
// fault.Invalid says that cells of this row cannot be read (a formula in error, a
// number that lost digits): the row is returned with these cells blank, and Next
// may be called again. Any other error is final.
func (r *Reader) Next() (Row, error) {
	if r.pending {
		row, err := r.row, r.err
		r.pending, r.row, r.err = false, Row{}, nil
		return row, err
	}
	if r.err != nil {
		return Row{}, r.err
	}
	row, err := r.rows.next()
	if err != nil && fault.KindOf(err) != fault.Invalid {
		r.err = err
	}
	return row, err
}

// Progress returns how many bytes of how many have been read; done never exceeds total.
func (r *Reader) Progress() (done, total int64) { return r.rows.progress() }

// Letters names a column as the user does: 0 is A, 26 is AA.
func Letters(column int) string {
	var b [8]byte
	i := len(b)
	for n := column + 1; n > 0; n = (n - 1) / 26 {
		i--
		b[i] = byte('A' + (n-1)%26)
	}
	return string(b[i:])
}

// blank reports whether nothing can be seen in any cell.
func blank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}
