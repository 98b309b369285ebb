package proofread

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var growth = regexp.MustCompile(`^[，（]?(同比|环比|比上年|较上年|较上届)?(增长|增加|上升|提高|提升|下降|降低|减少|增幅|降幅|增长率|增长幅度|下降幅度)(率|幅度)?(了|为|达|约为|达到)?$`)

// growthClaims holds 增加 202 人，增长 3.20% against what it grew from: the figure of
// before that the sentence gives, or the one of now less the difference.
func (c *claims) growthClaims() []doubt {
	var out []doubt
	for _, p := range c.passages {
		for i, m := range p.mentions {
			if i < 2 || m.Sort == Count && m.Unit == "倍" && exact([]mention{m}) {
				if b, ok := p.times(i); ok {
					out = append(out, b)
				}
				continue
			}
			if m.Sort != Percent || !exact([]mention{m}) || !growth.MatchString(strings.TrimPrefix(m.between, "）")) {
				continue
			}
			if b, ok := p.grownFrom(i); ok {
				out = append(out, b)
				continue
			}
			d, ok := asDifference(p.mentions[i-1])
			if !ok || d.m.Sort != Count || d.m.sentence != m.sentence || d.m.listed || d.m.Value.Digits > 0 {
				continue
			}
			if b, ok := p.grown(i, d); ok {
				out = append(out, b)
			}
		}
	}
	return out
}

// grown doubts the growth at i that goes with a difference.
func (p *passage) grown(i int, d difference) (doubt, bool) {
	m, x := p.mentions[i], p.mentions[i-2]
	if x.sentence != m.sentence || x.Sort != Count || x.Unit != d.m.Unit || !exact([]mention{x}) || x.Value.Digits > 0 {
		return doubt{}, false
	}
	if _, moved := asDifference(x); moved {
		return doubt{}, false
	}
	k := d.m.Value.Units
	now := x.Value.Units
	base := now - int64(d.up)*k
	switch { // a figure of before is the base; that of now may stand before it
	case then(x) && i >= 3 && p.mentions[i-3].sentence == m.sentence && p.mentions[i-3].Unit == x.Unit:
		y := p.mentions[i-3]
		if abs(Whole(y.Value.Units-now)) != Whole(k) {
			return doubt{}, false // told as a difference, or of something else
		}
		now, base = y.Value.Units, now
	case then(x):
		now, base = now+int64(d.up)*k, now
	}
	if base <= 0 || k > base || nearGrowth(k, base, m.Value) || nearGrowth(k, now, m.Value) {
		return doubt{}, false
	}
	right := Share(k, base, m.Value.Digits)
	b := m.doubtOf(PctVsCounts, Fault, right.String())
	b.Other = d.m.place()
	b.Explanation = fmt.Sprintf("由 %d 变为 %d，差 %d，是 %d 的 %s%%，印的是 %s%%。", base, now, k, base, right, m.printed())
	b.mends = []mend{m.mendTo(right, right)}
	if lo, hi := Numerators(m.Value, base); lo <= hi {
		b.mends = append(b.mends, d.m.mendTo(Whole(lo), Whole(hi)))
	}
	return b, true
}

// grownFrom doubts 8912 元，比毕业半年后（5520 元）增长 61.4%.
func (p *passage) grownFrom(i int) (doubt, bool) {
	m, y, x := p.mentions[i], p.mentions[i-1], p.mentions[i-2]
	if !strings.HasPrefix(m.between, "）") || y.aside() || !heldAgainst.MatchString(y.between) || x.sentence != m.sentence || x.Sort != Count || y.Sort != Count || x.Unit != y.Unit || x.Unit == "" || !exact([]mention{x, y}) || x.Value.Digits+y.Value.Digits > 0 || y.Value.Units == 0 {
		return doubt{}, false
	}
	k := x.Value.Units - y.Value.Units
	if falls.MatchString(m.between) {
		k = -k
	}
	if k <= 0 || nearGrowth(k, y.Value.Units, m.Value) || nearGrowth(k, x.Value.Units, m.Value) {
		return doubt{}, false
	}
	right := Share(k, y.Value.Units, m.Value.Digits)
	d := m.doubtOf(PctVsCounts, Fault, right.String())
	d.Other = y.place()
	d.Explanation = fmt.Sprintf("由 %s 变为 %s，变化 %s%%，印的是 %s%%。", y.printed(), x.printed(), right, m.printed())
	d.mends = []mend{m.mendTo(right, right)}
	return d, true
}

