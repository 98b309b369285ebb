package sheet

import (
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
)

// WriteReport prints a report's tables and figures as a workbook, a sheet each: figures
// with their native chart, and beside each percentage its count and base. The text is left
// out. The same document gives the same bytes.
func WriteReport(w io.Writer, d report.Document) error {
	f := excelize.NewFile()
	defer f.Close()
	b := &reportBook{f: f, d: &d}
	if err := b.styles(); err != nil {
		return err
	}
	if err := b.front(); err != nil {
		return err
	}
	for _, block := range d.Blocks {
		var err error
		switch {
		case block.Table != nil:
			err = b.table(block.Table)
		case block.Figure != nil:
			err = b.figure(block.Figure)
		}
		if err != nil {
			return err
		}
	}
	made := d.Cut.Time().UTC()
	if err := f.SetDocProps(&excelize.DocProperties{Title: d.Title, Creator: d.School, Created: made.Format(time.RFC3339), Modified: made.Format(time.RFC3339), LastModifiedBy: d.School}); err != nil {
		return err
	}
	var raw bytes.Buffer
	if err := f.Write(&raw); err != nil {
		return err
	}
	return canonical(w, raw.Bytes(), made, b.charts)
}

// reportBook is a workbook under way.
type reportBook struct {
	f *excelize.File
	d *report.Document

	title, head, words, whole, share, note, text int // styles
	charts                                       [][]byte
}

func (b *reportBook) styles() error {
	line := []excelize.Border{{Type: "top", Color: "808080", Style: 1}, {Type: "bottom", Color: "808080", Style: 1}, {Type: "left", Color: "808080", Style: 1}, {Type: "right", Color: "808080", Style: 1}}
	middle := &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}
	left := &excelize.Alignment{Vertical: "center", WrapText: true}
	right := &excelize.Alignment{Horizontal: "right", Vertical: "center"}
	for _, s := range []struct {
		to *int
		is excelize.Style
	}{
		{&b.title, excelize.Style{Font: &excelize.Font{Bold: true, Size: 13}}},
		{&b.head, excelize.Style{Font: &excelize.Font{Bold: true}, Border: line, Alignment: middle, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EEF4"}}}},
		{&b.words, excelize.Style{Border: line, Alignment: left}},
		{&b.whole, excelize.Style{Border: line, Alignment: right, NumFmt: 1}},
		{&b.share, excelize.Style{Border: line, Alignment: right, NumFmt: 2}},
		{&b.note, excelize.Style{Font: &excelize.Font{Size: 10, Color: "555555"}}},
		{&b.text, excelize.Style{Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}}},
	} {
		id, err := b.f.NewStyle(&s.is)
		if err != nil {
			return err
		}
		*s.to = id
	}
	return nil
}

// front says what the workbook is of.
func (b *reportBook) front() error {
	const name = "说明"
	if err := b.f.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	lines := []string{b.d.School, b.d.Title + "：附表", "校验码：" + b.d.Code, "本表与报告正文出自同一次统计，核对：quxiang report verify。"}
	if n := len(b.d.Blocks); n > 0 && b.d.Blocks[n-1].Paragraph != nil {
		var mark strings.Builder
		for _, s := range b.d.Blocks[n-1].Paragraph.Spans {
			mark.WriteString(s.Text)
		}
		lines[2] = mark.String()
		lines = lines[:3]
	}
	for i, s := range lines {
		if err := b.f.SetCellStr(name, cellName(1, i+1), s); err != nil {
			return err
		}
	}
	if err := b.f.SetCellStyle(name, "A1", "A2", b.title); err != nil {
		return err
	}
	if err := b.f.SetCellStyle(name, "A3", cellName(1, len(lines)), b.text); err != nil {
		return err
	}
	if err := b.f.SetRowHeight(name, 3, 15*float64(1+textWidth(lines[2])/96)+3); err != nil {
		return err
	}
	if err := b.f.SetColWidth(name, "A", "A", 100); err != nil {
		return err
	}
	return b.paper(name, false)
}

func cellName(col, row int) string {
	s, _ := excelize.CoordinatesToCellName(col, row) // both are above 0
	return s
}

// begin makes a sheet with its caption.
func (b *reportBook) begin(number, caption string) (string, error) {
	name := sheetName(number)
	if _, err := b.f.NewSheet(name); err != nil {
		return "", err
	}
	if err := b.f.SetCellStr(name, "A1", number+"　"+caption); err != nil {
		return "", err
	}
	return name, b.f.SetCellStyle(name, "A1", "A1", b.title)
}

