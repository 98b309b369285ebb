package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/external"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// externalRoutes are the addresses of the ledger of external figures.
func (w *Web) externalRoutes() []httpd.Route {
	if w.External == nil {
		return nil
	}
	get := func(pattern string, p access.Permission, do func(http.ResponseWriter, *httpd.Request) error) httpd.Route {
		return httpd.Route{Method: "GET", Pattern: pattern, Permission: p, Scope: httpd.Nobody, Class: httpd.Internal, Audit: httpd.NotAudited, Handle: do}
	}
	post := func(pattern, audit string, do func(http.ResponseWriter, *httpd.Request) error) httpd.Route {
		return httpd.Route{Method: "POST", Pattern: pattern, Permission: access.EditReports, Scope: httpd.Nobody, Class: httpd.Internal, Audit: audit, Handle: do}
	}
	const one = externalAddress + "/{cohort}/{key}"
	return []httpd.Route{
		get(externalAddress, access.ReadReports, w.externals),
		get(externalAddress+"/new", access.EditReports, w.newExternal),
		post(externalAddress, "external.enter", w.enterExternal),
		get(one, access.ReadReports, w.externalFigure),
		get(one+"/change", access.EditReports, w.changeExternal),
		post(one+"/change", "external.enter", w.enterExternal),
		post(one+"/check", "external.check", w.checkExternal),
		get(one+"/withdraw", access.EditReports, w.externalEnding(ledgerWithdraw)),
		post(one+"/withdraw", "external.withdraw", w.endExternal(ledgerWithdraw)),
		get(one+"/replace", access.EditReports, w.externalEnding(ledgerReplace)),
		post(one+"/replace", "external.replace", w.endExternal(ledgerReplace)),
	}
}

const externalAddress = "/external-figures"

func figureAddress(cohort, key string) string { return externalAddress + "/" + cohort + "/" + key }

// externalsPage is the page of GET /external-figures.
type externalsPage struct {
	part.Page
	Cohort  string
	Cohorts []choice
	List    []external.Figure
	Waiting int // for a check
	May     bool
	Import  string // address of the import; blank: not for the actor
}

func externalState(s external.State) part.State {
	kind := map[external.State]string{external.Entered: "wait", external.Checked: "pass", external.Withdrawn: "void", external.Replaced: "old"}[s]
	return part.State{Kind: kind, Word: external.Title(s)}
}

// externals answers GET /external-figures.
func (w *Web) externals(rw http.ResponseWriter, r *httpd.Request) error {
	l, err := w.External.Ledger(r.Context(), r.Who)
	if err != nil {
		return err
	}
	p := externalsPage{Page: w.desk(rw, r, "外部数据"), Cohort: r.URL.Query().Get("cohort"), May: mayWhole(r.Who, access.EditReports)}
	var years []string
	for _, f := range l.Figures("") {
		if !slices.Contains(years, f.Cohort) {
			years = append(years, f.Cohort)
		}
	}
	if p.Cohort == "" && len(years) > 0 {
		p.Cohort = years[0]
	}
	for _, y := range years {
		p.Cohorts = append(p.Cohorts, choice{Title: y + " 届", Href: externalAddress + "?cohort=" + y, Current: y == p.Cohort})
	}
	if p.Cohort != "" {
		p.List = l.Figures(p.Cohort)
	}
	for i := range p.List {
		if p.List[i].State == external.Entered {
			p.Waiting++
		}
	}
	if route, ok := w.gets["/import/{kind}"]; ok && p.May && r.Who.May(route.Permission) == nil {
		p.Import = "/import/" + external.Kind
	}
	return show(rw, r, nil, externalsView(p))
}

// externalForm is the page on which a figure is entered or changed.
type externalForm struct {
	part.Page
	external.Entering
	Action    string
	Fresh     string // title of a document that nobody entered yet
	Documents []part.Option
	Wrongs    []part.Wrong
}

// at is what is wrong with a field. A title is wrong where it was typed.
func (p *externalForm) at(field string) string {
	if p.Fresh != "" {
		switch field {
		case "source":
			return ""
		case "new_source":
			field = "source"
		}
	}
	return lineAt(p.Wrongs, field)
}

