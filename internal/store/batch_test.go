package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

// import1 stages batch b1 on two graduates who are there: g0001 changes with an
// event, g0002 in the profile only; g0003 gets a step; g0009 is new.
func import1(t testing.TB, s *store.Store) {
	t.Helper()
	enrol(t, s, 3)
	if err := s.BeginBatch(ctx, roster.Batch{ID: "b1", Kind: "roster", Cohort: "2024", Source: "legacy", File: "名单.xlsx", FileSHA256: "ff",
		Account: "console:tester", Started: 77}); err != nil {
		t.Fatal(err)
	}
	changed, _ := enrolment(0)
	changed.Before, changed.ExpectSeq, changed.Seq, changed.Name = "former", 1, 2, "改名"
	put(&changed, history.Cohort, "2025")
	profile, _ := enrolment(1)
	profile.Before, profile.ExpectSeq, profile.Seq, profile.Profile = "former2", 1, 1, nil
	fresh, enrols := enrolment(8)
	fresh.Seq, fresh.ExamNo = 1, "99000000000009"
	later := step("g0003", 2)
	cohort := history.Event{Graduate: "g0001", Seq: 2, Set: history.Settings{{Key: history.Cohort, Value: "2025"}}}
	for _, e := range []*history.Event{&enrols, &later, &cohort} {
		e.Import, e.KnownAt = "b1", 0
	}
	for _, chunk := range []struct {
		people []roster.StagedGraduate
		events []history.Event
	}{{[]roster.StagedGraduate{changed, fresh}, []history.Event{cohort}}, {[]roster.StagedGraduate{profile}, []history.Event{later, enrols}}} {
		if err := s.Stage(ctx, "b1", chunk.people, chunk.events); err != nil {
			t.Fatal(err)
		}
	}
}

func publishBatch(s *store.Store, id string) (known calendar.Instant, err error) {
	err = tryWrite(s, func(ctx context.Context) (err error) {
		known, err = s.PublishBatch(ctx, id, map[string]int{"added": 1})
		return err
	})
	return known, err
}

func TestPublishBatch(t *testing.T) {
	storetest.EachConfig(t, func(t *testing.T, c store.Config) {
		c.Clock = func() calendar.Instant { return 900 } // before the enrolments were known
		s := storetest.Open(t, c)
		import1(t, s)
		if got, err := s.GraduatesByID(ctx, access.School(), []string{"g0009"}); err != nil || len(got) != 0 {
			t.Fatalf("staged people show: %v (%v)", got, err)
		}
		var told []string
		s.OnCommit(func(graduates []string) { told = graduates })
		known, err := publishBatch(s, "b1")
		if err != nil || known != 1000 {
			t.Fatalf("known at %d (%v), want the newest of those concerned", known, err)
		}
		if want := []string{"g0001", "g0003", "g0009"}; !slices.Equal(told, want) {
			t.Errorf("OnCommit got %v, want %v", told, want)
		}
		got, err := s.Graduates(ctx, access.School(), "", "", 500)
		if err != nil || len(got) != 4 {
			t.Fatalf("got %v (%v)", got, err)
		}
		if g := got[0]; g.Name != "改名" || g.Attrs.Value(history.Cohort) != "2025" || g.Seq != 2 {
			t.Errorf("changed: got %+v", g)
		}
		if g := got[1]; g.Profile != nil || g.Seq != 1 {
			t.Errorf("profile only: got %+v", g)
		}
		if g := got[2]; g.Seq != 2 {
			t.Errorf("step only: got %+v", g)
		}
		if g := got[3]; g.ExamNo != "99000000000009" || g.Seq != 1 || g.Attrs.Value(history.College) != "c01" {
			t.Errorf("new: got %+v", g)
		}
		histories, err := s.Histories(ctx, access.School(), []string{"g0003"})
		if e := histories["g0003"]; err != nil || len(e) != 2 || e[1].KnownAt != known || e[1].Import != "b1" || e[1].Counts.Nature != "31" {
			t.Errorf("got %+v (%v)", e, err)
		}
		verified(t, s)
		listed(t, s, known)
	})
}

// listed checks what the batch tells of itself, and that it is undone once.
func listed(t *testing.T, s *store.Store, known calendar.Instant) {
	t.Helper()
	want := roster.Batch{ID: "b1", Kind: "roster", Cohort: "2024", Source: "legacy", File: "名单.xlsx", FileSHA256: "ff",
		Account: "console:tester", Started: 77, Published: known, Counts: map[string]int{"added": 1}}
	list, err := s.BatchList(ctx)
	if err != nil || !reflect.DeepEqual(list, []roster.Batch{want}) {
		t.Errorf("got %+v (%v), want %+v", list, err, want)
	}
	ids, err := s.BatchGraduates(ctx, "b1")
	if err != nil || !slices.Equal(ids, []string{"g0001", "g0003", "g0009"}) {
		t.Errorf("got %v (%v)", ids, err)
	}
	before, err := s.BatchBefore(ctx, "b1")
	if err != nil || !reflect.DeepEqual(before, map[string]string{"g0001": "former", "g0002": "former2"}) {
		t.Errorf("got %v (%v)", before, err)
	}
	write(t, s, func(ctx context.Context) error { return s.MarkUndone(ctx, "b1", "b2") })
	if list, err = s.BatchList(ctx); err != nil || list[0].UndoneBy != "b2" || list[0].Undone == 0 {
		t.Errorf("got %+v (%v)", list, err)
	}
	wantKind(t, tryWrite(s, func(ctx context.Context) error { return s.MarkUndone(ctx, "b1", "b3") }), fault.Conflict)
	_, err = publishBatch(s, "b1")
	wantKind(t, err, fault.NotFound)
	if err := s.DropBatch(ctx, "b1"); err != nil {
		t.Error(err)
	}
	if list, _ := s.BatchList(ctx); len(list) != 1 {
		t.Error("dropping removed a published batch")
	}
}

