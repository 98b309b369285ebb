// Package storetest runs a test on each engine that the store supports, on a
// fresh database each time.
//
// PostgreSQL is a private cluster, started once a test binary and gone with it;
// or a server that QUXIANG_TEST_POSTGRES names. Where neither is to be had the
// test is skipped, and fails when QUXIANG_CI is 1.
package storetest

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"quxiang/internal/store"
)

// Each runs the test on both engines with an empty store.
func Each(t *testing.T, do func(t *testing.T, s *store.Store)) {
	t.Helper()
	EachConfig(t, func(t *testing.T, c store.Config) { do(t, Open(t, c)) })
}

// EachConfig runs the test on both engines with the place of an empty database,
// for tests that open it by themselves.
func EachConfig(t *testing.T, do func(t *testing.T, c store.Config)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { do(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { do(t, Postgres(t)) })
}

// SQLite is the place of a file that is not there yet.
func SQLite(t testing.TB) store.Config {
	t.Helper()
	return store.Config{SQLite: filepath.Join(t.TempDir(), "quxiang.db"), Log: quiet}
}

// Postgres is the place of an empty database that ends with the test.
func Postgres(t testing.TB) store.Config {
	t.Helper()
	server, err := running()
	if err != nil {
		if os.Getenv("QUXIANG_CI") == "1" {
			t.Fatal("no PostgreSQL: ", err)
		}
		t.Skip("no PostgreSQL: ", err)
	}
	url, drop, err := server.database()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := drop(); err != nil {
			t.Error(err)
		}
	})
	return store.Config{URL: url, Log: quiet}
}

var quiet = slog.New(slog.DiscardHandler)

// Open opens the store until the end of the test.
func Open(t testing.TB, c store.Config) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}
