package web

import (
	"net/http"
	"strconv"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/report"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// versionsPage is the page of GET /reports/{id}/versions.
type versionsPage struct {
	part.Page
	report.Draft
	List []versionLine
}

type versionLine struct {
	report.Version
	Written, Who string
}

// versionPage is the page of GET /reports/{id}/versions/{n}: what a version changed, and its
// text.
type versionPage struct {
	part.Page
	report.Draft
	Version  versionLine
	Before   int // number of the version that it is compared with; 0: none
	Compared []comparedLine
	Others   []part.Option
	Title    string // of the version before, where it is another
	May      bool   // restore it
}

// comparedLine is one line of two texts; long runs that are the same are one line.
type comparedLine struct {
	report.Compared
	Same int // how many lines are the same here and left out; 0: this is a line
}

// Class is how the line looks.
func (c comparedLine) Class() string {
	switch {
	case c.Was == 0:
		return "rp-new"
	case c.Is == 0:
		return "rp-gone"
	}
	return ""
}

// Sign says it in a word.
func (c comparedLine) Sign() string {
	switch {
	case c.Was == 0:
		return "加"
	case c.Is == 0:
		return "删"
	}
	return ""
}

// reportVersions answers GET /reports/{id}/versions.
func (w *Web) reportVersions(rw http.ResponseWriter, r *httpd.Request) error {
	d, err := w.Workshop.Reports.Draft(r.Context(), r.Who, r.PathValue("id"))
	if err != nil {
		return err
	}
	list, err := w.Workshop.Reports.Versions(r.Context(), r.Who, d.ID)
	if err != nil {
		return err
	}
	p := versionsPage{Page: w.reportDesk(rw, r, d, "各版"), Draft: d}
	names := w.namesOfAccounts(r.Context())
	for _, v := range list {
		x, err := versionWords(names, v)
		if err != nil {
			return err
		}
		p.List = append(p.List, x)
	}
	return show(rw, r, nil, reportVersionsView(p))
}

// reportDesk is the frame of a page below a report.
func (w *Web) reportDesk(rw http.ResponseWriter, r *httpd.Request, d report.Draft, title string) part.Page {
	return w.desk(rw, r, title, part.Link{Title: "年度报告", Href: "/reports"}, part.Link{Title: d.Newest.Title, Href: reportAddress(d.ID)})
}

func versionWords(names *namesOfAccounts, v report.Version) (versionLine, error) {
	by, err := names.name(v.By)
	return versionLine{v, minuteOf(v.At), by}, err
}

// reportVersion answers GET /reports/{id}/versions/{n}: compared with the one before, or the
// one that from names.
func (w *Web) reportVersion(rw http.ResponseWriter, r *httpd.Request) error {
	number, err := wholeNumber(r.PathValue("n"))
	if err != nil {
		return err
	}
	d, v, err := w.versionOf(r.Context(), r.Who, r.PathValue("id"), number)
	if err != nil {
		return err
	}
	p := versionPage{Page: w.reportDesk(rw, r, d, "第 "+strconv.Itoa(number)+" 版"), Draft: d, Before: number - 1,
		May: mayWhole(r.Who, access.EditReports) && number != d.Newest.Number}
	if p.Version, err = versionWords(w.namesOfAccounts(r.Context()), v); err != nil {
		return err
	}
	if from := r.URL.Query().Get("from"); from != "" {
		if p.Before, err = wholeNumber(from); err != nil {
			return err
		}
	}
	var before report.Version
	if p.Before > 0 {
		if before, err = w.Workshop.Reports.Version(r.Context(), r.Who, d.ID, p.Before); err != nil {
			return err
		}
		if before.Title != v.Title {
			p.Title = before.Title
		}
	}
	for n := 1; n <= d.Newest.Number; n++ {
		if n != number {
			p.Others = append(p.Others, part.Option{Value: strconv.Itoa(n), Title: "第 " + strconv.Itoa(n) + " 版"})
		}
	}
	p.Compared = withoutRuns(report.CompareTexts(before.Text, v.Text), p.Before > 0)
	return show(rw, r, nil, reportVersionView(p))
}

// around is how many lines that are the same are shown on each side of a change.
const around = 2

// withoutRuns leaves out lines that are the same and not beside a change.
func withoutRuns(list []report.Compared, leave bool) []comparedLine {
	near := make([]bool, len(list))
	for i, l := range list {
		if l.Was > 0 && l.Is > 0 && leave {
			continue
		}
		for j := max(0, i-around); j <= min(len(list)-1, i+around); j++ {
			near[j] = true
		}
	}
	var out []comparedLine
	for i, l := range list {
		switch {
		case near[i]:
			out = append(out, comparedLine{Compared: l})
		case len(out) > 0 && out[len(out)-1].Same > 0:
			out[len(out)-1].Same++
		default:
			out = append(out, comparedLine{Same: 1})
		}
	}
	return out
}

// restoreReport answers POST /reports/{id}/versions/{n}: its text becomes the newest version.
func (w *Web) restoreReport(rw http.ResponseWriter, r *httpd.Request) error {
	id := r.PathValue("id")
	number, err := wholeNumber(r.PathValue("n"))
	if err != nil {
		return err
	}
	base, err := wholeNumber(typed(r, "base"))
	if err != nil {
		return err
	}
	if _, err := w.Workshop.Reports.Restore(r.Context(), r.Who, id, base, number); err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, reportAddress(id))
}

