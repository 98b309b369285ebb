package proofread

import (
	"fmt"
	"slices"
	"strings"
)

// bareBase are the words between a count and its share that do not say of what it is.
var bareBase = []string{"占", "占比", "占比为", "占比约", "占比是", "占比达", "占比约为", "比例为", "比例", "比例是", "", "所占比例为", "所占比例", "占比例", "人数占比为", "人数占比", "比重为", "占比例为"}

// baseWords are the words that say what a share is of; "" where they leave it open, and
// the same for all graduates.
func (s share) baseWords() string {
	of := s.of
	if i := strings.LastIndexAny(of, "，、"); i >= 0 {
		_, size := firstRune(of[i:])
		of = of[i+size:]
	}
	switch {
	case slices.Contains(bareBase, of):
		return ""
	case wholeBase.MatchString(of) && levelsNamed(of) == nil:
		return "毕业生"
	}
	return of
}

// slippedBase is a number that the share of a passage should be of and is not: another
// pair of it is (or the words say so), and a slip of the pen in the share or in its count
// would explain the difference.
func (c *claims) slippedBase(i int, list []share, j int) (base int64, why string, ok bool) {
	p, s := c.passages[i], list[j]
	if n, ok := s.among(); ok && s.baseWords() == "" && !Prints(s.k.Value.Units, n, s.p.Value) {
		return n, "句中说的总数", true
	}
	most := 0
	for _, n := range c.statedBefore(p, s) {
		if !s.slipOf(n) || Prints(s.k.Value.Units, n, s.p.Value) {
			continue
		}
		hits, misses := 0, 0
		for k, o := range list {
			switch {
			case k == j || o.baseWords() != s.baseWords() || o.k.Value.Units < 5:
			case o.k.Value.Units <= n && Prints(o.k.Value.Units, n, o.p.Value):
				hits++
			case o.k.sentence == s.k.sentence && o.k.clause == s.k.clause:
				misses++
			}
		}
		if hits > most && misses == 0 {
			base, most = n, hits
		}
	}
	return base, "同段其他比例的基数", most > 0
}

// among is the number of which the sentence says that the count is some: N 人中，有 k 人.
func (s share) among() (int64, bool) {
	p := s.k.p
	for i, m := range p.mentions {
		if m.From != s.k.From || i == 0 {
			continue
		}
		n := p.mentions[i-1]
		lead, _, found := strings.Cut(s.k.between, "中，")
		if !found || n.sentence != m.sentence || n.Sort != Count || !n.people() || n.depth > 0 || !exact([]mention{n}) || n.Value.Units < m.Value.Units || n.mate >= 0 || n.moved() || strings.ContainsAny(lead, "，；。") {
			return 0, false
		}
		return n.Value.Units, true
	}
	return 0, false
}

// statedBefore are the numbers that the report states before a share, which it may be of:
// in its passage, and the graduates of all and of its level.
func (c *claims) statedBefore(p *passage, s share) []int64 {
	var out []int64
	for _, m := range p.mentions {
		if m.From < s.k.From && m.Sort == Count && m.people() && exact([]mention{m}) && m.Value.Digits == 0 && m.Value.Units >= 20 && !m.moved() {
			out = append(out, m.Value.Units)
		}
	}
	out = append(out, c.people["合计"]...)
	if s.k.level != "" {
		out = append(out, c.people[s.k.level]...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// slipOf tells whether a slip of the pen, in the share or in the count, keeps the share from
// being right of a number.
func (s share) slipOf(n int64) bool {
	if s.p.Value.Units < 100 || s.k.Value.Units < 10 {
		return false
	}
	right := Share(min(s.k.Value.Units, n), n, s.p.Value.Digits)
	if s.k.Value.Units <= n && typo(Whole(s.p.Value.Units), Whole(right.Units)) {
		return true
	}
	lo, hi := Rounded(s.p.Value, n)
	for k := lo; k <= hi && hi-lo < 4; k++ {
		if k >= 10 && typo(s.k.Value, Whole(k)) {
			return true
		}
	}
	return false
}

// dividedUp doubts one of three or more pairs that are all there is of a whole that nobody
// states: the others are of one number, and with another share or count this one is too.
func (c *claims) dividedUp(list []share) []doubt {
	var out []doubt
	for from := 0; from < len(list); {
		to := from + 1
		for to < len(list) && list[to].k.sentence == list[from].k.sentence && list[to].baseWords() == list[from].baseWords() && !strings.Contains(list[to].k.between, "其中") {
			to++
		}
		if to-from >= 3 {
			if d, ok := oddPair(c, list[from:to]); ok {
				out = append(out, d)
			}
		}
		from = to
	}
	return out
}

// oddPair finds the pair of a whole divided up that is wrong, if it is but one.
func oddPair(c *claims, list []share) (doubt, bool) {
	sum, percent := int64(0), Decimal{}
	for _, s := range list {
		sum, percent = sum+s.k.Value.Units, percent.Add(s.p.Value)
		if c.ofPeople(s) && s.baseWords() != "" {
			return doubt{}, false
		}
	}
	for j, s := range list {
		if othersAre(list, j, sum) && !Prints(s.k.Value.Units, sum, s.p.Value) {
			right := Share(s.k.Value.Units, sum, s.p.Value.Digits)
			if off := percent.Sub(s.p.Value).Add(right).Sub(Whole(100)).Units; 2*max(off, -off) <= int64(len(list))+1 {
				return c.peopleDoubt(s, sum, "各部分之和"), true
			}
		}
	}
	off := percent.Sub(Whole(100)).Units
	if 2*max(off, -off) > int64(len(list))+1 || percent.Digits < 1 || othersAre(list, -1, sum) {
		return doubt{}, false
	}
	var found []doubt
	for j, s := range list {
		if k, n, ok := wholeWithout(list, j, sum); ok {
			d := s.k.doubtOf(PctVsCounts, Fault, Whole(k).String())
			d.Other = s.p.place()
			d.Explanation = fmt.Sprintf("其余各项的比例都以 %d 为基数，%s%% 对应 %d 人，印的是 %s 人。", n, s.p.Value, k, s.k.printed())
			d.mends = []mend{s.k.mendTo(Whole(k), Whole(k))}
			found = append(found, d)
		}
	}
	if len(found) != 1 {
		return doubt{}, false
	}
	return found[0], true
}

func othersAre(list []share, j int, n int64) bool {
	for k, o := range list {
		if k != j && !Prints(o.k.Value.Units, n, o.p.Value) {
			return false
		}
	}
	return true
}

// wholeWithout is the number that all other pairs are of, where the counts make it once the
// count of pair j is corrected by a slip of the pen.
func wholeWithout(list []share, j int, sum int64) (count, whole int64, ok bool) {
	s := list[j]
	for i, b := range []byte(s.k.Value.String()) {
		for d := byte('0'); d <= '9'; d++ {
			digits := []byte(s.k.Value.String())
			if digits[i] = d; d == b || digits[0] == '0' {
				continue
			}
			k, _ := ParseDecimal(string(digits))
			n := sum - s.k.Value.Units + k.Units
			if Prints(k.Units, n, s.p.Value) && othersAre(list, j, n) && !Prints(s.k.Value.Units, n, s.p.Value) {
				return k.Units, n, true
			}
		}
	}
	return 0, 0, false
}
