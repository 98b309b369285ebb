package store

import (
	"context"
	"database/sql"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
)

// SaveKey notes that a way to set the password was made for an account.
func (s *Store) SaveKey(ctx context.Context, k access.Key) error {
	_, err := s.exec(ctx, `
		insert into key_given (account_id, made_at, made_by, kind) values ($1, $2, $3, $4) on conflict do nothing`,
		k.Account, int64(k.Made), k.By, k.Kind)
	return err
}

// Keys returns those of an account, the newest first.
func (s *Store) Keys(ctx context.Context, account string) ([]access.Key, error) {
	return collect(s.query(ctx, `
		select account_id, made_at, made_by, kind, used_at, seen_at from key_given where account_id = $1 order by made_at desc`, account),
		func(rows *sql.Rows, k *access.Key) error {
			return rows.Scan(&k.Account, &k.Made, &k.By, &k.Kind, &k.Used, &k.Seen)
		})
}

// UseKey notes that the one made then was used; one that was not noted is none.
func (s *Store) UseKey(ctx context.Context, account string, made, at calendar.Instant) error {
	_, err := s.exec(ctx, `update key_given set used_at = $1 where account_id = $2 and made_at = $3`, int64(at), account, int64(made))
	return err
}

// SeeKeys notes that the owner has seen those made until then.
func (s *Store) SeeKeys(ctx context.Context, account string, made, at calendar.Instant) error {
	_, err := s.exec(ctx, `
		update key_given set seen_at = $1 where account_id = $2 and made_at <= $3 and seen_at = 0`, int64(at), account, int64(made))
	return err
}
