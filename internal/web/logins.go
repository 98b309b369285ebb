package web

import (
	"net/http"

	"quxiang/internal/domain/access"
	"quxiang/internal/httpd"
)

// loginRoutes end logins of the own account.
func (w *Web) loginRoutes() []httpd.Route {
	return []httpd.Route{
		{Method: "POST", Pattern: "/me/sessions/end", Permission: httpd.SignedIn, Scope: httpd.Nobody, Class: httpd.Personal, Audit: "account.logout_other", Handle: w.endSession},
		{Method: "POST", Pattern: "/me/sessions/others", Permission: httpd.SignedIn, Scope: httpd.Nobody, Class: httpd.Personal, Audit: "account.logout_other", Handle: w.endOthers},
	}
}

// loginRow is a login of the own account as people read it.
type loginRow struct {
	ID            string
	Here          bool
	Device, Where string
	Began, Seen   string
}

// loginRows are the own logins that hold, the present one first.
func (w *Web) loginRows(r *httpd.Request) ([]loginRow, error) {
	list, err := w.Accounts.Sessions(r.Context(), r.Account, r.Session)
	var out []loginRow
	for _, x := range list {
		row := loginRow{ID: x.ID, Here: x.Here, Device: x.Device, Where: x.Where, Began: minuteOf(x.Began), Seen: minuteOf(x.Seen)}
		if row.Device == "" {
			row.Device = "没有认出的设备"
		}
		out = append(out, row)
	}
	return out, err
}

// endSession answers POST /me/sessions/end. The present one ends as a logout does.
func (w *Web) endSession(rw http.ResponseWriter, r *httpd.Request) error {
	return w.ended(rw, r, w.Accounts.EndSession(r.Context(), r.Account, typed(r, "session")))
}

// endOthers answers POST /me/sessions/others.
func (w *Web) endOthers(rw http.ResponseWriter, r *httpd.Request) error {
	return w.ended(rw, r, w.Accounts.EndOtherSessions(r.Context(), r.Account, r.Session))
}

func (w *Web) ended(rw http.ResponseWriter, r *httpd.Request, err error) error {
	if err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, "/me?ended=1")
}

// loginsHeld says how long a login holds without a request.
func loginsHeld(a access.Account) string {
	if a.Graduate != "" {
		return "2 小时不用就自动退出"
	}
	return "30 分钟不用就自动退出"
}
