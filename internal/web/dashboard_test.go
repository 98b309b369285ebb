package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/httpd"
)

// signedIn is the session of one account, whatever the ticket.
type signedIn struct{ access.Account }

func (s signedIn) Resume(context.Context, string) (access.Account, access.Session, error) {
	return s.Account, access.Session{Fresh: true}, nil
}

// desk asks for a page as somebody with that role over that scope.
func desk(t *testing.T, s *school, target string, role access.Role, over access.Scope) (*html.Node, string, int) {
	t.Helper()
	w := &Web{Deps: s.deps(), static: newAssets()}
	routes := w.routes()
	w.gets = getRoutes(routes)
	account := access.Account{ID: "a", Name: "周老师", Grants: []access.Grant{{Role: role, Over: over}}}
	h, err := httpd.New(httpd.Site{Config: w.Config, Routes: routes, Sessions: signedIn{account}, Now: w.Now, ShowProblem: w.problem, LoginPath: "/login"})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("GET", target, nil)
	r.Host, r.RemoteAddr = "127.0.0.1:8080", "127.0.0.1:50000"
	r.AddCookie(&http.Cookie{Name: "plain-sid", Value: "ticket"})
	rw := httptest.NewRecorder()
	h.ServeHTTP(rw, r)
	doc, text := body(t, rw.Body.String())
	return doc, text, rw.Code
}

func TestDashboardAnswersInOrder(t *testing.T) {
	s := newSchool()
	late := s.add("2024", "master", "c02", "10", "2024-08-28", "2024-08-29") // moves in the last week
	doc, text, _ := desk(t, s, "/?definition=school-2024", access.Office, access.School())
	at := 0
	for _, want := range []string{
		"去向总览", "2024 届", "截至", "所知至", "对比", "口径",
		"毕业去向落实率 86.47 % 2,301 / 2,661 人 截至 2024-08-31（含当日）", "较 08-24 +1 人 +0.04 个百分点",
		"去向知晓率 2,446 / 2,661 91.92 %", "待就业、暂不就业也算",
		"落实的 2,301 人，凭据有多硬", "内部参考", "只有学校导入 2,301 100.00 %",
		"08-24 以来谁变了 1 人", "待就业 签约 +1", "落实净增 +1", "两头都按同一时点所知",
		"2024 届待办 此刻 06-16 09:00", "未登记 215",
		"表 1-1", "落实率在 2024 年 6 月升得最多", "看表", "2024-08-31 2,301 2,661 86.47",
		"分学院", "按学院代码排，不排名次", "临床医学院 1,117 921 196 82.45", "研究生院", "合计 2,661 2,301 360 86.47",
	} {
		i := strings.Index(text[at:], want)
		if i < 0 {
			t.Fatalf("no %q after what comes before it:\n%s", want, text[at:])
		}
		at += i
	}
	if strings.Contains(text, s.graduates[late].Name) {
		t.Error("a person is named on the dashboard")
	}
	opens := 0
	for _, a := range elements(doc, "a") {
		if strings.HasPrefix(attr(a, "href"), "/people?") {
			if opens++; !strings.Contains(attr(a, "href"), "known_at=") || attr(a, "aria-label") == "" {
				t.Errorf("%s does not say what it opens, or of when", attr(a, "href"))
			}
		}
	}
	if opens < 40 {
		t.Errorf("only %d numbers open people", opens)
	}
}

func TestDashboardByAddress(t *testing.T) {
	s := newSchool()
	for name, c := range map[string]struct{ query, says, refused string }{
		"a later correction is labelled":       {"?as_of=2024-06-22", "事后口径", ""},
		"as it was known then":                 {"?as_of=2024-06-22&known_at=then", "0.00 % 0 / 2,660 人 截至 2024-06-22（含当日） 所知至 2024-06-22（含当日）", ""},
		"the running cohort against last week": {"?cohort=2025&as_of=", "06-09 以来谁变了", ""},
		"by what was known then":               {"?cohort=2025&as_of=&since=2025-05-20", "较 05-20 +20 人 +50.00 个百分点", ""},
		"by what is known now":                 {"?cohort=2025&as_of=&since=2025-05-20&since_known=same", "较 05-20 0 人 0.00 个百分点", ""},
		"nobody counted":                       {"?as_of=2024-01-31&known_at=then", "没有要统计的毕业生", ""},
		"a definition from elsewhere":          {"?definition=nace", "职业结果率", ""},
		"a day that is none":                   {"?since=2024-02-30", "", "对比的日期“2024-02-30”读不出来"},
		"a day that is not earlier":            {"?as_of=2024-08-31&since=2024-08-31", "", "不早于截至的时点"},
	} {
		_, text, code := desk(t, s, "/"+c.query, access.Office, access.School())
		if (code == http.StatusOK) != (c.refused == "") || !strings.Contains(text, c.refused) || !strings.Contains(text, c.says) {
			t.Errorf("%s: %d\n%s", name, code, text)
		}
	}
}

