package app

import (
	"bytes"
	"path/filepath"
	"strings"

	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/proofread"
	"quxiang/internal/gateway/paper"
	"quxiang/internal/gateway/sheet"
)

// Proofreading is one report, read and checked (报告体检).
type Proofreading struct {
	Name     string
	Content  []byte // of the file
	Document proofread.Document
	Findings []proofread.Finding // the worst first

	Dismissed []proofread.Dismissed // taken out of the findings by whoever works on the report
}

// Proofread reads a report of any kind and finds where it contradicts itself. It needs no
// school and keeps nothing. name is for messages. Errors: fault.Usage for a file that
// cannot be read, fault.Unavailable where a program for it is missing.
func Proofread(name string, content []byte) (Proofreading, error) {
	return survived(name, func() (Proofreading, error) {
		d, err := readReport(name, content)
		if err != nil {
			return Proofreading{}, err
		}
		return Proofreading{Name: name, Content: content, Document: d, Findings: proofread.Check(d)}, nil
	})
}

// survived makes a refusal of a defect that a file brought out: whoever gave the file is
// told so, and a server goes on.
func survived[T any](name string, do func() (T, error)) (r T, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			r, err = *new(T), fault.Usagef("file", "%s：检查到一半出了错，是本程序的缺陷，文件没有改动；请另存为别的格式再试，并把这句话告诉我们（%v）", filepath.Base(name), cause)
		}
	}()
	return do()
}

// readReport lets the door read whose content it is: tables before documents, since a
// csv file is a text as well.
func readReport(name string, content []byte) (proofread.Document, error) {
	src, size := bytes.NewReader(content), int64(len(content))
	if sheet.Reads(src, size) {
		return sheet.Read(name, src, size)
	}
	return paper.Read(name, src, size)
}

// At says where a finding stands, as a reader of the file looks for it; blank where its
// Where and Cell say it better.
func (r Proofreading) At(f proofread.Finding) string { return f.Place.In(r.Kind() == KindText) }

// Kind of a report's file, by its content.
type Kind string

// Kinds of files, each with its own way of being annotated.
const (
	KindWord     Kind = ".docx"
	KindWorkbook Kind = ".xlsx"
	KindPages    Kind = ".pdf"
	KindText     Kind = ".txt" // and web pages and csv: read line by line
)

// Kind tells what the file is.
func (r Proofreading) Kind() Kind {
	switch {
	case bytes.HasPrefix(r.Content, []byte("PK")) && sheet.Reads(bytes.NewReader(r.Content), int64(len(r.Content))):
		return KindWorkbook
	case bytes.HasPrefix(r.Content, []byte("PK")):
		return KindWord
	case bytes.Contains(r.Content[:min(len(r.Content), 1024)], []byte("%PDF-")):
		return KindPages
	}
	return KindText
}

// Extension is what the name of the annotated file ends with.
func (r Proofreading) Extension() string {
	switch k := r.Kind(); k {
	case KindWord, KindWorkbook:
		return string(k)
	}
	return ".html"
}

// Output is a file to be written.
type Output struct {
	Name    string
	Content []byte
}

// Annotated makes the file with its findings marked in place, to be written under the
// name, and a page for whoever signs, to be written beside it. Error: fault.Usage where
// the name's ending is not the one that such a file has.
func (r Proofreading) Annotated(name string) ([]Output, error) {
	ext := r.Extension()
	base := strings.TrimSuffix(name, filepath.Ext(name))
	if !strings.EqualFold(filepath.Ext(name), ext) {
		return nil, fault.Usagef("annotate", "%s 的批注版是 %s 文件，请把输出写成 %s", r.Name, ext, base+ext)
	}
	marked, err := r.Marked()
	if err != nil {
		return nil, err
	}
	list, err := r.List()
	if err != nil {
		return nil, err
	}
	return []Output{{name, marked}, {base + "-清单.docx", list}}, nil
}

// Marked is the file with its findings marked in place: .docx and .xlsx with comments,
// everything else as a page.
func (r Proofreading) Marked() ([]byte, error) {
	src, size := bytes.NewReader(r.Content), int64(len(r.Content))
	switch r.Kind() {
	case KindWord:
		return paper.AnnotateWord(r.Name, src, size, r.Findings)
	case KindWorkbook:
		return sheet.Annotate(r.Name, src, size, r.Findings)
	}
	return paper.AnnotatePage(r.Document, r.Findings)
}

// List is the page for whoever signs, as .docx.
func (r Proofreading) List() ([]byte, error) {
	return paper.LeaderList(filepath.Base(r.Name), r.Findings, r.Dismissed)
}
