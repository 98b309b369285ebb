package proofread

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// share is a count with the percentage that a sentence gives it.
type share struct{ k, p mention }

// shares are the pairs of a passage: n 人，占 p%.
func (p *passage) shares() []share {
	var out []share
	for _, m := range p.mentions {
		if m.Sort == Count && m.mate >= 0 && !m.Approx && m.Bound == 0 {
			s := share{m, p.mentions[m.mate]}
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
		list := p.shares()
		for j, s := range list {
			if c.possible(i, s) {
				continue
			}
			if base, why, ok := c.baseOf(p, list, j); ok {
				out = append(out, shareDoubt(s, base, why))
			}
		}
	}
	return out
}

// possible tells whether some number that the report has near the sentence, or has as the
// number of graduates, makes the share right.
func (c *claims) possible(i int, s share) bool {
	fits := func(n int64) bool { return n > 0 && n >= s.k.Value.Units && Prints(s.k.Value.Units, n, s.p.Value) }
	for _, list := range c.people {
		if slices.ContainsFunc(list, fits) {
			return true
		}
	}
	for j := max(0, i-6); j < min(len(c.passages), i+4); j++ {
		for _, m := range c.passages[j].mentions {
			if m.Sort == Count && m.Value.Digits == 0 && fits(m.Value.Units) && (m.Unit != "" || j == i) {
				return true
			}
		}
		if sumFits(c.passages[j], s, fits) {
			return true
		}
	}
	for _, f := range c.facts {
		if f.kind == count && f.ref.value().Digits == 0 && (f.whole || f.sum || c.near(i, f.ref.g)) && fits(f.ref.value().Units) {
			return true
		}
	}
	return false
}

// sumFits tells whether two or more counts of a sentence together are the base: 毕业去向
// of A 与 B 共.
func sumFits(p *passage, s share, fits func(int64) bool) bool {
	for i := range p.mentions {
		sum := int64(0)
		for j := i; j < len(p.mentions) && j < i+8 && p.mentions[j].sentence == p.mentions[i].sentence; j++ {
			if m := p.mentions[j]; m.Sort == Count && m.Unit != "" && m.Value.Digits == 0 {
				sum += m.Value.Units
				if j > i && fits(sum) {
					return true
				}
			}
		}
	}
	return false
}

func (c *claims) near(i int, g *grid) bool {
	return c.passages[i].block-12 <= g.block && g.block <= c.passages[i].block+12
}

// baseOf is the number that a share must be of: what the words say, or what all other
// shares of the sentence are of.
func (c *claims) baseOf(p *passage, list []share, j int) (base int64, why string, ok bool) {
	s := list[j]
	tail := flatBrackets(s.p.between)
	if ownBase.MatchString(tail) && wholeBase.MatchString(tail) && (s.k.rest == "" || plain(s.k)) && residue(s.k.head) == "" {
		level := s.k.level
		if ls := levelsNamed(s.p.between); len(ls) > 0 {
			level = ls[0]
		}
		if n, known := c.oneNumber(level); known && n >= s.k.Value.Units {
			return n, "毕业生总数", true
		}
	}
	n, hits := c.sharedBase(p, list, j)
	return n, "本段其他比例的基数", hits >= 2
}

// plain tells whether what is left of the words is the thing counted itself and not whom
// it is counted of.
func plain(m mention) bool { return m.rest == m.label || len([]rune(m.rest)) <= 8 }

// oneNumber is how many graduates there are of a level, if the report says but one number.
func (c *claims) oneNumber(level string) (int64, bool) {
	for _, l := range []string{level, "合计", ""} {
		if l == "" || l == level || level == "" || level == c.only {
			if list := c.people[l]; len(list) == 1 {
				return list[0], true
			} else if len(list) > 1 {
				return 0, false
			}
		}
	}
	return 0, false
}

// sharedBase is the number that most other shares of the same sentence, with the same
// words, are of.
func (c *claims) sharedBase(p *passage, list []share, j int) (int64, int) {
	s := list[j]
	var bases []int64
	for _, b := range c.people {
		bases = append(bases, b...)
	}
	for _, m := range p.mentions {
		if m.Sort == Count && m.Unit != "" && m.Value.Digits == 0 && m.From != s.k.From {
			bases = append(bases, m.Value.Units)
		}
	}
	slices.Sort(bases)
	best, most := int64(0), 0
	for _, n := range slices.Compact(bases) {
		hits := 0
		for k, o := range list {
			if k == j || o.k.sentence != s.k.sentence || o.k.level != s.k.level || !sameBase(o, s) || o.k.Value.Units < 5 {
				continue
			}
			if n < o.k.Value.Units || !Prints(o.k.Value.Units, n, o.p.Value) {
				hits = -99
			}
			hits++
		}
		if hits > most && n >= s.k.Value.Units {
			best, most = n, hits
		}
	}
	return best, most
}

// sameBase tells whether the words of two shares leave it to one base.
func sameBase(a, b share) bool {
	x, y := strings.TrimLeft(flatBrackets(a.p.between), "人名家个场次，,(、"), strings.TrimLeft(flatBrackets(b.p.between), "人名家个场次，,(、")
	return x == y
}

func flatBrackets(s string) string { return strings.NewReplacer("（", "(", "）", ")").Replace(s) }

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
			if k.sentence != m.sentence || k.Sort != Count || k.Unit == "" || k.Approx || !strings.Contains(k.between, lastRunes(stem, 2)) || k.level != m.level || levelsNamed(m.between) != nil || residue(m.between) != "" {
				continue
			}
			if n, ok := c.rateBase(p, i, k); ok && k.Value.Units <= n && !Prints(k.Value.Units, n, m.Value) && !c.otherBase(k, m) {
				out = append(out, shareDoubt(share{k, m}, n, "毕业生人数"))
			}
		}
	}
	return out
}

// rateBase is the number of graduates that stands before the count, in one bracket or
// clause with it.
func (c *claims) rateBase(p *passage, i int, k mention) (int64, bool) {
	if i < 2 {
		return 0, false
	}
	n := p.mentions[i-2]
	if n.sentence != k.sentence || n.Sort != Count || n.Unit == "" || n.Approx || n.level != k.level || n.Value.Digits > 0 || !settledCount(k) {
		return 0, false
	}
	return n.Value.Units, strings.Contains(n.between, "毕业生") || strings.Contains(n.between, "毕业人数") || strings.Contains(n.between, "总人数")
}

// settledCount tells whether the words of a count say but what was settled: 落实人数, 已落实.
func settledCount(k mention) bool {
	left := strings.TrimPrefix(residue(k.between), "已")
	return len([]rune(left)) <= 2
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
