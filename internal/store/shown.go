package store

import (
	"context"
	"database/sql"

	"quxiang/internal/domain/audit"
)

// MarkShown notes that the transaction's entry showed the graduates.
func (s *Store) MarkShown(ctx context.Context, graduates []string) error {
	return s.audited(ctx, "whom an entry showed", func(ctx context.Context, t *tx) error {
		for _, id := range graduates {
			if _, err := t.exec(ctx, `
				insert into shown (graduate_id, audit_id) values ($1, $2) on conflict (graduate_id, audit_id) do nothing`, id, t.audit); err != nil {
				return err
			}
		}
		return nil
	})
}

// ShownTo returns the entries that showed a graduate among others, newest first,
// without their Items.
func (s *Store) ShownTo(ctx context.Context, graduate string, limit int) ([]audit.Entry, error) {
	return collect(s.query(ctx, `
		select a.id, a.at, a.account, a.action, a.subject, a.detail
		from shown s join audit a on a.id = s.audit_id
		where s.graduate_id = $1 order by a.at desc, a.id desc limit $2`, graduate, limit),
		func(rows *sql.Rows, e *audit.Entry) error {
			return rows.Scan(&e.ID, &e.At, &e.Account, &e.Action, &e.Subject, &e.Detail)
		})
}

// ShownBy returns whom each of the entries showed.
func (s *Store) ShownBy(ctx context.Context, entries []string) (map[string][]string, error) {
	out := map[string][]string{}
	for len(entries) > 0 {
		n := min(len(entries), listSize)
		err := s.query(ctx, `
			select audit_id, graduate_id from shown where audit_id in ($1) order by audit_id, graduate_id`, in(entries[:n])).each(
			func(rows *sql.Rows) error {
				var entry, graduate string
				if err := rows.Scan(&entry, &graduate); err != nil {
					return err
				}
				out[entry] = append(out[entry], graduate)
				return nil
			})
		if err != nil {
			return nil, err
		}
		entries = entries[n:]
	}
	return out, nil
}
