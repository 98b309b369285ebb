package access

import (
	"context"

	"quxiang/internal/domain/fault"
)

// ChangePassword sets another password for whoever knows the old one, ends all
// sessions and links of the account, and returns the ticket of a new session.
// Guessing the old one is bounded together with Prove's.
//
// Errors: fault.Forbidden on old for a wrong one, fault.Invalid on password.
func (s *Service) ChangePassword(ctx context.Context, own Account, old, password string, from From) (string, error) {
	if err := s.again(ctx, own, old, from, "old", "原密码不对，请重新输入"); err != nil {
		return "", err
	}
	if old == password {
		return "", fault.Invalidf("password", "新密码和原密码一样，请换一个")
	}
	if err := s.checkNew(ctx, &own, password); err != nil {
		return "", err
	}
	hash, err := s.Passwords.Hash(password)
	if err != nil {
		return "", err
	}
	token := newToken()
	err = s.Store.InTx(ctx, func(ctx context.Context) error {
		a, err := s.Store.Account(ctx, own.ID)
		if err != nil {
			return err
		}
		if a.Disabled || a.Password != own.Password { // changed while hashing
			return fault.Conflictf("old", "密码刚被改过，请重新登录")
		}
		if err := s.keepPassword(ctx, &a, hash); err != nil {
			return err
		}
		if err := s.Store.SaveSession(ctx, s.of(s.opened(from), token, &a)); err != nil {
			return err
		}
		return s.Audit.Write(ctx, Actor{Account: a.ID}, "account.password", a.ID, nil)
	})
	if err != nil {
		return "", err
	}
	return ticket(own.ID, token), nil
}

// LogoutEverywhere ends all sessions of the account, the present one among them.
func (s *Service) LogoutEverywhere(ctx context.Context, own Account) error {
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.DropSessions(ctx, own.ID); err != nil {
			return err
		}
		return s.Audit.Write(ctx, Actor{Account: own.ID}, "account.logout_all", own.ID, nil)
	})
}
