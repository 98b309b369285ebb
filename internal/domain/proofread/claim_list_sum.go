package proofread

import (
	"fmt"
	"regexp"
	"strings"
)

// listClaims holds what a sentence says of the figures that it lists: their sum, the
// ladder that they are, the kinds of a rate, and the order that they stand in.
func (c *claims) listClaims() []doubt {
	var out []doubt
	for _, p := range c.passages {
		for i := range p.sentences {
			var shares, counts []mention
			for _, m := range p.figuresOf(i) {
				if m.Sort == Percent {
					shares = append(shares, m)
				} else {
					counts = append(counts, m)
				}
			}
			out = append(out, saidSums(p, shares)...)
			out = append(out, saidSums(p, counts)...)
			out = append(out, ladder(p, shares)...)
			out = append(out, allTogether(p, counts)...)
			out = append(out, satisfied(p, shares)...)
			out = append(out, kindsOfRate(shares)...)
			out = append(out, c.rateOfLevels(shares)...)
			out = append(out, fallingList(p, i, shares, counts)...)
		}
	}
	return out
}

// saidSum is how a sentence sums up what it has just listed: 三者合计, 五省市合计占,
// 三大学科门类占, 三年共有. The first group says how many, the second what.
var saidSum = regexp.MustCompile(`^(?:[)）”]|等)?(?:就业|的|毕业生|为主|居多)*[，；]?(?:以上|上述|这)?(两|二|三|四|五|六|七|八|九|十|[2-9]|10)(者|项|类|省市|省份|省|市|大行业|大学科门类|大学科|大领域|大地区|个地区|个省份|个省市|个行业|个学院|个专业|年|届)(?:的)?(?:毕业生|人数|占比|比例|就业)*(合计|总计|共计|累计|之和|总和|共有|共|占)(?:占比|占|为|达|比例|有|毕业生总数的|毕业生总人数的|毕业生的|总数的|总人数的|人数)*$`)