func TestPublishBatchRefusesWhatIsOutOfDate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		import1(t, s)
		for name, id := range map[string]string{"a staged person": "g0001", "somebody with a profile only": "g0002", "somebody with a step only": "g0003"} {
			write(t, s, func(ctx context.Context) error {
				_, err := s.Publish(ctx, []history.Event{step(id, 2)})
				return err
			})
			_, err := publishBatch(s, "b1")
			if fault.KindOf(err) != fault.Conflict {
				t.Errorf("%s has a newer event: got %v", name, err)
			}
		}
		if list, err := s.BatchList(ctx); err != nil || len(list) != 0 {
			t.Errorf("a refused batch is listed: %v (%v)", list, err)
		}
		verified(t, s)
	})
}

// TestTwoProfilesDoNotOverwriteEachOther: two imports are planned on the same
// state and change profiles alone, so that no history tells one from the other.
func TestTwoProfilesDoNotOverwriteEachOther(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		id := enrol(t, s, 1)[0]
		plan := func(batch, politics string) {
			t.Helper()
			if err := s.BeginBatch(ctx, roster.Batch{ID: batch}); err != nil {
				t.Fatal(err)
			}
			list, err := s.GraduatesByID(ctx, access.School(), []string{id})
			if err != nil || len(list) != 1 {
				t.Fatal(list, err)
			}
			p := roster.StagedGraduate{Graduate: list[0], ExpectSeq: 1, Before: "former"}
			p.Profile = history.Fields{"politics": politics}
			if err := s.Stage(ctx, batch, []roster.StagedGraduate{p}, nil); err != nil {
				t.Fatal(err)
			}
		}
		plan("b1", "01")
		plan("b2", "02")
		if _, err := publishBatch(s, "b1"); err != nil {
			t.Fatal(err)
		}
		_, err := publishBatch(s, "b2")
		wantKind(t, err, fault.Conflict)
		plan("b3", "13")
		if _, err := publishBatch(s, "b3"); err != nil {
			t.Errorf("planned on the newest state: got %v", err)
		}
		list, err := s.Graduates(ctx, access.School(), "", "", 1)
		if err != nil || list[0].Profile["politics"] != "13" || list[0].Rev != 2 || list[0].Seq != 1 {
			t.Errorf("got %+v (%v)", list, err)
		}
	})
}

func TestPublishBatchRefusesATakenNumber(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		import1(t, s)
		p, e := enrolment(8)
		p.ID, e.Graduate = "other", "other"
		if err := s.Load(ctx, console, "x", []roster.StagedGraduate{p}, []history.Event{e}); err != nil {
			t.Fatal(err)
		}
		_, err := publishBatch(s, "b1")
		wantKind(t, err, fault.Conflict)
	})
}

func TestStageRefuses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		enrol(t, s, 1)
		wantKind(t, s.Stage(ctx, "none", nil, nil), fault.NotFound)
		begin := func(id string) {
			if err := s.BeginBatch(ctx, roster.Batch{ID: id}); err != nil {
				t.Fatal(err)
			}
		}
		begin("b1")
		open, _ := enrolment(5)
		open.Secret = history.Fields{"phone": "1"}
		if err := s.Stage(ctx, "b1", []roster.StagedGraduate{open}, nil); err == nil {
			t.Error("an unsealed graduate was staged")
		}
		if err := s.Stage(ctx, "b1", nil, []history.Event{step("g0001", 2)}); err == nil {
			t.Error("an event of no import was staged")
		}
		gap := step("g0001", 3)
		gap.Import = "b1"
		if err := s.Stage(ctx, "b1", nil, []history.Event{gap}); err != nil {
			t.Fatal(err)
		}
		_, err := publishBatch(s, "b1")
		wantKind(t, err, fault.Conflict)

		begin("b2")
		lonely, _ := enrolment(6)
		lonely.Seq = 1 // but no event
		if err := s.Stage(ctx, "b2", []roster.StagedGraduate{lonely}, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := publishBatch(s, "b2"); err == nil || fault.KindOf(err) != "" {
			t.Errorf("people without their events: got %v, want a defect", err)
		}
	})
}

