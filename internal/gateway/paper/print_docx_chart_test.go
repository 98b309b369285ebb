package paper

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"quxiang/internal/domain/report"
)

// TestChartData: the chart and the workbook behind it hold each printed value, which they
// print as it is printed; blank and withheld points are in neither.
func TestChartData(t *testing.T) {
	d := sample()
	parts := partsOf(t, docxOf(t, d))
	n := 0
	for _, b := range d.Blocks {
		if b.Figure == nil {
			continue
		}
		n++
		f := *b.Figure
		chart := parts[fmt.Sprintf("word/charts/chart%d.xml", n)]
		book, err := excelize.OpenReader(strings.NewReader(parts[fmt.Sprintf("word/embeddings/chart%d.xlsx", n)]))
		if err != nil {
			t.Fatal(f.Number, err)
		}
		rows, err := book.GetRows("Sheet1")
		if err != nil || rows[0][0] != f.Unit || len(rows) != len(f.Categories)+1 {
			t.Errorf("%s: %v %v", f.Number, rows, err)
		}
		at := func(row, column int) string {
			if column >= len(rows[row]) {
				return ""
			}
			return rows[row][column]
		}
		for i, s := range f.Series {
			if at(0, i+1) != s.Name || !strings.Contains(chart, "<c:v>"+s.Name+"</c:v>") {
				t.Errorf("%s: series %s is called %s", f.Number, s.Name, at(0, i+1))
			}
			for row, c := range f.Categories {
				want := s.Points[row].Text
				if want == "※" {
					want = ""
				}
				if got := at(row+1, i+1); got != want || at(row+1, 0) != c {
					t.Errorf("%s: %s of %s reads %q, want %q", f.Number, s.Name, c, got, want)
				}
				value := regexp.MustCompile(fmt.Sprintf(`\$%s\$2:.*?<c:pt idx="%d"[^>]*><c:v>([^<]*)<`, column(i+1), row)).FindStringSubmatch(strings.SplitAfter(chart, "</c:ser>")[i])
				if got := strings.Join(append(value, "", "")[1:2], ""); got != strings.ReplaceAll(want, ",", "") {
					t.Errorf("%s: %s of %s is plotted at %q, want %q", f.Number, s.Name, c, got, want)
				}
			}
		}
		if !strings.Contains(parts["word/document.xml"], `name="`+f.Number+`" descr="`+f.Alt+`"`) {
			t.Errorf("%s has no words for who does not see it", f.Number)
		}
	}
	if n != 5 {
		t.Errorf("%d charts", n)
	}
}

func TestPlot(t *testing.T) {
	for text, want := range map[string]plotted{
		"82.45": {"82.45", "0.00"}, "1117": {"1117", "0"}, "1,117": {"1117", "#,##0"}, "1,234,567.5": {"1234567.5", "#,##0.0"}, "0.00": {"0.00", "0.00"}, "-3": {"-3", "0"},
		"": {}, "※": {}, "12,34": {}, "1e3": {}, "NaN": {}, "5%": {}, " 5": {}, "1.": {}, "+1": {}, ".5": {}, "0x1F": {}, "１": {}, strings.Repeat("9", 40): {},
	} {
		if got, ok := plot(text); got != want || ok != (want.value != "") {
			t.Errorf("%q: %v %v, want %v", text, got, ok, want)
		}
	}
}

func figureOf(chart report.Chart, unit string, series ...report.Series) report.Figure {
	f := report.Figure{ID: "f", Number: "图 1-1", Chart: chart, Unit: unit, Series: series}
	for i := range series[0].Points {
		f.Categories = append(f.Categories, fmt.Sprint("类", i))
	}
	return f
}