func (b *reportBook) table(t *report.Table) error {
	name, err := b.begin(t.Number, t.Caption)
	if err != nil {
		return err
	}
	grid := layRows(append(slices.Clone(t.Head), t.Body...))
	widths := map[int]width{}
	for _, p := range grid {
		head := p.row < len(t.Head)
		if err := b.put(name, p, head); err != nil {
			return err
		}
		if p.cell.Cols < 2 {
			widths[p.col] = max(widths[p.col], textWidth(p.cell.Text))
		}
	}
	if err := b.columns(name, widths); err != nil {
		return err
	}
	if err := b.heads(name, grid, len(t.Head), widths); err != nil {
		return err
	}
	if err := b.paper(name, len(widths) > 8); err != nil {
		return err
	}
	for i, n := range t.Notes {
		at := cellName(1, len(t.Head)+len(t.Body)+3+i)
		if err := b.f.SetCellStr(name, at, "注："+n); err != nil {
			return err
		}
		if err := b.f.SetCellStyle(name, at, at, b.note); err != nil {
			return err
		}
	}
	return b.f.SetPanes(name, &excelize.Panes{Freeze: true, YSplit: 1 + len(t.Head), XSplit: 1, TopLeftCell: cellName(2, 2+len(t.Head)), ActivePane: "bottomRight"})
}

// widest is how many characters a column takes; longer texts have more lines.
const widest = 44

func (b *reportBook) columns(sheet string, widths map[int]width) error {
	for col := range len(widths) {
		letter, _ := excelize.ColumnNumberToName(col + 1)
		if err := b.f.SetColWidth(sheet, letter, letter, float64(min(widths[col].chars(), widest))); err != nil {
			return err
		}
	}
	return nil
}

// heads makes rows of heads high enough for their lines, which not every program does of
// itself.
func (b *reportBook) heads(sheet string, grid []placed, rows int, widths map[int]width) error {
	for row := range rows {
		lines := 1
		for _, p := range grid {
			if p.row != row || p.cell.Rows > 1 {
				continue
			}
			room := 0
			for i := range max(p.cell.Cols, 1) {
				room += min(widths[p.col+i].chars(), widest)
			}
			lines = max(lines, (int(textWidth(p.cell.Text))+room)/max(room, 1))
		}
		if err := b.f.SetRowHeight(sheet, row+2, float64(lines)*15+3); err != nil {
			return err
		}
	}
	return nil
}

// paper makes a sheet print on pages that it does not run beyond, lying where it is wide.
func (b *reportBook) paper(sheet string, lying bool) error {
	fit, across, down, a4, orientation := true, 1, 0, 9, "portrait"
	if lying {
		orientation = "landscape"
	}
	if err := b.f.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	return b.f.SetPageLayout(sheet, &excelize.PageLayoutOptions{Size: &a4, Orientation: &orientation, FitToWidth: &across, FitToHeight: &down})
}

// placed is a cell with its place, both from 0.
type placed struct {
	row, col int
	cell     report.Cell
}

// layRows gives each cell its column: what a cell above covers is passed over.
func layRows(rows [][]report.Cell) []placed {
	var out []placed
	taken := map[[2]int]bool{}
	for r, cells := range rows {
		col := 0
		for _, c := range cells {
			for taken[[2]int{r, col}] {
				col++
			}
			out = append(out, placed{r, col, c})
			for i := range max(c.Rows, 1) {
				for j := range max(c.Cols, 1) {
					taken[[2]int{r + i, col + j}] = true
				}
			}
			col += max(c.Cols, 1)
		}
	}
	return out
}

var plainNumber = regexp.MustCompile(`^-?\d{1,15}(\.\d+)?$`)

func (b *reportBook) put(sheet string, p placed, head bool) error {
	at, end := cellName(p.col+1, p.row+2), cellName(p.col+max(p.cell.Cols, 1), p.row+1+max(p.cell.Rows, 1))
	style := b.words
	switch {
	case head:
		style = b.head
	case plainNumber.MatchString(p.cell.Text) && !p.cell.Left:
		style = b.whole
		if strings.Contains(p.cell.Text, ".") {
			style = b.share
		}
	}
	if at != end {
		if err := b.f.MergeCell(sheet, at, end); err != nil {
			return err
		}
	}
	if err := b.value(sheet, at, p.cell.Text, style == b.whole || style == b.share); err != nil {
		return err
	}
	return b.f.SetCellStyle(sheet, at, end, style)
}

func (b *reportBook) value(sheet, at, text string, number bool) error {
	if !number {
		return b.f.SetCellStr(sheet, at, text)
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return b.f.SetCellStr(sheet, at, text)
	}
	return b.f.SetCellFloat(sheet, at, v, -1, 64)
}

// figure has the values of a chart, with count and base beside each percentage, and the
// chart below.
func (b *reportBook) figure(g *report.Figure) error {
	name, err := b.begin(g.Number, g.Caption)
	if err != nil {
		return err
	}
	if err := b.chartData(name, g); err != nil {
		return err
	}
	if err := b.f.AddChart(name, cellName(1, len(g.Categories)+5), holder(name, g)); err != nil {
		return fmt.Errorf("chart %s: %w", g.Number, err)
	}
	b.charts = append(b.charts, native(g))
	return b.paper(name, true)
}
