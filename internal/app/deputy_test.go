package app_test

import (
	"strings"
	"testing"
	"time"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
)

// actor is the account as it may act now.
func (c *campus) actor(a access.Account) access.Actor {
	c.t.Helper()
	a, err := c.app.Store.Account(c.t.Context(), a.ID)
	if err != nil {
		c.t.Fatal(err)
	}
	return a.Actor(calendar.DayOf(c.app.Accounts.Now()))
}

func (c *campus) today() calendar.Day { return calendar.DayOf(c.app.Accounts.Now()) }

// TestDeputies: a place is taken for a term, over what the absent one holds, and
// comes back by itself.
func TestDeputies(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		ctx, accounts := t.Context(), c.app.Accounts
		clinic, pharmacy := access.Classes(c.unit("临床一班")), access.Classes(c.unit("药学一班"))
		wang, _ := c.account("wang", "", access.Grant{Role: access.Counsellor, Over: clinic})
		li, _ := c.account("li", "", access.Grant{Role: access.Counsellor, Over: pharmacy})
		ask := access.Deputing{To: "li", Begins: c.today(), Ends: c.today().AddDays(10), Reason: "暑期休假"}
		got, err := accounts.Deputise(ctx, c.actor(wang), ask)
		if err != nil || len(got) != 1 || got[0].Of.Name != wang.Name || got[0].To.ID != li.ID || got[0].Grant.For != wang.ID {
			t.Fatalf("%v %+v", err, got)
		}
		if !c.actor(li).Within(access.ReviewCase).Holds("", "", clinic.Classes[0]) {
			t.Error("the deputy does not have the place")
		}
		if again, err := accounts.Deputise(ctx, c.actor(wang), ask); err != nil || len(again) != 1 || len(c.actor(li).Grants) != 2 {
			t.Errorf("twice is not once: %v %+v", err, c.actor(li).Grants)
		}
		// What is taken is not passed on.
		zhao, _ := c.account("zhao", "", access.Grant{Role: access.Counsellor, Over: pharmacy})
		if passed, err := accounts.Deputise(ctx, c.actor(li), access.Deputing{To: "zhao", Ends: c.today(), Reason: "休假"}); err != nil || len(passed) != 1 || passed[0].Grant.Over.Classes[0] != pharmacy.Classes[0] {
			t.Errorf("passed on: %v %+v", err, passed)
		}
		list, err := accounts.Deputyships(ctx, c.actor(wang))
		if err != nil || len(list) != 1 || list[0].To.Name != li.Name {
			t.Errorf("%v %+v", err, list)
		}
		if err := accounts.EndDeputy(ctx, c.actor(zhao), wang.ID, li.ID, access.Counsellor); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("ended by a stranger: %v", err)
		}
		c.clock = 11 * 24 * time.Hour
		if c.actor(li).Within(access.ReviewCase).Holds("", "", clinic.Classes[0]) {
			t.Error("the place is kept after the term")
		}
		c.clock = 0
		for range 2 {
			if err := accounts.EndDeputy(ctx, c.actor(wang), wang.ID, li.ID, access.Counsellor); err != nil {
				t.Error(err)
			}
		}
		if len(c.actor(li).Grants) != 1 {
			t.Errorf("still there: %+v", c.actor(li).Grants)
		}
	})
}

