package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
)

// BeginBatch notes an import that is about to stage.
func (s *Store) BeginBatch(ctx context.Context, b roster.Batch) error {
	_, err := s.exec(ctx, `
		insert into batch (id, kind, cohort, source, file, file_sha256, account, started_at, begun_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		b.ID, b.Kind, b.Cohort, b.Source, b.File, b.FileSHA256, b.Account, int64(b.Started), time.Now().UnixMilli())
	return err
}

var (
	stageGraduate = table{"stage_graduate", []string{"batch_id", "id", "student_no", "exam_no", "name",
		"cohort", "level_id", "college_id", "major_id", "class_id", "sex", "ethnicity", "origin", "training", "in_statistics", "has_left",
		"seq", "profile", "sealed", "id_index", "phone_index", "before", "expect_seq", "expect_rev"}, 24}
	stageEvent = table{"stage_event", []string{"batch_id", "graduate_id", "seq", "digest", "true_on", "change_id", "step", "act", "case_id",
		"level", "mark", "scheme", "code", "said", "fields", "sealed", "actor", "source", "reason", "evidence", "cohort"}, 4}
)

// Stage keeps graduates and sealed events of a batch that was begun, in a short
// transaction of its own. Error: fault.NotFound when the batch was dropped.
func (s *Store) Stage(ctx context.Context, batch string, people []roster.StagedGraduate, events []history.Event) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		if _, err := s.openBatch(ctx, batch); err != nil {
			return err
		}
		t := s.txOf(ctx)
		err := s.engine.load(ctx, t, stageGraduate, func(yield func([]any, error) bool) {
			for i := range people {
				if !yield(stagedRow(batch, &people[i])) {
					return
				}
			}
		})
		if err != nil {
			return err
		}
		return s.engine.load(ctx, t, stageEvent, func(yield func([]any, error) bool) {
			for i := range events {
				if !yield(stagedEventRow(batch, &events[i])) {
					return
				}
			}
		})
	})
}

func stagedRow(batch string, p *roster.StagedGraduate) ([]any, error) {
	profile, err := encodeMap(p.Profile)
	if p.Secret != nil {
		err = errors.New("store: graduate " + p.ID + " not sealed")
	}
	row := append([]any{batch, p.ID, p.StudentNo, p.ExamNo, p.Name}, derived(p.Attrs)...)
	return append(row, int64(p.Seq), profile, p.Sealed, p.IDIndex, p.PhoneIndex, p.Before, int64(p.ExpectSeq), int64(p.Rev)), err
}

func stagedEventRow(batch string, e *history.Event) ([]any, error) {
	if e.Import != batch {
		return nil, errors.New("store: event " + e.Graduate + " staged for another import than its own")
	}
	c, err := encode(e)
	if err != nil {
		return nil, err
	}
	cohort, _ := e.Set.Value(history.Cohort)
	digest := e.ContentDigest()
	return []any{batch, e.Graduate, int64(e.Seq), digest[:], string(e.TrueOn), e.Change, string(e.Step), string(e.Act), e.Case,
		int64(e.Level), string(e.Mark), e.Scheme, e.Code, c.said, c.fields, e.Sealed, e.Actor, e.Source, e.Reason, c.evidence, cohort}, nil
}

// openBatch returns a batch that may still be staged and published.
func (s *Store) openBatch(ctx context.Context, batch string) (string, error) {
	id, err := one(s.query(ctx, `select id from batch where id = $1 and published_at = 0`, batch), scanText)
	if errors.Is(err, errNoRow) {
		err = fault.NotFoundf("batch", "这次导入已经完成或取消，请重新导入文件")
	}
	return id, err
}

// DropBatch forgets a batch that was not published, and all that was staged.
func (s *Store) DropBatch(ctx context.Context, batch string) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		n, err := s.exec(ctx, `delete from batch where id = $1 and published_at = 0`, batch)
		if err != nil || n == 0 {
			return err
		}
		return s.clearStage(ctx, batch)
	})
}

func (s *Store) clearStage(ctx context.Context, batch string) error {
	if _, err := s.exec(ctx, `delete from stage_event where batch_id = $1`, batch); err != nil {
		return err
	}
	_, err := s.exec(ctx, `delete from stage_graduate where batch_id = $1`, batch)
	return err
}

// dropLeftovers drops batches that were begun before the moment and never
// published: their import died.
func (s *Store) dropLeftovers(ctx context.Context, begun time.Time) error {
	left, err := collect(s.query(ctx, `select id from batch where published_at = 0 and begun_at < $1`, begun.UnixMilli()), scanText)
	if err != nil {
		return err
	}
	for _, id := range left {
		if err := s.DropBatch(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// BatchList returns the published batches, newest first.
func (s *Store) BatchList(ctx context.Context) ([]roster.Batch, error) {
	return collect(s.query(ctx, `
		select id, kind, cohort, source, file, file_sha256, account, started_at, published_at, undone_at, undone_by, counts
		from batch where published_at > 0 order by published_at desc, id desc`),
		func(rows *sql.Rows, b *roster.Batch) error {
			var counts string
			err := rows.Scan(&b.ID, &b.Kind, &b.Cohort, &b.Source, &b.File, &b.FileSHA256, &b.Account, &b.Started, &b.Published,
				&b.Undone, &b.UndoneBy, &counts)
			if err != nil {
				return err
			}
			return decode(counts, &b.Counts)
		})
}

// BatchGraduates returns the graduates with an event of the batch, in order of id.
func (s *Store) BatchGraduates(ctx context.Context, batch string) ([]string, error) {
	return collect(s.query(ctx, `select graduate_id from batch_graduate where batch_id = $1 order by graduate_id`, batch), scanText)
}

// BatchBefore returns the sealed former profiles that the batch replaced, by graduate.
func (s *Store) BatchBefore(ctx context.Context, batch string) (map[string]string, error) {
	out := map[string]string{}
	err := s.query(ctx, `select graduate_id, sealed from batch_before where batch_id = $1`, batch).each(func(rows *sql.Rows) error {
		var id, sealed string
		err := rows.Scan(&id, &sealed)
		out[id] = sealed
		return err
	})
	return out, err
}

// MarkUndone notes, inside a transaction, which batch undid one.
// Error: fault.Conflict when it was undone before.
func (s *Store) MarkUndone(ctx context.Context, batch, by string) error {
	return s.audited(ctx, "undoing of an import", func(ctx context.Context, t *tx) error {
		if err := s.mark(ctx, t, ofBatch, batch); err != nil {
			return err
		}
		n, err := t.exec(ctx, `
			update batch set undone_at = $1, undone_by = $2
			where id = $3 and published_at > 0 and undone_at = 0`, int64(s.clock()), by, batch)
		if err == nil && n == 0 {
			err = fault.Conflictf("batch", "这次导入没有发布或已经撤销过，请查看导入清单")
		}
		return err
	})
}

func encodeCounts(counts map[string]int) (string, error) {
	b, err := json.Marshal(counts)
	return string(b), err
}
