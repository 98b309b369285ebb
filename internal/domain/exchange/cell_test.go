package exchange

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"quxiang/internal/domain/calendar"
)

func TestParseDayAndMonth(t *testing.T) {
	for in, want := range map[string]string{
		"2024-06-30":           "2024-06-30",
		"2024/6/3":             "2024-06-03",
		"2024.6.30":            "2024-06-30",
		"20240630":             "2024-06-30",
		"2024年6月30日":           "2024-06-30",
		"2024年06月30号":          "2024-06-30",
		"２０２４－０６－３０":           "2024-06-30",
		" 2024-06-30 00:00:00": "2024-06-30",
		"2024-06-30T08:00":     "2024-06-30",
		"2024/6/30 8:05":       "2024-06-30",
		"202406":               "2024-06",
		"2024-6":               "2024-06",
		"2024年6月":              "2024-06",
		"2024.09":              "2024-09",
		"2024-02-30":           "",
		"2023-02-29":           "",
		"2024-13":              "",
		"2024":                 "",
		"30/6/2024":            "",
		"6月30日":                "",
		"45473":                "",
		"0024-06-30":           "",
		"2024-06-30-01":        "",
		"2024--06":             "",
		"2024-06-":             "2024-06",
		"待定":                   "",
		"2024-06-30 星期日":       "",
		"2024-006-30":          "",
	} {
		got, ok := ParseMonth(in)
		if got != want || ok != (want != "") {
			t.Errorf("%q: got %q %v, want %q", in, got, ok, want)
		}
		day, ok := ParseDay(in)
		if ok != (len(want) == 10) || ok && string(day) != want {
			t.Errorf("day %q: got %q %v", in, day, ok)
		}
	}
}

func TestEveryDayIsReadInEveryWriting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := calendar.Day("1950-01-01").AddDays(rapid.IntRange(0, 80_000).Draw(t, "days"))
		when := d.Start().Time()
		layout := rapid.SampledFrom([]string{"2006-01-02", "2006/1/2", "20060102", "2006.1.2", "2006年1月2日", "2006-1-2 15:04:05"}).Draw(t, "layout")
		if got, ok := ParseDay(when.Format(layout)); !ok || got != d {
			t.Fatalf("%s: got %q %v, want %s", when.Format(layout), got, ok, d)
		}
	})
}

func TestLastDay(t *testing.T) {
	for in, want := range map[string]calendar.Day{"2024-06": "2024-06-30", "2024-02": "2024-02-29", "2024-06-15": "2024-06-15", "": "", "2024": ""} {
		if got := LastDay(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestReadForms(t *testing.T) {
	for _, c := range []struct {
		form     Form
		in, want string // want "!" for a refusal
	}{
		{Number, "２０２４０００１", "20240001"},
		{Number, "'2024 0001\u200b", "20240001"},
		{Number, "20240001.0", "20240001"},
		{Number, "2.02E+11", "!"},
		{Number, "S2024-E+X", "S2024-E+X"},
		{IDNumber, "99001120010230123x", "99001120010230123X"},
		{Phone, "+86 100-0000-1234", "10000001234"},
		{Phone, "022-12345678", "022-12345678"},
		{Phone, "13 个 0", "13个0"},
		{Year, "2024届", "2024"},
		{Year, "２０２４年", "2024"},
		{Year, "2024级", "!"},
		{Year, "24", "!"},
		{Pay, "5,000.5", "500050"},
		{Pay, "8000元/月", "800000"},
		{Pay, "5000-8000", "!"},
		{Pay, "面议", "!"},
		{DayForm, "202406", "!"},
		{DayForm, "2024/6/30", "2024-06-30"},
		{Month, "202406", "2024-06"},
		{Text, "阿依古丽·买买提", "阿依古丽·买买提"},
	} {
		got, problem := read(c.form, clean(c.in))
		if (problem != "") != (c.want == "!") || problem == "" && got != c.want {
			t.Errorf("%s %q: got %q, %q; want %q", c.form, c.in, got, problem, c.want)
		}
	}
}

func TestCleanKeepsNamesAsTheyAre(t *testing.T) {
	for in, want := range map[string]string{
		"　张㛃　":             "张㛃",
		"䶮":                "䶮",
		"𬭸\u00a0":          "𬭸",
		"阿·卜杜":             "阿·卜杜",
		"李\u200b四\ufeff":   "李四",
		"第一行\n第二行":         "第一行 第二行",
		"临床医学（五年制）":        "临床医学（五年制）",
		"\tA B\r\n":        "A B",
		"e\u0301cole 　 x ": "e\u0301cole 　 x",
	} {
		if got := clean(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestCleanTwiceIsCleanOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		if once := clean(s); clean(once) != once {
			t.Fatalf("%q: %q then %q", s, once, clean(once))
		}
	})
}

func ExampleParseMonth() {
	fmt.Println(ParseMonth("201909"))
	// Output: 2019-09 true
}
