package proofread

import "testing"

// TestTableNumbers: a table that a sentence names and nobody finds, a number that stands
// twice; and what only looks so.
func TestTableNumbers(t *testing.T) {
	const tables = `
表 2-1 就业地区分布
省份 | 人数
江苏省 | 1204
浙江省 | 388
表 2-2 就业行业分布
行业 | 人数
教育 | 867
制造业 | 725
`
	for name, c := range map[string]struct{ text, want string }{
		"a table that is there":        {"毕业生就业地区见表2-1，行业详见表 2-2。" + tables, ""},
		"a table that is not":          {"毕业生就业地区见表2-1，行业详见表 2-3。" + tables, "label_or_number 表2-3→"},
		"a chapter without captions":   {"毕业生就业地区见表3-1。" + tables, ""},
		"another report's table":       {"与上年报告表2-7相比，毕业生更多。" + tables, ""},
		"a number that stands twice":   {tables + "表 2-2 就业单位分布\n单位 | 人数\n国有企业 | 900\n民营企业 | 700\n", "label_or_number 表2-2→"},
		"a table continued":            {tables + "续表 2-2 就业行业分布\n行业 | 人数\n金融业 | 90\n", ""},
		"numbers that begin once more": {tables + "表 2-1 研究生就业地区\n省份 | 人数\n江苏省 | 20\n浙江省 | 30\n表 2-2 研究生就业行业\n行业 | 人数\n教育 | 20\n制造业 | 30\n", ""},
		"a table that has no caption":  {"行业详见表2-3。" + tables + "其他情况如下。\n职业 | 人数\n教师 | 867\n护士 | 725\n", ""},
	} {
		if got := saidOf(t, c.text); got != c.want {
			t.Errorf("%s: %q, not %q", name, got, c.want)
		}
	}
}
