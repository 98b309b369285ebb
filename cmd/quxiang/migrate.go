package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"quxiang/internal/app"
)

func (s *session) migrate() *cobra.Command {
	var check bool
	c := &cobra.Command{
		Use: "migrate", Short: "把数据库升级到本程序的版本；--check 只列出要做的步骤", Args: nothing,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := s.outside("migrate"); err != nil {
				return err
			}
			steps, err := app.Pending(c.Context(), s.config())
			if err != nil {
				return err
			}
			g := grid{title: []string{"数据库已是本程序的版本"}, notes: steps}
			if check {
				if len(steps) > 0 {
					g.title = []string{fmt.Sprintf("要升级 %d 步；请先备份，停下服务后运行 quxiang migrate：", len(steps))}
				}
				return s.print(map[string]any{"pending": append([]string{}, steps...)}, g)
			}
			if err := app.Migrate(c.Context(), s.config()); err != nil {
				return err
			}
			if len(steps) > 0 {
				g.title = []string{fmt.Sprintf("数据库已升级 %d 步，是本程序的版本了：", len(steps))}
			}
			return s.print(map[string]any{"done": true, "steps": append([]string{}, steps...)}, g)
		},
	}
	c.Flags().BoolVar(&check, "check", false, "只列出要做的步骤，不升级")
	return c
}
