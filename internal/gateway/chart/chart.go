// Package chart writes charts of Office's own, which Word and Excel open and edit, for the
// printers of reports.
package chart

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"quxiang/internal/domain/report"
)

// strokes tell lines apart without colour.
var strokes = []struct{ dash, marker string }{
	{"solid", "circle"}, {"dash", "square"}, {"sysDot", "triangle"}, {"dashDot", "diamond"},
	{"lgDash", "x"}, {"lgDashDot", "star"}, {"sysDash", "plus"}, {"sysDashDot", "dash"},
}

// solid is a colour.
func solid(color string) string {
	return `<a:solidFill><a:srgbClr val="` + color + `"/></a:solidFill>`
}

// fillOf is c:spPr of a column or slice, with a white edge.
func fillOf(n int) string {
	return `<c:spPr>` + solid(report.PaintOf(n).Fill) + `<a:ln w="9525">` + solid("FFFFFF") + `</a:ln></c:spPr>`
}

// letters is c:txPr: 宋体 and Times New Roman of a size in hundredths of a point, turned by
// so many degrees.
func letters(size, degrees int) string { return inkedLetters(size, degrees, chartInk) }

func inkedLetters(size, degrees int, color string) string {
	return fmt.Sprintf(`<c:txPr><a:bodyPr rot="%d" vert="horz"/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="%d" b="0">%s%s</a:defRPr></a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>`, degrees*60000, size, solid(color), chartFaces)
}

const (
	chartInk   = "262626"
	chartFaces = `<a:latin typeface="Times New Roman"/><a:ea typeface="宋体"/><a:cs typeface="Times New Roman"/>`
)

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// Place is where a chart stands and where its numbers do.
type Place struct {
	Sheet    string // of the workbook, quoted as formulas want it: Sheet1, '图 1-1'
	Row      int    // of the names of the series, from 1; those of the categories stand below, in column A
	Width    int    // of the drawing, in twips
	Embedded bool   // the workbook is a part of the document that the chart's relation rId1 names
}

// part is a chart as it is written.
type part struct {
	strings.Builder
	f  report.Figure
	at Place
}

func (p *part) put(format string, args ...any) { fmt.Fprintf(p, format, args...) }

// Part is a chart of Office's own (DrawingML), with its numbers and where they stand in the
// workbook, so that it is drawn before anybody opens that, and can be edited.
func Part(f report.Figure, at Place) string {
	p := &part{f: f, at: at}
	p.put("%s", xmlHead+`<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">`+
		`<c:date1904 val="0"/><c:lang val="zh-CN"/><c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>`)
	switch f.Chart {
	case report.Pie:
		p.pie()
	case report.Lines:
		p.lines()
	default:
		p.bars()
	}
	p.put(`<c:spPr><a:noFill/></c:spPr></c:plotArea>`)
	if len(f.Series) > 1 && f.Chart != report.Pie {
		p.put(`<c:legend><c:legendPos val="b"/><c:overlay val="0"/>%s</c:legend>`, letters(900, 0))
	}
	p.put(`<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart><c:spPr>%s<a:ln><a:noFill/></a:ln></c:spPr>%s`, solid("FFFFFF"), letters(900, 0))
	if at.Embedded {
		p.put(`<c:externalData r:id="rId1"><c:autoUpdate val="0"/></c:externalData>`)
	}
	p.put(`</c:chartSpace>`)
	return p.String()
}

func (p *part) bars() {
	f := &p.f
	direction, grouping, overlap, place := "col", "clustered", "0", "outEnd"
	if f.Chart == report.Bars {
		direction = "bar"
	}
	if f.Chart == report.Stacked {
		grouping, overlap, place = "stacked", "100", "ctr"
	}
	p.put(`<c:barChart><c:barDir val="%s"/><c:grouping val="%s"/><c:varyColors val="0"/>`, direction, grouping)
	for i := range f.Series {
		p.head(i)
		p.put("%s", fillOf(i)+`<c:invertIfNegative val="0"/>`)
		p.labels(i, place)
		p.data(i)
		p.WriteString(`</c:ser>`)
	}
	p.put(`<c:gapWidth val="%d"/><c:overlap val="%s"/><c:axId val="1"/><c:axId val="2"/></c:barChart>`, gapWidth(f), overlap)
	p.axes()
}

