package proofread

import (
	"fmt"
	"slices"
	"strings"
)

// scales are answers of which everybody gives one: their shares are all there are.
var scales = [][]string{
	{"非常满意", "不满意"}, {"很满意", "不满意"}, {"大幅增加", "大幅减少"}, {"非常好", "不好"}, {"非常愿意", "不愿意"}, {"非常同意", "不同意"},
	{"非常相关", "不相关"}, {"很相关", "不相关"}, {"非常符合", "不符合"}, {"很吻合", "不吻合"}, {"完全适应", "不适应"}, {"非常大", "没有"}, {"很好", "很差"}, {"明显增加", "减少"}, {"增加", "减少"},
}

// hundreds finds rows of shares that should be 100 together and are not: the same
// columns are 100 in most other rows, or they are a scale. Columns that are sums of
// others (done) are left out.
func (g *grid) hundreds(done map[int]bool) []doubt {
	var cols []int
	for c, l := range g.cols {
		if l.kind == percent && !done[c] && l.role != total && l.role != subtotal {
			cols = append(cols, c)
		}
	}
	best, found := hundred{}, false
	for _, parts := range g.hundredSets(cols) {
		h := g.hundred(parts)
		if g.acceptHundred(h, len(parts) == len(cols)) && (!found || h.worth() > best.worth()) {
			best, found = h, true
		}
	}
	if !found {
		return nil
	}
	var out []doubt
	for _, r := range best.misses {
		out = append(out, g.hundredDoubt(best, r))
	}
	return out
}

// hundred is a set of columns and the rows where they are 100 and where not.
type hundred struct {
	parts  []int
	hits   int
	misses []int
}

func (h hundred) worth() int { return 4*h.hits - 8*len(h.misses) + min(len(h.parts), 3) }

// hundredSets are the columns that may be a whole: all; those under one head; and runs of
// neighbours.
func (g *grid) hundredSets(cols []int) [][]int {
	if len(cols) < 2 {
		return nil
	}
	out := [][]int{cols}
	byHead := map[string][]int{}
	var heads []string
	for _, c := range cols {
		if k := g.cols[c].keys; len(k) > 1 {
			if byHead[k[0]] == nil {
				heads = append(heads, k[0])
			}
			byHead[k[0]] = append(byHead[k[0]], c)
		}
	}
	for _, h := range heads {
		if len(byHead[h]) > 1 {
			out = append(out, byHead[h])
		}
	}
	if len(cols) <= 20 && g.digits(cols) > 0 {
		for n := 3; n < len(cols); n++ {
			for i := 0; i+n <= len(cols); i++ {
				out = append(out, cols[i:i+n])
			}
		}
	}
	return out
}

// digits is how finely the columns' shares are printed, the finest.
func (g *grid) digits(cols []int) int {
	n := 0
	for r := range g.rows {
		for _, c := range cols {
			if v := g.cells[r][c]; v.kind == percent {
				n = max(n, v.Digits)
			}
		}
	}
	return n
}

// hundred counts the rows where the columns are 100.
func (g *grid) hundred(parts []int) hundred {
	h := hundred{parts: parts}
	for r, l := range g.rows {
		list, soft, ok := g.addends(r, parts, percent)
		if !ok || positive(list) < 2 || l.kind != percent && l.kind != count {
			continue
		}
		switch {
		case matches(value{Decimal: Whole(100).To(digitsOf(list)), kind: percent}, list):
			h.hits++
		case !soft && !nearly(value{Decimal: Whole(100).To(digitsOf(list)), kind: percent}, list):
			h.misses = append(h.misses, r)
		}
	}
	return h
}

func positive(list []Decimal) int {
	n := 0
	for _, d := range list {
		if d.Units > 0 {
			n++
		}
	}
	return n
}

func digitsOf(list []Decimal) int {
	n := 0
	for _, d := range list {
		n = max(n, d.Digits)
	}
	return n
}

// acceptHundred tells whether the other rows, or the names of the columns, show that the
// shares are a whole.
func (g *grid) acceptHundred(h hundred, full bool) bool {
	misses := len(h.misses)
	switch {
	case misses == 0:
		return h.hits > 0
	case h.hits >= 3 && h.hits >= 3*misses:
		return true
	case g.digits(h.parts) == 0:
		return false
	case h.hits >= 2 && misses == 1:
		return true
	case h.hits >= 1 && misses == 1 && full:
		return g.nearHundred(h, 300) || g.exhaustive(h.parts) && g.nearHundred(h, 1500)
	}
	return h.hits == 0 && misses == 1 && (g.scale(h.parts) && g.nearHundred(h, 1500) || full && g.exhaustive(h.parts) && g.nearHundred(h, 500))
}

// exhaustive tells whether the columns are all kinds of a distribution by the words of
// the title, with 其他 among them.
func (g *grid) exhaustive(parts []int) bool {
	if !containsAny(g.title, []string{"分布", "构成", "结构", "流向"}) || topList(g.title) ||
		containsAny(g.title, []string{"多选", "因素", "原因", "途径", "渠道", "方式", "方面"}) || containsAny(g.title, overlapping) {
		return false
	}
	return len(parts) >= 4 && slices.ContainsFunc(parts, func(c int) bool { return g.cols[c].role == remainder })
}

