package report

import (
	"strings"
	"testing"
)

// firstText is what the first paragraph says; blank where it fell away.
func firstText(d Document) string {
	for _, b := range d.Blocks {
		if b.Paragraph != nil && b.Paragraph.Kind == Body {
			return textOf(b.Paragraph.Spans)
		}
	}
	return ""
}

// TestMoves: groups are named in the table's order, and those that are too small in either
// cohort are not.
func TestMoves(t *testing.T) {
	for text, want := range map[string]string{
		"{rose % destination.study by=level least=30}":     "本科（上升0.71个百分点）、硕士（上升0.68个百分点）、博士（上升0.25个百分点）",
		"{rose % destination.study by=level least=1000}":   "本科（上升0.71个百分点）、硕士（上升0.68个百分点）",
		"{rose % destination.study by=level least=301}":    "本科（上升0.71个百分点）、硕士（上升0.68个百分点）",
		"{rose % destination.study by=level least=2000}":   "",
		"{fell % destination.study by=level least=30}":     "",
		"{fell % destination.seeking by=level least=30}":   "本科（下降0.63个百分点）、硕士（下降0.17个百分点）、博士（下降1.92个百分点）",
		"{rose % destination.settled by=level least=1200}": "",
	} {
		_, d := composed(t, "# 一、甲\n"+text)
		if got := firstText(d); got != want {
			t.Errorf("%s: %q, not %q", text, got, want)
		}
		if n := 2 * strings.Count(want, "（"); len(d.Numbers) != n {
			t.Errorf("%s: %d numbers in the appendix, not %d", text, len(d.Numbers), n)
		}
	}
}

func TestRefusedVerbs(t *testing.T) {
	for text, want := range map[string]string{"{concentration destination n=0}": "应为正整数", "{activity weather}": "people（本人提交去向登记的毕业生人数）", "{stage now}": "first"} {
		tmpl, err := ParseTemplate("t", "1", "# 一、甲\n"+text)
		if err == nil {
			_, err = Compose(t.Context(), tmpl, Subject{School: "甲大学", Cohort: "2024"}, school)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
