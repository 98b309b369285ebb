package app

import (
	"bytes"
	"context"
	"io"
	"path/filepath"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
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

// printReport prints a report in every form.
func printReport(d report.Document) ([]report.File, error) {
	var out []report.File
	for _, ending := range ReportEndings {
		var b bytes.Buffer
		if err := reportWriters[ending](&b, d); err != nil {
			return nil, err
		}
		out = append(out, report.File{Form: report.Form{Ending: ending}, Body: b.Bytes()})
	}
	return out, nil
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
	Release string   // id of the release that the report says to be; blank: of none

	ending string
	lost   []string // what stands beside charts that a program left out
}

// Unread says what of a file that was saved again nobody compared; blank of one that is as
// it was printed.
func (c *ReportCheck) Unread() string {
	if !c.Resaved {
		return ""
	}
	out := "文件在生成以后被另存过或改动过：文字、表格和图中的数值都已核对，" + reportUnread[c.ending] + "没有核对"
	if len(c.lost) > 0 {
		out += "；" + strings.Join(c.lost, "、") + "已不在文件里"
	}
	return out
}

// reportUnread is what of each form nobody compares.
var reportUnread = map[string]string{
	".docx": "目录和页脚的页码、格式（包括图的）、插入的图片、文件属性",
	".xlsx": "格式（包括数字和图的）、插入的图片、隐藏的工作表、文件属性",
	".html": "样式和链接",
	".pdf":  "图形的高低、插入的图片、书签、文件属性",
}

// Holds reports that the file says what the frozen figures say, and those what the events
// said.
func (c *ReportCheck) Holds() bool { return len(c.Changed)+len(c.Broken) == 0 }

// VerifyReport reads a printed report back, composes it again from its snapshots, prints
// that in the same form, and compares the two as a reader sees them.
//
// Errors: as report.Recount, and fault.Usage for a file that is no such report.
func (a *App) VerifyReport(ctx context.Context, who access.Actor, name string, content []byte) (ReportCheck, error) {
	ending := strings.ToLower(filepath.Ext(name))
	write, ok := reportWriters[ending]
	if !ok {
		return ReportCheck{}, fault.Usagef("file", "“%s”不是本系统生成的报告，可核对的有 %s；其他文件请用 quxiang proofread 检查", filepath.Base(name), strings.Join(ReportEndings, "、"))
	}
	file, err := readPrinted(name, content)
	if err != nil {
		return ReportCheck{}, err
	}
	mark, err := report.MarkOf(file.text)
	if err != nil {
		return ReportCheck{}, err
	}
	out := ReportCheck{ending: ending}
	if out.Recount, err = a.Annual.Recount(ctx, who, mark); err != nil {
		return out, err
	}
	var b bytes.Buffer
	if err := write(&b, out.Document); err != nil {
		return out, err
	}
	made, err := a.asReleased(ctx, &out, b.Bytes())
	if err != nil || bytes.Equal(made, content) {
		return out, err
	}
	out.Resaved = true
	printed, err := readPrinted(name, made)
	if err != nil {
		return out, err
	}
	out.lost = file.lost(printed)
	out.Changed = file.against(printed, ending)
	if len(out.Changed) == 0 && out.Release == "" && mark.Code != out.Document.Code {
		out.Changed = append(out.Changed, "校验码应为“"+out.Document.Code+"”，文件中是“"+mark.Code+"”")
	}
	return out, nil
}

// asReleased is what a file is compared with: the one that was kept when the report was
// released, which no later printer changes, or the one that was made just now.
func (a *App) asReleased(ctx context.Context, c *ReportCheck, made []byte) ([]byte, error) {
	list, err := a.Annual.Released(ctx)
	if err != nil {
		return nil, err
	}
	for _, x := range list {
		if x.Code != c.Mark.Code {
			continue
		}
		c.Release = x.ID
		kept, err := a.Annual.ReleasedFile(ctx, x.ID, c.ending)
		if err == nil && !bytes.Equal(kept, made) {
			c.Notes = append(c.Notes, "排印程序在发布以后改过，重排的文件与发布时保存的不再逐字节相同；以下与发布时保存的文件比较")
		}
		return kept, err
	}
	return made, nil
}
