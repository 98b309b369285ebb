package app_test

import (
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"quxiang/internal/domain/access"
)

// follow sends a form of a page and opens where the answer leads.
func (w *window) follow(what, page, action string, fields ...string) (to, body string) {
	w.c.t.Helper()
	got := w.post(page, action, fields...)
	to = got.Header().Get("Location")
	if got.Code != 303 {
		w.c.t.Fatalf("%s: %d %s", what, got.Code, got.Body)
	}
	return to, w.get(to).Body.String()
}

// refused wants a form back with what it says and with what was typed.
func (w *window) refused(what string, got *httptest.ResponseRecorder, status int, says ...string) {
	w.c.t.Helper()
	if got.Code != status {
		w.c.t.Errorf("%s: %d, want %d", what, got.Code, status)
	}
	for _, s := range says {
		if !strings.Contains(got.Body.String(), s) {
			w.c.t.Errorf("%s: no %q on the page", what, s)
		}
	}
}

var codeOnPage = regexp.MustCompile(`\b[2-9A-Z]{5}-[2-9A-Z]{5}\b`)

// TestActivationByPage: from the slip to the own page without a script, and
// nothing typed is lost but the password.
func TestActivationByPage(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		s, w := c.invited("240000"), c.window()
		w.want("the way in is named", "/login", 200, `href="/activate"`, "学号或工号")
		form := func(code, password, again, notice string) *httptest.ResponseRecorder {
			return w.post("/activate", "/activate", "number", "２40000", "code", code, "password", password, "again", again,
				"notice", notice, "version", access.NoticeVersion)
		}
		w.refused("not the same", form(s.Code, aPassword, aPassword+"x", "yes"), 400, "不一样", "２40000", s.Code, "checked")
		w.refused("weak, and not read", form(s.Code, "abc", "abc", ""), 400, "太短", "个人信息说明，再勾选", `href="#password"`, `href="#notice"`, s.Code)
		wrong := form("22222-22222", aPassword, aPassword, "yes")
		w.refused("wrong code", wrong, 403, "学号或激活码不对", "22222-22222", `href="#code"`)
		if strings.Contains(wrong.Body.String(), aPassword) {
			t.Error("the password comes back on the page")
		}
		got := form(strings.ToLower(s.Code), aPassword, aPassword, "yes")
		if got.Code != 303 || got.Header().Get("Location") != "/mine" {
			t.Fatalf("%d %s", got.Code, got.Body)
		}
		w.want("the own page", "/mine", 200)
		w.want("the own account", "/me", 200, "账号启用记录", "就业中心", access.NoticeVersion+" 版")
		w.want("already in", "/activate", 303)
	})
}

// TestSlipsByPage: a counsellor's own class, codes that are shown once and to them
// alone, a new one for a lost phone.
func TestSlipsByPage(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		class, other := c.unit("药学一班"), c.unit("临床一班")
		a, _ := c.account("cai", "", access.Grant{Role: access.Counsellor, Over: access.Classes(class)})
		w := c.enter(a)
		page := w.want("the classes", "/slips", 200, "药学一班", ">5<")
		if strings.Contains(page, "临床一班") {
			t.Error("a class of somebody else's")
		}
		w.want("a class of another", "/slips/"+other, 404)
		w.want("one of another class", "/slips/graduate/"+c.graduate("240000"), 404)
		w.refused("none is ticked", w.post("/slips", "/slips", "cohort", "2024", "reach", "without"), 400, "请先勾选")
		w.refused("another's class", w.post("/slips", "/slips", "cohort", "2024", "unit", other, "reach", "without"), 404, "不在负责的范围内")
		to, body := w.follow("codes", "/slips", "/slips", "cohort", "2024", "unit", class, "reach", "without")
		codes := codeOnPage.FindAllString(body, -1)
		if len(codes) != 5 || !strings.Contains(body, "127.0.0.1:8080/activate") {
			t.Fatalf("%d codes", len(codes))
		}
		w.want("looked at again", to, 200, codes[0])
		b, _ := c.account("office", "", access.Grant{Role: access.Office, Over: access.School()})
		c.enter(b).want("by somebody else", to, 404)
		w.refused("nobody is left", w.post("/slips", "/slips", "cohort", "2024", "unit", class, "reach", "without"), 409, "没有人需要激活码", "checked")
		w.want("who has come in", "/slips/"+class, 200, "有码未用", "240060")

		own := "/slips/graduate/" + c.graduate("240060")
		w.refused("without a reason", w.post(own, own, "reason", " "), 400, "为什么补发")
		_, body = w.follow("reissue", own, own, "reason", "换了手机")
		again := codeOnPage.FindAllString(body, -1)
		if len(again) != 1 || again[0] == codes[0] {
			t.Errorf("%v after %s", again, codes[0])
		}
	})
}

