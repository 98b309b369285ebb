package paper

import (
	"fmt"
	"strings"

	"quxiang/internal/domain/report"
)

// twip in EMU, the unit of drawings.
const twip = 635

// figure writes the chart in its own paragraph and the caption under it.
func (p *docxPrinter) figure(f report.Figure) {
	p.charts = append(p.charts, f)
	n := len(p.charts)
	p.para(styleFigure, "", fmt.Sprintf(`<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%d" cy="%d"/><wp:docPr id="%d" name="%s" descr="%s"/><wp:cNvGraphicFramePr/>`+
		`<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart r:id="rIdChart%d"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`,
		docxTextWidth*twip, chartHeight(f), n, escape(f.Number), escape(f.Alt), n))
	p.caption(styleFigureTitle, f.ID, f.Number, f.Caption)
}

// chartHeight is in EMU: lying bars need room for each, columns and lines do not.
func chartHeight(f report.Figure) int {
	twips := 4100
	if f.Chart == report.Bars {
		rows := len(f.Categories) * max(len(f.Series), 1)
		twips = min(max(900+rows*260+len(f.Categories)*180, 2600), docxPageHeight-2000)
	}
	return twips * twip
}

// paints tell series apart by lightness and pattern as well as by colour; lines, which are
// thin, by a darker colour, dashes and marks.
var paints = []struct{ color, pattern, line, dash, marker string }{
	{"1F5C99", "", "1F5C99", "solid", "circle"},
	{"C06A1B", "wdUpDiag", "C06A1B", "dash", "square"},
	{"9CC5E8", "", "2B8C8C", "sysDot", "triangle"},
	{"3F7D4E", "dkHorz", "3F7D4E", "dashDot", "diamond"},
	{"7A7A7A", "", "5F5F5F", "lgDash", "x"},
	{"8E5EA2", "smGrid", "8E5EA2", "lgDashDot", "star"},
	{"F2C14E", "", "8A6A00", "sysDash", "plus"},
	{"A23B3B", "dkDnDiag", "A23B3B", "sysDashDot", "dash"},
}

// fillOf is c:spPr of a column or slice.
func fillOf(n int) string {
	paint := paints[n%len(paints)]
	color := `<a:srgbClr val="` + paint.color + `"/>`
	inside := `<a:solidFill>` + color + `</a:solidFill>`
	if paint.pattern != "" {
		inside = `<a:pattFill prst="` + paint.pattern + `"><a:fgClr>` + color + `</a:fgClr><a:bgClr><a:srgbClr val="FFFFFF"/></a:bgClr></a:pattFill>`
	}
	return `<c:spPr>` + inside + `<a:ln w="9525"><a:solidFill>` + color + `</a:solidFill></a:ln></c:spPr>`
}

const grey = `<a:solidFill><a:srgbClr val="BFBFBF"/></a:solidFill>`

// letters is c:txPr: 宋体 and Times New Roman of a size in hundredths of a point, turned by
// so many degrees.
func letters(size, degrees int) string {
	return fmt.Sprintf(`<c:txPr><a:bodyPr rot="%d" vert="horz"/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="%d" b="0">%s</a:defRPr></a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>`, degrees*60000, size, chartFont)
}

const chartFont = `<a:solidFill><a:srgbClr val="262626"/></a:solidFill><a:latin typeface="Times New Roman"/><a:ea typeface="宋体"/><a:cs typeface="Times New Roman"/>`

// chartPart is a chart of Word's own, with its numbers and where they stand in the workbook.
func chartPart(f report.Figure) string {
	var b strings.Builder
	b.WriteString(xmlHead + `<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">` +
		`<c:date1904 val="0"/><c:lang val="zh-CN"/><c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>`)
	switch f.Chart {
	case report.Pie:
		pieChart(&b, f)
	case report.Lines:
		lineChart(&b, f)
	default:
		barChart(&b, f)
	}
	b.WriteString(`<c:spPr><a:noFill/></c:spPr></c:plotArea>`)
	if len(f.Series) > 1 && f.Chart != report.Pie {
		b.WriteString(`<c:legend><c:legendPos val="b"/><c:overlay val="0"/>` + letters(900, 0) + `</c:legend>`)
	}
	b.WriteString(`<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart><c:spPr><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill><a:ln><a:noFill/></a:ln></c:spPr>` + letters(900, 0) +
		`<c:externalData r:id="rId1"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>`)
	return b.String()
}

