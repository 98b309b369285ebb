package sheet

import (
	"archive/zip"
	"bytes"
	"testing"

	"github.com/xuri/excelize/v2"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/report"
)

// sampleReport is a small report: a merged head, a withheld cell, a chart of shares.
func sampleReport() report.Document {
	cells := func(list ...string) []report.Cell {
		out := make([]report.Cell, len(list))
		for i, s := range list {
			out[i] = report.Cell{Text: s, Left: i == 0}
		}
		return out
	}
	return report.Document{School: "清河医科大学", Title: "2024届毕业生就业质量年度报告", Cut: calendar.Instant(1_725_120_000_000), Code: "AAAA-BBBB-CCCC-DDDD", Blocks: []report.Block{
		{Table: &report.Table{ID: "settled", Number: "表 1-1", Caption: "2024届毕业生毕业去向",
			Head: [][]report.Cell{{{Text: "学历层次", Rows: 2}, {Text: "毕业生数", Rows: 2}, {Text: "毕业去向落实率", Cols: 2}}, {{Text: "人数"}, {Text: "比例（%）"}}},
			Body: [][]report.Cell{cells("本科", "1117", "921", "82.45"), cells("博士", "※", "※", "※")}, Notes: []string{"基数：全部毕业生。"}}},
		{Figure: &report.Figure{ID: "f", Number: "图 1-1", Caption: "近两届毕业去向落实率", Chart: report.Columns, Unit: "%", Categories: []string{"本科", "硕士"}, Alt: "落实率",
			Series: []report.Series{{Name: "2023届", Points: []report.Point{{Text: "81.75", K: 887, N: 1085}, {}}}, {Name: "2024届", Points: []report.Point{{Text: "82.45", K: 921, N: 1117}, {Text: "87.86", K: 1078, N: 1227}}}}}},
	}}
}

func TestWriteReport(t *testing.T) {
	var a, b bytes.Buffer
	if err := WriteReport(&a, sampleReport()); err != nil {
		t.Fatal(err)
	}
	if err := WriteReport(&b, sampleReport()); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the same report gives two workbooks")
	}
	f, err := excelize.OpenReader(bytes.NewReader(a.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for at, want := range map[string]string{"A2": "学历层次", "C2": "毕业去向落实率", "D3": "比例（%）", "B4": "1117", "D4": "82.45", "B5": "※", "A7": "注：基数：全部毕业生。"} {
		if got, _ := f.GetCellValue("表 1-1", at); got != want {
			t.Errorf("表 1-1 %s: %q, not %q", at, got, want)
		}
	}
	if kind, _ := f.GetCellType("表 1-1", "D4"); kind != excelize.CellTypeNumber && kind != excelize.CellTypeUnset {
		t.Errorf("82.45 is no number: %v", kind)
	}
	merged, err := f.GetMergeCells("表 1-1")
	if err != nil || len(merged) != 3 {
		t.Errorf("%d merged cells, not 3: %v", len(merged), err)
	}
	for at, want := range map[string]string{"B2": "2023届（%）", "C3": "82.45", "B4": "", "D3": "887", "E3": "1085", "F4": "1078", "G4": "1227"} {
		if got, _ := f.GetCellValue("图 1-1", at); got != want {
			t.Errorf("图 1-1 %s: %q, not %q", at, got, want)
		}
	}
	if !bytes.Contains(partOf(t, a.Bytes(), "xl/charts/chart1.xml"), []byte("!$B$3:$B$4")) {
		t.Error("the chart does not draw the cells of its sheet")
	}
}

func partOf(t *testing.T, book []byte, name string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		if f.Name == name {
			part, err := readPart(f)
			if err != nil {
				t.Fatal(err)
			}
			return part
		}
	}
	t.Fatalf("no part %s", name)
	return nil
}