// gapWidth leaves much room beside few columns.
func gapWidth(f *report.Figure) int {
	columns := len(f.Categories)
	if f.Chart != report.Stacked {
		columns *= len(f.Series)
	}
	switch {
	case columns <= 4:
		return 180
	case columns <= 12:
		return 80
	}
	return 50
}

func (p *part) lines() {
	f := &p.f
	p.WriteString(`<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>`)
	for i := range f.Series {
		as, color := strokes[i%len(strokes)], solid(report.PaintOf(i).Line)
		p.head(i)
		p.put(`<c:spPr><a:ln w="25400" cap="rnd">%s<a:prstDash val="%s"/><a:round/></a:ln></c:spPr><c:marker><c:symbol val="%s"/><c:size val="7"/><c:spPr>%s<a:ln w="9525">%s</a:ln></c:spPr></c:marker>`, color, as.dash, as.marker, color, color)
		p.labels(i, "t")
		p.data(i)
		p.WriteString(`<c:smooth val="0"/></c:ser>`)
	}
	p.WriteString(`<c:marker val="1"/><c:axId val="1"/><c:axId val="2"/></c:lineChart>`)
	p.axes()
}

func (p *part) pie() {
	f := &p.f
	p.WriteString(`<c:pieChart><c:varyColors val="1"/>`)
	for i := range f.Series[:min(len(f.Series), 1)] {
		p.head(i)
		for n := range f.Categories {
			p.put(`<c:dPt><c:idx val="%d"/><c:bubble3D val="0"/>%s</c:dPt>`, n, fillOf(n))
		}
		p.labels(i, "outEnd")
		p.data(i)
		p.WriteString(`</c:ser>`)
	}
	p.WriteString(`<c:firstSliceAng val="0"/></c:pieChart>`)
}

// head begins a series: its place and its name.
func (p *part) head(i int) {
	p.put(`<c:ser><c:idx val="%d"/><c:order val="%d"/><c:tx><c:strRef><c:f>%s!$%s$%d</c:f><c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>%s</c:v></c:pt></c:strCache></c:strRef></c:tx>`, i, i, escape(p.at.Sheet), Column(i+1), p.at.Row, escape(p.f.Series[i].Name))
}

// data are the categories and values.
func (p *part) data(i int) {
	f, s := &p.f, p.f.Series[i]
	from, last := p.at.Row+1, p.at.Row+len(f.Categories)
	p.put(`<c:cat><c:strRef><c:f>%s!$A$%d:$A$%d</c:f><c:strCache><c:ptCount val="%d"/>`, escape(p.at.Sheet), from, last, len(f.Categories))
	for n, c := range f.Categories {
		p.put(`<c:pt idx="%d"><c:v>%s</c:v></c:pt>`, n, escape(c))
	}
	p.put(`</c:strCache></c:strRef></c:cat><c:val><c:numRef><c:f>%s!$%s$%d:$%[2]s$%[4]d</c:f><c:numCache><c:formatCode>%s</c:formatCode><c:ptCount val="%d"/>`, escape(p.at.Sheet), Column(i+1), from, last, escape(seriesFormat(s)), len(f.Categories))
	for n := range f.Categories {
		if v, ok := PointOf(s, n); ok {
			p.put(`<c:pt idx="%d" formatCode="%s"><c:v>%s</c:v></c:pt>`, n, escape(v.Format), v.Value)
		}
	}
	p.WriteString(`</c:numCache></c:numRef></c:val>`)
}

