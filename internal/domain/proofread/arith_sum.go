package proofread

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"
)

// sum is a column held against the sum of others, over all rows. Counts and shares are
// told apart: counts add up or do not, shares within the rounding of their digits.
type sum struct {
	t      int
	parts  []int
	said   bool // the labels say that it is a sum: 合计, 小计
	counts tally
	shares tally
	weak   bool // the rows that miss may have a kind that is not printed
}

// tally counts rows that hold and lists those that do not.
type tally struct {
	hits, bits int
	misses     []int
}

func (t tally) holds() bool { return t.hits > 0 && len(t.misses) == 0 }

// trust tells whether enough rows hold to call the others faults.
func (t tally) trust(hits, each int) bool {
	return t.hits >= hits && each*len(t.misses) <= t.hits
}

// slack is how far printed shares may add up beside their printed sum, in millionths of
// a point: half a unit of each, as rounded figures do; loose: a whole unit below, as
// figures do whose rest was cut off.
func slack(t Decimal, parts []Decimal) (half, loose int64) {
	const micro = 6
	half = pow10(micro-t.Digits) / 2
	loose = half
	for _, p := range parts {
		if p.Units == 0 {
			continue
		}
		half += pow10(micro-p.Digits) / 2
		loose += pow10(micro - p.Digits)
	}
	return half, loose
}

// sum holds one column against the sum of others in every row.
func (g *grid) sum(t int, parts []int, said bool) sum {
	s := sum{t: t, parts: parts, said: said}
	alike := g.alike(t, parts)
	seen := map[Decimal]bool{}
	for r := range g.rows {
		whole := g.cells[r][t]
		if !whole.number() || whole.merged || whole.Units < 0 {
			continue
		}
		list, soft, ok := g.addends(r, parts, whole.kind)
		if !ok {
			continue
		}
		where, fits := &s.counts, matches(whole, list)
		if whole.kind == percent {
			where = &s.shares
		}
		switch {
		case fits && (said || !seen[whole.Decimal]):
			seen[whole.Decimal] = true
			where.take(whole, list)
		case fits: // the same again says nothing new
		case soft, nearly(whole, list), whole.kind == percent && !alike && whole.Cmp(Whole(100)) != 0, g.overlaps(r, whole, list):
		default:
			where.misses = append(where.misses, r)
			if !said && len(where.misses) > where.hits+8 {
				return s // it will not be believed
			}
		}
	}
	return s
}

// take counts a row that holds, with what it says: two parts that add up to a large
// number say more than one part that is the whole.
func (t *tally) take(whole value, list []Decimal) {
	n := 0
	for _, p := range list {
		if p.Units > 0 {
			n++
		}
	}
	switch {
	case n < 2 || whole.Units == 0:
		t.bits++
	case whole.kind == percent:
		t.hits++
		t.bits += bits.Len64(uint64(whole.Units) / uint64(2*n))
	default:
		t.hits++
		t.bits += bits.Len64(uint64(whole.Units))
	}
}

// alike tells whether all columns hold shares of the same rows: then a rate may be the
// sum of its kinds. A row that mixes counts and shares adds up only where it is 100.
func (g *grid) alike(t int, parts []int) bool {
	if g.cols[t].kind != percent {
		return false
	}
	return !slices.ContainsFunc(parts, func(c int) bool { return g.cols[c].kind != percent })
}

// addends are the parts of a row; soft if some are not printed; not ok if something else
// than figures of that kind stands there.
func (g *grid) addends(r int, parts []int, k kind) (list []Decimal, soft, ok bool) {
	for _, c := range parts {
		v := g.cells[r][c]
		switch {
		case v.kind == blank || v.merged:
			soft = true
		case v.kind == dash:
			list = append(list, Decimal{})
		case v.kind == k && v.Units >= 0:
			list = append(list, v.Decimal)
		default:
			return nil, false, false
		}
	}
	return list, soft, len(list) > 0
}

func added(list []Decimal) Decimal {
	var s Decimal
	for _, d := range list {
		s = s.Add(d)
	}
	return s
}

// matches tells whether the parts add up to the whole as printed.
func matches(whole value, list []Decimal) bool {
	diff := added(list).Sub(whole.Decimal)
	if whole.kind != percent {
		return diff.Units == 0
	}
	half, _ := slack(whole.Decimal, list)
	d := diff.To(6).Units
	return -half <= d && d <= half
}

// nearly tells whether shares miss their sum by what cutting off explains: neither for
// nor against it.
func nearly(whole value, list []Decimal) bool {
	_, loose := slack(whole.Decimal, list)
	d := added(list).Sub(whole.Decimal).To(6).Units
	return whole.kind == percent && -loose <= d && d <= 0
}

// overlaps is true where parts may be counted twice, so that their sum may exceed the
// total: employers that come to several colleges.
func (g *grid) overlaps(r int, whole value, list []Decimal) bool {
	if added(list).Cmp(whole.Decimal) <= 0 || len(g.rows[r].keys) == 0 {
		return false
	}
	return containsAny(strings.Join(g.rows[r].keys, ""), []string{"单位", "企业", "家", "专业", "省", "城市", "国家", "院校", "高校", "学院数", "行业"})
}

