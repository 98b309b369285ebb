package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
)

// Account returns one by id. Error: fault.NotFound.
func (s *Store) Account(ctx context.Context, id string) (access.Account, error) {
	return s.account(ctx, s.query(ctx, `
		select id, login, name, graduate, password, disabled, created_at, seen_at from account where id = $1`, id))
}

// AccountByLogin returns one by login. Error: fault.NotFound.
func (s *Store) AccountByLogin(ctx context.Context, login string) (access.Account, error) {
	return s.account(ctx, s.query(ctx, `
		select id, login, name, graduate, password, disabled, created_at, seen_at from account where login = $1`, login))
}

// AccountList returns all accounts by login.
func (s *Store) AccountList(ctx context.Context) ([]access.Account, error) {
	return s.withGrants(ctx, s.query(ctx, `
		select id, login, name, graduate, password, disabled, created_at, seen_at from account order by login`))
}

// StaffList returns the accounts that are no graduate's, by login.
func (s *Store) StaffList(ctx context.Context) ([]access.Account, error) {
	return s.withGrants(ctx, s.query(ctx, `
		select id, login, name, graduate, password, disabled, created_at, seen_at from account where graduate = '' order by login`))
}

// Holding returns the accounts with a grant of the role, by login.
func (s *Store) Holding(ctx context.Context, role access.Role) ([]access.Account, error) {
	return s.withGrants(ctx, s.query(ctx, `
		select id, login, name, graduate, password, disabled, created_at, seen_at from account
		where id in (select account_id from account_grant where role = $1) order by login`, string(role)))
}

// Deputies returns the accounts with a grant in the place of one of those given,
// or of anybody when none is given, by login.
func (s *Store) Deputies(ctx context.Context, of ...string) ([]access.Account, error) {
	return s.withGrants(ctx, s.query(ctx, `
		select id, login, name, graduate, password, disabled, created_at, seen_at from account
		where id in (select account_id from account_grant where for_account <> '' and ($1 or for_account in ($2)))
		order by login`, len(of) == 0, in(of)))
}

// AccountsAmong returns those with one of the ids, logins or graduates, by login.
func (s *Store) AccountsAmong(ctx context.Context, ids, logins, graduates []string) ([]access.Account, error) {
	var out []access.Account
	for i := 0; i < max(len(ids), len(logins), len(graduates)); i += listSize {
		list, err := s.withGrants(ctx, s.query(ctx, `
			select id, login, name, graduate, password, disabled, created_at, seen_at from account
			where id in ($1) or login in ($2) or graduate in ($3)`,
			in(part(ids, i)), in(part(logins, i)), in(part(graduates, i))))
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	slices.SortFunc(out, func(a, b access.Account) int { return strings.Compare(a.Login, b.Login) })
	return slices.CompactFunc(out, func(a, b access.Account) bool { return a.ID == b.ID }), nil
}

// withGrants reads accounts and then what they were given.
func (s *Store) withGrants(ctx context.Context, r result) ([]access.Account, error) {
	list, err := collect(r, scanAccount)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	at := map[string]int{}
	for i, id := range ids {
		at[id] = i
	}
	for i := 0; i < len(ids); i += listSize {
		grants, err := readGrants(s.query(ctx, `
			select account_id, role, scope, begins, ends, for_account from account_grant where account_id in ($1) order by place`, in(part(ids, i))))
		if err != nil {
			return nil, err
		}
		for id, g := range grants {
			list[at[id]].Grants = g
		}
	}
	return list, nil
}

func (s *Store) account(ctx context.Context, r result) (access.Account, error) {
	a, err := one(r, scanAccount)
	if errors.Is(err, errNoRow) {
		err = fault.NotFoundf("account", "没有这个账号，请核对登录账号或联系就业中心")
	}
	if err != nil {
		return access.Account{}, err
	}
	grants, err := readGrants(s.query(ctx, `
		select account_id, role, scope, begins, ends, for_account from account_grant where account_id = $1 order by place`, a.ID))
	a.Grants = grants[a.ID]
	return a, err
}

func scanAccount(rows *sql.Rows, a *access.Account) error {
	return rows.Scan(&a.ID, &a.Login, &a.Name, &a.Graduate, &a.Password, &a.Disabled, &a.Created, &a.Seen)
}

// readGrants reads grants by account.
func readGrants(r result) (map[string][]access.Grant, error) {
	out := map[string][]access.Grant{}
	err := r.each(func(rows *sql.Rows) error {
		var id, over string
		var g access.Grant
		if err := rows.Scan(&id, &g.Role, &over, &g.Begins, &g.Ends, &g.For); err != nil {
			return err
		}
		if err := decode(over, &g.Over); err != nil {
			return err
		}
		out[id] = append(out[id], g)
		return nil
	})
	return out, err
}

// SaveAccount adds or replaces by id, grants included. Error: fault.Conflict when
// another account has the login.
func (s *Store) SaveAccount(ctx context.Context, a access.Account) error {
	return s.audited(ctx, "account", func(ctx context.Context, t *tx) error {
		if err := errors.Join(s.mark(ctx, t, ofAccount, a.ID), s.mark(ctx, t, ofGrants, a.ID)); err != nil {
			return err
		}
		_, err := t.exec(ctx, `
			insert into account (id, login, name, graduate, password, disabled, created_at)
			values ($1, $2, $3, $4, $5, $6, $7)
			on conflict (id) do update set login = excluded.login, name = excluded.name, graduate = excluded.graduate,
				password = excluded.password, disabled = excluded.disabled, created_at = excluded.created_at`,
			a.ID, a.Login, a.Name, a.Graduate, a.Password, a.Disabled, int64(a.Created))
		if duplicate(err) {
			return fault.Conflictf("login", "登录账号“%s”已被使用，请换一个", a.Login)
		}
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, `delete from account_grant where account_id = $1`, a.ID); err != nil {
			return err
		}
		for i, g := range a.Grants {
			over, err := json.Marshal(g.Over)
			if err != nil {
				return err
			}
			if _, err := t.exec(ctx, `
				insert into account_grant (account_id, place, role, scope, begins, ends, for_account) values ($1, $2, $3, $4, $5, $6, $7)`,
				a.ID, i, string(g.Role), string(over), string(g.Begins), string(g.Ends), g.For); err != nil {
				return err
			}
		}
		return nil
	})
}

