package main

import (
	"github.com/spf13/cobra"

	"quxiang/internal/app"
)

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
