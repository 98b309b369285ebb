package web

import (
	"net/http"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// minePage is the page of GET /mine: a graduate's own registration.
type minePage struct {
	part.Page
	Name     string
	At       string // the moment that it shows
	State    part.State
	Headline string // what counts now
	Employer string // or school; blank if there is none
	Since    calendar.Day
	Says     string // what it means, in a sentence
	Steps    []step // of the change under way, oldest first; nil if nothing is
}

// step of a change, as the graduate reads it.
type step struct {
	Words  string
	At     string
	Reason string
	Open   bool // still to come
}

// mine answers GET /mine.
func (w *Web) mine(rw http.ResponseWriter, r *httpd.Request) error {
	id := r.Account.Graduate
	if id == "" {
		return fault.NotFoundf("", "这个账号没有对应的毕业生，请联系就业中心")
	}
	graduates, err := w.People.GraduatesByID(r.Context(), r.Within, []string{id})
	if err != nil {
		return err
	}
	histories, err := w.People.Histories(r.Context(), r.Within, []string{id})
	if err != nil {
		return err
	}
	if len(graduates) == 0 {
		return fault.NotFoundf("", "没有找到你的生源信息，请联系学院")
	}
	p := w.minePage(histories[id])
	p.Page, p.Name = w.frame(rw, r, "我的去向"), graduates[0].Name
	return show(rw, r, nil, mineView(p))
}

// minePage reads the own history: what counts today, and what is on its way.
func (w *Web) minePage(events []history.Event) minePage {
	now := w.Now()
	f := w.foldAt(events, calendar.Cut{True: now, Known: calendar.Forever})
	s := f.On(calendar.DayOf(now))
	p := minePage{At: now.Time().Format("2006-01-02 15:04"), Headline: w.destinationName(s.Destination)}
	if k := f.Case(s.Case); k != nil {
		standing := k.Standing()
		fields := standing.Fields.Plain()
		p.Since, p.Employer = standing.TrueOn, fields["employer_name"]
		if p.Employer == "" {
			p.Employer = fields["school_name"]
		}
	}
	p.State, p.Says = mineState(s.Detail)
	if c := f.UnderWay(); c != nil {
		p.Steps = w.steps(events, c)
	}
	return p
}

// mineState says in plain words how the registration stands. None of the
// answers is better than another.
func mineState(d history.Detail) (part.State, string) {
	switch d {
	case history.Registered:
		return part.State{Kind: "pass", Word: "已登记"}, "学校按这一条统计。不对就联系辅导员或就业中心更正。"
	case history.InReview:
		return part.State{Kind: "wait", Word: "审核中"}, "已经提交，审核通过后计入统计。"
	case history.WasReturned:
		return part.State{Kind: "back", Word: "已退回"}, "审核老师退回了登记，改好后可以再次提交，填过的内容都还在。"
	case history.InDispute:
		return part.State{Kind: "void", Word: "有异议"}, "你提出了异议，就业中心核实前这一条不计入统计。"
	case history.WasStruck:
		return part.State{Kind: "void", Word: "已核减"}, "学校核减了这一条登记，你可以向就业中心申请恢复。"
	}
	return part.State{Kind: "old", Word: "未登记"}, "还没有登记去向。还没定也是一种回答，可以如实登记。"
}

// stepWords are steps as the graduate reads them.
var stepWords = map[history.Step]string{
	history.Proposed: "老师代填，等你确认", history.Submitted: "你提交了登记", history.Passed: "审核通过一级",
	history.Returned: "退回修改",
}

// steps are those of a change that is under way, and what comes next.
func (w *Web) steps(events []history.Event, c *history.Change) []step {
	var out []step
	for i := range events {
		e := &events[i]
		if e.Change == c.ID && e.Step != "" {
			out = append(out, step{Words: stepWords[e.Step], At: e.KnownAt.Time().Format("01-02 15:04"), Reason: e.Reason})
		}
	}
	switch c.Last {
	case history.Proposed:
		return append(out, step{Words: "等你本人提交", Open: true})
	case history.Returned:
		return append(out, step{Words: "等你修改后再次提交", Open: true})
	}
	return append(out, step{Words: "等老师审核", Open: true})
}
