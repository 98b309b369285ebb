package web

import (
	"net/http"
	"net/url"
	"slices"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/destination/scrutiny"
	"quxiang/internal/domain/employer"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// maxForm is how many bytes a form with photos may have.
const maxForm = 48 << 20

// registration is one form being filled in: by the graduate, or by staff for one.
type registration struct {
	graduate string
	staff    bool
	base     string // address of its pages
	about    string // change that is submitted again, or case that is amended
	rec      destination.Record
	act      history.Act
}

// registration reads what a form stands on. Error: fault.NotFound for a change or
// case that is not there, fault.Conflict while another change is under way.
func (w *Web) registration(r *httpd.Request) (*registration, error) {
	g := &registration{graduate: r.PathValue("id"), base: "/mine/register", about: r.FormValue("about"), act: history.Open}
	if g.graduate != "" {
		g.staff, g.base = true, "/graduates/"+g.graduate+"/propose"
	} else if g.graduate = r.Account.Graduate; g.graduate == "" {
		return nil, errNoGraduate
	}
	var err error
	if g.rec, err = w.Destinations.Record(r.Context(), r.Who, g.graduate); err != nil {
		return nil, err
	}
	return g, g.begin()
}

var errNoGraduate = fault.NotFoundf("", "这个账号没有对应的毕业生，请联系就业中心")

// begin finds what the form is about.
func (g *registration) begin() error {
	u := g.rec.Fold.UnderWay()
	if g.about == "" || g.staff {
		if u == nil || g.staff && u.Last == history.Proposed && u.Act == history.Open {
			return nil
		}
		return fault.Conflictf("change", "%s", busyWords(u, g.staff))
	}
	if c := g.rec.Fold.Change(g.about); c != nil {
		g.act = c.Act
		if c.Last == history.Returned || c.Last == history.Proposed {
			return nil
		}
		return fault.Conflictf("change", "%s", busyWords(c, g.staff))
	}
	if k := g.rec.Fold.Case(g.about); k == nil || !k.Standing().Opened || k.Standing().Voided {
		return fault.NotFoundf("case", "没有找到这条去向，请回到我的去向再看")
	}
	if g.act = history.Amend; u != nil {
		return fault.Conflictf("change", "%s", busyWords(u, g.staff))
	}
	return nil
}

func busyWords(u *history.Change, staff bool) string {
	switch {
	case staff:
		return "这位毕业生已有一项申请正在办理，现在不能代填"
	case u.Last == history.Proposed:
		return "老师代你填了一份，请先在“我的去向”里看一看：是你的就提交，不是就退回"
	case u.Last == history.Returned:
		return "你有一份登记被退回，请在“我的去向”里改好再提交；不要了，可以先撤回"
	case !u.UnderWay():
		return "这份登记已经办完了，请回到“我的去向”看结果"
	}
	return "你已经交了一份登记，老师正在看。要改，请先在“我的去向”里撤回"
}

// kase is the case that the form is about; blank for a new one.
func (g *registration) kase() string {
	if c := g.rec.Fold.Change(g.about); c != nil {
		return c.Case
	}
	return g.about
}

// before is what stood before: what was returned or proposed, or the case as it is.
func (g *registration) before() history.Content {
	if g.rec.Fold.Change(g.about) != nil {
		c, _ := g.rec.Given(g.about)
		return c
	}
	if k := g.rec.Fold.Case(g.about); k != nil {
		return k.Standing().Content
	}
	if u := g.rec.Fold.UnderWay(); g.staff && u != nil {
		c, _ := g.rec.Given(u.ID)
		return c
	}
	return history.Content{}
}

// saved is the draft as it was left, else what stood before.
func (g *registration) saved() destination.SavedDraft {
	if d, ok := g.rec.Draft(g.about); ok {
		if d.Values == nil {
			d.Values = map[string]string{}
		}
		return d
	}
	c := g.before()
	return destination.SavedDraft{Graduate: g.graduate, About: g.about, Code: c.Code, Values: typedFrom(c)}
}

// address is a page of the form, with what it is about.
func (g *registration) address(page string) string {
	if g.about == "" {
		return g.base + page
	}
	return g.base + page + "?about=" + url.QueryEscape(g.about)
}

// choosePage is the first step: which category.
type choosePage struct {
	part.Page
	registration *registration
	Name         string
	Groups       []categoryGroup
	Chosen       string
	Wrong        string
	Done         bool // staff: it was proposed
}

// chooseForm answers GET /mine/register and GET /graduates/{id}/propose.
func (w *Web) chooseForm(rw http.ResponseWriter, r *httpd.Request) error {
	g, err := w.registration(r)
	if fault.KindOf(err) == fault.Conflict && r.PathValue("id") == "" {
		return httpd.SeeOther(rw, r, "/mine") // the back button after the receipt: how it stands, no second form
	}
	if err != nil {
		return err
	}
	return show(rw, r, nil, chooseView(w.choosePage(rw, r, g, g.saved().Code)))
}

func (w *Web) choosePage(rw http.ResponseWriter, r *httpd.Request, g *registration, chosen string) choosePage {
	return choosePage{Page: w.registerFrame(rw, r, g, "/mine"), registration: g, Name: g.rec.Person.Name, Chosen: chosen,
		Groups: categoriesFor(w.Book(), g.rec.Cohort(), g.rec.Person.Attrs.Value(history.Level), chosen), Done: g.staff && r.URL.Query().Get("done") == "1"}
}

// registerFrame is the frame of a form's pages.
func (w *Web) registerFrame(rw http.ResponseWriter, r *httpd.Request, g *registration, back string) part.Page {
	if g.staff {
		return w.desk(rw, r, "代填去向", part.Link{Title: "毕业生", Href: "/graduates"}, part.Link{Title: g.rec.Person.Name, Href: "/graduates/" + g.graduate})
	}
	return w.phone(rw, r, "去向登记", back)
}

// choose answers POST /mine/register and POST /graduates/{id}/propose: the
// category is kept with the draft.
func (w *Web) choose(rw http.ResponseWriter, r *httpd.Request) error {
	g, err := w.registration(r)
	if err != nil {
		return err
	}
	d := g.saved()
	d.Code = r.PostFormValue("code")
	if err := scrutiny.CheckOffered(w.Book(), d.Code, g.rec.Cohort()); err != nil {
		p := w.choosePage(rw, r, g, d.Code)
		if p.Wrong = err.Error(); d.Code == "" {
			p.Wrong = "请选一种情况，再到下一步"
		}
		return show(rw, r, err, chooseView(p))
	}
	if _, err := w.Destinations.SaveDraft(r.Context(), r.Who, d); err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, g.address("/form"))
}

