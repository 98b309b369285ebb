package paper

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"quxiang/internal/domain/report"
)

// plane is where the values of an upright chart are drawn.
type plane struct {
	left, right, top, bottom float64
	axis                     report.Axis
	each                     float64 // width of a category
}

func (p plane) y(v float64) float64 { return p.bottom - v/p.axis.Top*(p.bottom-p.top) }

// middle of a category.
func (p plane) middle(c int) float64 { return p.left + (float64(c)+0.5)*p.each }

// upright draws columns, stacked columns and lines: axes, names below, values beside.
func (d *drawing) upright(f *report.Figure) {
	p := plane{left: 34, right: d.w - 6, axis: f.Axis()}
	p.top = d.legend(f, f.Chart == report.Lines) + 8
	p.bottom = p.top + chartPlot
	p.each = (p.right - p.left) / float64(max(len(f.Categories), 1))
	for _, v := range p.axis.Marks() {
		d.stroke(hair, 0.4, nil, spot{p.left, p.y(v)}, spot{p.right, p.y(v)})
		d.write(p.left-5, p.y(v)+3, 1, chartSmall, tick(v), dim)
	}
	switch f.Chart {
	case report.Lines:
		d.lines(f, p)
	case report.Stacked:
		d.stacked(f, p)
	default:
		d.columns(f, p)
	}
	d.stroke(dim, 0.8, nil, spot{p.left, p.bottom}, spot{p.right, p.bottom})
	d.h = p.bottom + d.names(f, p) + 4
}

// names writes the categories below and returns their height.
func (d *drawing) names(f *report.Figure, p plane) float64 {
	size, rows := chartText, 1
	if p.each < 40 {
		size = chartSmall
	}
	for c, name := range f.Categories {
		lines := fold(name, size, p.each-4)
		rows = max(rows, len(lines))
		for i, l := range lines {
			d.write(p.middle(c), p.bottom+12+float64(i)*(size+2), 0.5, size, l, black)
		}
	}
	return 4 + float64(rows)*(size+2)
}

// columns stand beside each other, values on top.
func (d *drawing) columns(f *report.Figure, p plane) {
	n := float64(max(len(f.Series), 1))
	wide := min(p.each*0.72/n, 34)
	for c := range f.Categories {
		for i, s := range f.Series {
			if c >= len(s.Points) {
				continue
			}
			x := p.middle(c) + (float64(i)-n/2)*wide
			v, ok := report.Value(s.Points[c].Text)
			if ok {
				d.fill(x+0.8, p.y(v), wide-1.6, p.bottom-p.y(v), chartTint(i))
			}
			size := chartSmall
			if w := textWide(s.Points[c].Text, size); w > wide+2 {
				size = max(size*(wide+2)/w, 4.5)
			}
			d.label(x+wide/2, p.y(v)-3, size, s.Points[c].Text)
		}
	}
}

// stacked columns: values within, or beside where the part is too low.
func (d *drawing) stacked(f *report.Figure, p plane) {
	wide := min(p.each*0.5, 56)
	for c := range f.Categories {
		x, sum := p.middle(c)-wide/2, 0.0
		var beside []string
		var ys []float64
		for i, s := range f.Series {
			if c >= len(s.Points) {
				continue
			}
			text := s.Points[c].Text
			v, ok := report.Value(text)
			if ok && v == 0 || text == "" { // nothing is drawn that a label could name
				continue
			}
			top, bottom := p.y(sum+v), p.y(sum)
			sum += v
			if bottom > top {
				d.marks = append(d.marks, mark{shape: []spot{{x, top}, {x + wide, top}, {x + wide, bottom}, {x, bottom}}, tint: chartTint(i), edge: true})
			}
			if bottom-top > chartSmall+2 && textWide(text, chartSmall) < wide {
				d.write(p.middle(c), (top+bottom)/2+2.6, 0.5, chartSmall, text, onto(i))
				continue
			}
			beside, ys = append(beside, text), append(ys, (top+bottom)/2+2.6)
		}
		slices.Reverse(ys)
		keepApart(ys, chartSmall+1, p.top, p.bottom+3)
		for i, y := range ys {
			text := beside[len(beside)-1-i]
			d.label(x+wide+3+textWide(text, chartSmall)/2, y, chartSmall, text)
		}
	}
}

// curves are the lines from value to value, broken where there is none.
func (d *drawing) curves(f *report.Figure, p plane) {
	for i, s := range f.Series {
		var run []spot
		for c := range len(f.Categories) + 1 {
			var v float64
			ok := false
			if c < min(len(f.Categories), len(s.Points)) {
				v, ok = report.Value(s.Points[c].Text)
			}
			if ok {
				run = append(run, spot{p.middle(c), p.y(v)})
				continue
			}
			if len(run) > 1 {
				d.stroke(inked(i), 1.6, chartDashes[i%len(chartDashes)], run...)
			}
			run = nil
		}
	}
}

