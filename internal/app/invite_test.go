package app_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
)

// of is somebody with one role over a scope.
func of(account string, role access.Role, over access.Scope) access.Actor {
	return access.Actor{Account: account, Grants: []access.Grant{{Role: role, Over: over}}}
}

// invited gives a graduate a code, by the office.
func (c *campus) invited(no string) access.Slip {
	c.t.Helper()
	slips, err := c.app.Accounts.Invite(c.t.Context(), access.Console("test"), []string{c.graduate(no)}, access.Everyone)
	if err != nil || len(slips) != 1 {
		c.t.Fatal(err, len(slips))
	}
	return slips[0]
}

// activate comes in with a code.
func (c *campus) activate(s access.Slip, password string) (string, error) {
	return c.app.Accounts.Activate(c.t.Context(), s.Login, s.Code, password, access.NoticeVersion, access.From{Peer: "192.0.2.1"})
}

// TestInviteStaysWithinTheScope: one outside refuses all (X3), and who may not
// invite at all invites nobody (X7).
func TestInviteStaysWithinTheScope(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		ctx, accounts := t.Context(), c.app.Accounts
		own, other := []string{c.graduate("240060"), c.graduate("240061")}, c.graduate("240000")
		class, college := access.Classes(c.unit("药学一班")), access.Colleges(c.unit("药学院"))
		for name, f := range map[string]struct {
			who  access.Actor
			whom []string
			kind fault.Kind // blank: all of them get a code
		}{
			"a counsellor, their class":       {of("x", access.Counsellor, class), own, ""},
			"a counsellor, one of another":    {of("x", access.Counsellor, class), append([]string{other}, own...), fault.NotFound},
			"a secretary, their college":      {of("x", access.CollegeSecretary, college), own, ""},
			"a secretary, one of another":     {of("x", access.CollegeSecretary, college), []string{other}, fault.NotFound},
			"the office":                      {of("x", access.Office, access.School()), append([]string{other}, own...), ""},
			"nobody there is":                 {of("x", access.Office, access.School()), []string{"nobody"}, fault.NotFound},
			"nobody is named":                 {of("x", access.Office, access.School()), nil, fault.NotFound},
			"the administrator":               {of("x", access.Administrator, access.School()), own, fault.Forbidden},
			"a college leader":                {of("x", access.CollegeLeader, college), own, fault.Forbidden},
			"a graduate for themselves":       {of("x", access.Graduate, access.Self(own[0])), own[:1], fault.Forbidden},
			"a counsellor whose term is over": {access.Actor{Account: "x"}, own, fault.Forbidden},
		} {
			slips, err := accounts.Invite(ctx, f.who, f.whom, access.Everyone)
			if fault.KindOf(err) != f.kind || f.kind == "" && len(slips) != len(f.whom) || f.kind != "" && len(slips) > 0 {
				t.Errorf("%s: %d slips, %v", name, len(slips), err)
			}
			if len(f.whom) == 0 {
				continue
			}
			if _, err := accounts.Reissue(ctx, f.who, f.whom[0], "换了手机"); fault.KindOf(err) != f.kind {
				t.Errorf("%s: reissue: %v", name, err)
			}
		}
	})
}

// TestWhoGetsACode: reach, and that only the newest code of a person works (X32).
func TestWhoGetsACode(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		ctx, accounts, office := t.Context(), c.app.Accounts, of("x", access.Office, access.School())
		in, coded, none := c.invited("240000"), c.invited("240001"), c.graduate("240002")
		if _, err := c.activate(in, aPassword); err != nil {
			t.Fatal(err)
		}
		all := []string{in.Graduate, coded.Graduate, none}
		for _, f := range []struct {
			reach access.Reach
			want  []string
		}{
			{access.WithoutCode, []string{none}},
			{access.NotActivated, []string{coded.Graduate, none}},
			{access.Everyone, all},
		} {
			slips, err := accounts.Invite(ctx, office, all, f.reach)
			var got []string
			for _, s := range slips {
				got = append(got, s.Graduate)
			}
			slices.Sort(got)
			slices.Sort(f.want)
			if err != nil || !slices.Equal(got, f.want) {
				t.Errorf("%s: %v %v, want %v", f.reach, err, got, f.want)
			}
		}
		if _, err := c.activate(coded, aPassword); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("an earlier code still works: %v", err)
		}
		standings, err := accounts.ClassStandings(ctx, office, "2024")
		if err != nil || len(standings) != 2 {
			t.Fatal(err, standings)
		}
		if s := standings[0]; s.People != 60 || s.Activated != 1 || s.Coded != 2 {
			t.Errorf("%+v", s)
		}
		c.clock = access.CodeTerm + time.Minute
		roll, err := accounts.Roll(ctx, office, access.Whom{Classes: []string{c.unit("临床一班")}})
		if err != nil || len(roll) != 60 || roll[1].Number != "240001" || roll[1].CodeUntil != 0 || !roll[0].Activated {
			t.Errorf("after the term: %v %+v", err, roll[:2])
		}
	})
}

