package app_test

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/history"
)

// applicant submits an enlistment by page's verb and returns where it is reviewed.
// A unit's nature other than the army's gives a warning (A27).
func (c *campus) applicant(no, nature string) (graduate, address string) {
	c.t.Helper()
	id := c.graduate(no)
	self := access.Actor{Account: "self-" + no, Grants: []access.Grant{{Role: access.Graduate, Over: access.Self(id)}}}
	doc := destination.Document{SHA256: strings.Repeat(no[len(no)-1:], 64), Graduate: id, Kind: "MIL", Media: "image/jpeg", Size: 2000}
	if err := c.app.Destinations.HandIn(c.t.Context(), self, doc); err != nil {
		c.t.Fatal(err)
	}
	change, err := c.app.Destinations.Submit(c.t.Context(), self, destination.Draft{Graduate: id, Act: history.Open, Code: "46",
		Counts: history.Counted{Nature: nature}, Fields: history.Fields{"enlist_day": "2024-06-20", "enlist_office": "丙县武装部"},
		Evidence: []history.Evidence{{SHA256: doc.SHA256, Kind: "MIL"}}})
	if err != nil {
		c.t.Fatal(err)
	}
	return id, "/review/" + id + "/" + change
}

// events returns how many events a graduate has.
func (c *campus) events(graduate string) int {
	c.t.Helper()
	all, err := c.app.Store.Histories(c.t.Context(), access.School(), []string{graduate})
	if err != nil {
		c.t.Fatal(err)
	}
	return len(all[graduate])
}

var inputValue = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)

// form returns the hidden fields of the form with that id.
func (w *window) form(page, id string) url.Values {
	w.c.t.Helper()
	body := w.get(page).Body.String()
	at := strings.Index(body, `id="`+id+`"`)
	if at < 0 {
		w.c.t.Fatalf("no form %s on %s", id, page)
	}
	body = body[at:]
	body = body[:strings.Index(body, "</form>")]
	out := url.Values{}
	for _, m := range inputValue.FindAllStringSubmatch(body, -1) {
		out.Set(m[1], html.UnescapeString(m[2]))
	}
	return out
}

// says decides on the page of a change: pass, return or refuse.
func (w *window) says(address, word string, more ...string) *httptest.ResponseRecorder {
	w.c.t.Helper()
	form := w.form(address, "act")
	for i := 0; i+1 < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return w.send(http.MethodPost, address+"/"+word, form)
}

func (c *campus) reviewers() (counsellor, other, secretary, office *window) {
	class, college := c.unit("临床一班"), c.unit("临床医学院")
	one := func(login string, role access.Role, over access.Scope) *window {
		a, _ := c.account(login, "", access.Grant{Role: role, Over: over})
		return c.enter(a)
	}
	return one("fdy", access.Counsellor, access.Classes(class)), one("fdy2", access.Counsellor, access.Classes(class)),
		one("mishu", access.CollegeSecretary, access.Colleges(college)), one("jyzx", access.Office, access.School())
}

// TestReviewDesk walks a registration over the desk without a script: refusals
// keep what was typed, each word counts once, who comes late is told so.
func TestReviewDesk(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		counsellor, other, secretary, office := c.reviewers()
		counsellor.want("nothing to do", "/review", 200, "没有等你审核的登记", "未登记名单")
		g1, a1 := c.applicant("240001", "23")
		g3, a3 := c.applicant("240003", "")
		g5, a5 := c.applicant("240005", "")
		counsellor.want("queue", "/review", 200, "3 件，最久 今天", "林临1", "林临3", "1 提示", `href="`+a1+`"`, "材料齐全")
		counsellor.want("with warnings", "/review?warn=yes", 200, "1 件，最久", "林临1")
		counsellor.want("nobody of that code", "/review?code=85", 200, "没有符合筛选的登记")
		counsellor.want("sheet", a1, 200, "应征义务兵", "丙县武装部", "A27", "通过时须写备注", "第 1 次提交", "通过，看下一件")
		secretary.want("not the college's turn", a1, 200, "不在你这一级")

		counsellor.refused("no reason", counsellor.says(a1, "return", "reason", "5"), 400, "请选一条理由", `value="5" data-key="5" checked`)
		counsellor.refused("a warning without a note", counsellor.says(a1, "pass", "seen", "yes"), 400, "核查提示", `name="seen" value="yes" checked`)
		n := c.events(g1) // the mark that the document was seen is there: it was
		form := counsellor.form(a1, "act")
		form.Set("note", "电话核过")
		first := counsellor.send(http.MethodPost, a1+"/pass", form)
		again := counsellor.send(http.MethodPost, a1+"/pass", form)
		next := first.Header().Get("Location")
		if first.Code != 303 || again.Code != 303 || again.Header().Get("Location") != next || c.events(g1) != n+1 {
			t.Errorf("a double click: %d to %s, %d to %s, %d events", first.Code, next, again.Code, again.Header().Get("Location"), c.events(g1)-n)
		}
		if !strings.HasPrefix(next, a3) {
			t.Errorf("after the first comes %s, want %s", next, a3)
		}
		counsellor.want("the next one", next, 200, "林临1：待院审", "林临3", "2 件，最久")

		late, late2 := counsellor.form(a3, "act"), other.form(a3, "act")
		if got := other.says(a3, "return", "reason", "1", "note", "第二页"); got.Code != 303 {
			t.Fatalf("returned: %d %s", got.Code, got.Body)
		}
		got := counsellor.send(http.MethodPost, a3+"/pass", late)
		if to := got.Header().Get("Location"); got.Code != 303 || !strings.Contains(to, "did=late") {
			t.Errorf("who comes late: %d %s", got.Code, to)
		} else {
			counsellor.want("who comes late", to, 200, "已退回，等本人修改", "已由别的老师先办理", "林临5")
		}
		mine := other.send(http.MethodPost, a3+"/pass", late2)
		if to := mine.Header().Get("Location"); mine.Code != 303 || !strings.Contains(to, "did=again") {
			t.Errorf("who comes after the own word: %d %s %s", mine.Code, to, mine.Body)
		} else {
			other.want("after the own word", to, 200, "你已经办过，没有重复")
		}
		if got := c.returned(g3); !strings.HasPrefix(got, "材料缺页") || !strings.HasSuffix(got, "；第二页") {
			t.Errorf("the graduate reads %q", got)
		}

		for _, w := range []*window{counsellor, secretary} {
			if got := w.says(a5, "pass"); got.Code != 303 {
				t.Fatalf("pass: %d %s", got.Code, got.Body)
			}
		}
		office.want("last level", a5, 200, "终审通过，看下一件", "不予通过")
		if got := office.says(a5, "refuse"); got.Code != 400 {
			t.Errorf("refused without a reason: %d", got.Code)
		}
		if got := office.says(a5, "pass", "seen", "yes"); got.Code != 303 {
			t.Errorf("approved: %d", got.Code)
		}
		office.want("approved", a5, 200, "已看到材料", "校审通过", "不用办理")
		pharmacy, _ := c.account("yao", "", access.Grant{Role: access.Counsellor, Over: access.Classes(c.unit("药学一班"))})
		c.enter(pharmacy).want("another class", a1, 404)
		me, _ := c.account("xs", g5, access.Grant{Role: access.Graduate, Over: access.Self(g5)})
		c.enter(me).want("a graduate", "/review", 403)
	})
}

