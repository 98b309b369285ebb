package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/privacy"
	"quxiang/internal/domain/roster"
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
	among, err := w.seenAmong(r)
	if err != nil {
		return err
	}
	list = append(list, among...)
	slices.SortStableFunc(list, func(a, b roster.Sighting) int { return int(b.At - a.At) })
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

// seenAmong is when searches and exports showed the graduate among others.
func (w *Web) seenAmong(r *httpd.Request) (out []roster.Sighting, err error) {
	if w.Privacy == nil {
		return nil, nil
	}
	list, err := w.Privacy.SeenAmong(r.Context(), r.Who, r.Account.Graduate)
	for _, x := range list {
		row := roster.Sighting{At: x.At, Account: x.Account, What: "查找结果", Reason: cmp.Or(x.Detail["reason"], x.Detail["purpose"])}
		switch {
		case strings.HasSuffix(x.Action, ".export"), x.Action == privacy.ActionExported && x.Detail["fields"] == "":
			row.What = "导出的名单（不含敏感列）"
		case x.Action == privacy.ActionExported:
			var titles []string
			for _, f := range strings.Split(x.Detail["fields"], ",") {
				titles = append(titles, exchange.Title(exchange.Person, f))
			}
			row.What = "导出的文件（" + strings.Join(titles, "、") + "）"
		}
		out = append(out, row)
	}
	return out, err
}

// seenPage is the page of GET /mine/seen.
type seenPage struct {
	part.Page
	Rows []seenRow
}

type seenRow struct{ At, Who, Role, What, Reason string }
