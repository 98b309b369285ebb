package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/release"
)

var intoSnapshotRow = table{"snapshot_row", []string{"snapshot", "pseudonym", "attrs", "cell", "detail", "scheme", "code", "counts", "sealed"}, 9}

// SaveSnapshot keeps a new snapshot with its rows in order of pseudonym, and
// raises the floor of knowing to its K. Error: fault.Conflict if the name is taken.
func (s *Store) SaveSnapshot(ctx context.Context, x release.Snapshot, rows []release.Row) error {
	return s.audited(ctx, "snapshot", func(ctx context.Context, t *tx) error {
		versions, err := encodeMap(x.CodeVersions)
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, `
			insert into snapshot (name, cohort, true_before, known_before, definition, version, code_versions, frozen_at, frozen_by,
				people, sha256, audit_id)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
			x.Name, x.Cohort, int64(x.Cut.True), int64(x.Cut.Known), x.Definition, x.Version, versions, int64(x.FrozenAt), x.FrozenBy,
			x.People, x.SHA256, t.audit)
		if duplicate(err) {
			return fault.Conflictf("name", "已有名为“%s”的快照，请换一个名字", x.Name)
		}
		if err != nil {
			return err
		}
		t.acted(frozen, x.Name, snapshotDigest(&x, versions))
		if err := s.engine.load(ctx, t, intoSnapshotRow, func(yield func([]any, error) bool) {
			for i := range rows {
				if !yield(snapshotRow(x.Name, &rows[i])) {
					return
				}
			}
		}); err != nil {
			return err
		}
		if x.Release != nil {
			if err := s.SaveApproval(ctx, x.Name, *x.Release); err != nil {
				return err
			}
		}
		return s.raiseFloor(ctx, x.Cut.Known)
	})
}

func snapshotRow(name string, r *release.Row) ([]any, error) {
	if r.Attrs.Value(history.Difficulty) != "" {
		return nil, errors.New("store: row of snapshot " + name + " not sealed")
	}
	attrs, err := json.Marshal(r.Attrs)
	if err != nil {
		return nil, err
	}
	counts, err := json.Marshal(r.Counts)
	return []any{name, r.Pseudonym, string(attrs), r.Cell, string(r.Detail), r.Scheme, r.Code, string(counts), r.Sealed}, err
}

// Snapshot returns one by name. Error: fault.NotFound.
func (s *Store) Snapshot(ctx context.Context, name string) (release.Snapshot, error) {
	x, err := one(s.query(ctx, `
		select name, cohort, true_before, known_before, definition, version, code_versions, frozen_at, frozen_by, people, sha256, approval
		from snapshot where name = $1`, name), scanSnapshot)
	if errors.Is(err, errNoRow) {
		err = noSnapshot(name)
	}
	return x, err
}

func noSnapshot(name string) error {
	return fault.NotFoundf("name", "没有名为“%s”的快照，请到快照列表里核对名称", name)
}

// Snapshots returns all, oldest first.
func (s *Store) Snapshots(ctx context.Context) ([]release.Snapshot, error) {
	return collect(s.query(ctx, `
		select name, cohort, true_before, known_before, definition, version, code_versions, frozen_at, frozen_by, people, sha256, approval
		from snapshot order by frozen_at, name`), scanSnapshot)
}

// KnownSince tells whether any event became known at that instant or later.
func (s *Store) KnownSince(ctx context.Context, k calendar.Instant) (bool, error) {
	n, err := one(s.query(ctx, `select count(1) from (select 1 from event where known_at >= $1 limit 1) as news`, k), func(rows *sql.Rows, x *int) error { return rows.Scan(x) })
	return n > 0, err
}

// CountSteps counts, of each who was ever in the cohort and did any, what became known of
// their changes before an instant.
func (s *Store) CountSteps(ctx context.Context, cohort string, k calendar.Instant) (map[string]release.Steps, error) {
	out := map[string]release.Steps{}
	err := s.query(ctx, `
		select e.graduate_id,
			sum(case when e.step = 'submitted' then 1 else 0 end),
			sum(case when e.step in ('passed', 'returned', 'refused', 'approved') then 1 else 0 end),
			sum(case when e.step = 'returned' then 1 else 0 end),
			sum(case when e.mark = 'seen' then 1 else 0 end),
			sum(case when e.mark = 'employer_confirmed' then 1 else 0 end),
			sum(case when e.mark = 'disputed' then 1 else 0 end)
		from graduate_cohort c join event e on e.graduate_id = c.graduate_id
		where c.cohort = $1 and e.known_at < $2 and (e.step <> '' or e.mark <> '')
		group by e.graduate_id`, cohort, k).each(func(rows *sql.Rows) error {
		var id string
		var n release.Steps
		if err := rows.Scan(&id, &n.Submitted, &n.Decided, &n.Returned, &n.Seen, &n.Confirmed, &n.Disputed); err != nil {
			return err
		}
		out[id] = n
		return nil
	})
	return out, err
}

func scanSnapshot(rows *sql.Rows, x *release.Snapshot) error {
	var versions, approval string
	if err := rows.Scan(&x.Name, &x.Cohort, &x.Cut.True, &x.Cut.Known, &x.Definition, &x.Version, &versions, &x.FrozenAt, &x.FrozenBy,
		&x.People, &x.SHA256, &approval); err != nil {
		return err
	}
	if err := decode(versions, &x.CodeVersions); err != nil {
		return err
	}
	return decode(approval, &x.Release)
}

// SnapshotRows returns the rows in order of pseudonym. Error: fault.NotFound.
func (s *Store) SnapshotRows(ctx context.Context, name string) ([]release.Row, error) {
	if _, err := s.Snapshot(ctx, name); err != nil {
		return nil, err
	}
	return collect(s.query(ctx, `
		select pseudonym, attrs, cell, detail, scheme, code, counts, sealed
		from snapshot_row where snapshot = $1 order by pseudonym`, name), func(rows *sql.Rows, r *release.Row) error {
		var attrs, counts string
		if err := rows.Scan(&r.Pseudonym, &attrs, &r.Cell, &r.Detail, &r.Scheme, &r.Code, &counts, &r.Sealed); err != nil {
			return err
		}
		if err := decode(attrs, &r.Attrs); err != nil {
			return err
		}
		return decode(counts, &r.Counts)
	})
}

// SaveApproval marks a snapshot as released, once. Errors: fault.NotFound;
// fault.Conflict when it was released before.
func (s *Store) SaveApproval(ctx context.Context, name string, a release.Approval) error {
	return s.audited(ctx, "approval", func(ctx context.Context, t *tx) error {
		text, err := json.Marshal(a)
		if err != nil {
			return err
		}
		if _, err := s.Snapshot(ctx, name); err != nil {
			return err
		}
		n, err := t.exec(ctx, `
			update snapshot set approval = $1, approval_audit = $2 where name = $3 and approval = ''`, string(text), t.audit, name)
		if err == nil && n == 0 {
			err = fault.Conflictf("name", "快照“%s”已经发布过，不能再次发布", name)
		}
		if err == nil {
			t.acted(approved, name, approvalDigest(name, string(text)))
		}
		return err
	})
}

// SaveUnlock keeps an unlock.
func (s *Store) SaveUnlock(ctx context.Context, u release.Unlock) error {
	return s.audited(ctx, "unlock", func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, `
			insert into snapshot_unlock (id, snapshot, account, reason, at, until, audit_id) values ($1, $2, $3, $4, $5, $6, $7)`,
			u.ID, u.Snapshot, u.Account, u.Reason, int64(u.At), int64(u.Until), t.audit)
		if err == nil {
			t.acted(unlocked, u.ID, unlockDigest(&u))
		}
		return err
	})
}

// Unlocks returns those of a snapshot, oldest first.
func (s *Store) Unlocks(ctx context.Context, name string) ([]release.Unlock, error) {
	return collect(s.query(ctx, `
		select id, snapshot, account, reason, at, until from snapshot_unlock where snapshot = $1 order by at, id`, name),
		func(rows *sql.Rows, u *release.Unlock) error {
			return rows.Scan(&u.ID, &u.Snapshot, &u.Account, &u.Reason, &u.At, &u.Until)
		})
}
