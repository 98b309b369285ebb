package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/intake"
)

// SaveHeld keeps what is known of a held file, or replaces it by id.
func (s *Store) SaveHeld(ctx context.Context, h intake.Held) error {
	options, err1 := json.Marshal(h.Options)
	checked, err2 := encodeTally(h.Checked)
	outcome, err3 := encodeTally(h.Outcome)
	if err := errors.Join(err1, err2, err3); err != nil {
		return err
	}
	_, err := s.exec(ctx, `
		insert into held_file (id, account, kind, name, sha256, file, options, mended, at, checked, published_at, batch, outcome)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		on conflict (id) do update set file = excluded.file, checked = excluded.checked, published_at = excluded.published_at,
			batch = excluded.batch, outcome = excluded.outcome`,
		h.ID, h.Account, h.Kind, h.Name, h.SHA256, h.File, string(options), int64(h.Mended), int64(h.At), checked,
		int64(h.Published), h.Batch, outcome)
	return err
}

// HeldByID returns one. Error: fault.NotFound.
func (s *Store) HeldByID(ctx context.Context, id string) (intake.Held, error) {
	h, err := one(s.query(ctx, `
		select id, account, kind, name, sha256, file, options, mended, at, checked, published_at, batch, outcome
		from held_file where id = $1`, id), scanHeld)
	if errors.Is(err, errNoRow) {
		err = fault.NotFoundf("held", "这份待导入的文件已经不在了：可能放弃过，或上传满一天已清除。请重新上传；写没写入，看导入记录")
	}
	return h, err
}

// DropHeld forgets one; one that is not there is no error.
func (s *Store) DropHeld(ctx context.Context, id string) error {
	_, err := s.exec(ctx, `delete from held_file where id = $1`, id)
	return err
}

// HeldBefore returns those brought before the instant.
func (s *Store) HeldBefore(ctx context.Context, at calendar.Instant) ([]intake.Held, error) {
	return collect(s.query(ctx, `
		select id, account, kind, name, sha256, file, options, mended, at, checked, published_at, batch, outcome
		from held_file where at < $1 order by at, id`, int64(at)), scanHeld)
}

func scanHeld(rows *sql.Rows, h *intake.Held) error {
	var options, checked, outcome string
	err := rows.Scan(&h.ID, &h.Account, &h.Kind, &h.Name, &h.SHA256, &h.File, &options, &h.Mended, &h.At, &checked,
		&h.Published, &h.Batch, &outcome)
	if err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(options), &h.Options); err != nil {
		return err
	}
	return errors.Join(decodeTally(checked, &h.Checked), decodeTally(outcome, &h.Outcome))
}

func encodeTally(t *intake.Tally) (string, error) {
	if t == nil {
		return "", nil
	}
	b, err := json.Marshal(t)
	return string(b), err
}

func decodeTally(text string, to **intake.Tally) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), to)
}
