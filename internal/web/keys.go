package web

import (
	"net/http"
	"net/url"
	"strconv"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// keyRoutes tell the owner of an account who made codes and links for it.
func (w *Web) keyRoutes() []httpd.Route {
	return []httpd.Route{
		{Method: "GET", Pattern: "/me/keys", Permission: httpd.SignedIn, Scope: httpd.Nobody, Class: httpd.Personal, Audit: httpd.NotAudited, Handle: w.keys},
		{Method: "POST", Pattern: "/me/keys", Permission: httpd.SignedIn, Scope: httpd.Nobody, Class: httpd.Personal, Audit: "account.keys_seen", Handle: w.seeKeys},
	}
}

// keysPage is the page of GET /me/keys.
type keysPage struct {
	part.Page
	Rows     []keyRow
	Activate []string // when codes were used
	Until    string   // the newest that is shown
	Next     string   // where to go on, on this site
}

// keyRow is a code or a link as people read it.
type keyRow struct {
	What, By, When string
	Used           string // blank: not yet
	New            bool
}

// keys answers GET /me/keys.
func (w *Web) keys(rw http.ResponseWriter, r *httpd.Request) error {
	p := keysPage{Page: w.phone(rw, r, "激活码和设密码链接", "/me"), Next: httpd.LocalPath(r.URL.Query().Get("next"))}
	list, err := w.Accounts.Keys(r.Context(), r.Account)
	if err != nil {
		return err
	}
	var ids []string
	for _, k := range list {
		ids = append(ids, k.By)
	}
	names, err := w.Accounts.Called(r.Context(), ids)
	if err != nil {
		return err
	}
	for _, k := range list {
		p.Rows = append(p.Rows, keyLine(k, names[k.By]))
	}
	if len(list) > 0 {
		p.Until = strconv.FormatInt(int64(list[0].Made), 10)
	}
	if p.Activate, err = w.activations(r); err != nil {
		return err
	}
	return show(rw, r, nil, keysView(p))
}

func keyLine(k access.Key, by access.Called) keyRow {
	row := keyRow{What: "设密码的链接", By: by.Title + by.Name, When: minuteOf(k.Made), New: k.Seen == 0}
	if k.Kind == access.KeyCode {
		row.What = "补发的激活码"
	}
	if row.By == "" {
		row.By = "已不在的账号"
	}
	if k.Used != 0 {
		row.Used = minuteOf(k.Used)
	}
	return row
}

// seeKeys answers POST /me/keys.
func (w *Web) seeKeys(rw http.ResponseWriter, r *httpd.Request) error {
	made, err := strconv.ParseInt(typed(r, "until"), 10, 64)
	if err != nil {
		return fault.Invalidf("until", "这个页面不完整，请返回、刷新后再按一次")
	}
	if err := w.Accounts.SeeKeys(r.Context(), r.Account, calendar.Instant(made)); err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, r.PostFormValue("next"))
}

// toldFirst leads over the page of codes and links while there is one that the owner
// was not told of.
func (w *Web) toldFirst(r *httpd.Request, a access.Account, next string) (string, error) {
	unseen, err := w.Accounts.UnseenKeys(r.Context(), a)
	if unseen {
		next = "/me/keys?next=" + url.QueryEscape(next)
	}
	return next, err
}

// afterCode is where the use of a code leads: whose account had been activated before
// is shown by whom.
func (w *Web) afterCode(r *httpd.Request, ticket string) (string, error) {
	a, _, err := w.Accounts.Resume(r.Context(), ticket)
	if err != nil {
		return "", err
	}
	used, err := w.Accounts.Activations(r.Context(), a)
	if len(used) > 1 {
		return "/me/keys?next=" + url.QueryEscape("/mine"), err
	}
	return "/mine", err
}
