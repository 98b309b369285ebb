package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"quxiang/internal/app"
	"quxiang/internal/domain/report"
)

func (s *session) report() *cobra.Command {
	c := &cobra.Command{Use: "report", Short: "就业质量年度报告：annual、templates、verify，在编的和已发布的：list、lint、overrule、release", RunE: s.help}
	c.AddCommand(s.reportAnnual(), s.reportTemplates(), s.reportVerify())
	c.AddCommand(s.reportGate()...)
	return c
}

func (s *session) reportAnnual() *cobra.Command {
	var o report.Order
	var asOf string
	c := &cobra.Command{
		Use: "annual --cohort 2024 --as-of 2024-08-31 -o 报告.docx", Short: "生成年度报告：.docx、.pdf、.html 或 .xlsx；先冻结快照 report-…，再由快照统计", Args: exactly(0, "不需要参数，请用 --cohort、--as-of 和 -o"),
		RunE: s.with(app.Writing, func(ctx context.Context, _ []string) error {
			if s.global.output == "" {
				return usageError{fmt.Errorf("请用 -o 写明报告的文件名，例如 -o 2024届就业质量年度报告.docx")}
			}
			if err := app.CheckReportName(s.global.output); err != nil {
				return err
			}
			var err error
			if o.AsOf, err = when(asOf); err != nil {
				return err
			}
			o.Tell = func(note string) { fmt.Fprintf(s.call.Err, "%s\n", note) }
			d, err := s.app.Annual.Annual(ctx, s.who(), o)
			if err != nil {
				return err
			}
			if err := s.toFile(func(w io.Writer) error { return app.WriteReport(w, s.global.output, d) }); err != nil {
				return err
			}
			fmt.Fprintf(s.call.Err, "已写出 %s，校验码 %s\n", s.global.output, d.Code)
			return nil
		}),
	}
	c.Flags().StringVar(&o.Cohort, "cohort", "", "届别")
	c.Flags().StringVar(&asOf, "as-of", "", "截至时点，如 2024-08-31（含当日）；先按它冻结快照")
	c.Flags().StringVar(&o.Snapshot, "snapshot", "", "用已有的快照，不另冻结")
	c.Flags().StringVar(&o.Template, "template", "", "模板，见 quxiang report templates；默认 annual")
	c.Flags().BoolVar(&o.Again, "again", false, "登记有变化时按现在的登记另冻结一份；不加则用已冻结的")
	return c
}

func (s *session) reportTemplates() *cobra.Command {
	return &cobra.Command{
		Use: "templates", Short: "列出年度报告的模板", Args: exactly(0, "不需要参数"),
		RunE: s.with(app.Reading, func(context.Context, []string) error {
			list, out := report.Templates(), grid{header: []string{"模板", "说明"}}
			for _, t := range list {
				out.rows = append(out.rows, []string{t.ID, t.Title})
			}
			return s.print(list, out)
		}),
	}
}

func (s *session) reportVerify() *cobra.Command {
	return &cobra.Command{
		Use: "verify FILE", Short: "核对一份生成的报告：由事件重算每个数字，指出被改动的地方，并说明现在会有哪些不同",
		Args: exactly(1, "请写明一份要核对的报告，一次一份，例如 quxiang report verify 报告.docx"),
		RunE: s.with(app.Reading, func(ctx context.Context, args []string) error {
			content, err := s.call.Read(args[0])
			if err != nil {
				return err
			}
			c, err := s.app.VerifyReport(ctx, s.who(), args[0], content)
			if err != nil {
				return err
			}
			if err := s.print(reportCheckJSON{c.Mark.Code, c.Mark.Snapshots, c.Holds(), lines(c.Changed), lines(c.Broken), lines(c.Today), lines(c.Notes), c.Unread(), c.Release}, grid{title: reportCheckLines(args[0], &c)}); err != nil {
				return err
			}
			if !c.Holds() {
				return errNo
			}
			return nil
		}),
	}
}

// reportCheckJSON is the contract of docs/cli.md.
type reportCheckJSON struct {
	Code      string   `json:"code"`
	Snapshots []string `json:"snapshots"`
	Holds     bool     `json:"holds"`
	Changed   []string `json:"changed"`
	Broken    []string `json:"broken"`
	Today     []string `json:"today"`
	Notes     []string `json:"notes"`
	Unread    string   `json:"unread"`
	Release   string   `json:"release"`
}

func lines(list []string) []string { return append([]string{}, list...) }

func reportCheckLines(name string, c *app.ReportCheck) []string {
	out := []string{fmt.Sprintf("%s：校验码 %s，快照 %s", name, c.Mark.Code, strings.Join(c.Mark.Snapshots, "、"))}
	if c.Release != "" {
		out = append(out, "是已发布的报告 "+c.Release)
	}
	switch {
	case c.Holds() && c.Resaved:
		out = append(out, "文字和表格与冻结的数字一致，快照与事件一致")
	case c.Holds():
		out = append(out, "与生成时一字不差，与冻结的数字一致，快照与事件一致")
	}
	if c.Unread() != "" {
		out = append(out, "注意："+c.Unread())
	}
	for _, l := range c.Notes {
		out = append(out, "没有重算："+l)
	}
	for _, l := range c.Changed {
		out = append(out, "被改动："+l)
	}
	for _, l := range c.Broken {
		out = append(out, "不再成立："+l)
	}
	if len(c.Today) == 0 {
		return append(out, "按现在的登记重算，没有不同")
	}
	out = append(out, "报告生成以后登记有变化，按同一截止日现在重算会有这些不同（不影响已发布的报告）：")
	for _, l := range c.Today {
		out = append(out, "  "+l)
	}
	return out
}
