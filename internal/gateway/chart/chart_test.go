package chart

import (
	"fmt"
	"strings"
	"testing"

	"quxiang/internal/domain/report"
)

var place = Place{Sheet: "Sheet1", Row: 1, Width: 8732, Embedded: true}

func sampleSeries(name string, texts ...string) report.Series {
	s := report.Series{Name: name}
	for _, t := range texts {
		s.Points = append(s.Points, report.Point{Text: t})
	}
	return s
}

func TestPlot(t *testing.T) {
	for text, want := range map[string]Plotted{
		"82.45": {"82.45", "0.00"}, "1117": {"1117", "0"}, "1,117": {"1117", "#,##0"}, "1,234,567.5": {"1234567.5", "#,##0.0"}, "0.00": {"0.00", "0.00"}, "-3": {"-3", "0"},
		"": {}, "※": {}, "12,34": {}, "1e3": {}, "NaN": {}, "5%": {}, " 5": {}, "1.": {}, "+1": {}, ".5": {}, "0x1F": {}, "１": {}, strings.Repeat("9", 40): {},
	} {
		if got, ok := Plot(text); got != want || ok != (want.Value != "") {
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
	mixed := Part(figureOf(report.Columns, "", sampleSeries("甲", "82.45", "100", "3.10", "7.00")), place)
	for _, want := range []string{`<c:dLbl><c:idx val="1"/><c:numFmt formatCode="0" `, `</c:dLbl><c:numFmt formatCode="0.00" `, `<c:dLblPos val="outEnd"/>`} {
		if !strings.Contains(mixed, want) {
			t.Errorf("no %s", want)
		}
	}
	if n := strings.Count(mixed, "<c:dLbl>"); n != 1 {
		t.Errorf("%d labels of their own", n)
	}
	thousands := Part(figureOf(report.Bars, "人", sampleSeries("甲", "31", "1,208", "7")), place)
	if !strings.Contains(thousands, `<c:dLbls><c:numFmt formatCode="#,##0" `) {
		t.Error("a number with a comma is printed without")
	}
	years := Part(figureOf(report.Bars, "", sampleSeries("甲", "1,031", "2024", "1,208")), place)
	if !strings.Contains(years, `<c:dLbl><c:idx val="1"/><c:numFmt formatCode="0" `) {
		t.Error("a number without a comma is printed with one")
	}
	stack := Part(figureOf(report.Stacked, "%", sampleSeries("甲", "0.00", "60.00"), sampleSeries("乙", "100.00", "40.00")), place)
	if n := strings.Count(stack, `<c:delete val="1"/>`); n != 1 {
		t.Errorf("%d labels left out", n)
	}
	pie := Part(figureOf(report.Pie, `人"`, sampleSeries("甲", "3", "", "1")), place)
	if !strings.Contains(pie, `formatCode="0&#34;人&#34;"`) || strings.Count(pie, "<c:dPt>") != 3 || !strings.Contains(pie, `<c:showCatName val="1"/>`) {
		t.Error("slices are not told apart by words")
	}
}

// TestChartAxes: values begin at 0 and end where those of the other forms end.
func TestChartAxes(t *testing.T) {
	for _, c := range []struct {
		chart     report.Chart
		unit      string
		texts     []string
		top, step string
	}{
		{report.Columns, "%", []string{"95.50", "82.45"}, "100", "20"}, {report.Columns, "%", []string{"5.50", "2.45"}, "6", "2"}, {report.Lines, "%", []string{"", "100.00"}, "100", "20"},
		{report.Stacked, "%", []string{"60.01", "30.00"}, "80", "20"}, {report.Bars, "人", []string{"80", "99"}, "100", "25"}, {report.Columns, "%", []string{"130.00", "※"}, "150", "50"},
		{report.Columns, "%", []string{"0.31"}, "0.4", "0.1"}, {report.Columns, "人", []string{"0", "※"}, "1", "1"},
	} {
		got := Part(figureOf(c.chart, c.unit, sampleSeries("甲", c.texts...)), place)
		if !strings.Contains(got, `<c:max val="`+c.top+`"/><c:min val="0"/>`) || !strings.Contains(got, `<c:majorUnit val="`+c.step+`"/>`) {
			t.Errorf("%s of %v: the axis does not end at %s in steps of %s", c.chart, c.texts, c.top, c.step)
		}
	}
	if pie := Part(figureOf(report.Pie, "人", sampleSeries("甲", "3")), place); strings.Contains(pie, "Ax>") {
		t.Error("a pie with axes")
	}
}

// TestChartPaints: each series has its paint, as in the other forms; lines differ in dash and
// mark.
func TestChartPaints(t *testing.T) {
	var many []report.Series
	for i := range len(strokes) {
		many = append(many, sampleSeries(fmt.Sprint("甲", i), "1"))
	}
	columns, stack, lines := Part(figureOf(report.Columns, "人", many...), place), Part(figureOf(report.Stacked, "人", many...), place), Part(figureOf(report.Lines, "人", many...), place)
	for i, s := range strokes {
		paint := report.PaintOf(i)
		if !strings.Contains(columns, "<c:spPr>"+solid(paint.Fill)) || !strings.Contains(stack, `b="0">`+solid(paint.Text)) || !strings.Contains(lines, solid(paint.Line)+`<a:prstDash val="`+s.dash) {
			t.Errorf("series %d has not its paint", i)
		}
		if strings.Count(lines, `<a:prstDash val="`+s.dash+`"/>`) != 1 || strings.Count(lines, `<c:symbol val="`+s.marker+`"/>`) != 1 {
			t.Errorf("%s and %s do not stand for one series", s.dash, s.marker)
		}
	}
}
