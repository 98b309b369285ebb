package app_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
	"quxiang/internal/httpd"
	"quxiang/internal/store"
	"quxiang/internal/web"
)

// The mistakes of others (B1–B7 of the reliability notes), made on purpose around
// the program, one at a time.

// letsDisabledIn forgets that an account was ended (B5).
type letsDisabledIn struct{ access.Accounts }

// Account returns the account as if it were not disabled.
func (s letsDisabledIn) Account(ctx context.Context, id string) (access.Account, error) {
	a, err := s.Accounts.Account(ctx, id)
	a.Disabled = false
	return a, err
}

// forgetsTerms reads grants without their terms; of deputies only, or of all.
type forgetsTerms struct {
	access.Accounts
	deputies bool
}

// Account returns the account with grants that never begin or end.
func (s forgetsTerms) Account(ctx context.Context, id string) (access.Account, error) {
	a, err := s.Accounts.Account(ctx, id)
	for i := range a.Grants {
		if (a.Grants[i].For != "") == s.deputies {
			a.Grants[i].Begins, a.Grants[i].Ends = "", ""
		}
	}
	return a, err
}

// countsNoSecurity takes the school for one without security administrator.
type countsNoSecurity struct{ access.Accounts }

// Holding returns nobody.
func (countsNoSecurity) Holding(context.Context, access.Role) ([]access.Account, error) {
	return nil, nil
}

// seesAll reads registrations whoever asks (B6).
type seesAll struct{ destination.Store }

// GraduatesByID reads without a scope.
func (s seesAll) GraduatesByID(ctx context.Context, _ access.Scope, ids []string) ([]roster.Graduate, error) {
	return s.Store.GraduatesByID(ctx, access.School(), ids)
}

// Histories reads without a scope.
func (s seesAll) Histories(ctx context.Context, _ access.Scope, ids []string) (map[string][]history.Event, error) {
	return s.Store.Histories(ctx, access.School(), ids)
}

// byHash finds evidence by its hash, whosoever it is (B2).
type byHash struct{ destination.Store }

// Documents reads without a scope.
func (s byHash) Documents(ctx context.Context, _ access.Scope, graduate string) ([]destination.Document, error) {
	return s.Store.Documents(ctx, access.School(), graduate)
}

// GraduatesByID reads without a scope.
func (s byHash) GraduatesByID(ctx context.Context, _ access.Scope, ids []string) ([]roster.Graduate, error) {
	return s.Store.GraduatesByID(ctx, access.School(), ids)
}

// Histories reads without a scope.
func (s byHash) Histories(ctx context.Context, _ access.Scope, ids []string) (map[string][]history.Event, error) {
	return s.Store.Histories(ctx, access.School(), ids)
}

// listsAll opens graduates whoever asks.
type listsAll struct{ roster.Store }

// GraduatesByID reads without a scope.
func (s listsAll) GraduatesByID(ctx context.Context, _ access.Scope, ids []string) ([]roster.Graduate, error) {
	return s.Store.GraduatesByID(ctx, access.School(), ids)
}

// byID drops a view whosesoever it is (B3).
type byID struct {
	roster.Store
	accounts []string
}

// DropView drops it from every account.
func (b byID) DropView(ctx context.Context, _, id string) (dropped bool, err error) {
	for _, account := range b.accounts {
		ok, err := b.Store.DropView(ctx, account, id)
		if dropped = dropped || ok; err != nil {
			return false, err
		}
	}
	return dropped, err
}

// accountsOn are the accounts' verbs on another store.
func (m *matrixCampus) accountsOn(s access.Accounts) *access.Service {
	a := m.app.Accounts
	return &access.Service{Store: s, Audit: a.Audit, Passwords: a.Passwords, Keyed: a.Keyed, NewID: a.NewID, Now: a.Now, School: a.School}
}

// planted is a bug: what it changes, and the routes on which it should show.
type planted struct {
	bug   string
	on    []string // method and pattern
	deps  func(*web.Deps)
	route func(*httpd.Route)
}

