package app_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/transfer"
	"quxiang/internal/gateway/sheet"
)

func TestExportKeepsToScopeAndMoment(t *testing.T) {
	eachBench(t, func(t *testing.T, b *bench) {
		b.importRoster(rosterFile, "S20,K20,别院,药学院,药学,本科,2024-06-25,")
		b.take("legacy", "学号,毕业去向类别代码,落实起始日", "S20,70,2024-05-01", "S20,10,2024-07-01", "S01,11,2024-06-01")
		when, err := calendar.ParseWhen("06-30")
		if err != nil {
			t.Fatal(err)
		}
		college := b.person("S20").Attrs.Value(history.College)
		secretary := access.Actor{Account: "sec", Grants: []access.Grant{{Role: access.CollegeSecretary, Over: access.Colleges(college)}}}
		e, err := b.im.Export(secretary, []string{"2024"}, when, "")
		if err != nil {
			t.Fatal(err)
		}
		var rows [][]string
		if err := e.Rows(context.Background(), func(c []string) error { rows = append(rows, c); return nil }); err != nil {
			t.Fatal(err)
		}
		if len(rows) != 1 || rows[0][0] != "S20" || rows[0][3] != "70" || rows[0][len(rows[0])-1] != "2024-05-01" {
			t.Errorf("%v %v", e.Header, rows)
		}
		if _, err := b.im.Export(b.self("S01"), nil, when, ""); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("a graduate exports: %v", err)
		}
		if _, err := b.im.Export(office, nil, when, "moe-40"); fault.KindOf(err) != fault.Usage {
			t.Errorf("an unknown layout: %v", err)
		}
	})
}

