package store

import (
	"context"
	"database/sql"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination"
)

// SaveFindings adds findings or replaces them by id.
func (s *Store) SaveFindings(ctx context.Context, list []destination.Finding) error {
	return s.audited(ctx, "findings", func(ctx context.Context, t *tx) error {
		if err := s.mark(ctx, t, ofFinding, subjects(list, func(f *destination.Finding) string { return f.ID })...); err != nil {
			return err
		}
		for _, f := range list {
			if _, err := t.exec(ctx, `
				insert into finding (id, graduate_id, case_id, change_id, rule, severity, message, at, batch_id, answer, answered_by)
				values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
				on conflict (id) do update set graduate_id = excluded.graduate_id, case_id = excluded.case_id,
					change_id = excluded.change_id, rule = excluded.rule, severity = excluded.severity, message = excluded.message,
					at = excluded.at, batch_id = excluded.batch_id, answer = excluded.answer, answered_by = excluded.answered_by`,
				f.ID, f.Graduate, f.Case, f.Change, f.Rule, string(f.Severity), f.Message, int64(f.At), f.Batch, f.Answer, f.By); err != nil {
				return err
			}
		}
		return nil
	})
}

// Findings returns those about a graduate, oldest first.
func (s *Store) Findings(ctx context.Context, within access.Scope, graduate string) ([]destination.Finding, error) {
	if within.Empty() {
		return nil, nil
	}
	return s.FindingsOf(ctx, within, []string{graduate})
}

// FindingsOf returns those about several graduates, oldest first.
func (s *Store) FindingsOf(ctx context.Context, within access.Scope, graduates []string) ([]destination.Finding, error) {
	if within.Empty() || len(graduates) == 0 {
		return nil, nil
	}
	return collect(s.query(ctx, `
		select f.id, f.graduate_id, f.case_id, f.change_id, f.rule, f.severity, f.message, f.at, f.batch_id, f.answer, f.answered_by
		from finding f join graduate g on g.id = f.graduate_id
		where $1 and f.graduate_id in ($2) order by f.at, f.id`, inside(within), in(graduates)),
		func(rows *sql.Rows, f *destination.Finding) error {
			return rows.Scan(&f.ID, &f.Graduate, &f.Case, &f.Change, &f.Rule, &f.Severity, &f.Message, &f.At, &f.Batch, &f.Answer, &f.By)
		})
}

// Warned returns the graduates of a cohort (blank: of all) with a warning that
// nobody answered, by id.
func (s *Store) Warned(ctx context.Context, within access.Scope, cohort string) ([]string, error) {
	if within.Empty() {
		return nil, nil
	}
	return collect(s.query(ctx, `
		select distinct f.graduate_id from finding f join graduate g on g.id = f.graduate_id
		where $1 and ($2 = '' or g.cohort = $2) and f.severity = 'W' and f.answer = '' order by f.graduate_id`, inside(within), cohort), scanText)
}

