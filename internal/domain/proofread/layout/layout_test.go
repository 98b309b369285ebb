package layout

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"

	"quxiang/internal/domain/proofread"
)

// report reads one of the reference texts, which stand beside the repository.
func report(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile("../../../../../shared/reference/reports/" + name)
	if err != nil {
		t.Skip("the reference reports are not beside the repository: ", err)
	}
	return string(b)
}

// show prints a table for comparison: ^ marks what repeats another cell.
func show(t *proofread.Table) string {
	var b strings.Builder
	for i, r := range t.Cells {
		for c, cell := range r {
			if c > 0 {
				b.WriteString(" | ")
			}
			if cell.Merged {
				b.WriteByte('^')
			}
			b.WriteString(cell.Text)
		}
		b.WriteByte('\n')
		if i+1 == t.Head {
			b.WriteString("---\n")
		}
	}
	return b.String()
}

func tables(blocks []proofread.Block) []*proofread.Table {
	var out []*proofread.Table
	for _, b := range blocks {
		if b.Table != nil {
			out = append(out, b.Table)
		}
	}
	return out
}

// wantTable compares the only table of a text.
func wantTable(t *testing.T, text, want string) {
	t.Helper()
	got := tables(Blocks(Lines(text)))
	if len(got) != 1 {
		t.Fatalf("%d tables in\n%s", len(got), text)
	}
	if s := show(got[0]); strings.TrimSpace(s) != strings.TrimSpace(want) {
		t.Errorf("got\n%swant\n%s", s, strings.TrimLeft(want, "\n"))
	}
}

// TestNothingLost: every visible rune of the source stands in exactly one block, at the
// place that its span says.
func TestNothingLost(t *testing.T) {
	for _, name := range []string{"tmu_2024.txt", "hust_ug_2020.txt", "xijing_2023.txt"} {
		t.Run(name, func(t *testing.T) { nothingLost(t, report(t, name)) })
	}
}

func nothingLost(t *testing.T, text string) {
	t.Helper()
	lines := Lines(text)
	left := map[string]int{} // line and rune → how often
	at := map[[2]int]rune{}
	for _, l := range lines {
		for i, r := range []rune(l.Text) {
			if !unicode.IsSpace(r) && r != '|' {
				at[[2]int{l.Place.Line, l.Place.Rune + i}] = r
				left[fmt.Sprint(l.Place.Line, ":", l.Place.Rune+i)]++
			}
		}
	}
	take := func(s string, spans []proofread.Span) {
		for i, r := range []rune(s) {
			if unicode.IsSpace(r) || r == '|' {
				continue
			}
			p := proofread.At(spans, i)
			if at[[2]int{p.Line, p.Rune}] != r {
				t.Fatalf("%q: rune %d %q is said to stand at line %d, rune %d, where %q stands", s, i, r, p.Line, p.Rune, at[[2]int{p.Line, p.Rune}])
			}
			left[fmt.Sprint(p.Line, ":", p.Rune)]--
		}
	}
	for _, b := range Blocks(lines) {
		take(b.Text, b.Spans)
		if b.Table == nil {
			continue
		}
		taken := map[proofread.Place]bool{}
		for _, r := range b.Table.Cells {
			if len(r) != len(b.Table.Cells[0]) {
				t.Errorf("a table's rows have %d and %d cells", len(b.Table.Cells[0]), len(r))
			}
			for _, c := range r {
				if printed(c, taken) {
					take(c.Text, c.Spans)
				}
			}
		}
	}
	var wrong []string
	for k, n := range left {
		if n != 0 {
			wrong = append(wrong, k)
		}
	}
	slices.Sort(wrong)
	if len(wrong) > 0 {
		t.Errorf("%d runes are in no block or in two: %v", len(wrong), wrong[:min(len(wrong), 20)])
	}
}

// printed tells a cell that stands in the source from one that repeats another.
func printed(c proofread.Cell, seen map[proofread.Place]bool) bool {
	at := proofread.At(c.Spans, 0)
	again := c.Merged && seen[at]
	seen[at] = true
	return !again
}