// TestNumbersOfStaffAreNotTaken: a student number that is a colleague's login
// replaces nobody.
func TestNumbersOfStaffAreNotTaken(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		c.account("240007", "", access.Grant{Role: access.Office, Over: access.School()})
		ids := []string{c.graduate("240006"), c.graduate("240007")}
		slips, err := c.app.Accounts.Invite(t.Context(), access.Console("test"), ids, access.NotActivated)
		if fault.KindOf(err) != fault.Conflict || len(slips) > 0 {
			t.Fatalf("%v, %d slips", err, len(slips))
		}
		if list, err := c.app.Store.AccountsAmong(t.Context(), nil, nil, ids); err != nil || len(list) > 0 {
			t.Errorf("%v: %d accounts were made", err, len(list))
		}
	})
}

// TestActivation: from the code to the own page, and all that must stay out.
func TestActivation(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		ctx, accounts := t.Context(), c.app.Accounts
		s := c.invited("240000")
		try := func(number, code, password, notice string) error {
			_, err := accounts.Activate(ctx, number, code, password, notice, access.From{Peer: "192.0.2.1"})
			return err
		}
		// Right code, but: it stays usable, and both mistakes are said at once.
		for name, f := range map[string]struct{ password, notice, says string }{
			"a weak password":        {"abc", access.NoticeVersion, "太短"},
			"built on the number":    {"X240000.harbour", access.NoticeVersion, "账号、姓名"},
			"the notice is not read": {aPassword, "", "个人信息说明"},
			"an old notice":          {aPassword, "1999-01", "刚更新过"},
			"both":                   {"abc", "", "太短"},
		} {
			if err := try(s.Login, s.Code, f.password, f.notice); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), f.says) {
				t.Errorf("%s: %v", name, err)
			}
		}
		wide := strings.Map(func(r rune) rune { return r - '!' + '！' }, s.Code)
		ticket, err := accounts.Activate(ctx, "２４００００ ", " "+strings.ToLower(wide), aPassword, access.NoticeVersion, access.From{Peer: "192.0.2.1"})
		if err != nil {
			t.Fatal(err)
		}
		own, _, err := accounts.Resume(ctx, ticket)
		if err != nil || own.Graduate != s.Graduate || own.Grants[0].Role != access.Graduate || own.Grants[0].Over.School {
			t.Errorf("%v %+v", err, own)
		}
		if needs, err := accounts.NeedsNotice(ctx, own); needs || err != nil {
			t.Errorf("asked for the notice again: %v", err)
		}
		if err := try(s.Login, s.Code, aPassword+"x", access.NoticeVersion); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("a code twice: %v", err)
		}
		if _, err := accounts.Login(ctx, s.Login, aPassword, access.From{Peer: "192.0.2.1"}); err != nil {
			t.Errorf("the password: %v", err)
		}
		used, err := accounts.Activations(ctx, own)
		if err != nil || len(used) != 1 || used[0].By != "console:test" {
			t.Errorf("who had the code made: %v %+v", err, used)
		}
	})
}

// TestRefusedCodesAreAlike: unknown number, wrong, used and expired code, and a
// disabled account, have one answer and leave one entry (X33, S42).
func TestRefusedCodesAreAlike(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		used, expired, gone, live := c.invited("240000"), c.invited("240001"), c.invited("240002"), c.invited("240003")
		if _, err := c.activate(used, aPassword); err != nil {
			t.Fatal(err)
		}
		if err := c.app.Accounts.Disable(t.Context(), access.Console("test"), c.accountOf(gone).ID); err != nil {
			t.Fatal(err)
		}
		c.clock = access.CodeTerm + time.Minute
		live = c.invited("240003")
		for name, s := range map[string]access.Slip{
			"unknown number":     {Login: "999999", Code: live.Code},
			"somebody else's":    {Login: used.Login, Code: live.Code},
			"wrong code":         {Login: live.Login, Code: "22222-22222"},
			"no code":            {Login: live.Login, Code: "?"},
			"blank":              {},
			"used":               used,
			"expired":            expired,
			"disabled":           gone,
			"a megabyte":         {Login: strings.Repeat("1", 1<<20), Code: strings.Repeat("A", 1<<20)},
			"a number of staff":  {Login: "root", Code: live.Code},
			"without a password": {Login: "root", Code: ""},
		} {
			log := counting{c.app.Store, map[string]int{}}
			c.app.Accounts.Audit = log
			_, err := c.activate(s, aPassword)
			if fault.KindOf(err) != fault.Forbidden || !strings.Contains(err.Error(), "学号或激活码不对") || log.entries["account.activate_failed"] != 1 {
				t.Errorf("%s: %v, wrote %v", name, err, log.entries)
			}
		}
		if _, err := c.activate(live, aPassword); err != nil {
			t.Errorf("the live one: %v", err)
		}
	})
}

