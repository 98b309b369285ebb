package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/destination/scrutiny"
	"quxiang/internal/domain/history"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// samplesPage is the page of GET /samples and of the forms on it.
type samplesPage struct {
	part.Page
	Cohort    string
	Cohorts   []choice
	Tabs      []choice // open and done
	Done      bool
	Samples   []sampleLine
	Pager     part.Pager
	Estimate  destination.Estimate
	Names     bool // the actor may see whom
	Draw      drawForm
	Wrongs    []part.Wrong
	Said      string // what was just done
	Screening bool   // offers screening and drawing
}

// drawForm is what the form to draw says.
type drawForm struct{ Name, PerStratum, Seed string }

// sampleLine is one sample of the queue.
type sampleLine struct {
	ID, Number, Name, Units    string
	File                       string // address of the graduate's file; blank: none
	Destination, Reason, Since string
	Result                     part.State
	Told                       string // in the graduate's own words
	Own                        bool   // it comes of them
	Cohort                     string
	Note, By                   string
	Strike                     string // address of the form; blank: nothing to strike
}

// samples answers GET /samples.
func (w *Web) samples(rw http.ResponseWriter, r *httpd.Request) error {
	q := r.URL.Query()
	said := ""
	switch {
	case q.Has("found"):
		said = "核查完成：新增核查提示 " + whole(q.Get("found")) + " 条，新进抽查名单 " + whole(q.Get("queued")) + " 条"
	case q.Has("drawn"):
		said = "已抽取 " + whole(q.Get("drawn")) + " 人，排在名单最后"
	case q.Has("noted"):
		said = "抽查结果已记录"
	}
	return w.showSamples(rw, r, q, drawForm{PerStratum: "1", Seed: strconv.FormatInt(int64(w.Now())/1000%1000000, 10)}, said, nil)
}

// whole returns a number of the address, or 0.
func whole(s string) string {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return "0"
	}
	return strconv.Itoa(n)
}

func (w *Web) showSamples(rw http.ResponseWriter, r *httpd.Request, q url.Values, form drawForm, said string, refusal error) error {
	cohorts, err := w.Figures.Cohorts(r.Context())
	if err != nil {
		return err
	}
	p := samplesPage{Page: w.desk(rw, r, "抽查"), Cohort: q.Get("cohort"), Done: q.Get("state") == "done", Draw: form, Said: said,
		Wrongs: renamed(refusalLines(refusal), "note", "note-"+r.PathValue("id")), Names: !r.Within.Empty(), Screening: r.Who.Has(access.Office)}
	if len(cohorts) == 0 {
		return show(rw, r, refusal, samplesView(p))
	}
	if !slices.Contains(cohorts, p.Cohort) {
		p.Cohort = usualCohort(cohorts, w.Now())
	}
	for _, c := range slices.Backward(cohorts) {
		p.Cohorts = append(p.Cohorts, choice{Title: c + " 届", Href: "/samples?cohort=" + c, Current: c == p.Cohort})
	}
	all, estimate, err := w.Destinations.Samples(r.Context(), r.Who, p.Cohort)
	if err != nil {
		return err
	}
	p.Estimate = estimate
	open := slices.DeleteFunc(slices.Clone(all), func(x destination.Sample) bool { return x.Result != "" })
	p.Tabs = []choice{{Title: "待核实 " + strconv.Itoa(len(open)), Href: "/samples?cohort=" + p.Cohort, Current: !p.Done},
		{Title: "已核实 " + strconv.Itoa(len(all)-len(open)), Href: "/samples?state=done&cohort=" + p.Cohort, Current: p.Done}}
	list := open
	if p.Done {
		list = slices.DeleteFunc(all, func(x destination.Sample) bool { return x.Result == "" })
		slices.Reverse(list)
	}
	page, pager := pageOfSamples(list, q)
	p.Pager = pager
	if p.Samples, err = w.sampleLines(r, page); err != nil {
		return err
	}
	return show(rw, r, refusal, samplesView(p))
}

// pageOfSamples is one page of the queue, behind the sample that the address names.
func pageOfSamples(list []destination.Sample, q url.Values) ([]destination.Sample, part.Pager) {
	p := part.Pager{Total: len(list), Unit: "件"}
	from := 0
	if after := q.Get("after"); after != "" {
		from = 1 + slices.IndexFunc(list, func(x destination.Sample) bool { return x.ID == after })
		p.First = goOn("/samples", q, "")
	}
	page := list[from:min(from+pageSize, len(list))]
	if len(page) > 0 {
		p.From, p.To = from+1, from+len(page)
	}
	if from+len(page) < len(list) {
		p.Next = goOn("/samples", q, page[len(page)-1].ID)
	}
	return page, p
}

