package app_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"quxiang/internal/domain/access"
)

func TestPasswordLinkLoginLogout(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		a, token := c.account("zhou", "", access.Grant{Role: access.Office, Over: access.School()})
		page, w := "/password/"+token, c.window()
		const good = "Teapot.harbour.82"
		for name, f := range map[string]struct{ password, again, says string }{
			"too weak":      {"abc", "abc", "太短"},
			"the login":     {"Zhou-harbour-82", "Zhou-harbour-82", "不要用账号"},
			"not the same":  {good, good + "x", "不一样"},
			"school's name": {"滨海医科大学Aa8.", "滨海医科大学Aa8.", "校名"},
		} {
			if got := w.post(page, page, "password", f.password, "again", f.again); got.Code != 400 || !strings.Contains(got.Body.String(), f.says) {
				t.Errorf("%s: %d", name, got.Code)
			}
		}
		before := w.cookies["plain-sid"]
		if got := w.post(page, page, "password", good, "again", good); got.Code != 303 {
			t.Fatalf("%d %s", got.Code, got.Body)
		}
		w.want("used link", page, 404, "链接无效")
		w.want("no link", "/password/abc", 404, "链接无效")

		wrong := w.post("/login", "/login", "login", "zhou", "password", "Wrong.harbour.82")
		unknown := w.post("/login", "/login", "login", "nobody", "password", "Wrong.harbour.82")
		if wrong.Code != 403 || unknown.Code != 403 || strings.Contains(wrong.Body.String(), "nobody") ||
			!strings.Contains(wrong.Body.String(), "账号或密码不对") || !strings.Contains(unknown.Body.String(), "账号或密码不对") {
			t.Errorf("wrong %d, unknown %d", wrong.Code, unknown.Code)
		}
		got := w.post("/login", "/login", "login", "zhou", "password", good, "next", "/people?cohort=2024")
		if got.Code != 303 || got.Header().Get("Location") != "/people?cohort=2024" || w.cookies["plain-sid"] == before {
			t.Fatalf("%d %s", got.Code, got.Header())
		}
		w.want("signed in", "/people?cohort=2024", 200)
		old := w.cookies["plain-sid"]
		if got := w.post("/", "/logout"); got.Code != 303 {
			t.Errorf("log out: %d", got.Code)
		}
		w.cookies["plain-sid"] = old
		w.want("the cookie of before", "/people?cohort=2024", 303)

		if got := w.post("/login", "/login", "login", "zhou", "password", good, "next", "//evil.example"); got.Header().Get("Location") != "/" {
			t.Errorf("sent to %s", got.Header().Get("Location"))
		}
		again, err := c.app.Accounts.PasswordLink(t.Context(), access.Console("test"), a.ID)
		if err != nil {
			t.Fatal(err)
		}
		other := c.window()
		other.post("/password/"+again, "/password/"+again, "password", good+"x", "again", good+"x")
		w.want("session from before the new password", "/people?cohort=2024", 303)
	})
}

// TestSessionsEnd: after idling, after their time, and with what ended their account (S48, S49, X5).
func TestSessionsEnd(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		office, _ := c.account("office", "", access.Grant{Role: access.Office, Over: access.School()})
		id := c.graduate("240000")
		student, _ := c.account("student", id, access.Grant{Role: access.Graduate, Over: access.Self(id)})
		for name, f := range map[string]struct {
			who    access.Account
			page   string
			after  []time.Duration // steps from request to request
			status int             // of the last
		}{
			"staff, 29 minutes idle":         {office, "/people", []time.Duration{29 * time.Minute}, 200},
			"staff, 31 minutes idle":         {office, "/people", []time.Duration{31 * time.Minute}, 303},
			"staff, busy for an hour":        {office, "/people", []time.Duration{20 * time.Minute, 20 * time.Minute, 20 * time.Minute}, 200},
			"a graduate, 119 minutes idle":   {student, "/mine", []time.Duration{119 * time.Minute}, 200},
			"a graduate, over two hours":     {student, "/mine", []time.Duration{121 * time.Minute}, 303},
			"busy, but for more than a half": {student, "/mine", repeat(110*time.Minute, 7), 303},
		} {
			c.clock = 0
			w, status := c.enter(f.who), 0
			for _, step := range f.after {
				c.clock += step
				status = w.get(f.page).Code
			}
			if status != f.status {
				t.Errorf("%s: %d, want %d", name, status, f.status)
			}
		}
		c.clock = 0
		w := c.enter(office)
		if err := c.app.Accounts.Disable(t.Context(), access.Console("test"), office.ID); err != nil {
			t.Fatal(err)
		}
		w.want("disabled", "/people", 303)
	})
}

