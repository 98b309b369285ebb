package proofread

import "testing"

// TestLists: what a sentence says of the figures that it lists.
func TestLists(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"three together":           {"就业行业以制造业（28.41%）、软件业（19.22%）和建筑业（11.07%）为主，三者合计58.07%。", "rate_vs_sum_of_parts 58.07→58.70"},
		"five provinces":           {"就业较多的省份为甲省（44.38%）、乙省（14.30%）、丙市（11.09%）、丁省（6.89%）、戊省（5.71%），五省市合计占83.27%。", "rate_vs_sum_of_parts 83.27→82.37"},
		"three years":              {"近三年升学人数分别为1020人、1155人和1260人，三年共有3453人升学。", "total_vs_sum 3453→3435"},
		"all that is listed":       {"有“西部计划”15人、“三支一扶”22人、“特岗教师”48人、选调生9人，共有84人赴基层就业。", "total_vs_sum 84→94"},
		"party members":            {"毕业生中，共青团员5120人，中共党员1102人，群众及其他298人，共6502人。", "total_vs_sum 6502→6520"},
		"answers of content":       {"“非常满意”“满意”和“基本满意”的比例分别为31.20%、42.15%和20.33%，总体满意度为93.86%。", "rate_vs_sum_of_parts 93.86→93.68"},
		"a ladder of incomes":      {"月收入在3000元以下的占5.2%，3001—5000元的占41.3%，5001—8000元的占39.8%，8001元及以上的占14.6%。", "parts_vs_100 100.9→100.0"},
		"a ladder downwards":       {"月收入在8000元以上的占14.6%，5001—8000元的占38.9%，3001—5000元的占41.3%，3000元及以下的占4.2%。", "parts_vs_100 99.0→100.0"},
		"at home and abroad":       {"本科毕业生升学率为30.92%，其中境内升学率28.08%，境外留学率2.12%。", "rate_vs_sum_of_parts 30.92→30.20"},
		"a total above its levels": {"总体毕业去向落实率为96.74%，其中本科毕业生92.31%，硕士毕业生94.55%。", "rate_vs_weighted_parts 96.74→"},
		"first three that rise":    {"落实率排名前三的学院为护理学院（98.2%）、信息学院（95.3%）、机电学院（97.5%）。", "claim_vs_table 97.5→"},
		"three years that do not rise": {"近三届毕业生的毕业去向落实率分别为91.35%、90.12%和92.40%，呈逐年上升趋势。",
			"claim_vs_table 逐年上升→"},

		"right: together":             {"就业行业以制造业（28.41%）、软件业（19.22%）和建筑业（11.07%）为主，三者合计58.71%。", ""},
		"right: of the first two":     {"就业较多的为甲省（44.38%）、乙省（14.30%）、丙市（11.09%），两省合计58.68%。", ""},
		"right: another statement":    {"录用较多的有甲公司45人、乙公司38人、丙公司38人、丁公司30人，共有402人进入中央企业。", ""},
		"right: not all answers":      {"总体满意度为91.27%，其中“非常满意”占32.15%、“满意”占38.44%。", ""},
		"right: many answers":         {"看重薪酬的占71.3%，看重发展的占65.2%，看重地点的占52.1%，看重8000元以上月薪的占14.6%。", ""},
		"right: kinds of other bases": {"升学率为30.92%，其中境内升学占升学人数的93.14%，境外留学占6.86%。", ""},
		"right: ranked by people":     {"毕业生人数排名前三的专业的落实率为会计（95.1%）、软件工程（96.2%）、护理（93.0%）。", ""},
		"right: a rate by people":     {"毕业生人数居前三位的为会计（95.1%）、软件工程（96.2%）、护理（93.0%）。", ""},
		"right: by the other figure":  {"留省比例排名前三的学院为护理学院（63人，占比94.03%）、信息学院（162人，占比93.98%）、机电学院（88人，占比90.12%）。", ""},
		"right: the lowest":           {"落实率后三位的学院为护理学院（78.2%）、信息学院（85.3%）、机电学院（87.5%）。", ""},
		"right: levels with doctors":  {"总体毕业去向落实率为94.74%，其中本科毕业生92.31%，硕士毕业生94.55%。博士毕业生316人均已落实。", ""},
		"right: women's rate":         {"女生毕业去向落实率为95.12%，其中本科毕业生92.31%，硕士毕业生94.55%。", ""},
		"right: steady":               {"近三届毕业生的毕业去向落实率分别为90.12%、91.35%和92.40%，呈逐年上升趋势。", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := saidOf(t, c.text); got != c.want {
				t.Errorf("told %q, want %q", got, c.want)
			}
		})
	}
}
