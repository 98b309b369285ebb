package web

import (
	"net/http"
	"net/url"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// activatePage is the page of GET and POST /activate.
type activatePage struct {
	part.Page
	Number, Code string
	Read         bool   // the notice was ticked
	Rule         string // what a password must be
	Notice       access.Notice
	Wrong        []part.Wrong
}

// activateForm answers GET /activate.
func (w *Web) activateForm(rw http.ResponseWriter, r *httpd.Request) error {
	if r.SignedIn() {
		return httpd.SeeOther(rw, r, w.own(r.Account))
	}
	return show(rw, r, nil, activateView(w.activatePage(rw, r)))
}

func (w *Web) activatePage(rw http.ResponseWriter, r *httpd.Request) activatePage {
	p := activatePage{Page: w.phone(rw, r, "启用账号", "/login"), Notice: access.NoticeFor(w.School().Name), Rule: w.passwordRule()}
	p.FormToken, p.Once = r.FormToken(rw), httpd.NewOnce()
	return p
}

// activate answers POST /activate: from the code to the own page at once.
func (w *Web) activate(rw http.ResponseWriter, r *httpd.Request) error {
	p := w.activatePage(rw, r)
	p.Number, p.Code, p.Read = r.PostFormValue("number"), r.PostFormValue("code"), r.PostFormValue("notice") == "yes"
	password, version := r.PostFormValue("password"), ""
	if p.Read {
		version = r.PostFormValue("version")
	}
	var err error
	if r.PostFormValue("again") != password {
		err = fault.Invalidf("again", "两次输入的密码不一样，请再输一遍")
	} else {
		var ticket string
		if ticket, err = w.Accounts.Activate(r.Context(), p.Number, p.Code, password, version, r.From()); err == nil {
			r.SignIn(rw, ticket)
			r.Remember(rw, w.Accounts.KnownDevice(p.Number))
			to, err := w.afterCode(r, ticket)
			if err != nil {
				return err
			}
			return httpd.SeeOther(rw, r, to)
		}
	}
	if p.Wrong = refusals(err); p.Wrong == nil {
		return err
	}
	return show(rw, r, err, activateView(p))
}

// own is the page that an account begins with.
func (w *Web) own(a access.Account) string {
	if a.Graduate != "" {
		return "/mine"
	}
	return "/"
}

// noticePage is the page of GET /notice.
type noticePage struct {
	part.Page
	Notice access.Notice
	Ask    bool   // the one who is signed in has not read this version
	Next   string // where to go on, on this site
}

// notice answers GET /notice: for everybody to read.
func (w *Web) notice(rw http.ResponseWriter, r *httpd.Request) error {
	back := "/login"
	if r.SignedIn() {
		back = "/me"
	}
	p := noticePage{Page: w.phone(rw, r, "个人信息说明", back), Notice: access.NoticeFor(w.School().Name), Next: httpd.LocalPath(r.URL.Query().Get("next"))}
	if r.SignedIn() {
		var err error
		if p.Ask, err = w.Accounts.NeedsNotice(r.Context(), r.Account); err != nil {
			return err
		}
	}
	return show(rw, r, nil, noticeView(p))
}

// acceptNotice answers POST /notice.
func (w *Web) acceptNotice(rw http.ResponseWriter, r *httpd.Request) error {
	if err := w.Accounts.AcceptNotice(r.Context(), r.Account, r.PostFormValue("version")); err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, httpd.LocalPath(r.PostFormValue("next")))
}

// afterLogin is where a login leads: to a notice that is new, once, else on.
func (w *Web) afterLogin(r *httpd.Request, ticket, next string) (string, error) {
	a, _, err := w.Accounts.Resume(r.Context(), ticket)
	if err != nil {
		return "", err
	}
	if next == "/" {
		next = w.own(a)
	}
	asks, err := w.Accounts.NeedsNotice(r.Context(), a)
	if err != nil {
		return "", err
	}
	if asks {
		next = "/notice?next=" + url.QueryEscape(next)
	}
	return w.toldFirst(r, a, next)
}

// mePage is the page of GET /me and POST /me/password.
type mePage struct {
	part.Page
	Login, Name string
	Graduate    bool
	Grants      []grantRow
	NoticeRead  string // version, and when; blank: none
	Activations []string
	Rule        string // what a password must be
	Logins      []loginRow
	Held        string // how long a login holds
	Ended       bool   // a login was ended
	Changed     bool
	Wrong       []part.Wrong
}

// grantRow is a grant as people read it.
type grantRow struct {
	Role, Over, Term string
	For              string // name of whose place is taken; blank: the own
	Ended            bool   // the term is over
}

// me answers GET /me.
func (w *Web) me(rw http.ResponseWriter, r *httpd.Request) error {
	p, err := w.mePage(rw, r)
	if err != nil {
		return err
	}
	p.Changed, p.Ended = r.URL.Query().Get("changed") == "1", r.URL.Query().Get("ended") == "1"
	return show(rw, r, nil, meView(p))
}

func (w *Web) mePage(rw http.ResponseWriter, r *httpd.Request) (mePage, error) {
	p := mePage{Login: r.Account.Login, Name: r.Account.Name, Graduate: r.Account.Graduate != "", Rule: w.passwordRule()}
	if p.Graduate {
		p.Page = w.phone(rw, r, "我的账号", "")
	} else {
		p.Page = w.desk(rw, r, "我的账号")
	}
	var err error
	if p.Logins, err = w.loginRows(r); err != nil {
		return p, err
	}
	p.Held = loginsHeld(r.Account)
	names, err := w.unitNames(r.Context())
	if err != nil {
		return p, err
	}
	if p.Grants, err = w.grantRows(r, r.Account.Grants, names); err != nil || !p.Graduate {
		return p, err
	}
	version, at, err := w.Accounts.NoticeRead(r.Context(), r.Account)
	if err != nil {
		return p, err
	}
	if version != "" {
		p.NoticeRead = version + " 版，" + at.Time().Format("2006-01-02 15:04") + " 读过"
	}
	p.Activations, err = w.activations(r)
	return p, err
}

// activations says when the account's codes were used and who had them made.
func (w *Web) activations(r *httpd.Request) ([]string, error) {
	used, err := w.Accounts.Activations(r.Context(), r.Account)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, x := range used {
		ids = append(ids, x.By)
	}
	by, err := w.Accounts.People(r.Context(), ids)
	var out []string
	for _, x := range used {
		name := by[x.By].Name
		if name == "" {
			name = "就业中心"
		}
		out = append(out, x.At.Time().Format("2006-01-02 15:04")+" 启用，激活码由"+name+"在 "+x.Made.Time().Format("01-02 15:04")+" 发出")
	}
	return out, err
}

// logoutEverywhere answers POST /me/logout.
func (w *Web) logoutEverywhere(rw http.ResponseWriter, r *httpd.Request) error {
	if err := w.Accounts.LogoutEverywhere(r.Context(), r.Account); err != nil {
		return err
	}
	r.SignOut(rw)
	return httpd.SeeOther(rw, r, "/login")
}
