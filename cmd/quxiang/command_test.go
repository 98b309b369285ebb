package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"quxiang/internal/app"
	"quxiang/internal/store/storetest"
)

// school is a data folder that commands are run on.
type school struct {
	t        *testing.T
	dir      string
	database string
}

// eachEngine runs the test on a folder with SQLite and on one with PostgreSQL.
func eachEngine(t *testing.T, do func(t *testing.T, s *school)) {
	t.Run("sqlite", func(t *testing.T) { do(t, newSchool(t, "")) })
	t.Run("postgres", func(t *testing.T) { do(t, newSchool(t, storetest.Postgres(t).URL)) })
}

func newSchool(t *testing.T, database string) *school {
	s := &school{t, filepath.Join(t.TempDir(), "data"), database}
	s.must(0, "init", "--school", "试点大学", "--school-code", "10001", "--admin", "root", "--region", "120000")
	return s
}

// run runs a command as the program would and returns its exit code and output.
func (s *school) run(args ...string) (code int, out, errs string) {
	args = append(args, "--data", s.dir)
	if s.database != "" {
		args = append(args, "--database", s.database)
	}
	var o, e bytes.Buffer
	call := localCall(args)
	call.Out, call.Err = &o, &e
	code = execute(context.Background(), nil, call)
	return code, o.String(), e.String()
}

// must runs a command that has to end with the code.
func (s *school) must(code int, args ...string) (out, errs string) {
	s.t.Helper()
	got, out, errs := s.run(args...)
	if got != code {
		s.t.Fatalf("%v: exit %d, want %d\n%s%s", args, got, code, out, errs)
	}
	return out, errs
}

func (s *school) file(name, content string) string {
	path := filepath.Join(s.t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		s.t.Fatal(err)
	}
	return path
}

// foreign is a roster and its destinations as somebody else's system writes them.
func foreign() (roster, destinations string, settled, n map[string]int) {
	settled, n = map[string]int{}, map[string]int{}
	var r, d strings.Builder
	r.WriteString("学号,姓名,学院,专业,学历层次\r\n")
	d.WriteString("学号,毕业去向类别代码,签约日期\r\n")
	levels := []string{"本科", "硕士", "博士"}
	codes := []string{"10", "11", "12", "27", "271", "46", "75", "76", "801", "85", "70", "71", "72", ""}
	for i := range 700 {
		level, code := levels[i%3], codes[i%len(codes)]
		fmt.Fprintf(&r, "%08d,学生%d,学院%d,专业%d,%s\r\n", i, i, i%7, i%19, level)
		fmt.Fprintf(&d, "%08d,%s,2024-0%d-15\r\n", i, code, 1+i%9)
		n[level]++
		if code != "" && code[0] != '7' && 1+i%9 <= 8 || (code == "75" || code == "76") && 1+i%9 <= 8 {
			settled[level]++
		}
	}
	return r.String(), d.String(), settled, n
}

// TestForeignFiles: somebody else's roster and destinations in, that school's
// table out, equal to a plain count; export then import changes nothing.
func TestForeignFiles(t *testing.T) {
	roster, destinations, settled, n := foreign()
	eachEngine(t, func(t *testing.T, s *school) {
		s.must(0, "import", "roster", s.file("生源.csv", roster), "--cohort", "2024")
		s.must(0, "import", "destinations", s.file("去向.csv", destinations), "--source", "legacy", "--cohort", "2024")
		out, _ := s.must(0, "stats", "destination", "--cohort", "2024", "--as-of", "2024-08-31", "--by", "level", "--format", "json")
		var table struct {
			Rows []struct {
				Level string
				N     int
				Total bool
				Cells map[string]struct{ K int }
			}
		}
		if err := json.Unmarshal([]byte(out), &table); err != nil {
			t.Fatal(err)
		}
		if len(table.Rows) != 4 {
			t.Fatalf("%d rows", len(table.Rows))
		}
		for _, r := range table.Rows[:3] {
			if r.N != n[r.Level] || r.Cells["settled"].K != settled[r.Level] {
				t.Errorf("%s: %d of %d, want %d of %d", r.Level, r.Cells["settled"].K, r.N, settled[r.Level], n[r.Level])
			}
		}
		for kind, more := range map[string][]string{"roster": nil, "destinations": {"--source", "national"}} {
			exported := filepath.Join(t.TempDir(), kind+".xlsx")
			s.must(0, "export", kind, "-o", exported, "--cohort", "2024")
			out, _ := s.must(0, append([]string{"import", kind, exported, "--cohort", "2024", "--format", "json"}, more...)...)
			if strings.Contains(out, `"added"`) || strings.Contains(out, `"changed"`) {
				t.Errorf("%s: export then import changed something: %s", kind, out)
			}
		}
		s.must(0, "verify")
	})
}

