package proofread

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// share is a count with the percentage that a sentence gives it.
type share struct {
	k, p mention
	of   string // the words between the two, that may say of what
}

// shares are the pairs of a passage: n 人，占 p%.
func (p *passage) shares() []share {
	var out []share
	for _, m := range p.mentions {
		if m.Sort == Count && m.mate >= 0 && !m.Approx && m.Bound == 0 {
			s := share{k: m, p: p.mentions[m.mate]}
			s.of = strings.TrimLeft(flatBrackets(s.p.between), "人名家个场次，,()、")
			if !s.p.Approx && s.p.Bound == 0 && s.p.Value.Units > 0 && s.p.Value.Cmp(Whole(100)) <= 0 && s.k.Value.Units > 0 {
				out = append(out, s)
			}
		}
	}
	return out
}

var (
	wholeBase = regexp.MustCompile(`占(到|我校|全校|学校|全体|总|届|20\d\d年|20\d\d届|本科|硕士|博士|专科|高职|研究生)*(毕业生|毕业)?(总)?(人数|数|规模|总人数|总数|毕业生)的?(比例|比重|百分比)?(为|是|达)?$`)
	ownBase   = regexp.MustCompile(`占(比|比例|比重)?[^，,。；;、（(]*$`)
)

// shareClaims holds shares in sentences against their counts.
func (c *claims) shareClaims() []doubt {
	var out []doubt
	for i, p := range c.passages {
		list, before := p.shares(), len(out)
		for j, s := range list {
			if base, hits := c.sharedBase(i, list, j); hits >= 2 && !p.nested(s) && !s.inner(j) {
				if !Prints(s.k.Value.Units, base, s.p.Value) {
					out = append(out, c.peopleDoubt(s, base, "同句其他比例的基数"))
				}
				continue
			}
			if base, ok := c.saidBase(p, s); ok && !c.ofPeople(s) && !p.nested(s) {
				out = append(out, c.peopleDoubt(s, base, "毕业生总数"))
				continue
			}
			if base, ok := c.partition(i, list, j); ok && !p.nested(s) {
				out = append(out, c.peopleDoubt(s, base, "各部分之和"))
				continue
			}
			if base, why, ok := c.slippedBase(i, list, j); ok && !c.ofPeople(s) && !p.nested(s) {
				out = append(out, c.peopleDoubt(s, base, why))
			}
		}
		if len(out) == before {
			out = append(out, c.dividedUp(list)...)
		}
	}
	return out
}

// inner tells whether the share is one of a part: 其中.
func (s share) inner(j int) bool { return j > 0 && strings.Contains(s.k.between, "其中") }

// ofPeople tells whether the share is right of the graduates of some level or group.
func (c *claims) ofPeople(s share) bool {
	fits := func(n int64) bool { return n >= s.k.Value.Units && Prints(s.k.Value.Units, n, s.p.Value) }
	for _, m := range []map[string][]int64{c.people, c.groups} {
		for _, list := range m {
			if slices.ContainsFunc(list, fits) {
				return true
			}
		}
	}
	return false
}

// together tells whether two shares stand in one clause in the same words.
func together(a, b share) bool {
	return a.k.sentence == b.k.sentence && a.k.clause == b.k.clause && sameBase(a, b)
}

// partition is the number that all shares of a clause are of, because they make 100
// together or their counts make that number, and all others are right of it.
func (c *claims) partition(i int, list []share, j int) (int64, bool) {
	s := list[j]
	sum, percent, n := int64(0), Decimal{}, 0
	for _, o := range list {
		if together(o, s) {
			sum, percent, n = sum+o.k.Value.Units, percent.Add(o.p.Value), n+1
		}
	}
	off := percent.Sub(Whole(100)).Units
	for _, base := range c.basesNear(i) {
		whole := sum == base || 2*max(off, -off) <= int64(n)+1 && n > 1
		if !whole || n < 2 || Prints(s.k.Value.Units, max(base, 1), s.p.Value) || s.k.Value.Units > base {
			continue
		}
		others := true
		for k, o := range list {
			if k != j && together(o, s) && (o.k.Value.Units > base || !Prints(o.k.Value.Units, base, o.p.Value)) {
				others = false
			}
		}
		if others {
			return base, true
		}
	}
	return s.k.p.parted(list, j)
}

// parted is the total that a sentence says before its parts, over all its clauses, where
// their counts make it and all shares but one are right of it.
func (p *passage) parted(list []share, j int) (int64, bool) {
	s := list[j]
	sum, n, right := int64(0), 0, true
	first := s.k.From
	for _, o := range list {
		if o.k.sentence == s.k.sentence && sameBase(o, s) {
			sum, n, first = sum+o.k.Value.Units, n+1, min(first, o.k.From)
		}
	}
	for k, o := range list {
		if k != j && o.k.sentence == s.k.sentence && sameBase(o, s) {
			right = right && Prints(o.k.Value.Units, sum, o.p.Value)
		}
	}
	said := slices.ContainsFunc(p.mentions, func(m mention) bool {
		return m.Sort == Count && m.sentence == s.k.sentence && m.From < first && m.Value == Whole(sum)
	})
	return sum, said && n > 1 && right && !Prints(s.k.Value.Units, sum, s.p.Value)
}

