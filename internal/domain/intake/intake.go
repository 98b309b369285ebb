// Package intake takes files in two steps: a file is held, checked by a dry run,
// shown to whoever brought it, and published once they confirm (导入向导).
//
// What is held lies encrypted, is seen by its owner alone, and is forgotten after
// a day. Publishing is the import's own: all or nothing, and once.
package intake

import (
	"context"
	"time"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/ident"
	"quxiang/internal/domain/roster"
	"quxiang/internal/domain/transfer"
)

// Term is how long a file is held.
const Term = 24 * time.Hour

// Options are what an import may be told, as its kind allows.
type Options struct {
	Cohort   string       `json:"cohort,omitempty"`    // 届别, four digits; blank: as the file says
	Source   string       `json:"source,omitempty"`    // destinations: legacy, national or draft
	TrueFrom calendar.Day `json:"true_from,omitempty"` // blank: as the kind of import says
}

// Tally is what a check found or an import did, in numbers.
type Tally struct {
	Rows    int                   `json:"rows"`
	Refused int                   `json:"refused"`
	Counts  map[exchange.Kind]int `json:"counts"`
}

// TallyOf counts a report.
func TallyOf(r exchange.Report) Tally {
	return Tally{Rows: r.Rows, Refused: r.Refused, Counts: r.Counts}
}

// Same reports that two tallies say the same of what is written.
func (t Tally) Same(u Tally) bool {
	for _, k := range []exchange.Kind{exchange.Added, exchange.Changed, exchange.Same, exchange.Untouched} {
		if t.Counts[k] != u.Counts[k] {
			return false
		}
	}
	return t.Refused == u.Refused
}

// Held is a file that waits for its owner's word.
type Held struct {
	ID      string // also the id of the batch that it becomes
	Account string // of whoever brought it
	Kind    string
	Name    string // of the file, without folder
	SHA256  string // hex, of the content
	File    string // where Files keeps it; blank once it is published
	Options Options
	Mended  int // rows that were put in place of refused ones
	At      calendar.Instant

	Checked   *Tally           // what the newest check found; nil: not checked yet
	Published calendar.Instant // 0: not
	Batch     string           // blank: published, and nothing to undo
	Outcome   *Tally           // what publishing did
}

// Store keeps what is known of held files. Who may see one is the verbs' care.
type Store interface {
	InTx(ctx context.Context, do func(context.Context) error) error
	// SaveHeld keeps one, or replaces it by id.
	SaveHeld(ctx context.Context, h Held) error
	// HeldByID returns one. Error: fault.NotFound.
	HeldByID(ctx context.Context, id string) (Held, error)
	// DropHeld forgets one.
	DropHeld(ctx context.Context, id string) error
	// HeldBefore returns those brought before the instant.
	HeldBefore(ctx context.Context, at calendar.Instant) ([]Held, error)
	// BatchList returns the published imports, newest first.
	BatchList(ctx context.Context) ([]roster.Batch, error)
}

// Files keeps contents, encrypted.
type Files interface {
	Hold(plain []byte) (id string, err error)
	Held(id string) ([]byte, error)
	Drop(id string) error
}

// Run is one reading of a file by its import.
type Run struct {
	Options
	Batch    string // id to publish under
	DryRun   bool
	Progress func(done, total int64)
}

// Service holds the verbs. Every field is needed.
type Service struct {
	Store Store
	Audit audit.Log
	Files Files
	NewID ident.Source
	Now   func() calendar.Instant
	// Table reads a content as a table file.
	Table func(name string, content []byte) exchange.File
	// Take is the import of the kind.
	Take func(ctx context.Context, who access.Actor, kind string, f exchange.File, run Run) (exchange.Report, error)
}

// Stage of a held file, as its owner sees it.
type Stage string

// The stages.
const (
	Checking   Stage = "checking"
	Checked    Stage = "checked"
	Failed     Stage = "failed" // the file as a whole cannot be taken, or something broke
	Publishing Stage = "publishing"
	Published  Stage = "published"
)

// State is where a held file stands.
type State struct {
	Held
	Stage   Stage
	Percent int   // of the file read, while checking or publishing
	Problem error // Failed: why
	Moved   bool  // Checked: publishing was tried, and the data had moved on
	Result  *Result
	Compare *transfer.Reconciliation // of a file that is only compared
}

// Busy reports that somebody is to wait.
func (s State) Busy() bool { return s.Stage == Checking || s.Stage == Publishing }
