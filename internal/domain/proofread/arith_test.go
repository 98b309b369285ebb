package proofread

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// told lists findings as "rule printed→expected cell".
func told(fs []Finding) []string {
	var out []string
	for _, f := range fs {
		out = append(out, fmt.Sprintf("%s %s→%s %s", f.Rule, f.Printed, f.Expected, f.Cell))
	}
	slices.Sort(out)
	return out
}

// inTables checks the tables of a sketch.
func inTables(s string) []Finding {
	d := sketch(s)
	return settle(tableDoubts(d, grids(d)))
}

func TestTableFaults(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want []string
	}{
		"a share of another count, the base outside the table": {`
就业单位 | 人数 | 占企业就业人数比（%）
甲类 | 511 | 32.82
乙类 | 537 | 34.49
丙类 | 125 | 7.58`, []string{"pct_vs_counts 7.58→8.03 丙类/占企业就业人数比（%）"}},
		"a share of the total": {`
学院 | 人数 | 占比
理 | 301 | 30.10%
工 | 399 | 39.90%
文 | 200 | 21.00%
医 | 100 | 10.00%
总计 | 1000 | 100.00%`, []string{"parts_vs_100 100.00→101.00 总计/占比", "pct_vs_counts 21.00→20.00 文/占比"}},
		"a share of a count of its row": {`
学院 | 毕业人数 | 落实人数 | 毕业去向落实率
理 | 118 | 100 | 84.75%
工 | 177 | 164 | 92.66%
文 | 125 | 120 | 96.00%
医 | 613 | 590 | 96.52%
法 | 74 | 63 | 85.14%`, []string{"pct_vs_counts 96.52→96.25 医/毕业去向落实率"}},
		"a total of counts": {`
学历 | 男 | 女 | 合计
本科 | 517 | 600 | 1117
硕士 | 500 | 727 | 1227
博士 | 100 | 216 | 316
合计 | 1117 | 1543 | 2666`, []string{"total_vs_sum 2666→2660 合计/合计", "total_vs_sum 2666→2660 合计/合计"}},
		"one part wrong: the total of its row and of its column say so, one fault": {`
学历 | 男 | 女 | 合计
本科 | 517 | 600 | 1117
硕士 | 550 | 727 | 1227
博士 | 100 | 216 | 316
合计 | 1117 | 1543 | 2660`, []string{"total_vs_sum 1117→1167 合计/男", "total_vs_sum 1227→1277 硕士/合计"}},
		"a subtotal": {`
学院 | 专业 | 人数 | 已落实
商 | 会计 | 30 | 27
商 | 审计 | 20 | 18
商 | 小计 | 50 | 45
理 | 数学 | 40 | 30
理 | 物理 | 31 | 30
理 | 小计 | 71 | 61
合计 | | 121 | 106`, []string{"subtotal_vs_sum 61→60 理·小计/已落实"}},
		"a rate that is the sum of its kinds": {`
学历 | 总数 | 毕业去向落实率(%) | 签约(%) | 升学(%) | 待就业(%)
本科生 | 1117 | 82.63 | 23.63 | 58.82 | 17.55
硕士生 | 1227 | 87.86 | 62.10 | 25.75 | 12.14
博士生 | 316 | 95.25 | 93.67 | 1.58 | 4.75`, []string{"rate_vs_sum_of_parts 82.63→82.45 本科生/毕业去向落实率(%)"}},
		"no whole number gives the share": {`
学历 | 总数 | 签约(%) | 升学(%) | 待就业(%)
本科生 | 112 | 23.21 | 58.93 | 17.86
硕士生 | 122 | 62.05 | 25.41 | 12.30
博士生 | 31 | 93.55 | 0.00 | 6.45`, []string{"parts_vs_100 100.00→99.76 硕士生/各项之和", "pct_impossible_for_n 62.05→62.30 硕士生/签约(%)"}},
		"shares that are not 100, the only row of its kind to miss": {`
学历 | 三级 | 二级 | 一级 | 其他 | 企业
本科生(%) | 29.29 | 2.73 | 0.39 | 37.89 | 29.69
硕士生(%) | 71.16 | 3.39 | 0.13 | 15.69 | 10.46
博士生(%) | 82.09 | 0.34 | 0 | 14.53 | 3.04`, []string{"parts_vs_100 100.00→100.83 硕士生(%)/各项之和"}},
		"a distribution with all kinds": {`
表 1-1 就业单位性质分布
单位性质 | 比例（%）
机关 | 4.35
事业单位 | 18.89
企业 | 74.46
其他 | 3.30`, []string{"parts_vs_100 100.00→101.00 比例（%）/各项之和"}},
		"a scale that lacks an answer": {`
项目 | 大幅增加 | 小幅增加 | 持平 | 小幅减少 | 大幅减少
比例（%） | 37.08% | 30.90% | 28.65% | 2.25% | 0.56%`, []string{"parts_vs_100 100.00→99.44 比例（%）/各项之和"}},
		"a subtotal that stands once for its group": {`
类型 | 企业 | 人数 | 小计
军工 | 甲 | 18 | 34
军工 | 乙 | 16 |
电力 | 丙 | 40 | 71
电力 | 丁 | 30 |
电力 | 戊 | 7 |
通信 | 己 | 18 | 33
通信 | 庚 | 15 |
汽车 | 辛 | 11 | 11
总计 | | | 155`, []string{"subtotal_vs_sum 71→77 电力/小计", "total_vs_sum 155→149 总计/小计"}},
		"the total of such subtotals": {`
类型 | 企业 | 人数 | 小计
军工 | 甲 | 18 | 34
军工 | 乙 | 16 |
电力 | 丙 | 40 | 70
电力 | 丁 | 30 |
通信 | 己 | 18 | 33
通信 | 庚 | 15 |
总计 | | | 173`, []string{"total_vs_sum 173→137 总计/小计"}},
		"a total of last year": {`
单位 | 本科 | 硕士 | 总体
甲 | 700 | 207 | 907
乙 | 800 | 107 | 907
丙 | 900 | 100 | 1000
合计 | 2400 | 414 | 2646`, []string{"total_vs_sum 2646→2814 合计/总体", "total_vs_sum 2646→2814 合计/总体"}},
		"a ratio of men to women": {`
学院 | 男 | 女 | 合计 | 男女比
理 | 120 | 60 | 180 | 2.00:1
工 | 301 | 99 | 400 | 3.04:1
文 | 40 | 90 | 130 | 0.44:1
医 | 200 | 413 | 613 | 0.84:1
合计 | 661 | 662 | 1323 | 1:1`, []string{"pct_vs_counts 0.84:1→0.48:1 医/男女比"}},
		"a share above 100": {`
学院 | 毕业去向落实率（%）
理 | 84.75
工 | 192.66
文 | 96.00
医 | 76.18`, []string{"pct_impossible_for_n 192.66→ 工/毕业去向落实率（%）"}},
		"the sum of shares that a cell lists": {`
专业 | 人数 | 前三行业 | 聚集度
甲 | 20 | 制造业(50.00%),教育(15.38%),建筑业(11.54%) | 76.92%
乙 | 6 | 制造业(57.14%),教育(14.29%) | 71.43%
丙 | 19 | 建筑业(40.63%),教育(9.38%),制造业(9.38%) | 59.39%
丁 | 23 | 金融业(20.41%),教育(16.33%),制造业(10.20%) | 49.64%
戊 | 5 | 教育(33.33%),建筑业(11.11%) | 44.44%`, []string{"rate_vs_sum_of_parts 49.64→46.94 丁/聚集度"}},
		"one row of a column of subtotals": {`
排序 | 院校 | 免试 | 考取 | 小计
1 | 甲 | 63 | 57 | 120
2 | 乙 | 51 | 42 | 93
3 | 丙 | 57 | 31 | 88
4 | 丁 | 50 | 29 | 74
5 | 戊 | 27 | 34 | 61`, []string{"subtotal_vs_sum 74→79 丁/小计"}},
		"a rate of all levels beside those of each level": {`
培养单位 | 硕士 | < | 博士 | < | 合计 | <
 ^ | 人数 | 就业率 | 人数 | 就业率 | 人数 | 就业率
数学所 | 41 | 92.68% | 22 | 90.90% | 63 | 92.06%
物理所 | 66 | 89.39% | 31 | 87.09% | 97 | 88.65%
化学所 | 88 | 90.90% | 40 | 90.00% | 128 | 90.62%
信息所 | 142 | 97.88% | 28 | 100.00% | 170 | 98.23%
管理所 | 95 | 87.36% | 17 | 88.23% | 112 | 88.50%
总计 | 432 | 92.36% | 138 | 91.30% | 570 | 92.10%`, []string{"pct_impossible_for_n 88.50→88.39 管理所/合计·就业率",
			"rate_vs_weighted_parts 88.50→87.50 管理所/合计·就业率", "rate_vs_weighted_parts 92.10→92.28 总计/合计·就业率"}},
		"a count that its share, its kind's sum and the total speak against": {`
毕业去向 | 人数 | 比例（%）
单位就业 | 2177 | 58.65
升学 | 942 | 25.38
境内升学 | 808 | 23.71
境外留学 | 62 | 1.67
未落实 | 593 | 15.97
合计 | 3712 | 100.00`, []string{"pct_vs_counts 808→880 境内升学/人数"}},
		"a count that its share and the total speak against": {`
省份 | 人数 | 比例
甲 | 2104 | 44.38%
乙 | 1000 | 36.86%
丙 | 409 | 15.08%
丁 | 100 | 3.69%
合计 | 2713 | 100.00%`, []string{"pct_vs_counts 2104→1204 甲/人数", "total_vs_sum 2713→3613 合计/人数"}},
		"a share of counts that are all there are": {`
评价 | 非常满意 | 满意 | 一般 | 不满意 | 非常不满意
人数 | 812 | 1405 | 640 | 112 | 43
比例 | 26.96% | 45.65% | 21.25% | 3.72% | 1.43%`, []string{"pct_vs_counts 45.65→46.65 比例/满意"}},
		"a count above its base": {`
专业 | 毕业生人数 | 落实人数 | 毕业去向落实率
甲 | 124 | 181 | 95.16%
乙 | 260 | 251 | 96.54%
丙 | 98 | 96 | 97.96%
丁 | 310 | 288 | 92.90%
戊 | 142 | 133 | 93.66%`, []string{"pct_vs_counts 181→118 甲/落实人数"}},
		"a total's share above 100": {`
省份 | 人数 | 比例（%）
甲 | 100 | 14.29
乙 | 200 | 28.57
丙 | 300 | 42.86
丁 | 100 | 14.29
合计 | 700 | 100.03`, []string{"pct_vs_counts 100.03→100.00 合计/比例（%）"}},
		"a total rate outside of its parts": {`
学院 | 毕业人数 | 毕业去向落实率
理 | 118 | 84.75%
工 | 177 | 92.66%
文 | 125 | 96.00%
合计 | 420 | 97.14%`, []string{"rate_vs_weighted_parts 97.14→91.43 合计/毕业去向落实率"}},
	} {
		fs := inTables(c.in)
		if got := told(fs); !slices.Equal(got, c.want) {
			t.Errorf("%s:\n got %s\nwant %s", name, strings.Join(got, "; "), strings.Join(c.want, "; "))
		}
		for _, f := range fs {
			if f.Root == "" || f.Root != fs[0].Root || f.Explanation == "" || f.Place.Line == 0 {
				t.Errorf("%s: root %q, %q, at %+v", name, f.Root, f.Explanation, f.Place)
			}
		}
	}
}

