package layout

import (
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
