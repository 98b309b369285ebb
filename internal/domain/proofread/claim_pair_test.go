package proofread

import (
	"strings"
	"testing"
)

const (
	byProvince = `
表 2-1 就业地区分布
省份 | 人数 | 比例(%)
江苏省 | 1204 | 44.38
浙江省 | 388 | 14.30
上海市 | 301 | 11.09
安徽省 | 187 | 6.89
其他 | 633 | 23.33
合计 | 2713 | 100.00
`
	byRegion = `
表 2-2 就业地区
地区 | 省份 | 就业人数 | 占比(%) | 地区人数 | 地区占比(%)
华东地区 | 江苏省 | 1204 | 44.38 | 2080 | 76.67
 | 浙江省 | 388 | 14.30 | |
 | 上海市 | 488 | 17.99 | |
华南地区 | 广东省 | 633 | 23.33 | 633 | 23.33
合计 | | 2713 | 100.00 | 2713 | 100.00
`
	threeYears = `
表 2-3 近三年毕业去向
毕业去向 | 2022届 | 2022届 | 2023届 | 2023届 | 2024届 | 2024届
毕业去向 | 人数 | 比例(%) | 人数 | 比例(%) | 人数 | 比例(%)
单位就业 | 2100 | 49.88 | 2102 | 47.90 | 2098 | 46.46
升学 | 1188 | 28.22 | 1260 | 28.71 | 1351 | 29.92
自由职业 | 82 | 1.95 | 180 | 4.10 | 193 | 4.27
待就业 | 840 | 19.95 | 846 | 19.28 | 874 | 19.35
合计 | 4210 | 100.00 | 4388 | 100.00 | 4516 | 100.00
`
)

