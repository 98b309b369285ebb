package proofread

import (
	"slices"
	"testing"
)

func TestLookup(t *testing.T) {
	fs := facts(grids(sketch(`
表 1-1 某大学 2024 届毕业生就业情况
学历 | 总数 | 毕业去向落实率(%) | 升学(%)
本科生 | 100 | 82.00 | 50.00
硕士生 | 50 | 90.00 | 20.00
合计 | 150 | 84.67 | 40.00
表 1-2 某大学本科毕业生升学情况
年份 | 升学人数 | 升学率(%)
2023 | 40 | 40.00
2024 | 50 | 50.00`)))
	for _, c := range []struct {
		words         []string
		level, cohort string
		k             kind
		want          string
	}{
		{[]string{"落实率"}, "本科", "", percent, "82.00"},
		{[]string{"毕业去向落实率"}, "", "", percent, "84.67"},
		{[]string{"升学人数"}, "本科", "2023", count, "40"},
		{[]string{"升学率"}, "本科", "2024", percent, "50.00"},
		{nil, "硕士", "2024", count, "50"},
		{[]string{"落实率"}, "博士", "", percent, ""},
		{[]string{"落实率"}, "本科", "2023", percent, ""},
		{[]string{"升学率"}, "硕士", "2024", percent, ""},
	} {
		got := ""
		for _, f := range lookup(fs, c.words, c.level, c.cohort, c.k) {
			got += f.ref.value().text
		}
		if got != c.want {
			t.Errorf("%v of %s %s: %q, want %q", c.words, c.level, c.cohort, got, c.want)
		}
	}
}

// lookup finds the figures of exactly these words (labels in any spelling), level and
// cohort. An empty level takes what a total says or nobody says; an empty cohort any.
func lookup(list []fact, words []string, level, cohort string, k kind) []fact {
	var keys []string
	for _, w := range words {
		if n := normal(w); !slices.Contains(keys, n) && !slices.Contains(bare, n) {
			keys = append(keys, n)
		}
	}
	slices.Sort(keys)
	var out []fact
	for _, f := range list {
		if f.kind != k || !slices.Equal(f.keys, keys) {
			continue
		}
		if cohort != "" && f.cohort != "" && f.cohort != cohort {
			continue
		}
		if f.level == level || level == "" && f.level == "合计" || level == "合计" && f.level == "" {
			out = append(out, f)
		}
	}
	return out
}
