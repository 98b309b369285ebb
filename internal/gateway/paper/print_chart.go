package paper

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/report"
)

// drawing is a chart as marks on a plane, y down, in points: the pdf and the page draw the
// same.
type drawing struct {
	w, h  float64
	marks []mark
}

type spot struct{ x, y float64 }

// mark is a filled shape, a line or a text.
type mark struct {
	shape  []spot    // filled, or the line's points
	open   bool      // shape is a line
	tint   tint      // of it
	edge   bool      // the filled shape has a white edge
	thick  float64   // of the line
	dash   []float64 // of the line
	text   string    // at shape[0], which is the begin, the middle or the end of its base
	size   float64
	anchor float64 // 0, 0.5, 1
}

const (
	chartWidth  = 432.0
	chartPlot   = 150.0 // height of a plane of columns or lines
	chartText   = 8.0
	chartSmall  = 7.0
	legendGap   = 14.0
	legendBlock = 8.0
)

// chartDashes tell lines apart without colour.
var chartDashes = [][]float64{nil, {5, 2.5}, {1.5, 2}, {7, 2, 1.5, 2}}

// chartTint of the n-th series, inked that of its line, onto that of a text upon it.
func chartTint(n int) tint { return tintOf(report.PaintOf(n).Fill) }
func inked(n int) tint     { return tintOf(report.PaintOf(n).Line) }
func onto(n int) tint      { return tintOf(report.PaintOf(n).Text) }

// tintOf reads RRGGBB.
func tintOf(s string) tint {
	v, _ := strconv.ParseUint(s, 16, 32)
	return tint{uint8(v >> 16), uint8(v >> 8), uint8(v)}
}

// runeWide is about the width of a character in a chart, in parts of its size.
func runeWide(r rune) float64 {
	switch {
	case r >= 0x2E80 || strings.ContainsRune("“”‘’—…※", r):
		return 1
	case strings.ContainsRune(" .,:;'|il", r):
		return 0.3
	}
	return 0.56
}

func textWide(s string, size float64) float64 {
	var w float64
	for _, r := range s {
		w += runeWide(r) * size
	}
	return w
}

// fold breaks a label into lines of a width.
func fold(s string, size, width float64) []string {
	var out []string
	var w float64
	start := 0
	rs := []rune(s)
	for i, r := range rs {
		rw := runeWide(r) * size
		if w+rw > width && i > start && !strings.ContainsRune(notFirst, r) && !(ofWord(r) && ofWord(rs[i-1])) {
			out = append(out, strings.TrimSpace(string(rs[start:i])))
			start, w = i, 0
		}
		w += rw
	}
	return append(out, strings.TrimSpace(string(rs[start:])))
}

// drawChart lays a figure out, without its caption.
func drawChart(f *report.Figure) *drawing {
	d := &drawing{w: chartWidth}
	switch f.Chart {
	case report.Pie:
		d.pie(f)
	case report.Bars:
		d.bars(f)
	default:
		d.upright(f)
	}
	return d
}

func (d *drawing) fill(x, y, w, h float64, c tint) {
	d.marks = append(d.marks, mark{shape: []spot{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}, tint: c})
}

func (d *drawing) stroke(c tint, thick float64, dash []float64, pts ...spot) {
	d.marks = append(d.marks, mark{shape: pts, open: true, tint: c, thick: thick, dash: dash})
}

func (d *drawing) write(x, base, anchor, size float64, text string, c tint) {
	if text != "" {
		d.marks = append(d.marks, mark{shape: []spot{{x, base}}, text: text, size: size, anchor: anchor, tint: c})
	}
}

// label writes a value in the middle of x upon white, so that no line of the grid goes through.
func (d *drawing) label(x, base, size float64, text string) {
	if w := textWide(text, size); w > 0 {
		d.fill(x-w/2-1, base-size*0.8, w+2, size*0.95, white)
	}
	d.write(x, base, 0.5, size, text, black)
}

// withUnit puts a value's unit behind it; a value that is withheld has none.
func withUnit(text, unit string) string {
	if _, ok := report.Value(text); !ok {
		return text
	}
	if unit == "%" {
		return text + unit
	}
	return text + " " + unit
}

// legend names the series above the chart and returns where the chart begins. One series is
// named with the unit.
func (d *drawing) legend(f *report.Figure, lines bool) float64 {
	axis := "单位：" + f.Unit
	if len(f.Series) == 1 && f.Series[0].Name != "" {
		axis = f.Series[0].Name + "（" + f.Unit + "）"
	}
	d.write(0, 9, 0, chartText, axis, dim)
	if len(f.Series) < 2 {
		return 20
	}
	const from = 70.0
	x, y := from, 9.0
	var row []int
	flush := func() {
		d.shift(row, (d.w-x+legendGap)/2)
		row = nil
	}
	for i, s := range f.Series {
		w := legendBlock*2 + 4 + textWide(s.Name, chartText) + legendGap
		if x+w > d.w && x > from {
			flush()
			x, y = from, y+13
		}
		n := len(d.marks)
		if lines {
			d.stroke(inked(i), 1.6, chartDashes[i%len(chartDashes)], spot{x, y - 3}, spot{x + 2*legendBlock, y - 3})
			d.marker(i, x+legendBlock, y-3)
		} else {
			d.fill(x+legendBlock, y-7, legendBlock, legendBlock, chartTint(i))
		}
		d.write(x+2*legendBlock+4, y, 0, chartText, s.Name, black)
		for ; n < len(d.marks); n++ {
			row = append(row, n)
		}
		x += w
	}
	flush()
	return y + 14
}

// shift moves marks to the right.
func (d *drawing) shift(marks []int, by float64) {
	for _, i := range marks {
		for j := range d.marks[i].shape {
			d.marks[i].shape[j].x += by
		}
	}
}

// marker of a line's point: round, square, diamond, triangle.
func (d *drawing) marker(i int, x, y float64) {
	const r = 2.6
	var pts []spot
	switch i % 4 {
	case 0:
		for a := range 16 {
			s, c := math.Sincos(float64(a) * math.Pi / 8)
			pts = append(pts, spot{x + r*c, y + r*s})
		}
	case 1:
		pts = []spot{{x - r, y - r}, {x + r, y - r}, {x + r, y + r}, {x - r, y + r}}
	case 2:
		pts = []spot{{x, y - r - 1}, {x + r + 1, y}, {x, y + r + 1}, {x - r - 1, y}}
	default:
		pts = []spot{{x, y - r - 1}, {x + r + 1, y + r}, {x - r - 1, y + r}}
	}
	d.marks = append(d.marks, mark{shape: pts, tint: inked(i)})
}

func tick(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// keepApart keeps labels of a column apart: ys are sorted from above, gap is kept downwards
// and, where they leave the bounds, upwards.
func keepApart(ys []float64, gap, top, bottom float64) {
	for i := range ys {
		if ys[i] = max(ys[i], top); i > 0 {
			ys[i] = max(ys[i], ys[i-1]+gap)
		}
	}
	for i, y := range slices.Backward(ys) {
		if ys[i] = min(y, bottom); i+1 < len(ys) {
			ys[i] = min(ys[i], ys[i+1]-gap)
		}
	}
}
