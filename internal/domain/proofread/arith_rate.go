package proofread

import (
	"fmt"
	"slices"
)

// confirmed tells whether the columns that a rate is said to sum up, and those beside
// them, are 100 together in every row: then the rate is what is wrong where it differs.
func (g *grid) confirmed(s *sum) bool {
	rest := append([]int(nil), s.parts...)
	in := map[int]bool{s.t: true}
	for _, c := range s.parts {
		in[c] = true
	}
	for c, l := range g.cols {
		if l.kind == percent && !in[c] {
			rest = append(rest, c)
		}
	}
	h := g.hundred(rest)
	return len(rest) > len(s.parts) && h.hits >= 2 && len(h.misses) == 0
}

// inPersons tells a rate and its kinds in whole persons, if the row has one base and
// each share stands for one number of it.
func (g *grid) inPersons(s sum, r int) string {
	n, ok := g.rowBase(r)
	rate := g.cells[r][s.t]
	if !ok || rate.kind != percent || rate.Cmp(Whole(100)) == 0 {
		return ""
	}
	var sum int64
	var words []Decimal
	for _, c := range s.parts {
		k, one := g.oneNumber(g.cells[r][c], n)
		if !one {
			return ""
		}
		sum += k
		words = append(words, Whole(k))
	}
	said := fmt.Sprintf("折成人数：%s = %d 人，%d 人里占 %s%%", spelled(words), sum, n, Share(sum, n, rate.Digits))
	if lo, hi := Numerators(rate.Decimal, n); lo <= hi {
		said += fmt.Sprintf("；%s%% 相当于 %s 人", rate.Decimal, between(lo, hi))
	}
	return said + "。"
}

// oneNumber is the only whole number of n that a share stands for, or next to it.
func (g *grid) oneNumber(v value, n int64) (int64, bool) {
	if v.kind == dash {
		return 0, true
	}
	lo, hi := Numerators(v.Decimal, n)
	if v.kind != percent || lo < hi {
		return 0, false
	}
	if lo > hi {
		lo, hi = neighbours(v.Decimal, n)
		if Share(hi, n, v.Digits).Sub(v.Decimal).Units < v.Sub(Share(lo, n, v.Digits)).Units {
			return hi, true
		}
	}
	return lo, true
}

// weighedDoubts holds the rate of a total or subtotal against the rates of its parts and
// their bases.
func weighedDoubts(g *grid) []doubt {
	if g.excused {
		return nil
	}
	var out []doubt
	for c, l := range g.cols {
		if l.kind != percent {
			continue
		}
		base, ok := g.weights(c)
		if !ok {
			continue
		}
		hits := 0
		var misses []weighed
		for t, row := range g.rows {
			if row.role != total && row.role != subtotal {
				continue
			}
			w, usable := g.weigh(t, c, base)
			switch {
			case !usable:
			case w.holdsAs(g.cells[t][c].Decimal):
				hits++
			default:
				misses = append(misses, w)
			}
		}
		if hits >= 3*len(misses) && hits > 0 || len(misses) == 1 && hits <= 1 && g.rateName(c) {
			for _, w := range misses {
				out = append(out, g.weighedDoubt(w))
			}
		}
	}
	return out
}

// rateName tells whether a column is a rate by its name: a share of each row's own base.
func (g *grid) rateName(c int) bool {
	k := g.cols[c].keys
	if len(k) == 0 {
		return false
	}
	last := []rune(k[len(k)-1])
	return len(last) > 1 && last[len(last)-1] == '率' && k[len(k)-1] != "比率"
}

// weights is the column of the rate's bases: counts of which most of its shares are
// possible and that add up to the total's.
func (g *grid) weights(c int) (int, bool) {
	best, at := 0, -1
	unsure := false // the column of all graduates fits as well, but says too little
	for b, l := range g.cols {
		if l.kind != count || g.digits([]int{c}) == 0 && !slices.Contains(l.keys, "毕业人数") && !slices.Contains(l.keys, "总人数") {
			continue
		}
		f := g.fit(c, b)
		all := slices.Contains(l.keys, "毕业人数") || slices.Contains(l.keys, "总人数")
		if f.hits < 2 || 8*len(f.misses) > f.hits+6 {
			unsure = unsure || all && len(f.misses) == 0
			continue
		}
		if all {
			return b, true // what rates are of, where it can be, whatever else fits
		}
		if f.bits-12*len(f.misses) > best {
			best, at = f.bits-12*len(f.misses), b
		}
	}
	return at, at >= 0 && !unsure
}

// rated is a rate and the count that it is a rate of, both of one row.
type rated struct{ r, base, c int }

// weighed is a total's rate beside what the rates of its parts allow.
type weighed struct {
	whole  rated
	n      int64
	lo, hi int64 // persons, from the parts
	parts  []rated
}

// weigh adds up the persons behind the parts' rates.
func (g *grid) weigh(t, c, base int) (weighed, bool) {
	w, ok := g.wholeOfRate(rated{t, base, c})
	if !ok {
		return w, false
	}
	for _, rows := range g.flipped().partSets(t) {
		parts := make([]rated, len(rows))
		for i, r := range rows {
			parts[i] = rated{r, base, c}
		}
		if g.persons(&w, parts) {
			return w, true
		}
	}
	return w, false
}

