package app_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"quxiang/internal/domain/access"
)

// TestAFreshProofAsksForTheSecondFactor: who has one gives a code beside the password;
// a password that somebody watched proves nothing alone, and a code counts once
// (S44, S50, X32).
func TestAFreshProofAsksForTheSecondFactor(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		_, w := c.withPassword("zhou", access.Grant{Role: access.Office, Over: access.School()})
		w.want("without a factor", "/me/prove", 200, "再输一次密码")
		w.without("without a factor", "/me/prove", "second_code")
		secret, recovery := w.enrolled()
		c.clock += access.ProofTerm
		w.want("with one", "/me/prove", 200, "密码和验证码", `name="second_code"`, `autocomplete="one-time-code"`)
		try := func(code string) (int, string) {
			got := w.post("/me/prove", "/me/prove", "password", aPassword, "second_code", code, "next", "/slips")
			return got.Code, got.Body.String() + got.Header().Get("Location")
		}
		code := c.codeOf(secret)
		for _, x := range []struct{ code, says string }{{"", "再填手机上现在显示的验证码"}, {"000000", "验证码不对"}} {
			if got, body := try(x.code); got != 403 || !strings.Contains(body, x.says) {
				t.Errorf("code %q: %d", x.code, got)
			}
		}
		if got := w.post("/me", "/slips"); got.Code != 403 || !strings.Contains(got.Body.String(), "再确认是你本人") {
			t.Errorf("not proved, and let on: %d", got.Code)
		}
		if got := w.post("/me/prove", "/me/prove", "password", "Wrong.harbour.82", "second_code", code); got.Code != 403 {
			t.Errorf("a code without the password: %d", got.Code)
		}
		if got, to := try(code); got != 303 || to != "/slips" {
			t.Errorf("proved: %d %s", got, to)
		}
		if got := w.post("/me", "/slips"); strings.Contains(got.Body.String(), "再确认是你本人") {
			t.Error("proved, and asked again")
		}
		if got, _ := try(code); got != 403 {
			t.Errorf("a code once more: %d", got)
		}
		if got, _ := try(recovery[0]); got != 303 {
			t.Errorf("a recovery code: %d", got)
		}
	})
}

// TestASecondPersonGivesTheSecondFactor: who vouches within another's request proves
// as much as at a login (S44, X31: no way in is weaker than the others).
func TestASecondPersonGivesTheSecondFactor(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		_, zhou := c.withPassword("zhou", access.Grant{Role: access.Office, Over: access.School()})
		secret, _ := zhou.enrolled()
		c.clock += time.Minute
		first, id := c.as(access.Office), c.graduate("240002")
		at := "/graduates/" + id + "/strike"
		sign := func(code string) (int, string) {
			form := hidden(first.want("the form", at, 200, `name="second_code"`))
			kase := cutOut(first.get(at).Body.String(), `name="case" value="`, `"`)
			for k, v := range map[string]string{"case": kase, "reason": "经核实不属实", "second": "zhou", "password": aPassword, "second_code": code} {
				form[k] = []string{v}
			}
			got := first.send("POST", at, url.Values(form))
			return got.Code, got.Body.String()
		}
		code := c.codeOf(secret)
		if got, body := sign(""); got != 403 || !strings.Contains(body, "“zhou”启用了第二道验证") || !strings.Contains(body, `href="#second_code"`) {
			t.Errorf("the password alone: %d", got)
		}
		if got, body := sign("000000"); got != 403 || !strings.Contains(body, "验证码不对") || strings.Contains(body, `value="000000"`) {
			t.Errorf("a wrong code: %d", got)
		}
		if got, body := sign(code); got != 303 {
			t.Errorf("both: %d %s", got, cutOut(body, `role="alert"`, "</"))
		}
		if _, err := c.app.Accounts.Vouch(t.Context(), "zhou", aPassword, code, "192.0.2.1"); err == nil {
			t.Error("the code once more")
		}
		c.withPassword("wang", access.Grant{Role: access.Office, Over: access.School()})
		if _, err := c.app.Accounts.Vouch(t.Context(), "wang", aPassword, "", "192.0.2.1"); err != nil {
			t.Errorf("nobody needs a factor: %v", err)
		}
		if err := c.app.Accounts.Secure(t.Context(), access.Console("test"), access.Policy{Second: access.Risky}); err != nil {
			t.Fatal(err)
		}
		if _, err := c.app.Accounts.Vouch(t.Context(), "wang", aPassword, "", "192.0.2.1"); err == nil || !strings.Contains(err.Error(), "先启用第二道验证") {
			t.Errorf("who owes a factor vouches: %v", err)
		}
	})
}
