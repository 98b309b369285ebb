package web

import (
	"errors"
	"net/http"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// loginPage is the page of GET and POST /login.
type loginPage struct {
	part.Page
	Token string
	Next  string // where to go on, on this site
	Login string
	Set   bool   // a password was just set
	Wrong string // what is wrong with what was typed
}

// loginForm answers GET /login.
func (w *Web) loginForm(rw http.ResponseWriter, r *httpd.Request) error {
	if r.SignedIn() {
		return httpd.SeeOther(rw, r, w.own(r.Account))
	}
	q := r.URL.Query()
	return show(rw, r, nil, loginView(loginPage{
		Page: w.door(rw, r), Token: r.FormToken(rw), Next: httpd.LocalPath(q.Get("next")), Set: q.Get("set") == "1",
	}))
}

// login answers POST /login.
func (w *Web) login(rw http.ResponseWriter, r *httpd.Request) error {
	login, next := r.PostFormValue("login"), httpd.LocalPath(r.PostFormValue("next"))
	ticket, err := w.Accounts.Login(r.Context(), login, r.PostFormValue("password"), r.From())
	kept, ok := r.Keep(httpd.Kept{To: r.PostFormValue("to"), Form: r.PostFormValue("form"), Files: r.PostFormValue("files") == "1"})
	var second access.SecondStep
	if errors.As(err, &second) {
		return w.askSecond(rw, r, nil, secondPage{Second: second.Ticket, Login: login, Next: next, Kept: kept})
	}
	refused := fault.KindOf(err) == fault.Forbidden || fault.KindOf(err) == fault.Unavailable
	if refused && ok {
		return w.showExpired(rw, r, err, expiredPage{Kept: kept, Login: login, Wrong: err.Error()})
	}
	if refused {
		return show(rw, r, err, loginView(loginPage{
			Page: w.door(rw, r), Token: r.FormToken(rw), Next: next, Login: login, Wrong: err.Error(),
		}))
	}
	if err != nil {
		return err
	}
	r.SignIn(rw, ticket)
	r.Remember(rw, w.Accounts.KnownDevice(login))
	if ok {
		return w.goOn(rw, r, kept, "已登录")
	}
	if next, err = w.afterLogin(r, ticket, next); err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, next)
}

// door is the frame of the login: the school's name and nothing to choose.
func (w *Web) door(rw http.ResponseWriter, r *httpd.Request) part.Page {
	p := w.frame(rw, r, w.School().Name+" 就业")
	return p
}

// logout answers POST /logout. Logging out twice is logging out once.
func (w *Web) logout(rw http.ResponseWriter, r *httpd.Request) error {
	if err := w.Accounts.Logout(r.Context(), r.SignOut(rw)); err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, "/")
}

// enter answers GET /enter/{token}: the demo school's way in, on this machine.
func (w *Web) enter(rw http.ResponseWriter, r *httpd.Request) error {
	if !r.FromThisMachine() {
		return fault.NotFoundf("", "演示链接只能在运行 quxiang demo 的那台电脑上打开")
	}
	ticket, err := w.Accounts.Enter(r.Context(), r.PathValue("token"), r.From())
	if err != nil {
		return err
	}
	r.SignIn(rw, ticket)
	return httpd.SeeOther(rw, r, "/")
}

// passwordPage is the page of GET and POST /password/{token}.
type passwordPage struct {
	part.Page
	Token  string
	Action string
	Login  string
	Rule   string // what a password must be
	Wrong  string
	Again  string // what is wrong with the repetition
}

// passwordForm answers GET /password/{token}.
func (w *Web) passwordForm(rw http.ResponseWriter, r *httpd.Request) error {
	a, err := w.Accounts.LinkedAccount(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	return show(rw, r, nil, passwordView(w.passwordPage(rw, r, a)))
}

func (w *Web) passwordPage(rw http.ResponseWriter, r *httpd.Request, a access.Account) passwordPage {
	return passwordPage{Page: w.frame(rw, r, "设置密码"), Token: r.FormToken(rw), Action: r.URL.Path, Login: a.Login, Rule: w.passwordRule()}
}

// setPassword answers POST /password/{token}.
func (w *Web) setPassword(rw http.ResponseWriter, r *httpd.Request) error {
	token, password := r.PathValue("token"), r.PostFormValue("password")
	a, err := w.Accounts.LinkedAccount(r.Context(), token)
	if err != nil {
		return err
	}
	page := w.passwordPage(rw, r, a)
	if r.PostFormValue("again") != password {
		page.Again = "两次输入的密码不一样，请再输一遍"
		return show(rw, r, fault.Invalidf("again", "%s", page.Again), passwordView(page))
	}
	err = w.Accounts.SetPassword(r.Context(), token, password)
	var f *fault.Fault
	if errors.As(err, &f) && (f.Kind == fault.Invalid || f.Kind == fault.Unavailable) {
		page.Wrong = f.Message
		return show(rw, r, err, passwordView(page))
	}
	if err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, "/login?set=1")
}
