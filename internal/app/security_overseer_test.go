package app_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/privacy"
)

// TestNobodyBecomesTheirOwnOverseer: who keeps the accounts comes by no link, older
// or newer than the role, to the password of who gives the roles (三员分立, C14, S43).
func TestNobodyBecomesTheirOwnOverseer(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		ctx, accounts := t.Context(), c.app.Accounts
		security := []access.Grant{{Role: access.SecurityAdministrator, Over: access.School()}}
		_, ticket := c.login(c.account("keeper", "", access.Grant{Role: access.Administrator, Over: access.School()}))
		who := func() access.Actor { return c.resume(ticket).Actor(c.today()) }
		b, first := c.account("guard", "", security...)
		if _, err := accounts.PasswordLink(ctx, who(), b.ID); err != nil {
			t.Errorf("while nobody has come in as security administrator: %v", err)
		}
		guard, _ := c.login(b, first)
		if _, err := accounts.PasswordLink(ctx, who(), b.ID); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a link to the overseer's password: %v", err)
		}
		if _, err := accounts.PasswordLink(ctx, access.Console("test"), b.ID); err != nil {
			t.Errorf("whoever has the machine: %v", err)
		}
		next, link, err := accounts.Add(ctx, who(), access.Account{Login: "next", Name: "新"})
		if err != nil {
			t.Fatal(err)
		}
		if err := accounts.Grants(ctx, guard.Actor(c.today()), next.ID, security); fault.KindOf(err) != fault.Conflict {
			t.Errorf("the role for whoever has the first link: %v", err)
		}
		c.login(next, link)
		link, err = accounts.PasswordLink(ctx, who(), next.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := accounts.Grants(ctx, guard.Actor(c.today()), next.ID, security); err != nil {
			t.Fatal(err)
		}
		if err := accounts.SetPassword(ctx, link, "Another.harbour.91"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a link older than the role: %v", err)
		}
	})
}

// together holds each of the first n callers until all of them have come, or until
// the others are kept out for good.
type together struct {
	mu   sync.Mutex
	n    int
	full chan struct{}
}

func meeting(n int) *together { return &together{n: n, full: make(chan struct{})} }

func (m *together) wait() {
	m.mu.Lock()
	m.n--
	if m.n == 0 {
		close(m.full)
	}
	m.mu.Unlock()
	select {
	case <-m.full:
	case <-time.After(time.Second / 2): // they wait for us
	}
}

// countsTogether lets two who count the security administrators see the same.
type countsTogether struct {
	access.Accounts
	*together
}

// Holding returns what was there when both had come.
func (s countsTogether) Holding(ctx context.Context, role access.Role) ([]access.Account, error) {
	list, err := s.Accounts.Holding(ctx, role)
	s.wait()
	return list, err
}

// TestTwoRemovalsLeaveOneOverseer: two security administrators are ended at one
// instant, each because the other one stays (C14).
func TestTwoRemovalsLeaveOneOverseer(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		security := access.Grant{Role: access.SecurityAdministrator, Over: access.School()}
		one, _ := c.login(c.account("one", "", security))
		two, _ := c.login(c.account("two", "", security))
		keeper, _ := c.login(c.account("keeper", "", access.Grant{Role: access.Administrator, Over: access.School()}))
		who, a := keeper.Actor(c.today()), c.app.Accounts
		verbs := &access.Service{Store: countsTogether{a.Store, meeting(2)}, Audit: a.Audit, Passwords: a.Passwords, Keyed: a.Keyed, NewID: a.NewID, Now: a.Now}
		var errs [2]error
		var done sync.WaitGroup
		for i, id := range []string{one.ID, two.ID} {
			done.Go(func() { errs[i] = verbs.Disable(context.WithoutCancel(t.Context()), who, id) })
		}
		done.Wait()
		left := 0
		for _, err := range errs {
			if fault.KindOf(err) == fault.Conflict {
				left++
			} else if err != nil {
				t.Error(err)
			}
		}
		if apart, err := a.Separated(t.Context()); left != 1 || !apart || err != nil {
			t.Errorf("%d of two stay: %v", left, errs)
		}
	})
}

// asksTogether lets all who ask see the requests of before.
type asksTogether struct {
	privacy.Store
	*together
}

// PrivacyRequestsOf returns what was there when all had come.
func (s asksTogether) PrivacyRequestsOf(ctx context.Context, graduate string) ([]privacy.Request, error) {
	list, err := s.Store.PrivacyRequestsOf(ctx, graduate)
	if ctx.Value(inside{}) == nil {
		s.wait()
	}
	return list, err
}

type inside struct{}

// InTx marks the context: who waits for others inside would be waited for.
func (s asksTogether) InTx(ctx context.Context, do func(context.Context) error) error {
	return s.Store.InTx(ctx, func(ctx context.Context) error { return do(context.WithValue(ctx, inside{}, true)) })
}

// TestAskingAtOneInstantIsAskingOnce: a double tap makes one request.
func TestAskingAtOneInstantIsAskingOnce(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		id := c.graduate("240001")
		a, _ := c.account("240001", id, access.Grant{Role: access.Graduate, Over: access.Self(id)})
		own, verbs := c.actor(a), *c.app.Privacy
		verbs.Store = asksTogether{c.app.Store, meeting(3)}
		var ids [3]string
		var done sync.WaitGroup
		for i := range ids {
			done.Go(func() {
				r, err := verbs.Ask(t.Context(), own, id, privacy.Kinds[0], privacy.ForEmployers, "我的手机号码")
				if err != nil {
					t.Error(err)
				}
				ids[i] = r.ID
			})
		}
		done.Wait()
		list, err := c.app.Store.PrivacyRequestsOf(t.Context(), id)
		if err != nil || len(list) != 1 || ids != [3]string{list[0].ID, list[0].ID, list[0].ID} {
			t.Errorf("%d requests, answers %v, %v", len(list), ids, err)
		}
	})
}
