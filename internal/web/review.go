package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/destination/scrutiny"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/domain/roster"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// reviewRoutes are the routes of the review desk and of disputes.
func (w *Web) reviewRoutes() []httpd.Route {
	review, strike := httpd.Over(access.ReviewCase), httpd.Over(access.StrikeCase)
	return []httpd.Route{
		{Method: "GET", Pattern: "/review", Permission: access.ReviewCase, Scope: review, Class: httpd.Personal, Audit: httpd.NotAudited, Handle: w.reviewFirst},
		{Method: "GET", Pattern: "/review/{graduate}/{change}", Permission: access.ReviewCase, Scope: review, Class: httpd.Personal, Audit: httpd.NotAudited, Handle: w.reviewOne},
		{Method: "POST", Pattern: "/review/{graduate}/{change}/pass", Permission: access.ReviewCase, Scope: review, Class: httpd.Personal, Audit: "destination.pass", Handle: w.decide(pass)},
		{Method: "POST", Pattern: "/review/{graduate}/{change}/return", Permission: access.ReviewCase, Scope: review, Class: httpd.Personal, Audit: "destination.return", Handle: w.decide(giveBack)},
		{Method: "POST", Pattern: "/review/{graduate}/{change}/refuse", Permission: access.ReviewCase, Scope: review, Class: httpd.Personal, Audit: "destination.refuse", Handle: w.decide(refuse)},
		{Method: "GET", Pattern: "/review/bulk", Permission: access.ReviewCase, Scope: review, Class: httpd.Personal, Audit: httpd.NotAudited, Handle: w.bulkDone},
		{Method: "POST", Pattern: "/review/bulk", Permission: access.ReviewCase, Scope: review, Class: httpd.Personal, Audit: "destination.pass.bulk", Handle: w.bulkPass},
		{Method: "GET", Pattern: "/disputes", Permission: access.StrikeCase, Scope: strike, Class: httpd.Personal, Audit: httpd.NotAudited, Handle: w.disputes},
		{Method: "POST", Pattern: "/disputes/{graduate}/{case}/uphold", Permission: access.StrikeCase, Scope: strike, Class: httpd.Personal, Audit: "destination.mark.upheld", Handle: w.uphold},
		{Method: "POST", Pattern: "/disputes/{graduate}/{case}/reply", Permission: access.StrikeCase, Scope: strike, Class: httpd.Personal, Audit: "destination.mark.replied", Handle: w.reply},
	}
}

// reviewPage is the review desk: the list, and one change of it.
type reviewPage struct {
	part.Page
	Filter     reviewFilter
	Colleges   []part.Option
	Classes    []part.Option
	Codes      []part.Option
	Rows       []reviewRow
	Total      int
	Oldest     string // how long the first of the list waits
	First      string // address of the list's first page; blank: this is it
	Next       string // address of its next page; blank: there is none
	Sheet      *sheetView
	Chosen     bool   // the change is named by the address: a narrow screen shows it, not the list
	Said       string // what became of the change decided before
	Wrong      string // what is wrong with the list's own form
	Newer      string // address of the change before this one; blank: none
	Older      string // of the one after it
	MayNarrow  bool   // there is something to narrow the list by
	IsFiltered bool
}

// reviewFilter is what the address narrows the list by.
type reviewFilter struct {
	College, Class, Code string
	Warn                 string // yes, no; blank: both
	After                string // graduate after whom the page begins
}

func parseReviewFilter(v url.Values) reviewFilter {
	return reviewFilter{College: v.Get("college"), Class: v.Get("class"), Code: v.Get("code"), Warn: v.Get("warn"), After: v.Get("after")}
}

// query is the filter as an address has it, with what is added.
func (f reviewFilter) query(more ...string) string {
	v := url.Values{}
	for _, x := range [...][2]string{{"college", f.College}, {"class", f.Class}, {"code", f.Code}, {"warn", f.Warn}, {"after", f.After}} {
		if x[1] != "" {
			v.Set(x[0], x[1])
		}
	}
	for i := 0; i+1 < len(more); i += 2 {
		if v.Del(more[i]); more[i+1] != "" {
			v.Set(more[i], more[i+1])
		}
	}
	if len(v) == 0 {
		return ""
	}
	return "?" + v.Encode()
}

// narrowed reports that the filter leaves some out.
func (f reviewFilter) narrowed() bool { return f.College+f.Class+f.Code+f.Warn != "" }

// reviewRow is one line of the list.
type reviewRow struct {
	Name     string
	Pick     string // what a tick sends: graduate, change and level
	Href     string
	State    part.State
	What     string // destination, or what else is asked for
	Class    string
	Age      string
	Warnings int
	Sampled  bool
	Current  bool
}

