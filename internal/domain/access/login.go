package access

import (
	"context"
	"strings"
	"time"

	"quxiang/internal/domain/fault"
)

// linked returns the account of a link that still holds. Error: fault.NotFound,
// the same for every cause.
func (s *Service) linked(ctx context.Context, token, purpose string) (Account, error) {
	refused := fault.NotFoundf("link", wrongLink)
	id, secret, ok := splitTicket(token)
	if !ok {
		return Account{}, refused
	}
	a, err := s.Store.Account(ctx, id)
	if fault.KindOf(err) == fault.NotFound || err == nil && a.Disabled {
		return Account{}, refused
	}
	if err != nil {
		return Account{}, err
	}
	l, err := s.Store.Link(ctx, s.linkDigest(secret, &a))
	if fault.KindOf(err) == fault.NotFound {
		return Account{}, refused
	}
	if err != nil {
		return Account{}, err
	}
	if l.Account != a.ID || l.Purpose != purpose || l.Used != 0 || s.Now() >= l.Expires {
		return Account{}, refused
	}
	return a, nil
}

// LinkedAccount returns whose password the link sets. It uses nothing up.
// Error: fault.NotFound.
func (s *Service) LinkedAccount(ctx context.Context, token string) (Account, error) {
	return s.linked(ctx, token, purposeSet)
}

// SetPassword sets the password of the link's account and uses the link up. All
// sessions of the account end, and its other links with them. Errors: fault.NotFound, fault.Invalid.
func (s *Service) SetPassword(ctx context.Context, token, password string) error {
	a, err := s.linked(ctx, token, purposeSet)
	if err != nil {
		return err
	}
	if err := s.checkNew(ctx, &a, password); err != nil {
		return err
	}
	hash, err := s.Passwords.Hash(password)
	if err != nil {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		// Hashing took its time: the account may have been disabled, or given
		// another password, which leaves no link with this digest.
		a, err := s.Store.Account(ctx, a.ID)
		if err != nil {
			return err
		}
		if a.Disabled {
			return fault.NotFoundf("link", wrongLink)
		}
		_, secret, _ := splitTicket(token)
		if err := s.useLink(ctx, &a, s.linkDigest(secret, &a)); err != nil {
			return err
		}
		if err := s.keepPassword(ctx, &a, hash); err != nil {
			return err
		}
		return s.Audit.Write(ctx, Actor{Account: a.ID}, "account.password", a.ID, nil)
	})
}

// useLink uses a link up and notes it for its owner, inside a transaction.
func (s *Service) useLink(ctx context.Context, a *Account, digest string) error {
	if err := s.Store.UseLink(ctx, digest, s.Now()); err != nil {
		return err
	}
	l, err := s.Store.Link(ctx, digest)
	if err != nil {
		return err
	}
	return s.Store.UseKey(ctx, a.ID, l.Made, s.Now())
}

// Login returns the ticket of a new session. from bounds guessing. Error: SecondStep
// when the account has a second factor; fault.Forbidden, in one wording and time whether the
// account is unknown, disabled, or the password wrong.
func (s *Service) Login(ctx context.Context, login, password string, from From) (string, error) {
	a, err := s.prove(ctx, login, password, from)
	if err != nil {
		return "", err
	}
	if _, on, err := s.factor(ctx, a.ID); err != nil {
		return "", err
	} else if on {
		return "", s.askSecond(ctx, a)
	}
	return s.begin(ctx, a, s.opened(from), "account.login")
}

// Vouch returns whose login and password these are, for a second person's word
// within the first one's request: what needs two (核减、发布). code is one of the
// second factor, from whoever has one, as at a login. It makes no session. Guessing is
// bounded together with Login's. Errors: as of Login; fault.Forbidden on code.
func (s *Service) Vouch(ctx context.Context, login, password, code, peer string) (Account, error) {
	a, err := s.prove(ctx, login, password, From{Peer: peer})
	if err != nil {
		return Account{}, err
	}
	if out, err := s.outworn(ctx, &a, s.Now()); err != nil {
		return Account{}, err
	} else if out {
		return Account{}, fault.Forbiddenf("login", "“%s”的密码已到期，请先登录改密码，再来作第二人", a.Login)
	}
	if _, on, err := s.factor(ctx, a.ID); err != nil {
		return Account{}, err
	} else if on {
		return a, s.withSecond(ctx, a, code, "account.vouch", func(context.Context) error { return nil })
	}
	if s.mustHaveSecond(&a) {
		return Account{}, fault.Forbiddenf("login", "“%s”要先启用第二道验证，请先登录启用，再来作第二人", a.Login)
	}
	return a, s.note(ctx, a.ID, "account.vouch")
}

// prove returns the account of a login whose password this is. Errors: as of Login.
func (s *Service) prove(ctx context.Context, login, password string, from From) (Account, error) {
	login = narrow(login)
	try := s.attempt(login, from)
	if wait := s.tries.begin(s.Now(), try); wait > 0 {
		return Account{}, tooMany("login", wait)
	}
	if tooLong(login) {
		return Account{}, fault.Forbiddenf("login", wrongLogin)
	}
	a, err := s.find(ctx, login)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return Account{}, err
	}
	known := err == nil && !a.Disabled
	hash := ""
	if known {
		hash = a.Password
	}
	ok, err := s.Passwords.Match(hash, password)
	if err != nil {
		s.tries.undo(try)
		return Account{}, err
	}
	if !ok {
		// An unknown login is noted as well, without its name, which may be a
		// password typed into the wrong field: the same work tells nobody apart.
		if err := s.note(ctx, a.ID, "account.login_failed"); err != nil {
			return Account{}, err
		}
		return Account{}, fault.Forbiddenf("login", wrongLogin)
	}
	s.tries.passed(try)
	return a, nil
}

func tooMany(field string, wait time.Duration) error {
	return fault.Forbiddenf(field, "试错太多，请 %d 分钟后再试", int(wait/time.Minute)+1)
}

// find returns the account of a login; phones write small letters where a number
// has capitals. Error: fault.NotFound.
func (s *Service) find(ctx context.Context, login string) (Account, error) {
	a, err := s.Store.AccountByLogin(ctx, login)
	if upper := strings.ToUpper(login); fault.KindOf(err) == fault.NotFound && upper != login {
		return s.Store.AccountByLogin(ctx, upper)
	}
	return a, err
}

// narrow writes full-width signs as what they stand for and leaves spaces out at
// both ends: Chinese keyboards make ２０２０ of 2020.
func narrow(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == '\u3000':
			return ' '
		}
		return r
	}, s))
}

func (s *Service) note(ctx context.Context, account, action string) error {
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		return s.Audit.Write(ctx, Actor{Account: account}, action, account, nil)
	})
}
