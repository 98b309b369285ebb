package proofread

import (
	"slices"
	"strings"
	"unicode"
)

// Figure is a number in running text, with what it counts as far as the characters
// around it say.
type Figure struct {
	Value   Decimal
	Sort    Sort
	Unit    string // 人, 家, 场, 元 …; "" if no unit follows
	Approx  bool   // 近, 约, 左右, 余 …: not the number itself
	Bound   int    // of "超过 900", "以上": +1 the number lies above, -1 below; 0 neither
	From    int    // rune of the text where the number begins
	To      int    // rune after the number and its percent sign
	UnitEnd int    // rune after the unit
}

// Sort is what a number is.
type Sort int

// Sorts of numbers. Only Count and Percent take part in checks of sizes.
const (
	Count   Sort = iota
	Percent      // 82.63%
	Points       // 个百分点
	Year         // 2024 年, 2024 届, 2022-2024
	Ordinal      // 第 3, 表 1-1, "1." at the head of a line, 9 月 1 日, 5 楼
	Name         // 985, 211, 500 强, 4+2: part of a name
)

// Fold makes full-width digits and signs half-width, rune for rune, so that places stay.
func Fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == '％' || r == '﹪':
			return '%'
		case r == '．':
			return '.'
		case r == '－' || r == '−':
			return '-'
		case r == '\u00a0' || r == '\u3000' || r == '\u2009' || r == '\u202f':
			return ' '
		}
		return r
	}, s)
}

// units that may follow a number, the longer first where one begins another.
var units = []string{"个百分点", "百分点", "人次", "万人次", "万人", "万元", "亿元", "余人", "多人", "余名", "余家", "余个", "余场", "届", "年级", "年", "月", "日", "号",
	"人", "名", "位", "家", "所", "场", "个", "次", "项", "元", "倍", "门", "类", "种", "届次", "份", "条", "批", "期", "篇", "小时", "学时", "天", "周", "分钟", "分", "强", "支", "组", "岗", "省", "市", "县", "岁", "台", "间", "平方米", "平米", "册", "部", "件", "站", "轮", "层", "级", "座", "套", "字", "讲", "节", "点"}

var (
	before    = []string{"近", "约", "大约", "接近", "将近", "约为", "约占", "近乎", "大概", "达到近"}
	notNearly = []string{"签约", "预约", "违约", "解约", "续约", "附近", "临近", "邻近", "就近"} // end in 约 or 近 and mean neither
	above     = []string{"超过", "超", "高于", "逾", "多于", "突破", "不低于", "不少于", "大于", "≥", "＞", ">", "至少"}
	below     = []string{"低于", "少于", "不足", "不到", "不超过", "小于", "≤", "＜", "<", "至多"}
	after     = []string{"左右", "上下", "余", "多"}
	labels    = []string{"表", "图", "第", "附件", "附表", "附图", "式", "注", "专栏", "学号", "文号", "号", "〔", "["}
	names     = []string{"985", "211", "500", "100", "111", "2011", "101", "12306"}
	nameTail  = []string{"工程", "院校", "高校", "强", "计划", "大学", "\"", "”", "’", "/", "、“"}
)

// Figures finds the numbers of a text, in order.
func Figures(text string) []Figure {
	rs := []rune(Fold(text))
	var out []Figure
	for i := 0; i < len(rs); {
		if !isDigit(rs[i]) {
			i++
			continue
		}
		j := numberEnd(rs, i)
		d, ok := ParseDecimal(string(rs[i:j]))
		if !ok || i > 0 && asciiLetter(rs[i-1]) {
			i = skipWord(rs, j)
			continue
		}
		f := Figure{Value: d, From: i, To: j, UnitEnd: j}
		f.describe(rs)
		out = append(out, f)
		i = max(f.To, j)
	}
	return joinYears(out, rs)
}

func isDigit(r rune) bool     { return r >= '0' && r <= '9' }
func asciiLetter(r rune) bool { return r < 0x80 && unicode.IsLetter(r) }

// numberEnd is the rune after the number that begins at i: digits, with separators
// where three digits follow, and one point with digits behind it.
func numberEnd(rs []rune, i int) int {
	j := i
	for j < len(rs) && isDigit(rs[j]) {
		j++
	}
	if j-i <= 3 {
		for j+3 < len(rs) && rs[j] == ',' && isDigit(rs[j+1]) && isDigit(rs[j+2]) && isDigit(rs[j+3]) && (j+4 >= len(rs) || !isDigit(rs[j+4])) {
			j += 4
		}
	}
	if j+1 < len(rs) && rs[j] == '.' && isDigit(rs[j+1]) {
		k := j + 1
		for k < len(rs) && isDigit(rs[k]) {
			k++
		}
		if k+1 < len(rs) && rs[k] == '.' && isDigit(rs[k+1]) { // 1.2.3 is a heading's number
			for k < len(rs) && (isDigit(rs[k]) || rs[k] == '.') {
				k++
			}
		}
		j = k
	}
	return j
}

// skipWord passes what a broken number is glued to.
func skipWord(rs []rune, j int) int {
	for j < len(rs) && (isDigit(rs[j]) || asciiLetter(rs[j]) || rs[j] == '.') {
		j++
	}
	return j
}

