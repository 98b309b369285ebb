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
)

// ticketed is the address of a search for a number.
var ticketed = regexp.MustCompile(`^/search/[A-Z0-9]{20,}$`)

// TestRosterPages: the list in the order of the roster, narrowed by the address;
// the class table whose numbers open the people; search; all within the scope.
func TestRosterPages(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		office, _ := c.account("bangong", "", access.Grant{Role: access.Office, Over: access.School()})
		pharmacist, _ := c.account("yaoxue", "", access.Grant{Role: access.CollegeSecretary, Over: access.Colleges(c.unit("药学院"))})
		all, some := c.enter(office), c.enter(pharmacist)

		first := all.want("list", "/graduates?cohort=2024", 200, "毕业生：65 人", "240000", "240049", "第 1–50 人，共 65 人")
		if strings.Contains(first, "240050") || strings.Contains(first, "1000000") {
			t.Error("the first page shows more than fifty, or a phone")
		}
		next := nextPage.FindStringSubmatch(first)
		if next == nil {
			t.Fatal("no next page")
		}
		all.want("second page", html.UnescapeString(next[1]), 200, "240050", "240064", "第 51–65 人")
		unregistered := all.want("unregistered", "/graduates?cohort=2024&state=unregistered", 200, "未登记名单：32 人", "240001")
		if strings.Contains(unregistered, "240000") {
			t.Error("somebody registered is among the unregistered")
		}
		all.want("by code", "/graduates?cohort=2024&code=10", 200, "毕业生：33 人")
		all.want("columns", "/graduates?cohort=2024&col=college&col=waits", 200, ">学院</th>", ">等了</th>")
		all.want("nobody", "/graduates?cohort=2024&q=%E6%B2%A1%E6%9C%89", 200, "没有符合条件的毕业生")
		some.want("a college's list", "/graduates?cohort=2024", 200, "毕业生：5 人", "240060")
		if strings.Contains(some.want("a class elsewhere", "/graduates?cohort=2024&class="+c.unit("临床一班"), 200), "240000") {
			t.Error("another college's class is shown")
		}

		classes := all.want("classes", "/classes?cohort=2024", 200, "临床一班", "药学一班", "未登记", "合计")
		link := regexp.MustCompile(`href="(/graduates\?[^"]+state=unregistered[^"]*)"`).FindStringSubmatch(classes)
		if link == nil {
			t.Fatal("no number opens the unregistered of a class")
		}
		all.want("what a number opens", html.UnescapeString(link[1]), 200, "未登记名单")
		if strings.Contains(classes, "%") {
			t.Error("a rate among the classes")
		}
		if strings.Contains(some.want("a college's classes", "/classes?cohort=2024", 200, "药学一班"), "临床一班") {
			t.Error("another college's class is counted")
		}

		all.want("search by number", "/search?q=240007", 200, "240007", "学号或考生号")
		file := "/graduates/" + c.graduate("240007")
		for _, typed := range []string{"10000000007", "100-0000 0007", "１００００００００07"} {
			if to := all.led("search by phone", all.post("/graduates", "/search", "q", typed)); to != file {
				t.Errorf("%s leads to %s", typed, to)
			}
		}
		all.want("a name", all.led("a name", all.post("/graduates", "/search", "q", "林临")), 200, "林临0")
		// S59: whatever is typed, no address that the browser keeps holds the number.
		for _, typed := range []string{"19900000000", "11010519491231002X", "110105194912310", "张三 13800000007", "02288887777"} {
			for at, got := range map[string]*httptest.ResponseRecorder{"typed": all.post("/graduates", "/search", "q", typed),
				"an old bookmark": all.get("/search?q=" + url.QueryEscape(typed)), "a list": all.get("/graduates?q=" + url.QueryEscape(typed))} {
				to := all.led(at, got)
				if !ticketed.MatchString(to) {
					t.Errorf("%s, %s: led to %s", typed, at, to)
				}
				if page := all.want(at, to, 200, "没有找到"); strings.Contains(page, typed) {
					t.Errorf("%s, %s: the page shows the number", typed, at)
				}
			}
		}
		held := all.led("held", all.post("/graduates", "/search", "q", "19900000000"))
		if to := some.led("somebody else's ticket", some.get(held)); to != "/search" {
			t.Errorf("led to %s", to)
		}
		some.want("search elsewhere", "/search?q=240007", 200, "没有找到")
		all.want("search for nothing", "/search", 200, "要找的人")
	})
}

