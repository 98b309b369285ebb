package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// minePage is the page of GET /mine: what the graduate must do, how their
// registration stands, what comes, and what they can do about it.
type minePage struct {
	part.Page
	At      string // the moment that it shows
	ToDo    []todo
	Card    *mineCard // nil: nothing was ever registered
	Outside string    // why the graduate is in no figures; blank if they are
	Rows    []mineRow
	Told    string // a word was just sent to the office, and what comes of it
}

// todo is one thing that waits for the graduate.
type todo struct {
	Title, Text string
	Do          part.Link
	Drop        string // of a saved draft: what it is about, to throw it away
	Draft       bool
	Kind        string // wait, back, void, old: the colour of its edge
}

// mineCard is one change or case on its way.
type mineCard struct {
	State   part.State
	Title   string
	Where   string // employer or school, with post or subject
	Since   calendar.Day
	Receipt string
	Says    string // what it means; blank where the steps say it
	Moments []part.Moment
	Counts  string // what counts meanwhile; blank if this does
}

// mineRow leads to what can be done.
type mineRow struct{ Title, Says, Href string }

// myRecord reads the record of the graduate who is signed in, and who acted in it.
func (w *Web) myRecord(r *httpd.Request) (*destination.Record, map[string]access.Account, error) {
	if r.Account.Graduate == "" {
		return nil, nil, errNoGraduate
	}
	rec, err := w.Destinations.Record(r.Context(), r.Who, r.Account.Graduate)
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil, fault.NotFoundf("", "没有找到你的生源信息，请联系学院")
	}
	if err != nil {
		return nil, nil, err
	}
	people, err := w.actors(r.Context(), rec.Events)
	return &rec, people, err
}

// actors are the accounts that wrote the events.
func (w *Web) actors(ctx context.Context, events []history.Event) (map[string]access.Account, error) {
	var ids []string
	for i := range events {
		ids = append(ids, events[i].Actor)
		if second := events[i].Fields["second"]; events[i].Mark == history.Struck {
			ids = append(ids, second)
		}
	}
	slices.Sort(ids)
	return w.Accounts.People(ctx, slices.Compact(ids))
}

// mine answers GET /mine.
func (w *Web) mine(rw http.ResponseWriter, r *httpd.Request) error {
	rec, people, err := w.myRecord(r)
	if err != nil {
		return err
	}
	now := w.Now()
	p := minePage{Page: w.phone(rw, r, "我的去向", ""), At: now.Time().Format("2006-01-02 15:04"),
		Told: toldNotices[r.URL.Query().Get("told")]}
	state := rec.Fold.On(calendar.DayOf(now))
	if !state.Attrs.Counted() {
		p.Outside = "你不在今年的毕业去向统计范围内，登记照常办理。觉得不对，问一问学院。"
	}
	p.ToDo = w.todos(rec, people, state)
	p.Card = w.mineCard(rec, people, state)
	p.Rows = mineRows(rec, presentCase(rec.Fold, calendar.DayOf(now)), p.Card != nil || len(p.ToDo) > 0)
	return show(rw, r, nil, mineView(p))
}

// mineCard shows the change under way, else the case that runs, else the newest
// that was.
func (w *Web) mineCard(rec *destination.Record, people map[string]access.Account, state history.State) *mineCard {
	if u := rec.Fold.UnderWay(); u != nil && u.Last != history.Proposed {
		c := w.changeCard(rec, people, u)
		if state.Detail == history.Registered && (state.Case != u.Case || u.Act != history.Open) {
			c.Counts = "现在统计里还是“" + w.codeName(state.Code) + "”，通过后再换。"
		}
		if u.Last != history.Returned && w.countsAtOnce(u) {
			c.Counts, c.Says = "", "说还没定，提交就算数，不用等审核。有了新去向，随时来登记。"
		}
		return c
	}
	var of *history.Change
	for i := len(rec.Events) - 1; i >= 0 && of == nil; i-- {
		e := &rec.Events[i]
		if c := rec.Fold.Change(e.Change); c != nil && c.Last != history.Proposed && (state.Case == "" || e.Case == state.Case) {
			of = c
		}
	}
	if of == nil {
		return nil
	}
	c := w.changeCard(rec, people, of)
	today := calendar.DayOf(w.Now())
	if k := rec.Fold.Case(of.Case); k != nil {
		stand(c, k, today)
	}
	if k := laterCase(rec.Fold, today); k != nil && k.ID != of.Case {
		c.Counts = "“" + w.codeName(k.Standing().Code) + "”" + comesWords(k.Standing().TrueOn) + "，到那天替下这一条。"
	}
	return c
}

