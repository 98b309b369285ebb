package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/destination"
)

// SaveDocument keeps the row that names a file; the file must be there already.
// The same file of one kind handed in twice by one graduate is one document.
func (s *Store) SaveDocument(ctx context.Context, d destination.Document) error {
	return s.audited(ctx, "document", func(ctx context.Context, t *tx) error {
		n, err := t.exec(ctx, `
			insert into document (graduate_id, sha256, kind, media, size, at, account, audit_id)
			values ($1, $2, $3, $4, $5, $6, $7, $8)
			on conflict (graduate_id, sha256, kind) do nothing`,
			d.Graduate, d.SHA256, d.Kind, d.Media, d.Size, int64(d.At), d.Account, t.audit)
		if err == nil && n > 0 {
			t.papers = append(t.papers, written{graduate: d.Graduate, key: paperKey(d), digest: paperDigest(d)})
		}
		if err != nil || n > 0 {
			return err
		}
		// Handed in again: the file is there again, and its term begins with this entry.
		if err := s.mark(ctx, t, ofPurged, d.Graduate+" "+paperKey(d)); err != nil {
			return err
		}
		_, err = t.exec(ctx, `
			update document set purged_at = 0, purged_audit = $1
			where graduate_id = $2 and sha256 = $3 and kind = $4`, t.audit, d.Graduate, d.SHA256, d.Kind)
		return err
	})
}

// paperKey orders the documents of one graduate as the primary key does.
func paperKey(d destination.Document) string { return d.SHA256 + " " + d.Kind }

// paperDigest is over every column of the row but its audit entry's id.
func paperDigest(d destination.Document) [32]byte {
	return rowDigest([]string{d.Graduate, d.SHA256, d.Kind, d.Media, d.Account}, d.Size, int64(d.At))
}

// rowDigest is over the texts of a row, each with its length before it, and then
// its numbers.
func rowDigest(texts []string, numbers ...int64) [32]byte {
	var b []byte
	for _, text := range texts {
		b = binary.BigEndian.AppendUint32(b, uint32(len(text)))
		b = append(b, text...)
	}
	for _, n := range numbers {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	return sha256.Sum256(b)
}

// Documents returns those of a graduate, oldest first.
func (s *Store) Documents(ctx context.Context, within access.Scope, graduate string) ([]destination.Document, error) {
	if within.Empty() {
		return nil, nil
	}
	return collect(s.query(ctx, `
		select d.graduate_id, d.sha256, d.kind, d.media, d.size, d.at, d.account, d.purged_at
		from document d join graduate g on g.id = d.graduate_id
		where $1 and d.graduate_id = $2 order by d.at, d.sha256, d.kind`, inside(within), graduate), scanDocument)
}

// EachDocument gives all documents by hash, so that each file is met once in a row.
func (s *Store) EachDocument(ctx context.Context, do func(destination.Document) error) error {
	return s.query(ctx, `
		select graduate_id, sha256, kind, media, size, at, account, purged_at
		from document order by sha256, graduate_id, kind`).each(func(rows *sql.Rows) error {
		var d destination.Document
		if err := scanDocument(rows, &d); err != nil {
			return err
		}
		return do(d)
	})
}

func scanDocument(rows *sql.Rows, d *destination.Document) error {
	return rows.Scan(&d.Graduate, &d.SHA256, &d.Kind, &d.Media, &d.Size, &d.At, &d.Account, &d.Purged)
}

// DocumentOwners returns the graduates who handed in the file, by id.
func (s *Store) DocumentOwners(ctx context.Context, sha256 string) ([]string, error) {
	return collect(s.query(ctx, `
		select distinct graduate_id from document where sha256 = $1 order by graduate_id`, sha256), scanText)
}

// OwnersOf returns who handed in each of the files.
func (s *Store) OwnersOf(ctx context.Context, sha256 []string) (map[string][]string, error) {
	out := map[string][]string{}
	if len(sha256) == 0 {
		return out, nil
	}
	type pair struct{ hash, graduate string }
	list, err := collect(s.query(ctx, `
		select distinct sha256, graduate_id from document where sha256 in ($1) order by sha256, graduate_id`, in(sha256)),
		func(rows *sql.Rows, p *pair) error { return rows.Scan(&p.hash, &p.graduate) })
	for _, p := range list {
		out[p.hash] = append(out[p.hash], p.graduate)
	}
	return out, err
}
