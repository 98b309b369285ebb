package app_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/domain/release"
)

// TestSnapshotIsWhatWasCounted: the stored rows give the tables that the events
// gave at the cut, difficulties among them, and hold when they are verified.
func TestSnapshotIsWhatWasCounted(t *testing.T) {
	frozenEach(t, func(t *testing.T, f *frozen) {
		f.load(newWalk(rand.New(rand.NewPCG(1, 2)), "2024", 120))
		s := f.freeze("INIT-2024")
		if s.Cut.True != calendar.Day("2024-09-01").Start() || s.Cut.Known != f.now()+1 || s.Definition != "moe-2024" || s.People == 0 {
			t.Fatalf("frozen %+v", s)
		}
		if got := f.verified("INIT-2024"); got != nil {
			t.Fatal(got)
		}
		for _, by := range [][]indicator.Dim{nil, {"level", "college"}, {"difficulty"}, {"ethnicity", "code"}, {"region"}} {
			q := indicator.Query{Table: "destination", Definition: s.Definition, Cohorts: []string{"2024"}, By: by, Within: access.School(),
				AsOf: calendar.WhenAt(s.Cut.True), KnownAt: calendar.WhenAt(s.Cut.Known)}
			want, err := f.count(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			shown, err := f.releases.Show(t.Context(), frozenOffice, "INIT-2024", release.View{By: by})
			if err != nil {
				t.Fatal(err)
			}
			if got, want := frozenFigures(shown.Table), frozenFigures(want); got != want {
				t.Errorf("by %v:\n got %s\nwant %s", by, got, want)
			}
		}
	})
}

// TestFreezeRefuses: a name that is taken, and a cohort without people; nothing
// is kept then.
func TestFreezeRefuses(t *testing.T) {
	frozenEach(t, func(t *testing.T, f *frozen) {
		f.load(newWalk(rand.New(rand.NewPCG(1, 2)), "2024", 5))
		s := f.freeze("INIT-2024")
		for name, c := range map[string]struct {
			f    release.Freezing
			want fault.Kind
		}{
			"the same name again":     {release.Freezing{Name: "INIT-2024", Cohort: "2024"}, fault.Conflict},
			"a cohort without people": {release.Freezing{Name: "EMPTY", Cohort: "2031"}, fault.Invalid},
			"before anybody enrolled": {release.Freezing{Name: "EMPTY", Cohort: "2023"}, fault.Invalid},
		} {
			if _, err := f.releases.Freeze(t.Context(), frozenOffice, c.f); fault.KindOf(err) != c.want {
				t.Errorf("%s: %v", name, err)
			}
		}
		list, err := f.releases.List(t.Context(), frozenOffice)
		if err != nil || len(list) != 1 || list[0].SHA256 != s.SHA256 {
			t.Errorf("listed %v, %v", list, err)
		}
	})
}

// TestSnapshotIsKeptUnreadable: no difficulty, nobody's id, and no sign of who
// has a difficulty.
func TestSnapshotIsKeptUnreadable(t *testing.T) {
	frozenEach(t, func(t *testing.T, f *frozen) {
		f.load(newWalk(rand.New(rand.NewPCG(1, 2)), "2024", 30))
		f.freeze("INIT-2024")
		rows, err := f.store.SnapshotRows(t.Context(), "INIT-2024")
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			if r.Attrs.Value(history.Difficulty) != "" || len(r.Sealed) != len(rows[0].Sealed) || strings.Contains(r.Pseudonym, "graduate") {
				t.Errorf("kept readable: %+v", r)
			}
		}
	})
}

// frozenFigures prints rows alone: a frozen table does not know its hindsight.
func frozenFigures(t indicator.Table) string {
	var out strings.Builder
	for _, r := range t.Rows {
		fmt.Fprintln(&out, r.Cohort, r.Name(), r.N, r.Cells, r.Seeking)
	}
	return out.String()
}

// TestSnapshotNeverChanges: whatever becomes known later, of whatever day.
func TestSnapshotNeverChanges(t *testing.T) {
	frozenEach(t, func(t *testing.T, f *frozen) {
		rng := rand.New(rand.NewPCG(5, 6))
		w := newWalk(rng, "2024", 60)
		f.load(w)
		s := f.freeze("INIT-2024")
		f.release("INIT-2024")
		before, moved := f.tables("INIT-2024"), 0
		for round := range 4 {
			f.clock.Add(int64(3 * 24 * 3600 * 1000))
			if _, err := f.releases.Unlock(t.Context(), frozenOffice, "INIT-2024", "更正八月以前的登记"); err != nil {
				t.Fatal(err)
			}
			old := len(w.events)
			for range 60 {
				w.step(walkPick(rng, w.people...).ID)
			}
			f.publish(w.events[old:])
			if got := f.tables("INIT-2024"); got != before {
				t.Fatalf("round %d:\n now %s\n was %s", round, got, before)
			}
			if got := f.verified("INIT-2024"); got != nil {
				t.Fatalf("round %d: %v", round, got)
			}
			later := f.freeze(fmt.Sprintf("LATER-%d", round))
			if later.SHA256 == s.SHA256 || later.Cut.Known <= s.Cut.Known {
				t.Fatalf("round %d: the later snapshot is the first one", round)
			}
			moved += f.moved("INIT-2024", later.Name)
		}
		if moved == 0 {
			t.Error("the later events changed nothing, so nothing was proved")
		}
	})
}

