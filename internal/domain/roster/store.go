package roster

import (
	"context"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/history"
)

// Store keeps the roster. Every read is limited by the scope that it is given.
type Store interface {
	InTx(ctx context.Context, do func(context.Context) error) error
	history.Ledger

	// Units returns all units: colleges, then majors, then classes, by id.
	Units(ctx context.Context) ([]Unit, error)
	// AddUnits keeps new units; one that is there already is left as it is.
	AddUnits(ctx context.Context, units []Unit) error

	// Graduates returns at most limit (≤ 500) graduates by id, those after the id
	// given; of a cohort, or of all when it is blank. Sealed.
	Graduates(ctx context.Context, within access.Scope, cohort, after string, limit int) ([]Graduate, error)
	// GraduatesByID returns those that lie within the scope, by id. Sealed.
	GraduatesByID(ctx context.Context, within access.Scope, ids []string) ([]Graduate, error)
	// GraduatesByNumber returns those whose 学号 or 考生号 is one of the numbers. Sealed.
	GraduatesByNumber(ctx context.Context, within access.Scope, studentNos, examNos []string) ([]Graduate, error)

	Batches
}

// Batch is one import (导入批次): staged outside the way of others, published in
// one transaction or dropped, and undone by later events.
type Batch struct {
	ID         string
	Kind       string // roster, destinations …
	Cohort     string
	Source     string // legacy, national, draft; blank where it makes no difference
	File       string // name without folder
	FileSHA256 string // hex
	Account    string
	Started    calendar.Instant
	Published  calendar.Instant // 0: not yet
	Undone     calendar.Instant // 0: not
	UndoneBy   string           // id of the batch that undid it
	Counts     map[string]int   // added, changed, same, skipped …
}

// StagedGraduate is a graduate as the import will leave them, sealed. The
// attributes are what the newest events, staged ones included, say. Before is
// the sealed form of what the import replaces (profile and secret), for undo;
// blank for somebody new. ExpectSeq is the newest seq that the plan knew, Rev is
// still that of the profile that the plan read.
type StagedGraduate struct {
	Graduate
	Before    string
	ExpectSeq int
}

// Batches stages imports. Staging calls are short transactions of their own;
// PublishBatch runs inside the caller's.
type Batches interface {
	BeginBatch(ctx context.Context, b Batch) error
	// Stage keeps graduates and sealed events (Seq set, KnownAt not), in chunks of
	// about 500.
	Stage(ctx context.Context, batch string, people []StagedGraduate, events []history.Event) error
	// PublishBatch moves what was staged into place in one statement each and
	// notes the instant of knowing, one for the whole batch. Error: fault.Conflict
	// when one of the graduates has a newer event or profile than the plan knew.
	PublishBatch(ctx context.Context, batch string, counts map[string]int) (calendar.Instant, error)
	// DropBatch forgets a batch that was not published, and all that was staged.
	DropBatch(ctx context.Context, batch string) error
	// BatchList returns the published batches, newest first.
	BatchList(ctx context.Context) ([]Batch, error)
	// BatchEvents returns the graduates with an event of the batch, in order of id.
	BatchGraduates(ctx context.Context, batch string) ([]string, error)
	// BatchBefore returns the sealed former profiles that the batch replaced, by graduate.
	BatchBefore(ctx context.Context, batch string) (map[string]string, error)
	// MarkUndone notes, inside a transaction, which batch undid one.
	MarkUndone(ctx context.Context, batch, by string) error
}
