package web

import (
	"net/url"
	"strconv"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// queue is what waits now, whatever the cut of the page.
type queue struct {
	At   string
	Rows []queueRow
}

type queueRow struct {
	State part.State
	Count part.Number
	Age   string // of the oldest; blank: nothing waits
}

// queues are the heaps of work in their order, and where each is done.
var queues = []struct {
	queue destination.Queue
	state part.State
	path  string // blank: the list of graduates in that state
}{
	{destination.QueueMine, part.State{Kind: "wait", Word: "轮到我审"}, "/review"},
	{destination.QueueClass, part.State{Kind: "wait", Word: "待辅导员审"}, ""},
	{destination.QueueCollege, part.State{Kind: "wait", Word: "待院审"}, ""},
	{destination.QueueSchool, part.State{Kind: "half", Word: "待校审"}, ""},
	{destination.QueueProposed, part.State{Kind: "wait", Word: "待本人确认"}, ""},
	{destination.QueueReturned, part.State{Kind: "back", Word: "已退回"}, ""},
	{destination.QueueDisputed, part.State{Kind: "dispute", Word: "学生异议"}, "/disputes"},
	{destination.QueueUnregistered, part.State{Kind: "draft", Word: "未登记"}, ""},
}

// fillQueue counts what waits in the cohort, within the scope.
func (w *Web) fillQueue(r *httpd.Request, p *dashboardPage, _ *indicator.Table, _ indicator.Query, _ []string) error {
	work, err := w.Work.Worklist(r.Context())
	if err != nil {
		return err
	}
	now := w.Now()
	counts := map[destination.Queue]destination.QueueCount{}
	for _, c := range work.Counts(r.Who, r.Within, p.Query.Cohort) {
		counts[c.Queue] = c
	}
	p.Queue.At = now.Time().Format("01-02 15:04")
	reviews := r.Who.May(access.ReviewCase) == nil
	for _, q := range queues {
		c := counts[q.queue]
		if q.queue == destination.QueueMine && !reviews {
			continue
		}
		row := queueRow{State: q.state, Count: part.Number{Text: thousands(c.N), Zero: c.N == 0}}
		if c.N > 0 {
			row.Age = waited(c.Oldest, now)
			row.Count.Href = w.queueAddress(r, q.path, string(q.queue), p.Query.Cohort)
			row.Count.Says = q.state.Word + " " + row.Count.Text + " 件，打开"
		}
		p.Queue.Rows = append(p.Queue.Rows, row)
	}
	return nil
}

// queueAddress is where a heap is worked on; blank where the actor may not.
func (w *Web) queueAddress(r *httpd.Request, path, state, cohort string) string {
	v := url.Values{"cohort": {cohort}}
	if path == "" {
		path = "/graduates"
		v.Set("state", state)
	}
	if !w.mayOpen(r, path) {
		return ""
	}
	return path + "?" + v.Encode()
}

// waited says how long something has been waiting, in whole days.
func waited(since, now calendar.Instant) string {
	if since == 0 {
		return ""
	}
	if days := daysBetween(calendar.DayOf(since), calendar.DayOf(now)); days > 0 {
		return strconv.Itoa(days) + " 天"
	}
	return "今天"
}

// collegeRow is a college in the order of codes.
type collegeRow struct {
	Name          string
	Base, Settled part.Number
	Open          part.Number // not settled: work, not blame
	Percent       string
	Width         int // of the bar, in tenths of a percent
	Total         bool
}

// classWork is what is to do, class by class in their fixed order; no rate: below
// the college there is only work.
type classWork struct {
	Rows []classRow
	More int    // classes that are not shown
	All  string // address of all; blank: none for this account
}

type classRow struct {
	Name                                   string
	People, Open, Confirm, Waits, Returned part.Number
}

// maxClasses is how many classes stand on the dashboard.
const maxClasses = 12

// fillUnits shows colleges side by side to who answers for several, and to all
// others what is to do in their classes.
func (w *Web) fillUnits(r *httpd.Request, p *dashboardPage, t *indicator.Table, ask indicator.Query, _ []string) error {
	if s := r.Within; !s.School && len(s.Colleges) < 2 {
		return w.fillClasses(r, p)
	}
	ask.By = []indicator.Dim{"college"}
	c, err := w.Figures.Count(r.Context(), r.Who, ask)
	if err != nil {
		return err
	}
	open := p.opener(t)
	for i := range c.Rows {
		row := &c.Rows[i]
		for k, h := range c.Headings {
			if h.ID != p.Headline.Cell {
				continue
			}
			f := row.Cells[k]
			one := collegeRow{Name: row.Name(), Base: open.number(row.N, row, "", ""), Settled: open.number(f.K, row, h.ID, "已"+p.Noun()),
				Open: open.link(f.Base-f.K, row, "except", h.ID, "未"+p.Noun()), Percent: f.Percent(), Width: hundredths(f) / 10, Total: row.Total}
			if f.OwnBase { // of whom part is in neither column: the list would be longer than the number
				one.Base, one.Open = part.Number{Text: thousands(f.Base)}, part.Number{Text: thousands(f.Base - f.K)}
			}
			p.Colleges = append(p.Colleges, one)
		}
	}
	return nil
}

// fillClasses shows the work of the classes in the scope.
func (w *Web) fillClasses(r *httpd.Request, p *dashboardPage) error {
	work, err := w.Work.Worklist(r.Context())
	if err != nil {
		return err
	}
	names, err := w.Figures.Names(r.Context())
	if err != nil {
		return err
	}
	list := work.Classes(r.Within, p.Query.Cohort)
	out := classWork{More: max(0, len(list)-maxClasses)}
	if w.mayOpen(r, "/classes") {
		out.All = "/classes?" + url.Values{"cohort": {p.Query.Cohort}}.Encode()
	}
	for _, c := range list[:min(len(list), maxClasses)] {
		name, _ := names.Name("class", c.Class)
		number := func(n int, state destination.Queue, word string) part.Number {
			out := part.Number{Text: thousands(n), Zero: n == 0}
			if n > 0 && w.mayOpen(r, "/graduates") {
				v := url.Values{"cohort": {p.Query.Cohort}, "class": {c.Class}}
				if state != "" {
					v.Set("state", string(state))
				}
				out.Href, out.Says = "/graduates?"+v.Encode(), name+" "+word+" "+out.Text+" 人，打开名单"
			}
			return out
		}
		waits := c.Of(destination.QueueClass) + c.Of(destination.QueueCollege) + c.Of(destination.QueueSchool)
		out.Rows = append(out.Rows, classRow{Name: name, People: number(c.N, "", "毕业生"),
			Open:     number(c.Of(destination.QueueUnregistered), destination.QueueUnregistered, "未登记"),
			Confirm:  number(c.Of(destination.QueueProposed), destination.QueueProposed, "待本人确认"),
			Waits:    part.Number{Text: thousands(waits), Zero: waits == 0},
			Returned: number(c.Of(destination.QueueReturned), destination.QueueReturned, "已退回")})
	}
	p.Classes = &out
	return nil
}
