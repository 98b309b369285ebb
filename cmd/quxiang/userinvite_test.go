package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var codeInFile = regexp.MustCompile(`[2-9A-Z]{5}-[2-9A-Z]{5}`)

// TestInvite: codes for a cohort as a table and as slips; who may not be invited
// twice, and what is refused.
func TestInvite(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *school) {
		s.must(0, "import", "roster", s.file("r.csv", "学号,姓名,学院,专业,班级,学历层次\n1,甲,护理学院,护理学,护理一班,本科\n2,乙·阿依,护理学院,护理学,护理一班,本科\n3,丙,药学院,药学,药学一班,本科\n"), "--cohort", "2024")
		table, page := filepath.Join(t.TempDir(), "codes.csv"), filepath.Join(t.TempDir(), "codes.html")
		_, errs := s.must(0, "user", "invite", "--cohort", "2024", "-o", table)
		b, err := os.ReadFile(table)
		if err != nil || len(codeInFile.FindAll(b, -1)) != 3 || !strings.Contains(errs, "3 人") {
			t.Fatalf("%v %s %s", err, b, errs)
		}
		if info, err := os.Stat(table); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("others may read the codes: %v %v", info.Mode(), err)
		}
		s.must(0, "user", "invite", "--cohort", "2024", "--class", "护理一班", "-o", page)
		b, err = os.ReadFile(page)
		html := string(b)
		if err != nil || len(codeInFile.FindAll(b, -1)) != 2 || strings.Count(html, `class="slip-page"`) != 1 || !strings.Contains(html, "乙·阿依") ||
			!strings.Contains(html, "break-after: page") || strings.Contains(html, "<script") || strings.Contains(html, "药学一班") {
			t.Errorf("%v %s", err, html)
		}
		before := codeInFile.FindString(html)
		s.must(0, "user", "invite", "--cohort", "2024", "--college", "护理学院", "-o", page)
		if b, _ = os.ReadFile(page); strings.Contains(string(b), before) {
			t.Error("a code of before was written again: it must be kept nowhere")
		}
		out, _ := s.must(0, "user", "list")
		if strings.Contains(out, "乙·阿依") {
			t.Errorf("graduates in the list of staff: %s", out)
		}
		for name, c := range map[string]struct {
			code int
			args []string
			says string
		}{
			"no file":         {2, []string{"user", "invite", "--cohort", "2024"}, "-o"},
			"no cohort":       {2, []string{"user", "invite", "-o", table}, "--cohort"},
			"nobody in it":    {1, []string{"user", "invite", "--cohort", "2019", "-o", table}, "先导入生源"},
			"no such class":   {2, []string{"user", "invite", "--cohort", "2024", "--class", "口腔一班", "-o", table}, "护理一班"},
			"class elsewhere": {2, []string{"user", "invite", "--cohort", "2019", "--class", "护理一班", "-o", table}, "护理一班"},
		} {
			if _, errs := s.must(c.code, c.args...); !strings.Contains(errs, c.says) {
				t.Errorf("%s: %s", name, errs)
			}
		}
		s.must(0, "verify")
	})
}

// TestUserGrant: another role in the place of the old one, and a disabled account
// comes back.
func TestUserGrant(t *testing.T) {
	s := newSchool(t, "")
	s.must(0, "user", "add", "zhou", "--name", "周芷兰", "--role", "office")
	s.must(0, "user", "grant", "zhou", "--role", "auditor", "--ends", "2099-08-31")
	if out, _ := s.must(0, "user", "list"); !strings.Contains(out, "审计员") || strings.Contains(out, "就业中心") || !strings.Contains(out, "至 2099-08-31") {
		t.Errorf("%s", out)
	}
	s.must(2, "user", "grant", "zhou", "--role", "graduate")
	s.must(1, "user", "grant", "nobody", "--role", "office")
	s.must(0, "user", "disable", "zhou")
	if out, _ := s.must(0, "user", "list"); !strings.Contains(out, "停用") {
		t.Errorf("%s", out)
	}
	s.must(0, "user", "enable", "zhou")
	if out, _ := s.must(0, "user", "list"); strings.Contains(out, "停用") {
		t.Errorf("%s", out)
	}
}

// TestTutorOfNamedGraduates: a tutor gets those whose numbers are written, no college.
func TestTutorOfNamedGraduates(t *testing.T) {
	s := newSchool(t, "")
	s.must(0, "import", "roster", s.file("r.csv", "学号,姓名,学院,专业,班级,学历层次\n1,甲,护理学院,护理学,护理一班,本科\n2,乙,护理学院,护理学,护理一班,本科\n"), "--cohort", "2024")
	s.must(0, "user", "add", "tao", "--name", "陶", "--role", "tutor", "--graduate", "1,2")
	if out, _ := s.must(0, "user", "list"); !strings.Contains(out, "班导师") || !strings.Contains(out, "指定的 2 名毕业生") {
		t.Errorf("%s", out)
	}
	for flags, says := range map[string]string{"--graduate=7": "“7”", "--college=护理学院": "写明的班级", "--role=employer": "还没有可办的事"} {
		if _, errs := s.must(2, "user", "grant", "tao", "--role", "tutor", flags); !strings.Contains(errs, says) {
			t.Errorf("%s: %s", flags, errs)
		}
	}
}
