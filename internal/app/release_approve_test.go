package app_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/ident"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/domain/release"
)

// TestReleaseNeedsItsApproval: nothing is marked released without.
func TestReleaseNeedsItsApproval(t *testing.T) {
	frozenEach(t, func(t *testing.T, f *frozen) {
		f.load(newWalk(rand.New(rand.NewPCG(2, 2)), "2024", 40))
		f.freeze("INIT-2024")
		for name, change := range map[string]func(a *release.Approval){
			"without the leader":              func(a *release.Approval) { a.Leader = "" },
			"without the record":              func(a *release.Approval) { a.Record = " " },
			"without the province's file":     func(a *release.Approval) { a.ConsentFile = "" },
			"with nothing":                    func(a *release.Approval) { *a = release.Approval{} },
			"approved on a day that is ahead": func(a *release.Approval) { a.Approved = "2024-10-02" },
		} {
			a := frozenApproval()
			change(&a)
			if _, err := f.releases.Release(t.Context(), frozenOffice, "INIT-2024", a); fault.KindOf(err) != fault.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		if list, _ := f.releases.List(t.Context(), frozenOffice); list[0].Release != nil {
			t.Fatal("marked released by a refused release")
		}
		if _, err := f.releases.Unlock(t.Context(), frozenOffice, "INIT-2024", "更正登记日期"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("unlock of what locks nothing: %v", err)
		}
		s := f.release("INIT-2024")
		if s.Release.By != frozenOffice.Account || s.Release.At != f.now() {
			t.Errorf("released %+v", s.Release)
		}
		if _, err := f.releases.Release(t.Context(), frozenOffice, "INIT-2024", frozenApproval()); fault.KindOf(err) != fault.Conflict {
			t.Errorf("released twice: %v", err)
		}
		if got := f.verified("INIT-2024"); got != nil {
			t.Errorf("a release changes nothing: %v", got)
		}
	})
}

// TestWhatLeavesTheHouse: everybody sees a released snapshot with small numbers
// withheld, and what is withheld is listed with the release.
func TestWhatLeavesTheHouse(t *testing.T) {
	frozenEach(t, func(t *testing.T, f *frozen) {
		w := newWalk(rand.New(rand.NewPCG(2, 3)), "2024", 30)
		for range 30 {
			w.one("undergraduate", "10")
		}
		f.load(w)
		f.freeze("INIT-2024")
		nobody, public := access.Actor{}, release.View{By: []indicator.Dim{"difficulty"}, Public: true}
		if _, err := f.releases.Show(t.Context(), nobody, "INIT-2024", public); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("everybody sees what is not released: %v", err)
		}
		preview, err := f.releases.Show(t.Context(), frozenOffice, "INIT-2024", public)
		if err != nil {
			t.Errorf("who may release sees it before: %v", err)
		}
		s := f.release("INIT-2024")
		shown, err := f.releases.Show(t.Context(), nobody, "INIT-2024", public)
		if err != nil || len(shown.Hidden) == 0 || !slices.Equal(shown.Hidden, preview.Hidden) {
			t.Fatalf("public view: %v, %v; preview %v", shown.Hidden, err, preview.Hidden)
		}
		for _, h := range shown.Hidden {
			if !slices.ContainsFunc(s.Release.Hidden, func(l string) bool { return strings.HasSuffix(l, h.String()) }) {
				t.Errorf("%s is withheld and not listed with the release", h)
			}
		}
		for _, r := range shown.Table.Rows {
			if !r.Total && !r.Hidden && r.N < 5 {
				t.Errorf("row %s of %d people is public", r.Name(), r.N)
			}
		}
		byClass := release.View{By: []indicator.Dim{"class", "sex"}, Public: true}
		if shown, err := f.releases.Show(t.Context(), nobody, "INIT-2024", byClass); err != nil || !shown.Table.Rows[len(shown.Table.Rows)-1].Total {
			t.Errorf("by class and sex for everybody: %v", err)
		}
		byClass.Where = []indicator.Condition{{Dim: "class", Value: "k1"}}
		if _, err := f.releases.Show(t.Context(), nobody, "INIT-2024", byClass); fault.KindOf(err) != fault.Invalid {
			t.Errorf("one class for everybody: %v", err)
		}
	})
}

// lockedSchool is a school with a released snapshot, and graduates who register.
type lockedSchool struct {
	*frozen
	verbs *destination.Service
}

func (l *lockedSchool) submit(id string, d destination.Draft) error {
	d.Graduate = id
	self := access.Actor{Account: "of-" + id, Grants: []access.Grant{{Role: access.Graduate, Over: access.Self(id)}}}
	_, err := l.verbs.Submit(l.t.Context(), self, d)
	return err
}

// correct submits that the case was never work, inside the released period.
func (l *lockedSchool) correct(id string) error {
	return l.submit(id, destination.Draft{Act: history.Amend, Case: walkName("k", id, 0), Code: "72-NONE", TrueOn: "2024-07-01",
		Fields: history.Fields{"reason_text": "准备考试"}})
}

