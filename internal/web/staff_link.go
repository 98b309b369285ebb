package web

import (
	"net/http"

	"quxiang/internal/domain/fault"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// newLink answers POST /accounts/{id}/link.
func (w *Web) newLink(rw http.ResponseWriter, r *httpd.Request) error {
	a, err := w.staffAccount(r.Context(), r, r.PathValue("id"))
	if err != nil {
		return err
	}
	token, err := w.Accounts.PasswordLink(r.Context(), r.Who, a.ID)
	if err != nil {
		return err
	}
	return w.handLink(rw, r, a.ID, a.Login, token)
}

// linkOnce is a link to set a password on its way to whom it is for.
type linkOnce struct{ Account, Login, Address string }

func (w *Web) handLink(rw http.ResponseWriter, r *httpd.Request, account, login, token string) error {
	link := linkOnce{account, login, w.base(r) + "/password/" + token}
	return httpd.SeeOther(rw, r, "/accounts/link/"+w.handed.keep(r.Account.ID, w.Now(), link))
}

// linkPage is the page of GET /accounts/link/{ticket}.
type linkPage struct {
	part.Page
	linkOnce
}

// showLink answers GET /accounts/link/{ticket}.
func (w *Web) showLink(rw http.ResponseWriter, r *httpd.Request) error {
	link, ok := w.handed.look(r.Account.ID, r.PathValue("ticket"), w.Now()).(linkOnce)
	if !ok {
		return fault.NotFoundf("", "这个链接已经看不到了：只在生成后十分钟内显示。请在账号里重新生成一个")
	}
	return show(rw, r, nil, linkView(linkPage{w.accountFrame(rw, r, "设置密码的链接"), link}))
}
