package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
)

// Write takes the one audit entry of the transaction that the context carries.
// What the transaction writes afterwards still belongs to it.
func (s *Store) Write(ctx context.Context, who access.Actor, action, subject string, detail map[string]string) error {
	t, err := s.inTx(ctx, "audit entry "+action)
	if err != nil {
		return err
	}
	if t.entry != nil {
		return t.spoil(errors.New("store: second audit entry in one transaction: " + t.entry.Action + ", " + action))
	}
	text, err := encodeMap(detail)
	if err != nil {
		return err
	}
	t.entry = &audit.Entry{ID: t.audit, At: s.clock(), Account: who.Account, Action: action, Subject: subject, Detail: text}
	return nil
}

// items lays the digests out in the order that history.md and the audit package
// fix: events by graduate and seq, then documents, then what was done to snapshots,
// then imprints by kind and subject.
func items(events, papers, acts, prints []written) []byte {
	out := make([]byte, 0, 32*(len(events)+len(papers)+len(acts)+len(prints)))
	for _, list := range [][]written{events, papers, acts, prints} {
		slices.SortFunc(list, func(a, b written) int {
			return cmp.Or(cmp.Compare(a.graduate, b.graduate), cmp.Compare(a.seq, b.seq), cmp.Compare(a.kind, b.kind), cmp.Compare(a.key, b.key))
		})
		for i := range list {
			out = append(out, list[i].digest[:]...)
		}
	}
	return out
}

func (t *tx) insertAudit(ctx context.Context, e *audit.Entry) error {
	_, err := t.exec(ctx, `
		insert into audit (id, n, at, account, action, subject, detail, items, prev, hash)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		e.ID, e.N, int64(e.At), e.Account, e.Action, e.Subject, e.Detail, e.Items, e.Prev[:], e.Hash[:])
	return err
}

// newest returns the end of the chain; 0 and a zero hash before the first entry.
func newest(ctx context.Context, db runner) (n int64, hash [32]byte, err error) {
	rows, err := db.QueryContext(ctx, `select n, hash from audit where n > 0 order by n desc limit 1`)
	err = result{rows: rows, err: err}.each(func(r *sql.Rows) error {
		var h []byte
		if err := r.Scan(&n, &h); err != nil {
			return err
		}
		copy(hash[:], h)
		return nil
	})
	return n, hash, err
}

func scanAudit(rows *sql.Rows, e *audit.Entry) error {
	var prev, hash []byte
	err := rows.Scan(&e.ID, &e.N, &e.At, &e.Account, &e.Action, &e.Subject, &e.Detail, &e.Items, &prev, &hash)
	copy(e.Prev[:], prev)
	copy(e.Hash[:], hash)
	return err
}

// sealWaiting chains the entries that have no place yet; the caller holds the
// sealer's lock.
func (t *tx) sealWaiting(ctx context.Context) error {
	n, prev, err := newest(ctx, t.db)
	if err != nil {
		return err
	}
	rows, err := t.db.QueryContext(ctx, `
		select id, n, at, account, action, subject, detail, items, prev, hash
		from audit where n = 0 order by at, id`)
	waiting, err := collect(result{rows: rows, err: err}, scanAudit)
	if err != nil {
		return err
	}
	for i := range waiting {
		e := &waiting[i]
		n++
		e.Seal(n, prev)
		prev = e.Hash
		if _, err := t.exec(ctx, `update audit set n = $1, prev = $2, hash = $3 where id = $4`,
			e.N, e.Prev[:], e.Hash[:], e.ID); err != nil {
			return err
		}
	}
	return nil
}