// returned is the reason of a graduate's newest return.
func (c *campus) returned(graduate string) (reason string) {
	all, err := c.app.Store.Histories(c.t.Context(), access.School(), []string{graduate})
	if err != nil {
		c.t.Fatal(err)
	}
	for _, e := range all[graduate] {
		if e.Step == history.Returned {
			reason = e.Reason
		}
	}
	return reason
}

// TestBulkPassByPage: ticked rows pass, what asks for a look stays with its reason.
func TestBulkPassByPage(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		counsellor, _, _, _ := c.reviewers()
		g1, a1 := c.applicant("240001", "23")
		g3, a3 := c.applicant("240003", "")
		form := counsellor.form("/review", "bulk")
		counsellor.refused("nothing ticked", counsellor.send(http.MethodPost, "/review/bulk", form), 400, "还没有勾选")
		for _, a := range []string{a1, a3} {
			form.Add("pick", strings.Join(strings.Split(a, "/")[2:], " ")+" 1")
		}
		before := c.events(g3)
		var to string
		for range 2 {
			got := counsellor.send(http.MethodPost, "/review/bulk", form)
			if to = got.Header().Get("Location"); got.Code != 303 {
				t.Fatalf("%d %s", got.Code, got.Body)
			}
		}
		counsellor.want("result", to, 200, "通过 1 件，留下 1 件逐条看", "林临1", "核查提示未答复", `href="`+a1+`"`)
		if c.events(g3) != before+1 || c.events(g1) != 2 {
			t.Errorf("%d and %d events", c.events(g3), c.events(g1))
		}
	})
}

// TestDisputesByPage: a graduate's objection reaches the office, which answers
// and then lets the case count again.
func TestDisputesByPage(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		counsellor, _, _, office := c.reviewers()
		office.want("nothing to do", "/disputes", 200, "没有等待处理的异议")
		id := c.graduate("240000")
		all, err := c.app.Store.Histories(t.Context(), access.School(), []string{id})
		if err != nil {
			t.Fatal(err)
		}
		kase := all[id][1].Case
		self := access.Actor{Account: "self", Grants: []access.Grant{{Role: access.Graduate, Over: access.Self(id)}}}
		if err := c.app.Destinations.Dispute(t.Context(), self, id, kase, "我没有签过这份协议"); err != nil {
			t.Fatal(err)
		}
		office.want("queue", "/disputes", 200, "我没有签过这份协议", "林临0", "签就业协议形式就业", "等了 今天", `1</b>`)
		at := "/disputes/" + id + "/" + kase
		office.refused("no words", office.post("/disputes", at+"/uphold", "text", " "), 400, "请写明核实的情况")
		if to, body := office.follow("reply", "/disputes", at+"/reply", "text", "正在联系单位"); !strings.Contains(body, "正在联系单位") {
			t.Errorf("%s does not show the answer", to)
		}
		if _, body := office.follow("uphold", "/disputes", at+"/uphold", "text", "单位出示了原件"); !strings.Contains(body, "没有等待处理的异议") ||
			!strings.Contains(body, "林临0：审核完成，已计入统计") {
			t.Errorf("upheld: %s", body)
		}
		office.refused("upheld twice", office.post("/disputes", at+"/uphold", "text", "再来一次"), 409)
		counsellor.want("a counsellor", "/disputes", 403)
	})
}