// newExternal answers GET /external-figures/new.
func (w *Web) newExternal(rw http.ResponseWriter, r *httpd.Request) error {
	return w.showExternalForm(rw, r, externalForm{Entering: external.Entering{Cohort: r.URL.Query().Get("cohort")}}, nil)
}

// changeExternal answers GET /external-figures/{cohort}/{key}/change.
func (w *Web) changeExternal(rw http.ResponseWriter, r *httpd.Request) error {
	list, err := w.External.Find(r.Context(), r.Who, r.PathValue("cohort"), r.PathValue("key"))
	if err != nil {
		return err
	}
	f := list[0]
	return w.showExternalForm(rw, r, externalForm{Entering: external.Entering{Cohort: f.Cohort, Key: f.Key, Content: f.Content, Since: f.Version}}, nil)
}

func (w *Web) showExternalForm(rw http.ResponseWriter, r *httpd.Request, p externalForm, refusal error) error {
	l, err := w.External.Ledger(r.Context(), r.Who)
	if err != nil {
		return err
	}
	for _, s := range l.Sources() {
		p.Documents = append(p.Documents, part.Option{Value: s.Title, Title: "《" + s.Title + "》" + s.Issuer + "，" + external.DateWords(s.Dated)})
	}
	title, crumbs := "录入外部数据", []part.Link{{Title: "外部数据", Href: externalAddress}}
	p.Action, p.Wrongs = externalAddress, refusalLines(refusal)
	if p.Since > 0 {
		title, crumbs = "修改", append(crumbs, part.Link{Title: cmp.Or(p.Content.Title, p.Key), Href: figureAddress(p.Cohort, p.Key)})
		p.Action = figureAddress(p.Cohort, p.Key) + "/change"
	}
	p.Page = w.desk(rw, r, title, crumbs...)
	return show(rw, r, refusal, externalFormView(p))
}

// enterExternal answers POST /external-figures and POST …/change.
func (w *Web) enterExternal(rw http.ResponseWriter, r *httpd.Request) error {
	p := externalForm{Fresh: typed(r, "new_source")}
	p.Entering = external.Entering{Cohort: cmp.Or(r.PathValue("cohort"), typed(r, "cohort")), Key: cmp.Or(r.PathValue("key"), typed(r, "key")), Content: external.Content{
		Title: typed(r, "title"), Value: typed(r, "value"), Unit: typed(r, "unit"), K: typed(r, "k"), N: typed(r, "n"), Subject: typed(r, "subject"), Source: typed(r, "source"),
		Issuer: typed(r, "issuer"), Page: typed(r, "page"), Dated: typed(r, "dated"), Method: typed(r, "method"), Replies: typed(r, "replies")}}
	if r.PathValue("key") != "" {
		p.Since, _ = strconv.Atoi(typed(r, "since")) // else it is of no version that there is
		p.Since = max(p.Since, 1)
	}
	asked := p.Entering
	if p.Fresh != "" {
		asked.Source, asked.NewSource = p.Fresh, true
	} else if err := w.asDocument(r, &asked); err != nil {
		return err
	}
	f, err := w.External.Enter(r.Context(), r.Who, asked)
	if err == nil {
		return httpd.SeeOther(rw, r, figureAddress(f.Cohort, f.Key))
	}
	if !shownOnForm(err) {
		return err
	}
	return w.showExternalForm(rw, r, p, err)
}

// asDocument takes issuer and day from the document that was chosen, where none is typed or
// those that stand there are of the document before.
func (w *Web) asDocument(r *httpd.Request, e *external.Entering) error {
	l, err := w.External.Ledger(r.Context(), r.Who)
	if err != nil {
		return err
	}
	was, changed := l.Find(e.Cohort, e.Key)
	for _, s := range l.Sources() {
		if s.Title != e.Source {
			continue
		}
		if changed && was.Source != e.Source && was.Issuer == e.Issuer && was.Dated == e.Dated {
			e.Issuer, e.Dated = s.Issuer, s.Dated
		} else {
			e.Issuer, e.Dated = cmp.Or(e.Issuer, s.Issuer), cmp.Or(e.Dated, s.Dated)
		}
	}
	return nil
}
