package bench

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
)

// fifthCohort is copied from the oldest of the invented school, which has four.
// What is copied became known so much later: after the school's last snapshot, as
// everything that is written to it must.
const (
	oldestCohort = "2022"
	fifthCohort  = "2021"
	later        = calendar.Instant(480 * 24 * 3600 * 1000)
)

// largeSchool makes an invented school of five cohorts in the folder, unless it
// is there: the demo's four and a copy of its oldest, about 250,000 people when
// its 2024 cohort has 52,700.
func largeSchool(b *testing.B, data string, size int) {
	b.Helper()
	done := data + ".complete"
	if _, err := os.Stat(done); err == nil {
		return
	}
	a, err := app.OpenDemo(b.Context(), app.Config{Data: data}, app.Demo{Graduates: size, Seed: 7})
	if err != nil {
		b.Fatal(err)
	}
	if err := copyOldest(b.Context(), a); err != nil {
		b.Fatal(err)
	}
	if err := a.Close(); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(done, nil, 0o600); err != nil {
		b.Fatal(err)
	}
}

// copyOldest writes everybody of the oldest cohort once more, as other people a
// year older, in classes of their own. Copies that are there are not made again.
func copyOldest(ctx context.Context, a *app.App) error {
	units, err := a.Store.Units(ctx)
	if err != nil {
		return err
	}
	var classes []roster.Unit
	for _, u := range units {
		if u.Kind == roster.Class && u.Cohort == oldestCohort {
			u.ID, u.Cohort = "p"+u.ID, fifthCohort
			classes = append(classes, u)
		}
	}
	if err := a.Store.InTx(ctx, func(ctx context.Context) error {
		if err := a.Store.AddUnits(ctx, classes); err != nil {
			return err
		}
		return a.Store.Write(ctx, access.Console("bench"), "bench.units", "school", nil)
	}); err != nil {
		return err
	}
	for after := ""; ; {
		people, err := a.Store.Graduates(ctx, access.School(), oldestCohort, after, 500)
		if err != nil || len(people) == 0 {
			return err
		}
		after = people[len(people)-1].ID
		if err := copyPeople(ctx, a, people); err != nil {
			return err
		}
	}
}

func copyPeople(ctx context.Context, a *app.App, people []roster.Graduate) error {
	var ids, copies []string
	for _, g := range people {
		ids, copies = append(ids, g.ID), append(copies, "p"+g.ID)
	}
	there, err := a.Store.GraduatesByID(ctx, access.School(), copies)
	if err != nil || len(there) == len(people) {
		return err
	}
	histories, err := a.Store.Histories(ctx, access.School(), ids)
	if err != nil {
		return err
	}
	var out []roster.StagedGraduate
	var events []history.Event
	for i := range people {
		g := &people[i]
		if err := g.Unseal(a.Vault); err != nil {
			return err
		}
		for _, id := range []*string{&g.ID, &g.StudentNo, &g.ExamNo} {
			mark(id)
		}
		for _, e := range histories[ids[i]] {
			if err := copyEvent(a.Vault, &e, g.ID); err != nil {
				return err
			}
			events = append(events, e)
		}
		if err := g.Seal(a.Vault); err != nil {
			return err
		}
		out = append(out, roster.StagedGraduate{Graduate: *g})
	}
	return a.Store.Load(ctx, access.Console("bench"), "bench.load", out, events)
}

// copyEvent makes the event one of the copy's.
func copyEvent(v history.Vault, e *history.Event, graduate string) error {
	if err := e.Unseal(v); err != nil {
		return err
	}
	e.Graduate, e.KnownAt, e.Sealed, e.Set = graduate, e.KnownAt+later, "", append(history.Settings{}, e.Set...)
	for i, s := range e.Set {
		switch s.Key {
		case history.Cohort:
			e.Set[i].Value = fifthCohort
		case history.Class:
			e.Set[i].Value = "p" + s.Value
		}
	}
	for _, id := range []*string{&e.Change, &e.Case} {
		mark(id)
	}
	return e.Seal(v)
}

// mark makes an id or a number the copy's; a blank one stays blank.
func mark(id *string) {
	if *id != "" {
		*id = "p" + *id
	}
}

// keptData is the folder in which the school is kept for the next run, or one
// that ends with this one.
func keptData(b *testing.B) string {
	if data := os.Getenv("QUXIANG_BENCH_DATA"); data != "" {
		return data
	}
	return filepath.Join(b.TempDir(), "demo")
}
