package transfer

import (
	"cmp"
	"fmt"
	"slices"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/ident"
)

// SourceDraft is the source of an import that only proposes.
const SourceDraft = "draft"

// Claim is what one row of a file says of a graduate: from a day on, so and so.
// A blank value keeps, history.Emptied empties.
type Claim struct {
	Row    int          // as the user counts
	TrueOn calendar.Day // 落实起始日; blank: the row does not say
	Scheme string
	Code   string
	Counts history.Counted
	Fields history.Fields // 签约日期 (sign_day) among them
}

// Subject is the graduate whom claims are about.
type Subject struct {
	ID            string
	Number        string // 学号 or 考生号, as the user knows them
	Cohort        string
	GraduationDay calendar.Day       // blank: unknown
	Events        []history.Event    // the whole history, unsealed
	Locks         []destination.Lock // released snapshots of the cohort
}

// Planner turns claims into events. It is a rule: it reads no clock and no store.
type Planner struct {
	Source   string       // legacy, national or draft
	TrueFrom calendar.Day // the day of rows that nothing dates; blank: 30 June of the cohort
	Today    calendar.Day
	Actor    string // account that imports
	Batch    string
	Book     *codes.Book
	Masters  destination.Masters // of the units that the claims name
	NewID    ident.Source
	// Seen is the document that every proposal of a list rests on; nil if none.
	Seen *history.Evidence
}

// Effect is a change that the plan makes, with what its case then says.
type Effect struct {
	Case, Change string
	Content      history.Content
}

// Plan is what the claims about one graduate come to.
type Plan struct {
	Events      []history.Event
	Effects     []Effect
	Differences []exchange.Difference // one a row; Same included
	Assumed     []exchange.Difference // days that the rows did not give
	Refusals    []exchange.Refusal    // with row, value and message; then nothing else counts
}

// dated is a claim with its true day.
type dated struct {
	Claim
	day  calendar.Day
	pair string // id of the case that says the same code from the same day; blank if none
}

// planning is the plan of one graduate as it grows.
type planning struct {
	*Planner
	subject Subject
	events  []history.Event // the history and what was planned
	fold    *history.Fold   // of events
	claims  []dated         // in order of their day
	out     Plan
}

// Plan says which events the claims add to the subject's history. Claims are
// taken in order of their day.
func (p *Planner) Plan(s Subject, claims []Claim) Plan {
	w := &planning{Planner: p, subject: s, events: slices.Clone(s.Events), fold: history.NewFold(destination.NoWork(p.Book))}
	for i := range w.events {
		w.fold.Apply(&w.events[i])
	}
	w.date(claims)
	if len(w.out.Refusals) > 0 {
		return Plan{Refusals: w.out.Refusals}
	}
	own := w.Source != SourceDraft && w.ownWord()
	for i := range w.claims {
		switch {
		case own:
			w.leave(&w.claims[i], "本人已登记，不改动；如需更正请由本人提交")
		case w.Source == SourceDraft:
			w.propose(&w.claims[i])
		default:
			w.record(i)
		}
	}
	return w.out
}

// date gives every claim its day and pairs it with the case that already says so.
func (w *planning) date(claims []Claim) {
	for _, c := range claims {
		day, how := w.dayOf(c)
		w.claims = append(w.claims, dated{Claim: c, day: day})
		if how != "" {
			w.out.Assumed = append(w.out.Assumed, exchange.Difference{Kind: exchange.Assumed, Row: c.Row, Who: w.subject.Number,
				Field: titles()["true_on"], After: string(day), Text: how})
		}
	}
	slices.SortStableFunc(w.claims, func(a, b dated) int { return cmp.Compare(a.day, b.day) })
	for i := range w.claims {
		c := &w.claims[i]
		if i > 0 && w.claims[i-1].day == c.day {
			w.out.Refusals = append(w.out.Refusals, exchange.Refusal{Row: c.Row, Value: string(c.day), Message: fmt.Sprintf(
				"%s 在第 %d 行已有同一天的去向，请只保留一行，或填写不同的落实起始日", w.subject.Number, w.claims[i-1].Row)})
		}
		for _, k := range w.standing() {
			if k.TrueOn == c.day && k.Code == c.Code && k.Scheme == c.Scheme {
				c.pair = k.ID
			}
		}
	}
}

// AssumedSigning is how a day that 签约日期 gave is noted; reports sum these up
// in one line, since the file did say a day.
const AssumedSigning = "按签约日期取"

// dayOf is the true day of a claim, and where it was taken from if that is a guess.
func (w *planning) dayOf(c Claim) (calendar.Day, string) {
	if c.TrueOn != "" {
		return c.TrueOn, ""
	}
	if d, err := calendar.ParseDay(c.Fields["sign_day"]); err == nil {
		return d, AssumedSigning
	}
	// A list of admissions says what is to come: the running case dates it only
	// if it says the same.
	if k, ok := w.latest(); ok && (w.Seen == nil || k.Code == c.Code) {
		return k.TrueOn, ""
	}
	switch {
	case w.subject.GraduationDay != "":
		return w.subject.GraduationDay, "按毕业日期取"
	case w.TrueFrom != "":
		return w.TrueFrom, "按 --true-from 取"
	}
	return calendar.Day(w.subject.Cohort + "-06-30"), "没有任何日期，按该届 6 月 30 日取"
}

// standingCase is a case that stands, by id.
type standingCase struct {
	ID string
	history.Standing
}

// standing returns the cases that stand, the latest last.
func (w *planning) standing() []standingCase {
	var out []standingCase
	for _, k := range w.fold.Cases() {
		if s := k.Standing(); s.Opened && !s.Voided {
			out = append(out, standingCase{k.ID, s})
		}
	}
	slices.SortStableFunc(out, func(a, b standingCase) int { return cmp.Compare(a.TrueOn, b.TrueOn) })
	return out
}

func (w *planning) latest() (standingCase, bool) {
	list := w.standing()
	if len(list) == 0 {
		return standingCase{}, false
	}
	return list[len(list)-1], true
}

// ownWord reports that the latest case still runs and rests on what the
// graduate submitted: an import does not talk over that.
func (w *planning) ownWord() bool {
	k, ok := w.latest()
	return ok && (k.Ends == "" || k.Ends > w.Today) && w.declared(k.ID)
}

// declared reports that an effective change of the case was submitted by the graduate.
func (w *planning) declared(id string) bool {
	for i := range w.events {
		if w.events[i].Case != id || w.events[i].Step != history.Submitted {
			continue
		}
		c := w.fold.Change(w.events[i].Change)
		waits := c.Last == history.Submitted || c.Last == history.Passed
		if c.Act != history.Void && (c.Last == history.Approved ||
			waits && c.Act != history.End && c.Coded && destination.NoWork(w.Book)(c.Given.Scheme, c.Given.Code)) {
			return true
		}
	}
	return false
}

// leave lists a row that is not taken; one that says nothing new is the same.
func (w *planning) leave(c *dated, why string) {
	base := w.base(c)
	if destination.SaysTheSame(base, w.over(base, c)) {
		w.same(c)
		return
	}
	d := w.difference(exchange.Untouched, c, base, w.over(base, c))
	d.Text = why
	w.out.Differences = append(w.out.Differences, d)
}

// base is what the claim is compared with: the case that it repeats, else the latest.
func (w *planning) base(c *dated) history.Content {
	for _, k := range w.standing() {
		if k.ID == c.pair {
			return k.Content
		}
	}
	k, _ := w.latest()
	return k.Content
}
