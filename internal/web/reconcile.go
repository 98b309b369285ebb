package web

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/intake"
	"quxiang/internal/domain/transfer"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// reconcileRoutes are the addresses of comparing with another register.
func (w *Web) reconcileRoutes() []httpd.Route {
	right, within := access.ExportPeople, httpd.Over(access.ExportPeople)
	return []httpd.Route{
		{Method: "GET", Pattern: "/reconcile", Permission: right, Scope: within, Class: httpd.Internal, Audit: httpd.NotAudited, Handle: w.reconcileForm},
		{Method: "POST", Pattern: "/reconcile", Permission: right, Scope: within, Class: httpd.Personal, Audit: "destination.reconcile", MaxBody: maxTable, Handle: w.reconcileUpload},
		{Method: "GET", Pattern: "/reconcile/{id}", Permission: right, Scope: within, Class: httpd.Personal, Audit: httpd.NotAudited, Handle: w.reconciled},
		{Method: "GET", Pattern: "/reconcile/{id}/result.xlsx", Permission: right, Scope: within, Class: httpd.Personal, Audit: httpd.NotAudited, Handle: w.reconcileSheet},
		{Method: "POST", Pattern: "/reconcile/{id}/drop", Permission: right, Scope: within, Class: httpd.Personal, Audit: "import.drop", Handle: w.reconcileDrop},
	}
}

// reconcileAddress is the page that explains and takes the file.
const reconcileAddress = "/reconcile"

// reconcileFormPage is the page of GET /reconcile.
type reconcileFormPage struct {
	part.Page
	Cohort string
	Errors map[string]string
	Wrong  []part.Wrong
	Gone   bool
}

func (w *Web) reconcileForm(rw http.ResponseWriter, r *httpd.Request) error {
	return w.showReconcile(rw, r, r.URL.Query().Get("cohort"), nil)
}

func (w *Web) showReconcile(rw http.ResponseWriter, r *httpd.Request, cohort string, wrong error) error {
	p := reconcileFormPage{Page: w.desk(rw, r, "与上级系统核对"), Cohort: cohort, Gone: r.URL.Query().Has("gone")}
	p.Errors, p.Wrong = wrongs(wrong, "file")
	return show(rw, r, wrong, reconcileFormView(p))
}

func (w *Web) reconcileUpload(rw http.ResponseWriter, r *httpd.Request) error {
	cohort := r.PostForm.Get("cohort")
	name, content := oneFile(r)
	h, err := w.Imports.Bring(r.Context(), r.Who, intake.Reconciliation, name, content, intake.Options{Cohort: cohort})
	if refused(err) {
		return w.showReconcile(rw, r, cohort, err)
	}
	if err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, reconcileAddress+"/"+h.ID)
}

// reconciledPage is the page of GET /reconcile/{id}.
type reconciledPage struct {
	part.Page
	State  intake.State
	Found  transfer.Reconciliation
	Tabs   []tab
	Kind   string // of the lines shown; blank: all
	Field  string // of the lines shown; blank: any
	Fields []string
	Lines  []transfer.Line
	Pager  part.Pager
	Alert  string
}

// address of the page with a kind, a field and a place.
func (p *reconciledPage) address(kind, field string, from int) string {
	v := url.Values{}
	if kind != "" {
		v.Set("kind", kind)
	}
	if field != "" {
		v.Set("field", field)
	}
	if from > 0 {
		v.Set("from", strconv.Itoa(from))
	}
	return reconcileAddress + "/" + p.State.ID + "?" + v.Encode()
}

// reconciled answers GET /reconcile/{id}.
func (w *Web) reconciled(rw http.ResponseWriter, r *httpd.Request) error {
	st, err := w.Imports.State(r.Context(), r.Who, r.PathValue("id"))
	if err != nil {
		return err
	}
	if st.Kind != intake.Reconciliation {
		return fault.NotFoundf("", "没有这个页面，请从“与上级系统核对”进入")
	}
	p := reconciledPage{State: st}
	p.Page = w.desk(rw, r, st.Name, part.Link{Title: "与上级系统核对", Href: reconcileAddress})
	switch {
	case st.Busy():
		rw.Header().Set("Refresh", refresh)
	case st.Compare == nil:
		p.Alert = "核对中断了，请重新上传。"
		if fault.KindOf(st.Problem) != "" {
			p.Alert = st.Problem.Error()
		}
	default:
		p.Found = *st.Compare
		v := r.URL.Query()
		p.lay(transfer.Lines(p.Found, w.Book()), v.Get("kind"), v.Get("field"), v.Get("from"))
	}
	return show(rw, r, nil, reconciledView(p))
}

// lay filters the lines and cuts the page out of them.
func (p *reconciledPage) lay(all []transfer.Line, kind, field, from string) {
	p.Kind, p.Field = kind, field
	p.Tabs = []tab{{"全部", len(all), p.address("", "", 0), kind == ""}}
	for _, k := range []string{transfer.LineDiffers, transfer.LineHere, transfer.LineThere, transfer.LineUnread} {
		n := 0
		for _, l := range all {
			if l.Kind == k {
				n++
			}
		}
		if n > 0 {
			p.Tabs = append(p.Tabs, tab{k, n, p.address(k, "", 0), kind == k})
		}
	}
	all = slices.DeleteFunc(all, func(l transfer.Line) bool { return kind != "" && l.Kind != kind })
	for _, l := range all {
		if !slices.Contains(p.Fields, l.Field) {
			p.Fields = append(p.Fields, l.Field)
		}
	}
	all = slices.DeleteFunc(all, func(l transfer.Line) bool { return field != "" && l.Field != field })
	at, _ := strconv.Atoi(from)
	at = max(0, min(at, len(all)))
	p.Lines = all[at:min(at+pageSize, len(all))]
	p.Pager = part.Pager{From: min(at+1, len(all)), To: at + len(p.Lines), Total: len(all), Unit: "条"}
	if at > 0 {
		p.Pager.First = p.address(kind, field, 0)
	}
	if p.Pager.To < len(all) {
		p.Pager.Next = p.address(kind, field, p.Pager.To)
	}
}

// lineState is the sign beside a kind of line.
func lineState(kind string) part.State {
	switch kind {
	case transfer.LineDiffers:
		return part.State{Kind: "dispute", Word: kind}
	case transfer.LineUnread:
		return part.State{Kind: "void", Word: kind}
	}
	return part.State{Kind: "half", Word: kind}
}

func (w *Web) reconcileSheet(rw http.ResponseWriter, r *httpd.Request) error {
	return sendSheet(rw, "核对结果.xlsx", func(out io.Writer) error { return w.Imports.CompareSheet(r.Context(), r.Who, r.PathValue("id"), out) })
}

func (w *Web) reconcileDrop(rw http.ResponseWriter, r *httpd.Request) error {
	if err := w.Imports.Abandon(r.Context(), r.Who, r.PathValue("id")); err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, reconcileAddress+"?gone=1")
}
