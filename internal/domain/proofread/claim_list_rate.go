package proofread

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// kindSets are the kinds that a rate is the sum of, as the statistics define it: all of
// one set, each by the end of its name.
var kindSets = []struct {
	whole *regexp.Regexp
	kinds []string
}{
	{regexp.MustCompile(`升学率|深造率`), []string{"境内升学率", "境外"}},
	{regexp.MustCompile(`升学率|深造率`), []string{"国内升学率", "出国"}},
	{regexp.MustCompile(`升学率|深造率`), []string{"国内升学率", "境外"}},
	{regexp.MustCompile(`升学率|深造率`), []string{"境内升学率", "出国"}},
}

// kindsOfRate holds a rate against the kinds that its sentence splits it into.
func kindsOfRate(list []mention) []doubt {
	for i, whole := range list {
		for _, set := range kindSets {
			n := len(set.kinds)
			if i+n >= len(list) || !set.whole.MatchString(tailClause(whole.between)) || containsAny(tailClause(whole.between), set.kinds) {
				continue
			}
			parts := list[i+1 : i+1+n]
			if !splitInto(parts, set.kinds) || !exact(list[i:i+1+n]) || rises.MatchString(whole.between) || falls.MatchString(whole.between) {
				continue
			}
			if d, ok := listSum(whole, parts); ok {
				return []doubt{d}
			}
		}
	}
	return nil
}

// splitInto tells whether the figures are of the kinds, one each, and of nobody else.
func splitInto(parts []mention, kinds []string) bool {
	seen := map[string]bool{}
	for i, m := range parts {
		words := m.between
		if i == 0 && !strings.Contains(words, "其中") && !strings.HasPrefix(words, "（") && !strings.HasPrefix(words, "(") || i > 0 && strings.ContainsAny(words, "；。") || len(levelsNamed(words)) > 0 || rises.MatchString(words) || falls.MatchString(words) {
			return false
		}
		for _, k := range kinds {
			if strings.Contains(words, k) && !seen[k] {
				seen[k] = true
				break
			}
		}
	}
	return len(seen) == len(kinds)
}

func tailClause(s string) string {
	if i := strings.LastIndexAny(s, "，。；："); i >= 0 && len([]rune(s[i:])) > 4 {
		return s[i:]
	}
	return s
}

// rateOfLevels doubts a rate of all that lies outside the rates of all levels of study
// that the same sentence names.
func (c *claims) rateOfLevels(list []mention) []doubt {
	for i, whole := range list {
		if whole.measure == "" || len(levelsNamed(whole.between)) > 0 || levelIn(whole.level) != "" || !strings.HasSuffix(whole.measure, "率") || residue(tailClause(whole.between)) != "" || rises.MatchString(whole.between) || falls.MatchString(whole.between) {
			continue
		}
		parts := levelRates(list[i+1:], whole)
		has := func(l string) bool { return slices.ContainsFunc(parts, func(m mention) bool { return m.level == l }) }
		if len(parts) < 2 || c.leaves(has) == nil || !exact(append([]mention{whole}, parts...)) || c.otherLevels(has) {
			continue
		}
		low := slices.MinFunc(parts, func(a, b mention) int { return a.Value.Cmp(b.Value) })
		high := slices.MaxFunc(parts, func(a, b mention) int { return a.Value.Cmp(b.Value) })
		if whole.Value.Cmp(low.Value) >= 0 && whole.Value.Cmp(high.Value) <= 0 {
			continue
		}
		d := whole.doubtOf(RateVsWeighted, Fault, "")
		d.Other = low.place()
		d.Explanation = fmt.Sprintf("各学历层次的%s在 %s 与 %s 之间，总的印的是 %s，落在它们之外。", whole.measure, low.printed(), high.printed(), whole.printed())
		d.mends = []mend{whole.mendTo(low.Value, high.Value)}
		for _, m := range parts {
			if whole.Value.Cmp(low.Value) < 0 {
				d.mends = append(d.mends, m.mendTo(Decimal{}, whole.Value))
			} else {
				d.mends = append(d.mends, m.mendTo(whole.Value, Whole(100)))
			}
		}
		return []doubt{d}
	}
	return nil
}

// levelRates are the rates of the same measure that follow, one of each level of study.
func levelRates(list []mention, whole mention) []mention {
	var parts []mention
	for _, m := range list {
		if m.measure != whole.measure || m.cohort != whole.cohort || levelIn(m.level) == "" || residue(m.between) != "" && !m.listed || slices.ContainsFunc(parts, func(x mention) bool { return x.level == m.level }) {
			break
		}
		parts = append(parts, m)
	}
	return parts
}

