package store_test

import (
	"bufio"
	"bytes"
	"database/sql"
	_ "embed"
	"maps"
	"slices"
	"strings"
	"testing"

	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

// columnsFile is the reviewed list of every column that holds text or bytes: a line
// is table.column, class and the reason.
//
//go:embed testdata/columns.txt
var columnsFile []byte

// classes of columns, from what anybody may read to what nobody may.
var classes = []string{
	"open",    // a fact of the register or of the work on it, for those in scope
	"derived", // computed from other columns
	"digest",  // of random secrets, of files, or keyed: tells nothing without the key
	"words",   // typed by people: refused with identity or mobile numbers in it (codes.NoNumbers)
	"sealed",  // envelopes of the vault
}

type listedColumn struct{ class, reason string }

func listedColumns(t *testing.T) map[string]listedColumn {
	t.Helper()
	out := map[string]listedColumn{}
	lines := bufio.NewScanner(bytes.NewReader(columnsFile))
	for lines.Scan() {
		line := lines.Text()
		if line == "" || line[0] == '#' {
			continue
		}
		name, rest, _ := strings.Cut(line, " ")
		class, reason, _ := strings.Cut(strings.TrimSpace(rest), " ")
		if reason = strings.TrimSpace(reason); !slices.Contains(classes, class) || len(reason) < 4 {
			t.Errorf("%q: no class, or no reason", line)
		}
		if _, twice := out[name]; twice {
			t.Errorf("%s stands there twice", name)
		}
		out[name] = listedColumn{class, reason}
	}
	return out
}

// TestEveryColumnHasAClass (C1, C7): a new column of text says what it may hold before
// it holds anything; a list of columns that are gone is no list.
func TestEveryColumnHasAClass(t *testing.T) {
	c := storetest.SQLite(t)
	storetest.Open(t, c)
	db, err := sql.Open("sqlite", c.SQLite)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`
		select m.name || '.' || p.name from sqlite_master m join pragma_table_info(m.name) p
		where m.type = 'table' and m.name not like 'sqlite_%' and m.name <> 'goose_db_version' and lower(p.type) in ('text', 'blob', '')`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	listed, there := listedColumns(t), map[string]bool{}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		there[name] = true
		if _, ok := listed[name]; !ok {
			t.Errorf("%s has no line in testdata/columns.txt: say what it may hold", name)
		}
	}
	if err := rows.Err(); err != nil || len(there) < 200 {
		t.Fatal(len(there), err)
	}
	for _, name := range slices.Sorted(maps.Keys(listed)) {
		if !there[name] {
			t.Errorf("%s is in testdata/columns.txt and not in the schema", name)
		}
	}
}

// TestEverySealedColumnIsRotated (C2): a column of envelopes that a rotation passes
// over would be lost with the old key.
func TestEverySealedColumnIsRotated(t *testing.T) {
	rotated := map[string]bool{}
	for _, c := range store.SealedColumns() {
		rotated[c.String()] = true
	}
	for name, c := range listedColumns(t) {
		if (c.class == "sealed") != rotated[name] {
			t.Errorf("%s: class %s, rotated %v (SealedColumns in reseal.go)", name, c.class, rotated[name])
		}
	}
}
