package access

import (
	"context"
	"time"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
)

// ProofTerm is how long a session that proved itself, by password or code, may do
// what wants that (Session.Fresh).
const ProofTerm = 10 * time.Minute

// From is where a request comes from.
type From struct {
	Peer   string // address; it bounds guessing
	Device string // what the browser calls itself, in a few words; may be blank
	Known  string // the mark of an earlier login (KnownDevice); may be blank
}

// Session is one login. Only the digest of its token is kept.
type Session struct {
	Digest  string
	Account string
	Began   calendar.Instant
	Seen    calendar.Instant
	Proved  calendar.Instant // by password or code, last
	Demo    bool             // came in by a link of the demo school: there is nothing to prove
	Network string           // of the address: 203.0.113.0/24
	Device  string           // what the browser called itself

	Owes  Owed // before anything else; found by Resume, not kept
	Fresh bool // proved itself within ProofTerm; found by Resume, not kept
}

// opened is a new session that comes from there, without account and digest.
func (s *Service) opened(from From) Session {
	now := s.Now()
	return Session{Began: now, Seen: now, Proved: now, Network: network(from.Peer), Device: cut(from.Device, maxDevice)}
}

// of is a session with the account and token that it is of.
func (s *Service) of(x Session, token string, a *Account) Session {
	x.Account, x.Digest = a.ID, s.sessionDigest(token, a)
	return x
}

// maxDevice is how much of a browser's name is kept, in characters.
const maxDevice = 40

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

// Enter returns the ticket of a new session for a link made by DemoLink.
// Error: fault.NotFound.
func (s *Service) Enter(ctx context.Context, token string, from From) (string, error) {
	a, err := s.linked(ctx, token, purposeEnter)
	if err != nil {
		return "", err
	}
	x := s.opened(from)
	x.Demo = true
	return s.begin(ctx, a, x, "account.enter")
}

// begin keeps a new session; a session is never taken over from before the login.
func (s *Service) begin(ctx context.Context, a Account, x Session, action string) (string, error) {
	token := newToken()
	x = s.of(x, token, &a)
	err := s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.SaveSession(ctx, x); err != nil {
			return err
		}
		return s.Audit.Write(ctx, Actor{Account: a.ID}, action, a.ID, nil)
	})
	if err != nil {
		return "", err
	}
	return ticket(a.ID, token), nil
}

// Resume returns whose session the ticket is. Error: fault.Forbidden when it is
// none, or none any more.
func (s *Service) Resume(ctx context.Context, ticket string) (Account, Session, error) {
	a, held, err := s.session(ctx, ticket)
	if err != nil {
		return Account{}, Session{}, err
	}
	if a.standsIn, err = s.standsIn(ctx, &a); err != nil {
		return Account{}, Session{}, err
	}
	now := s.Now()
	if s.over(&a, &held) {
		if err := s.drop(ctx, held.Digest); err != nil && fault.KindOf(err) != fault.Unavailable {
			return Account{}, Session{}, err
		}
		return Account{}, Session{}, fault.Forbiddenf("session", sessionExpired)
	}
	if held.Owes, err = s.owes(ctx, &a, &held); err != nil {
		return Account{}, Session{}, err
	}
	held.Fresh = held.Demo || apart(held.Proved, now) < ProofTerm
	if apart(held.Seen, now) < touchEvery {
		return a, held, nil
	}
	err = s.Store.InTx(ctx, func(ctx context.Context) error { return s.Store.TouchSession(ctx, held.Digest, now) })
	switch fault.KindOf(err) {
	case fault.NotFound: // logged out meanwhile
		err = fault.Forbiddenf("session", sessionExpired)
	case fault.Unavailable: // a full disk keeps nobody from reading
		err = nil
	}
	if err != nil {
		return Account{}, Session{}, err
	}
	return a, held, nil
}

// Prove notes that whoever holds the session knows the account's password, and has
// its second factor where there is one, so that it may do what wants a fresh proof.
// Guessing is bounded by the account.
// Errors: fault.Forbidden on password or code, fault.Unavailable.
func (s *Service) Prove(ctx context.Context, own Account, held Session, password, code string, from From) error {
	if err := s.again(ctx, own, password, from, "password", "密码不对，请重新输入"); err != nil {
		return err
	}
	proved := func(ctx context.Context) error {
		err := s.Store.ProveSession(ctx, held.Digest, s.Now())
		if fault.KindOf(err) == fault.NotFound { // logged out meanwhile
			err = fault.Forbiddenf("session", sessionExpired)
		}
		return err
	}
	if _, on, err := s.factor(ctx, own.ID); err != nil {
		return err
	} else if on {
		return s.withSecond(ctx, own, code, "account.prove", proved)
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := proved(ctx); err != nil {
			return err
		}
		return s.Audit.Write(ctx, Actor{Account: own.ID}, "account.prove", own.ID, nil)
	})
}

// again checks the password of somebody who is signed in. Errors: fault.Forbidden on
// the field with the words for a wrong one; fault.Unavailable.
func (s *Service) again(ctx context.Context, own Account, password string, from From, field, wrong string) error {
	try := s.attempt(insideTry+own.Login, From{Peer: from.Peer})
	try.mild = true
	if wait := s.tries.begin(s.Now(), try); wait > 0 {
		return tooMany(field, wait)
	}
	ok, err := s.Passwords.Match(own.Password, password)
	if err != nil {
		s.tries.undo(try)
		return err
	}
	if !ok {
		if err := s.note(ctx, own.ID, "account.prove_failed"); err != nil {
			return err
		}
		return fault.Forbiddenf(field, "%s", wrong)
	}
	s.tries.passed(try)
	return nil
}

// insideTry sets what is guessed inside a session apart from what is guessed at the
// door: nobody at the door keeps who is in from proving it.
const insideTry = "\x02"

func elapsed(from, to calendar.Instant) time.Duration {
	return time.Duration(to-from) * time.Millisecond
}

// apart is elapsed of a clock that may have been set back meanwhile: a session that was
// begun, seen or proved in what is now the future must not last so much longer.
func apart(one, other calendar.Instant) time.Duration {
	return max(elapsed(one, other), elapsed(other, one))
}

// session finds account and session of a ticket.
func (s *Service) session(ctx context.Context, ticket string) (Account, Session, error) {
	ended := fault.Forbiddenf("session", sessionExpired)
	id, token, ok := splitTicket(ticket)
	if !ok {
		return Account{}, Session{}, ended
	}
	a, err := s.Store.Account(ctx, id)
	if fault.KindOf(err) == fault.NotFound || err == nil && a.Disabled {
		return Account{}, Session{}, ended
	}
	if err != nil {
		return Account{}, Session{}, err
	}
	held, err := s.Store.Session(ctx, s.sessionDigest(token, &a))
	if fault.KindOf(err) == fault.NotFound || err == nil && held.Account != a.ID {
		return Account{}, Session{}, ended
	}
	return a, held, err
}

// Logout ends the session of the ticket; one that is over already stays so.
func (s *Service) Logout(ctx context.Context, ticket string) error {
	_, held, err := s.session(ctx, ticket)
	if fault.KindOf(err) == fault.Forbidden {
		return nil
	}
	if err != nil {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.DropSession(ctx, held.Digest); err != nil {
			return err
		}
		return s.Audit.Write(ctx, Actor{Account: held.Account}, "account.logout", held.Account, nil)
	})
}

// drop forgets a session that ran out.
func (s *Service) drop(ctx context.Context, digest string) error {
	return s.Store.InTx(ctx, func(ctx context.Context) error { return s.Store.DropSession(ctx, digest) })
}
