package app_test

import (
	"net/http"
	"strings"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
)

// TestReconcilePages: another register's file is compared within the scope, shown
// side by side, filtered, downloaded, and is nobody else's; nothing is written.
func TestReconcilePages(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		a, _ := c.account("office", "", access.Grant{Role: access.Office, Over: access.School()})
		w := c.enter(a)
		// 240000 as here, 240002 another code, 240004 … 240064 missing there, 249999 not here.
		file := "学号,姓名,毕业去向类别代码,签约日期\n240000,林临0,10,2024-06-20\n240002,林临2,11,2024-06-20\n249999,闻人语,10,\n"
		got := w.led("upload", w.upload("/reconcile", "/reconcile", "省平台.csv", file, "cohort", "2024"))
		w.want("result", got, 200, "省平台.csv", "字段不同", "10 签就业协议形式就业", "11 签劳动合同形式就业", "只在本校 63", "只在上级系统 1", "没有这个人", `rel="next"`)
		if page := w.want("one kind", got+"?kind=只在上级系统", 200, "249999"); strings.Contains(page, "240004") {
			t.Error("another kind is shown")
		}
		if page := w.want("the last page", got+"?from=60", 200, "回到第一页"); strings.Contains(page, `rel="next"`) {
			t.Error("a page after the last")
		}
		w.want("a place beyond", got+"?from=-5", 200)
		if rows := w.cells(got + "/result.xlsx"); len(rows) < 65 || rows[0][4] != "字段" {
			t.Errorf("%d rows", len(rows))
		}
		b, _ := c.account("secretary", "", access.Grant{Role: access.CollegeSecretary, Over: access.Colleges(c.unit("药学院"))})
		other := c.enter(b)
		other.want("somebody else's", got, 404)
		other.want("somebody else's", got+"/result.xlsx", 404)
		own := other.led("own", other.upload("/reconcile", "/reconcile", "省平台.csv", file, "cohort", "2024"))
		if page := other.want("within the college", own, 200, "只在本校 5"); strings.Contains(page, "林临") && strings.Contains(page, "签就业协议形式就业</span></td><td><span class=\"val\">11") {
			t.Error("a graduate of another college is compared")
		}
		if got := w.upload("/reconcile", "/reconcile", "a.csv", "姓名\n林\n"); got.Code != 400 || !strings.Contains(got.Body.String(), "缺少必需的列") {
			t.Errorf("a column lacks: %d", got.Code)
		}
		w.want("no import", "/import/"+strings.TrimPrefix(got, "/"), 404)
		w.want("dropped", w.led("drop", w.post(got, got+"/drop")), 200, "已清除")
	})
}

// TestExportPage: a file within the scope, secret cells blank, no cell a formula,
// written down with its purpose; who may not export is refused.
func TestExportPage(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		b, _ := c.account("secretary", "", access.Grant{Role: access.CollegeSecretary, Over: access.Colleges(c.unit("药学院"))})
		w := c.enter(b)
		form := []string{"kind", "roster", "cohort", "2024", "layout", "all", "purpose", "报省中心 6 月周报"}
		got := w.post("/export", "/export", form...)
		if got.Code != 200 || !strings.Contains(got.Header().Get("Content-Disposition"), ".xlsx") || got.Header().Get("Cache-Control") != "no-store" {
			t.Fatalf("%d %v", got.Code, got.Header())
		}
		rows := sheetOf(t, got.Body.Bytes())
		if len(rows) != 6 {
			t.Errorf("%d rows, want the five of the college", len(rows))
		}
		if all := strings.Join(strings.Fields(strings.Join(flat(rows), " ")), " "); strings.Contains(all, "1000000") {
			t.Error("a phone number goes out")
		}
		got = w.post("/export", "/export", "kind", "destinations", "cohort", "2024", "layout", "moe-39", "as_of", "2024-06-19", "purpose", "核对截至日期")
		if got.Code != 200 || strings.Contains(strings.Join(flat(sheetOf(t, got.Body.Bytes())), " "), "签就业协议形式就业") {
			t.Errorf("as of the day before: %d", got.Code)
		}
		for name, bad := range map[string][]string{
			"no purpose":   {"kind", "roster", "cohort", "2024", "layout", "all", "purpose", " 报 "},
			"no such kind": {"kind", "events", "cohort", "2024", "layout", "all", "purpose", "报省中心周报"},
			"no layout":    {"kind", "roster", "cohort", "2024", "layout", "moe-1", "purpose", "报省中心周报"},
			"a bad day":    {"kind", "destinations", "cohort", "2024", "layout", "all", "as_of", "明天", "purpose", "报省中心周报"},
		} {
			if got := w.post("/export", "/export", bad...); got.Code != http.StatusBadRequest || strings.HasPrefix(got.Header().Get("Content-Type"), "application/vnd") {
				t.Errorf("%s: %d", name, got.Code)
			}
		}
		list, err := c.app.Store.Entries(t.Context(), audit.Filter{Account: b.ID, Action: "roster.export"}, audit.Key{}, 10)
		if err != nil || len(list) == 0 || !strings.Contains(list[len(list)-1].Detail, "报省中心 6 月周报") {
			t.Errorf("the purpose is not written down: %d %v", len(list), err)
		}
		for _, role := range []access.Role{access.Counsellor, access.CollegeLeader, access.SchoolLeader, access.Auditor} {
			a, _ := c.account(string(role), "", access.Grant{Role: role, Over: access.School()})
			v := c.enter(a)
			v.want(string(role), "/export", 403)
			v.want(string(role), "/reconcile", 403)
		}
	})
}

func sheetOf(t *testing.T, content []byte) (rows [][]string) {
	source, err := app.TableFile("x.xlsx", content).Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for {
		row, err := source.Next()
		if err != nil {
			return rows
		}
		rows = append(rows, row.Cells)
	}
}

func flat(rows [][]string) (out []string) {
	for _, r := range rows {
		out = append(out, r...)
	}
	return out
}
