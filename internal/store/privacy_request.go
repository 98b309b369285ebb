package store

import (
	"context"
	"database/sql"
	"errors"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/privacy"
)

// AddPrivacyRequest keeps what a graduate asks about their data, sealed.
func (s *Store) AddPrivacyRequest(ctx context.Context, r privacy.Request) error {
	return s.audited(ctx, "privacy request", func(ctx context.Context, t *tx) error {
		if err := s.mark(ctx, t, ofAsked, r.ID); err != nil {
			return err
		}
		_, err := t.exec(ctx, `
			insert into privacy_request (id, graduate_id, kind, purpose, sealed, asked_at, due_on, state)
			values ($1, $2, $3, $4, $5, $6, $7, $8)`,
			r.ID, r.Graduate, string(r.Kind), r.Purpose, r.Sealed, int64(r.Asked), string(r.Due), string(r.State))
		return err
	})
}

// MovePrivacyRequest notes what became of an open one. Error: fault.Conflict when
// it is not open any more.
func (s *Store) MovePrivacyRequest(ctx context.Context, r privacy.Request) error {
	return s.audited(ctx, "privacy request", func(ctx context.Context, t *tx) error {
		if err := s.mark(ctx, t, ofAsked, r.ID); err != nil {
			return err
		}
		n, err := t.exec(ctx, `
			update privacy_request set state = $1, decided_at = $2, decided_by = $3, answer = $4 where id = $5 and state = 'open'`,
			string(r.State), int64(r.Decided), r.Decider, r.Answer, r.ID)
		if err == nil && n == 0 {
			err = fault.Conflictf("", "这条请求刚刚有人答复过，或本人已撤回，请刷新后再看")
		}
		return err
	})
}

// PrivacyRequest returns one within the scope, sealed. Error: fault.NotFound.
func (s *Store) PrivacyRequest(ctx context.Context, within access.Scope, id string) (privacy.Request, error) {
	var none privacy.Request
	if within.Empty() {
		return none, fault.NotFoundf("request", "没有这条请求")
	}
	r, err := one(s.query(ctx, `
		select r.id, r.graduate_id, r.kind, r.purpose, r.sealed, r.asked_at, r.due_on, r.state, r.decided_at, r.decided_by, r.answer
		from privacy_request r join graduate g on g.id = r.graduate_id
		where $1 and r.id = $2`, inside(within), id), scanPrivacyRequest)
	if errors.Is(err, errNoRow) {
		err = fault.NotFoundf("request", "没有这条请求")
	}
	return r, err
}

// PrivacyRequestsOf returns those of a graduate, newest first, sealed.
func (s *Store) PrivacyRequestsOf(ctx context.Context, graduate string) ([]privacy.Request, error) {
	return collect(s.query(ctx, `
		select r.id, r.graduate_id, r.kind, r.purpose, r.sealed, r.asked_at, r.due_on, r.state, r.decided_at, r.decided_by, r.answer
		from privacy_request r where r.graduate_id = $1 order by r.asked_at desc, r.id desc`, graduate), scanPrivacyRequest)
}

// PrivacyRequests returns those within the scope, sealed: the open ones with the
// nearest day first, then the newest of the others.
func (s *Store) PrivacyRequests(ctx context.Context, within access.Scope, limit int) ([]privacy.Request, error) {
	if within.Empty() {
		return nil, nil
	}
	open, err := collect(s.query(ctx, `
		select r.id, r.graduate_id, r.kind, r.purpose, r.sealed, r.asked_at, r.due_on, r.state, r.decided_at, r.decided_by, r.answer
		from privacy_request r join graduate g on g.id = r.graduate_id
		where $1 and r.state = 'open' order by r.due_on, r.id limit $2`, inside(within), limit), scanPrivacyRequest)
	if err != nil || len(open) == limit {
		return open, err
	}
	rest, err := collect(s.query(ctx, `
		select r.id, r.graduate_id, r.kind, r.purpose, r.sealed, r.asked_at, r.due_on, r.state, r.decided_at, r.decided_by, r.answer
		from privacy_request r join graduate g on g.id = r.graduate_id
		where $1 and r.state <> 'open' order by r.asked_at desc, r.id desc limit $2`, inside(within), limit-len(open)), scanPrivacyRequest)
	return append(open, rest...), err
}

func scanPrivacyRequest(rows *sql.Rows, r *privacy.Request) error {
	return rows.Scan(&r.ID, &r.Graduate, &r.Kind, &r.Purpose, &r.Sealed, &r.Asked, &r.Due, &r.State, &r.Decided, &r.Decider, &r.Answer)
}
