package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"quxiang/internal/domain/employer"
	"quxiang/internal/domain/fault"
)

// EmployersByKey returns those with one of the credit codes or name keys, by id.
func (s *Store) EmployersByKey(ctx context.Context, creditCodes, nameKeys []string) ([]employer.Employer, error) {
	var out []employer.Employer
	for i := 0; i < max(len(creditCodes), len(nameKeys)); i += listSize {
		list, err := collect(s.query(ctx, employerColumns+` where credit_code in ($1) or name_key in ($2)`,
			in(part(creditCodes, i)), in(part(nameKeys, i))), scanEmployer)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	slices.SortFunc(out, func(a, b employer.Employer) int { return strings.Compare(a.ID, b.ID) })
	return slices.CompactFunc(out, func(a, b employer.Employer) bool { return a.ID == b.ID }), nil
}

// Employers returns a page of them all, by id, behind the id after.
func (s *Store) Employers(ctx context.Context, after string, limit int) ([]employer.Employer, error) {
	return collect(s.query(ctx, employerColumns+` where id > $1 order by id limit $2`, after, min(limit, listSize)), scanEmployer)
}

// employerColumns is what scanEmployer reads.
const employerColumns = `
	select id, coalesce(credit_code, ''), name, nature, industry, region, address, founded, status, source
	from employer`

func scanEmployer(rows *sql.Rows, e *employer.Employer) error {
	return rows.Scan(&e.ID, &e.CreditCode, &e.Name, &e.Nature, &e.Industry, &e.Region, &e.Address, &e.Founded, &e.Status, &e.Source)
}

// HospitalLevels returns all grades of the employers, by employer and day.
func (s *Store) HospitalLevels(ctx context.Context, employers []string) ([]employer.HospitalLevel, error) {
	var out []employer.HospitalLevel
	for ids := range slices.Chunk(distinct(employers), listSize) {
		list, err := collect(s.query(ctx, `
			select employer_id, from_day, level, source from hospital_level
			where employer_id in ($1) order by employer_id, from_day`, in(ids)),
			func(rows *sql.Rows, l *employer.HospitalLevel) error {
				return rows.Scan(&l.Employer, &l.From, &l.Level, &l.Source)
			})
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

// SaveEmployers adds or replaces by id. Error: fault.Conflict when another
// employer has the credit code.
func (s *Store) SaveEmployers(ctx context.Context, list []employer.Employer) error {
	return s.audited(ctx, "employers", func(ctx context.Context, t *tx) error {
		if err := s.mark(ctx, t, ofEmployer, subjects(list, func(e *employer.Employer) string { return e.ID })...); err != nil {
			return err
		}
		for _, e := range list {
			_, err := t.exec(ctx, `
				insert into employer (id, credit_code, name, name_key, nature, industry, region, address, founded, status, source)
				values ($1, nullif($2, ''), $3, $4, $5, $6, $7, $8, $9, $10, $11)
				on conflict (id) do update set credit_code = excluded.credit_code, name = excluded.name, name_key = excluded.name_key,
					nature = excluded.nature, industry = excluded.industry, region = excluded.region, address = excluded.address,
					founded = excluded.founded, status = excluded.status, source = excluded.source`,
				e.ID, e.CreditCode, e.Name, employer.NameKey(e.Name), e.Nature, e.Industry, e.Region, e.Address, string(e.Founded),
				e.Status, e.Source)
			if duplicate(err) {
				err = fault.Conflictf("credit_code", "统一社会信用代码 %s 已属于另一家单位，请核对“%s”", e.CreditCode, e.Name)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// SaveHospitalLevels adds or replaces by employer and day.
func (s *Store) SaveHospitalLevels(ctx context.Context, list []employer.HospitalLevel) error {
	return s.audited(ctx, "hospital levels", func(ctx context.Context, t *tx) error {
		if err := s.mark(ctx, t, ofHospital, subjects(list, func(l *employer.HospitalLevel) string { return l.Employer })...); err != nil {
			return err
		}
		for _, l := range list {
			if _, err := t.exec(ctx, `
				insert into hospital_level (employer_id, from_day, level, source) values ($1, $2, $3, $4)
				on conflict (employer_id, from_day) do update set level = excluded.level, source = excluded.source`,
				l.Employer, string(l.From), l.Level, l.Source); err != nil {
				return err
			}
		}
		return nil
	})
}
