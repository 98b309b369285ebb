package layout

import (
	"fmt"
	"strings"
	"testing"

	"quxiang/internal/domain/proofread"
)

func TestDrawnHeads(t *testing.T) {
	wantTable(t, `
                 表 1- 1 学院分布

                硕士毕业生          本科毕业生           合计
      学院
               人数      占比        人数      占比       人数
    机械工程学院     34     14.91%      301    5.94%    335
     会计学院      62     27.19%      803   15.85%    865
    设计艺术学院     -           -      764   15.08%    764
      总计       96     42.10%     1868   36.87%   1964
`, `
学院 | 硕士毕业生 | ^硕士毕业生 | 本科毕业生 | ^本科毕业生 | 合计
^学院 | 人数 | 占比 | 人数 | 占比 | 人数
---
机械工程学院 | 34 | 14.91% | 301 | 5.94% | 335
会计学院 | 62 | 27.19% | 803 | 15.85% | 865
设计艺术学院 | - | - | 764 | 15.08% | 764
总计 | 96 | 42.10% | 1868 | 36.87% | 1964`)
}

func TestDrawnGroups(t *testing.T) {
	wantTable(t, `
                表 2- 1 各专业落实率

                                          毕业去向
   学院           专业           毕业人数
                                           落实率
                甲专业            28       96.43%
   子学院
                乙专业            14       64.29%
        子学院 汇总                42       85.71%
                丙专业及其
                               20       90.00%
                 自动化
   丑学院         丁专业            10       80.00%
                戊专业            30       70.00%
        丑学院 汇总                60       78.33%
            总计                102       81.37%
`, `
学院 | 专业 | 毕业人数 | 毕业去向落实率
---
子学院 | 甲专业 | 28 | 96.43%
^子学院 | 乙专业 | 14 | 64.29%
子学院 汇总 | ^子学院 汇总 | 42 | 85.71%
丑学院 | 丙专业及其自动化 | 20 | 90.00%
^丑学院 | 丁专业 | 10 | 80.00%
^丑学院 | 戊专业 | 30 | 70.00%
丑学院 汇总 | ^丑学院 汇总 | 60 | 78.33%
总计 | ^总计 | 102 | 81.37%`)
}

func TestDrawnOverPages(t *testing.T) {
	wantTable(t, "表 1- 1 地区分布\n  地区      人数     占比\n  甲省      10     50.00%\n  乙省       5     25.00%\n\n1\n\f某某大学年度报告\n表 1- 1 地区分布\n  地区      人数     占比\n  丙省       5     25.00%\n  总计      20    100.00%\n\n2\n\f某某大学年度报告\n一、后文\n\n3\n\f某某大学年度报告\n二、后文\n", `
地区 | 人数 | 占比
---
甲省 | 10 | 50.00%
乙省 | 5 | 25.00%
丙省 | 5 | 25.00%
总计 | 20 | 100.00%`)
}

// TestNoTable: what stands in rows and is none.
func TestNoTable(t *testing.T) {
	for name, text := range map[string]string{
		"labels of a chart":    "              80.81%\n\n66.67% 61.98%\n                            16.12% 16.68%\n    2021 2022 2023          2021 2022 2023\n   图 8- 2 变化趋势\n",
		"two columns of prose": "● 就业数据                     ● 调研数据\n  数据来源于就业数据库 2023           数据来源于第三方开展\n届毕业生就业数据库，涵盖 5372 名    的“调研问\n",
		"rows that disagree":   "表 1-1 分布\n  甲    1   2   3\n  乙      4\n  丙  5        6\n  丁         7\n",
	} {
		if got := tables(Blocks(Lines(text))); len(got) > 0 {
			t.Errorf("%s: read as a table\n%s", name, show(got[0]))
		}
		nothingLost(t, text)
	}
}

// TestDrawnReport: every table of a real report drawn with spaces, by number, rows and
// columns, and the first and last row.
func TestDrawnReport(t *testing.T) {
	want := `1-1 13x9 1-2 18x4 1-3 46x4 1-4 22x4 1-5 29x9 1-6 29x9 1-7 27x4 1-8 21x4 1-9 24x4 1-10 14x4 1-11 18x6 1-12 46x6 1-13 22x6 1-14 34x9 1-15 22x7 1-16 17x5
1-17 45x5 1-18 18x5 1-19 15x7 1-20 20x7 1-21 4x4 2-1 9x3 2-2 12x6 2-3 14x4 2-4 13x6 2-5 9x4 2-6 13x6 2-7 12x4 3-1 18x5 3-2 46x7 3-3 22x5 3-4 7x3 3-5 5x3 3-6 16x3
3-7 36x3 3-8 20x3 3-9 38x6 3-10 39x4 7-1 24x4 7-2 13x12`
	var got []string
	number := ""
	for _, b := range Blocks(Lines(report(t, "xijing_2023.txt"))) {
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
