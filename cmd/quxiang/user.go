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
	c := &cobra.Command{Use: "user", Short: "账号：add、grant、list、reset、disable、enable，毕业生的激活码 invite", RunE: s.help}
	c.AddCommand(s.userAdd(), s.userGrant(), s.userList(), s.userReset(), s.userAble("disable"), s.userAble("enable"), s.userInvite())
	return c
}

// help prints the sub-commands of a command that does nothing by itself.
func (s *session) help(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{fmt.Errorf("%s 没有“%s”这一项，运行 %s --help 查看用法", c.CommandPath(), args[0], c.CommandPath())}
	}
	return c.Help()
}

// grantFlags are the flags that say which role, over whom and how long.
type grantFlags struct{ role, colleges, classes, graduates, begins, ends string }

func (f *grantFlags) on(c *cobra.Command) {
	c.Flags().StringVar(&f.role, "role", "", "角色："+strings.Join(access.Roles(), "、"))
	c.Flags().StringVar(&f.colleges, "college", "", "只管这些学院（名称或编号，逗号分隔）；默认全校")
	c.Flags().StringVar(&f.classes, "class", "", "只管这些班级（名称或编号，逗号分隔）")
	c.Flags().StringVar(&f.graduates, "graduate", "", "只管这些毕业生（学号或考生号，逗号分隔）")
	c.Flags().StringVar(&f.begins, "begins", "", "任期起，2025-09-01；默认即日")
	c.Flags().StringVar(&f.ends, "ends", "", "任期止（含当日）；默认长期")
}

// grant is what the flags say.
func (s *session) grant(ctx context.Context, f *grantFlags) (access.Grant, error) {
	grant := access.Grant{Role: access.Role(f.role), Over: access.School()}
	var err error
	if f.colleges != "" || f.classes != "" || f.graduates != "" {
		units, err := s.app.Store.Units(ctx)
		if err != nil {
			return grant, err
		}
		grant.Over.School = false
		if grant.Over.Graduates, err = s.graduateIDs(ctx, list(f.graduates)); err != nil {
			return grant, err
		}
		if grant.Over.Colleges, err = unitIDs(units, roster.College, list(f.colleges)); err != nil {
			return grant, err
		}
		if grant.Over.Classes, err = unitIDs(units, roster.Class, list(f.classes)); err != nil {
			return grant, err
		}
	}
	if grant.Begins, err = day(f.begins); err != nil {
		return grant, err
	}
	grant.Ends, err = day(f.ends)
	return grant, err
}

// graduateIDs finds graduates by 学号 or 考生号. Error: fault.Invalid, naming the
// number that nobody has.
func (s *session) graduateIDs(ctx context.Context, numbers []string) ([]string, error) {
	found, err := s.app.Store.GraduatesByNumber(ctx, access.School(), numbers, numbers)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, no := range numbers {
		i := slices.IndexFunc(found, func(g roster.Graduate) bool { return g.StudentNo == no || g.ExamNo == no })
		if i < 0 {
			return nil, fault.Invalidf("graduate", "没有学号或考生号“%s”，请核对", no)
		}
		out = append(out, found[i].ID)
	}
	return out, nil
}

