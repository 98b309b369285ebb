package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/roster"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// slipsPage is the page of GET and POST /slips: how far each class has come in.
type slipsPage struct {
	part.Page
	At       string
	Cohort   string
	Cohorts  []part.Option
	College  string
	Colleges []part.Option // of those in sight; one: no choice
	Rows     []slipsRow
	Total    slipsRow
	Reach    string
	Wrong    []part.Wrong
}

// slipsRow is a class.
type slipsRow struct {
	Unit           string // k0107, or ~c03 for those of a college who are in no class
	Class, College string
	People         int
	Activated      int
	Coded          int
	None           int
	Ticked         bool
}

// slips answers GET /slips.
func (w *Web) slips(rw http.ResponseWriter, r *httpd.Request) error {
	p, err := w.slipsPage(rw, r, r.URL.Query())
	if err != nil {
		return err
	}
	return show(rw, r, nil, slipsView(p))
}

func (w *Web) slipsPage(rw http.ResponseWriter, r *httpd.Request, q url.Values) (slipsPage, error) {
	p := slipsPage{Page: w.desk(rw, r, "激活码"), At: w.Now().Time().Format("2006-01-02 15:04"), Cohort: q.Get("cohort"), College: q.Get("college"),
		Reach: q.Get("reach")}
	if p.Reach == "" {
		p.Reach = string(access.WithoutCode)
	}
	all, err := w.Accounts.ClassStandings(r.Context(), r.Who, "")
	if err != nil {
		return p, err
	}
	names, err := w.unitNames(r.Context())
	if err != nil {
		return p, err
	}
	p.choices(all, names)
	ticked := q["unit"]
	for _, c := range all {
		if c.Cohort != p.Cohort || p.College != "" && c.College != p.College {
			continue
		}
		row := slipsRow{Unit: c.Class, Class: names[c.Class], College: names[c.College], People: c.People, Activated: c.Activated, Coded: c.Coded,
			None: c.People - c.Activated - c.Coded}
		if c.Class == "" {
			row.Unit, row.Class = "~"+c.College, "未分班"
		}
		row.Ticked = slices.Contains(ticked, row.Unit)
		p.Rows = append(p.Rows, row)
		p.Total.People, p.Total.Activated = p.Total.People+row.People, p.Total.Activated+row.Activated
		p.Total.Coded, p.Total.None = p.Total.Coded+row.Coded, p.Total.None+row.None
	}
	return p, nil
}

// choices fills in the cohorts, the newest first, and the colleges of the one chosen.
func (p *slipsPage) choices(all []access.ClassStanding, names map[string]string) {
	var cohorts, colleges []string
	for _, c := range all {
		cohorts = append(cohorts, c.Cohort)
	}
	slices.Sort(cohorts)
	cohorts = slices.Compact(cohorts)
	slices.Reverse(cohorts)
	if !slices.Contains(cohorts, p.Cohort) && len(cohorts) > 0 {
		p.Cohort = cohorts[0]
	}
	for _, c := range cohorts {
		p.Cohorts = append(p.Cohorts, part.Option{Value: c, Title: c + " 届", Selected: c == p.Cohort})
	}
	for _, c := range all {
		if c.Cohort == p.Cohort && !slices.Contains(colleges, c.College) {
			colleges = append(colleges, c.College)
			p.Colleges = append(p.Colleges, part.Option{Value: c.College, Title: names[c.College], Selected: c.College == p.College})
		}
	}
	if !slices.Contains(colleges, p.College) {
		p.College = ""
	}
}

// whomOf reads the units of a form.
func whomOf(units []string, cohort string) access.Whom {
	of := access.Whom{Cohort: cohort}
	for _, u := range units {
		if college, loose := strings.CutPrefix(u, "~"); loose {
			of.Loose = append(of.Loose, college)
		} else {
			of.Classes = append(of.Classes, u)
		}
	}
	return of
}

// makeSlips answers POST /slips: the codes are shown on the page that it leads to.
func (w *Web) makeSlips(rw http.ResponseWriter, r *httpd.Request) error {
	slips, err := w.Accounts.InviteUnits(r.Context(), r.Who, whomOf(r.PostForm["unit"], r.PostFormValue("cohort")), access.Reach(r.PostFormValue("reach")))
	if err == nil {
		return w.handSlips(rw, r, slips)
	}
	wrong := refusals(err)
	if wrong == nil {
		return err
	}
	p, failed := w.slipsPage(rw, r, r.PostForm)
	if failed != nil {
		return failed
	}
	p.Wrong = wrong
	return show(rw, r, err, slipsView(p))
}

// slipsOnce are codes for who made them, as long as they are over the same people.
type slipsOnce struct {
	reach string // see access.Actor.Reach
	sheet *SlipSheet
}

// handSlips sends the browser to the page that shows the codes.
func (w *Web) handSlips(rw http.ResponseWriter, r *httpd.Request, slips []access.Slip) error {
	units, err := w.units(r.Context())
	if err != nil {
		return err
	}
	sheet := NewSlipSheet(w.School().Name, w.base(r), w.Now(), units, slips)
	return httpd.SeeOther(rw, r, "/slips/print/"+w.handed.keep(r.Account.ID, w.Now(), slipsOnce{r.Who.Reach(), sheet}))
}

