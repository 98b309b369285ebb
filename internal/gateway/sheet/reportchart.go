package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"quxiang/internal/domain/report"
	"quxiang/internal/gateway/chart"
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
	widths := map[int]width{0: 30}
	var grid []placed
	for i, h := range heads {
		grid = append(grid, placed{0, i, report.Cell{Text: h}})
		if i > 0 {
			widths[i] = min(max(textWidth(h), 8), 18)
		}
		if err := b.put(sheet, grid[i], true); err != nil {
			return err
		}
	}
	if err := b.columns(sheet, widths); err != nil {
		return err
	}
	if err := b.heads(sheet, grid, 1, widths); err != nil {
		return err
	}
	for i := range g.Categories {
		for j, c := range valuesOf(g, i) {
			if err := b.put(sheet, placed{i + 1, j, c}, false); err != nil {
				return err
			}
		}
	}
	return nil
}

// valuesOf are the cells of a category.
func valuesOf(g *report.Figure, i int) []report.Cell {
	cells := []report.Cell{{Text: g.Categories[i], Left: true}}
	for _, s := range g.Series {
		cells = append(cells, report.Cell{Text: s.Points[i].Text})
	}
	if g.Unit != "%" {
		return cells
	}
	for _, s := range g.Series {
		if p := s.Points[i]; p.Text != "" {
			cells = append(cells, report.Cell{Text: fmt.Sprint(p.K)}, report.Cell{Text: fmt.Sprint(p.N)})
		} else {
			cells = append(cells, report.Cell{}, report.Cell{})
		}
	}
	return cells
}

func unitOf(g *report.Figure) string { return "（" + g.Unit + "）" }

// holder is the library's own chart, which makes the parts and their relations; what it
// draws is replaced by ours (native).
func holder(sheet string, g *report.Figure) *excelize.Chart {
	return &excelize.Chart{Type: excelize.Col, Format: excelize.GraphicOptions{AltText: g.Alt, Name: g.Number},
		Dimension: excelize.ChartDimension{Width: chartWidth, Height: chartHeight(g)}, Series: []excelize.ChartSeries{{Values: fmt.Sprintf("'%s'!$B$3", sheet)}}}
}

// native is a chart as the other forms have it, over the cells of its sheet.
func native(g *report.Figure) []byte {
	f := *g
	f.Series = slices.Clone(g.Series)
	for i := range f.Series {
		f.Series[i].Name += unitOf(g) // as in its cell
	}
	return []byte(chart.Part(f, chart.Place{Sheet: "'" + strings.ReplaceAll(sheetName(g.Number), "'", "''") + "'", Row: 2, Width: chartWidth * 15}))
}

const chartWidth = 720 // pixels of 15 twips

// chartHeight in pixels: lying bars need room for each.
func chartHeight(g *report.Figure) uint {
	if g.Chart != report.Bars {
		return 380
	}
	return uint(max(260, 110+len(g.Categories)*(14+18*max(len(g.Series), 1))))
}

var contentType = regexp.MustCompile(`<(?:Default|Override) [^>]*(?:/>|></(?:Default|Override)>)`)

// canonical packs a workbook again so that the same content gives the same bytes: parts in
// order of their names, all of one time, content types in order (excelize writes them in
// the order of a map). Charts are ours; marks of later versions of the format, which the
// standard's schemas do not know and nothing here uses, are left out.
func canonical(w io.Writer, raw []byte, made time.Time, charts [][]byte) error {
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
		switch n, isChart := chartNumber(f.Name); {
		case f.Name == "[Content_Types].xml":
			part = sortedTypes(part)
		case isChart && n <= len(charts):
			part = charts[n-1]
		case strings.HasPrefix(f.Name, "xl/"):
			part = laterMarks.ReplaceAll(part, nil)
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

var laterMarks = regexp.MustCompile(` (?:mc:Ignorable|xr:uid)="[^"]*"`)

// chartNumber is the place of a chart from 1, in the order in which they were added.
func chartNumber(part string) (int, bool) {
	name, ok := strings.CutPrefix(part, "xl/charts/chart")
	n, err := strconv.Atoi(strings.TrimSuffix(name, ".xml"))
	return n, ok && err == nil && n > 0
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
