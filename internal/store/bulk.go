package store

import (
	"context"
	"database/sql"
	"iter"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Many rows at once are the one thing that each engine does in its own way:
// PostgreSQL by COPY; SQLite by a prepared insert that names only the columns
// that say something, since binding is what costs there.

// table is where rows go in bulk. The columns from optional on have a blank
// default (an empty text or 0).
type table struct {
	name     string
	columns  []string
	optional int
}

// bulk yields rows, in the order of a table's columns: string, int64 and []byte.
// The slice may be used again for the next row.
type bulk = iter.Seq2[[]any, error]

func (e *sqlite) load(ctx context.Context, t *tx, into table, rows bulk) error {
	texts := map[uint64]string{}
	args := make([]any, 0, len(into.columns))
	for row, err := range rows {
		if err != nil {
			return t.spoil(err)
		}
		var shape uint64
		args = args[:0]
		for i, v := range row {
			if i < into.optional || !blank(v) {
				shape |= 1 << i
				args = append(args, v)
			}
		}
		text, ok := texts[shape]
		if !ok {
			text = into.insert(shape)
			texts[shape] = text
		}
		if _, err := t.exec(ctx, text, args...); err != nil {
			return err
		}
	}
	return nil
}

func blank(v any) bool {
	switch v := v.(type) {
	case string:
		return v == ""
	case int64:
		return v == 0
	}
	return false
}

// insert is the statement for the columns in shape. Its placeholders have no
// numbers: SQLite looks numbered ones up one by one.
func (into table) insert(shape uint64) string {
	var names, marks []string
	for i, c := range into.columns {
		if shape&(1<<i) != 0 {
			names, marks = append(names, c), append(marks, "?")
		}
	}
	return "insert into " + into.name + " (" + strings.Join(names, ", ") + ") values (" + strings.Join(marks, ", ") + ")"
}

func (e *postgres) load(ctx context.Context, t *tx, into table, rows bulk) error {
	if err := t.usable(ctx); err != nil {
		return err
	}
	next, stop := iter.Pull2(rows)
	defer stop()
	source := pgx.CopyFromFunc(func() ([]any, error) {
		row, err, more := next()
		if !more {
			return nil, nil
		}
		return row, err
	})
	return t.spoil(t.db.(*sql.Conn).Raw(func(driver any) error {
		_, err := driver.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{into.name}, into.columns, source)
		return err
	}))
}
