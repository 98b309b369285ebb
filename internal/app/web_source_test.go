package app_test

import (
	"net/http"
	"strings"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/history"
)

// TestSourceCheckPages walks the source check: a phone changes at once, a class is
// asked for, the college accepts, and the graduate confirms the rest.
func TestSourceCheckPages(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		id := c.graduate("240000")
		own, _ := c.account("xs", id, access.Grant{Role: access.Graduate, Over: access.Self(id)})
		secretary, _ := c.account("mishu", "", access.Grant{Role: access.CollegeSecretary, Over: access.Colleges(c.unit("临床医学院"))})
		office, _ := c.account("jiuye", "", access.Grant{Role: access.Office, Over: access.School()})
		me, desk := c.enter(own), c.enter(office)

		me.want("sheet", "/mine/source", 200, "核对生源信息", "临床一班", "换号", "提交核对")
		if got := me.post("/mine/source/phone", "/mine/source/phone", "value", "123"); got.Code == http.StatusSeeOther ||
			!strings.Contains(got.Body.String(), "11 位数字") || !strings.Contains(got.Body.String(), `value="123"`) {
			t.Errorf("a phone that is none: %d, kept %v", got.Code, strings.Contains(got.Body.String(), `value="123"`))
		}
		if got := me.post("/mine/source/phone", "/mine/source/phone", "value", "13800000043"); got.Code != http.StatusSeeOther {
			t.Fatalf("phone: %d", got.Code)
		}
		me.want("new phone", "/mine/source", 200, "13800000043")
		pharmacy := c.unit("药学一班")
		me.want("classes to choose", "/mine/source/class", 200, pharmacy, "药学一班", "由就业中心问过学籍部门", "提交更正")
		if got := me.post("/mine/source/class", "/mine/source/class", "value", pharmacy, "note", "转专业"); got.Code != http.StatusSeeOther {
			t.Fatalf("class: %d", got.Code)
		}
		me.want("asked", "/mine/source", 200, "已提", "现在是 临床一班", "其余 18 行都对")
		if got := me.post("/mine/source", "/mine/source"); got.Code == http.StatusSeeOther {
			t.Error("confirmed without the tick")
		}
		if got := me.post("/mine/source", "/mine/source", "right", "yes"); got.Code != http.StatusSeeOther {
			t.Errorf("confirm: %d", got.Code)
		}

		c.enter(secretary).want("nothing for the college", "/corrections", 200, "没有等着核的更正")
		body := desk.want("queue", "/corrections?by=registry", 200, "药学院", "药学一班", "转到另一个学院", "本人说：转专业", "240000")
		action := between(body, `action="/corrections/`, `/accept"`)
		if got := desk.post("/corrections", "/corrections/"+action+"/refuse", "by", "registry"); got.Code == http.StatusSeeOther ||
			!strings.Contains(got.Body.String(), "不改要写明理由") {
			t.Errorf("refused without a reason: %d", got.Code)
		}
		if got := desk.post("/corrections", "/corrections/"+action+"/accept", "by", "registry", "note", "已看文件"); got.Code != http.StatusSeeOther {
			t.Fatalf("accept: %d %s", got.Code, got.Body)
		}
		desk.want("empty queue", "/corrections", 200, "没有等着核的更正")
		me.want("outcome", "/mine/source", 200, "已按你提的改好", "药学一班", "核对过")
		list, err := c.app.Store.GraduatesByID(t.Context(), access.School(), []string{id})
		if err != nil || list[0].Attrs.Value(history.College) != c.unit("药学院") {
			t.Errorf("%v, %v", list, err)
		}
		desk.want("a graduate's own pages by staff", "/mine/source", 403)
		me.want("the queue by a graduate", "/corrections", 403)
	})
}

// between returns the text between two others; blank if they are not there.
func between(s, from, to string) string {
	_, s, ok := strings.Cut(s, from)
	if !ok {
		return ""
	}
	s, _, _ = strings.Cut(s, to)
	return s
}