// TestAPlaceOverTwoClassesEndsWhole: each of its grants comes back.
func TestAPlaceOverTwoClassesEndsWhole(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		ctx, accounts := t.Context(), c.app.Accounts
		clinic, pharmacy := access.Classes(c.unit("临床一班")), access.Classes(c.unit("药学一班"))
		wang, _ := c.account("wang", "", access.Grant{Role: access.Counsellor, Over: clinic}, access.Grant{Role: access.Counsellor, Over: pharmacy})
		li, _ := c.account("li", "", access.Grant{Role: access.Support, Over: access.School()})
		ask := access.Deputing{To: "li", Ends: c.today().AddDays(10), Reason: "暑期休假"}
		if got, err := accounts.Deputise(ctx, c.actor(wang), ask); err != nil || len(got) != 2 {
			t.Fatalf("%v %+v", err, got)
		}
		if err := accounts.EndDeputy(ctx, c.actor(wang), wang.ID, li.ID, access.Counsellor); err != nil {
			t.Fatal(err)
		}
		if c.actor(li).Has(access.Counsellor) {
			t.Errorf("a deputy whose place was taken back keeps half of it: %+v", c.actor(li).Grants)
		}
		// Nobody's place outlasts their own.
		if _, err := accounts.Deputise(ctx, c.actor(wang), ask); err != nil {
			t.Fatal(err)
		}
		shorter := []access.Grant{{Role: access.Counsellor, Over: clinic, Ends: c.today().AddDays(3)}, {Role: access.Counsellor, Over: pharmacy}}
		if err := accounts.Grants(ctx, of("root", access.SecurityAdministrator, access.School()), wang.ID, shorter); err != nil {
			t.Fatal(err)
		}
		if within := c.actor(li).Within(access.ReviewCase); within.Holds("", "", clinic.Classes[0]) || !within.Holds("", "", pharmacy.Classes[0]) {
			t.Errorf("the term of the absent one was cut, and the deputy has %+v", within)
		}
	})
}

// TestWhoMayArrangeADeputy: each line is one refusal or one yes.
func TestWhoMayArrangeADeputy(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		grant := func(r access.Role, over access.Scope) access.Grant { return access.Grant{Role: r, Over: over} }
		clinic := c.unit("临床医学院")
		people := map[string]access.Account{}
		for login, g := range map[string]access.Grant{
			"counsellor": grant(access.Counsellor, access.Classes(c.unit("临床一班"))),
			"foreign":    grant(access.Counsellor, access.Classes(c.unit("药学一班"))),
			"secretary":  grant(access.CollegeSecretary, access.Colleges(clinic)),
			"dean":       grant(access.CollegeLeader, access.Colleges(clinic)),
			"office":     grant(access.Office, access.School()),
			"office2":    grant(access.Office, access.School()),
			"leader":     grant(access.SchoolLeader, access.School()),
			"admin":      grant(access.Administrator, access.School()),
			"auditor":    grant(access.Auditor, access.School()),
		} {
			people[login], _ = c.account(login, "", g)
		}
		student := c.invited("240000")
		for name, f := range map[string]struct {
			who, of, to string
			days        int // from today; 0: to today
			kind        fault.Kind
		}{
			"a counsellor for themselves":            {"counsellor", "", "foreign", 61, ""},
			"63 days":                                {"counsellor", "", "foreign", 62, fault.Invalid},
			"backwards":                              {"counsellor", "", "foreign", -1, fault.Invalid},
			"to themselves":                          {"counsellor", "", "counsellor", 5, fault.Invalid},
			"to a graduate":                          {"counsellor", "", student.Login, 5, fault.NotFound},
			"to nobody":                              {"counsellor", "", "nobody", 5, fault.NotFound},
			"to the administrator":                   {"counsellor", "", "admin", 5, fault.Invalid},
			"to the auditor":                         {"counsellor", "", "auditor", 5, fault.Invalid},
			"a counsellor for another":               {"counsellor", "foreign", "secretary", 5, fault.Forbidden},
			"a secretary for a counsellor of theirs": {"secretary", "counsellor", "foreign", 5, ""},
			"a secretary for one of another college": {"secretary", "foreign", "counsellor", 5, fault.Forbidden},
			"a secretary for the dean":               {"secretary", "dean", "counsellor", 5, fault.Forbidden},
			"a secretary for the office":             {"secretary", "office", "counsellor", 5, fault.Forbidden},
			"the office for the dean":                {"office", "dean", "secretary", 5, ""},
			"the office, themselves in the dean's":   {"office", "dean", "office", 5, fault.Invalid},
			"the office for the school leader":       {"office", "leader", "office2", 5, fault.Forbidden},
			"the school leader for themselves":       {"leader", "", "office", 5, ""},
			"the administrator":                      {"admin", "counsellor", "foreign", 5, fault.Forbidden},
			"the auditor":                            {"auditor", "", "office", 5, fault.Forbidden},
		} {
			d := access.Deputing{To: f.to, Begins: c.today(), Ends: c.today().AddDays(f.days), Reason: "暑期休假"}
			if f.of != "" {
				d.Of = people[f.of].ID
			}
			if _, err := c.app.Accounts.Deputise(t.Context(), c.actor(people[f.who]), d); fault.KindOf(err) != f.kind {
				t.Errorf("%s: %v", name, err)
			}
		}
		d := access.Deputing{To: "foreign", Begins: c.today().AddDays(-1), Ends: c.today(), Reason: "暑期休假"}
		if _, err := c.app.Accounts.Deputise(t.Context(), c.actor(people["counsellor"]), d); fault.KindOf(err) != fault.Invalid {
			t.Errorf("from yesterday: %v", err)
		}
		away, err := c.app.Accounts.Absentees(t.Context(), c.actor(people["secretary"]))
		if err != nil || len(away) != 1 || away[0].Login != "counsellor" {
			t.Errorf("whom a secretary may stand up for: %v %+v", err, away)
		}
	})
}