// stand says how a case whose change is over stands. What does not count does not
// end with the words that it does.
func stand(c *mineCard, k *history.Case, today calendar.Day) {
	s := k.Standing()
	defer c.closing(k, s, today)
	switch {
	case k.Struck:
		c.State, c.Says = part.State{Kind: "void", Word: "已核减"}, "学校核减了这一条，不计入统计。你可以说明情况，请学校再查。"
	case k.Disputed:
		c.State, c.Says = part.State{Kind: "dispute", Word: "有异议"}, "你提出了异议，就业中心核实前这一条不计入统计。"
	case s.Voided:
		c.State, c.Says = part.State{Kind: "void", Word: "已作废"}, "这一条已经作废，不计入统计。"
	case s.Ends != "":
		c.State, c.Says = part.State{Kind: "old", Word: "已结束"}, "到 "+string(s.Ends.AddDays(-1))+" 为止。有了新去向，或者还没定，都可以再登记。"
	}
}

// closing puts what is so in the place of the last step, 计入统计.
func (c *mineCard) closing(k *history.Case, s history.Standing, today calendar.Day) {
	at := slices.IndexFunc(c.Moments, func(m part.Moment) bool { return m.Title == countsWords })
	now := part.Moment{State: "stop"}
	switch {
	case k.Struck:
		now.Title = "学校核减了，不计入统计"
	case k.Disputed:
		now.Title = "你提出了异议，核实前不计入统计"
	case s.Voided:
		now.Title = "已作废，不计入统计"
	case s.Ends == "" && s.Opened && s.TrueOn > today:
		c.Says = comesWords(s.TrueOn) + "统计，不用再办什么。在那之前，统计里还不算这一条。"
		now = part.Moment{Title: "自 " + string(s.TrueOn) + " 起计入统计，凭回执可查"}
	default:
		return
	}
	if at >= 0 {
		c.Moments = slices.Delete(c.Moments, at, at+1)
	}
	c.Moments = append(c.Moments, now)
}

// changeCard shows a change with its steps.
func (w *Web) changeCard(rec *destination.Record, people map[string]access.Account, c *history.Change) *mineCard {
	content, _ := rec.Given(c.ID)
	if k := rec.Fold.Case(c.Case); k != nil && !c.UnderWay() && k.Standing().Opened {
		content = k.Standing().Content
	}
	out := &mineCard{State: w.changeState(rec, c), Since: content.TrueOn, Where: w.placeOf(content),
		Title:   w.codeName(content.Code),
		Moments: w.moments(rec, people, c), Receipt: destination.ReceiptOf(rec.Cohort(), c.ID, rec.Events)}
	switch c.Act {
	case history.End:
		out.Title, out.Since = "解约、离职："+out.Title, c.Given.TrueOn
	case history.Void:
		out.Title = "作废：" + out.Title
	}
	return out
}

// placeOf is where somebody went: employer and post, school and subject.
func (w *Web) placeOf(c history.Content) string {
	f := c.Fields.Plain()
	where := cmp.Or(f["employer_name"], f["school_name"], f["school_name_cn"], f["enlist_office"], f["platform"])
	what := cmp.Or(f["position"], f["programme"], f["study_major"], f["major_cn"], f["work_kind"])
	if post := c.Counts.Plain().Post; what == "" && post != "" {
		what = w.valueWords("post", post)
	}
	if where == "" || what == "" {
		return where + what
	}
	return where + "　" + what
}

// levelShort is a level of review as it stands in a state: 待院审.
var levelShort = map[string]string{"辅导员": "辅导员", "学院": "院", "学校": "校"}

func short(title string) string { return cmp.Or(levelShort[title], title) }

// changeState is the state of a change as a tag.
func (w *Web) changeState(rec *destination.Record, c *history.Change) part.State {
	levels, at := w.Destinations.Waiting(rec.Fold, c)
	switch c.Last {
	case history.Submitted:
		return part.State{Kind: "wait", Word: "待" + short(levels[0].Title) + "审"}
	case history.Passed:
		return part.State{Kind: "half", Word: short(levels[max(at-2, 0)].Title) + "审通过，待" + short(levels[at-1].Title) + "审"}
	case history.Returned:
		return part.State{Kind: "back", Word: short(levelTitle(levels, c.Level)) + "退回"}
	case history.Approved:
		return part.State{Kind: "pass", Word: short(levels[len(levels)-1].Title) + "审通过"}
	case history.Recorded:
		return part.State{Kind: "pass", Word: "已登记"}
	case history.Withdrawn:
		return part.State{Kind: "old", Word: "已撤回"}
	case history.Refused:
		return part.State{Kind: "void", Word: "不予通过"}
	}
	return part.State{Kind: "wait", Word: "待本人确认"}
}

func levelTitle(levels []destination.Level, n int) string {
	if n < 1 || n > len(levels) {
		return "学校"
	}
	return levels[n-1].Title
}

