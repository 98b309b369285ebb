package proofread

import (
	"fmt"
	"slices"
	"strings"
)

// sumClaims holds the parts that a sentence names against their total.
func (c *claims) sumClaims() []doubt {
	var out []doubt
	for _, p := range c.passages {
		for i := range p.sentences {
			list := p.counts(i)
			out = append(out, c.levelSums(p, i, list)...)
			out = append(out, c.opposites(p, i, list)...)
			out = append(out, c.sharedOut(p, i, list)...)
			if len(out) == 0 {
				out = append(out, larger1(list)...)
			}
		}
	}
	return out
}

// larger1 doubts a part that is more than the total it stands behind: 共 2504 人，其中国内
// 升学 9361 人.
func larger1(list []mention) []doubt {
	for i := 1; i < len(list); i++ {
		t, m := list[i-1], list[i]
		if !strings.HasPrefix(strings.TrimLeft(m.between, "，（(；。选择继续深造"), "其中") || m.Unit != t.Unit || t.mate >= 0 && strings.Contains(m.between, "；") || m.Value.Units <= t.Value.Units || !exact([]mention{t, m}) || rises.MatchString(t.between) || falls.MatchString(t.between) {
			continue
		}
		d := m.doubtOf(TotalVsSum, Fault, "")
		d.Other = t.place()
		d.Explanation = fmt.Sprintf("“其中”的 %s 比前面的总数 %s 还多。", m.printed(), t.printed())
		d.mends = []mend{m.mendTo(Decimal{}, t.Value)}
		return []doubt{d}
	}
	return nil
}

// counts are the exact counts of a sentence; where it begins with 其中, the last count of
// the sentence before stands first.
func (p *passage) counts(sentence int) []mention {
	var out []mention
	var before *mention
	for i := range p.mentions {
		m := p.mentions[i]
		if m.Sort != Count || m.Unit == "" || m.Value.Digits > 0 || m.moved() {
			continue
		}
		if m.sentence == sentence-1 && m.mate < 0 {
			before = &p.mentions[i]
		}
		if m.sentence == sentence {
			out = append(out, m)
		}
	}
	if before != nil && strings.HasPrefix(p.words(p.sentences[sentence]), "其中") {
		out = slices.Insert(out, 0, *before)
	}
	return out
}

// moved tells whether a figure is by how much something rose or fell, or an amount of
// money: no part of a sum and no total.
func (m mention) moved() bool {
	_, delta := asDifference(m)
	return delta || slices.Contains([]string{"元", "万元", "亿元", "分", "岁", "倍", "天", "年"}, m.Unit)
}

// exact tells whether all figures are meant to the last digit.
func exact(list []mention) bool {
	return !slices.ContainsFunc(list, func(m mention) bool { return m.Approx || m.Bound != 0 })
}

// purely tells whether the words of a figure name a level and nothing beside it.
func (m mention) purely() bool {
	own := m.between
	if i := strings.LastIndex(own, "其中"); i >= 0 {
		own = own[i:]
	}
	return m.level != "" && m.level != "合计" && residue(own) == "" && len(levelsNamed(own)) == 1
}

// levelSums holds levels of study against the total that stands before them, and
// 研究生 against 硕士 and 博士.
func (c *claims) levelSums(p *passage, sentence int, list []mention) []doubt {
	var whole *mention
	parts := map[string]mention{}
	for i, m := range list {
		switch {
		case m.purely():
			if _, twice := parts[m.level]; twice {
				return nil
			}
			parts[m.level] = m
		case len(parts) == 0 && levelIn(m.level) == "":
			whole = &list[i]
		case len(parts) == 0 && whole != nil && !m.aside():
			return nil // a part that may be one of them
		case len(parts) > 0:
			return nil
		}
	}
	var out []doubt
	add := func(total mention, levels []string) {
		var of []mention
		for _, l := range levels {
			of = append(of, parts[l])
		}
		if d, ok := sumOf(total, of); ok {
			out = append(out, d)
		}
	}
	has := func(l string) bool { _, ok := parts[l]; return ok }
	if has("研究生") && has("硕士") && has("博士") {
		add(parts["研究生"], []string{"硕士", "博士"})
	}
	if whole == nil || len(parts) < 2 {
		return out
	}
	if need := c.leaves(has); need != nil {
		add(*whole, need)
	}
	return out
}