// TestGrants: an administrator changes roles of others, which bites at once (X5).
func TestGrants(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		ctx, accounts := t.Context(), c.app.Accounts
		admin := of("root", access.SecurityAdministrator, access.School())
		office := access.Grant{Role: access.Office, Over: access.School()}
		counsellor := access.Grant{Role: access.Counsellor, Over: access.Classes(c.unit("药学一班"))}
		a, _ := c.account("zhou", "", office)
		li, _ := c.account("li", "", counsellor)
		student := c.invited("240000")
		for name, f := range map[string]struct {
			who     access.Actor
			account string
			grants  []access.Grant
			kind    fault.Kind
		}{
			"their own":                 {access.Actor{Account: a.ID, Grants: admin.Grants}, a.ID, []access.Grant{office}, fault.Conflict},
			"by who keeps the accounts": {of("x", access.Administrator, access.School()), a.ID, []access.Grant{office}, fault.Forbidden},
			"by the office":             {of("x", access.Office, access.School()), a.ID, []access.Grant{office}, fault.Forbidden},
			"none":                      {admin, a.ID, nil, fault.Invalid},
			"over nobody":               {admin, a.ID, []access.Grant{{Role: access.Office}}, fault.Invalid},
			"graduate":                  {admin, a.ID, []access.Grant{{Role: access.Graduate, Over: access.School()}}, fault.Invalid},
			"of a graduate":             {admin, c.accountOf(student).ID, []access.Grant{office}, fault.Conflict},
			"administrator and office":  {admin, a.ID, []access.Grant{office, {Role: access.Administrator, Over: access.School()}}, fault.Invalid},
			"auditor and office":        {admin, a.ID, []access.Grant{office, {Role: access.Auditor, Over: access.School()}}, fault.Invalid},
			"security and office":       {admin, a.ID, []access.Grant{office, {Role: access.SecurityAdministrator, Over: access.School()}}, fault.Invalid},
			"two of the three":          {admin, a.ID, []access.Grant{{Role: access.Administrator, Over: access.School()}, {Role: access.SecurityAdministrator, Over: access.School()}}, fault.Invalid},
			"a tutor of the school":     {admin, a.ID, []access.Grant{{Role: access.Tutor, Over: access.School()}}, fault.Invalid},
			"a tutor of a college":      {admin, a.ID, []access.Grant{{Role: access.Tutor, Over: access.Colleges("c")}}, fault.Invalid},
			"a firm":                    {admin, a.ID, []access.Grant{{Role: access.Employer, Over: access.School()}}, fault.Invalid},
			"a program":                 {admin, a.ID, []access.Grant{{Role: access.Client, Over: access.School()}}, fault.Invalid},
			"a term backwards":          {admin, a.ID, []access.Grant{{Role: access.Office, Over: access.School(), Begins: "2025-08-02", Ends: "2025-08-01"}}, fault.Invalid},
			"in somebody's place":       {admin, a.ID, []access.Grant{{Role: access.Office, Over: access.School(), For: "x"}}, fault.Invalid},
			"nobody there is":           {admin, "nobody", []access.Grant{office}, fault.NotFound},
			"two roles of one's office": {admin, li.ID, []access.Grant{counsellor, {Role: access.Support, Over: access.School()}}, ""},
		} {
			if err := accounts.Grants(ctx, f.who, f.account, f.grants); fault.KindOf(err) != f.kind {
				t.Errorf("%s: %v", name, err)
			}
		}
		w := c.enter(a)
		w.want("the office", "/graduates?cohort=2024", 200, "240000")
		if _, err := accounts.Deputise(ctx, c.actor(a), access.Deputing{To: "li", Ends: c.today(), Reason: "开会"}); err != nil {
			t.Fatal(err)
		}
		log := recording{c.app.Store, map[string]map[string]string{}}
		accounts.Audit = log
		if err := accounts.Grants(ctx, admin, a.ID, []access.Grant{counsellor}); err != nil {
			t.Fatal(err)
		}
		if d := log.entries["account.grants"]; !strings.Contains(d["before"], "office") || strings.Contains(d["after"], "office") {
			t.Errorf("before and after: %v", d)
		}
		if page := w.want("a counsellor on the next request", "/graduates?cohort=2024", 200, "240060"); strings.Contains(page, "240000") {
			t.Error("the old scope still shows")
		}
		if c.actor(li).Has(access.Office) {
			t.Error("the deputy keeps what the principal lost")
		}
	})
}

