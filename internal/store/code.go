package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

var (
	intoAccount = table{"account", []string{"id", "login", "name", "graduate", "created_at", "disabled"}, 6}
	intoGrant   = table{"account_grant", []string{"account_id", "place", "role", "scope", "begins", "ends", "for_account"}, 4}
	intoLink    = table{"login_link", []string{"digest", "account_id", "purpose", "expires_at", "issued_by", "issued_at"}, 4}
)

// Roll returns the graduates within the scope who have not left, by college, class
// and number, with how far each has come.
func (s *Store) Roll(ctx context.Context, within access.Scope, of access.Whom, now calendar.Instant) ([]access.Enrolled, error) {
	if within.Empty() {
		return nil, nil
	}
	if len(of.Graduates) == 0 {
		return s.roll(ctx, within, of, nil, now)
	}
	var out []access.Enrolled
	for i := 0; i < len(of.Graduates); i += listSize {
		list, err := s.roll(ctx, within, of, part(of.Graduates, i), now)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	slices.SortFunc(out, func(a, b access.Enrolled) int { // each part came in order, the whole did not
		return cmp.Or(strings.Compare(a.College, b.College), strings.Compare(a.Class, b.Class), strings.Compare(a.Number, b.Number),
			strings.Compare(a.Graduate, b.Graduate))
	})
	return out, nil
}

func (s *Store) roll(ctx context.Context, within access.Scope, of access.Whom, ids []string, now calendar.Instant) ([]access.Enrolled, error) {
	units := len(of.Classes)+len(of.Loose)+len(of.Colleges) > 0
	return collect(s.query(ctx, `
		select g.id, coalesce(g.student_no, g.exam_no, ''), g.name, g.cohort, g.college_id, g.class_id, coalesce(a.id, ''), coalesce(a.login, ''),
			coalesce(a.password, '') <> '', coalesce(a.disabled, false), coalesce(l.expires_at, 0)
		from graduate g
		left join account a on a.graduate = g.id
		left join login_link l on l.account_id = a.id and l.purpose = 'activate' and l.used_at = 0 and l.expires_at > $1
		where $2 and g.has_left <> $3 and ($4 = '' or g.cohort = $4) and ($5 or g.id in ($6))
			and ($7 or g.class_id in ($8) or g.college_id in ($9) or g.class_id = '' and g.college_id in ($10))
		order by g.college_id, g.class_id, coalesce(g.student_no, g.exam_no, ''), g.id`,
		int64(now), scope(within), history.True, of.Cohort, len(ids) == 0, in(ids), !units, in(of.Classes), in(of.Colleges), in(of.Loose)), scanEnrolled)
}

func scanEnrolled(rows *sql.Rows, e *access.Enrolled) error {
	return rows.Scan(&e.Graduate, &e.Number, &e.Name, &e.Cohort, &e.College, &e.Class, &e.Account, &e.Login, &e.Activated, &e.Disabled, &e.CodeUntil)
}

// ClassStandings counts by college and class, of a cohort or of all when it is blank.
func (s *Store) ClassStandings(ctx context.Context, within access.Scope, cohort string, now calendar.Instant) ([]access.ClassStanding, error) {
	if within.Empty() {
		return nil, nil
	}
	return collect(s.query(ctx, `
		select g.college_id, g.class_id, g.cohort, count(g.id), sum(case when a.password <> '' then 1 else 0 end),
			sum(case when a.password = '' and l.expires_at > 0 then 1 else 0 end)
		from graduate g
		left join account a on a.graduate = g.id
		left join login_link l on l.account_id = a.id and l.purpose = 'activate' and l.used_at = 0 and l.expires_at > $1
		where $2 and g.has_left <> $3 and ($4 = '' or g.cohort = $4)
		group by g.college_id, g.class_id, g.cohort
		order by g.cohort, g.college_id, g.class_id`, int64(now), scope(within), history.True, cohort),
		func(rows *sql.Rows, c *access.ClassStanding) error {
			return rows.Scan(&c.College, &c.Class, &c.Cohort, &c.People, &c.Activated, &c.Coded)
		})
}

// SaveInvited adds accounts and gives each account of a link that one code, in the
// place of codes not used yet. Error: fault.Conflict when a login is taken or
// somebody else is giving the same person a code.
func (s *Store) SaveInvited(ctx context.Context, added []access.Account, codes []access.Link) error {
	return s.audited(ctx, "codes", func(ctx context.Context, t *tx) error {
		err := s.saveInvited(ctx, t, added, codes)
		if duplicate(err) {
			return fault.Conflictf("login", "正好有人也在给这些人发激活码，或者其中有学号已是别的登录账号；请刷新名单后重试")
		}
		return err
	})
}

func (s *Store) saveInvited(ctx context.Context, t *tx, added []access.Account, codes []access.Link) error {
	ids := subjects(added, func(a *access.Account) string { return a.ID })
	if err := errors.Join(s.mark(ctx, t, ofAccount, ids...), s.mark(ctx, t, ofGrants, ids...)); err != nil {
		return err
	}
	if err := s.engine.load(ctx, t, intoAccount, func(yield func([]any, error) bool) {
		for _, a := range added {
			if !yield([]any{a.ID, a.Login, a.Name, a.Graduate, int64(a.Created), a.Disabled}, nil) {
				return
			}
		}
	}); err != nil {
		return err
	}
	if err := s.engine.load(ctx, t, intoGrant, grantRows(added)); err != nil {
		return err
	}
	for i := 0; i < len(codes); i += listSize {
		var accounts []string
		for _, l := range codes[i:min(i+listSize, len(codes))] {
			accounts = append(accounts, l.Account)
		}
		if _, err := t.exec(ctx, `
			delete from login_link where account_id in ($1) and purpose = 'activate' and used_at = 0`, in(accounts)); err != nil {
			return err
		}
	}
	return s.engine.load(ctx, t, intoLink, func(yield func([]any, error) bool) {
		for _, l := range codes {
			if !yield([]any{l.Digest, l.Account, l.Purpose, int64(l.Expires), l.By, int64(l.Made)}, nil) {
				return
			}
		}
	})
}

func grantRows(added []access.Account) bulk {
	return func(yield func([]any, error) bool) {
		for _, a := range added {
			for i, g := range a.Grants {
				over, err := json.Marshal(g.Over)
				if !yield([]any{a.ID, int64(i), string(g.Role), string(over), string(g.Begins), string(g.Ends), g.For}, err) {
					return
				}
			}
		}
	}
}

// SaveActivation notes that an account's code was used.
func (s *Store) SaveActivation(ctx context.Context, a access.Activation) error {
	_, err := s.exec(ctx, `insert into activation (account_id, at, issued_by, issued_at) values ($1, $2, $3, $4)`,
		a.Account, int64(a.At), a.By, int64(a.Made))
	return err
}

// Activations returns those of an account, newest first.
func (s *Store) Activations(ctx context.Context, account string) ([]access.Activation, error) {
	return collect(s.query(ctx, `
		select account_id, at, issued_by, issued_at from activation where account_id = $1 order by at desc`, account),
		func(rows *sql.Rows, a *access.Activation) error { return rows.Scan(&a.Account, &a.At, &a.By, &a.Made) })
}

// SaveAcceptance notes that the version of the notice was read; the first time counts.
func (s *Store) SaveAcceptance(ctx context.Context, account, version string, at calendar.Instant) error {
	_, err := s.exec(ctx, `
		insert into notice_acceptance (account_id, version, accepted_at) values ($1, $2, $3) on conflict do nothing`, account, version, int64(at))
	return err
}

// Acceptances returns what an account read: instant by version.
func (s *Store) Acceptances(ctx context.Context, account string) (map[string]calendar.Instant, error) {
	out := map[string]calendar.Instant{}
	err := s.query(ctx, `select version, accepted_at from notice_acceptance where account_id = $1`, account).each(func(rows *sql.Rows) error {
		var version string
		var at calendar.Instant
		err := rows.Scan(&version, &at)
		out[version] = at
		return err
	})
	return out, err
}

// CollegesOf returns the college of each class, by id.
func (s *Store) CollegesOf(ctx context.Context, classes []string) (map[string]string, error) {
	out := map[string]string{}
	for i := 0; i < len(classes); i += listSize {
		err := s.query(ctx, `
			select k.id, m.parent from unit k join unit m on m.id = k.parent where k.id in ($1)`, in(part(classes, i))).each(func(rows *sql.Rows) error {
			var class, college string
			err := rows.Scan(&class, &college)
			out[class] = college
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
