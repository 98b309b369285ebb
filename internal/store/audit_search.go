package store

import (
	"context"
	"database/sql"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/calendar"
)

var _ audit.Reader = (*Store)(nil)

// Entries returns up to limit entries of the trail behind the key, the newest
// first, without their Items.
func (s *Store) Entries(ctx context.Context, f audit.Filter, after audit.Key, limit int) ([]audit.Entry, error) {
	from, to := int64(0), int64(calendar.Forever)
	if f.From != "" {
		from = int64(f.From.Start())
	}
	if f.To != "" {
		to = int64(f.To.AddDays(1).Start())
	}
	if after == (audit.Key{}) {
		after.At = calendar.Forever
	}
	return collect(s.query(ctx, `
		select id, n, at, account, action, subject, detail, hash from audit
		where (at < $1 or at = $1 and id < $2) and at <= $1 and at >= $3 and at < $4 and $5 and $6 and $7
		order by at desc, id desc limit $8`,
		int64(after.At), after.ID, from, to, is{"account", f.Account}, actionIs(f), is{"subject", f.Subject}, limit), scanEntry)
}

func scanEntry(rows *sql.Rows, e *audit.Entry) error {
	var hash []byte
	err := rows.Scan(&e.ID, &e.N, &e.At, &e.Account, &e.Action, &e.Subject, &e.Detail, &hash)
	copy(e.Hash[:], hash)
	return err
}

// is limits a query to the rows whose column has the value; a blank value limits
// nothing. The column is a constant of this package.
type is struct{ column, value string }

func (c is) write(b *binding) {
	if c.value == "" {
		b.text.WriteString("true")
		return
	}
	b.text.WriteString(c.column + " = ")
	b.value(c.value)
}

// begins limits a query to the rows whose column begins with the prefix, which
// ends in a dot: / is the character behind it.
type begins struct{ column, prefix string }

func (c begins) write(b *binding) {
	b.text.WriteString("(" + c.column + " >= ")
	b.value(c.prefix)
	b.text.WriteString(" and " + c.column + " < ")
	b.value(c.prefix[:len(c.prefix)-1] + "/")
	b.text.WriteString(")")
}

func actionIs(f audit.Filter) fragment {
	if prefix, ok := f.Group(); ok {
		return begins{"action", prefix}
	}
	return is{"action", f.Action}
}

// ChainEnd returns the newest entry that has its place in the chain, and how many
// still wait for theirs.
func (s *Store) ChainEnd(ctx context.Context) (newest audit.Entry, waiting int, err error) {
	list, err := collect(s.query(ctx, `
		select id, n, at, account, action, subject, detail, hash from audit where n > 0 order by n desc limit 1`), scanEntry)
	if err != nil {
		return newest, 0, err
	}
	if len(list) > 0 {
		newest = list[0]
	}
	n, err := one(s.query(ctx, `select count(id) from audit where n = 0`), scanNumber)
	return newest, int(n), err
}

// StruckGraduates returns the graduates within the scope of whom a case was ever
// struck out, by id: those of a cohort, or of all.
func (s *Store) StruckGraduates(ctx context.Context, within access.Scope, cohort string) ([]string, error) {
	if within.Empty() {
		return nil, nil
	}
	return collect(s.query(ctx, `
		select distinct e.graduate_id from event e join graduate g on g.id = e.graduate_id
		where e.mark = 'struck' and $1 and $2 order by e.graduate_id`, inside(within), is{"g.cohort", cohort}), scanText)
}
