package app_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"quxiang/internal/domain/access"
)

// TestReportPage: the office writes on a page without scripts; a line that somebody else
// changed meanwhile is shown and nothing typed is lost; who reads is offered nothing to write.
func TestReportPage(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		id := c.begun(reportText)
		at, office := "/reports/"+id, c.as(access.Office)
		office.want("the list", "/reports", 200, at, "第 2 版", "快照 S-2024")
		office.want("the page", at, 200, "一、基本情况", `class="rp-n"`, `<mark class="rp-words">`, "手写的趋势用语", "?edit=2", "表 1-1", "在最前面加一段")
		t.Run("a number", func(t *testing.T) { chosenOnPage(t, office, at) })
		t.Run("written", func(t *testing.T) { writtenOnPage(t, c, office, at) })
		t.Run("versions", func(t *testing.T) { versionsOnPage(t, office, at) })
		t.Run("read", func(t *testing.T) {
			auditor := c.as(access.Auditor)
			auditor.without("an auditor", at, "?edit=", "<textarea", "由这份开始下一届")
			auditor.want("an auditor's text", at+"/source", 200, "{n}人")
			auditor.want("an auditor's form", at+"?edit=2", 200)
			if got := auditor.post(at+"/release", at, "op", "drop", "line", "1", "was", "# 一、基本情况"); got.Code != http.StatusForbidden {
				t.Errorf("an auditor writes: %d", got.Code)
			}
			c.as(access.CollegeSecretary).want("a college", at, 403)
		})
	})
}

var numberLink = regexp.MustCompile(`href="(/reports/[^"]*number=[0-9]+)#rp-chosen">65<`)

func chosenOnPage(t *testing.T, office *window, at string) {
	found := numberLink.FindStringSubmatch(office.want("the page", at, 200))
	if found == nil {
		t.Fatal("65 graduates are no number that can be selected")
	}
	page := office.want("the number", found[1], 200, "选中的数", "正文第 1 处", "/people?", "/snapshots/S-2024")
	_, rest, _ := strings.Cut(page, `href="/people?`)
	people, _, _ := strings.Cut(rest, `"`)
	office.want("its people", "/people?"+strings.ReplaceAll(people, "&amp;", "&"), 200, "共 65 人")
}

func writtenOnPage(t *testing.T, c *campus, office *window, at string) {
	const line = "{cohort}届毕业生共{n}人，毕业去向落实率为{% destination.settled}，见{ref main}。升学人数逐年增长。"
	office.want("the form", at+"?edit=2", 200, "<textarea", line, `name="base" value="2"`)
	got := office.post(at+"?edit=2", at+"/preview", "op", "replace", "line", "2", "was", line, "text", "毕业生{n}人，{k destination.nothing}。")
	office.refused("a preview", got, 200, "印不出来", "nothing")
	got = office.post(at+"?edit=2", at+"/preview", "op", "replace", "line", "2", "was", line, "text", "毕业生{n}人。")
	if !strings.Contains(got.Body.String(), ">65</a>人。") {
		t.Errorf("the preview does not print the number: %s", got.Body)
	}
	if to := office.led("saved", office.post(at+"?edit=2", at, "op", "replace", "line", "2", "was", line, "base", "2", "text", "毕业生共{n}人，见{ref main}。")); to != at+"#p-2" {
		t.Errorf("saved: led to %s", to)
	}
	a, _ := c.account("colleague", "", access.Grant{Role: access.Office, Over: access.School()})
	colleague := c.enter(a)
	got = colleague.post(at+"?edit=2", at, "op", "replace", "line", "2", "was", line, "base", "2", "text", "同事写的一段。")
	colleague.refused("a line that was changed", got, 409, "这一行现在是", "毕业生共{n}人，见{ref main}。", "同事写的一段。", `name="base" value="3"`)
	office.led("a bad line", office.post(at+"?edit=2", at, "op", "after", "line", "2", "was", "毕业生共{n}人，见{ref main}。", "text", "占{k destination.nothing}。"))
	office.want("told", at, 200, "这一行印不出来", "第 3 行")
	office.wanted("not printed", office.get(at+"/file/docx"), 400, "第 3 行")
	office.led("dropped", office.post(at+"?edit=3", at, "op", "drop", "line", "3", "was", "占{k destination.nothing}。"))
	for ending, begins := range map[string]string{"docx": "PK", "pdf": "%PDF", "html": "<!DOCTYPE", "xlsx": "PK"} {
		if got := office.get(at + "/file/" + ending); got.Code != 200 || !strings.HasPrefix(got.Body.String(), begins) {
			t.Errorf("%s: %d", ending, got.Code)
		}
	}
	office.want("no such file", at+"/file/doc", 404)
}

func versionsOnPage(t *testing.T, office *window, at string) {
	office.want("the list", at+"/versions", 200, "第 5 版", "删一段", "加一段")
	office.want("what a version changed", at+"/versions/3", 200, "升学人数逐年增长", "rp-gone", "rp-new")
	if to := office.led("restored", office.post(at+"/versions/2", at+"/versions/2", "base", "5")); to != at {
		t.Errorf("restored: led to %s", to)
	}
	office.want("restored", at, 200, "第 6 版", "升学人数")
	got := office.post(at+"/source", at+"/source", "base", "5", "title", "报告", "text", "# 另一份\n")
	office.refused("the whole text, meanwhile", got, 409, "打开以后别人改了这些", "# 另一份", `value="6"`)
	office.led("the whole text", office.post(at+"/source", at+"/source", "base", "6", "title", "报告", "text", "# 另一份\n毕业生{n}人。\n", "note", "重写"))
	office.want("rewritten", at+"/versions", 200, "重写")
	office.want("the year before", at+"/against", 200, "学校没有 2023 届的毕业生登记")
	office.wanted("nobody is of the next cohort", office.post(at, at+"/next"), 400, "2025 届")
}
