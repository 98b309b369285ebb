package web

import "testing"

func TestSubjectsOfListsHaveNames(t *testing.T) {
	for in, want := range map[string]string{
		"search": "查找", "graduates?": "毕业生名单", "graduates?cohort=2024": "毕业生名单（cohort=2024）",
		"slips unit=k0261": "激活码，班级 k0261", "0670e4cbx80004r707gxvc3d4g": "0670e4cbx80004r707gxvc3d4g",
	} {
		if got := subjectTitle(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
