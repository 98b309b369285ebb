package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/domain/roster"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// pageSize of lists of people.
const pageSize = 50

// peoplePage is the page of GET /people: whom a number counts.
type peoplePage struct {
	part.Page
	What       string // what was counted, such as 2024 届 本科 签约
	Moved      string // of a list of moves: since when, such as 2024-08-24（含当日）; else blank
	MovedKnown string // what of that moment was known, in words
	AsOf       string
	Known      string
	Definition string // title
	Total      int
	From, To   int // places of the people shown, from 1
	People     []person
	Unseen     int    // of those on this page, whom the actor may not see any more
	First      string // address of the first page; blank on it
	Next       string // address of the next page; blank on the last
}

// person is one line. Neither identity number nor phone is ever on it.
type person struct {
	Number      string // 学号, else 考生号
	Name        string
	File        string // address of the graduate's file; blank: there is none
	Level       string
	College     string
	Class       string
	Destination string
	Before      string       // of a list of moves: where they were
	Since       calendar.Day // since when it is so; blank: from the beginning or nothing
}

// people answers GET /people. The scope bounds both whom the number counts and
// whom the list shows.
func (w *Web) people(rw http.ResponseWriter, r *httpd.Request) error {
	cohorts, err := w.Figures.Cohorts(r.Context())
	if err != nil {
		return err
	}
	v := r.URL.Query()
	q, ask, err := parseQuery(v, cohorts, w.Now())
	if err != nil {
		return err
	}
	t, err := w.Figures.Count(r.Context(), r.Who, ask)
	if err != nil {
		return err
	}
	if t.AsOf == nil || t.KnownAt == nil {
		return fault.Invalidf("cohort", "一次只能打开一届的名单")
	}
	list := listing{cut: calendar.Cut{True: *t.AsOf, Known: *t.KnownAt}}
	if v.Has("since") {
		err = w.listMoves(r, v, q, ask, &t, &list)
	} else {
		err = w.listPeople(r, v, q, ask, &t, &list)
	}
	if err != nil {
		return err
	}
	p, err := w.peoplePage(r.Context(), r.Within, v, &list)
	if err != nil {
		return err
	}
	p.Definition = t.Title
	// Every page of it: whoever begins in the middle has seen people as well.
	if err := w.Accounts.Opened(r.Context(), r.Who, v.Encode(), p.Total); err != nil {
		return err
	}
	p.Page = w.desk(rw, r, p.What+"的名单", part.Link{Title: q.Cohort + " 届去向总览", Href: q.address("/")})
	return show(rw, r, nil, peopleView(p))
}

// listing is whom a list shows, and of which moment.
type listing struct {
	what   string
	ids    []string // in order
	cut    calendar.Cut
	before *comparison // of a list of moves: the moment they moved since
	known  calendar.Instant
}

// listPeople finds whom a number of the table counts.
func (w *Web) listPeople(r *httpd.Request, v url.Values, q query, ask indicator.Query, t *indicator.Table, l *listing) (err error) {
	names, err := w.Figures.Names(r.Context())
	if err != nil {
		return err
	}
	sel := selection(v, q.Cohort)
	l.what = what(t, sel, names)
	l.ids, err = w.Figures.People(r.Context(), r.Who, ask, sel)
	return err
}

// listMoves finds who moved since a moment: all, or those from one place to another.
func (w *Web) listMoves(r *httpd.Request, v url.Values, q query, ask indicator.Query, t *indicator.Table, l *listing) error {
	since, err := parseSince(v, q, &ask, w.Now())
	if err != nil {
		return err
	}
	def, err := indicator.DefinitionByID(t.Definition)
	if err != nil {
		return err
	}
	d, err := w.Figures.Differences(r.Context(), r.Who, ask, since.From, indicator.Moment{AsOf: ask.AsOf, KnownAt: ask.KnownAt})
	if err != nil {
		return err
	}
	from, to := v.Get("from"), v.Get("to")
	for _, m := range d.Moves {
		if (from == "" || from == cellOr(m.From)) && (to == "" || to == cellOr(m.To)) {
			l.ids = append(l.ids, m.Graduates...)
		}
	}
	slices.Sort(l.ids)
	l.ids = slices.Compact(l.ids)
	l.before, l.known = &since, l.cut.Known
	if since.Then {
		l.known = min(since.At, l.cut.Known)
	}
	l.what = q.Cohort + " 届 变动"
	if from != "" || to != "" {
		l.what = q.Cohort + " 届 " + placeOrAny(&def, from) + " → " + placeOrAny(&def, to)
	}
	return nil
}

// placeOrAny names a place that an address names; blank is any.
func placeOrAny(def *indicator.Definition, cell string) string {
	if cell == "" {
		return "不限"
	}
	return placeTitle(def, cell)
}

// rowDims are the dimensions that an address may name a row by.
var rowDims = []indicator.Dim{"level", "college", "major", "class", "sex", "training"}

// selection reads which number of the table is opened.
func selection(v url.Values, cohort string) indicator.Selection {
	sel := indicator.Selection{Cohort: cohort, Cell: v.Get("cell"), Except: v.Get("except"), Reason: history.Detail(v.Get("reason")),
		Proof: indicator.Proof(v.Get("proof"))}
	for _, d := range rowDims {
		if v.Has(string(d)) {
			sel.Keys = append(sel.Keys, indicator.Condition{Dim: d, Value: v.Get(string(d))})
		}
	}
	return sel
}