func (l *lockedSchool) locked(what string, err error) {
	l.t.Helper()
	if fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "INIT-2024") {
		l.t.Errorf("%s: %v, want a refusal that names the snapshot", what, err)
	}
}

func lockedEach(t *testing.T, do func(t *testing.T, l *lockedSchool, people []string)) {
	frozenEach(t, func(t *testing.T, f *frozen) {
		l := &lockedSchool{f, &destination.Service{Store: f.store, Audit: f.store, Vault: f.vault, Book: codes.Builtin, NewID: ident.New, Now: f.now}}
		w := newWalk(rand.New(rand.NewPCG(4, 4)), "2024", 0)
		people := []string{w.one("master", "10"), w.one("master", "10"), w.one("master", "")}
		f.load(w)
		do(t, l, people)
	})
}

// TestUnlock: after a release corrections inside its period need a reasoned
// unlock, which holds seven days.
func TestUnlock(t *testing.T) {
	lockedEach(t, func(t *testing.T, l *lockedSchool, people []string) {
		l.freeze("INIT-2024")
		l.release("INIT-2024")
		l.locked("a correction inside the released period", l.correct(people[0]))
		for reason, want := range map[string]fault.Kind{" 更正  ": fault.Invalid, "": fault.Invalid, "四个字哦": fault.Invalid} {
			if _, err := l.releases.Unlock(t.Context(), frozenOffice, "INIT-2024", reason); fault.KindOf(err) != want {
				t.Errorf("reason %q: %v", reason, err)
			}
		}
		if _, err := l.releases.Unlock(t.Context(), frozenOffice, "NONE", "更正登记日期"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("no such snapshot: %v", err)
		}
		u, err := l.releases.Unlock(t.Context(), frozenOffice, "INIT-2024", "更正登记日")
		if err != nil || u.Until != l.now()+7*24*3600*1000 {
			t.Fatalf("until %s, %v", u.Until, err)
		}
		l.clock.Store(int64(u.Until) - 1)
		if err := l.correct(people[0]); err != nil {
			t.Errorf("unlocked: %v", err)
		}
		l.clock.Store(int64(u.Until))
		l.locked("seven days later", l.correct(people[1]))
		shown, err := l.releases.Show(t.Context(), frozenOffice, "INIT-2024", release.View{})
		if err != nil || len(shown.Unlocks) != 1 || shown.Unlocks[0] != u || u.Reason != "更正登记日" || u.Account != frozenOffice.Account {
			t.Errorf("unlocks %v, %v", shown.Unlocks, err)
		}
	})
}

// TestReleasedGoesFree: new cases and changes submitted before need no unlock.
func TestReleasedGoesFree(t *testing.T) {
	lockedEach(t, func(t *testing.T, l *lockedSchool, people []string) {
		if err := l.correct(people[0]); err != nil {
			t.Fatal(err)
		}
		l.freeze("INIT-2024")
		l.release("INIT-2024")
		events, err := l.store.Histories(t.Context(), access.School(), people[:1])
		if err != nil {
			t.Fatal(err)
		}
		waiting := events[people[0]][len(events[people[0]])-1]
		reviewer := access.Actor{Account: "reviewer", Grants: []access.Grant{{Role: access.Counsellor, Over: access.Classes("k1", "k2", "k3")}}}
		if err := l.verbs.Pass(t.Context(), reviewer, destination.Decision{Graduate: people[0], Change: waiting.Change, Level: 1, Note: "已核实"}); err != nil {
			t.Errorf("submitted before: %v", err)
		}
		if err := l.submit(people[2], destination.Draft{Act: history.Open, Code: "72-NONE", TrueOn: "2024-07-01",
			Fields: history.Fields{"reason_text": "准备考试"}}); err != nil {
			t.Errorf("a new case: %v", err)
		}
		l.locked("what is neither", l.correct(people[1]))
		if got := l.verified("INIT-2024"); got != nil {
			t.Error(got)
		}
	})
}

func frozenActor(role access.Role, over access.Scope) access.Actor {
	return access.Actor{Account: string(role), Grants: []access.Grant{{Role: role, Over: over}}}
}

