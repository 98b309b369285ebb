// Package transfer carries destinations in and out: files of other registers
// become recorded events or proposals, what runs here becomes files that read
// back as they were, two registers are compared, and any import is undone.
//
// An import is all or nothing, and it appends: the planner (plan.go) says which
// events a graduate's rows come to, without a store or a clock.
package transfer

import (
	"context"

	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/ident"
)

// Service takes destinations from files, gives them back out, and undoes imports.
type Service struct {
	Store destination.Store
	Audit audit.Log
	Vault history.Vault
	Book  func() *codes.Book
	NewID ident.Source
	Now   func() calendar.Instant
	// Notes says what the audit rules find in the cases that an import leaves;
	// nil: no rule is asked.
	Notes func(ctx context.Context, left []destination.Imported) ([]destination.Finding, error)
}

// Options of one import.
type Options struct {
	Source   string       // legacy, national or draft
	Cohort   string       // only graduates of this cohort are known; blank: of any
	TrueFrom calendar.Day // day of rows that nothing else dates
	Batch    string       // id to publish under; blank: a new one
	DryRun   bool
	Progress func(done, total int64) // bytes; may be nil
}
