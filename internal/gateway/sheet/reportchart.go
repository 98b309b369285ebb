package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"quxiang/internal/domain/report"
)

// chartData writes the values of a chart: first what it draws, a column a series, then the
// count and base of each where it draws percentages.
func (b *reportBook) chartData(sheet string, g *report.Figure) error {
	share := g.Unit == "%"
	heads := []string{"类别"}
	for _, s := range g.Series {
		heads = append(heads, s.Name+unitOf(g))
	}
	if share {
		for _, s := range g.Series {
			heads = append(heads, s.Name+"：人数", s.Name+"：基数")
		}
	}
	for i, h := range heads {
		if err := b.put(sheet, placed{0, i, report.Cell{Text: h}}, true); err != nil {
			return err
		}
	}
	for i, c := range g.Categories {
		cells := []report.Cell{{Text: c, Left: true}}
		for _, s := range g.Series {
			cells = append(cells, report.Cell{Text: s.Points[i].Text})
		}
		for _, s := range g.Series {
			if p := s.Points[i]; share && p.Text != "" {
				cells = append(cells, report.Cell{Text: fmt.Sprint(p.K)}, report.Cell{Text: fmt.Sprint(p.N)})
			} else if share {
				cells = append(cells, report.Cell{}, report.Cell{})
			}
		}
		for j, c := range cells {
			if err := b.put(sheet, placed{i + 1, j, c}, false); err != nil {
				return err
			}
		}
	}
	return nil
}

func unitOf(g *report.Figure) string { return "（" + g.Unit + "）" }

var chartTypes = map[report.Chart]excelize.ChartType{report.Columns: excelize.Col, report.Stacked: excelize.ColStacked,
	report.Bars: excelize.Bar, report.Lines: excelize.Line, report.Pie: excelize.Pie}

func (b *reportBook) chart(sheet string, g *report.Figure) *excelize.Chart {
	zero := 0.0
	c := &excelize.Chart{Type: chartTypes[g.Chart], Format: excelize.GraphicOptions{AltText: g.Alt},
		Title: excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: g.Caption}}}, Dimension: excelize.ChartDimension{Width: 720, Height: 380},
		Legend: excelize.ChartLegend{Position: "bottom"}, PlotArea: excelize.ChartPlotArea{ShowVal: true}, YAxis: excelize.ChartAxis{Minimum: &zero}}
	if g.Chart == report.Bars {
		c.XAxis.ReverseOrder = true
	}
	last := len(g.Categories) + 2
	for i := range g.Series {
		col, _ := excelize.ColumnNumberToName(i + 2)
		c.Series = append(c.Series, excelize.ChartSeries{Name: fmt.Sprintf("'%s'!$%s$2", sheet, col),
			Categories: fmt.Sprintf("'%s'!$A$3:$A$%d", sheet, last), Values: fmt.Sprintf("'%s'!$%s$3:$%s$%d", sheet, col, col, last)})
	}
	return c
}

var contentType = regexp.MustCompile(`<(?:Default|Override) [^>]*(?:/>|></(?:Default|Override)>)`)

// canonical packs a workbook again so that the same content gives the same bytes: parts in
// order of their names, all of one time, content types in order (excelize writes them in
// the order of a map).
func canonical(w io.Writer, raw []byte, made time.Time) error {
	in, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return err
	}
	files := slices.Clone(in.File)
	slices.SortFunc(files, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	out := zip.NewWriter(w)
	for _, f := range files {
		part, err := readPart(f)
		if err != nil {
			return err
		}
		if f.Name == "[Content_Types].xml" {
			part = sortedTypes(part)
		}
		to, err := out.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Deflate, Modified: made})
		if err != nil {
			return err
		}
		if _, err := to.Write(part); err != nil {
			return err
		}
	}
	return out.Close()
}

func readPart(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

func sortedTypes(part []byte) []byte {
	list := contentType.FindAllString(string(part), -1)
	slices.Sort(list)
	first := contentType.FindIndex(part)
	all := contentType.FindAllIndex(part, -1)
	if first == nil {
		return part
	}
	return slices.Concat(part[:first[0]], []byte(strings.Join(list, "")), part[all[len(all)-1][1]:])
}
