package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"quxiang/internal/app"
	"quxiang/internal/domain/disclosure"
	"quxiang/internal/domain/transfer"
)

func (s *session) export() *cobra.Command {
	var cohort, asOf string
	var reveal []string
	var o app.ExportOptions
	c := &cobra.Command{
		Use: "export KIND -o FILE", Short: "导出：" + strings.Join(app.ExportKinds, "、") + "；导出再导入不产生任何变化",
		Args: exactly(1, "请写明导出什么："+strings.Join(app.ExportKinds, "、")),
		RunE: s.with(app.Writing, func(ctx context.Context, args []string) error {
			if s.global.output == "" {
				return usageError{fmt.Errorf("请用 -o 写明导出到哪个文件")}
			}
			if err := tableFile(s.global.output); err != nil {
				return err
			}
			var err error
			if cohort != "" {
				if o.Cohorts, err = cohorts(cohort); err != nil {
					return err
				}
			}
			if o.AsOf, err = when(asOf); err != nil {
				return err
			}
			o.Format = app.FormatOf(s.global.output)
			write := func(w io.Writer) error { return s.app.Export(ctx, s.who(), args[0], o, w) }
			if len(reveal) > 0 {
				r := disclosure.Request{Kind: args[0], Cohorts: o.Cohorts, Fields: reveal, Purpose: o.Purpose}
				write = func(w io.Writer) error { return s.app.ExportRevealed(ctx, s.who(), r, w) }
			}
			if err := s.toFile(write); err != nil {
				return err
			}
			fmt.Fprintf(s.call.Err, "已导出到 %s\n", s.global.output)
			return nil
		}),
	}
	c.Flags().StringVar(&cohort, "cohort", "", "届别，默认全部")
	c.Flags().StringVar(&asOf, "as-of", "", "去向的截至时点，默认现在")
	c.Flags().StringSliceVar(&reveal, "reveal", nil, "带出的敏感列，如 id_number,phone；须另一人在页面上批准，批准后再运行一次")
	c.Flags().StringVar(&o.Purpose, "purpose", "", "导出去做什么，记入审计；带敏感列时必填")
	c.Flags().StringVar(&o.Layout, "layout", "", "列的排法：moe-39、moe-74；默认本系统的全部列")
	return c
}

// tableFile refuses a name that does not say what is in the file.
func tableFile(name string) error {
	if end := strings.ToLower(filepath.Ext(name)); end != ".xlsx" && end != ".csv" {
		return usageError{fmt.Errorf("不能导出成 %s：文件名请以 .xlsx 或 .csv 结尾", filepath.Base(name))}
	}
	return nil
}

func (s *session) reconcile() *cobra.Command {
	var cohort string
	c := &cobra.Command{
		Use: "reconcile FILE", Short: "与国家或省级系统的导出核对：只此有、只彼有、不一致；有出入时退出码为 1",
		Args: exactly(1, "请写明对方系统的导出文件"),
		RunE: s.with(app.Writing, func(ctx context.Context, args []string) error {
			if cohort != "" {
				if _, err := cohorts(cohort); err != nil {
					return err
				}
			}
			content, err := s.call.Read(args[0])
			if err != nil {
				return err
			}
			r, err := s.app.Importer.Reconcile(ctx, s.who(), app.TableFile(args[0], content), cohort)
			if err != nil {
				return err
			}
			if err := s.print(r, reconciliationGrid(&r)); err != nil {
				return err
			}
			if !r.Agree() {
				return errNo
			}
			return nil
		}),
	}
	c.Flags().StringVar(&cohort, "cohort", "", "届别，默认按文件中出现的届")
	return c
}

func reconciliationGrid(r *transfer.Reconciliation) grid {
	g := grid{
		title: []string{fmt.Sprintf("共 %d 行：一致 %d，只在本系统 %d 人，只在对方 %d 人，不一致 %d 处，读不出 %d 处",
			r.Rows, r.Same, len(r.OnlyHere), len(r.OnlyThere), len(r.Differing), len(r.Unreadable))},
	}
	if r.Agree() {
		return g
	}
	g.header = []string{"类别", "行", "学号或考生号", "姓名", "栏目", "本系统", "对方"}
	row := func(n int) string {
		if n == 0 {
			return ""
		}
		return fmt.Sprint(n)
	}
	for _, x := range r.OnlyHere {
		g.rows = append(g.rows, []string{"只在本系统", "", x.Number, x.Name, "毕业去向", x.Code, ""})
	}
	for _, x := range r.OnlyThere {
		g.rows = append(g.rows, []string{"只在对方", row(x.Row), x.Number, x.Name, "毕业去向", "", x.Code})
	}
	for _, x := range r.Differing {
		g.rows = append(g.rows, []string{"不一致", row(x.Row), x.Number, x.Name, x.Field, x.Here, x.There})
	}
	for _, x := range r.Unreadable {
		g.rows = append(g.rows, []string{"读不出", row(x.Row), "", "", x.Column, "", x.Value + " " + x.Message})
	}
	return g
}
