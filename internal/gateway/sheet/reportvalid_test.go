package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"quxiang/internal/domain/report"
)

// schemaOf is the schema of a part by its place.
func schemaOf(name string) string {
	switch {
	case name == "[Content_Types].xml":
		return "opc-contentTypes.xsd"
	case strings.HasSuffix(name, ".rels"):
		return "opc-relationships.xsd"
	case strings.HasPrefix(name, "xl/charts/"):
		return "dml-chart.xsd"
	case strings.HasPrefix(name, "xl/drawings/"):
		return "dml-spreadsheetDrawing.xsd"
	case strings.HasPrefix(name, "xl/theme/"):
		return "dml-main.xsd"
	case strings.HasPrefix(name, "xl/"):
		return "sml.xsd"
	case name == "docProps/app.xml":
		return "shared-documentPropertiesExtended.xsd"
	}
	return ""
}

// figures are one of each kind of chart, with long names, zeros and blanks.
func figures() []report.Block {
	points := func(list ...string) (out []report.Point) {
		for _, s := range list {
			out = append(out, report.Point{Text: s, K: 1, N: 2, Hidden: s == "※"})
		}
		return out
	}
	var out []report.Block
	for i, c := range []report.Chart{report.Columns, report.Stacked, report.Bars, report.Lines, report.Pie} {
		f := &report.Figure{ID: fmt.Sprint("f", i), Number: fmt.Sprint("图 2-", i+1), Caption: "构成", Alt: "说明 <&>", Chart: c, Unit: "%", Categories: []string{"水利、环境和公共设施管理业", "乙", "丙"}}
		f.Series = []report.Series{{Name: "2023届", Points: points("12.50", "0.00", "")}, {Name: "2024届", Points: points("87.50", "※", "41.20")}}
		if c == report.Pie {
			f.Series = f.Series[:1]
		}
		out = append(out, report.Block{Figure: f})
	}
	return out
}

// TestReportValid: every part of the workbook, charts and drawings too, is what the standard
// says.
func TestReportValid(t *testing.T) {
	d := sampleReport()
	d.Blocks = append(d.Blocks, figures()...)
	var b bytes.Buffer
	if err := WriteReport(&b, d); err != nil {
		t.Fatal(err)
	}
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed: ", err)
	}
	schemas, err := filepath.Abs("../../../../shared/ooxml-xsd")
	if err == nil {
		_, err = os.Stat(schemas)
	}
	if err != nil {
		t.Skip("the schemas are not beside the repository: ", err)
	}
	dir, files := t.TempDir(), map[string][]string{}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		part, err := readPart(f)
		if err != nil {
			t.Fatal(err)
		}
		schema := schemaOf(f.Name)
		if schema == "" {
			continue
		}
		file := filepath.Join(dir, strings.NewReplacer("/", "-", "[", "", "]", "").Replace(f.Name))
		if err := os.WriteFile(file, part, 0o600); err != nil {
			t.Fatal(err)
		}
		files[schema] = append(files[schema], file)
	}
	for schema, list := range files {
		args := append([]string{"--noout", "--nonet", "--schema", filepath.Join(schemas, schema)}, list...)
		if out, err := exec.Command(lint, args...).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", schema, err, out[:min(len(out), 3000)])
		}
	}
	if len(files["dml-chart.xsd"]) != 6 || len(files["dml-spreadsheetDrawing.xsd"]) != 6 || len(files["sml.xsd"]) < 9 {
		t.Errorf("validated %v", files)
	}
}

// TestChartsLookAlike: axes and paints are those of the other forms.
func TestChartsLookAlike(t *testing.T) {
	var b bytes.Buffer
	if err := WriteReport(&b, report.Document{Blocks: figures()}); err != nil {
		t.Fatal(err)
	}
	for i, block := range figures() {
		chart, f := string(partOf(t, b.Bytes(), fmt.Sprintf("xl/charts/chart%d.xml", i+1))), block.Figure
		paint, want := report.PaintOf(len(f.Series)-1), []string{"&#39;图 2-" + fmt.Sprint(i+1) + "&#39;!$B$3:$B$5", "<c:v>水利、环境和公共设施管理业</c:v>", "<c:v>12.50</c:v>"}
		switch f.Chart {
		case report.Lines:
			want = append(want, paint.Line)
		case report.Pie:
			want = append(want, report.PaintOf(0).Fill, report.PaintOf(2).Fill)
		default:
			want = append(want, paint.Fill)
		}
		if f.Chart != report.Pie {
			want = append(want, fmt.Sprintf(`max val="%v"`, f.Axis().Top), fmt.Sprintf(`majorUnit val="%v"`, f.Axis().Step), `min val="0"`)
		}
		for _, w := range want {
			if !strings.Contains(chart, w) {
				t.Errorf("%s: no %s", f.Chart, w)
			}
		}
	}
}

// TestChartCells: the cells that charts draw hold the values; what is withheld or blank is
// no number.
func TestChartCells(t *testing.T) {
	var b bytes.Buffer
	if err := WriteReport(&b, report.Document{Blocks: figures()}); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for at, want := range map[string]string{"B3": "12.50", "B4": "0.00", "B5": "", "C4": "※", "C5": "41.20"} {
		if got, _ := f.GetCellValue("图 2-1", at); got != want {
			t.Errorf("%s is %q, not %q", at, got, want)
		}
	}
}