// leaves are the levels that together are all graduates, if the sentence has them all.
func (c *claims) leaves(has func(string) bool) []string {
	var out []string
	for _, l := range []string{"本科", "专科"} {
		if len(c.people[l]) > 0 || has(l) {
			if !has(l) {
				return nil
			}
			out = append(out, l)
		}
	}
	if has("研究生") {
		return append(out, "研究生")
	}
	for _, l := range []string{"硕士", "博士"} {
		if len(c.people[l]) > 0 || has(l) {
			if !has(l) {
				return nil
			}
			out = append(out, l)
		}
	}
	if len(c.people["研究生"]) > 0 && !has("硕士") {
		return nil
	}
	return out
}

// sumOf is the doubt of a total that is not the sum of its parts.
func sumOf(whole mention, parts []mention) (doubt, bool) {
	sum, terms := int64(0), []string{}
	for _, m := range parts {
		if m.Unit != whole.Unit && !(m.Unit == "名" && whole.Unit == "人" || m.Unit == "人" && whole.Unit == "名") {
			return doubt{}, false
		}
		sum += m.Value.Units
		terms = append(terms, m.printed())
	}
	if sum == whole.Value.Units || rightShares(whole, parts) || !exact(parts) || !exact([]mention{whole}) || len(parts) < 2 {
		return doubt{}, false
	}
	d := whole.doubtOf(TotalVsSum, Fault, Whole(sum).String())
	d.Other = parts[0].place()
	d.Explanation = fmt.Sprintf("各部分 %s = %d，总数印的是 %s。", strings.Join(terms, " + "), sum, whole.printed())
	d.mends = []mend{whole.mendTo(Whole(sum), Whole(sum))}
	for _, m := range parts {
		if right := m.Value.Units + whole.Value.Units - sum; right >= 0 {
			d.mends = append(d.mends, m.mendTo(Whole(right), Whole(right)))
		}
	}
	return d, true
}

// rightShares tells whether all parts have shares, and these are right of the whole: then
// there are others whom the sentence does not name.
func rightShares(whole mention, parts []mention) bool {
	return !slices.ContainsFunc(parts, func(m mention) bool {
		return m.mate < 0 || m.p.mentions[m.mate].Sort != Percent || m.Value.Units > whole.Value.Units || !Prints(m.Value.Units, max(1, whole.Value.Units), m.p.mentions[m.mate].Value)
	})
}

// opposed are names of which there are only the two.
var opposed = [][2]string{
	{"男", "女"}, {"省内", "省外"}, {"境内", "境外"}, {"汉族", "少数民族"}, {"城镇", "农村"}, {"非师范", "师范"}, {"线上", "线下"}, {"国内升学", "出国"}, {"本省", "外省"}, {"党员", "非党员"},
}

// opposites holds two parts that are all there is against 100 and against their total.
func (c *claims) opposites(p *passage, sentence int, list []mention) []doubt {
	var out []doubt
	for i := 0; i+1 < len(list); i++ {
		a, b := list[i], list[i+1]
		if a.sentence != b.sentence || !isOpposed(a.between, b.between) || a.level != b.level && levelsNamed(b.between) != nil || !exact([]mention{a, b}) {
			continue
		}
		if d, ok := twoShares(p, a, b); ok {
			out = append(out, d)
			continue
		}
		if d, ok := c.twoCounts(list, i, a, b); ok {
			out = append(out, d)
		}
	}
	return out
}

