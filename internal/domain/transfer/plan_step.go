package transfer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/history"
)

// record makes a row count at once.
func (w *planning) record(i int) {
	c := &w.claims[i]
	target, hidden, ok := w.target(i)
	if !ok {
		w.open(c, history.Recorded)
		return
	}
	for _, day := range append([]calendar.Day{target.TrueOn, c.day}, days(hidden)...) {
		if l, locked := lockOn(w.subject.Locks, day); locked && (len(hidden) > 0 || !destination.SaysTheSame(target.Content, w.after(c, target, history.Recorded))) {
			w.leave(c, "已发布的“"+l.Snapshot+"”锁定了这一天以前的记录，须校级解锁后再导入")
			return
		}
	}
	for _, k := range hidden {
		if kase := w.fold.Case(k.ID); kase.Struck || kase.Disputed || w.declared(k.ID) {
			w.leave(c, "会取代本人登记的、有异议的或已核减的记录，不改动；请由本人或就业中心逐条更正")
			return
		}
	}
	if w.amend(c, target, history.Recorded) {
		told := &w.out.Differences[len(w.out.Differences)-1]
		for _, k := range hidden {
			told.Text += fmt.Sprintf("；同时作废 %s 的 %s", k.TrueOn, k.Code)
			w.add(history.Event{Change: w.NewID(), Step: history.Recorded, Act: history.Void, Case: k.ID, Source: w.Source,
				Reason: fmt.Sprintf("导入文件第 %d 行：自 %s 起为 %s", c.Row, c.day, c.Code)})
		}
	}
}

func days(list []standingCase) (out []calendar.Day) {
	for _, k := range list {
		out = append(out, k.TrueOn)
	}
	return out
}

// target returns the case that the claim amends; none: it opens a new one.
// A case that another row of the file repeats belongs to that row. Where the
// latest case moves back behind others that no row speaks of, those would go on
// covering what the file says: they are returned as hidden, to be voided.
func (w *planning) target(i int) (target standingCase, hidden []standingCase, ok bool) {
	c, list := &w.claims[i], w.standing()
	free := func(k standingCase) bool {
		return !slices.ContainsFunc(w.claims, func(o dated) bool { return o.pair == k.ID })
	}
	for _, k := range list {
		if k.ID == c.pair {
			return k, nil, true
		}
	}
	if len(list) == 0 {
		return target, nil, false
	}
	target = list[len(list)-1]
	if target.TrueOn < c.day {
		return target, nil, false
	}
	if !free(target) { // later rows stand already: only a case of this very day can be meant
		at := slices.IndexFunc(list, func(k standingCase) bool { return k.TrueOn == c.day && free(k) })
		if at < 0 {
			return target, nil, false
		}
		return list[at], nil, true
	}
	for _, k := range list[:len(list)-1] {
		if k.TrueOn >= c.day && free(k) {
			hidden = append(hidden, k)
		}
	}
	return target, hidden, true
}

// lockedOn returns a released snapshot that holds the day and that nobody unlocked.
func lockOn(locks []destination.Lock, day calendar.Day) (destination.Lock, bool) {
	for _, l := range locks {
		if l.Holds(day) {
			return l, true
		}
	}
	return destination.Lock{}, false
}

// propose leaves a row to the graduate: it counts once they submit it and it is approved.
func (w *planning) propose(c *dated) {
	if u := w.fold.UnderWay(); u != nil {
		if u.Last == history.Proposed && destination.SaysTheSame(w.meant(u), w.over(w.meant(u), c)) {
			w.same(c)
			return
		}
		w.leave(c, "该生已有一项登记在办，办结后再导入")
		return
	}
	target, ok := w.latest()
	if c.pair != "" {
		target = w.mustStand(c.pair)
	} else if !ok || target.TrueOn < c.day {
		w.open(c, history.Proposed)
		return
	}
	w.amend(c, target, history.Proposed)
}

// meant is what the case will say once the change under way is effective.
func (w *planning) meant(u *history.Change) history.Content {
	k := w.fold.Case(u.Case).Standing().Content
	k.Counts, k.Fields = merged(k, u.Given.Counts, u.Given.Fields)
	k.TrueOn = cmp.Or(u.Given.TrueOn, k.TrueOn)
	if u.Given.Code != "" {
		k.Scheme, k.Code = u.Given.Scheme, u.Given.Code
	}
	return k
}

