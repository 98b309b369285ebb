package proofread

import (
	"regexp"
	"slices"
	"strings"
)

// noise is what a label carries beside its name: units in brackets, colons, footnotes.
var (
	unitNote   = regexp.MustCompile(`[(（\[]\s*(单位[:：])?\s*(%|‰|人|名|人数|人次|个|家|家/次|家次|场|元|分|所|万元|元/月|Top\s*\d+)\s*[)）\]]`)
	footDigits = regexp.MustCompile(`^(\D*\p{Han})\d{1,2}$`)
	cohortName = regexp.MustCompile(`(20\d\d)\s*(届|年|级)?`)
)

// same words for one thing: normalised label to its canonical form.
var synonyms = map[string]string{
	"本科生": "本科", "本科毕业生": "本科", "普通本科": "本科", "大学本科": "本科", "本科学历": "本科", "普通本科生": "本科", "本科生毕业": "本科",
	"硕士生": "硕士", "硕士毕业生": "硕士", "硕士研究生": "硕士", "毕业硕士": "硕士", "硕士学历": "硕士", "硕士毕业研究生": "硕士", "硕士研究生毕业生": "硕士", "硕士生毕业": "硕士",
	"博士生": "博士", "博士毕业生": "博士", "博士研究生": "博士", "博士学历": "博士", "博士毕业研究生": "博士", "博士研究生毕业生": "博士", "博士生毕业": "博士",
	"研究生毕业生": "研究生", "毕业研究生": "研究生", "研究生学历": "研究生",
	"专科生": "专科", "专科毕业生": "专科", "高职": "专科", "高职生": "专科", "高职(专科)": "专科", "专科(高职)": "专科", "高职毕业生": "专科", "高职专科": "专科", "高职高专": "专科", "专科生毕业": "专科", "大专": "专科",
	"总计": "合计", "总体": "合计", "全校": "合计", "全体": "合计", "全体毕业生": "合计", "毕业生合计": "合计", "全校合计": "合计", "全校总计": "合计", "全校总体": "合计", "总合计": "合计", "学校总体": "合计",
	"总 计": "合计", "全部": "合计", "全部毕业生": "合计", "学校合计": "合计", "学校总计": "合计", "全校毕业生": "合计", "总和": "合计", "本校总体": "合计", "学校整体": "合计", "整体": "合计", "全校平均": "合计", "总平均": "合计",
	"总数": "总人数", "毕业生数": "毕业人数", "毕业生人数": "毕业人数", "毕业生总数": "毕业人数", "毕业生总人数": "毕业人数", "毕业总人数": "毕业人数", "参与统计人数": "毕业人数",
	"占比": "比例", "比率": "比例", "所占比例": "比例", "百分比": "比例", "比重": "比例", "占比例": "比例", "所占比重": "比例", "百分率": "比例", "人数占比": "比例", "人数比例": "比例", "占总人数比例": "比例", "占毕业生总数比例": "比例",
	"数量": "人数", "人数合计": "人数", "学生人数": "人数", "人次": "人数",
	"男生": "男", "女生": "女", "男性": "男", "女性": "女", "男毕业生": "男", "女毕业生": "女",
	"其它": "其他", "落实率": "毕业去向落实率", "毕业去向落实比例": "毕业去向落实率", "总体毕业去向落实率": "毕业去向落实率",
}

// levels are the normalised names of levels of study, sexes apart.
var levels = []string{"本科", "硕士", "博士", "研究生", "专科", "合计"}

// normal is the name in a label: no spaces, units, footnotes; one word for one thing.
// Labels with different normal forms may mean the same; equal ones do.
func normal(label string) string {
	s := labelMarks.Replace(Fold(label))
	s = strings.Join(strings.Fields(s), "")
	s = unitNote.ReplaceAllString(s, "")
	s = strings.TrimRight(strings.TrimSuffix(s, "%"), ":、，。；")
	if m := footDigits.FindStringSubmatch(s); m != nil {
		s = m[1]
	}
	if c, ok := synonyms[s]; ok {
		return c
	}
	return s
}

// cohortIn is the year of a label or title that names exactly one; "" otherwise.
func cohortIn(s string) string {
	found := ""
	for _, m := range cohortName.FindAllStringSubmatch(Fold(s), -1) {
		if found != "" && m[1] != found {
			return ""
		}
		found = m[1]
	}
	return found
}

// levelIn is the level of study that a label or title names, normalised; "" if it names
// none or several.
func levelIn(s string) string {
	s = strings.Join(strings.Fields(s), "")
	found := ""
	for _, l := range []string{"本科", "硕士", "博士", "专科", "高职"} {
		if strings.Contains(s, l) {
			if found != "" {
				return ""
			}
			found = normal(l)
		}
	}
	if found == "" && strings.Contains(s, "研究生") {
		return "研究生"
	}
	return found
}

func containsAny(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
}
