package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/release"
	"quxiang/internal/domain/roster"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

// TestAFaultAtEveryOperation: whatever fails within a verb, all of it is there with its
// one audit entry or nothing is, the same verb goes through right after, and verify
// finds nothing (S15, R5).
func TestAFaultAtEveryOperation(t *testing.T) {
	eachTrial(t, 120, func(x *trial) {
		all := append([]verb{x.importing()}, x.registering()...)
		for _, v := range slices.Concat(all, x.correcting(), x.releasing()) {
			o := x.try(v)
			for _, wrong := range o.wrong {
				x.t.Errorf("%s: %s", v.name, wrong)
			}
			if o.before == 0 || o.whole["audit"] != 1 {
				x.t.Errorf("%s: %d faults met it, and it leaves %v", v.name, o.before, o.whole)
			}
			x.t.Logf("%s: %d faults before, %d after; %v", v.name, o.before, o.after, o.whole)
			clean(x.t, x.a, v.name)
		}
	})
}

// TestAVerbOfTwoTransactionsIsCaught is the control of the one above: a verb that keeps
// one half and then the other must be found out, and so must one that says it is done
// when it is not.
func TestAVerbOfTwoTransactionsIsCaught(t *testing.T) {
	x := newTrial(t, storetest.SQLite(t), 40)
	halves := x.correcting()[0]
	first, g, prepare := halves.do, "", halves.prepare
	halves.prepare = func() { prepare(); g = x.somebody() }
	halves.do = func() error {
		if err := first(); err != nil {
			return err
		}
		return x.a.Roster.Ask(t.Context(), bySelf(g), g, "name", "某某", "写错了")
	}
	if o := x.try(halves); !strings.Contains(strings.Join(o.wrong, "\n"), "a fault left") {
		t.Errorf("two transactions: %v", o.wrong)
	}
	silent := x.correcting()[0]
	silent.do = func() error { _ = first(); return nil }
	if o := x.try(silent); len(o.wrong) == 0 {
		t.Error("a verb that swallows its error was not caught")
	}
}

// army is a draft whose evidence is handed in.
func (x *trial) army(graduate string) destination.Draft {
	x.t.Helper()
	d, err := x.a.Destinations.Upload(x.t.Context(), bySelf(graduate), graduate, "MIL", photo(x.t, uint8(x.taken)))
	x.must(err)
	return destination.Draft{Graduate: graduate, Act: history.Open, Code: "46",
		Fields:   history.Fields{"enlist_day": "2024-06-20", "enlist_office": "丙县武装部"},
		Evidence: []history.Evidence{{SHA256: d.SHA256, Kind: d.Kind}}}
}

func (x *trial) importing() verb {
	n, text := 0, ""
	return verb{name: "import", prepare: func() {
		n++
		text, _ = x.roster(fmt.Sprintf("I%03d", n), 5)
	}, do: func() error { return x.load(text) }}
}

func (x *trial) registering() []verb {
	ctx, s := x.t.Context(), x.a.Destinations
	var g string
	var d destination.Draft
	var paper []byte
	var decision destination.Decision
	submitted := func() {
		g = x.somebody()
		change, err := s.Submit(ctx, bySelf(g), x.army(g))
		x.must(err)
		decision = destination.Decision{Graduate: g, Change: change, Level: 1, Note: "已核对"}
	}
	counsellor := byStaff("counsellor", access.Counsellor, access.School())
	return []verb{
		{name: "upload", prepare: func() { g = x.somebody(); paper = photo(x.t, uint8(x.taken)) }, do: func() error {
			_, err := s.Upload(ctx, bySelf(g), g, "MIL", paper)
			return err
		}},
		{name: "submit", prepare: func() { g = x.somebody(); d = x.army(g) }, do: func() error {
			_, err := s.Submit(ctx, bySelf(g), d)
			return err
		}},
		{name: "pass", prepare: submitted, do: func() error { return s.Pass(ctx, counsellor, decision) }},
		{name: "return", prepare: submitted, do: func() error { return s.Return(ctx, counsellor, decision) }},
	}
}

