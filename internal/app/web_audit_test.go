package app_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
)

// TestTheAuditorChecksAndTakesCheckpoints: everything is checked by a button, while
// others work; checkpoints are listed and taken away (R30c).
func TestTheAuditorChecksAndTakesCheckpoints(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		a := c.as(access.Auditor)
		a.want("no checkpoint yet", "/audit", 200, "还没有检查点", "核对全部数据")
		c.as(access.Office).want("not the office's", "/audit/checkpoints/1", 403)
		signed, err := c.app.Trail.Checkpoint(t.Context(), audit.Asked)
		if err != nil {
			t.Fatal(err)
		}
		page := a.want("listed", "/audit", 200, "命令", "下载")
		at := regexp.MustCompile(`/audit/checkpoints/\d+`).FindString(page)
		if got := a.get(at); got.Body.String() != signed.Note || !strings.Contains(got.Header().Get("Content-Disposition"), "attachment") {
			t.Errorf("%s is\n%s", at, got.Body)
		}
		a.want("no such checkpoint", "/audit/checkpoints/99999", 404)
		a.want("no number", "/audit/checkpoints/x", 404)

		a.wanted("begin", a.post("/audit", "/audit/verify"), 303)
		a.wanted("begin twice", a.post("/audit", "/audit/verify"), 303)
		deadline := time.Now().Add(time.Minute)
		for strings.Contains(a.want("running", "/audit", 200), "正在核对") {
			if time.Now().After(deadline) {
				t.Fatal("the check does not end")
			}
			time.Sleep(20 * time.Millisecond)
		}
		a.want("done", "/audit", 200, "核对一致：核对了", "1 个检查点")
	})
}

// TestTheTrailNamesPeople: of a graduate the auditor sees number and first character,
// and finds what was done about one by the whole number.
func TestTheTrailNamesPeople(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		list, err := c.app.Store.Graduates(t.Context(), access.School(), "", "", 1)
		if err != nil || len(list) == 0 {
			t.Fatal(err)
		}
		g := list[0]
		office := c.as(access.Office)
		office.wanted("reveal", office.post("/graduates/"+g.ID, "/graduates/"+g.ID+"/reveal", "field", "id_number", "reason", "核对证件"), 200)
		a := c.as(access.Auditor)
		page := a.want("by number", "/audit?action=people.reveal&subject="+g.StudentNo, 200, g.StudentNo, "显示被遮住的信息")
		if strings.Contains(page, g.Name) {
			t.Errorf("the auditor reads the name %s", g.Name)
		}
		a.want("nobody's number", "/audit?subject=99999999", 200, "没有这样的记录")
	})
}
