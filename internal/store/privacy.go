package store

import (
	"context"
	"database/sql"

	"quxiang/internal/domain/privacy"
)

// AddChoice keeps what a graduate agreed to or took back.
func (s *Store) AddChoice(ctx context.Context, c privacy.Choice) error {
	return s.audited(ctx, "consent", func(ctx context.Context, t *tx) error {
		if err := s.mark(ctx, t, ofConsent, c.ID); err != nil {
			return err
		}
		_, err := t.exec(ctx, `
			insert into consent (id, graduate_id, purpose, version, given, at, account_id) values ($1, $2, $3, $4, $5, $6, $7)`,
			c.ID, c.Graduate, c.Purpose, c.Version, c.Given, int64(c.At), c.Account)
		return err
	})
}

// ChoicesOf returns those of a graduate, newest first.
func (s *Store) ChoicesOf(ctx context.Context, graduate string) ([]privacy.Choice, error) {
	return collect(s.query(ctx, `
		select id, graduate_id, purpose, version, given, at, account_id
		from consent where graduate_id = $1 order by at desc, id desc`, graduate), scanChoice)
}

// NewestChoices returns the newest choice about the purpose of each of the
// graduates who made one.
func (s *Store) NewestChoices(ctx context.Context, purpose string, graduates []string) ([]privacy.Choice, error) {
	var out []privacy.Choice
	for len(graduates) > 0 {
		n := min(len(graduates), listSize)
		list, err := collect(s.query(ctx, `
			select c.id, c.graduate_id, c.purpose, c.version, c.given, c.at, c.account_id
			from consent c where c.purpose = $1 and c.graduate_id in ($2) and not exists (
				select 1 from consent d where d.graduate_id = c.graduate_id and d.purpose = c.purpose
				and (d.at > c.at or d.at = c.at and d.id > c.id))
			order by c.graduate_id`, purpose, in(graduates[:n])), scanChoice)
		if err != nil {
			return nil, err
		}
		out, graduates = append(out, list...), graduates[n:]
	}
	return out, nil
}

func scanChoice(rows *sql.Rows, c *privacy.Choice) error {
	return rows.Scan(&c.ID, &c.Graduate, &c.Purpose, &c.Version, &c.Given, &c.At, &c.Account)
}
