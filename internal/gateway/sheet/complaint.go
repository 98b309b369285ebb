package sheet

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"quxiang/internal/domain/fault"
)

// trouble is why a file cannot be taken as a whole, with what to do about it.
type trouble string

// Error returns the words for the user.
func (t trouble) Error() string { return string(t) }

// flaw is why one cell cannot be read; the rest of the file still can.
type flaw string

// Error returns the words for the user.
func (f flaw) Error() string { return string(f) }

const (
	emptyFile   trouble = "文件是空的，请检查是否选错了文件"
	emptyTable  trouble = "表里没有任何内容，请检查是否选错了文件或工作表"
	oldWorkbook trouble = "这是旧版 .xls 或设了打开密码的工作簿，请在 Excel 或 WPS 中去掉密码，另存为 .xlsx 后再导入"
	webPage     trouble = "这是网页或 XML，不是表格；若是系统导出的“.xls”，请用 Excel 或 WPS 打开后另存为 .xlsx 再导入"
	notTable    trouble = "这不是表格文件，请导入 .xlsx 或 .csv"
	wordFile    trouble = "这不是表格文件，是 Word 或 PowerPoint 文档，请导入 .xlsx 或 .csv"
	otherZip    trouble = "这不是表格文件，是压缩包；请先解压，导入其中的 .xlsx 或 .csv"
	binaryBook  trouble = "这是二进制工作簿（.xlsb），请在 Excel 中另存为 .xlsx 后再导入"
	macroBook   trouble = "工作簿带宏（.xlsm），不能导入；请另存为不带宏的 .xlsx"
	noSheet     trouble = "工作簿里没有可见的工作表，请取消隐藏要导入的工作表"
	damaged     trouble = "文件不完整或已损坏，请重新下载，或用 Excel、WPS 打开后另存为 .xlsx 再导入"
	lockedZip   trouble = "压缩包设了密码，请去掉密码后再导入"
	badPath     trouble = "工作簿内部的文件名不正常，可能是恶意文件；请用 Excel 或 WPS 打开后另存为 .xlsx 再导入"
	overlapping trouble = "工作簿内部的文件互相重叠，是恶意文件，不能导入"
	bomb        trouble = "文件的压缩比异常，是恶意文件，不能导入"
	dtd         trouble = "工作簿的 XML 带有文档类型声明（DTD），可能是恶意文件，不能导入"
	notUTF8     trouble = "工作簿的 XML 不是 UTF-8 编码，请用 Excel 或 WPS 打开后另存为 .xlsx 再导入"
	tooDeep     trouble = "工作簿的 XML 嵌套过深，可能是恶意文件，不能导入"
	tooLong     trouble = "工作簿的 XML 有超长的一段，可能是恶意文件，不能导入"
	tooMuchXML  trouble = "工作簿的内容过多，请拆成几个文件分别导入"
)

func troublef(format string, args ...any) trouble { return trouble(fmt.Sprintf(format, args...)) }

// place says where in which file something is wrong.
type place struct {
	file  string
	sheet string // may be blank
	row   int    // from 1; 0 means the whole
	col   string // letters; may be blank
	check bool   // the file is checked, not imported: complaints say so
}

// String reads: 花名册.xlsx，工作表“名单”，第 12 行 C 列
func (p place) String() string {
	var b strings.Builder
	b.WriteString(p.file)
	if p.sheet != "" {
		fmt.Fprintf(&b, "，工作表“%s”", p.sheet)
	}
	if p.row > 0 {
		fmt.Fprintf(&b, "，第 %d 行", p.row)
	}
	if p.col != "" {
		fmt.Fprintf(&b, " %s 列", p.col)
	}
	return b.String()
}

// refuse turns what went wrong into a fault.Usage that names the place. An error
// of the disk stays what it is: that is no fault of the file.
func (p place) refuse(err error) error {
	var t trouble
	var d diskError
	switch {
	case fault.KindOf(err) != "":
		return err
	case errors.As(err, &d):
		return fmt.Errorf("%s: %w", p.file, d.error)
	case !errors.As(err, &t): // from the zip or the inflater
		t = damaged
	}
	why := string(t)
	if p.check {
		why = strings.ReplaceAll(why, "导入", "检查")
	}
	return fault.Usagef("file", "%s：%s", p, why)
}

// diskError is an error of the file's reader, as opposed to one of its content.
type diskError struct{ error }

// disk is the file as all readers see it: it marks the errors of src, and answers
// offsets that only a broken zip asks for.
type disk struct {
	src  io.ReaderAt
	size int64
}

// ReadAt reads within the file.
func (d disk) ReadAt(b []byte, off int64) (int, error) {
	if off < 0 || off > d.size {
		return 0, io.ErrUnexpectedEOF
	}
	n, err := d.src.ReadAt(b, off)
	if err != nil && !errors.Is(err, io.EOF) {
		err = diskError{err}
	}
	return n, err
}
