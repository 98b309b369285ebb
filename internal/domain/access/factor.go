package access

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
)

// Factor is the second proof of an account (第二道验证): a secret that an
// authenticator app makes codes from.
type Factor struct {
	Account   string
	Secret    string // sealed
	Made      calendar.Instant
	Confirmed calendar.Instant // by a first code; 0: not in force yet
	Used      int64            // newest step of time whose code was taken
}

// Factors makes and checks one-time codes (gateway/totp).
type Factors interface {
	// New returns a random secret.
	New() (string, error)
	// Step returns the step of time that the code is of, the step before and after
	// now's among them.
	Step(secret, code string, now calendar.Instant) (step int64, ok bool)
}

// Sealer keeps secrets readable for the program alone (gateway/vault).
type Sealer interface {
	Seal(field, owner string, plain []byte) (string, error)
	Open(field, owner, sealed string) ([]byte, error)
}

// FactorStore keeps second factors.
type FactorStore interface {
	// Factor returns that of an account. Error: fault.NotFound.
	Factor(ctx context.Context, account string) (Factor, error)
	// SaveFactor adds or replaces it by account, with new recovery codes in the place
	// of the old ones; digests of them.
	SaveFactor(ctx context.Context, f Factor, recovery []string) error
	// UseStep notes that a code of the step was taken. Error: fault.Conflict when one
	// of that step or a later one was.
	UseStep(ctx context.Context, account string, step int64) error
	// UseRecovery notes that a recovery code was used. Error: fault.NotFound for none
	// that is left.
	UseRecovery(ctx context.Context, account, digest string, at calendar.Instant) error
	// RecoveryLeft counts the recovery codes that were not used.
	RecoveryLeft(ctx context.Context, account string) (int, error)
	DropFactor(ctx context.Context, account string) error
}

const (
	sealedFactor  = "second_factor"
	purposeSecond = "second"
	secondTerm    = 10 * time.Minute // between the password and the code
	recoveryCodes = 10
	wrongFactor   = "验证码不对，请看手机上现在显示的六位数字；一个验证码只能用一次"
)

// SecondStep says that the password is right and a code of the second factor is
// still wanted; the ticket holds for ten minutes and lets nobody in by itself.
type SecondStep struct{ Ticket string }

// Error says what is wanted.
func (SecondStep) Error() string { return "请输入验证码" }

// factor returns that of the account if it is in force.
func (s *Service) factor(ctx context.Context, account string) (Factor, bool, error) {
	f, err := s.Store.Factor(ctx, account)
	if fault.KindOf(err) == fault.NotFound {
		return Factor{}, false, nil
	}
	return f, err == nil && f.Confirmed != 0, err
}

// askSecond makes the ticket of the step after the password.
func (s *Service) askSecond(ctx context.Context, a Account) error {
	token, link := s.link(&a, purposeSecond, secondTerm)
	err := s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.SaveLink(ctx, link); err != nil {
			return err
		}
		return s.Audit.Write(ctx, Actor{Account: a.ID}, "account.first_step", a.ID, nil)
	})
	if err != nil {
		return err
	}
	return SecondStep{token}
}

// SecondLogin returns the ticket of a new session for whoever gave the password
// (Login) and now gives a code of the app, or a recovery code. Each code counts once,
// also at one instant. After five wrong ones the password is asked for again, and the
// account waits (S44, X32).
//
// Errors: fault.NotFound when the password must be given again; fault.Forbidden on code.
func (s *Service) SecondLogin(ctx context.Context, second, code string, from From) (string, error) {
	a, err := s.linked(ctx, second, purposeSecond)
	if err != nil {
		return "", fault.NotFoundf("link", "要从密码那一步重新登录")
	}
	token, x := newToken(), s.opened(from)
	x = s.of(x, token, &a)
	_, secret, _ := splitTicket(second)
	err = s.withCode(ctx, a, code, "account.login", func(ctx context.Context) error {
		if err := s.Store.UseLink(ctx, s.linkDigest(secret, &a), s.Now()); err != nil {
			return err
		}
		return s.Store.SaveSession(ctx, x)
	})
	if err != nil {
		return "", err
	}
	return ticket(a.ID, token), nil
}

