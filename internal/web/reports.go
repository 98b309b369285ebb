package web

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/report"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// Workshop is what the pages stand on where annual reports are written. Every field is
// needed.
type Workshop struct {
	Reports *report.Service
	// Draw draws a chart as SVG, which says in words what it shows.
	Draw func(f *report.Figure) string
	// Print prints a report; the name's ending says in which form.
	Print func(w io.Writer, name string, d report.Document) error
	// Endings are the forms there are, such as .docx.
	Endings []string
}

// workshopRoutes are the addresses of the annual reports.
func (w *Web) workshopRoutes() []httpd.Route {
	reads, edits, none := access.ReadReports, access.EditReports, httpd.NotAudited
	var list []httpd.Route
	for _, t := range []httpd.Route{
		{Method: "GET", Pattern: "/reports", Permission: reads, Audit: none, Handle: w.reports},
		{Method: "POST", Pattern: "/reports", Permission: edits, Audit: "report.begin", Handle: w.beginReport},
		{Method: "GET", Pattern: "/reports/{id}", Permission: reads, Audit: none, Handle: w.report},
		{Method: "POST", Pattern: "/reports/{id}", Permission: edits, Audit: "report.save", Handle: w.changeReport},
		{Method: "POST", Pattern: "/reports/{id}/preview", Permission: edits, Audit: "report.preview", Handle: w.previewReport},
		{Method: "GET", Pattern: "/reports/{id}/source", Permission: reads, Audit: none, Handle: w.reportSource},
		{Method: "POST", Pattern: "/reports/{id}/source", Permission: edits, Audit: "report.save", MaxBody: 2 << 20, Handle: w.saveReportSource},
		{Method: "POST", Pattern: "/reports/{id}/ground", Permission: edits, Audit: "report.ground", Handle: w.groundReport},
		{Method: "POST", Pattern: "/reports/{id}/next", Permission: edits, Audit: "report.begin", Handle: w.nextReport},
		{Method: "GET", Pattern: "/reports/{id}/against", Permission: reads, Audit: none, Handle: w.reportAgainst},
		{Method: "GET", Pattern: "/reports/{id}/versions", Permission: reads, Audit: none, Handle: w.reportVersions},
		{Method: "GET", Pattern: "/reports/{id}/versions/{n}", Permission: reads, Audit: none, Handle: w.reportVersion},
		{Method: "POST", Pattern: "/reports/{id}/versions/{n}", Permission: edits, Audit: "report.save", Handle: w.restoreReport},
		{Method: "GET", Pattern: "/reports/{id}/file/{ending}", Permission: reads, Audit: "report.print", Handle: w.printReport},
	} {
		t.Scope, t.Class = httpd.Over(t.Permission), httpd.Internal
		list = append(list, t)
	}
	return list
}

// reportsPage is the page of /reports.
type reportsPage struct {
	part.Page
	List      []reportLine
	May       bool
	Form      beginForm
	Cohorts   []part.Option
	Templates []part.Option
	Snapshots []part.Option
	Wrongs    []part.Wrong
}

// beginForm is what the form says that begins a report.
type beginForm struct{ Cohort, Template, Snapshot, AsOf, Title string }

// reportLine is one report of the list.
type reportLine struct {
	Href, Cohort, Title, Ground, At, By string
	Version                             int
}

// reports answers GET /reports.
func (w *Web) reports(rw http.ResponseWriter, r *httpd.Request) error {
	cohorts, err := w.Figures.Cohorts(r.Context())
	if err != nil {
		return err
	}
	f := beginForm{Cohort: r.URL.Query().Get("cohort"), AsOf: "08-31"}
	if f.Cohort == "" && len(cohorts) > 0 {
		f.Cohort = usualCohort(cohorts, w.Now())
	}
	if day := usualDay(f.Cohort, w.Now()); day == "" {
		f.AsOf = string(calendar.DayOf(w.Now()))
	}
	return w.showReports(rw, r, f, nil)
}

// beginReport answers POST /reports.
func (w *Web) beginReport(rw http.ResponseWriter, r *httpd.Request) error {
	f := beginForm{typed(r, "cohort"), typed(r, "template"), typed(r, "snapshot"), typed(r, "as_of"), typed(r, "title")}
	b := report.Beginning{Cohort: f.Cohort, Template: f.Template, Snapshot: f.Snapshot, Title: f.Title}
	var err error
	if f.Snapshot == "" {
		b.AsOf, err = parseMoment(f.AsOf)
	}
	var d report.Draft
	if err == nil {
		d, err = w.Workshop.Reports.Begin(r.Context(), r.Who, b)
	}
	if shownOnForm(err) {
		return w.showReports(rw, r, f, err)
	}
	if err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, reportAddress(d.ID))
}

