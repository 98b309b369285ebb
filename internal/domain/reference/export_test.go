package reference

import (
	"fmt"
	"maps"
	"testing"

	"pgregory.net/rapid"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/exchange"
)

// written is the file of an export.
func written(kind Kind, rows []exchange.Values) table {
	columns := exchange.Columns(forms[kind].group)
	var header []string
	for _, c := range columns {
		header = append(header, c.Title)
	}
	file := table{header}
	for _, v := range rows {
		file = append(file, cells(codes.Builtin(), columns, v))
	}
	return file
}

// unchanged imports the file of an export over what it was made of.
func unchanged(t *testing.T, kind Kind, h had, rows []exchange.Values) error {
	t.Helper()
	p, ta := plan(t, kind, h, written(kind, rows))
	if p.changed() || ta.report.Refused > 0 || len(ta.report.Differences) > 0 {
		return fmt.Errorf("%s: %v %v\n%v", kind, ta.report.Counts, ta.report.Refusals, ta.report.Differences)
	}
	return nil
}

// school is one that uses all that codes can say.
var school = had{
	codes: []codes.Code{
		{Scheme: "MOE-2021", Code: "5141", Name: "甲项目", Parent: "514", Source: "虚构文号", Aliases: []string{"甲", "甲、乙"}},
		{Scheme: "MOE-2021", Code: "514", Name: "乡村教师项目", Parent: "51", From: "2024", To: "2026-06-30"},
		{Scheme: "MOE-2021", Code: "51-RURAL", Name: "乡村医生项目", Parent: "51", Fields: map[string]string{"internal": "yes"}},
		{Scheme: "MOE-2021", Code: "51-NONE", Name: "无号项目", Parent: "51", Fields: map[string]string{"internal": "yes"}},
		{Scheme: "DWXZ", Code: "24", Name: "文化单位", Class: "事业单位"},
		{Scheme: "YXDM", Code: "99901", Name: "滨海虚构学院", Aliases: []string{"虚构学院", "滨虚"}, Fields: map[string]string{"since_211": "2027"}},
		{Scheme: "YXDM", Code: "10001", Name: "虚构改名大学", Fields: map[string]string{"since_985": "2011"}},
		{Scheme: "YXDM", Code: "N-SCHOOL", Name: "海滨虚构大学", Source: "虚构名单", Fields: map[string]string{"internal": "yes"}},
	},
	mappings: []codes.Mapping{
		{Table: "destination", FromScheme: "MOE-2021", From: "529", To: "51-RURAL"},
		{Table: "destination", FromScheme: "MOE-2021", From: "528", To: "51-RURAL"},
		{Table: "destination", FromScheme: "MOE-2021", From: "701", To: "70-SEEK"},
		{Table: "nature", FromScheme: "本省旧码", From: "31", To: "24"},
		{Table: "nature", From: "62", To: ""},
	},
}

func TestWhatIsExportedIsReadAsItIs(t *testing.T) {
	rows, err := codesAndMappings(school.codes, school.mappings)
	if err != nil {
		t.Fatal(err)
	}
	if err := unchanged(t, Codes, school, rows); err != nil {
		t.Error(err)
	}
	if len(rows) != 5+4 {
		t.Errorf("%d rows of codes and mappings: %v", len(rows), rows)
	}
	rows = institutionsWith(school.codes)
	if err := unchanged(t, Institutions, school, rows); err != nil {
		t.Error(err)
	}
	if built := len(codes.Builtin().Table("institution").All()); len(rows) != built+2 || rows[0]["name"] != "虚构改名大学" || rows[0]["since_211"] != exchange.Clear || rows[0]["aliases"] != exchange.Clear {
		t.Errorf("%d institutions of %d, the first %v", len(rows), built, rows[0])
	}
	if err := unchanged(t, Institutions, had{}, institutionsWith(nil)); err != nil {
		t.Errorf("of a school that added none: %v", err)
	}
}

// TestAnotherSchoolTakesTheFile: what one school exports gives another one the
// same tables, whether a code is exported under one number of two or its only one.
// A code that has lost its number is left out: no file can say that.
func TestAnotherSchoolTakesTheFile(t *testing.T) {
	for i := range 2 {
		from := had{codes: append(append([]codes.Code{}, school.codes[:3]...), school.codes[4]), mappings: school.mappings[i:]}
		rows, err := codesAndMappings(from.codes, from.mappings)
		if err != nil {
			t.Fatal(err)
		}
		p, ta := plan(t, Codes, had{}, written(Codes, rows))
		there, err := p.(*codeRows).with(p.(*codeRows).items)
		if err != nil || ta.report.Refused > 0 {
			t.Fatal(err, ta.report.Refusals)
		}
		here, err := codes.Builtin().With(from.codes, from.mappings)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := there.Versions(), here.Versions(); !maps.Equal(got, want) {
			t.Errorf("the tables are %v, want %v", got, want)
		}
		if got, want := there.Export("destination", "51-RURAL"), here.Export("destination", "51-RURAL"); got != want || got != "528" {
			t.Errorf("51-RURAL goes out as %q, want %q", got, want)
		}
	}
}

func TestAnyWageIsReadAsItIs(t *testing.T) {
	regions := codes.Builtin().Table("region").All()
	rapid.Check(t, func(rt *rapid.T) {
		var h had
		var rows []exchange.Values
		for _, i := range rapid.SliceOfNDistinct(rapid.IntRange(0, len(regions)-1), 1, 8, rapid.ID[int]).Draw(rt, "regions") {
			w := Wage{codes.MinimumWage{Region: regions[i].Code, From: "2024-02-29", Monthly: rapid.Int64Range(1, 99_999_999).Draw(rt, "monthly"),
				Hourly: rapid.Int64Range(0, 9_999).Draw(rt, "hourly")}, rapid.SampledFrom([]string{"", "虚构〔2024〕1号"}).Draw(rt, "source")}
			h.wages, rows = append(h.wages, w), append(rows, w.values())
		}
		if err := unchanged(t, MinimumWages, h, rows); err != nil {
			rt.Fatal(err)
		}
	})
}
