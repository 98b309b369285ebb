package app_test

import (
	"crypto/sha256"
	"encoding/hex"
	"html"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
)

// as comes in as somebody of the whole school in the role.
func (c *campus) as(r access.Role) *window {
	c.t.Helper()
	a, _ := c.account(string(r), "", access.Grant{Role: r, Over: access.School()})
	return c.enter(a)
}

// wanted checks an answer.
func (w *window) wanted(what string, got *httptest.ResponseRecorder, status int, says ...string) {
	w.c.t.Helper()
	if got.Code != status {
		w.c.t.Errorf("%s: %d, want %d", what, got.Code, status)
	}
	for _, s := range says {
		if !strings.Contains(html.UnescapeString(got.Body.String()), s) {
			w.c.t.Errorf("%s: no %q on the page", what, s)
		}
	}
}

// approval is a complete form of a release.
var approval = []string{"office", "办公室主任甲", "leader", "副校长乙", "approved", "2024-09-09", "record", "纪要 1 号",
	"consent_authority", "省教育厅", "consent_number", "函 1 号", "consent_file", hex.EncodeToString(sha256.New().Sum(nil))}

// TestSnapshotPages: freeze, look, check, release with everything that is missing
// named at once, unlock; each once, and each only for who may.
func TestSnapshotPages(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		w := c.as(access.Office)
		w.want("none yet", "/snapshots", 200, "还没有快照", `value="08-31"`)
		w.wanted("a name that is none", w.post("/snapshots", "/snapshots", "name", "初次 2024", "cohort", "2024", "as_of", "08-31"), 400,
			"还差 1 处", `value="初次 2024"`, `href="#name"`)
		w.wanted("freeze", w.post("/snapshots", "/snapshots", "name", "INIT-2024", "cohort", "2024", "as_of", "08-31"), 303)
		w.wanted("freeze again", w.post("/snapshots", "/snapshots", "name", "INIT-2024", "cohort", "2024", "as_of", "08-31"), 409, "INIT-2024")
		w.want("list", "/snapshots", 200, `href="/snapshots/INIT-2024"`, "未发布", "账号office", "2024-08-31（含当日）")
		page := w.want("snapshot", "/snapshots/INIT-2024?by=college", 200, "临床医学院", "药学院", "校验值", "登记审批并发布", "公开预览")
		if strings.Contains(page, "辅导员") || strings.Contains(page, "按班级") {
			t.Error("a breakdown below the major")
		}
		w.want("check", "/snapshots/INIT-2024/verify", 200, "核对一致", "65 人")
		public := w.want("public", "/snapshots/INIT-2024?by=sex&view=public", 200, "公开")
		if strings.Contains(public, "/people?") {
			t.Error("the public view names people")
		}
		w.numbersOpenPeople(page)
		w.wanted("an empty approval", w.post("/snapshots/INIT-2024/release", "/snapshots/INIT-2024/release"), 400,
			"还差 7 处", "还缺就业部门负责人", "还缺省级主管部门同意的文件", `href="#record"`)
		w.wanted("one person", w.post("/snapshots/INIT-2024/release", "/snapshots/INIT-2024/release", append(approval, "leader", "办公室主任甲")...), 400,
			"不能是同一人", `value="纪要 1 号"`)
		w.wanted("release", w.post("/snapshots/INIT-2024/release", "/snapshots/INIT-2024/release", approval...), 303)
		w.want("released", "/snapshots/INIT-2024", 200, "已发布", "纪要 1 号", "已锁定", "解锁更正")
		w.want("no second time", "/snapshots/INIT-2024/release", 303)
		w.wanted("no reason", w.post("/snapshots/INIT-2024/unlock", "/snapshots/INIT-2024/unlock", "reason", "改"), 400, "不少于 5 个字")
		w.wanted("unlock", w.post("/snapshots/INIT-2024/unlock", "/snapshots/INIT-2024/unlock", "reason", "更正两人的单位名称"), 303)
		w.want("unlocked", "/snapshots/INIT-2024", 200, "解锁中，至 ", "更正两人的单位名称")
		w.want("unknown", "/snapshots/NOPE", 404)
		w.want("reserved", "/snapshots/diff?from=INIT-2024&to=NOPE", 404)
	})
}

// numbersOpenPeople follows each number of a page: as many people are listed.
func (w *window) numbersOpenPeople(page string) {
	w.c.t.Helper()
	links := regexp.MustCompile(`href="(/snapshots/[^"]+/people[^"]+)"[^>]*>([0-9,]+)</a>`).FindAllStringSubmatch(page, -1)
	if len(links) < 8 {
		w.c.t.Fatalf("%d links", len(links))
	}
	for _, l := range links {
		n, seen := 0, 0
		n, _ = strconv.Atoi(strings.ReplaceAll(l[2], ",", ""))
		for _, list := range w.list(html.UnescapeString(l[1]), 200) {
			seen += strings.Count(list, `<th role="rowheader"`)
			if strings.Contains(list, "1000000") {
				w.c.t.Errorf("%s: a phone number", l[1])
			}
		}
		if seen != n {
			w.c.t.Errorf("%s says %d and lists %d", l[1], n, seen)
		}
	}
	if len(w.c.entries(audit.Filter{Action: "people.view"})) < len(links) {
		w.c.t.Error("a list was opened without an entry")
	}
}

// TestSnapshotsByRole: aggregates for leaders, the own college for secretaries,
// nothing for who sees no figures.
func TestSnapshotsByRole(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		office := c.as(access.Office)
		for _, name := range []string{"A", "B"} {
			office.wanted("freeze", office.post("/snapshots", "/snapshots", "name", name, "cohort", "2024", "as_of", "08-31"), 303)
		}
		pharmacy, _ := c.account("sec", "", access.Grant{Role: access.CollegeSecretary, Over: access.Colleges(c.unit("药学院"))})
		secretary := c.enter(pharmacy)
		page := secretary.want("secretary", "/snapshots/A?by=college", 200, "药学院")
		if strings.Contains(page, "临床医学院") || strings.Contains(page, "重新核对") || strings.Contains(page, "公开预览") {
			t.Error("a secretary sees beyond the college")
		}
		secretary.want("secretary", "/snapshots/A/verify", 403)
		secretary.want("secretary", "/snapshots/A?view=public", 403)
		secretary.want("secretary", "/snapshots/A?by=difficulty", 403)
		if list := secretary.want("secretary", "/snapshots/A/people", 200, "240060"); strings.Contains(list, "240000") {
			t.Error("a secretary sees people of another college")
		}
		leader := c.as(access.SchoolLeader)
		if page := leader.want("leader", "/snapshots/A", 200, "登记审批并发布"); strings.Contains(page, "/people?") {
			t.Error("a school leader is offered people")
		}
		leader.want("leader", "/snapshots/A/people", 403)
		leader.want("leader", "/snapshots/diff?from=A&to=B", 200, "没有人变")
		auditor := c.as(access.Auditor)
		auditor.want("auditor", "/snapshots/A/verify", 200, "核对一致")
		auditor.want("auditor", "/snapshots/A/release", 403)
		for _, r := range []access.Role{access.Administrator} {
			c.as(r).want(string(r), "/snapshots", 403)
		}
		office.want("difficulty", "/snapshots/A?by=difficulty", 200)
		if got := c.entries(audit.Filter{Action: "figures.sensitive"}); len(got) != 1 || got[0].Subject != "snapshot A" {
			t.Errorf("figures by difficulty: %+v", got)
		}
	})
}
