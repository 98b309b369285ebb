package transfer

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
)

func undoOf(batch string, cancelled ...string) *undoing {
	u := &undoing{pass: pass{Service: &Service{NewID: counter()}, book: codes.Builtin(), batch: "undo"}, of: roster.Batch{ID: batch}, cancelled: map[string]bool{}}
	for _, c := range cancelled {
		u.cancelled[c] = true
	}
	return u
}

func by(batch string, e history.Event) history.Event { e.Import = batch; return e }

// line is what counts of a history on some days, with the payload of what runs.
func line(events []history.Event) []history.Content {
	f := history.NewFold(destination.NoWork(codes.Builtin()))
	for i := range events {
		f.Apply(&events[i])
	}
	var out []history.Content
	for _, p := range f.Destinations() {
		c := history.Content{TrueOn: p.From}
		if p.Case != "" {
			c = f.Case(p.Case).Standing().Content
			c.Counts, c.Fields = c.Counts.Plain(), c.Fields.Plain()
		}
		out = append(out, c)
	}
	return out
}

func sameLine(a, b []history.Content) bool { return slices.EqualFunc(a, b, destination.SaysTheSame) }

func TestUndoInverse(t *testing.T) {
	job := recordedCase("k", "2024-06-20", "10", "employer_name", "滨海医院")
	amend := history.Event{Change: "a", Case: "k", Act: history.Amend, Step: history.Recorded, TrueOn: "2024-05-01", Fields: history.Fields{"position": "护士", "employer_name": "北港医院"}}
	class := history.Event{Set: history.Settings{{Key: history.Class, Value: "k2"}}, TrueOn: "2024-03-01"}
	for name, c := range map[string]struct {
		events  []history.Event
		want    string
		blocked bool
	}{
		"of open a void":                            {events: told(by("b", job)), want: "void"},
		"of amend an amend back":                    {events: told(job, by("b", amend)), want: "amend 2024-06-20 employer_name=滨海医院 position=empty"},
		"of a proposal a withdrawal":                {events: told(by("b", history.Event{Change: "p", Case: "k", Act: history.Open, Step: history.Proposed, TrueOn: "2024-06-20", Code: "10"})), want: "open"},
		"of a void the case anew":                   {events: told(job, by("b", history.Event{Change: "v", Case: "k", Act: history.Void, Step: history.Recorded})), want: "open 2024-06-20 10 employer_name=滨海医院"},
		"a later amendment stands on it":            {events: told(by("b", job), amend), blocked: true},
		"a later mark stands on it":                 {events: told(by("b", job), history.Event{Case: "k", Mark: history.Disputed}), blocked: true},
		"another case does not":                     {events: told(by("b", job), recordedCase("n", "2024-09-01", "80")), want: "void"},
		"a submitted proposal stands on it":         {events: told(by("b", history.Event{Change: "p", Case: "k", Act: history.Open, Step: history.Proposed}), history.Event{Change: "p", Case: "k", Step: history.Submitted}), blocked: true},
		"an import that was undone itself does not": {events: told(by("b", job), by("later", amend), by("itsundo", history.Event{Change: "z", Case: "k", Act: history.Amend, Step: history.Recorded})), want: "void"},
		"a void that was undone does":               {events: told(by("b", job), by("later", history.Event{Change: "z", Case: "k", Act: history.Void, Step: history.Recorded})), blocked: true},
		"another attribute does not stand on it":    {events: told(by("b", class), history.Event{Set: history.Settings{{Key: history.Major, Value: "m1"}}}), want: "2024-03-01"},
		"the same attribute does":                   {events: told(by("b", class), history.Event{Set: history.Settings{{Key: history.Class, Value: "k3"}}}), blocked: true},
	} {
		t.Run(name, func(t *testing.T) {
			u := undoOf("b", "later", "itsundo")
			back, free := u.inverse(c.events)
			if free == c.blocked {
				t.Fatalf("free = %v", free)
			}
			got := outline(Plan{Events: back})
			if c.want == "2024-03-01" {
				if len(back) != 1 || back[0].TrueOn != "2024-03-01" || !slices.Equal(back[0].Set, history.Settings{{Key: history.Class}}) {
					t.Errorf("got %+v", back)
				}
				return
			}
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestUndoOfAnEnrolmentSaysLeft(t *testing.T) {
	events := told()
	events[0].Import = "b"
	back, free := undoOf("b").inverse(events)
	if !free || len(back) != 1 || !slices.Equal(back[0].Set, history.Settings{{Key: history.Left, Value: history.True}}) {
		t.Errorf("got %v %+v", free, back)
	}
	if _, free := undoOf("b").inverse(append(events, recordedCase("k", "2024-06-20", "10"))); free {
		t.Error("a destination stands on the enrolment")
	}
}

func TestUndoGivesFormerAttributesAsOfTheirDay(t *testing.T) {
	set := func(day, class string) history.Event {
		return history.Event{Set: history.Settings{{Key: history.Class, Value: class}}, TrueOn: calendar.Day(day)}
	}
	events := told(set("", "k1"), set("2024-05-01", "k2"), by("b", set("2024-03-01", "k9")))
	for i := range events {
		events[i].Seq = i + 1
	}
	back, _ := undoOf("b").inverse(events)
	f, g := history.NewFold(nil), history.NewFold(nil)
	for i := range events {
		if events[i].Import != "b" {
			g.Apply(&events[i])
		}
		f.Apply(&events[i])
	}
	for i := range back {
		f.Apply(&back[i])
	}
	for _, day := range []string{"2024-01-01", "2024-04-01", "2024-06-01"} {
		if a, b := f.On(calendar.Day(day)).Attrs, g.On(calendar.Day(day)).Attrs; a != b {
			t.Errorf("on %s %v, before the import %v", day, a, b)
		}
	}
}

func TestUndoStopsAtReleasedFigures(t *testing.T) {
	amend := by("b", history.Event{Change: "a", Case: "k", Act: history.Amend, Step: history.Recorded, Fields: history.Fields{"position": "护士"}})
	for name, c := range map[string]struct {
		events []history.Event
		last   calendar.Day
		want   string
	}{
		"a void inside":               {told(by("b", recordedCase("k", "2024-06-20", "10"))), "2024-08-31", "S"},
		"a void after the release":    {told(by("b", recordedCase("k", "2024-09-20", "10"))), "2024-08-31", ""},
		"an amendment inside":         {told(recordedCase("k", "2024-06-20", "10"), amend), "2024-08-31", "S"},
		"a proposal moves no figures": {told(by("b", history.Event{Change: "p", Case: "k", Act: history.Open, Step: history.Proposed, TrueOn: "2024-06-20", Code: "10"})), "2024-08-31", ""},
	} {
		u := undoOf("b")
		u.locks = map[string][]destination.Lock{"2024": {{Snapshot: "S", LastDay: c.last}}}
		g := roster.Graduate{ID: "g"}
		g.Attrs[0] = "2024"
		back, _ := u.inverse(c.events)
		if _, err := u.after(t.Context(), g, c.events, back); err != nil || u.locked != c.want {
			t.Errorf("%s: locked by %q, want %q (%v)", name, u.locked, c.want, err)
		}
	}
}

// Importing and undoing leaves everybody, on every day, as they were (Q10).
func TestUndoOfAnImportIsAsIfItNeverWas(t *testing.T) {
	days := []string{"2024-03-01", "2024-05-01", "2024-06-20", "2024-08-01"}
	rapid.Check(t, func(t *rapid.T) {
		p := testPlanner(history.SourceNational)
		s := Subject{ID: "g", Number: "S1", Cohort: "2024", Events: told()}
		draw := func() (out []Claim) {
			for i, d := range rapid.SliceOfNDistinct(rapid.SampledFrom(days), 1, 3, rapid.ID[string]).Draw(t, "days") {
				out = append(out, claim(i+2, d, rapid.SampledFrom([]string{"10", "70", "801"}).Draw(t, "code"),
					"position", rapid.SampledFrom([]string{"", "护士", "医师", history.Emptied}).Draw(t, "position")))
			}
			return out
		}
		for range rapid.IntRange(0, 3).Draw(t, "earlier files") {
			s.Events = append(s.Events, p.Plan(s, draw()).Events...)
		}
		before := line(s.Events)
		p.Batch = "b"
		s.Events = append(s.Events, p.Plan(s, draw()).Events...)
		u := undoOf("b")
		u.NewID = p.NewID
		back, free := u.inverse(s.Events)
		if !free {
			t.Fatal("nothing stands on it")
		}
		if after := line(append(s.Events, back...)); !sameLine(before, after) {
			t.Fatalf("before %v\nafter  %v\n%s", before, after, outline(Plan{Events: back}))
		}
	})
}