// nested tells whether another count of the same sentence, or two of them, make the share
// right: 422 人，其中 100 人（占比 23.70%）.
func (p *passage) nested(s share) bool {
	fits := func(n int64) bool { return n >= s.k.Value.Units && Prints(s.k.Value.Units, n, s.p.Value) }
	for _, m := range p.mentions {
		if m.Sort == Count && m.sentence == s.k.sentence && m.From != s.k.From && m.Value.Digits == 0 && m.Value.Units > 0 && fits(m.Value.Units) {
			return true
		}
	}
	return false
}

// saidBase is the number that the words say that a share is of: all graduates, or all
// of a level.
func (c *claims) saidBase(p *passage, s share) (base int64, ok bool) {
	tail := flatBrackets(s.p.between)
	if ownBase.MatchString(tail) && wholeBase.MatchString(tail) && (s.k.rest == "" || plain(s.k)) && s.k.headRest == "" {
		level := s.k.level
		if ls := levelsNamed(s.p.between); len(ls) > 0 {
			level = ls[0]
		} else if levelsNamed(s.k.between) != nil {
			level = "" // a level of all
		}
		n, known := c.oneNumber(level)
		return n, known && n >= s.k.Value.Units
	}
	return 0, false
}

// plain tells whether what is left of the words is the thing counted itself and not whom
// it is counted of.
func plain(m mention) bool { return m.rest == m.label || len([]rune(m.rest)) <= 8 }

// oneNumber is how many graduates there are of a level, if the report says but one number.
func (c *claims) oneNumber(level string) (int64, bool) {
	list := c.people[level]
	if level == "" || level == c.only && len(list) == 0 {
		list = c.people["合计"]
		if len(list) == 0 {
			list = c.people[c.only]
		}
	}
	if len(list) != 1 || c.doubted[list[0]] {
		return 0, false
	}
	return list[0], true
}

// baseMend is a mend of the sentence that says the base of a share: to what the share is
// of.
func (c *claims) baseMend(s share, base int64) []mend {
	for _, p := range c.passages {
		for _, m := range p.mentions {
			if m.Sort == Count && m.Value == Whole(base) && m.countsPeople() && (p != s.k.p || m.From != s.k.From) {
				lo, hi := bases(s.k.Value.Units, s.p.Value)
				return []mend{m.mendTo(Whole(lo), Whole(hi))}
			}
		}
	}
	return nil
}

// sharedBase is the number that most other shares of the same sentence, with the same
// words, are of.
func (c *claims) sharedBase(i int, list []share, j int) (int64, int) {
	s := list[j]
	best, most := int64(0), 0
	for _, n := range c.basesNear(i) {
		hits := 0
		for k, o := range list {
			if k == j || o.k.sentence != s.k.sentence || o.k.clause != s.k.clause || o.k.level != s.k.level || !sameBase(o, s) || o.k.Value.Units < 5 {
				continue
			}
			if n < o.k.Value.Units || !Prints(o.k.Value.Units, n, o.p.Value) {
				hits = -99
			}
			hits++
		}
		fits := n >= s.k.Value.Units && Prints(s.k.Value.Units, n, s.p.Value)
		if n > s.k.Value.Units && !s.k.before(n) && (hits > most || hits == most && hits > 0 && fits) {
			best, most = n, hits
		}
	}
	return best, most
}

// before tells whether a number is said in the sentence only after the figure: then the
// figure is not of it.
func (m mention) before(n int64) bool {
	later := false
	for _, o := range m.p.mentions {
		if o.sentence != m.sentence || o.Sort != Count || o.Value != Whole(n) {
			continue
		}
		if o.From < m.From {
			return false
		}
		later = true
	}
	return later
}

// basesNear are the numbers that the shares of a passage may be of: all graduates, what
// the passages around it count, and the totals of tables.
func (c *claims) basesNear(i int) []int64 {
	if list, ok := c.bases[i]; ok {
		return list
	}
	var out []int64
	for _, b := range c.people {
		out = append(out, b...)
	}
	for j := max(0, i-12); j < min(len(c.passages), i+4); j++ {
		for _, m := range c.passages[j].mentions {
			if m.Sort == Count && m.Unit != "" && m.Value.Digits == 0 && m.Value.Units >= 10 && m.Value.Units < 1_000_000 {
				out = append(out, m.Value.Units)
			}
		}
	}
	for _, f := range c.facts {
		if v := f.ref.value(); f.kind == count && v.Digits == 0 && f.whole && v.Units >= 10 && v.Units < 1_000_000 {
			out = append(out, v.Units)
		}
	}
	slices.Sort(out)
	c.bases[i] = slices.Compact(out)
	return c.bases[i]
}

