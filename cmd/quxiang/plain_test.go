package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"quxiang/internal/store/storetest"
)

// TestInitThatFailed leaves nothing behind, and the same command mended works, on a
// folder of its own as on one that holds other things.
func TestInitThatFailed(t *testing.T) {
	for name, c := range map[string]struct{ flag, value string }{
		"login":   {"--admin", "两个 词"},
		"region":  {"--region", "999999"},
		"address": {"--public-url", "jiuye.example.edu.cn"},
		"engine":  {"--database", "postgres://nobody@127.0.0.1:1/none"},
	} {
		s := &school{t, filepath.Join(t.TempDir(), "data"), ""}
		args := []string{"init", "--school", "试点大学", "--school-code", "10001", "--admin", "root"}
		if code, _, errs := s.run(append(args, c.flag, c.value)...); code == 0 || strings.Contains(errs, "dial") {
			t.Errorf("%s: exit %d: %s", name, code, errs)
		}
		if _, err := os.Stat(s.dir); err == nil {
			t.Errorf("%s: a folder is left behind", name)
		}
		out, _ := s.must(0, append(args, "--public-url", "https://jiuye.example.edu.cn/")...)
		if !strings.Contains(out, "\nhttps://jiuye.example.edu.cn/password/") {
			t.Errorf("%s: the link is not one that anybody can follow: %s", name, out)
		}
		if _, errs := s.must(1, args...); !strings.Contains(errs, "已有学校“试点大学”") {
			t.Errorf("%s: a second school: %s", name, errs)
		}
		s.must(0, "verify")
	}
}

// TestInitKeepsWhatWasThere: keys of somebody else and other files survive an init
// that fails.
func TestInitKeepsWhatWasThere(t *testing.T) {
	first := newSchool(t, "")
	s := &school{t, filepath.Join(t.TempDir(), "data"), ""}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	note := filepath.Join(s.dir, "note.txt")
	if err := os.WriteFile(note, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	keys := filepath.Join(first.dir, "keys")
	before, _ := os.ReadDir(keys)
	s.must(1, "init", "--school", "乙", "--school-code", "1", "--admin", "root", "--keys", keys, "--database", "postgres://nobody@127.0.0.1:1/none")
	after, _ := os.ReadDir(keys)
	if len(before) == 0 || len(after) != len(before) {
		t.Errorf("%d key files, then %d", len(before), len(after))
	}
	if list, err := os.ReadDir(s.dir); err != nil || len(list) != 1 {
		t.Errorf("left %v (%v)", list, err)
	}
}

// TestOneSchoolADatabase: a database that holds a school is refused another one.
func TestOneSchoolADatabase(t *testing.T) {
	s := newSchool(t, storetest.BlankPostgres(t).URL)
	s.must(1, "init", "--school", "乙", "--school-code", "1", "--admin", "other")
}

// TestInviteRefusesFirst: a name that says no format is refused before a code is made:
// the codes that people hold go on working.
func TestInviteRefusesFirst(t *testing.T) {
	s := newSchool(t, "")
	s.must(0, "import", "roster", s.file("r.csv", "学号,姓名,学历层次\n1,甲,本科\n"), "--cohort", "2025")
	for _, name := range []string{"x.xls", "x", "x.pdf", "x.html.bak"} {
		path := filepath.Join(t.TempDir(), name)
		if _, errs := s.must(2, "user", "invite", "--cohort", "2025", "-o", path); !strings.Contains(errs, ".xlsx、.csv 或 .html") {
			t.Errorf("%s: %s", name, errs)
		}
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s was written", name)
		}
		s.must(2, "export", "roster", "-o", path)
	}
	coded := func() bool {
		content, err := os.ReadFile(filepath.Join(s.dir, "quxiang.db"))
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(string(content), "account.invite")
	}
	if coded() {
		t.Error("a code was made")
	}
	s.must(0, "user", "invite", "--cohort", "2025", "-o", filepath.Join(t.TempDir(), "x.HTML"))
	if !coded() {
		t.Error("the test would not see one")
	}
}

// TestNotesByCause: a file with one slip in every row is one line, with a count.
func TestNotesByCause(t *testing.T) {
	s := newSchool(t, "")
	var rows strings.Builder
	rows.WriteString("学号,姓名,学历层次,身份证号,手机号\n")
	for i := range 30 {
		fmt.Fprintf(&rows, "%d,某%d,本科,11010119900101%03d0,12\n", i+1, i, 2*i+1)
	}
	out, _ := s.must(0, "import", "roster", s.file("r.csv", rows.String()), "--cohort", "2025")
	lines := regexp.MustCompile(`(?m)^  核查提示 (\d+) 条 (.*)$`).FindAllStringSubmatch(out, -1)
	if len(lines) != 2 || !strings.Contains(out, "核查提示 30 条 手机号码") || !strings.Contains(out, "行等）") {
		t.Errorf("notes are not told by cause: %s", out)
	}
	if !strings.Contains(out, "A28 身份证号的末位校验码不对，多半是抄错，请核对；已按原样入库") {
		t.Errorf("a reason is asked for that nobody can write: %s", out)
	}
}

// TestHelpIsChinese: no page of help has a word of the library's.
func TestHelpIsChinese(t *testing.T) {
	s := &school{t, t.TempDir(), ""}
	english := regexp.MustCompile(`Usage|Flags|Available|help for|default|command|\bstring\b|Aliases|more information|flags`)
	var walk func(c *cobra.Command, path []string)
	walk = func(c *cobra.Command, path []string) {
		out, _ := s.must(0, append(path, "--help")...)
		if found := english.FindString(out); found != "" || !strings.Contains(out, "用法：") || !strings.Contains(out, "查看用法") {
			t.Errorf("%v: %q in\n%s", path, found, out)
		}
		for _, sub := range c.Commands() {
			if sub.Name() != "help" {
				walk(sub, append(path[:len(path):len(path)], sub.Name()))
			}
		}
	}
	walk((&session{call: localCall(nil)}).root(), nil)
	for _, args := range [][]string{{"verify", "all"}, {"help", "nothing"}, {"snapshot", "show"}, {"privacy", "melt"}} {
		if _, errs := s.must(2, args...); regexp.MustCompile(`unknown|accepts|arg`).MatchString(errs) {
			t.Errorf("%v: %s", args, errs)
		}
	}
}

// TestRolesAreListed: whoever writes a role wrong reads which there are.
func TestRolesAreListed(t *testing.T) {
	s := newSchool(t, "")
	if _, errs := s.must(2, "user", "add", "x", "--name", "某", "--role", "king"); !strings.Contains(errs, "counsellor（辅导员）") {
		t.Error(errs)
	}
}
