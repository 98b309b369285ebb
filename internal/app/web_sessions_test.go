package app_test

import (
	"regexp"
	"strings"
	"testing"

	"quxiang/internal/domain/access"
)

var sessionOnPage = regexp.MustCompile(`name="session" value="([0-9a-f]{16})"`)

// TestOwnSessions: the owner sees where the account is in, in words, and ends one or
// all others at once; a new password ends them too; nobody ends somebody else's
// (S49, X5).
func TestOwnSessions(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		_, here := c.withPassword("zhou", access.Grant{Role: access.Office, Over: access.School()})
		_, stranger := c.withPassword("qin", access.Grant{Role: access.Office, Over: access.School()})
		again := func() *window {
			w := c.window()
			w.remote = "10.1.2.3:50000"
			w.follow("log in", "/login", "/login", "login", "zhou", "password", aPassword)
			return w
		}
		one, two := again(), again()
		page := here.want("the list", "/me", 200, "登录的设备", "这台设备", "本机", "内网 10.1.2.*", "退出其他设备")
		ids := sessionOnPage.FindAllStringSubmatch(page, -1)
		if len(ids) != 2 {
			t.Fatalf("%d others", len(ids))
		}
		if strings.Contains(page, here.cookies["plain-sid"]) || strings.Contains(page, one.cookies["plain-sid"]) {
			t.Error("a ticket is on the page")
		}
		stranger.post("/me", "/me/sessions/end", "session", ids[0][1])
		one.want("a stranger ends nothing", "/graduates", 200)
		two.want("a stranger ends nothing", "/graduates", 200)
		_, page = here.follow("end one", "/me", "/me/sessions/end", "session", ids[0][1])
		if !strings.Contains(page, "已经退出") || len(sessionOnPage.FindAllString(page, -1)) != 1 {
			t.Error("not said, or not ended")
		}
		if a, b := one.get("/graduates").Code, two.get("/graduates").Code; a+b != 200+303 {
			t.Errorf("%d and %d after one was ended", a, b)
		}
		here.follow("end it once more", "/me", "/me/sessions/end", "session", ids[0][1])
		one, two = again(), again()
		here.follow("end the others", "/me", "/me/sessions/others")
		one.want("the others", "/graduates", 303)
		two.want("the others", "/graduates", 303)
		here.want("the own", "/graduates", 200)
		one = again()
		_, page = here.follow("a new password", "/me", "/me/password", "old", aPassword, "password", aPassword+"1", "again", aPassword+"1")
		one.want("ended by it", "/graduates", 303)
		if sessionOnPage.MatchString(page) {
			t.Error("what has ended is still listed")
		}
	})
}

// TestEnrolmentLeadsOn: where somebody was going is kept through the enrolment, and
// leads nowhere else (F11).
func TestEnrolmentLeadsOn(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		_, w := c.withPassword("zhou", access.Grant{Role: access.Office, Over: access.School()})
		if err := c.app.Accounts.Secure(t.Context(), of("x", access.SecurityAdministrator, access.School()), access.Policy{Second: access.Risky}); err != nil {
			t.Fatal(err)
		}
		lead := w.get("/graduates?cohort=2024").Header().Get("Location")
		begin := hidden(w.want("the way", lead, 200))
		to := w.send("POST", "/me/factor", begin).Header().Get("Location")
		page := w.want("begun", to, 200, `value="/graduates?cohort=2024"`)
		confirm := hidden(page)
		confirm.Set("code", "000000")
		w.wanted("a wrong code", w.send("POST", "/me/factor/confirm", confirm), 403, `value="/graduates?cohort=2024"`)
		confirm.Set("code", c.codeOf(strings.ReplaceAll(cutOut(page[strings.Index(page, "密钥："):], "<b>", "</b>"), " ", "")))
		to = w.send("POST", "/me/factor/confirm", confirm).Header().Get("Location")
		w.want("done", to, 200, `href="/graduates?cohort=2024"`)
		w.without("elsewhere", strings.Split(to, "?")[0]+"?next=//evil.example", "evil.example")
	})
}
