package paper

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/proofread"
	"quxiang/internal/domain/report"
)

func beside(t *testing.T, content []byte) proofread.Document {
	t.Helper()
	d, err := Beside("报告.docx", bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestWordCharts: what a chart shows is read back in the order of the text, blanks and all.
func TestBeside(t *testing.T) {
	d := report.Document{Blocks: []report.Block{
		{Figure: &report.Figure{ID: "a", Number: "图 1-1", Alt: "升", Chart: report.Lines, Unit: "%", Categories: []string{"2023 届", "2024 届"}, Series: []report.Series{sampleSeries("本科", "82.40", "1,117"), sampleSeries("<硕士>", "※", "0.00")}}},
		{Figure: &report.Figure{ID: "b", Number: "图 1-2", Alt: "构成", Chart: report.Pie, Categories: []string{"机关", "医院"}, Series: []report.Series{sampleSeries("人数", "3", "4")}}},
	}}
	content := docxOf(t, d)
	want := "C 0:0 页眉页脚\nP 0:0 —  —\n" +
		"C 0:0 第1个图\nP 0:0 坐标轴 max 1250\nP 0:0 坐标轴 min 0\nP 0:0 %\nP 0:0 坐标轴 majorUnit 250\n | 本科 | <硕士>\n---\n2023 届 | 82.4 | \n2024 届 | 1117 | 0\n" +
		"C 0:0 第1个图的数据表\n% | 本科 | <硕士>\n2023 届 | 82.4\n2024 届 | 1117 | 0\n" +
		"C 0:0 第2个图\n | 人数\n---\n机关 | 3\n医院 | 4\n" +
		"C 0:0 第2个图的数据表\n | 人数\n机关 | 3\n医院 | 4\n" +
		"C 0:0 图的替代文字\nP 0:0 升\nP 0:0 构成\n"
	if got := show(beside(t, content)); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	parts := []string{}
	for name, text := range partsOf(t, content) {
		parts = append(parts, name, strings.Replace(text, "<c:v>1117</c:v>", "<c:v>1118</c:v>", 1))
	}
	if got := show(beside(t, pack(t, parts...))); got != strings.Replace(want, "1117", "1118", 1) {
		t.Errorf("a changed digit is not seen:\n%s", got)
	}
}

// TestWordChartsOdd: files without charts have none, broken and hostile ones are refused.
func TestWordChartsOdd(t *testing.T) {
	for name, content := range map[string][]byte{"none": docx(t, p("甲")), "text": []byte("甲"), "empty": nil,
		"nowhere": docx(t, `<w:p xmlns:c="urn:c" xmlns:r="urn:r"><c:chart r:id="r9"/></w:p>`)} {
		if d := beside(t, content); len(d.Blocks) > 0 {
			t.Errorf("%s: %s", name, show(d))
		}
	}
	withChart := func(chart string) []byte {
		return docx(t, `<w:p xmlns:c="urn:c" xmlns:r="urn:r"><c:chart r:id="r1"/></w:p>`, "word/charts/chart1.xml", chart, "word/_rels/document.xml.rels",
			`<Relationships><Relationship Id="r1" Type="x/chart" Target="charts/chart1.xml"/></Relationships>`)
	}
	for name, c := range map[string]struct{ chart, says string }{
		"unended":  {"<a><ser><val><pt><v>1", "损坏"},
		"type":     {"<!DOCTYPE a><a/>", "DTD"},
		"too many": {"<a>" + strings.Repeat("<ser/>", maxColumns+1) + "</a>", "过多"},
	} {
		content := withChart(c.chart)
		if _, err := Beside("报告.docx", bytes.NewReader(content), int64(len(content))); fault.KindOf(err) != fault.Usage || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	far := beside(t, withChart(fmt.Sprintf(`<a><v>9</v><ser><val><pt idx="%d"><v>1</v></pt><pt idx="-1"><v>2</v></pt><pt idx="1"><v>3</v></pt></val></ser></a>`, 1<<40)))
	if got := show(far); got != "C 0:0 第1个图\n | \n---\n | \n | 3\n" {
		t.Errorf("got\n%s", got)
	}
}
