package access

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
)

// Profile names a set of rules for passwords. The two contradict each other, so that
// a school chooses (S36).
type Profile string

// The profiles.
const (
	ASVS Profile = "asvs" // OWASP ASVS 5.0 V6.2: long and not to be guessed; any signs, no end
	MLPS Profile = "mlps" // GB/T 22239 8.1.4.1 a: three kinds of signs, changed from time to time
)

// Bounds of the numbers of the profile mlps.
const (
	mostDays    = 365
	mostEarlier = 24
)

// Policy is what the school demands of who comes in (安全设置). The zero Policy is the
// default.
type Policy struct {
	Second  Second  // who must have a second factor
	Profile Profile // blank: ASVS
	Days    int     // MLPS: how long a password of staff holds, in days
	Earlier int     // MLPS: how many passwords of before are refused
}

// Days and Earlier where a school named none. [own]
const (
	usualDays    = 90
	usualEarlier = 5
)

// whole is the policy with what it leaves blank.
func (p Policy) whole() Policy {
	if p.Profile == "" {
		p.Profile = ASVS
	}
	if p.Days == 0 {
		p.Days = usualDays
	}
	if p.Earlier == 0 {
		p.Earlier = usualEarlier
	}
	return p
}

// check says what is wrong with a policy. Error: fault.Invalid with the field.
func (p Policy) check() error {
	switch {
	case p.Second != Voluntary && p.Second != Risky && p.Second != AllStaff:
		return fault.Invalidf("second", "请从列出的几种里选")
	case p.Profile != ASVS && p.Profile != MLPS:
		return fault.Invalidf("profile", "请从列出的两种里选")
	case p.Days < 1 || p.Days > mostDays:
		return fault.Invalidf("days", "密码最长用几天：请填 1 到 %d", mostDays)
	case p.Earlier < 1 || p.Earlier > mostEarlier:
		return fault.Invalidf("earlier", "最近几次用过的密码不能再用：请填 1 到 %d", mostEarlier)
	}
	return nil
}

// detail is the policy as the trail keeps it.
func (p Policy) detail() string {
	if p.Profile == MLPS {
		return fmt.Sprintf("%s days=%d earlier=%d", p.Profile, p.Days, p.Earlier)
	}
	return string(p.Profile)
}

// EarlierPassword is one that an account had; the newest is the one it has.
type EarlierPassword struct {
	Set  calendar.Instant
	Hash string // argon2id
}

// PasswordStore keeps the passwords that accounts had, hashed.
type PasswordStore interface {
	// EarlierPasswords returns at most n of an account, the newest first.
	EarlierPasswords(ctx context.Context, account string, n int) ([]EarlierPassword, error)
	// KeepPassword adds one, and forgets all but the newest keep.
	KeepPassword(ctx context.Context, account string, p EarlierPassword, keep int) error
}

// checkNew says what is wrong with a new password of the account. It hashes as often
// as earlier ones are looked at. Errors: fault.Invalid on password, fault.Unavailable.
func (s *Service) checkNew(ctx context.Context, a *Account, password string) error {
	words := []string{a.Login, a.Name, s.School}
	words = append(words, spelled(s.School)...)
	if a.Graduate != "" && s.Personal != nil {
		own, err := s.Personal(ctx, a.Graduate)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
		words = append(words, own...)
	}
	p := s.Policy()
	if err := p.CheckPassword(password, words...); err != nil || p.Profile != MLPS {
		return err
	}
	list, err := s.Store.EarlierPasswords(ctx, a.ID, p.Earlier)
	if err != nil {
		return err
	}
	if a.Password != "" && !slices.ContainsFunc(list, func(e EarlierPassword) bool { return e.Hash == a.Password }) {
		list = append(list, EarlierPassword{Hash: a.Password})
	}
	for _, e := range list {
		same, err := s.Passwords.Match(e.Hash, password)
		if err != nil {
			return err
		}
		if same {
			return fault.Invalidf("password", "这个密码用过：最近 %d 次用过的都不能再用，请换一个新的", p.Earlier)
		}
	}
	return nil
}

// keepPassword gives the account the new hash and ends all of its sessions, inside a
// transaction.
func (s *Service) keepPassword(ctx context.Context, a *Account, hash string) error {
	a.Password = hash
	if err := s.Store.SaveAccount(ctx, *a); err != nil {
		return err
	}
	keep := 1 // it says since when the password holds
	if p := s.Policy(); p.Profile == MLPS {
		keep = p.Earlier
	}
	if err := s.Store.KeepPassword(ctx, a.ID, EarlierPassword{Set: s.Now(), Hash: hash}, keep); err != nil {
		return err
	}
	return s.Store.DropSessions(ctx, a.ID)
}

// outworn reports that the account's password had run out at the instant: under MLPS,
// for staff. Graduates have their own data only.
func (s *Service) outworn(ctx context.Context, a *Account, at calendar.Instant) (bool, error) {
	p := s.Policy()
	if p.Profile != MLPS || a.Graduate != "" {
		return false, nil
	}
	since := a.Created // of a password that was set before the instant was kept
	list, err := s.Store.EarlierPasswords(ctx, a.ID, 1)
	if err != nil {
		return false, err
	}
	if len(list) > 0 && list[0].Hash == a.Password {
		since = list[0].Set
	}
	return elapsed(since, at) >= time.Duration(p.Days)*24*time.Hour, nil
}

// keyPasswords is the setting's name: profile, days and earlier as JSON.
const keyPasswords = "password_rules"

// passwordRules are the part of a policy that keyPasswords holds.
type passwordRules struct {
	Profile Profile `json:"profile"`
	Days    int     `json:"days"`
	Earlier int     `json:"earlier"`
}

func (p Policy) rules() string {
	b, _ := json.Marshal(passwordRules{p.Profile, p.Days, p.Earlier}) // of text and numbers: cannot fail
	return string(b)
}

// readRules puts what is kept into the policy. Blank leaves the defaults.
func (p *Policy) readRules(text string) error {
	var r passwordRules
	if text != "" {
		if err := json.Unmarshal([]byte(text), &r); err != nil {
			return fmt.Errorf("setting %s: %w", keyPasswords, err)
		}
	}
	p.Profile, p.Days, p.Earlier = r.Profile, r.Days, r.Earlier
	*p = p.whole()
	return p.check()
}
