package chart

import (
	"regexp"
	"strconv"
	"strings"

	"quxiang/internal/domain/report"
)

var printedNumber = regexp.MustCompile(`^-?(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.[0-9]{1,9})?$`)

// Plotted is a point of a chart: its value as XML writes it and the format that prints it as
// it is printed.
type Plotted struct{ Value, Format string }

// Plot reads a printed number; false for a blank and for what is withheld.
func Plot(text string) (Plotted, bool) {
	if !printedNumber.MatchString(text) {
		return Plotted{}, false
	}
	p := Plotted{Value: strings.ReplaceAll(text, ",", ""), Format: "0"}
	if p.Value != text {
		p.Format = "#,##0"
	}
	if _, decimals, ok := strings.Cut(text, "."); ok {
		p.Format += "." + strings.Repeat("0", len(decimals))
	}
	return p, true
}

// number is the value; 0 where there is none.
func (p Plotted) number() float64 {
	n, _ := strconv.ParseFloat(p.Value, 64)
	return n
}

// same is true if the other format prints the value as its own does.
func (p Plotted) same(format string) bool {
	if p.Format == format {
		return true
	}
	whole, _, _ := strings.Cut(strings.TrimPrefix(p.Value, "-"), ".")
	return len(whole) <= 3 && strings.TrimPrefix(p.Format, "#,##") == strings.TrimPrefix(format, "#,##")
}

// seriesFormat is the format that prints most points of a series; the first of equals.
func seriesFormat(s report.Series) string {
	best, most := "General", 0
	for _, a := range s.Points {
		of, ok := Plot(a.Text)
		n := 0
		for _, b := range s.Points {
			if p, shown := Plot(b.Text); ok && shown && p.same(of.Format) {
				n++
			}
		}
		if n > most {
			best, most = of.Format, n
		}
	}
	return best
}

// Column is the letters of a column counted from 0.
func Column(n int) string {
	if n < 26 {
		return string(rune('A' + n))
	}
	return Column(n/26-1) + Column(n%26)
}

// PointOf is the n-th of a series; false where there is nothing to show.
func PointOf(s report.Series, n int) (Plotted, bool) {
	if n >= len(s.Points) {
		return Plotted{}, false
	}
	return Plot(s.Points[n].Text)
}
