package app_test

import (
	"strings"
	"testing"
	"time"

	"quxiang/internal/domain/access"
)

// withPassword makes an account with aPassword and logs it in by it.
func (c *campus) withPassword(login string, grants ...access.Grant) (access.Account, *window) {
	c.t.Helper()
	a, link := c.account(login, "", grants...)
	if err := c.app.Accounts.SetPassword(c.t.Context(), link, aPassword); err != nil {
		c.t.Fatal(err)
	}
	w := c.window()
	w.follow("log in", "/login", "/login", "login", login, "password", aPassword)
	return a, w
}

// TestFreshProof: what takes people out of the house or changes who may what wants
// the password of the last ten minutes, and loses nothing that was typed (S50, U4).
func TestFreshProof(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		_, w := c.withPassword("admin2", access.Grant{Role: access.Administrator, Over: access.School()})
		zhou, _ := c.account("zhou", "", access.Grant{Role: access.Office, Over: access.School()})
		own := "/accounts/" + zhou.ID
		w.follow("at once", own, own+"/link")
		c.clock += access.ProofTerm
		form := hidden(w.want("the account", own, 200))
		form.Set("role-0", "counsellor")
		form.Set("over-0", "药学院")
		asked := w.send("POST", own+"/grants", form)
		w.wanted("after ten minutes", asked, 403, "再确认是你本人", "刚才填的都还在", `action="/me/prove"`)
		in := hidden(asked.Body.String())
		in.Set("password", "Wrong.harbour.82")
		again := w.send("POST", "/me/prove", in)
		w.wanted("a wrong password", again, 403, "密码不对", "刚才填的都还在")
		in = hidden(again.Body.String())
		in.Set("password", aPassword)
		on := w.send("POST", "/me/prove", in)
		w.wanted("proved", on, 200, "已确认", "接着提交")
		if a, _ := c.app.Store.Account(t.Context(), zhou.ID); a.Grants[0].Role != access.Office {
			t.Error("done before its owner said so")
		}
		w.wanted("sent on", w.send("POST", own+"/grants", hidden(on.Body.String())), 303)
		if a, _ := c.app.Store.Account(t.Context(), zhou.ID); a.Grants[0].Role != access.Counsellor {
			t.Error("lost on the way")
		}
		c.clock += access.ProofTerm
		form.Set("form_token", "forged")
		w.wanted("not from a page of ours", w.send("POST", own+"/grants", form), 403, "不是从本站打开的")
		if to, _ := w.follow("by itself", "/me/prove?next=/accounts", "/me/prove", "password", aPassword, "next", "//evil.example"); to != "/" {
			t.Errorf("sent to %s (X34)", to)
		}
		form = hidden(w.want("the account", own, 200))
		form.Set("role-0", "office")
		form.Set("over-0", "全校")
		w.wanted("proved just now", w.send("POST", own+"/grants", form), 303)
	})
}

// TestEverySensitiveRouteIsFresh: the list of what wants a fresh proof, by address.
func TestEverySensitiveRouteIsFresh(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		_, admin := c.withPassword("admin2", access.Grant{Role: access.Administrator, Over: access.School()})
		_, office := c.withPassword("office", access.Grant{Role: access.Office, Over: access.School()})
		c.clock += access.ProofTerm + time.Minute
		for target, w := range map[string]*window{
			"/accounts": admin, "/accounts/x/grants": admin, "/accounts/x/link": admin, "/accounts/x/enable": admin,
			"/graduates/export": office, "/export": office, "/export/requests/x/take": office, "/export/requests/x/approve": office,
			"/slips": office, "/slips/graduate/x": office, "/retention/run": office, "/me/factor": office,
		} {
			got := w.post("/me", target)
			if got.Code != 403 || !strings.Contains(got.Body.String(), "再确认是你本人") {
				t.Errorf("%s: %d", target, got.Code)
			}
		}
	})
}
