package app

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/proofread"
	"quxiang/internal/domain/report"
	"quxiang/internal/gateway/paper"
	"quxiang/internal/gateway/sheet"
)

// reportWriters print an annual report, by ending.
var reportWriters = map[string]func(io.Writer, report.Document) error{
	".docx": paper.WriteDocx, ".pdf": paper.WritePDF, ".html": paper.WriteHTML, ".xlsx": sheet.WriteReport,
}

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
	if write, ok := reportWriters[ending]; ok {
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

// ReportCheck is what a printed report was found to be, and what it would be today.
type ReportCheck struct {
	report.Recount
	Changed []string // places of the file that are not as they were printed
	Resaved bool     // the file is not the one that was printed, byte for byte: see Unread
}

// Unread says what of a file that was saved again nobody compared; blank of one that is as
// it was printed.
func (c *ReportCheck) Unread() string {
	if !c.Resaved {
		return ""
	}
	return "文件在生成以后被另存过或改动过：这里只核对了文字和表格（Word 文件还有图中的数值），页眉页脚、格式、图片和其余的图没有核对"
}

// Holds reports that the file says what the frozen figures say, and those what the events
// said.
func (c *ReportCheck) Holds() bool { return len(c.Changed)+len(c.Broken) == 0 }

// VerifyReport reads a printed report back, composes it again from its snapshots, prints
// that in the same form, and compares the two as a reader sees them.
//
// Errors: as report.Recount, and fault.Usage for a file that is no such report.
func (a *App) VerifyReport(ctx context.Context, who access.Actor, name string, content []byte) (ReportCheck, error) {
	write, ok := reportWriters[strings.ToLower(filepath.Ext(name))]
	if !ok {
		return ReportCheck{}, fault.Usagef("file", "“%s”不是本系统生成的报告，可核对的有 %s；其他文件请用 quxiang proofread 检查", filepath.Base(name), strings.Join(ReportEndings, "、"))
	}
	file, err := readPrinted(name, content)
	if err != nil {
		return ReportCheck{}, err
	}
	mark, err := report.MarkOf(file)
	if err != nil {
		return ReportCheck{}, err
	}
	out := ReportCheck{}
	if out.Recount, err = a.Annual.Recount(ctx, who, mark); err != nil {
		return out, err
	}
	var b bytes.Buffer
	if err := write(&b, out.Document); err != nil {
		return out, err
	}
	if bytes.Equal(b.Bytes(), content) {
		return out, nil
	}
	out.Resaved = true
	printed, err := readPrinted(name, b.Bytes())
	if err != nil {
		return out, err
	}
	out.Changed = report.Compare(file, printed)
	if len(out.Changed) == 0 && mark.Code != out.Document.Code {
		out.Changed = append(out.Changed, "校验码应为“"+out.Document.Code+"”，文件中是“"+mark.Code+"”")
	}
	return out, nil
}

// readPrinted reads a report with what the charts of a Word document show, after its text.
func readPrinted(name string, content []byte) (proofread.Document, error) {
	return survived(name, func() (proofread.Document, error) { return withCharts(name, content) })
}

func withCharts(name string, content []byte) (proofread.Document, error) {
	d, err := readReport(name, content)
	if err != nil {
		return d, err
	}
	charts, err := paper.WordCharts(name, bytes.NewReader(content), int64(len(content)))
	n := 0
	for i := range charts.Blocks { // another program gives charts other names
		if b := &charts.Blocks[i]; b.Kind == proofread.Caption {
			n++
			b.Text = fmt.Sprintf("第%d个图", n)
		}
	}
	d.Blocks = append(d.Blocks, charts.Blocks...)
	return d, err
}