// SaveLink keeps a one-time link.
func (s *Store) SaveLink(ctx context.Context, l access.Link) error {
	_, err := s.exec(ctx, `
		insert into login_link (digest, account_id, purpose, expires_at, used_at, issued_by, issued_at) values ($1, $2, $3, $4, $5, $6, $7)`,
		l.Digest, l.Account, l.Purpose, int64(l.Expires), int64(l.Used), l.By, int64(l.Made))
	return err
}

// DropLinks makes the links to set an account's password useless that were not used yet.
func (s *Store) DropLinks(ctx context.Context, account string) error {
	_, err := s.exec(ctx, `delete from login_link where account_id = $1 and purpose = 'password' and used_at = 0`, account)
	return err
}

// Link returns the link of a digest. Error: fault.NotFound.
func (s *Store) Link(ctx context.Context, digest string) (access.Link, error) {
	l, err := one(s.query(ctx, `
		select digest, account_id, purpose, expires_at, used_at, issued_by, issued_at from login_link where digest = $1`, digest),
		func(rows *sql.Rows, l *access.Link) error {
			return rows.Scan(&l.Digest, &l.Account, &l.Purpose, &l.Expires, &l.Used, &l.By, &l.Made)
		})
	if errors.Is(err, errNoRow) {
		err = fault.NotFoundf("link", "这个链接无效，请向就业中心索取新的链接")
	}
	return l, err
}

// UseLink notes the use. Error: fault.Conflict if it was used before.
func (s *Store) UseLink(ctx context.Context, digest string, at calendar.Instant) error {
	n, err := s.exec(ctx, `update login_link set used_at = $1 where digest = $2 and used_at = 0`, int64(at), digest)
	if err == nil && n == 0 {
		err = fault.Conflictf("link", "这个链接已经用过，请向就业中心索取新的链接")
	}
	return err
}

// SaveSession adds a session and notes that its account was seen.
func (s *Store) SaveSession(ctx context.Context, x access.Session) error {
	_, err := s.exec(ctx, `
		insert into login_session (digest, account_id, began_at, seen_at, proved_at, demo, network, device) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		x.Digest, x.Account, int64(x.Began), int64(x.Seen), int64(x.Proved), x.Demo, x.Network, x.Device)
	if err != nil {
		return err
	}
	_, err = s.exec(ctx, `update account set seen_at = $1 where id = $2 and seen_at < $1`, int64(x.Seen), x.Account)
	return err
}

// TouchSession notes when a session was seen; one that was ended meanwhile stays
// ended. Error: fault.NotFound.
func (s *Store) TouchSession(ctx context.Context, digest string, seen calendar.Instant) error {
	n, err := s.exec(ctx, `update login_session set seen_at = $1 where digest = $2`, int64(seen), digest)
	if err != nil {
		return err
	}
	if n == 0 {
		return noSession()
	}
	_, err = s.exec(ctx, `
		update account set seen_at = $1 where seen_at < $1 and id in (select account_id from login_session where digest = $2)`, int64(seen), digest)
	return err
}

// ProveSession notes when a session proved itself. Error: fault.NotFound.
func (s *Store) ProveSession(ctx context.Context, digest string, at calendar.Instant) error {
	n, err := s.exec(ctx, `update login_session set proved_at = $1 where digest = $2`, int64(at), digest)
	if err == nil && n == 0 {
		err = noSession()
	}
	return err
}

func noSession() error { return fault.NotFoundf("session", "登录已失效，请重新登录") }

// Session returns the session of a digest. Error: fault.NotFound.
func (s *Store) Session(ctx context.Context, digest string) (access.Session, error) {
	x, err := one(s.query(ctx, `
		select digest, account_id, began_at, seen_at, proved_at, demo, network, device from login_session where digest = $1`, digest), scanSession)
	if errors.Is(err, errNoRow) {
		err = noSession()
	}
	return x, err
}

func scanSession(rows *sql.Rows, x *access.Session) error {
	return rows.Scan(&x.Digest, &x.Account, &x.Began, &x.Seen, &x.Proved, &x.Demo, &x.Network, &x.Device)
}

// keepSessions is how long a session's row is kept after its login, in
// milliseconds: longer than any session lasts.
const keepSessions = 30 * 24 * 60 * 60 * 1000

// dropLogins forgets links that have expired and sessions that nobody ended and
// that are long over.
func (s *Store) dropLogins(ctx context.Context) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		now := int64(s.clock())
		if _, err := s.exec(ctx, `delete from login_link where expires_at < $1`, now); err != nil {
			return err
		}
		_, err := s.exec(ctx, `delete from login_session where began_at < $1`, now-keepSessions)
		return err
	})
}

// DropSession ends a session; one that is not there is ended already.
func (s *Store) DropSession(ctx context.Context, digest string) error {
	_, err := s.exec(ctx, `delete from login_session where digest = $1`, digest)
	return err
}

// DropSessions ends all of an account.
func (s *Store) DropSessions(ctx context.Context, account string) error {
	_, err := s.exec(ctx, `delete from login_session where account_id = $1`, account)
	return err
}
