package store

import (
	"database/sql"
	"fmt"

	"quxiang/internal/domain/release"
)

// Freezing, releasing and unlocking a snapshot are rows that the audit entry
// answers for like events: whoever blanks an approval takes the lock away from
// the figures that were handed in.

// actKind is what was done to a snapshot, in the order of an entry's Items.
type actKind int

const (
	frozen actKind = iota + 1
	approved
	unlocked
)

// acted notes the digest of a row about a snapshot for the audit entry.
func (t *tx) acted(kind actKind, key string, digest [32]byte) {
	t.acts = append(t.acts, written{kind: kind, key: key, digest: digest})
}

// snapshotDigest is over the snapshot's own row without its approval; its people
// are in its SHA-256. Versions are the code versions as they lie there.
func snapshotDigest(x *release.Snapshot, versions string) [32]byte {
	return rowDigest([]string{"snapshot", x.Name, x.Cohort, x.Definition, x.Version, versions, x.FrozenBy, x.SHA256},
		int64(x.Cut.True), int64(x.Cut.Known), int64(x.FrozenAt), int64(x.People))
}

// approvalDigest is over the approval as it lies with the snapshot of the name.
func approvalDigest(name, approval string) [32]byte {
	return rowDigest([]string{"approval", name, approval})
}

func unlockDigest(u *release.Unlock) [32]byte {
	return rowDigest([]string{"unlock", u.ID, u.Snapshot, u.Account, u.Reason}, int64(u.At), int64(u.Until))
}

// acts checks the rows about snapshots in the order of an entry's Items.
func (v *verifier) acts() error {
	for _, check := range []func() error{v.snapshots, v.approvals, v.unlocks} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) snapshots() error {
	return v.query(`
		select name, cohort, true_before, known_before, definition, version, code_versions, frozen_at, frozen_by, people, sha256, audit_id
		from snapshot order by name`).each(func(rows *sql.Rows) error {
		var x release.Snapshot
		var versions, entry string
		if err := rows.Scan(&x.Name, &x.Cohort, &x.Cut.True, &x.Cut.Known, &x.Definition, &x.Version, &versions, &x.FrozenAt, &x.FrozenBy,
			&x.People, &x.SHA256, &entry); err != nil {
			return err
		}
		digest := snapshotDigest(&x, versions)
		v.found(entry, digest[:], func() string { return fmt.Sprintf("快照“%s”的冻结登记", x.Name) })
		return nil
	})
}

// approvals looks at blank ones too when an entry is named: they were taken away.
func (v *verifier) approvals() error {
	return v.query(`
		select name, approval, approval_audit from snapshot
		where approval <> '' or approval_audit <> '' order by name`).each(func(rows *sql.Rows) error {
		var name, approval, entry string
		if err := rows.Scan(&name, &approval, &entry); err != nil {
			return err
		}
		digest := approvalDigest(name, approval)
		v.found(entry, digest[:], func() string { return fmt.Sprintf("快照“%s”的发布审批", name) })
		return nil
	})
}

func (v *verifier) unlocks() error {
	return v.query(`
		select id, snapshot, account, reason, at, until, audit_id
		from snapshot_unlock order by id`).each(func(rows *sql.Rows) error {
		var u release.Unlock
		var entry string
		if err := rows.Scan(&u.ID, &u.Snapshot, &u.Account, &u.Reason, &u.At, &u.Until, &entry); err != nil {
			return err
		}
		digest := unlockDigest(&u)
		v.found(entry, digest[:], func() string { return fmt.Sprintf("快照“%s”的解锁登记 %s ", u.Snapshot, u.ID) })
		return nil
	})
}
