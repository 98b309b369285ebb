package demo

import (
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/destination/scrutiny"
	"quxiang/internal/domain/history"
)

// walker holds one school's histories against the rules of registration.
type walker struct {
	t      *testing.T
	s      *school
	review destination.Review
	staff  map[string]access.Actor
	lock   destination.Lock
	did    map[string]int // how often each thing happens
}

// TestWalk: every event of a school is one that the rules of registration would
// have accepted at its moment, and everything that can happen happens.
func TestWalk(t *testing.T) {
	s := small(t, Size, 3)
	w := &walker{t: t, s: s, review: destination.Review{Chain: destination.DefaultChain(), Book: s.book}, staff: map[string]access.Actor{},
		lock: destination.Lock{Snapshot: "INIT-2024", LastDay: "2024-08-31", Known: frozen[0].known + hour}, did: map[string]int{}}
	for _, a := range s.staff.accounts {
		w.staff[a.ID] = a.Actor("2024-06-01")
	}
	s.everybody(func(p *teller) {
		if w.walk(p); t.Failed() {
			t.FailNow()
		}
	})
	for _, what := range []string{"proposed", "submitted", "passed", "returned", "withdrawn", "refused", "approved", "recorded",
		"open", "amend", "end", "void", "disputed", "upheld", "struck", "restored", "replied", "employer_confirmed", "person", "late"} {
		if w.did[what] == 0 {
			t.Errorf("%s never happens", what)
		}
	}
	if all := w.did["at the desk"] + w.did["at odd hours"]; w.did["at odd hours"]*100 > all {
		t.Errorf("%d of %d reviews at odd hours", w.did["at odd hours"], all)
	}
}

func (w *walker) walk(p *teller) {
	f := history.NewFold(destination.NoWork(w.s.book))
	for i := range p.events {
		e := &p.events[i]
		w.order(p, f, e)
		if e.Step == "" && e.Mark == "" {
			w.did["person"]++
			f.Apply(e)
			continue
		}
		by := destination.Staff
		if e.Actor == p.ID {
			by = destination.Self
		} else {
			w.duty(p, f, e)
		}
		if err := w.review.Check(f, e, by); err != nil {
			w.t.Errorf("%s/%d (%v): %s %s %s: %v", p.ID, e.Seq, p.goal, e.Step, e.Act, e.Mark, err)
		}
		if e.KnownAt >= w.lock.Known && p.group.year == "2024" {
			if _, locked := destination.Locked(f, e, []destination.Lock{w.lock}); locked {
				w.t.Errorf("%s/%d: %s %s %s after the release", p.ID, e.Seq, e.Step, e.Act, e.Mark)
			}
		}
		w.did[string(e.Step)]++
		w.did[string(e.Act)]++
		w.did[string(e.Mark)]++
		f.Apply(e)
		w.complete(p, f, e)
	}
}

// duty: who acts for the school is of its staff, at their desk, and reviews only
// whom their role at that level is given; a strike has a second person.
func (w *walker) duty(p *teller, f *history.Fold, e *history.Event) {
	who, known := w.staff[e.Actor]
	if !known {
		w.t.Errorf("%s/%d: actor %q is nobody", p.ID, e.Seq, e.Actor)
	}
	if e.Source == "" {
		at := e.KnownAt.Time()
		if minutes := at.Hour()*60 + at.Minute(); on(e.KnownAt).workday() == on(e.KnownAt) && minutes >= 510 && minutes < 1060 {
			w.did["at the desk"]++
		} else {
			w.did["at odd hours"]++
		}
	}
	if second, ok := w.staff[e.Fields["second"]]; e.Mark == history.Struck && (!ok || second.Account == who.Account) {
		w.t.Errorf("%s/%d: struck by one person", p.ID, e.Seq)
	}
	if e.Level == 0 {
		return
	}
	levels, at := w.review.Waiting(f, f.Change(e.Change))
	a := f.People()[len(f.People())-1].Attrs
	if at == 0 || !levels[at-1].MayReview(who, p.ID, a.Value(history.College), a.Value(history.Class)) {
		w.t.Errorf("%s/%d: %s may not review at level %d", p.ID, e.Seq, e.Actor, e.Level)
	}
}

// order: numbers without gaps, moments that go forward and before the present,
// days that are near their moment.
func (w *walker) order(p *teller, f *history.Fold, e *history.Event) {
	if e.Graduate != p.ID || e.Seq != f.LastSeq()+1 || e.KnownAt < f.LastKnown() || e.KnownAt >= Start {
		w.t.Errorf("%s/%d out of order: known %s after %s", p.ID, e.Seq, e.KnownAt, f.LastKnown())
	}
	if e.Source == "" && e.Step == history.Submitted && e.TrueOn != "" {
		if d := int(dateOf(e.TrueOn) - on(e.KnownAt)); d < -60 || d > 30 {
			w.t.Errorf("%s/%d: true on %s, known %s", p.ID, e.Seq, e.TrueOn, e.KnownAt)
		}
	}
	if e.Step == history.Approved && e.KnownAt >= calendar.Day("2024-09-01").Start() && e.KnownAt < calendar.Day("2024-09-10").Start() {
		w.did["late"]++
	}
}

// complete: what becomes effective says all that its code asks for, with values
// that the tables have.
func (w *walker) complete(p *teller, f *history.Fold, e *history.Event) {
	if e.Step != history.Approved && e.Step != history.Recorded {
		return
	}
	k := f.Case(e.Case).Standing()
	if k.Voided {
		return
	}
	if missing := scrutiny.ProfileOf(w.s.book, k.Code).Missing(k.Content); len(missing) > 0 {
		w.t.Errorf("%s/%d: %s lacks %v", p.ID, e.Seq, k.Code, missing)
	}
	if err := scrutiny.CheckValues(w.s.book, k.Content); err != nil {
		w.t.Errorf("%s/%d: %s: %v", p.ID, e.Seq, k.Code, err)
	}
	if e.Source == "" {
		if err := scrutiny.CheckOffered(w.s.book, k.Code, p.group.year); err != nil {
			w.t.Errorf("%s/%d: %v", p.ID, e.Seq, err)
		}
	}
}