func repeat(d time.Duration, n int) []time.Duration {
	out := make([]time.Duration, n)
	for i := range out {
		out[i] = d
	}
	return out
}

// TestLinksEnd: a link does one thing, from here, and ends with its term; a link and
// a code on paper hold no longer than they have to (S42).
func TestLinksEnd(t *testing.T) {
	if access.LinkTerm > 7*24*time.Hour || access.CodeTerm > 14*24*time.Hour {
		t.Errorf("a link holds %v, a code %v", access.LinkTerm, access.CodeTerm)
	}
	onCampus(t, func(t *testing.T, c *campus) {
		a, password := c.account("office", "", access.Grant{Role: access.Office, Over: access.School()})
		demo, err := c.app.Accounts.DemoLink(t.Context(), access.Console("test"), a.ID)
		if err != nil {
			t.Fatal(err)
		}
		w := c.window()
		w.want("a password link lets nobody in", "/enter/"+password, 404)
		w.want("a demo link sets no password", "/password/"+demo, 404)
		far := c.window()
		far.remote = "192.0.2.7:50000"
		far.want("from another machine", "/enter/"+demo, 404, "那台电脑")
		w.want("here", "/enter/"+demo, 303)
		c.clock = access.LinkTerm + time.Minute
		w.want("an old password link", "/password/"+password, 404)
		w.want("an old demo link", "/enter/"+demo, 404)
	})
}

// TestGuessingIsBoundedByPage: after the fifth wrong password one waits (X31, S37).
func TestGuessingIsBoundedByPage(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		c.account("zhou", "", access.Grant{Role: access.Office, Over: access.School()})
		w, held := c.window(), 0
		for range 7 {
			if strings.Contains(w.post("/login", "/login", "login", "zhou", "password", "Wrong.harbour.82").Body.String(), "试错太多") {
				held++
			}
		}
		if held != 2 {
			t.Errorf("%d of 7 were held back, want those after the fifth", held)
		}
	})
}

// TestAccountVerbs: who may make accounts, and that each verb is written down.
func TestAccountVerbs(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		ctx, console := context.Background(), access.Console("test")
		office := access.Actor{Account: "x", Grants: []access.Grant{{Role: access.Office, Over: access.School()}}}
		grant := access.Grant{Role: access.Counsellor, Over: access.Classes("k1")}
		for name, f := range map[string]struct {
			who access.Actor
			new access.Account
		}{
			"by the office":         {office, access.Account{Login: "a", Name: "甲", Grants: []access.Grant{grant}}},
			"without a login":       {console, access.Account{Name: "甲", Grants: []access.Grant{grant}}},
			"with a space":          {console, access.Account{Login: "a b", Name: "甲", Grants: []access.Grant{grant}}},
			"without a name":        {console, access.Account{Login: "a", Grants: []access.Grant{grant}}},
			"without a role":        {console, access.Account{Login: "a", Name: "甲"}},
			"with a role unheard":   {console, access.Account{Login: "a", Name: "甲", Grants: []access.Grant{{Role: "rector", Over: access.School()}}}},
			"in a place of another": {console, access.Account{Login: "a", Name: "甲", Grants: []access.Grant{{Role: access.Office, Over: access.School(), For: "x"}}}},
			"over nobody":           {console, access.Account{Login: "a", Name: "甲", Grants: []access.Grant{{Role: access.Counsellor}}}},
		} {
			if _, _, err := c.app.Accounts.Add(ctx, f.who, f.new); err == nil {
				t.Errorf("%s: added", name)
			}
		}
		a, _ := c.account("zhou", "", grant)
		if _, _, err := c.app.Accounts.Add(ctx, console, access.Account{Login: "zhou", Name: "乙", Grants: []access.Grant{grant}}); err == nil {
			t.Error("two accounts of one login")
		}
		list, err := c.app.Accounts.List(ctx, console)
		if err != nil || len(list) != 2 || list[1].Login != "zhou" || list[1].Grants[0].Over.Classes[0] != "k1" {
			t.Errorf("%v %+v", err, list)
		}
		self := access.Actor{Account: a.ID, Grants: []access.Grant{{Role: access.Administrator, Over: access.School()}}}
		if err := c.app.Accounts.Disable(ctx, self, a.ID); err == nil {
			t.Error("disabled themselves")
		}
		for range 2 {
			if err := c.app.Accounts.Disable(ctx, console, a.ID); err != nil {
				t.Error(err)
			}
		}
		if _, err := c.app.Accounts.PasswordLink(ctx, console, a.ID); err == nil {
			t.Error("a link for a disabled account")
		}
	})
}