// nearHundred tells whether the rows that miss miss by less than so many hundredths.
func (g *grid) nearHundred(h hundred, hundredths int64) bool {
	return !slices.ContainsFunc(h.misses, func(r int) bool {
		list, _, _ := g.addends(r, h.parts, percent)
		d := added(list).Sub(Whole(100)).To(2)
		n := d.Units / pow10(d.Digits-2)
		return n > hundredths || n < -hundredths
	})
}

// scale tells whether the columns are the answers of one scale, from end to end.
func (g *grid) scale(parts []int) bool {
	var names []string
	for _, c := range parts {
		if len(g.cols[c].keys) > 0 {
			names = append(names, g.cols[c].keys[len(g.cols[c].keys)-1])
		}
	}
	if len(names) < 4 || len(names) > 7 {
		return false
	}
	first, last := names[0], names[len(names)-1]
	return slices.ContainsFunc(scales, func(s []string) bool {
		return strings.Contains(first, s[0]) && strings.Contains(last, s[1]) || strings.Contains(last, s[0]) && strings.Contains(first, s[1])
	})
}

// hundredDoubt tells that the shares of a row are not 100 together, and which one figure
// would mend it if a common base says so.
func (g *grid) hundredDoubt(h hundred, r int) doubt {
	list, _, _ := g.addends(r, h.parts, percent)
	sum := added(list)
	first := g.ref(r, h.parts[0])
	d := doubt{Finding: Finding{
		Where: g.where(), Cell: g.hundredName(r, h), Printed: Whole(100).To(digitsOf(list)).String(), Expected: sum.String(),
		Rule: PartsVs100, Severity: sumSeverity(value{Decimal: Whole(100).To(digitsOf(list)), kind: percent}, list), Place: first.value().place,
	}}
	d.Explanation = fmt.Sprintf("各项占比之和是 %s（%s），不是 100。", sum, spelled(list))
	half, _ := slack(Whole(100).To(digitsOf(list)), list)
	rest := Whole(100).Sub(sum)
	fixes := g.mended(r, h)
	for _, c := range h.parts {
		v := g.cells[r][c]
		if need := rest.Add(v.Decimal); v.kind == percent && need.Units >= 0 && need.Cmp(Whole(100)) <= 0 {
			m := mendCell(g.ref(r, c), around(need, -half), around(need, half))
			if c == fixes.col {
				d.Place = v.place
				d.mends = append([]mend{m}, d.mends...)
				continue
			}
			d.mends = append(d.mends, m)
		}
	}
	d.Explanation += fixes.words
	return d
}

// hundredName names the row.
func (g *grid) hundredName(r int, h hundred) string {
	at := g.ref(r, h.parts[0])
	name := at.g.rowName(at.r)
	if g.origin != nil {
		name = at.g.colName(at.c)
	}
	return strings.TrimPrefix(name+"/各项之和", "/")
}

// fix is the one figure that would mend a row of shares.
type fix struct {
	col   int
	words string
}

// mended looks for whole numbers: a base, known from the row or searched, of which all
// shares but one are, and what the one would then be.
func (g *grid) mended(r int, h hundred) fix {
	none := fix{col: -1}
	lo, hi := int64(100), int64(3000)
	if n := g.rowPeople(r); n > 0 {
		lo, hi = n/2, n
	}
	if n, ok := g.rowBase(r); ok {
		lo, hi = n, n
	}
	var found []string
	col := -1
	for n := lo; n <= hi; n++ {
		for _, c := range h.parts {
			words, ok := g.mendedBy(r, h.parts, c, n)
			if !ok {
				continue
			}
			if col >= 0 && col != c || len(found) > 3 {
				return none
			}
			col = c
			found = append(found, words)
		}
	}
	if len(found) == 0 {
		return none
	}
	return fix{col, "若只有一处有误：" + strings.Join(found, "；或 ") + "。"}
}

// rowBase is the row's own count, if it has exactly one.
func (g *grid) rowBase(r int) (int64, bool) {
	n, found := int64(0), 0
	for _, v := range g.cells[r] {
		if v.kind == count && v.Units > 0 {
			n = v.Units
			found++
		}
	}
	return n, found == 1
}

// rowPeople is how many graduates the row's level has; 0: not known.
func (g *grid) rowPeople(r int) int64 {
	level := levelIn(g.title)
	for _, k := range g.rows[r].keys {
		if slices.Contains(levels, k) {
			level = k
		}
	}
	return g.people[level]
}

// mendedBy tells what the share in one column would be if n were the base of the row.
func (g *grid) mendedBy(r int, parts []int, wrong int, n int64) (string, bool) {
	rest := n
	var p Decimal
	for _, c := range parts {
		v := g.cells[r][c]
		if c == wrong {
			p = v.Decimal
			continue
		}
		if v.kind == dash {
			continue
		}
		lo, hi := Numerators(v.Decimal, n)
		if lo != hi {
			return "", false
		}
		rest -= lo
	}
	if rest < 0 || p.Units == 0 || Prints(rest, n, p) {
		return "", false
	}
	at := g.ref(r, wrong)
	name := at.g.colName(at.c)
	if g.origin != nil {
		name = at.g.rowName(at.r)
	}
	return fmt.Sprintf("以 %d 为基数，“%s”应为 %d 人、%s%%", n, name, rest, Share(rest, n, p.Digits)), true
}
