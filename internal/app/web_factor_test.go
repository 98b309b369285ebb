package app_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	otp "github.com/pquerna/otp/totp"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
	"quxiang/internal/web"
)

// enrolled gives the account a second factor by page and returns its secret and its
// recovery codes.
func (w *window) enrolled() (secret string, recovery []string) {
	w.c.t.Helper()
	_, page := w.follow("begin", "/me/factor", "/me/factor")
	at := strings.Index(page, "密钥：")
	secret = strings.ReplaceAll(cutOut(page[at:], "<b>", "</b>"), " ", "")
	w.refused("a wrong code", w.post("/me/factor", "/me/factor/confirm", "code", "000000"), 403, "验证码不对", secret[:4])
	picture := w.get("/me/factor/code.png")
	if picture.Code != 200 || picture.Header().Get("Content-Type") != "image/png" || picture.Header().Get("Cache-Control") != "no-store" {
		w.c.t.Errorf("picture: %d %v", picture.Code, picture.Header())
	}
	to, page := w.follow("confirm", "/me/factor", "/me/factor/confirm", "code", w.c.codeOf(secret))
	recovery = codeOnPage.FindAllString(page, -1)
	if len(recovery) != 10 || !strings.HasPrefix(to, "/me/factor/recovery/") {
		w.c.t.Fatalf("%s: %d recovery codes", to, len(recovery))
	}
	return secret, recovery
}

func cutOut(s, a, b string) string {
	_, s, _ = strings.Cut(s, a)
	s, _, _ = strings.Cut(s, b)
	return s
}

// codeOf is what the app shows now.
func (c *campus) codeOf(secret string) string {
	c.t.Helper()
	code, err := otp.GenerateCode(secret, time.Now().Add(c.clock))
	if err != nil {
		c.t.Fatal(err)
	}
	return code
}

// second gives the password and returns the fields of the step after it.
func (c *campus) second(login string) (*window, map[string][]string) {
	c.t.Helper()
	w := c.window()
	got := w.post("/login", "/login", "login", login, "password", aPassword, "next", "/me")
	if w.cookies["plain-sid"] != "" {
		c.t.Fatal("in without the code")
	}
	w.wanted("the second step", got, 200, "再输一个验证码", `autocomplete="one-time-code"`)
	return w, hidden(got.Body.String())
}

// TestSecondFactor: enrolled by the owner, asked for at each login; a code counts once,
// also at one instant, five wrong ones lead back to the password, a recovery code
// stands in once, and a reset shows nobody the secret (S39, S43, S44, S47, X32).
func TestSecondFactor(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		a, w := c.withPassword("zhou", access.Grant{Role: access.Office, Over: access.School()})
		secret, recovery := w.enrolled()
		c.clock += time.Minute
		try := func(code string) (*window, int, string) {
			w, form := c.second("zhou")
			form["code"] = []string{code}
			got := w.send("POST", "/login/second", form)
			return w, got.Code, got.Body.String()
		}
		if _, code, body := try("12345"); code != 403 || !strings.Contains(body, "验证码不对") {
			t.Errorf("a wrong code: %d", code)
		}
		code := c.codeOf(secret)
		var wg sync.WaitGroup
		tickets := make([]string, 2)
		for i := range tickets {
			_, form := c.second("zhou")
			wg.Go(func() {
				tickets[i], _ = c.app.Accounts.SecondLogin(t.Context(), form["second"][0], code, access.From{})
			})
		}
		wg.Wait()
		if (tickets[0] == "") == (tickets[1] == "") {
			t.Errorf("one code at one instant let in %q", tickets)
		}
		if _, code, _ := try(code); code != 403 {
			t.Errorf("a code once more: %d", code)
		}
		c.clock += 16 * time.Minute
		if in, code, _ := try(recovery[0]); code != 303 || in.get("/me").Code != 200 {
			t.Errorf("a recovery code: %d", code)
		}
		if _, code, _ := try(strings.ToLower(recovery[0])); code != 403 {
			t.Errorf("a recovery code once more: %d", code)
		}
		c.clock += 16 * time.Minute
		c.sweep(t)
		c.clock += 16 * time.Minute
		if err := c.app.Accounts.ResetFactor(t.Context(), of("x", access.Office, access.School()), a.ID); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("reset by the office: %v", err)
		}
		if err := c.app.Accounts.ResetFactor(t.Context(), of("x", access.SecurityAdministrator, access.School()), a.ID); err != nil {
			t.Fatal(err)
		}
		c.window().follow("after the reset", "/login", "/login", "login", "zhou", "password", aPassword)
	})
}

