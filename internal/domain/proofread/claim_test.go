package proofread

import (
	"strings"
	"testing"
)

// saidOf checks a sketch and tells what was found: rule printed→expected of each.
func saidOf(t *testing.T, text string) string {
	t.Helper()
	var out []string
	for _, f := range Check(sketch(text)) {
		out = append(out, string(f.Rule)+" "+f.Printed+"→"+f.Expected)
		if f.Explanation == "" || f.Where == "" || f.Cell == "" || f.Root == "" {
			t.Errorf("a finding that does not say all: %+v", f)
		}
	}
	return strings.Join(out, "; ")
}

const (
	everyone  = "2024届毕业生共2660人，其中本科生1117人，硕士生1227人，博士生316人。\n"
	yearTable = `
年份 | 升学人数 | 毕业生总数 | 升学率(%)
2022 | 258 | 1067 | 24.18
2023 | 268 | 1129 | 23.74
2024 | 301 | 1227 | 24.53
表 1-2 某大学 2022-2024 届硕士毕业生升学情况
`
	rateTable = `
表 1-1 某大学 2024 届毕业生毕业去向落实率
学历 | 毕业人数 | 落实人数 | 毕业去向落实率(%)
本科生 | 1117 | 921 | 82.45
硕士生 | 1227 | 1078 | 87.86
博士生 | 316 | 301 | 95.25
合计 | 2660 | 2300 | 86.47
`
	collegeTable = `
表 1-3 各学院毕业生人数
学院 | 人数 | 比例(%)
医学院 | 1164 | 43.76
会计学院 | 870 | 32.71
设计学院 | 390 | 14.66
商学院 | 236 | 8.87
合计 | 2660 | 100.00
`
)

func TestClaims(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"levels that are no total":       {"2024届毕业生共2660人，其中本科生1117人，硕士生1227人，博士生326人。", "total_vs_sum 2660→2670"},
		"graduates and their two levels": {"全校共有毕业生2660人（其中本科生1117人；研究生1543人中，含硕士研究生1227人、博士研究生336人）。", "total_vs_sum 1543→1563"},
		"men and women that are no 100":  {everyone + "毕业生中男生1600人，占毕业生总数的60.15%；女生1060人，占毕业生总数的38.95%。", "parts_vs_100 38.95→39.85; pct_vs_counts 38.95→39.85"},
		"a share of all":                 {everyone + "其中签约1208人，占毕业生总数的54.41%。", "pct_vs_counts 54.41→45.41"},
		"a share beside others of its base": {everyone + "人数排名前三的学院分别为医学院（1164人，占比43.76%）、会计学院（870人，占比32.17%）、设计学院（390人，占比14.66%）。",
			"pct_vs_counts 32.17→32.71"},
		"a rate of its counts": {"医学院毕业生人数为340人，落实人数为306人，毕业去向落实率为91.00%。", "pct_vs_counts 91.00→90.00"},
		"men to women":         {everyone + "男生1600人，女生1060人，男女比例为1.71:1。", "pct_vs_counts 1.71→1.51"},
		"a difference":         {"本科生升学率为35.20%，比专科生升学率（12.10%）高出13.10个百分点。", "delta_or_year_label 13.10→23.10"},
		"another direction":    {"工作与专业相关度为85%，较上届（87%）有所回升。", "claim_vs_table 85→"},
		"cohorts misnamed":     {everyone + "# 升学\n2024届硕士生升学301人，较2021届、2022届分别增加43人和33人。" + yearTable, "delta_or_year_label 2021届、2022届→2022届、2023届"},
		"a difference of cohorts": {everyone + "# 升学\n2024届硕士生升学301人，较上届增加35人。" + yearTable,
			"delta_or_year_label 35→33"},
		"a rate that did not rise":    {"# 升学\n硕士毕业生升学率逐年上升。" + yearTable, "claim_vs_table 逐年上升→"},
		"listed figures did not rise": {"2020届-2023届毕业生的满意度分别为88%、90%、89%、92%，逐年上升。", "claim_vs_table 逐年上升→"},
		"all above":                   {"2020届-2023届毕业生的满意度分别为88%、90%、89%、92%，均超过90%。", "claim_vs_table 89→"},
		"tenths":                      {"近七成（59.59%）的毕业生在省内就业。", "claim_vs_table 59.59→"},
		"levels and their table":      {everyone + "# 落实率\n全校毕业去向落实率86.47%，其中本科生82.45%，硕士生87.68%，博士生95.25%。" + rateTable, "text_vs_table 87.68→87.86"},
		"one level and its table":     {everyone + "# 落实率\n本科毕业生毕业去向落实率为84.25%。" + rateTable, "text_vs_table 84.25→82.45"},
		"names and their table":       {everyone + "# 学院\n医学院1164人、会计学院870人、设计学院360人、商学院236人。" + collegeTable, "text_vs_table 360→390"},
		"not the most":                {everyone + "# 学院\n毕业生人数最多的是会计学院（870人）。" + collegeTable, "claim_vs_table 870→1164"},
		"not the first three":         {everyone + "# 学院\n人数排名前三的学院为医学院（1164人）、设计学院（390人）、商学院（236人）。" + collegeTable, "claim_vs_table 236→870"},
		"the same twice with shares":  {everyone + "毕业生继续深造4039人。其中国内升学3186人，占45.93%；出国（境）留学853人，占12.30%。\n# 留学\n毕业生出国（境）留学855人，占12.33%。", "text_vs_text 855→853"},
		"the same twice":              {everyone + "# 升学\n毕业生出国（境）留学853人。\n# 留学\n毕业生出国（境）留学855人。", "text_vs_text 855→853"},
		"research students are masters": {"2024届毕业生共2660人，其中本科生1117人，研究生1543人（硕士生1227人，博士生316人）。\n# 升学\n" + strings.Replace(yearTable, "硕士", "研究生", 1),
			"denominator_scope 1227→1543"},
		"the figure of another":                {everyone + "# 学院\n毕业生人数最多的是会计学院（1164人）。" + collegeTable, "claim_vs_table 会计学院→医学院"},
		"the most by another name":             {everyone + "# 学院\n毕业生以“会计学院”为主，共1164人，占43.76%；其次为“设计学院”（14.66%）。" + collegeTable, "claim_vs_table 会计学院→医学院"},
		"fewer graduates":                      {"# 规模\n2022届至2024届毕业生总数逐年减少。" + yearTable, "claim_vs_table 逐年减少→"},
		"a figure whose differences are right": {everyone + "# 升学\n2024届硕士生升学310人，较2022届、2023届分别增加43人和33人。" + yearTable, "text_vs_table 310→301"},
		"a rate far from its table":            {everyone + "# 概况\n2024届毕业生毕业去向落实率为68.47%。\n# 一\n总体较好。\n# 二\n如下。" + rateTable, "text_vs_table 68.47→86.47"},
		"a target":                             {"全力冲刺，坚持每日以85%为目标，就业指标冲至86.54%。", "claim_vs_table 85→"},
		"two titles":                           {"数据来自《某大学用人单位跟踪评价报告》。\n2024年《某大学用人单位评价报告（2024）》显示总体较好。", "label_or_number 某大学用人单位评价报告（2024）→"},
		"tied to reviews":                      {"学校把毕业去向落实率与辅导员年度考核挂钩。", "claim_vs_table →"},
	} {
		if got := saidOf(t, c.text); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
	}
}

