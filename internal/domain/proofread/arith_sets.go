package proofread

import (
	"slices"
	"strings"
)

// set is what a column may be the sum of.
type set struct {
	parts []int
	said  bool // the labels say so
}

// sets lists what a column may be the sum of: what its label says, then what stands next
// to it.
func (g *grid) sets(t int) []set {
	var out []set
	switch g.cols[t].role {
	case total:
		out = g.totalSets(t)
	case subtotal:
		for _, parts := range g.groupSets(t) {
			out = append(out, set{parts, true})
		}
	}
	return append(out, g.runs(t)...)
}

// totalSets are the parts that a total may count: all; the subtotals and what stands
// outside their groups; all but 其中; all but what is a part of a part.
func (g *grid) totalSets(t int) []set {
	if g.totals == nil {
		g.totals = map[int][]set{}
	}
	if _, ok := g.totals[t]; !ok {
		g.totals[t] = g.findTotalSets(t)
	}
	return g.totals[t]
}

func (g *grid) findTotalSets(t int) []set {
	inner := strings.Join(tail(g.cols[t].keys), "›")
	var all, tops, topsOnly, noChild []int
	grouped := map[int]bool{}
	for _, l := range g.cols {
		if l.role == subtotal && l.group >= 0 {
			grouped[l.group] = true
		}
	}
	for c, l := range g.cols {
		if c == t || l.role == total || !g.comparable(t, c, inner) {
			continue
		}
		if l.role == subtotal {
			tops, topsOnly = append(tops, c), append(topsOnly, c)
			continue
		}
		all = append(all, c)
		if !l.child {
			noChild = append(noChild, c)
		}
		if l.group < 0 || !grouped[l.group] {
			tops = append(tops, c)
		}
	}
	var out []set
	for _, parts := range [][]int{tops, all, noChild, topsOnly, g.roots(all)} {
		if len(parts) > 1 && !slices.ContainsFunc(out, func(s set) bool { return slices.Equal(s.parts, parts) }) {
			out = append(out, set{parts, true})
		}
	}
	return out
}

func tail(keys []string) []string {
	if len(keys) < 2 {
		return nil
	}
	return keys[1:]
}

// comparable tells whether a column may be a part of the total: the same measure below
// the outer heads.
func (g *grid) comparable(t, c int, inner string) bool {
	if g.cols[c].kind != g.cols[t].kind {
		return false
	}
	if inner == "" {
		return true
	}
	keys := g.cols[c].keys
	return len(keys) > 0 && keys[len(keys)-1] == g.cols[t].keys[len(g.cols[t].keys)-1]
}

