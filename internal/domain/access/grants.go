package access

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"quxiang/internal/domain/fault"
)

// alone are the roles that nobody holds beside another one: who keeps the accounts
// or gives roles sees nobody's data, and who reads the trail has no part in it
// (三员分立).
var alone = []Role{Administrator, SecurityAdministrator, Auditor}

// checkGrants says what is wrong with the grants of an account.
func checkGrants(grants []Grant, graduate bool) error {
	own := map[Role]bool{}
	for _, g := range grants {
		_, known := rights[g.Role]
		switch {
		case !known:
			return fault.Invalidf("role", "没有角色“%s”，可以给的角色有：%s", g.Role, rolesInWords())
		case g.Role == Graduate && !graduate:
			return fault.Invalidf("role", "毕业生账号不能在这里新增：请选教职工的角色 %s", strings.Join(Roles(), "、"))
		case g.Role != Graduate && slices.Contains(notGiven, g.Role):
			return fault.Invalidf("role", "角色“%s”还没有可办的事，不能给", g.Role.Title())
		case g.Over.Empty():
			return fault.Invalidf("scope", "角色“%s”没有写明管哪些人：全校、学院、班级或学号", g.Role.Title())
		case g.Role == Tutor && (g.Over.School || len(g.Over.Colleges) > 0):
			return fault.Invalidf("scope", "%s只管写明的班级或学号，不能管全校或整个学院", g.Role.Title())
		case g.Ends != "" && g.Ends < g.Begins:
			return fault.Invalidf("ends", "角色“%s”的任期止 %s 早于任期起 %s，请改过来", g.Role.Title(), g.Ends, g.Begins)
		}
		own[g.Role] = true
	}
	for _, r := range alone {
		if own[r] && len(own) > 1 {
			return fault.Invalidf("role", "“%s”不能和别的角色放在同一个账号上，请另建一个账号", r.Title())
		}
	}
	return nil
}

// rolesInWords lists the roles of staff as they are written, with what they are.
func rolesInWords() string {
	var out []string
	for _, r := range Roles() {
		out = append(out, r+"（"+Role(r).Title()+"）")
	}
	return strings.Join(out, "、")
}

// Term is how long the grant holds, as people read it: 长期, 2025-07-01 起, 至
// 2025-08-31, or from day to day.
func (g Grant) Term() string {
	switch {
	case g.Begins != "" && g.Ends != "":
		return string(g.Begins) + " 至 " + string(g.Ends)
	case g.Begins != "":
		return string(g.Begins) + " 起"
	case g.Ends != "":
		return "至 " + string(g.Ends)
	}
	return "长期"
}

func roleNames(grants []Grant) string {
	var out []string
	for _, g := range grants {
		out = append(out, string(g.Role))
	}
	return strings.Join(out, ",")
}

// grantRecord is a grant as the trail keeps it: ids and days.
type grantRecord struct {
	Role   Role   `json:"role"`
	Over   Scope  `json:"over"`
	Begins string `json:"begins,omitempty"`
	Ends   string `json:"ends,omitempty"`
	For    string `json:"for,omitempty"`
}

func record(grants []Grant) string {
	list := []grantRecord{}
	for _, g := range grants {
		list = append(list, grantRecord{g.Role, g.Over, string(g.Begins), string(g.Ends), g.For})
	}
	text, _ := json.Marshal(list) // of text and lists of text: cannot fail
	return string(text)
}

