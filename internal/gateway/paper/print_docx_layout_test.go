package paper

import (
	"maps"
	"strings"
	"testing"

	"quxiang/internal/domain/report"
)

func rowOf(texts ...string) []report.Cell {
	var out []report.Cell
	for _, t := range texts {
		out = append(out, report.Cell{Text: t})
	}
	return out
}

// wideTable has so many columns of words and rows of numbers.
func wideTable(columns, rows int, word, number string) report.Table {
	t := report.Table{ID: "t", Number: "表 1-1", Head: [][]report.Cell{rowOf(strings.Fields(strings.Repeat(word+" ", columns))...)}}
	for range rows {
		t.Body = append(t.Body, rowOf(strings.Fields(strings.Repeat(number+" ", columns))...))
	}
	return t
}

// TestTableLayout: letters get smaller and the page is laid down only where they must; the
// columns fill the page and no number is wider than its column.
func TestTableLayout(t *testing.T) {
	for _, c := range []struct {
		columns int
		word    string
		style   string
		wide    bool
	}{
		{4, "毕业生总数", styleTable, false}, {9, "毕业去向落实率", styleTableSmall, false}, {11, "毕业去向落实率", styleTableTiny, false},
		{13, "毕业去向落实率", styleTableSmall, true}, {20, "毕业去向落实率", styleTableTiny, true}, {60, "毕业去向落实率", styleTableTiny, true},
	} {
		l := layTable(wideTable(c.columns, 3, c.word, "100.00"))
		room := docxTextWidth
		if l.wide {
			room = docxPageHeight
		}
		if l.style != c.style || l.wide != c.wide || total(l.widths) > room || total(l.widths) < room-60 {
			t.Errorf("%d columns: %s, lying %v, %d of %d wide", c.columns, l.style, l.wide, total(l.widths), room)
		}
		for _, w := range l.widths {
			if need := docxWidth("100.00")*docxStyles[l.style].size/10 + 2*cellBeside; w < need && c.columns < 60 {
				t.Errorf("%d columns: %d wide, a number takes %d", c.columns, w, need)
			}
		}
	}
}

// TestTableColumns: room goes to columns whose words then stand in one line; columns of one
// head are alike.
func TestTableColumns(t *testing.T) {
	l := layTable(report.Table{Head: [][]report.Cell{rowOf("名称", "人数", "比例（%）", "人数", "比例（%）")},
		Body: [][]report.Cell{append([]report.Cell{{Text: "信息传输、软件和信息技术服务业", Left: true}}, rowOf("1", "1.00", "1000000", "100.00")...)}})
	if w := l.widths; max(w[1], w[3])-min(w[1], w[3]) > 1 || w[2] != w[4] || w[0] < cellNeed("信息传输、软件和信息技术服务业", 21, 1) {
		t.Errorf("columns are %v wide", w)
	}
	if total(l.widths) != docxTextWidth {
		t.Errorf("the table is %d wide", total(l.widths))
	}
}

// TestTableKept: small tables stand on one page, groups of a merged cell too; neither the
// first row nor the sum stands alone.
func TestTableKept(t *testing.T) {
	if l := layTable(wideTable(3, 5, "甲", "1")); !l.whole || !l.keeps(2, false) || l.keeps(4, false) || !l.keeps(4, true) {
		t.Error("a small table is broken over pages")
	}
	long := wideTable(3, 60, "甲", "1")
	for i := range long.Body {
		if i%5 == 0 {
			long.Body[i][0].Rows = 5
		} else {
			long.Body[i] = long.Body[i][1:]
		}
	}
	l := layTable(long)
	var kept []int
	for i := range l.body {
		if l.keeps(i, false) != (i%5 != 4) {
			kept = append(kept, i)
		}
	}
	if l.whole || len(kept) > 0 {
		t.Errorf("whole %v, rows %v are kept otherwise", l.whole, kept)
	}
	long.Body[0][0].Rows = 60
	for i := range long.Body[1:] {
		long.Body[i+1] = rowOf("1", "2")
	}
	if l = layTable(long); l.keeps(20, false) || !l.keeps(57, false) || !l.keeps(0, false) {
		t.Error("a group longer than a page is kept on one")
	}
}

// TestDocxLines: lines end where Word ends them, with no mark at their beginning.
func TestDocxLines(t *testing.T) {
	for text, want := range map[string]int{"": 1, "毕业生": 1, strings.Repeat("毕", 10): 1, strings.Repeat("毕", 11): 2, strings.Repeat("毕", 10) + "。": 1, strings.Repeat("毕", 9) + "（甲": 2,
		"毕业生毕业生毕业 12345": 2, strings.Repeat("x", 50): 3, "毕业 毕业": 1} {
		if got := docxLines(text, 20, 10*200, 0); got != want {
			t.Errorf("%q takes %d lines, want %d", text, got, want)
		}
	}
	if got := docxLines(strings.Repeat("毕", 10), 20, 10*200, 400); got != 2 {
		t.Errorf("with an indent %d lines", got)
	}
}

// TestEstimatePages: a heading stays with what follows it, a chart with its caption, and
// lying paper begins a page.
func TestEstimatePages(t *testing.T) {
	body := func(n int) report.Block {
		return report.Block{Paragraph: &report.Paragraph{Spans: []report.Span{{Text: strings.Repeat("毕业", n*18)}}}}
	}
	heading := func(id string) report.Block {
		return report.Block{Heading: &report.Heading{ID: id, Level: 1, Text: "一、概况"}}
	}
	table := wideTable(20, 3, "毕业去向落实率", "100.00")
	chart := report.Block{Figure: &report.Figure{Chart: report.Columns}}
	d := report.Document{Blocks: []report.Block{heading("a"), body(24), heading("b"), chart, chart, heading("c"), {Table: &table},
		{Paragraph: &report.Paragraph{Kind: report.Note, Spans: []report.Span{{Text: "注"}}}}, heading("d"), body(70), heading("e"), body(1)}}
	p := newDocxPrinter(d)
	if want := map[string]int{"a": 1, "b": 2, "c": 2, "d": 4, "e": 6}; !maps.Equal(p.pages, want) {
		t.Errorf("pages %v, want %v", p.pages, want)
	}
	doc := partsOf(t, docxOf(t, d))["word/document.xml"]
	sections := strings.Split(doc, "<w:sectPr>")
	if len(sections) != 6 || strings.Count(sections[4], "landscape") != 1 || !strings.Contains(sections[3], ">注<") {
		t.Errorf("%d sections", len(sections)-1)
	}
}
