package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"

	"quxiang/internal/domain/audit"
)

// Settle chains the entries that still wait.
func (s *Store) Settle(ctx context.Context) error { return s.engine.settle(ctx) }

// SaveCheckpoint keeps a signed end of the chain; one of that length that is there
// already stays.
func (s *Store) SaveCheckpoint(ctx context.Context, c audit.Checkpoint) error {
	return s.audited(ctx, "checkpoint", func(ctx context.Context, t *tx) error {
		if err := s.mark(ctx, t, ofCheckpoint, strconv.FormatInt(c.N, 10)); err != nil {
			return err
		}
		_, err := t.exec(ctx, `
			insert into checkpoint (n, at, why, note) values ($1, $2, $3, $4) on conflict (n) do nothing`, c.N, int64(c.At), c.Why, c.Note)
		return err
	})
}

// Checkpoints returns up to limit, the newest first; without origin and hash, which
// their notes say.
func (s *Store) Checkpoints(ctx context.Context, limit int) ([]audit.Checkpoint, error) {
	return collect(s.query(ctx, `select n, at, why, note from checkpoint order by n desc limit $1`, limit), scanCheckpoint)
}

func scanCheckpoint(rows *sql.Rows, c *audit.Checkpoint) error {
	return rows.Scan(&c.N, &c.At, &c.Why, &c.Note)
}

// CheckpointOfRelease returns the first one that holds the release of a snapshot; the
// zero one while there is none.
func (s *Store) CheckpointOfRelease(ctx context.Context, snapshot string) (audit.Checkpoint, error) {
	c, err := one(s.query(ctx, `
		select c.n, c.at, c.why, c.note from snapshot s
		join audit a on a.id = s.approval_audit join checkpoint c on c.n >= a.n
		where s.name = $1 and a.n > 0 order by c.n limit 1`, snapshot), scanCheckpoint)
	if errors.Is(err, errNoRow) {
		return audit.Checkpoint{}, nil
	}
	return c, err
}

// HashAt returns the hash of the entry at a place of the chain; zero where there is
// none.
func (s *Store) HashAt(ctx context.Context, n int64) (hash [32]byte, err error) {
	err = s.query(ctx, `select hash from audit where n = $1 and n > 0`, n).each(func(rows *sql.Rows) error {
		var h []byte
		err := rows.Scan(&h)
		if len(h) == len(hash) {
			copy(hash[:], h)
		}
		return err
	})
	return hash, err
}
