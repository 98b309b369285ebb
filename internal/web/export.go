package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/disclosure"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// ExportAsk says what is exported.
type ExportAsk struct {
	Kind    string   // roster or destinations
	Cohorts []string // none: all
	AsOf    calendar.When
	Layout  string // moe-39, moe-74, or blank for all our columns
	Purpose string // what it is for
}

// Exports writes tables of people, with sensitive cells blank, within the actor's
// scope; each is written down with its purpose.
type Exports interface {
	// ExportPeople writes a table; with more people than one may take alone it is
	// refused as fault.Conflict, field "alone".
	ExportPeople(ctx context.Context, who access.Actor, ask ExportAsk, w io.Writer) error
	// ExportList writes a list as a page shows it, under the same rule.
	ExportList(ctx context.Context, who access.Actor, l ListFile, w io.Writer) error
}

// ListFile is a list of people to take along.
type ListFile struct {
	Title   string
	Header  []string
	Rows    [][]string
	People  []string // ids of who is in it
	List    string   // which list, as its address says
	Purpose string
}

// exportRoutes are the addresses of files out.
func (w *Web) exportRoutes() []httpd.Route {
	right, within := access.ExportPeople, httpd.Over(access.ExportPeople)
	return []httpd.Route{
		{Method: "GET", Pattern: "/export", Permission: right, Scope: within, Class: httpd.Internal, Audit: httpd.NotAudited, Handle: w.exportForm},
		{Method: "POST", Pattern: "/export", Permission: right, Scope: within, Class: httpd.Personal, Audit: "roster.export", Handle: w.export, Fresh: true},
	}
}

// exportPage is the page of GET /export.
type exportPage struct {
	part.Page
	Kind, Cohort, AsOf, Layout, Purpose string
	Cohorts                             []part.Option
	Errors                              map[string]string
	Wrong                               []part.Wrong
	School                              bool // the account sees the whole school
	TooMany                             bool // for one person alone
}

// longestPurpose is how long a purpose is at most, in characters.
const longestPurpose = 100

var exportKinds = []part.Option{
	{Value: "roster", Title: "生源名单", Help: "每人一行：学号、姓名、学历、院系、专业、班级等。"},
	{Value: "destinations", Title: "毕业去向", Help: "每人一行：截至所选时点在办的去向；没有登记的，去向各栏为空。"},
}

var exportLayouts = []part.Option{
	{Value: "all", Title: "本系统的全部列", Help: "再导入回来不产生任何变化。"},
	{Value: exchange.MOE39, Title: "39 列", Help: "就业方案的样式（2024 届）。"},
	{Value: exchange.MOE74, Title: "74 列", Help: "原全国系统的样式。"},
}

// exportForm answers GET /export.
func (w *Web) exportForm(rw http.ResponseWriter, r *httpd.Request) error {
	v := r.URL.Query()
	return w.showExport(rw, r, exportPage{Kind: v.Get("kind"), Cohort: v.Get("cohort"), AsOf: v.Get("as_of"), Layout: v.Get("layout")}, nil)
}

func (w *Web) showExport(rw http.ResponseWriter, r *httpd.Request, p exportPage, wrong error) error {
	cohorts, err := w.Figures.Cohorts(r.Context())
	if err != nil {
		return err
	}
	p.Page = w.desk(rw, r, "导出")
	p.School = r.Within.School
	for _, c := range slices.Backward(cohorts) {
		p.Cohorts = append(p.Cohorts, part.Option{Value: c, Title: c + " 届"})
	}
	p.Cohorts = append(p.Cohorts, part.Option{Value: "all", Title: "全部各届"})
	if p.Cohort == "" && len(cohorts) > 0 {
		p.Cohort = usualCohort(cohorts, w.Now())
	}
	if p.Kind == "" {
		p.Kind = exportKinds[0].Value
	}
	if p.Layout == "" {
		p.Layout = exportLayouts[0].Value
	}
	p.Errors, p.Wrong = wrongs(wrong, "purpose")
	var f *fault.Fault
	if p.TooMany = errors.As(wrong, &f) && f.Field == "alone" && w.Disclosures != nil; p.TooMany {
		p.Errors, p.Wrong = nil, nil
	}
	return show(rw, r, wrong, exportView(p))
}

// export answers POST /export with a file.
func (w *Web) export(rw http.ResponseWriter, r *httpd.Request) error {
	f := r.PostForm
	p := exportPage{Kind: f.Get("kind"), Cohort: f.Get("cohort"), AsOf: f.Get("as_of"), Layout: f.Get("layout"), Purpose: strings.TrimSpace(f.Get("purpose"))}
	ask, err := p.ask()
	if err == nil {
		err = sendSheet(rw, exportName(p), func(out io.Writer) error { return w.Exports.ExportPeople(r.Context(), r.Who, ask, out) })
	}
	if refused(err) {
		return w.showExport(rw, r, p, err)
	}
	return err
}

// ask reads the form. Error: fault.Invalid, naming the field.
func (p exportPage) ask() (ExportAsk, error) {
	ask := ExportAsk{Kind: p.Kind, Layout: p.Layout, Purpose: p.Purpose}
	if err := disclosure.CheckPurpose(p.Purpose); err != nil {
		return ask, err
	}
	if !slices.ContainsFunc(exportKinds, func(o part.Option) bool { return o.Value == p.Kind }) {
		return ask, fault.Invalidf("kind", "请选导出生源名单还是毕业去向")
	}
	if p.Cohort != "all" {
		list, err := calendar.ParseCohorts(p.Cohort)
		if err != nil {
			return ask, fault.Invalidf("cohort", "届别“%s”读不出来，请从列表里选", p.Cohort)
		}
		ask.Cohorts = list
	}
	if ask.Layout == "all" {
		ask.Layout = ""
	}
	if p.AsOf != "" && p.Kind == "destinations" {
		var err error
		if ask.AsOf, err = calendar.ParseWhen(p.AsOf); err != nil {
			return ask, fault.Invalidf("as_of", "时点“%s”读不出来，请写成 2024-08-31", p.AsOf)
		}
	}
	return ask, nil
}

// exportName is the file's name: what, whose, as of when.
func exportName(p exportPage) string {
	name := map[string]string{"roster": "生源名单", "destinations": "毕业去向"}[p.Kind]
	if p.Cohort != "all" {
		name = p.Cohort + "届" + name
	}
	if p.AsOf != "" && p.Kind == "destinations" {
		name += "_截至" + p.AsOf
	}
	return name + ".xlsx"
}