// describe reads what stands around the number.
func (f *Figure) describe(rs []rune) {
	j := skipSpace(rs, f.To)
	if j < len(rs) && rs[j] == '%' {
		f.Sort, f.To, f.UnitEnd = Percent, j+1, j+1
	} else if j < len(rs) && rs[j] == '‰' {
		f.Sort, f.To = Name, j+1
	} else if u := prefixOf(rs[j:], units); u != "" {
		f.Unit, f.UnitEnd = u, j+len([]rune(u))
	}
	head := strings.TrimRight(string(rs[max(0, f.From-6):f.From]), " ")
	if strings.HasSuffix(head, "百分之") {
		f.Sort = Percent
	}
	f.quantify(head, rs)
	f.sort(head, rs)
}

// quantify reads 近, 超过, 左右 and the like.
func (f *Figure) quantify(head string, rs []rune) {
	f.Approx = suffixOf(head, before) && !suffixOf(head, notNearly)
	switch {
	case suffixOf(head, below):
		f.Bound = -1
	case suffixOf(head, above):
		f.Bound = 1
	}
	tail := strings.TrimLeft(string(rs[f.UnitEnd:min(len(rs), f.UnitEnd+3)]), " ")
	if prefixOf([]rune(tail), after) != "" || strings.HasPrefix(f.Unit, "余") || strings.HasPrefix(f.Unit, "多") || prefixOf(rs[skipSpace(rs, f.To):], after) != "" {
		f.Approx = true
	}
	switch {
	case strings.HasPrefix(tail, "以上"):
		f.Bound = 1
	case strings.HasPrefix(tail, "以下"):
		f.Bound = -1
	}
}

// sort tells years, labels and names from counts.
func (f *Figure) sort(head string, rs []rune) {
	if f.Sort != Count {
		return
	}
	year := f.Value.Digits == 0 && f.Value.Units >= 1900 && f.Value.Units < 2100
	text := string(rs[f.From:f.To])
	next := strings.TrimLeft(string(rs[f.To:min(len(rs), f.To+3)]), " ")
	switch {
	case strings.HasSuffix(f.Unit, "百分点"):
		f.Sort = Points
	case year && (f.Unit == "年" || f.Unit == "届" || suffixOf(head, []string{"(", "（", "-", "—", "~", "至", "、"}) && f.Unit == ""):
		f.Sort = Year
	case f.Unit == "届", f.Unit == "年级":
		f.Sort = Year
	case f.Unit == "月", f.Unit == "日", f.Unit == "号", f.Unit == "级" && f.Value.Units >= 2000:
		f.Sort = Ordinal
	case suffixOf(head, labels), (f.Unit == "" || f.Unit == "所") && followsLabel(rs, f.From):
		f.Sort = Ordinal
	case f.Unit == "强", slices.Contains(names, text) && prefixOf([]rune(next), nameTail) != "":
		f.Sort = Name
	case atLineHead(rs, f.From) && prefixOf([]rune(next), []string{".", "、", "．", ")", "）"}) != "":
		f.Sort = Ordinal
	case strings.HasPrefix(next, "+"), strings.HasSuffix(head, "+"):
		f.Sort = Name
	}
}

// followsLabel is true for the later numbers of 表 1-12, 图2.3 or 图 1-2、1-3.
func followsLabel(rs []rune, from int) bool {
	i := from - 1
	for i >= 0 && (rs[i] == ' ' || rs[i] == '-' || rs[i] == '.' || rs[i] == '—' || rs[i] == '、' || isDigit(rs[i])) {
		i--
	}
	return i >= 0 && i < from-1 && (rs[i] == '表' || rs[i] == '图')
}

func atLineHead(rs []rune, from int) bool {
	for i := from - 1; i >= 0; i-- {
		switch {
		case rs[i] == '\n':
			return true
		case rs[i] != ' ' && rs[i] != '(' && rs[i] != '（' && rs[i] != '*':
			return false
		}
	}
	return true
}

// joinYears makes 2022 a year in 2022-2024 届 and in 2021、2022 届.
func joinYears(list []Figure, rs []rune) []Figure {
	for i := len(list) - 2; i >= 0; i-- {
		f, next := &list[i], list[i+1]
		between := strings.TrimSpace(string(rs[min(f.UnitEnd, next.From):next.From]))
		if next.Sort == Year && f.Sort == Count && f.Value.Digits == 0 && f.Value.Units >= 1900 && f.Value.Units < 2100 &&
			slices.Contains([]string{"-", "—", "–", "~", "～", "至", "到", "、", "和", "与", "及", "/", ","}, between) {
			f.Sort = Year
		}
	}
	return list
}

func skipSpace(rs []rune, i int) int {
	for i < len(rs) && (rs[i] == ' ' || rs[i] == '\t') {
		i++
	}
	return i
}

// prefixOf returns the longest word of the list that the runes begin with.
func prefixOf(rs []rune, list []string) string {
	best := ""
	for _, w := range list {
		if len(w) > len(best) && hasPrefix(rs, w) {
			best = w
		}
	}
	return best
}

func hasPrefix(rs []rune, w string) bool {
	i := 0
	for _, r := range w {
		if i >= len(rs) || rs[i] != r {
			return false
		}
		i++
	}
	return true
}

func suffixOf(s string, list []string) bool {
	return slices.ContainsFunc(list, func(w string) bool { return strings.HasSuffix(s, w) })
}
