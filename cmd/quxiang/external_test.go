package main

import (
	"encoding/json"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"quxiang/internal/app"
)

// TestExternalFigures: entered on the command line, checked by a person, exported and
// imported again without a change, withdrawn; every refusal says why.
func TestExternalFigures(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *school) {
		add := []string{"external", "add", "--cohort", "2024", "--key", "relevance", "--title", "工作与专业相关度", "--value", "92", "--unit", "%", "--k", "55", "--n", "60",
			"--subject", "2024届毕业生", "--source", "质量评价报告", "--issuer", "评价中心", "--page", "12", "--dated", "2024-12"}
		for range 2 {
			out, _ := s.must(0, add...)
			if !strings.Contains(out, "第 1 版，待复核") {
				t.Fatal(out)
			}
		}
		_, errs := s.must(2, append(add, "--value", "91")...)
		if !strings.Contains(errs, "92%") {
			t.Errorf("what 55/60 would be is not said: %s", errs)
		}
		s.must(2, "external", "check", "--cohort", "2024", "--key", "relevance")
		secret := s.person("zhou")
		out, _ := s.must(0, "external", "check", "--cohort", "2024", "--key", "relevance", "--by", "zhou", "--password-file", secret, "--format", "json")
		var f figureJSON
		if err := json.Unmarshal([]byte(out), &f); err != nil || f.State != "checked" || f.Value != "92" || f.CheckedBy == "" || f.CheckedBy == f.EnteredBy {
			t.Errorf("%s %v", out, err)
		}
		for _, name := range []string{"a.csv", "a.xlsx"} {
			file := filepath.Join(t.TempDir(), name)
			s.must(0, "external", "export", "-o", file)
			if out, _ = s.must(0, "external", "import", file, "--format", "json"); strings.Contains(out, `"added"`) || strings.Contains(out, `"changed"`) {
				t.Errorf("export then import changes something: %s", out)
			}
		}
		_, errs = s.must(1, "external", "import", s.file("b.csv", "届别,代号,名称,数值,计量单位,对象,来源文件,发布单位,文件日期\n2024,visits,走访,3,家,学校,质量 评价报告,评价中心,2024-12\n"))
		if !strings.Contains(errs, "第 2 行 “来源文件”列") || !strings.Contains(errs, "《质量评价报告》") {
			t.Errorf("a second spelling of a title: %s", errs)
		}
		if out, _ = s.must(0, "external", "add", "--since", "1", "--cohort", "2024", "--key", "relevance", "--value", "91.67"); !strings.Contains(out, "第 2 版，待复核") {
			t.Error(out)
		}
		s.must(0, "external", "withdraw", "--cohort", "2024", "--key", "relevance", "--reason", "文件已经收回")
		if out, _ = s.must(0, "external", "list", "--cohort", "2024"); !strings.Contains(out, "已撤回") || !strings.Contains(out, "《质量评价报告》，评价中心，2024年12月，第12页") {
			t.Error(out)
		}
		s.must(0, "verify")
	})
}

// person adds somebody of the office who has a password, and returns the file with it.
func (s *school) person(login string) (file string) {
	s.t.Helper()
	out, errs := s.must(0, "user", "add", login, "--name", "周芷兰", "--role", "office")
	token := regexp.MustCompile(`/password/([A-Za-z0-9._-]+)`).FindStringSubmatch(out + errs)
	if token == nil {
		s.t.Fatal(out, errs)
	}
	a, err := app.Open(s.t.Context(), app.Config{Data: s.dir, Database: s.database}, app.Writing)
	if err != nil {
		s.t.Fatal(err)
	}
	defer a.Close()
	if err := a.Accounts.SetPassword(s.t.Context(), token[1], "Harbour.lantern.47"); err != nil {
		s.t.Fatal(err)
	}
	return s.file("secret", "Harbour.lantern.47\n")
}