// textPage is the page of /reports/{id}/source: the whole text.
type textPage struct {
	part.Page
	report.Draft
	Edit   report.Edit
	May    bool
	Others []comparedLine // what others changed since the text was opened
	Wrongs []part.Wrong
}

// reportSource answers GET /reports/{id}/source.
func (w *Web) reportSource(rw http.ResponseWriter, r *httpd.Request) error {
	d, v, err := w.versionOf(r.Context(), r.Who, r.PathValue("id"), 0)
	if err != nil {
		return err
	}
	return w.showReportText(rw, r, d, report.Edit{Base: v.Number, Title: v.Title, Text: v.Text}, nil, nil)
}

func (w *Web) showReportText(rw http.ResponseWriter, r *httpd.Request, d report.Draft, e report.Edit, others []comparedLine, refusal error) error {
	p := textPage{Page: w.reportDesk(rw, r, d, "全文"), Draft: d, Edit: e, Others: others, May: mayWhole(r.Who, access.EditReports), Wrongs: refusalLines(refusal)}
	return show(rw, r, refusal, reportSourceView(p))
}

// saveReportSource answers POST /reports/{id}/source. Where somebody saved meanwhile the page shows what
// they changed beside what was typed, and saving again is saving on top of it.
func (w *Web) saveReportSource(rw http.ResponseWriter, r *httpd.Request) error {
	id := r.PathValue("id")
	base, err := wholeNumber(typed(r, "base"))
	if err != nil {
		return err
	}
	e := report.Edit{Base: base, Title: r.PostFormValue("title"), Text: r.PostFormValue("text"), Note: r.PostFormValue("note")}
	_, refusal := w.Workshop.Reports.Save(r.Context(), r.Who, id, e)
	if refusal == nil {
		return httpd.SeeOther(rw, r, reportAddress(id))
	}
	if !shownOnForm(refusal) {
		return refusal
	}
	d, v, err := w.versionOf(r.Context(), r.Who, id, 0)
	if err != nil {
		return err
	}
	var others []comparedLine
	if fault.KindOf(refusal) == fault.Conflict {
		was, err := w.Workshop.Reports.Version(r.Context(), r.Who, id, base)
		if err != nil {
			return err
		}
		others, e.Base = withoutRuns(report.CompareTexts(was.Text, v.Text), true), v.Number
	}
	return w.showReportText(rw, r, d, e, others, refusal)
}

// againstPage is the page of GET /reports/{id}/against.
type againstPage struct {
	part.Page
	report.Against
	Text []comparedLine
}

// reportAgainst answers GET /reports/{id}/against.
func (w *Web) reportAgainst(rw http.ResponseWriter, r *httpd.Request) error {
	a, err := w.Workshop.Reports.AgainstLast(r.Context(), r.Who, r.PathValue("id"))
	if err != nil {
		return err
	}
	p := againstPage{Page: w.reportDesk(rw, r, a.This, "与上一届对照"), Against: a}
	p.Text = withoutRuns(a.Text, true)
	return show(rw, r, nil, reportAgainstView(p))
}
