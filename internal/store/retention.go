package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/privacy"
)

// Papers returns the documents of the instant or older whose file was not let go
// of, with the cohort that their graduate is in.
func (s *Store) Papers(ctx context.Context, until calendar.Instant) ([]privacy.Paper, error) {
	return collect(s.query(ctx, `
		select d.graduate_id, d.sha256, d.kind, g.cohort, coalesce(a.at, d.at), d.purged_audit
		from document d join graduate g on g.id = d.graduate_id left join audit a on a.id = d.purged_audit
		where d.purged_at = 0 and d.at <= $1 order by d.graduate_id, d.sha256, d.kind`, int64(until)),
		func(rows *sql.Rows, p *privacy.Paper) error {
			return rows.Scan(&p.Graduate, &p.SHA256, &p.Kind, &p.Cohort, &p.At, &p.Again)
		})
}

// MarkPurged notes that the files of documents are let go of and returns of how
// many: one that was handed in again since is another's now. The rows stay.
func (s *Store) MarkPurged(ctx context.Context, list []privacy.Paper, at calendar.Instant) (purged int, err error) {
	err = s.InTx(ctx, func(ctx context.Context) error {
		t := s.txOf(ctx)
		subject := func(p *privacy.Paper) string { return p.Graduate + " " + p.SHA256 + " " + p.Kind }
		if err := s.look(ctx, t, ofPurged, subjects(list, subject)); err != nil {
			return err
		}
		for _, p := range list {
			n, err := t.exec(ctx, `
				update document set purged_at = $1, purged_audit = $2
				where graduate_id = $3 and sha256 = $4 and kind = $5 and purged_at = 0 and purged_audit = $6`,
				int64(at), t.audit, p.Graduate, p.SHA256, p.Kind, p.Again)
			if err != nil {
				return err
			}
			if purged += int(n); n > 0 {
				t.due(ofPurged, subject(&p))
			}
		}
		return nil
	})
	return purged, err
}

// Purged returns the documents whose files were let go of, with when they were.
func (s *Store) Purged(ctx context.Context) ([]privacy.Paper, error) {
	return collect(s.query(ctx, `
		select graduate_id, sha256, kind, purged_at from document where purged_at > 0 order by graduate_id, sha256, kind`),
		func(rows *sql.Rows, p *privacy.Paper) error { return rows.Scan(&p.Graduate, &p.SHA256, &p.Kind, &p.At) })
}

// PurgedFiles returns the hashes of which no document needs the file any more.
func (s *Store) PurgedFiles(ctx context.Context) ([]string, error) {
	return collect(s.query(ctx, `
		select sha256 from document group by sha256 having min(purged_at) > 0 order by sha256`), scanText)
}

// StillPurged reports that no document needs the file.
func (s *Store) StillPurged(ctx context.Context, sha256 string) (bool, error) {
	n, err := one(s.query(ctx, `select count(sha256) from document where sha256 = $1 and purged_at = 0`, sha256), scanNumber)
	return n == 0, err
}

// onHold are the rows of cohorts of which nothing goes, or the others. The column
// names a graduate or an account.
type onHold struct {
	column string
	held   bool
}

func (c onHold) write(b *binding) {
	b.text.WriteString(c.column)
	if !c.held {
		b.text.WriteString(" not")
	}
	b.text.WriteString(" in (")
	if c.column == "account_id" {
		b.text.WriteString(`select c.id from account c join graduate g on g.id = c.graduate join legal_hold h on h.cohort = g.cohort where h.lifted_at = 0)`)
		return
	}
	b.text.WriteString(`select g.id from graduate g join legal_hold h on h.cohort = g.cohort where h.lifted_at = 0)`)
}