// SaveSamples adds samples or replaces them by id.
func (s *Store) SaveSamples(ctx context.Context, list []destination.Sample) error {
	return s.audited(ctx, "samples", func(ctx context.Context, t *tx) error {
		if err := s.mark(ctx, t, ofSample, subjects(list, func(x *destination.Sample) string { return x.ID })...); err != nil {
			return err
		}
		for _, x := range list {
			if _, err := t.exec(ctx, `
				insert into sample (id, graduate_id, case_id, reason, stratum, seed, at, result, note, answered_by, said, answered_at)
				values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
				on conflict (id) do update set graduate_id = excluded.graduate_id, case_id = excluded.case_id, reason = excluded.reason,
					stratum = excluded.stratum, seed = excluded.seed, at = excluded.at, result = excluded.result, note = excluded.note,
					answered_by = excluded.answered_by, answered_at = excluded.answered_at`,
				x.ID, x.Graduate, x.Case, x.Reason, x.Stratum, x.Seed, int64(x.At), x.Result, x.Note, x.By, x.Said, int64(x.Answered)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Samples returns those of a cohort, oldest first; only open ones if asked.
func (s *Store) Samples(ctx context.Context, within access.Scope, cohort string, open bool) ([]destination.Sample, error) {
	if within.Empty() {
		return nil, nil
	}
	return collect(s.query(ctx, `
		select x.id, x.graduate_id, x.case_id, x.reason, x.stratum, x.seed, x.at, x.result, x.note, x.answered_by, x.said, x.answered_at
		from sample x join graduate g on g.id = x.graduate_id
		where $1 and g.cohort = $2 and (x.result = '' or not cast($3 as boolean)) order by x.at, x.id`, scope(within), cohort, open),
		func(rows *sql.Rows, x *destination.Sample) error {
			return rows.Scan(&x.ID, &x.Graduate, &x.Case, &x.Reason, &x.Stratum, &x.Seed, &x.At, &x.Result, &x.Note, &x.By, &x.Said, &x.Answered)
		})
}

// SamplesOf returns those of several graduates, oldest first.
func (s *Store) SamplesOf(ctx context.Context, within access.Scope, graduates []string) ([]destination.Sample, error) {
	if within.Empty() || len(graduates) == 0 {
		return nil, nil
	}
	return collect(s.query(ctx, `
		select x.id, x.graduate_id, x.case_id, x.reason, x.stratum, x.seed, x.at, x.result, x.note, x.answered_by, x.said, x.answered_at
		from sample x join graduate g on g.id = x.graduate_id
		where $1 and x.graduate_id in ($2) order by x.at, x.id`, inside(within), in(graduates)),
		func(rows *sql.Rows, x *destination.Sample) error {
			return rows.Scan(&x.ID, &x.Graduate, &x.Case, &x.Reason, &x.Stratum, &x.Seed, &x.At, &x.Result, &x.Note, &x.By, &x.Said, &x.Answered)
		})
}

// MinimumWages returns all rows, by region and day.
func (s *Store) MinimumWages(ctx context.Context) ([]codes.MinimumWage, error) {
	return collect(s.query(ctx, `select region, from_day, monthly, hourly from minimum_wage order by region, from_day`),
		func(rows *sql.Rows, w *codes.MinimumWage) error {
			return rows.Scan(&w.Region, &w.From, &w.Monthly, &w.Hourly)
		})
}

// SaveMinimumWages adds rows or replaces them by region and day.
func (s *Store) SaveMinimumWages(ctx context.Context, list []codes.MinimumWage, source string) error {
	return s.audited(ctx, "minimum wages", func(ctx context.Context, t *tx) error {
		if err := s.mark(ctx, t, ofWage, subjects(list, func(w *codes.MinimumWage) string { return w.Region })...); err != nil {
			return err
		}
		for _, w := range list {
			if _, err := t.exec(ctx, `
				insert into minimum_wage (region, from_day, monthly, hourly, source) values ($1, $2, $3, $4, $5)
				on conflict (region, from_day) do update set monthly = excluded.monthly, hourly = excluded.hourly, source = excluded.source`,
				w.Region, string(w.From), w.Monthly, w.Hourly, source); err != nil {
				return err
			}
		}
		return nil
	})
}

// Locks returns the released snapshots of a cohort, oldest first.
func (s *Store) Locks(ctx context.Context, cohort string) ([]destination.Lock, error) {
	return collect(s.query(ctx, `
		select s.name, s.cohort, s.true_before, s.known_before,
			exists (select 1 from snapshot_unlock u where u.snapshot = s.name and u.at <= $2 and u.until > $2)
		from snapshot s where s.cohort = $1 and s.approval <> '' order by s.frozen_at, s.name`, cohort, int64(s.clock())),
		func(rows *sql.Rows, l *destination.Lock) error {
			var cut calendar.Cut
			err := rows.Scan(&l.Snapshot, &l.Cohort, &cut.True, &cut.Known, &l.Unlocked)
			l.LastDay, l.Known = cut.LastDay(), cut.Known
			return err
		})
}
