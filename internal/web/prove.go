package web

import (
	"net/http"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// proveRoutes are where who is signed in proves it again (S50).
func (w *Web) proveRoutes() []httpd.Route {
	return []httpd.Route{
		{Method: "GET", Pattern: "/me/prove", Permission: httpd.SignedIn, Scope: httpd.Nobody, Class: httpd.Internal, Audit: httpd.NotAudited, Handle: w.proveForm, Pays: access.OwesSecond},
		{Method: "POST", Pattern: "/me/prove", Permission: httpd.SignedIn, Scope: httpd.Nobody, Class: httpd.Internal, Audit: "account.prove", Handle: w.prove, Pays: access.OwesSecond},
	}
}

// provePage asks who is signed in for the password, before what wants a fresh proof.
type provePage struct {
	part.Page
	Token string
	Login string
	Next  string     // where to go on, on this site
	Kept  httpd.Kept // a form to go on with; the zero Kept if none
	Wrong string
	Coded bool // a code of the second factor is asked for
}

// proveForm answers GET /me/prove.
func (w *Web) proveForm(rw http.ResponseWriter, r *httpd.Request) error {
	return w.showProve(rw, r, nil, provePage{Next: httpd.LocalPath(r.URL.Query().Get("next"))})
}

// proveFirst answers a form that wanted a fresh proof.
func (w *Web) proveFirst(rw http.ResponseWriter, r *httpd.Request, k httpd.Kept) error {
	return w.showProve(rw, r, fault.Forbiddenf("reauth", "要再确认是你本人"), provePage{Kept: k})
}

// prove answers POST /me/prove: on to the page, or on with the form.
func (w *Web) prove(rw http.ResponseWriter, r *httpd.Request) error {
	p := provePage{Next: httpd.LocalPath(r.PostFormValue("next"))}
	kept, ok := r.Keep(httpd.Kept{To: r.PostFormValue("to"), Form: r.PostFormValue("form"), Files: r.PostFormValue("files") == "1"})
	if ok {
		p.Kept = kept
	}
	err := w.Accounts.Prove(r.Context(), r.Account, r.Session, r.PostFormValue("password"), r.PostFormValue("second_code"), r.From())
	if k := fault.KindOf(err); k == fault.Forbidden || k == fault.Unavailable {
		p.Wrong = err.Error()
		return w.showProve(rw, r, err, p)
	}
	if err != nil {
		return err
	}
	if ok {
		return w.goOn(rw, r, kept, "已确认")
	}
	return httpd.SeeOther(rw, r, p.Next)
}

func (w *Web) showProve(rw http.ResponseWriter, r *httpd.Request, refusal error, p provePage) error {
	_, on, _, err := w.Accounts.FactorState(r.Context(), r.Account)
	if err != nil {
		return err
	}
	p.Page, p.Token, p.Login, p.Coded = w.door(rw, r), r.FormToken(rw), r.Account.Login, on
	return show(rw, r, refusal, proveView(p))
}
