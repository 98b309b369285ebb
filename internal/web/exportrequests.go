package web

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/disclosure"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// Disclosures lets sensitive columns out: one asks, another approves, taken once.
type Disclosures interface {
	Ask(ctx context.Context, who access.Actor, r disclosure.Request) (disclosure.Request, error)
	AskLarge(ctx context.Context, who access.Actor, r disclosure.Request) (disclosure.Request, error)
	Requests(ctx context.Context, who access.Actor) ([]disclosure.Request, error)
	Decide(ctx context.Context, who access.Actor, id string, approve bool, reason string) error
	// TakeRevealed writes the file of an approved request, once.
	TakeRevealed(ctx context.Context, who access.Actor, id string, w io.Writer) error
}

// requestRoutes are the addresses of sensitive columns.
func (w *Web) requestRoutes() []httpd.Route {
	right, within := access.ExportPeople, httpd.Over(access.ExportPeople)
	decide, school := access.ApproveExport, httpd.Over(access.ApproveExport)
	return []httpd.Route{
		{Method: "GET", Pattern: "/export/requests", Permission: right, Scope: within, Class: httpd.Internal, Audit: httpd.NotAudited, Handle: w.requests},
		{Method: "POST", Pattern: "/export/requests", Permission: right, Scope: within, Class: httpd.Internal, Audit: "export.ask", Handle: w.request},
		{Method: "POST", Pattern: "/export/requests/{id}/take", Permission: right, Scope: within, Class: httpd.Personal, Audit: "export.take", Handle: w.takeRequest, Fresh: true},
		{Method: "POST", Pattern: "/export/requests/{id}/approve", Permission: decide, Scope: school, Class: httpd.Internal, Audit: "export.approve", Handle: w.decideRequest(true), Fresh: true},
		{Method: "POST", Pattern: "/export/requests/{id}/refuse", Permission: decide, Scope: school, Class: httpd.Internal, Audit: "export.refuse", Handle: w.decideRequest(false)},
	}
}

// requestsAddress is the page of sensitive columns.
const requestsAddress = "/export/requests"

// requestsPage is the page of GET /export/requests.
type requestsPage struct {
	part.Page
	Kind, Cohort, Purpose string
	Recipient             string
	Picked                []string
	Fields                []exchange.Column
	Cohorts               []part.Option
	Rows                  []requestRow
	Errors                map[string]string
	Wrong                 []part.Wrong
	Alert                 string // about a request of the list
	Done                  string
}

// requestRow is one request as people read it.
type requestRow struct {
	disclosure.Request
	What    string
	Columns string
	Person  string
	Decider string
	When    string
	State   part.State
	CanTake bool
	CanSay  bool // approve or refuse
}

func (w *Web) requests(rw http.ResponseWriter, r *httpd.Request) error {
	p := requestsPage{}
	if r.URL.Query().Has("asked") {
		p.Done = "申请已提交，等就业中心另一位同事批准。批准后 24 小时内可下载一次。"
	}
	return w.showRequests(rw, r, p, nil)
}

func (w *Web) showRequests(rw http.ResponseWriter, r *httpd.Request, p requestsPage, wrong error) error {
	cohorts, err := w.Figures.Cohorts(r.Context())
	if err != nil {
		return err
	}
	list, err := w.Disclosures.Requests(r.Context(), r.Who)
	if err != nil {
		return err
	}
	if p.Rows, err = w.requestRows(r, list); err != nil {
		return err
	}
	p.Page = w.desk(rw, r, "导出申请", part.Link{Title: "导出", Href: "/export"})
	p.Fields = disclosure.Fields()
	for _, c := range slices.Backward(cohorts) {
		p.Cohorts = append(p.Cohorts, part.Option{Value: c, Title: c + " 届"})
	}
	if p.Cohort == "" && len(cohorts) > 0 {
		p.Cohort = usualCohort(cohorts, w.Now())
	}
	p.Kind = cmp.Or(p.Kind, "roster")
	return show(rw, r, wrong, requestsView(p))
}