// withSecond is withCode where the code stands beside the password on one page: one
// that was left blank is asked for, and counts as no try.
func (s *Service) withSecond(ctx context.Context, a Account, code, action string, do func(context.Context) error) error {
	if plainCode(code) == "" && digits(code) == "" {
		return fault.Forbiddenf("code", "“%s”启用了第二道验证，请再填手机上现在显示的验证码", a.Login)
	}
	return s.withCode(ctx, a, code, action, do)
}

// withCode takes a code of the account and does what it is for, in one transaction.
// Error: fault.Forbidden on code.
func (s *Service) withCode(ctx context.Context, a Account, code, action string, do func(context.Context) error) error {
	try := attempt{login: "\x03" + a.ID, device: "code"}
	if wait := s.tries.begin(s.Now(), try); wait > 0 {
		return tooMany("code", wait)
	}
	use, err := s.codeUse(ctx, a, code)
	if err != nil {
		return err
	}
	if use != nil {
		err = s.Store.InTx(ctx, func(ctx context.Context) error {
			if err := use(ctx); err != nil {
				return err
			}
			if err := do(ctx); err != nil {
				return err
			}
			return s.Audit.Write(ctx, Actor{Account: a.ID}, action, a.ID, map[string]string{"second": "code"})
		})
	}
	if k := fault.KindOf(err); use == nil || k == fault.Conflict || k == fault.NotFound {
		if err := s.note(ctx, a.ID, "account.code_failed"); err != nil {
			return err
		}
		return fault.Forbiddenf("code", wrongFactor)
	}
	if err == nil {
		s.tries.passed(try)
	}
	return err
}

// codeUse is what notes that the code was taken; nil for a wrong one. Deciphering is
// done here, before any transaction.
func (s *Service) codeUse(ctx context.Context, a Account, code string) (func(context.Context) error, error) {
	f, ok, err := s.factor(ctx, a.ID)
	if err != nil || !ok {
		return nil, err
	}
	secret, err := s.Sealer.Open(sealedFactor, a.ID, f.Secret)
	if err != nil {
		return nil, err
	}
	if step, ok := s.Factors.Step(string(secret), digits(code), s.Now()); ok {
		return func(ctx context.Context) error { return s.Store.UseStep(ctx, a.ID, step) }, nil
	}
	if plainCode(code) == "" {
		return nil, nil
	}
	digest := s.recoveryDigest(a.ID, code)
	return func(ctx context.Context) error { return s.Store.UseRecovery(ctx, a.ID, digest, s.Now()) }, nil
}

func digits(code string) string { return strings.ReplaceAll(narrow(code), " ", "") }

func (s *Service) recoveryDigest(account, code string) string {
	return digest("recovery", s.Keyed("recovery of "+account, plainCode(code)))
}

// BeginFactor makes a secret for the own account that counts once it is confirmed;
// one in force stays until then. Doing it again makes another.
// Error: fault.Conflict while a factor is in force.
func (s *Service) BeginFactor(ctx context.Context, own Account) error {
	if own.Graduate != "" {
		return fault.Forbiddenf("", "毕业生的账号不用第二道验证")
	}
	if _, ok, err := s.factor(ctx, own.ID); err != nil || ok {
		return errors.Join(err, fault.Conflictf("", "第二道验证已经启用；换了手机，请安全管理员重置后再启用"))
	}
	secret, err := s.Factors.New()
	if err != nil {
		return err
	}
	sealed, err := s.Sealer.Seal(sealedFactor, own.ID, []byte(secret))
	if err != nil {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.SaveFactor(ctx, Factor{Account: own.ID, Secret: sealed, Made: s.Now()}, nil); err != nil {
			return err
		}
		return s.Audit.Write(ctx, Actor{Account: own.ID}, "account.factor_begin", own.ID, nil)
	})
}

