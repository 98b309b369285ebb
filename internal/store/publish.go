package store

import (
	"context"
	"database/sql"
	"errors"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

// PublishBatch moves what was staged into place, one statement a table; see
// roster.Batches. The statements check what they move: whoever has a newer event
// or profile than the plan knew is not among the rows concerned, and the count
// tells.
func (s *Store) PublishBatch(ctx context.Context, batch string, counts map[string]int) (calendar.Instant, error) {
	t, err := s.inTx(ctx, "import")
	if err != nil {
		return 0, err
	}
	t.owes = "an import"
	if _, err := s.openBatch(ctx, batch); err != nil {
		return 0, err
	}
	if err := s.engine.share(ctx, t); err != nil {
		return 0, err
	}
	known, err := s.batchKnown(ctx, batch)
	if err != nil {
		return 0, err
	}
	if err := errors.Join(s.mark(ctx, t, ofBatch, batch), s.markStaged(ctx, t, batch)); err != nil {
		return 0, err
	}
	for _, step := range []func(context.Context, *tx, string, calendar.Instant) error{
		s.checkStage, s.moveKnownPeople, s.moveNewPeople, s.moveOthers, s.moveEvents, s.followEvents,
	} {
		if err := step(ctx, t, batch, known); err != nil {
			if duplicate(err) {
				err = errImportNewer()
			}
			return 0, t.spoil(err)
		}
	}
	text, err := encodeCounts(counts)
	if err != nil {
		return 0, t.spoil(err)
	}
	if _, err := t.exec(ctx, `update batch set published_at = $1, counts = $2 where id = $3`, int64(known), text, batch); err != nil {
		return 0, err
	}
	return known, s.clearStage(ctx, batch)
}

// markStaged notes that the staged people are about to be written.
func (s *Store) markStaged(ctx context.Context, t *tx, batch string) error {
	people, err := collect(s.query(ctx, `select id from stage_graduate where batch_id = $1`, batch), scanText)
	if err != nil {
		return err
	}
	return s.mark(ctx, t, ofGraduate, people...)
}

func errImportNewer() error {
	return fault.Conflictf("", "核对文件期间有毕业生的记录被更新，本次导入没有改动任何数据，请重新导入")
}

// batchKnown is the instant of knowing of the whole batch.
func (s *Store) batchKnown(ctx context.Context, batch string) (calendar.Instant, error) {
	floor, err := s.floor(ctx)
	if err != nil {
		return 0, err
	}
	newest, err := one(s.query(ctx, `
		select coalesce(max(g.known_at), 0) from graduate g
		where g.id in (select e.graduate_id from stage_event e where e.batch_id = $1)`, batch), scanNumber)
	return max(s.clock(), floor, calendar.Instant(newest)), err
}

// checkStage refuses a stage whose people and events do not belong together: a
// defect of the import.
func (s *Store) checkStage(ctx context.Context, _ *tx, batch string, _ calendar.Instant) error {
	bad, err := one(s.query(ctx, `
		select count(p.id) from stage_graduate p left join (
			select e.graduate_id, min(e.seq) as lo, max(e.seq) as hi, count(e.seq) as n
			from stage_event e where e.batch_id = $1 group by e.graduate_id) s on s.graduate_id = p.id
		where p.batch_id = $1 and (coalesce(s.lo, p.expect_seq + 1) <> p.expect_seq + 1
			or coalesce(s.hi, p.expect_seq) <> p.seq or coalesce(s.n, 0) <> p.seq - p.expect_seq)`, batch), scanNumber)
	if err == nil && bad > 0 {
		err = errors.New("store: staged events do not follow from where staged graduates stand")
	}
	return err
}

// expect runs a statement that must concern as many rows as the query counts.
func (s *Store) expect(ctx context.Context, t *tx, want result, text string, args ...any) error {
	rows, err := one(want, scanNumber)
	if err != nil || rows == 0 {
		return err // none: the statement would read the whole stage again
	}
	n, err := t.exec(ctx, text, args...)
	if err == nil && n != rows {
		err = errImportNewer()
	}
	return err
}

// moveKnownPeople brings graduates who were there before up to date.
func (s *Store) moveKnownPeople(ctx context.Context, t *tx, batch string, known calendar.Instant) error {
	return s.expect(ctx, t,
		s.query(ctx, `select count(id) from stage_graduate where batch_id = $1 and expect_seq > 0`, batch), `
		update graduate set student_no = nullif(s.student_no, ''), exam_no = nullif(s.exam_no, ''), name = s.name, cohort = s.cohort,
			level_id = s.level_id, college_id = s.college_id, major_id = s.major_id, class_id = s.class_id, sex = s.sex,
			ethnicity = s.ethnicity, origin = s.origin, training = s.training, in_statistics = s.in_statistics, has_left = s.has_left,
			known_at = case when s.seq > s.expect_seq then cast($2 as bigint) else graduate.known_at end, seq = s.seq,
			profile_rev = graduate.profile_rev + 1, profile = s.profile, sealed = s.sealed, id_index = s.id_index, phone_index = s.phone_index
		from stage_graduate s
		where s.batch_id = $1 and s.expect_seq > 0 and graduate.id = s.id and graduate.seq = s.expect_seq
			and graduate.profile_rev = s.expect_rev`, batch, int64(known))
}

func (s *Store) moveNewPeople(ctx context.Context, t *tx, batch string, known calendar.Instant) error {
	_, err := t.exec(ctx, `
		insert into graduate (id, student_no, exam_no, name, cohort, level_id, college_id, major_id, class_id, sex, ethnicity,
			origin, training, in_statistics, has_left, seq, known_at, profile, sealed, id_index, phone_index)
		select id, nullif(student_no, ''), nullif(exam_no, ''), name, cohort, level_id, college_id, major_id, class_id, sex, ethnicity,
			origin, training, in_statistics, has_left, seq, cast($2 as bigint), profile, sealed, id_index, phone_index
		from stage_graduate where batch_id = $1 and expect_seq = 0 order by id`, batch, int64(known))
	return err
}

// moveOthers moves the end of the histories of graduates of whom only events
// were staged.
func (s *Store) moveOthers(ctx context.Context, t *tx, batch string, known calendar.Instant) error {
	return s.expect(ctx, t, s.query(ctx, `
		select count(distinct e.graduate_id) from stage_event e
		where e.batch_id = $1 and not exists (
			select 1 from stage_graduate p where p.batch_id = $1 and p.id = e.graduate_id)`, batch), `
		update graduate set seq = s.hi, known_at = cast($2 as bigint)
		from (
			select e.graduate_id, min(e.seq) as lo, max(e.seq) as hi, count(e.seq) as n
			from stage_event e
			where e.batch_id = $1 and not exists (
				select 1 from stage_graduate p where p.batch_id = $1 and p.id = e.graduate_id)
			group by e.graduate_id) s
		where graduate.id = s.graduate_id and graduate.seq = s.lo - 1 and s.hi - s.lo + 1 = s.n`, batch, int64(known))
}

func (s *Store) moveEvents(ctx context.Context, t *tx, batch string, known calendar.Instant) error {
	_, err := t.exec(ctx, `
		insert into event (graduate_id, seq, known_at, true_on, change_id, step, act, case_id, level, mark,
			scheme, code, said, fields, sealed, actor, source, reason, batch_id, evidence, audit_id)
		select graduate_id, seq, cast($2 as bigint), true_on, change_id, step, act, case_id, level, mark,
			scheme, code, said, fields, sealed, actor, source, reason, batch_id, evidence, cast($3 as text)
		from stage_event where batch_id = $1 order by graduate_id, seq`, batch, int64(known), t.audit)
	if err != nil {
		return err
	}
	var e history.Event
	return s.query(ctx, `
		select graduate_id, seq, digest from stage_event where batch_id = $1 order by graduate_id, seq`, batch).each(
		func(rows *sql.Rows) error {
			var content []byte
			if err := rows.Scan(&e.Graduate, &e.Seq, &content); err != nil {
				return err
			}
			t.wrote(&e, history.DigestAt([32]byte(content), known))
			return nil
		})
}

// followEvents brings up to date what follows from the events and the stage: the
// cohorts ever, the batch's own lists, and attributes that nobody staged.
func (s *Store) followEvents(ctx context.Context, t *tx, batch string, _ calendar.Instant) error {
	for _, text := range []string{
		`insert into graduate_cohort (cohort, graduate_id)
		select distinct cohort, graduate_id from stage_event where batch_id = $1 and cohort <> ''
		on conflict (cohort, graduate_id) do nothing`,
		`insert into batch_graduate (batch_id, graduate_id)
		select distinct batch_id, graduate_id from stage_event where batch_id = $1`,
		`insert into batch_before (batch_id, graduate_id, sealed)
		select batch_id, id, before from stage_graduate where batch_id = $1 and before <> ''`,
	} {
		if _, err := t.exec(ctx, text, batch); err != nil {
			return err
		}
	}
	unstaged, err := collect(s.query(ctx, `
		select distinct e.graduate_id from stage_event e
		where e.batch_id = $1 and e.step = '' and e.mark = '' and not exists (
			select 1 from stage_graduate p where p.batch_id = $1 and p.id = e.graduate_id)
		order by e.graduate_id`, batch), scanText)
	if err != nil {
		return err
	}
	return s.refold(ctx, unstaged)
}
