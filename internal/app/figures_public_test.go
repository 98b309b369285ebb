package app_test

import (
	"fmt"
	"slices"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/domain/roster"
)

// TestLoadBesideWarmArrays: more graduates change at once than SQLite takes as
// values of one statement (32,766), and all of them count.
func TestLoadBesideWarmArrays(t *testing.T) {
	const n = 33_000
	conf := app.Config{Data: t.TempDir() + "/data"}
	if _, err := app.Init(t.Context(), conf, app.NewSchool{Name: "试点大学", Code: "10001", Admin: "root"}); err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(t.Context(), conf, app.Serving)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	q := indicator.Query{Table: "destination", Cohorts: []string{"2024"}, By: []indicator.Dim{"level"}}
	if before, err := a.Figures.Public(t.Context(), q); err != nil || len(before.Rows) > 0 {
		t.Fatalf("an empty school: %v, %v", before.Rows, err)
	}
	people, events := make([]roster.StagedGraduate, n), make([]history.Event, n)
	for i := range n {
		p := &people[i]
		p.ID, p.StudentNo, p.Name = fmt.Sprintf("g%05d", i), fmt.Sprintf("99%05d", i), "测试"
		events[i] = history.Event{Graduate: p.ID, Seq: 1, KnownAt: calendar.Day("2024-03-01").Start(), Set: history.Settings{
			{Key: history.Cohort, Value: "2024"}, {Key: history.Level, Value: "undergraduate"}, {Key: history.InStatistics, Value: history.True}}}
		for _, s := range events[i].Set {
			p.Attrs[slices.Index(history.Keys, s.Key)] = s.Value
		}
	}
	if err := a.Store.Load(t.Context(), access.Console("test"), "test.load", people, events); err != nil {
		t.Fatal(err)
	}
	if got, err := a.Figures.Public(t.Context(), q); err != nil || len(got.Rows) != 2 || got.Rows[1].N != n {
		t.Errorf("%+v, %v", got.Rows, err)
	}
	for name, finer := range map[string]indicator.Query{
		"by college": {Table: "destination", Cohorts: []string{"2024"}, By: []indicator.Dim{"level", "college"}},
		"a part":     {Table: "destination", Cohorts: []string{"2024"}, Where: []indicator.Condition{{Dim: "sex", Value: "1"}}},
	} {
		if _, err := a.Figures.Public(t.Context(), finer); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s for everybody, unreleased: %v", name, err)
		}
	}
}