// accountOf returns the account that a slip is for.
func (c *campus) accountOf(s access.Slip) access.Account {
	c.t.Helper()
	a, err := c.app.Store.AccountByLogin(c.t.Context(), s.Login)
	if err != nil {
		c.t.Fatal(err)
	}
	return a
}

// TestGuessedCodesAreBounded (X31): five of one number, and a forgotten password
// tried five times does not keep the new code out.
func TestGuessedCodesAreBounded(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		s, forgot := c.invited("240000"), c.invited("240001")
		held := 0
		for range 8 {
			_, err := c.app.Accounts.Activate(t.Context(), s.Login, "22222-22222", aPassword, access.NoticeVersion, access.From{Peer: "192.0.2.1"})
			if strings.Contains(fmt.Sprint(err), "试错太多") {
				held++
			}
		}
		if _, err := c.activate(s, aPassword); held != 3 || !strings.Contains(fmt.Sprint(err), "试错太多") {
			t.Errorf("%d of 8 were held back; the right one: %v", held, err)
		}
		for range 6 {
			_, _ = c.app.Accounts.Login(t.Context(), forgot.Login, "Wrong.harbour.82", access.From{Peer: "192.0.2.2"})
		}
		if _, err := c.app.Accounts.Activate(t.Context(), forgot.Login, forgot.Code, aPassword, access.NoticeVersion, access.From{Peer: "192.0.2.2"}); err != nil {
			t.Errorf("after a forgotten password: %v", err)
		}
	})
}

// TestOneCodeOneActivation: in parallel exactly one wins (X32).
func TestOneCodeOneActivation(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		s := c.invited("240000")
		var wg sync.WaitGroup
		won := make(chan string, 4)
		for i := range cap(won) {
			wg.Go(func() {
				if _, err := c.activate(s, fmt.Sprintf("%s%d", aPassword, i)); err == nil {
					won <- fmt.Sprintf("%s%d", aPassword, i)
				} else if fault.KindOf(err) != fault.Forbidden {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if len(won) != 1 {
			t.Fatalf("%d activations of one code", len(won))
		}
		if _, err := c.app.Accounts.Login(t.Context(), s.Login, <-won, access.From{Peer: "192.0.2.9"}); err != nil {
			t.Errorf("the winner's password: %v", err)
		}
	})
}

// TestReissueEndsTheOldWhenUsed: a lost phone. Until the new code is used the old
// password and session hold; then neither does.
func TestReissueEndsTheOldWhenUsed(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		ctx, accounts := t.Context(), c.app.Accounts
		counsellor := of("x", access.Counsellor, access.Classes(c.unit("临床一班")))
		s := c.invited("240000")
		old, err := c.activate(s, aPassword)
		if err != nil {
			t.Fatal(err)
		}
		for _, reason := range []string{"", " ", "丢", strings.Repeat("长", 101)} {
			if _, err := accounts.Reissue(ctx, counsellor, s.Graduate, reason); fault.KindOf(err) != fault.Invalid {
				t.Errorf("reason %q: %v", reason, err)
			}
		}
		again, err := accounts.Reissue(ctx, counsellor, s.Graduate, "手机丢了")
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := accounts.Resume(ctx, old); err != nil {
			t.Errorf("the session ended before the code was used: %v", err)
		}
		if _, err := accounts.Login(ctx, s.Login, aPassword, access.From{Peer: "192.0.2.1"}); err != nil {
			t.Errorf("the password ended before the code was used: %v", err)
		}
		if _, err := c.activate(again, aPassword+"new"); err != nil {
			t.Fatal(err)
		}
		if _, _, err := accounts.Resume(ctx, old); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("the old session goes on: %v", err)
		}
		if _, err := accounts.Login(ctx, s.Login, aPassword, access.From{Peer: "192.0.2.1"}); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("the old password goes on: %v", err)
		}
		if used, err := accounts.Activations(ctx, c.accountOf(s)); err != nil || len(used) != 2 || used[0].By != "x" {
			t.Errorf("%v %+v", err, used)
		}
	})
}

// TestCodesAreKeptAsDigestsOnly: the database says nothing that opens an account,
// even to who tries all codes of a person, for want of the key.
func TestCodesAreKeptAsDigestsOnly(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		s := c.invited("240000")
		c.app.Accounts.Keyed = func(field, value string) string { return value } // another key ring
		if _, err := c.activate(s, aPassword); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("a code works without the key that it was made with: %v", err)
		}
	})
}

// TestWholeCohortAtOnce: chunks follow each other, each with its entry.
func TestWholeCohortAtOnce(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		var ids []string
		for i := range 65 {
			ids = append(ids, c.graduate(fmt.Sprintf("24%04d", i)))
		}
		slips, err := c.app.Accounts.Invite(context.Background(), access.Console("test"), ids, access.NotActivated)
		seen := map[string]bool{}
		for _, s := range slips {
			seen[s.Code] = true
		}
		if err != nil || len(seen) != 65 {
			t.Fatalf("%v, %d codes", err, len(seen))
		}
		if _, err := c.activate(slips[64], aPassword); err != nil {
			t.Error(err)
		}
	})
}
