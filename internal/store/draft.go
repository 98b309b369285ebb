package store

import (
	"context"
	"database/sql"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/destination"
)

// SaveDraft keeps a sealed draft in the place of the one about the same.
func (s *Store) SaveDraft(ctx context.Context, d destination.SavedDraft) error {
	_, err := s.exec(ctx, `
		insert into draft (graduate_id, account_id, about, sealed, saved_at) values ($1, $2, $3, $4, $5)
		on conflict (graduate_id, account_id, about) do update set sealed = excluded.sealed, saved_at = excluded.saved_at`,
		d.Graduate, d.Account, d.About, d.Sealed, int64(d.At))
	return err
}

// Drafts returns those that the account keeps about a graduate, sealed, newest first.
func (s *Store) Drafts(ctx context.Context, within access.Scope, graduate, account string) ([]destination.SavedDraft, error) {
	if within.Empty() {
		return nil, nil
	}
	return collect(s.query(ctx, `
		select d.graduate_id, d.account_id, d.about, d.sealed, d.saved_at
		from draft d join graduate g on g.id = d.graduate_id
		where $1 and d.graduate_id = $2 and d.account_id = $3 order by d.saved_at desc, d.about`, inside(within), graduate, account),
		func(rows *sql.Rows, d *destination.SavedDraft) error {
			return rows.Scan(&d.Graduate, &d.Account, &d.About, &d.Sealed, &d.At)
		})
}

// DropDraft forgets those about these; no draft is no error.
func (s *Store) DropDraft(ctx context.Context, graduate, account string, about ...string) error {
	_, err := s.exec(ctx, `delete from draft where graduate_id = $1 and account_id = $2 and about in ($3)`, graduate, account, in(about))
	return err
}
