package proofread

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// portion is a count with a share that a passage gives of it, read over brackets and clauses
// that stand between the two.
type portion struct {
	share
	inside bool // 其中: of a part
}

var (
	bracketedWords = regexp.MustCompile(`[（(][^（）()]{0,30}[)）]`)
	pairGap        = regexp.MustCompile(`^(?:人|名)?[)）]?(?:[^，,。；;：0-9%占]{0,14}[，,])?(?:约|各|均)?(?:占比例|占比|比例|比重|占|所占比例|所占比重)(?:为|达|是|约)?$`)
	bareBracket    = regexp.MustCompile(`^[（(]$`)
)

// pairs are the counts of a passage with their shares, where the words leave it open of
// what: n 人，占比 p%.
func (p *passage) pairs() []portion {
	var out []portion
	for i, m := range p.mentions {
		if m.Sort != Percent || m.Approx || m.Bound != 0 || m.Value.Digits == 0 || m.Value.Cmp(Whole(100)) >= 0 || m.Value.Units <= 0 || m.listed {
			continue
		}
		k, ok := p.countBefore(i)
		if !ok || k.Approx || k.Bound != 0 || k.Value.Units < 5 || k.Value.Digits > 0 {
			continue
		}
		out = append(out, portion{share{k: k, p: m}, strings.Contains(k.between, "其中") || strings.Contains(m.between, "其中")})
	}
	return out
}

// countBefore is the count that a share goes with: the one before it, or before a bracket
// that stands between the two.
func (p *passage) countBefore(i int) (mention, bool) {
	m := p.mentions[i]
	for j := i - 1; j >= 0 && j >= i-3 && p.mentions[j].sentence == m.sentence; j-- {
		k := p.mentions[j]
		if k.Sort != Count || k.Unit != "" && k.Unit != "人" && k.Unit != "名" {
			return mention{}, false
		}
		gap := bracketedWords.ReplaceAllString(string(p.text[k.To:m.From]), "")
		if pairGap.MatchString(gap) || j == i-1 && bareBracket.MatchString(strings.TrimLeft(gap, "人名")) {
			return k, k.Unit != "" || strings.ContainsAny(string(p.text[k.To:min(k.To+1, len(p.text))]), "（(")
		}
		if bracketedWords.MatchString(string(p.text[k.To:m.From])) {
			return mention{}, false
		}
	}
	return mention{}, false
}

// pairClaims doubts a pair that no number said near it makes right, where the other pairs
// or the words tell of what it is and it is but a slip of the pen away.
func (c *claims) pairClaims() []doubt {
	all, votes := make([][]portion, len(c.passages)), map[int64]int{}
	total, known := c.oneNumber("")
	for i, p := range c.passages {
		all[i] = p.pairs()
		for _, s := range all[i] {
			if known && s.rightOf(total) {
				votes[total]++
			}
		}
	}
	var out []doubt
	for i := range c.passages {
		for j, s := range all[i] {
			if c.rightOfSome(i, s) {
				continue
			}
			base, why := c.baseOfPair(i, all[i], j)
			if base == 0 && votes[total] >= 4 && !s.inside && !containsAny(c.passages[i].heads, someOnly) && c.aloneOfAll(i, all[i], j, total) {
				base, why = total, "毕业生总数"
			}
			if base > s.k.Value.Units && s.slip(base) {
				out = append(out, c.peopleDoubt(s.share, base, why))
			}
		}
	}
	return append(out, c.rateOfTwo()...)
}

// rightOf tells whether the pair is right of a number.
func (s portion) rightOf(n int64) bool {
	return n >= s.k.Value.Units && Prints(s.k.Value.Units, n, s.p.Value)
}

// rightOfSome tells whether a pair is right of any number near it.
func (c *claims) rightOfSome(i int, s portion) bool {
	return slices.ContainsFunc(c.basesNear(i), s.rightOf) || c.ofPeople(s.share)
}

var amongThem = regexp.MustCompile(`^(人|名)?[^，。；0-9]{0,10}中[，,]?$`)

// baseOfPair is what a pair must be of: the number that its sentence begins with (n 人中),
// or what two others of its passage and more, and no other number as many, are of.
func (c *claims) baseOfPair(i int, list []portion, j int) (int64, string) {
	s, p := list[j], c.passages[i]
	if n, ok := p.wholeOf(s); ok {
		return n, "前面所说的人数"
	}
	if s.inside {
		return 0, ""
	}
	for _, m := range p.mentions {
		if m.sentence == s.k.sentence && m.From < s.k.From && m.Sort == Count && (m.Unit == "人" || m.Unit == "名") && m.Value.Digits == 0 && !m.Approx {
			to := s.k.From
			if cut := strings.IndexRune(string(p.text[m.To:to]), '中'); cut >= 0 && amongThem.MatchString(string(p.text[m.To:to])[:cut+len("中")]) {
				return m.Value.Units, "前面所说的人数"
			}
			break
		}
	}
	best, most, second := int64(0), 0, 0
	for _, n := range c.basesNear(i) {
		hits := 0
		for k, o := range list {
			if k != j && !o.inside && o.rightOf(n) && o.k.Value.Units != n {
				hits++
			}
		}
		switch {
		case hits > most:
			best, most, second = n, hits, most
		case hits > second:
			second = hits
		}
	}
	if most < 2 || second == most || !c.besideRight(list, j, best) {
		return 0, ""
	}
	return best, "同段其他比例的基数"
}

