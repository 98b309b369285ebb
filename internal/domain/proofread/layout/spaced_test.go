package layout

import "testing"

// TestSpaced: a row a line, one space between its cells.
func TestSpaced(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"two rows of heads": {`表 1-1 毕业生学院分布
硕士毕业生 本科毕业生 合计
学院
人数 占比 人数 占比 人数 占比
机械工程学院 34 14.91% 301 5.94% 335 6.33%
会计学院 - - 803 15.85% 803 16.20%
总计 34 100.00% 1104 100.00% 1138 100.00%
`, `
学院 | 硕士毕业生 | ^硕士毕业生 | 本科毕业生 | ^本科毕业生 | 合计 | ^合计
^学院 | 人数 | 占比 | 人数 | 占比 | 人数 | 占比
---
机械工程学院 | 34 | 14.91% | 301 | 5.94% | 335 | 6.33%
会计学院 | - | - | 803 | 15.85% | 803 | 16.20%
总计 | 34 | 100.00% | 1104 | 100.00% | 1138 | 100.00%`},
		"groups between their rows": {`表 1-2 专业分布
学院 专业 人数 占比
机械 27 11.84%
机械工程学院
电子信息 7 3.07%
机械工程学院 汇总 34 14.91%
土木工程学院 土木水利 44 19.30%
土木工程学院 汇总 44 19.30%
总计 78 34.21%
`, `
学院 | 专业 | 人数 | 占比
---
机械工程学院 | 机械 | 27 | 11.84%
^机械工程学院 | 电子信息 | 7 | 3.07%
机械工程学院 汇总 | ^机械工程学院 汇总 | 34 | 14.91%
土木工程学院 | 土木水利 | 44 | 19.30%
土木工程学院 汇总 | ^土木工程学院 汇总 | 44 | 19.30%
总计 | ^总计 | 78 | 34.21%`},
		"a running number, and a page between": {`某某大学年度报告
1
前文。
某某大学年度报告
2
表 1-3 各学院落实率
序号 学院 毕业人数 落实率
1 机械工程学院 301 93.36%
2 土木工程学院 367 93.19%
某某大学年度报告
3
序号 学院 毕业人数 落实率
3 会计学院 803 87.05%
合计 1471 89.87%
某某大学年度报告
4
`, `
序号 | 学院 | 毕业人数 | 落实率
---
1 | 机械工程学院 | 301 | 93.36%
2 | 土木工程学院 | 367 | 93.19%
3 | 会计学院 | 803 | 87.05%
 | 合计 | 1471 | 89.87%`},
		"the title below": {"学历 人数 比例（%）\n本科 30 60.00\n硕士 20 40.00\n表1-1 学历分布\n", "学历 | 人数 | 比例（%）\n---\n本科 | 30 | 60.00\n硕士 | 20 | 40.00"},
	} {
		t.Run(name, func(t *testing.T) {
			wantTable(t, c.text, c.want)
			nothingLost(t, c.text)
		})
	}
}

// TestNoSpaced: rows whose heads or figures do not come out even.
func TestNoSpaced(t *testing.T) {
	for name, text := range map[string]string{
		"heads that leave one over": "表 1-1 分布\n学院 专业 人数 占比 落实率\n甲学院 5 50.00%\n乙学院 5 50.00%\n",
		"rows that differ":          "表 1-1 分布\n学院 人数 占比\n甲学院 5 50.00%\n乙学院 5\n丙学院 5 50.00% 7\n",
		"shares as counts":          "表 1-1 分布\n学院 落实率 人数\n甲学院 5 50.25\n乙学院 6 50.25\n",
		"prose with figures":        "表 1-1 分布\n共有毕业生 5372 人，其中本科 5065 人，占 94.29%。\n硕士 228 人，占 4.24%。\n",
	} {
		if got := tables(Blocks(Lines(text))); len(got) > 0 {
			t.Errorf("%s: read as a table\n%s", name, show(got[0]))
		}
		nothingLost(t, text)
	}
}
