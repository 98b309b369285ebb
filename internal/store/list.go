package store

import (
	"context"
	"database/sql"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
)

// Places returns whom the listing and the scope hold, in the order of the roster.
func (s *Store) Places(ctx context.Context, within access.Scope, l roster.Listing) ([]roster.Place, error) {
	if within.Empty() {
		return nil, nil
	}
	return collect(s.query(ctx, `
		select g.id, g.class_id, coalesce(g.student_no, g.exam_no), g.in_statistics
		from graduate g
		where $1 and g.has_left <> 'true' and $2 and $3 and $4 and $5
			and ($6 = '' or replace($7, $6, '') <> $7)
		order by g.class_id, coalesce(g.student_no, g.exam_no), g.id`,
		scope(within), is{"g.cohort", l.Cohort}, is{"g.college_id", l.College}, is{"g.class_id", l.Class}, is{"g.level_id", l.Level}, l.Name, searchable("g.name")), scanPlace)
}

// FindPeople returns at most limit graduates whom the query means, in the order
// of the roster.
func (s *Store) FindPeople(ctx context.Context, within access.Scope, q roster.Query, limit int) ([]roster.Place, error) {
	if within.Empty() {
		return nil, nil
	}
	return collect(s.query(ctx, `
		select g.id, g.class_id, coalesce(g.student_no, g.exam_no), g.in_statistics
		from graduate g
		where $1 and g.has_left <> 'true' and (
			($2 <> '' and replace($8, $2, '') <> $8)
			or ($3 <> '' and (substr(g.student_no, 1, $4) = $3 or substr(g.exam_no, 1, $4) = $3))
			or ($5 <> '' and g.phone_index = $5) or ($6 <> '' and g.id_index = $6))
		order by g.cohort desc, g.class_id, coalesce(g.student_no, g.exam_no), g.id limit $7`,
		scope(within), q.Name, q.Number, len(q.Number), q.PhoneIndex, q.IDIndex, min(limit, listSize), searchable("g.name")), scanPlace)
}

// searchable is a column of names as roster.Searchable has them. The column is a
// constant of this package.
type searchable string

func (c searchable) write(b *binding) {
	b.text.WriteString(strings.Repeat("replace(", len(roster.LeftOut)) + string(c))
	for _, sign := range roster.LeftOut {
		b.text.WriteString(", '" + sign + "', '')")
	}
}

func scanPlace(rows *sql.Rows, p *roster.Place) error {
	var counted string
	err := rows.Scan(&p.Graduate, &p.Class, &p.Number, &counted)
	p.Apart = counted != history.True
	return err
}

// Submissions returns what graduates submitted, of the cohorts whose year ends in
// the two digits.
func (s *Store) Submissions(ctx context.Context, within access.Scope, year string) ([]destination.Submission, error) {
	if within.Empty() {
		return nil, nil
	}
	return collect(s.query(ctx, `
		select g.id, g.cohort, e.change_id, e.known_at
		from event e join graduate g on g.id = e.graduate_id
		where $1 and g.has_left <> 'true' and substr(g.cohort, 3, 2) = $2 and e.step = 'submitted'
		order by g.id, e.seq`, scope(within), year), func(rows *sql.Rows, x *destination.Submission) error {
		return rows.Scan(&x.Graduate, &x.Cohort, &x.Change, &x.At)
	})
}

// Mentioned returns at most limit graduates with a step that names the text in a
// payload field, by id, the newest first.
func (s *Store) Mentioned(ctx context.Context, within access.Scope, text string, limit int) ([]string, error) {
	if within.Empty() || text == "" {
		return nil, nil
	}
	return collect(s.query(ctx, `
		select distinct e.graduate_id
		from event e join graduate g on g.id = e.graduate_id
		where $1 and g.has_left <> 'true' and e.fields <> '' and replace(e.fields, $2, '') <> e.fields
		order by e.graduate_id desc limit $3`, scope(within), text, min(limit, listSize)), scanText)
}

// SaveView adds a view, or replaces the one of the same account, page and name.
func (s *Store) SaveView(ctx context.Context, v roster.View) error {
	_, err := s.exec(ctx, `
		insert into saved_view (id, account_id, page, name, query, at) values ($1, $2, $3, $4, $5, $6)
		on conflict (account_id, page, name) do update set query = excluded.query, at = excluded.at`,
		v.ID, v.Account, v.Page, v.Name, v.Query, int64(v.At))
	return err
}

// ViewsOf returns the views of an account and page, by name.
func (s *Store) ViewsOf(ctx context.Context, account, page string) ([]roster.View, error) {
	return collect(s.query(ctx, `
		select id, account_id, page, name, query, at from saved_view where account_id = $1 and page = $2 order by name, id`, account, page),
		func(rows *sql.Rows, v *roster.View) error {
			return rows.Scan(&v.ID, &v.Account, &v.Page, &v.Name, &v.Query, &v.At)
		})
}

// DropView forgets a view of the account and says whether it was there.
func (s *Store) DropView(ctx context.Context, account, id string) (bool, error) {
	n, err := s.exec(ctx, `delete from saved_view where id = $1 and account_id = $2`, id, account)
	return n > 0, err
}
