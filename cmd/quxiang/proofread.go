package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"quxiang/internal/app"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/proofread"
)

func (s *session) proofread() *cobra.Command {
	var annotate string
	c := &cobra.Command{
		Use: "proofread FILE…", Short: "报告体检：找出就业质量报告里前后矛盾的数字，不需要数据文件夹",
		Long: "报告体检：找出就业质量报告里前后矛盾的数字。不需要数据文件夹，不联网，什么都不保存。\n\n" +
			"能读 .docx、.xlsx、带文字层的 .pdf（需要系统装有 poppler-utils）、.html、.csv、.txt；- 表示标准输入。\n" +
			"退出码：0 没有发现，1 有发现，2 有文件读不了。\n\n" +
			"例：\n  quxiang proofread 报告.docx\n  quxiang proofread 报告.docx --annotate 报告-批注.docx\n  quxiang proofread *.pdf --format xlsx -o 体检.xlsx",
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case len(args) == 0:
				return usageError{fmt.Errorf("请写明要检查的文件，例如 quxiang proofread 报告.docx")}
			case annotate != "" && len(args) > 1:
				return usageError{fmt.Errorf("--annotate 一次只做一份，请分别运行")}
			}
			for _, name := range args {
				if sameFile(name, annotate) || sameFile(name, s.global.output) {
					return usageError{fmt.Errorf("%s 是要检查的原件，不能写在它上面，请换一个文件名", name)}
				}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return s.proofreadFiles(c.Context(), args, annotate) },
	}
	c.Flags().StringVar(&annotate, "annotate", "", "另存一份带批注的文件：.docx 和 .xlsx 原样加批注，其余为 .html；旁边附一页清单")
	return c
}

// sameFile tells whether two names are of one file that is there.
func sameFile(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil || b == "" {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}

// proofreadFiles checks the files one after another. What cannot be read is told at the
// end, behind what was found in the others.
func (s *session) proofreadFiles(ctx context.Context, names []string, annotate string) error {
	// A command that ends in a second or two need not collect what it drops: a report of
	// 200 pages stays under 100 MiB, and takes a quarter less time.
	defer debug.SetGCPercent(debug.SetGCPercent(300))
	var all []app.Proofreading
	var unread []string
	found := false
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		r, err := s.proofreadFile(name)
		if k := fault.KindOf(err); k == fault.Unavailable || k == fault.Usage {
			unread = append(unread, err.Error())
			continue
		}
		if err != nil {
			return err
		}
		found = found || len(r.Findings) > 0
		all = append(all, r)
	}
	if annotate != "" && len(all) > 0 {
		if err := s.annotate(all[0], annotate); err != nil {
			return err
		}
	}
	if err := s.printProofread(all, len(names)); err != nil {
		return err
	}
	if len(unread) > 0 {
		return usageError{errors.New(strings.Join(unread, "\nquxiang: "))}
	}
	if found {
		return errNo
	}
	return nil
}

func (s *session) proofreadFile(name string) (app.Proofreading, error) {
	if name != "-" {
		content, err := s.call.Read(name)
		if err != nil {
			return app.Proofreading{}, err
		}
		return app.Proofread(name, content)
	}
	content, err := io.ReadAll(io.LimitReader(s.call.In, app.MaxFile+1))
	switch {
	case err != nil:
		return app.Proofreading{}, usageError{fmt.Errorf("标准输入读不出来：%v", err)}
	case len(content) > app.MaxFile:
		return app.Proofreading{}, usageError{fmt.Errorf("标准输入超过 %d MB，请拆成几个文件分别检查", app.MaxFile>>20)}
	}
	return app.Proofread("标准输入", content)
}

// proofreadJSON is the contract of docs/cli.md.
type proofreadJSON struct {
	File     string        `json:"file"`
	Findings []findingJSON `json:"findings"`
}

type findingJSON struct {
	Where       string             `json:"where"`
	Cell        string             `json:"cell"`
	Printed     string             `json:"printed"`
	Expected    string             `json:"expected"`
	Rule        proofread.Rule     `json:"rule"`
	Severity    proofread.Severity `json:"severity"`
	Root        string             `json:"root"`
	Explanation string             `json:"explanation"`
}

func (s *session) printProofread(all []app.Proofreading, asked int) error {
	if len(all) == 0 {
		return nil
	}
	if s.global.format == "text" {
		var b strings.Builder
		for i, r := range all {
			if i > 0 {
				b.WriteString("\n")
			}
			proofreadText(&b, r)
		}
		return s.deliver([]byte(b.String()))
	}
	out := []proofreadJSON{}
	g := grid{header: []string{"文件", "序号", "性质", "在哪里", "哪个数", "印的是", "应为", "为什么", "位置"}}
	for _, r := range all {
		one := proofreadJSON{File: r.Name, Findings: []findingJSON{}}
		for i, f := range r.Findings {
			one.Findings = append(one.Findings, findingJSON{f.Where, f.Cell, f.Printed, f.Expected, f.Rule, f.Severity, f.Root, f.Explanation})
			g.rows = append(g.rows, []string{r.Name, fmt.Sprint(i + 1), f.Severity.Title(), f.Where, f.Cell, f.Printed, f.Expected, f.Explanation, r.At(f)})
		}
		out = append(out, one)
	}
	if asked == 1 {
		return s.print(out[0], g)
	}
	return s.print(out, g)
}

// proofreadText tells a person: the sum, one line each, then each with its reason.
func proofreadText(b *strings.Builder, r app.Proofreading) {
	fmt.Fprintf(b, "%s：%s%s\n", r.Name, proofread.Summary(r.Findings), r.Document.Extent())
	if len(r.Findings) == 0 {
		return
	}
	b.WriteString("\n")
	for i, f := range r.Findings {
		fmt.Fprintf(b, "%3d. [%s] %s\n", i+1, f.Severity.Title(), f.Line())
	}
	b.WriteString("\n逐条说明\n")
	for i, f := range r.Findings {
		fmt.Fprintf(b, "\n%d. [%s] %s\n", i+1, f.Severity.Title(), strings.TrimSpace(f.Where+" "+f.Cell))
		for _, line := range [][2]string{{"位置", r.At(f)}, {"印的是", f.Printed}, {"应为", f.Expected}, {"为什么", f.Explanation}, {"同一处引起", proofread.SameFault(r.Findings, i)}} {
			if line[1] != "" {
				fmt.Fprintf(b, "   %s：%s\n", line[0], line[1])
			}
		}
	}
}

// annotate writes the file with its comments, and the list for the leader beside it.
func (s *session) annotate(r app.Proofreading, name string) error {
	files, err := r.Annotated(name)
	if err != nil {
		return err
	}
	for _, f := range files {
		out, err := s.call.Create(f.Name)
		if err != nil {
			return err
		}
		if _, err := out.Write(f.Content); err != nil {
			if a, ok := out.(interface{ Abandon() }); ok {
				a.Abandon()
			}
			return err
		}
		if err := out.Close(); err != nil {
			return err
		}
		fmt.Fprintf(s.call.Err, "已写出 %s\n", f.Name)
	}
	return nil
}
