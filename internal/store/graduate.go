package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"sync"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
)

// Units returns all units: colleges, then majors, then classes, by id. Pages ask
// for them again and again and a large school has thousands of classes: outside
// of transactions the list is kept until units are added. It is shared, and nobody
// may change it.
func (s *Store) Units(ctx context.Context) ([]roster.Unit, error) {
	if s.txOf(ctx) != nil {
		return s.readUnits(ctx)
	}
	return s.units.get(func() ([]roster.Unit, error) { return s.readUnits(ctx) })
}

// unitList is the list of units as it was last read.
type unitList struct {
	mu    sync.Mutex
	added int // transactions that added units
	list  []roster.Unit
}

// get returns the list, or reads it. What was read while units were added is
// not kept: they may not be in it.
func (l *unitList) get(read func() ([]roster.Unit, error)) ([]roster.Unit, error) {
	l.mu.Lock()
	list, added := l.list, l.added
	l.mu.Unlock()
	if list != nil {
		return list, nil
	}
	list, err := read()
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.added == added {
		l.list = list
	}
	return list, nil
}

// drop forgets the list, since a transaction that added to it was committed.
func (l *unitList) drop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.added++
	l.list = nil
}

func (s *Store) readUnits(ctx context.Context) ([]roster.Unit, error) {
	units, err := collect(s.query(ctx, `select id, kind, parent, cohort, code, name from unit order by id`),
		func(rows *sql.Rows, u *roster.Unit) error {
			return rows.Scan(&u.ID, &u.Kind, &u.Parent, &u.Cohort, &u.Code, &u.Name)
		})
	kinds := []roster.Kind{roster.College, roster.Major, roster.Class}
	slices.SortStableFunc(units, func(a, b roster.Unit) int {
		return slices.Index(kinds, a.Kind) - slices.Index(kinds, b.Kind)
	})
	return units, err
}

// AddUnits keeps new units; one that is there already, by id or by name, is left
// as it is.
func (s *Store) AddUnits(ctx context.Context, units []roster.Unit) error {
	if len(units) == 0 {
		return nil
	}
	return s.audited(ctx, "units", func(ctx context.Context, t *tx) error {
		t.units = true
		if err := s.mark(ctx, t, ofUnit, subjects(units, func(u *roster.Unit) string { return u.ID })...); err != nil {
			return err
		}
		for _, u := range units {
			if _, err := t.exec(ctx, `
				insert into unit (id, kind, parent, cohort, code, name) values ($1, $2, $3, $4, $5, $6)
				on conflict do nothing`, u.ID, string(u.Kind), u.Parent, u.Cohort, u.Code, u.Name); err != nil {
				return err
			}
		}
		return nil
	})
}

// Graduates returns at most limit (≤ 500) graduates by id, those after the id
// given; of a cohort, or of all when it is blank. Sealed.
func (s *Store) Graduates(ctx context.Context, within access.Scope, cohort, after string, limit int) ([]roster.Graduate, error) {
	if within.Empty() {
		return nil, nil
	}
	return collect(s.query(ctx, `
		select g.id, coalesce(g.student_no, ''), coalesce(g.exam_no, ''), g.name, g.cohort, g.level_id, g.college_id, g.major_id,
			g.class_id, g.sex, g.ethnicity, g.origin, g.training, g.in_statistics, g.has_left, g.seq, g.profile_rev, g.profile, g.sealed,
			g.id_index, g.phone_index
		from graduate g
		where $1 and ($2 = '' or g.cohort = $2) and g.id > $3
		order by g.id limit $4`, scope(within), cohort, after, min(limit, listSize)), scanGraduate)
}

// GraduatesByID returns those that lie within the scope, by id. Sealed.
func (s *Store) GraduatesByID(ctx context.Context, within access.Scope, ids []string) ([]roster.Graduate, error) {
	return s.graduates(ctx, within, ids, nil, nil)
}

// GraduatesByNumber returns those whose 学号 or 考生号 is one of the numbers, by
// id. Sealed.
func (s *Store) GraduatesByNumber(ctx context.Context, within access.Scope, studentNos, examNos []string) ([]roster.Graduate, error) {
	return s.graduates(ctx, within, nil, studentNos, examNos)
}

func (s *Store) graduates(ctx context.Context, within access.Scope, ids, studentNos, examNos []string) ([]roster.Graduate, error) {
	if within.Empty() {
		return nil, nil
	}
	var out []roster.Graduate
	for i := 0; i < max(len(ids), len(studentNos), len(examNos)); i += listSize {
		list, err := collect(s.query(ctx, `
			select g.id, coalesce(g.student_no, ''), coalesce(g.exam_no, ''), g.name, g.cohort, g.level_id, g.college_id, g.major_id,
				g.class_id, g.sex, g.ethnicity, g.origin, g.training, g.in_statistics, g.has_left, g.seq, g.profile_rev, g.profile, g.sealed,
				g.id_index, g.phone_index
			from graduate g
			where $1 and (g.id in ($2) or g.student_no in ($3) or g.exam_no in ($4))`,
			inside(within), in(part(ids, i)), in(part(studentNos, i)), in(part(examNos, i))), scanGraduate)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	slices.SortFunc(out, func(a, b roster.Graduate) int { return strings.Compare(a.ID, b.ID) })
	return slices.CompactFunc(out, func(a, b roster.Graduate) bool { return a.ID == b.ID }), nil
}

// part returns the piece of a list that begins at i.
func part(list []string, i int) []string {
	return list[min(i, len(list)):min(i+listSize, len(list))]
}

// scanGraduate reads the columns in the order in which the queries above name them.
func scanGraduate(rows *sql.Rows, g *roster.Graduate) error {
	var attrs [len(history.Attributes{}) - 1]string
	var profile string
	to := []any{&g.ID, &g.StudentNo, &g.ExamNo, &g.Name}
	for i := range attrs {
		to = append(to, &attrs[i])
	}
	if err := rows.Scan(append(to, &g.Seq, &g.Rev, &profile, &g.Sealed, &g.IDIndex, &g.PhoneIndex)...); err != nil {
		return err
	}
	for i, k := range derivedKeys {
		g.Attrs[slices.Index(history.Keys, k)] = attrs[i]
	}
	return decode(profile, &g.Profile)
}
