package app_test

import (
	"fmt"
	"strings"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/report"
)

func annual(t *testing.T, a *app.App) report.Document {
	t.Helper()
	day, err := calendar.ParseWhen("2024-08-31")
	if err != nil {
		t.Fatal(err)
	}
	d, err := a.Annual.Annual(t.Context(), access.Console("test"), report.Order{Cohort: "2024", AsOf: day})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// said is a document as lines of text.
func said(d report.Document) string {
	var b strings.Builder
	for _, block := range d.Blocks {
		switch {
		case block.Heading != nil:
			fmt.Fprintf(&b, "\n%s %s\n", strings.Repeat("#", block.Heading.Level), block.Heading.Text)
		case block.Paragraph != nil:
			for _, s := range block.Paragraph.Spans {
				b.WriteString(s.Text)
			}
			b.WriteString("\n")
		case block.Table != nil:
			fmt.Fprintf(&b, "%s %s\n", block.Table.Number, block.Table.Caption)
			for _, r := range append(block.Table.Head, block.Table.Body...) {
				for _, c := range r {
					fmt.Fprintf(&b, "%s|", c.Text)
				}
				b.WriteString("\n")
			}
			b.WriteString(strings.Join(block.Table.Notes, "\n") + "\n")
		case block.Figure != nil:
			fmt.Fprintf(&b, "%s %s [%s] %s\n", block.Figure.Number, block.Figure.Caption, block.Figure.Chart, block.Figure.Alt)
		}
	}
	return b.String()
}

func TestAnnualReport(t *testing.T) {
	onDemo(t, 2660, func(t *testing.T, a *app.App) {
		d := annual(t, a)
		text := said(d)
		t.Log(text)
		for _, want := range []string{"毕业生共2660人", "82.45%", "87.86%", "95.25%", "86.47%", "较上一届上升1.38个百分点"} {
			if !strings.Contains(text, want) {
				t.Errorf("%q is not said", want)
			}
		}
		if again := annual(t, a); again.Code != d.Code {
			t.Errorf("the same order gives %s and %s", d.Code, again.Code)
		}
	})
}
