package web

import (
	"encoding/json"
	"net/http"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/privacy"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// dataRoutes are the addresses of one's own data.
func (w *Web) dataRoutes() []httpd.Route {
	own := httpd.Over(access.CorrectOwn)
	return []httpd.Route{
		{Method: "GET", Pattern: "/mine/data", Permission: access.CorrectOwn, Scope: own, Class: httpd.Personal, Audit: httpd.NotAudited, Handle: w.myData},
		{Method: "POST", Pattern: "/mine/data/copy", Permission: access.CorrectOwn, Scope: own, Class: httpd.Personal, Audit: "privacy.copy", Handle: w.copyData},
	}
}

// myDataPage is the page of GET /mine/data, and of the copy to print.
type myDataPage struct {
	part.Page
	privacy.Copy
	Whole bool // nothing is masked: to be printed
}

func (w *Web) sources() privacy.Sources {
	return privacy.Sources{Sheet: w.Roster.Sheet, Record: w.Destinations.Record, Book: w.Book, School: func() string { return w.School().Name }}
}

// myData answers GET /mine/data.
func (w *Web) myData(rw http.ResponseWriter, r *httpd.Request) error {
	c, err := w.Privacy.MyData(r.Context(), r.Who, r.Account.Graduate, w.sources())
	if err != nil {
		return err
	}
	return show(rw, r, nil, myDataView(myDataPage{Page: w.phone(rw, r, "我的信息", "/me"), Copy: c.Masked()}))
}

// copyData answers POST /mine/data/copy: all of it as a file, or as a page to print.
func (w *Web) copyData(rw http.ResponseWriter, r *httpd.Request) error {
	c, err := w.Privacy.MyData(r.Context(), r.Who, r.Account.Graduate, w.sources())
	if err != nil {
		return err
	}
	format := "json"
	if r.PostFormValue("as") == "print" {
		format = "print"
	}
	if err := w.Privacy.Copied(r.Context(), r.Who, r.Account.Graduate, format); err != nil {
		return err
	}
	if format == "print" {
		return show(rw, r, nil, myDataView(myDataPage{Page: w.phone(rw, r, "我的信息（副本）", "/mine/data"), Copy: c, Whole: true}))
	}
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	rw.Header().Set("Content-Disposition", `attachment; filename="my-data.json"`)
	httpd.WriteBytes(rw, text)
	return nil
}
