package store

import (
	"context"
	"database/sql"
	"errors"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/roster"
)

// SaveProfile replaces name, numbers, profile and secret of a sealed graduate
// inside a transaction; see roster.Store.
func (s *Store) SaveProfile(ctx context.Context, g roster.Graduate) error {
	if g.Secret != nil {
		return errors.New("store: graduate " + g.ID + " not sealed")
	}
	profile, err := encodeMap(g.Profile)
	if err != nil {
		return err
	}
	return s.audited(ctx, "profile", func(ctx context.Context, t *tx) error {
		if err := s.mark(ctx, t, ofGraduate, g.ID); err != nil {
			return err
		}
		n, err := t.exec(ctx, `
			update graduate set student_no = nullif($1, ''), exam_no = nullif($2, ''), name = $3, profile = $4, sealed = $5,
				id_index = $6, phone_index = $7, profile_rev = profile_rev + 1
			where id = $8 and profile_rev = $9`,
			g.StudentNo, g.ExamNo, g.Name, profile, g.Sealed, g.IDIndex, g.PhoneIndex, g.ID, g.Rev)
		switch {
		case duplicate(err):
			return fault.Conflictf("", "学号或考生号已是另一位毕业生的，请核对号码")
		case err == nil && n == 0:
			return errNewer()
		}
		return err
	})
}

