package proofread

import (
	"strings"
)

// mainGroup doubts 主要集中在医疗单位，比例分别为 a、b、c where the row of one of the
// levels has a larger share than the one given.
func (c *claims) mainGroup(p *passage, words string, list []mention) (doubt, bool) {
	loc := mainly.FindStringIndex(words)
	if loc == nil || len(list) == 0 || list[0].Sort != Percent {
		return doubt{}, false
	}
	what := words[loc[1]:]
	if i := strings.IndexAny(what, "，。；（("); i >= 0 {
		what = what[:i]
	}
	if strings.ContainsAny(what, "、") || strings.Contains(what, "和") || strings.Contains(what, "及") || what == "" {
		return doubt{}, false
	}
	var first *doubt
	matched := 0
	for _, m := range list {
		if m.Sort != Percent || m.Approx || m.level == "" {
			continue
		}
		for _, g := range c.near(p) {
			if d, hit, bad := g.mainRow(m); hit {
				matched++
				if bad && first == nil {
					first = &d
				}
				break
			}
		}
	}
	if first == nil || matched < 2 && len(list) > 1 {
		return doubt{}, false
	}
	return *first, true
}

// mainRow finds the figure in the row of its level, as a cell or as the sum of the cells
// under one head, and tells whether another cell of the row is larger.
func (g *grid) mainRow(m mention) (d doubt, hit, bad bool) {
	for r, l := range g.rows {
		if len(l.keys) == 0 || l.keys[len(l.keys)-1] != m.level {
			continue
		}
		sums, members := map[string]Decimal{}, map[string][]int{}
		for c, col := range g.cols {
			if v := g.cells[r][c]; v.kind == percent && col.named() {
				sums[col.path[0]] = sums[col.path[0]].Add(v.Decimal)
				members[col.path[0]] = append(members[col.path[0]], c)
			}
		}
		of := ""
		for head, sum := range sums {
			if sum.Cmp(m.Value) == 0 {
				of = head
			}
		}
		if of == "" {
			return d, false, false
		}
		best, found := 0, false
		for c, col := range g.cols {
			v := g.cells[r][c]
			if v.kind != percent || !col.named() || col.path[0] == of || v.Cmp(m.Value) <= 0 {
				continue
			}
			if !found || v.Cmp(g.cells[r][best].Decimal) > 0 {
				best, found = c, true
			}
		}
		if found {
			x := peer{m: m, g: g.flipped(), r: members[of][0], c: r}
			return x.beatenDoubt(best, "主要集中"), true, true
		}
		return d, true, false
	}
	return d, false, false
}

// named is true for a part with a name of its own: 其他事业单位 has one, 其他 has none.
func (l line) named() bool {
	return len(l.path) > 0 && (l.role == part || l.role == remainder && len([]rune(l.keys[len(l.keys)-1])) > 4)
}

// firstCounts are the numbers of 前三 and the like.
var firstCounts = map[string]int{"前二": 2, "前两": 2, "前2": 2, "前三": 3, "前3": 3, "前四": 4, "前4": 4, "前五": 5, "前5": 5, "前六": 6, "前6": 6, "前七": 7, "前7": 7, "前八": 8, "前8": 8, "前九": 9, "前9": 9, "前十": 10, "前10": 10}

// rankedBy is what 前三 ranks by, as the words before it say: persons or shares.
func rankedBy(words, few string) []Sort {
	lead, _, _ := strings.Cut(words, few)
	lead += few
	persons := max(strings.LastIndex(lead, "人数"), strings.LastIndex(lead, "数量"))
	shares := max(strings.LastIndex(lead, "率"), strings.LastIndex(lead, "占比"), strings.LastIndex(lead, "比例"))
	switch {
	case persons > shares:
		return []Sort{Count}
	case shares > persons:
		return []Sort{Percent}
	}
	return []Sort{Count, Percent}
}

// firstOf doubts 前三的是 a、b、c where the table has one that is not named and larger
// than the last of them.
func (c *claims) firstOf(p *passage, words string, list []mention) (doubt, bool) {
	hit := firstFew.FindAllStringSubmatch(words, -1)
	if len(hit) != 1 || strings.Count(words, "；") > 0 || elsewhere.MatchString(words) {
		return doubt{}, false
	}
	n := firstCounts[hit[0][2]]
	for _, sort := range rankedBy(words, hit[0][0]) {
		var xs []peer
		var of []mention
		for _, m := range list {
			if m.Sort == sort {
				of = append(of, m)
			}
		}
		if len(of) != n || n < 2 || !exact(of) {
			continue
		}
		for _, m := range of {
			for _, x := range c.cellsOf(p, m, m.label) {
				if len(xs) == 0 || x.g == xs[0].g && x.c == xs[0].c {
					xs = append(xs, x)
					break
				}
			}
		}
		if len(xs) != n {
			continue
		}
		named, least := map[int]bool{}, xs[0]
		for _, x := range xs {
			named[x.r] = true
			if x.m.Value.Cmp(least.m.Value) < 0 {
				least = x
			}
		}
		if len(named) != n {
			continue
		}
		if r, ok := least.beaten(true, named); ok {
			return least.beatenDoubt(r, hit[0][2]), true
		}
	}
	return doubt{}, false
}
