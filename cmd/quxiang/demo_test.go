package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/fault"
)

// demoSchool builds the demo of the README once.
func demoSchool(t *testing.T) *school {
	t.Helper()
	s := &school{t: t, dir: filepath.Join(t.TempDir(), "quxiang-data")}
	a, err := app.OpenDemo(context.Background(), app.Config{Data: s.dir}, app.Demo{Graduates: 2660, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestReadmeIsTrue: what both READMEs print is what the demo prints, and the
// frozen figures of the demo hold.
func TestReadmeIsTrue(t *testing.T) {
	s := demoSchool(t)
	out, _ := s.must(0, "stats", "destination", "--cohort", "2024", "--as-of", "2024-08-31", "--definition", "school-2024", "--by", "level")
	for _, name := range []string{"README.md", "README.zh-CN.md"} {
		text, err := os.ReadFile(filepath.Join("..", "..", name))
		if err != nil {
			t.Fatal(err)
		}
		_, block, found := strings.Cut(string(text), "```\n")
		block, _, _ = strings.Cut(block, "```")
		if !found || strings.Count(block, "\n") < 8 {
			t.Fatalf("%s has no block with the table", name)
		}
		for line := range strings.Lines(block) {
			if !strings.Contains(line, "所知至") && !strings.Contains(out, line) { // the moment of asking differs
				t.Errorf("%s prints what the demo does not:\n%s", name, line)
			}
		}
	}
	for _, snapshot := range []string{"INIT-2024", "FINAL-2024"} {
		s.must(0, "snapshot", "verify", snapshot)
	}
	s.must(0, "verify")
}

// TestFurtherStudy: a bare month-day is taken in each cohort's own year.
func TestFurtherStudy(t *testing.T) {
	s := demoSchool(t)
	out, _ := s.must(0, "stats", "further-study", "--cohort", "2022-2024", "--as-of", "08-31", "--by", "level", "--format", "json")
	var table struct {
		AsOf *string `json:"as_of"`
		Rows []struct {
			Cohort  string
			LevelID string `json:"level_id"`
			AsOf    string `json:"as_of"`
			Cells   map[string]struct {
				K   int
				Pct string
			}
		}
	}
	if err := json.Unmarshal([]byte(out), &table); err != nil {
		t.Fatal(err)
	}
	if table.AsOf != nil {
		t.Errorf("one as_of on top: %s", *table.AsOf)
	}
	want := map[string]string{"2022": "24.18", "2023": "23.74", "2024": "24.53"}
	for _, r := range table.Rows {
		if r.LevelID != "master" {
			continue
		}
		if r.Cells["study"].Pct != want[r.Cohort] || !strings.HasPrefix(r.AsOf, r.Cohort+"-09-01T00:00") {
			t.Errorf("%s: %s as of %s, want %s", r.Cohort, r.Cells["study"].Pct, r.AsOf, want[r.Cohort])
		}
		delete(want, r.Cohort)
	}
	if len(want) > 0 {
		t.Errorf("cohorts without a row: %v", want)
	}
}

// TestDemoFolder: demo builds in its own folders only, and builds once.
func TestDemoFolder(t *testing.T) {
	ctx := context.Background()
	demo := app.Demo{Graduates: 100, Seed: 7}
	open := func(dir string) error {
		a, err := app.OpenDemo(ctx, app.Config{Data: dir}, demo)
		if err != nil {
			return err
		}
		return a.Close()
	}
	real := newSchool(t, "").dir
	strange := t.TempDir()
	if err := os.WriteFile(filepath.Join(strange, "thesis.docx"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, dir := range map[string]string{"a real school's": real, "somebody's documents": strange} {
		if err := open(dir); fault.KindOf(err) != fault.Usage {
			t.Errorf("%s folder: %v", name, err)
		}
	}
	dir := filepath.Join(t.TempDir(), "demo")
	if err := open(dir); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(filepath.Join(dir, "keys", "ring.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := open(dir); err != nil {
		t.Fatalf("the second time: %v", err)
	}
	if after, _ := os.ReadFile(filepath.Join(dir, "keys", "ring.json")); string(after) != string(before) {
		t.Error("it was built again")
	}
	// An interrupted building is thrown away.
	half := filepath.Join(t.TempDir(), "half")
	if err := os.MkdirAll(half, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"demo-building", "quxiang.db"} {
		if err := os.WriteFile(filepath.Join(half, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := open(half); err != nil {
		t.Fatalf("after an interrupted building: %v", err)
	}
	s := &school{t: t, dir: half}
	s.must(0, "verify")
}
