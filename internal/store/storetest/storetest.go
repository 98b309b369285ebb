// Package storetest runs a test on each engine that the store supports, on a
// fresh database each time. Its schema is copied, which takes a tenth of what making
// it takes; what is called blank has none.
//
// PostgreSQL is a private cluster, started once a test binary and gone with it;
// or a server that QUXIANG_TEST_POSTGRES names. Where neither is to be had the
// test is skipped, and fails when QUXIANG_CI is 1.
package storetest

import (
	"context"
	"database/sql"
	"errors"
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

// EachConfig runs the test on both engines with the place of a database that has the
// schema and holds nothing, for tests that open it by themselves.
func EachConfig(t *testing.T, do func(t *testing.T, c store.Config)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { do(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { do(t, Postgres(t)) })
}

// EachBlank is EachConfig without the schema, for tests of how it gets there.
func EachBlank(t *testing.T, do func(t *testing.T, c store.Config)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { do(t, BlankSQLite(t)) })
	t.Run("postgres", func(t *testing.T) { do(t, BlankPostgres(t)) })
}

// SQLite is the place of a file with the schema.
func SQLite(t testing.TB) store.Config {
	t.Helper()
	c := BlankSQLite(t)
	Ready(t, c.SQLite)
	return c
}

// BlankSQLite is the place of a file that is not there yet.
func BlankSQLite(t testing.TB) store.Config {
	t.Helper()
	return store.Config{SQLite: filepath.Join(t.TempDir(), "quxiang.db"), Log: quiet}
}

// Postgres is the place of a database with the schema, which ends with the test.
func Postgres(t testing.TB) store.Config {
	t.Helper()
	template, err := server(t).template()
	if err != nil {
		t.Fatal(err)
	}
	return postgres(t, template)
}

// BlankPostgres is the place of an empty database that ends with the test.
func BlankPostgres(t testing.TB) store.Config {
	t.Helper()
	return postgres(t, "")
}

func postgres(t testing.TB, template string) store.Config {
	t.Helper()
	url, drop, err := server(t).database(template)
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

// server is the running one; where there is none the test ends here.
func server(t testing.TB) *cluster {
	t.Helper()
	c, err := running()
	if err != nil {
		if os.Getenv("QUXIANG_CI") == "1" {
			t.Fatal("no PostgreSQL: ", err)
		}
		t.Skip("no PostgreSQL: ", err)
	}
	return c
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

// Tamper runs a statement as somebody would who has the database in hand: the
// refusals of the database itself are taken away for it and put back, in one
// transaction. It returns how many rows were changed.
func Tamper(t testing.TB, c store.Config, statement string, args ...any) int64 {
	t.Helper()
	driver, source := "sqlite", "file:"+c.SQLite
	if c.URL != "" {
		driver, source = "pgx", c.URL
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	again := lift(t, tx, c)
	r, err := tx.Exec(statement, args...)
	if err != nil {
		t.Fatal(statement, err)
	}
	for _, text := range again {
		if _, err := tx.Exec(text); err != nil {
			t.Fatal(text, err)
		}
	}
	n, err := r.RowsAffected()
	if err = errors.Join(err, tx.Commit()); err != nil {
		t.Fatal(statement, err)
	}
	return n
}

// lift takes the triggers away and returns what puts them back.
func lift(t testing.TB, tx *sql.Tx, c store.Config) (again []string) {
	t.Helper()
	away := []string{}
	if c.URL != "" {
		for _, table := range []string{"event", "audit", "imprint", "checkpoint"} {
			away = append(away, "alter table "+table+" disable trigger user")
			again = append(again, "alter table "+table+" enable trigger user")
		}
	} else {
		rows, err := tx.Query(`select name, sql from sqlite_schema where type = 'trigger'`)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var name, text string
			if err := rows.Scan(&name, &text); err != nil {
				t.Fatal(err)
			}
			away, again = append(away, "drop trigger "+name), append(again, text)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			t.Fatal(err)
		}
	}
	for _, text := range away {
		if _, err := tx.Exec(text); err != nil {
			t.Fatal(text, err)
		}
	}
	return again
}
