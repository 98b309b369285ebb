package store_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

var (
	ctx     = context.Background()
	console = access.Console("tester")
)

// write runs do in a transaction with an audit entry.
func write(t testing.TB, s *store.Store, do func(context.Context) error) {
	t.Helper()
	if err := tryWrite(s, do); err != nil {
		t.Fatal(err)
	}
}

func tryWrite(s *store.Store, do func(context.Context) error) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		if err := do(ctx); err != nil {
			return err
		}
		return s.Write(ctx, console, "test", "", nil)
	})
}

func wantKind(t testing.TB, err error, kind fault.Kind) {
	t.Helper()
	if fault.KindOf(err) != kind {
		t.Fatalf("got %v, want a fault of kind %s", err, kind)
	}
}

// enrol loads graduates g0001 … with one person event each: cohort 2024, in
// college c01 or c02 in turn.
func enrol(t testing.TB, s *store.Store, n int) []string {
	t.Helper()
	var people []roster.StagedGraduate
	var events []history.Event
	var ids []string
	for i := range n {
		p, e := enrolment(i)
		people, events, ids = append(people, p), append(events, e), append(ids, p.ID)
	}
	if err := s.Load(ctx, console, "test.load", people, events); err != nil {
		t.Fatal(err)
	}
	return ids
}

func enrolment(i int) (roster.StagedGraduate, history.Event) {
	id := fmt.Sprintf("g%04d", i+1)
	p := roster.StagedGraduate{Graduate: roster.Graduate{ID: id, StudentNo: fmt.Sprintf("9900%04d", i+1), Name: "测试",
		Profile: history.Fields{"politics": "03"}, Sealed: "sealed-" + id, IDIndex: "ix", PhoneIndex: "px"}}
	college := fmt.Sprintf("c%02d", 1+i%2)
	e := history.Event{Graduate: id, Seq: 1, KnownAt: 1000, Actor: "console:tester", Set: history.Settings{
		{Key: history.Cohort, Value: "2024"}, {Key: history.Level, Value: "undergraduate"}, {Key: history.College, Value: college},
		{Key: history.Class, Value: "k" + id}, {Key: history.InStatistics, Value: history.True}}}
	for _, set := range e.Set {
		put(&p, set.Key, set.Value)
	}
	return p, e
}

// put sets what the plan of an import says of a person.
func put(p *roster.StagedGraduate, k history.Key, value string) {
	p.Attrs[slices.Index(history.Keys, k)] = value
}

// step is a full event about a case.
func step(graduate string, seq int) history.Event {
	return history.Event{Graduate: graduate, Seq: seq, TrueOn: "2024-06-20", Change: fmt.Sprintf("x%s-%d", graduate, seq), Step: history.Recorded,
		Act: history.Open, Case: "k" + graduate, Scheme: "MOE-2021", Code: "10", Actor: "console:tester", Source: history.SourceLegacy,
		Counts: history.Counted{Nature: "31", Region: history.Emptied}, Fields: history.Fields{"employer_name": "滨海“示例”<公司>", "post": history.Emptied},
		Sealed: "v1:x", Reason: "因为", Evidence: []history.Evidence{{SHA256: "ab", Kind: "AGR"}}}
}

func TestPublishedEventsComeBackAsTheyWere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		id := enrol(t, s, 1)[0]
		events := []history.Event{step(id, 2), {Graduate: id, Seq: 3, Case: "k" + id, Mark: history.Disputed, Actor: "a1"},
			{Graduate: id, Seq: 4, Change: "y", Step: history.Passed, Level: 2}}
		var known calendar.Instant
		write(t, s, func(ctx context.Context) (err error) {
			known, err = s.Publish(ctx, events)
			return err
		})
		got, err := s.Histories(ctx, access.School(), []string{id, id})
		if err != nil {
			t.Fatal(err)
		}
		if len(got[id]) != 4 {
			t.Fatalf("got %d events, want 4", len(got[id]))
		}
		for i, e := range events {
			e.KnownAt = known
			if g := got[id][i+1]; fmt.Sprintf("%#v", g) != fmt.Sprintf("%#v", e) || g.Digest() != e.Digest() {
				t.Errorf("got  %#v\nwant %#v", g, e)
			}
		}
		if events[0].KnownAt != 0 {
			t.Error("Publish changed the caller's events")
		}
	})
}

func TestPublishRefuses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		id := enrol(t, s, 1)[0]
		for name, c := range map[string]struct {
			event history.Event
			want  fault.Kind
		}{
			"a seq that is taken":         {step(id, 1), fault.Conflict},
			"a seq with one missing":      {step(id, 3), fault.Conflict},
			"an unknown graduate":         {step("nobody", 1), fault.NotFound},
			"a difficulty that is open":   {history.Event{Graduate: id, Seq: 2, Set: history.Settings{{Key: history.Difficulty, Value: "1"}}}, ""},
			"a phone number that is so":   {history.Event{Graduate: id, Seq: 2, Step: history.Recorded, Fields: history.Fields{"contact_phone": "1000000"}}, ""},
			"a code that would split":     {history.Event{Graduate: id, Seq: 2, Step: history.Recorded, Code: "1\x1f0"}, ""},
			"settings not in their order": {history.Event{Graduate: id, Seq: 2, Set: history.Settings{{Key: history.Left}, {Key: history.Sex}}}, ""},
			"bytes that are no text":      {history.Event{Graduate: id, Seq: 2, Step: history.Recorded, Fields: history.Fields{"note": "\xff"}}, ""},
		} {
			err := tryWrite(s, func(ctx context.Context) error {
				_, err := s.Publish(ctx, []history.Event{c.event})
				return err
			})
			if err == nil || fault.KindOf(err) != c.want {
				t.Errorf("%s: got %v, want kind %q", name, err, c.want)
			}
		}
		got, err := s.Histories(ctx, access.School(), []string{id})
		if err != nil || len(got[id]) != 1 {
			t.Errorf("%d events remain (%v), want the enrolment alone", len(got[id]), err)
		}
	})
}

func TestDerivedAttributesFollowTheNewestDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		id := enrol(t, s, 1)[0]
		write(t, s, func(ctx context.Context) error {
			_, err := s.Publish(ctx, []history.Event{
				{Graduate: id, Seq: 2, TrueOn: "2024-05-01", Set: history.Settings{{Key: history.Cohort, Value: "2025"}, {Key: history.College, Value: "c09"}}},
				{Graduate: id, Seq: 3, Set: history.Settings{{Key: history.College, Value: "c05"}, {Key: history.Left, Value: history.False}}}})
			return err
		})
		got, err := s.GraduatesByID(ctx, access.Colleges("c09"), []string{id})
		if err != nil || len(got) != 1 {
			t.Fatalf("got %v, %v; want the graduate in the college of the greatest day", got, err)
		}
		if a := got[0].Attrs; a.Value(history.Cohort) != "2025" || a.Value(history.Left) != history.False || got[0].Seq != 3 {
			t.Errorf("got %v seq %d", a, got[0].Seq)
		}
		for _, cohort := range []string{"2024", "2025"} {
			n := 0
			err := s.EachHistory(ctx, store.HistorySelection{Cohorts: []string{cohort}}, func(string, []history.Event) error { n++; return nil })
			if err != nil || n != 1 {
				t.Errorf("cohort %s: %d histories (%v), want the one who was ever in it", cohort, n, err)
			}
		}
	})
}

func TestEachHistory(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ids := enrol(t, s, 7)
		write(t, s, func(ctx context.Context) error {
			_, err := s.Publish(ctx, []history.Event{step(ids[6], 2), step(ids[2], 2), step(ids[2], 3)})
			return err
		})
		for name, c := range map[string]struct {
			sel  store.HistorySelection
			want map[string]int
		}{
			"all":                {store.HistorySelection{}, map[string]int{ids[0]: 1, ids[1]: 1, ids[2]: 3, ids[3]: 1, ids[4]: 1, ids[5]: 1, ids[6]: 2}},
			"named":              {store.HistorySelection{Graduates: []string{ids[6], ids[2], "nobody"}}, map[string]int{ids[2]: 3, ids[6]: 2}},
			"none named":         {store.HistorySelection{Graduates: []string{}}, map[string]int{}},
			"a cohort of nobody": {store.HistorySelection{Cohorts: []string{"1999"}}, map[string]int{}},
		} {
			for _, brief := range []bool{false, true} {
				c.sel.Brief = brief
				got := map[string]int{}
				var order []string
				err := s.EachHistory(ctx, c.sel, func(id string, events []history.Event) error {
					order = append(order, id)
					got[id] = len(events)
					for i, e := range events {
						if e.Seq != i+1 || e.Graduate != id {
							t.Errorf("%s: event %d of %s is %s/%d", name, i, id, e.Graduate, e.Seq)
						}
						if e.Step != "" && (e.Counts.Nature != "31" || brief != (e.Sealed == "") || brief != (e.Fields == nil) || (e.Actor == "") != (brief && e.Step != history.Submitted && e.Step != history.Passed)) {
							t.Errorf("%s, brief %v: got %#v", name, brief, e)
						}
					}
					return nil
				})
				if err != nil || !maps.Equal(got, c.want) || !slices.IsSorted(order) {
					t.Errorf("%s: got %v (%v), want %v", name, got, err, c.want)
				}
			}
		}
		stop := errors.New("stop")
		if err := s.EachHistory(ctx, store.HistorySelection{}, func(string, []history.Event) error { return stop }); !errors.Is(err, stop) {
			t.Errorf("got %v, want the callee's own error", err)
		}
	})
}

func TestCohortsAndTheirMembers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ids := enrol(t, s, 2)
		write(t, s, func(ctx context.Context) error {
			_, err := s.Publish(ctx, []history.Event{{Graduate: ids[1], Seq: 2, Set: history.Settings{{Key: history.Cohort, Value: "2023"}}}})
			return err
		})
		cohorts, err := s.Cohorts(ctx)
		same(t, "cohorts", cohorts, err, []string{"2023", "2024"})
		members, err := s.Members(ctx, "2024")
		same(t, "whoever was ever in 2024", members, err, ids)
		members, err = s.Members(ctx, "2023")
		same(t, "whoever was ever in 2023", members, err, ids[1:])
	})
}
