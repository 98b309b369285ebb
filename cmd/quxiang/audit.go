package main

import (
	"context"

	"github.com/spf13/cobra"

	"quxiang/internal/app"
	"quxiang/internal/domain/audit"
)

func (s *session) audit() *cobra.Command {
	c := &cobra.Command{Use: "audit", Short: "审计：checkpoint、key、watermark", RunE: s.help}
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
		}, s.watermark())
	return c
}

// watermark names the export that a file comes from.
func (s *session) watermark() *cobra.Command {
	return &cobra.Command{
		Use: "watermark FILE", Short: "这份表格是哪一次导出的：看文件里的编号和行的顺序；认不出时退出码为 1",
		Args: exactly(1, "请写明要查的 xlsx 或 csv 文件"),
		RunE: s.with(app.Reading, func(ctx context.Context, args []string) error {
			content, err := s.call.Read(args[0])
			if err != nil {
				return err
			}
			list, err := s.app.Watermark(ctx, s.who(), args[0], content)
			if err != nil {
				return err
			}
			g := grid{title: []string{"认不出这份文件是哪一次导出的"}}
			if len(list) > 0 {
				g = grid{title: []string{"这份文件来自本校的导出"}, header: []string{"编号", "时间", "谁", "导出什么", "人数", "用途", "凭什么"}}
			}
			for _, m := range list {
				g.rows = append(g.rows, []string{m.Number, m.At, m.Who, m.What, m.People, m.Purpose, m.How()})
			}
			if err := s.print(append([]app.Watermark{}, list...), g); err != nil {
				return err
			}
			if len(list) == 0 {
				return errNo
			}
			return nil
		}),
	}
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
