package web

import (
	"net/http"
	"net/url"
	"slices"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// caseFile is a graduate with the cases, for striking and checking.
type caseFile struct {
	ID, Number, Name, Units, File, Cohort string
	events                                []history.Event
	fold                                  *history.Fold
	place                                 func(history.Content) string
}

// overPeople is the scope of who may strike and may see the people: a school
// leader, who sees aggregates only, has none.
func overPeople(who access.Actor) access.Scope {
	return who.Within(access.StrikeCase).Both(who.Within(access.ViewPeople))
}

// caseFiles reads graduates with what is known of them now, by id.
func (w *Web) caseFiles(r *httpd.Request, ids []string) (map[string]*caseFile, error) {
	out := map[string]*caseFile{}
	if len(ids) == 0 {
		return out, nil
	}
	people, err := w.People.GraduatesByID(r.Context(), r.Within, ids)
	if err != nil {
		return nil, err
	}
	stories, err := w.People.Histories(r.Context(), r.Within, ids)
	if err != nil {
		return nil, err
	}
	names, err := w.Figures.Names(r.Context())
	if err != nil {
		return nil, err
	}
	now := w.Now() + 1
	for i := range people {
		g := &people[i]
		p := w.person(g, stories[g.ID], calendar.Cut{True: now, Known: now}, names)
		c := &caseFile{ID: g.ID, Cohort: g.Attrs.Value(history.Cohort), Number: p.Number, Name: p.Name, Units: p.Level + " " + p.College + " " + p.Class, events: stories[g.ID],
			fold: history.NewFold(destination.NoWork(w.Book())), place: w.claimWords}
		for k := range c.events {
			c.fold.Apply(&c.events[k])
		}
		c.File = w.fileOf(r, g.ID)
		out[g.ID] = c
	}
	return out, nil
}

// said is what a case says, or what the change says that waits for review.
func (c *caseFile) said(id string) string {
	if k := c.fold.Case(id); k != nil && k.Standing().Code != "" {
		return c.place(k.Standing().Content)
	}
	if x := c.fold.UnderWay(); x != nil && x.Case == id {
		return c.place(x.Given) + "（审核中）"
	}
	if id == "" {
		return "没有说是哪一条登记"
	}
	return "这条登记还没有生效"
}

// canStrike reports that a case stands and is not struck out.
func (c *caseFile) canStrike(id string) bool { return strikeable(c.fold.Case(id)) }

// strikeable reports that the case became effective, stands and is not struck out.
func strikeable(k *history.Case) bool {
	return k != nil && !k.Struck && k.Standing().Opened && !k.Standing().Voided
}

// strikePage is the page of GET and POST /graduates/{id}/strike and restore.
type strikePage struct {
	part.Page
	Graduate *caseFile
	Cases    []part.Option
	Case     string
	Reason   string
	Second   string // login of the second person
	Me       string
	Wrongs   []part.Wrong
}

// oneFileOf reads the graduate of the address. Error: fault.NotFound.
func (w *Web) oneFileOf(r *httpd.Request) (*caseFile, error) {
	id := r.PathValue("id")
	files, err := w.caseFiles(r, []string{id})
	if err != nil {
		return nil, err
	}
	if files[id] == nil {
		return nil, fault.NotFoundf("graduate", "没有找到这位毕业生，或不在当前账号负责的范围内")
	}
	return files[id], nil
}

// strikeForm answers GET /graduates/{id}/strike.
func (w *Web) strikeForm(rw http.ResponseWriter, r *httpd.Request) error {
	return w.showStrike(rw, r, strikePage{Case: r.URL.Query().Get("case")}, nil)
}

// strike answers POST /graduates/{id}/strike: two people sign in one form.
func (w *Web) strike(rw http.ResponseWriter, r *httpd.Request) error {
	p := strikePage{Case: typed(r, "case"), Reason: typed(r, "reason"), Second: typed(r, "second")}
	if p.Wrongs = p.lacks(r.PostFormValue("password")); len(p.Wrongs) > 0 {
		return w.showStrike(rw, r, p, fault.Invalidf("", "没有填全"))
	}
	// The second person is not asked before the rest of the form can be right.
	second, err := w.Accounts.Vouch(r.Context(), p.Second, r.PostFormValue("password"), r.PostFormValue("second_code"), r.Peer.String())
	if err == nil {
		err = w.Destinations.Strike(r.Context(), r.Who, second.Actor(calendar.DayOf(w.Now())), r.PathValue("id"), p.Case, p.Reason)
	}
	if err == nil {
		return httpd.SeeOther(rw, r, "/strikes?done="+url.QueryEscape(r.PathValue("id")))
	}
	p.Wrongs = refusals(err)
	if fault.KindOf(err) == fault.NotFound || len(p.Wrongs) == 0 {
		return err
	}
	for i := range p.Wrongs {
		switch p.Wrongs[i].Field {
		case "login", "password", "":
			p.Wrongs[i].Field = "second"
		case "code":
			p.Wrongs[i].Field = "second_code"
		case "true_on":
			p.Wrongs[i].Field = "case"
		}
	}
	return w.showStrike(rw, r, p, err)
}

// lacks are the fields that are blank.
func (p *strikePage) lacks(password string) []part.Wrong {
	var out []part.Wrong
	for _, f := range [][3]string{{p.Case, "case", "请选择核减哪一条去向"}, {p.Reason, "reason", "请写明核减的理由，毕业生会看到"},
		{p.Second, "second", "请第二位老师填登录账号"}, {password, "password", "请第二位老师填密码"}} {
		if f[0] == "" {
			out = append(out, part.Wrong{Field: f[1], Text: f[2]})
		}
	}
	return out
}

func (w *Web) showStrike(rw http.ResponseWriter, r *httpd.Request, p strikePage, refusal error) error {
	g, err := w.oneFileOf(r)
	if err != nil {
		return err
	}
	p.Graduate, p.Me = g, r.Account.Name
	for _, k := range g.fold.Cases() {
		if g.canStrike(k.ID) {
			p.Cases = append(p.Cases, caseOption(g, k))
		}
	}
	if len(p.Cases) == 1 {
		p.Case = p.Cases[0].Value
	}
	p.Page = w.desk(rw, r, "核减", part.Link{Title: "核减", Href: "/strikes"}, part.Link{Title: g.Name, Href: g.File})
	return show(rw, r, refusal, strikeView(p))
}

func caseOption(g *caseFile, k *history.Case) part.Option {
	s := k.Standing()
	o := part.Option{Value: k.ID, Title: g.place(s.Content)}
	if s.TrueOn != "" {
		o.Help = "自 " + string(s.TrueOn)
	}
	if s.Ends != "" {
		o.Help += " 至 " + string(s.Ends) + "（已结束）"
	}
	return o
}

// restoreForm answers GET /graduates/{id}/restore.
func (w *Web) restoreForm(rw http.ResponseWriter, r *httpd.Request) error {
	return w.showRestore(rw, r, strikePage{Case: r.URL.Query().Get("case")}, nil)
}

// restore answers POST /graduates/{id}/restore.
func (w *Web) restore(rw http.ResponseWriter, r *httpd.Request) error {
	p := strikePage{Case: typed(r, "case"), Reason: typed(r, "reason")}
	err := w.Destinations.Restore(r.Context(), r.Who, r.PathValue("id"), p.Case, p.Reason)
	if err == nil {
		return httpd.SeeOther(rw, r, "/strikes?restored="+url.QueryEscape(r.PathValue("id")))
	}
	if !shownOnForm(err) {
		return err
	}
	p.Wrongs = renamed(refusals(err), "true_on", "case")
	return w.showRestore(rw, r, p, err)
}

func (w *Web) showRestore(rw http.ResponseWriter, r *httpd.Request, p strikePage, refusal error) error {
	g, err := w.oneFileOf(r)
	if err != nil {
		return err
	}
	p.Graduate = g
	for _, k := range g.fold.Cases() {
		if k.Struck && !k.Standing().Voided {
			p.Cases = append(p.Cases, caseOption(g, k))
		}
	}
	if len(p.Cases) == 1 && p.Case == "" {
		p.Case = p.Cases[0].Value
	}
	p.Page = w.desk(rw, r, "恢复", part.Link{Title: "核减", Href: "/strikes"}, part.Link{Title: g.Name, Href: g.File})
	return show(rw, r, refusal, restoreView(p))
}

// strikesPage is the page of GET /strikes.
type strikesPage struct {
	part.Page
	List []struckLine
	Said string
}

// struckLine is one case that is struck out, with the words about it.
type struckLine struct {
	Graduate *caseFile
	Said     string // what the case says
	Since    string
	By       string // both people
	Reason   string
	Words    []wordView // of the graduate and the office since
	Restore  string
}

// wordView is one reply.
type wordView struct{ At, By, Text string }

// strikes answers GET /strikes: what is struck out now, the newest first.
func (w *Web) strikes(rw http.ResponseWriter, r *httpd.Request) error {
	ids, err := w.Office.Struck(r.Context(), r.Within, "")
	if err != nil {
		return err
	}
	p := strikesPage{Page: w.desk(rw, r, "核减")}
	switch {
	case r.URL.Query().Has("done"):
		p.Said = "已核减：这条去向不再计入，毕业生会在自己的页面看到理由，可以回复"
	case r.URL.Query().Has("restored"):
		p.Said = "已恢复：这条去向重新计入，经过留在历史里"
	}
	names := w.namesOfAccounts(r.Context())
	type dated struct {
		struckLine
		at calendar.Instant
	}
	var all []dated
	for part := range slices.Chunk(ids, 500) {
		files, err := w.caseFiles(r, part)
		if err != nil {
			return err
		}
		for _, id := range part {
			g := files[id]
			if g == nil {
				continue
			}
			for _, k := range g.fold.Cases() {
				if !k.Struck {
					continue
				}
				line, at, err := struckOf(g, k, names)
				if err != nil {
					return err
				}
				all = append(all, dated{line, at})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b dated) int { return int(min(max(b.at-a.at, -1), 1)) })
	for _, x := range all {
		p.List = append(p.List, x.struckLine)
	}
	return show(rw, r, nil, strikesView(p))
}

// struckOf lays out a case that is struck out: who did it and why, and what was
// said since.
func struckOf(g *caseFile, k *history.Case, names *namesOfAccounts) (line struckLine, at calendar.Instant, err error) {
	line = struckLine{Graduate: g, Said: g.place(k.Standing().Content), Restore: "/graduates/" + g.ID + "/restore?case=" + url.QueryEscape(k.ID)}
	for i := range g.events {
		e := &g.events[i]
		if e.Case != k.ID || e.Mark == "" {
			continue
		}
		by, err := names.name(e.Actor)
		if err != nil {
			return line, at, err
		}
		switch e.Mark {
		case history.Struck:
			second, err := names.name(e.Fields["second"])
			if err != nil {
				return line, at, err
			}
			at, line.Since, line.Reason, line.By, line.Words = e.KnownAt, minuteOf(e.KnownAt), e.Reason, by+"、"+second, nil
		case history.Replied, history.Disputed:
			line.Words = append(line.Words, wordView{minuteOf(e.KnownAt), by, e.Reason})
		}
	}
	return line, at, nil
}