// lines with a marker at each value; the values of a category are kept apart.
func (d *drawing) lines(f *report.Figure, p plane) {
	d.curves(f, p)
	for c := range f.Categories {
		type label struct {
			y    float64
			text string
		}
		var labels []label
		for i, s := range f.Series {
			if c >= len(s.Points) || s.Points[c].Text == "" {
				continue
			}
			v, ok := report.Value(s.Points[c].Text)
			if ok {
				d.marker(i, p.middle(c), p.y(v))
			}
			labels = append(labels, label{p.y(v) - 5, s.Points[c].Text})
		}
		slices.SortStableFunc(labels, func(a, b label) int { return cmp.Compare(a.y, b.y) })
		ys := make([]float64, len(labels))
		for i, l := range labels {
			ys[i] = l.y
		}
		keepApart(ys, chartSmall+3, p.top-8, p.bottom-3)
		for i, l := range labels {
			d.label(p.middle(c), ys[i], chartSmall, l.text)
		}
	}
}

// bars lie, the first category on top, values at their ends.
func (d *drawing) bars(f *report.Figure) {
	axis := f.Axis()
	top := d.legend(f, false)
	left := 40.0
	for _, name := range f.Categories {
		left = max(left, min(textWide(name, chartText)+10, d.w*0.36))
	}
	right := d.w - 44
	at := func(v float64) float64 { return left + v/axis.Top*(right-left) }
	n := float64(max(len(f.Series), 1))
	thick := max(min(14, 40/n), 7)
	y := top
	for c, name := range f.Categories {
		lines := fold(name, chartText, left-10)
		step := max(n*thick+8, float64(len(lines))*(chartText+2)+6)
		for i, l := range lines {
			d.write(left-6, y+step/2+3-float64(len(lines)-1)*(chartText+2)/2+float64(i)*(chartText+2), 1, chartText, l, black)
		}
		for i, s := range f.Series {
			if c >= len(s.Points) {
				continue
			}
			v, ok := report.Value(s.Points[c].Text)
			by := y + step/2 + (float64(i)-n/2)*thick
			if ok {
				d.fill(left, by+0.8, at(v)-left, thick-1.6, chartTint(i))
			}
			d.write(at(v)+4, by+thick/2+2.6, 0, chartSmall, s.Points[c].Text, black)
		}
		y += step
	}
	var grid []mark
	for _, v := range axis.Marks() {
		grid = append(grid, mark{shape: []spot{{at(v), top}, {at(v), y}}, open: true, tint: hair, thick: 0.4})
		d.write(at(v), y+11, 0.5, chartSmall, tick(v), dim)
	}
	d.marks = append(grid, d.marks...)
	d.stroke(dim, 0.8, nil, spot{left, top}, spot{left, y})
	d.h = y + 18
}

// pie begins above and goes round with the clock, names and values outside.
func (d *drawing) pie(f *report.Figure) {
	const r, cy = 70.0, 96.0
	cx := d.w / 2
	d.h = 2 * cy
	if len(f.Series) == 0 {
		return
	}
	points := f.Series[0].Points
	sum := 0.0
	for _, pt := range points {
		v, _ := report.Value(pt.Text)
		sum += v
	}
	sides := [2][]pieLabel{}
	angle := 0.0
	for i, pt := range points {
		v, _ := report.Value(pt.Text)
		turn := 0.0
		if sum > 0 {
			turn = v / sum * 2 * math.Pi
		}
		if turn > 0 {
			d.marks = append(d.marks, mark{shape: slice(cx, cy, r, angle, angle+turn), tint: chartTint(i), edge: true})
		}
		s, c := math.Sincos(angle + turn/2)
		name := ""
		if i < len(f.Categories) {
			name = f.Categories[i]
		}
		l := pieLabel{from: spot{cx + r*s, cy - r*c}, y: cy - (r+12)*c, text: strings.TrimSpace(name + " " + withUnit(pt.Text, f.Unit))}
		side := 0
		if s < 0 {
			side = 1
		}
		sides[side] = append(sides[side], l)
		angle += turn
	}
	d.pieNames(sides, cx, r)
}

type pieLabel struct {
	from spot
	y    float64
	text string
}

func (d *drawing) pieNames(sides [2][]pieLabel, cx, r float64) {
	for side, ls := range sides {
		dir := 1 - 2*float64(side)
		slices.SortStableFunc(ls, func(a, b pieLabel) int { return cmp.Compare(a.y, b.y) })
		ys := make([]float64, len(ls))
		for i, l := range ls {
			ys[i] = l.y
		}
		if need := float64(len(ls)+1) * (chartText + 4); need > d.h {
			d.h = need
		}
		keepApart(ys, chartText+4, 8, d.h-6)
		for i, l := range ls {
			x := cx + dir*(r+22)
			d.stroke(dim, 0.5, nil, l.from, spot{cx + dir*(r+14), ys[i] - 3}, spot{x - dir*2, ys[i] - 3})
			d.write(x, ys[i], float64(side), chartText, l.text, black)
		}
	}
}

// slice of a pie: angles from above, with the clock.
func slice(cx, cy, r, from, to float64) []spot {
	out := []spot{{cx, cy}}
	n := max(int((to-from)/0.05), 2)
	for i := range n + 1 {
		s, c := math.Sincos(from + (to-from)*float64(i)/float64(n))
		out = append(out, spot{cx + r*s, cy - r*c})
	}
	return out
}