func (m *matrixCampus) bugs() []planted {
	accounts := func(s access.Accounts) func(*web.Deps) { return func(d *web.Deps) { d.Accounts = m.accountsOn(s) } }
	cases := func(s destination.Store) func(*web.Deps) {
		return func(d *web.Deps) {
			other := *d.Destinations
			other.Store = s
			d.Destinations = &other
		}
	}
	base, reads := m.app.Accounts.Store, m.app.Destinations.Store
	people := func(d *web.Deps) {
		other := *d.Roster
		other.Store = listsAll{d.Roster.Store}
		d.Roster = &other
		cases(seesAll{reads})(d)
	}
	return []planted{
		{"a page without its permission", []string{"GET /audit"}, nil, func(t *httpd.Route) { t.Permission = httpd.SignedIn; t.Handle = sayOK }},
		{"a form with a weaker permission", []string{"GET /accounts/new"}, nil, func(t *httpd.Route) { t.Permission = access.ViewAccounts }},
		{"a file without a scope", []string{"GET /slips/graduate/{id}", "GET /graduates/{id}"}, people, nil},
		{"a class of data for everybody on a personal page", []string{"GET /search"}, nil, func(t *httpd.Route) { t.Class = httpd.Public }},
		{"a bulk form that checks no item", []string{"POST /review/bulk"}, cases(seesAll{reads}), nil},
		{"a decision that checks no scope", []string{"POST /review/{graduate}/{change}/pass"}, cases(seesAll{reads}), nil},
		{"evidence found by its hash", []string{"GET /evidence/{graduate}/{sha256}"}, cases(byHash{reads}), nil},
		{"a disabled account still let in", []string{"GET /me"}, accounts(letsDisabledIn{base}), nil},
		{"a term that does not end", []string{"GET /graduates"}, accounts(forgetsTerms{base, false}), nil},
		{"a deputy without a term", []string{"GET /review"}, accounts(forgetsTerms{base, true}), nil},
		{"a keeper of accounts who gives roles", []string{"POST /accounts/{id}/grants"}, accounts(countsNoSecurity{base}), nil},
		{"a view dropped by its id alone", []string{"POST /views/{id}/drop"}, func(d *web.Deps) {
			other := *d.Roster
			other.Store = byID{d.Roster.Store, []string{"v-office-active", "v-college_secretary-active", m.objects["account"]["other"]}}
			d.Roster = &other
		}, nil},
	}
}

func sayOK(rw http.ResponseWriter, _ *httpd.Request) error {
	rw.WriteHeader(http.StatusOK)
	return nil
}

// TestPlantedBugsAreCaught makes each mistake and looks whether the reviewed matrix
// tells; without a mistake it says nothing.
func TestPlantedBugsAreCaught(t *testing.T) {
	m := newMatrixCampus(t, store.Config{})
	want := m.readMatrix(t)
	for _, b := range append(m.bugs(), planted{bug: "no bug at all", on: []string{"GET /audit", "GET /graduates", "POST /review/bulk", "GET /me"}}) {
		d := m.deps()
		if b.deps != nil {
			b.deps(&d)
		}
		site, err := web.Site(d)
		if err != nil {
			t.Fatal(err)
		}
		on := map[int]bool{}
		for i := range site.Routes {
			r := &site.Routes[i]
			for _, name := range b.on {
				if name == r.Method+" "+r.Pattern {
					on[i] = true
					if b.route != nil {
						b.route(r)
					}
				}
			}
		}
		if len(on) != len(b.on) {
			t.Fatalf("%s: no route %v", b.bug, b.on)
		}
		got, problems := m.blocks(handlerOf(t, site), site.Routes, func(route, _ int) bool { return on[route] })
		found := append(differences(want, got), problems...)
		switch {
		case b.bug == "no bug at all":
			if len(found) > 0 {
				t.Errorf("%s: %s", b.bug, strings.Join(found, "\n"))
			}
		case len(found) == 0:
			t.Errorf("%s: nothing caught it", b.bug)
		default:
			t.Logf("%s: %d cells, such as %s", b.bug, len(found), found[0])
		}
	}
}

// TestRoutesThatDoNotStart: each field that a route lacks, by name (B1).
func TestRoutesThatDoNotStart(t *testing.T) {
	m := newMatrixCampus(t, store.Config{})
	for name, spoil := range map[string]func(*httpd.Route){
		"permission":            func(r *httpd.Route) { r.Permission = "" },
		"scope":                 func(r *httpd.Route) { r.Scope = nil },
		"class":                 func(r *httpd.Route) { r.Class = "" },
		"audit":                 func(r *httpd.Route) { r.Audit = "" },
		"handler":               func(r *httpd.Route) { r.Handle = nil },
		"method":                func(r *httpd.Route) { r.Method = "" },
		"pattern":               func(r *httpd.Route) { r.Pattern = "" },
		"names no audit action": func(r *httpd.Route) { r.Method, r.Audit = "POST", httpd.NotAudited },
		"shows persons":         func(r *httpd.Route) { r.Permission, r.Class, r.Fresh = httpd.Anyone, httpd.Personal, false },
	} {
		for i := range m.site.Routes {
			s := m.site
			s.Routes = append([]httpd.Route(nil), m.site.Routes...)
			spoil(&s.Routes[i])
			if _, err := httpd.New(s); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%s %s without %s starts: %v", m.site.Routes[i].Method, m.site.Routes[i].Pattern, name, err)
			}
		}
	}
}
