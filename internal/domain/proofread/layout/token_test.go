package layout

import (
	"fmt"
	"strings"
	"testing"

	"quxiang/internal/domain/proofread"
)

func lines(s string) string { return strings.Join(strings.Fields(s), "\n") + "\n" }

func TestTokens(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"one label": {"表2-1 去向分布\n" + lines("统计指标 人数 比例（%） 落实去 向人数 64 93.19 升学 4 5.80 合计 69 100.00") + "\n其后的文字。\n", `
统计指标 | 人数 | 比例（%）
---
落实去向人数 | 64 | 93.19
升学 | 4 | 5.80
合计 | 69 | 100.00`},
		"groups and broken labels": {"表2-3 各专业落实率\n" + lines(`院系 专业 总人 数 毕业 去向 落实 率 升学率
数学与统计学院 数学与应用数 学 61 86.89 70.49 信息与计算科 学 23 73.91 47.83 小计 84 83.33 64.29
光学与电子信息 学院 电子科学与技 术 137 95.62 — 通信工程 44 95.45 0.00 小计 181 95.58 —
哲学学院 哲学 18 77.78 55.56
合计 283 90.81 40.64`), `
院系 | 专业 | 总人数 | 毕业去向落实率 | 升学率
---
数学与统计学院 | 数学与应用数学 | 61 | 86.89 | 70.49
^数学与统计学院 | 信息与计算科学 | 23 | 73.91 | 47.83
^数学与统计学院 | 小计 | 84 | 83.33 | 64.29
光学与电子信息学院 | 电子科学与技术 | 137 | 95.62 | —
^光学与电子信息学院 | 通信工程 | 44 | 95.45 | 0.00
^光学与电子信息学院 | 小计 | 181 | 95.58 | —
哲学学院 | 哲学 | 18 | 77.78 | 55.56
合计 | ^合计 | 283 | 90.81 | 40.64`},
		"pairs": {"表2-6 院校层次\n" + lines("升学类型 人数 本校 其他高校 人数 比例（%） 人数 比例 （%） 免试研究生 18 12 66.67 6 33.33 录取研究生 10 5 50.00 5 50.00"), `
升学类型 | 人数 | 本校 | ^本校 | 其他高校 | ^其他高校
^升学类型 | ^人数 | 人数 | 比例（%） | 人数 | 比例（%）
---
免试研究生 | 18 | 12 | 66.67 | 6 | 33.33
录取研究生 | 10 | 5 | 50.00 | 5 | 50.00`},
		"ranks": {"表3-1 前三\n" + lines("排序 院校名称 人数 比例（%） 1 甲大学 63 3.77 2 乙大学 51 2.92 2 丙大学 51 2.92 4 丁大学 40 2.30 合计 205 11.91"), `
排序 | 院校名称 | 人数 | 比例（%）
---
1 | 甲大学 | 63 | 3.77
2 | 乙大学 | 51 | 2.92
2 | 丙大学 | 51 | 2.92
4 | 丁大学 | 40 | 2.30
 | 合计 | 205 | 11.91`},
		"a group's sum beside its first row": {"表3-2 单位\n" + lines("类型 企业名称 接收人数 小计 国防 甲公司 18 34 乙公司 16 电力 丙公司 40 70 丁公司 30 通信 戊公司 18 27 己公司 9 总计 131"), `
类型 | 企业名称 | 接收人数 | 小计
---
国防 | 甲公司 | 18 | 34
^国防 | 乙公司 | 16 | 
电力 | 丙公司 | 40 | 70
^电力 | 丁公司 | 30 | 
通信 | 戊公司 | 18 | 27
^通信 | 己公司 | 9 | 
总计 | ^总计 | 131 |`},
		"figures in rows": {"表2-2 构成\n" + lines("协议就 业 灵活 就业 升学 人数 20 3 18 比例 （%） 30.15 4.76 26.82"), `
 | 协议就业 | 灵活就业 | 升学
---
人数 | 20 | 3 | 18
比例（%） | 30.15 | 4.76 | 26.82`},
		"a head printed again": {lines("前文 某某大学年度报告 1 前文 某某大学年度报告 2") + "表4-1 排名\n" + lines("排序 单位名称 就业人数 1 甲公司 63 2 乙公司 51") + lines("某某大学年度报告 3") + lines("排序 单位名称 就业人数 3 丙公司 40 4 丁公司 30") + "\n" + lines("后文 某某大学年度报告 4"), `
排序 | 单位名称 | 就业人数
---
1 | 甲公司 | 63
2 | 乙公司 | 51
3 | 丙公司 | 40
4 | 丁公司 | 30`},
		"the title below": {lines("学历 人数 比例（%） 本科 30 60.00 硕士 20 40.00 合计 50 100.00") + "表1-1 学历分布\n", `
学历 | 人数 | 比例（%）
---
本科 | 30 | 60.00
硕士 | 20 | 40.00
合计 | 50 | 100.00`},
	} {
		t.Run(name, func(t *testing.T) {
			wantTable(t, c.text, c.want)
			nothingLost(t, c.text)
		})
	}
}

