package access

import (
	"context"

	"quxiang/internal/domain/fault"
)

// Second says who must have a second factor.
type Second string

// The choices.
const (
	Voluntary Second = ""      // 自愿
	Risky     Second = "risky" // 管理员、审计员与能看证件、能导出的角色
	AllStaff  Second = "staff" // 全体教职工
)

// keySecond is the setting's name.
const keySecond = "second_factor"

// Second returns who must have a second factor.
func (s *Service) Second() Second {
	if p := s.second.Load(); p != nil {
		return *p
	}
	return Voluntary
}

// LoadPolicy reads the security settings and puts them in force.
func (s *Service) LoadPolicy(ctx context.Context) error {
	v, err := s.Store.Setting(ctx, keySecond)
	if err != nil {
		return err
	}
	p := Second(v)
	s.second.Store(&p)
	return nil
}

// Secure puts other security settings in force, from each one's next request. The
// same again changes nothing. Errors: fault.Forbidden, fault.Invalid.
func (s *Service) Secure(ctx context.Context, who Actor, second Second) error {
	if err := who.May(ConfigureSecurity); err != nil {
		return err
	}
	if second != Voluntary && second != Risky && second != AllStaff {
		return fault.Invalidf("second", "请从列出的几种里选")
	}
	was := s.Second()
	if was == second {
		return nil
	}
	err := s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.SaveSetting(ctx, keySecond, string(second)); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, "security.change", "school", map[string]string{"second": string(second), "second_before": string(was)})
	})
	if err != nil {
		return err
	}
	return s.LoadPolicy(ctx)
}

// mustHaveSecond reports that the account must have a second factor.
func (s *Service) mustHaveSecond(a *Account) bool {
	if a.Graduate != "" {
		return false
	}
	switch s.Second() {
	case AllStaff:
		return true
	case Risky:
		who := Actor{Account: a.ID, Grants: a.Grants}
		for _, p := range []Permission{ManageAccounts, GrantRoles, ConfigureSecurity, ReadAudit, RevealIdentity, ExportPeople} {
			if who.May(p) == nil {
				return true
			}
		}
	}
	return false
}

// owes reports that the session's account must enrol first: nothing else is open.
func (s *Service) owes(ctx context.Context, a *Account, held *Session) (bool, error) {
	if held.Demo || !s.mustHaveSecond(a) {
		return false, nil
	}
	_, on, err := s.factor(ctx, a.ID)
	return !on, err
}