// wholeOfRate begins with the total.
func (g *grid) wholeOfRate(whole rated) (weighed, bool) {
	n := g.cells[whole.r][whole.base]
	return weighed{whole: whole, n: n.Units}, g.cells[whole.r][whole.c].kind == percent && n.kind == count && n.Units > 0
}

// partSets are the sets that a total or subtotal line may count.
func (g *grid) partSets(t int) [][]int {
	var out [][]int
	if g.cols[t].role == subtotal {
		return g.groupSets(t)
	}
	for _, s := range g.totalSets(t) {
		out = append(out, s.parts)
	}
	return out
}

// persons is how many persons the parts' rates stand for, if the parts' bases add up to
// the total's.
func (g *grid) persons(w *weighed, parts []rated) bool {
	w.lo, w.hi, w.parts = 0, 0, parts
	sum := int64(0)
	for _, x := range parts {
		p, b := g.cells[x.r][x.c], g.cells[x.r][x.base]
		switch {
		case b.kind == dash:
			continue
		case b.kind != count || p.kind != percent && p.kind != dash:
			return false
		}
		sum += b.Units
		if p.kind == dash || b.Units == 0 {
			continue
		}
		from, to := nearest(p.Decimal, b.Units)
		w.lo, w.hi = w.lo+from, w.hi+to
	}
	return sum == w.n && len(parts) > 1
}

// nearest are the whole numbers of n that a share may stand for, or those next to it.
func nearest(p Decimal, n int64) (from, to int64) {
	if from, to = Numerators(p, n); from > to {
		return neighbours(p, n)
	}
	return from, to
}

func (w weighed) holdsAs(p Decimal) bool {
	lo, hi := nearest(p, w.n)
	return lo <= w.hi && w.lo <= hi
}

func (g *grid) weighedDoubt(w weighed) doubt {
	at := g.ref(w.whole.r, w.whole.c)
	p := at.value().Decimal
	lo, hi := Share(w.lo, w.n, p.Digits), Share(w.hi, w.n, p.Digits)
	d := doubt{Finding: Finding{
		Where: g.where(), Cell: at.g.cellName(at.r, at.c), Printed: p.String(), Expected: lo.String(),
		Rule: RateVsWeighted, Severity: lastDigit(p, lo), Place: at.value().place,
	}}
	said := lo.String() + "%"
	if lo != hi {
		said += " 至 " + hi.String() + "%"
	}
	by := "各行"
	if w.across() {
		by = "各列"
	}
	if g.origin != nil {
		by = map[string]string{"各行": "各列", "各列": "各行"}[by]
	}
	d.Explanation = fmt.Sprintf("按%s的基数和比率推算，合计是 %d 人里的 %s 人，即 %s，印的是 %s%%。", by, w.n, between(w.lo, w.hi), said, p)
	d.mends = []mend{mendCell(at, cut(w.lo, w.n, p.Digits), hi)}
	d.mends = append(d.mends, g.partMends(w, p)...)
	return d
}

// across is true of a total at the end of its row.
func (w weighed) across() bool { return w.parts[0].r == w.whole.r }

// partMends are the rates that single parts would need for the total's to be right.
func (g *grid) partMends(w weighed, p Decimal) []mend {
	var out []mend
	from, to := Numerators(p, w.n)
	for _, x := range w.parts {
		rate, n := g.cells[x.r][x.c], g.cells[x.r][x.base].Units
		if rate.kind != percent || n <= 0 {
			continue
		}
		own, ownHi := nearest(rate.Decimal, n)
		lo, hi := max(0, from-(w.hi-ownHi)), min(n, to-(w.lo-own))
		if lo <= hi {
			out = append(out, mendCell(g.ref(x.r, x.c), cut(lo, n, rate.Digits), Share(hi, n, rate.Digits)))
		}
	}
	return out
}

// inherit joins the doubt of a total's rate to that of a part's rate, where the total
// was weighed from the parts as printed, the faulty one with them.
func (g *grid) inherit(doubts []doubt) {
	for c, l := range g.cols {
		if l.kind != percent {
			continue
		}
		base, ok := g.weights(c)
		if !ok {
			continue
		}
		for t, row := range g.rows {
			if row.role != total && row.role != subtotal {
				continue
			}
			w, usable := g.weigh(t, c, base)
			i := doubtAt(doubts, g.cells[t][c].place)
			if i < 0 || !usable || !w.holdsAs(g.cells[t][c].Decimal) {
				continue
			}
			for r, part := range g.rows {
				if j := doubtAt(doubts, g.cells[r][c].place); r != t && part.role != total && j >= 0 && len(doubts[j].mends) > 0 {
					doubts[i].mends = []mend{doubts[j].mends[0], doubts[i].mends[0]}
					doubts[i].Explanation += fmt.Sprintf("它是按印出的“%s”%s%% 加权得来的，错从那里来。", g.rowName(r), g.cells[r][c].Decimal)
					break
				}
			}
		}
	}
}

// doubtAt is the first doubt of a figure at a place, -1 if there is none.
func doubtAt(doubts []doubt, at Place) int {
	return slices.IndexFunc(doubts, func(d doubt) bool { return d.Place == at && d.Rule != PartsVs100 })
}
