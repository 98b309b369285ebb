package history

import (
	"context"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
)

// Ledger keeps histories. Events go in and come out sealed.
type Ledger interface {
	// Histories returns the events of those of the graduates that lie within the
	// scope, in seq order, by graduate.
	Histories(ctx context.Context, within access.Scope, graduates []string) (map[string][]Event, error)
	// Publish appends events inside a transaction and returns the instant of
	// knowing that all of them got: now, but never before the newest event of one
	// of the graduates nor before the newest snapshot. Each event's Seq must be
	// the next of its graduate, else fault.Conflict: another writer came first.
	Publish(ctx context.Context, events []Event) (calendar.Instant, error)
}