// sweep tries codes in order: five are looked at.
func (c *campus) sweep(t *testing.T) {
	_, form := c.second("zhou")
	looked := 0
	for i := range 1000 {
		_, err := c.app.Accounts.SecondLogin(t.Context(), form["second"][0], fmt.Sprintf("%06d", i), access.From{})
		if fault.KindOf(err) != fault.Forbidden {
			t.Fatalf("%06d: %v", i, err)
		}
		if !strings.Contains(err.Error(), "试错太多") {
			looked++
		}
	}
	if looked != 5 {
		t.Errorf("%d codes of a sweep were looked at", looked)
	}
}

// TestWhoMustEnrolSeesNothingElse: every address there is leads to the enrolment, and
// after it everything is open again (S39).
func TestWhoMustEnrolSeesNothingElse(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		_, w := c.withPassword("zhou", access.Grant{Role: access.Office, Over: access.School()})
		security := of("x", access.SecurityAdministrator, access.School())
		if err := c.app.Accounts.Secure(t.Context(), security, access.Policy{Second: access.Risky}); err != nil {
			t.Fatal(err)
		}
		open := map[string]bool{"/me/factor": true, "/logout": true, "/login/second": true, "/static/{name}": true, "/healthz": true, "/livez": true, "/readyz": true,
			"/notice": true, "/me/prove": true}
		seen := 0
		for _, route := range web.Routes(c.app.PageDeps()) {
			if open[route.Pattern] || strings.HasPrefix(route.Pattern, "/me/factor/") {
				continue
			}
			seen++
			target := strings.NewReplacer("{$}", "").Replace(route.Pattern)
			if got := w.send(route.Method, target, nil); route.Method == http.MethodGet && !strings.HasPrefix(got.Header().Get("Location"), "/me/factor") ||
				got.Code != 303 && got.Code != 403 {
				t.Errorf("%s %s: %d %s", route.Method, target, got.Code, got.Header().Get("Location"))
			}
		}
		if seen < 60 {
			t.Errorf("%d routes", seen)
		}
		w.want("the way", "/me/factor", 200, "学校要求")
		w.enrolled()
		w.want("open again", "/graduates", 200)
		_, tutor := c.withPassword("tutor", access.Grant{Role: access.Counsellor, Over: access.Classes(c.unit("药学一班"))})
		tutor.want("a role without risk", "/graduates", 200)
		if err := c.app.Accounts.Secure(t.Context(), security, access.Policy{Second: access.AllStaff}); err != nil {
			t.Fatal(err)
		}
		tutor.want("all of the staff", "/graduates", 303)
	})
}

// TestSecurityPage: who may, and that it is kept.
func TestSecurityPage(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		a, _ := c.account("guard", "", access.Grant{Role: access.SecurityAdministrator, Over: access.School()})
		w := c.enter(a)
		w.refused("none of them", w.post("/security", "/security", "second", "x"), 400, "列出的几种")
		_, page := w.follow("save", "/security", "/security", "second", "staff")
		if !strings.Contains(page, "已保存") || c.app.Accounts.Policy().Second != access.AllStaff {
			t.Error("not kept")
		}
		w.refused("no number of days", w.post("/security", "/security", "second", "staff", "profile", "mlps", "days", "often", "earlier", "5"), 400, "最长用几天", `value="often"`)
		w.follow("the other profile", "/security", "/security", "second", "staff", "profile", "mlps", "days", "60", "earlier", "4")
		if v := c.app.Accounts.Policy(); v != (access.Policy{Second: access.AllStaff, Profile: access.MLPS, Days: 60, Earlier: 4}) {
			t.Errorf("%+v", v)
		}
		c.as(access.Office).want("the office", "/security", 403)
	})
}