func (x *trial) correcting() []verb {
	ctx, s := x.t.Context(), x.a.Roster
	var g string
	var d roster.Decision
	ask := func() error { return s.Ask(ctx, bySelf(g), g, "name", "某某", "写错了") }
	return []verb{
		{name: "ask for a correction", prepare: func() { g = x.somebody() }, do: ask},
		{name: "accept a correction", prepare: func() {
			g = x.somebody()
			x.must(ask())
			sheet, err := s.Sheet(ctx, bySelf(g), g)
			x.must(err)
			d = roster.Decision{Correction: sheet.Open["name"].ID, Accept: true, Note: "已看证件"}
		}, do: func() error { return s.Decide(ctx, byOffice, d) }},
	}
}

func (x *trial) releasing() []verb {
	ctx, s := x.t.Context(), x.a.Releases
	n, name := 0, ""
	next := func() { n++; name = fmt.Sprintf("FIRST-%d", n) }
	freeze := func() error {
		_, err := s.Freeze(ctx, keeper, release.Freezing{Name: name, Cohort: "2024", AsOf: frozenWhen("2024-08-31")})
		return err
	}
	publish := func() error {
		_, err := s.Release(ctx, keeper, name, frozenApproval())
		return err
	}
	return []verb{
		{name: "freeze", prepare: next, do: freeze},
		{name: "release", prepare: func() { next(); x.must(freeze()) }, do: publish},
		{name: "unlock", prepare: func() { next(); x.must(freeze()); x.must(publish()) }, repeats: true, do: func() error {
			_, err := s.Unlock(ctx, keeper, name, "核查发现登记不实")
			return err
		}},
	}
}

// TestAFaultAtEveryOperationOfARotation: a change of key that was cut off anywhere goes
// on, makes no second key, and everything opens at every moment (C2, R5). A hundred
// operations are tried in a soak, a few dozen else.
func TestAFaultAtEveryOperationOfARotation(t *testing.T) {
	eachTrial(t, 6, func(x *trial) {
		for range 3 {
			g := x.somebody()
			_, err := x.a.Destinations.Submit(x.t.Context(), bySelf(g), x.army(g))
			x.must(err)
		}
		cut := 0
		for n := 1; x.rotate(n, cut%10 == 0); n += x.stride(cut) {
			cut++
		}
		if cut < 5 {
			x.t.Errorf("only %d faults met it", cut)
		}
		x.t.Logf("%d cut off", cut)
		clean(x.t, x.a, "after all")
	})
}

// stride is from one operation of a rotation to the next that is tried.
func (x *trial) stride(cut int) int {
	if thorough() {
		return 1 + cut/2 // most are alike, by hundreds
	}
	return x.step * (1 + cut)
}

// rotate changes the key with the nth operation failing, and reports that one did.
func (x *trial) rotate(n int, look bool) bool {
	x.t.Helper()
	keys := len(x.a.Vault.Keys())
	x.faults.Arm(n)
	_, err := x.a.RotateKeys(x.t.Context(), keeper, "", nil)
	if !x.faults.Disarm() {
		x.must(err)
		return false
	}
	if err != nil {
		if look {
			clean(x.t, x.a, fmt.Sprintf("cut off at operation %d", n))
		}
		r, err := x.a.RotateKeys(x.t.Context(), keeper, "", nil)
		if err != nil || r.Broken > 0 {
			x.t.Fatalf("cut off at operation %d, it does not go on: %+v, %v", n, r, err)
		}
	}
	all, err := x.a.Store.Rotations(x.t.Context())
	x.must(err)
	if n, ended := len(x.a.Vault.Keys())-keys, !slices.ContainsFunc(all, openStill); n < 1 || n > 2 || !ended {
		x.t.Fatalf("%d keys more, ended: %v", n, ended)
	}
	return true
}

func openStill(r store.Rotation) bool { return r.Ended == 0 }