// TestNoTokens: runs of tokens that are no table, or of no certain shape.
func TestNoTokens(t *testing.T) {
	for name, text := range map[string]string{
		"labels of a chart": "表述\n69.59%\n30.41%\n10%\n20%\n薪酬\n内容\n图4-4 满意度\n",
		"rows that differ":  "表1-1 分布\n" + lines("学历 人数 比例 本科 3 60 硕士 2 博士 1 2 3 4 其他 7"),
		"counts as shares":  "表1-1 分布\n" + lines("学历 落实率 升学率 本科 300 61 硕士 200 40 博士 10 4"),
	} {
		if got := tables(Blocks(Lines(text))); len(got) > 0 {
			t.Errorf("%s: read as a table\n%s", name, show(got[0]))
		}
		nothingLost(t, text)
	}
}

// TestTokenReport: every table of a real report of one token a line, by number, rows
// and columns.
func TestTokenReport(t *testing.T) {
	want := `2-1 9x3 2-2 3x10 2-3 130x10 2-4 40x6 2-5 11x4 2-6 5x10 2-7 11x6 2-8 3x6 2-9 11x4 2-10 11x4 2-11 11x4 2-12 13x4 2-13 35x13 2-14 11x9 2-15 59x4 2-16 4x3
2-17 11x4 2-18 11x4 2-19 16x4 2-20 5x3 3-1 5x3 3-2 4x3 3-3 13x4 3-4 2x7 3-5 2x7 3-6 2x7 3-7 2x8 3-9 2x6 3-10 11x8 3-11 2x7 4-1 3x6 4-2 2x6 4-3 2x6 4-4 2x6`
	var got []string
	number := ""
	for _, b := range Blocks(Lines(report(t, "hust_ug_2020.txt"))) {
		if b.Kind == proofread.Caption {
			number, _, _ = captionOf(b.Text)
		}
		if b.Table != nil {
			got = append(got, fmt.Sprintf("%s %dx%d", number, len(b.Table.Cells), len(b.Table.Cells[0])))
			if b.Table.Head == 0 {
				t.Errorf("table %s has no head", number)
			}
		}
	}
	if strings.Join(got, " ") != strings.Join(strings.Fields(want), " ") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, " "), want)
	}
}

// TestHeadAboveLabels: a head over two rows, with a word above the labels or without; the
// word is no end of the full line above it.
func TestHeadAboveLabels(t *testing.T) {
	line := "毕业生分布于六个院系，其中人数排名前三的依次为外国语学院、商学院和艺术设计学院，共有八百人在其中就读。"
	for _, first := range []string{"学院\n", ""} {
		text := strings.Repeat(line+"\n", 5) + first + "本科毕业生\n专科毕业生\n人数\n占比\n人数\n占比\n外国语学院\n1308\n24.95%\n533\n25.42%\n商学院\n333\n6.35%\n226\n10.78%\n艺术学院\n1335\n25.47%\n286\n13.64%\n表 1-1 学院分布\n"
		got := tables(Blocks(Lines(text)))
		top := strings.TrimSpace(first)
		want := top + " | 本科毕业生 | ^本科毕业生 | 专科毕业生 | ^专科毕业生\n^" + top + " | 人数 | 占比 | 人数 | 占比\n---\n外国语学院 | 1308 | 24.95% | 533 | 25.42%\n"
		if len(got) != 1 || !strings.HasPrefix(show(got[0]), want) {
			t.Errorf("%q: %d tables: %s", first, len(got), show(got[0]))
		}
	}
}