// reviewFirst answers GET /review: the list, and beside it whoever waits longest.
func (w *Web) reviewFirst(rw http.ResponseWriter, r *httpd.Request) error {
	p, items, err := w.reviewList(rw, r, parseReviewFilter(r.URL.Query()))
	if err != nil {
		return err
	}
	if len(items) > 0 {
		if p.Sheet, err = w.sheet(r, items[0].Graduate, items[0].Change); err != nil {
			return err
		}
		p.place(items[0].Graduate)
	}
	return show(rw, r, nil, reviewView(p))
}

// reviewOne answers GET /review/{graduate}/{change}.
func (w *Web) reviewOne(rw http.ResponseWriter, r *httpd.Request) error {
	p, err := w.reviewPage(rw, r, parseReviewFilter(r.URL.Query()))
	if err != nil {
		return err
	}
	return show(rw, r, nil, reviewView(p))
}

// reviewPage is the desk with the change that the path names.
func (w *Web) reviewPage(rw http.ResponseWriter, r *httpd.Request, f reviewFilter) (reviewPage, error) {
	p, _, err := w.reviewList(rw, r, f)
	if err != nil {
		return p, err
	}
	graduate := r.PathValue("graduate")
	if p.Sheet, err = w.sheet(r, graduate, r.PathValue("change")); err != nil {
		return p, err
	}
	p.Chosen, p.Title = true, p.Sheet.Name+" · 待审核"
	p.Crumbs = []part.Link{{Title: "待审核", Href: "/review" + f.query()}, {Title: p.Sheet.Name}}
	p.place(graduate)
	return p, nil
}

// place marks the row of the change shown, and says what is before and after it.
func (p *reviewPage) place(graduate string) {
	at := slices.IndexFunc(p.Rows, func(r reviewRow) bool { return strings.HasPrefix(r.Pick, graduate+" ") })
	if at < 0 {
		if len(p.Rows) > 0 {
			p.Older = p.Rows[0].Href
		}
		return
	}
	p.Rows[at].Current = true
	if at > 0 {
		p.Newer = p.Rows[at-1].Href
	}
	if at+1 < len(p.Rows) {
		p.Older = p.Rows[at+1].Href
	} else {
		p.Older = p.Next
	}
}

// reviewPageSize is how many changes the list shows at a time.
const reviewPageSize = 50

// reviewList reads the list of what the actor may decide now.
func (w *Web) reviewList(rw http.ResponseWriter, r *httpd.Request, f reviewFilter) (reviewPage, []destination.Item, error) {
	ctx := r.Context()
	p := reviewPage{Page: w.script(w.desk(rw, r, "待审核"), "htmx.min.js", "review.js"), Filter: f, IsFiltered: f.narrowed()}
	list, err := w.Work.Worklist(ctx)
	if err != nil {
		return p, nil, err
	}
	filter, err := w.ofMine(ctx, r.Who, f)
	if err != nil {
		return p, nil, err
	}
	items, total := list.List(r.Who, r.Within, filter, f.After, reviewPageSize+1)
	more := len(items) > reviewPageSize
	items = items[:min(len(items), reviewPageSize)]
	p.Total = total
	if p.Rows, err = w.reviewRows(r, items, f); err != nil {
		return p, nil, err
	}
	if len(items) > 0 {
		p.Oldest = waitedSince(items[0].Waits, w.Now())
	}
	if f.After != "" {
		p.First = "/review" + f.query("after", "")
	}
	if more {
		p.Next = "/review" + f.query("after", items[len(items)-1].Graduate)
	}
	p.Said, err = w.became(r, list)
	if err != nil {
		return p, nil, err
	}
	return p, items, w.narrowBy(r, list, &p)
}

// ofMine is the filter over what the actor may decide now, longest waiting first.
func (w *Web) ofMine(ctx context.Context, who access.Actor, f reviewFilter) (destination.Filter, error) {
	out := destination.Filter{Queue: destination.QueueMine, Sort: destination.SortAge, College: f.College, Class: f.Class, Code: f.Code}
	if f.Warn == "" {
		return out, nil
	}
	warned, err := w.Destinations.Warned(ctx, who)
	if f.Warn == "no" {
		out.Except = warned
	} else {
		out.Among = warned
	}
	return out, err
}

