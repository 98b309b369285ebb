package paper

import (
	"fmt"

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
