package app_test

import (
	"html"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"quxiang/internal/domain/access"
)

var hiddenInPage = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)

// hidden are the hidden fields of a page.
func hidden(page string) url.Values {
	out := url.Values{}
	for _, f := range hiddenInPage.FindAllStringSubmatch(page, -1) {
		out.Add(html.UnescapeString(f[1]), html.UnescapeString(f[2]))
	}
	return out
}

// TestNothingTypedIsLostWithTheSession: a form sent after the session went through a
// wrong and a right password, and is done once its owner says so (U4).
func TestNothingTypedIsLostWithTheSession(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		a, link := c.account("office", "", access.Grant{Role: access.Office, Over: access.School()})
		const good = "Teapot.harbour.82"
		if err := c.app.Accounts.SetPassword(t.Context(), link, good); err != nil {
			t.Fatal(err)
		}
		w := c.enter(a)
		form := hidden(w.want("settings", "/settings", 200))
		form.Set("chain", "college-school")
		form.Set("source_check_until", "2024-04-30")
		form.Set("password", "Kettle.82")
		c.clock += 31 * time.Minute

		over := w.send("POST", "/settings", form)
		page := over.Body.String()
		w.wanted("expired", over, 403, "登录已过期", "刚才填的都还在", `action="/login"`)
		if strings.Contains(page, "Kettle") {
			t.Error("a password is carried")
		}
		in := hidden(page)
		in.Set("login", "office")
		in.Set("password", "Wrong.harbour.82")
		again := w.send("POST", "/login", in)
		w.wanted("a wrong password", again, 403, "账号或密码不对", "刚才填的都还在")
		in = hidden(again.Body.String())
		in.Set("login", "office")
		in.Set("password", good)
		on := w.send("POST", "/login", in)
		w.wanted("signed in", on, 200, "接着提交", `action="/settings"`)
		if v := c.app.Settings.Values(); v.SourceUntil != "" {
			t.Error("done before its owner said so")
		}
		w.wanted("sent on", w.send("POST", "/settings", hidden(on.Body.String())), 303)
		if v := c.app.Settings.Values(); v.SourceUntil != "2024-04-30" || v.Chain.Preset() != "college-school" {
			t.Errorf("%+v", v)
		}

		other := c.window()
		in = hidden(other.want("login", "/login", 200))
		in.Set("login", "office")
		in.Set("password", good)
		in.Set("to", "https://evil.example/settings")
		in.Set("form", "chain=school")
		if got := other.send("POST", "/login", in); got.Code != 303 || got.Header().Get("Location") != "/" {
			t.Errorf("carried elsewhere: %d %s", got.Code, got.Header())
		}
	})
}

// TestPasswordFieldsAreNotCarried: a field that holds a password has a name that
// httpd does not keep.
func TestPasswordFieldsAreNotCarried(t *testing.T) {
	files, err := os.ReadDir("../web")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	field := regexp.MustCompile(`Name: "([^"]+)"[^}]*Kind: "password"`)
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".templ") {
			continue
		}
		text, err := os.ReadFile("../web/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range field.FindAllSubmatch(text, -1) {
			if found++; !strings.Contains(" password again old ", " "+string(m[1])+" ") {
				t.Errorf("%s: the password field %s outlives its session", f.Name(), m[1])
			}
		}
	}
	if found < 5 {
		t.Errorf("%d password fields found", found)
	}
}

// TestPartsAreForStaff: the page of parts is no page of a graduate's.
func TestPartsAreForStaff(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		id := c.graduate("240000")
		student, _ := c.account("student", id, access.Grant{Role: access.Graduate, Over: access.Self(id)})
		c.enter(student).want("a graduate", "/design", 404)
		c.as(access.Administrator).want("staff", "/design", 200)
	})
}