func (w *planning) mustStand(id string) standingCase {
	return standingCase{id, w.fold.Case(id).Standing()}
}

// open adds a new case.
func (w *planning) open(c *dated, step history.Step) {
	after := w.over(history.Content{}, c)
	if step == history.Recorded {
		w.Masters.Fill(&after, w.subject.Cohort)
	}
	e := history.Event{Change: w.NewID(), Step: step, Act: history.Open, Case: w.NewID(),
		TrueOn: after.TrueOn, Scheme: after.Scheme, Code: after.Code, Counts: after.Counts, Fields: after.Fields.Plain()}
	if len(e.Fields) == 0 {
		e.Fields = nil
	}
	w.effect(e, after)
	w.out.Differences = append(w.out.Differences, exchange.Difference{Kind: exchange.Added, Row: c.Row, Who: w.subject.Number,
		After: c.Code + " " + string(c.day), Text: c.note(step)})
}

// amend replaces what differs; it reports whether anything did.
func (w *planning) amend(c *dated, k standingCase, step history.Step) bool {
	after := w.after(c, k, step)
	if destination.SaysTheSame(k.Content, after) {
		w.same(c)
		return false
	}
	e := history.Event{Change: w.NewID(), Step: step, Act: history.Amend, Case: k.ID}
	e.Counts, e.Fields = delta(k.Content, after)
	if after.Code != k.Code || after.Scheme != k.Scheme {
		e.Scheme, e.Code = after.Scheme, after.Code
	}
	if after.TrueOn != k.TrueOn {
		e.TrueOn = after.TrueOn
	}
	w.effect(e, after)
	d := w.difference(exchange.Changed, c, k.Content, after)
	d.Text = c.note(step)
	w.out.Differences = append(w.out.Differences, d)
	return true
}

// after is what the case says once it was amended. Where a unit became another
// one, what was copied of the former goes with it.
func (w *planning) after(c *dated, k standingCase, step history.Step) history.Content {
	after := w.over(k.Content, c)
	if step == history.Recorded {
		w.Masters.Follow(k.Content, &after, c.Counts, w.subject.Cohort)
	}
	return after
}

func (w *planning) same(c *dated) {
	w.out.Differences = append(w.out.Differences, exchange.Difference{Kind: exchange.Same, Row: c.Row, Who: w.subject.Number})
}

// effect plans an event about a case, and the mark of the document behind it.
func (w *planning) effect(e history.Event, after history.Content) {
	if e.Step == history.Recorded {
		e.Source = w.Source
	}
	if w.Seen != nil {
		e.Evidence = []history.Evidence{*w.Seen}
	}
	w.add(e)
	w.out.Effects = append(w.out.Effects, Effect{Case: e.Case, Change: e.Change, Content: after})
	if w.Seen != nil {
		w.add(history.Event{Case: e.Case, Mark: history.Seen, Evidence: []history.Evidence{*w.Seen}})
	}
}

// add appends an event to the plan and to the state that the next row meets.
func (w *planning) add(e history.Event) {
	e.Graduate, e.Actor, e.Import, e.Seq = w.subject.ID, w.Actor, w.Batch, w.fold.LastSeq()+1
	w.events = append(w.events, e)
	w.fold.Apply(&e)
	w.out.Events = append(w.out.Events, e)
}

func (c *dated) note(step history.Step) string {
	if step == history.Proposed {
		return "待本人提交"
	}
	return ""
}

// difference is one line of a row against the content it meets.
func (w *planning) difference(kind exchange.Kind, c *dated, before, after history.Content) exchange.Difference {
	var fields, old, now []string
	line := func(field, a, b string) {
		fields = append(fields, titles()[field])
		if slices.Contains(history.SecretFields, field) {
			a, b = "（已填）", "（已改）"
		}
		old, now = append(old, a), append(now, b)
	}
	if before.Code != after.Code {
		line("code", before.Code, after.Code)
	}
	if before.TrueOn != after.TrueOn {
		line("true_on", string(before.TrueOn), string(after.TrueOn))
	}
	destination.EachDifference(before, after, line)
	return exchange.Difference{Kind: kind, Row: c.Row, Who: w.subject.Number,
		Field: strings.Join(fields, "、"), Before: strings.Join(old, "；"), After: strings.Join(now, "；")}
}
