package app_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/roster"
	"quxiang/internal/web"
)

// mlps puts the profile in force: 90 days, three earlier passwords.
func (c *campus) mlps() {
	c.t.Helper()
	who := of("x", access.SecurityAdministrator, access.School())
	if err := c.app.Accounts.Secure(c.t.Context(), who, access.Policy{Profile: access.MLPS, Days: 90, Earlier: 3}); err != nil {
		c.t.Fatal(err)
	}
}

const day = 24 * time.Hour

// TestAPasswordRunsOut: under mlps the next login leads to another password and to
// nothing else, what was typed and where somebody was going are kept, and none of the
// last ones is taken again; who is in goes on, and graduates are not asked
// (C13, S36, F11, U4).
func TestAPasswordRunsOut(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		_, in := c.withPassword("zhou", access.Grant{Role: access.Office, Over: access.School()})
		form := hidden(in.want("the settings", "/settings", 200))
		c.mlps()
		c.clock += 89*day + 12*time.Hour
		w := c.window()
		w.follow("a day before", "/login", "/login", "login", "zhou", "password", aPassword)
		c.clock += 11 * time.Hour
		w.follow("an hour before", "/login", "/login", "login", "zhou", "password", aPassword)
		c.clock += 29*time.Minute + 31*time.Minute
		w = c.window()
		to, _ := w.follow("log in", "/login", "/login", "login", "zhou", "password", aPassword, "next", "/graduates?cohort=2024")
		if lead := w.get(to).Header().Get("Location"); to != "/graduates?cohort=2024" || lead != "/me/password?next=%2Fgraduates%3Fcohort%3D2024" {
			t.Errorf("led to %s, then %s", to, lead)
		}
		nothingElse(t, c, w)
		page := w.want("the way", "/me/password?next=%2Fgraduates", 200, "用满了 90 天", "至少三种", `value="/graduates"`)
		w.refused("the same", w.post("/me/password", "/me/password", "old", aPassword, "password", aPassword, "again", aPassword, "next", "/"), 400, "和原密码一样")
		w.refused("one kind", w.post("/me/password", "/me/password", "old", aPassword, "password", "teapotharbourglue", "again", "teapotharbourglue",
			"next", "/graduates"), 400, "太单一", `value="/graduates"`)
		w.refused("wrong old one", w.post("/me/password", "/me/password", "old", "x", "password", aPassword+"1", "again", aPassword+"1", "next", "/graduates"), 403, "原密码不对")
		if strings.Contains(page, `action="/settings"`) || strings.Contains(page, aPassword) {
			t.Error("more on the page than there should be")
		}
		form.Set("form_token", hidden(page).Get("form_token"))
		asked := w.send("POST", "/settings", form)
		w.wanted("a form", asked, 403, "刚才填的都还在", `value="/settings"`)
		pay := hidden(asked.Body.String())
		pay.Set("old", aPassword)
		pay.Set("password", aPassword+"1")
		pay.Set("again", aPassword+"1")
		on := w.send("POST", "/me/password", pay)
		w.wanted("changed", on, 200, "密码已经改好", "接着提交")
		w.wanted("sent on", w.send("POST", "/settings", hidden(on.Body.String())), 303)
		w.want("open again", "/graduates", 200)
	})
}

// nothingElse wants every address closed to a password that has run out.
func nothingElse(t *testing.T, c *campus, w *window) {
	t.Helper()
	open := map[string]bool{"/me/password": true, "/logout": true, "/login/second": true, "/static/{name}": true, "/healthz": true, "/livez": true,
		"/readyz": true, "/notice": true}
	seen := 0
	for _, route := range web.Routes(c.app.PageDeps()) {
		if open[route.Pattern] {
			continue
		}
		seen++
		got := w.send(route.Method, strings.ReplaceAll(route.Pattern, "{$}", ""), nil)
		if lead := got.Header().Get("Location"); got.Code != 403 && (got.Code != 303 || !strings.HasPrefix(lead, "/me/password")) {
			t.Errorf("%s %s: %d %s", route.Method, route.Pattern, got.Code, lead)
		}
	}
	if seen < 60 {
		t.Errorf("%d routes", seen)
	}
}

// TestEarlierPasswords: the last three are not taken again by whatever way, nor kept
// longer than they are asked for; a graduate's does not run out, and one that has run
// out vouches for nothing (C13, S36).
func TestEarlierPasswords(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		c.mlps()
		accounts, ctx := c.app.Accounts, t.Context()
		a, _ := c.withPassword("zhou", access.Grant{Role: access.Office, Over: access.School()})
		change := func(from, to string) error {
			c.clock += time.Minute
			own, err := c.app.Store.Account(ctx, a.ID)
			if err != nil {
				t.Fatal(err)
			}
			_, err = accounts.ChangePassword(ctx, own, from, to, access.From{})
			return err
		}
		for i := range 3 {
			if err := change(nth(i), nth(i+1)); err != nil {
				t.Fatal(i, err)
			}
		}
		for i := range 2 {
			if err := change(nth(3), nth(2-i)); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "用过") {
				t.Errorf("number %d: %v", 2-i, err)
			}
		}
		link, err := accounts.PasswordLink(ctx, access.Console("test"), a.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := accounts.SetPassword(ctx, link, nth(2)); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "用过") {
			t.Errorf("by a link: %v", err)
		}
		if err := change(nth(3), nth(0)); err != nil {
			t.Errorf("the fourth to last: %v", err)
		}
		if kept, err := c.app.Store.EarlierPasswords(ctx, a.ID, 99); err != nil || len(kept) != 3 {
			t.Errorf("%d are kept, %v", len(kept), err)
		}
		slip := c.invited("240000")
		if _, err := c.activate(slip, aPassword); err != nil {
			t.Fatal(err)
		}
		c.clock += 400 * day
		if to, _ := c.window().follow("a graduate", "/login", "/login", "login", slip.Login, "password", aPassword); to != "/mine" {
			t.Errorf("led to %s", to)
		}
		if _, err := accounts.Vouch(ctx, "zhou", nth(0), "", "192.0.2.9"); fault.KindOf(err) != fault.Forbidden || !strings.Contains(err.Error(), "到期") {
			t.Errorf("vouched: %v", err)
		}
	})
}

func nth(i int) string {
	if i == 0 {
		return aPassword
	}
	return fmt.Sprintf("%s%d", aPassword, i)
}

// TestAPermanentPasswordIsNobodysGuess: what a school hands out at first is refused
// for good: the last six of the identity number, birthday, number, phone (S35).
func TestAPermanentPasswordIsNobodysGuess(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		people := "学号,姓名,学院,专业,班级,学历,身份证号,手机号\n249900,周澜,药学院,专业,药学一班,本科,990101200102030022,10000009900\n"
		report, err := c.app.Roster.Import(t.Context(), access.Console("test"), app.TableFile("生源.csv", []byte(people)), roster.ImportOptions{Cohort: "2024"})
		if err != nil || len(report.Refusals) > 0 {
			t.Fatal(err, report.Refusals)
		}
		slip := c.invited("249900")
		for _, guess := range []string{"030022", "Kettle.030022", "kettle20010203", "Kettle-2001-02-03", "kettle10000009900", "kettle249900x", "Binhai周澜kettle", "bhykdx.kettle"} {
			if _, err := c.activate(slip, guess); fault.KindOf(err) != fault.Invalid {
				t.Errorf("%s: %v", guess, err)
			}
		}
		if _, err := c.activate(slip, "kettle harbour glue"); err != nil {
			t.Error(err)
		}
	})
}
