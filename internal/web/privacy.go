package web

import (
	"net/http"
	"slices"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/privacy"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// privacyRoutes are the addresses of personal data: what is held and why, what a
// graduate agrees to and asks for, what the office answers.
func (w *Web) privacyRoutes() []httpd.Route {
	own, office, none := httpd.Over(access.CorrectOwn), httpd.Over(access.AnswerPrivacy), httpd.NotAudited
	list := []httpd.Route{
		{Method: "GET", Pattern: "/mine/consent", Audit: none, Handle: w.consents},
		{Method: "POST", Pattern: "/mine/consent/{purpose}", Audit: "privacy.consent", Handle: w.chooseConsent},
		{Method: "GET", Pattern: "/mine/requests", Audit: none, Handle: w.ownRequests},
		{Method: "POST", Pattern: "/mine/requests", Audit: "privacy.ask", Handle: w.askPrivacy},
		{Method: "POST", Pattern: "/mine/requests/{id}/back", Audit: "privacy.take_back", Handle: w.takeBackPrivacy},
	}
	for i := range list {
		list[i].Permission, list[i].Scope, list[i].Class = access.CorrectOwn, own, httpd.Personal
	}
	return append(slices.Concat(list, w.dataRoutes(), w.retentionRoutes()),
		httpd.Route{Method: "GET", Pattern: "/privacy", Permission: httpd.Anyone, Scope: httpd.Nobody, Class: httpd.Public, Audit: none, Handle: w.privacy},
		httpd.Route{Method: "GET", Pattern: "/privacy/requests", Permission: access.AnswerPrivacy, Scope: office, Class: httpd.Personal, Audit: none, Handle: w.privacyRequests},
		httpd.Route{Method: "POST", Pattern: "/privacy/requests/{id}", Permission: access.AnswerPrivacy, Scope: office, Class: httpd.Personal, Audit: "privacy.grant", Handle: w.answerPrivacy})
}

// privacyPage is the page of GET /privacy: the register of processing.
type privacyPage struct {
	part.Page
	Duties, Choices []privacy.Purpose
	Graduate        bool
}

// privacy answers GET /privacy.
func (w *Web) privacy(rw http.ResponseWriter, r *httpd.Request) error {
	p := privacyPage{Page: w.frame(rw, r, "个人信息处理说明"), Choices: privacy.Optional(), Graduate: r.Account.Graduate != ""}
	p.Duties = slices.DeleteFunc(privacy.Register(), func(x privacy.Purpose) bool { return x.Basis != privacy.Duty })
	return show(rw, r, nil, privacyView(p))
}

// consentPage is the page of GET /mine/consent.
type consentPage struct {
	part.Page
	Rows []consentRow
}

// consentRow is one purpose that needs consent.
type consentRow struct {
	privacy.Purpose
	Given  bool
	Says   string   // since when it is so
	Lapsed bool     // the words have changed
	Past   []string // newest first
}

// consents answers GET /mine/consent.
func (w *Web) consents(rw http.ResponseWriter, r *httpd.Request) error {
	list, err := w.Privacy.Consents(r.Context(), r.Who, r.Account.Graduate)
	if err != nil {
		return err
	}
	p := consentPage{Page: w.phone(rw, r, "同意与撤回", "/mine/data")}
	for _, x := range list {
		row := consentRow{Purpose: x.Purpose, Given: x.Given, Lapsed: x.Lapsed}
		if x.Since != 0 {
			row.Says = x.Since.Time().Format("2006-01-02 15:04")
		}
		for _, c := range x.Past {
			did := "撤回"
			if c.Given {
				did = "同意（" + c.Version + " 版）"
			}
			row.Past = append(row.Past, c.At.Time().Format("2006-01-02 15:04")+" "+did)
		}
		p.Rows = append(p.Rows, row)
	}
	return show(rw, r, nil, consentView(p))
}

// chooseConsent answers POST /mine/consent/{purpose}.
func (w *Web) chooseConsent(rw http.ResponseWriter, r *httpd.Request) error {
	purpose := r.PathValue("purpose")
	if err := w.Privacy.Choose(r.Context(), r.Who, r.Account.Graduate, purpose, r.PostFormValue("given") == "yes"); err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, "/mine/consent#"+purpose)
}

// ownRequestsPage is the page of GET and POST /mine/requests.
type ownRequestsPage struct {
	part.Page
	Kind, Purpose part.Field
	Words         part.Field
	Wrong         []part.Wrong
	Rows          []privacyRequestRow
	Days          int // working days until an answer
}

// privacyRequestRow is a request as people read it.
type privacyRequestRow struct {
	privacy.Request
	Title, About string
	State        part.State
	When         string
	Says         string // until when, or when it was answered
	Name, Number string // for the office
	File         string
	Decider      string
}

// ownRequests answers GET /mine/requests.
func (w *Web) ownRequests(rw http.ResponseWriter, r *httpd.Request) error {
	return w.showOwnRequests(rw, r, nil)
}