// What looks wrong in a sentence and is right, or cannot be known to be wrong.
func TestClaimsThatAreRight(t *testing.T) {
	for name, text := range map[string]string{
		"all of it":                  everyone + "# 落实率\n全校毕业去向落实率86.47%，其中本科生82.45%，硕士生87.86%，博士生95.25%。" + rateTable,
		"cohorts":                    everyone + "# 升学\n硕士生升学人数保持逐年稳步增长，2024届升学301人，较2022届、2023届分别增加43人和33人。" + yearTable,
		"either count or rate rises": everyone + "# 升学\n硕士生升学逐年增长。" + yearTable,
		"a level said before":        everyone + "# 落实率\n本科毕业生共1117人。毕业去向落实率为82.45%。\n# 二\n硕士毕业生共1227人。毕业去向落实率为87.86%。" + rateTable,
		"another base":               everyone + "# 签约\n毕业生签约1208人，其中到医疗单位900人，占签约毕业生的74.50%。",
		"a base said before":         everyone + "855名出国留学的毕业生中有472人到世界前100的学校，占留学人数的55.20%。",
		"nearly":                     everyone + "近900人在省内就业，约占毕业生的34%，近七成（69.59%）在医疗单位。",
		"the largest outside":        everyone + "# 学院\n除医学院外，人数最多的是会计学院（870人）。" + collegeTable,
		"a condition":                everyone + "# 落实率\n毕业去向落实率达到100.00%的专业有医学、护理等6个。" + rateTable,
		"two dates":                  everyone + "截至8月31日，初次毕业去向落实率为80.10%。\n截至12月31日，毕业去向落实率为86.47%。" + rateTable,
		"a ban quoted":               "学校严格执行“四不准”，不得将毕业去向落实率与辅导员考核挂钩。",
		"a goal of students":         "有明确就业目标的毕业生占85.20%，求职目标清晰的占70.10%。",
		"men to women":               everyone + "男生1600人，女生1060人，男女比例为1.51:1。",
		"other everyone":             everyone + "医学院男生500人，女生660人。毕业生中男生1600人，女生1060人。",
		"satisfaction":               "总体满意度为94.20%，较上届（92.10%）有所回升，高出全国平均（90.00%）4.20个百分点。",
		"parts left out":             "共举办1378场招聘会，其中专场1318场，组团52场。",
		"sums of levels":             "共有毕业生2660人，其中本科生1117人、研究生1543人。研究生中硕士1227人，博士316人。",
	} {
		if got := saidOf(t, text); got != "" {
			t.Errorf("%s: %s", name, got)
		}
	}
}
