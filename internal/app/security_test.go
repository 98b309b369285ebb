package app_test

import (
	"slices"
	"testing"
	"time"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
)

// login sets a password and returns the account as its next request finds it.
func (c *campus) login(a access.Account, token string) (access.Account, string) {
	c.t.Helper()
	if err := c.app.Accounts.SetPassword(c.t.Context(), token, aPassword); err != nil {
		c.t.Fatal(err)
	}
	ticket, err := c.app.Accounts.Login(c.t.Context(), a.Login, aPassword, access.From{Peer: "192.0.2.1"})
	if err != nil {
		c.t.Fatal(err)
	}
	return c.resume(ticket), ticket
}

func (c *campus) resume(ticket string) access.Account {
	c.t.Helper()
	a, _, err := c.app.Accounts.Resume(c.t.Context(), ticket)
	if err != nil {
		c.t.Fatal(err)
	}
	return a
}

// TestThreeOffices: who keeps the accounts gives the roles only while nobody else
// can, and cannot get rid of who does (三员分立, C14).
func TestThreeOffices(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		ctx, accounts := t.Context(), c.app.Accounts
		office := access.Grant{Role: access.Office, Over: access.School()}
		security := access.Grant{Role: access.SecurityAdministrator, Over: access.School()}
		zhou, _ := c.account("zhou", "", office)
		admin, ticket := c.login(c.account("keeper", "", access.Grant{Role: access.Administrator, Over: access.School()}))
		who := func() access.Actor { return c.resume(ticket).Actor(c.today()) }
		for _, p := range []access.Permission{access.GrantRoles, access.ResetFactor, access.ConfigureSecurity, access.RotateKeys} {
			if who().May(p) != nil {
				t.Errorf("a school without security administrator has nobody for %s", p)
			}
		}
		if who().Title() != access.Administrator.Title() {
			t.Errorf("shown as %s", who().Title())
		}
		// A second one comes in: from then on the offices are apart.
		b, token, err := accounts.Add(ctx, who(), access.Account{Login: "guard", Name: "安", Grants: []access.Grant{security}})
		if err != nil {
			t.Fatal(err)
		}
		if who().May(access.GrantRoles) != nil {
			t.Error("apart before the other one has come in: nobody could give roles")
		}
		guard, guardTicket := c.login(b, token)
		if fault.KindOf(who().May(access.GrantRoles)) != fault.Forbidden {
			t.Error("who keeps the accounts still gives roles")
		}
		if _, _, err := accounts.Add(ctx, who(), access.Account{Login: "more", Name: "多", Grants: []access.Grant{office}}); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("an account with a role: %v", err)
		}
		bare, _, err := accounts.Add(ctx, who(), access.Account{Login: "bare", Name: "新"})
		if err != nil {
			t.Fatal(err)
		}
		other := guard.Actor(c.today())
		if err := accounts.Grants(ctx, other, bare.ID, []access.Grant{office}); err != nil {
			t.Errorf("security gives a role: %v", err)
		}
		for name, err := range map[string]error{
			"security adds":             func() error { _, _, err := accounts.Add(ctx, other, access.Account{Login: "x", Name: "x"}); return err }(),
			"security disables":         accounts.Disable(ctx, other, zhou.ID),
			"security hands out a link": func() error { _, err := accounts.PasswordLink(ctx, other, zhou.ID); return err }(),
			"its own role":              accounts.Grants(ctx, other, guard.ID, []access.Grant{security}),
		} {
			if k := fault.KindOf(err); k != fault.Forbidden && k != fault.Conflict {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := accounts.Disable(ctx, who(), guard.ID); fault.KindOf(err) != fault.Conflict {
			t.Errorf("the keeper ends the last overseer: %v", err)
		}
		if err := accounts.Disable(ctx, access.Console("test"), guard.ID); err != nil {
			t.Errorf("whoever has the machine: %v", err)
		}
		if _, _, err := accounts.Resume(ctx, guardTicket); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("ended, and still in: %v", err)
		}
		if who().May(access.GrantRoles) != nil {
			t.Error("nobody gives roles now")
		}
		_ = admin
	})
}

// TestIdleAccountsAreMarked: 90 days without a login (C14).
func TestIdleAccountsAreMarked(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		_, ticket := c.login(c.account("keeper", "", access.Grant{Role: access.Administrator, Over: access.School()}))
		c.account("never", "", access.Grant{Role: access.Office, Over: access.School()})
		idle := func() (out []string) {
			c.t.Helper()
			list, err := c.app.Accounts.Staff(t.Context(), access.Console("test"))
			if err != nil {
				t.Fatal(err)
			}
			for i := range list {
				if list[i].Idle(c.app.Accounts.Now()) {
					out = append(out, list[i].Login)
				}
			}
			return out
		}
		if got := idle(); len(got) > 0 {
			t.Errorf("idle on the first day: %v", got)
		}
		c.clock = 20 * time.Minute
		seen := c.resume(ticket)
		c.clock = 90*24*time.Hour + 10*time.Minute
		if got := idle(); !slices.Equal(got, []string{"never", "root"}) {
			t.Errorf("idle: %v", got)
		}
		if seen.ID == "" {
			t.Error("nobody")
		}
		c.clock = 90*24*time.Hour + 20*time.Minute
		if got := idle(); !slices.Equal(got, []string{"keeper", "never", "root"}) {
			t.Errorf("idle in the end: %v", got)
		}
	})
}
