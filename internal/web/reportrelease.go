package web

import (
	"errors"
	"net/http"
	"strconv"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/report"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// gateRoutes are the addresses where a report is checked and released.
func (w *Web) gateRoutes() []httpd.Route {
	reads, may := httpd.Over(access.ReadReports), httpd.Over(access.Release)
	return []httpd.Route{
		{Method: "GET", Pattern: "/reports/{id}/release", Permission: access.ReadReports, Scope: reads, Class: httpd.Internal, Audit: httpd.NotAudited, Handle: w.reportGate},
		{Method: "POST", Pattern: "/reports/{id}/release", Permission: access.Release, Scope: may, Class: httpd.Internal, Audit: "report.release", Handle: w.releaseReport, Fresh: true},
		{Method: "POST", Pattern: "/reports/{id}/overrule", Permission: access.Release, Scope: may, Class: httpd.Internal, Audit: "report.overrule", Handle: w.overruleProblem},
	}
}

// gatePage is the page of GET and POST /reports/{id}/release.
type gatePage struct {
	part.Page
	report.Gate
	ID       string
	Blocked  string // why it cannot be checked yet; blank: it was
	Wrongs   []part.Wrong
	Problems []gateProblem
	Done     []gateDone
	Figures  []gateFigure
	Reason   string // of a correction, as it was typed
	May      bool   // release and overrule
	LastDay  string // of the cohort's last release
}

// gateProblem is a problem that stands, with the form that answers for it.
type gateProblem struct {
	report.Problem
	Title  string
	Reason part.Field
}

// gateDone is a problem that somebody answered for.
type gateDone struct {
	report.Overruled
	Title, By, At string
}

// gateFigure is a snapshot that the report prints.
type gateFigure struct {
	Name, Cohort, AsOf string
	State              part.State
}

// reportGate answers GET /reports/{id}/release.
func (w *Web) reportGate(rw http.ResponseWriter, r *httpd.Request) error {
	return w.showGate(rw, r, "", nil)
}

// releaseReport answers POST /reports/{id}/release.
func (w *Web) releaseReport(rw http.ResponseWriter, r *httpd.Request) error {
	x, err := w.Outcomes.Release(r.Context(), r.Who, r.PathValue("id"), versionOf(r), typed(r, "reason"))
	if err == nil {
		return httpd.SeeOther(rw, r, "/outcomes/"+x.ID)
	}
	if !shownOnForm(err) {
		return err
	}
	return w.showGate(rw, r, "", err)
}

// overruleProblem answers POST /reports/{id}/overrule.
func (w *Web) overruleProblem(rw http.ResponseWriter, r *httpd.Request) error {
	key := typed(r, "problem")
	_, err := w.Outcomes.Overrule(r.Context(), r.Who, r.PathValue("id"), versionOf(r), key, typed(r, "reason-"+key))
	if err == nil {
		return httpd.SeeOther(rw, r, "/reports/"+r.PathValue("id")+"/release")
	}
	if !shownOnForm(err) {
		return err
	}
	return w.showGate(rw, r, key, err)
}

// versionOf is the version that the page was about: what somebody else saved meanwhile is
// not released unseen. Without one it is the newest.
func versionOf(r *httpd.Request) int {
	n, err := strconv.Atoi(typed(r, "version"))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// showGate shows the list, with a refusal of the release or, with a key, of an overruling.
func (w *Web) showGate(rw http.ResponseWriter, r *httpd.Request, key string, refusal error) error {
	id := r.PathValue("id")
	g, err := w.Outcomes.Gate(r.Context(), r.Who, id, 0)
	if err != nil && !shownOnForm(err) {
		return err
	}
	p := gatePage{Gate: g, ID: id, May: mayWhole(r.Who, access.Release), Reason: typed(r, "reason")}
	if err != nil {
		var f *fault.Fault
		if errors.As(err, &f) {
			p.Blocked = f.Message
		}
	}
	p.Page = w.desk(rw, r, "检查并发布", part.Link{Title: "年度报告", Href: "/reports"}, part.Link{Title: g.Draft.Cohort + " 届", Href: "/reports/" + id})
	names := w.namesOfAccounts(r.Context())
	for _, x := range g.Problems {
		one := gateProblem{Problem: x, Title: report.RuleTitle(x.Rule)}
		one.Reason = part.Field{Name: "reason-" + x.Key, Label: "放行理由", Max: 300, Help: "写明为什么这一处无误"}
		if x.Key == key {
			one.Reason.Value = typed(r, one.Reason.Name)
			one.Reason.Error = lineAt(refusalLines(refusal), "reason")
		}
		p.Problems = append(p.Problems, one)
	}
	for _, x := range g.Overruled {
		by, err := names.name(x.By)
		if err != nil {
			return err
		}
		p.Done = append(p.Done, gateDone{x, report.RuleTitle(x.Problem.Rule), by, minuteOf(x.Overrule.At)})
	}
	for _, s := range g.Figures {
		f := gateFigure{s.Snapshot, s.Cohort, string(s.Cut.LastDay()), part.State{Kind: "half", Word: "未发布"}}
		switch {
		case s.Snapshot == "":
			f.State = part.State{Kind: "back", Word: "还没有冻结"}
		case s.Released:
			f.State = part.State{Kind: "pass", Word: "已发布"}
		}
		p.Figures = append(p.Figures, f)
	}
	if g.Last != nil {
		p.LastDay = g.Last.At.Time().Format("2006-01-02")
	}
	for _, wrong := range refusalLines(refusal) {
		if wrong.Field == "reason" && key != "" {
			wrong.Field += "-" + key
		}
		p.Wrongs = append(p.Wrongs, wrong)
	}
	return show(rw, r, refusal, gateView(p))
}

// at is where a problem is put right: its block in the editor.
func (p *gatePage) at(x gateProblem) string {
	if x.Line == 0 {
		return "/reports/" + p.ID
	}
	return "/reports/" + p.ID + "?edit=" + strconv.Itoa(x.Line) + "#p-" + strconv.Itoa(x.Line)
}