// TestAccountsByPage: a new colleague, another role, out and in again.
func TestAccountsByPage(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		admin, _ := c.account("admin2", "", access.Grant{Role: access.Administrator, Over: access.School()})
		w := c.enter(admin)
		w.refused("no scope", w.post("/accounts/new", "/accounts", "name", "周芷兰", "login", "zhou", "role-0", "counsellor", "over-0", ""), 400, "管哪些人", "周芷兰")
		w.refused("no such class", w.post("/accounts/new", "/accounts", "name", "周芷兰", "login", "zhou", "role-0", "counsellor", "over-0", "口腔九班"), 400, "口腔九班", `href="#over-0"`)
		w.refused("the login is taken", w.post("/accounts/new", "/accounts", "name", "周芷兰", "login", "root", "role-0", "office", "over-0", "全校"), 409, "已被使用")
		_, body := w.follow("add", "/accounts/new", "/accounts", "name", "周芷兰", "login", "zhou", "role-0", "counsellor", "over-0", "药学院、临床一班", "ends-0", "2099-08-31")
		link := regexp.MustCompile(`/password/[^<\s]+`).FindString(body)
		if link == "" || !strings.Contains(body, "http://127.0.0.1:8080/password/") {
			t.Fatal(body)
		}
		c.window().want("the colleague's link", link, 200, "zhou")
		a, err := c.app.Store.AccountByLogin(t.Context(), "zhou")
		if err != nil || len(a.Grants) != 1 || a.Grants[0].Over.Colleges[0] != c.unit("药学院") || a.Grants[0].Over.Classes[0] != c.unit("临床一班") {
			t.Fatalf("%v %+v", err, a)
		}
		own := "/accounts/" + a.ID
		w.want("the list", "/accounts?q=zhou", 200, "周芷兰", "辅导员", "没设密码", "至 2099-08-31")
		w.refused("nothing left", w.post(own, own+"/grants", "role-0", ""), 400, "至少留一个角色")
		w.refused("two that go apart", w.post(own, own+"/grants", "role-0", "office", "over-0", "全校", "role-1", "auditor", "over-1", "全校"), 400, "不能和别的角色")
		w.follow("other roles", own, own+"/grants", "role-0", "office", "over-0", "全校", "role-1", "")
		w.want("saved", own+"?saved=1", 200, "下一次操作起生效")
		w.follow("disable", own, own+"/disable")
		c.window().want("the link of a disabled one", link, 404)
		w.follow("enable", own, own+"/enable")
		w.refused("one's own roles", w.post("/accounts", "/accounts/"+admin.ID+"/grants", "role-0", "office", "over-0", "全校"), 409, "不能改自己的角色")
		w.want("a graduate's account is none of these", "/accounts/"+c.accountOf(c.invited("240000")).ID, 404)
	})
}

// TestDeputyByPage: a place is given and taken back.
func TestDeputyByPage(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		wang, _ := c.account("wang", "", access.Grant{Role: access.Counsellor, Over: access.Classes(c.unit("药学一班"))})
		li, _ := c.account("li", "", access.Grant{Role: access.Counsellor, Over: access.Classes(c.unit("临床一班"))})
		w, today := c.enter(wang), string(c.today())
		w.refused("too long", w.post("/deputy", "/deputy", "to", "li", "begins", today, "ends", string(c.today().AddDays(62)), "reason", "休假"), 400, "最长 62 天", "休假")
		w.refused("no day", w.post("/deputy", "/deputy", "to", "li", "begins", today, "ends", "八月底", "reason", "休假"), 400, "八月底", `href="#ends"`)
		_, body := w.follow("give", "/deputy", "/deputy", "to", "li", "begins", today, "ends", today, "reason", "暑期休假")
		if !strings.Contains(body, "代理中") || !strings.Contains(body, li.Name) {
			t.Error(body)
		}
		c.enter(li).want("the deputy sees whose place it is", "/me", 200, "代 "+wang.Name)
		w.follow("take back", "/deputy", "/deputy/end", "of", wang.ID, "to", li.ID, "role", "counsellor")
		w.want("gone", "/deputy", 200, "没有代理")
	})
}

// TestOwnAccountByPage: the password, and out everywhere.
func TestOwnAccountByPage(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		s, w := c.invited("240000"), c.window()
		if _, err := c.activate(s, aPassword); err != nil {
			t.Fatal(err)
		}
		if to, _ := w.follow("log in", "/login", "/login", "login", s.Login, "password", aPassword); to != "/mine" {
			t.Errorf("led to %s", to)
		}
		w.refused("wrong old one", w.post("/me", "/me/password", "old", "x", "password", aPassword+"1", "again", aPassword+"1"), 403, "原密码不对")
		w.refused("not the same", w.post("/me", "/me/password", "old", aPassword, "password", aPassword+"1", "again", "x"), 400, "不一样")
		_, body := w.follow("change", "/me", "/me/password", "old", aPassword, "password", aPassword+"1", "again", aPassword+"1")
		if !strings.Contains(body, "已经改好") {
			t.Error("not said, or not signed in any more")
		}
		w.follow("out everywhere", "/me", "/me/logout")
		w.want("signed out", "/mine", 303)
	})
}

// TestGettingInIsForWhoMay: role × page, every cell written down (X7).
func TestGettingInIsForWhoMay(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		id := c.graduate("240000")
		for role, want := range map[access.Role][4]int{ // /slips, /accounts, /deputy, /me
			access.Graduate:         {403, 403, 403, 200},
			access.Counsellor:       {200, 403, 200, 200},
			access.CollegeSecretary: {200, 403, 200, 200},
			access.CollegeLeader:    {403, 403, 200, 200},
			access.Office:           {200, 200, 200, 200},
			access.SchoolLeader:     {403, 403, 200, 200},
			access.Support:          {403, 403, 200, 200},
			access.Auditor:          {403, 200, 403, 200},
			access.Administrator:    {403, 200, 403, 200},
		} {
			over, graduate := access.School(), ""
			if role == access.Graduate {
				over, graduate = access.Self(id), id
			}
			a, _ := c.account("r-"+string(role), graduate, access.Grant{Role: role, Over: over})
			w := c.enter(a)
			for i, page := range []string{"/slips", "/accounts", "/deputy", "/me"} {
				w.want(string(role), page, want[i])
			}
		}
	})
}
