package main

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"quxiang/internal/store/storetest"
)

// unpacked unpacks what a released program left behind (scripts/release-fixture.sh).
func unpacked(t *testing.T, name string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if err == io.EOF {
			return dir
		}
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, filepath.Clean("/"+h.Name))
		if h.Typeflag == tar.TypeDir {
			err = os.MkdirAll(path, 0o700)
		} else {
			var content []byte
			if content, err = io.ReadAll(r); err == nil {
				err = os.WriteFile(path, content, 0o600)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// rowsOf are the rows of a table in JSON: what was published then must be counted now.
func rowsOf(t *testing.T, text string) []any {
	t.Helper()
	var table struct{ Rows []any }
	if err := json.Unmarshal([]byte(text), &table); err != nil || len(table.Rows) < 10 {
		t.Fatalf("%v: %.200s", err, text)
	}
	return table.Rows
}

// TestUpgradeFromEveryRelease: the data of each released schema comes up to date, on
// SQLite as it lies there and on PostgreSQL from its backup, is whole, and every figure is
// that of then (R23, P7).
func TestUpgradeFromEveryRelease(t *testing.T) {
	releases, err := filepath.Glob("testdata/releases/*.tar.gz")
	if err != nil || len(releases) == 0 {
		t.Fatal("no releases", err)
	}
	stats := []string{"stats", "destination", "--cohort", "2022-2025", "--as-of", "2025-06-15", "--known-at", "2025-06-15", "--by", "level", "--format", "json"}
	for _, name := range releases {
		t.Run(filepath.Base(name), func(t *testing.T) {
			dir := unpacked(t, name)
			figures, err := os.ReadFile(filepath.Join(dir, "figures.json"))
			if err != nil {
				t.Fatal(err)
			}
			want := rowsOf(t, string(figures))
			folder := &school{t, filepath.Join(dir, "data"), ""}
			if _, errs := folder.must(1, "verify"); !strings.Contains(errs, "quxiang migrate") {
				t.Errorf("an older schema does not say what to do: %s", errs)
			}
			out, _ := folder.must(0, "migrate", "--check")
			if again, _ := folder.must(0, "migrate", "--check"); !strings.Contains(out, "要升级") || again != out {
				t.Errorf("--check says %s, then %s", out, again)
			}
			folder.must(0, "migrate")
			if out, _ := folder.must(0, "migrate"); !strings.Contains(out, "已是本程序的版本") {
				t.Errorf("a second time: %s", out)
			}
			moved := &school{t, filepath.Join(dir, "moved"), storetest.BlankPostgres(t).URL}
			moved.must(0, "restore", filepath.Join(dir, "backup.age"), "--identity", filepath.Join(dir, "identity.txt"))
			for _, s := range []*school{folder, moved} {
				s.must(0, "verify")
				out, _ := s.must(0, stats...)
				if got := rowsOf(t, out); !reflect.DeepEqual(got, want) {
					t.Errorf("%s: other figures than then", s.dir)
				}
			}
		})
	}
}

// TestBackupOnTheCommandLine: what a script sees.
func TestBackupOnTheCommandLine(t *testing.T) {
	s := newSchool(t, "")
	s.must(0, "import", "roster", s.file("r.csv", "学号,姓名,学历层次\n1,甲,本科\n2,乙,硕士\n"), "--cohort", "2024")
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	s.must(2, "backup", "keygen")
	out, _ := s.must(0, "backup", "keygen", "-o", at("id"), "--format", "json")
	var made struct{ Recipient string }
	if err := json.Unmarshal([]byte(out), &made); err != nil || !strings.HasPrefix(made.Recipient, "age1") {
		t.Fatalf("%v: %s", err, out)
	}
	s.must(2, "backup", "keygen", "-o", at("id")) // never over an identity
	s.must(2, "backup", "-o", at("x.age"))
	s.must(2, "backup", "--recipient", made.Recipient)
	out, _ = s.must(0, "backup", "-o", at("b.age"), "--recipient", made.Recipient, "--format", "json")
	var told struct {
		Rows map[string]int
	}
	if err := json.Unmarshal([]byte(out), &told); err != nil || told.Rows["graduate"] != 2 {
		t.Errorf("%v: %s", err, out)
	}
	info, err := os.Stat(at("b.age"))
	if err != nil || info.Mode().Perm() != 0o600 { // R22
		t.Errorf("%v %v", info, err)
	}
	content, err := os.ReadFile(at("b.age"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(at("cut.age"), content[:len(content)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	other := &school{t, at("new"), ""}
	for name, args := range map[string][]string{
		"cut":           {"restore", at("cut.age"), "--identity", at("id")},
		"no identity":   {"restore", at("b.age")},
		"no file":       {"restore", at("none.age"), "--identity", at("id")},
		"not a backup":  {"restore", at("id"), "--identity", at("id")},
		"wrong content": {"restore", at("b.age"), "--identity", at("b.age")},
	} {
		if _, errs := other.must(2, args...); !strings.Contains(errs, "quxiang: ") {
			t.Errorf("%s: no reason: %s", name, errs)
		}
		if _, err := os.Stat(other.dir); err == nil {
			t.Errorf("%s: a folder is left behind", name)
		}
	}
	s.must(2, "restore", at("b.age"), "--identity", at("id")) // not into the school itself
	other.must(0, "restore", at("b.age"), "--identity", at("id"), "--check")
	other.must(0, "restore", at("b.age"), "--identity", at("id"))
	if out, _ := other.must(0, "stats", "destination", "--cohort", "2024", "--format", "csv"); !strings.Contains(out, "2024,2,0") {
		t.Errorf("the restored school counts %s", out)
	}
	if left, _ := filepath.Glob(at(".quxiang-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