func (w *Web) requestRows(r *httpd.Request, list []disclosure.Request) ([]requestRow, error) {
	var ids []string
	for _, x := range list {
		ids = append(ids, x.Account, x.DecidedBy)
	}
	slices.Sort(ids)
	people, err := w.Accounts.People(r.Context(), slices.DeleteFunc(slices.Compact(ids), func(s string) bool { return s == "" }))
	if err != nil {
		return nil, err
	}
	out := make([]requestRow, len(list))
	for i, x := range list {
		row := requestRow{Request: x, What: kindTitle(x.Kind), Person: cmp.Or(people[x.Account].Name, "命令行"), Decider: people[x.DecidedBy].Name,
			When: minute(x.Asked), State: w.requestState(x)}
		var titles []string
		for _, f := range x.Fields {
			titles = append(titles, exchange.Title(exchange.Person, f))
		}
		row.Columns = cmp.Or(strings.Join(titles, "、"), "没有；人数多，须批准")
		if x.Recipient == disclosure.ForEmployers {
			row.Columns += "；给用人单位，只含本人同意的"
		}
		if x.State == disclosure.Taken && x.Recipient == disclosure.ForEmployers {
			row.Columns += "：" + strconv.Itoa(x.People) + " 人，未同意剔除 " + strconv.Itoa(x.LeftOut) + " 人"
		}
		row.CanTake = x.Account == r.Account.ID && x.Open(w.Now())
		row.CanSay = x.State == disclosure.Asked && x.Account != r.Account.ID && r.Who.May(access.ApproveExport) == nil
		out[i] = row
	}
	return out, nil
}

func (w *Web) requestState(x disclosure.Request) part.State {
	switch {
	case x.State == disclosure.Asked:
		return part.State{Kind: "wait", Word: "待批准"}
	case x.State == disclosure.Refused:
		return part.State{Kind: "back", Word: "未批准"}
	case x.State == disclosure.Taken:
		return part.State{Kind: "old", Word: "已下载"}
	case x.Open(w.Now()):
		return part.State{Kind: "pass", Word: "已批准"}
	}
	return part.State{Kind: "old", Word: "已过期"}
}

func kindTitle(kind string) string {
	for _, o := range exportKinds {
		if o.Value == kind {
			return o.Title
		}
	}
	return kind
}

// request answers POST /export/requests.
func (w *Web) request(rw http.ResponseWriter, r *httpd.Request) error {
	f := r.PostForm
	p := requestsPage{Kind: f.Get("kind"), Cohort: f.Get("cohort"), Purpose: strings.TrimSpace(f.Get("purpose")), Picked: f["fields"],
		Recipient: f.Get("recipient")}
	large := f.Get("large") == "yes"
	ask, cohort := w.Disclosures.Ask, p.Cohort
	if large {
		ask = w.Disclosures.AskLarge
	}
	if large && cohort == "all" {
		cohort = ""
	}
	cohorts, err := calendar.ParseCohorts(cohort)
	if err != nil && (cohort != "" || !large) {
		err = fault.Invalidf("cohort", "请从列表里选一届")
	} else {
		x := disclosure.Request{Kind: p.Kind, Cohorts: cohorts, Fields: p.Picked, Purpose: p.Purpose, Recipient: p.Recipient}
		if large {
			x.Layout, x.AsOf = strings.TrimPrefix(f.Get("layout"), "all"), f.Get("as_of")
		}
		_, err = ask(r.Context(), r.Who, x)
	}
	if refused(err) {
		p.Errors, p.Wrong = wrongs(err, "purpose")
		return w.showRequests(rw, r, p, err)
	}
	if err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, requestsAddress+"?asked=1")
}

// decideRequest answers the two buttons of who approves.
func (w *Web) decideRequest(approve bool) httpd.Handler {
	return func(rw http.ResponseWriter, r *httpd.Request) error {
		err := w.Disclosures.Decide(r.Context(), r.Who, r.PathValue("id"), approve, strings.TrimSpace(r.PostForm.Get("reason")))
		if refused(err) {
			return w.showRequests(rw, r, requestsPage{Alert: err.Error()}, err)
		}
		if err != nil {
			return err
		}
		return httpd.SeeOther(rw, r, requestsAddress)
	}
}

// takeRequest answers with the file, once.
func (w *Web) takeRequest(rw http.ResponseWriter, r *httpd.Request) error {
	err := sendSheet(rw, "经批准的导出_"+r.PathValue("id")+".xlsx", func(out io.Writer) error {
		return w.Disclosures.TakeRevealed(r.Context(), r.Who, r.PathValue("id"), out)
	})
	if refused(err) {
		return w.showRequests(rw, r, requestsPage{Alert: err.Error()}, err)
	}
	return err
}

func cohortsOf(x requestRow) string {
	if len(x.Cohorts) == 0 {
		return "全部各届"
	}
	return strings.Join(x.Cohorts, "、") + " 届"
}
