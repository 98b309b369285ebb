package part

import (
	"strconv"
	"strings"
)

// Curve is a chart of shares over days, drawn on the server so that it works and
// prints without a script, with the table of the same numbers one tap away.
// Shares are in hundredths of a percent, 0 to 10000: the axis is always whole.
type Curve struct {
	ID    string   // of the heading that names it
	Lines []Line   // the own one first; later ones are dashed
	Span  int      // the last day, counted from the first, which is 0
	Ticks []Tick   // along the days
	End   string   // what the last day is called, such as 截至 08-31
	Head  []string // of the table after the day; as many as a row has cells
	Rows  []CurveRow
}

// Line is one line of a Curve.
type Line struct {
	Name   string // at its end
	Column int    // of the table, that has its shares
	Points []Spot
}

// Spot is a point of a line.
type Spot struct{ Day, Share int }

// Tick is a mark on the axis of days.
type Tick struct {
	Day   int
	Title string
}

// CurveRow is a day in the table.
type CurveRow struct {
	Day   string // 2024-08-31
	Cells []string
}

// drawing is a Curve laid out in a box, in units of the drawing.
type drawing struct {
	Class                    string
	Width, Height            int
	Left, Right, Top, Bottom int // edges of the plot
	c                        *Curve
	every                    int // of the ticks, which one is named
}

// wide and narrow are the two boxes a curve is drawn into; the stylesheet shows
// the one that fits, so that its text is never scaled below reading size.
func (c *Curve) wide() drawing {
	return drawing{"wide", 660, 250, 44, 530, 10, 222, c, c.every(9)}
}

func (c *Curve) narrow() drawing {
	return drawing{"slim", 330, 220, 40, 320, 34, 192, c, c.every(5)}
}

func (c *Curve) every(most int) int { return max(1, (len(c.Ticks)+most-1)/most) }

func (d *drawing) x(day int) float64 {
	return float64(d.Left) + float64(d.Right-d.Left)*float64(day)/float64(max(d.c.Span, 1))
}

func (d *drawing) y(share int) float64 {
	return float64(d.Bottom) - float64(d.Bottom-d.Top)*float64(share)/10000
}

func (d *drawing) viewBox() string {
	return "0 0 " + strconv.Itoa(d.Width) + " " + strconv.Itoa(d.Height)
}

// points of a line, as a polyline has them.
func (d *drawing) points(l *Line) string { return polyline(l.Points, d.x, d.y) }

func polyline(list []Spot, x, y func(int) float64) string {
	var b strings.Builder
	for i, p := range list {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(unit(x(p.Day)) + "," + unit(y(p.Share)))
	}
	return b.String()
}

// unit prints a coordinate to a tenth.
func unit(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

// name is where the name of a line stands: beside its end where there is room,
// on top where there is none, and never over another.
func (d *drawing) name(i int) (x, y string) {
	if d.Class == "slim" {
		return strconv.Itoa(d.Left), strconv.Itoa(13 + 15*i)
	}
	at := d.ends()
	return strconv.Itoa(d.Right + 10), unit(at[i])
}

// ends are the heights of the names beside the ends of the lines, parted by at
// least a line of text.
func (d *drawing) ends() []float64 {
	const line = 17
	out := make([]float64, len(d.c.Lines))
	for i := range d.c.Lines {
		if n := len(d.c.Lines[i].Points); n > 0 {
			out[i] = d.y(d.c.Lines[i].Points[n-1].Share) + 4
		}
	}
	for i := 1; i < len(out); i++ {
		switch gap := out[i] - out[i-1]; {
		case gap >= 0 && gap < line:
			out[i] = out[i-1] + line
		case gap < 0 && gap > -line:
			out[i] = out[i-1] - line
		}
	}
	return out
}

// last is the own line's last point; false if there is none.
func (c *Curve) last() (Spot, bool) {
	if len(c.Lines) == 0 || len(c.Lines[0].Points) == 0 {
		return Spot{}, false
	}
	return c.Lines[0].Points[len(c.Lines[0].Points)-1], true
}

// column says which line a column of the table belongs to; -1: none.
func (c *Curve) column(at int) int {
	for i := range c.Lines {
		if c.Lines[i].Column == at {
			return i
		}
	}
	return -1
}

// Spark is a small line without axes beside a number: its shape only.
type Spark struct{ Points []Spot }

const sparkWidth, sparkHeight = 84, 30

func (s Spark) points() string {
	x, y := s.scale()
	return polyline(s.Points, x, y)
}

// end is where the line ends.
func (s Spark) end() (x, y string) {
	fx, fy := s.scale()
	p := s.Points[len(s.Points)-1]
	return unit(fx(p.Day)), unit(fy(p.Share))
}

// scale lays the line into its box. It says nothing of amounts, so it may begin
// at its least; a flat line stays flat: a percent is the least that fills the box.
func (s Spark) scale() (x, y func(int) float64) {
	first, last := s.Points[0].Day, s.Points[len(s.Points)-1].Day
	lo, hi := s.Points[0].Share, s.Points[0].Share
	for _, p := range s.Points {
		lo, hi = min(lo, p.Share), max(hi, p.Share)
	}
	hi = max(hi, lo+100)
	x = func(day int) float64 { return 3 + float64(sparkWidth-6)*float64(day-first)/float64(max(last-first, 1)) }
	y = func(share int) float64 {
		return float64(sparkHeight-3) - float64(sparkHeight-6)*float64(share-lo)/float64(hi-lo)
	}
	return x, y
}
