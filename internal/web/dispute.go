package web

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// disputePage is the queue of what graduates dispute.
type disputePage struct {
	part.Page
	Rows  []disputeRow
	Told  []sampleLine // what graduates told the office and nobody answered
	Pager part.Pager
	Said  string
	Wrong string // case whose form was refused; blank: none
	Why   string // what was wrong with it
	Typed string // what was typed there
}

// typed is what was typed into the form of a case that was refused.
func (p disputePage) typed(kase string) string {
	if p.Wrong == kase {
		return p.Typed
	}
	return ""
}

// disputeRow is one disputed case.
type disputeRow struct {
	Graduate, Case string
	Name, Number   string
	Units          string
	File           string // address of the person's file; blank for who may not open it
	Strike         string // address of the form that strikes the case
	Claims         string // what the case says: destination and employer
	Since          calendar.Day
	Says           string // the graduate's own words
	At             string
	Age            string
	Replies        []part.Moment
}

// disputePageSize is how many disputes a page shows: each is a small form.
const disputePageSize = 20

// disputes answers GET /disputes.
func (w *Web) disputes(rw http.ResponseWriter, r *httpd.Request) error {
	p, err := w.disputePage(rw, r)
	if err != nil {
		return err
	}
	return show(rw, r, nil, disputeView(p))
}

func (w *Web) disputePage(rw http.ResponseWriter, r *httpd.Request) (disputePage, error) {
	ctx := r.Context()
	p := disputePage{Page: w.desk(rw, r, "学生异议")}
	list, err := w.Work.Worklist(ctx)
	if err != nil {
		return p, err
	}
	after := r.URL.Query().Get("after")
	items, total := list.List(r.Who, r.Within, destination.Filter{Queue: destination.QueueDisputed, Sort: destination.SortAge}, after, disputePageSize+1)
	if len(items) > disputePageSize {
		items = items[:disputePageSize]
		p.Pager.Next = "/disputes?after=" + url.QueryEscape(items[len(items)-1].Graduate)
	}
	if after != "" {
		p.Pager.First = "/disputes"
	}
	p.Pager.Total, p.Pager.Unit = total, "件"
	ids := make([]string, len(items))
	for i, it := range items {
		ids[i] = it.Graduate
	}
	claims, err := w.Destinations.Claims(ctx, r.Who, ids)
	if err != nil {
		return p, err
	}
	names, err := w.Figures.Names(ctx)
	if err != nil {
		return p, err
	}
	if after == "" {
		if p.Told, err = w.toldLines(r); err != nil {
			return p, err
		}
	}
	for i := range claims {
		row := w.disputeRow(r, &claims[i])
		row.Units = unitsOf(claims[i].Person.Attrs, names)
		p.Rows = append(p.Rows, row)
	}
	p.Pager.From, p.Pager.To = min(1, len(p.Rows)), len(p.Rows)
	if after != "" {
		p.Pager.Total = 0 // a page in the midst does not know its number
	}
	p.Said, err = w.became(r, list)
	return p, err
}

func (w *Web) disputeRow(r *httpd.Request, c *destination.Claim) disputeRow {
	f := c.Content.Fields
	row := disputeRow{Graduate: c.Person.ID, Case: c.Case, Name: c.Person.Name, Number: cmp.Or(c.Person.StudentNo, c.Person.ExamNo),
		File: w.fileOf(r, c.Person.ID), Strike: "/graduates/" + c.Person.ID + "/strike?" + url.Values{"case": {c.Case}}.Encode(), Since: c.Content.TrueOn, Says: c.Disputed.Reason, At: c.Disputed.KnownAt.Time().Format("2006-01-02 15:04"),
		Age: waitedSince(c.Disputed.KnownAt, w.Now())}
	row.Claims = w.codeName(c.Content.Code)
	if unit := cmp.Or(f["employer_name"], f["school_name"], f["school_name_cn"]); unit != "" {
		row.Claims += " · " + unit
	}
	for _, e := range c.Replies {
		title := "答复"
		if e.Actor == c.Disputed.Actor {
			title = "本人又说"
		}
		row.Replies = append(row.Replies, part.Moment{Title: title, When: shortTime(e.KnownAt), Detail: e.Reason, State: "done"})
	}
	return row
}

// uphold answers POST /disputes/{graduate}/{case}/uphold: the case counts again.
func (w *Web) uphold(rw http.ResponseWriter, r *httpd.Request) error {
	return w.settle(rw, r, history.Upheld)
}

// reply answers POST /disputes/{graduate}/{case}/reply: the graduate is answered,
// the dispute stays.
func (w *Web) reply(rw http.ResponseWriter, r *httpd.Request) error {
	return w.settle(rw, r, history.Replied)
}

func (w *Web) settle(rw http.ResponseWriter, r *httpd.Request, mark history.Mark) error {
	graduate, kase, text := r.PathValue("graduate"), r.PathValue("case"), strings.TrimSpace(r.PostFormValue("text"))
	var err error
	switch {
	case text == "":
		err = fault.Invalidf("text", "请写明核实的情况，本人会看到")
	case mark == history.Upheld:
		err = w.Destinations.Uphold(r.Context(), r.Who, graduate, kase, text)
	default:
		err = w.Destinations.Reply(r.Context(), r.Who, graduate, kase, text)
	}
	if refusal(err) {
		p, e := w.disputePage(rw, r)
		if e != nil {
			return e
		}
		p.Wrong, p.Why, p.Typed = kase, err.Error(), text
		return show(rw, r, err, disputeView(p))
	}
	if err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, "/disputes?did="+string(mark)+"&of="+url.QueryEscape(graduate))
}
