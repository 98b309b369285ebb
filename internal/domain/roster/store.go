package roster

import (
	"context"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
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

	// SaveProfile replaces name, numbers, profile and secret of a sealed graduate
	// inside a transaction and raises Rev. Errors: fault.Conflict when the profile
	// is not that of g.Rev any more, or when somebody else has one of the numbers.
	SaveProfile(ctx context.Context, g Graduate) error
	// Setting returns what the school set under the key; blank if nothing.
	Setting(ctx context.Context, key string) (string, error)

	// Entries returns what the audit trail says, the newest first, see audit.Reader.
	Entries(ctx context.Context, f audit.Filter, after audit.Key, limit int) ([]audit.Entry, error)

	Batches
	CorrectionStore
	Lists
	Views
}

// CorrectionStore keeps what graduates find wrong in their own data, and their
// word that the rest is right. Sealed as the verbs seal.
type CorrectionStore interface {
	// AddCorrection keeps a new one. Error: fault.Conflict when another one of the
	// graduate and field is open.
	AddCorrection(ctx context.Context, c Correction) error
	// EndCorrection keeps state, instant, account and reason of one that was open.
	// Error: fault.Conflict when it is not open any more.
	EndCorrection(ctx context.Context, c Correction) error
	// Correction returns one by id. Error: fault.NotFound.
	Correction(ctx context.Context, id string) (Correction, error)
	// CorrectionsOf returns those of a graduate, newest first.
	CorrectionsOf(ctx context.Context, graduate string) ([]Correction, error)
	// Corrections returns the open ones of the fields within the scope, oldest
	// first, at most limit, those after the id given. A major or class of another
	// college than the graduate's is among them if moves, whatever the fields, and
	// else is not.
	Corrections(ctx context.Context, within access.Scope, fields []string, moves bool, after string, limit int) ([]Correction, error)
	// CorrectionsOpen counts them and returns since when the oldest waits.
	CorrectionsOpen(ctx context.Context, within access.Scope, fields []string, moves bool) (n int, oldest calendar.Instant, err error)
	// CorrectedSince returns the graduates whose profile was corrected at the instant
	// or later, by id: an import from before must not be undone over it.
	CorrectedSince(ctx context.Context, since calendar.Instant) ([]string, error)
	// SourceCheck returns the graduate's newest word; a zero one if there is none.
	SourceCheck(ctx context.Context, graduate string) (SourceCheck, error)
	// SaveSourceCheck replaces it.
	SaveSourceCheck(ctx context.Context, c SourceCheck) error
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
