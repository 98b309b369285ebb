package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"quxiang/internal/app"
)

func (s *session) keys() *cobra.Command {
	c := &cobra.Command{Use: "keys", Short: "数据密钥：list、rotate、retire", RunE: s.help}
	c.AddCommand(s.keysList(), s.keysRotate(), s.keysRetire())
	return c
}

func (s *session) keysList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "全部数据密钥的编号和用量，不显示密钥本身", Args: nothing,
		RunE: s.with(app.Reading, func(ctx context.Context, _ []string) error {
			state, err := s.app.KeyState(ctx, s.who())
			if err != nil {
				return err
			}
			g := grid{header: []string{"密钥", "算法", "生成于", "用途", "用它加密的内容"}, number: []bool{4: true}}
			for _, k := range state.Keys {
				use := "只用于打开以前的内容"
				if k.Current {
					use = "正在使用"
				}
				made := "—"
				if k.Made != "" {
					made = k.Made[:10]
				}
				g.rows = append(g.rows, []string{k.ID, k.Cipher, made, use, strconv.Itoa(k.Seals)})
			}
			if state.Turning != "" {
				g.notes = append(g.notes, fmt.Sprintf("换用密钥 %s 还没有办完，已重新加密 %d 处；运行 quxiang keys rotate 接着办完", state.Turning, state.Done))
			}
			return s.print(state, g)
		}),
	}
}

func (s *session) keysRotate() *cobra.Command {
	var cipher string
	c := &cobra.Command{
		Use: "rotate", Short: "换用新的数据密钥，并重新加密已有的内容；不必停服务，中断后再运行会接着办完", Args: nothing,
		RunE: s.with(app.Writing, func(ctx context.Context, _ []string) error {
			progress := s.progress("重新加密")
			r, err := s.app.RotateKeys(ctx, s.who(), cipher, progress.Set)
			progress.Finish()
			if err != nil {
				return err
			}
			g := grid{title: []string{fmt.Sprintf("已换用密钥 %s（%s），重新加密了 %d 处内容", r.Key, r.Cipher, r.Done)},
				notes: []string{"旧密钥仍留在密钥文件夹里；过 10 分钟可用 quxiang keys retire 停用。更换以前的备份要用备份里自带的密钥打开"}}
			if r.Resumed {
				g.title = append(g.title, "上一次没有办完，这次接着办完了")
			}
			if r.Broken > 0 {
				g.notes = append([]string{fmt.Sprintf("有 %d 处打不开，保持原样；请运行 quxiang verify 查明是哪些，从备份恢复", r.Broken)}, g.notes...)
			}
			if err := s.print(r, g); err != nil {
				return err
			}
			if r.Broken > 0 {
				return errNo
			}
			return nil
		}),
	}
	c.Flags().StringVar(&cipher, "alg", "", "算法：aes256gcm 或 sm4gcm（国密），默认与现在的相同")
	return c
}

func (s *session) keysRetire() *cobra.Command {
	return &cobra.Command{
		Use: "retire ID", Short: "停用不再使用的旧密钥，从密钥文件夹里删去", Args: exactly(1, "请写明密钥编号，运行 quxiang keys list 查看"),
		RunE: s.with(app.Writing, func(ctx context.Context, args []string) error {
			if err := s.app.RetireKey(ctx, s.who(), args[0]); err != nil {
				return err
			}
			return s.print(map[string]string{"retired": args[0]}, grid{title: []string{"已停用密钥 " + args[0]},
				notes: []string{"更换以前的备份仍要用它打开：那些备份里自带密钥，请照旧保管；单独抄存的密钥文件夹也先不要销毁"}})
		}),
	}
}