// labels print the values as the document does: in the format of most points, and in their
// own where it differs. A part of a stack too thin for it has none; it would cover those of
// its neighbours.
func (p *part) labels(of int, place string) {
	f, s := &p.f, p.f.Series[of]
	shown, suffix := `<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/>`, ""
	if f.Chart == report.Pie {
		shown = strings.Replace(shown, `showCatName val="0"`, `showCatName val="1"`, 1) + `<c:separator> </c:separator>`
		suffix = `"` + strings.ReplaceAll(f.Unit, `"`, "") + `"`
	}
	common, thin := seriesFormat(s), f.Largest()/thinnest
	size, degrees := p.labelSize()
	text := letters(size, degrees)
	if f.Chart == report.Stacked {
		text = inkedLetters(size, degrees, report.PaintOf(of).Text)
	}
	p.WriteString(`<c:dLbls>`)
	for n := range f.Categories {
		v, ok := PointOf(s, n)
		switch {
		case !ok:
		case f.Chart == report.Stacked && v.number() < thin:
			p.put(`<c:dLbl><c:idx val="%d"/><c:delete val="1"/></c:dLbl>`, n)
		case !v.same(common):
			p.put(`<c:dLbl><c:idx val="%d"/><c:numFmt formatCode="%s" sourceLinked="0"/>%s<c:dLblPos val="%s"/>%s</c:dLbl>`, n, escape(v.Format+suffix), text, place, shown)
		}
	}
	p.put(`<c:numFmt formatCode="%s" sourceLinked="0"/>%s<c:dLblPos val="%s"/>%s`, escape(common+suffix), text, place, shown)
	if f.Chart == report.Pie {
		p.WriteString(`<c:showLeaderLines val="1"/>`)
	}
	p.WriteString(`</c:dLbls>`)
}

// thinnest part of a stack that has room for its label.
const thinnest = 28

// labelSize is the size of labels and how they are turned, so that those of neighbours do
// not run into each other.
func (p *part) labelSize() (size, degrees int) {
	f := &p.f
	if f.Chart != report.Columns || len(f.Categories) == 0 || len(f.Series) == 0 {
		return 900, 0
	}
	longest := 0
	for _, s := range f.Series {
		for _, p := range s.Points {
			longest = max(longest, wide(p.Text))
		}
	}
	room := (p.at.Width - 900) / len(f.Categories) / (len(f.Series)*100 + gapWidth(f)) * 100
	switch {
	case longest*18/10 <= room:
		return 900, 0
	case longest*15/10 <= room:
		return 750, 0
	}
	return 800, -90
}

// axes are those of columns, bars and lines; values begin at 0.
func (p *part) axes() {
	f := &p.f
	order, where, values, crosses := "minMax", "b", "l", "autoZero"
	if f.Chart == report.Bars {
		order, where, values, crosses = "maxMin", "l", "b", "max"
	}
	p.put(`<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="%s"/></c:scaling><c:delete val="0"/><c:axPos val="%s"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>`+
		`<c:spPr><a:ln w="9525"><a:solidFill><a:srgbClr val="7F7F7F"/></a:solidFill></a:ln></c:spPr>%s<c:crossAx val="2"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="1"/></c:catAx>`, order, where, letters(900, 0))
	axis := f.Axis()
	p.put(`<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/><c:max val="%s"/><c:min val="0"/></c:scaling><c:delete val="0"/><c:axPos val="%s"/><c:majorGridlines><c:spPr><a:ln w="6350">`+solid("BFBFBF")+`</a:ln></c:spPr></c:majorGridlines>`, mark(axis.Top), values)
	if f.Unit != "" {
		p.put(`<c:title><c:tx><c:rich><a:bodyPr rot="0" vert="horz"/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="900" b="0">%s</a:defRPr></a:pPr><a:r><a:rPr lang="zh-CN" sz="900" b="0">%s</a:rPr><a:t>%s</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title>`, solid(chartInk)+chartFaces, solid(chartInk)+chartFaces, escape(f.Unit))
	}
	p.put(`<c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:spPr><a:ln><a:noFill/></a:ln></c:spPr>%s<c:crossAx val="1"/><c:crosses val="%s"/><c:crossBetween val="between"/><c:majorUnit val="%s"/></c:valAx>`, letters(900, 0), crosses, mark(axis.Step))
}

// mark writes a value of the axis.
func mark(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// wide is about the width of a label in hundredths of its size.
func wide(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case r >= 0x2000:
			n += 100
		case strings.ContainsRune(".,", r):
			n += 33
		default:
			n += 50
		}
	}
	return n
}

// escape makes a text safe: markup as entities, control characters gone.
func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0xFFFE || r == 0xFFFF {
			return ' '
		}
		return r
	}, s)))
	return b.String()
}
