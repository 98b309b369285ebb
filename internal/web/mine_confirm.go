package web

import (
	"net/http"
	"slices"
	"strconv"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// confirmPage is what staff filled in, for the graduate to confirm.
type confirmPage struct {
	part.Page
	Change string
	Who    string
	When   string
	Title  string
	Facts  []factRow
	Papers []paperBlock
	Wrong  []part.Wrong
}

// confirmForm answers GET /mine/confirm/{change}.
func (w *Web) confirmForm(rw http.ResponseWriter, r *httpd.Request) error {
	rec, people, err := w.myRecord(r)
	if err != nil {
		return err
	}
	c := rec.Fold.Change(r.PathValue("change"))
	if c == nil {
		return fault.NotFoundf("change", "没有找到这一份，请回到我的去向再看")
	}
	if c.Last != history.Proposed {
		return httpd.SeeOther(rw, r, "/mine")
	}
	return show(rw, r, nil, confirmView(w.confirmPage(rw, r, rec, people, c)))
}

func (w *Web) confirmPage(rw http.ResponseWriter, r *httpd.Request, rec *destination.Record, people map[string]access.Account, c *history.Change) confirmPage {
	content, papers := rec.Given(c.ID)
	e := lastStep(rec.Events, c.ID)
	return confirmPage{Page: w.phone(rw, r, "看一看，再确认", "/mine"), Change: c.ID, Who: signature(people, e.Actor, "老师"), When: dayClock(e.KnownAt),
		Title: w.codeName(content.Code), Facts: w.facts(content), Papers: w.paperBlocks(rec, papers)}
}

// facts are the payload fields of a content as people read them, in the order of
// the form.
func (w *Web) facts(c history.Content) (out []factRow) {
	values := c.Fields.Plain()
	for i, v := range c.Counts.Plain().Values() {
		values[history.CountedNames[i]] = v
	}
	family := familyOf(w.Book(), c.Code)
	if c.TrueOn != "" {
		out = append(out, factRow{"从哪天起", string(c.TrueOn)})
	}
	for _, f := range fieldSpecs {
		if v := values[f.id]; v != "" && f.id != "true_on" {
			label, _ := f.wordsFor(family)
			out = append(out, factRow{label, w.valueWords(f.id, v)})
		}
	}
	return out
}

// paperBlocks are documents under their kinds.
func (w *Web) paperBlocks(rec *destination.Record, papers []history.Evidence) (out []paperBlock) {
	for _, e := range papers {
		i := slices.IndexFunc(out, func(b paperBlock) bool { return b.Kind == e.Kind })
		if i < 0 {
			i, out = len(out), append(out, paperBlock{Kind: e.Kind, Title: w.Book().Table("document").NameOf(e.Kind)})
		}
		out[i].Files = append(out[i].Files, w.paperFile(rec, e, len(out[i].Files)+1))
	}
	return out
}

// confirm answers POST /mine/confirm/{change}: one tap makes it the graduate's own.
func (w *Web) confirm(rw http.ResponseWriter, r *httpd.Request) error {
	rec, people, err := w.myRecord(r)
	if err != nil {
		return err
	}
	change := r.PathValue("change")
	c := rec.Fold.Change(change)
	if c == nil {
		return fault.NotFoundf("change", "没有找到这一份，请回到我的去向再看")
	}
	if c.Last == history.Submitted {
		return httpd.SeeOther(rw, r, "/mine/receipt/"+change)
	}
	_, err = w.Destinations.Submit(r.Context(), r.Who, destination.Draft{Graduate: rec.Person.ID, Change: change})
	problems := destination.ProblemsOf(err)
	if err == nil {
		return httpd.SeeOther(rw, r, "/mine/receipt/"+change)
	}
	if len(problems) == 0 {
		return err
	}
	p := w.confirmPage(rw, r, rec, people, c)
	for _, x := range problems {
		p.Wrong = append(p.Wrong, part.Wrong{Text: x.Text + "（点下面的“改一改”补上）"})
	}
	return show(rw, r, err, confirmView(p))
}

// receiptPage says that a submission arrived.
type receiptPage struct {
	part.Page
	Receipt string
	At      string
	Entry   string // the number of its entry in the audit trail; blank while it has none
	Card    *mineCard
	Over    string // why nothing comes of it any more; blank while something may
	Again   bool   // it can be registered anew
}

// overWords head the receipt of a change that ended without becoming effective:
// a form sent again by the back button leads here.
var overWords = map[history.Step]string{history.Withdrawn: "这一份已经撤回", history.Refused: "这一份没有通过"}

// receipt answers GET /mine/receipt/{change}.
func (w *Web) receipt(rw http.ResponseWriter, r *httpd.Request) error {
	rec, people, err := w.myRecord(r)
	if err != nil {
		return err
	}
	c := rec.Fold.Change(r.PathValue("change"))
	if c == nil || destination.ReceiptOf(rec.Cohort(), c.ID, rec.Events) == "" {
		return fault.NotFoundf("change", "没有找到这份回执，请回到我的去向再看")
	}
	title := "回执"
	if over := overWords[c.Last]; over != "" {
		title = over + "：回执"
	}
	p := receiptPage{Page: w.phone(rw, r, title, "/mine"), Over: overWords[c.Last], Card: w.changeCard(rec, people, c)}
	p.Again = p.Over != "" && c.Act == history.Open && rec.Fold.UnderWay() == nil
	if k := rec.Fold.Case(c.Case); k != nil && !c.UnderWay() && p.Over == "" {
		stand(p.Card, k, calendar.DayOf(w.Now()))
	}
	for i := range rec.Events {
		if e := &rec.Events[i]; e.Change == c.ID && e.Step == history.Submitted {
			p.At = e.KnownAt.Time().Format("2006-01-02 15:04")
		}
	}
	n, err := w.Destinations.SubmissionEntry(r.Context(), r.Who, rec, c.ID)
	if err != nil {
		return err
	}
	if n > 0 {
		p.Entry = strconv.FormatInt(n, 10)
	}
	if p.Receipt = p.Card.Receipt; c.Last != history.Returned && w.countsAtOnce(c) {
		p.Card.Says = "说还没定，提交就算数，不用等审核。有了新去向，随时来登记。"
	}
	return show(rw, r, nil, receiptView(p))
}

// mineHistoryPage is everything that the school knows of the graduate's way.
type mineHistoryPage struct {
	part.Page
	Papers  []paperBlock
	Moments []part.Moment
}

// mineHistory answers GET /mine/history: one's own events, the newest first.
func (w *Web) mineHistory(rw http.ResponseWriter, r *httpd.Request) error {
	rec, people, err := w.myRecord(r)
	if err != nil {
		return err
	}
	p := mineHistoryPage{Page: w.phone(rw, r, "材料和经过", "/mine")}
	var papers []history.Evidence
	for _, d := range rec.Documents {
		papers = append(papers, history.Evidence{SHA256: d.SHA256, Kind: d.Kind})
	}
	p.Papers = w.paperBlocks(rec, papers)
	levels := func(c *history.Change) []destination.Level {
		l, _ := w.Destinations.Waiting(rec.Fold, c)
		return l
	}
	for i := len(rec.Events) - 1; i >= 0; i-- {
		p.Moments = append(p.Moments, eventWords(people, rec, levels, &rec.Events[i]))
	}
	return show(rw, r, nil, mineHistoryView(p))
}
