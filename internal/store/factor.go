package store

import (
	"context"
	"database/sql"
	"errors"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
)

// Factor returns the second factor of an account. Error: fault.NotFound.
func (s *Store) Factor(ctx context.Context, account string) (access.Factor, error) {
	f, err := one(s.query(ctx, `
		select account_id, secret, made_at, confirmed_at, used_step from second_factor where account_id = $1`, account),
		func(rows *sql.Rows, f *access.Factor) error {
			return rows.Scan(&f.Account, &f.Secret, &f.Made, &f.Confirmed, &f.Used)
		})
	if errors.Is(err, errNoRow) {
		err = fault.NotFoundf("factor", "还没有启用第二道验证")
	}
	return f, err
}

// SaveFactor adds or replaces it by account, with new recovery codes in the place of
// the old ones.
func (s *Store) SaveFactor(ctx context.Context, f access.Factor, recovery []string) error {
	return s.audited(ctx, "second factor", func(ctx context.Context, t *tx) error {
		if err := errors.Join(s.mark(ctx, t, ofFactor, f.Account), s.mark(ctx, t, ofRecovery, f.Account)); err != nil {
			return err
		}
		return t.saveFactor(ctx, f, recovery)
	})
}

func (t *tx) saveFactor(ctx context.Context, f access.Factor, recovery []string) error {
	if _, err := t.exec(ctx, `
		insert into second_factor (account_id, secret, made_at, confirmed_at, used_step) values ($1, $2, $3, $4, $5)
		on conflict (account_id) do update set secret = excluded.secret, made_at = excluded.made_at,
			confirmed_at = excluded.confirmed_at, used_step = excluded.used_step`,
		f.Account, f.Secret, int64(f.Made), int64(f.Confirmed), f.Used); err != nil {
		return err
	}
	if _, err := t.exec(ctx, `delete from recovery_code where account_id = $1`, f.Account); err != nil {
		return err
	}
	for _, d := range recovery {
		if _, err := t.exec(ctx, `insert into recovery_code (account_id, digest) values ($1, $2)`, f.Account, d); err != nil {
			return err
		}
	}
	return nil
}

// UseStep notes that a code of the step was taken. Error: fault.Conflict when one of
// that step or a later one was.
func (s *Store) UseStep(ctx context.Context, account string, step int64) error {
	return s.audited(ctx, "code", func(ctx context.Context, t *tx) error {
		if err := s.mark(ctx, t, ofFactor, account); err != nil {
			return err
		}
		n, err := t.exec(ctx, `update second_factor set used_step = $1 where account_id = $2 and used_step < $1`, step, account)
		if err == nil && n == 0 {
			err = fault.Conflictf("code", "这个验证码已经用过")
		}
		return err
	})
}

// UseRecovery notes that a recovery code was used. Error: fault.NotFound for none
// that is left.
func (s *Store) UseRecovery(ctx context.Context, account, digest string, at calendar.Instant) error {
	return s.audited(ctx, "code", func(ctx context.Context, t *tx) error {
		if err := s.mark(ctx, t, ofRecovery, account); err != nil {
			return err
		}
		n, err := t.exec(ctx, `update recovery_code set used_at = $1 where account_id = $2 and digest = $3 and used_at = 0`, int64(at), account, digest)
		if err == nil && n == 0 {
			err = fault.NotFoundf("code", "没有这个备用码")
		}
		return err
	})
}

// RecoveryLeft counts the recovery codes that were not used.
func (s *Store) RecoveryLeft(ctx context.Context, account string) (int, error) {
	return one(s.query(ctx, `select count(digest) from recovery_code where account_id = $1 and used_at = 0`, account),
		func(rows *sql.Rows, n *int) error { return rows.Scan(n) })
}

// DropFactor forgets an account's second factor and its recovery codes.
func (s *Store) DropFactor(ctx context.Context, account string) error {
	return s.audited(ctx, "second factor", func(ctx context.Context, t *tx) error {
		if err := s.mark(ctx, t, ofFactor, account); err != nil {
			return err
		}
		if err := s.mark(ctx, t, ofRecovery, account); err != nil {
			return err
		}
		if _, err := t.exec(ctx, `delete from recovery_code where account_id = $1`, account); err != nil {
			return err
		}
		_, err := t.exec(ctx, `delete from second_factor where account_id = $1`, account)
		return err
	})
}
