package history

import (
	"slices"
	"strings"

	"quxiang/internal/domain/calendar"
)

const nKeys = 12

// Attributes are the values of Keys, in their order.
type Attributes [nKeys]string

// Value returns the attribute.
func (a Attributes) Value(k Key) string {
	if i := indexOf(k); i >= 0 {
		return a[i]
	}
	return ""
}

// Counted reports that the person belongs to the statistics population.
func (a Attributes) Counted() bool {
	return a.Value(InStatistics) == True && a.Value(Left) != True
}

func indexOf(k Key) int { return slices.Index(Keys, k) }

// PersonPiece says how a person is from a day on, until the next piece.
type PersonPiece struct {
	From  calendar.Day // blank: from the beginning
	Attrs Attributes
}

// People lays the person's attributes along the true time; nil before enrolment.
func (f *Fold) People() []PersonPiece { return f.AppendPeople(nil) }

// AppendPeople is People into a slice that the caller uses again.
func (f *Fold) AppendPeople(out []PersonPiece) []PersonPiece {
	if !f.enrolled {
		return out
	}
	first := len(out)
	out = append(out, PersonPiece{})
	for _, list := range f.settings {
		for _, s := range list {
			if s.on != "" {
				out = append(out, PersonPiece{From: s.on})
			}
		}
	}
	if len(out) > first+1 {
		fresh := out[first:]
		slices.SortFunc(fresh, func(a, b PersonPiece) int { return strings.Compare(string(a.From), string(b.From)) })
		fresh = slices.CompactFunc(fresh, func(a, b PersonPiece) bool { return a.From == b.From })
		out = out[:first+len(fresh)]
	}
	for i := first; i < len(out); i++ {
		out[i].Attrs = f.attributes(out[i].From)
	}
	return out
}

// attributes are those of a day: of each key the last setting that is so by then.
func (f *Fold) attributes(day calendar.Day) (a Attributes) {
	for k, list := range f.settings {
		for j := len(list) - 1; j >= 0; j-- {
			if list[j].on <= day {
				a[k] = list[j].value
				break
			}
		}
	}
	return a
}

// Detail says why a graduate without a running case is without one; in this
// order, the first that holds.
type Detail string

const (
	Registered   Detail = "registered"   // a case runs
	WasStruck    Detail = "struck"       // 已核减
	InDispute    Detail = "disputed"     // 有异议
	WasReturned  Detail = "returned"     // 已退回
	InReview     Detail = "in_review"    // 审核中
	Unregistered Detail = "unregistered" // 未登记
)

// Destination is where a graduate went. It is comparable: two equal values
// count alike everywhere. Without a running case all but Detail is blank.
type Destination struct {
	Detail Detail
	Scheme string
	Code   string
	Counts Counted
}

// DestinationPiece says where a graduate is from a day on, until the next piece.
type DestinationPiece struct {
	From calendar.Day // blank: from the beginning
	Case string       // the running case; blank if none
	Destination
}

// Destinations lays the cases along the true time. The first piece is always
// from the beginning.
func (f *Fold) Destinations() []DestinationPiece { return f.AppendDestinations(nil) }

// AppendDestinations is Destinations into a slice that the caller uses again.
func (f *Fold) AppendDestinations(out []DestinationPiece) []DestinationPiece {
	none := f.without()
	out = append(out, DestinationPiece{Destination: Destination{Detail: none}})
	put := func(p DestinationPiece) {
		if last := &out[len(out)-1]; last.From == p.From {
			*last = p
			return
		}
		out = append(out, p)
	}
	runs := f.runs()
	for i := range runs {
		r := &runs[i]
		until := r.Ends
		if i+1 < len(runs) && (until == "" || runs[i+1].TrueOn < until) {
			until = runs[i+1].TrueOn
		}
		if until != "" && until <= r.TrueOn {
			continue
		}
		put(DestinationPiece{From: r.TrueOn, Case: r.id, Destination: r.shown()})
		if until != "" {
			put(DestinationPiece{From: until, Destination: Destination{Detail: none}})
		}
	}
	return out
}

// run is a case that stands, ready to be laid out.
type run struct {
	Standing
	id               string
	openSeq          int
	disputed, struck bool
}

// runs returns the cases that stand, the later one last: greater true_on, then
// greater seq of the first step of the opening.
func (f *Fold) runs() []run {
	out := f.scratch[:0]
	for _, k := range f.cases {
		if s := k.Standing(); s.Opened && !s.Voided {
			out = append(out, run{s, k.ID, k.openSeq, k.Disputed, k.Struck})
		}
	}
	if len(out) > 1 {
		slices.SortFunc(out, func(a, b run) int {
			if c := strings.Compare(string(a.TrueOn), string(b.TrueOn)); c != 0 {
				return c
			}
			return a.openSeq - b.openSeq
		})
	}
	f.scratch = out
	return out
}

// shown is what a running case counts as; a struck or disputed one keeps its
// place but counts as unregistered.
func (r *run) shown() Destination {
	switch {
	case r.struck:
		return Destination{Detail: WasStruck}
	case r.disputed:
		return Destination{Detail: InDispute}
	}
	return Destination{Detail: Registered, Scheme: r.Scheme, Code: r.Code, Counts: r.Counts.Plain()}
}

// without says why somebody without a running case is without one.
func (f *Fold) without() Detail {
	c := f.UnderWay()
	switch {
	case c == nil:
		return Unregistered
	case c.Last == Returned:
		return WasReturned
	case c.Last == Submitted, c.Last == Passed:
		return InReview
	}
	return Unregistered
}

// State is a graduate at one cut.
type State struct {
	Enrolled bool
	Attrs    Attributes
	Case     string
	Destination
}

// At folds the events known before the cut and reads the cut's last day.
// Events must be of one graduate, in seq order.
func At(events []Event, cut calendar.Cut, noWork NoWork) State {
	f := NewFold(noWork)
	for i := range events {
		if events[i].KnownAt >= cut.Known {
			break
		}
		f.Apply(&events[i])
	}
	return f.On(cut.LastDay())
}

// On reads the state on a day.
func (f *Fold) On(day calendar.Day) State {
	s := State{Enrolled: f.enrolled}
	for _, p := range f.People() {
		if p.From <= day {
			s.Attrs = p.Attrs
		}
	}
	for _, p := range f.Destinations() {
		if p.From <= day {
			s.Case, s.Destination = p.Case, p.Destination
		}
	}
	return s
}