// TestRefusedFile: one bad row, and nothing of the file is taken.
func TestRefusedFile(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *school) {
		s.must(0, "import", "roster", s.file("r.csv", "学号,姓名,学历层次\n1,甲,本科\n2,乙,本科\n"), "--cohort", "2024")
		_, errs := s.must(1, "import", "destinations", s.file("d.csv", "学号,毕业去向类别代码\n1,10\n2,99\n"), "--source", "legacy")
		for _, want := range []string{"第 3 行", "毕业去向类别代码", "99"} {
			if !strings.Contains(errs, want) {
				t.Errorf("the refusal does not say %q: %s", want, errs)
			}
		}
		out, _ := s.must(0, "stats", "destination", "--cohort", "2024", "--format", "csv")
		if !strings.Contains(out, "2024,2,0,") {
			t.Errorf("something was taken: %s", out)
		}
	})
}

// TestExitCodes: 0 done, 1 the answer is no, 2 wrong use or no usable file.
func TestExitCodes(t *testing.T) {
	s := newSchool(t, "")
	for name, c := range map[string]struct {
		code int
		args []string
	}{
		"no such command":      {2, []string{"statistik"}},
		"no such flag":         {2, []string{"stats", "destination", "--cohorte", "2024"}},
		"no cohort":            {2, []string{"stats", "destination"}},
		"no such table":        {2, []string{"stats", "nothing", "--cohort", "2024"}},
		"no such dimension":    {2, []string{"stats", "destination", "--cohort", "2024", "--by", "counsellor"}},
		"no such format":       {2, []string{"stats", "destination", "--cohort", "2024", "--format", "pdf"}},
		"no such file":         {2, []string{"import", "roster", "missing.xlsx"}},
		"no such kind":         {2, []string{"import", "unicorns", s.file("x.csv", "学号\n1\n")}},
		"empty file":           {2, []string{"import", "roster", s.file("x.csv", "")}},
		"header only":          {2, []string{"import", "roster", s.file("x.csv", "学号,姓名,学历\n")}},
		"a column is missing":  {2, []string{"import", "roster", s.file("x.csv", "学号,姓名\n1,甲\n"), "--cohort", "2024"}},
		"a column twice":       {2, []string{"import", "roster", s.file("x.csv", "学号,姓名,姓名,学历\n1,甲,乙,本科\n"), "--cohort", "2024"}},
		"half a zip":           {2, []string{"import", "roster", s.file("x.xlsx", "PK\x03\x04half")}},
		"a refused row":        {1, []string{"import", "roster", s.file("x.csv", "学号,姓名,学历\n1,甲,小学二年级\n"), "--cohort", "2024"}},
		"no such snapshot":     {1, []string{"snapshot", "verify", "NOPE"}},
		"a second init":        {1, []string{"init", "--school", "乙", "--school-code", "1", "--admin", "a"}},
		"source is missing":    {2, []string{"import", "destinations", s.file("x.csv", "学号,毕业去向类别代码\n1,10\n")}},
		"the catalogue":        {0, []string{"indicators"}},
		"one definition":       {0, []string{"indicators", "moe-2024"}},
		"no such definition":   {2, []string{"indicators", "moe-1999"}},
		"xlsx without a file":  {2, []string{"indicators", "--format", "xlsx"}},
		"version":              {0, []string{"version"}},
		"accounts":             {0, []string{"user", "list"}},
		"disable nobody":       {1, []string{"user", "disable", "nobody"}},
		"a role that is none":  {2, []string{"user", "add", "x", "--name", "某", "--role", "king"}},
		"verify an empty one":  {0, []string{"verify"}},
		"undo what is not":     {1, []string{"import", "undo", "nope"}},
		"a subcommand is none": {2, []string{"snapshot", "melt"}},
	} {
		if code, out, errs := s.run(c.args...); code != c.code {
			t.Errorf("%s: exit %d, want %d: %s%s", name, code, c.code, out, errs)
		}
	}
}