// TestTableSilence: what looks wrong and is right.
func TestTableSilence(t *testing.T) {
	for name, in := range map[string]string{
		"a parent and its children in one column": `
统计指标 | 人数 | 比例（%）
落实去向人数 | 6464 | 93.19
协议和合同就业 | 2091 | 30.15
灵活就业 | 330 | 4.76
创业 | 2 | 0.03
升学 | 4041 | 58.26
暂不就业 | 397 | 5.72
待就业 | 75 | 1.08
合计 | 6936 | 100.00`,
		"其中": `
去向 | 人数
协议就业 | 300
升学 | 120
其中：出国 | 20
待就业 | 80
合计 | 500`,
		"several answers": `
项目 | 薪酬 | 地点 | 前景 | 稳定
本科 | 60.5% | 45.2% | 33.1% | 20.0%
硕士 | 70.5% | 35.2% | 43.1% | 21.0%
博士 | 50.5% | 55.2% | 23.1% | 22.0%`,
		"the first ten": `
表 1-1 人数前十的单位
排序 | 单位 | 人数
1 | 甲 | 63
2 | 乙 | 51
3 | 丙 | 30
合计 | | 200`,
		"regions that overlap": `
区域 | 人数 | 占协议就业比例（%）
京津冀 | 145 | 6.93
一带一路 | 887 | 42.42
粤港澳大湾区 | 435 | 20.80
长江经济带 | 1168 | 55.86`,
		"bases that change by column": `
生源地 | 生源人数 | 升学 | < | 协议就业 | < | 生源地就业 | <
 ^ | ^ | 人数 | 比率（%） | 人数 | 比率（%） | 人数 | 比率（%）
甲 | 92 | 26 | 28.26 | 18 | 19.57 | 12 | 66.67
乙 | 53 | 19 | 35.85 | 14 | 26.42 | 4 | 28.57
丙 | 219 | 92 | 42.01 | 66 | 30.14 | 1 | 1.52
丁 | 88 | 47 | 53.41 | 24 | 27.27 | 1 | 4.17
合计 | 452 | 184 | 40.71 | 122 | 26.99 | 18 | 14.75`,
		"rounded, cut off and a dash for none": `
项目 | 甲 | 乙 | 丙 | 丁 | 戊 | 己
A(%) | 16.66 | 16.66 | 16.66 | 16.66 | 16.66 | 16.66
B(%) | 16.67 | 16.67 | 16.67 | 16.67 | 16.67 | 16.67
C(%) | 33.33 | 33.33 | 33.33 | — | 0.00 | —`,
		"averages, and totals of averages": `
学院 | 人数 | 平均薪酬(元) | 满意度得分
理 | 100 | 6000 | 4.02
工 | 200 | 7000 | 4.50
合计 | 300 | 6666 | 4.34`,
		"employers that come to several colleges": `
学院 | 场次 | 参会单位
理 | 10 | 100
工 | 20 | 200
文 | 30 | 250
合计 | 60 | 480`,
		"subtotals of the first three only": `
学院 | 专业 | 前三行业人数 | 聚集度
机 | 甲 | 20 | 76.92%
机 | 乙 | 6 | 85.72%
机 汇总 | | 26 | 78.79%
艺 | 美术 | 5 | 55.55%
艺 | 设计 | 10 | 58.83%
艺 汇总 | | 13 | 50.00%
电 | 电子 | 19 | 76.00%
电 | 计算 | 4 | 80.00%
电 汇总 | | 22 | 73.33%`,
		"a rate with a kind that is not printed": `
学院 | 毕业人数 | 落实人数 | 签约人数 | 升学人数 | 毕业去向落实率
理 | 118 | 100 | 60 | 40 | 84.75%
工 | 177 | 164 | 100 | 64 | 92.66%
文 | 125 | 120 | 70 | 50 | 96.00%
医 | 613 | 590 | 300 | 290 | 96.25%
法 | 74 | 63 | 40 | 20 | 85.14%
农 | 80 | 70 | 40 | 25 | 87.50%
合计 | 1187 | 1107 | 610 | 489 | 93.26%`,
		"a note says that some are left out": `
学院 | 毕业人数 | 毕业去向落实率
理 | 118 | 84.75%
工 | 177 | 92.66%
文 | 25 | 95.83%
医 | 63 | 96.83%
法 | 74 | 85.14%
注：落实率不含延期毕业生。`,
		"a share of the group, and of the total": `
性质 | 类型 | 人数 | 比例（%）
事业单位 | 科研 | 11 | 2.94
事业单位 | 教育 | 32 | 8.56
事业单位 | 医疗 | 59 | 15.78
事业单位 | 其他 | 272 | 72.73
事业单位 | 小计 | 374 | 19.37
企业 | 国有 | 585 | 37.57
企业 | 三资 | 170 | 10.92
企业 | 其他 | 802 | 51.51
企业 | 小计 | 1557 | 80.63
总计 | | 1931 | 100.00`,
		"a row that was lost on the way": `
学院 | 专业 | 毕业人数 | 落实人数
商 | 会计 | 130 | 127
商 | 审计 | 120 | 118
商 汇总 | | 250 | 245
理 | 数学 | 140 | 130
理 汇总 | | 211 | 191
工 | 机械 | 140 | 130
工 | 电气 | 141 | 130
工 汇总 | | 281 | 260
合计 | | 742 | 696`,
		"answers of which some give several, more than 100 in all": `
方面 | 本科(%) | 硕士(%)
甲 | 60.50 | 55.10
乙 | 45.20 | 40.00
丙 | 33.10 | 38.20
合计 | 138.80% | 133.30%`,
		"a total of shares that lost its format": `
区域 | 人数 | 占比
甲 | 1200 | 51.37%
乙 | 1136 | 48.63%
合计 | 2336 | 1`,
		"a total's share that is the sum of the rounded ones": `
省份 | 人数 | 比例（%）
甲 | 100 | 14.29
乙 | 200 | 28.57
丙 | 300 | 42.86
丁 | 100 | 14.29
合计 | 700 | 100.01`,
		"growth above 100": `
学院 | 招聘人数增长率（%）
理 | 84.75
工 | 192.66
文 | 96.00
医 | 76.18`,
		"codes and years of study": `
专业代码 | 专业 | 学制 | 人数
080901 | 甲 | 4 | 100
100201 | 乙 | 5 | 50
合计 | | | 150`,
		"first count and last count of the year": `
表 1-1 初次毕业去向落实率
学院 | 毕业人数 | 落实率
理 | 118 | 84.75%
工 | 177 | 92.66%
文 | 125 | 96.00%
医 | 613 | 76.18%
法 | 74 | 85.14%
农 | 80 | 87.50%
表 1-2 年终毕业去向落实率
学院 | 毕业人数 | 落实率
理 | 118 | 84.75%
工 | 177 | 92.66%
文 | 125 | 96.00%
医 | 613 | 96.25%
法 | 74 | 85.14%
农 | 80 | 87.50%`,
		"a total that agrees with its faulty parts is not told twice": `
学院 | 毕业人数 | 毕业去向落实率
理 | 1117 | 82.63%
工 | 1227 | 87.86%
文 | 316 | 95.25%
合计 | 2660 | 86.54%`,
	} {
		if fs := inTables(in); len(fs) > 0 {
			t.Errorf("%s:\n%s", name, strings.Join(told(fs), "\n"))
		}
	}
}
