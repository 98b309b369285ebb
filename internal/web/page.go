package web

import (
	"io"
	"net/http"

	"github.com/a-h/templ"

	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// frame fills in what every page shows around its own.
func (w *Web) frame(rw http.ResponseWriter, r *httpd.Request, title string) part.Page {
	p := w.bareFrame(r, title)
	if r.SignedIn() {
		p.FormToken = r.FormToken(rw)
	}
	return p
}

func (w *Web) bareFrame(r *httpd.Request, title string) part.Page {
	return part.Page{
		Title: title, School: w.School().Name, Style: w.static.address["app.css"], Icon: w.static.address["icon.svg"],
		User: r.Account.Name, Role: r.Who.Title(), Insecure: r.Insecure(), Demo: w.Demo,
	}
}

// show sends a page. refusal is what the page itself says is wrong, or nil.
func show(rw http.ResponseWriter, r *httpd.Request, refusal error, page templ.Component) error {
	return httpd.Write(rw, refusal, func(out io.Writer) error { return page.Render(r.Context(), out) })
}

// problem renders the page of an error.
func (w *Web) problem(out io.Writer, r *httpd.Request, p httpd.Problem) error {
	frame := w.bareFrame(r, p.Title)
	frame.User, frame.Bare = "", true // no form on this page: nothing that needs a token
	return problemPage(frame, p).Render(r.Context(), out)
}