func (s *session) userAdd() *cobra.Command {
	var name string
	var f grantFlags
	c := &cobra.Command{
		Use: "add LOGIN --name 姓名 --role ROLE", Short: "新增教职工账号，打印一次性设置密码链接",
		Args: exactly(1, "请写明账号，例如 quxiang user add zhou --name 周芷兰 --role office"),
		RunE: s.with(app.Writing, func(ctx context.Context, args []string) error {
			grant, err := s.grant(ctx, &f)
			if err != nil {
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
	f.on(c)
	return c
}

// userGrant gives an account one role in the place of those that it has.
func (s *session) userGrant() *cobra.Command {
	var f grantFlags
	c := &cobra.Command{
		Use: "grant LOGIN --role ROLE", Short: "改教职工的角色、范围和任期，代替原来的；代理不变",
		Args: exactly(1, "请写明账号，例如 quxiang user grant zhou --role counsellor --class 护理2101班"),
		RunE: s.with(app.Writing, func(ctx context.Context, args []string) error {
			a, err := s.staff(ctx, args[0])
			if err != nil {
				return err
			}
			grant, err := s.grant(ctx, &f)
			if err != nil {
				return err
			}
			if err := s.app.Accounts.Grants(ctx, s.who(), a.ID, []access.Grant{grant}); err != nil {
				return err
			}
			return s.print(map[string]string{"login": a.Login, "role": string(grant.Role)},
				grid{title: []string{fmt.Sprintf("账号 %s 现在的角色是%s，下一次操作起生效", a.Login, grant.Role.Title())}})
		}),
	}
	f.on(c)
	return c
}

// staff finds an account of staff by login. Error: fault.NotFound.
func (s *session) staff(ctx context.Context, login string) (access.Account, error) {
	all, err := s.app.Accounts.Staff(ctx, s.who())
	if err != nil {
		return access.Account{}, err
	}
	for _, a := range all {
		if a.Login == login {
			return a, nil
		}
	}
	return access.Account{}, fault.NotFoundf("login", "没有教职工账号“%s”，运行 quxiang user list 查看全部账号", login)
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
		Use: "list", Short: "列出教职工账号，含角色、范围和任期", Args: nothing,
		RunE: s.with(app.Reading, func(ctx context.Context, _ []string) error {
			all, err := s.app.Accounts.Staff(ctx, s.who())
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
			for _, a := range all {
				names[a.ID] = a.Name
			}
			return s.printAccounts(all, names)
		}),
	}
}

// accountLine is an account as user list prints it in JSON.
type accountLine struct {
	Login    string      `json:"login"`
	Name     string      `json:"name"`
	Roles    []string    `json:"roles"`
	Grants   []grantLine `json:"grants"`
	Disabled bool        `json:"disabled"`
}

type grantLine struct {
	Role   string `json:"role"`
	Scope  string `json:"scope"`
	Begins string `json:"begins,omitempty"`
	Ends   string `json:"ends,omitempty"`
	For    string `json:"for,omitempty"` // whose place is taken
}

// printAccounts prints a line a grant; names are those of units and accounts.
func (s *session) printAccounts(all []access.Account, names map[string]string) error {
	g := grid{header: []string{"账号", "姓名", "角色", "范围", "任期", "状态"}}
	value := []accountLine{}
	for _, a := range all {
		l := accountLine{Login: a.Login, Name: a.Name, Grants: []grantLine{}, Disabled: a.Disabled}
		state := "启用"
		if a.Disabled {
			state = "停用"
		}
		row := []string{a.Login, a.Name, "", "", "", state}
		for i, grant := range a.Grants {
			over, title := scopeWords(grant.Over, names), grant.Role.Title()
			if grant.For != "" {
				title += "（代 " + names[grant.For] + "）"
			}
			l.Roles = append(l.Roles, string(grant.Role))
			l.Grants = append(l.Grants, grantLine{string(grant.Role), over, string(grant.Begins), string(grant.Ends), names[grant.For]})
			if i > 0 {
				row = []string{"", "", "", "", "", ""}
			}
			row[2], row[3], row[4] = title, over, grant.Term()
			g.rows = append(g.rows, row)
		}
		if len(a.Grants) == 0 {
			g.rows = append(g.rows, row)
		}
		value = append(value, l)
	}
	return s.print(value, g)
}

func scopeWords(o access.Scope, names map[string]string) string {
	switch {
	case o.School:
		return "全校"
	}
	var out []string
	for _, id := range slices.Concat(o.Colleges, o.Classes) {
		out = append(out, cmp.Or(names[id], id))
	}
	if n := len(o.Graduates); n > 0 {
		out = append(out, fmt.Sprintf("指定的 %d 名毕业生", n))
	}
	return strings.Join(out, "、")
}

// userReset makes a new link to set a password, for whoever has the machine: the way
// in for a security administrator who forgot theirs, and for a lost phone.
func (s *session) userReset() *cobra.Command {
	var factor bool
	c := &cobra.Command{
		Use: "reset LOGIN", Short: "忘了密码：打印一次性设置密码链接；--factor 同时取消第二道验证",
		Args: exactly(1, "请写明账号，例如 quxiang user reset zhou"),
		RunE: s.with(app.Writing, func(ctx context.Context, args []string) error {
			a, err := s.staff(ctx, args[0])
			if err != nil {
				return err
			}
			link, err := s.app.ResetAccount(ctx, s.who(), a.ID)
			if err != nil {
				return err
			}
			said := "原密码在设好新密码之前仍然有效"
			if factor {
				if err := s.app.Accounts.ResetFactor(ctx, s.who(), a.ID); err != nil {
					return err
				}
				said += "；第二道验证已取消，登录后要重新启用"
			}
			return s.print(map[string]string{"account": a.ID, "login": a.Login, "link": link}, grid{
				title: []string{fmt.Sprintf("请把下面的链接当面交给账号 %s 的使用人，72 小时内打开设置密码，只能用一次；%s：", a.Login, said), link}})
		}),
	}
	c.Flags().BoolVar(&factor, "factor", false, "手机丢了：同时取消第二道验证，结束其全部登录")
	return c
}

// userAble disables an account, or enables it again.
func (s *session) userAble(verb string) *cobra.Command {
	words := map[string][2]string{"disable": {"停用账号，其登录立即失效", "已停用"}, "enable": {"重新启用停用的账号", "已重新启用"}}[verb]
	return &cobra.Command{
		Use: verb + " LOGIN", Short: words[0],
		Args: exactly(1, "请写明账号"),
		RunE: s.with(app.Writing, func(ctx context.Context, args []string) error {
			a, err := s.staff(ctx, args[0])
			if err != nil {
				return err
			}
			do := s.app.Accounts.Disable
			if verb == "enable" {
				do = s.app.Accounts.Enable
			}
			if err := do(ctx, s.who(), a.ID); err != nil {
				return err
			}
			return s.print(map[string]string{"login": a.Login, "state": verb + "d"}, grid{title: []string{"账号 " + a.Login + " " + words[1]}})
		}),
	}
}
