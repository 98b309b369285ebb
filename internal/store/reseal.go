package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
)

// SealedColumn is a column whose values are envelopes of the vault.
type SealedColumn struct {
	Table, Column string
	Field         string   // that its envelopes are sealed for
	key           []string // primary key
	owner         []string // of the key: whom its envelopes are sealed for, joined by /
}

// String is the column's name, table.column.
func (c SealedColumn) String() string { return c.Table + "." + c.Column }

// Event reports that the values are the envelopes of events, over which digests are.
func (c SealedColumn) Event() bool { return c.Field == "event" }

// SealedColumns are all of them. What an import has staged comes first: what it
// publishes meanwhile is met again in the tables behind.
func SealedColumns() []SealedColumn {
	return []SealedColumn{
		{"stage_graduate", "before", "former", []string{"batch_id", "id"}, []string{"id"}},
		{"stage_graduate", "sealed", "graduate", []string{"batch_id", "id"}, []string{"id"}},
		{"stage_event", "sealed", "event", []string{"batch_id", "graduate_id", "seq"}, []string{"graduate_id"}},
		{"batch_before", "sealed", "former", []string{"batch_id", "graduate_id"}, []string{"graduate_id"}},
		{"graduate", "sealed", "graduate", []string{"id"}, []string{"id"}},
		{"event", "sealed", "event", []string{"graduate_id", "seq"}, []string{"graduate_id"}},
		{"correction", "sealed", "correction", []string{"id", "graduate_id"}, []string{"graduate_id"}},
		{"privacy_request", "sealed", "privacy_request", []string{"id"}, []string{"id"}},
		{"draft", "sealed", "draft", []string{"graduate_id", "account_id", "about"}, []string{"graduate_id"}},
		{"snapshot_row", "sealed", "difficulty", []string{"snapshot", "pseudonym"}, []string{"snapshot", "pseudonym"}},
		{"second_factor", "secret", "second_factor", []string{"account_id"}, []string{"account_id"}},
	}
}

// SealedValue is one envelope with its place.
type SealedValue struct {
	Owner  string
	Sealed string
	key    []any
}

// resealPage is how many envelopes one transaction of a rotation replaces: others
// wait for it a few milliseconds.
const resealPage = 300

// Stale returns the next envelopes of the column behind the one given (nil: from the
// start) that do not begin with the head: those that another key sealed.
func (s *Store) Stale(ctx context.Context, c SealedColumn, head string, after *SealedValue) ([]SealedValue, error) {
	args := []any{head, len(head), resealPage}
	behind := ""
	if after != nil {
		marks := make([]string, len(after.key))
		for i, k := range after.key {
			args = append(args, k)
			marks[i] = fmt.Sprintf("$%d", len(args))
		}
		behind = fmt.Sprintf(" and (%s) > (%s)", strings.Join(c.key, ", "), strings.Join(marks, ", "))
	}
	text := fmt.Sprintf(`
		select %[1]s, %[2]s from %[3]s
		where %[2]s <> '' and substr(%[2]s, 1, $2) <> $1%[4]s
		order by %[1]s limit $3`, strings.Join(c.key, ", "), c.Column, c.Table, behind)
	return collect(s.query(ctx, text, args...), c.scan)
}

func (c SealedColumn) scan(rows *sql.Rows, v *SealedValue) error {
	texts := make([]string, len(c.key))
	var seq int64
	to := make([]any, len(c.key), len(c.key)+1)
	for i, k := range c.key {
		to[i] = &texts[i]
		if k == "seq" {
			to[i] = &seq
		}
	}
	if err := rows.Scan(append(to, &v.Sealed)...); err != nil {
		return err
	}
	var owner []string
	v.key = make([]any, len(c.key))
	for i, k := range c.key {
		v.key[i] = texts[i]
		if k == "seq" {
			v.key[i] = seq
		}
		if slices.Contains(c.owner, k) {
			owner = append(owner, texts[i])
		}
	}
	v.Owner = strings.Join(owner, "/")
	return nil
}

// Replace puts the fresh envelopes into the places of the old ones, and counts them
// for the rotation. One that somebody changed meanwhile stays as that one left it.
func (s *Store) Replace(ctx context.Context, rotation string, c SealedColumn, old []SealedValue, fresh []string) (n int, err error) {
	err = s.InTx(ctx, func(ctx context.Context) error {
		n = 0
		for i := range old {
			where := []string{c.Column + " = $2"}
			for k, name := range c.key {
				where = append(where, fmt.Sprintf("%s = $%d", name, k+3))
			}
			one, err := s.exec(ctx, fmt.Sprintf(`update %s set %s = $1 where %s`, c.Table, c.Column, strings.Join(where, " and ")),
				append([]any{fresh[i], old[i].Sealed}, old[i].key...)...)
			if err != nil {
				return err
			}
			n += int(one)
		}
		_, err := s.exec(ctx, `update key_rotation set place = $1, done = done + $2 where id = $3`, c.String(), n, rotation)
		return err
	})
	return n, err
}

// SealedWith counts the envelopes of the database that begin with the head.
func (s *Store) SealedWith(ctx context.Context, head string) (int, error) {
	total := 0
	for _, c := range SealedColumns() {
		n, err := one(s.query(ctx, fmt.Sprintf(`select count(*) from %s where substr(%s, 1, $2) = $1`, c.Table, c.Column), head, len(head)), scanNumber)
		if err != nil {
			return 0, err
		}
		total += int(n)
	}
	return total, nil
}

// Rotation is the change from older data keys to a new one.
type Rotation struct {
	ID     string
	Key    string // id of the new key
	Cipher string
	Began  calendar.Instant
	By     string           // account
	Place  string           // table.column or folder that was last at hand
	Done   int              // envelopes and files
	Ended  calendar.Instant // 0: under way, or cut off
}

// BeginRotation keeps a new one. Error: fault.Conflict when another is not ended.
func (s *Store) BeginRotation(ctx context.Context, r Rotation) error {
	return s.audited(ctx, "rotation", func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, `
			insert into key_rotation (id, key_id, cipher, began_at, began_by, place, done) values ($1, $2, $3, $4, $5, '', 0)`,
			r.ID, r.Key, r.Cipher, int64(r.Began), r.By)
		if duplicate(err) {
			return fault.Conflictf("", "上一次更换密钥还没有办完，请再运行一次 quxiang keys rotate，会接着办完")
		}
		return err
	})
}

// CountFiles adds to what a rotation has done outside the database.
func (s *Store) CountFiles(ctx context.Context, rotation, place string, n int) error {
	_, err := s.exec(ctx, `update key_rotation set place = $1, done = done + $2 where id = $3`, place, n, rotation)
	return err
}

// EndRotation writes down that nothing is left to do.
func (s *Store) EndRotation(ctx context.Context, id string, at calendar.Instant) error {
	return s.audited(ctx, "end of a rotation", func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, `update key_rotation set ended_at = $1 where id = $2 and ended_at = 0`, int64(at), id)
		return err
	})
}

// Rotations returns all, the newest first.
func (s *Store) Rotations(ctx context.Context) ([]Rotation, error) {
	return collect(s.query(ctx, `
		select id, key_id, cipher, began_at, began_by, place, done, ended_at from key_rotation
		order by began_at desc, id desc`), func(rows *sql.Rows, r *Rotation) error {
		return rows.Scan(&r.ID, &r.Key, &r.Cipher, &r.Began, &r.By, &r.Place, &r.Done, &r.Ended)
	})
}