// base is how users reach the server.
func (w *Web) base(r *httpd.Request) string {
	if w.Config.PublicURL != "" {
		return strings.TrimSuffix(w.Config.PublicURL, "/")
	}
	if w.Config.Secure() {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// printPage is the page of GET /slips/print/{ticket}.
type printPage struct {
	part.Page
	Sheet *SlipSheet
}

// printSlips answers GET /slips/print/{ticket}.
func (w *Web) printSlips(rw http.ResponseWriter, r *httpd.Request) error {
	once, ok := w.handed.look(r.Account.ID, r.PathValue("ticket"), w.Now()).(slipsOnce)
	if !ok || once.reach != r.Who.Reach() {
		return fault.NotFoundf("", "这批激活码已经看不到了：只在生成后十分钟内显示。没有打印成，请回“激活码”重新生成，旧码会作废")
	}
	return show(rw, r, nil, printView(printPage{w.desk(rw, r, "打印激活码条", part.Link{Title: "激活码", Href: "/slips"}), once.sheet}))
}

// classSlipsPage is the page of GET /slips/{unit}.
type classSlipsPage struct {
	part.Page
	Unit, Cohort string
	Rows         []enrolledRow
	None         int
}

// enrolledRow is a graduate of the class.
type enrolledRow struct {
	ID, Name, Number string
	State            part.State
	Until            string // of the code
	Login            string // where it is not the number
}

// classSlips answers GET /slips/{unit}: who of a class has come in.
func (w *Web) classSlips(rw http.ResponseWriter, r *httpd.Request) error {
	unit := r.PathValue("unit")
	people, err := w.Accounts.Roll(r.Context(), r.Who, whomOf([]string{unit}, ""))
	if err != nil {
		return err
	}
	units, err := w.units(r.Context())
	if err != nil {
		return err
	}
	title := unitTitle(unit, units)
	if len(people) == 0 || title == "" {
		return fault.NotFoundf("", "没有这个班级，或者不在负责的范围内；请从“激活码”重新进入")
	}
	if err := w.Accounts.Opened(r.Context(), r.Who, "slips unit="+unit, len(people)); err != nil {
		return err
	}
	p := classSlipsPage{Page: w.desk(rw, r, title, part.Link{Title: "激活码", Href: "/slips"}), Unit: unit, Cohort: people[0].Cohort}
	for i := range people {
		row := enrolledRowOf(&people[i])
		if row.State.Kind == "draft" {
			p.None++
		}
		p.Rows = append(p.Rows, row)
	}
	return show(rw, r, nil, classSlipsView(p))
}

func unitTitle(unit string, units []roster.Unit) string {
	id, loose := strings.CutPrefix(unit, "~")
	for _, u := range units {
		if u.ID == id && loose {
			return u.Name + "，未分班"
		}
		if u.ID == id {
			return u.Name
		}
	}
	return ""
}

func enrolledRowOf(e *access.Enrolled) enrolledRow {
	row := enrolledRow{ID: e.Graduate, Name: e.Name, Number: e.Number}
	if e.Login != e.Number {
		row.Login = e.Login
	}
	if e.CodeUntil != 0 {
		row.Until = untilDay(e.CodeUntil)
	}
	switch {
	case e.Disabled:
		row.State = part.State{Kind: "void", Word: "已停用"}
	case e.Activated:
		row.State = part.State{Kind: "pass", Word: "已启用"}
	case e.CodeUntil != 0:
		row.State = part.State{Kind: "wait", Word: "有码未用"}
	default:
		row.State = part.State{Kind: "draft", Word: "没有码"}
	}
	return row
}

// reissuePage is the page of GET and POST /slips/graduate/{id}.
type reissuePage struct {
	part.Page
	Person enrolledRow
	Reason string
	Wrong  []part.Wrong
}

// reissueForm answers GET /slips/graduate/{id}.
func (w *Web) reissueForm(rw http.ResponseWriter, r *httpd.Request) error {
	p, err := w.reissuePage(rw, r)
	if err != nil {
		return err
	}
	return show(rw, r, nil, reissueView(p))
}

func (w *Web) reissuePage(rw http.ResponseWriter, r *httpd.Request) (reissuePage, error) {
	people, err := w.Accounts.Roll(r.Context(), r.Who, access.Whom{Graduates: []string{r.PathValue("id")}})
	if err != nil {
		return reissuePage{}, err
	}
	if len(people) == 0 {
		return reissuePage{}, fault.NotFoundf("", "没有这位毕业生，或者不在负责的范围内")
	}
	unit := people[0].Class
	if unit == "" {
		unit = "~" + people[0].College
	}
	return reissuePage{Page: w.desk(rw, r, "补发激活码", part.Link{Title: "激活码", Href: "/slips"}, part.Link{Title: "班级名单", Href: "/slips/" + unit}),
		Person: enrolledRowOf(&people[0])}, nil
}

// reissue answers POST /slips/graduate/{id}.
func (w *Web) reissue(rw http.ResponseWriter, r *httpd.Request) error {
	reason := r.PostFormValue("reason")
	slip, err := w.Accounts.Reissue(r.Context(), r.Who, r.PathValue("id"), reason)
	if err == nil {
		return w.handSlips(rw, r, []access.Slip{slip})
	}
	if k := fault.KindOf(err); k != fault.Invalid && k != fault.Conflict {
		return err
	}
	p, failed := w.reissuePage(rw, r)
	if failed != nil {
		return failed
	}
	p.Reason, p.Wrong = reason, refusals(err)
	return show(rw, r, err, reissueView(p))
}

func count(n int) string { return strconv.Itoa(n) }
