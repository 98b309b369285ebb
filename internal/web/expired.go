package web

import (
	"maps"
	"net/http"
	"slices"

	"quxiang/internal/domain/fault"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// expiredPage is what a form is answered with that came after its session: a login
// that carries on what was typed.
type expiredPage struct {
	part.Page
	Token string
	Kept  httpd.Kept
	Login string
	Wrong string // what is wrong with the login
}

// expired answers a form that came when nobody was signed in any more.
func (w *Web) expired(rw http.ResponseWriter, r *httpd.Request, k httpd.Kept) error {
	return w.showExpired(rw, r, fault.Forbiddenf("session", "登录已过期"), expiredPage{Kept: k})
}

func (w *Web) showExpired(rw http.ResponseWriter, r *httpd.Request, refusal error, p expiredPage) error {
	p.Page, p.Token = w.door(rw, r), r.FormToken(rw)
	return show(rw, r, refusal, expiredView(p))
}

// goOnPage sends on what was typed before the login.
type goOnPage struct {
	part.Page
	Said      string // what was done: 已登录
	Token, To string
	Fields    []keptField
	Files     bool
}

type keptField struct{ Name, Value string }

// goOn answers a login that carried a form: nothing is sent on before whoever
// signed in says so, for it may be somebody else.
func (w *Web) goOn(rw http.ResponseWriter, r *httpd.Request, k httpd.Kept, said string) error {
	p := goOnPage{Said: said, Page: w.door(rw, r), Token: r.FormToken(rw), To: k.To, Files: k.Files}
	fields := k.Fields()
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		for _, v := range fields[name] {
			p.Fields = append(p.Fields, keptField{name, v})
		}
	}
	return show(rw, r, nil, goOnView(p))
}
