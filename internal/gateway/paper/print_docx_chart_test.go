package paper

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"quxiang/internal/domain/report"
	"quxiang/internal/gateway/chart"
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
		drawn := parts[fmt.Sprintf("word/charts/chart%d.xml", n)]
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
			if at(0, i+1) != s.Name || !strings.Contains(drawn, "<c:v>"+s.Name+"</c:v>") {
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
				value := regexp.MustCompile(fmt.Sprintf(`\$%s\$2:.*?<c:pt idx="%d"[^>]*><c:v>([^<]*)<`, chart.Column(i+1), row)).FindStringSubmatch(strings.SplitAfter(drawn, "</c:ser>")[i])
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

// TestChartBookAlone: the workbook is the same bytes each time, beyond column Z too.
func TestChartBookAlone(t *testing.T) {
	var many []report.Series
	for i := range 30 {
		many = append(many, sampleSeries(fmt.Sprint("甲", i), "1", "2.5"))
	}
	f := report.Figure{Chart: report.Columns, Unit: "人", Categories: []string{"类0", "类1"}, Series: many}
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
