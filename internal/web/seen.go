package web

import (
	"cmp"
	"net/http"
	"slices"

	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// mineSeen answers GET /mine/seen: who looked at the own file.
func (w *Web) mineSeen(rw http.ResponseWriter, r *httpd.Request) error {
	if r.Account.Graduate == "" {
		return errOwnAccount()
	}
	list, err := w.Roster.Seen(r.Context(), r.Who, r.Account.Graduate)
	if err != nil {
		return err
	}
	var ids []string
	for _, x := range list {
		ids = append(ids, x.Account)
	}
	slices.Sort(ids)
	called, err := w.Accounts.Called(r.Context(), slices.Compact(ids))
	if err != nil {
		return err
	}
	p := seenPage{Page: w.phone(rw, r, "谁看过我的资料", "/mine")}
	for _, x := range list {
		row := seenRow{At: x.At.Time().Format("2006-01-02 15:04"), Who: cmp.Or(called[x.Account].Name, "已停用的账号"), Role: called[x.Account].Title, Reason: x.Reason}
		row.What = cmp.Or(x.What, "登记情况")
		p.Rows = append(p.Rows, row)
	}
	return show(rw, r, nil, seenView(p))
}

// seenPage is the page of GET /mine/seen.
type seenPage struct {
	part.Page
	Rows []seenRow
}

type seenRow struct{ At, Who, Role, What, Reason string }
