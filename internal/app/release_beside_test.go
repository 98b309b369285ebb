package app_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/release"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

// TestFreezeBesideWriters: the program as it is put together, frozen while others
// write. Whoever was told that it is saved is in the snapshot, and the snapshot
// holds when it is counted again.
func TestFreezeBesideWriters(t *testing.T) {
	const freezes = 8
	storetest.EachConfig(t, func(t *testing.T, c store.Config) {
		a, err := app.Open(t.Context(), placed(t, c), app.Serving)
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := a.Close(); err != nil {
				t.Error(err)
			}
		}()
		var saved atomic.Int64
		var writers sync.WaitGroup
		for _, events := range besideEvents(t, a, 4, 12) {
			writers.Go(func() { besideWrite(t, a, events, &saved) })
		}
		for n := range freezes {
			acknowledged := saved.Load()
			name := fmt.Sprintf("S%d", n)
			if _, err := a.Releases.Freeze(t.Context(), frozenOffice, release.Freezing{Name: name, Cohort: "2024"}); err != nil {
				t.Fatal(err)
			}
			shown, err := a.Releases.Show(t.Context(), frozenOffice, name, release.View{})
			if err != nil {
				t.Fatal(err)
			}
			if settled := shown.Table.Rows[0].Cells[0].K; int64(settled) < acknowledged {
				t.Errorf("%s has %d of %d that were saved before", name, settled, acknowledged)
			}
		}
		writers.Wait()
		for n := range freezes {
			v, err := a.Releases.Verify(t.Context(), frozenOffice, fmt.Sprintf("S%d", n))
			if err != nil || v.Problems != nil {
				t.Errorf("S%d: %d problems, such as %v; %v", n, len(v.Problems), v.Problems, err)
			}
		}
	})
}

// besideEvents enrols people and returns, by writer, the events that settle them.
func besideEvents(t *testing.T, a *app.App, writers, each int) [][]history.Event {
	t.Helper()
	w := newWalk(rand.New(rand.NewPCG(12, 12)), "2024", 0)
	out := make([][]history.Event, writers)
	for n := range writers * each {
		id := w.one("master", "")
		out[n%writers] = append(out[n%writers], history.Event{Graduate: id, Seq: 2, Change: walkName("x", id, 0), Case: walkName("k", id, 0),
			Act: history.Open, Step: history.Recorded, TrueOn: "2024-06-20", Scheme: "MOE-2021", Code: "10", Source: history.SourceLegacy})
	}
	for i := range w.events {
		if err := w.events[i].Seal(a.Vault); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Store.Load(t.Context(), frozenOffice, "test.load", w.people, w.events); err != nil {
		t.Fatal(err)
	}
	return out
}

func besideWrite(t *testing.T, a *app.App, events []history.Event, saved *atomic.Int64) {
	for _, e := range events {
		err := a.Store.InTx(t.Context(), func(ctx context.Context) error {
			if _, err := a.Store.Publish(ctx, []history.Event{e}); err != nil {
				return err
			}
			return a.Store.Write(ctx, frozenOffice, "test.publish", e.Graduate, nil)
		})
		if err != nil {
			t.Error(err)
			return
		}
		saved.Add(1)
	}
}
