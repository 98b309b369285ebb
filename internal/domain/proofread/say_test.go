package proofread

import "testing"

func TestSummary(t *testing.T) {
	for want, list := range map[string][]Finding{
		"没有发现前后矛盾的数字。":                nil,
		"发现 1 处（错误 1）。":               {{Severity: Fault}},
		"发现 3 处（错误 2，舍入 1），出自 2 个根源。": {{Severity: Fault, Root: "a"}, {Severity: Rounding, Root: "b"}, {Severity: Fault, Root: "a"}},
		"发现 3 处（口径 1，说法 1，标注 1）。":     {{Severity: Claim}, {Severity: Scope}, {Severity: Label}},
	} {
		if got := Summary(list); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestLine(t *testing.T) {
	for want, f := range map[string]Finding{
		"表 1-1 本科/落实率：印的是 82.63，应为 82.45": {Where: "表 1-1", Cell: "本科/落实率", Printed: "82.63", Expected: "82.45"},
		"表 1-1 合计：印的是 5，对不上":              {Where: "表 1-1", Cell: "合计", Printed: "5"},
		"第二节：比率先降后升。":                     {Where: "第二节", Explanation: "比率先降后升。"},
	} {
		if got := f.Line(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	for _, s := range Severities() {
		if s.Title() == string(s) || s.Meaning() == "" {
			t.Errorf("%s has no words", s)
		}
	}
	if len(Severities()) != len(severities) {
		t.Error("two lists of severities that differ")
	}
}

func TestExtent(t *testing.T) {
	d := Document{Blocks: []Block{{Kind: Heading}, {Kind: Paragraph}, {Kind: Furniture}, {Kind: TableBlock}}}
	if got, want := d.Extent(), "读了 1 张表、2 段文字。"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	d.Unread = "第 3 页没有文字"
	if got, want := d.Extent(), "读了 1 张表、2 段文字；第 3 页没有文字。"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
