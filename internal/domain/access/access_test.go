package access

import (
	"strings"
	"sync"
	"testing"
	"time"

	"quxiang/internal/domain/calendar"
)

func TestWhatRolesMayDo(t *testing.T) {
	for name, c := range map[string]struct {
		role Role
		what Permission
		want bool
	}{
		"a counsellor sees people":               {Counsellor, ViewPeople, true},
		"a school leader sees figures":           {SchoolLeader, ViewFigures, true},
		"a school leader sees nobody":            {SchoolLeader, ViewPeople, false},
		"a school leader opens no sheet":         {SchoolLeader, ReviewCase, false},
		"a school leader strikes along":          {SchoolLeader, SecondStrike, true},
		"a school leader begins no strike":       {SchoolLeader, StrikeCase, false},
		"a school leader reads the estimate":     {SchoolLeader, ViewEstimate, true},
		"a college leader does not strike along": {CollegeLeader, SecondStrike, false},
		"an administrator sees nobody":           {Administrator, ViewPeople, false},
		"an administrator sees no figures":       {Administrator, ViewFigures, false},
		"an auditor reads the trail":             {Auditor, ReadAudit, true},
		"an administrator gives no roles":        {Administrator, GrantRoles, false},
		"security gives roles":                   {SecurityAdministrator, GrantRoles, true},
		"security adds nobody":                   {SecurityAdministrator, ManageAccounts, false},
		"security sees nobody":                   {SecurityAdministrator, ViewPeople, false},
		"security sees no figures":               {SecurityAdministrator, ViewFigures, false},
		"a tutor sees people":                    {Tutor, ViewPeople, true},
		"a tutor does not review":                {Tutor, ReviewCase, false},
		"a tutor invites nobody":                 {Tutor, InviteGraduates, false},
		"a tutor sees no identity number":        {Tutor, RevealIdentity, false},
		"an employer may nothing":                {Employer, ViewFigures, false},
		"a client may nothing":                   {Client, ViewFigures, false},
		"an auditor sees nobody":                 {Auditor, ViewPeople, false},
		"a graduate sees nobody else":            {Graduate, ViewPeople, false},
		"a graduate registers":                   {Graduate, RegisterOwn, true},
		"the office freezes, releases":           {Office, Release, true},
		"the office unlocks":                     {Office, Unlock, true},
		"the office makes no accounts":           {Office, ManageAccounts, false},
		"a secretary does not import":            {CollegeSecretary, ImportRoster, false},
		"difficulty is not for counsellors":      {Counsellor, ViewSensitiveAgg, false},
		"an unknown role may nothing":            {Role("rector"), ViewFigures, false},
		"a college leader does not strike cases": {CollegeLeader, StrikeCase, false},
	} {
		a := Actor{Account: "a", Grants: []Grant{{Role: c.role, Over: School()}}}
		if got := a.May(c.what) == nil; got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
		if got := !a.Within(c.what).Empty(); got != c.want {
			t.Errorf("%s: scope %v", name, got)
		}
	}
}

func TestScopeComesFromTheRolesThatMay(t *testing.T) {
	a := Actor{Grants: []Grant{
		{Role: Counsellor, Over: Classes("k1")}, {Role: CollegeSecretary, Over: Colleges("c1")}, {Role: SchoolLeader, Over: School()},
	}}
	within := a.Within(ViewPeople)
	if within.School || !within.Holds("g", "c1", "k9") || !within.Holds("g", "c9", "k1") || within.Holds("g", "c9", "k9") {
		t.Errorf("people: %+v", within)
	}
	if !a.Within(ViewFigures).School {
		t.Error("figures of the whole school are for a school leader")
	}
	if !(Scope{}).Empty() || (Scope{}).Holds("", "", "") {
		t.Error("the zero scope holds somebody")
	}
}

func TestConsoleIsNoPerson(t *testing.T) {
	if Console("op").Person() || (Actor{}).Person() || !(Actor{Account: "01h"}).Person() {
		t.Error("a console or nobody counts as a second pair of eyes")
	}
	if Console("op").May(Unlock) != nil || Console("op").May(ManageAccounts) != nil {
		t.Error("the console lacks the keeping of snapshots or accounts")
	}
}

func TestGrantsHoldForTheirTerm(t *testing.T) {
	a := Account{ID: "a", Grants: []Grant{{Role: Counsellor, Over: School(), Begins: "2025-08-01", Ends: "2025-08-31"}}}
	for day, want := range map[calendar.Day]int{"2025-07-31": 0, "2025-08-01": 1, "2025-08-31": 1, "2025-09-01": 0} {
		if got := len(a.Actor(day).Grants); got != want {
			t.Errorf("%s: %d grants, want %d", day, got, want)
		}
	}
}

const minute = calendar.Instant(60_000)

