package soak

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

// tampered are the tables that the edits fall on, with what of them is not in the
// rows' digests and why.
var tampered = []struct {
	table, where string
	spared       string
}{
	{"audit", "n < (select max(n) from audit)", "n"}, // the newest end is for checkpoints; places: TestVerifyFindsEveryFlip
	{"event", "", ""}, {"event", "", ""}, {"imprint", "", ""}, {"document", "", ""},
	{"snapshot", "", ""}, {"snapshot_row", "", ""}, {"checkpoint", "", ""},
	{"graduate", "", ""}, {"account", "", "seen_at"}, {"account_grant", "", ""}, {"employer", "", ""}, {"sample", "", ""}, {"unit", "", ""},
}

// TestRandomEditsAreAllFound: single bytes are changed by somebody who has the
// database and the files in hand, one after another, and each time verify names it
// (R30a, P4): 50 in CI, 500 in a soak. SEED replays a failure.
func TestRandomEditsAreAllFound(t *testing.T) {
	edits, seed := 50, uint64(1)
	if os.Getenv("QUXIANG_SOAK") != "" {
		edits, seed = 500, rand.Uint64()
	}
	if text := os.Getenv("SEED"); text != "" {
		if _, err := fmt.Sscan(text, &seed); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("SEED=%d", seed)
	const schools = 2 // a processor each: nothing is measured here
	for n := range uint64(schools) {
		t.Run(fmt.Sprint("school ", n), func(t *testing.T) {
			t.Parallel()
			vandalise(t, rand.New(rand.NewPCG(seed, n)), edits/schools)
		})
	}
}

// vandalise makes a school and changes it so often.
func vandalise(t *testing.T, chance *rand.Rand, edits int) {
	dir := filepath.Join(t.TempDir(), "school")
	a, err := app.OpenDemo(t.Context(), app.Config{Data: dir, Log: slog.New(slog.DiscardHandler)}, app.Demo{Graduates: 100, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	v := &vandal{t: t, Rand: chance, conf: store.Config{SQLite: filepath.Join(dir, "quxiang.db")}, dir: dir}
	if got := v.verify(a); len(got) > 0 {
		t.Fatalf("before any edit: %s", strings.Join(got, "\n"))
	}
	for i := range edits {
		what, undo := v.edit()
		if len(v.verify(a)) == 0 {
			t.Errorf("edit %d: %s: not found", i, what)
		}
		undo()
	}
	if got := v.verify(a); len(got) > 0 {
		t.Errorf("after all was put back: %s", strings.Join(got, "\n"))
	}
}

// vandal changes single bytes.
type vandal struct {
	*rand.Rand
	t    *testing.T
	conf store.Config
	dir  string
}

func (v *vandal) verify(a *app.App) []string {
	problems, _, err := a.Verify(context.Background())
	if err != nil { // what cannot even be read is found
		return []string{err.Error()}
	}
	return problems
}

// edit changes one byte somewhere and returns what, and what puts it back.
func (v *vandal) edit() (what string, undo func()) {
	if v.IntN(10) == 0 {
		return v.editFile()
	}
	for {
		if what, undo := v.editRow(); undo != nil {
			return what, undo
		}
	}
}

func (v *vandal) editFile() (string, func()) {
	var files []string
	err := filepath.WalkDir(filepath.Join(v.dir, "evidence"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			files = append(files, path)
		}
		return err
	})
	if err != nil || len(files) == 0 {
		v.t.Fatal(err, len(files), "files")
	}
	path := files[v.IntN(len(files))]
	was, err := os.ReadFile(path)
	if err != nil {
		v.t.Fatal(err)
	}
	now := append([]byte{}, was...)
	i := v.IntN(len(now))
	now[i] ^= 1 << v.IntN(8)
	write := func(b []byte) {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			v.t.Fatal(err)
		}
	}
	write(now)
	return fmt.Sprintf("byte %d of %s", i, filepath.Base(path)), func() { write(was) }
}

// editRow changes a byte of a cell; no undo if the cell has none.
func (v *vandal) editRow() (string, func()) {
	at := tampered[v.IntN(len(tampered))]
	db, err := sql.Open("sqlite", v.conf.SQLite)
	if err != nil {
		v.t.Fatal(err)
	}
	defer db.Close()
	columns := v.texts(db, `select name from pragma_table_info('`+at.table+`')`)
	keys := v.texts(db, `select name from pragma_table_info('`+at.table+`') where pk > 0`)
	column := columns[v.IntN(len(columns))]
	if column == at.spared {
		return "", nil
	}
	where := ""
	if at.where != "" {
		where = " where " + at.where
	}
	list := make([]any, len(keys)+1)
	to := make([]any, len(list))
	for i := range list {
		to[i] = &list[i]
	}
	n := 0
	if err := db.QueryRow(`select count(1) from ` + at.table + where).Scan(&n); err != nil || n == 0 {
		v.t.Fatal(at.table, n, err)
	}
	text := fmt.Sprintf(`select %s, %s from %s%s order by %[2]s limit 1 offset %[5]d`, column, strings.Join(keys, ", "), at.table, where, v.IntN(n))
	if err := db.QueryRow(text).Scan(to...); err != nil {
		v.t.Fatal(text, err)
	}
	other := v.flip(list[0])
	if other == nil {
		return "", nil
	}
	set := func(value any, keysNow []any) {
		var terms []string
		args := []any{value}
		for i, k := range keys {
			args = append(args, keysNow[i])
			terms = append(terms, fmt.Sprintf("%s = $%d", k, i+2))
		}
		if n := storetest.Tamper(v.t, v.conf, `update `+at.table+` set `+column+` = $1 where `+strings.Join(terms, " and "), args...); n != 1 {
			v.t.Fatalf("%s of %s: %d rows", column, at.table, n)
		}
	}
	was, now := append([]any{}, list[1:]...), append([]any{}, list[1:]...)
	for i, k := range keys {
		if k == column {
			now[i] = other
		}
	}
	terms := make([]string, len(keys))
	for i, k := range keys {
		terms[i] = fmt.Sprintf("%s = $%d", k, i+1)
	}
	if err := db.QueryRow(`select count(1) from `+at.table+` where `+strings.Join(terms, " and "), now...).Scan(&n); err != nil || n > 0 && slices.Contains(keys, column) {
		return "", nil // another row has that key: the database itself refuses
	}
	if len(v.texts(db, `select i.name from pragma_index_list('`+at.table+`') l, pragma_index_info(l.name) i where l."unique" = 1 and i.name = '`+column+`'`)) > 0 {
		if err := db.QueryRow(`select count(1) from `+at.table+` where `+column+` = $1`, other).Scan(&n); err != nil || n > 0 {
			return "", nil // so it does here
		}
	}
	set(other, was)
	return fmt.Sprintf("%s of %s %v: %q became %q", column, at.table, was, list[0], other), func() { set(list[0], now) }
}

// flip changes a bit of a byte; nil of a cell that has none.
func (v *vandal) flip(cell any) any {
	switch c := cell.(type) {
	case int64:
		return c ^ 1<<v.IntN(31)
	case bool:
		return !c
	case string:
		b := []byte(c)
		if len(b) == 0 {
			return nil
		}
		b[v.IntN(len(b))] ^= 1
		return string(b)
	case []byte:
		if len(c) == 0 {
			return nil
		}
		b := append([]byte{}, c...)
		b[v.IntN(len(b))] ^= 1 << v.IntN(8)
		return b
	}
	return nil
}

func (v *vandal) texts(db *sql.DB, query string) (out []string) {
	rows, err := db.Query(query)
	if err != nil {
		v.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			v.t.Fatal(err)
		}
		out = append(out, text)
	}
	return out
}