// reviewRows names the items.
func (w *Web) reviewRows(r *httpd.Request, items []destination.Item, f reviewFilter) ([]reviewRow, error) {
	ctx := r.Context()
	ids := make([]string, len(items))
	for i, it := range items {
		ids[i] = it.Graduate
	}
	people, err := w.peopleByID(ctx, r.Within, ids)
	if err != nil {
		return nil, err
	}
	findings, samples, err := w.Destinations.Warnings(ctx, r.Who, ids)
	if err != nil {
		return nil, err
	}
	names, err := w.Figures.Names(ctx)
	if err != nil {
		return nil, err
	}
	var out []reviewRow
	for _, it := range items {
		row := reviewRow{Name: people[it.Graduate].Name, Href: "/review/" + it.Graduate + "/" + it.Change + f.query(),
			Pick: fmt.Sprint(it.Graduate, " ", it.Change, " ", it.Level), State: waitingState(it.Tier), What: strings.TrimSuffix(w.asksFor(it), "形式就业"), Age: waitedSince(it.Waits, w.Now())}
		row.Class, _ = names.Name("class", it.Attrs.Value(history.Class))
		for _, x := range findings {
			if x.Graduate == it.Graduate && x.Change == it.Change && x.Answer == "" && x.Severity == scrutiny.Warns {
				row.Warnings++
			}
		}
		row.Sampled = slices.ContainsFunc(samples, func(x destination.Sample) bool { return x.Graduate == it.Graduate && x.Result == "" })
		out = append(out, row)
	}
	return out, nil
}

// peopleByID returns the graduates named, those within the scope, by id.
func (w *Web) peopleByID(ctx context.Context, within access.Scope, ids []string) (map[string]roster.Graduate, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	list, err := w.People.GraduatesByID(ctx, within, ids)
	out := make(map[string]roster.Graduate, len(list))
	for _, g := range list {
		out[g.ID] = g
	}
	return out, err
}

// narrowBy fills the choices of the filters: what lies in the actor's hands.
func (w *Web) narrowBy(r *httpd.Request, list *destination.Worklist, p *reviewPage) error {
	names, err := w.Figures.Names(r.Context())
	if err != nil {
		return err
	}
	var colleges, classes []string
	for _, c := range list.Classes(r.Within, "") {
		if c.Of(destination.QueueClass)+c.Of(destination.QueueCollege)+c.Of(destination.QueueSchool) == 0 {
			continue
		}
		colleges = append(colleges, c.College)
		if p.Filter.College == "" || p.Filter.College == c.College {
			classes = append(classes, c.Class)
		}
	}
	p.Colleges = options(names, "college", colleges)
	first := len(p.Colleges) > 1 && p.Filter.College == "" && p.Filter.Class == "" // the college, then its classes
	if !first || len(classes) <= mostClasses {
		p.Classes = options(names, "class", classes)
	}
	for _, c := range w.Book().Table("destination").All() {
		if c.Parent == "" && c.Class != "" && c.Fields["counts_as"] == "" {
			p.Codes = append(p.Codes, part.Option{Value: c.Code, Title: c.Name})
		}
	}
	return nil
}

// mostClasses is how many classes a choice without a college may offer.
const mostClasses = 40

// options are the units to choose from, each once, in the order given; units that
// are none are left out.
func options(names indicator.Names, dim indicator.Dim, ids []string) (out []part.Option) {
	seen := map[string]bool{"": true}
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			title, _ := names.Name(dim, id)
			out = append(out, part.Option{Value: id, Title: title})
		}
	}
	return out
}

// waiting returns how much work lies in whose hands, by address of the
// navigation. What cannot be counted is not shown.
func (w *Web) waiting(r *httpd.Request) map[string]heap {
	if w.Work == nil || r.Who.May(access.ReviewCase) != nil {
		return nil
	}
	list, err := w.Work.Worklist(r.Context())
	if err != nil {
		return nil
	}
	out, all := map[string]heap{}, "各届合计"
	for _, c := range list.Counts(r.Who, r.Who.Within(access.ReviewCase), "") {
		switch c.Queue {
		case destination.QueueMine:
			out["/review"] = heap{c.N, all}
		case destination.QueueDisputed:
			out["/disputes"] = heap{c.N, all}
		}
	}
	if _, ok := w.gets["/graduates"]; !ok || r.Who.May(access.ViewPeople) != nil {
		return out
	}
	if cohorts, err := w.Figures.Cohorts(r.Context()); err == nil && len(cohorts) > 0 {
		usual := usualCohort(cohorts, w.Now()) // that the list opens with
		for _, c := range list.Counts(r.Who, r.Who.Within(access.ViewPeople), usual) {
			if c.Queue == destination.QueueUnregistered {
				out[unregisteredAddress] = heap{c.N, usual + " 届"}
			}
		}
	}
	return out
}

// refusal reports whether the error is one that the form itself shows.
func refusal(err error) bool {
	k := fault.KindOf(err)
	return k == fault.Invalid || k == fault.Conflict
}