// TestFilePage: identity masked until somebody says why, which the graduate sees;
// neighbours of the list; out of scope it is not there.
func TestFilePage(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		id := c.graduate("240002")
		office, _ := c.account("bangong", "", access.Grant{Role: access.Office, Over: access.School()})
		pharmacist, _ := c.account("yaoxue", "", access.Grant{Role: access.CollegeSecretary, Over: access.Colleges(c.unit("药学院"))})
		_, _ = c.account("fudao", "", access.Grant{Role: access.Counsellor, Over: access.Classes(c.unit("临床一班"))})
		own, _ := c.account("xs", id, access.Grant{Role: access.Graduate, Over: access.Self(id)})
		desk, elsewhere, me := c.enter(office), c.enter(pharmacist), c.enter(own)

		list := url.QueryEscape("cohort=2024")
		page := desk.want("file", "/graduates/"+id+"?list="+list+"&day=2024-06-25", 200, "100****0002", "签就业协议形式就业", "列入 2024 届名单",
			"历史数据：登记", "上一人", "下一人", "账号fudao", "晚记", "2024-06-25 这天：实际是签就业协议形式就业，当时记着未登记", "不在落实之列")
		if strings.Contains(page, "10000000002") {
			t.Error("the phone is open")
		}
		if !strings.Contains(page, "/graduates/"+c.graduate("240001")+"?") || !strings.Contains(page, "/graduates/"+c.graduate("240003")+"?") {
			t.Error("the neighbours are others")
		}
		desk.want("a day that is none", "/graduates/"+id+"?day=x", 200, "日期读不出来")
		form := "/graduates/" + id + "?show=phone"
		desk.want("the question why", form, 200, "为什么要看手机", "联系本人")
		if got := desk.post(form, "/graduates/"+id+"/reveal", "field", "phone"); got.Code == http.StatusOK || strings.Contains(got.Body.String(), "10000000002") {
			t.Errorf("shown without a reason: %d", got.Code)
		}
		got := desk.post(form, "/graduates/"+id+"/reveal", "field", "phone", "reason", "联系本人")
		if got.Code != http.StatusOK || !strings.Contains(got.Body.String(), "10000000002") || !strings.HasPrefix(got.Header().Get("Refresh"), "30;") {
			t.Errorf("not shown, or not taken back: %d, %q", got.Code, got.Header().Get("Refresh"))
		}
		elsewhere.want("a file elsewhere", "/graduates/"+id, 404)
		me.want("a file by a graduate", "/graduates/"+id, 403)
		me.want("who looked", "/mine/seen", 200, "账号bangong", "就业中心", "看了手机号码", "联系本人", "看了登记情况")
		desk.want("who looked, by staff", "/mine/seen", 403)
	})
}

// TestSavedViewsAndExport: a list is kept under a name and taken as a table,
// ticked rows alone, without numbers that are masked.
func TestSavedViewsAndExport(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		office, _ := c.account("bangong", "", access.Grant{Role: access.Office, Over: access.School()})
		counsellor, _ := c.account("fudao", "", access.Grant{Role: access.Counsellor, Over: access.Classes(c.unit("药学一班"))})
		w, other := c.enter(office), c.enter(counsellor)
		if got := w.post("/graduates", "/views", "name", "我的未登记", "list", "cohort=2024&q=%E6%9E%97&state=unregistered&after=x&evil=1"); got.Code != http.StatusSeeOther ||
			got.Header().Get("Location") != "/graduates?cohort=2024&state=unregistered" {
			t.Errorf("%d %s", got.Code, got.Header().Get("Location"))
		}
		page := w.want("with the view", "/graduates", 200, "我的未登记")
		views, err := c.app.Roster.Views(t.Context(), c.actor(office), "/graduates")
		if err != nil || len(views) != 1 || views[0].Query != "cohort=2024&state=unregistered" {
			t.Errorf("whom somebody searched for is kept: %+v (%v)", views, err)
		}
		if got := w.post("/graduates", "/views", "name", "", "list", "cohort=2024"); got.Code == http.StatusSeeOther || !strings.Contains(got.Body.String(), "起个名字") {
			t.Errorf("a view without a name: %d", got.Code)
		}
		if got := w.post("/graduates", "/views/"+between(page, `action="/views/`, `/drop"`)+"/drop", "list", "cohort=2024&q=%E6%9E%97"); got.Code != http.StatusSeeOther || got.Header().Get("Location") != "/graduates?cohort=2024" {
			t.Errorf("drop: %d", got.Code)
		}
		if strings.Contains(w.want("without it", "/graduates", 200), "我的未登记") {
			t.Error("the view is still there")
		}
		got := w.post("/graduates", "/graduates/export", "list", "cohort=2024", "id", c.graduate("240003"))
		if got.Code != http.StatusBadRequest || !strings.Contains(got.Body.String(), "导出去做什么") {
			t.Errorf("exported without a purpose: %d", got.Code)
		}
		got = w.post("/graduates", "/graduates/export", "list", "cohort=2024", "id", c.graduate("240003"), "purpose", "联系未登记的学生")
		if got.Code != http.StatusOK || !strings.HasPrefix(got.Body.String(), "PK") || !strings.Contains(got.Header().Get("Content-Disposition"), "attachment") {
			t.Errorf("export: %d %v", got.Code, got.Header())
		}
		if got := other.post("/graduates", "/graduates/export", "list", "cohort=2024"); got.Code != http.StatusForbidden {
			t.Errorf("a counsellor exports: %d", got.Code)
		}
	})
}
