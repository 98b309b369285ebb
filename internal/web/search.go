package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/roster"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// searchPage is the page of GET /search.
type searchPage struct {
	part.Page
	Text  string // as the page shows it: a long number is masked
	Rows  []graduateRow
	Found []string // how each was found
	More  bool
}

// heading says how many were found.
func (p searchPage) heading() string {
	n := strconv.Itoa(len(p.Rows)) + " 人"
	if p.More {
		n = "超过 " + n
	}
	return "“" + p.Text + "”：" + n
}

// mostFound is how many people a search shows.
const mostFound = 50

// foundBy says how somebody was found.
var foundBy = map[string]string{"name": "姓名", "number": "学号或考生号", "phone": "手机号", "id_number": "证件号", "employer": "单位或院校", "receipt": "回执号"}

// startSearch answers POST /search: the answer's address holds a name at most. A
// phone or an identity number would stay in histories, logs and shared screens
// (S59), so that it leads to the one file it means, or to a ticket.
func (w *Web) startSearch(rw http.ResponseWriter, r *httpd.Request) error {
	return w.seek(rw, r, strings.TrimSpace(r.PostFormValue("q")))
}

func (w *Web) seek(rw http.ResponseWriter, r *httpd.Request, text string) error {
	switch {
	case text == "":
		return httpd.SeeOther(rw, r, "/search")
	case !personalNumber(text):
		return httpd.SeeOther(rw, r, "/search?q="+url.QueryEscape(text))
	}
	found, _, err := w.Roster.Find(r.Context(), r.Who, text, 2)
	if err != nil {
		return err
	}
	if len(found) == 1 {
		return httpd.SeeOther(rw, r, fileAddress(found[0].Graduate, ""))
	}
	return httpd.SeeOther(rw, r, "/search/"+w.handed.keep(r.Account.ID, w.Now(), soughtNumber(text)))
}

// personalNumber reports that the text may be somebody's number; a receipt is not.
func personalNumber(text string) bool {
	return roster.Numeric(text) && !destination.LooksLikeReceipt(text)
}

// soughtNumber is what a ticket of a search stands for.
type soughtNumber string

// heldSearch answers GET /search/{ticket}.
func (w *Web) heldSearch(rw http.ResponseWriter, r *httpd.Request) error {
	text, ok := w.handed.look(r.Account.ID, r.PathValue("ticket"), w.Now()).(soughtNumber)
	if !ok {
		return httpd.SeeOther(rw, r, "/search") // after ten minutes: whoever still needs it types it again
	}
	return w.showSearch(rw, r, string(text), codes.MaskID(string(text)))
}

// search answers GET /search.
func (w *Web) search(rw http.ResponseWriter, r *httpd.Request) error {
	text := strings.TrimSpace(r.URL.Query().Get("q"))
	if personalNumber(text) {
		return w.seek(rw, r, text) // an old bookmark: out of the address at once
	}
	return w.showSearch(rw, r, text, text)
}

// showSearch shows whom the text finds, within the scope; shown is the text as
// the page may have it.
func (w *Web) showSearch(rw http.ResponseWriter, r *httpd.Request, text, shown string) error {
	p := searchPage{Text: shown}
	found, more, err := w.Roster.Find(r.Context(), r.Who, text, mostFound)
	if err != nil {
		return err
	}
	p.More = more
	receipts, err := w.Destinations.FindReceipt(r.Context(), r.Who, text)
	if err != nil {
		return err
	}
	for _, id := range receipts {
		found = append(found, roster.Found{Place: roster.Place{Graduate: id}, By: "receipt"})
	}
	if err := w.searchRows(r, &p, found); err != nil {
		return err
	}
	p.Page = w.desk(rw, r, "查找")
	if shown == text {
		p.Page.Query = text
	}
	return show(rw, r, nil, searchView(p))
}

func (w *Web) searchRows(r *httpd.Request, p *searchPage, found []roster.Found) error {
	work, err := w.Work.Worklist(r.Context())
	if err != nil {
		return err
	}
	places, by := make([]roster.Place, len(found)), map[string]string{}
	for i, f := range found {
		places[i], by[f.Graduate] = f.Place, foundBy[f.By]
	}
	if p.Rows, err = w.graduateRows(r, places, searchColumns, work, listQuery{}); err != nil {
		return err
	}
	for i := range p.Rows {
		p.Found = append(p.Found, by[p.Rows[i].ID])
		p.Rows[i].Href = fileAddress(p.Rows[i].ID, "")
	}
	if len(p.Rows) == 0 {
		return nil
	}
	if w.Privacy == nil {
		return w.Accounts.Opened(r.Context(), r.Who, "search", len(p.Rows))
	}
	var ids []string
	for _, row := range p.Rows {
		ids = append(ids, row.ID)
	}
	return w.Privacy.Showed(r.Context(), r.Who, string(access.ViewPeople), "search", ids, nil)
}

// searchColumns are the columns of what a search finds.
var searchColumns = []listColumn{{id: "class", title: "班级"}, {id: "college", title: "学院"}, {id: "destination", title: "去向"}, {id: "employer", title: "单位"}}

// searchEmpty says what can be searched for, or why nobody was found.
func searchEmpty(text string) part.Empty {
	if text == "" {
		return part.Empty{Title: "在上面的查找框里写要找的人", Text: "姓名（写一部分也行）、学号、考生号、完整的手机号或证件号、回执号、单位名称。"}
	}
	return part.Empty{Title: "没有找到", Text: "只在你负责的范围内找。可以只写名字的一部分；手机号和证件号要写全。",
		Next: part.Link{Title: "按班级看名单", Href: "/graduates"}}
}