// moved counts who stands elsewhere in the second snapshot; everybody of both is
// accounted for.
func (f *frozen) moved(from, to string) (moved int) {
	f.t.Helper()
	d, err := f.releases.Diff(f.t.Context(), frozenOffice, from, to, nil)
	if err != nil {
		f.t.Fatal(err)
	}
	before, after := d.Stayed, d.Stayed
	for _, m := range d.Moves {
		if len(m.Graduates) != m.N {
			f.t.Errorf("%s names %v", m, m.Graduates)
		}
		if !m.From.Outside() {
			before += m.N
		}
		if !m.To.Outside() {
			after += m.N
		}
		moved += m.N
	}
	if before != d.From.People || after != d.To.People {
		f.t.Errorf("%s to %s: %d and %d people, %d and %d accounted for", from, to, d.From.People, d.To.People, before, after)
	}
	return moved
}

// tamperings change a snapshot $1 behind the program's back, most of them the row
// of $2, and say what Verify must then say of that person, or at all.
var tamperings = map[string]struct{ statement, ofPerson, atAll string }{
	"a byte of the code": {`update snapshot_row set code = '11' where snapshot = $1 and pseudonym = $2`,
		"：毕业去向冻结为“11”，按事件重算为“10”", ""},
	"the cell":                 {`update snapshot_row set cell = 'study' where snapshot = $1 and pseudonym = $2`, "：分项", ""},
	"a byte of the attributes": {`update snapshot_row set attrs = replace(attrs, 'master', 'doctor') where snapshot = $1 and pseudonym = $2`, "：学历层次", ""},
	"the envelope": {`update snapshot_row set sealed = (select min(r.sealed) from snapshot_row r where r.snapshot = $1 and r.pseudonym <> $2)
		where snapshot = $1 and pseudonym = $2`, "：困难类别的密文打不开", ""},
	"a row less":                {`delete from snapshot_row where snapshot = $1 and pseudonym = $2`, "：按事件重算在统计范围，快照里没有", ""},
	"whose row it is":           {`update snapshot_row set pseudonym = 'p' || pseudonym where snapshot = $1 and pseudonym = $2`, "：按事件重算在统计范围", ""},
	"the hash":                  {`update snapshot set sha256 = $2 where name = $1`, "", "SHA-256"},
	"the number of people":      {`update snapshot set people = people + 1 where name = $1 and name <> $2`, "", "快照应有"},
	"what was known":            {`update snapshot set known_before = 1 where name = $1 and name <> $2`, "", "SHA-256"},
	"the version of the tables": {`update snapshot set code_versions = '{}' where name = $1 and name <> $2`, "", "SHA-256"},
}

// TestTamperedSnapshotIsNamed: what was changed is found, named, and not released.
func TestTamperedSnapshotIsNamed(t *testing.T) {
	frozenEach(t, func(t *testing.T, f *frozen) {
		w := newWalk(rand.New(rand.NewPCG(9, 9)), "2024", 20)
		victim := f.vault.Pseudonym(w.one("master", "10"))
		f.load(w)
		number := 0
		for what, c := range tamperings {
			number++
			name := fmt.Sprintf("S%d", number)
			f.freeze(name)
			if got := f.verified(name); got != nil {
				t.Fatalf("%s: before: %v", what, got)
			}
			f.tamper(c.statement, name, victim)
			want := c.atAll
			if c.ofPerson != "" {
				want = "人员 " + victim + c.ofPerson
			}
			if got := f.verified(name); !strings.Contains(strings.Join(got, "\n"), want) {
				t.Errorf("%s: want %q in %v", what, want, got)
			}
			if _, err := f.releases.Release(t.Context(), frozenOffice, name, frozenApproval()); fault.KindOf(err) != fault.Conflict {
				t.Errorf("%s: released all the same: %v", what, err)
			}
		}
	})
}

// TestFreezeAt: a past instant gives the figures as they were known then, and an
// instant that has not come is refused.
func TestFreezeAt(t *testing.T) {
	frozenEach(t, func(t *testing.T, f *frozen) {
		f.load(newWalk(rand.New(rand.NewPCG(6, 6)), "2024", 60))
		known := calendar.Day("2024-07-10").Start()
		s, err := f.releases.FreezeAt(t.Context(), frozenOffice, release.Freezing{Name: "JULY", Cohort: "2024", AsOf: frozenWhen("2024-06-30")}, known)
		if err != nil || s.Cut.Known != known || s.FrozenAt != known {
			t.Fatalf("%+v, %v", s, err)
		}
		if got := f.verified("JULY"); got != nil {
			t.Error(got)
		}
		now := f.freeze("NOW")
		if f.tables("JULY") == f.tables("NOW") {
			t.Error("July is as today")
		}
		if _, err := f.releases.FreezeAt(t.Context(), frozenOffice, release.Freezing{Name: "AHEAD", Cohort: "2024"}, now.Cut.Known+1); fault.KindOf(err) != fault.Conflict {
			t.Errorf("ahead of the clock: %v", err)
		}
	})
}
