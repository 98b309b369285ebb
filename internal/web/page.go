package web

import (
	"io"
	"net/http"

	"github.com/a-h/templ"

	"quxiang/internal/domain/access"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// frame fills in what every public page shows around its own (part.Shell).
func (w *Web) frame(rw http.ResponseWriter, r *httpd.Request, title string) part.Page {
	p := w.bareFrame(r, title)
	if r.SignedIn() {
		p.FormToken, p.Once = r.FormToken(rw), httpd.NewOnce()
	}
	return p
}

func (w *Web) bareFrame(r *httpd.Request, title string) part.Page {
	return part.Page{
		Title: title, School: w.School().Name, Style: w.static.address["app.css"], Icon: w.static.address["icon.svg"],
		User: r.Account.Name, Role: r.Who.Title(), Insecure: r.Insecure(), Demo: w.Demo,
	}
}

// desk is the frame of a staff page (part.Desk). crumbs lead from the widest to
// the page itself, which is added here; none: the page has no way above it.
func (w *Web) desk(rw http.ResponseWriter, r *httpd.Request, title string, crumbs ...part.Link) part.Page {
	p := w.frame(rw, r, title)
	p.Nav = w.nav(r, deskNav, w.waiting(r))
	p.Disk, p.DiskTight = w.diskWarning(r)
	if len(crumbs) > 0 {
		p.Crumbs = append(crumbs, part.Link{Title: title})
	}
	search, ok := w.gets["/search"]
	p.Search = ok && r.Who.May(search.Permission) == nil
	if p.Search {
		p = w.script(p, "desk.js")
	}
	return p
}

// diskWarning is what the office and whoever keeps the machine must hear of the disk;
// blank for others, and while there is room.
func (w *Web) diskWarning(r *httpd.Request) (text string, tight bool) {
	if w.Disk == nil || r.Who.May(access.BackUp) != nil && r.Who.May(access.Configure) != nil {
		return "", false
	}
	d := w.Disk()
	return d.Warning(), d.Tight()
}

// phone is the frame of a graduate's page (part.Phone). back is where the arrow
// leads; a page without one is one of the tabs and shows the tab bar.
func (w *Web) phone(rw http.ResponseWriter, r *httpd.Request, title, back string) part.Page {
	p := w.frame(rw, r, title)
	p.Back = back
	if back == "" {
		p.Nav = w.nav(r, phoneNav, nil)
	}
	return p
}

// script adds scripts of static/ to a page, by file name. Pages work without.
func (w *Web) script(p part.Page, names ...string) part.Page {
	for _, n := range names {
		p.Scripts = append(p.Scripts, w.static.address[n])
	}
	return p
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
