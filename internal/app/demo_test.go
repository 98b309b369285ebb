package app_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/demo"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

// buildDemo builds the demo school and closes it with the test.
func buildDemo(t *testing.T, c app.Config, size int, seed uint64) *app.App {
	t.Helper()
	a, err := app.OpenDemo(t.Context(), c, app.Demo{Graduates: size, Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

// onDemo runs the test on the demo school of that size, on both engines.
func onDemo(t *testing.T, size int, do func(t *testing.T, a *app.App)) {
	storetest.EachConfig(t, func(t *testing.T, s store.Config) {
		do(t, buildDemo(t, placed(t, s), size, 1))
	})
}

// counts writes a row of a table out: n, then the named cells.
func counts(t *testing.T, a *app.App, q indicator.Query, name string, cells ...string) []int {
	t.Helper()
	table, err := a.Figures.Count(t.Context(), access.Console("test"), q)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(table.Rows, func(r indicator.Row) bool { return r.Name() == name })
	if i < 0 {
		t.Fatalf("no row %s in %s", name, q.Table)
	}
	out := []int{table.Rows[i].N}
	for _, id := range cells {
		out = append(out, table.Rows[i].Cells[slices.IndexFunc(table.Headings, func(h indicator.Heading) bool { return h.ID == id })].K)
	}
	return out
}

func when(t *testing.T, s string) calendar.When {
	t.Helper()
	w, err := calendar.ParseWhen(s)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestDemo: the school that the program builds counts what the issue says, and
// its frozen figures hold.
func TestDemo(t *testing.T) {
	onDemo(t, demo.Size, func(t *testing.T, a *app.App) {
		q := indicator.Query{Table: "destination", Definition: "school-2024", Cohorts: []string{"2024"}, AsOf: when(t, "2024-08-31"), By: []indicator.Dim{"level"}}
		for name, want := range map[string][]int{
			"本科": {1117, 229, 657, 11, 24, 1, 0, 195, 921}, "硕士": {1227, 701, 301, 15, 61, 0, 0, 149, 1078},
			"博士": {316, 278, 0, 5, 18, 0, 0, 15, 301}, "合计": {2660, 1208, 958, 31, 103, 1, 0, 359, 2300},
		} {
			got := counts(t, a, q, name, "signed", "study", "abroad", "other", "preparing", "not_seeking", "seeking", "settled")
			if !slices.Equal(got, want) {
				t.Errorf("%s: got %v, want %v", name, got, want)
			}
		}
		q = indicator.Query{Table: "region", Cohorts: []string{"2024"}, AsOf: when(t, "2024-08-31"), By: []indicator.Dim{"level"}}
		if got := counts(t, a, q, "本科", "home_city"); !slices.Equal(got, []int{253, 169}) {
			t.Errorf("stayed: %v", got)
		}
		checkFrozen(t, a)
		if now := a.Now(); now < demo.Start || now > demo.Start+600_000 {
			t.Errorf("the school's clock is at %s", now)
		}
	})
}

// checkFrozen: both snapshots verify, the first is released, the second is higher.
func checkFrozen(t *testing.T, a *app.App) {
	t.Helper()
	list, err := a.Releases.List(t.Context(), access.Console("test"))
	if err != nil {
		t.Fatal(err)
	}
	var settled []int
	for _, s := range list {
		v, err := a.Releases.Verify(t.Context(), access.Console("test"), s.Name)
		if err != nil || len(v.Problems) > 0 {
			t.Errorf("%s: %v %v", s.Name, err, v.Problems)
		}
		q := indicator.Query{Table: "destination", Cohorts: []string{"2024"}, AsOf: calendar.WhenAt(s.Cut.True), KnownAt: calendar.WhenAt(s.Cut.Known)}
		settled = append(settled, counts(t, a, q, "合计", "settled")[1])
	}
	if len(list) != 2 || list[0].Name != "INIT-2024" || list[1].Name != "FINAL-2024" {
		t.Fatalf("snapshots: %v", list)
	}
	if list[0].Release == nil || list[1].Release != nil || !strings.HasPrefix(list[0].Release.At.String(), "2024-09-10") {
		t.Errorf("released: %v, %v", list[0].Release, list[1].Release)
	}
	if settled[0] != 2300 || settled[1] <= settled[0] {
		t.Errorf("settled: %v", settled)
	}
}

// content is everything of a database that a seed decides: people and events
// without their seals, whose keys are each installation's own.
func content(t *testing.T, a *app.App) map[string]string {
	t.Helper()
	out, after := map[string]string{}, ""
	for {
		people, err := a.Store.Graduates(t.Context(), access.School(), "", after, 500)
		if err != nil {
			t.Fatal(err)
		}
		if len(people) == 0 {
			break
		}
		for i := range people {
			p := &people[i]
			after = p.ID
			if err := p.Unseal(a.Vault); err != nil {
				t.Fatal(err)
			}
			p.Sealed, p.IDIndex, p.PhoneIndex = "", "", ""
			out[p.ID] = fmt.Sprintf("%+v", *p)
		}
	}
	err := a.Store.EachHistory(t.Context(), store.HistorySelection{}, func(id string, events []history.Event) error {
		for i := range events {
			if err := events[i].Unseal(a.Vault); err != nil {
				return err
			}
			out[id] += fmt.Sprintf("\n%+v", events[i])
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	accounts, err := a.Store.AccountList(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range accounts {
		out[x.ID] += fmt.Sprintf("\n%+v", x)
	}
	return out
}

// TestDemoSeed: one seed is one school on both engines, whatever the keys;
// another seed is another school of the same size.
func TestDemoSeed(t *testing.T) {
	plain := app.Config{Data: t.TempDir() + "/data"}
	first := content(t, buildDemo(t, plain, 100, 4))
	storetest.EachConfig(t, func(t *testing.T, s store.Config) {
		again := content(t, buildDemo(t, placed(t, s), 100, 4))
		if !maps.Equal(first, again) {
			t.Error("the same seed built another school")
		}
	})
	if maps.Equal(first, content(t, buildDemo(t, app.Config{Data: t.TempDir() + "/data"}, 100, 5))) {
		t.Error("another seed built the same school")
	}
}

// TestDemoAudit: the school's audit trail holds, and covers every event.
func TestDemoAudit(t *testing.T) {
	onDemo(t, 100, func(t *testing.T, a *app.App) {
		problems, checked, err := a.Verify(t.Context())
		if err != nil || len(problems) > 0 || checked.Events < 1000 || checked.Snapshots != 2 {
			t.Error(err, problems, checked)
		}
	})
}

// TestDemoInterrupted: a building that was broken off leaves no mark, however far
// it came; one on a school that is there already changes nothing.
func TestDemoInterrupted(t *testing.T) {
	a := buildDemo(t, app.Config{Data: t.TempDir() + "/data"}, 100, 1)
	before := content(t, a)
	to := demo.Target{Store: a.Store, Vault: a.Vault, Files: a.Files, Releases: a.Releases, External: a.Externals, Reload: func(context.Context) error { return nil }}
	o := demo.Options{Graduates: 100, Seed: 2, Machine: a.Now}
	if err := demo.Build(t.Context(), to, o); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a second school: %v", err)
	}
	if !maps.Equal(before, content(t, a)) {
		t.Error("a second school left something behind")
	}
	for _, n := range []int{0, 99, demo.MaxSize + 1} {
		o.Graduates = n
		if err := demo.Build(t.Context(), to, o); fault.KindOf(err) != fault.Usage {
			t.Errorf("%d graduates: %v", n, err)
		}
	}
	s := storetest.Open(t, storetest.SQLite(t))
	ctx, stop := context.WithCancel(t.Context())
	to = demo.Target{Store: s, Vault: a.Vault, Files: a.Files, Releases: a.Releases, External: a.Externals, Reload: func(context.Context) error { return nil }}
	o = demo.Options{Graduates: 1000, Seed: 1, Machine: a.Now, Progress: func(int64, int64) { stop() }}
	if err := demo.Build(ctx, to, o); !errors.Is(err, context.Canceled) {
		t.Errorf("broken off: %v", err)
	}
	if mark, err := s.Setting(t.Context(), "demo"); err != nil || mark != "" {
		t.Errorf("broken off, and yet marked %q (%v)", mark, err)
	}
}
