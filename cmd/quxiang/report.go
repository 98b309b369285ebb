package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"quxiang/internal/app"
	"quxiang/internal/domain/report"
)

func (s *session) report() *cobra.Command {
	c := &cobra.Command{Use: "report", Short: "就业质量年度报告：annual", RunE: s.help}
	c.AddCommand(s.reportAnnual())
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
	return c
}
