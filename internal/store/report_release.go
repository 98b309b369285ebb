package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"

	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/report"
)

// AddOverrule keeps why a problem of a draft stands. Error: fault.Conflict where the draft
// has one of the key.
func (s *Store) AddOverrule(ctx context.Context, o report.Overrule) error {
	return s.audited(ctx, "report overrule", func(ctx context.Context, t *tx) error {
		if err := s.mark(ctx, t, ofOverrule, o.Draft+" "+o.Key); err != nil {
			return err
		}
		_, err := t.exec(ctx, `
			insert into report_overrule (report_id, problem, rule, place, words, reason, at, account) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
			o.Draft, o.Key, o.Rule, o.Where, o.Words, o.Reason, int64(o.At), o.By)
		if duplicate(err) {
			err = fault.Conflictf("problem", "刚才已有人放行了这一条，请重新打开检查清单")
		}
		return err
	})
}

// Overrules returns those of a draft, oldest first.
func (s *Store) Overrules(ctx context.Context, draft string) ([]report.Overrule, error) {
	return collect(s.query(ctx, `
		select report_id, problem, rule, place, words, reason, at, account from report_overrule where report_id = $1 order by at, problem`, draft),
		func(rows *sql.Rows, o *report.Overrule) error {
			return rows.Scan(&o.Draft, &o.Key, &o.Rule, &o.Where, &o.Words, &o.Reason, &o.At, &o.By)
		})
}

// AddReportRelease keeps a released report with its files. Error: fault.Conflict where the
// id is taken.
func (s *Store) AddReportRelease(ctx context.Context, r report.Release, files []report.File) error {
	return s.audited(ctx, "report release", func(ctx context.Context, t *tx) error {
		if err := s.mark(ctx, t, ofReportRelease, r.ID); err != nil {
			return err
		}
		var lists [3]string
		for i, list := range []any{r.Snapshots, r.Overruled, r.Forms} {
			text, err := json.Marshal(list)
			if err != nil {
				return err
			}
			lists[i] = string(text)
		}
		_, err := t.exec(ctx, `
			insert into report_release (id, cohort, title, report_id, version, code, snapshots, at, account, reason, overruled, forms)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
			r.ID, r.Cohort, r.Title, r.Draft, r.Version, r.Code, lists[0], int64(r.At), r.By, r.Reason, lists[1], lists[2])
		if duplicate(err) {
			err = fault.Conflictf("report", "刚才已有人发布了这一届的报告，请重新打开这一页再看")
		}
		if err != nil {
			return err
		}
		for _, f := range files {
			if _, err := t.exec(ctx, `insert into report_file (release_id, ending, sha256, body) values ($1, $2, $3, $4)`,
				r.ID, f.Ending, f.SHA256, f.Body); err != nil {
				return err
			}
		}
		return nil
	})
}

// ReportReleases returns all released reports, the newest cohort first, then the newest release.
func (s *Store) ReportReleases(ctx context.Context) ([]report.Release, error) {
	return collect(s.query(ctx, `
		select id, cohort, title, report_id, version, code, snapshots, at, account, reason, overruled, forms
		from report_release order by cohort desc, at desc, id desc`), func(rows *sql.Rows, r *report.Release) error {
		var snapshots, overruled, forms string
		if err := rows.Scan(&r.ID, &r.Cohort, &r.Title, &r.Draft, &r.Version, &r.Code, &snapshots, &r.At, &r.By, &r.Reason, &overruled, &forms); err != nil {
			return err
		}
		return errors.Join(decode(snapshots, &r.Snapshots), decode(overruled, &r.Overruled), decode(forms, &r.Forms))
	})
}

// ReportFile returns the bytes of a form, as they were released. Errors: fault.NotFound;
// fault.Conflict where they are others by now than the release says.
func (s *Store) ReportFile(ctx context.Context, release, ending string) ([]byte, error) {
	type file struct {
		sum, forms string
		body       []byte
	}
	f, err := one(s.query(ctx, `
		select f.sha256, f.body, r.forms from report_file f join report_release r on r.id = f.release_id where f.release_id = $1 and f.ending = $2`, release, ending),
		func(rows *sql.Rows, f *file) error { return rows.Scan(&f.sum, &f.body, &f.forms) })
	if errors.Is(err, errNoRow) {
		return nil, fault.NotFoundf("report", "没有这份已发布的报告")
	}
	if err != nil {
		return nil, err
	}
	var forms []report.Form
	if err := decode(f.forms, &forms); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(f.body)
	for _, x := range forms {
		if x.Ending == ending && x.SHA256 == hex.EncodeToString(sum[:]) && x.SHA256 == f.sum {
			return f.body, nil
		}
	}
	return nil, fault.Conflictf("report", "已发布报告 %s 的 %s 文件与发布时的 SHA-256 不一致，可能被改动过，请由备份恢复", release, ending)
}
