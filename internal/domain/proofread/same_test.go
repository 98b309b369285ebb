package proofread

import (
	"slices"
	"strings"
	"testing"
)

func TestBetweenTables(t *testing.T) {
	colleges := `
表 1-1 各学院毕业去向落实率
学院 | 毕业人数 | 升学率
理 | 118 | 66.95
工 | 177 | 82.49
文 | 125 | 56.80
医 | 613 | 76.18
法 | 276 | 69.93
农 | 452 | 49.78
艺 | 240 | 64.17
商 | 164 | 52.44`
	for name, c := range map[string]struct {
		in   string
		want []string
	}{
		"the same column under another name": {colleges + `
表 1-2 各学院深造情况
学院 | 毕业人数 | 深造率
理 | 118 | 66.95
工 | 177 | 82.49
文 | 125 | 56.80
医 | 613 | 76.18
法 | 276 | 69.93
农 | 452 | 49.78
艺 | 240 | 63.75
商 | 164 | 52.44`, []string{"table_vs_table 63.75→64.17 艺/深造率"}},
		"the same label, another number": {colleges + `
表 1-2 各学院升学情况
学院 | 毕业人数 | 升学率
理 | 118 | 66.95
工 | 178 | 82.49
文 | 125 | 56.80
医 | 613 | 76.18`, []string{"table_vs_table 178→177 工/毕业人数"}},
		"two columns of other cohorts": {`
表 1-1 2023 届各学院升学率
学院 | 升学率
理 | 66.95
工 | 82.49
文 | 56.80
医 | 76.18
表 1-2 2024 届各学院升学率
学院 | 升学率
理 | 66.95
工 | 82.49
文 | 56.80
医 | 77.18`, nil},
		"where they come from and where they go to": {`
表 1-1 生源地
地区 | 人数
甲 | 118
乙 | 177
丙 | 125
丁 | 613
表 1-2 就业地
地区 | 人数
甲 | 118
乙 | 99
丙 | 13
丁 | 600`, nil},
		"a count that is one short, as another table and the total say": {`
表 2-1 毕业去向分布
统计指标 | 人数 | 比例（%）
落实 | 6464 | 93.19
未落实 | 472 | 6.81
合计 | 6936 | 100.00
表 2-2 统计指标构成
指标 | 协议 | 灵活 | 创业 | 免试研究生 | 录取研究生 | 出国 | 拟升学 | 暂不 | 待就业
人数 | 2091 | 330 | 2 | 1860 | 1325 | 855 | 370 | 27 | 75
比例（%） | 30.15 | 4.76 | 0.03 | 26.82 | 19.10 | 12.33 | 5.33 | 0.39 | 1.08
表 2-3 升学院校
类型 | 人数 | 本校 | 他校
免试研究生 | 1860 | 1255 | 605
录取研究生 | 1326 | 703 | 623
总计 | 3186 | 1958 | 1228`, []string{"table_vs_table 1325→1326 人数/录取研究生", "total_vs_sum 6936→6935 人数/各项之和"}},
		"all shares of another base than the text's": {`
# 出国留学
855 名出国留学的毕业生中有 472 人到前 100 名的学校，占留学人数的 55.20%。
表 2-8 留学学校层次
世界排名 | 1-20 | 21-100 | 101-150
录取人数 | 143 | 329 | 114
占留学人数比例（%） | 16.76 | 38.57 | 13.36`, []string{"denominator_scope 13.36→13.33 占留学人数比例（%）/101-150",
			"denominator_scope 16.76→16.73 占留学人数比例（%）/1-20", "denominator_scope 38.57→38.48 占留学人数比例（%）/21-100"}},
		"the text says both": {`
# 出国留学
855 名出国留学的毕业生中，853 人留学院校可查。
表 2-8 留学学校层次
世界排名 | 1-20 | 21-100 | 101-150
录取人数 | 143 | 329 | 114
占留学人数比例（%） | 16.76 | 38.57 | 13.36`, nil},
		"a rank shared by different numbers": {`
排序 | 学校 | 排名 | 人数
1 | 甲 | 61 | 35
2 | 乙 | 101 | 33
3 | 丙 | 16 | 30
3 | 丁 | 80 | 27
5 | 戊 | 9 | 20
5 | 己 | 70 | 20`, []string{"label_or_number 3→4 丁/排序"}},
		"a share of what another table has": {`
表 1-1 各学院毕业生
学院 | 毕业生人数 | 男
理 | 118 | 60
工 | 177 | 120
文 | 125 | 30
医 | 613 | 300
法 | 276 | 100
表 1-2 留学比例前五的学院
排序 | 学院 | 留学人数 | 占本学院毕业生人数比（%）
1 | 理 | 26 | 22.03
2 | 工 | 16 | 9.04
3 | 文 | 8 | 6.40
4 | 医 | 103 | 18.60
5 | 法 | 45 | 16.30`, []string{"pct_vs_counts 18.60→16.80 医/占本学院毕业生人数比（%）"}},
		"a table of all against those of the levels": {`
表 1-7 全体毕业生毕业去向分布
去向 | 人数
签约 | 416
升学 | 102
创业 | 136
待就业 | 45
合计 | 699
表 1-8 硕士毕业生毕业去向分布
去向 | 人数
签约 | 131
升学 | 17
创业 | 5
待就业 | 4
合计 | 157
表 1-9 本科毕业生毕业去向分布
去向 | 人数
签约 | 285
升学 | 85
创业 | 130
待就业 | 41
合计 | 541`, []string{"table_vs_table 136→135 创业/人数", "table_vs_table 699→698 合计/人数"}},
		"a difference": {`
学院 | 2022届人数 | 2023届人数 | 增减
理 | 258 | 301 | 43
工 | 268 | 301 | 33
文 | 100 | 90 | -10
医 | 200 | 260 | 66
法 | 50 | 61 | +11`, []string{"delta_or_year_label 66→60 医/增减"}},
		"a rank out of order": {`
排序 | 学校 | 人数
1 | 甲 | 35
2 | 乙 | 33
3 | 丙 | 30
3 | 丁 | 30
8 | 戊 | 20
6 | 己 | 19`, []string{"label_or_number 8→5 戊/排序"}},
		"ranks counted without gaps": {`
排序 | 学校 | 人数
1 | 甲 | 35
2 | 乙 | 30
2 | 丙 | 30
3 | 丁 | 28
4 | 戊 | 20
5 | 己 | 19`, nil},
		"numbered, not ranked": {`
序号 | 学校 | 人数
1 | 甲 | 35
2 | 乙 | 35
3 | 丙 | 30`, nil},
	} {
		fs := inTables(c.in)
		if got := told(fs); !slices.Equal(got, c.want) {
			t.Errorf("%s:\n got %s\nwant %s", name, strings.Join(got, "; "), strings.Join(c.want, "; "))
		}
		for _, f := range fs {
			if f.Root == "" || f.Root != fs[0].Root {
				t.Errorf("%s: %s has root %q", name, f.Cell, f.Root)
			}
		}
	}
}

// TestInherited: the total's rate was weighed from the faulty part: one fault.
func TestInherited(t *testing.T) {
	fs := inTables(`
学历 | 总数 | 毕业去向落实率 (%) | 签约 (%) | 升学 (%) | 出国 (%) | 其他录用 (%) | 待就业 (%)
本科生 | 1117 | 82.63 | 20.50 | 58.82 | 0.98 | 2.15 | 17.55
硕士生 | 1227 | 87.86 | 57.13 | 24.53 | 1.22 | 4.97 | 12.14
博士生 | 316 | 95.25 | 87.97 | 0.00 | 1.58 | 5.70 | 4.75
合计 | 2660 | 86.54 | 45.41 | 36.02 | 1.17 | 3.87 | 13.53`)
	if len(fs) != 2 || fs[0].Root != fs[1].Root || !strings.Contains(fs[0].Root, "本科生") {
		t.Errorf("%v: %+v", told(fs), fs)
	}
}