func (w *Web) showOwnRequests(rw http.ResponseWriter, r *httpd.Request, refusal error) error {
	list, err := w.Privacy.OwnRequests(r.Context(), r.Who, r.Account.Graduate)
	if err != nil {
		return err
	}
	p := ownRequestsPage{Page: w.phone(rw, r, "对我的信息提请求", "/mine/data"), Days: w.Privacy.AnswerDays()}
	p.Kind = part.Field{Name: "kind", Label: "要学校做什么", Value: r.PostFormValue("kind"), Choices: requestKinds()}
	p.Purpose = part.Field{Name: "purpose", Label: "关于哪一项用途", Value: r.PostFormValue("purpose"), Choices: purposeChoices()}
	p.Words = part.Field{Name: "words", Label: "是哪些信息，为什么", Value: r.PostFormValue("words"), Rows: 4, Max: 500,
		Help: "例如：2024 年传错的那份合同请删掉，上面有家人的身份证"}
	p.Wrong = refusals(refusal)
	for _, f := range []*part.Field{&p.Kind, &p.Purpose, &p.Words} {
		f.Error = wrongAt(p.Wrong, f.Name)
	}
	for _, x := range list {
		p.Rows = append(p.Rows, w.privacyRequestRow(x))
	}
	return show(rw, r, refusal, ownRequestsView(p))
}

func requestKinds() (out []part.Option) {
	help := map[privacy.Kind]string{privacy.Delete: "不该保存的、传错的、到期的", privacy.Limit: "先停用，等核实", privacy.Object: "说明不同意哪一种用法",
		privacy.Explain: "为什么要、给了谁、存多久"}
	for _, k := range privacy.Kinds {
		out = append(out, part.Option{Value: string(k), Title: k.Title(), Help: help[k]})
	}
	return out
}

func purposeChoices() (out []part.Option) {
	for _, p := range privacy.Register() {
		out = append(out, part.Option{Value: p.ID, Title: p.Title})
	}
	return out
}

func (w *Web) privacyRequestRow(x privacy.Request) privacyRequestRow {
	row := privacyRequestRow{Request: x, Title: x.Kind.Title(), When: minute(x.Asked)}
	if p, ok := privacy.PurposeByID(x.Purpose); ok {
		row.About = p.Title
	}
	today := calendar.DayOf(w.Now())
	switch x.State {
	case privacy.Open:
		row.State, row.Says = part.State{Kind: "wait", Word: "待答复"}, string(x.Due)+" 前答复"
		if x.Late(today) {
			row.Says = "应在 " + string(x.Due) + " 前答复，已超过"
		}
	case privacy.Granted:
		row.State, row.Says = part.State{Kind: "pass", Word: "已照办"}, minute(x.Decided)
	case privacy.Refused:
		row.State, row.Says = part.State{Kind: "back", Word: "未照办"}, minute(x.Decided)
	default:
		row.State, row.Says = part.State{Kind: "old", Word: "已撤回"}, minute(x.Decided)
	}
	return row
}

// askPrivacy answers POST /mine/requests.
func (w *Web) askPrivacy(rw http.ResponseWriter, r *httpd.Request) error {
	_, err := w.Privacy.Ask(r.Context(), r.Who, r.Account.Graduate, privacy.Kind(r.PostFormValue("kind")), r.PostFormValue("purpose"), r.PostFormValue("words"))
	if refused(err) {
		return w.showOwnRequests(rw, r, err)
	}
	if err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, "/mine/requests#asked")
}

// takeBackPrivacy answers POST /mine/requests/{id}/back.
func (w *Web) takeBackPrivacy(rw http.ResponseWriter, r *httpd.Request) error {
	if err := w.Privacy.TakeBack(r.Context(), r.Who, r.Account.Graduate, r.PathValue("id")); err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, "/mine/requests#asked")
}

// privacyRequestsPage is the page of GET /privacy/requests.
type privacyRequestsPage struct {
	part.Page
	Rows  []privacyRequestRow
	Alert string
	At    string // id of the request that the alert is about
	Typed string
}

// privacyRequests answers GET /privacy/requests.
func (w *Web) privacyRequests(rw http.ResponseWriter, r *httpd.Request) error {
	return w.showPrivacyRequests(rw, r, privacyRequestsPage{}, nil)
}

func (w *Web) showPrivacyRequests(rw http.ResponseWriter, r *httpd.Request, p privacyRequestsPage, refusal error) error {
	list, err := w.Privacy.Requests(r.Context(), r.Who)
	if err != nil {
		return err
	}
	var ids, deciders []string
	for _, x := range list {
		ids = append(ids, x.Graduate)
		if x.Decider != "" {
			deciders = append(deciders, x.Decider)
		}
	}
	people, err := w.People.GraduatesByID(r.Context(), r.Within, unique(ids))
	if err != nil {
		return err
	}
	called, err := w.Accounts.Called(r.Context(), unique(deciders))
	if err != nil {
		return err
	}
	for _, x := range list {
		row := w.privacyRequestRow(x)
		for i := range people {
			if people[i].ID == x.Graduate {
				row.Name, row.Number, row.File = people[i].Name, numberOf(&people[i]), fileAddress(x.Graduate, "")
			}
		}
		row.Decider = called[x.Decider].Name
		p.Rows = append(p.Rows, row)
	}
	p.Page = w.desk(rw, r, "个人信息请求")
	return show(rw, r, refusal, privacyRequestsView(p))
}

func unique(ids []string) []string {
	slices.Sort(ids)
	return slices.Compact(ids)
}

// answerPrivacy answers POST /privacy/requests/{id}.
func (w *Web) answerPrivacy(rw http.ResponseWriter, r *httpd.Request) error {
	id, do, answer := r.PathValue("id"), r.PostFormValue("do"), typed(r, "answer")
	var err error
	if do != "grant" && do != "refuse" {
		err = fault.Invalidf("do", "请点“照办”或“不照办”")
	} else {
		err = w.Privacy.Answer(r.Context(), r.Who, id, do == "grant", answer)
	}
	if refused(err) {
		return w.showPrivacyRequests(rw, r, privacyRequestsPage{Alert: err.Error(), At: id, Typed: answer}, err)
	}
	if err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, "/privacy/requests")
}