// peoplePage lays one page of the list out: fifty by key, after the one given.
func (w *Web) peoplePage(ctx context.Context, within access.Scope, v url.Values, l *listing) (peoplePage, error) {
	ids := l.ids
	p := peoplePage{Total: len(ids), What: l.what, AsOf: moment(l.cut.True)}
	if v.Get("known_at") != "" {
		p.Known = moment(l.cut.Known)
	}
	if l.before != nil {
		p.Moved, p.MovedKnown = moment(l.before.At), "按现在所知"
		if l.before.Then {
			p.MovedKnown = "按当时所知"
		}
	}
	from := 0
	if after := v.Get("after"); after != "" {
		at, found := slices.BinarySearch(ids, after)
		if from = at; found {
			from++
		}
		p.First = pageAddress(v, "")
	}
	page := ids[from:min(from+pageSize, len(ids))]
	if len(page) > 0 {
		p.From, p.To = from+1, from+len(page)
	}
	if from+len(page) < len(ids) {
		p.Next = pageAddress(v, page[len(page)-1])
	}
	var before *calendar.Cut
	if l.before != nil {
		before = &calendar.Cut{True: l.before.At, Known: l.known}
	}
	names, err := w.Figures.Names(ctx)
	if err != nil {
		return p, err
	}
	p.People, err = w.movers(ctx, within, page, l.cut, before, names)
	p.Unseen = len(page) - len(p.People)
	return p, err
}

func pageAddress(v url.Values, after string) string {
	to := url.Values{}
	for k, list := range v {
		to[k] = list
	}
	to.Del("after")
	if after != "" {
		to.Set("after", after)
	}
	return "/people?" + to.Encode()
}

// what names the number that is opened.
func what(t *indicator.Table, sel indicator.Selection, names indicator.Names) string {
	out := sel.Cohort + " 届"
	for _, k := range sel.Keys {
		name, _ := names.Name(k.Dim, k.Value)
		out += " " + name
	}
	for _, h := range t.Headings {
		if h.ID == sel.Cell {
			out += " " + strings.TrimSuffix(h.Title, "率")
		}
	}
	if title := (indicator.Reason{ID: sel.Reason}).Title(); title != "" {
		out += " " + title
	}
	if title := sel.Proof.Title(); title != "" {
		out += " " + title
	}
	if sel.Except == settled {
		out += " 未落实"
	}
	if sel.Cell == "" && sel.Reason == "" && sel.Except == "" {
		out += " 毕业生"
	}
	return out
}

// persons reads the people of a page as they were at the cut.
func (w *Web) persons(ctx context.Context, within access.Scope, ids []string, cut calendar.Cut, names indicator.Names) ([]person, error) {
	return w.movers(ctx, within, ids, cut, nil, names)
}

// movers are persons, with where they were at an earlier cut if there is one.
func (w *Web) movers(ctx context.Context, within access.Scope, ids []string, cut calendar.Cut, before *calendar.Cut, names indicator.Names) ([]person, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	graduates, err := w.People.GraduatesByID(ctx, within, ids)
	if err != nil {
		return nil, err
	}
	histories, err := w.People.Histories(ctx, within, ids)
	if err != nil {
		return nil, err
	}
	out := make([]person, 0, len(graduates))
	for i := range graduates {
		events := histories[graduates[i].ID]
		one := w.person(&graduates[i], events, cut, names)
		if before != nil {
			one.Before = w.destinationName(w.foldAt(events, *before).On(before.LastDay()).Destination)
		}
		out = append(out, one)
	}
	return out, nil
}

func (w *Web) person(g *roster.Graduate, events []history.Event, cut calendar.Cut, names indicator.Names) person {
	f := w.foldAt(events, cut)
	s := f.On(cut.LastDay())
	name := func(d indicator.Dim, k history.Key) string {
		key := s.Attrs.Value(k)
		if key == "" {
			return ""
		}
		n, _ := names.Name(d, key)
		return n
	}
	p := person{Number: g.StudentNo, Name: g.Name, Level: name("level", history.Level),
		College: name("college", history.College), Class: name("class", history.Class), Destination: w.destinationName(s.Destination)}
	if p.Number == "" {
		p.Number = g.ExamNo
	}
	if _, ok := w.gets["/graduates/{id}"]; ok {
		p.File = "/graduates/" + g.ID
	}
	if k := comingCase(f, cut.LastDay()); k != nil {
		p.Destination += "（" + comesWords(k.Standing().TrueOn) + "）"
	}
	if k := f.Case(s.Case); k != nil && s.Detail == history.Registered {
		p.Since = k.Standing().TrueOn
	}
	return p
}

// destinationName is the code's name as every page says it, or why there is none.
func (w *Web) destinationName(d history.Destination) string {
	if d.Detail != history.Registered {
		return indicator.Reason{ID: d.Detail}.Title()
	}
	return w.codeName(d.Code)
}

// foldAt folds what was known at the cut.
func (w *Web) foldAt(events []history.Event, cut calendar.Cut) *history.Fold {
	f := history.NewFold(destination.NoWork(w.Book()))
	for i := range events {
		if events[i].KnownAt >= cut.Known {
			break
		}
		f.Apply(&events[i])
	}
	return f
}
