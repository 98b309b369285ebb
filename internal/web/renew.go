package web

import (
	"errors"
	"fmt"
	"net/http"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// renewRoutes are where who is signed in changes the own password: it is open to
// whom nothing else is, because the old one has run out (C13).
func (w *Web) renewRoutes() []httpd.Route {
	return []httpd.Route{
		{Method: "GET", Pattern: "/me/password", Permission: httpd.SignedIn, Scope: httpd.Nobody, Class: httpd.Personal, Audit: httpd.NotAudited, Handle: w.renewForm, Pays: access.OwesPassword},
		{Method: "POST", Pattern: "/me/password", Permission: httpd.SignedIn, Scope: httpd.Nobody, Class: httpd.Personal, Audit: "account.password", Handle: w.renew, Pays: access.OwesPassword},
	}
}

// passwordRule says what a new password must be.
func (w *Web) passwordRule() string {
	const never = "不要用账号、姓名、校名、生日、证件号或手机号"
	p := w.Accounts.Policy()
	if p.Profile == access.MLPS {
		return fmt.Sprintf("10 到 128 个字符；大写字母、小写字母、数字、符号或汉字，至少三种；最近 %d 次用过的不能再用；%s", p.Earlier, never)
	}
	return "10 到 128 个字符，什么字符都行，几个不相干的词连起来就很好；" + never
}

// renewPage is the page of GET /me/password, and what a form is answered with whose
// sender must change the password first.
type renewPage struct {
	part.Page
	Login string
	Must  bool // nothing else is open before
	Days  int  // how long a password holds
	Rule  string
	Next  string     // where to go on, on this site
	Kept  httpd.Kept // a form to go on with; the zero Kept if none
	Wrong []part.Wrong
}

// renewForm answers GET /me/password.
func (w *Web) renewForm(rw http.ResponseWriter, r *httpd.Request) error {
	return w.showRenew(rw, r, nil, renewPage{Next: httpd.LocalPath(r.URL.Query().Get("next"))})
}

// renewFirst answers a form of somebody who must change the password first.
func (w *Web) renewFirst(rw http.ResponseWriter, r *httpd.Request, k httpd.Kept) error {
	return w.showRenew(rw, r, fault.Forbiddenf("", "密码已到期"), renewPage{Next: "/", Kept: k})
}

func (w *Web) showRenew(rw http.ResponseWriter, r *httpd.Request, refusal error, p renewPage) error {
	p.Page, p.Login, p.Rule, p.Days = w.frame(rw, r, "改密码"), r.Account.Login, w.passwordRule(), w.Accounts.Policy().Days
	p.Must = r.Session.Owes == access.OwesPassword
	return show(rw, r, refusal, renewView(p))
}

// renew answers POST /me/password, of the own page and of 我的账号: on to where
// somebody was going, or on with the form.
func (w *Web) renew(rw http.ResponseWriter, r *httpd.Request) error {
	p := renewPage{Next: httpd.LocalPath(r.PostFormValue("next"))}
	kept, ok := r.Keep(httpd.Kept{To: r.PostFormValue("to"), Form: r.PostFormValue("form"), Files: r.PostFormValue("files") == "1"})
	if ok {
		p.Kept = kept
	}
	ticket, err := w.renewed(r)
	alone := r.PostForm.Has("next")
	switch {
	case err == nil && ok:
		r.SignIn(rw, ticket)
		return w.goOn(rw, r, kept, "密码已经改好")
	case err == nil && alone:
		r.SignIn(rw, ticket)
		return httpd.SeeOther(rw, r, p.Next)
	case err == nil:
		r.SignIn(rw, ticket)
		return httpd.SeeOther(rw, r, "/me?changed=1")
	}
	p.Wrong = refusals(err)
	if p.Wrong == nil {
		return err
	}
	if alone {
		return w.showRenew(rw, r, err, p)
	}
	me, failed := w.mePage(rw, r)
	if failed != nil {
		return errors.Join(err, failed)
	}
	me.Wrong = p.Wrong
	return show(rw, r, err, meView(me))
}

// renewed changes the password and returns the ticket of the new session.
func (w *Web) renewed(r *httpd.Request) (ticket string, err error) {
	password := r.PostFormValue("password")
	if r.PostFormValue("again") != password {
		return "", fault.Invalidf("again", "两次输入的新密码不一样，请再输一遍")
	}
	return w.Accounts.ChangePassword(r.Context(), r.Account, r.PostFormValue("old"), password, r.From())
}