// sumDoubts finds which columns of a grid are the sums of others, and the rows where one
// is not.
func sumDoubts(g *grid) []doubt {
	var out []doubt
	done := map[int]bool{}
	for _, s := range g.sums() {
		done[s.t] = true
		if s.said && g.lostPart(s) {
			continue
		}
		for _, r := range s.counts.misses {
			out = append(out, g.sumDoubt(s, r))
		}
		for _, r := range s.shares.misses {
			out = append(out, g.sumDoubt(s, r))
		}
	}
	return append(out, g.hundreds(done)...)
}

// sums picks for each column the set of others that it is the sum of, if the rows show
// it.
func (g *grid) sums() []sum {
	var out []sum
	pooled := g.pooled()
	for t := range g.cols {
		best, found := sum{}, false
		for _, set := range g.sets(t) {
			if g.mixed(t, set.parts) {
				continue
			}
			s := g.sum(t, set.parts, set.said)
			if s.counts.holds() && len(s.shares.misses) == 0 || s.shares.holds() && len(s.counts.misses) == 0 {
				best, found = s, g.accept(&s, pooled)
				break
			}
			if g.accept(&s, pooled) && (!found || s.worth() > best.worth()) {
				best, found = s, true
			}
		}
		if found {
			out = append(out, best)
		}
	}
	return out
}

// unsettled are the kinds of destinations that no rate of those settled counts.
var unsettled = []string{"待就业", "不就业", "未就业", "暂不", "未落实", "拟升学", "待落实", "求职", "待毕业", "待业", "拟考研", "签约中", "拟出国"}

// mixed is true for a rate of those settled with parts that are not settled.
func (g *grid) mixed(t int, parts []int) bool {
	if k := strings.Join(g.cols[t].keys, ""); !strings.Contains(k, "落实") && !strings.Contains(k, "就业率") || containsAny(k, unsettled) {
		return false
	}
	return slices.ContainsFunc(parts, func(c int) bool { return containsAny(strings.Join(g.cols[c].keys, ""), unsettled) })
}

func (s sum) worth() int {
	return s.counts.hits + s.shares.hits - 3*len(s.counts.misses) - 3*len(s.shares.misses)
}

// sumDoubt tells that the parts do not add up.
func (g *grid) sumDoubt(s sum, r int) doubt {
	at := g.ref(r, s.t)
	whole := at.value()
	list, _, _ := g.addends(r, s.parts, whole.kind)
	sum := added(list)
	d := doubt{weak: s.weak || s.said && whole.kind == count && !likely(whole.Decimal, list) && !g.elsewhere(s, whole, sum), Finding: Finding{
		Where: g.where(), Cell: at.g.cellName(at.r, at.c), Printed: whole.Decimal.String(), Expected: sum.String(),
		Rule: g.sumRule(s, whole), Severity: sumSeverity(whole, list), Place: whole.place, Other: g.cells[r][s.parts[0]].place,
	}}
	d.Explanation = fmt.Sprintf("各项之和是 %s（%s），印的是 %s。", sum, spelled(list), whole.Decimal) + g.inPersons(s, r)
	half := int64(0)
	if whole.kind == percent {
		half, _ = slack(whole.Decimal, list)
	}
	if whole.kind != percent || whole.Cmp(Whole(100)) != 0 {
		d.mends = append(d.mends, mendCell(at, around(sum, -half), around(sum, half)))
	}
	slips := 0
	for _, c := range s.parts {
		v := g.cells[r][c]
		need := whole.Sub(sum).Add(v.Decimal)
		if v.kind != whole.kind || need.Units < 0 {
			continue
		}
		m := mendCell(g.ref(r, c), around(need, -half), around(need, half))
		if whole.kind == count && typo(v.Decimal, need) && !typo(whole.Decimal, sum) {
			slips++
			d.mends = append([]mend{m}, d.mends...)
			continue
		}
		d.mends = append(d.mends, m)
	}
	if slips == 1 {
		d.Explanation += fmt.Sprintf("若“%s”是 %s 就相符。", strings.TrimPrefix(d.mends[0].name, d.Where+" "), d.mends[0].lo)
	}
	return d
}

// around moves a figure by millionths.
func around(d Decimal, micro int64) Decimal {
	if micro == 0 {
		return d
	}
	return d.Add(Decimal{micro, 6})
}

func (g *grid) sumRule(s sum, whole value) Rule {
	switch {
	case whole.kind == percent && whole.Cmp(Whole(100)) == 0:
		return PartsVs100
	case g.cols[s.t].role == subtotal:
		return SubtotalVsSum
	case whole.kind == percent && g.cols[s.t].role != total:
		return RateVsParts
	}
	return TotalVsSum
}

// sumSeverity is Rounding where shares miss their sum by less than a unit each.
func sumSeverity(whole value, list []Decimal) Severity {
	if whole.kind != percent {
		return Fault
	}
	n := int64(1)
	for _, p := range list {
		if p.Units > 0 {
			n++
		}
	}
	diff := added(list).Sub(whole.Decimal).To(6).Units
	if unit := pow10(6 - whole.Digits); -n*unit <= diff && diff <= n*unit {
		return Rounding
	}
	return Fault
}

// spelled writes the addends, the middle of a long list left out.
func spelled(list []Decimal) string {
	var words []string
	for _, d := range list {
		if d.Units != 0 {
			words = append(words, d.String())
		}
	}
	if n := len(words); n > 9 {
		return strings.Join(words[:4], " + ") + fmt.Sprintf(" + … + %s，共 %d 项", words[n-1], n)
	}
	return strings.Join(words, " + ")
}
