package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/httpd"
)

// decision is one of the three words of a reviewer.
type decision string

const (
	pass     decision = "pass"
	giveBack decision = "return"
	refuse   decision = "refuse"
)

// decide answers POST /review/{graduate}/{change}/pass, return and refuse: the
// word is taken down and the next change shown.
func (w *Web) decide(word decision) httpd.Handler {
	return func(rw http.ResponseWriter, r *httpd.Request) error {
		said := saidOf(r)
		f := filterOf(r)
		next, err := w.nextAfter(r, f, said.decision.Graduate)
		if err != nil {
			return err
		}
		err = w.carryOut(r.Context(), r.Who, word, &said)
		if refusal(err) {
			late, e := w.overtaken(r.Context(), r.Who, said.decision)
			if e != nil {
				return e
			}
			if late {
				did, err := w.decidedBy(r, said.decision)
				if err != nil {
					return err
				}
				return httpd.SeeOther(rw, r, next+joiner(next)+"did="+did+"&of="+url.QueryEscape(said.decision.Graduate))
			}
			return w.refused(rw, r, f, said, err)
		}
		if err != nil {
			return err
		}
		return httpd.SeeOther(rw, r, next+joiner(next)+"did="+string(word)+"&of="+url.QueryEscape(said.decision.Graduate))
	}
}

func joiner(address string) string {
	if strings.Contains(address, "?") {
		return "&"
	}
	return "?"
}

// said is what a reviewer sent.
type said struct {
	decision destination.Decision
	note     string // as typed
	reason   string // number of the ready reason; blank: none
	seen     bool
}

func saidOf(r *httpd.Request) said {
	level, _ := strconv.Atoi(r.PostFormValue("level"))
	s := said{note: strings.TrimSpace(r.PostFormValue("note")), reason: r.PostFormValue("reason"), seen: r.PostFormValue("seen") != ""}
	s.decision = destination.Decision{Graduate: r.PathValue("graduate"), Change: r.PathValue("change"), Level: level}
	return s
}

// filterOf is the filter of the list that the form was opened from.
func filterOf(r *httpd.Request) reviewFilter {
	v, err := url.ParseQuery(strings.TrimPrefix(r.PostFormValue("list"), "?"))
	if err != nil {
		return reviewFilter{}
	}
	return parseReviewFilter(v)
}

// carryOut has the verb take the word down.
func (w *Web) carryOut(ctx context.Context, who access.Actor, word decision, s *said) error {
	d := s.decision
	d.Note = s.note
	if word == pass {
		if s.seen {
			if err := w.Destinations.MarkAllSeen(ctx, who, d.Graduate, d.Change); err != nil {
				return err
			}
		}
		return w.Destinations.Pass(ctx, who, d)
	}
	sheet, err := w.Destinations.Sheet(ctx, who, d.Graduate, d.Change)
	if err != nil {
		return err
	}
	list := sheet.Profile.Reasons()
	if n, err := strconv.Atoi(s.reason); err == nil && n >= 1 && n <= len(list) {
		d.Note = list[n-1].Text
		if s.note != "" {
			d.Note += "；" + s.note
		}
	}
	if d.Note == "" {
		return fault.Invalidf("note", "请选一条理由，或在备注里写明要改什么；本人会看到")
	}
	if word == refuse {
		return w.Destinations.Refuse(ctx, who, d)
	}
	return w.Destinations.Return(ctx, who, d)
}

// overtaken reports that the change no longer waits for this word: somebody else
// decided first, or the graduate took it back.
func (w *Web) overtaken(ctx context.Context, who access.Actor, d destination.Decision) (bool, error) {
	list, err := w.Work.Worklist(ctx)
	if err != nil {
		return false, err
	}
	it, ok := list.Get(d.Graduate)
	return !ok || it.Change != d.Change || it.Level != d.Level, nil
}

// decidedBy says whose word a late one comes after: again after the reviewer's own
// at this level, late after somebody else's.
func (w *Web) decidedBy(r *httpd.Request, d destination.Decision) (did string, err error) {
	past, err := w.People.Histories(r.Context(), r.Within, []string{d.Graduate})
	for _, e := range past[d.Graduate] {
		if e.Change == d.Change && e.Level == d.Level && e.Actor == r.Who.Account && slices.Contains(words, e.Step) {
			return "again", err
		}
	}
	return "late", err
}

// words are the steps that a reviewer decides by.
var words = []history.Step{history.Passed, history.Approved, history.Returned, history.Refused}

// refused shows the desk again with everything that was typed.
func (w *Web) refused(rw http.ResponseWriter, r *httpd.Request, f reviewFilter, s said, why error) error {
	p, err := w.reviewPage(rw, r, f)
	if err != nil {
		return err
	}
	p.Sheet.Note, p.Sheet.Reason, p.Sheet.SeenNow = s.note, s.reason, s.seen
	p.Sheet.Wrong = why.Error()
	return show(rw, r, why, reviewView(p))
}

// nextAfter is the address of the change that follows in the list; of the list
// where none does.
func (w *Web) nextAfter(r *httpd.Request, f reviewFilter, graduate string) (string, error) {
	list, err := w.Work.Worklist(r.Context())
	if err != nil {
		return "", err
	}
	filter, err := w.ofMine(r.Context(), r.Who, f)
	if err != nil {
		return "", err
	}
	items, _ := list.List(r.Who, r.Within, filter, f.After, reviewPageSize+1)
	for i, it := range items {
		if it.Graduate == graduate && i+1 < len(items) {
			n := items[i+1]
			return "/review/" + n.Graduate + "/" + n.Change + f.query(), nil
		}
	}
	for _, it := range items { // the last of the page: back to the longest waiting
		if it.Graduate != graduate {
			return "/review/" + it.Graduate + "/" + it.Change + f.query(), nil
		}
	}
	return "/review" + f.query("after", ""), nil
}
