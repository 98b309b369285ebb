package soak

import (
	"bytes"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // the driver
)

// TestAnOlderProgramRefusesANewerSchool: what a newer version has changed in a way that
// this one cannot read is refused by each command, with words that say what to do, and not
// a byte of it is touched; nothing else was wrong with it (R25).
func TestAnOlderProgramRefusesANewerSchool(t *testing.T) {
	soaking(t)
	s, data := small(t)
	s.stop(t)
	file := filepath.Join(data, "quxiang.db")
	needs := func(version string) (was string) {
		db, err := sql.Open("sqlite", "file:"+file)
		if err != nil {
			t.Fatal(err)
		}
		err = db.QueryRow(`select value from meta where key = 'min_binary'`).Scan(&was)
		if err == nil {
			_, err = db.Exec(`update meta set value = $1 where key = 'min_binary'`, version)
		}
		if err = errors.Join(err, db.Close()); err != nil {
			t.Fatal(err)
		}
		return was
	}
	was := needs("99999")
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, recipient := newKey(t, t.TempDir())
	for _, command := range [][]string{
		{"serve", "--listen", "127.0.0.1:0"}, {"migrate"}, {"verify"}, {"keys", "list"}, {"keys", "rotate"},
		{"stats", "destination", "--cohort", "2024"}, {"backup", "-o", filepath.Join(t.TempDir(), "x.age"), "--recipient", recipient},
	} {
		if said, code := run(t, append(command, "--data", data)...); code == 0 || !strings.Contains(said, "请换用新版程序") {
			t.Errorf("%v: exit %d: %s", command, code, said)
		}
	}
	after, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, after) {
		t.Error("a program that is too old has written")
	}
	needs(was)
	if said, code := run(t, "verify", "--data", data); code != 0 {
		t.Errorf("the program that fits: exit %d: %s", code, said)
	}
}
