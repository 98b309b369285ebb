package employer

import (
	"context"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/exchange"
)

// Master is what an import leaves of one employer's master record: the record
// and all its hospital levels, by day.
type Master struct {
	Employer
	Levels []HospitalLevel
}

// Filling is the completion of cases whose copied value was blank, staged but
// not yet published.
type Filling struct {
	Batch       string // id of the staged batch; blank if no case needs filling
	Differences []exchange.Difference
	// Publish moves the events into place inside the caller's transaction, which
	// also saves the master records and writes the one audit entry.
	Publish func(ctx context.Context) error
	// Drop forgets what was staged: a dry run, or a failure.
	Drop func(ctx context.Context) error
}

// Filler prepares the filling after an import of master records: a recorded
// amend (history.SourceMaster) for each case of one of the employers, by credit
// code or name, that copied a blank where the master record now has a value;
// hospital levels as of the case's day. Values that were copied never change.
// It is called outside transactions; kind and file name the import in the batch.
type Filler func(ctx context.Context, who access.Actor, kind string, file exchange.File, changed []Master) (Filling, error)
