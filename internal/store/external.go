package store

import (
	"context"
	"database/sql"
	"strconv"

	"quxiang/internal/domain/external"
)

// AddExternalEntries adds entries to the ledger of external figures. None is ever changed.
func (s *Store) AddExternalEntries(ctx context.Context, list []external.Entry) error {
	return s.audited(ctx, "external figures", func(ctx context.Context, t *tx) error {
		if err := s.mark(ctx, t, ofExternal, subjects(list, func(e *external.Entry) string { return strconv.FormatInt(e.No, 10) })...); err != nil {
			return err
		}
		for i := range list {
			e := &list[i]
			if _, err := t.exec(ctx, `
				insert into external_entry (n, at, account_id, cohort, figure, step, title, value, unit, part, whole, subject, source, issuer, page, dated, method, replies, reason, own)
				values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
				e.No, int64(e.At), e.Account, e.Cohort, e.Key, string(e.Step), e.Title, e.Value, e.Unit, e.K, e.N, e.Subject, e.Source, e.Issuer, e.Page, e.Dated,
				e.Method, e.Replies, e.Reason, e.Own); err != nil {
				return err
			}
		}
		return nil
	})
}

// ExternalEntries returns the ledger of external figures in order.
func (s *Store) ExternalEntries(ctx context.Context) (external.Ledger, error) {
	list, err := collect(s.query(ctx, `
		select n, at, account_id, cohort, figure, step, title, value, unit, part, whole, subject, source, issuer, page, dated, method, replies, reason, own
		from external_entry order by n`), func(rows *sql.Rows, e *external.Entry) error {
		return rows.Scan(&e.No, &e.At, &e.Account, &e.Cohort, &e.Key, &e.Step, &e.Title, &e.Value, &e.Unit, &e.K, &e.N, &e.Subject, &e.Source, &e.Issuer, &e.Page, &e.Dated,
			&e.Method, &e.Replies, &e.Reason, &e.Own)
	})
	return list, err
}