// registerPage is the second step: the fields of the category, and evidence.
type registerPage struct {
	part.Page
	Form  registerForm
	Token part.Page
	Name  string
}

// registerFormPage answers GET …/form.
func (w *Web) registerFormPage(rw http.ResponseWriter, r *httpd.Request) error {
	g, err := w.registration(r)
	if fault.KindOf(err) == fault.Conflict && r.PathValue("id") == "" {
		return httpd.SeeOther(rw, r, "/mine") // the back button after the receipt: how it stands, no second form
	}
	if err != nil {
		return err
	}
	d := g.saved()
	if d.Code == "" {
		return httpd.SeeOther(rw, r, g.address(""))
	}
	return w.showForm(rw, r, g, d, nil, nil)
}

// showForm shows the form with the draft in it. wrong is what keeps it back, err
// the refusal itself, nil if nothing does.
func (w *Web) showForm(rw http.ResponseWriter, r *httpd.Request, g *registration, d destination.SavedDraft, wrong []destination.Problem, refusal error) error {
	known, asked, err := w.knownEmployer(r, d)
	if err != nil {
		return err
	}
	if known != nil {
		takeKnown(&d, known)
	}
	sent := g.rec.Evidence(g.kase())
	all := d
	all.Evidence = slices.Clone(sent)
	p := scrutiny.ProfileOf(w.Book(), d.Code)
	for _, e := range d.Evidence {
		if !slices.Contains(sent, e) && takes(p, e.Kind) {
			all.Evidence = append(all.Evidence, e)
		}
	}
	f := registerForm{Action: g.address("/form"), Choose: g.address(""), Staff: g.staff, Amend: g.act == history.Amend,
		Unknown: asked && known == nil && r.URL.Query().Get("asked") == "1", Attest: r.PostFormValue("attest")}
	w.fill(&f, &g.rec, all, known, wrong)
	f.Returned = g.returned()
	if err := w.floorHelp(r, &f, d); err != nil {
		return err
	}
	page := w.registerFrame(rw, r, g, g.address(""))
	if g.act == history.Amend && !g.staff {
		page.Title = "更正登记"
	}
	page = w.script(page, "autosave.js")
	return show(rw, r, refusal, registerView(registerPage{Page: page, Form: f, Name: g.rec.Person.Name}))
}