// times doubts 女生 2355 人，是男生 1693 人的 1.39 倍.
func (p *passage) times(i int) (doubt, bool) {
	if i < 2 {
		return doubt{}, false
	}
	m, n, k := p.mentions[i], p.mentions[i-1], p.mentions[i-2]
	if m.between != "的" || !strings.HasPrefix(strings.TrimLeft(n.between, "，"), "是") || k.sentence != m.sentence || k.Sort != Count || n.Sort != Count || k.Unit != n.Unit || !exact([]mention{k, n}) || k.Value.Digits+n.Value.Digits > 0 || n.Value.Units == 0 || m.Value.Digits == 0 || near1(k.Value.Units, n.Value.Units, Whole(1), m.Value) {
		return doubt{}, false
	}
	right := ratioOf(k.Value.Units, n.Value.Units, Whole(1), m.Value.Digits)
	d := m.doubtOf(PctVsCounts, Fault, right.String())
	d.Other = n.place()
	d.Explanation = fmt.Sprintf("%s 是 %s 的 %s 倍，印的是 %s 倍。", k.printed(), n.printed(), right, m.printed())
	d.mends = []mend{m.mendTo(right, right)}
	return d, true
}

// ownRates holds a rate against the count of its own name and the number before it: 参加
// 考试 188 人，通过 171 人，通过率为 90.96%.
func (c *claims) ownRates() []doubt {
	var out []doubt
	for _, p := range c.passages {
		for i, m := range p.mentions {
			if i < 2 || m.Sort != Percent || m.measure != "" || !exact([]mention{m}) {
				continue
			}
			k, n := p.mentions[i-1], p.mentions[i-2]
			stem, ok := strings.CutSuffix(strings.TrimRight(lastClause(m.between), "为达是"), "率")
			own := strings.TrimLeft(lastClause(k.between), "其中共有")
			if !ok || len([]rune(stem)) < 2 || own != stem || !n.people() || !k.people() || n.sentence != m.sentence || k.depth+n.depth+m.depth > 0 || n.mate >= 0 || !exact([]mention{k, n}) || k.Value.Units > n.Value.Units {
				continue
			}
			s := share{k: k, p: m}
			if !Prints(k.Value.Units, n.Value.Units, m.Value) && s.slipOf(n.Value.Units) && !c.ofPeople(s) {
				out = append(out, shareDoubt(s, n.Value.Units, "前面的人数"))
			}
		}
	}
	return out
}

// nearGrowth tells whether k of n is printed so, give or take a unit of the last digit.
func nearGrowth(k, n int64, p Decimal) bool {
	off := Share(k, n, p.Digits).Sub(p).Units
	return off >= -1 && off <= 1
}

// then tells whether a figure is of before: 较 2023 届的 6318 人.
func then(m mention) bool {
	return versus.MatchString(m.between) || heldAgainst.MatchString(m.between)
}

// ratesOf are the kinds that a rate of all is the sum of, in the two ways that are in use.
var ratesOf = [][]string{
	{"单位就业率", "升学率", "自由职业率", "自主创业率"},
	{"协议和合同就业率", "升学率", "灵活就业率", "自主创业率"},
	{"协议和合同就业率", "升学率", "灵活就业率", "创业率"},
}

// kindRates holds the rate of all against the kinds that its sentence lists after it.
func (c *claims) kindRates() []doubt {
	var out []doubt
	for _, p := range c.passages {
		for i, m := range p.mentions {
			if m.Sort != Percent || m.measure != "毕业去向落实率" && m.measure != "就业率" || !exact([]mention{m}) || m.compared() {
				continue
			}
			for _, kinds := range ratesOf {
				if i+len(kinds) < len(p.mentions) {
					if d, ok := p.kindsOf(m, p.mentions[i+1:i+1+len(kinds)], kinds); ok {
						out = append(out, d)
					}
				}
			}
		}
	}
	return out
}

func (p *passage) kindsOf(m mention, list []mention, kinds []string) (doubt, bool) {
	var sum Decimal
	seen := map[string]bool{}
	for _, o := range list {
		own := strings.Trim(lastClause(o.between), "其中：达为是占")
		if o.sentence != m.sentence || o.Sort != Percent || o.level != m.level || !exact([]mention{o}) || !slices.Contains(kinds, own) || seen[own] || o.Value.Digits != m.Value.Digits {
			return doubt{}, false
		}
		seen[own] = true
		sum = sum.Add(o.Value)
	}
	if off := sum.Sub(m.Value).Units; 2*max(off, -off) <= int64(len(list))+1 {
		return doubt{}, false
	}
	d := m.doubtOf(RateVsParts, Fault, sum.String())
	d.Other = list[0].place()
	d.Explanation = fmt.Sprintf("各项比率相加是 %s%%，印的是 %s%%。", sum, m.printed())
	d.mends = []mend{m.mendTo(sum, sum)}
	for _, o := range list {
		right := o.Value.Add(m.Value.Sub(sum))
		d.mends = append(d.mends, o.mendTo(right, right))
	}
	return d, true
}
