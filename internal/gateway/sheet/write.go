package sheet

import (
	"iter"
	"strconv"
	"time"
	"unicode/utf8"

	"quxiang/internal/domain/fault"
)

// Book is a workbook to write. The same Book gives the same bytes.
type Book struct {
	Made   time.Time // the instant that the file carries as its date, to the second
	Mark   Mark      // whose file it is; zero: nobody's
	Tables []Table   // one worksheet each
}

// Mark says whose file a workbook is. Cells are not touched by it.
type Mark struct {
	Head string // printed above each page
	Foot string // printed below each page
	Word string // kept in the file's properties, where nobody looks
}

// Table is a header and rows below it.
type Table struct {
	Name    string // 工作表名; what Excel does not allow in it is replaced
	Columns []Column
	Rows    iter.Seq2[[]string, error] // an error ends the writing and is returned
}

// Column is one column of a Table.
type Column struct {
	Title  string
	Number bool // cells that are plain decimals become numbers; all else is text in every column
}

// maxWritten is how many rows a worksheet has, the header included.
const maxWritten = 1 << 20

// checkRow refuses what a spreadsheet cannot hold. n is the row's number.
func (t *Table) checkRow(n int, cells []string) error {
	if n > maxWritten {
		return fault.Usagef("file", "工作表“%s”超过 %d 行，请缩小范围后分几次导出", t.Name, maxWritten)
	}
	if len(cells) > len(t.Columns) {
		return fault.Usagef("file", "工作表“%s”第 %d 行有 %d 格，多于表头的 %d 列", t.Name, n, len(cells), len(t.Columns))
	}
	limit := ProductLimits().Text
	for i, c := range cells {
		if !utf8.ValidString(c) || containsNUL(c) {
			return fault.Usagef("file", "工作表“%s”第 %d 行 %s 列有无法写入的字符，请先改正这项内容", t.Name, n, Letters(i))
		}
		if len(c) > limit && utf8.RuneCountInString(c) > limit {
			return fault.Usagef("file", "工作表“%s”第 %d 行 %s 列的文字超过 %d 字，请先删短", t.Name, n, Letters(i), limit)
		}
	}
	return nil
}

func containsNUL(s string) bool {
	for i := range len(s) {
		if s[i] == 0 {
			return true
		}
	}
	return false
}

// titles returns the header row.
func (t *Table) titles() []string {
	titles := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		titles[i] = c.Title
	}
	return titles
}

// decimal reports whether a text can be stored as a number and read back the same:
// at most 15 digits, no sign but -, no leading or trailing zeros to lose.
func decimal(s string) bool {
	digits := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == '-' && i == 0, c == '.':
		default:
			return false
		}
	}
	if digits == 0 || digits > 15 {
		return false
	}
	x, err := strconv.ParseFloat(s, 64)
	return err == nil && string(appendFloat(nil, x)) == s
}
