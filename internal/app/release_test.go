package app_test

import (
	"context"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/ident"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/domain/release"
	"quxiang/internal/gateway/vault"
	"quxiang/internal/store"
)

var _ release.Counter = (*app.Figures)(nil)

var frozenOffice = access.Console("office")

// frozen is a school with a clock of its own, on a real store.
type frozen struct {
	t        *testing.T
	store    *store.Store
	vault    *vault.Vault
	releases *release.Service
	clock    atomic.Int64
}

// newFrozen opens a school at 2024-10-01, after all that a walk makes known.
func newFrozen(t *testing.T, c store.Config) *frozen {
	f := &frozen{t: t, vault: vault.NewMemory()}
	f.clock.Store(int64(calendar.Day("2024-10-01").Start()))
	c.Clock = f.now
	var err error
	if f.store, err = store.Open(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.store.Close(); err != nil {
			t.Error(err)
		}
	})
	f.releases = &release.Service{Store: f.store, Audit: f.store, Vault: f.vault, Book: codes.Builtin, NewID: ident.New, Now: f.now,
		Counter: f, Env: f.env, Members: f.store.Members}
	return f
}

func (f *frozen) now() calendar.Instant { return calendar.Instant(f.clock.Load()) }

func (f *frozen) env(context.Context) (indicator.Env, error) {
	book := codes.Builtin()
	return indicator.Env{Now: f.now(), Book: book, Names: indicator.NewNames(book, nil)}, nil
}

// columns are laid out anew each time: what the store says, and nothing held.
func (f *frozen) columns(ctx context.Context) (*indicator.Columns, error) {
	c := indicator.NewColumns(destination.NoWork(codes.Builtin()))
	return c, f.store.EachHistory(ctx, store.HistorySelection{Brief: true}, func(id string, events []history.Event) error {
		for i := range events {
			if err := events[i].Unseal(f.vault); err != nil {
				return err
			}
		}
		c.Put(id, events)
		return nil
	})
}

// Rows implements release.Counter.
func (f *frozen) Rows(ctx context.Context, q indicator.Query) ([]indicator.PersonRow, error) {
	c, err := f.columns(ctx)
	if err != nil {
		return nil, err
	}
	env, err := f.env(ctx)
	if err != nil {
		return nil, err
	}
	return c.Rows(q, env)
}

func (f *frozen) count(ctx context.Context, q indicator.Query) (indicator.Table, error) {
	c, err := f.columns(ctx)
	if err != nil {
		return indicator.Table{}, err
	}
	env, err := f.env(ctx)
	if err != nil {
		return indicator.Table{}, err
	}
	return c.Count(q, env)
}

// load puts a walk's people and events into the store.
func (f *frozen) load(w *walk) {
	f.t.Helper()
	for i := range w.events {
		if err := w.events[i].Seal(f.vault); err != nil {
			f.t.Fatal(err)
		}
	}
	if err := f.store.Load(f.t.Context(), frozenOffice, "test.load", w.people, w.events); err != nil {
		f.t.Fatal(err)
	}
}

func (f *frozen) export(cohort string) string {
	f.t.Helper()
	path := filepath.Join(f.t.TempDir(), "events.jsonl")
	file, err := os.Create(path)
	if err != nil {
		f.t.Fatal(err)
	}
	defer file.Close()
	if _, _, err := f.releases.ExportEvents(f.t.Context(), frozenOffice, cohort, file); err != nil {
		f.t.Fatal(err)
	}
	return path
}
