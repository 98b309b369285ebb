package destination

import (
	"slices"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/history"
)

// FactsAt returns what stood behind the case that ran at a cut, from the events
// that were known before it; false if no case ran that counted. Facts are taken
// like everything else: what became known at or after the cut is not there yet.
func FactsAt(events []history.Event, cut calendar.Cut, noWork history.NoWork) (history.Facts, bool) {
	f := history.NewFold(noWork)
	for i := range events {
		if events[i].KnownAt >= cut.Known {
			break
		}
		f.Apply(&events[i])
	}
	state := f.On(cut.LastDay())
	if state.Detail != history.Registered {
		return history.Facts{}, false
	}
	return f.Case(state.Case).Facts, true
}

// tracer turns a history into an item; it is used again for the next one.
type tracer struct {
	fold   *history.Fold
	people []history.PersonPiece
	places []history.DestinationPiece
}

// item folds the history and reads it on the day. Turn is the next day on which
// it reads otherwise without a new event; blank if none.
func (t *tracer) item(graduate string, events []history.Event, review Review, today calendar.Day) (it Item, turn calendar.Day) {
	t.fold.Reset()
	for i := range events {
		t.fold.Apply(&events[i])
	}
	it.Graduate = graduate
	t.people = t.fold.AppendPeople(t.people[:0])
	if n := len(t.people); n > 0 {
		it.Attrs = t.people[n-1].Attrs // as lists and scopes have it: what the newest events say
		it.Attrs[slices.Index(history.Keys, history.Difficulty)] = ""
	}
	it.Counted = it.Attrs.Counted()
	turn = t.place(&it, today)
	if k := t.fold.Case(it.Case); k != nil {
		it.Facts = k.Facts
	}
	if k := t.fold.Case(it.About()); k != nil {
		it.DisputedAt = markedAt(events, k.ID, history.Disputed, k.Disputed)
		it.StruckAt = markedAt(events, k.ID, history.Struck, k.Struck)
	}
	if c := t.fold.UnderWay(); c != nil {
		t.change(&it, c, events, review)
		return it, turn
	}
	switch {
	case it.DisputedAt > 0:
		it.Waits = it.DisputedAt
	case it.Detail == history.Unregistered && it.Coming == "":
		it.Waits = idleSince(events)
	}
	return it, turn
}

// place reads where the graduate is today and what comes.
func (t *tracer) place(it *Item, today calendar.Day) (turn calendar.Day) {
	t.places = t.fold.AppendDestinations(t.places[:0])
	for i := range t.places {
		p := &t.places[i]
		if p.From <= today {
			it.Detail, it.Case, it.Scheme, it.Code, it.Since = p.Detail, p.Case, p.Scheme, p.Code, p.From
			continue
		}
		if turn == "" {
			turn = p.From
		}
		if it.Case == "" && it.Coming == "" && p.Case != "" {
			it.Coming, it.ComesOn = p.Case, p.From
		}
	}
	return turn
}

// change lays out the change under way.
func (t *tracer) change(it *Item, c *history.Change, events []history.Event, review Review) {
	levels, at := review.Waiting(t.fold, c)
	it.Change, it.Act, it.Last = c.ID, c.Act, c.Last
	it.NewCode, it.Level, it.Levels = codeOf(t.fold, c), at, len(levels)
	switch {
	case at > 0:
		it.Tier = levels[at-1].Tier
	case c.Last == history.Returned && c.Level > 0:
		it.Tier = levels[min(c.Level, len(levels))-1].Tier
	}
	it.parties = append([]string{c.Submitter}, c.Reviewers...)
	for i := range events {
		if e := &events[i]; e.Change == c.ID {
			it.Waits = e.KnownAt
			if e.Step == history.Submitted {
				it.Submits++
			}
		}
	}
}

// markedAt is when the mark was set that still holds; 0 if none does.
func markedAt(events []history.Event, id string, m history.Mark, holds bool) (at calendar.Instant) {
	if !holds {
		return 0
	}
	for i := range events {
		if e := &events[i]; e.Mark == m && e.Case == id {
			at = e.KnownAt
		}
	}
	return at
}

// idleSince is when the last step ended what was there, else the enrolment.
func idleSince(events []history.Event) calendar.Instant {
	for i := len(events) - 1; i >= 0; i-- {
		if events[i].Step != "" {
			return events[i].KnownAt
		}
	}
	return events[0].KnownAt
}