// sameBase tells whether the words of two shares leave it to one base.
func sameBase(a, b share) bool { return a.of == b.of }

func flatBrackets(s string) string { return brackets.Replace(s) }

// peopleDoubt is the doubt of a share of a number that a sentence may have wrong.
func (c *claims) peopleDoubt(s share, base int64, why string) doubt {
	d := shareDoubt(s, base, why)
	d.mends = append(d.mends, c.baseMend(s, base)...)
	return d
}

func shareDoubt(s share, base int64, why string) doubt {
	k := s.k.Value.Units
	right := Share(k, base, s.p.Value.Digits)
	severity := Fault
	if off := right.Sub(s.p.Value).Units; off >= -1 && off <= 1 && s.p.Value.Digits > 0 {
		severity = Rounding
	}
	d := s.p.doubtOf(PctVsCounts, severity, right.String())
	d.Other = s.k.place()
	d.Explanation = fmt.Sprintf("%d 占 %d（%s）的 %s%%，印的是 %s%%", k, base, why, right, s.p.Value)
	lo, hi := Numerators(s.p.Value, base)
	d.mends = []mend{s.p.mendTo(right, right)}
	if lo <= hi {
		d.mends = append(d.mends, s.k.mendTo(Whole(lo), Whole(hi)))
		d.Explanation += fmt.Sprintf("；这个比例对应 %d 人", lo)
	} else {
		d.Explanation += "，这个基数下没有整数能得到它"
	}
	d.Explanation += "。"
	return d
}

// rateClaims holds a rate against the two numbers that its sentence gives: 毕业生 n 人，
// 落实 k 人，落实率 p%.
func (c *claims) rateClaims() []doubt {
	var out []doubt
	for _, p := range c.passages {
		for i, m := range p.mentions {
			if m.Sort != Percent || i < 1 || m.Approx || m.Bound != 0 || m.mate >= 0 {
				continue
			}
			stem, ok := strings.CutSuffix(m.measure, "率")
			if !ok {
				continue
			}
			k := p.mentions[i-1]
			if k.sentence != m.sentence || k.Sort != Count || k.Unit == "" || k.Approx || !strings.Contains(k.between+strings.Replace(flatBrackets(m.between), m.measure, "", 1), lastRunes(stem, 2)) || k.level != m.level || levelsNamed(m.between) != nil || len([]rune(residue(m.between))) > 6 {
				continue
			}
			if n, ok := c.rateBase(p, i, k); ok && k.Value.Units <= n && !Prints(k.Value.Units, n, m.Value) && !c.otherBase(k, m) {
				out = append(out, c.peopleDoubt(share{k: k, p: m}, n, "毕业生人数"))
			}
		}
	}
	return out
}

// rateBase is the number of graduates that stands before the count, in one bracket or
// clause with it.
func (c *claims) rateBase(p *passage, i int, k mention) (int64, bool) {
	if (k.leadRest == k.rest || k.rest == "") && settledCount(k) && !containsAny(p.heads, narrower) && !p.speaksOfOthers(k) {
		if n, ok := c.oneNumber(k.level); ok {
			return n, true
		}
	}
	if list := c.groups[k.level+"|"+strings.TrimSuffix(strings.TrimSuffix(k.rest, "落实"), "去向")]; len(list) == 1 && strings.HasSuffix(k.rest, "落实") {
		return list[0], true
	}
	if i < 2 {
		return 0, false
	}
	n := p.mentions[i-2]
	if n.sentence != k.sentence || n.Sort != Count || n.Unit == "" || n.Approx || n.level != k.level || n.Value.Digits > 0 || !settledCount(k) {
		return 0, false
	}
	return n.Value.Units, strings.Contains(n.between, "毕业生") || strings.Contains(n.between, "毕业人数") || strings.Contains(n.between, "总人数")
}

// speaksOfOthers tells whether a figure before speaks of some graduates only.
func (p *passage) speaksOfOthers(m mention) bool {
	return slices.ContainsFunc(p.mentions, func(o mention) bool { return o.From < m.From && o.rest != "" && o.mate < 0 })
}

// settledCount tells whether the words of a count say but what was settled: 落实人数, 已落实.
func settledCount(k mention) bool {
	left := settledWords.Replace(residue(k.between))
	return len([]rune(left)) == 0 || len([]rune(residue(k.between))) <= 2
}

// otherBase tells whether some number of graduates makes the rate right.
func (c *claims) otherBase(k, m mention) bool {
	for _, list := range c.people {
		for _, n := range list {
			if n >= k.Value.Units && Prints(k.Value.Units, n, m.Value) {
				return true
			}
		}
	}
	return false
}

func lastRunes(s string, n int) string {
	rs := []rune(s)
	return string(rs[max(0, len(rs)-n):])
}