func TestDropBatchLeavesNothing(t *testing.T) {
	storetest.EachConfig(t, func(t *testing.T, c store.Config) {
		s := storetest.Open(t, c)
		import1(t, s)
		if err := s.DropBatch(ctx, "b1"); err != nil {
			t.Fatal(err)
		}
		left(t, c, 0)
		_, err := publishBatch(s, "b1")
		wantKind(t, err, fault.NotFound)
	})
}

// TestLeftoversOfACrash: what a dead import staged goes when it is a day old, or
// when a server takes over; a running one stays.
func TestLeftoversOfACrash(t *testing.T) {
	storetest.EachConfig(t, func(t *testing.T, c store.Config) {
		s := storetest.Open(t, c)
		import1(t, s)
		if other := storetest.Open(t, c); other != nil {
			left(t, c, 1)
		}
		old := time.Now().Add(-25 * time.Hour).UnixMilli()
		if _, err := raw(t, c).ExecContext(ctx, `update batch set begun_at = $1`, old); err != nil {
			t.Fatal(err)
		}
		storetest.Open(t, c)
		left(t, c, 0)
		if err := s.BeginBatch(ctx, roster.Batch{ID: "b2"}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Millisecond)
		release, err := s.HoldServer(ctx)
		if err != nil {
			t.Fatal(err)
		}
		release()
		left(t, c, 0)
	})
}

// left counts batches, and staged rows must be there exactly when one is.
func left(t *testing.T, c store.Config, batches int) {
	t.Helper()
	db := raw(t, c)
	for table, some := range map[string]bool{"batch": batches > 0, "stage_event": batches > 0, "stage_graduate": batches > 0} {
		var n int
		if err := db.QueryRowContext(ctx, `select count(1) from `+table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if (n > 0) != some || table == "batch" && n != batches {
			t.Errorf("%d rows in %s, %d batches expected", n, table, batches)
		}
	}
}

// raw opens the database past the store.
func raw(t testing.TB, c store.Config) *sql.DB {
	t.Helper()
	driver, name := "sqlite", c.SQLite
	if c.URL != "" {
		driver, name = "pgx", c.URL
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestLoadContinuesHistories(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		enrol(t, s, 2)
		p, e := enrolment(4)
		more := step("g0001", 2)
		more.KnownAt, more.Import = 2000, "b0"
		moved := history.Event{Graduate: "g0002", Seq: 2, KnownAt: 1500, Set: history.Settings{{Key: history.Cohort, Value: "2025"}}}
		if err := s.Load(ctx, console, "x", []roster.StagedGraduate{p}, []history.Event{more, e, moved}); err != nil {
			t.Fatal(err)
		}
		got, err := s.Graduates(ctx, access.School(), "2025", "", 9)
		if err != nil || len(got) != 1 || got[0].ID != "g0002" {
			t.Errorf("got %v (%v), want whom the load moved to another cohort", got, err)
		}
		if ids, err := s.BatchGraduates(ctx, "b0"); err != nil || !slices.Equal(ids, []string{"g0001"}) {
			t.Errorf("got %v (%v)", ids, err)
		}
		verified(t, s)

		again := more
		again.Seq, again.KnownAt = 3, 1999
		taken := step("g0002", 2)
		taken.KnownAt = 9000
		person, first := enrolment(5)
		person.StudentNo = p.StudentNo
		for name, c := range map[string]struct {
			people []roster.StagedGraduate
			events []history.Event
			want   fault.Kind
		}{
			"known before the one before it": {nil, []history.Event{again}, ""},
			"a seq that is taken":            {nil, []history.Event{taken}, fault.Conflict},
			"a 学号 that is taken":             {[]roster.StagedGraduate{person}, []history.Event{first}, fault.Conflict},
			"an unknown graduate":            {nil, []history.Event{first}, fault.NotFound},
		} {
			if err := s.Load(ctx, console, "x", c.people, c.events); err == nil || fault.KindOf(err) != c.want {
				t.Errorf("%s: got %v, want kind %q", name, err, c.want)
			}
		}
		verified(t, s)
	})
}

// verified fails the test for each problem that Verify names.
func verified(t testing.TB, s *store.Store) {
	t.Helper()
	for _, p := range problems(t, s) {
		t.Error(p)
	}
}

func problems(t testing.TB, s *store.Store) (out []string) {
	t.Helper()
	if err := s.Verify(ctx, func(p string) { out = append(out, p) }); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestManyAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const n = 1203 // more than one list in a query holds
		ids := enrol(t, s, n)
		var numbers []string
		for i := range n {
			numbers = append(numbers, fmt.Sprintf("9900%04d", i+1))
		}
		byID, err := s.GraduatesByID(ctx, access.School(), append(ids, ids...))
		byNumber, err2 := s.GraduatesByNumber(ctx, access.School(), numbers, []string{"none"})
		all, err3 := s.Histories(ctx, access.School(), append(ids, ids...))
		if err := errors.Join(err, err2, err3); err != nil || len(byID) != n || len(byNumber) != n || len(all) != n || len(all[ids[0]]) != 1 {
			t.Errorf("got %d, %d, %d of %d (%v)", len(byID), len(byNumber), len(all), n, err)
		}
		verified(t, s)
	})
}