func barChart(b *strings.Builder, f report.Figure) {
	direction, grouping, overlap, place := "col", "clustered", "0", "outEnd"
	if f.Chart == report.Bars {
		direction = "bar"
	}
	if f.Chart == report.Stacked {
		grouping, overlap, place = "stacked", "100", "ctr"
	}
	fmt.Fprintf(b, `<c:barChart><c:barDir val="%s"/><c:grouping val="%s"/><c:varyColors val="0"/>`, direction, grouping)
	for i, s := range f.Series {
		seriesHead(b, i, s)
		b.WriteString(fillOf(i) + `<c:invertIfNegative val="0"/>`)
		labels(b, f, s, place)
		seriesData(b, f, i, s)
		b.WriteString(`</c:ser>`)
	}
	fmt.Fprintf(b, `<c:gapWidth val="%d"/><c:overlap val="%s"/><c:axId val="1"/><c:axId val="2"/></c:barChart>`, gapWidth(f), overlap)
	axes(b, f)
}

// gapWidth leaves much room beside few columns.
func gapWidth(f report.Figure) int {
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

func lineChart(b *strings.Builder, f report.Figure) {
	b.WriteString(`<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>`)
	for i, s := range f.Series {
		paint := paints[i%len(paints)]
		seriesHead(b, i, s)
		color := `<a:solidFill><a:srgbClr val="` + paint.line + `"/></a:solidFill>`
		fmt.Fprintf(b, `<c:spPr><a:ln w="25400" cap="rnd">%s<a:prstDash val="%s"/><a:round/></a:ln></c:spPr><c:marker><c:symbol val="%s"/><c:size val="7"/><c:spPr>%s<a:ln w="9525">%s</a:ln></c:spPr></c:marker>`, color, paint.dash, paint.marker, color, color)
		labels(b, f, s, "t")
		seriesData(b, f, i, s)
		b.WriteString(`<c:smooth val="0"/></c:ser>`)
	}
	b.WriteString(`<c:marker val="1"/><c:axId val="1"/><c:axId val="2"/></c:lineChart>`)
	axes(b, f)
}

func pieChart(b *strings.Builder, f report.Figure) {
	b.WriteString(`<c:pieChart><c:varyColors val="1"/>`)
	for i, s := range f.Series[:min(len(f.Series), 1)] {
		seriesHead(b, i, s)
		for n := range f.Categories {
			fmt.Fprintf(b, `<c:dPt><c:idx val="%d"/><c:bubble3D val="0"/>%s</c:dPt>`, n, fillOf(n))
		}
		labels(b, f, s, "outEnd")
		seriesData(b, f, i, s)
		b.WriteString(`</c:ser>`)
	}
	b.WriteString(`<c:firstSliceAng val="0"/></c:pieChart>`)
}

// seriesHead begins a series: its place and its name.
func seriesHead(b *strings.Builder, i int, s report.Series) {
	fmt.Fprintf(b, `<c:ser><c:idx val="%d"/><c:order val="%d"/><c:tx><c:strRef><c:f>Sheet1!$%s$1</c:f><c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>%s</c:v></c:pt></c:strCache></c:strRef></c:tx>`, i, i, column(i+1), escape(s.Name))
}

// seriesData are the categories and values.
func seriesData(b *strings.Builder, f report.Figure, i int, s report.Series) {
	last := len(f.Categories) + 1
	fmt.Fprintf(b, `<c:cat><c:strRef><c:f>Sheet1!$A$2:$A$%d</c:f><c:strCache><c:ptCount val="%d"/>`, last, len(f.Categories))
	for n, c := range f.Categories {
		fmt.Fprintf(b, `<c:pt idx="%d"><c:v>%s</c:v></c:pt>`, n, escape(c))
	}
	fmt.Fprintf(b, `</c:strCache></c:strRef></c:cat><c:val><c:numRef><c:f>Sheet1!$%s$2:$%[1]s$%d</c:f><c:numCache><c:formatCode>%s</c:formatCode><c:ptCount val="%d"/>`, column(i+1), last, escape(seriesFormat(s)), len(f.Categories))
	for n := range f.Categories {
		if p, ok := point(s, n); ok {
			fmt.Fprintf(b, `<c:pt idx="%d" formatCode="%s"><c:v>%s</c:v></c:pt>`, n, escape(p.format), p.value)
		}
	}
	b.WriteString(`</c:numCache></c:numRef></c:val>`)
}

// labels print the values as the document does: in the format of most points, and in their
// own where it differs. A part of a stack too thin for it has none; it would cover those of
// its neighbours.
func labels(b *strings.Builder, f report.Figure, s report.Series, place string) {
	shown, suffix := `<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/>`, ""
	if f.Chart == report.Pie {
		shown = strings.Replace(shown, `showCatName val="0"`, `showCatName val="1"`, 1) + `<c:separator> </c:separator>`
		suffix = `"` + strings.ReplaceAll(f.Unit, `"`, "") + `"`
	}
	background := ""
	if f.Chart == report.Stacked {
		background = `<c:spPr><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill></c:spPr>`
	}
	common, thin := seriesFormat(s), thinnest(f)
	text := letters(labelSize(f))
	b.WriteString(`<c:dLbls>`)
	for n := range f.Categories {
		p, ok := point(s, n)
		switch {
		case !ok:
		case f.Chart == report.Stacked && p.number() < thin:
			fmt.Fprintf(b, `<c:dLbl><c:idx val="%d"/><c:delete val="1"/></c:dLbl>`, n)
		case !p.same(common):
			fmt.Fprintf(b, `<c:dLbl><c:idx val="%d"/><c:numFmt formatCode="%s" sourceLinked="0"/>%s%s<c:dLblPos val="%s"/>%s</c:dLbl>`, n, escape(p.format+suffix), background, text, place, shown)
		}
	}
	fmt.Fprintf(b, `<c:numFmt formatCode="%s" sourceLinked="0"/>%s%s<c:dLblPos val="%s"/>%s`, escape(common+suffix), background, text, place, shown)
	if f.Chart == report.Pie {
		b.WriteString(`<c:showLeaderLines val="1"/>`)
	}
	b.WriteString(`</c:dLbls>`)
}

// thinnest is the least part of a stack that has room for its label: of a height of 28.
func thinnest(f report.Figure) float64 { return highest(f) / 28 }

// labelSize is the size of labels and how they are turned, so that those of neighbours do
// not run into each other.
func labelSize(f report.Figure) (size, degrees int) {
	if f.Chart != report.Columns || len(f.Categories) == 0 || len(f.Series) == 0 {
		return 900, 0
	}
	longest := 0
	for _, s := range f.Series {
		for _, p := range s.Points {
			longest = max(longest, docxWidth(p.Text))
		}
	}
	room := (docxTextWidth - 900) / len(f.Categories) / (len(f.Series)*100 + gapWidth(f)) * 100
	switch {
	case longest*18/10 <= room:
		return 900, 0
	case longest*15/10 <= room:
		return 750, 0
	}
	return 800, -90
}

// axes are those of columns, bars and lines; values begin at 0.
func axes(b *strings.Builder, f report.Figure) {
	order, where, values, crosses := "minMax", "b", "l", "autoZero"
	if f.Chart == report.Bars {
		order, where, values, crosses = "maxMin", "l", "b", "max"
	}
	fmt.Fprintf(b, `<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="%s"/></c:scaling><c:delete val="0"/><c:axPos val="%s"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>`+
		`<c:spPr><a:ln w="9525"><a:solidFill><a:srgbClr val="7F7F7F"/></a:solidFill></a:ln></c:spPr>%s<c:crossAx val="2"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="1"/></c:catAx>`, order, where, letters(900, 0))
	most, step := valueTop(f)
	fmt.Fprintf(b, `<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/>%s<c:min val="0"/></c:scaling><c:delete val="0"/><c:axPos val="%s"/><c:majorGridlines><c:spPr><a:ln w="6350">`+grey+`</a:ln></c:spPr></c:majorGridlines>`, most, values)
	if f.Unit != "" {
		fmt.Fprintf(b, `<c:title><c:tx><c:rich><a:bodyPr rot="0" vert="horz"/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="900" b="0">%s</a:defRPr></a:pPr><a:r><a:rPr lang="zh-CN" sz="900" b="0">%s</a:rPr><a:t>%s</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title>`, chartFont, chartFont, escape(f.Unit))
	}
	fmt.Fprintf(b, `<c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:spPr><a:ln><a:noFill/></a:ln></c:spPr>%s<c:crossAx val="1"/><c:crosses val="%s"/><c:crossBetween val="between"/>%s</c:valAx>`, letters(900, 0), crosses, step)
}

// valueTop ends the axis of shares at 100, where a program of its own would choose 120.
func valueTop(f report.Figure) (most, step string) {
	if top := highest(f); f.Unit == "%" && top > 60 && top < 100.06 {
		return `<c:max val="100"/>`, `<c:majorUnit val="20"/>`
	}
	return "", ""
}

// highest is the largest value, of a stack the largest sum.
func highest(f report.Figure) float64 {
	top := 0.0
	for n := range f.Categories {
		sum := 0.0
		for _, s := range f.Series {
			p, _ := point(s, n)
			if f.Chart == report.Stacked {
				sum += p.number()
			} else {
				sum = max(sum, p.number())
			}
		}
		top = max(top, sum)
	}
	return top
}
