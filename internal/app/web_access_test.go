package app_test

import (
	"context"
	"maps"
	"strings"
	"testing"
	"time"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
)

const aPassword = "Teapot.harbour.82"

func TestLinksOfBeforeEndWithTheNewPassword(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		ctx, accounts, console := t.Context(), c.app.Accounts, access.Console("test")
		a, first := c.account("zhou", "", access.Grant{Role: access.Office, Over: access.School()})
		second, err := accounts.PasswordLink(ctx, console, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := accounts.SetPassword(ctx, first, aPassword); err != nil {
			t.Fatal(err)
		}
		if err := accounts.SetPassword(ctx, second, aPassword+"x"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the other link still sets a password: %v", err)
		}
		third, err := accounts.PasswordLink(ctx, console, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := accounts.SetPassword(ctx, third, aPassword+"y"); err != nil {
			t.Errorf("a link of afterwards: %v", err)
		}
	})
}

// disabling hashes, and has the account disabled meanwhile.
type disabling struct {
	access.Passwords
	do func()
}

// Hash hashes after the account was disabled.
func (d disabling) Hash(password string) (string, error) {
	d.do()
	return d.Passwords.Hash(password)
}

func TestPasswordOfAnAccountDisabledMeanwhile(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		a, token := c.account("zhou", "", access.Grant{Role: access.Office, Over: access.School()})
		c.app.Accounts.Passwords = disabling{c.app.Accounts.Passwords, func() {
			if err := c.app.Accounts.Disable(t.Context(), access.Console("test"), a.ID); err != nil {
				t.Error(err)
			}
		}}
		if err := c.app.Accounts.SetPassword(t.Context(), token, aPassword); fault.KindOf(err) != fault.NotFound {
			t.Errorf("set: %v", err)
		}
	})
}

// counting counts what a login writes down.
type counting struct {
	access.Log
	entries map[string]int
}

// Write counts the entry.
func (l counting) Write(ctx context.Context, who access.Actor, action, subject string, detail map[string]string) error {
	l.entries[action]++
	return l.Log.Write(ctx, who, action, subject, detail)
}

func TestRefusedLoginsDoTheSameWork(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		c.account("zhou", "", access.Grant{Role: access.Office, Over: access.School()})
		for _, login := range []string{"zhou", "nobody"} {
			log := counting{c.app.Store, map[string]int{}}
			c.app.Accounts.Audit = log
			_, err := c.app.Accounts.Login(t.Context(), login, "Wrong.harbour.82", access.From{Peer: "192.0.2.1"})
			if fault.KindOf(err) != fault.Forbidden || log.entries["account.login_failed"] != 1 {
				t.Errorf("%s: %v, wrote %v", login, err, log.entries)
			}
		}
		if _, err := c.app.Accounts.Login(t.Context(), strings.Repeat("x", 1<<20), "Wrong.harbour.82", access.From{Peer: "192.0.2.1"}); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("a login of a megabyte: %v", err)
		}
	})
}

// leaving has the session ended between the look at it and the note that it was seen.
type leaving struct {
	access.Accounts
}

// TouchSession notes the session as seen after it was ended.
func (l leaving) TouchSession(ctx context.Context, digest string, seen calendar.Instant) error {
	if err := l.DropSession(ctx, digest); err != nil {
		return err
	}
	return l.Accounts.TouchSession(ctx, digest, seen)
}

// TestLoggedOutStaysLoggedOut: a request under way brings no ended session back (S49).
func TestLoggedOutStaysLoggedOut(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		a, token := c.account("zhou", "", access.Grant{Role: access.Office, Over: access.School()})
		if err := c.app.Accounts.SetPassword(t.Context(), token, aPassword); err != nil {
			t.Fatal(err)
		}
		ticket, err := c.app.Accounts.Login(t.Context(), a.Login, aPassword, access.From{Peer: "192.0.2.1"})
		if err != nil {
			t.Fatal(err)
		}
		c.clock = 10 * time.Minute
		c.app.Accounts.Store = leaving{c.app.Store}
		if _, _, err := c.app.Accounts.Resume(t.Context(), ticket); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("a session that was ended goes on: %v", err)
		}
	})
}

func TestGraduateIsNoRoleOfStaff(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		_, _, err := c.app.Accounts.Add(t.Context(), access.Console("test"), access.Account{Login: "lin", Name: "林",
			Grants: []access.Grant{{Role: access.Graduate, Over: access.School()}}})
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("%v", err)
		}
	})
}

// opened is the trail of lists of people.
type opened struct {
	access.Log
	lists map[string]string // how many people, by list
}

// Write notes the entry.
func (l opened) Write(ctx context.Context, who access.Actor, action, subject string, detail map[string]string) error {
	if action == "people.view" {
		l.lists[who.Account+" "+subject] = detail["people"]
	}
	return l.Log.Write(ctx, who, action, subject, detail)
}

// TestOpeningAListIsWrittenDown: one entry each time, with what was asked for (C8).
func TestOpeningAListIsWrittenDown(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		a, _ := c.account("zhou", "", access.Grant{Role: access.Office, Over: access.School()})
		w := c.enter(a)
		log := opened{c.app.Store, map[string]string{}}
		c.app.Accounts.Audit = log
		w.want("the list", "/people?cohort=2024&cell=settled", 200)
		w.want("its middle", "/people?cohort=2024&cell=settled&after=g", 200)
		w.want("a list of nothing", "/people?cohort=1999", 400)
		want := map[string]string{a.ID + " cell=settled&cohort=2024": "33", a.ID + " after=g&cell=settled&cohort=2024": "33"}
		if !maps.Equal(log.lists, want) {
			t.Errorf("%v, want %v", log.lists, want)
		}
	})
}

// recording keeps what the entries say, by action.
type recording struct {
	access.Log
	entries map[string]map[string]string
}

// Write notes the entry.
func (l recording) Write(ctx context.Context, who access.Actor, action, subject string, detail map[string]string) error {
	l.entries[action] = detail
	return l.Log.Write(ctx, who, action, subject, detail)
}
