package report

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

var printedValue = regexp.MustCompile(`^(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.[0-9]{1,9})?$`)

// Value is a printed number of a chart, such as 82.45 or 1,117; false for a blank, what is
// withheld, and what is below 0.
func Value(text string) (float64, bool) {
	if !printedValue.MatchString(text) {
		return 0, false
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", ""), 64)
	return v, err == nil
}

// Largest is the highest value of a figure; the parts of a stack add up.
func (f *Figure) Largest() float64 {
	var most float64
	for c := range f.Categories {
		var sum float64
		for _, s := range f.Series {
			if c < len(s.Points) {
				v, _ := Value(s.Points[c].Text)
				most = max(most, v)
				sum += v
			}
		}
		if f.Chart == Stacked {
			most = max(most, sum)
		}
	}
	return most
}

// Axis is the axis of a chart's values, from 0 to Top, with a mark at each Step.
type Axis struct{ Top, Step float64 }

// Axis of a figure: four to six steps that end above the largest value; shares that come near
// 100 end there, sums of rounded ones too. All forms of a report draw the same.
func (f *Figure) Axis() Axis {
	most := f.Largest()
	if most <= 0 {
		return Axis{1, 1}
	}
	if f.Unit == "%" && most > 80 && most <= 100.05 {
		return Axis{100, 20}
	}
	raw := most / 4.5
	magnitude := math.Pow(10, math.Floor(math.Log10(raw)))
	step := 10 * magnitude
	for _, m := range []float64{1, 2, 2.5, 5} {
		if m*magnitude >= raw {
			step = m * magnitude
			break
		}
	}
	if f.Unit == "人" {
		step = math.Max(step, 1)
	}
	top, _ := strconv.ParseFloat(strconv.FormatFloat(math.Ceil(most/step-1e-9)*step, 'g', 12, 64), 64) // 0.4, not 0.4000…01
	return Axis{top, step}
}

// Marks are the values at which the axis has one.
func (a Axis) Marks() []float64 {
	var out []float64
	for i := 0; float64(i)*a.Step <= a.Top*1.0001; i++ {
		out = append(out, float64(i)*a.Step)
	}
	return out
}

// Paint is the colour of a series, RRGGBB.
type Paint struct {
	Fill string // of columns and slices
	Line string // of lines, which are thin: dark enough beside white
	Text string // upon Fill
}

// paints differ in lightness as well, for who prints without colours.
var paints = []Paint{
	{"1B4F72", "1B4F72", "FFFFFF"}, {"D9822B", "B4660F", "1A1A1A"}, {"A9CCE3", "2B7A8C", "1A1A1A"}, {"4E7D5B", "4E7D5B", "FFFFFF"},
	{"B9C2C9", "5F6B75", "1A1A1A"}, {"8C3A4A", "8C3A4A", "FFFFFF"}, {"C9B46A", "7A6200", "1A1A1A"}, {"5E5A8C", "5E5A8C", "FFFFFF"},
}

// PaintOf is the paint of the n-th series or slice from 0, the same in all forms.
func PaintOf(n int) Paint { return paints[n%len(paints)] }
