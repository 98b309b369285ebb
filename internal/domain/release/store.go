package release

import (
	"context"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/history"
)

// Store keeps snapshots. They are the school's: who may see them is decided by
// permission, not by scope.
type Store interface {
	InTx(ctx context.Context, do func(context.Context) error) error
	// FreezeTx runs do alone: every writer that began has ended, none begins
	// before it is over. The instant is the snapshot's K, later events get at
	// least this.
	FreezeTx(ctx context.Context, do func(ctx context.Context) error) error
	// Histories returns the sealed events of those of the graduates that lie
	// within the scope, in seq order, by graduate.
	Histories(ctx context.Context, within access.Scope, graduates []string) (map[string][]history.Event, error)
	// KnownSince tells whether any event became known at that instant or later.
	KnownSince(ctx context.Context, k calendar.Instant) (bool, error)
	// CountSteps counts, of each who was ever in the cohort and did any, what became known
	// of their changes before an instant.
	CountSteps(ctx context.Context, cohort string, k calendar.Instant) (map[string]Steps, error)
	// SaveSnapshot keeps a new snapshot with its rows in order of pseudonym, and
	// raises the floor of knowing to its K. Error: fault.Conflict if the name is taken.
	SaveSnapshot(ctx context.Context, s Snapshot, rows []Row) error
	// Snapshot returns one by name. Error: fault.NotFound.
	Snapshot(ctx context.Context, name string) (Snapshot, error)
	// Snapshots returns all, oldest first.
	Snapshots(ctx context.Context) ([]Snapshot, error)
	// SnapshotRows returns the rows in order of pseudonym.
	SnapshotRows(ctx context.Context, name string) ([]Row, error)
	// SaveApproval marks a snapshot as released.
	SaveApproval(ctx context.Context, name string, a Approval) error
	// SaveUnlock keeps an unlock.
	SaveUnlock(ctx context.Context, u Unlock) error
	// Unlocks returns those of a snapshot, oldest first.
	Unlocks(ctx context.Context, name string) ([]Unlock, error)
}