func (w *Web) sampleLines(r *httpd.Request, list []destination.Sample) ([]sampleLine, error) {
	var ids []string
	for i := range list {
		if !slices.Contains(ids, list[i].Graduate) {
			ids = append(ids, list[i].Graduate)
		}
	}
	people, err := w.caseFiles(r, ids)
	if err != nil {
		return nil, err
	}
	accounts := w.namesOfAccounts(r.Context())
	rules := w.Office.Settings.Rules()
	var out []sampleLine
	for i := range list {
		x := &list[i]
		g, ok := people[x.Graduate]
		if !ok {
			continue
		}
		by, err := accounts.name(x.By)
		if err != nil {
			return nil, err
		}
		line := sampleLine{ID: x.ID, Number: g.Number, Name: g.Name, Units: g.Units, File: g.File, Destination: g.said(x.Case),
			Reason: sampleReason(rules, x), Since: string(dayAt(x.At)), Result: resultState(x.Result), By: by}
		line.Cohort, line.Own = g.Cohort, x.Reason == destination.ReasonTold
		note := x.Note
		if line.Own {
			line.Told, line.Since = x.Said, minuteOf(x.At)
			if x.Case == "" {
				line.Destination = ""
			}
		}
		if x.Result != "" { // before, the note is the rule's own words
			line.Note = note
		}
		if x.Result == destination.ResultFalse && g.canStrike(x.Case) {
			line.Strike = "/graduates/" + x.Graduate + "/strike?case=" + url.QueryEscape(x.Case)
		}
		out = append(out, line)
	}
	return out, nil
}

// sampleReason says in words why a case is in the queue: a rule's title, or the draw.
func sampleReason(rules []scrutiny.Rule, x *destination.Sample) string {
	for i := range rules {
		if rules[i].ID == x.Reason {
			return rules[i].Title + "（" + x.Reason + "）"
		}
	}
	if x.Stratum != "" {
		return "随机抽查：" + x.Reason
	}
	return x.Reason
}

func resultState(result string) part.State {
	switch result {
	case destination.ResultTrue, destination.ResultHandled:
		return part.State{Kind: "pass", Word: result}
	case destination.ResultFalse:
		return part.State{Kind: "void", Word: result}
	case destination.ResultNoReach:
		return part.State{Kind: "back", Word: result}
	}
	return part.State{Kind: "wait", Word: "待核实"}
}

// recordSample answers POST /samples/{id}. What is not so leads on to striking.
func (w *Web) recordSample(rw http.ResponseWriter, r *httpd.Request) error {
	cohort, result := typed(r, "cohort"), typed(r, "result")
	err := w.Destinations.RecordResult(r.Context(), r.Who, cohort, r.PathValue("id"), result, typed(r, "note"))
	to := url.Values{"cohort": {cohort}, "noted": {"1"}}
	if err == nil && result == destination.ResultFalse {
		to.Set("state", "done")
	}
	if err == nil {
		return httpd.SeeOther(rw, r, "/samples?"+to.Encode())
	}
	if !shownOnForm(err) {
		return err
	}
	return w.showSamples(rw, r, url.Values{"cohort": {cohort}}, drawForm{}, "", err)
}

// drawSample answers POST /samples/draw.
func (w *Web) drawSample(rw http.ResponseWriter, r *httpd.Request) error {
	cohort := typed(r, "cohort")
	f := drawForm{Name: typed(r, "name"), PerStratum: typed(r, "per_stratum"), Seed: typed(r, "seed")}
	per, _ := strconv.Atoi(f.PerStratum) // what is no number is none: the verb says so
	seed, err := strconv.ParseInt(f.Seed, 10, 64)
	drawn := 0
	if err != nil {
		err = badSeed(f.Seed)
	} else {
		drawn, err = w.Destinations.DrawSample(r.Context(), r.Who, cohort, f.Name, per, seed)
	}
	if err == nil {
		return httpd.SeeOther(rw, r, "/samples?cohort="+url.QueryEscape(cohort)+"&drawn="+strconv.Itoa(drawn))
	}
	if !shownOnForm(err) {
		return err
	}
	return w.showSamples(rw, r, url.Values{"cohort": {cohort}}, f, "", err)
}

// screen answers POST /samples/screen.
func (w *Web) screen(rw http.ResponseWriter, r *httpd.Request) error {
	cohort := typed(r, "cohort")
	found, queued, err := w.Destinations.Screen(r.Context(), r.Who, cohort)
	if err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, "/samples?cohort="+url.QueryEscape(cohort)+"&found="+strconv.Itoa(found)+"&queued="+strconv.Itoa(queued))
}

// claimWords is what a case says: the code's name and where.
func (w *Web) claimWords(c history.Content) string {
	name := w.destinationName(history.Destination{Detail: history.Registered, Code: c.Code})
	if where := w.placeOf(c); where != "" {
		return name + "，" + where
	}
	return name
}

// answerWord opens the form of a sample.
func answerWord(own bool) string {
	if own {
		return "答复本人"
	}
	return "记录结果"
}