// returned is why the change that the form is about was returned last.
func (g *registration) returned() string {
	for i := len(g.rec.Events) - 1; i >= 0; i-- {
		if e := &g.rec.Events[i]; e.Change == g.about && e.Change != "" && e.Step == history.Returned {
			return e.Reason
		}
	}
	return ""
}

// knownEmployer is the master record of the employer that the draft names; asked
// says that the draft names one.
func (w *Web) knownEmployer(r *httpd.Request, d destination.SavedDraft) (known *employer.Employer, asked bool, err error) {
	code, name := d.Values["credit_code"], d.Values["employer_name"]
	if code+name == "" || !scrutiny.ProfileOf(w.Book(), d.Code).Has("employer_name") {
		return nil, false, nil
	}
	e, ok, err := w.Destinations.FindEmployer(r.Context(), r.Who, code, name)
	if err != nil || !ok {
		return nil, true, err
	}
	return &e, true, nil
}

// register answers POST …/form: keeps what was typed, and does what the button says.
func (w *Web) register(rw http.ResponseWriter, r *httpd.Request) error {
	g, err := w.registration(r)
	if err != nil {
		return err
	}
	d := g.typed(r)
	if d.Code == "" {
		return httpd.SeeOther(rw, r, g.address(""))
	}
	wrong, refusal := w.takeFiles(r, g, &d)
	if known, _, err := w.knownEmployer(r, d); err != nil {
		return err
	} else if known != nil {
		takeKnown(&d, known)
	}
	do := r.PostFormValue("do")
	if do == "submit" && len(wrong) == 0 && r.PostFormValue("remove") == "" {
		return w.send(rw, r, g, d)
	}
	d.At, err = w.Destinations.SaveDraft(r.Context(), r.Who, d)
	if fault.KindOf(err) == fault.Unavailable {
		return w.unkept(rw, r, g, d, wrong, err)
	}
	if err != nil {
		return err
	}
	switch {
	case len(wrong) > 0:
		return w.reload(rw, r, g, d, wrong, refusal)
	case r.PostFormValue("remove") != "" || do == "upload":
		return httpd.SeeOther(rw, r, g.address("/form")+"#papers")
	case do == "district":
		return httpd.SeeOther(rw, r, g.address("/form")+"#region")
	case do == "lookup":
		to := g.address("/form")
		if g.about == "" {
			return httpd.SeeOther(rw, r, to+"?asked=1#employer")
		}
		return httpd.SeeOther(rw, r, to+"&asked=1#employer")
	}
	return httpd.SeeOther(rw, r, g.address("/form"))
}

// typed is the draft as the form that was sent says it.
func (g *registration) typed(r *httpd.Request) destination.SavedDraft {
	d := g.saved()
	if code := r.PostFormValue("code"); code != "" {
		d.Code = code
	}
	d.Values = typedValues(r.PostForm)
	withDistrict(d.Values, r.PostFormValue("region_district"))
	if key := r.PostFormValue("remove"); key != "" {
		d.Evidence = without(d.Evidence, key)
	}
	return d
}

// keepDraft answers POST …/draft, which a script sends while somebody types. It
// says when it was kept.
func (w *Web) keepDraft(rw http.ResponseWriter, r *httpd.Request) error {
	g, err := w.registration(r)
	if err != nil {
		return err
	}
	d := g.typed(r)
	at, err := w.Destinations.SaveDraft(r.Context(), r.Who, d)
	if err != nil {
		return err
	}
	rw.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err = rw.Write([]byte("草稿 " + clock(at) + " 已存"))
	return err
}

// dropDraft answers POST …/drop.
func (w *Web) dropDraft(rw http.ResponseWriter, r *httpd.Request) error {
	graduate, to := r.PathValue("id"), "/graduates/"+r.PathValue("id")
	if graduate == "" {
		graduate, to = r.Account.Graduate, "/mine"
	}
	if err := w.Destinations.DropDraft(r.Context(), r.Who, graduate, r.PostFormValue("about")); err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, to)
}

func clock(i calendar.Instant) string { return i.Time().Format("15:04") }
