package roster

import (
	"context"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/ident"
)

// Service holds the verbs of the roster. Every field is needed.
type Service struct {
	Store Store
	Audit audit.Log
	Vault history.Vault
	Book  func() *codes.Book
	NewID ident.Source
	Now   func() calendar.Instant
}

// Batches returns the published imports, newest first (导入批次). Error:
// fault.Forbidden.
func (s *Service) Batches(ctx context.Context, who access.Actor) ([]Batch, error) {
	if err := who.May(access.ImportRoster); err != nil {
		return nil, err
	}
	return s.Store.BatchList(ctx)
}