// todos are what waits for the graduate, the most pressing first.
func (w *Web) todos(rec *destination.Record, people map[string]access.Account, state history.State) (out []todo) {
	if u := rec.Fold.UnderWay(); u != nil && u.Last == history.Proposed {
		e := lastStep(rec.Events, u.ID)
		content, _ := rec.Given(u.ID)
		out = append(out, todo{Kind: "wait", Title: "你有 1 项待确认", Do: part.Link{Title: "看一看，再确认", Href: "/mine/confirm/" + u.ID},
			Text: signature(people, e.Actor, "老师") + " " + dayWords(e.KnownAt) + " 代你填了“" +
				w.codeName(content.Code) + "”。你不确认，就不算数。"})
	} else if u != nil && u.Last == history.Returned {
		e := lastStep(rec.Events, u.ID)
		href := "/mine/register/form?about=" + u.ID
		if u.Act == history.End || u.Act == history.Void {
			href = "/mine/leave/" + string(u.Act) + "/" + u.Case
		}
		out = append(out, todo{Kind: "back", Title: "登记退回来了", Do: part.Link{Title: "改一改，再提交", Href: href},
			Text: signature(people, e.Actor, "老师") + " " + dayWords(e.KnownAt) + " 说：" + e.Reason})
	}
	out = append(out, w.answers(rec, people, state)...)
	out = append(out, toldAnswer(rec.Told, w.Now())...)
	for _, d := range rec.Drafts {
		if d.Code == "" || d.About != "" && rec.Fold.Change(d.About) != nil {
			continue // what was returned is offered above
		}
		href := "/mine/register/form"
		if d.About != "" {
			href += "?about=" + d.About
		}
		out = append(out, todo{Kind: "old", Title: "有一份没填完的登记", Draft: true, Drop: d.About, Do: part.Link{Title: "接着填", Href: href},
			Text: categoryTitle(w.Book(), d.Code).Title + "，" + d.At.Time().Format("01-02 15:04") + " 存的。"})
	}
	return out
}

// answers are what the school said about a strike or a dispute, while the
// graduate has not answered.
func (w *Web) answers(rec *destination.Record, people map[string]access.Account, state history.State) (out []todo) {
	for i := len(rec.Events) - 1; i >= 0; i-- {
		e := &rec.Events[i]
		if e.Mark == "" || e.Actor == "" || e.Case != state.Case {
			continue
		}
		if a := people[e.Actor]; a.Graduate != "" {
			return nil // the graduate spoke last
		}
		who := signature(people, e.Actor, "学校") + " " + dayWords(e.KnownAt)
		switch e.Mark {
		case history.Struck:
			return []todo{{Kind: "void", Title: "学校核减了这条去向", Text: who + "：" + e.Reason, Do: part.Link{Title: "说明情况", Href: "/mine/answer/" + e.Case}}}
		case history.Upheld:
			return []todo{{Kind: "wait", Title: "学校答复了你的异议", Text: who + "，核实后维持：" + e.Reason, Do: part.Link{Title: "看一看，还不对再说明", Href: "/mine/answer/" + e.Case}}}
		case history.Replied:
			return []todo{{Kind: "wait", Title: "学校给你留了话", Text: who + "：" + e.Reason, Do: part.Link{Title: "回复", Href: "/mine/answer/" + e.Case}}}
		case history.Restored:
			return nil
		}
	}
	return nil
}

// mineRows are what the graduate can do now about the case that runs or comes.
// started: the page has no button to register on top.
func mineRows(rec *destination.Record, k *history.Case, started bool) (out []mineRow) {
	u := rec.Fold.UnderWay()
	if k != nil && !k.Disputed && !k.Struck {
		out = append(out, mineRow{"这不是我的去向", "提出异议", "/mine/dispute/" + k.ID})
	}
	switch {
	case u == nil && k != nil:
		out = append(out, mineRow{"换了单位、要解约、登记错了", "登记变更", "/mine/change"})
	case u == nil:
		if started {
			out = append(out, mineRow{"登记去向", "去登记", "/mine/register"})
		}
	case u.Last == history.Submitted || u.Last == history.Passed:
		out = append(out, mineRow{"填错了，想拿回来改", "撤回", "/mine/withdraw/" + u.ID})
	case u.Last == history.Returned:
		out = append(out, mineRow{"不办了", "撤回", "/mine/withdraw/" + u.ID})
	}
	papers := map[string]bool{}
	for _, d := range rec.Documents {
		papers[d.SHA256] = true
	}
	out = append(out, mineRow{"看材料和经过", paperCount(len(papers)), "/mine/history"})
	out = append(out, mineRow{"谁看过我的资料", "", "/mine/seen"})
	return append(out, mineRow{"有人要我填不是真的去向", toldSays(rec.Told), "/mine/tell"})
}