func TestTriesAreBounded(t *testing.T) {
	t.Run("five of one account from one address", func(t *testing.T) {
		var s tries
		for i := range triesPair {
			if s.begin(0, attempt{login: "Op", network: "p1"}) > 0 {
				t.Fatalf("try %d was held back", i+1)
			}
		}
		if s.begin(0, attempt{login: "oP", network: "p1"}) != triesWindow {
			t.Error("a sixth was let through by writing the login otherwise")
		}
		if s.begin(0, attempt{login: "op", network: "p2"}) > 0 || s.begin(0, attempt{login: "other", network: "p1"}) > 0 {
			t.Error("another address or account is locked as well")
		}
		if s.begin(16*minute, attempt{login: "op", network: "p1"}) > 0 {
			t.Error("still locked after the window")
		}
	})
	t.Run("one account from many addresses", func(t *testing.T) {
		var s tries
		let := 0
		for i := range 10_000 {
			if s.begin(0, attempt{login: "op", network: "p" + time.Duration(i).String()}) == 0 {
				let++
			}
		}
		if let != triesAccount {
			t.Errorf("%d were let through", let)
		}
	})
	t.Run("one password on many accounts", func(t *testing.T) {
		var s tries
		let := 0
		for i := range 500 {
			if s.begin(0, attempt{login: "u" + time.Duration(i).String(), network: "p"}) == 0 {
				let++
			}
		}
		if let != triesNetwork {
			t.Errorf("%d were let through", let)
		}
	})
	t.Run("at one instant", func(t *testing.T) {
		var s tries
		var wg sync.WaitGroup
		let := make(chan bool, 200)
		for range 200 {
			wg.Go(func() {
				if s.begin(0, attempt{login: "op", network: "p"}) == 0 {
					let <- true
				}
			})
		}
		wg.Wait()
		if len(let) != triesPair {
			t.Errorf("%d were let through", len(let))
		}
	})
	t.Run("a right password forgives", func(t *testing.T) {
		var s tries
		for range 100 {
			if s.begin(0, attempt{login: "op", network: "p"}) > 0 {
				t.Fatal("held back")
			}
			s.passed(attempt{login: "op", network: "p"})
		}
	})
}

func TestLoginsThatNoAccountHasAreNotRemembered(t *testing.T) {
	var s tries
	let := 0
	for i := range 500 {
		if s.begin(0, attempt{login: strings.Repeat("长", maxLogin) + time.Duration(i).String(), network: "p"}) == 0 {
			let++
		}
	}
	if let != triesNetwork || len(s.held) != 1 {
		t.Errorf("%d were let through, %d remembered", let, len(s.held))
	}
}

func TestTriesForgetRatherThanGrow(t *testing.T) {
	var s tries
	for i := range triesRemembered {
		s.begin(calendar.Instant(i/1000), attempt{login: "u" + time.Duration(i).String(), network: "p" + time.Duration(i/10).String()})
	}
	if len(s.held) > triesRemembered+3 {
		t.Errorf("%d remembered", len(s.held))
	}
}

func TestTickets(t *testing.T) {
	if a, tok, ok := splitTicket(ticket("01h.x", "tok")); !ok || a != "01h.x" || tok != "tok" {
		t.Error(a, tok, ok)
	}
	for _, bad := range []string{"", ".", "a.", ".t", "a", strings.Repeat("a", 300) + ".t"} {
		if _, _, ok := splitTicket(bad); ok {
			t.Errorf("%q was taken", bad)
		}
	}
	a, b := &Account{ID: "a", Password: "old"}, &Account{ID: "a", Password: "new"}
	keyed := func(key string) *Service {
		return &Service{Keyed: func(field, value string) string { return digest(key, field, value) }}
	}
	s := keyed("k")
	if s.sessionDigest("t", a) == keyed("other").sessionDigest("t", a) || s.linkDigest("t", a) == keyed("other").linkDigest("t", a) {
		t.Error("who has the rows makes sessions and links of their own")
	}
	if s.sessionDigest("t", a) == s.sessionDigest("t", b) || len(newToken()) < 22 {
		t.Error("digest or token")
	}
	if s.linkDigest("t", a) == s.sessionDigest("t", a) {
		t.Error("a link's token would open a session")
	}
	if s.linkDigest("t", a) == s.linkDigest("t", b) {
		t.Error("a link outlives a new password")
	}
}

func TestBothNeverHoldsMore(t *testing.T) {
	for name, c := range map[string]struct {
		a, b      Scope
		holds, no string // a class of college c1 that is inside, one that is not
	}{
		"school and a college": {School(), Colleges("c1"), "k1", ""},
		"two lists of classes": {Classes("k1", "k2"), Classes("k2", "k3"), "k2", "k1"},
		"different kinds":      {Colleges("c1"), Classes("k1"), "", "k1"},
		"nobody":               {School(), Scope{}, "", "k1"},
	} {
		both := c.a.Both(c.b)
		if c.holds != "" && !both.Holds("g", "c1", c.holds) {
			t.Errorf("%s: %s is out", name, c.holds)
		}
		if c.no != "" && both.Holds("g", "c1", c.no) {
			t.Errorf("%s: %s is in", name, c.no)
		}
	}
}

func TestEveryRoleHasATitle(t *testing.T) {
	for role := range rights {
		if role.Title() == string(role) || (Actor{Grants: []Grant{{Role: role}}}).Title() != role.Title() {
			t.Errorf("%s has no title", role)
		}
	}
	two := Actor{Grants: []Grant{{Role: Counsellor}, {Role: Office}}}
	if got := two.Title(); got != Office.Title() {
		t.Errorf("shown as %s", got)
	}
}
