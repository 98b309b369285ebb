package app_test

import (
	"slices"
	"strings"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/demo"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
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
		do(t, buildDemo(t, app.Config{Data: t.TempDir() + "/data", Database: s.URL}, size, 1))
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
