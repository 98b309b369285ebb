package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"quxiang/internal/domain/disclosure"
	"quxiang/internal/domain/fault"
)

// AddRequest keeps a new request for sensitive columns.
func (s *Store) AddRequest(ctx context.Context, r disclosure.Request) error {
	return s.audited(ctx, "export request", func(ctx context.Context, t *tx) error {
		if err := s.mark(ctx, t, ofRequest, r.ID); err != nil {
			return err
		}
		_, err := t.exec(ctx, `
			insert into export_request (id, account, kind, cohorts, fields, purpose, asked_at, state, decided_by, decided_at, reason, taken_at, recipient, layout, as_of)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
			r.ID, r.Account, r.Kind, strings.Join(r.Cohorts, ","), strings.Join(r.Fields, ","), r.Purpose, int64(r.Asked), string(r.State),
			r.DecidedBy, int64(r.Decided), r.Reason, int64(r.Taken), r.Recipient, r.Layout, r.AsOf)
		return err
	})
}

// MoveRequest notes what became of a request that is in the state. Error:
// fault.Conflict when it is in another.
func (s *Store) MoveRequest(ctx context.Context, r disclosure.Request, from disclosure.State) error {
	return s.audited(ctx, "export request", func(ctx context.Context, t *tx) error {
		if err := s.mark(ctx, t, ofRequest, r.ID); err != nil {
			return err
		}
		n, err := t.exec(ctx, `
			update export_request set state = $1, decided_by = $2, decided_at = $3, reason = $4, taken_at = $5, left_out = $6, people = $7
			where id = $8 and state = $9`,
			string(r.State), r.DecidedBy, int64(r.Decided), r.Reason, int64(r.Taken), r.LeftOut, r.People, r.ID, string(from))
		if err == nil && n == 0 {
			err = fault.Conflictf("", "这份申请刚刚有人处理过，请刷新后再看")
		}
		return err
	})
}

// RequestByID returns one. Error: fault.NotFound.
func (s *Store) RequestByID(ctx context.Context, id string) (disclosure.Request, error) {
	r, err := one(s.query(ctx, `
		select id, account, kind, cohorts, fields, purpose, asked_at, state, decided_by, decided_at, reason, taken_at, recipient, left_out, people, layout, as_of
		from export_request where id = $1`, id), scanRequest)
	if errors.Is(err, errNoRow) {
		err = fault.NotFoundf("request", "没有这份申请")
	}
	return r, err
}

// Requests returns the newest; of one account, or of all when it is blank.
func (s *Store) Requests(ctx context.Context, account string, limit int) ([]disclosure.Request, error) {
	return collect(s.query(ctx, `
		select id, account, kind, cohorts, fields, purpose, asked_at, state, decided_by, decided_at, reason, taken_at, recipient, left_out, people, layout, as_of
		from export_request where $1 order by asked_at desc, id desc limit $2`,
		is{"account", account}, limit), scanRequest)
}

func scanRequest(rows *sql.Rows, r *disclosure.Request) error {
	var cohorts, fields string
	err := rows.Scan(&r.ID, &r.Account, &r.Kind, &cohorts, &fields, &r.Purpose, &r.Asked, &r.State, &r.DecidedBy, &r.Decided, &r.Reason, &r.Taken, &r.Recipient, &r.LeftOut, &r.People, &r.Layout, &r.AsOf)
	if cohorts != "" {
		r.Cohorts = strings.Split(cohorts, ",")
	}
	if fields != "" {
		r.Fields = strings.Split(fields, ",")
	}
	return err
}
