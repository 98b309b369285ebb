package report

import (
	"fmt"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

func TestValue(t *testing.T) {
	for text, want := range map[string]float64{"0": 0, "0.00": 0, "82.45": 82.45, "1117": 1117, "1,117": 1117, "12,345.60": 12345.6} {
		if got, ok := Value(text); !ok || got != want {
			t.Errorf("%s: %v %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "※", "—", "-1", "1e5", "0x10", "Inf", "NaN", "1,1", "82.45%", " 1"} {
		if got, ok := Value(text); ok {
			t.Errorf("%q is %v", text, got)
		}
	}
}

func TestAxis(t *testing.T) {
	of := func(chart Chart, unit string, values ...string) *Figure {
		f := &Figure{Chart: chart, Unit: unit, Categories: []string{"甲"}}
		for _, v := range values {
			f.Series = append(f.Series, Series{Points: []Point{{Text: v}}})
		}
		return f
	}
	for _, c := range []struct {
		f    *Figure
		want Axis
	}{
		{of(Columns, "%", "81.56", "94.76"), Axis{100, 20}},
		{of(Columns, "%", "58.82", "※"), Axis{60, 20}},
		{of(Stacked, "%", "33.33", "33.33", "33.34"), Axis{100, 20}},
		{of(Stacked, "人", "300", "250"), Axis{600, 200}},
		{of(Bars, "人", "2"), Axis{2, 1}},
		{of(Bars, "人", "1,050", "7"), Axis{1250, 250}},
		{of(Columns, "%", "0.00", ""), Axis{1, 1}},
		{of(Columns, "%", "0.35"), Axis{0.4, 0.1}},
	} {
		if got := c.f.Axis(); fmt.Sprintf("%.6f %.6f", got.Top, got.Step) != fmt.Sprintf("%.6f %.6f", c.want.Top, c.want.Step) {
			t.Errorf("%v: %v, not %v", c.f.Series, got, c.want)
		}
	}
}

// TestAxisHolds: whatever the values are, none is above the axis, and its marks are few.
func TestAxisHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := float64(rapid.IntRange(1, 1<<40).Draw(t, "hundredths")) / 100
		f := &Figure{Chart: Columns, Unit: rapid.SampledFrom([]string{"人", "%"}).Draw(t, "unit"), Categories: []string{"甲"},
			Series: []Series{{Points: []Point{{Text: strconv.FormatFloat(v, 'f', 2, 64)}}}}}
		a := f.Axis()
		if v > a.Top*1.0006 || a.Step <= 0 || a.Top > 2.5*v+1 {
			t.Fatalf("%v has the axis %v", v, a)
		}
		if n := len(a.Marks()); n < 2 || n > 7 {
			t.Fatalf("%v has %d marks", v, n)
		}
	})
}

// TestPaintsDiffer: neighbours differ in lightness too.
func TestPaintsDiffer(t *testing.T) {
	lightness := func(s string) int64 {
		v, err := strconv.ParseInt(s, 16, 64)
		if err != nil {
			t.Fatal(s, err)
		}
		return 3*(v>>16) + 6*(v>>8&255) + v&255
	}
	for n := range len(paints) {
		a, b, text := lightness(PaintOf(n).Fill), lightness(PaintOf(n+1).Fill), lightness(PaintOf(n).Text)
		if max(a-b, b-a) < 250 {
			t.Errorf("paints %d and %d are of one lightness: %d, %d", n, n+1, a, b)
		}
		if max(a-text, text-a) < 700 {
			t.Errorf("text upon paint %d is not read: %d, %d", n, a, text)
		}
		if lightness(PaintOf(n).Line) > 1300 {
			t.Errorf("a line of paint %d is too light", n)
		}
	}
}
