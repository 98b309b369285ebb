package report

import (
	"strings"
	"testing"
)

// headingsOf are the headings of a document and, in brackets, its tables, in order.
func headingsOf(d Document) string {
	var out []string
	for _, b := range d.Blocks {
		switch {
		case b.Heading != nil:
			out = append(out, b.Heading.Text)
		case b.Table != nil:
			out = append(out, "["+b.Table.ID+"]")
		}
	}
	return strings.Join(out, " ")
}

// TestEmptySections: a section of which every line fell away goes too, a chapter stays.
func TestEmptySections(t *testing.T) {
	_, d := composed(t, "# 一、甲\n## （一）有\n共{n}人\n## （二）无\n{n level=无此层次}人\n### 1. 无\n[level=无此层次] 一句\n## （三）套\n### 2. 有\n共{n}人\n# 二、乙\n{n level=无此层次}人\n# 三、丙")
	if got, want := headingsOf(d), "一、甲 （一）有 （三）套 2. 有 二、乙 三、丙"; got != want {
		t.Errorf("%s, not %s", got, want)
	}
}

// TestAppendixAnywhere: numbers that come behind the appendix stand in it all the same.
func TestAppendixAnywhere(t *testing.T) {
	_, d := composed(t, "# 一、甲\n共{n}人\n# 附录\n@appendix\n# 二、乙\n本科{n level=本科}人")
	if got := headingsOf(d); got != "一、甲 附录 [provenance] [snapshots] 二、乙" {
		t.Error(got)
	}
	for _, b := range d.Blocks {
		if b.Table != nil && b.Table.ID == provenance && len(b.Table.Body) != 2 {
			t.Errorf("%d numbers in the appendix", len(b.Table.Body))
		}
	}
}

// TestOneNumberHoweverSpelt: a column by name and by id is one number.
func TestOneNumberHoweverSpelt(t *testing.T) {
	_, d := composed(t, "# 一、甲\n{% destination.settled level=本科}、{% destination.毕业去向落实率 level=undergraduate}")
	if len(d.Numbers) != 1 || d.Numbers[0].Cell != "settled" || d.Numbers[0].Where[0] != "学历层次=本科" {
		t.Errorf("%+v", d.Numbers)
	}
}

func TestTodo(t *testing.T) {
	_, d := composed(t, "# 一、甲\n{todo 走访家数}")
	s := d.Blocks[1].Paragraph.Spans[0]
	if s.Text != "〔待学校填写：走访家数〕" || s.Number != 0 {
		t.Errorf("%+v", s)
	}
}
