package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/privacy"
)

// TestConsentIsAsEasyToTakeBack: by default nothing is agreed to; giving and
// taking back are one tap each and hold at once; the past is kept; nobody else may
// choose (C9).
func TestConsentIsAsEasyToTakeBack(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		w, id := c.student("240001"), c.graduate("240001")
		agreed := func() bool {
			t.Helper()
			got, err := c.app.Privacy.Agreed(t.Context(), privacy.ForEmployers, []string{id, c.graduate("240002")})
			if err != nil || got[c.graduate("240002")] {
				t.Fatal("somebody who was not asked agrees", err)
			}
			return got[id]
		}
		page := w.want("default", "/mine/consent", 200, "未同意", "提供给用人单位")
		if strings.Contains(page, "已同意") || agreed() {
			t.Error("something is agreed to before anybody was asked")
		}
		at := "/mine/consent/" + privacy.ForEmployers
		for range 2 { // twice is once
			w.led("agree", w.post("/mine/consent", at, "given", "yes"))
		}
		if w.want("agreed", "/mine/consent", 200, "已同意", "撤回同意"); !agreed() {
			t.Error("not agreed")
		}
		w.led("take back", w.post("/mine/consent", at, "given", "no"))
		if page := w.want("taken back", "/mine/consent", 200, "经过（2）"); strings.Contains(page, "已同意") || agreed() {
			t.Error("still agreed")
		}
		if got := w.post("/mine/consent", "/mine/consent/registration", "given", "no"); got.Code != 400 {
			t.Errorf("a duty is not a choice: %d", got.Code)
		}
		other := c.graduate("240003")
		own := c.actor(c.studentAccount("240001"))
		if err := c.app.Privacy.Choose(t.Context(), own, other, privacy.ForAlumni, true); fault.KindOf(err) != fault.NotFound {
			t.Errorf("somebody chose for another: %v", err)
		}
		if err := c.app.Privacy.Choose(t.Context(), access.Console("test"), id, privacy.ForAlumni, true); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("a console chose: %v", err)
		}
	})
}

// studentAccount is the account of a student who has come in.
func (c *campus) studentAccount(no string) access.Account {
	c.t.Helper()
	all, err := c.app.Accounts.List(c.t.Context(), access.Console("test"))
	if err != nil {
		c.t.Fatal(err)
	}
	for _, a := range all {
		if a.Login == no {
			return a
		}
	}
	c.t.Fatalf("no account %s", no)
	return access.Account{}
}

// TestRefusingAllChangesNoDuty: who says no to everything checks the own data,
// registers and gets a receipt like anybody (C9, U6).
func TestRefusingAllChangesNoDuty(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		w := c.student("240003")
		for _, p := range privacy.Optional() {
			w.led("refuse", w.post("/mine/consent", "/mine/consent/"+p.ID, "given", "no"))
		}
		w.led("check", w.post("/mine/source", "/mine/source", "right", "yes"))
		page := registerAt
		w.follow("choose", "/mine/register", "/mine/register", "code", "70-SEEK")
		to := w.led("submit", w.fill(page, registerAt, "", "", nil, "wanted", "医院的岗位", "attest", "yes", "do", "submit")())
		receipt := w.want("receipt", to, 200, "回执号")
		if strings.HasSuffix(t.Name(), "/sqlite") && !strings.Contains(receipt, "号审计记录") { // PostgreSQL chains a moment later
			t.Error("the receipt does not name its entry in the audit trail")
		}
		if s := c.story("240003"); len(s) == 0 || s[len(s)-1].Step != history.Submitted {
			t.Errorf("%+v", s)
		}
	})
}

