package main

import (
	"strings"
	"testing"
)

// TestUnitsByName: a college is given by its name or its id, an unknown one is
// refused by name, and lists say names.
func TestUnitsByName(t *testing.T) {
	s := newSchool(t, "")
	s.must(2, "user", "add", "early", "--name", "早", "--role", "counsellor", "--college", "护理学院")
	s.must(0, "import", "roster", s.file("生源.csv", "学号,姓名,学院,学历层次\n1,甲,护理学院,本科\n2,乙,药学院,本科\n"), "--cohort", "2024")
	s.must(0, "user", "add", "zhou", "--name", "周芷兰", "--role", "counsellor", "--college", "护理学院,c02")
	if _, errs := s.must(2, "user", "add", "li", "--name", "李", "--role", "counsellor", "--college", "口腔学院"); !strings.Contains(errs, "口腔学院") || !strings.Contains(errs, "护理学院") {
		t.Errorf("the refusal names neither: %s", errs)
	}
	s.must(2, "user", "add", "lin", "--name", "林", "--role", "graduate")
	if out, _ := s.must(0, "user", "list"); !strings.Contains(out, "辅导员") || !strings.Contains(out, "护理学院、药学院") || strings.Contains(out, "counsellor") {
		t.Errorf("no names in the list: %s", out)
	}
	if out, _ := s.must(0, "import", "list"); !strings.Contains(out, "生源 ") || strings.Contains(out, "roster") {
		t.Errorf("no names in the list of batches: %s", out)
	}
}

// TestWrongFlagsInWords: what is wrong with a flag is said in Chinese.
func TestWrongFlagsInWords(t *testing.T) {
	s := newSchool(t, "")
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"unknown":        {[]string{"stats", "destination", "--cohorte=2024"}, "没有“--cohorte”这个参数"},
		"unknown, brief": {[]string{"stats", "destination", "-x"}, "没有“-x”这个参数"},
		"not a number":   {[]string{"demo", "--graduates", "many"}, "“--graduates”的值“many”不对"},
	} {
		if _, errs := s.must(2, c.args...); !strings.Contains(errs, c.says) || strings.Contains(errs, "unknown") {
			t.Errorf("%s: %s", name, errs)
		}
	}
}
