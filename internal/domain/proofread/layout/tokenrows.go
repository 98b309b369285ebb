package layout

import (
	"slices"
	"strconv"
	"strings"
)

// runOf is a run of words or of figures.
type runOf struct {
	from, to int
	numbers  bool
}

func runsOf(list []token) []runOf {
	var out []runOf
	for i := 0; i < len(list); {
		j := i
		for j < len(list) && list[j].number == list[i].number {
			j++
		}
		out = append(out, runOf{i, j, list[i].number})
		i = j
	}
	return out
}

// evenRuns reads rows of a label and always the same number of figures. The rows are
// found from the end; what stands before them is the head.
func evenRuns(list []token) *tokenTable {
	runs := runsOf(list)
	if len(runs) < 2 || !runs[len(runs)-1].numbers {
		return nil
	}
	n := runs[len(runs)-1].to - runs[len(runs)-1].from
	t := &tokenTable{slots: append([]slot{{true}}, slices.Repeat([]slot{{}}, n)...)}
	k := len(runs)
	for k >= 2 && runs[k-1].to-runs[k-1].from == n && (k == 2 || runs[k-2].to-runs[k-2].from <= maxLabelLines) {
		k -= 2
		t.rows = append(t.rows, rowOf(list, runs[k], runs[k+1]))
	}
	slices.Reverse(t.rows)
	if len(t.rows) == 0 {
		return nil
	}
	t.head = list[:runs[k].from]
	return t
}

func rowOf(list []token, words, numbers runOf) tokenRow {
	r := tokenRow{cells: [][]token{list[words.from:words.to]}}
	for i := numbers.from; i < numbers.to; i++ {
		r.cells = append(r.cells, list[i:i+1])
	}
	return r
}

// groupedRuns reads rows where one more figure stands beside the first row of each
// group: the group's sum.
func groupedRuns(list []token) *tokenTable {
	runs := runsOf(list)
	if len(runs) < 8 || !runs[len(runs)-1].numbers || runs[0].numbers {
		return nil
	}
	n := 1 << 30
	for i := 1; i < len(runs); i += 2 {
		n = min(n, runs[i].to-runs[i].from)
	}
	t := &tokenTable{spans: true, slots: append([]slot{{true}}, slices.Repeat([]slot{{}}, n+1)...)}
	groups, sums := 0, 0
	for i := 0; i+1 < len(runs); i += 2 {
		got := runs[i+1].to - runs[i+1].from
		r := rowOf(list, runs[i], runs[i+1])
		switch {
		case got == n+1:
			groups++
			if i > 0 && len(r.cells[0]) < 2 {
				return nil // no room for the group's name
			}
		case got != n:
			return nil
		default:
			r.cells = append(r.cells, nil)
		}
		if isSum(r.label()) {
			sums++
		}
		t.rows = append(t.rows, r)
	}
	if groups < 2 || groups+sums == len(t.rows) || len(t.rows[0].cells[n+1]) == 0 {
		return nil
	}
	return t
}

// indexedRows reads rows that begin with a running number: 1, 2, 3 …, equal ranks share
// one.
func indexedRows(list []token) *tokenTable {
	first := slices.IndexFunc(list, func(t token) bool { return t.number })
	if first < 1 || list[first].text != "1" {
		return nil
	}
	var best *tokenTable
	for next := first + 2; next < len(list) && next < first+40; next++ {
		if list[next].text != "2" && list[next].text != "1" {
			continue
		}
		slots := slotsOf(list[first+1 : next])
		if !slots[0].words || len(slots) < 2 {
			continue
		}
		t := &tokenTable{index: true, head: list[:first], slots: append([]slot{{}}, slots...)}
		if t.parseIndexed(list[first:]) && (best == nil || len(t.rows) > len(best.rows)) {
			best = t
		}
	}
	return best
}

func slotsOf(list []token) []slot {
	var out []slot
	for i, t := range list {
		if t.number || i == 0 || list[i-1].number {
			out = append(out, slot{words: !t.number})
		}
	}
	return out
}

// parseIndexed cuts the list into rows of the slots, as a whole or not at all. A row
// without a number may end it: the sum.
func (t *tokenTable) parseIndexed(list []token) bool {
	last := 0
	for i := 0; i < len(list); {
		r := tokenRow{}
		k := i
		slots := t.slots
		if !list[i].number {
			if !isSum(list[i].text) || last == 0 {
				return false
			}
			r.cells, slots = append(r.cells, nil), slots[1:]
		}
		for _, s := range slots {
			from := k
			for k < len(list) && list[k].number != s.words && (s.words || k == from) {
				k++
			}
			if k == from {
				return false
			}
			r.cells = append(r.cells, list[from:k])
		}
		if len(slots) == len(t.slots) {
			n, err := strconv.Atoi(list[i].text)
			if err != nil || n < last || n > len(t.rows)+1 {
				return false
			}
			last = n
		}
		t.rows = append(t.rows, r)
		i = k
	}
	return len(t.rows) >= 3
}

// isSub is true of the row that sums a group.
func isSub(label string) bool {
	return strings.Contains(label, "小计") || strings.HasSuffix(label, "汇总")
}

// yearRows reads rows that begin with a year and hold figures only.
func yearRows(list []token) *tokenTable {
	first := slices.IndexFunc(list, func(t token) bool { return t.number || isYear(t.text) })
	if first < 2 || !isYear(list[first].text) {
		return nil
	}
	n := 1
	for first+n < len(list) && !isYear(list[first+n].text) {
		n++
	}
	if n < 2 || (len(list)-first)%n != 0 || len(list)-first < 2*n {
		return nil
	}
	t := &tokenTable{index: true, head: list[:first], slots: make([]slot, n)}
	for i := first; i < len(list); i += n {
		if !isYear(list[i].text) {
			return nil
		}
		r := tokenRow{}
		for k := i; k < i+n; k++ {
			if k > i && !list[k].number {
				return nil
			}
			r.cells = append(r.cells, list[k:k+1])
		}
		t.rows = append(t.rows, r)
	}
	return t
}