// TestDisabledAndEnabled: sessions and deputies end; the password comes back.
func TestDisabledAndEnabled(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		ctx, accounts, console := t.Context(), c.app.Accounts, access.Console("test")
		a, token := c.account("zhou", "", access.Grant{Role: access.Counsellor, Over: access.School()})
		li, _ := c.account("li", "", access.Grant{Role: access.Support, Over: access.School()})
		if err := accounts.SetPassword(ctx, token, aPassword); err != nil {
			t.Fatal(err)
		}
		if _, err := accounts.Deputise(ctx, c.actor(a), access.Deputing{To: "li", Ends: c.today(), Reason: "休假"}); err != nil {
			t.Fatal(err)
		}
		ticket, err := accounts.Login(ctx, "zhou", aPassword, access.From{Peer: "192.0.2.1"})
		if err != nil {
			t.Fatal(err)
		}
		if err := accounts.Disable(ctx, console, a.ID); err != nil {
			t.Fatal(err)
		}
		if c.actor(li).Has(access.Counsellor) {
			t.Error("the deputy of a disabled account goes on")
		}
		if _, err := accounts.Vouch(ctx, "zhou", aPassword, "", "192.0.2.1"); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("a disabled account vouches: %v", err)
		}
		for range 2 {
			if err := accounts.Enable(ctx, console, a.ID); err != nil {
				t.Fatal(err)
			}
		}
		if _, _, err := accounts.Resume(ctx, ticket); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("the session of before: %v", err)
		}
		got, err := accounts.Vouch(ctx, "zhou", aPassword, "", "192.0.2.1")
		if err != nil || got.ID != a.ID {
			t.Errorf("vouch: %v", err)
		}
		if _, err := accounts.Vouch(ctx, "zhou", "Wrong.harbour.82", "", "192.0.2.1"); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("a wrong word: %v", err)
		}
	})
}

// TestOwnPassword: old and new, and that everything else ends.
func TestOwnPassword(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		ctx, accounts := t.Context(), c.app.Accounts
		first, err := c.activate(c.invited("240000"), aPassword)
		if err != nil {
			t.Fatal(err)
		}
		own, _, err := accounts.Resume(ctx, first)
		if err != nil {
			t.Fatal(err)
		}
		for name, f := range map[string]struct {
			old, new string
			kind     fault.Kind
		}{
			"a wrong old one": {aPassword + "x", aPassword + "y", fault.Forbidden},
			"a weak new one":  {aPassword, "abc", fault.Invalid},
			"the same":        {aPassword, aPassword, fault.Invalid},
		} {
			if _, err := accounts.ChangePassword(ctx, own, f.old, f.new, access.From{Peer: "192.0.2.1"}); fault.KindOf(err) != f.kind {
				t.Errorf("%s: %v", name, err)
			}
		}
		second, err := accounts.ChangePassword(ctx, own, aPassword, aPassword+"new", access.From{Peer: "192.0.2.1"})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := accounts.Resume(ctx, first); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("the session of before: %v", err)
		}
		if own, _, err = accounts.Resume(ctx, second); err != nil {
			t.Fatal(err)
		}
		if err := accounts.LogoutEverywhere(ctx, own); err != nil {
			t.Fatal(err)
		}
		if _, _, err := accounts.Resume(ctx, second); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("logged out everywhere, but here: %v", err)
		}
	})
}
