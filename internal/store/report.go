package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"

	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/report"
)

// AddReport keeps a new draft of an annual report with its first version.
func (s *Store) AddReport(ctx context.Context, d report.Draft, first report.Version) error {
	return s.audited(ctx, "report", func(ctx context.Context, t *tx) error {
		if err := s.mark(ctx, t, ofReport, d.ID); err != nil {
			return err
		}
		if _, err := t.exec(ctx, `
			insert into report (id, cohort, snapshot, as_of, begun_from, begun_at, begun_by) values ($1, $2, $3, $4, $5, $6, $7)`,
			d.ID, d.Cohort, d.Snapshot, int64(d.AsOf), d.From, int64(d.BegunAt), d.BegunBy); err != nil {
			return err
		}
		return s.AddReportVersion(ctx, first)
	})
}

// GroundReport says what the draft is counted from, from now on.
func (s *Store) GroundReport(ctx context.Context, id string, g report.Ground) error {
	return s.audited(ctx, "report", func(ctx context.Context, t *tx) error {
		if err := s.mark(ctx, t, ofReport, id); err != nil {
			return err
		}
		_, err := t.exec(ctx, `update report set snapshot = $1, as_of = $2 where id = $3`, g.Snapshot, int64(g.AsOf), id)
		return err
	})
}

// AddReportVersion keeps one. Error: fault.Conflict where its number is taken.
func (s *Store) AddReportVersion(ctx context.Context, v report.Version) error {
	return s.audited(ctx, "report version", func(ctx context.Context, t *tx) error {
		if err := s.mark(ctx, t, ofReportVersion, v.Draft+" "+strconv.Itoa(v.Number)); err != nil {
			return err
		}
		_, err := t.exec(ctx, `
			insert into report_version (report_id, number, title, body, sha256, at, account, note) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
			v.Draft, v.Number, v.Title, v.Text, v.SHA256, int64(v.At), v.By, v.Note)
		if duplicate(err) {
			err = fault.Conflictf("base", "期间有人保存了第 %d 版；这次的改动还没有保存，请看过别人改了什么再保存", v.Number)
		}
		return err
	})
}

// reportColumns are those of a draft with its newest version.
const reportColumns = `
		select r.id, r.cohort, r.snapshot, r.as_of, r.begun_from, r.begun_at, r.begun_by,
			v.number, v.title, v.sha256, v.at, v.account, v.note
		from report r join report_version v on v.report_id = r.id`

// Report returns a draft. Error: fault.NotFound.
func (s *Store) Report(ctx context.Context, id string) (report.Draft, error) {
	d, err := one(s.query(ctx, reportColumns+` where r.id = $1 order by v.number desc limit 1`, id), scanReport)
	if errors.Is(err, errNoRow) {
		err = fault.NotFoundf("report", "没有这份报告，请到年度报告列表里核对")
	}
	return d, err
}

// Reports returns all drafts, the newest cohort first, then the newest draft.
func (s *Store) Reports(ctx context.Context) ([]report.Draft, error) {
	return collect(s.query(ctx, reportColumns+`
		where v.number = (select max(x.number) from report_version x where x.report_id = r.id)
		order by r.cohort desc, r.begun_at desc, r.id`), scanReport)
}

func scanReport(rows *sql.Rows, d *report.Draft) error {
	v := &d.Newest
	err := rows.Scan(&d.ID, &d.Cohort, &d.Snapshot, &d.AsOf, &d.From, &d.BegunAt, &d.BegunBy, &v.Number, &v.Title, &v.SHA256, &v.At, &v.By, &v.Note)
	v.Draft = d.ID
	return err
}

// ReportVersion returns one with its text. Error: fault.NotFound.
func (s *Store) ReportVersion(ctx context.Context, id string, number int) (report.Version, error) {
	v, err := one(s.query(ctx, `
		select report_id, number, title, sha256, at, account, note, body from report_version where report_id = $1 and number = $2`, id, number),
		func(rows *sql.Rows, v *report.Version) error {
			return rows.Scan(&v.Draft, &v.Number, &v.Title, &v.SHA256, &v.At, &v.By, &v.Note, &v.Text)
		})
	if errors.Is(err, errNoRow) {
		err = fault.NotFoundf("version", "这份报告没有第 %d 版", number)
	}
	return v, err
}

// ReportVersions returns all without their texts, the newest first.
func (s *Store) ReportVersions(ctx context.Context, id string) ([]report.Version, error) {
	return collect(s.query(ctx, `
		select report_id, number, title, sha256, at, account, note from report_version where report_id = $1 order by number desc`, id),
		func(rows *sql.Rows, v *report.Version) error {
			return rows.Scan(&v.Draft, &v.Number, &v.Title, &v.SHA256, &v.At, &v.By, &v.Note)
		})
}