// TestBesideServer: commands beside a running server are carried out by it, and
// a second server is refused by name.
func TestBesideServer(t *testing.T) {
	s := newSchool(t, "")
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	a, err := app.Open(ctx, app.Config{Data: s.dir}, app.Serving)
	if err != nil {
		t.Fatal(err)
	}
	ready, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		err := a.Serve(ctx, app.Serve{Listen: "127.0.0.1:0", Ready: func(at string) { ready <- at },
			Console: func(ctx context.Context, a *app.App, call *app.Call) int { return execute(ctx, a, call) }})
		a.Close()
		ended <- err
	}()
	select {
	case <-ready:
	case err := <-ended:
		t.Fatal(err)
	}
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(filepath.Join(s.dir, "socket")); err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("no socket")
		}
	}
	s.must(0, "import", "roster", s.file("r.csv", "学号,姓名,学历层次\n1,甲,本科\n2,乙,硕士\n"), "--cohort", "2024")
	out, _ := s.must(0, "stats", "destination", "--cohort", "2024", "--by", "level", "--format", "csv")
	if !strings.Contains(out, "2024,本科,1,") {
		t.Errorf("the warm figures do not have it: %s", out)
	}
	exported := filepath.Join(t.TempDir(), "out.csv")
	s.must(0, "export", "roster", "-o", exported)
	if b, err := os.ReadFile(exported); err != nil || !bytes.Contains(b, []byte("甲")) {
		t.Errorf("the export did not arrive: %v %s", err, b)
	}
	if _, errs := s.must(2, "import", "roster", "missing.csv"); !strings.Contains(errs, "missing.csv") {
		t.Errorf("a missing file is not named: %s", errs)
	}
	if _, errs := s.must(1, "serve"); !strings.Contains(errs, fmt.Sprint(os.Getpid())) {
		t.Errorf("a second server is not refused by process: %s", errs)
	}
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	s.must(0, "verify")
}

// TestSettings: flags come from the line, else the environment, else the file.
func TestSettings(t *testing.T) {
	s := newSchool(t, "")
	s.must(0, "import", "roster", s.file("r.csv", "学号,姓名,学历层次\n1,甲,本科\n"), "--cohort", "2024")
	conf := s.file("quxiang.conf", "# 注释\ncohort = 2024\nformat = csv\n")
	if out, _ := s.must(0, "stats", "destination", "--config", conf); !strings.Contains(out, "2024,1,0") {
		t.Errorf("the file does not count: %s", out)
	}
	t.Setenv("QUXIANG_FORMAT", "json")
	if out, _ := s.must(0, "stats", "destination", "--config", conf); !strings.HasPrefix(out, "{") {
		t.Errorf("the environment does not win over the file: %s", out)
	}
	if out, _ := s.must(0, "stats", "destination", "--config", conf, "--format", "csv"); strings.HasPrefix(out, "{") {
		t.Errorf("the line does not win: %s", out)
	}
	if _, errs := s.must(2, "stats", "destination", "--config", s.file("bad", "cohort 2024\n")); !strings.Contains(errs, "第 1 行") {
		t.Errorf("a bad file is not named by line: %s", errs)
	}
}
