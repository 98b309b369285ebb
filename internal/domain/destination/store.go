package destination

import (
	"context"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/employer"
	"quxiang/internal/domain/roster"
)

// Store keeps what the verbs of registration need beside the histories.
type Store interface {
	roster.Store
	employer.Store

	// EntryOf returns the place in the audit chain of the entry that an event of a
	// graduate was written with; 0 while it has none.
	EntryOf(ctx context.Context, graduate string, seq int) (int64, error)

	// SaveFindings adds findings or replaces them by id.
	SaveFindings(ctx context.Context, list []Finding) error
	// Findings returns those about a graduate, oldest first.
	Findings(ctx context.Context, within access.Scope, graduate string) ([]Finding, error)
	// FindingsOf returns those about several graduates, oldest first.
	FindingsOf(ctx context.Context, within access.Scope, graduates []string) ([]Finding, error)
	// Warned returns the graduates of a cohort (blank: of all) with a warning that
	// nobody answered, by id.
	Warned(ctx context.Context, within access.Scope, cohort string) ([]string, error)
	// SaveSamples adds samples or replaces them by id.
	SaveSamples(ctx context.Context, list []Sample) error
	// Samples returns those of a cohort, oldest first; only open ones if asked.
	Samples(ctx context.Context, within access.Scope, cohort string, open bool) ([]Sample, error)
	// SamplesOf returns those of several graduates, oldest first.
	SamplesOf(ctx context.Context, within access.Scope, graduates []string) ([]Sample, error)
	// Await lets one transaction on at a time, of those that name the same, until it
	// is over.
	Await(ctx context.Context, what string) error
	// SaveDocument keeps the row that names a file; the file must be there already.
	SaveDocument(ctx context.Context, d Document) error
	// Documents returns those of a graduate, oldest first.
	Documents(ctx context.Context, within access.Scope, graduate string) ([]Document, error)
	// DocumentOwners returns other graduates who handed in the same file.
	DocumentOwners(ctx context.Context, sha256 string) ([]string, error)
	// OwnersOf returns who handed in each of the files.
	OwnersOf(ctx context.Context, sha256 []string) (map[string][]string, error)
	// SaveDraft keeps a sealed draft in the place of the one about the same. It is no
	// record of anybody's: autosaving leaves no audit entry.
	SaveDraft(ctx context.Context, d SavedDraft) error
	// Drafts returns those that the account keeps about a graduate, sealed, newest first.
	Drafts(ctx context.Context, within access.Scope, graduate, account string) ([]SavedDraft, error)
	// DropDraft forgets those about these; no draft is no error.
	DropDraft(ctx context.Context, graduate, account string, about ...string) error
	// Submissions returns those of the cohorts whose year ends in the two digits.
	Submissions(ctx context.Context, within access.Scope, year string) ([]Submission, error)
	// MinimumWages returns all rows.
	MinimumWages(ctx context.Context) ([]codes.MinimumWage, error)
	// SaveMinimumWages adds rows or replaces them by region and day.
	SaveMinimumWages(ctx context.Context, list []codes.MinimumWage, source string) error
	// Locks returns the released snapshots of a cohort.
	Locks(ctx context.Context, cohort string) ([]Lock, error)
}