// expired says whose rows each rule is about, and counts and removes them; $1 is the
// instant, $2 onHold.
var expired = map[string]struct{ column, count, remove string }{
	"drafts":   {"graduate_id", `select count(saved_at) from draft where saved_at < $1 and $2`, `delete from draft where saved_at < $1 and $2`},
	"sessions": {"account_id", `select count(began_at) from login_session where seen_at < $1 and $2`, `delete from login_session where seen_at < $1 and $2`},
	"links":    {"account_id", `select count(expires_at) from login_link where expires_at < $1 and $2`, `delete from login_link where expires_at < $1 and $2`},
	"requests": {"graduate_id", `select count(id) from privacy_request where state <> 'open' and decided_at < $1 and sealed <> '' and $2`,
		`update privacy_request set sealed = '' where state <> 'open' and decided_at < $1 and sealed <> '' and $2`},
	"shown": {"graduate_id", `select count(s.audit_id) from shown s join audit a on a.id = s.audit_id where a.at < $1 and $2`,
		`delete from shown where audit_id in (select id from audit where at < $1) and $2`},
}

// Expired counts what a rule lets go of, and what of it a hold keeps back.
func (s *Store) Expired(ctx context.Context, rule string, before calendar.Instant) (due, held int, err error) {
	of, ok := expired[rule]
	if !ok {
		return 0, 0, fmt.Errorf("store: no retention rule %s", rule)
	}
	n, err := one(s.query(ctx, of.count, int64(before), onHold{of.column, false}), scanNumber)
	if err != nil {
		return 0, 0, err
	}
	m, err := one(s.query(ctx, of.count, int64(before), onHold{of.column, true}), scanNumber)
	return int(n), int(m), err
}

// DropExpired removes it, but for what is on hold.
func (s *Store) DropExpired(ctx context.Context, rule string, before calendar.Instant) (int, error) {
	of, ok := expired[rule]
	if !ok {
		return 0, fmt.Errorf("store: no retention rule %s", rule)
	}
	n, err := s.exec(ctx, of.remove, int64(before), onHold{of.column, false})
	return int(n), err
}

// SaveRun keeps the report of a run; a proposal replaces the one before it.
func (s *Store) SaveRun(ctx context.Context, r privacy.Run) error {
	report, err := json.Marshal(r.Counts)
	if err != nil {
		return err
	}
	return s.InTx(ctx, func(ctx context.Context) error {
		if _, err := s.exec(ctx, `delete from retention_run where state = 'proposed'`); err != nil {
			return err
		}
		_, err = s.exec(ctx, `insert into retention_run (id, at, account, state, report) values ($1, $2, $3, $4, $5)`,
			r.ID, int64(r.At), r.Account, string(r.State), string(report))
		return err
	})
}

// Runs returns the newest reports.
func (s *Store) Runs(ctx context.Context, limit int) ([]privacy.Run, error) {
	return collect(s.query(ctx, `
		select id, at, account, state, report from retention_run order by at desc, id desc limit $1`, limit),
		func(rows *sql.Rows, r *privacy.Run) error {
			var report string
			if err := rows.Scan(&r.ID, &r.At, &r.Account, &r.State, &report); err != nil {
				return err
			}
			return json.Unmarshal([]byte(report), &r.Counts)
		})
}

// SaveHold adds a hold, or replaces it by id.
func (s *Store) SaveHold(ctx context.Context, h privacy.Hold) error {
	return s.audited(ctx, "legal hold", func(ctx context.Context, t *tx) error {
		if err := s.mark(ctx, t, ofHold, h.ID); err != nil {
			return err
		}
		_, err := t.exec(ctx, `
			insert into legal_hold (id, cohort, reason, account, at, lifted_at, lifted_by) values ($1, $2, $3, $4, $5, $6, $7)
			on conflict (id) do update set lifted_at = excluded.lifted_at, lifted_by = excluded.lifted_by`,
			h.ID, h.Cohort, h.Reason, h.Account, int64(h.At), int64(h.Lifted), h.LiftedBy)
		return err
	})
}

// Holds returns all, the newest first.
func (s *Store) Holds(ctx context.Context) ([]privacy.Hold, error) {
	return collect(s.query(ctx, `
		select id, cohort, reason, account, at, lifted_at, lifted_by from legal_hold order by at desc, id desc`),
		func(rows *sql.Rows, h *privacy.Hold) error {
			return rows.Scan(&h.ID, &h.Cohort, &h.Reason, &h.Account, &h.At, &h.Lifted, &h.LiftedBy)
		})
}