var saidNumbers = map[string]int{"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "7": 7, "8": 8, "9": 9, "10": 10}

// saidSums holds 三者合计 p% and its like against the figures just before.
func saidSums(p *passage, list []mention) []doubt {
	var out []doubt
	for i, m := range list {
		said := saidSum.FindStringSubmatch(m.between)
		if said == nil {
			if m.mate >= 0 && m.Sort == Percent {
				said = saidSum.FindStringSubmatch(p.mentions[m.mate].between) // 三者共 n 人，占 p%
			}
			if said == nil {
				continue
			}
		}
		n := saidNumbers[said[1]]
		if n > i || !exact(list[i-n:i+1]) || said[3] == "占" && m.Sort == Count || !alikeList(list[i-n:i]) || i > n && goesOn(list[i-n-1], list[i-n]) {
			continue
		}
		if d, ok := listSum(m, list[i-n:i]); ok {
			out = append(out, d)
		}
	}
	return out
}

// inAll is how a sentence counts together what it has just listed, without a number.
var inAll = regexp.MustCompile(`^[)）”]?，(一共|总共|共有|共计|合计|共)$`)

// allTogether holds A a 人、B b 人、C c 人，共有 n 人 against the list. What is far off is
// another statement.
func allTogether(p *passage, list []mention) []doubt {
	for i := 3; i < len(list); i++ {
		m := list[i]
		if !inAll.MatchString(m.between) || m.mate >= 0 {
			continue
		}
		from := i - 1
		for from > 0 && list[from-1].mate < 0 && list[from-1].Unit == m.Unit && list[from].Unit == m.Unit && listedWith(list[from].between) {
			from--
		}
		head := list[from].between + string(p.text[list[from].From:m.From])
		if i-from < 3 || !exact(list[from:i+1]) || containsAny(head, []string{"等", "最多", "其次", "主要", "较多", "前", "包括", "超过"}) {
			continue
		}
		if d, ok := listSum(m, list[from:i]); ok && near5(m.Value, d.Expected) {
			return []doubt{d}
		}
	}
	return nil
}

// listedWith tells whether a figure goes on a list: 、B or ，B.
func listedWith(between string) bool {
	t := strings.TrimLeft(between, ")）")
	return (strings.HasPrefix(t, "、") || strings.HasPrefix(t, "，")) && strings.Count(t, "，") <= 1 && len([]rune(residueless.ReplaceAllString(t, ""))) <= 12 && !containsAny(t, []string{"其中", "共有", "共计", "，共", "合计", "比", "较"}) || strings.HasPrefix(t, "，中共党员")
}

var residueless = regexp.MustCompile(`[（(][^（）()]*[)）]`)

// near5 tells whether two numbers differ by at most a fifth.
func near5(a Decimal, b string) bool {
	d, ok := ParseDecimal(b)
	return ok && 5*abs(a.Sub(d)).Units <= d.To(a.Digits).Units
}

// satisfied holds 总体满意度 after the shares of three answers and more that it is made of.
func satisfied(p *passage, list []mention) []doubt {
	for i := 3; i < len(list); i++ {
		m := list[i]
		if !satisfaction.MatchString(m.between) {
			continue
		}
		from := i - 1
		for from > 0 && list[from].listed && listGap.MatchString(list[from].between) {
			from--
		}
		answers := string(p.text[p.sentences[m.sentence].from:list[from].From])
		if i-from < 3 || strings.Contains(answers, "不") || len(content.FindAllString(answers, -1)) != i-from || !exact(list[from:i+1]) {
			continue
		}
		if d, ok := listSum(m, list[from:i]); ok {
			return []doubt{d}
		}
	}
	return nil
}

// content are the answers that a rate of satisfaction is made of.
var content = regexp.MustCompile(`(非常|很|十分|比较|较为|较|基本)?满意`)

var satisfaction = regexp.MustCompile(`^[)）]?，(总体|整体|总)?满意(度|率)(合计|共|总体)?(为|达|达到|是)?$`)

// alikeList tells whether figures are listed side by side: of one unit, of one sort of
// label, no part of another among them.
func alikeList(list []mention) bool {
	for i, m := range list {
		if m.Unit != list[0].Unit || i > 0 && (containsAny(m.between, []string{"其中", "较", "比上", "高于", "低于", "共", "合计", "。"}) || rises.MatchString(m.between) || falls.MatchString(m.between)) || m.Value.Digits != list[0].Value.Digits {
			return false
		}
	}
	return true
}

// goesOn tells whether the list had begun with the figure before: then the sum may be of
// more than the number says.
func goesOn(before, first mention) bool {
	return strings.HasPrefix(strings.TrimLeft(first.between, ")）%"), "、") && before.Sort == first.Sort
}

// listSum is the doubt of a figure that is not the sum of the parts before it. Shares may
// each be off by half a unit of their last digit, and cut off.
func listSum(m mention, parts []mention) (doubt, bool) {
	sum := Decimal{}
	var terms []string
	for _, x := range parts {
		sum = sum.Add(x.Value)
		terms = append(terms, x.printed())
	}
	off := m.Value.Sub(sum)
	loose := int64(0)
	if m.Sort == Percent {
		loose = int64(len(parts)+2) / 2
		if coarse := m.Value.Digits; coarse < sum.Digits {
			loose += pow10(sum.Digits - coarse)
		}
	}
	if abs(off).Units <= loose || m.Unit != parts[0].Unit && m.Sort == Count {
		return doubt{}, false
	}
	rule := TotalVsSum
	if m.Sort == Percent {
		rule = RateVsParts
	}
	d := m.doubtOf(rule, Fault, sum.String())
	d.Other = parts[0].place()
	d.Explanation = fmt.Sprintf("句中列出的 %s = %s，合计印的是 %s。", strings.Join(terms, " + "), sum, m.printed())
	d.mends = append(d.mends, m.mendTo(sum.less(loose), sum.more(loose)))
	for _, x := range parts {
		right := x.Value.Add(off)
		if right.Units >= 0 {
			d.mends = append(d.mends, x.mendTo(right.less(loose), right.more(loose)))
		}
	}
	return d, true
}

func (d Decimal) less(units int64) Decimal { return Decimal{d.Units - units, d.Digits} }
func (d Decimal) more(units int64) Decimal { return Decimal{d.Units + units, d.Digits} }

var (
	ladderLow  = regexp.MustCompile(`(元|人|分|次|份|家|小时)(/月)?(及)?(以下|以内)|不足\d|低于\d`)
	ladderHigh = regexp.MustCompile(`(元|人|分|次|份|家|小时)(/月)?(及)?以上|超过\d|高于\d`)
	ladderStep = regexp.MustCompile(`\d(元|人|分|次|份|家|小时)?(/月)?[-—–~～至到]+\d`)
)

// ladder holds shares of ranges, from … 以下 up to … 以上 or down, against 100.
func ladder(p *passage, list []mention) []doubt {
	for from := 0; from+2 < len(list); from++ {
		first := p.before(list, from)
		up, down := ladderLow.MatchString(first), ladderHigh.MatchString(first)
		if up == down {
			continue
		}
		end := ladderHigh
		if down {
			end = ladderLow
		}
		for to := from + 1; to < len(list) && exact(list[from:to+1]); to++ {
			step := p.before(list, to)
			if to-from >= 2 && end.MatchString(step) {
				return notHundred(list[from : to+1])
			}
			if !ladderStep.MatchString(step) || containsAny(step, []string{"其中", "较", "比"}) && !strings.Contains(step, "占比") && !strings.Contains(step, "比例") {
				break
			}
		}
	}
	return nil
}

// before is what stands between a figure of a list and the one before it, or from the
// last stop to the first.
func (p *passage) before(list []mention, i int) string {
	m := list[i]
	if i > 0 && list[i-1].sentence == m.sentence {
		return string(p.text[list[i-1].UnitEnd:m.From])
	}
	s := string(p.text[p.sentences[m.sentence].from:m.From])
	if k := strings.LastIndexAny(s, "，；："); k >= 0 {
		s = s[k:]
	}
	return s
}

// notHundred is the doubt of shares that are all there is and make no 100.
func notHundred(list []mention) []doubt {
	sum := Decimal{}
	var terms []string
	for _, m := range list {
		sum, terms = sum.Add(m.Value), append(terms, m.printed())
	}
	off := sum.Sub(Whole(100))
	if 2*abs(off).Units <= int64(len(list))+1 {
		return nil
	}
	last := list[len(list)-1]
	d := last.doubtOf(PartsVs100, Fault, "")
	d.Printed, d.Expected = sum.String(), Whole(100).To(sum.Digits).String()
	d.Other = list[0].place()
	d.Explanation = fmt.Sprintf("句中各档比例 %s = %s，不是 100。", strings.Join(terms, " + "), sum)
	for _, m := range list {
		if right := m.Value.Sub(off); right.Units >= 0 {
			d.mends = append(d.mends, m.mendTo(right.less(int64(len(list))), right.more(int64(len(list)))))
		}
	}
	return []doubt{d}
}
