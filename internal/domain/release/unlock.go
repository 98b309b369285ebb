package release

import (
	"context"
	"strings"
	"unicode/utf8"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
)

// unlockHolds is how long an unlock holds, in milliseconds: seven days (docs/adr/0006).
const unlockHolds calendar.Instant = 7 * 24 * 60 * 60 * 1000

// shortestReason is in characters.
const shortestReason = 5

// Unlock opens a released snapshot for corrections inside its period, for seven
// days; the result says until when. The snapshot itself stays as it is.
//
// Errors: fault.Forbidden; fault.NotFound; fault.Invalid for a reason of fewer
// than 5 characters; fault.Conflict for a snapshot that was not released, which
// locks nothing.
func (s *Service) Unlock(ctx context.Context, who access.Actor, name, reason string) (Unlock, error) {
	if err := school(who, access.Unlock); err != nil {
		return Unlock{}, err
	}
	reason = strings.TrimSpace(reason)
	if utf8.RuneCountInString(reason) < shortestReason {
		return Unlock{}, fault.Invalidf("reason", "请写明解锁理由，不少于 %d 个字", shortestReason)
	}
	if err := codes.NoNumbers("reason", reason); err != nil {
		return Unlock{}, err
	}
	u := Unlock{ID: s.NewID(), Snapshot: name, Account: who.Account, Reason: reason}
	err := s.Store.InTx(ctx, func(ctx context.Context) error {
		snap, err := s.Store.Snapshot(ctx, name)
		if err != nil {
			return err
		}
		if snap.Release == nil {
			return fault.Conflictf("name", "快照“%s”还没有发布，没有锁定任何登记，不需要解锁", name)
		}
		u.At = s.Now()
		u.Until = u.At + unlockHolds
		if err := s.Store.SaveUnlock(ctx, u); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, "snapshot.unlock", name, map[string]string{"unlock": u.ID, "until": u.Until.String()})
	})
	if err != nil {
		return Unlock{}, err
	}
	return u, nil
}
