package access

import (
	"context"

	"quxiang/internal/domain/calendar"
)

// Key is a way to set the password of an account that somebody else made: a code
// that was made anew, or a link. Its owner is told who made it and when, so that
// whoever makes one cannot use it unseen.
type Key struct {
	Account string
	Made    calendar.Instant
	By      string // account
	Kind    string // KeyCode or KeyLink
	Used    calendar.Instant
	Seen    calendar.Instant // by the owner; 0: not yet
}

// Kinds of keys.
const (
	KeyCode = "code" // 补发的激活码
	KeyLink = "link" // 设密码的链接
)

// KeyStore keeps what was made for whom.
type KeyStore interface {
	SaveKey(ctx context.Context, k Key) error
	// Keys returns those of an account, the newest first.
	Keys(ctx context.Context, account string) ([]Key, error)
	// UseKey notes that the one made then was used; one that was not noted is none.
	UseKey(ctx context.Context, account string, made, at calendar.Instant) error
	// SeeKeys notes that the owner has seen those made until then.
	SeeKeys(ctx context.Context, account string, made, at calendar.Instant) error
}

// Keys returns what others made for the own account, the newest first.
func (s *Service) Keys(ctx context.Context, own Account) ([]Key, error) {
	return s.Store.Keys(ctx, own.ID)
}

// UnseenKeys reports that there is one that the owner was not told of.
func (s *Service) UnseenKeys(ctx context.Context, own Account) (bool, error) {
	list, err := s.Store.Keys(ctx, own.ID)
	for _, k := range list {
		if k.Seen == 0 {
			return true, err
		}
	}
	return false, err
}

// SeeKeys notes that the owner has seen all that were made until then. Twice is once.
func (s *Service) SeeKeys(ctx context.Context, own Account, made calendar.Instant) error {
	unseen, err := s.UnseenKeys(ctx, own)
	if err != nil || !unseen {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.SeeKeys(ctx, own.ID, made, s.Now()); err != nil {
			return err
		}
		return s.Audit.Write(ctx, Actor{Account: own.ID}, "account.keys_seen", own.ID, nil)
	})
}
