package app_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/release"
	"quxiang/internal/domain/report"
)

// reportText has one word that somebody typed (L9) and nothing else to mend.
const reportText = `# 一、基本情况
{cohort}届毕业生共{n}人，毕业去向落实率为{% destination.settled}，见{ref main}。升学人数逐年增长。
@table destination id=main by=level caption="{cohort}届毕业生毕业去向"
# 附录
@appendix
`

func (c *campus) begun(text string) (id string) {
	c.t.Helper()
	office := byStaff("office", access.Office, access.School())
	day, err := calendar.ParseWhen("2024-08-31")
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := c.app.Releases.Freeze(c.t.Context(), office, release.Freezing{Name: "S-2024", Cohort: "2024", AsOf: day}); err != nil {
		c.t.Fatal(err)
	}
	d, err := c.app.Annual.Begin(c.t.Context(), office, report.Beginning{Cohort: "2024", Snapshot: "S-2024"})
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := c.app.Annual.Save(c.t.Context(), office, d.ID, report.Edit{Base: 1, Title: d.Newest.Title, Text: text}); err != nil {
		c.t.Fatal(err)
	}
	return d.ID
}

func (c *campus) approve(snapshot string) {
	c.t.Helper()
	a := release.Approval{Office: "甲", Leader: "乙", Approved: "2024-09-09", Record: "纪要 1 号", ConsentAuthority: "省教育厅", ConsentNumber: "函 1 号", ConsentFile: strings.Repeat("ab", 32)}
	if _, err := c.app.Releases.Release(c.t.Context(), byStaff("office", access.Office, access.School()), snapshot, a); err != nil {
		c.t.Fatal(err)
	}
}

// TestReportLeavesTheHouse: from a draft over its list of problems, an overruling and the
// register's chain of approval to the public page; what changes afterwards changes nothing
// that was released, and is told by who verifies it.
func TestReportLeavesTheHouse(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		id := c.begun(reportText)
		at := "/reports/" + id + "/release"
		office, public := c.as(access.Office), c.window()
		public.want("nothing is public", "/outcomes", 200, "还没有发布就业质量年度报告")
		public.want("no draft by its id", "/outcomes/2024-1", 404)
		page := office.want("the list", at, 200, "手写的趋势用语", "逐年", "S-2024", "未发布", "放行这一处")
		if got := office.post(at, at); got.Code != 409 || !strings.Contains(got.Body.String(), "还有 1 处要改") {
			t.Errorf("released over a problem: %d", got.Code)
		}
		_, rest, _ := strings.Cut(page, `name="problem" value="`)
		key, _, _ := strings.Cut(rest, `"`)
		over := "/reports/" + id + "/overrule"
		if got := office.post(at, over, "problem", key, "reason-"+key, "对"); got.Code != 400 {
			t.Errorf("a reason that says nothing: %d", got.Code)
		}
		for range 2 { // twice is once
			office.led("overrule", office.post(at, over, "problem", key, "reason-"+key, "统计处提供，三届数据已核对"))
		}
		office.want("overruled", at, 200, "已放行的", "三届数据已核对", "账号office")
		if got := office.post(at, at); got.Code != 409 || !strings.Contains(got.Body.String(), "快照还没有发布：S-2024") {
			t.Errorf("released before its figures: %d", got.Code)
		}
		c.approve("S-2024")
		if got := c.as(access.Auditor).post(at, at); got.Code != 403 {
			t.Errorf("an auditor released: %d", got.Code)
		}
		if to := office.led("release", office.post(at, at, "version", "2")); to != "/outcomes/2024-1" {
			t.Errorf("led to %s", to)
		}
		if again, err := c.app.Annual.Release(t.Context(), byOffice, id, 0, ""); err != nil || again.ID != "2024-1" {
			t.Errorf("twice is %v, %v", again.ID, err)
		}
		c.releasedIsKept(t, public)
	})
}