// TestSnapshotsAreTheSchools: who may not freeze, release, unlock and verify.
func TestSnapshotsAreTheSchools(t *testing.T) {
	frozenEach(t, func(t *testing.T, f *frozen) {
		f.load(newWalk(rand.New(rand.NewPCG(8, 1)), "2024", 5))
		f.freeze("A")
		for name, who := range map[string]access.Actor{
			"nobody": {}, "a college's office": frozenActor(access.Office, access.Colleges("c1")),
			"a secretary": frozenActor(access.CollegeSecretary, access.School()),
		} {
			for verb, err := range map[string]error{
				"freeze":  frozenRefusal(f.releases.Freeze(t.Context(), who, release.Freezing{Name: "X", Cohort: "2024"})),
				"release": frozenRefusal(f.releases.Release(t.Context(), who, "A", frozenApproval())),
				"unlock":  frozenRefusal(f.releases.Unlock(t.Context(), who, "A", "更正登记日期")),
				"verify":  frozenRefusal(f.releases.Verify(t.Context(), who, "A")),
			} {
				if fault.KindOf(err) != fault.Forbidden {
					t.Errorf("%s: %s: %v", name, verb, err)
				}
			}
		}
		if err := frozenRefusal(f.releases.Verify(t.Context(), frozenActor(access.Auditor, access.School()), "A")); err != nil {
			t.Errorf("an auditor verifies: %v", err)
		}
		if _, err := f.releases.Show(t.Context(), access.Actor{}, "NONE", release.View{}); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("nobody learns which names there are: %v", err)
		}
	})
}

func frozenRefusal[T any](_ T, err error) error { return err }

// TestSnapshotWithinScope: how much of a table and of its people an actor sees.
func TestSnapshotWithinScope(t *testing.T) {
	frozenEach(t, func(t *testing.T, f *frozen) {
		f.load(newWalk(rand.New(rand.NewPCG(8, 1)), "2024", 50))
		whole := f.freeze("A")
		secretary := frozenActor(access.CollegeSecretary, access.Colleges("c1"))
		shown, err := f.releases.Show(t.Context(), secretary, "A", release.View{By: []indicator.Dim{"college"}})
		if err != nil || len(shown.Table.Rows) != 2 || shown.Table.Rows[0].Values[0].Key != "c1" || shown.Table.Rows[1].N >= whole.People {
			t.Fatalf("a secretary sees the own college: %v, %v", shown.Table.Rows, err)
		}
		if _, err := f.releases.Show(t.Context(), secretary, "A", release.View{By: []indicator.Dim{"difficulty"}}); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("difficulties need a right of their own: %v", err)
		}
		for name, c := range map[string]struct {
			who  access.Actor
			want int
		}{
			"the office":                        {frozenOffice, whole.People},
			"a secretary":                       {secretary, shown.Table.Rows[0].N},
			"a school leader, aggregates only":  {frozenActor(access.SchoolLeader, access.School()), 0},
			"a counsellor of a class not there": {frozenActor(access.Counsellor, access.Classes("k9")), 0},
		} {
			list, err := f.releases.People(t.Context(), c.who, "A", release.View{}, indicator.Selection{})
			if err != nil || len(list) != c.want || !slices.IsSorted(list) || c.want > 0 && !strings.HasPrefix(list[0], "graduate-") {
				t.Errorf("%s: %d people of %d, %v", name, len(list), c.want, err)
			}
		}
	})
}

// TestDiffWithinScope: moves are counted within the scope, and name people only
// to whom may see people.
func TestDiffWithinScope(t *testing.T) {
	frozenEach(t, func(t *testing.T, f *frozen) {
		w := newWalk(rand.New(rand.NewPCG(8, 1)), "2024", 50)
		f.load(newWalk(rand.New(rand.NewPCG(8, 2)), "2023", 5))
		f.load(w)
		f.freeze("A")
		if _, err := f.releases.Freeze(t.Context(), frozenOffice, release.Freezing{Name: "OLD", Cohort: "2023"}); err != nil {
			t.Fatal(err)
		}
		if _, err := f.releases.Diff(t.Context(), frozenOffice, "OLD", "A", nil); fault.KindOf(err) != fault.Invalid {
			t.Errorf("two cohorts: %v", err)
		}
		old := len(w.events)
		for _, p := range w.people {
			w.step(p.ID)
			w.step(p.ID)
		}
		f.publish(w.events[old:])
		f.freeze("B")
		moves := map[access.Role][]indicator.Move{}
		for _, who := range []access.Actor{frozenActor(access.CollegeSecretary, access.Colleges("c1")), frozenActor(access.SchoolLeader, access.School())} {
			d, err := f.releases.Diff(t.Context(), who, "A", "B", []indicator.Dim{"college"})
			if err != nil || len(d.Moves) == 0 {
				t.Fatalf("%s: %v, %v", who.Account, d.Moves, err)
			}
			moves[who.Grants[0].Role] = d.Moves
		}
		for _, m := range moves[access.SchoolLeader] {
			if len(m.Graduates) > 0 {
				t.Errorf("a leader sees people: %v", m)
			}
		}
		for _, m := range moves[access.CollegeSecretary] {
			same := slices.ContainsFunc(moves[access.SchoolLeader], func(o indicator.Move) bool { return o.String() == m.String() })
			if len(m.Graduates) != m.N || !same || strings.Contains(m.String(), "c2") {
				t.Errorf("a secretary's move: %s, %v", m, m.Graduates)
			}
		}
	})
}
