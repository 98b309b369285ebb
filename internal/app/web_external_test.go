package app_test

import (
	"net/http"
	"strings"
	"testing"

	"quxiang/internal/domain/access"
)

// TestExternalOnPages: one of the office enters a figure, what is wrong keeps everything
// that was typed, another one checks it beside its document, and it can be replaced.
func TestExternalOnPages(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		first, _ := c.account("first", "", access.Grant{Role: access.Office, Over: access.School()})
		second, _ := c.account("second", "", access.Grant{Role: access.Office, Over: access.School()})
		reader, _ := c.account("reader", "", access.Grant{Role: access.Auditor, Over: access.School()})
		a, b, r := c.enter(first), c.enter(second), c.enter(reader)
		typed := []string{"cohort", "2024", "key", "relevance", "title", "工作与专业相关度", "value", "91", "unit", "%", "k", "55", "n", "60", "subject", "2024届毕业生",
			"new_source", "质量评价报告", "issuer", "评价中心", "dated", "2024-12", "page", "12", "method", "网络问卷", "replies", "63.5"}
		a.wanted("a share that is not k of n", a.post("/external-figures/new", "/external-figures", typed...), http.StatusBadRequest, "92%", `value="质量评价报告"`, `href="#value"`)
		typed[7] = "92"
		page := a.led("entered", a.post("/external-figures/new", "/external-figures", typed...))
		a.want("mine", page, 200, "待复核", "请另一位同事复核", "《质量评价报告》", "第12页")
		if strings.Contains(a.get(page).Body.String(), "复核通过") {
			t.Error("who entered it is offered the check")
		}
		a.wanted("who entered it", a.post(page, page+"/check", "version", "1"), http.StatusForbidden)
		b.wanted("another version", b.post(page, page+"/check", "version", "2"), http.StatusConflict, "现在是第 1 版")
		b.want("checked", b.led("checked", b.post(page, page+"/check", "version", "1")), 200, "已复核", "92%")
		r.want("a reader", page, 200, "已复核", "《质量评价报告》")
		if body := r.get("/external-figures").Body.String(); strings.Contains(body, "录入一项") || !strings.Contains(body, "工作与专业相关度") {
			t.Error("an auditor is offered to enter, or sees nothing")
		}
		a.wanted("a title that is nearly one that is known", a.post("/external-figures/new", "/external-figures", append(typed, "key", "x", "new_source", "质量 评价报告")...), http.StatusBadRequest, "《质量评价报告》", `href="#`)
		a.led("of a known document", a.post("/external-figures/new", "/external-figures", "cohort", "2024", "key", "rehire", "title", "继续招聘意愿", "value", "95", "unit", "%", "subject", "用人单位", "source", "质量评价报告", "page", "20"))
		a.wanted("no such indicator", a.post(page+"/replace", page+"/replace", "own", "x.y", "reason", "改由登记数据统计"), http.StatusBadRequest, "没有指标")
		a.want("replaced", a.led("replaced", a.post(page+"/replace", page+"/replace", "own", "destination.settled", "reason", "改由登记数据统计")), 200, "与本系统的统计相比", "destination.settled")
		a.led("another document", a.post("/external-figures/new", "/external-figures", "cohort", "2024", "key", "fairs", "title", "招聘会", "value", "3", "unit", "场", "subject", "学校", "new_source", "就业工作总结", "issuer", "就业中心", "dated", "2024-01"))
		other := "/external-figures/2024/rehire"
		a.want("issuer and day go with the document", a.led("moved", a.post(other+"/change", other+"/change", "since", "1", "title", "继续招聘意愿", "value", "95", "unit", "%", "subject", "用人单位",
			"source", "就业工作总结", "issuer", "评价中心", "dated", "2024-12")), 200, "就业中心，2024年1月")
		changed := append(typed, "since", "1", "value", "91.67")
		a.want("changed", a.led("changed", a.post(page+"/change", page+"/change", changed...)), 200, "第 2 版", "待复核", "91.67%", "第 1 版：92%")
		b.wanted("changed meanwhile", b.post(page+"/change", page+"/change", append(changed, "value", "91.7")...), http.StatusConflict, "刚刚有人改过")
		a.want("withdrawn", a.led("withdrawn", a.post(page+"/withdraw", page+"/withdraw", "reason", "文件已经收回")), 200, "已撤回", "文件已经收回")
	})
}
