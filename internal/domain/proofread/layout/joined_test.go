package layout

import (
	"strings"
	"testing"

	"quxiang/internal/domain/proofread"
)

// placed is a line of a page, its words as one stretch from the margin on.
func placed(text string, line int) Line {
	n := len([]rune(text))
	return Line{Text: text, Place: proofread.Place{Page: 1, Line: line}, Top: line * 20, Words: []Word{{From: 0, To: n, Left: 100, Right: 100 + 20*n}}}
}

// TestFewLongLines: on a page with too few long lines to know how wide text is set, a
// full line that ends no sentence goes on; one that does, or a short one, does not.
func TestFewLongLines(t *testing.T) {
	first := "二〇二二届毕业生毕业去向落实率为百分之八十六，本科毕业生毕业去向落实率为百分之八十六，硕士毕业生"
	var got []string
	for _, b := range Blocks([]Line{placed(first, 1), placed("毕业去向落实率为百分之八十八。", 2), placed("学校高度重视就业工作。", 3), placed("没有句号的短行", 4), placed("另一行", 5)}) {
		got = append(got, b.Text)
	}
	want := []string{first + "毕业去向落实率为百分之八十八。", "学校高度重视就业工作。", "没有句号的短行", "另一行"}
	if len(got) != len(want) {
		t.Fatalf("%q", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%q, not %q", got[i], want[i])
		}
	}
}

// TestJustified: a line with spaces between its characters has fewer of them and ends where
// the others end: it goes on.
func TestJustified(t *testing.T) {
	full := "二〇二二届毕业生毕业去向落实率为百分之八十六，本科毕业生毕业去向落实率为百分之八十六，硕士毕业"
	var lines []Line
	for i := range 4 {
		lines = append(lines, placed(full, i+1))
	}
	spread := placed("分学历来看毕业生就业职位类别主要为工程技术人员（50人，占比", 5)
	spread.Words[0].Right = lines[0].Words[0].Right
	lines = append(lines, spread, placed("26.88%）、其他人员。", 6))
	blocks := Blocks(lines)
	if got := blocks[len(blocks)-1].Text; !strings.HasSuffix(got, "占比26.88%）、其他人员。") {
		t.Errorf("%q", got)
	}
	lines[4].Words[0].Right -= 100
	if blocks = Blocks(lines); blocks[len(blocks)-1].Text != lines[5].Text {
		t.Errorf("a short line goes on: %q", blocks[len(blocks)-1].Text)
	}
}
