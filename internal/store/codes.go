package store

import (
	"context"
	"database/sql"
	"encoding/json"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/reference"
)

// LocalCodes returns the codes and mappings that were added, in order of adding.
func (s *Store) LocalCodes(ctx context.Context) ([]codes.Code, []codes.Mapping, error) {
	added, err := collect(s.query(ctx, `select content from local_code order by place`),
		func(rows *sql.Rows, c *codes.Code) error {
			var content string
			if err := rows.Scan(&content); err != nil {
				return err
			}
			return decode(content, c)
		})
	if err != nil {
		return nil, nil, err
	}
	mapped, err := collect(s.query(ctx, `
		select table_id, from_scheme, from_code, to_code from local_mapping order by place`),
		func(rows *sql.Rows, m *codes.Mapping) error {
			return rows.Scan(&m.Table, &m.FromScheme, &m.From, &m.To)
		})
	return added, mapped, err
}

// SaveLocalCodes adds codes or replaces them by scheme and code, and mappings by
// table, scheme and source code.
func (s *Store) SaveLocalCodes(ctx context.Context, added []codes.Code, mapped []codes.Mapping) error {
	return s.audited(ctx, "local codes", func(ctx context.Context, t *tx) error {
		if err := s.mark(ctx, t, ofCode, subjects(added, func(c *codes.Code) string { return c.Scheme })...); err != nil {
			return err
		}
		for _, c := range added {
			content, err := json.Marshal(c)
			if err != nil {
				return err
			}
			if _, err := t.exec(ctx, `
				insert into local_code (scheme, code, place, content)
				values ($1, $2, (select coalesce(max(place), 0) + 1 from local_code), $3)
				on conflict (scheme, code) do update set content = excluded.content`, c.Scheme, c.Code, string(content)); err != nil {
				return err
			}
		}
		if err := s.mark(ctx, t, ofMapping, subjects(mapped, func(m *codes.Mapping) string { return m.Table })...); err != nil {
			return err
		}
		for _, m := range mapped {
			if _, err := t.exec(ctx, `
				insert into local_mapping (table_id, from_scheme, from_code, to_code, place)
				values ($1, $2, $3, $4, (select coalesce(max(place), 0) + 1 from local_mapping))
				on conflict (table_id, from_scheme, from_code) do update set to_code = excluded.to_code`,
				m.Table, m.FromScheme, m.From, m.To); err != nil {
				return err
			}
		}
		return nil
	})
}

// Wages returns all minimum wages with their sources, by region and day.
func (s *Store) Wages(ctx context.Context) ([]reference.Wage, error) {
	return collect(s.query(ctx, `select region, from_day, monthly, hourly, source from minimum_wage order by region, from_day`),
		func(rows *sql.Rows, w *reference.Wage) error {
			return rows.Scan(&w.Region, &w.From, &w.Monthly, &w.Hourly, &w.Source)
		})
}
