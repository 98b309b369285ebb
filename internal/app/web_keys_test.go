package app_test

import (
	"strings"
	"testing"
	"time"

	"quxiang/internal/domain/access"
)

// TestWhoMadeAKeyIsSaid: the owner of an account is told at the next login who made a
// code or a link for it, and when it was used; who uses another code sees the one of
// before: nobody uses what they made unseen (S43).
func TestWhoMadeAKeyIsSaid(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		maker, _ := c.withPassword("wen", access.Grant{Role: access.Office, Over: access.School()})
		who := of(maker.ID, access.Office, access.School())
		slip := c.invited("240000")
		if _, err := c.activate(slip, aPassword); err != nil {
			t.Fatal(err)
		}
		w := c.window()
		if to, _ := w.follow("nothing to tell", "/login", "/login", "login", slip.Login, "password", aPassword); to != "/mine" {
			t.Errorf("led to %s", to)
		}
		c.clock += time.Minute
		again, err := c.app.Accounts.Reissue(t.Context(), who, c.graduate("240000"), "换了手机")
		if err != nil {
			t.Fatal(err)
		}
		w = c.window()
		to, page := w.follow("the next login", "/login", "/login", "login", slip.Login, "password", aPassword, "next", "/mine/data")
		if to != "/me/keys?next=%2Fmine%2Fdata" || !strings.Contains(page, "就业中心账号wen") || !strings.Contains(page, "还没有用过") {
			t.Errorf("led to %s:\n%s", to, page)
		}
		if to := w.send("POST", "/me/keys", hidden(page)).Header().Get("Location"); to != "/mine/data" {
			t.Errorf("on to %s", to)
		}
		if to, _ := c.window().follow("told once", "/login", "/login", "login", slip.Login, "password", aPassword); to != "/mine" {
			t.Errorf("led to %s", to)
		}
		c.clock += time.Minute
		w = c.window()
		to, page = w.follow("by the new code", "/activate", "/activate", "number", again.Login, "code", again.Code, "password", aPassword+"1",
			"again", aPassword+"1", "notice", "yes", "version", access.NoticeVersion)
		if to != "/me/keys?next=%2Fmine" || !strings.Contains(page, "用它设了密码") || strings.Count(page, "启用，激活码由") != 2 {
			t.Errorf("led to %s:\n%s", to, page)
		}
		w.want("for good", "/me", 200, "/me/keys")
		link, err := c.app.Accounts.PasswordLink(t.Context(), access.Console("test"), maker.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.app.Accounts.SetPassword(t.Context(), link, aPassword+"2"); err != nil {
			t.Fatal(err)
		}
		_, page = c.window().follow("a link", "/login", "/login", "login", "wen", "password", aPassword+"2")
		if !strings.Contains(page, "设密码的链接") || !strings.Contains(page, "命令行") || !strings.Contains(page, "用它设了密码") {
			t.Error("the owner is not told of the link")
		}
	})
}
