package app

import (
	"context"
	"io"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/roster"
	"quxiang/internal/web"
)

// InviteOptions say who gets activation codes and how they are written.
type InviteOptions struct {
	Cohorts  []string
	Colleges []string // ids; none, and no classes: everybody
	Classes  []string // ids
	Again    bool     // also for those who have set a password
}

// Invited says what was made.
type Invited struct {
	Made    int
	Skipped int // who have set a password already, or whose account is disabled
}

// Invite makes activation codes for graduates of the roster. They are shown this
// once: whoever has a code that was not used needs the new one.
//
// Errors: fault.NotFound when nobody is named, fault.Conflict when nobody needs one,
// and those of access.Invite.
func (a *App) Invite(ctx context.Context, who access.Actor, o InviteOptions) (*web.SlipSheet, Invited, error) {
	var ids []string
	for _, cohort := range o.Cohorts {
		people, err := a.Accounts.Roll(ctx, who, access.Whom{Cohort: cohort, Classes: o.Classes, Colleges: o.Colleges})
		if err != nil {
			return nil, Invited{}, err
		}
		for i := range people {
			ids = append(ids, people[i].Graduate)
		}
	}
	if len(ids) == 0 {
		return nil, Invited{}, fault.NotFoundf("cohort", "没有这样的毕业生：请核对届别、学院和班级，或先导入生源")
	}
	reach := access.NotActivated
	if o.Again {
		reach = access.Everyone
	}
	slips, err := a.Accounts.Invite(ctx, who, ids, reach)
	if err != nil {
		return nil, Invited{}, err
	}
	n := Invited{Made: len(slips), Skipped: len(ids) - len(slips)}
	if len(slips) == 0 {
		return nil, n, fault.Conflictf("cohort", "这 %d 人都已启用账号，不需要激活码；要重新发，请加 --again", n.Skipped)
	}
	sheet, err := a.slipSheet(ctx, slips)
	return sheet, n, err
}

// slipSheet puts slips under the names of their classes.
func (a *App) slipSheet(ctx context.Context, slips []access.Slip) (*web.SlipSheet, error) {
	units, err := a.Store.Units(ctx)
	if err != nil {
		return nil, err
	}
	base, err := a.Store.Setting(ctx, settingURL)
	if err != nil {
		return nil, err
	}
	return web.NewSlipSheet(a.School().Name, base, a.Now(), units, slips), nil
}

// WriteSlips writes codes as a table (xlsx, csv) or as pages to print and cut (html).
func (a *App) WriteSlips(ctx context.Context, w io.Writer, format string, sheet *web.SlipSheet) error {
	if format == "html" {
		return sheet.Write(ctx, w)
	}
	var rows [][]string
	for _, g := range sheet.Groups {
		for _, s := range g.Slips {
			rows = append(rows, []string{g.College, g.Class, s.Number, s.Name, s.Login, s.Code, string(calendar.DayOf(s.Expires))})
		}
	}
	return WriteTable(w, format, "激活码", []string{"学院", "班级", "学号或考生号", "姓名", "登录账号", "激活码", "有效至（含当日）"}, nil, rows)
}

// ClassesOf returns the units, of classes only those of the cohorts.
func ClassesOf(units []roster.Unit, cohorts []string) []roster.Unit {
	held := map[string]bool{}
	for _, c := range cohorts {
		held[c] = true
	}
	var out []roster.Unit
	for _, u := range units {
		if u.Kind != roster.Class || held[u.Cohort] {
			out = append(out, u)
		}
	}
	return out
}
