package storetest

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"quxiang/internal/domain/ident"
	"quxiang/internal/store"
	"quxiang/internal/store/migrations"
)

// lockTemplate keeps test binaries that share a server from making its template at
// once: an advisory lock of the server's own database.
const lockTemplate = 7100

// ready is a file that holds the schema and no school, made once a test binary.
var ready = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "quxiang-ready-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "quxiang.db")
	if err := store.Migrate(context.Background(), store.Config{SQLite: name, Log: quiet}); err != nil {
		return nil, err
	}
	if left, err := os.Stat(name + "-wal"); err == nil && left.Size() > 0 {
		return nil, errors.New("storetest: closed, and yet not all is in the file")
	}
	return os.ReadFile(name)
})

// Ready puts a file with the schema and no school where a program will look for its
// database; the folder is made.
func Ready(t testing.TB, path string) {
	t.Helper()
	content, err := ready()
	if err == nil {
		err = os.MkdirAll(filepath.Dir(path), 0o700)
	}
	if err == nil {
		err = os.WriteFile(path, content, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// template is the name of a database with the schema and no school, made once a server
// and once for what the migrations are.
func (c *cluster) template() (string, error) {
	c.once.Do(func() { c.ready, c.failed = c.makeTemplate(context.Background()) })
	return c.ready, c.failed
}

func (c *cluster) makeTemplate(ctx context.Context) (name string, err error) {
	mark, err := migrationsMark()
	if err != nil {
		return "", err
	}
	name = "quxiang_ready_" + mark
	db, err := sql.Open("pgx", c.url.String())
	if err != nil {
		return "", err
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // the lock is the connection's
	if _, err := db.ExecContext(ctx, `select pg_advisory_lock($1)`, lockTemplate); err != nil {
		return "", err
	}
	var there bool
	if err := db.QueryRowContext(ctx, `select exists (select 1 from pg_database where datname = $1)`, name).Scan(&there); err != nil || there {
		return name, err
	}
	// It gets its name when it is whole: a test binary that is killed leaves no half of one.
	making := "quxiang_test_" + ident.New()
	if _, err := db.ExecContext(ctx, `create database `+making); err != nil {
		return "", err
	}
	if err := store.Migrate(ctx, store.Config{URL: c.at(making), Log: quiet}); err != nil {
		_, e := db.ExecContext(ctx, `drop database `+making+` with (force)`)
		return "", errors.Join(err, e)
	}
	for _, statement := range []string{
		`alter database ` + making + ` with allow_connections false`, // who is connected would keep it from being copied
		`alter database ` + making + ` rename to ` + name,
	} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return "", fmt.Errorf("%s: %w", statement, err)
		}
	}
	return name, nil
}

// at is the address of a database of the server.
func (c *cluster) at(name string) string {
	u := *c.url
	u.Path = "/" + name
	return u.String()
}

// migrationsMark differs for whatever else the migrations say.
func migrationsMark() (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(migrations.Files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := migrations.Files.ReadFile(path)
		fmt.Fprintf(sum, "%s %d\n%s", path, len(text), text)
		return err
	})
	return hex.EncodeToString(sum.Sum(nil)[:8]), err
}
