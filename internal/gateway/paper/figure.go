package paper

import "quxiang/internal/domain/report"

// FigureSVG draws a chart as an SVG element for a page, as WriteHTML does. It says in words
// what it shows; it has no style of its own but attributes.
func FigureSVG(f *report.Figure) string {
	p := &printedPage{doc: &report.Document{}}
	p.svg(drawChart(f), esc(f.ID), esc(caption(f.Number, f.Caption)), esc(f.Alt))
	return p.out.String()
}
