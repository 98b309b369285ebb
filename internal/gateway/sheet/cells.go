package sheet

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/fault"
)

// sheetRows reads one worksheet, row by row.
type sheetRows struct {
	at       place
	lim      Limits
	part     *part
	xml      *scanner
	shared   *sharedStrings
	formats  []format // by style number
	date1904 bool
	merged   *[]area // where merged cells are noted; nil: nobody asks

	inData bool
	row    int // number of the last row met
	nCells int

	// The row being read. All its own texts stand in text, one after another, so
	// that a row costs one string, not one a cell.
	col    int // last column met, -1 before the first
	text   []byte
	spans  []span
	values []string // shared strings, by span
	flaws  []string // with their columns
}

// span is one filled cell: its part of text, or a shared string where to < 0.
type span struct{ col, from, to int }

func (x *sheetRows) progress() (done, total int64) {
	return x.part.read, max(x.part.read, int64(x.part.file.UncompressedSize64))
}

// next returns the next row with something in it.
func (x *sheetRows) next() (Row, error) {
	for {
		tok, err := x.xml.next()
		switch {
		case err != nil:
			return Row{}, x.refuse(err)
		case tok == endOfFile:
			return Row{}, io.EOF
		case tok == endTag && x.xml.depth() == 1:
			x.inData = false
		case tok != startTag:
		case x.merged != nil && x.xml.depth() == 3 && string(x.xml.name) == "mergeCell":
			if err := x.noteMerged(); err != nil {
				return Row{}, x.refuse(err)
			}
		case x.xml.depth() == 1 && string(x.xml.name) != "worksheet":
			return Row{}, x.refuse(damaged)
		case x.xml.depth() == 2:
			x.inData = string(x.xml.name) == "sheetData"
		case x.inData && x.xml.depth() == 3 && string(x.xml.name) == "row":
			if err := x.readRow(); err != nil {
				return Row{}, x.refuse(err)
			}
			if r := x.take(); len(x.flaws) > 0 || !blank(r.Cells) {
				return r, x.complain()
			}
		}
	}
}

// refuse names the row, and the column where there is one.
func (x *sheetRows) refuse(err error) error {
	at := x.at
	at.row = x.row
	if x.col >= 0 && x.row > 0 {
		at.col = Letters(x.col)
	}
	return at.refuse(err)
}

// readRow reads up to the end of the row.
func (x *sheetRows) readRow() error {
	x.col, x.text, x.spans, x.values, x.flaws = -1, x.text[:0], x.spans[:0], x.values[:0], nil
	number, err := x.xml.attr("r")
	if err != nil {
		return err
	}
	if err := x.enterRow(number); err != nil {
		return err
	}
	for {
		tok, err := x.xml.next()
		switch {
		case err != nil:
			return err
		case tok == endTag && x.xml.depth() == 2:
			x.col = -1
			return nil
		case tok != startTag:
		case string(x.xml.name) == "c":
			if err := x.readCell(); err != nil {
				return err
			}
		default:
			if err := x.xml.skip(); err != nil {
				return err
			}
		}
	}
}

// enterRow checks the row's number, which may be left out: then it is the next.
func (x *sheetRows) enterRow(number string) error {
	n := x.row + 1
	if number != "" {
		var err error
		if n, err = strconv.Atoi(number); err != nil || n <= x.row {
			return troublef("其后一行的行号“%.20s”不对，文件已损坏，请用 Excel 或 WPS 打开后另存为 .xlsx 再导入", number)
		}
	}
	if x.row = n; n > x.lim.Rows {
		return troublef("超出上限 %d 行；若后面只是带格式的空行，请删除这些行，否则请拆成几个文件", x.lim.Rows)
	}
	return nil
}

// cellAttrs are the attributes of a cell that matter.
type cellAttrs struct {
	kind  string // t
	style int    // s
}

// kinds saves a string for each cell: these are all there are.
var kinds = []string{"s", "n", "str", "inlineStr", "b", "e", "d"}

// enterCell reads the attributes and checks the cell's place.
func (x *sheetRows) enterCell() (cellAttrs, error) {
	var c cellAttrs
	next := x.col + 1
	for raw := x.xml.attrs; ; {
		name, value, rest, err := nextAttr(raw)
		if err != nil {
			return c, err
		}
		if len(name) == 0 {
			break
		}
		switch string(name) {
		case "r":
			if next = column(value, x.row); next <= x.col {
				return c, troublef("其后一格的位置“%.20s”不对，文件已损坏，请用 Excel 或 WPS 打开后另存为 .xlsx 再导入", value)
			}
		case "t":
			k := slices.IndexFunc(kinds, func(k string) bool { return k == string(value) })
			if k < 0 {
				return c, damaged
			}
			c.kind = kinds[k]
		case "s":
			if c.style, err = strconv.Atoi(string(value)); err != nil || c.style < 0 {
				return c, damaged
			}
		}
		raw = rest
	}
	if x.col = next; next >= x.lim.Columns {
		return c, troublef("超出上限 %d 列，请删除多余的列后再导入", x.lim.Columns)
	}
	if x.nCells++; x.nCells > x.lim.Cells {
		return c, troublef("单元格超过 %d 个，请拆成几个文件分别导入", x.lim.Cells)
	}
	return c, nil
}

