package web

import (
	"net/http"
	"net/url"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// factorRoutes are the addresses of the second factor (第二道验证) and of the rule
// who must have one.
func (w *Web) factorRoutes() []httpd.Route {
	none, in, nobody := httpd.NotAudited, httpd.SignedIn, httpd.Nobody
	return []httpd.Route{
		{Method: "POST", Pattern: "/login/second", Permission: httpd.Anyone, Scope: nobody, Class: httpd.Internal, Audit: "account.login", Handle: w.secondLogin, Owing: true},
		{Method: "GET", Pattern: "/me/factor", Permission: in, Scope: nobody, Class: httpd.Secret, Audit: none, Handle: w.factor, Pays: access.OwesSecond},
		{Method: "GET", Pattern: "/me/factor/code.png", Permission: in, Scope: nobody, Class: httpd.Secret, Audit: none, Handle: w.factorPicture, Pays: access.OwesSecond},
		{Method: "POST", Pattern: "/me/factor", Permission: in, Scope: nobody, Class: httpd.Secret, Audit: "account.factor_begin", Handle: w.beginFactor, Pays: access.OwesSecond, Fresh: true},
		{Method: "POST", Pattern: "/me/factor/confirm", Permission: in, Scope: nobody, Class: httpd.Secret, Audit: "account.factor", Handle: w.confirmFactor, Pays: access.OwesSecond},
		{Method: "GET", Pattern: "/me/factor/recovery/{ticket}", Permission: in, Scope: nobody, Class: httpd.Secret, Audit: none, Handle: w.recovery, Pays: access.OwesSecond},
		{Method: "POST", Pattern: "/accounts/{id}/factor", Permission: access.ResetFactor, Scope: nobody, Class: httpd.Internal, Audit: "account.factor_reset", Handle: w.ableAccount(w.Accounts.ResetFactor), Fresh: true},
		{Method: "GET", Pattern: "/security", Permission: access.ConfigureSecurity, Scope: nobody, Class: httpd.Internal, Audit: none, Handle: w.security},
		{Method: "POST", Pattern: "/security", Permission: access.ConfigureSecurity, Scope: nobody, Class: httpd.Internal, Audit: "security.change", Handle: w.secure, Fresh: true},
	}
}

// secondPage asks for the code after the password.
type secondPage struct {
	part.Page
	Token  string
	Second string // ticket of the step
	Login  string
	Next   string
	Kept   httpd.Kept
	Wrong  string
}

// askSecond shows the step after the password. refusal is what was wrong with a code.
func (w *Web) askSecond(rw http.ResponseWriter, r *httpd.Request, refusal error, p secondPage) error {
	p.Page, p.Token = w.door(rw, r), r.FormToken(rw)
	if refusal != nil {
		p.Wrong = refusal.Error()
	}
	return show(rw, r, refusal, secondView(p))
}

// secondLogin answers POST /login/second.
func (w *Web) secondLogin(rw http.ResponseWriter, r *httpd.Request) error {
	p := secondPage{Second: r.PostFormValue("second"), Login: r.PostFormValue("login"), Next: httpd.LocalPath(r.PostFormValue("next"))}
	kept, ok := r.Keep(httpd.Kept{To: r.PostFormValue("to"), Form: r.PostFormValue("form"), Files: r.PostFormValue("files") == "1"})
	if ok {
		p.Kept = kept
	}
	ticket, err := w.Accounts.SecondLogin(r.Context(), p.Second, r.PostFormValue("code"), r.From())
	switch {
	case fault.KindOf(err) == fault.NotFound && ok:
		return w.showExpired(rw, r, err, expiredPage{Kept: kept, Login: p.Login, Wrong: "过了十分钟，" + err.Error()})
	case fault.KindOf(err) == fault.NotFound:
		return show(rw, r, err, loginView(loginPage{Page: w.door(rw, r), Token: r.FormToken(rw), Next: p.Next, Login: p.Login, Wrong: "过了十分钟，" + err.Error()}))
	case fault.KindOf(err) == fault.Forbidden:
		return w.askSecond(rw, r, err, p)
	case err != nil:
		return err
	}
	r.SignIn(rw, ticket)
	r.Remember(rw, w.Accounts.KnownDevice(p.Login))
	if ok {
		return w.goOn(rw, r, kept, "已登录")
	}
	if p.Next, err = w.afterLogin(r, ticket, p.Next); err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, p.Next)
}

