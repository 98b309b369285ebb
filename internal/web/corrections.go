package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// correctionsPage is the page of GET /corrections: what graduates find wrong in
// their own data and who has to look at it.
type correctionsPage struct {
	part.Page
	By    roster.Settler
	Tabs  []choice
	Rows  []correctionRow
	Next  string // address of the next page; blank on the last
	First string // address of the first page; blank on it
	Wrong []part.Wrong
}

// correctionRow is one correction with its form.
type correctionRow struct {
	ID, Graduate   string
	Name, Number   string
	Class          string
	Field          string
	Now, After     string
	Moves          []roster.Move // of a major or class: all that changes with it
	Out            bool          // to another college
	Secret         bool          // shown masked: may be revealed
	Revealed       bool
	Dated          bool // may be so from a day on
	Note           string
	Asked          string // day and time
	Age            string // how long it waits, in words
	Typed, Day     string // what was typed before a refusal
	Error, DayFail string
}

// corrections answers GET /corrections.
func (w *Web) corrections(rw http.ResponseWriter, r *httpd.Request) error {
	p, err := w.correctionsPage(rw, r, r.URL.Query())
	if err != nil {
		return err
	}
	return show(rw, r, nil, correctionsView(p))
}

func (w *Web) correctionsPage(rw http.ResponseWriter, r *httpd.Request, v url.Values) (correctionsPage, error) {
	p := correctionsPage{By: roster.Faculty}
	waits, err := w.Roster.CorrectionCounts(r.Context(), r.Who)
	if err != nil {
		return p, err
	}
	for _, by := range waits {
		if string(by.By) == v.Get("by") {
			p.By = by.By
		}
	}
	for _, by := range waits {
		p.Tabs = append(p.Tabs, choice{string(by.By), settlerTitle[by.By] + " " + thousands(by.N), "/corrections?by=" + string(by.By), by.By == p.By})
	}
	list, err := w.Roster.Corrections(r.Context(), r.Who, p.By, v.Get("after"), pageSize+1)
	if err != nil {
		return p, err
	}
	if v.Get("after") != "" {
		p.First = "/corrections?by=" + string(p.By)
	}
	if len(list) > pageSize {
		list = list[:pageSize]
		p.Next = "/corrections?" + url.Values{"by": {string(p.By)}, "after": {list[pageSize-1].ID}}.Encode()
	}
	names, err := w.Figures.Names(r.Context())
	if err != nil {
		return p, err
	}
	for i := range list {
		x := &list[i]
		f, _ := roster.FindCheckField(x.Field)
		row := correctionRow{ID: x.ID, Graduate: x.Person.ID, Name: x.Person.Name, Number: numberOf(&x.Person), Field: f.Title(),
			Now: x.Now, After: x.After, Moves: x.Moves, Secret: f.Secret(), Note: x.Note, Asked: x.Asked.Time().Format("01-02 15:04"), Age: "等了 " + age(x.Asked, w.Now()),
			Dated: f.By == roster.Faculty && f.ID != "politics"}
		if w.Now()-x.Asked < hour {
			row.Age = "刚刚提"
		}
		row.Out = len(x.Moves) > 0 && x.Moves[0].Kind == roster.College
		row.Class, _ = names.Name("class", x.Person.Attrs.Value(history.Class))
		p.Rows = append(p.Rows, row)
	}
	p.Page = w.desk(rw, r, "生源更正")
	return p, nil
}

// settlerTitle names the queues.
var settlerTitle = map[roster.Settler]string{roster.Faculty: "学院核", roster.Registry: "学籍核"}

// numberOf is the number that people know somebody by.
func numberOf(g *roster.Graduate) string {
	if g.StudentNo != "" {
		return g.StudentNo
	}
	return g.ExamNo
}

const hour = 3600 * 1000 // in milliseconds

// age says how long something waits, in days, or hours of the first one.
func age(since, now calendar.Instant) string {
	switch h := int64(now-since) / hour; {
	case h >= 24:
		return thousands(int(h/24)) + " 天"
	default:
		return thousands(int(max(h, 1))) + " 小时"
	}
}

// acceptCorrection answers POST /corrections/{id}/accept.
func (w *Web) acceptCorrection(rw http.ResponseWriter, r *httpd.Request) error {
	return w.decideCorrection(rw, r, true)
}

// refuseCorrection answers POST /corrections/{id}/refuse.
func (w *Web) refuseCorrection(rw http.ResponseWriter, r *httpd.Request) error {
	return w.decideCorrection(rw, r, false)
}

func (w *Web) decideCorrection(rw http.ResponseWriter, r *httpd.Request, accept bool) error {
	d := roster.Decision{Correction: r.PathValue("id"), Accept: accept, Note: strings.TrimSpace(r.PostFormValue("note")),
		Day: calendar.Day(strings.TrimSpace(r.PostFormValue("day")))}
	err := w.Roster.Decide(r.Context(), r.Who, d)
	if err == nil {
		return httpd.SeeOther(rw, r, "/corrections?by="+url.QueryEscape(r.PostFormValue("by")))
	}
	var said *fault.Fault
	if !errors.As(err, &said) || said.Kind != fault.Invalid && said.Kind != fault.Conflict {
		return err
	}
	p, e := w.correctionsPage(rw, r, r.PostForm)
	if e != nil {
		return e
	}
	wrong := part.Wrong{Text: said.Message}
	if i := slices.IndexFunc(p.Rows, func(x correctionRow) bool { return x.ID == d.Correction }); i >= 0 {
		row := &p.Rows[i]
		row.Typed, row.Day, row.Error = d.Note, string(d.Day), said.Message
		wrong = part.Wrong{Field: "note-" + row.ID, Text: row.Name + "的" + row.Field + "：" + said.Message}
		if said.Field == "day" {
			row.Error, row.DayFail = "", said.Message
			wrong.Field = "day-" + row.ID
		}
	}
	p.Wrong = []part.Wrong{wrong}
	return show(rw, r, err, correctionsView(p))
}

// revealCorrection answers POST /corrections/{id}/reveal: both values in full, for
// this one answer.
func (w *Web) revealCorrection(rw http.ResponseWriter, r *httpd.Request) error {
	id := r.PathValue("id")
	now, after, err := w.Roster.RevealCorrection(r.Context(), r.Who, id)
	if err != nil {
		return err
	}
	p, err := w.correctionsPage(rw, r, r.PostForm)
	if err != nil {
		return err
	}
	for i := range p.Rows {
		if p.Rows[i].ID == id {
			p.Rows[i].Now, p.Rows[i].After, p.Rows[i].Revealed = now, after, true
		}
	}
	return show(rw, r, nil, correctionsView(p))
}
