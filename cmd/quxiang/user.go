package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/roster"
)

func (s *session) user() *cobra.Command {
	c := &cobra.Command{Use: "user", Short: "教职工账号：add、list、disable", RunE: s.help}
	c.AddCommand(s.userAdd(), s.userList(), s.userDisable())
	return c
}

// help prints the sub-commands of a command that does nothing by itself.
func (s *session) help(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{fmt.Errorf("%s 没有“%s”这一项，运行 %s --help 查看用法", c.CommandPath(), args[0], c.CommandPath())}
	}
	return c.Help()
}

func (s *session) userAdd() *cobra.Command {
	var name, role, colleges, classes, begins, ends string
	c := &cobra.Command{
		Use: "add LOGIN --name 姓名 --role ROLE", Short: "新增账号，打印一次性设置密码链接",
		Args: exactly(1, "请写明账号，例如 quxiang user add zhou --name 周芷兰 --role office"),
		RunE: s.with(app.Writing, func(ctx context.Context, args []string) error {
			grant := access.Grant{Role: access.Role(role), Over: access.School()}
			if colleges != "" || classes != "" {
				units, err := s.app.Store.Units(ctx)
				if err != nil {
					return err
				}
				if grant.Over.Colleges, err = unitIDs(units, roster.College, list(colleges)); err != nil {
					return err
				}
				if grant.Over.Classes, err = unitIDs(units, roster.Class, list(classes)); err != nil {
					return err
				}
				grant.Over.School = false
			}
			var err error
			if grant.Begins, err = day(begins); err != nil {
				return err
			}
			if grant.Ends, err = day(ends); err != nil {
				return err
			}
			a, link, err := s.app.AddAccount(ctx, s.who(), access.Account{Login: args[0], Name: name, Grants: []access.Grant{grant}})
			if err != nil {
				return err
			}
			return s.print(map[string]string{"account": a.ID, "login": a.Login, "link": link}, grid{
				title: []string{fmt.Sprintf("账号 %s 已建立。请在 72 小时内打开下面的链接设置密码，链接只能用一次：", a.Login), link}})
		}),
	}
	c.Flags().StringVar(&name, "name", "", "使用人姓名")
	c.Flags().StringVar(&role, "role", "", "角色："+strings.Join(access.Roles(), "、"))
	c.Flags().StringVar(&colleges, "college", "", "只管这些学院（名称或编号，逗号分隔）；默认全校")
	c.Flags().StringVar(&classes, "class", "", "只管这些班级（名称或编号，逗号分隔）")
	c.Flags().StringVar(&begins, "begins", "", "任期起，2025-09-01；默认即日")
	c.Flags().StringVar(&ends, "ends", "", "任期止（含当日）；默认长期")
	return c
}

// unitIDs finds units by id or by name. Error: fault.Invalid, naming what there
// is not, or what several units are called.
func unitIDs(units []roster.Unit, kind roster.Kind, said []string) ([]string, error) {
	word, flag := "学院", "college"
	if kind == roster.Class {
		word, flag = "班级", "class"
	}
	var out []string
	for _, s := range said {
		var ids, names []string
		for _, u := range units {
			if u.Kind != kind {
				continue
			}
			names = append(names, u.Name)
			if u.ID == s || u.Name == s {
				ids = append(ids, u.ID)
			}
		}
		switch {
		case len(ids) == 0 && len(names) == 0:
			return nil, fault.Invalidf(flag, "没有%s“%s”：还没有任何%s，请先导入生源", word, s, word)
		case len(ids) == 0:
			return nil, fault.Invalidf(flag, "没有%s“%s”，现有 %s", word, s, some(names))
		case len(ids) > 1:
			return nil, fault.Invalidf(flag, "叫“%s”的%s有 %d 个，请改写编号：%s", s, word, len(ids), some(ids))
		}
		out = append(out, ids[0])
	}
	return out, nil
}

// some lists the first few.
func some(names []string) string {
	const few = 12
	if len(names) > few {
		return strings.Join(names[:few], "、") + fmt.Sprintf(" 等 %d 个", len(names))
	}
	return strings.Join(names, "、")
}

func day(s string) (calendar.Day, error) {
	if s == "" {
		return "", nil
	}
	return calendar.ParseDay(s)
}

func (s *session) userList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "列出账号", Args: cobra.NoArgs,
		RunE: s.with(app.Reading, func(ctx context.Context, _ []string) error {
			all, err := s.app.Accounts.List(ctx, s.who())
			if err != nil {
				return err
			}
			units, err := s.app.Store.Units(ctx)
			if err != nil {
				return err
			}
			names := map[string]string{}
			for _, u := range units {
				names[u.ID] = u.Name
			}
			g := grid{header: []string{"账号", "姓名", "角色", "范围", "状态"}}
			type line struct {
				Login    string   `json:"login"`
				Name     string   `json:"name"`
				Roles    []string `json:"roles"`
				Disabled bool     `json:"disabled"`
			}
			value := []line{}
			for _, a := range all {
				l := line{a.Login, a.Name, nil, a.Disabled}
				var roles, over []string
				for _, grant := range a.Grants {
					l.Roles = append(l.Roles, string(grant.Role))
					roles = append(roles, grant.Role.Title())
					over = append(over, scopeWords(grant.Over, names))
				}
				value = append(value, l)
				state := "启用"
				if a.Disabled {
					state = "停用"
				}
				g.rows = append(g.rows, []string{a.Login, a.Name, strings.Join(roles, " "), strings.Join(over, " "), state})
			}
			return s.print(value, g)
		}),
	}
}

func scopeWords(o access.Scope, names map[string]string) string {
	switch {
	case o.School:
		return "全校"
	case len(o.Graduates) > 0:
		return "本人"
	}
	var out []string
	for _, id := range slices.Concat(o.Colleges, o.Classes) {
		out = append(out, cmp.Or(names[id], id))
	}
	return strings.Join(out, "、")
}

func (s *session) userDisable() *cobra.Command {
	return &cobra.Command{
		Use: "disable LOGIN", Short: "停用账号，其登录立即失效",
		Args: exactly(1, "请写明要停用的账号"),
		RunE: s.with(app.Writing, func(ctx context.Context, args []string) error {
			all, err := s.app.Accounts.List(ctx, s.who())
			if err != nil {
				return err
			}
			for _, a := range all {
				if a.Login == args[0] {
					if err := s.app.Accounts.Disable(ctx, s.who(), a.ID); err != nil {
						return err
					}
					return s.print(map[string]string{"login": a.Login, "state": "disabled"}, grid{title: []string{"账号 " + a.Login + " 已停用"}})
				}
			}
			return fault.NotFoundf("login", "没有账号“%s”，运行 quxiang user list 查看全部账号", args[0])
		}),
	}
}
