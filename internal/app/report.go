package app

import (
	"io"
	"path/filepath"
	"slices"
	"strings"

	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/report"
)

// reportWriters print an annual report, by ending.
var reportWriters = map[string]func(io.Writer, report.Document) error{}

// ReportEndings are the kinds of file that a report is printed as.
var ReportEndings = []string{".docx", ".pdf", ".html", ".xlsx"}

// WriteReport prints a report in the form that the file's name asks for. Error: fault.Usage
// for another ending.
func WriteReport(w io.Writer, name string, d report.Document) error {
	write, err := reportWriter(name)
	if err != nil {
		return err
	}
	return write(w, d)
}

func reportWriter(name string) (func(io.Writer, report.Document) error, error) {
	ending := strings.ToLower(filepath.Ext(name))
	if write, ok := reportWriters[ending]; ok && slices.Contains(ReportEndings, ending) {
		return write, nil
	}
	return nil, fault.Usagef("output", "报告不能写成“%s”，请用 %s", filepath.Base(name), strings.Join(ReportEndings, "、"))
}

// CheckReportName refuses a file that no report can be printed as, before anything is
// counted or frozen. Error: fault.Usage.
func CheckReportName(name string) error {
	_, err := reportWriter(name)
	return err
}