// TestPairs: counts with their shares, against bases that stand elsewhere in the report.
// The right sentence gives nothing; with one figure changed it gives what stands behind it.
func TestPairs(t *testing.T) {
	const total = "学校2024届毕业生共8636人。\n"
	for name, c := range map[string]struct{ right, was, is, want string }{
		"a base two sentences before": {total + "从政治面貌看，共青团员人数最多，有6896人，占比为79.85%；其次是中共党员1471人，占比为17.03%；群众269人，占比为3.11%。",
			"17.03", "17.63", "pct_vs_counts 17.63→17.03"},
		"a count of such": {total + "从政治面貌看，共青团员人数最多，有6896人，占比为79.85%；其次是中共党员1471人，占比为17.03%；群众269人，占比为3.11%。",
			"6896", "6986", "pct_vs_counts 79.85→80.89"},
		"two shares of which one is right": {total + "汉族毕业生占绝大多数，共有8118人，占比为94.00%；其次是回族毕业生，共有323人，占比为3.74%。", "3.74", "3.47", "pct_vs_counts 3.47→3.74"},
		"marks typed half-width":           {total + "其中女生6116人,占比为70.82%;男生2520人,占比为29.18%。", "70.82", "78.02", "parts_vs_100 78.02→70.82; pct_vs_counts 78.02→70.82"},
		"a whole that nobody states": {"从事第一产业的61人，占直接就业学生的0.49%；第二产业的为4429人，占直接就业学生的35.37%；第三产业的为8032人，占直接就业学生的64.14%。",
			"35.37", "53.37", "pct_vs_counts 53.37→35.37"},
		"a count of such a whole": {"从事第一产业的61人，占直接就业学生的0.49%；第二产业的为4429人，占直接就业学生的35.37%；第三产业的为8032人，占直接就业学生的64.14%。",
			"4429", "4929", "pct_vs_counts 4929→4429"},
		"some of those named":      {"在单位就业的2713名毕业生中，有1204人在本省就业，占44.38%。", "44.38", "43.48", "pct_vs_counts 43.48→44.38"},
		"a bracket before a share": {"2024届毕业生共9395人。本科生毕业8170（含结业生8人），占比86.96%；硕士研究生1208人，占比12.86%；博士研究生17人，占比0.18%。", "86.96", "89.66", "pct_vs_counts 89.66→86.96"},
		"settled of all":           {"截至2024年8月31日，学院2024届毕业生共1357人，落实毕业去向1239人，毕业去向落实率为91.30%。", "91.30", "93.10", "pct_vs_counts 93.10→91.30"},
		"a rate with a bracket":    {"2024届毕业生29716人，就业人数29231人，就业（含升学）率为98.37%。", "98.37", "93.87", "pct_vs_counts 93.87→98.37"},
		"four kinds of one rate": {"2024届毕业去向落实率为87.90%，其中单位就业率58.65%，升学率25.38%，自由职业率3.58%，自主创业率0.30%。",
			"25.38", "28.35", "rate_vs_sum_of_parts 87.90→90.88"},
		"growth":                         {"2024届毕业生共6520人，较2023届的6318人增加202人，同比增长3.20%。", "3.20", "3.02", "pct_vs_counts 3.02→3.20"},
		"growth of what it was":          {"2024届毕业生29716人，比2016届减少3728人，下降11.15%。", "11.15", "15.11", "pct_vs_counts 15.11→11.15"},
		"one is more than another":       {"男生落实率为90.21%，女生落实率为91.88%，女生比男生高1.67个百分点。", "1.67", "1.76", "delta_or_year_label 1.76→1.67"},
		"from a year to a year":          {"一次性就业率从2020年的88.2%提高到2024年的92.4%，五年提高4.2个百分点。", "4.2个", "4.8个", "delta_or_year_label 4.8→4.2"},
		"what stands aside in brackets":  {"超过3001元的比例为50.04%(3001元—5000元比例47.58%;5000元以上2.46%),比2016年的36.49%增加了13.55个百分点。", "13.55", "15.35", "delta_or_year_label 15.35→13.55"},
		"a name in the clause before":    {"毕业生去往江苏省就业的人数最多，共1204人，占比44.38%；其次为浙江省（14.30%）。" + byProvince, "1204", "1024", "text_vs_table 1024→1204"},
		"a share behind 其次为":             {"毕业生去往江苏省就业的人数最多，共1204人，占比44.38%；其次为浙江省（14.30%）。" + byProvince, "浙江省（14.30", "浙江省（41.30", "text_vs_table 41.30→14.30"},
		"the share of a region":          {"毕业生在“江苏省”就业的有1204人，占44.38%；在华东地区就业的比例为76.67%。" + byRegion, "76.67", "67.67", "text_vs_table 67.67→76.67"},
		"another row's figures":          {"毕业生就业省份以“江苏省”为主，共1204人，占单位就业毕业生人数的44.38%。" + byProvince, "江苏省", "浙江省", "claim_vs_table 浙江省→江苏省"},
		"valid papers of those received": {"发放问卷6520份，回收4500份，其中有效问卷4108份，问卷有效率为91.29%。", "91.29", "92.19", "pct_vs_counts 92.19→91.29"},
		"graduates against the tables":   {"2024届毕业生共4516人，分布在12个学院。\n表 1-1 各学院毕业生人数\n学院 | 毕业生人数\n文学院 | 1000\n理学院 | 1200\n工学院 | 2316\n合计 | 4516\n", "共4516", "共4561", "text_vs_table 4561→4516"},
		"growth over a bracket":          {"毕业三年后，2021届毕业生月收入为8912元，比毕业半年后（5520元）增长61.4%。", "61.4", "64.1", "pct_vs_counts 64.1→61.4"},
		"so many times":                  {"女生2355人，是男生1693人的1.39倍。", "1.39", "1.93", "pct_vs_counts 1.93→1.39"},
		"a rate of its own name":         {"临床医学专业参加执业医师考试188人，通过171人，通过率为90.96%。", "90.96", "90.69", "pct_vs_counts 90.69→90.96"},
		"more papers back than sent":     {"问卷共发放6520份，回收有效问卷4108份，有效回收率63.01%。", "6520", "3520", "pct_vs_counts 3520→"},
		"cohorts side by side":           {"2024届升学1351人，较2023届增加91人，升学率为29.92%。" + threeYears, "91人", "191人", "delta_or_year_label 191→91"},
	} {
		if got := saidOf(t, c.right); got != "" {
			t.Errorf("%s: the right sentence: %q", name, got)
		}
		wrong := replaceOnce(t, c.right, c.was, c.is)
		if got := saidOf(t, wrong); got != c.want {
			t.Errorf("%s: %q, not %q", name, got, c.want)
		}
	}
}

// TestNoParts: what rose, money and what a bracket says beside are no parts of a sum.
func TestNoParts(t *testing.T) {
	for _, text := range []string{
		"学校2024届共有7980名毕业生参加就业，其中，本科毕业生3065人，硕士研究生4038人，博士研究生877人。",
		"2024届毕业生平均月收入为6183元，较2023届（5967元）增加216元，增长3.62%。其中本科毕业生5712元，研究生9035元。",
		"2023届毕业生共8897人（较去年同期增加644人），其中本科毕业生4675人，占52.55%；硕士毕业生3964人，占44.55%；博士毕业生258人，占2.90%。",
		"学校 2022 年毕业生共 11394 人,其中本科毕业生 5946 人,占毕业生总人数的52.19%;毕业研究生 4959 人,占毕业生总人数的 43.52%。",
		"在3125名单位就业的毕业生中，2130人在省内就业，占68.16%。其中省内生源毕业生1520人，占省内生源就业人数的81.72%。",
		"2024届毕业生共8636人，其中男生4000人，占46.32%；女生4636人，占53.68%。到国有企业就业的800人，占比11.43%。",
	} {
		if got := saidOf(t, text); got != "" {
			t.Errorf("%s: %q", text, got)
		}
	}
}

func replaceOnce(t *testing.T, s, was, is string) string {
	t.Helper()
	before, after, ok := strings.Cut(s, was)
	if !ok {
		t.Fatalf("no %q in %q", was, s)
	}
	return before + is + after
}