// wholeOf is the number of n 人，其中 k 人，占 p%.
func (p *passage) wholeOf(s portion) (int64, bool) {
	if !strings.HasPrefix(strings.TrimLeft(s.k.between, "，,（("), "其中") || strings.Contains(s.p.between, "其中") {
		return 0, false
	}
	for i, m := range p.mentions {
		if m.From == s.k.From && i > 0 {
			n := p.mentions[i-1]
			ok := n.sentence == m.sentence && n.Sort == Count && (n.Unit == "人" || n.Unit == "名") && n.mate < 0 && !n.Approx && n.Bound == 0 && n.Value.Digits == 0
			return n.Value.Units, ok && !rises.MatchString(n.between) && !falls.MatchString(n.between)
		}
	}
	return 0, false
}

// besideRight tells whether a pair next to it is right of the number.
func (c *claims) besideRight(list []portion, j int, n int64) bool {
	return j > 0 && list[j-1].rightOf(n) || j+1 < len(list) && list[j+1].rightOf(n)
}

// aloneOfAll tells whether the pairs of a passage are of all graduates, as far as they are
// right of anything.
func (c *claims) aloneOfAll(i int, list []portion, j int, total int64) bool {
	for k, o := range list {
		if k != j && !o.rightOf(total) && c.rightOfSome(i, o) {
			return false
		}
	}
	return c.passages[i].speaksOf(list[j]) == ""
}

// someOnly are words of headings and sentences that speak of some of the graduates.
var someOnly = []string{"就业", "升学", "签约", "落实", "调查", "问卷", "参与", "创业", "录取", "深造", "留学", "困难", "本科", "硕士", "博士", "专科", "研究生", "单位"}

// speaksOf is whom the sentence of a pair speaks of, beside all graduates.
func (p *passage) speaksOf(s portion) string {
	words := string(p.text[p.sentences[s.k.sentence].from:s.k.From])
	for _, w := range someOnly {
		if strings.Contains(words, w) {
			return w
		}
	}
	return ""
}

// slip tells whether the share, or the count, is one slip of the pen off what it must be.
func (s portion) slip(base int64) bool {
	if onePen(s.p.Value.String(), Share(s.k.Value.Units, base, s.p.Value.Digits).String()) {
		return true
	}
	lo, hi := Rounded(s.p.Value, base)
	for k := lo; k <= hi && k < lo+50; k++ {
		if onePen(s.k.Value.String(), Whole(k).String()) {
			return true
		}
	}
	return false
}

// onePen tells whether two numbers as printed differ by one digit, by two digits swapped,
// or by one left out.
func onePen(a, b string) bool {
	if a == b {
		return false
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b) == len(a)+1 {
		for i := range b {
			if b[:i]+b[i+1:] == a {
				return true
			}
		}
		return false
	}
	if len(a) != len(b) {
		return false
	}
	var off []int
	for i := range a {
		if a[i] != b[i] {
			off = append(off, i)
		}
	}
	return len(off) == 1 || len(off) == 2 && a[off[0]] == b[off[1]] && a[off[1]] == b[off[0]]
}

var rateSaid = regexp.MustCompile(`^[)）]?[，,；]?(?:总体|年终|初次|整体|首次|其)?([\p{Han}]{2,8})率(?:为|达|达到|是)?$`)

// rateOfTwo holds n 人…，通过 k 人，通过率为 p%: a rate against the two counts just before
// it, the later named as the rate is.
func (c *claims) rateOfTwo() []doubt {
	var out []doubt
	for i, p := range c.passages {
		for j, m := range p.mentions {
			said := rateSaid.FindStringSubmatch(m.between)
			if said == nil || m.Sort != Percent || m.Approx || m.Bound != 0 || j < 2 || m.listed {
				continue
			}
			k, n := p.mentions[j-1], p.mentions[j-2]
			if !countsOfOne(k, n, m) || !strings.Contains(k.between, lastRunes(said[1], 2)) || containsAny(k.between, []string{"其中", "比", "较", "未", "不"}) {
				continue
			}
			s := portion{share: share{k: k, p: m}}
			if s.rightOf(n.Value.Units) || c.rightOfSome(i, s) || !s.slip(n.Value.Units) && abs(m.Value.Sub(Share(k.Value.Units, n.Value.Units, m.Value.Digits))).Cmp(Whole(5)) > 0 {
				continue
			}
			d := c.peopleDoubt(s.share, n.Value.Units, "前面所说的人数")
			lo, hi := bases(k.Value.Units, m.Value)
			d.mends = append(d.mends, n.mendTo(Whole(lo), Whole(hi)))
			d.Explanation = fmt.Sprintf("%s 中 %s，%s率应是 %s%%，印的是 %s%%。", n.printed(), k.printed(), said[1], d.Expected, m.printed())
			out = append(out, d)
		}
	}
	return out
}

// countsOfOne tells whether two counts and a rate stand in one sentence, the later count a
// part of the earlier, of the same level and cohort.
func countsOfOne(k, n, m mention) bool {
	return k.Sort == Count && n.Sort == Count && k.sentence == m.sentence && n.sentence == m.sentence && (k.Unit == "人" || k.Unit == "名") && (n.Unit == "人" || n.Unit == "名") &&
		k.Value.Units > 0 && k.Value.Units <= n.Value.Units && exact([]mention{k, n, m}) && k.level == n.level && k.cohort == n.cohort && levelsNamed(m.between) == nil
}