// releasedIsKept looks at what was released, moves the register, and looks again.
func (c *campus) releasedIsKept(t *testing.T, public *window) {
	all, err := c.app.Annual.Released(t.Context())
	if err != nil || len(all) != 1 || len(all[0].Forms) != 4 || len(all[0].Overruled) != 1 {
		t.Fatalf("%+v, %v", all, err)
	}
	x := all[0]
	public.want("the list", "/outcomes", 200, x.Title, x.Code, "/outcomes/2024-1/report.pdf")
	was := public.want("the page", "/outcomes/2024-1", 200, "毕业生共", "33", x.Code)
	public.without("the page", "/outcomes/2024-1", "三届数据已核对", "账号office", "<script", " style=")
	public.want("its code", "/outcomes/check?code="+url.QueryEscape(strings.ToLower(strings.ReplaceAll(x.Code, "-", " "))), 200, "是学校发布的报告", x.Forms[0].SHA256)
	public.want("another code", "/outcomes/check?code=AAAA-BBBB-CCCC-DDDD", 200, "没有这份报告")
	public.want("no code", "/outcomes/check?code=12", 400, "校验码是 16 位")
	public.want("another file", "/outcomes/2024-1/report.txt", 404)
	files := map[string][]byte{}
	for _, f := range x.Forms {
		got := public.get("/outcomes/2024-1/report" + f.Ending)
		if files[f.Ending] = bytes.Clone(got.Body.Bytes()); got.Code != 200 || len(files[f.Ending]) != f.Size || fmt.Sprintf("%x", sha256.Sum256(files[f.Ending])) != f.SHA256 {
			t.Errorf("%s: %d, %d bytes", f.Ending, got.Code, got.Body.Len())
		}
	}
	if _, err := c.app.Releases.Unlock(t.Context(), byOffice, "S-2024", "补录一名毕业生的去向"); err != nil {
		t.Fatal(err)
	}
	c.recorded("240001", "10", "2024-07-01")
	if now := public.want("the page", "/outcomes/2024-1", 200); withoutTokens(now) != withoutTokens(was) {
		t.Error("the public page moves with the register")
	}
	for _, role := range []access.Role{access.Office, access.Auditor, access.SchoolLeader} {
		who := byStaff(string(role), role, access.School())
		for ending, file := range files {
			v, err := c.app.VerifyReport(t.Context(), who, "r"+ending, file)
			if err != nil || !v.Holds() || v.Release != "2024-1" || len(v.Notes) > 0 || !strings.Contains(strings.Join(v.Today, "\n"), "52.31") {
				t.Errorf("%s, %s: %+v, %+v, %q, %v", role, ending, v.Changed, v.Broken, v.Today, err)
			}
		}
	}
	if _, err := c.app.VerifyReport(t.Context(), byStaff("counsellor", access.Counsellor, access.School()), "r.html", files[".html"]); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a counsellor verifies: %v", err)
	}
}

// withoutTokens is a page without what each answer has of its own.
func withoutTokens(page string) string {
	_, body, _ := strings.Cut(page, "<main")
	body, _, _ = strings.Cut(body, "</main>")
	return body
}

// TestReportCorrection: a released report is corrected by another release with a reason;
// both stay, and the first says where the second is. A changed text needs a new overruling,
// and what is law cannot be overruled.
func TestReportCorrection(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		plain := strings.Replace(reportText, "升学人数逐年增长。", "", 1)
		id := c.begun(plain)
		c.approve("S-2024")
		if _, err := c.app.Annual.Release(t.Context(), byLeader, id, 0, ""); err != nil {
			t.Fatal(err)
		}
		save := func(base int, text string) {
			t.Helper()
			if _, err := c.app.Annual.Save(t.Context(), byOffice, id, report.Edit{Base: base, Title: "2024届毕业生就业质量年度报告", Text: text}); err != nil {
				t.Fatal(err)
			}
		}
		save(2, plain+"把落实率纳入辅导员绩效考核。\n升学人数逐年增长。\n")
		g, err := c.app.Annual.Gate(t.Context(), byOffice, id, 0)
		if err != nil || len(g.Problems) != 2 || g.Problems[0].Rule != "L15" {
			t.Fatalf("%+v, %v", g.Problems, err)
		}
		if _, err := c.app.Annual.Overrule(t.Context(), byOffice, id, 0, g.Problems[0].Key, "领导同意这样写"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("the law is overruled: %v", err)
		}
		if _, err := c.app.Annual.Overrule(t.Context(), byStaff("a", access.Auditor, access.School()), id, 0, g.Problems[1].Key, "已经核对过了"); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("an auditor overrules: %v", err)
		}
		if _, err := c.app.Annual.Overrule(t.Context(), byOffice, id, 0, g.Problems[1].Key, "已经核对过了"); err != nil {
			t.Fatal(err)
		}
		save(3, plain+"我校升学人数逐年增长。\n")
		if g, err = c.app.Annual.Gate(t.Context(), byOffice, id, 0); err != nil || len(g.Problems) != 1 || len(g.Overruled) != 0 {
			t.Errorf("a changed text stands by the old overruling: %+v, %v", g.Problems, err)
		}
		save(4, plain+"毕业生去向良好。\n")
		if _, err := c.app.Annual.Release(t.Context(), byOffice, id, 0, " "); fault.KindOf(err) != fault.Invalid {
			t.Errorf("a correction without a reason: %v", err)
		}
		second, err := c.app.Annual.Release(t.Context(), byOffice, id, 0, "补写一句总体评价")
		if err != nil || second.ID != "2024-2" {
			t.Fatal(second, err)
		}
		w := c.window()
		w.want("the list", "/outcomes", 200, "补写一句总体评价", "已被更正", "/outcomes/2024-1")
		w.want("the first", "/outcomes/2024-1", 200, "这一版已被更正", "/outcomes/2024-2")
		w.without("the first", "/outcomes/2024-1", "毕业生去向良好")
		w.want("the second", "/outcomes/2024-2", 200, "毕业生去向良好")
	})
}

// nothingToMend: the lint finds nothing in a report by a template that the product brings,
// but for what the school has to write.
func nothingToMend(t *testing.T, d report.Document) {
	t.Helper()
	mark, err := report.MarkOf(report.Reading(d))
	if err != nil {
		t.Fatal(err)
	}
	tmpl, err := report.TemplateByID(mark.Template)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range report.Lint(tmpl, d) {
		if p.Rule != "X2" {
			t.Errorf("%s: %s %s “%s”: %s", mark.Template, p.Rule, p.Where, p.Words, p.Text)
		}
	}
}
