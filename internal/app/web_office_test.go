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

// TestSamplesAndStrikes: a queue is checked, what is not so is struck out by two
// people, seen in the list with the graduate's words, and restored.
func TestSamplesAndStrikes(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		w := c.as(access.Office)
		w.want("empty queue", "/samples", 200, "没有要核实的登记", "还没有核完的随机抽查")
		w.wanted("no name", w.post("/samples", "/samples/draw", "cohort", "2024", "name", "", "per_stratum", "3", "seed", "7"), 400, "还差 1 处", `value="7"`)
		w.wanted("seed that is none", w.post("/samples", "/samples/draw", "cohort", "2024", "name", "九月", "per_stratum", "3", "seed", "x"), 400, "不是整数")
		for range 2 { // doing it twice is doing it once
			w.wanted("draw", w.post("/samples", "/samples/draw", "cohort", "2024", "name", "九月", "per_stratum", "3", "seed", "7"), 303)
		}
		page := w.want("queue", "/samples", 200, "随机抽查：九月", "待核实 6", "共 6 件")
		ids := regexp.MustCompile(`action="/samples/([^"]+)"`).FindAllStringSubmatch(page, -1)
		var samples []string
		for _, m := range ids {
			if m[1] != "draw" && m[1] != "screen" {
				samples = append(samples, m[1])
			}
		}
		if len(samples) != 6 {
			t.Fatalf("%d samples", len(samples))
		}
		w.wanted("odd result", w.post("/samples", "/samples/"+samples[0], "cohort", "2024", "result", "大概"), 400, "请选择属实")
		w.wanted("true", w.post("/samples", "/samples/"+samples[0], "cohort", "2024", "result", "属实", "note", "本人接的电话"), 303)
		w.wanted("false", w.post("/samples", "/samples/"+samples[1], "cohort", "2024", "result", "不属实"), 303)
		done := w.want("done", "/samples?state=done", 200, "本人接的电话", "办理核减", "核实 2 人，不属实 1 人，占 50.00%")
		w.wanted("screen", w.post("/samples", "/samples/screen", "cohort", "2024"), 303)

		form := html.UnescapeString(regexp.MustCompile(`href="(/graduates/[^"]+/strike[^"]+)"`).FindStringSubmatch(done)[1])
		at, kase, _ := strings.Cut(form, "?case=")
		second, link := c.account("second", "", access.Grant{Role: access.SchoolLeader, Over: access.School()})
		if err := c.app.Accounts.SetPassword(t.Context(), link, "Binhai-1920-gate"); err != nil {
			t.Fatal(err)
		}
		w.wanted("blank", w.post(form, at), 400, "还差 4 处", "请第二位老师填密码")
		sign := []string{"case", kase, "reason", "电话核实，本人并未签约", "second", "second"}
		w.wanted("wrong password", w.post(form, at, append(sign, "password", "wrong")...), 403, "账号或密码不对", "电话核实，本人并未签约")
		struck := w.post(form, at, append(sign, "password", "Binhai-1920-gate")...)
		w.wanted("strike", struck, 303)
		if strings.Contains(w.get(form).Body.String(), "Binhai") {
			t.Error("the password is shown")
		}
		list := w.want("strikes", "/strikes", 200, "已核减", "电话核实，本人并未签约", "账号office、账号second", "毕业生还没有回复")
		restore := html.UnescapeString(regexp.MustCompile(`href="(/graduates/[^"]+/restore[^"]+)"`).FindStringSubmatch(list)[1])
		at, kase, _ = strings.Cut(restore, "?case=")
		w.wanted("no reason", w.post(restore, at, "case", kase), 400, "请写明情况或理由")
		w.wanted("restore", w.post(restore, at, "case", kase, "reason", "补来了劳动合同"), 303)
		w.want("restored", "/strikes", 200, "没有核减的去向")
		for _, a := range []string{"destination.mark.struck", "destination.mark.restored"} {
			if n := len(c.entries(audit.Filter{Action: a})); n != 1 {
				t.Errorf("%d entries of %s", n, a)
			}
		}
		leader := c.enter(second)
		for _, target := range []string{"/samples", "/samples?state=done"} {
			if page := leader.want("leader", target, 200); strings.Contains(page, "林临") || strings.Contains(page, "2400") {
				t.Errorf("a school leader sees people on %s", target)
			}
		}
		for _, closed := range []string{"/strikes", "/review", "/disputes", "/graduates", at[:len(at)-len("restore")] + "strike"} {
			leader.want("leader", closed, 403)
		}
		c.as(access.Counsellor).want("counsellor", "/samples", 403)
	})
}

// TestOfficeTables: catalogue, codes, audit and settings say what they are about,
// to whom they may.
func TestOfficeTables(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		w := c.as(access.Office)
		w.want("indicators", "/indicators", 200, `id="moe-2024"`, "27 科研助理、管理助理（含下级）", "分母")
		w.want("codes", "/codes", 200, "毕业去向类别", "签就业协议形式就业")
		w.want("search", "/codes?table=nature&q=医", 200, "医疗")
		w.want("nothing found", "/codes?q=没有这种去向", 200, "没有找到“没有这种去向”")
		w.want("no table", "/codes?table=secrets", 404)
		if pages := w.list("/codes?table=region", 200); len(pages) < 2 || strings.Count(pages[0], `<th scope="row"`) != 200 {
			t.Errorf("regions: %d pages", len(pages))
		}
		w.want("audit is not the office's", "/audit", 403)
		w.want("settings", "/settings", 200, "辅导员—学院—学校", "A22", "还没有最低工资标准")
		w.want("what is missing", "/import", 200, "还没有最低工资标准")
		w.wanted("a day that is none", w.post("/settings", "/settings", "chain", "school", "source_check_until", "30/4"), 400, "读不出来", `value="30/4"`)
		w.wanted("save", w.post("/settings", "/settings", "chain", "college-school", "source_check_until", "2024-04-30"), 303)
		w.want("saved", "/settings?saved=1", 200, "现在：学院—学校", "2024-04-30", "设置已保存")

		a := c.as(access.Auditor)
		a.want("audit", "/audit", 200, "改设置", "账号office", "审计链", "还没有核对过")
		a.want("by account", "/audit?account=office&action=settings.", 200, "审核级：学院—学校")
		a.want("no such account", "/audit?account=nobody", 400, "没有账号“nobody”")
		a.want("a range upside down", "/audit?from=2024-02-02&to=2024-02-01", 400, "早于起日")
		if page := a.want("nothing", "/audit?to=2001-01-01", 200, "没有这样的记录"); strings.Contains(page, "改设置</span>") {
			t.Error("the days do not narrow")
		}
		got := a.get("/audit.csv?action=settings.")
		a.wanted("csv", got, 200, "链中序号", "settings.change")
		if kind := got.Header().Get("Content-Type"); !strings.HasPrefix(kind, "text/csv") || strings.Contains(got.Body.String(), "account.add") {
			t.Errorf("csv: %s", kind)
		}
		if problems, _, err := c.app.Verify(t.Context()); err != nil || len(problems) > 0 {
			t.Errorf("%v %v", problems, err)
		}
		a.want("checked", "/audit", 200, "问题：0", "毕业生：65")
		a.want("settings are not the auditor's", "/settings", 403)
		for _, r := range []access.Role{access.SchoolLeader, access.Administrator} {
			c.as(r).want(string(r), "/settings", 403)
		}
	})
}