// TestRequestsHaveAClock: a request goes to the office, is answered with a reason
// within the working days that the school set, and the graduate sees it (C10).
func TestRequestsHaveAClock(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		friday := calendar.At(time.Date(2026, 6, 5, 10, 0, 0, 0, calendar.Zone))
		c.app.Privacy.Now = func() calendar.Instant { return friday }
		c.app.Privacy.AnswerDays = func() int { return 3 }
		w := c.student("240001")
		desk := func(login string, g access.Grant) *window { a, _ := c.account(login, "", g); return c.enter(a) }
		office := desk("office", access.Grant{Role: access.Office, Over: access.School()})
		college := desk("college", access.Grant{Role: access.CollegeSecretary, Over: access.School()})
		ask := "/mine/requests"
		if got := w.post(ask, ask, "kind", "delete", "purpose", "registration"); got.Code != 400 || !strings.Contains(got.Body.String(), "写明是哪些信息") {
			t.Errorf("without words: %d", got.Code)
		}
		for range 2 {
			w.led("ask", w.post(ask, ask, "kind", "delete", "purpose", "registration", "words", "传错的合同请删掉"))
		}
		if page := w.want("asked", ask, 200, "2026-06-10 前答复"); strings.Count(page, "传错的合同请删掉") != 1 {
			t.Error("asked twice is asked once")
		}
		list := office.want("to answer", "/privacy/requests", 200, "传错的合同请删掉", "240001")
		college.want("past the college", "/privacy/requests", 403)
		id := between(list, `action="/privacy/requests/`, `"`)
		at := "/privacy/requests/" + id
		if got := office.post("/privacy/requests", at, "do", "refuse"); got.Code != 400 || !strings.Contains(got.Body.String(), "不能照办") {
			t.Errorf("refused without a reason: %d", got.Code)
		}
		office.led("refuse", office.post("/privacy/requests", at, "do", "refuse", "answer", "毕业后三年内须保存"))
		if got := office.post("/privacy/requests", at, "do", "grant", "answer", "已经删除了"); got.Code != 409 {
			t.Errorf("answered otherwise: %d", got.Code)
		}
		w.want("answered", ask, 200, "未照办", "毕业后三年内须保存")
		other := c.student("240002")
		if got := other.post(ask, ask+"/"+id+"/back"); got.Code != 404 {
			t.Errorf("somebody else took it back: %d", got.Code)
		}
	})
}

// TestMyDataIsMineAndWhole: the copy holds every value that the register holds of
// its owner and no number of anybody else; the page masks what the copy shows; who
// took it is written down (C10, Q8).
func TestMyDataIsMineAndWhole(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		w, id := c.student("240002"), c.graduate("240002")
		own := c.actor(c.studentAccount("240002"))
		if err := c.app.Roster.Correct(t.Context(), own, id, "address", "天津市河西区某路 12 号"); err != nil {
			t.Fatal(err)
		}
		w.led("agree", w.post("/mine/consent", "/mine/consent/"+privacy.ForSurveys, "given", "yes"))
		w.led("ask", w.post("/mine/requests", "/mine/requests", "kind", "explain", "purpose", "support", "words", "为什么要民族"))
		page := w.want("on the page", "/mine/data", 200, "登记毕业去向", "为什么要民族", "履行法定职责")
		if strings.Contains(page, "10000000002") || strings.Contains(page, "某路") {
			t.Error("the page shows a number or an address in full")
		}
		for _, as := range []string{"json", "print"} {
			got := w.post("/mine/data", "/mine/data/copy", "as", as)
			body := got.Body.String()
			for _, s := range []string{"10000000002", "240002", "林临2", "天津市河西区某路 12 号", "临床一班", "2024-06-20", "为什么要民族", "参加第三方调查"} {
				if got.Code != 200 || !strings.Contains(body, s) {
					t.Errorf("%s: %d without %s", as, got.Code, s)
				}
			}
			for i := range 65 {
				if no := fmt.Sprintf("24%04d", i); i != 2 && (strings.Contains(body, no) || strings.Contains(body, fmt.Sprintf("1000000%04d", i))) {
					t.Errorf("%s: somebody else's number %s", as, no)
				}
			}
		}
		list, err := c.app.Store.Entries(t.Context(), audit.Filter{Action: "privacy.copy", Subject: id}, audit.Key{}, 10)
		if err != nil || len(list) != 2 {
			t.Errorf("%d copies written down (%v)", len(list), err)
		}
		if _, err := c.app.Privacy.MyData(t.Context(), own, c.graduate("240003"), privacy.Sources{}); fault.KindOf(err) != fault.NotFound {
			t.Errorf("somebody else's: %v", err)
		}
	})
}