// roots are the lines that are not parts of the line before them: where some lines
// add up to the one above (or below) them in every row, that one stands for them.
func (g *grid) roots(all []int) []int {
	inside := map[int]bool{}
	for _, t := range all {
		if inside[t] {
			continue
		}
		for _, s := range g.runs(t) {
			if got := g.sum(t, s.parts, false); (got.counts.holds() || got.shares.holds()) && len(got.counts.misses)+len(got.shares.misses) == 0 {
				for _, c := range s.parts {
					inside[c] = true
				}
				break
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(c int) bool { return inside[c] })
}

// runs are the neighbours of a column on either side, of its kind, two or more; of few
// columns any stretch.
func (g *grid) runs(t int) []set {
	var same []int
	at := -1
	for c := range g.cols {
		if g.cols[c].kind != g.cols[t].kind || c != t && g.cols[c].role == total {
			continue
		}
		if c == t {
			at = len(same)
		}
		same = append(same, c)
	}
	const longest, few = 24, 12
	var out []set
	if len(same) <= few {
		return anyRuns(same, at)
	}
	for n := 2; n <= min(longest, len(same)-at-1); n++ {
		out = append(out, set{parts: same[at+1 : at+1+n]})
	}
	for n := 2; n <= min(longest, at); n++ {
		out = append(out, set{parts: same[at-n : at]})
	}
	return out
}

// anyRuns are all stretches of columns without the one at a place, those beside it first.
func anyRuns(same []int, at int) []set {
	var beside, apart []set
	for from := range same {
		for to := from + 2; to <= len(same); to++ {
			switch {
			case from <= at && at < to:
			case from == at+1 || to == at:
				beside = append(beside, set{parts: same[from:to]})
			default:
				apart = append(apart, set{parts: same[from:to]})
			}
		}
	}
	return append(beside, apart...)
}

// groupSets are the lines that a subtotal may sum up: those of its group; those before
// it, back to the last subtotal; those after it, up to the next.
func (g *grid) groupSets(t int) [][]int {
	var group, before, after []int
	for c, l := range g.cols {
		if c != t && l.role != subtotal && l.role != total && l.group >= 0 && l.group == g.cols[t].group && g.cols[c].kind == g.cols[t].kind {
			group = append(group, c)
		}
	}
	for c := t - 1; c >= 0 && g.cols[c].role != subtotal && g.cols[c].role != total; c-- {
		if g.cols[c].kind == g.cols[t].kind {
			before = append([]int{c}, before...)
		}
	}
	for c := t + 1; c < len(g.cols) && g.cols[c].role != subtotal && g.cols[c].role != total; c++ {
		if g.cols[c].kind == g.cols[t].kind {
			after = append(after, c)
		}
	}
	if len(group) > 0 {
		return [][]int{group}
	}
	if g.cols[t].group >= 0 && g.grouped() {
		return nil
	}
	var out [][]int
	for _, parts := range [][]int{before, after} {
		if len(parts) > 0 {
			out = append(out, parts)
		}
	}
	return out
}

// grouped tells whether lines bear the labels of groups that are summed up.
func (g *grid) grouped() bool {
	for _, t := range g.subtotals() {
		for _, l := range g.cols {
			if l.role == part && l.group >= 0 && l.group == g.cols[t].group {
				return true
			}
		}
	}
	return false
}

// pooled tells which subtotals are to be believed: those of a grid where most subtotals
// are the sums of their groups.
func (g *grid) pooled() map[int]bool {
	hits, misses := 0, 0
	var subtotals []int
	for t, l := range g.cols {
		if l.role != subtotal {
			continue
		}
		best, found := sum{}, false
		for _, parts := range g.groupSets(t) {
			s := g.sum(t, parts, true)
			if !found || s.worth() > best.worth() {
				best, found = s, true
			}
		}
		hits += best.counts.hits + best.shares.hits
		misses += len(best.counts.misses)
		subtotals = append(subtotals, t)
	}
	out := map[int]bool{}
	if hits >= 2 && 2*misses <= hits {
		for _, t := range subtotals {
			out[t] = true
		}
	}
	return out
}

// subtotals are the columns that sum up a group.
func (g *grid) subtotals() []int {
	var out []int
	for c, l := range g.cols {
		if l.role == subtotal {
			out = append(out, c)
		}
	}
	return out
}

// keepLines drops the misses in rows where most subtotals are no sums: rates, averages,
// the first three of each group.
func (s *sum) keepLines(g *grid) {
	keep := func(rows []int) []int {
		return slices.DeleteFunc(slices.Clone(rows), func(r int) bool { return !g.additive(r) })
	}
	s.counts.misses, s.shares.misses = keep(s.counts.misses), keep(s.shares.misses)
}

// additive tells whether most subtotals of a row are the sums of their groups.
func (g *grid) additive(r int) bool {
	hits, misses := 0, 0
	for t, l := range g.cols {
		if l.role != subtotal || !g.cells[r][t].number() {
			continue
		}
		ok := false
		sets := g.groupSets(t)
		for _, parts := range sets {
			list, _, usable := g.addends(r, parts, g.cells[r][t].kind)
			ok = ok || usable && len(parts) > 1 && matches(g.cells[r][t], list)
		}
		switch {
		case ok:
			hits++
		case len(sets) > 0 && len(sets[0]) > 1:
			misses++
		}
	}
	return hits >= 1 && hits >= 2*misses || hits >= 1 && misses == 1
}
