package store

import (
	"database/sql"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/pressly/goose/v3"

	"quxiang/internal/store/migrations"
)

// boundaries are the places in a migration behind which a statement ends.
func boundaries(text string) (at []int) {
	inside, place := false, 0
	for line := range strings.Lines(text) {
		place += len(line)
		trimmed := strings.TrimSpace(line)
		switch {
		case strings.Contains(trimmed, "+goose StatementBegin"):
			inside = true
		case strings.Contains(trimmed, "+goose StatementEnd"):
			inside = false
			at = append(at, place)
		case !inside && strings.HasSuffix(trimmed, ";"):
			at = append(at, place)
		}
	}
	return at
}

// TestMigrationsBreakOffCleanly: a step that ends behind any of its statements leaves
// the schema at the step before, and goes through the next time (R23).
func TestMigrationsBreakOffCleanly(t *testing.T) {
	ctx := t.Context()
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	db, err := sql.Open("sqlite", dsn(filepath.Join(t.TempDir(), "quxiang.db"), writing))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	files, broken := fstest.MapFS{}, 0
	for _, name := range names {
		text, err := fs.ReadFile(migrations.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		before := schemaOf(t, db)
		for _, at := range boundaries(string(text)) {
			files[name] = &fstest.MapFile{Data: []byte(string(text[:at]) + "\nselect nothing from nowhere;\n")}
			if err := bringUp(ctx, db, files, goose.DialectSQLite3, nil, true); err == nil {
				t.Fatalf("%s: broken off at byte %d and not noticed", name, at)
			}
			if after := schemaOf(t, db); after != before {
				t.Fatalf("%s: broken off at byte %d, something of it stays", name, at)
			}
			broken++
		}
		files[name] = &fstest.MapFile{Data: text}
		if err := bringUp(ctx, db, files, goose.DialectSQLite3, nil, true); err != nil {
			t.Fatalf("%s: not made after it was broken off: %v", name, err)
		}
	}
	if broken < 60 {
		t.Errorf("only %d places were tried", broken)
	}
}

// schemaOf is the whole schema, and which steps were made.
func schemaOf(t *testing.T, db *sql.DB) string {
	t.Helper()
	var text sql.NullString
	if err := db.QueryRowContext(t.Context(), `select group_concat(sql, ';') from (select sql from sqlite_master where name not like 'goose%' and name not like 'sqlite%' and sql is not null order by name)`).Scan(&text); err != nil {
		t.Fatal(err)
	}
	var steps sql.NullString
	_ = db.QueryRowContext(t.Context(), `select max(version_id) from goose_db_version`).Scan(&steps) // none before the first
	if steps.String == "0" {
		steps.String = ""
	}
	return text.String + steps.String
}
