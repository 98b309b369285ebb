package web

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/report"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// Outcomes are the annual reports that left the house, for everybody, and the gate that
// they leave by.
type Outcomes interface {
	Released(ctx context.Context) ([]report.Release, error)
	ReleasedFile(ctx context.Context, id, ending string) ([]byte, error)
	Gate(ctx context.Context, who access.Actor, id string, number int) (report.Gate, error)
	Overrule(ctx context.Context, who access.Actor, id string, number int, key, reason string) (report.Overrule, error)
	Release(ctx context.Context, who access.Actor, id string, number int, reason string) (report.Release, error)
}

// outcomeRoutes are the public addresses of released reports, and those where they are released.
func (w *Web) outcomeRoutes() []httpd.Route {
	list := []httpd.Route{
		{Pattern: "/outcomes", Handle: w.outcomes},
		{Pattern: "/outcomes/check", Handle: w.checkOutcome},
		{Pattern: "/outcomes/{id}", Handle: w.outcome},
		{Pattern: "/outcomes/{id}/{file}", Handle: w.outcomeFile},
	}
	for i := range list {
		r := &list[i]
		r.Method, r.Permission, r.Scope, r.Class, r.Audit = "GET", httpd.Anyone, httpd.Nobody, httpd.Public, httpd.NotAudited
	}
	return append(list, w.gateRoutes()...)
}

// outcomesPage is the page of GET /outcomes.
type outcomesPage struct {
	part.Page
	Cohorts []outcomeCohort
}

// outcomeCohort is a cohort's report as it stands, with those that it corrects.
type outcomeCohort struct {
	outcomeRow
	Before []outcomeRow
}

// outcomeRow is one release as people read it.
type outcomeRow struct {
	report.Release
	Day   string
	Files []outcomeForm
}

// outcomeForm is one file of a release.
type outcomeForm struct{ Title, Href, Size, SHA256 string }

// formTitles are what people call the forms, in the order of the list.
var formTitles = []struct{ ending, title string }{{".pdf", "PDF"}, {".docx", "Word 文档"}, {".xlsx", "数据附表（Excel）"}, {".html", "网页文件"}}

// outcomes answers GET /outcomes.
func (w *Web) outcomes(rw http.ResponseWriter, r *httpd.Request) error {
	list, err := w.Outcomes.Released(r.Context())
	if err != nil {
		return err
	}
	p := outcomesPage{Page: w.homeFrame(rw, r, "就业质量年度报告")}
	for _, x := range list {
		row := outcomeOf(x)
		if n := len(p.Cohorts); n > 0 && p.Cohorts[n-1].Cohort == x.Cohort {
			p.Cohorts[n-1].Before = append(p.Cohorts[n-1].Before, row)
			continue
		}
		p.Cohorts = append(p.Cohorts, outcomeCohort{outcomeRow: row})
	}
	return show(rw, r, nil, outcomesView(p))
}

func outcomeOf(x report.Release) outcomeRow {
	out := outcomeRow{Release: x, Day: x.At.Time().Format("2006-01-02")}
	for _, t := range formTitles {
		for _, f := range x.Forms {
			if f.Ending == t.ending {
				out.Files = append(out.Files, outcomeForm{t.title, "/outcomes/" + x.ID + "/report" + f.Ending, sizeOf(f.Size), f.SHA256})
			}
		}
	}
	return out
}

func sizeOf(bytes int) string {
	if bytes < 1<<20 {
		return fmt.Sprintf("%d KB", max(bytes>>10, 1))
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20))
}

// released finds a release by the id of the address, with the newest of its cohort. What is
// not released is not there. Error: fault.NotFound.
func (w *Web) released(r *httpd.Request) (x, newest report.Release, err error) {
	list, err := w.Outcomes.Released(r.Context())
	if err != nil {
		return x, newest, err
	}
	for _, one := range list {
		if one.Cohort != newest.Cohort {
			newest = one
		}
		if one.ID == r.PathValue("id") {
			return one, newest, nil
		}
	}
	return x, newest, fault.NotFoundf("report", "没有这份已发布的报告，请从报告列表里选")
}