// factorPage is the page of GET /me/factor.
type factorPage struct {
	part.Page
	Must      bool // nothing else is open before
	Begun, On bool
	Left      int // recovery codes
	Enrolment access.Enrolment
	Next      string // where to go on, on this site
	Wrong     []part.Wrong
}

// factor answers GET /me/factor.
func (w *Web) factor(rw http.ResponseWriter, r *httpd.Request) error { return w.showFactor(rw, r, nil) }

func (w *Web) showFactor(rw http.ResponseWriter, r *httpd.Request, refusal error) error {
	p := factorPage{Page: w.frame(rw, r, "第二道验证"), Must: r.Session.Owes == access.OwesSecond, Wrong: refusals(refusal), Next: onward(r)}
	if r.Account.Graduate != "" {
		return fault.NotFoundf("", "毕业生的账号不用第二道验证")
	}
	var err error
	if p.Begun, p.On, p.Left, err = w.Accounts.FactorState(r.Context(), r.Account); err != nil {
		return err
	}
	if p.Begun && !p.On {
		if p.Enrolment, err = w.Accounts.Enrolment(r.Context(), r.Account); err != nil {
			return err
		}
	}
	return show(rw, r, refusal, factorView(p))
}

// factorPicture answers GET /me/factor/code.png: the secret as the app reads it.
func (w *Web) factorPicture(rw http.ResponseWriter, r *httpd.Request) error {
	e, err := w.Accounts.Enrolment(r.Context(), r.Account)
	if err != nil {
		return err
	}
	b, err := w.Picture(e.Address)
	if err != nil {
		return err
	}
	rw.Header().Set("Content-Type", "image/png")
	httpd.WriteBytes(rw, b)
	return nil
}

// beginFactor answers POST /me/factor.
func (w *Web) beginFactor(rw http.ResponseWriter, r *httpd.Request) error {
	if err := w.Accounts.BeginFactor(r.Context(), r.Account); err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, "/me/factor?next="+url.QueryEscape(onward(r)))
}

// recoveryOnce are recovery codes on their way to whose they are.
type recoveryOnce struct{ Codes []string }

// confirmFactor answers POST /me/factor/confirm.
func (w *Web) confirmFactor(rw http.ResponseWriter, r *httpd.Request) error {
	codes, err := w.Accounts.ConfirmFactor(r.Context(), r.Account, r.PostFormValue("code"))
	if fault.KindOf(err) == fault.Forbidden {
		return w.showFactor(rw, r, err)
	}
	if err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, "/me/factor/recovery/"+w.handed.keep(r.Account.ID, w.Now(), recoveryOnce{codes})+"?next="+url.QueryEscape(onward(r)))
}

// onward is where whoever enrols was going, on this site: it comes along from page to
// page (F11).
func onward(r *httpd.Request) string {
	if r.Method == http.MethodPost {
		return httpd.LocalPath(r.PostFormValue("next"))
	}
	return httpd.LocalPath(r.URL.Query().Get("next"))
}

// recoveryPage is the page of GET /me/factor/recovery/{ticket}.
type recoveryPage struct {
	part.Page
	Codes []string
	Login string
	Next  string // where to go on, on this site
}

// recovery answers GET /me/factor/recovery/{ticket}.
func (w *Web) recovery(rw http.ResponseWriter, r *httpd.Request) error {
	once, ok := w.handed.look(r.Account.ID, r.PathValue("ticket"), w.Now()).(recoveryOnce)
	if !ok {
		return fault.NotFoundf("", "备用码已经看不到了：只在启用后十分钟内显示")
	}
	return show(rw, r, nil, recoveryView(recoveryPage{w.frame(rw, r, "备用码"), once.Codes, r.Account.Login, onward(r)}))
}