func isOpposed(a, b string) bool {
	for _, o := range opposed {
		x, y := o[0], o[1]
		if y == "师范" { // 非师范 holds 师范
			x, y = y, x
		}
		one := strings.Contains(a, x) && !strings.Contains(a, y) && strings.Contains(b, y)
		two := strings.Contains(b, x) && !strings.Contains(b, y) && strings.Contains(a, y)
		if one || two {
			return true
		}
	}
	x := labelIn(a)
	if x == "" {
		x = labelBefore(a)
	}
	x = nameOf(x)
	return len([]rune(x)) >= 2 && len([]rune(x)) <= 4 && strings.HasSuffix(x, "省") && (strings.Contains(b, x+"外") || strings.Contains(b, "省外"))
}

// twoShares doubts two shares that should make 100.
func twoShares(p *passage, a, b mention) (doubt, bool) {
	if a.mate < 0 || b.mate < 0 {
		return doubt{}, false
	}
	x, y := p.mentions[a.mate], p.mentions[b.mate]
	sum := x.Value.Add(y.Value)
	if !exact([]mention{x, y}) || !strings.ContainsAny(x.between, "占比（(") || sum.Sub(Whole(100)).Units >= -1 && sum.Sub(Whole(100)).Units <= 1 {
		return doubt{}, false
	}
	n := a.Value.Units + b.Value.Units
	px, py := Prints(a.Value.Units, n, x.Value), Prints(b.Value.Units, n, y.Value)
	if px == py { // of another base both, or both wrong: not certain
		return doubt{}, false
	}
	wrong, k, good := x, a, y
	if px {
		wrong, k, good = y, b, x
	}
	right := Share(k.Value.Units, n, wrong.Value.Digits)
	d := wrong.doubtOf(PartsVs100, Fault, right.String())
	d.Other = good.place()
	d.Explanation = fmt.Sprintf("两项比例 %s + %s = %s，不是 100；%d 占 %d 应为 %s%%。", x.Value, y.Value, sum, k.Value.Units, n, right)
	d.mends = []mend{wrong.mendTo(right, right)}
	return d, true
}

// twoCounts doubts a total just before two parts that are all of it.
func (c *claims) twoCounts(list []mention, i int, a, b mention) (doubt, bool) {
	if i == 0 {
		return doubt{}, false
	}
	t := list[i-1]
	if t.level != a.level && levelsNamed(a.between) != nil || !strings.Contains(a.between, "其中") {
		return doubt{}, false
	}
	if i+2 < len(list) && list[i+2].sentence == a.sentence && !strings.Contains(list[i+2].between, "。") && residue(list[i+2].between) != "" {
		return doubt{}, false // a third part
	}
	d, ok := sumOf(t, []mention{a, b})
	sum := a.Value.Units + b.Value.Units
	if ok && !close10(t.Value.Units, sum) && !slip(t.Value, []Decimal{a.Value, b.Value}) {
		return doubt{}, false // of something else
	}
	return d, ok
}

// close10 tells whether two numbers differ by less than a tenth.
func close10(a, b int64) bool { return 10*max(a-b, b-a) < max(a, b) }

// sharedOut holds three or more parts with shares against their total: where the shares
// make 100 the counts make the total, and the other way round.
func (c *claims) sharedOut(p *passage, sentence int, list []mention) []doubt {
	if len(list) < 4 {
		return nil
	}
	whole, parts := list[0], list[1:]
	for len(parts) > 0 && parts[0].mate < 0 {
		whole, parts = parts[0], parts[1:]
	}
	if len(parts) < 3 || !exact(list) || slices.ContainsFunc(parts, func(m mention) bool { return m.mate < 0 || m.Unit != parts[0].Unit }) {
		return nil
	}
	sum, percent := int64(0), Decimal{}
	for _, m := range parts {
		sum += m.Value.Units
		percent = percent.Add(p.mentions[m.mate].Value)
	}
	off := percent.Sub(Whole(100)).Units
	hundred := 2*max(off, -off) <= int64(len(parts))+1
	if hundred && sum != whole.Value.Units && close10(sum, whole.Value.Units) {
		if d, ok := sumOf(whole, parts); ok {
			return []doubt{d}
		}
	}
	return nil
}
