package main

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"quxiang/internal/app"
	"quxiang/internal/domain/privacy"
)

func (s *session) retention() *cobra.Command {
	c := &cobra.Command{Use: "retention", Short: "到期清理：run", RunE: s.help}
	c.AddCommand(s.retentionRun())
	return c
}

func (s *session) retentionRun() *cobra.Command {
	dry := false
	c := &cobra.Command{
		Use: "run", Short: "按保存期限清理，并报告；--dry-run 只看清单，不删除", Args: nothing,
		RunE: s.with(app.Writing, func(ctx context.Context, _ []string) error {
			do := s.app.Retention.Run
			if dry {
				do = s.app.Retention.Plan
			}
			run, err := do(ctx, s.who())
			if err != nil {
				return err
			}
			return s.print(run, s.retentionGrid(run))
		}),
	}
	c.Flags().BoolVar(&dry, "dry-run", false, "只看清单，不删除")
	return c
}

func (s *session) retentionGrid(run privacy.Run) grid {
	title := "已清理"
	if run.State == privacy.Proposed {
		title = "到期的清单，没有删除"
	}
	g := grid{title: []string{title}, header: []string{"内容", "存多久", "到期", "暂停中"}}
	for i, rule := range privacy.Rules {
		c := run.Counts[i]
		g.rows = append(g.rows, []string{rule.Title, rule.Says(s.app.Retention.Terms()), strconv.Itoa(c.Due), strconv.Itoa(c.Held)})
	}
	return g
}