// otherLevels tells whether the report speaks of a level of study that is not among them.
func (c *claims) otherLevels(has func(string) bool) bool {
	for _, p := range c.passages {
		for _, m := range p.mentions {
			for _, l := range levelsNamed(m.between) {
				if l == "合计" || has(l) || l == "研究生" && (has("硕士") || has("博士")) || has("研究生") && (l == "硕士" || l == "博士") {
					continue
				}
				return true
			}
		}
	}
	return false
}

var (
	inOrder = regexp.MustCompile(`(排名|位居|位列|排在|排|居|列|占比|比例)前([二三四五六七八九十两2-9]|10)(位|名|的)?|(从高到低|由高到低|从多到少|由多到少|从大到小|由大到小|降序)`)
	another = regexp.MustCompile(`较低|最低|最少|较少|后[二三四五六七八九十]|倒数|不分先后|排名不分|其余|其他各`)
	nameGap = regexp.MustCompile(`^(%?)[)）][、，；和与及以]*[^，。；:：()（）%]{1,20}[(（]$`)
)

// fallingList doubts a list that is said to be the first few, or to stand from high to
// low, and rises: A（p%）、B（q%）.
func fallingList(p *passage, sentence int, shares, counts []mention) []doubt {
	words := p.words(p.sentences[sentence])
	at := inOrder.FindStringIndex(words)
	if at == nil || another.MatchString(words) || len(inOrder.FindAllString(words, -1)) > 1 {
		return nil
	}
	from := p.sentences[sentence].from + len([]rune(words[:at[1]]))
	rate := containsAny(lastRunes(words[:at[0]], 12), []string{"率", "度", "分"})
	list := shares
	if len(counts) >= 2 && !rate {
		list = counts
	}
	for i := 0; i < len(list); i++ {
		if list[i].From < from || !strings.HasSuffix(list[i].between, "(") && !strings.HasSuffix(list[i].between, "（") || list[i].mate >= 0 && list[i].Sort == Percent {
			continue
		}
		if rate && list[i].Sort != Percent || list[i].From-from > 40 || strings.ContainsAny(string(p.text[from:list[i].From]), "；。") {
			return nil
		}
		if strings.Contains(string(p.text[from:list[i].From]), "率") {
			return nil // ranked by one thing, with another in brackets
		}
		sum := Decimal{}
		for j := i; j < len(list) && (j == i || bracketed(p, list[j-1], list[j])); j++ {
			sum = sum.Add(list[j].Value)
		}
		if !rate && list[i].Sort == Percent && sum.Cmp(Whole(100)) > 0 {
			return nil
		}
		for j := i + 1; j < len(list) && bracketed(p, list[j-1], list[j]); j++ {
			if !exact(list[j-1 : j+1]) {
				return nil
			}
			if list[j].Value.Cmp(list[j-1].Value) > 0 && !p.matesFall(list[i:]) {
				return []doubt{rising(list[j-1], list[j], words[at[0]:at[1]])}
			}
		}
		return nil
	}
	return nil
}

// matesFall tells whether the list stands in order by the other figure in its brackets.
func (p *passage) matesFall(list []mention) bool {
	for j, m := range list {
		if m.mate < 0 || j > 0 && p.mentions[m.mate].Value.Cmp(p.mentions[list[j-1].mate].Value) > 0 {
			return j > 1
		}
	}
	return true
}

// bracketed tells whether two figures of a list stand in brackets behind their names.
func bracketed(p *passage, a, b mention) bool {
	between := string(p.text[a.UnitEnd:b.From])
	if a.Sort == Count && a.mate >= 0 { // A（n 人，占 p%）
		if i := strings.IndexAny(between, ")）"); i >= 0 {
			between = between[i:]
		}
	}
	return nameGap.MatchString(between) && !containsAny(between, []string{"其中", "主要"})
}

func rising(a, b mention, said string) doubt {
	d := b.doubtOf(ClaimVsTable, Claim, "")
	d.Other = a.place()
	d.Explanation = fmt.Sprintf("句中说是“%s”，排在后面的 %s 却比前面的 %s 大。", said, b.printed(), a.printed())
	d.mends = []mend{b.mendTo(Decimal{}, a.Value), a.mendTo(b.Value, Whole(maxUnits))}
	return d
}
