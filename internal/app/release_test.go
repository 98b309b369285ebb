package app_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
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
	"quxiang/internal/store/storetest"
)

var _ release.Counter = (*app.Figures)(nil)

var frozenOffice = access.Console("office")

// frozen is a school with a clock of its own, on a real store.
type frozen struct {
	t        *testing.T
	config   store.Config
	store    *store.Store
	vault    *vault.Vault
	releases *release.Service
	clock    atomic.Int64
}

// newFrozen opens a school at 2024-10-01, after all that a walk makes known.
func newFrozen(t *testing.T, c store.Config) *frozen {
	f := &frozen{t: t, config: c, vault: vault.NewMemory()}
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

// publish makes events known now, as verbs do.
func (f *frozen) publish(events []history.Event) {
	f.t.Helper()
	events = slices.Clone(events)
	for i := range events {
		if err := events[i].Seal(f.vault); err != nil {
			f.t.Fatal(err)
		}
	}
	err := f.store.InTx(f.t.Context(), func(ctx context.Context) error {
		if _, err := f.store.Publish(ctx, events); err != nil {
			return err
		}
		return f.store.Write(ctx, frozenOffice, "test.publish", "", nil)
	})
	if err != nil {
		f.t.Fatal(err)
	}
}

// freeze freezes 2024 as of the end of August.
func (f *frozen) freeze(name string) release.Snapshot {
	f.t.Helper()
	s, err := f.releases.Freeze(f.t.Context(), frozenOffice, release.Freezing{Name: name, Cohort: "2024", AsOf: frozenWhen("2024-08-31")})
	if err != nil {
		f.t.Fatal(err)
	}
	return s
}

func frozenWhen(day calendar.Day) calendar.When { return calendar.WhenAt(day.AddDays(1).Start()) }

// tables prints what a snapshot says, to see that it stays as it is.
func (f *frozen) tables(name string) string {
	f.t.Helper()
	var out strings.Builder
	for _, v := range []release.View{
		{}, {By: []indicator.Dim{"level", "college"}}, {By: []indicator.Dim{"difficulty", "sex"}}, {By: []indicator.Dim{"nature", "code"}},
		{Table: "employer-kind", By: []indicator.Dim{"level"}}, {Definition: "nace"},
	} {
		shown, err := f.releases.Show(f.t.Context(), frozenOffice, name, v)
		if err != nil {
			f.t.Fatal(err)
		}
		text, err := json.Marshal(shown.Table)
		if err != nil {
			f.t.Fatal(err)
		}
		fmt.Fprintf(&out, "%s\n", text)
	}
	return out.String()
}

// verified returns the problems of a snapshot.
func (f *frozen) verified(name string) []string {
	f.t.Helper()
	v, err := f.releases.Verify(f.t.Context(), frozenOffice, name)
	if err != nil {
		f.t.Fatal(err)
	}
	return v.Problems
}

// tamper changes the database behind the program's back; $1 is the argument.
func (f *frozen) tamper(statement string, args ...any) {
	f.t.Helper()
	driver, place := "sqlite", f.config.SQLite
	if f.config.URL != "" {
		driver, place = "pgx", f.config.URL
	}
	db, err := sql.Open(driver, place)
	if err != nil {
		f.t.Fatal(err)
	}
	defer db.Close()
	done, err := db.ExecContext(f.t.Context(), statement, args...)
	if err != nil {
		f.t.Fatal(statement, err)
	}
	if n, _ := done.RowsAffected(); n == 0 {
		f.t.Fatal("nothing was changed by ", statement)
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

func frozenEach(t *testing.T, do func(t *testing.T, f *frozen)) {
	storetest.EachConfig(t, func(t *testing.T, c store.Config) { do(t, newFrozen(t, c)) })
}

// release releases a snapshot with everything that it needs.
func (f *frozen) release(name string) release.Snapshot {
	f.t.Helper()
	s, err := f.releases.Release(f.t.Context(), frozenOffice, name, frozenApproval())
	if err != nil {
		f.t.Fatal(err)
	}
	return s
}

func frozenApproval() release.Approval {
	return release.Approval{Office: "主任甲", Leader: "校领导乙", Approved: "2024-09-09", Record: "会议纪要〔2024〕9号",
		ConsentAuthority: "省级就业主管部门", ConsentNumber: "同意函〔2024〕3号", ConsentFile: strings.Repeat("0a", 32)}
}
