package intake

import (
	"fmt"
	"testing"

	"quxiang/internal/domain/exchange"
)

// TestGroups: what has one cause is one line, what blocks comes first.
func TestGroups(t *testing.T) {
	r := Result{Named: map[int]Named{2: {"2401", "林一"}, 3: {"2402", "林二"}}}
	for i := range 500 {
		r.Report.Refuse(exchange.Refusal{Row: i + 10, Column: "学历", Value: fmt.Sprintf("第%d种", i), Message: fmt.Sprintf("代码表中没有“第%d种”，请改正", i)})
	}
	r.Report.Refuse(exchange.Refusal{Row: 2, Column: "学号", Value: "2401", Message: "学号与第 118 行重复，请删去多余的一行"})
	r.Report.Refuse(exchange.Refusal{Row: 3, Column: "学号", Value: "2402", Message: "学号与第 9 行重复，请删去多余的一行"})
	r.Report.NoteAll(exchange.Changed, exchange.Difference{Row: 2, Who: "2401", Field: "培养方式", Before: "非定向", After: "定向"})
	r.Report.NoteAll(exchange.Changed, exchange.Difference{Row: 3, Who: "2402", Field: "培养方式", Before: "非定向", After: "定向"})
	r.Report.NoteAll(exchange.Changed, exchange.Difference{Row: 4, Who: "2403", Field: "培养方式", After: "定向"})
	r.Report.NoteAll(exchange.Added, exchange.Difference{Row: 5, Who: "2404", After: "林五", Text: "2024届 本科"})
	r.Report.NoteAll(exchange.Added, exchange.Difference{Row: 6, Who: "2405", After: "林六", Text: "2024届 本科（不纳入统计）"})
	r.Report.Note(exchange.Difference{Kind: exchange.Noted, Field: "备注2", Text: "不认识这一列，未读取"})

	want := []struct {
		kind       exchange.Kind
		rows       int
		number     string
		text, file string
	}{
		{Refused, 500, "", "代码表中没有“第0种”，请改正", "第0种"},
		{Refused, 2, "2401", "学号与第 118 行重复，请删去多余的一行", "2401"},
		{exchange.Noted, 1, "", "不认识这一列，未读取", ""},
		{exchange.Changed, 2, "2401", "非定向 改为 定向", "定向"},
		{exchange.Changed, 1, "2403", "新填", "定向"},
		{exchange.Added, 1, "2404", "新增", "整行"},
		{exchange.Added, 1, "2405", "新增；结业、肄业，不计入统计", "整行"},
	}
	got := r.Groups()
	if len(got) != len(want) {
		t.Fatalf("%d groups, want %d: %+v", len(got), len(want), got)
	}
	for i, w := range want {
		g := got[i]
		if g.Kind != w.kind || g.Rows() != w.rows || g.Lines[0].Number != w.number || g.Text != w.text || g.Lines[0].File != w.file {
			t.Errorf("group %d: %s %d %q %q %q, want %+v", i, g.Kind, g.Rows(), g.Lines[0].Number, g.Text, g.Lines[0].File, w)
		}
	}
	if got[1].Lines[1].Name != "林二" {
		t.Error("a row's name is not told")
	}
}
