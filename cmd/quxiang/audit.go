package main

import (
	"context"

	"github.com/spf13/cobra"

	"quxiang/internal/app"
	"quxiang/internal/domain/audit"
)

func (s *session) audit() *cobra.Command {
	c := &cobra.Command{Use: "audit", Short: "审计：checkpoint、key", RunE: s.help}
	c.AddCommand(
		&cobra.Command{
			Use: "checkpoint", Short: "签出审计链现在的末端，交校领导、纪检另行保存", Args: nothing,
			RunE: s.with(app.Writing, func(ctx context.Context, _ []string) error {
				c, err := s.app.Trail.Checkpoint(ctx, audit.Asked)
				if err != nil {
					return err
				}
				if s.global.format == "json" {
					return s.print(struct {
						N    int64  `json:"n"`
						At   string `json:"at"`
						Note string `json:"note"`
					}{c.N, c.At.String(), c.Note}, grid{})
				}
				return s.deliver([]byte(c.Note))
			}),
		},
		&cobra.Command{
			Use: "key", Short: "印出验证检查点的公钥", Args: nothing,
			RunE: s.with(app.Reading, func(ctx context.Context, _ []string) error {
				key, err := s.app.Trail.Notary.Key()
				if err != nil {
					return err
				}
				if s.global.format == "json" {
					return s.print(map[string]string{"key": key}, grid{})
				}
				return s.deliver([]byte(key + "\n"))
			}),
		})
	return c
}

func (s *session) verify() *cobra.Command {
	var files []string
	var key string
	c := &cobra.Command{
		Use: "verify", Short: "核对：审计链、事件、佐证材料、各种登记、派生表、快照和检查点；有出入时退出码为 1", Args: nothing,
		RunE: s.with(app.Reading, func(ctx context.Context, _ []string) error {
			held, err := s.held(files)
			if err != nil {
				return err
			}
			problems, checked, err := s.app.VerifyFor(ctx, s.who())
			if err != nil {
				return err
			}
			good, against, err := s.app.Against(ctx, held, key)
			if err != nil {
				return err
			}
			problems = append(against, problems...)
			g := grid{title: append(checked.Lines(), good...), notes: problems}
			if err := s.print(struct {
				app.Checked
				Extends  []string `json:"extends"`
				Problems []string `json:"problems"`
			}{checked, append([]string{}, good...), append([]string{}, problems...)}, g); err != nil {
				return err
			}
			if len(problems) > 0 {
				return errNo
			}
			return nil
		}),
	}
	c.Flags().StringArrayVar(&files, "checkpoint", nil, "另行保存的检查点文件，可写多次：核对现在的审计链接着它")
	c.Flags().StringVar(&key, "key", "", "保存检查点的人记下的公钥，默认用本校密钥文件夹里的")
	return c
}

// held reads the checkpoints that the caller keeps.
func (s *session) held(files []string) (out []app.Held, err error) {
	for _, name := range files {
		content, err := s.call.Read(name)
		if err != nil {
			return nil, err
		}
		out = append(out, app.Held{Name: name, Note: string(content)})
	}
	return out, nil
}