func (w *Web) showReports(rw http.ResponseWriter, r *httpd.Request, f beginForm, refusal error) error {
	all, err := w.Workshop.Reports.Drafts(r.Context(), r.Who)
	if err != nil {
		return err
	}
	cohorts, err := w.Figures.Cohorts(r.Context())
	if err != nil {
		return err
	}
	p := reportsPage{Page: w.desk(rw, r, "年度报告"), Form: f, May: mayWhole(r.Who, access.EditReports), Wrongs: renamed(refusalLines(refusal), "when", "as_of")}
	for _, c := range slices.Backward(cohorts) {
		p.Cohorts = append(p.Cohorts, part.Option{Value: c, Title: c + " 届"})
	}
	for _, t := range report.Templates() {
		p.Templates = append(p.Templates, part.Option{Value: t.ID, Title: t.Title})
	}
	if p.Form.Template == "" {
		p.Form.Template = p.Templates[0].Value
	}
	if p.Snapshots, err = w.snapshotChoices(r, ""); err != nil {
		return err
	}
	names := w.namesOfAccounts(r.Context())
	for _, d := range all {
		by, err := names.name(d.Newest.By)
		if err != nil {
			return err
		}
		p.List = append(p.List, reportLine{reportAddress(d.ID), d.Cohort, d.Newest.Title, groundWords(d.Ground), minuteOf(d.Newest.At), by, d.Newest.Number})
	}
	return show(rw, r, refusal, reportsView(p))
}

// snapshotChoices are the snapshots of a cohort, the newest first; of all for a blank one.
func (w *Web) snapshotChoices(r *httpd.Request, cohort string) ([]part.Option, error) {
	all, err := w.Office.Releases.List(r.Context(), r.Who)
	var out []part.Option
	for _, s := range slices.Backward(all) {
		if cohort != "" && s.Cohort != cohort {
			continue
		}
		title := fmt.Sprintf("%s · 截至 %s", s.Name, moment(s.Cut.True))
		if s.Release != nil {
			title += " · 已发布"
		}
		out = append(out, part.Option{Value: s.Name, Title: title, Group: s.Cohort + " 届"})
	}
	slices.SortStableFunc(out, func(a, b part.Option) int { return -compareText(a.Group, b.Group) })
	return out, err
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// groundWords say what a report is counted from.
func groundWords(g report.Ground) string {
	if g.Snapshot != "" {
		return "快照 " + g.Snapshot
	}
	return "截至 " + string(g.LastDay())
}

// reportAddress is the address of a report, with parameters in pairs.
func reportAddress(id string, more ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	to := "/reports/" + id
	if len(q) > 0 {
		to += "?" + q.Encode()
	}
	return to
}

// nextReport answers POST /reports/{id}/next.
func (w *Web) nextReport(rw http.ResponseWriter, r *httpd.Request) error {
	d, err := w.Workshop.Reports.Next(r.Context(), r.Who, r.PathValue("id"))
	if err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, reportAddress(d.ID))
}

// groundReport answers POST /reports/{id}/ground.
func (w *Web) groundReport(rw http.ResponseWriter, r *httpd.Request) error {
	id, snapshot := r.PathValue("id"), typed(r, "snapshot")
	var asOf calendar.When
	var err error
	if snapshot == "" {
		asOf, err = parseMoment(typed(r, "as_of"))
	}
	if err == nil {
		err = w.Workshop.Reports.Base(r.Context(), r.Who, id, snapshot, asOf)
	}
	if shownOnForm(err) {
		return w.showReport(rw, r, reportAsk{wrongs: renamed(refusalLines(err), "when", "as_of")}, err)
	}
	if err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, reportAddress(id))
}

// printReport answers GET /reports/{id}/file/{ending}: the newest version, or the one that v names.
func (w *Web) printReport(rw http.ResponseWriter, r *httpd.Request) error {
	ending := "." + r.PathValue("ending")
	if !slices.Contains(w.Workshop.Endings, ending) {
		return fault.NotFoundf("", "报告没有这种文件")
	}
	number, err := wholeNumber(r.URL.Query().Get("v"))
	if err != nil {
		return err
	}
	d, err := w.Workshop.Reports.Print(r.Context(), r.Who, r.PathValue("id"), number)
	if err != nil {
		return err
	}
	return sendReport(rw, d.Title+ending, func() ([]byte, error) {
		var b buffer
		err := w.Workshop.Print(&b, ending, d)
		return b, err
	})
}

// buffer is what was written.
type buffer []byte

// Write implements io.Writer.
func (b *buffer) Write(p []byte) (int, error) {
	*b = append(*b, p...)
	return len(p), nil
}

// wholeNumber reads a number of a version; blank is 0. Error: fault.NotFound.
func wholeNumber(s string) (int, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		return 0, fault.NotFoundf("version", "没有第“%s”版", s)
	}
	return n, nil
}

// versionOf is the version that the page is about, with its draft.
func (w *Web) versionOf(ctx context.Context, who access.Actor, id string, number int) (report.Draft, report.Version, error) {
	d, err := w.Workshop.Reports.Draft(ctx, who, id)
	if err != nil {
		return d, report.Version{}, err
	}
	v, err := w.Workshop.Reports.Version(ctx, who, id, number)
	return d, v, err
}