func TestTabs(t *testing.T) {
	wantTable(t, "表 1-1 去向\n学历\t总数\t单位 (%)\t\t其他 (%)\n\t\t三级\t二级\t\n本科\t10\t50.00\t20.00\t30.00\n硕士\t5\t20.00\t40.00\t40.00\n", `
学历 | 总数 | 单位 (%) | ^单位 (%) | 其他 (%)
^学历 | ^总数 | 三级 | 二级 | ^其他 (%)
---
本科 | 10 | 50.00 | 20.00 | 30.00
硕士 | 5 | 20.00 | 40.00 | 40.00`)
	wantTable(t, "学院\t专业\t人数\n甲学院\t子\t3\n\t丑\t4\n小计\t小计\t7\n", `
学院 | 专业 | 人数
---
甲学院 | 子 | 3
^甲学院 | 丑 | 4
小计 | 小计 | 7`)
	wantTable(t, "| 年份 | 人数 |\n|---|---|\n| 2023 | 5 |\n| 2024 | 6 |\n", "年份 | 人数\n---\n2023 | 5\n2024 | 6")
}

func TestParagraphs(t *testing.T) {
	text := "第一章 基本情况\n" +
		"  毕业生分布于十个学院，其中人数排名前三的学院分别为甲学院（1164 人，占比 21.67%\n" +
		"）\n" +
		"      、乙学院（870 人，占比 16.20%），其余各学院的人数都在五百人以下，这里不再一一\n" +
		"列出。\n" +
		"  第二段从这里开始，它也有很长的一行，一直写到这一页的右边为止，然后换到下一行继\n" +
		"续写完这句话。\n" +
		"  第三段从这里开始，它也有很长的一行，一直写到这一页的右边为止，然后换到下一行写\n" +
		"完。\n表 1-2 显示，这不是表题。\n"
	var got []string
	for _, b := range Blocks(Lines(text)) {
		got = append(got, b.Text)
	}
	want := []string{"第一章 基本情况",
		"毕业生分布于十个学院，其中人数排名前三的学院分别为甲学院（1164 人，占比 21.67%）、乙学院（870 人，占比 16.20%），其余各学院的人数都在五百人以下，这里不再一一列出。",
		"第二段从这里开始，它也有很长的一行，一直写到这一页的右边为止，然后换到下一行继续写完这句话。",
		"第三段从这里开始，它也有很长的一行，一直写到这一页的右边为止，然后换到下一行写完。", "表 1-2 显示，这不是表题。"}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestCaptions(t *testing.T) {
	for text, want := range map[string]string{"表 1-1 就业情况": "1-1", "表1- 1 分布": "1-1", "表2.3 各院": "2.3", "续表 3-2 升学": "3-2", "图 2—4 流向": "2-4", "附表 1 名单": "1", "表一 规模": "一"} {
		if n, _, ok := captionOf(text); !ok || n != want {
			t.Errorf("%s: number %q, caption %v; want %q", text, n, ok, want)
		}
	}
	for _, text := range []string{"表 1-1 显示，本科生最多", "表1-3中，本科生占 29%。", "表明", "图书馆", "表 1-1、表 1-2"} {
		if n, _, ok := captionOf(text); ok {
			t.Errorf("%s: taken as a caption with number %q", text, n)
		}
	}
}

func TestContents(t *testing.T) {
	blocks := Blocks(Lines("目录\n一、规模 ........ 1\n（一）毕业生规\n模与结构 ..... 2\n图1-1 分布 …………… 3\n二、去向  7\n\n一、规模\n毕业生共 10 人。\n"))
	kinds := map[proofread.Kind]int{}
	for _, b := range blocks {
		kinds[b.Kind]++
	}
	if kinds[proofread.Heading] != 1 || kinds[proofread.Paragraph] != 1 {
		t.Errorf("contents are read as text: %v", blocks)
	}
}

// TestPageFoot: a table goes on below a page number and the running head.
func TestPageFoot(t *testing.T) {
	text := "表 3-1 省份分布\n省份\t人数\t比例（%）\n甲省\t1204\t44.38\n乙省\t388\t14.30\n— 12 —\n某某大学2024届毕业生就业质量年度报告\n丙省\t301\t11.09\n合计\t2713\t100.00\n"
	got := tables(Blocks(Lines(text)))
	if len(got) != 1 || !strings.HasSuffix(show(got[0]), "丙省 | 301 | 11.09\n合计 | 2713 | 100.00\n") {
		t.Errorf("%d tables: %s", len(got), show(got[0]))
	}
	for s, want := range map[string]bool{"— 12 —": true, "-3-": true, "第 3 页": true, "第3页 共 9 页": true, "-3": false, "12": false, "—": false, "- -": false, "101-150": false} {
		if isPageFoot(s) != want {
			t.Errorf("%q: %v", s, !want)
		}
	}
}