// TestDashboardShowsEachTheirOwn: aggregates open nobody, a college sees itself,
// and below the college there is work and no rate.
func TestDashboardShowsEachTheirOwn(t *testing.T) {
	s := newSchool()
	for name, c := range map[string]struct {
		role        access.Role
		over        access.Scope
		says, never []string
		opens       bool
	}{
		"school leader": {access.SchoolLeader, access.School(), []string{"2,300 / 2,660 人", "分学院"}, nil, false},
		"college":       {access.CollegeSecretary, access.Colleges("c01"), []string{"范围：临床医学院", "921 / 1,117 人", "各班要做的", "临床 2001 班"}, []string{"研究生院", "分学院"}, true},
		"two colleges":  {access.CollegeLeader, access.Colleges("c01", "c02"), []string{"分学院", "研究生院"}, []string{"各班要做的"}, true},
		"class":         {access.Counsellor, access.Classes("k01"), []string{"各班要做的"}, []string{"分学院"}, true},
		"nobody":        {access.Counsellor, access.Classes("none"), []string{"没有要统计的毕业生", "没有你负责的班级"}, []string{"2,660"}, false},
	} {
		doc, text, _ := desk(t, s, "/", c.role, c.over)
		for _, want := range c.says {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q:\n%s", name, want, text)
			}
		}
		for _, never := range c.never {
			if strings.Contains(text, never) {
				t.Errorf("%s sees %q", name, never)
			}
		}
		opens := false
		for _, a := range elements(doc, "a") {
			opens = opens || strings.HasPrefix(attr(a, "href"), "/people")
		}
		if opens != c.opens {
			t.Errorf("%s: numbers open people: %v", name, opens)
		}
		for _, table := range elements(doc, "table") {
			if _, words := body(t, render(t, table)); strings.Contains(words, "班级") && strings.Contains(words, "率") {
				t.Errorf("%s: a rate beside classes", name)
			}
		}
	}
}

func render(t *testing.T, n *html.Node) string {
	t.Helper()
	var b strings.Builder
	if err := html.Render(&b, n); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestKnowledgeIsTheCatalogues: what the page calls 知晓率 is what the definition
// nace counts.
func TestKnowledgeIsTheCatalogues(t *testing.T) {
	s := newSchool()
	q := indicator.Query{Table: table, Definition: "moe-2024", Cohorts: []string{"2024"}, Within: access.School()}
	plain, err := s.columns.Count(q, s.env())
	if err != nil {
		t.Fatal(err)
	}
	q.Definition = "nace"
	nace, err := s.columns.Count(q, s.env())
	if err != nil {
		t.Fatal(err)
	}
	f := nace.Rows[0].Cells[0]
	if got := knowledge(&plain.Rows[0], opener{}); nace.Headings[0].ID != "knowledge" || got.Count.Text != thousands(f.K) || got.Percent != f.Percent() {
		t.Errorf("%v, the catalogue has %v", got, f)
	}
	plain.Rows[0].Seeking[0].Hidden = true
	if knowledge(&plain.Rows[0], opener{}) != nil {
		t.Error("a share is shown of which a part is withheld")
	}
}

func TestCurveDays(t *testing.T) {
	for name, c := range map[string]struct {
		cohort string
		last   calendar.Day
		n      int
	}{
		"a whole year":      {"2024", "2024-08-31", 41},
		"its first day":     {"2024", "2023-12-01", 1},
		"before it":         {"2024", "2023-11-30", 0},
		"many years, rarer": {"2020", "2024-08-31", 32},
		"no cohort":         {"none", "2024-08-31", 0},
	} {
		days := curveDays(c.cohort, c.last)
		if len(days) != c.n || c.n > 0 && (days[0] != calendar.Day("2023-12-01") && c.cohort == "2024" || days[len(days)-1] != c.last) {
			t.Errorf("%s: %d days %v", name, len(days), days)
		}
	}
	if got := yearBefore([]calendar.Day{"2024-02-29", "2024-03-01"}); got[0] != "2023-02-28" || got[1] != "2023-03-01" {
		t.Errorf("%v", got)
	}
}

// TestMovesAddUp: rows, what is left out and what stays within add up to all who
// moved, and the net to the change of the headline.
func TestMovesAddUp(t *testing.T) {
	s := newSchool()
	for i, code := range []string{"10", "801", "85", "12", "75", "76", "71", "10"} {
		id := s.add("2025", "master", "c02", "70-SEEK", "2025-05-01", "2025-05-02")
		events := append(s.histories[id], history.Event{Graduate: id, Seq: 3, KnownAt: calendar.Day("2025-06-12").Start() + calendar.Instant(i),
			TrueOn: "2025-06-12", Change: "y" + id, Case: "n" + id, Step: history.Recorded, Act: history.Open, Scheme: "MOE-2021", Code: code, Source: history.SourceLegacy})
		s.histories[id] = events
		s.columns.Put(id, events)
	}
	_, text, _ := desk(t, s, "/?cohort=2025&as_of=&definition=school-2024", access.Office, access.School())
	for _, want := range []string{"06-09 以来谁变了 8 人", "待就业 其他录用形式就业 +3", "待就业 签约 +2", "落实净增 +7", "另 1 人在未落实的各类之间变动", "较 06-09 +7 人"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q:\n%s", want, text)
		}
	}
}

func TestSigned(t *testing.T) {
	for n, want := range map[int]string{0: "0.00", 143: "+1.43", -7: "−0.07", -1234: "−12.34"} {
		if got := signed(points(n)); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}
