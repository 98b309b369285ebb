package layout

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
	"unicode"

	"quxiang/internal/domain/proofread"
)

// FuzzBlocks: no text makes it panic or hang, every table is a rectangle, and no visible
// rune is lost or doubled.
func FuzzBlocks(f *testing.F) {
	f.Add("表 1-1 去向\n学历\t人数\n本科\t10\n硕士\t5\n")
	f.Add("| a | b |\n|---|---|\n| 1 | 2 |\n")
	f.Add("        表 1- 1 分布\n  学院      人数     占比\n  甲      10     50.00%\n  乙       5     25.00%\n\f 2023\n表 1- 1 分布\n  学院      人数     占比\n  丙       5     25.00%\n")
	f.Add("表2-3 落实率\n院系\n专业\n人数\n比例\n（%）\n子学院\n甲\n10\n50.00\n乙\n5\n25.00\n小计\n15\n75.00\n")
	f.Add("目录\n一、概况 ...... 1\n第一章 概况\n（一）规模\n注：一\n")
	f.Add("技术（升学 3 人）          （升学 1 人，\n                            、电子\n升学率 16.67%）\n          。\n")
	f.Add("|甲||\n|1|\f|") // what stands alone at a page's head is its number
	f.Add("|0|\n||...")   // a line of a table of contents
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 20000 {
			return
		}
		checkBlocks(t, text)
	})
}

func checkBlocks(t *testing.T, text string) {
	t.Helper()
	visible := func(s string) (n int) {
		for _, r := range s {
			if !unicode.IsSpace(r) && !strings.ContainsRune("|-:", r) {
				n++
			}
		}
		return n
	}
	want, got := 0, 0
	lines := Lines(text)
	for _, l := range lines {
		want += visible(l.Text)
	}
	for _, b := range Blocks(lines) {
		got += visible(b.Text)
		if b.Table == nil {
			continue
		}
		if b.Table.Head < 0 || b.Table.Head > len(b.Table.Cells) {
			t.Errorf("%d of %d rows are head", b.Table.Head, len(b.Table.Cells))
		}
		seen := map[proofread.Place]bool{}
		for _, r := range b.Table.Cells {
			if len(r) != len(b.Table.Cells[0]) {
				t.Errorf("rows of %d and %d cells", len(r), len(b.Table.Cells[0]))
			}
			for _, c := range r {
				if printed(c, seen) {
					got += visible(c.Text)
				}
			}
		}
	}
	if got != want {
		t.Errorf("%d visible runes came out of %d", got, want)
	}
}

// TestPlacedNothingLost: the same of lines whose words have places.
func TestPlacedNothingLost(t *testing.T) {
	var lines []Line
	for i, s := range strings.Split("表 1-1 分布\n学院 人数 占比\n甲学院 10 50.00%\n乙学院 5 25.00%\n其后的话。", "\n") {
		l := Line{Text: s, Place: proofread.Place{Page: 1, Line: i + 1}, Top: i * 12}
		at := 0
		for k, w := range strings.Split(s, " ") {
			n := len([]rune(w))
			l.Words = append(l.Words, Word{at, at + n, k * 100, k*100 + 10*n})
			at += n + 1
		}
		lines = append(lines, l)
	}
	got := tables(Blocks(lines))
	if len(got) != 1 || show(got[0]) != "学院 | 人数 | 占比\n---\n甲学院 | 10 | 50.00%\n乙学院 | 5 | 25.00%\n" {
		t.Errorf("got %d tables %s", len(got), show(got[0]))
	}
}

// TestLong: two hundred pages in each form, and texts made to be slow, within the time.
func TestLong(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	row := func(i int, sep string) string {
		return fmt.Sprintf("%s第%d学院%s%d%s%d.50%%%s%d\n", strings.Repeat(" ", 4), i, sep, i*7%900, sep, i%99, sep, i)
	}
	build := func(pages, rows int, head, sep string) string {
		var b strings.Builder
		for p := range pages {
			fmt.Fprintf(&b, "某某大学年度报告\n表 %d-1 分布\n%s", p+1, head)
			for i := range rows {
				b.WriteString(row(i+p, sep))
			}
			b.WriteString("毕业生的就业情况如上表所示，其中第一学院最多，第二学院次之，其余各学院的人数都比较少。\n\f")
		}
		return b.String()
	}
	for name, text := range map[string]string{
		"drawn":             build(200, 40, "    学院         人数      占比      排名\n", "      "),
		"tabs":              build(200, 40, "学院\t人数\t占比\t排名\n", "\t"),
		"tokens":            build(200, 30, "学院\n人数\n占比\n排名\n", "\n"),
		"a long run":        strings.ReplaceAll(build(1, 6000, "", "\n"), "\f", ""),
		"a long drawing":    strings.ReplaceAll(build(1, 20000, "", "      "), "\f", ""),
		"rows that differ":  strings.Repeat("甲   1   2\n乙  3      4   5\n   丙\n 6\n", 5000),
		"words in rows":     strings.Repeat("甲乙      丙丁      戊己      12\n", 20000),
		"short words":       strings.Repeat("甲\n乙\n丙\n", 50000),
		"figures":           "表 1-1 分布\n" + strings.Repeat("12\n3.4\n", 50000),
		"repeated captions": strings.Repeat("表 1-1 分布\n学院\n人数\n", 20000),
	} {
		t.Run(name, func(t *testing.T) {
			begun := time.Now()
			checkBlocks(t, text)
			if d := time.Since(begun); d > 20*time.Second {
				t.Errorf("took %v", d)
			} else if os.Getenv("QUXIANG_TIMES") != "" {
				t.Log(d)
			}
		})
	}
}
