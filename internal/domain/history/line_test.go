package history

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"quxiang/internal/domain/calendar"
)

// drawStory draws an orderly history: recorded changes, one change under way,
// marks, corrections of the person.
func drawStory(t *rapid.T) []Event {
	day := rapid.SampledFrom([]calendar.Day{"", "2024-06-01", "2024-07-01", "2024-08-01", "2024-09-01"})
	code := rapid.SampledFrom([]string{"10", "11", "801", "70-SEEK", "71", ""})
	list := []Event{enrol()}
	cases := []string{}
	for i := range rapid.IntRange(0, 12).Draw(t, "events") {
		id := fmt.Sprintf("x%d", i)
		kase := "k" + id
		act := Open
		if len(cases) > 0 && rapid.Bool().Draw(t, "again") {
			kase, act = rapid.SampledFrom(cases).Draw(t, "case"), rapid.SampledFrom([]Act{Amend, End, Void}).Draw(t, "act")
		}
		switch rapid.IntRange(0, 4).Draw(t, "kind") {
		case 0:
			list = append(list, Event{TrueOn: day.Draw(t, "day"), Set: Settings{{Level, rapid.SampledFrom([]string{"master", "doctor", ""}).Draw(t, "level")}}})
		case 1:
			if len(cases) > 0 {
				list = append(list, mark(rapid.SampledFrom(cases).Draw(t, "case"), rapid.SampledFrom([]Mark{Disputed, Upheld, Struck, Restored}).Draw(t, "mark")))
			}
		case 2:
			list = append(list, step(id, Submitted, act, kase, string(day.Draw(t, "day")), code.Draw(t, "code")),
				step(id, rapid.SampledFrom([]Step{Returned, Withdrawn, Refused, Approved}).Draw(t, "step"), "", "", "", ""))
			cases = append(cases, kase)
		default:
			list = append(list, step(id, Recorded, act, kase, string(day.Draw(t, "day")), code.Draw(t, "code")))
			cases = append(cases, kase)
		}
	}
	return story(list...)
}

// TestPiecesAreDays: the pieces laid along the days say of each day what On says
// of it, begin at the beginning and go forward.
func TestPiecesAreDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := NewFold(ministryNoWork)
		for _, e := range drawStory(t) {
			f.Apply(&e)
		}
		pieces, people := f.Destinations(), f.People()
		if pieces[0].From != "" || people[0].From != "" {
			t.Fatal("the first piece is not from the beginning")
		}
		for i := range pieces[1:] {
			if pieces[i].From >= pieces[i+1].From {
				t.Fatalf("%v then %v", pieces[i], pieces[i+1])
			}
		}
		for _, p := range pieces {
			if p.Detail != Registered && (p.Code != "" || p.Counts != Counted{}) {
				t.Fatalf("unregistered, and yet %+v", p)
			}
			if s := f.On(p.From); p.From != "" && (s.Destination != p.Destination || s.Case != p.Case) {
				t.Fatalf("on %s: %+v, the piece says %+v", p.From, s, p)
			}
		}
	})
}

// TestVoidLeavesNoTrace: a case that is opened and then voided changes nothing of
// what the others say.
func TestVoidLeavesNoTrace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := drawStory(t)
		day := rapid.SampledFrom([]calendar.Day{"2024-05-31", "2024-06-01", "2024-07-15", "2024-09-02"}).Draw(t, "on")
		cut := calendar.Cut{True: day.AddDays(1).Start(), Known: calendar.Forever}
		before := At(events, cut, ministryNoWork)
		more := story(append(slices.Clone(events), recorded(Open, "extra", "2024-07-10", "85"), mark("extra", Struck), recorded(Void, "extra", "", ""))...)
		if after := At(more, cut, ministryNoWork); after != before {
			t.Fatalf("%+v, was %+v", after, before)
		}
	})
}

// TestResetForgets: a fold that was used before says what a new one says.
func TestResetForgets(t *testing.T) {
	used := NewFold(ministryNoWork)
	rapid.Check(t, func(t *rapid.T) {
		used.Reset()
		fresh := NewFold(ministryNoWork)
		for _, e := range drawStory(t) {
			used.Apply(&e)
			fresh.Apply(&e)
		}
		if !slices.Equal(used.People(), fresh.People()) || !slices.Equal(used.Destinations(), fresh.Destinations()) {
			t.Fatal("a used fold says something else")
		}
		if len(used.Cases()) != len(fresh.Cases()) || used.LastSeq() != fresh.LastSeq() || (used.UnderWay() == nil) != (fresh.UnderWay() == nil) {
			t.Fatal("a used fold remembers")
		}
	})
}

// TestAppend: pieces are added behind what the slice holds.
func TestAppend(t *testing.T) {
	f := NewFold(ministryNoWork)
	for _, e := range story(enrol(), Event{TrueOn: "2024-03-01", Set: Settings{{Level, "doctor"}}}, recorded(Open, "k", "2024-06-01", "10")) {
		f.Apply(&e)
	}
	people := f.AppendPeople(f.People())
	if !slices.Equal(people[:2], f.People()) || !slices.Equal(people[2:], f.People()) {
		t.Errorf("people %v", people)
	}
	where := f.AppendDestinations(f.Destinations())
	if !slices.Equal(where[:2], f.Destinations()) || !slices.Equal(where[2:], f.Destinations()) {
		t.Errorf("destinations %v", where)
	}
}
