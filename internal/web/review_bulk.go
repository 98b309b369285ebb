package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/fault"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// bulkPage says what a bulk pass did, and what it left and why.
type bulkPage struct {
	part.Page
	Passed int
	Left   []bulkLeft
	Back   string // the list
}

// bulkLeft is one change that is to be looked at by itself.
type bulkLeft struct {
	Name, What, Why, Href string
}

// bulkPass answers POST /review/bulk: the ticked changes are passed, but for
// those that ask for a look of their own.
func (w *Web) bulkPass(rw http.ResponseWriter, r *httpd.Request) error {
	f := filterOf(r)
	var list []destination.Decision
	for _, pick := range r.PostForm["pick"] {
		part := strings.Fields(pick)
		if len(part) != 3 {
			return fault.Invalidf("pick", "勾选的内容读不出来，请刷新后重新勾选")
		}
		level, _ := strconv.Atoi(part[2])
		list = append(list, destination.Decision{Graduate: part[0], Change: part[1], Level: level})
	}
	if len(list) > reviewPageSize {
		return fault.Invalidf("pick", "一次最多成批通过 %d 件，请分批勾选", reviewPageSize)
	}
	if len(list) == 0 {
		p, _, err := w.reviewList(rw, r, f)
		if err != nil {
			return err
		}
		p.Wrong = "还没有勾选。先在名单左边勾选要成批通过的登记，再按“成批通过”"
		return show(rw, r, fault.Invalidf("pick", "%s", p.Wrong), reviewView(p))
	}
	passed, skipped, err := w.Destinations.BulkPass(r.Context(), r.Who, list)
	if err != nil {
		return err
	}
	left := make([]string, len(skipped))
	for i, s := range skipped {
		left[i] = s.Graduate
	}
	to := url.Values{"passed": {strconv.Itoa(passed)}}
	if len(left) > 0 {
		to.Set("left", strings.Join(left, ","))
	}
	if q := f.query(); q != "" {
		to.Set("list", q)
	}
	return httpd.SeeOther(rw, r, "/review/bulk?"+to.Encode())
}

// bulkDone answers GET /review/bulk: how many passed, and why the others did not.
func (w *Web) bulkDone(rw http.ResponseWriter, r *httpd.Request) error {
	v := r.URL.Query()
	back, err := url.ParseQuery(strings.TrimPrefix(v.Get("list"), "?"))
	if err != nil {
		back = url.Values{}
	}
	f := parseReviewFilter(back)
	p := bulkPage{Page: w.desk(rw, r, "成批通过", part.Link{Title: "待审核", Href: "/review" + f.query("after", "")}), Back: "/review" + f.query("after", "")}
	p.Passed, _ = strconv.Atoi(v.Get("passed"))
	p.Left, err = w.leftOf(r, strings.Split(v.Get("left"), ","), f)
	if err != nil {
		return err
	}
	return show(rw, r, nil, bulkView(p))
}

// leftOf says of each graduate named why their change is to be looked at by
// itself, as it is now.
func (w *Web) leftOf(r *httpd.Request, graduates []string, f reviewFilter) ([]bulkLeft, error) {
	list, err := w.Work.Worklist(r.Context())
	if err != nil {
		return nil, err
	}
	people, err := w.peopleByID(r.Context(), r.Within, graduates)
	if err != nil {
		return nil, err
	}
	var ask []destination.Decision
	var out []bulkLeft
	for _, id := range graduates {
		it, ok := list.Get(id)
		g, seen := people[id]
		if !ok || !seen || len(ask) == reviewPageSize {
			continue
		}
		if it.Level == 0 {
			out = append(out, bulkLeft{Name: g.Name, What: w.asksFor(it), Why: "现在：" + itemWords(it), Href: w.fileOf(r, id)})
			continue
		}
		ask = append(ask, destination.Decision{Graduate: id, Change: it.Change, Level: it.Level})
	}
	skipped, err := w.Destinations.BulkLeaves(r.Context(), r.Who, ask)
	if err != nil {
		return nil, err
	}
	for _, s := range skipped {
		it, _ := list.Get(s.Graduate)
		out = append(out, bulkLeft{Name: people[s.Graduate].Name, What: w.asksFor(it), Why: s.Why, Href: "/review/" + s.Graduate + "/" + s.Change + f.query("after", "")})
	}
	return out, nil
}