// outcomePage is the page of GET /outcomes/{id}.
type outcomePage struct {
	part.Page
	Row    outcomeRow
	Newest string // id of the release that corrects it; blank: it stands
	Body   string // the report as it was released, marked up
}

// outcome answers GET /outcomes/{id}: the page that was released, in the school's frame.
func (w *Web) outcome(rw http.ResponseWriter, r *httpd.Request) error {
	x, newest, err := w.released(r)
	if err != nil {
		return err
	}
	page, err := w.Outcomes.ReleasedFile(r.Context(), x.ID, ".html")
	if err != nil {
		return err
	}
	p := outcomePage{Page: w.homeFrame(rw, r, x.Title), Row: outcomeOf(x), Body: bodyOf(page)}
	if newest.ID != x.ID {
		p.Newest = newest.ID
	}
	return show(rw, r, nil, outcomeView(p))
}

// bodyOf is what stands between the cover and the foot of a report's own page: contents and
// text, without the page's frame and looks, since the school's have their own. Blank of a
// page that is made otherwise.
func bodyOf(page []byte) string {
	from, to := bytes.Index(page, []byte("<nav ")), bytes.LastIndex(page, []byte("</main>"))
	if from < 0 || to < from {
		return ""
	}
	body := string(page[from:to])
	opens := strings.Index(body, "<main")
	if opens < 0 || strings.Contains(body, "<script") || strings.Contains(body, "<style") {
		return ""
	}
	closes := strings.Index(body[opens:], ">")
	return body[:opens] + body[opens+closes+1:]
}

// outcomeFile answers GET /outcomes/{id}/{file}: a form, byte for byte as it was released.
func (w *Web) outcomeFile(rw http.ResponseWriter, r *httpd.Request) error {
	x, _, err := w.released(r)
	if err != nil {
		return err
	}
	ending := path.Ext(r.PathValue("file"))
	if r.PathValue("file") != "report"+ending {
		return fault.NotFoundf("report", "没有这份已发布的报告，请从报告列表里选")
	}
	body, err := w.Outcomes.ReleasedFile(r.Context(), x.ID, ending)
	if err != nil {
		return err
	}
	h := rw.Header()
	h.Set("Content-Type", outcomeMedia[ending])
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(x.Title+ending))
	_, _ = rw.Write(body) // the client may have gone: nothing to be done
	return nil
}

// outcomeMedia are the media types of released files.
var outcomeMedia = map[string]string{
	".pdf": "application/pdf", ".docx": reportMedia[".docx"], ".xlsx": reportMedia[".xlsx"], ".html": reportMedia[".html"],
}

// codePage is the page of GET /outcomes/check.
type codePage struct {
	part.Page
	Typed  string
	Wrongs []part.Wrong
	Found  *outcomeRow // released under the code
	Newest string      // id of the release that corrects it
	Asked  bool
}

// checkOutcome answers GET /outcomes/check: which released report a code is of.
func (w *Web) checkOutcome(rw http.ResponseWriter, r *httpd.Request) error {
	p := codePage{Page: w.homeFrame(rw, r, "核对校验码"), Typed: strings.TrimSpace(r.URL.Query().Get("code"))}
	if len(p.Typed) > 60 {
		p.Typed = ""
	}
	code := report.PlainCode(p.Typed)
	if p.Asked = r.URL.Query().Has("code"); !p.Asked {
		return show(rw, r, nil, codeView(p))
	}
	if code == "" {
		refusal := fault.Invalidf("code", "校验码是 16 位字母和数字，印在报告每页的页脚，例如 ABCD-EFGH-2345-IJKL")
		p.Wrongs = refusalLines(refusal)
		return show(rw, r, refusal, codeView(p))
	}
	list, err := w.Outcomes.Released(r.Context())
	if err != nil {
		return err
	}
	newest := report.Release{}
	for _, x := range list {
		if x.Cohort != newest.Cohort {
			newest = x
		}
		if x.Code == code {
			row := outcomeOf(x)
			p.Found = &row
			if newest.ID != x.ID {
				p.Newest = newest.ID
			}
		}
	}
	p.Typed = code
	return show(rw, r, nil, codeView(p))
}
