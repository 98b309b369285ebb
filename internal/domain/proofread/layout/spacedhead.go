package layout

import (
	"cmp"
	"slices"

	"quxiang/internal/domain/proofread"
)

// joinHead makes one line of a head that ran on over the next: all of them are as many as
// there are columns, and no line is.
func (s *spacedLines) joinHead() {
	var all []token
	for _, t := range s.lines[:s.first] {
		all = append(all, t...)
	}
	if s.first < 2 || len(all) != s.index+s.labels+s.figs || len(s.lines[0]) <= len(all)/2 {
		return
	}
	s.lines = append([][]token{all}, s.lines[s.first:]...)
	s.first = 1
}

// wideHeads are the ways to read a head of two lines of which some of the first stand over
// as many of the second each, and the others over nothing: 男生 and 女生 over 人数 and 比例,
// beside 合计. The likeliest by where they stand comes first; nil if it is no such head.
func (s *spacedLines) wideHeads() [][][]proofread.Cell {
	if s.first != 2 {
		return nil
	}
	before := s.index + s.labels
	heads, below := s.lines[0], s.lines[1]
	if n := len(heads); n == before+s.figs || n <= before || s.figs%(n-before) == 0 && len(below) == s.figs {
		return nil
	}
	heads = heads[before:]
	wide := len(below) + len(heads) - s.figs // how many are
	if wide < 1 || wide > len(heads) || len(heads) > 12 || len(below)%wide != 0 || len(below) < 2*wide {
		return nil
	}
	type way struct {
		cells [][]proofread.Cell
		off   int
	}
	var ways []way
	for _, set := range choices(len(heads), wide) {
		cells, off := s.wideCells(set, len(below)/wide)
		ways = append(ways, way{cells, off})
	}
	slices.SortStableFunc(ways, func(a, b way) int { return cmp.Compare(a.off, b.off) })
	var out [][][]proofread.Cell
	for _, w := range ways {
		out = append(out, w.cells)
	}
	return out
}

// choices are the ways to choose k of n, in order.
func choices(n, k int) [][]bool {
	if n == 0 {
		if k == 0 {
			return [][]bool{nil}
		}
		return nil
	}
	var out [][]bool
	for _, first := range []bool{true, false} {
		rest := k
		if first {
			rest--
		}
		if rest < 0 {
			continue
		}
		for _, c := range choices(n-1, rest) {
			out = append(out, append([]bool{first}, c...))
		}
	}
	return out
}

// wideCells are the two lines of such a head as cells, each wide head over so many, and how
// far heads stand from what is below them.
func (s *spacedLines) wideCells(wide []bool, each int) ([][]proofread.Cell, int) {
	rows := make([][]proofread.Cell, 2)
	before := s.index + s.labels
	below, off := s.lines[1], 0
	for k, t := range s.lines[0] {
		c := cellOf([]token{t})
		if k < before || !wide[k-before] {
			rows[0], rows[1] = append(rows[0], c), append(rows[1], merged(c))
			continue
		}
		off += max(0, t.left-below[each-1].left, below[0].left-t.left-t.width()*unit)
		for _, u := range below[:each] {
			rows[0], rows[1] = append(rows[0], c), append(rows[1], cellOf([]token{u}))
			c = merged(c)
		}
		below = below[each:]
	}
	return rows, off
}
