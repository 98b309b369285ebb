package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"quxiang/internal/app"
	"quxiang/internal/domain/roster"
)

func (s *session) userInvite() *cobra.Command {
	var cohort, colleges, classes string
	var o app.InviteOptions
	c := &cobra.Command{
		Use: "invite --cohort Y -o FILE", Short: "给毕业生发激活码：表格 .xlsx、.csv，或可打印剪开的 .html；14 天内有效，只显示这一次",
		Args: nothing,
		RunE: s.with(app.Writing, func(ctx context.Context, _ []string) error {
			if s.global.output == "" {
				return usageError{fmt.Errorf("请用 -o 写明激活码写到哪个文件：.xlsx、.csv 或可打印的 .html")}
			}
			if cohort == "" {
				return usageError{fmt.Errorf("请用 --cohort 写明届别，例如 --cohort 2025")}
			}
			format, err := slipFormat(s.global.output)
			if err != nil {
				return err
			}
			if o.Cohorts, err = cohorts(cohort); err != nil {
				return err
			}
			if colleges != "" || classes != "" {
				units, err := s.app.Store.Units(ctx)
				if err != nil {
					return err
				}
				units = app.ClassesOf(units, o.Cohorts)
				if o.Colleges, err = unitIDs(units, roster.College, list(colleges)); err != nil {
					return err
				}
				if o.Classes, err = unitIDs(units, roster.Class, list(classes)); err != nil {
					return err
				}
			}
			return s.invite(ctx, o, format)
		}),
	}
	c.Flags().StringVar(&cohort, "cohort", "", "届别，例如 2025")
	c.Flags().StringVar(&colleges, "college", "", "只给这些学院（名称或编号，逗号分隔）")
	c.Flags().StringVar(&classes, "class", "", "只给这些班级（名称或编号，逗号分隔）")
	c.Flags().BoolVar(&o.Again, "again", false, "已经启用账号的也重新发；原密码到新码用上为止")
	return c
}

// slipFormat is what the ending of a file asks for. It is looked at before a code is
// made, since making one ends those of before.
func slipFormat(name string) (string, error) {
	if format, ok := strings.CutPrefix(strings.ToLower(filepath.Ext(name)), "."); ok && slices.Contains([]string{"xlsx", "csv", "html"}, format) {
		return format, nil
	}
	return "", usageError{fmt.Errorf("激活码不能写成 %s：文件名请以 .xlsx、.csv 或 .html 结尾。没有生成任何激活码", filepath.Base(name))}
}

// invite makes the codes and has them written. What cannot be written is made anew
// by the same command: nobody knows the codes of before.
func (s *session) invite(ctx context.Context, o app.InviteOptions, format string) error {
	sheet, n, err := s.app.Invite(ctx, s.who(), o)
	if err != nil {
		return err
	}
	if err := s.toFile(func(w io.Writer) error { return s.app.WriteSlips(ctx, w, format, sheet) }); err != nil {
		return err
	}
	fmt.Fprintf(s.call.Err, "已为 %d 人生成激活码，写入 %s；此前发给这些人的码作废\n", n.Made, s.global.output)
	if n.Skipped > 0 {
		fmt.Fprintf(s.call.Err, "另有 %d 人已启用账号或账号已停用，没有再发\n", n.Skipped)
	}
	return nil
}
