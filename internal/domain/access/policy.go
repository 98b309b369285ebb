package access

import "context"

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

// Policy returns the security settings in force.
func (s *Service) Policy() Policy {
	if p := s.policy.Load(); p != nil {
		return *p
	}
	return Policy{}.whole()
}

// LoadPolicy reads the security settings and puts them in force.
func (s *Service) LoadPolicy(ctx context.Context) error {
	second, err := s.Store.Setting(ctx, keySecond)
	if err != nil {
		return err
	}
	rules, err := s.Store.Setting(ctx, keyPasswords)
	if err != nil {
		return err
	}
	p := Policy{Second: Second(second)}
	if err := p.readRules(rules); err != nil {
		return err
	}
	s.policy.Store(&p)
	return nil
}

// Secure puts other security settings in force: the second factor from each one's
// next request, the rules for passwords for those that are set from now on. The same
// again changes nothing. Errors: fault.Forbidden, fault.Invalid.
func (s *Service) Secure(ctx context.Context, who Actor, p Policy) error {
	if err := who.May(ConfigureSecurity); err != nil {
		return err
	}
	p = p.whole()
	if err := p.check(); err != nil {
		return err
	}
	was := s.Policy()
	if was == p {
		return nil
	}
	err := s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.SaveSetting(ctx, keySecond, string(p.Second)); err != nil {
			return err
		}
		if err := s.Store.SaveSetting(ctx, keyPasswords, p.rules()); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, "security.change", "school", map[string]string{"second": string(p.Second), "second_before": string(was.Second),
			"passwords": p.detail(), "passwords_before": was.detail()})
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
	switch s.Policy().Second {
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

// Owed is what somebody who came in must do before anything else.
type Owed string

// What may be owed.
const (
	OwesNothing  Owed = ""
	OwesPassword Owed = "password" // another password: the old one has run out
	OwesSecond   Owed = "second"   // a second factor
)

// owes says what the session's account must do first: nothing else is open. A
// password that ran out is asked for at the next login: nobody is interrupted.
func (s *Service) owes(ctx context.Context, a *Account, held *Session) (Owed, error) {
	if held.Demo {
		return OwesNothing, nil
	}
	if out, err := s.outworn(ctx, a, held.Began); err != nil || out {
		return OwesPassword, err
	}
	if !s.mustHaveSecond(a) {
		return OwesNothing, nil
	}
	_, on, err := s.factor(ctx, a.ID)
	if on || err != nil {
		return OwesNothing, err
	}
	return OwesSecond, nil
}