// TestChartLabels: labels print what the document prints, also where points of a series are
// printed in different ways; the parts of a stack that are nothing have none.
func TestChartLabels(t *testing.T) {
	mixed := chartPart(figureOf(report.Columns, "", sampleSeries("甲", "82.45", "100", "3.10", "7.00")))
	for _, want := range []string{`<c:dLbl><c:idx val="1"/><c:numFmt formatCode="0" `, `</c:dLbl><c:numFmt formatCode="0.00" `, `<c:dLblPos val="outEnd"/>`} {
		if !strings.Contains(mixed, want) {
			t.Errorf("no %s", want)
		}
	}
	if n := strings.Count(mixed, "<c:dLbl>"); n != 1 {
		t.Errorf("%d labels of their own", n)
	}
	thousands := chartPart(figureOf(report.Bars, "人", sampleSeries("甲", "31", "1,208", "7")))
	if !strings.Contains(thousands, `<c:dLbls><c:numFmt formatCode="#,##0" `) {
		t.Error("a number with a comma is printed without")
	}
	years := chartPart(figureOf(report.Bars, "", sampleSeries("甲", "1,031", "2024", "1,208")))
	if !strings.Contains(years, `<c:dLbl><c:idx val="1"/><c:numFmt formatCode="0" `) {
		t.Error("a number without a comma is printed with one")
	}
	stack := chartPart(figureOf(report.Stacked, "%", sampleSeries("甲", "0.00", "60.00"), sampleSeries("乙", "100.00", "40.00")))
	if n := strings.Count(stack, `<c:delete val="1"/>`); n != 1 {
		t.Errorf("%d labels left out", n)
	}
	pie := chartPart(figureOf(report.Pie, `人"`, sampleSeries("甲", "3", "", "1")))
	if !strings.Contains(pie, `formatCode="0&#34;人&#34;"`) || strings.Count(pie, "<c:dPt>") != 3 || !strings.Contains(pie, `<c:showCatName val="1"/>`) {
		t.Error("slices are not told apart by words")
	}
}

// TestChartAxes: values begin at 0, and shares do not go beyond 100.
func TestChartAxes(t *testing.T) {
	for _, c := range []struct {
		chart report.Chart
		unit  string
		texts []string
		most  bool
	}{
		{report.Columns, "%", []string{"95.50", "82.45"}, true}, {report.Columns, "%", []string{"5.50", "2.45"}, false}, {report.Lines, "%", []string{"", "100.00"}, true},
		{report.Stacked, "%", []string{"60.01", "30.00"}, true}, {report.Bars, "人", []string{"80", "99"}, false}, {report.Columns, "%", []string{"130.00", "※"}, false},
	} {
		got := chartPart(figureOf(c.chart, c.unit, sampleSeries("甲", c.texts...)))
		if !strings.Contains(got, `<c:min val="0"/>`) || strings.Contains(got, `<c:max val="100"/>`) != c.most {
			t.Errorf("%s of %v: the axis ends at 100: %v", c.chart, c.texts, !c.most)
		}
	}
	if pie := chartPart(figureOf(report.Pie, "人", sampleSeries("甲", "3"))); strings.Contains(pie, "Ax>") {
		t.Error("a pie with axes")
	}
}

// TestChartPaints: neighbours differ in more than colour, series of lines in dash and mark.
func TestChartPaints(t *testing.T) {
	var many []report.Series
	for i := range len(paints) {
		many = append(many, sampleSeries(fmt.Sprint("甲", i), "1"))
	}
	columns, lines := chartPart(figureOf(report.Columns, "人", many...)), chartPart(figureOf(report.Lines, "人", many...))
	if n := strings.Count(columns, "<a:pattFill"); n != len(paints)/2 {
		t.Errorf("%d patterns", n)
	}
	for _, p := range paints {
		if strings.Count(lines, `<a:prstDash val="`+p.dash+`"/>`) != 1 || strings.Count(lines, `<c:symbol val="`+p.marker+`"/>`) != 1 {
			t.Errorf("%s and %s do not stand for one series", p.dash, p.marker)
		}
	}
}

// TestChartBookAlone: the workbook is the same bytes each time, beyond column Z too.
func TestChartBookAlone(t *testing.T) {
	var many []report.Series
	for i := range 30 {
		many = append(many, sampleSeries(fmt.Sprint("甲", i), "1", "2.5"))
	}
	f := figureOf(report.Columns, "人", many...)
	first, err := chartBook(f, sample().Cut.Time())
	again, _ := chartBook(f, sample().Cut.Time())
	if err != nil || !bytes.Equal(first, again) {
		t.Fatalf("other bytes: %v", err)
	}
	book, err := excelize.OpenReader(bytes.NewReader(first))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := book.GetCellValue("Sheet1", "AE3"); got != "2.5" || err != nil {
		t.Errorf("AE3 is %q, %v", got, err)
	}
}
