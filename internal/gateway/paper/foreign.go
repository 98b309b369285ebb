package paper

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"unicode/utf16"
)

// What people take for a report and none of the readers reads: each is refused with what
// to do instead.
const (
	isEmpty     refusal = "文件是空的，请检查是否选错了文件"
	isOldWord   refusal = "这是旧版 .doc 文档，请在 Word 或 WPS 中另存为 .docx 后再检查"
	isOldBook   refusal = "这是旧版 .xls 表格，请在 Excel 或 WPS 中另存为 .xlsx 后再检查"
	isLocked    refusal = "文件设了打开密码，请在 Word、Excel 或 WPS 中去掉密码后再检查"
	isOldOffice refusal = "这是旧版 Office 文件，请在 Word 或 WPS 中另存为 .docx 后再检查"
	isSlides    refusal = "这是演示文稿，不是报告正文，请给出报告的 .docx 或 .pdf"
	isRichText  refusal = "这是 .rtf 文档，请在 Word 或 WPS 中另存为 .docx 后再检查"
	isWebFile   refusal = "这是单个文件的网页（.mht），请用 Word 或 WPS 打开，另存为 .docx 后再检查"
	isOpenText  refusal = "这是 OpenDocument 文件（.odt、.ods），请另存为 .docx 或 .xlsx 后再检查"
	isFixed     refusal = "这是 OFD 版式文件，请给出 Word 原稿，或转换为 PDF 后再检查"
	isOtherZip  refusal = "这是压缩包，不是文档；请先解压，检查其中的 .docx、.pdf、.html 或 .txt"
	isPicture   refusal = "这是图片，没有文字可读，请给出 Word 原稿，或用文字识别（OCR）软件转换后再检查"
	notDocument refusal = "不认识这种文件，请给出 .docx、.xlsx、.pdf、.html、.csv 或 .txt"
)

// foreign are the beginnings of files of other kinds.
var foreign = []struct {
	start string
	why   refusal
}{
	{"{\\rtf", isRichText}, {"\x89PNG", isPicture}, {"\xFF\xD8\xFF", isPicture}, {"II*\x00", isPicture}, {"MM\x00*", isPicture}, {"GIF8", isPicture}, {"BM", isPicture},
	{"Rar!", isOtherZip}, {"7z\xBC\xAF", isOtherZip}, {"\x1F\x8B", isOtherZip},
}

const oleStart = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"

// foreignKind says what a file is that no reader reads; blank if nothing speaks against
// it. start is its beginning without spaces and mark.
func foreignKind(head, start []byte, src io.ReaderAt) refusal {
	if len(head) == 0 {
		return isEmpty
	}
	if bytes.HasPrefix(head, []byte(oleStart)) {
		return oleKind(head, src)
	}
	for _, f := range foreign {
		if bytes.HasPrefix(start, []byte(f.start)) && (f.start != "BM" || !isText(head)) {
			return f.why
		}
	}
	if low := strings.ToLower(string(start[:min(len(start), 512)])); strings.HasPrefix(low, "mime-version:") || strings.HasPrefix(low, "from:") && strings.Contains(low, "mime-version:") {
		return isWebFile
	}
	return ""
}

// oleKind tells the old Office files apart by the names in their directory ([MS-CFB] 2.2
// and 2.6): so are documents packed that a password opens.
func oleKind(head []byte, src io.ReaderAt) refusal {
	if len(head) < 512 {
		return isOldOffice
	}
	shift := binary.LittleEndian.Uint16(head[30:])
	if shift != 9 && shift != 12 {
		return isOldOffice
	}
	entries := make([]byte, 4096)
	n, _ := src.ReadAt(entries, (int64(binary.LittleEndian.Uint32(head[48:]))+1)<<shift) // what cannot be read has no names
	for at := 0; at+128 <= n; at += 128 {
		switch name := oleName(entries[at : at+128]); name {
		case "EncryptedPackage", "EncryptionInfo":
			return isLocked
		case "WordDocument":
			return isOldWord
		case "Workbook", "Book":
			return isOldBook
		case "PowerPoint Document":
			return isSlides
		}
	}
	return isOldOffice
}

// oleName is the name of an entry: UTF-16 with its length in bytes behind it.
func oleName(entry []byte) string {
	size := int(binary.LittleEndian.Uint16(entry[64:]))
	if size < 2 || size > 64 {
		return ""
	}
	var units []uint16
	for i := 0; i+2 < size; i += 2 {
		units = append(units, binary.LittleEndian.Uint16(entry[i:]))
	}
	return string(utf16.Decode(units))
}

// zipKind says what a package is that is no Word document, by the names in it.
func zipKind(names []string) refusal {
	for _, n := range names {
		switch {
		case strings.HasPrefix(n, "ppt/"):
			return isSlides
		case n == "mimetype":
			return isOpenText
		case n == "ofd.xml":
			return isFixed
		}
	}
	return isOtherZip
}
