package store

import (
	"context"
	"sync/atomic"
	"time"

	"quxiang/internal/domain/calendar"
)

// Flow is what went through the store since it was opened.
type Flow struct {
	Commits      int64         // flushes to the disk
	Turns        int64         // writing transactions that succeeded or were undone
	Flushing     time.Duration // that the flushes took
	Entries      int64         // audit entries
	FailedLogins int64         // among them
}

// flow is a Flow as it is counted.
type flow struct{ commits, turns, flushing, entries, failed atomic.Int64 }

// Flow returns what went through so far.
func (s *Store) Flow() Flow {
	f := s.engine.counted()
	return Flow{f.commits.Load(), f.turns.Load(), time.Duration(f.flushing.Load()), s.flow.entries.Load(), s.flow.failed.Load()}
}

// committed notes a flush for so many transactions.
func (f *flow) committed(turns int, took time.Duration) {
	f.commits.Add(1)
	f.turns.Add(int64(turns))
	f.flushing.Add(int64(took))
}

// entered notes an audit entry that is kept.
func (s *Store) entered(action string) {
	s.flow.entries.Add(1)
	if action == "account.login_failed" {
		s.flow.failed.Add(1)
	}
}

// SessionsSeen returns how many sessions were used since the instant.
func (s *Store) SessionsSeen(ctx context.Context, since calendar.Instant) (int64, error) {
	return one(s.query(ctx, `select count(digest) from login_session where seen_at >= $1`, int64(since)), scanNumber)
}