// Grants gives a staff account other roles, scopes and terms; places that it takes
// of others (代理) stay as they are. What it no longer holds, its own deputies lose
// as well. It bites on the account's next request. The same again changes nothing.
//
// Errors: fault.Conflict for the actor's own account or a graduate's,
// fault.Invalid.
func (s *Service) Grants(ctx context.Context, who Actor, account string, grants []Grant) error {
	if err := who.May(GrantRoles); err != nil {
		return err
	}
	if account == who.Account {
		return fault.Conflictf("account", "不能改自己的角色，请让另一位管理员来办")
	}
	if len(grants) == 0 {
		return fault.Invalidf("role", "请至少留一个角色；不再使用的账号请停用")
	}
	if slices.ContainsFunc(grants, func(g Grant) bool { return g.For != "" }) {
		return fault.Invalidf("role", "代理请由本人在“代理”里办，不能在这里给")
	}
	if err := checkGrants(grants, false); err != nil {
		return err
	}
	return s.inRolesTurn(ctx, func(ctx context.Context) error {
		a, err := s.Store.Account(ctx, account)
		if err != nil {
			return err
		}
		if a.Graduate != "" {
			return fault.Conflictf("account", "“%s”是毕业生的账号，角色不能改", a.Login)
		}
		if err := s.lastSecurity(ctx, who, &a); err != nil {
			return err
		}
		before, was := record(a.Grants), Actor{Grants: a.Grants}
		a.Grants = append(slices.Clone(grants), slices.DeleteFunc(a.Grants, func(g Grant) bool { return g.For == "" })...)
		if err := checkGrants(a.Grants, false); err != nil {
			return err
		}
		if record(a.Grants) == before {
			return nil
		}
		if err := s.becomesSecurity(ctx, who, &a, was); err != nil {
			return err
		}
		if err := s.Store.SaveAccount(ctx, a); err != nil {
			return err
		}
		if err := s.endDeputies(ctx, &a); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, "account.grants", account, map[string]string{"before": before, "after": record(a.Grants)})
	})
}

// endDeputies takes from the account's deputies what it does not hold itself any
// more, inside a transaction.
func (s *Service) endDeputies(ctx context.Context, a *Account) error {
	list, err := s.Store.Deputies(ctx, a.ID)
	if err != nil {
		return err
	}
	for _, d := range list {
		n := len(d.Grants)
		d.Grants = slices.DeleteFunc(d.Grants, func(g Grant) bool { return g.For == a.ID && (a.Disabled || !a.holds(g)) })
		if len(d.Grants) == n {
			continue
		}
		if err := s.Store.SaveAccount(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

// holds reports that the account has itself what the deputy's grant gives, for all
// of its term: nobody's place outlasts their own.
func (a *Account) holds(deputy Grant) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool {
		return g.For == "" && g.Role == deputy.Role && record([]Grant{{Over: g.Over}}) == record([]Grant{{Over: deputy.Over}}) &&
			g.Begins <= deputy.Begins && (g.Ends == "" || deputy.Ends != "" && deputy.Ends <= g.Ends)
	})
}

// Disable ends an account; its sessions end with it, and so do its deputies.
// Nobody disables themselves. Disabling twice is disabling once.
func (s *Service) Disable(ctx context.Context, who Actor, id string) error {
	if id == who.Account {
		return fault.Conflictf("account", "不能停用自己的账号，请让另一位管理员来办")
	}
	return s.able(ctx, who, id, true, "account.disable")
}

// Enable lets a disabled account in again, with its old password. Twice is once.
func (s *Service) Enable(ctx context.Context, who Actor, id string) error {
	return s.able(ctx, who, id, false, "account.enable")
}

func (s *Service) able(ctx context.Context, who Actor, id string, disabled bool, action string) error {
	if err := who.May(ManageAccounts); err != nil {
		return err
	}
	return s.inRolesTurn(ctx, func(ctx context.Context) error {
		a, err := s.Store.Account(ctx, id)
		if err != nil || a.Disabled == disabled {
			return err
		}
		if disabled {
			if err := s.lastSecurity(ctx, who, &a); err != nil {
				return err
			}
		}
		a.Disabled = disabled
		if err := s.Store.SaveAccount(ctx, a); err != nil {
			return err
		}
		if disabled {
			// Who comes back logs in anew.
			if err := s.Store.DropSessions(ctx, id); err != nil {
				return err
			}
			if err := s.endDeputies(ctx, &a); err != nil {
				return err
			}
		}
		return s.Audit.Write(ctx, who, action, id, nil)
	})
}
