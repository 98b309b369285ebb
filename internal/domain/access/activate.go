package access

import (
	"context"
	"errors"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
)

const wrongCode = "学号或激活码不对，或者激活码已用过、已过期；请核对后重试，或找辅导员补发"

// codeTry sets guessed codes apart from guessed passwords of the same number:
// whoever forgot the password and tried five times comes in with a new code at
// once. A wrong one counts against its network as a password does.
const codeTry = "\x01"

// Activation is one use of a code (启用). The account sees who had the code made:
// nobody comes in in a graduate's place unseen.
type Activation struct {
	Account string
	At      calendar.Instant
	By      string           // account that had the code made
	Made    calendar.Instant // when
}

// Activate sets the password of a graduate by number and code, notes which version
// of the privacy notice was accepted, uses the code up and returns the ticket of a
// new session. All earlier sessions of the account end. from bounds guessing.
//
// Errors: fault.Forbidden in one wording, and for the same work, whether the number
// is unknown or the code wrong, used or expired; fault.Invalid on notice, password
// or both (errors.Join) once the code is right, which it leaves usable.
func (s *Service) Activate(ctx context.Context, number, code, password, notice string, from From) (string, error) {
	number = narrow(number)
	try := s.attempt(codeTry+number, From{Peer: from.Peer})
	try.mild = true
	if wait := s.tries.begin(s.Now(), try); wait > 0 {
		return "", tooMany("code", wait)
	}
	a, l, err := s.coded(ctx, number, code)
	if fault.KindOf(err) == fault.NotFound {
		if err := s.note(ctx, a.ID, "account.activate_failed"); err != nil {
			return "", err
		}
		return "", fault.Forbiddenf("code", wrongCode)
	}
	if err != nil {
		return "", err
	}
	s.tries.passed(try)
	if err := errors.Join(checkNotice(notice), s.checkNew(ctx, &a, password)); err != nil {
		return "", err
	}
	hash, err := s.Passwords.Hash(password)
	if err != nil {
		return "", err
	}
	return s.activate(ctx, a, l, code, hash, notice, from)
}

// coded returns account and link of a code that holds. Error: fault.NotFound, with
// the account if there is one: the trail names it.
func (s *Service) coded(ctx context.Context, number, code string) (Account, Link, error) {
	refused := fault.NotFoundf("code", wrongCode)
	var a Account
	var err error
	if !tooLong(number) {
		a, err = s.find(ctx, number)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return Account{}, Link{}, err
		}
	}
	// A number that is unknown has a link looked for as well: it takes as long.
	l, err := s.Store.Link(ctx, s.codeDigest(code, &a))
	if fault.KindOf(err) == fault.NotFound {
		return a, Link{}, refused
	}
	if err != nil {
		return Account{}, Link{}, err
	}
	if a.ID == "" || a.Disabled || plainCode(code) == "" || l.Account != a.ID || l.Purpose != purposeActivate || l.Used != 0 || s.Now() >= l.Expires {
		return a, Link{}, refused
	}
	return a, l, nil
}

// activate keeps it all in one transaction.
func (s *Service) activate(ctx context.Context, a Account, l Link, code, hash, notice string, from From) (string, error) {
	token, now := newToken(), s.Now()
	err := s.Store.InTx(ctx, func(ctx context.Context) error {
		// Hashing took its time: the account may have been disabled, or the code used
		// or replaced.
		a, err := s.Store.Account(ctx, a.ID)
		if err != nil {
			return err
		}
		if a.Disabled {
			return fault.Forbiddenf("code", wrongCode)
		}
		if err := s.Store.UseLink(ctx, s.codeDigest(code, &a), now); err != nil {
			return err
		}
		if err := s.keepPassword(ctx, &a, hash); err != nil {
			return err
		}
		if err := s.Store.UseKey(ctx, a.ID, l.Made, now); err != nil {
			return err
		}
		if err := s.Store.SaveActivation(ctx, Activation{Account: a.ID, At: now, By: l.By, Made: l.Made}); err != nil {
			return err
		}
		if err := s.Store.SaveAcceptance(ctx, a.ID, notice, now); err != nil {
			return err
		}
		if err := s.Store.SaveSession(ctx, s.of(s.opened(from), token, &a)); err != nil {
			return err
		}
		return s.Audit.Write(ctx, Actor{Account: a.ID}, "account.activate", a.ID, map[string]string{"notice": notice, "code_by": l.By})
	})
	if fault.KindOf(err) == fault.Conflict { // somebody was quicker with the same code
		return "", fault.Forbiddenf("code", wrongCode)
	}
	if err != nil {
		return "", err
	}
	return ticket(a.ID, token), nil
}

// Activations returns when the account's codes were used and who had made them,
// newest first, for the account itself.
func (s *Service) Activations(ctx context.Context, own Account) ([]Activation, error) {
	return s.Store.Activations(ctx, own.ID)
}
