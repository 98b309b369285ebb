package employer

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/exchange"
)

// TestWhatIsExportedIsReadAsItIs draws master records as imports leave them:
// a credit code has one record, and a name at most one without.
func TestWhatIsExportedIsReadAsItIs(t *testing.T) {
	book := codes.Builtin()
	maybe := func(rt *rapid.T, table, label string) string {
		all := book.Table(table).All()
		if i := rapid.IntRange(-1, len(all)-1).Draw(rt, label); i >= 0 {
			return all[i].Code
		}
		return ""
	}
	text := rapid.SampledFrom([]string{"", "=1+1", "甲、乙；丙|丁", "某路“1”号", "0012", "24.0", "㛃医院·分院"})
	day := rapid.SampledFrom([]calendar.Day{"", "1951-06-16", "2024-02-29"})
	rapid.Check(t, func(rt *rapid.T) {
		columns := exchange.Columns(exchange.Employers)
		file := table{titles(columns)}
		bare := map[string]bool{}
		var there []Employer
		for i := range rapid.IntRange(1, 12).Draw(rt, "employers") {
			e := Employer{ID: fmt.Sprintf("e%02d", i), Name: rapid.SampledFrom([]string{"甲医院", "乙（滨海）有限公司", "乙滨海", "丙 公司"}).Draw(rt, "name"),
				CreditCode: fmt.Sprintf("ZA%02d", i), Nature: maybe(rt, "nature", "nature"), Industry: maybe(rt, "industry", "industry"),
				Region: maybe(rt, "region", "region"), Address: text.Draw(rt, "address"), Founded: day.Draw(rt, "founded"),
				Status: text.Draw(rt, "status"), Source: text.Draw(rt, "source")}
			if key := NameKey(e.Name); !bare[key] && rapid.Bool().Draw(rt, "bare") {
				e.CreditCode, bare[key] = "", true
			}
			there = append(there, e)
			file = append(file, row(book, columns, e.values()))
		}
		p := planned(t, exchange.Employers, there, nil, file)
		if p.changed() || p.report.Refused > 0 || p.report.Counts[exchange.Same] != len(there) || len(p.report.Differences) > 0 {
			rt.Fatalf("%v %v\n%v", p.report.Counts, p.report.Refusals, p.report.Differences)
		}
	})
}

func titles(columns []exchange.Column) []string {
	var out []string
	for _, c := range columns {
		out = append(out, c.Title)
	}
	return out
}

func TestACodedCellIsWrittenWithItsName(t *testing.T) {
	columns := exchange.Columns(exchange.Employers)
	e := Employer{Name: "甲医院", Nature: "23", Region: "110105"}
	got := map[string]string{}
	for i, cell := range row(codes.Builtin(), columns, e.values()) {
		got[columns[i].Title] = cell
	}
	for title, want := range map[string]string{"单位名称": "甲医院", "单位性质代码": "23", "单位性质": "医疗卫生单位",
		"单位所在地代码": "110105", "单位所在地": "北京市朝阳区", "单位行业代码": "", "单位行业": ""} {
		if got[title] != want {
			t.Errorf("%s is %q, want %q", title, got[title], want)
		}
	}
}