// AddCorrection keeps a new correction. Error: fault.Conflict when another one of
// the graduate and field is open.
func (s *Store) AddCorrection(ctx context.Context, c roster.Correction) error {
	return s.audited(ctx, "correction", func(ctx context.Context, t *tx) error {
		if err := s.mark(ctx, t, ofCorrection, c.ID); err != nil {
			return err
		}
		_, err := t.exec(ctx, `
			insert into correction (id, graduate_id, field, before, value, note, sealed, state, asked_at, asked_by, decided_at, decided_by, reason)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
			c.ID, c.Graduate, c.Field, c.Before, c.Value, c.Note, c.Sealed, string(c.State), int64(c.Asked), c.AskedBy,
			int64(c.Decided), c.Decider, c.Reason)
		if duplicate(err) {
			return fault.Conflictf(c.Field, "这一项刚刚已经提过更正，请刷新后查看")
		}
		return err
	})
}

// EndCorrection keeps how an open correction ended. Error: fault.Conflict when it
// is not open any more.
func (s *Store) EndCorrection(ctx context.Context, c roster.Correction) error {
	return s.audited(ctx, "end of a correction", func(ctx context.Context, t *tx) error {
		if err := s.mark(ctx, t, ofCorrection, c.ID); err != nil {
			return err
		}
		n, err := t.exec(ctx, `
			update correction set state = $1, decided_at = $2, decided_by = $3, reason = $4
			where id = $5 and state = 'open'`, string(c.State), int64(c.Decided), c.Decider, c.Reason, c.ID)
		if err == nil && n == 0 {
			err = fault.Conflictf("", "这一条已经有人办过或本人已经改回，请刷新后看下一条")
		}
		return err
	})
}

// Correction returns one by id. Error: fault.NotFound.
func (s *Store) Correction(ctx context.Context, id string) (roster.Correction, error) {
	c, err := one(s.query(ctx, `
		select c.id, c.graduate_id, c.field, c.before, c.value, c.note, c.sealed, c.state, c.asked_at, c.asked_by, c.decided_at,
			c.decided_by, c.reason
		from correction c where c.id = $1`, id), scanCorrection)
	if errors.Is(err, errNoRow) {
		err = fault.NotFoundf("correction", "没有这一条更正，可能地址不完整，请从更正列表进入")
	}
	return c, err
}

// CorrectionsOf returns the corrections of a graduate, newest first.
func (s *Store) CorrectionsOf(ctx context.Context, graduate string) ([]roster.Correction, error) {
	return collect(s.query(ctx, `
		select c.id, c.graduate_id, c.field, c.before, c.value, c.note, c.sealed, c.state, c.asked_at, c.asked_by, c.decided_at,
			c.decided_by, c.reason
		from correction c where c.graduate_id = $1 order by c.id desc`, graduate), scanCorrection)
}

// Corrections returns the open corrections of the fields within the scope, oldest
// first; see roster.CorrectionStore. One that names a major or a class of another
// college is meant where moves are, whatever the fields.
func (s *Store) Corrections(ctx context.Context, within access.Scope, fields []string, moves bool, after string, limit int) ([]roster.Correction, error) {
	if within.Empty() {
		return nil, nil
	}
	return collect(s.query(ctx, `
		select c.id, c.graduate_id, c.field, c.before, c.value, c.note, c.sealed, c.state, c.asked_at, c.asked_by, c.decided_at,
			c.decided_by, c.reason
		from correction c join graduate g on g.id = c.graduate_id
		where $1 and c.state = 'open' and c.id > $3 and
			case when c.field in ('major', 'class') and not exists (
				select 1 from unit u left join unit above on above.id = u.parent
				where u.id = c.value and g.college_id = case u.kind when 'major' then u.parent else coalesce(above.parent, '') end)
			then cast($5 as boolean) else c.field in ($2) end
		order by c.id limit $4`, inside(within), in(fields), after, min(limit, listSize), moves), scanCorrection)
}

// CorrectionsOpen counts the open corrections of the fields within the scope, and
// says since when the oldest waits.
func (s *Store) CorrectionsOpen(ctx context.Context, within access.Scope, fields []string, moves bool) (int, calendar.Instant, error) {
	if within.Empty() {
		return 0, 0, nil
	}
	type waits struct{ n, oldest int64 }
	w, err := one(s.query(ctx, `
		select count(c.id), coalesce(min(c.asked_at), 0)
		from correction c join graduate g on g.id = c.graduate_id
		where $1 and c.state = 'open' and
			case when c.field in ('major', 'class') and not exists (
				select 1 from unit u left join unit above on above.id = u.parent
				where u.id = c.value and g.college_id = case u.kind when 'major' then u.parent else coalesce(above.parent, '') end)
			then cast($3 as boolean) else c.field in ($2) end`, inside(within), in(fields), moves),
		func(rows *sql.Rows, w *waits) error { return rows.Scan(&w.n, &w.oldest) })
	return int(w.n), calendar.Instant(w.oldest), err
}

// CorrectedSince returns the graduates whose profile was corrected at the instant
// or later, by id.
func (s *Store) CorrectedSince(ctx context.Context, since calendar.Instant) ([]string, error) {
	return collect(s.query(ctx, `
		select distinct graduate_id from correction
		where decided_at >= $1 and state in ('done', 'accepted') order by graduate_id`, int64(since)), scanText)
}

func scanCorrection(rows *sql.Rows, c *roster.Correction) error {
	return rows.Scan(&c.ID, &c.Graduate, &c.Field, &c.Before, &c.Value, &c.Note, &c.Sealed, &c.State, &c.Asked, &c.AskedBy,
		&c.Decided, &c.Decider, &c.Reason)
}

// SourceCheck returns a graduate's newest word on the own data; a zero one if
// there is none.
func (s *Store) SourceCheck(ctx context.Context, graduate string) (roster.SourceCheck, error) {
	c, err := one(s.query(ctx, `select graduate_id, at, rev, basis from source_check where graduate_id = $1`, graduate),
		func(rows *sql.Rows, c *roster.SourceCheck) error {
			return rows.Scan(&c.Graduate, &c.At, &c.Rev, &c.Basis)
		})
	if errors.Is(err, errNoRow) {
		return roster.SourceCheck{}, nil
	}
	return c, err
}

// SaveSourceCheck replaces the graduate's word on the own data.
func (s *Store) SaveSourceCheck(ctx context.Context, c roster.SourceCheck) error {
	return s.audited(ctx, "source check", func(ctx context.Context, t *tx) error {
		if err := s.mark(ctx, t, ofChecked, c.Graduate); err != nil {
			return err
		}
		_, err := t.exec(ctx, `
			insert into source_check (graduate_id, at, rev, basis) values ($1, $2, $3, $4)
			on conflict (graduate_id) do update set at = excluded.at, rev = excluded.rev, basis = excluded.basis`,
			c.Graduate, int64(c.At), c.Rev, c.Basis)
		return err
	})
}
