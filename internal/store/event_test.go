package store

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/pressly/goose/v3"
	"pgregory.net/rapid"

	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

// TestAnyEventIsReadAsItWasWritten: its digest survives the columns (Q1).
func TestAnyEventIsReadAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", history.Emptied, `"`, `\`, "\u2028", "<&>", "𬭸", "true"}))
		var e history.Event
		if rapid.Bool().Draw(t, "person") {
			for _, k := range history.Keys {
				if k != history.Difficulty && rapid.Bool().Draw(t, string(k)) {
					e.Set = append(e.Set, history.Setting{Key: k, Value: text.Draw(t, "value")})
				}
			}
		} else {
			for _, name := range history.CountedNames {
				e.Counts.Put(name, text.Draw(t, name))
			}
			e.Step, e.Fields = history.Recorded, rapid.MapOf(text, text).Draw(t, "fields")
			for range rapid.IntRange(0, 2).Draw(t, "evidence") {
				e.Evidence = append(e.Evidence, history.Evidence{SHA256: text.Draw(t, "sha"), Kind: text.Draw(t, "kind")})
			}
		}
		c, err := encode(&e)
		if err != nil {
			t.Fatal(err)
		}
		back := history.Event{Step: e.Step}
		if err := c.into(&back, nil); err != nil {
			t.Fatal(err)
		}
		if back.Digest() != e.Digest() || !canonical(&back, c) {
			t.Fatalf("got %#v\nwant %#v", back, e)
		}
	})
}

func TestSaidIsSpelledAsTheExportSpellsIt(t *testing.T) {
	for want, e := range map[string]history.Event{
		`{"cohort":"2024","level_id":"undergraduate","college_id":"c03","in_statistics":true,"left":false}`: {Set: history.Settings{
			{Key: history.Cohort, Value: "2024"}, {Key: history.Level, Value: "undergraduate"}, {Key: history.College, Value: "c03"},
			{Key: history.InStatistics, Value: history.True}, {Key: history.Left, Value: history.False}}},
		`{"nature":"31","region":"\u0000","contract_nature":"甲\"乙"}`: {Counts: history.Counted{Nature: "31", Region: history.Emptied, ContractNature: `甲"乙`}},
		``: {Step: history.Passed},
	} {
		c, err := encode(&e)
		if err != nil || c.said != want {
			t.Errorf("got %s (%v), want %s", c.said, err, want)
		}
	}
}

func TestSaidRefusesWhatItDoesNotKnow(t *testing.T) {
	for _, text := range []string{`{`, `[]`, `{"colour":"red"}`} {
		if _, _, err := decodeSaid(text); err == nil {
			t.Errorf("%s was read", text)
		}
	}
}

// TestOlderSchemaWaitsForMigrate: only a new database gets its schema unasked.
func TestOlderSchemaWaitsForMigrate(t *testing.T) {
	first := &fstest.MapFile{Data: []byte("-- +goose Up\ncreate table meta (key text primary key, value text);\ninsert into meta values ('min_binary', '1');\n")}
	second := &fstest.MapFile{Data: []byte("-- +goose Up\ncreate table later (content bytea) --sqlite: without rowid\n;\n")}
	third := &fstest.MapFile{Data: []byte("-- +goose Up\ncreate table later (id text primary key, content bytea) --sqlite: without rowid\n;\n")}
	db, err := sql.Open("sqlite", dsn(filepath.Join(t.TempDir(), "x.db"), writing))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	up := func(migrate bool, files ...*fstest.MapFile) error {
		fs := fstest.MapFS{}
		for i, f := range files {
			fs[fmt.Sprintf("%04d_x.sql", i+1)] = f
		}
		return bringUp(context.Background(), db, fs, goose.DialectSQLite3, nil, migrate)
	}
	if err := up(false, first); err != nil {
		t.Fatalf("a new database: %v", err)
	}
	if err := up(false, first, third); fault.KindOf(err) != fault.Conflict {
		t.Errorf("an older one: got %v, want a request to migrate", err)
	}
	if err := up(true, first, second); err == nil {
		t.Error("a migration that fails passes") // without rowid needs a key
	}
	if err := up(true, first, third); err != nil {
		t.Errorf("asked to migrate: %v", err)
	}
	if err := up(false, first); err != nil {
		t.Errorf("an older program that min_binary allows: %v", err)
	}
}
