package proofread

import (
	"regexp"
	"slices"
	"strings"
)

// words of labels that say what the cells under or beside them are; the first list that
// has one wins.
var (
	rankWords  = []string{"排名", "排序", "序号", "名次", "位次", "代码", "编号", "学制", "年限", "邮编", "电话"}
	meanWords  = []string{"平均", "均值", "得分", "评分", "分值", "满意值", "薪", "收入", "工资", "标准差", "中位数", "指数", "增长", "增幅", "同比", "变化", "百分点", "差值", "均分", "倍", "比值", "年龄", "起薪", "金额", "增减", "生师比", "男女比", "性别比", "供需比"}
	shareWords = []string{"比例", "占比", "比重", "百分比", "百分率", "比率", "率", "%", "份额", "构成比"}
	countWords = []string{"人数", "总数", "数量", "家数", "人次", "场次", "单位数", "个数", "频数", "小计", "数"}
	dashes     = []string{"-", "--", "—", "——", "–", "/", "\\", "－", "―", "一", "―― ", "无"}
)

var (
	plainNumber = regexp.MustCompile(`^([+-]?[\d,]+(?:\.\d+)?)\s*(%|人|名|家|个|场|次|人次|所|项|位|条|份)?[*①②③]?$`)
	thousands   = regexp.MustCompile(`^\d{1,3}(,\d{3})+$`) // one number, not two
	bothNumbers = regexp.MustCompile(`^([\d,]+)\s*(?:人|名|家|个)?\s*(?:[(（/,，、|]|\s)\s*(?:占比?)?\s*(\d+(?:\.\d+)?)\s*(%?)\s*[)）]?$`)
)

// ofWhole is 145/147, a count of a base: only a head that speaks of shares makes 147 one.
var ofWhole = regexp.MustCompile(`^\d+\s*/\s*\d+$`)

// figureIn reads a cell's text as one number; unit is what follows it.
func figureIn(s string) (d Decimal, unit string, ok bool) {
	m := plainNumber.FindStringSubmatch(Fold(strings.TrimSpace(s)))
	if m == nil {
		return Decimal{}, "", false
	}
	d, ok = ParseDecimal(strings.TrimPrefix(m[1], "+"))
	return d, m[2], ok
}

// yearIn reads a cell as a year or cohort: 2024, 2024届, 2024 年.
func yearIn(s string) bool {
	s = strings.Join(strings.Fields(Fold(s)), "")
	s = strings.TrimSuffix(strings.TrimSuffix(s, "毕业生"), "级")
	s = strings.TrimSuffix(strings.TrimSuffix(s, "届"), "年")
	d, ok := ParseDecimal(s)
	return ok && d.Digits == 0 && len(s) == 4 && d.Units >= 1990 && d.Units < 2100
}

func isDash(s string) bool {
	for _, d := range dashes {
		if s == d {
			return true
		}
	}
	return false
}

// kindSaid is what labels say of their cells, from the innermost on; text if nothing.
func kindSaid(labels ...string) kind {
	for _, l := range labels {
		l = strings.Join(strings.Fields(Fold(l)), "")
		switch {
		case l == "":
			continue
		case containsAny(l, rankWords):
			return rank
		case containsAny(l, meanWords) && !strings.Contains(l, "%"):
			return mean
		case containsAny(l, []string{"增长", "增幅", "同比", "变化", "增减", "百分点"}):
			return mean
		case shares(l):
			return percent
		case containsAny(l, countWords):
			return count
		}
	}
	return text
}

// shares tells whether a label names a share. 率 and 比例 count at the end or before a
// bracket only: 效率 is none, 比例最高的省 neither.
func shares(l string) bool {
	if strings.Contains(l, "%") || strings.Contains(l, "占比") || strings.Contains(l, "百分比") {
		return true
	}
	l, _, _ = strings.Cut(l, "(")
	l, _, _ = strings.Cut(l, "（")
	if m := footDigits.FindStringSubmatch(l); m != nil {
		l = m[1]
	}
	if strings.HasPrefix(l, "占") && strings.HasSuffix(l, "比") {
		return true
	}
	for _, w := range shareWords {
		if strings.HasSuffix(l, w) && l != "效率" && l != "频率" && !strings.HasSuffix(l, "男女比例") {
			return true
		}
	}
	return false
}

// kindOf tells what a cell is: its own sign first, then its column's inner label, its
// row's, its column's outer ones, and the title's.
func kindOf(s string, col, row []string, title string) (Decimal, kind) {
	if s == "" {
		return Decimal{}, blank
	}
	if isDash(s) {
		return Decimal{}, dash
	}
	d, unit, ok := figureIn(s)
	if !ok {
		return Decimal{}, text
	}
	inner, outer := reversed(col), []string(nil)
	if len(inner) > 1 {
		inner, outer = inner[:1], inner[1:]
	}
	said := kindSaid(slices.Concat(inner, reversed(row), outer)...)
	switch {
	case said == rank || said == mean:
		return d, said
	case unit == "%":
		return d, percent
	case unit != "":
		return d, count
	case said == text && strings.Contains(title, "%"):
		said = percent
	}
	switch {
	case said == percent && d.Cmp(Whole(100)) <= 0 && d.Units >= 0:
		return d, percent
	case said == percent, d.Digits > 0, d.Units < 0:
		return d, mean
	}
	return d, count
}

func reversed(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[len(list)-1-i] = s
	}
	return out
}
