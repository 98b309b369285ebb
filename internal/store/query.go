package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"quxiang/internal/domain/access"
)

// runner runs statements: a connection of a transaction, or a pool of readers.
type runner interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// fragment is an argument that writes its own piece of SQL in the place of its
// placeholder. Only the types below are; they write nothing but placeholders and
// constant text, so that no value ever becomes SQL.
type fragment interface{ write(b *binding) }

// in stands for the list in "x in ($1)"; an empty list holds nothing.
type in []string

func (l in) write(b *binding) {
	if len(l) == 0 {
		b.text.WriteString("null")
	}
	for i, v := range l {
		if i > 0 {
			b.text.WriteString(", ")
		}
		b.value(v)
	}
}

// scope limits a query to the graduates of g, the people table's alias in every
// query that reads people.
type scope access.Scope

func (s scope) write(b *binding) {
	if s.School {
		b.text.WriteString("true")
		return
	}
	b.text.WriteString("(g.college_id in (")
	in(s.Colleges).write(b)
	b.text.WriteString(") or g.class_id in (")
	in(s.Classes).write(b)
	b.text.WriteString(") or g.id in (")
	in(s.Graduates).write(b)
	b.text.WriteString("))")
}

// inside is scope for a query that names the people it wants by id or number: it
// only tests them. As scope it would be an offer, and SQLite, which cannot know
// that a college has thousands of people, took it and went through all of them to
// find one. What is computed has no index.
type inside access.Scope

func (s inside) write(b *binding) {
	if s.School {
		b.text.WriteString("true")
		return
	}
	b.text.WriteString("(g.college_id || '' in (")
	in(s.Colleges).write(b)
	b.text.WriteString(") or g.class_id || '' in (")
	in(s.Classes).write(b)
	b.text.WriteString(") or g.id || '' in (")
	in(s.Graduates).write(b)
	b.text.WriteString("))")
}

// binding is a statement on its way to the engine. Each value has a placeholder
// of its own, in order, so that SQLite may have them bare: numbered ones it looks
// up one by one, which for a list of 500 took longer than the query.
type binding struct {
	text strings.Builder
	args []any
	bare bool
}

func (b *binding) value(v any) {
	b.args = append(b.args, v)
	if b.bare {
		b.text.WriteByte('?')
		return
	}
	b.text.WriteByte('$')
	b.text.WriteString(strconv.Itoa(len(b.args)))
}

// bind replaces the placeholders of fragments and numbers the others anew. A
// statement without fragments stays as it is.
func bind(query string, args []any, bare bool) (string, []any) {
	plain := true
	for _, a := range args {
		if _, ok := a.(fragment); ok {
			plain = false
		}
	}
	if plain {
		return query, args
	}
	b := &binding{bare: bare}
	for {
		i := strings.IndexByte(query, '$')
		if i < 0 {
			b.text.WriteString(query)
			return b.text.String(), b.args
		}
		b.text.WriteString(query[:i])
		n, digits := 0, i+1
		for ; digits < len(query) && '0' <= query[digits] && query[digits] <= '9'; digits++ {
			n = n*10 + int(query[digits]-'0')
		}
		if f, ok := args[n-1].(fragment); ok {
			f.write(b)
		} else {
			b.value(args[n-1])
		}
		query = query[digits:]
	}
}

// result is an answer that collect, one or each reads.
type result struct {
	rows *sql.Rows
	err  error
	tx   *tx
}

// query reads inside the context's transaction, or outside any.
func (s *Store) query(ctx context.Context, query string, args ...any) result {
	_, embedded := s.engine.(*sqlite)
	query, args = bind(query, args, embedded)
	t := s.txOf(ctx)
	if t == nil {
		rows, err := s.engine.reader().QueryContext(ctx, query, args...)
		return result{rows: rows, err: err}
	}
	if err := t.usable(ctx); err != nil {
		return result{err: err}
	}
	rows, err := t.db.QueryContext(t.shield(ctx), query, args...)
	return result{rows, t.spoil(err), t}
}

// exec writes, in a transaction of its own if the context carries none, and
// returns the number of rows concerned.
func (s *Store) exec(ctx context.Context, query string, args ...any) (n int64, err error) {
	t := s.txOf(ctx)
	if t == nil {
		err = s.InTx(ctx, func(ctx context.Context) error {
			n, err = s.exec(ctx, query, args...)
			return err
		})
		return n, err
	}
	return t.exec(ctx, query, args...)
}

// each reads row by row and closes.
func (r result) each(row func(*sql.Rows) error) error {
	if r.err != nil {
		return outage(r.err)
	}
	defer r.rows.Close()
	for r.rows.Next() {
		if err := row(r.rows); err != nil {
			return err
		}
	}
	err := r.rows.Err()
	if r.tx != nil {
		return r.tx.spoil(err)
	}
	return outage(err)
}

// collect reads all rows.
func collect[T any](r result, scan func(*sql.Rows, *T) error) ([]T, error) {
	var out []T
	err := r.each(func(rows *sql.Rows) error {
		var v T
		if err := scan(rows, &v); err != nil {
			return err
		}
		out = append(out, v)
		return nil
	})
	return out, err
}

// errNoRow says that there is no such row; callers say which, in the user's words.
var errNoRow = errors.New("store: no such row")

// one reads the first row. Error: errNoRow.
func one[T any](r result, scan func(*sql.Rows, *T) error) (T, error) {
	list, err := collect(r, scan)
	if err == nil && len(list) == 0 {
		err = errNoRow
	}
	if err != nil {
		var none T
		return none, err
	}
	return list[0], nil
}

// scanText is the scan of one text column.
func scanText(rows *sql.Rows, to *string) error { return rows.Scan(to) }

// scanNumber is the scan of one whole number.
func scanNumber(rows *sql.Rows, to *int64) error { return rows.Scan(to) }
