// Package paper reads documents as people publish them: Word (.docx), web pages, plain
// text and pdf with a text layer; and it prints the annual report as such (print_*.go).
// Nothing else in the program touches these.
//
// A file is read within fixed limits, whatever it says about itself: memory and time are
// bounded, nothing is unpacked to disk, nothing is fetched, and what cannot be read is
// refused in words. What a file is, its content says, not its name.
package paper

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/proofread"
)

// maxSize is the largest file that is taken, in bytes.
const maxSize = 64 << 20

// kind of a file, by its content.
type kind int

const (
	unreadable kind = iota
	wordFile
	webPage
	portable // pdf
	plainText
)

// Read reads a document. name is for messages. Errors are fault.Usage (damaged, hostile,
// empty, of another kind, a scan) or fault.Unavailable (a program that is missing),
// except those of src itself.
func Read(name string, src io.ReaderAt, size int64) (proofread.Document, error) {
	d, err := readKind(src, size)
	if err == nil && len(d.Blocks) == 0 {
		err = noText
	}
	if err != nil {
		return proofread.Document{}, refuse(name, err)
	}
	d.Name = name
	return d, nil
}

func readKind(src io.ReaderAt, size int64) (d proofread.Document, err error) {
	if size > maxSize {
		return d, tooBig
	}
	k, why := sniff(src, size)
	switch k {
	case wordFile:
		return readWord(src, size)
	case webPage:
		d.Blocks, err = readWeb(src, size)
	case portable:
		return readPDF(src, size)
	case plainText:
		d.Blocks, err = readText(src, size)
	default:
		err = why
	}
	return d, err
}

// sniff looks at the beginning of the file and, of a zip, at the names in it. What is
// unreadable comes with the reason.
func sniff(src io.ReaderAt, size int64) (kind, refusal) {
	head := make([]byte, 4096)
	n, err := src.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) || size < 0 {
		return unreadable, notDocument
	}
	head = head[:min(int64(n), size)]
	start := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n\f")
	if why := foreignKind(head, start, src); why != "" {
		return unreadable, why
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return sniffZip(src, size)
	case bytes.Contains(head[:min(len(head), 1024)], []byte("%PDF-")):
		return portable, ""
	case isWebPage(start):
		return webPage, ""
	case isText(head):
		return plainText, ""
	}
	return unreadable, notDocument
}

func isWebPage(start []byte) bool {
	low := strings.ToLower(string(start[:min(len(start), 2048)]))
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<body", "<meta", "<table", "<div", "<p>", "<h1", "<article", "<main", "<section"} {
		if strings.HasPrefix(low, tag) {
			return true
		}
	}
	return strings.HasPrefix(low, "<") && strings.Contains(low, "<html")
}

// isText is true of bytes without those that text does not have; UTF-16 begins with its
// mark.
func isText(head []byte) bool {
	if bytes.HasPrefix(head, []byte("\xFF\xFE")) || bytes.HasPrefix(head, []byte("\xFE\xFF")) {
		return true
	}
	for _, c := range head {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1A {
			return false
		}
	}
	return true
}

// refusal is why a file cannot be read, with what to do about it.
type refusal string

// Error returns the words for the user.
func (r refusal) Error() string { return string(r) }

const (
	tooBig      refusal = "文件超过 64 MB，请去掉其中的图片，或拆成几个文件分别检查"
	noText      refusal = "里面没有文字，请检查是否选错了文件"
	damaged     refusal = "文件不完整或已损坏，请重新下载，或用 Word、WPS 打开后另存为 .docx 再检查"
	lockedFile  refusal = "文件设了密码，请去掉密码后再检查"
	bomb        refusal = "文件的压缩比异常，是恶意文件，不能检查"
	overlapping refusal = "文档内部的文件互相重叠，是恶意文件，不能检查"
	tooMany     refusal = "压缩包里的文件太多，不是正常的文档，不能检查"
	unpackedBig refusal = "内容解压后过大，请拆成几个文件分别检查"
	dtd         refusal = "文档的 XML 带有文档类型声明（DTD），可能是恶意文件，不能检查"
	tooDeep     refusal = "文档嵌套过深，可能是恶意文件，不能检查"
	tooMuch     refusal = "文档的内容过多，请拆成几个文件分别检查"
	notEncoded  refusal = "文字的编码认不出来，请用记事本打开后另存为 UTF-8 再检查"
)

// refuse names the file. An error of the disk stays what it is.
func refuse(name string, err error) error {
	var r refusal
	switch {
	case fault.KindOf(err) != "":
		return err
	case errors.As(err, &r):
		return fault.Usagef("file", "%s：%s", name, string(r))
	}
	var d diskError
	if errors.As(err, &d) {
		return d.error
	}
	return fault.Usagef("file", "%s：%s", name, string(damaged))
}

// diskError is an error of the file's reader, as opposed to one of its content.
type diskError struct{ error }

// whole reads the file into memory.
func whole(src io.ReaderAt, size int64) ([]byte, error) {
	b := make([]byte, size)
	n, err := src.ReadAt(b, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, diskError{err}
	}
	return b[:n], nil
}