// Enrolment is what the app is told, while the factor is not confirmed.
type Enrolment struct {
	Secret  string // for typing, in groups of four
	Address string // otpauth://…, for the QR code
}

// Enrolment returns the own secret while it waits to be confirmed.
// Error: fault.NotFound.
func (s *Service) Enrolment(ctx context.Context, own Account) (Enrolment, error) {
	f, err := s.Store.Factor(ctx, own.ID)
	if err == nil && f.Confirmed != 0 {
		err = fault.NotFoundf("", "第二道验证已经启用，密钥不再显示")
	}
	if err != nil {
		return Enrolment{}, err
	}
	secret, err := s.Sealer.Open(sealedFactor, own.ID, f.Secret)
	if err != nil {
		return Enrolment{}, err
	}
	label := url.PathEscape("去向:" + own.Login)
	var groups []string
	for part := range slices.Chunk(secret, 4) {
		groups = append(groups, string(part))
	}
	return Enrolment{Secret: strings.Join(groups, " "),
		Address: "otpauth://totp/" + label + "?" + url.Values{"secret": {string(secret)}, "issuer": {"去向"}}.Encode()}, nil
}

// ConfirmFactor puts the own factor in force by a first code and returns ten recovery
// codes, which are shown once. Errors: fault.Forbidden on code, fault.NotFound.
func (s *Service) ConfirmFactor(ctx context.Context, own Account, code string) ([]string, error) {
	try := attempt{login: "\x03" + own.ID, device: "code"}
	if wait := s.tries.begin(s.Now(), try); wait > 0 {
		return nil, tooMany("code", wait)
	}
	f, err := s.Store.Factor(ctx, own.ID)
	if err == nil && f.Confirmed != 0 {
		err = fault.Conflictf("", "第二道验证已经启用")
	}
	if err != nil {
		return nil, err
	}
	secret, err := s.Sealer.Open(sealedFactor, own.ID, f.Secret)
	if err != nil {
		return nil, err
	}
	step, ok := s.Factors.Step(string(secret), digits(code), s.Now())
	if !ok {
		return nil, fault.Forbiddenf("code", wrongFactor)
	}
	s.tries.passed(try)
	f.Confirmed, f.Used = s.Now(), step
	var codes, kept []string
	for range recoveryCodes {
		c := newCode()
		codes, kept = append(codes, c), append(kept, s.recoveryDigest(own.ID, c))
	}
	return codes, s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.SaveFactor(ctx, f, kept); err != nil {
			return err
		}
		return s.Audit.Write(ctx, Actor{Account: own.ID}, "account.factor", own.ID, nil)
	})
}

// FactorState says how far the own factor is, and how many recovery codes are left.
func (s *Service) FactorState(ctx context.Context, own Account) (begun, on bool, left int, err error) {
	f, err := s.Store.Factor(ctx, own.ID)
	if fault.KindOf(err) == fault.NotFound {
		return false, false, 0, nil
	}
	if err == nil {
		left, err = s.Store.RecoveryLeft(ctx, own.ID)
	}
	return true, f.Confirmed != 0, left, err
}

// ResetFactor takes the second factor of an account away, for a lost phone; whoever
// resets it never sees it. All sessions of the account end. Twice is once.
func (s *Service) ResetFactor(ctx context.Context, who Actor, account string) error {
	if err := who.May(ResetFactor); err != nil {
		return err
	}
	if account == who.Account {
		return fault.Conflictf("account", "不能重置自己的第二道验证，请让另一位管理员来办")
	}
	if _, err := s.Store.Factor(ctx, account); err != nil {
		if fault.KindOf(err) == fault.NotFound {
			return nil
		}
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.DropFactor(ctx, account); err != nil {
			return err
		}
		if err := s.Store.DropSessions(ctx, account); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, "account.factor_reset", account, nil)
	})
}
