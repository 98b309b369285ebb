package report

import (
	"strings"
	"testing"

	"quxiang/internal/domain/proofread"
)

func TestMarkOf(t *testing.T) {
	m := Mark{"ABCD-EFGH-IJKL-2345", "annual", "1", []string{"report-2024-20240831", "report-2023-20230831-moe-2024"}, true, 37}
	s := m.String()
	d := proofread.Document{Name: "a.pdf", Blocks: []proofread.Block{{Text: "一段"}, {Text: s[:60] + "\n " + s[60:]}}} // a page breaks it where it likes
	got, err := MarkOf(d)
	if err != nil || got.Code != m.Code || !got.Draft || got.Ledger != 37 || strings.Join(got.Snapshots, " ") != strings.Join(m.Snapshots, " ") {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := MarkOf(proofread.Document{Name: "a.pdf", Blocks: []proofread.Block{{Text: "别的报告"}}}); err == nil {
		t.Error("a report of somebody else has a mark")
	}
}

func TestCompare(t *testing.T) {
	of := func(list ...string) proofread.Document {
		d := proofread.Document{Blocks: []proofread.Block{{Kind: proofread.Heading, Text: "一、基本情况"}}}
		for _, s := range list {
			d.Blocks = append(d.Blocks, proofread.Block{Text: s})
		}
		return d
	}
	printed := of("甲 1117 人", "乙", "丙", "丁")
	for _, c := range []struct {
		name string
		file proofread.Document
		want []string
	}{
		{"the same", of("甲 1117 人", "乙", "丙", "丁"), nil},
		{"blanks", of("甲1117人", "乙", "丙", "丁"), nil},
		{"a digit", of("甲 1118 人", "乙", "丙", "丁"), []string{"一、基本情况：应为“甲1117人”，文件中是“甲1118人”"}},
		{"less", of("甲 1117 人", "乙", "丁"), []string{"一、基本情况：应为“丙”，没有了"}},
		{"more", of("甲 1117 人", "乙", "丙", "戊", "丁"), []string{"一、基本情况：多出“戊”"}},
		{"two", of("甲", "乙", "丙", "己"), []string{"一、基本情况：应为“甲1117人”，文件中是“甲”", "一、基本情况：应为“丁”，文件中是“己”"}},
	} {
		got := Compare(c.file, printed)
		if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
			t.Errorf("%s: %q, not %q", c.name, got, c.want)
		}
	}
}

// Heads and feet are compared; the number of a page behind an entry of the contents is not,
// since programs count it anew.
func TestCompareFurniture(t *testing.T) {
	of := func(text string) proofread.Document {
		return proofread.Document{Blocks: []proofread.Block{{Kind: proofread.Furniture, Text: text}}}
	}
	if got := Compare(of("一、2024届概况\t13"), of("一、2024届概况\t12")); len(got) > 0 {
		t.Errorf("a page counted anew is a change: %q", got)
	}
	if got := Compare(of("一、2023届概况\t12"), of("一、2024届概况\t12")); len(got) != 1 {
		t.Errorf("a changed entry is not named: %q", got)
	}
}
