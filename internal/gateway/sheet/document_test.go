package sheet

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/proofread"
)

// showDocument prints blocks: kind, place, text; tables by row, ^ marks what repeats
// another cell.
func showDocument(d proofread.Document) string {
	var b strings.Builder
	where := func(s []proofread.Span) string {
		p := proofread.At(s, 0)
		if p.Cell != "" {
			return p.Sheet + "!" + p.Cell
		}
		return fmt.Sprint(p.Line)
	}
	for _, bl := range d.Blocks {
		if bl.Table == nil {
			fmt.Fprintf(&b, "%s %s %s\n", []string{"P", "H", "C", "N", "T", "F"}[bl.Kind], where(bl.Spans), bl.Text)
			continue
		}
		for _, r := range bl.Table.Cells {
			for c, cell := range r {
				if c > 0 {
					b.WriteString(" | ")
				}
				if cell.Merged {
					b.WriteByte('^')
				}
				b.WriteString(cell.Text)
			}
			last := r[len(r)-1]
			b.WriteString(" @" + where(last.Spans) + "\n")
		}
	}
	return b.String()
}

func readDocument(t testing.TB, content []byte) string {
	t.Helper()
	if !Reads(bytes.NewReader(content), int64(len(content))) {
		t.Error("Reads says no")
	}
	d, err := Read("表", bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	return showDocument(d)
}

// inline is a cell of text.
func inline(ref, text string) string {
	return `<c r="` + ref + `" t="inlineStr"><is><t>` + text + `</t></is></c>`
}

func TestDocument(t *testing.T) {
	sheet := `<worksheet><sheetData>` +
		`<row r="1">` + inline("A1", "表 1-1 就业情况") + `</row>` +
		`<row r="2">` + inline("A2", "学历") + inline("B2", "单位") + `</row>` +
		`<row r="3">` + inline("B3", "三级") + inline("C3", "二级") + `</row>` +
		`<row r="4">` + inline("A4", "本科") + `<c r="B4"><v>5</v></c><c r="C4" s="1"><v>0.8263</v></c></row>` +
		`<row r="5">` + inline("A5", "硕士") + `<c r="B5"><f>1/0</f></c><c r="C5"><v>7</v></c></row>` +
		`<row r="6">` + inline("A6", "注：按教育部口径") + `</row>` +
		`<row r="9">` + inline("B9", "年份") + inline("C9", "人数") + `</row><row r="10">` + inline("B10", "2024") + `<c r="C10"><v>9</v></c></row>` +
		`</sheetData><mergeCells><mergeCell ref="A1:C1"/><mergeCell ref="A2:A3"/><mergeCell ref="B2:C2"/><mergeCell ref="broken"/></mergeCells></worksheet>`
	book := `<workbook xmlns:r="x"><sheets><sheet name="去向" sheetId="1" r:id="rId1"/><sheet name="隐" sheetId="2" state="hidden" r:id="rId2"/><sheet name="二" sheetId="3" r:id="rId3"/></sheets></workbook>`
	second := `<worksheet><sheetData><row r="1">` + inline("A1", "只有一句话。") + `</row></sheetData></worksheet>`
	content := parts{sheet: sheet, workbook: book,
		styles: `<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="10"/></cellXfs></styleSheet>`,
		rels:   relTo("rId1", "worksheet", "worksheets/sheet1.xml") + relTo("rId2", "worksheet", "worksheets/sheet1.xml") + relTo("rId3", "worksheet", "worksheets/sheet3.xml"),
		more:   []file{{"xl/worksheets/sheet3.xml", second}}}.xlsx(t)
	want := `C 去向!A1 表 1-1 就业情况
学历 | 单位 | ^单位 @去向!B2
^学历 | 三级 | 二级 @去向!C3
本科 | 5 | 82.63% @去向!C4
硕士 |  | 7 @去向!C5
N 去向!A6 注：按教育部口径
年份 | 人数 @去向!C9
2024 | 9 @去向!C10
P 二!A1 只有一句话。
`
	if got := readDocument(t, content); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestDocumentCSV(t *testing.T) {
	if got, want := readDocument(t, []byte("年份,人数\n2023,\"1,234\"\n2024,5\n")), "年份 | 人数 @1\n2023 | 1,234 @2\n2024 | 5 @3\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestDocumentNotMine: reports that are texts are not taken for tables.
func TestDocumentNotMine(t *testing.T) {
	for name, content := range map[string]string{
		"a text with a table of tabs": "一、概况\n毕业生共 10 人，其中本科 5 人。\n学历\t人数\n本科\t5\n硕士\t5\n其后的话。\n没有表。\n",
		"prose with commas":           "one, two, three\nand four\n",
		"a page":                      "<html><body>a,b\nc,d",
		"a pdf":                       "%PDF-1.7\na,b\nc,d",
		"nothing":                     "",
	} {
		if Reads(strings.NewReader(content), int64(len(content))) {
			t.Errorf("%s: taken", name)
		}
	}
	docx := zipped(t, file{"word/document.xml", "<a/>"})
	if Reads(bytes.NewReader(docx), int64(len(docx))) {
		t.Error("a Word document: taken")
	}
	_, err := Read("报告.docx", bytes.NewReader(docx), int64(len(docx)))
	refused(t, err, fault.Usage, "报告.docx")
}

// TestDocumentWide: a sheet whose corners are far apart is refused before it is spread.
func TestDocumentWide(t *testing.T) {
	var b strings.Builder
	for i := 1; i <= 20000; i++ {
		fmt.Fprintf(&b, `<row r="%d"><c r="A%d"><v>1</v></c><c r="B%d"><v>1</v></c></row>`, i, i, i)
	}
	b.WriteString(`<row r="20001"><c r="A20001"><v>1</v></c><c r="IV20001"><v>1</v></c></row>`)
	content := parts{sheet: sheetOf(b.String())}.xlsx(t)
	_, err := Read("表", bytes.NewReader(content), int64(len(content)))
	refused(t, err, fault.Usage, "万格")
}

// TestDocumentRefused: whoever has a file checked imports nothing, and its name stays.
func TestDocumentRefused(t *testing.T) {
	content := []byte("PK\x03\x04xl/broken")
	_, err := Read("导入 9 月.xlsx", bytes.NewReader(content), int64(len(content)))
	if fault.KindOf(err) != fault.Usage || !strings.HasPrefix(err.Error(), "导入 9 月.xlsx：") || strings.Count(err.Error(), "导入") != 1 || !strings.Contains(err.Error(), "再检查") {
		t.Errorf("refused with %v", err)
	}
	if _, err := Open("表.xlsx", bytes.NewReader(content), int64(len(content))); err == nil || !strings.Contains(err.Error(), "再导入") {
		t.Errorf("an import is refused with %v", err)
	}
}
