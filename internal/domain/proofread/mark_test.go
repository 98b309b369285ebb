package proofread

import (
	"fmt"
	"strings"
	"testing"
)

func TestStretch(t *testing.T) {
	for name, c := range map[string]struct {
		text    string
		at      int
		printed string
		want    string
	}{
		"at the place":            {"本科 82.63%，硕士 82.63%", 13, "82.63", "13:82.63"},
		"after the place":         {"落实率为 82.63%", 0, "82.63", "5:82.63"},
		"grouped digits":          {"共 1,117 人", 2, "1117", "2:1,117"},
		"not a part of another":   {"182.63 和 82.63", 0, "82.63", "9:82.63"},
		"not the head of another": {"17.5 与 17 人", 0, "17", "7:17"},
		"another way of printing": {"占 82.630%", 2, "82.63", "2:82.630%"},
		"none: the words":         {"逐年稳步增长，", 0, "", "0:逐年稳步增长"},
		"beyond the end":          {"甲", 9, "5", "0:甲"},
		"nothing":                 {"", 0, "5", "0:"},
	} {
		text := []rune(c.text)
		from, to := Stretch(text, c.at, c.printed)
		if got := fmt.Sprintf("%d:%s", from, string(text[from:to])); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestMarks: a figure is found in the paragraph, over the lines that were joined, and in
// the first of merged cells; what has no place has no mark.
func TestMarks(t *testing.T) {
	d := Document{Blocks: []Block{
		{Text: "本科 82.63%，研究生 91.00%", Spans: []Span{{0, Place{Line: 3}}, {10, Place{Line: 4}}}},
		{Kind: TableBlock, Table: &Table{Cells: [][]Cell{{
			{Text: "学历", Spans: []Span{{0, Place{Line: 6}}}},
			{Text: "1,117", Spans: []Span{{0, Place{Line: 6, Rune: 3}}}},
			{Text: "1,117", Merged: true, Spans: []Span{{0, Place{Line: 6, Rune: 3}}}},
		}}}},
	}}
	list := []Finding{
		{Printed: "1117", Place: Place{Line: 6, Rune: 3}},
		{Printed: "91.00", Place: Place{Line: 4, Rune: 4}},
		{Printed: "82.63", Place: Place{Line: 3, Rune: 3}},
		{Printed: "82.63"},
		{Printed: "82.63", Place: Place{Line: 99}},
	}
	got := fmt.Sprint(Marks(d, list))
	if want := "[{2 0 0 0 3 8} {1 0 0 0 14 19} {0 1 0 1 0 5}]"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestPieces: pieces together are the text, and overlapping marks share theirs.
func TestPieces(t *testing.T) {
	list := Pieces("本科 82.63%", []Mark{{Finding: 0, From: 3, To: 8}, {Finding: 1, From: 0, To: 9}, {Finding: 2, From: 3, To: 8}})
	var all strings.Builder
	for _, p := range list {
		all.WriteString(p.Text)
	}
	if all.String() != "本科 82.63%" || len(list) != 3 || fmt.Sprint(list[1].Findings) != "[0 1 2]" || fmt.Sprint(list[2].Findings) != "[1]" || fmt.Sprint(list[0].Ends, list[1].Ends, list[2].Ends) != "[] [0 2] [1]" {
		t.Errorf("pieces %+v", list)
	}
}

func TestReach(t *testing.T) {
	a, b, m := Cell{Text: "单位"}, Cell{Text: "5"}, Cell{Text: "单位", Merged: true}
	table := &Table{Cells: [][]Cell{{a, m, b}, {m, m, b}, {b, b, b}}}
	for at, want := range map[[2]int][2]int{{0, 0}: {2, 2}, {0, 2}: {1, 1}, {2, 0}: {1, 1}} {
		if cols, rows := table.Reach(at[0], at[1]); cols != want[0] || rows != want[1] {
			t.Errorf("%v reaches %d × %d", at, cols, rows)
		}
	}
}
