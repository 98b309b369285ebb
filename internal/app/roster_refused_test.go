package app_test

import (
	"strings"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/roster"
)

func TestRosterBadRowChangesNothing(t *testing.T) {
	base := "学号,考生号,姓名,性别,学历,身份证号\nS1,E1,某甲,男,本科,\nS2,E2,某乙,男,本科,\n"
	onBothEngines(t, func(t *testing.T, r register) {
		r.must(base, roster.ImportOptions{Cohort: "2024"})
		before := r.everything()
		for name, c := range map[string]struct{ row, says string }{
			"an unknown education":                 {"S9,,某丙,男,学霸,", "第 3 行 “学历”列 值“学霸”"},
			"no education":                         {"S9,,某丙,男,,", "“学历”列"},
			"no name":                              {"S9,,,男,本科,", "“姓名”列"},
			"no number":                            {",,某丙,男,本科,", "学号和考生号都没有填"},
			"a masked number":                      {"S9,,某丙,男,本科,990***********1234", "脱敏"},
			"a 学号 twice":                           {"S8,,某丙,男,本科,", "学号与第 2 行重复"},
			"a 考生号 twice":                          {"S9,E8,某丙,男,本科,", "考生号与第 2 行重复"},
			"two numbers of two people":            {"S1,E2,某甲,男,本科,", "一行里不能有两个人的号码"},
			"one number, another name and number":  {"S1,E9,某丁,男,本科,", "姓名和考生号都与此行不同"},
			"the other number, another name too":   {"S9,E1,某丁,男,本科,", "姓名和学号都与此行不同"},
			"a number that Excel spoiled":          {"2.02E+11,,某丙,男,本科,", "科学计数法"},
			"the name cleared":                     {"S1,,**CLEAR**,男,本科,", "不能清空"},
			"an unknown sex":                       {"S9,,某丙,公,本科,", "值“公”"},
			"one person by either number":          {"S1,,某甲,男,本科,\n,E1,某甲,男,本科,", "同一位毕业生"},
			"a person that another row made of S8": {"S8,E7,某丙,男,本科,", "重复"},
		} {
			text := "学号,考生号,姓名,性别,学历,身份证号\nS8,E8,新生,女,本科,\n" + c.row + "\n"
			report := r.take(text, roster.ImportOptions{Cohort: "2024"})
			if report.Refused == 0 || report.Batch != "" {
				t.Errorf("%s: taken", name)
				continue
			}
			if got := report.Refusals[0].String(); !strings.Contains(got, c.says) || !strings.Contains(got, "生源.csv 第 ") {
				t.Errorf("%s: %q does not say %q", name, got, c.says)
			}
			if r.everything() != before {
				t.Fatalf("%s: something changed", name)
			}
		}
	})
}

func TestRosterFileThatCannotBeTakenAsAWhole(t *testing.T) {
	onBothEngines(t, func(t *testing.T, r register) {
		for name, c := range map[string]struct {
			text   string
			cohort string
			says   string
		}{
			"no rows":         {"学号,姓名,学历\n", "2024", "没有数据行"},
			"no number":       {"姓名,学历\n某甲,本科\n", "2024", "考生号"},
			"no education":    {"学号,姓名\nS1,某甲\n", "2024", "学历"},
			"a header twice":  {"学号,姓名,学历,姓名\nS1,某甲,本科,某甲\n", "2024", "请只保留一列"},
			"two of one kind": {"学号,姓名,学历,学历层次\nS1,某甲,本科,本科\n", "2024", "请只保留一列"},
			"no cohort":       {"学号,姓名,学历\nS1,某甲,本科\n", "", "--cohort"},
			"two cohorts":     {"学号,姓名,学历\nS1,某甲,本科\n", "2023-2024", "四位年份"},
		} {
			_, err := r.Import(t.Context(), rosterOffice, app.TableFile("生源.csv", []byte(c.text)), roster.ImportOptions{Cohort: c.cohort})
			if fault.KindOf(err) != fault.Usage || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := r.Import(t.Context(), access.Actor{Account: "x"}, app.TableFile("生源.csv", []byte(twoPeople)), roster.ImportOptions{Cohort: "2024"}); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("somebody without a right: %v", err)
		}
		if got := r.everything(); strings.Contains(got, "S1") {
			t.Error("something was kept")
		}
	})
}
