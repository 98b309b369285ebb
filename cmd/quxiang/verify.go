package main

import (
	"context"

	"github.com/spf13/cobra"

	"quxiang/internal/app"
)

func (s *session) verify() *cobra.Command {
	return &cobra.Command{
		Use: "verify", Short: "核对：审计链、事件、佐证材料、派生表和快照；有出入时退出码为 1", Args: cobra.NoArgs,
		RunE: s.with(app.Reading, func(ctx context.Context, _ []string) error {
			problems, checked, err := s.app.Verify(ctx)
			if err != nil {
				return err
			}
			g := grid{title: checked.Lines(), notes: problems}
			if err := s.print(struct {
				app.Checked
				Problems []string `json:"problems"`
			}{checked, append([]string{}, problems...)}, g); err != nil {
				return err
			}
			if len(problems) > 0 {
				return errNo
			}
			return nil
		}),
	}
}

func (s *session) migrate() *cobra.Command {
	return &cobra.Command{
		Use: "migrate", Short: "把数据库升级到本程序的版本", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := s.outside("migrate"); err != nil {
				return err
			}
			if err := app.Migrate(c.Context(), s.config()); err != nil {
				return err
			}
			return s.print(map[string]bool{"done": true}, grid{title: []string{"数据库已是本程序的版本"}})
		},
	}
}
