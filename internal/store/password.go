package store

import (
	"context"
	"database/sql"

	"quxiang/internal/domain/access"
)

// EarlierPasswords returns at most n that an account had, the newest first.
func (s *Store) EarlierPasswords(ctx context.Context, account string, n int) ([]access.EarlierPassword, error) {
	return collect(s.query(ctx, `
		select set_at, hash from password_history where account_id = $1 order by set_at desc limit $2`, account, n),
		func(rows *sql.Rows, p *access.EarlierPassword) error { return rows.Scan(&p.Set, &p.Hash) })
}

// KeepPassword adds one, and forgets all but the newest keep.
func (s *Store) KeepPassword(ctx context.Context, account string, p access.EarlierPassword, keep int) error {
	if _, err := s.exec(ctx, `
		insert into password_history (account_id, set_at, hash) values ($1, $2, $3)
		on conflict (account_id, set_at) do update set hash = excluded.hash`, account, int64(p.Set), p.Hash); err != nil {
		return err
	}
	_, err := s.exec(ctx, `
		delete from password_history where account_id = $1 and set_at not in (
			select set_at from password_history where account_id = $1 order by set_at desc limit $2)`, account, keep)
	return err
}
