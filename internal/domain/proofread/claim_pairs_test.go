package proofread

import (
	"strings"
	"testing"
)

// TestPairsOverClauses: counts with shares over clauses and sentences, told by what the others of
// their passage are of.
func TestPairsOverClauses(t *testing.T) {
	const school = "2022届毕业生共计9395人，分布在24个学院。\n"
	for name, c := range map[string]struct{ text, want string }{
		"a share among others":         {school + "生源人数排名前三位的地市分别为：甲市938人，占比9.89%；乙市867人，占比9.23%；丙市832人，占比8.86%。", "pct_vs_counts 9.89→9.98"},
		"a count among others":         {school + "生源人数排名前三位的地市分别为：甲市938人，占比9.98%；乙市687人，占比9.23%；丙市832人，占比8.86%。", "pct_vs_counts 9.23→7.31"},
		"a bracket between":            {school + "以甲省居多（8431人），占比89.47%；乙省505人，占比5.38%；其他省份459人，占比4.89%。", "pct_vs_counts 89.47→89.74"},
		"of those that it begins with": {"在单位就业的2713名毕业生中，有1204人在本省就业，占43.48%。", "pct_vs_counts 43.48→44.38"},
		"a rate of the count before":   {"截至8月31日，学院毕业生共1357人，落实毕业去向1239人，毕业去向落实率为93.10%。", "pct_vs_counts 93.10→91.30"},
		"passed":                       {"临床医学专业参加考试188人，通过171人，通过率为90.69%。", "pct_vs_counts 90.69→90.96"},

		"right: all":                   {school + "生源人数排名前三位的地市分别为：甲市938人，占比9.98%；乙市867人，占比9.23%；丙市832人，占比8.86%。", ""},
		"right: of another number":     {school + "甲市938人，占比9.98%；乙市867人，占比9.23%；另有丙市832人，占比12.31%。", ""}, // no slip: another base
		"right: among a part":          {school + "甲市938人，占比9.98%；乙市867人，占比9.23%，其中女生520人，占比59.98%。", ""},
		"right: a rate without others": {"参加考试的毕业生188人，缺考3人，通过171人，通过率为92.43%。", ""},
		"right: of the employed":       {school + "甲市938人，占比9.98%；乙市867人，占比9.23%。在单位就业的2713人中，有1204人在本省就业，占44.38%。", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := saidOf(t, c.text); got != c.want {
				t.Errorf("told %q, want %q", got, c.want)
			}
		})
	}
}

func TestSlips(t *testing.T) {
	for pair, want := range map[string]bool{
		"44.38 43.48": true, "44.38 44.83": true, "91.30 91.80": true, "1042 142": true, "867 687": true,
		"44.38 44.38": false, "44.38 50.12": false, "1042 42": false, "12.31 8.86": false,
	} {
		a, b, _ := strings.Cut(pair, " ")
		if onePen(a, b) != want || onePen(b, a) != want {
			t.Errorf("onePen(%s, %s) is not %t", a, b, want)
		}
	}
}
