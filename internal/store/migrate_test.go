package store_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"quxiang/internal/domain/fault"
	"quxiang/internal/store"
	"quxiang/internal/store/migrations"
	"quxiang/internal/store/storetest"
)

// later is the migrations of a program that has more steps than this one.
func later(t *testing.T, more map[string]string) fs.FS {
	t.Helper()
	out := fstest.MapFS{}
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(migrations.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = &fstest.MapFile{Data: text}
	}
	for name, text := range more {
		out[name] = &fstest.MapFile{Data: []byte("-- +goose Up\n" + text)}
	}
	return out
}

// TestBrokenUpgradeLeavesTheOldOne: an upgrade that breaks half-way leaves, on either
// engine, a database that this program opens, verifies and writes as before, and says
// so; the mended one goes through, and within a version this program runs beside it
// (R24, R25).
func TestBrokenUpgradeLeavesTheOldOne(t *testing.T) {
	storetest.EachBlank(t, func(t *testing.T, c store.Config) {
		works := func() {
			t.Helper()
			s, err := store.Open(ctx, c)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.SaveSetting(ctx, "probe", "b"); err != nil {
				t.Error(err)
			}
			verified(t, s)
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
		s, err := store.Open(ctx, c)
		if err != nil {
			t.Fatal(err)
		}
		enrol(t, s, 1)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		good, half := "create table extra (a text not null);\n", "update meta set value = 'x' where key = 'school';\ndelete from graduate;\nselect nothing from nowhere;\n"
		first := "create table first (a text not null);\n"
		for _, x := range []struct {
			says  string
			steps map[string]string
		}{
			{"没有改动", map[string]string{"9001_first.sql": good + half}},
			{"会接着做完", map[string]string{"9001_first.sql": first, "9002_half.sql": good + half}},
			{"没有改动", map[string]string{"9001_first.sql": first, "9002_half.sql": good + half}},
		} {
			err := store.BringUp(ctx, c, later(t, x.steps))
			wantKind(t, err, fault.Unavailable)
			if !strings.Contains(err.Error(), x.says) || !strings.Contains(err.Error(), "quxiang migrate") {
				t.Errorf("it does not say what to do: %v", err)
			}
			works()
		}
		if err := store.BringUp(ctx, c, later(t, map[string]string{"9001_first.sql": first, "9002_half.sql": good})); err != nil {
			t.Errorf("the mended one does not go through: %v", err)
		}
		works()
	})
}