// column reads a reference such as AB12 and returns the column, -1 if it is none
// or stands in another row. Columns past XFD come out as XFE or more.
func column(ref []byte, row int) int {
	n, i := 0, 0
	for i < len(ref) && i < 4 && ref[i]|0x20 >= 'a' && ref[i]|0x20 <= 'z' {
		n = n*26 + int(ref[i]|0x20-'a') + 1
		i++
	}
	r := 0
	for _, d := range ref[i:] {
		if d < '0' || d > '9' || r > row {
			return -1
		}
		r = r*10 + int(d-'0')
	}
	if i == 0 || r != row {
		return -1
	}
	return n - 1
}

// readCell reads one cell into the row.
func (x *sheetRows) readCell() error {
	c, err := x.enterCell()
	if err != nil {
		return err
	}
	from, formula, valued := len(x.text), false, false
	for outside := x.xml.depth() - 1; ; {
		tok, err := x.xml.next()
		if err != nil {
			return err
		}
		if tok == endTag && x.xml.depth() == outside {
			break
		}
		if tok != startTag {
			continue
		}
		switch string(x.xml.name) {
		case "v":
			valued = true
			x.text, err = appendElement(x.text[:from], from, x.xml, x.lim.Text)
		case "is":
			x.text, err = appendString(x.text[:from], x.xml, x.lim.Text)
		default:
			formula = formula || string(x.xml.name) == "f"
			err = x.xml.skip()
		}
		if err != nil {
			return err
		}
	}
	if formula && !valued {
		x.flaw("是公式但没有保存结果，请用 Excel 或 WPS 打开并保存一次")
		return nil
	}
	return x.settle(c, from)
}

// settle turns what stands in text from on into what a person sees in the cell.
func (x *sheetRows) settle(c cellAttrs, from int) error {
	raw := x.text[from:]
	if len(raw) == 0 {
		return nil
	}
	var err error
	switch c.kind {
	case "s":
		return x.settleShared(from)
	case "str":
		x.text = unescape(x.text, from)
	case "inlineStr":
	case "b":
		word := "FALSE"
		if string(raw) == "1" || string(raw) == "true" {
			word = "TRUE"
		}
		x.text = append(x.text[:from], word...)
	case "e":
		err = flaw("公式出错（" + string(raw[:min(len(raw), 20)]) + "），请改成正确的值")
	case "d":
		x.text = appendISODate(x.text, from)
	default:
		var f format
		if c.style < len(x.formats) {
			f = x.formats[c.style]
		}
		x.text, err = appendNumber(x.text, from, f, x.date1904)
	}
	if f, ok := err.(flaw); ok {
		x.text = x.text[:from]
		x.flaw(string(f))
		return nil
	}
	x.spans = append(x.spans, span{x.col, from, len(x.text)})
	return err
}

func (x *sheetRows) settleShared(from int) error {
	i, err := strconv.Atoi(strings.TrimSpace(string(x.text[from:])))
	s, found := x.shared.text(i)
	if err != nil || !found {
		return troublef("引用了不存在的共享文字，文件已损坏，请用 Excel 或 WPS 打开后另存为 .xlsx 再导入")
	}
	x.text = x.text[:from]
	x.spans = append(x.spans, span{x.col, len(x.values), -1})
	x.values = append(x.values, s)
	return nil
}

// flaw notes why the present cell cannot be read.
func (x *sheetRows) flaw(why string) {
	x.flaws = append(x.flaws, Letters(x.col)+" 列："+why)
}

// take makes the row out of what was read.
func (x *sheetRows) take() Row {
	r := Row{Number: x.row}
	if len(x.spans) == 0 {
		return r
	}
	r.Cells = make([]string, x.spans[len(x.spans)-1].col+1)
	own := string(x.text)
	for _, s := range x.spans {
		if s.to < 0 {
			r.Cells[s.col] = unguard(x.values[s.from])
		} else {
			r.Cells[s.col] = unguard(own[s.from:s.to])
		}
	}
	return r
}

// maxFlaws is how many cells of one row are named.
const maxFlaws = 5

// complain says what is wrong with cells of the row, nil if nothing.
func (x *sheetRows) complain() error {
	if len(x.flaws) == 0 {
		return nil
	}
	at := x.at
	at.row = x.row
	named, more := x.flaws, ""
	if len(named) > maxFlaws {
		named, more = named[:maxFlaws], "；等 "+strconv.Itoa(len(x.flaws))+" 格"
	}
	col, _, _ := strings.Cut(named[0], " ")
	return fault.Invalidf(col, "%s %s%s", at, strings.Join(named, "；"), more)
}
