package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"quxiang/internal/domain/report"
	"quxiang/internal/gateway/paper"
)

// A printed report is a page that everybody can read, on a phone too.
func TestPrintedReport(t *testing.T) {
	file := filepath.Join(t.TempDir(), "report.html")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := paper.WriteHTML(f, printedReport()); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	ctx := browser(t)
	for name, size := range widths {
		t.Run(name, func(t *testing.T) {
			visit(t, ctx, "file://"+file, size, true)
			eval[bool](t, ctx, `document.querySelectorAll("details").forEach(d => d.open = true), true`)
			fits(t, ctx)
			accessible(t, ctx)
		})
	}
}

func printedReport() report.Document {
	series := []report.Series{{Name: "本科生", Points: []report.Point{{Text: "82.45", Number: 1}, {Text: "※"}}}, {Name: "硕士生", Points: []report.Point{{Text: "87.86"}, {}}}}
	d := report.Document{School: "清河医科大学", Title: "2024 届毕业生就业质量年度报告", Issued: "2024 年 12 月", Code: "QH24-7F3A",
		Numbers: []report.Number{{Title: "毕业去向落实率", Text: "82.45"}},
		Blocks: []report.Block{
			{Heading: &report.Heading{ID: "rate", Level: 1, Text: "一、基本情况"}},
			{Heading: &report.Heading{ID: "all", Level: 2, Text: "（一）毕业去向落实率"}},
			{Paragraph: &report.Paragraph{Spans: []report.Span{{Text: "本科生 "}, {Text: "82.45%", Number: 1}, {Text: "，见"}, {Text: "表 1-1", Ref: "ways"}, {Text: "。", Footnote: "按快照计算。"}}}},
		}}
	head := [][]report.Cell{{{Text: "学历", Rows: 2}, {Text: "就业地（人）", Cols: 12}}, nil}
	row := []report.Cell{{Text: "本科生", Left: true}}
	for range 12 {
		head[1] = append(head[1], report.Cell{Text: "新疆维吾尔自治区"})
		row = append(row, report.Cell{Text: "1,117", Number: 1})
	}
	d.Blocks = append(d.Blocks, report.Block{Table: &report.Table{ID: "ways", Number: "表 1-1", Caption: "去向", Head: head, Body: [][]report.Cell{row}, Notes: []string{"注：无。"}}})
	for _, c := range []report.Chart{report.Columns, report.Stacked, report.Bars, report.Lines, report.Pie} {
		d.Blocks = append(d.Blocks, report.Block{Figure: &report.Figure{ID: "f-" + string(c), Number: "图", Caption: string(c), Alt: "本科生 82.45%", Unit: "%", Chart: c,
			Categories: []string{"2023 届", "2024 届"}, Series: series}})
	}
	return d
}