func (b *bench) export(layout, form string) (exchange.File, [][]string) {
	b.t.Helper()
	e, err := b.im.Export(office, []string{"2024"}, calendar.When{}, layout)
	if err != nil {
		b.t.Fatal(err)
	}
	var rows [][]string
	if err := e.Rows(context.Background(), func(cells []string) error { rows = append(rows, cells); return nil }); err != nil {
		b.t.Fatal(err)
	}
	table := sheet.Table{Name: "去向", Rows: iter.Seq2[[]string, error](func(yield func([]string, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	})}
	for _, h := range e.Header {
		table.Columns = append(table.Columns, sheet.Column{Title: h})
	}
	var out bytes.Buffer
	if form == "csv" {
		err = sheet.WriteCSV(&out, table)
	} else {
		err = sheet.WriteXLSX(&out, sheet.Book{Made: time.Unix(0, 0), Tables: []sheet.Table{table}})
	}
	if err != nil {
		b.t.Fatal(err)
	}
	return app.TableFile("导出."+form, out.Bytes()), rows
}

func quoted(cells ...string) string {
	var out strings.Builder
	w := csv.NewWriter(&out)
	_ = w.Write(cells)
	w.Flush()
	return strings.TrimSuffix(out.String(), "\n")
}

// TestExportThenImportChangesNothing: what was exported, brought in again, says nothing new (Q10).
func TestExportThenImportChangesNothing(t *testing.T) {
	eachBench(t, func(t *testing.T, b *bench) {
		header := quoted("学号", "毕业去向类别代码", "落实起始日", "单位名称", "单位性质代码", "单位所在地代码", "单位行业", "联系人电话", "月薪", "单位地址", "升学院校", "岗位名称")
		b.take("legacy", header,
			quoted("S01", "10", "2024-06-01", "北港，医院 (东)", "23", "120105", "卫生和社会工作", "10000001234", "5000", `"一"号,路`, "", "=1+1"),
			quoted("S02", "801", "2024-09-01", "", "", "", "", "", "", "", "北京大学", ""),
			quoted("S03", "801", "2024-09-01", "北京大学", "21", "110108", "", "", "", "", "", ""),
			quoted("S05", "271", "2024-07-01", "@高校", "", "441900", "", "", "3000", "+86", "", "-"),
			quoted("S06", "70-SEEK", "2024-05-01", "", "", "", "", "", "", "", "", "岗位**甲"),
			quoted("S06", "12", "2024-08-01", "𬭸㛃·公司", "", "", "", "", "2500.5", "", "", ""))
		b.submit("S07", "2024-07-01")
		if got := b.on("S03", "2024-09-01").Counts.SchoolTier; got != "985" {
			t.Errorf("further study at 北京大学 has the tier %q", got)
		}
		before := b.all()
		for _, layout := range []string{"", exchange.MOE39, exchange.MOE74} {
			for _, form := range []string{"csv", "xlsx"} {
				f, rows := b.export(layout, form)
				if len(rows) != 10 {
					t.Fatalf("%s %s has %d rows", layout, form, len(rows))
				}
				for _, r := range rows {
					if joined := strings.Join(r, "|"); strings.Contains(joined, "10000001234") || strings.Contains(joined, "500000") {
						t.Errorf("%s: a secret cell is not blank: %s", layout, joined)
					}
				}
				r, err := b.im.Destinations(context.Background(), office, f, transfer.Options{Source: "national", Cohort: "2024"})
				if err != nil || r.Refused > 0 || r.Batch != "" || r.Counts[exchange.Same] != 6 || r.Counts[exchange.Skipped] != 4 || r.Counts[exchange.Untouched] > 0 {
					t.Errorf("%s %s: %v %+v", layout, form, err, r)
				}
				back, err := b.im.Reconcile(context.Background(), office, f, "2024")
				if err != nil || !back.Agree() || back.Same != 10 {
					t.Errorf("%s %s reconciles as %v %+v", layout, form, err, back)
				}
			}
		}
		if got := b.all(); got != before {
			t.Errorf("something changed:\n%s\nwas\n%s", got, before)
		}
		if r := b.take("national", "学号,毕业去向类别代码,落实起始日", "S07,10,2024-08-01"); r.Counts[exchange.Untouched] != 1 || r.Batch != "" {
			t.Errorf("what the graduate submitted: %+v", r)
		}
	})
}

func TestReconcile(t *testing.T) {
	eachBench(t, func(t *testing.T, b *bench) {
		b.take("legacy", "学号,毕业去向类别代码,签约日期,单位名称", "S01,10,2024-06-01,北港医院", "S02,801,,", "S03,12,2024-07-01,南港公司")
		got, err := b.im.Reconcile(context.Background(), office, file("考生号,学号,姓名,毕业去向代码,单位名称,签约日期,联系人手机",
			"K01,S99,学生1·㛃,10,北港医院（东）,20240601,100****1234", // by 考生号 first
			"K03,,学生3·㛃,12,南港 公司,2024/7/1,",
			"K04,,学生4·㛃,10,某公司,,",
			"K99,,路人,10,,,",
			"K02,,李四,65,,,",
			"K03,,学生3·㛃,12,,,"), "2024")
		if err != nil {
			t.Fatal(err)
		}
		if len(got.OnlyThere) != 1 || got.OnlyThere[0].Number != "K99" || len(got.OnlyHere) != 6 || len(got.Unreadable) > 1 || got.Agree() {
			t.Errorf("only there %v, only here %v, unreadable %v", got.OnlyThere, got.OnlyHere, got.Unreadable)
		}
		var lines []string
		for _, d := range got.Differing {
			lines = append(lines, fmt.Sprintf("%d %s %s|%s", d.Row, d.Field, d.Here, d.There))
		}
		want := "2 单位名称 北港医院|北港医院（东）; 4 毕业去向 |10; 6 姓名 学生2·㛃|李四; 6 毕业去向 801|65; 7 学号 第 3 行|重复的一行"
		if s := strings.Join(lines, "; "); s != want {
			t.Errorf("differing %s\nwant      %s", s, want)
		}
	})
}
