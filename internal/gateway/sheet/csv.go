package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"unicode/utf8"
)

// csvRows reads csv: comma, tab or semicolon, quotes as in RFC 4180.
type csvRows struct {
	at     place
	lim    Limits
	src    *countedReader
	in     *bufio.Reader
	comma  byte
	line   int // of the next byte, as an editor counts
	nRows  int
	nBlank int
	nCells int

	text []byte // all fields of the record, one after another
	ends []int  // where each field ends in text
}

// countedReader knows how far the file has been read.
type countedReader struct {
	src         io.ReaderAt
	done, total int64
}

// ReadAt reads and counts.
func (c *countedReader) ReadAt(b []byte, off int64) (int, error) {
	n, err := c.src.ReadAt(b, off)
	c.done = max(c.done, off+int64(n))
	return n, err
}

func openCSV(at place, src io.ReaderAt, size int64, lim Limits) (*Reader, error) {
	if size > lim.Unpacked {
		return nil, at.refuse(troublef("文件超过 %d MB，请拆成几个文件分别导入", lim.Unpacked>>20))
	}
	enc, err := detect(src, size, lim.Rows)
	var beyond beyondRows
	if errors.As(err, &beyond) {
		at.row = int(beyond)
		return nil, at.refuse(tooManyRows(lim))
	}
	if err != nil {
		return nil, at.refuse(err)
	}
	counted := &countedReader{src: src, total: size}
	in := bufio.NewReaderSize(enc.reader(counted, size), 64<<10)
	head, err := in.Peek(64 << 10)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, at.refuse(err)
	}
	r, err := newReader(at, &csvRows{at: at, lim: lim, src: counted, in: in, comma: delimiter(head), line: 1})
	if errors.Is(err, io.EOF) {
		return nil, at.refuse(emptyTable)
	}
	return r, err
}

// delimiter counts what could separate the names of the header, outside quotes.
func delimiter(head []byte) byte {
	head = bytes.TrimLeft(head, " \r\n")
	var counts [128]int
	quoted := false
	for _, c := range head {
		if c == '"' {
			quoted = !quoted
		}
		if quoted {
			continue
		}
		if c == '\n' || c == '\r' {
			break
		}
		if c < utf8.RuneSelf {
			counts[c]++
		}
	}
	best := byte(',')
	for _, c := range []byte{'\t', ';'} {
		if counts[c] > counts[best] {
			best = c
		}
	}
	return best
}

func (x *csvRows) progress() (done, total int64) { return min(x.src.done, x.src.total), x.src.total }

// next returns the next record with something in it.
func (x *csvRows) next() (Row, error) {
	for {
		number := x.line
		last, err := x.readRecord()
		if err != nil {
			return Row{}, x.refuse(number, Letters(len(x.ends)), err)
		}
		if len(x.text) == 0 { // a blank line: there may be as many as rows
			if x.nBlank++; x.nBlank > x.lim.Rows {
				return Row{}, x.refuse(number, "", tooManyRows(x.lim))
			}
		} else if cells := x.cells(); !blank(cells) {
			if x.nRows++; x.nRows > x.lim.Rows {
				return Row{}, x.refuse(number, "", tooManyRows(x.lim))
			}
			return Row{Number: number, Cells: cells}, nil
		}
		if last {
			return Row{}, io.EOF
		}
	}
}

func (x *csvRows) refuse(row int, col string, err error) error {
	at := x.at
	at.row, at.col = row, col
	return at.refuse(err)
}

// cells cuts the record's text into its fields; the blank ones at its end are left out.
func (x *csvRows) cells() []string {
	all := string(x.text)
	cells := make([]string, 0, len(x.ends))
	from, filled := 0, 0
	for _, end := range x.ends {
		cells = append(cells, unguard(all[from:end]))
		if end > from {
			filled = len(cells)
		}
		from = end
	}
	return cells[:filled]
}

// readRecord reads one record and reports whether it was the last.
func (x *csvRows) readRecord() (last bool, err error) {
	x.text, x.ends = x.text[:0], x.ends[:0]
	for {
		if len(x.ends) == x.lim.Columns {
			return false, troublef("超出上限 %d 列，请删除多余的列后再导入", x.lim.Columns)
		}
		if x.nCells++; x.nCells > x.lim.Cells {
			return false, troublef("单元格超过 %d 个，请拆成几个文件分别导入", x.lim.Cells)
		}
		from := len(x.text)
		end, err := x.readField()
		if err == nil && utf8.RuneCount(x.text[from:]) > x.lim.Text {
			err = longField(x.lim)
		}
		if err != nil {
			return false, err
		}
		x.ends = append(x.ends, len(x.text))
		switch end {
		case endOfFields:
			return true, nil
		case '\n':
			return false, nil
		}
	}
}

// endOfFields is what ends the last field of a file.
const endOfFields = 0

// read returns the next byte, \n for every kind of line end, endOfFields at the end.
func (x *csvRows) read() (byte, error) {
	c, err := x.in.ReadByte()
	if errors.Is(err, io.EOF) {
		return endOfFields, nil
	}
	if c == '\r' {
		if after, err := x.in.Peek(1); err == nil && after[0] == '\n' {
			_, _ = x.in.Discard(1)
		}
		c = '\n'
	}
	if c == '\n' {
		x.line++
	}
	return c, err
}

// readField reads one field into text and returns what ended it: the delimiter, \n
// or endOfFields. A quote counts only at the beginning.
func (x *csvRows) readField() (byte, error) {
	from := len(x.text)
	c, err := x.read()
	if err == nil && c == '"' {
		return x.readQuoted(from)
	}
	for ; err == nil && c != x.comma && c != '\n' && c != endOfFields; c, err = x.read() {
		if err := x.keep(c, from); err != nil {
			return 0, err
		}
	}
	return c, err
}

// readQuoted reads a field behind its opening quote; line ends in it stay as they are.
func (x *csvRows) readQuoted(from int) (byte, error) {
	for {
		c, err := x.in.ReadByte()
		if errors.Is(err, io.EOF) {
			return 0, troublef("引号没有成对，请检查这一格开头的引号")
		}
		if err != nil {
			return 0, err
		}
		if c == '"' {
			end, err := x.read()
			if err != nil || end == x.comma || end == '\n' || end == endOfFields {
				return end, err
			}
			if end != '"' {
				return 0, troublef("引号后面还有别的字，请检查引号是否成对（格内的引号要写成两个）")
			}
		}
		if err := x.keep(c, from); err != nil {
			return 0, err
		}
		if after, err := x.in.Peek(1); c == '\n' || c == '\r' && (err != nil || after[0] != '\n') {
			x.line++
		}
	}
}

// keep appends a byte to the field that begins at from. It bounds what a quote that
// never closes can gather.
func (x *csvRows) keep(c byte, from int) error {
	x.text = append(x.text, c)
	if len(x.text)-from > utf8.UTFMax*x.lim.Text {
		return longField(x.lim)
	}
	return nil
}

func tooManyRows(lim Limits) trouble {
	return troublef("超出上限 %d 行，请拆成几个文件分别导入", lim.Rows)
}

func longField(lim Limits) error {
	return troublef("文字超过 %d 字，请删短；若并没有这么长，是引号没有成对", lim.Text)
}