// TestEmployersGetWhoAgreed: a file for employers holds only who agrees at that
// moment, and how many were left out; it has no more columns than the words say.
// Each of them sees who took it and what for; an investigation finds the same
// people (C9, C18, C21).
func TestEmployersGetWhoAgreed(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		began := calendar.At(time.Now().Add(-time.Second))
		desk := func(login string) *window {
			a, _ := c.account(login, "", access.Grant{Role: access.Office, Over: access.School()})
			return c.enter(a)
		}
		one, two := desk("office1"), desk("office2")
		agreed, changed := c.student("240001"), c.student("240002")
		for _, w := range []*window{agreed, changed} {
			w.led("agree", w.post("/mine/consent", "/mine/consent/employers", "given", "yes"))
		}
		page := "/export/requests"
		if got := one.post(page, page, "kind", "roster", "cohort", "2024", "fields", "id_number", "recipient", "employers", "purpose", "双选会联系学生"); got.Code != 400 {
			t.Errorf("identity numbers for employers: %d", got.Code)
		}
		one.led("ask", one.post(page, page, "kind", "roster", "cohort", "2024", "fields", "phone", "recipient", "employers", "purpose", "双选会联系学生"))
		list, err := c.app.Store.Requests(t.Context(), "", 1)
		if err != nil || len(list) != 1 {
			t.Fatal(err)
		}
		at := page + "/" + list[0].ID
		two.led("approve", two.post(page, at+"/approve"))
		changed.led("take back", changed.post("/mine/consent", "/mine/consent/employers", "given", "no"))
		got := one.post(page, at+"/take")
		if got.Code != 200 {
			t.Fatalf("%d %s", got.Code, got.Body)
		}
		rows := sheetOf(t, got.Body.Bytes())
		all := strings.Join(flat(rows), " ")
		if len(rows) != 2 || !strings.Contains(all, "10000000001") || strings.Contains(all, "240001") {
			t.Errorf("%d rows: %s", len(rows), all)
		}
		one.want("counted", page, 200, "1 人，未同意剔除 64 人")
		agreed.want("who took it", "/mine/seen", 200, "账号office1", "手机号码", "双选会联系学生")
		if page := changed.want("not in it", "/mine/seen", 200); strings.Contains(page, "双选会联系学生") {
			t.Error("somebody who was left out reads that they were in it")
		}

		two.led("look for a phone", two.post("/graduates", "/search", "q", "10000000003"))
		two.want("look for a name", "/search?q=%E6%9E%97%E8%8D%AF", 200, "林药60")
		for login, want := range map[string]int{"office1": 1, "office2": 5} {
			seen, err := c.app.Exposed(t.Context(), access.Console("test"), login, began, calendar.At(time.Now().Add(time.Minute)))
			seen = slices.DeleteFunc(seen, func(x app.ExposedPerson) bool { return x.Number == "" }) // lists are named, not counted
			if err != nil || len(seen) != want {
				t.Errorf("%s saw %d, want %d: %+v (%v)", login, len(seen), want, seen, err)
			}
		}
		c.student("240060").want("found by a search", "/mine/seen", 200, "查找结果", "账号office2")
		if draft := c.app.AssessmentDraft(); !strings.Contains(draft, "提供给用人单位") || strings.Count(draft, "\n| ") < len(privacy.Register()) {
			t.Error("the draft lacks a purpose")
		}
	})
}
