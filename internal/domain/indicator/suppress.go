package indicator

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// suppression is the rule for public outputs, as data.
type suppression struct {
	Smallest  int   // counts from 1 to below this are small
	AsTheyAre []Dim `json:"as_they_are"` // rows by nothing but these are published as they are
	CellsBy   []Dim `json:"cells_by"`    // tables by one of these withhold small cells too
	Crossing  int   // and so do tables that cross this many dimensions
}

//go:embed suppression.json
var suppressionJSON []byte

var publicRule = sync.OnceValue(func() suppression {
	var s suppression
	if err := json.Unmarshal(suppressionJSON, &s); err != nil {
		panic("indicator: suppression.json: " + err.Error())
	}
	return s
})

// Hidden is one thing that a public table withholds.
type Hidden struct {
	Cohort string
	Row    string // name of the row
	Cell   string // heading; blank: the whole row
	Why    string
}

// String says it in one line, for the list that goes with a release.
func (h Hidden) String() string {
	if h.Cell == "" {
		return fmt.Sprintf("%s届 %s：整行，%s", h.Cohort, h.Row, h.Why)
	}
	return fmt.Sprintf("%s届 %s：%s，%s", h.Cohort, h.Row, h.Cell, h.Why)
}

// couldBeDerived is why something is withheld that is not small itself.
const couldBeDerived = "与其他数据相减可推出过小的数据"

// Suppress returns the table as the public may see it, and what it withholds.
// Whatever it withholds could as well be another number: some other table of
// people, with every published figure the same, has another number there.
func Suppress(t Table) (Table, []Hidden) {
	s := suppressor{rule: publicRule(), table: t}
	s.table.Rows = slices.Clone(t.Rows)
	for i := range s.table.Rows {
		r := &s.table.Rows[i]
		r.Cells, r.Seeking = slices.Clone(r.Cells), slices.Clone(r.Seeking)
	}
	for lo := 0; lo < len(t.Rows); {
		hi := lo
		for !t.Rows[hi].Total {
			hi++
		}
		s.cohort(lo, hi)
		lo = hi + 1
	}
	s.finish()
	return s.table, s.hidden
}

// suppressor works on one table, a cohort at a time: rows [lo, hi) and their
// total at hi.
type suppressor struct {
	rule   suppression
	table  Table
	hidden []Hidden
	lo, hi int
	sure   map[[2]int]bool // (row, column) that a swap keeps uncertain
}

func (s *suppressor) cohort(lo, hi int) {
	s.lo, s.hi, s.sure = lo, hi, map[[2]int]bool{}
	if hi-lo == 1 && s.asItIs(hi) {
		return // the only row is its total, which everybody may see
	}
	for i := lo; i <= hi; i++ {
		if r := &s.table.Rows[i]; !s.asItIs(i) && r.N < s.rule.Smallest {
			s.hideRow(i, fmt.Sprintf("基数不足 %d 人", s.rule.Smallest))
		}
	}
	for i := lo; i < hi; i++ {
		if s.table.Rows[i].Hidden {
			s.cover(i)
		}
	}
	if !s.hidesCells() {
		return
	}
	for i := lo; i <= hi; i++ {
		if s.table.Rows[i].Hidden || s.asItIs(i) {
			continue
		}
		for c := range s.columns() {
			if k := s.value(i, c); k > 0 && k < s.rule.Smallest {
				s.hideCell(i, c, fmt.Sprintf("不足 %d 人", s.rule.Smallest))
				if !s.sure[[2]int{i, c}] {
					s.swap(i, c)
				}
			}
		}
	}
}

// dims are what a row is broken down by, conditions included.
func (s *suppressor) dims(total bool) []Dim {
	var out []Dim
	if !total {
		out = append(out, s.table.By...)
	}
	for _, c := range s.table.Where {
		if c.Dim != cohortDim && !slices.Contains(out, c.Dim) {
			out = append(out, c.Dim)
		}
	}
	return out
}

// asItIs reports that the row is the whole school's or a level's.
func (s *suppressor) asItIs(i int) bool {
	return !slices.ContainsFunc(s.dims(s.table.Rows[i].Total), func(d Dim) bool { return !slices.Contains(s.rule.AsTheyAre, d) })
}

func (s *suppressor) hidesCells() bool {
	dims := s.dims(false)
	return len(dims) >= s.rule.Crossing || slices.ContainsFunc(dims, func(d Dim) bool { return slices.Contains(s.rule.CellsBy, d) })
}

func (s *suppressor) hideRow(i int, why string) {
	r := &s.table.Rows[i]
	if !r.Hidden {
		r.Hidden = true
		s.hidden = append(s.hidden, Hidden{r.Cohort, r.Name(), "", why})
	}
}

// cover hides further rows beside a hidden one, the smallest first, until those
// of its level together are many enough and could share their people otherwise.
func (s *suppressor) cover(i int) {
	group := s.peers(i)
	for {
		n, rows, next := 0, 0, -1
		for _, k := range group {
			r := &s.table.Rows[k]
			switch {
			case r.Hidden:
				n, rows = n+r.N, rows+1
			case next < 0 || r.N < s.table.Rows[next].N:
				next = k
			}
		}
		if rows > 1 && n >= s.rule.Smallest && n > rows {
			return
		}
		if next >= 0 {
			s.hideRow(next, couldBeDerived)
			continue
		}
		if len(group) == s.hi-s.lo {
			s.hideRow(s.hi, couldBeDerived)
			return
		}
		group = s.all()
	}
}

// peers are the rows of the same level, which is published by itself; all rows
// where there is no other of that level.
func (s *suppressor) peers(i int) []int {
	at := slices.Index(s.table.By, "level")
	if at < 0 {
		return s.all()
	}
	var out []int
	for _, k := range s.all() {
		if s.table.Rows[k].Values[at].Key == s.table.Rows[i].Values[at].Key {
			out = append(out, k)
		}
	}
	if len(out) < 2 {
		return s.all()
	}
	return out
}

func (s *suppressor) all() []int {
	out := make([]int, 0, s.hi-s.lo)
	for i := s.lo; i < s.hi; i++ {
		out = append(out, i)
	}
	return out
}

// columns is how many columns there are: the cells, then the reasons of the
// seeking cell.
func (s *suppressor) columns() int {
	n := len(s.table.Headings)
	if len(s.table.Rows[s.hi].Seeking) > 0 {
		n += len(reasons)
	}
	return n
}

func (s *suppressor) value(i, c int) int {
	r := &s.table.Rows[i]
	if c < len(r.Cells) {
		return r.Cells[c].K
	}
	return r.Seeking[c-len(r.Cells)].K
}

func (s *suppressor) isHidden(i, c int) bool {
	r := &s.table.Rows[i]
	if c < len(r.Cells) {
		return r.Hidden || r.Cells[c].Hidden
	}
	return r.Hidden || r.Seeking[c-len(r.Cells)].Hidden
}

func (s *suppressor) hideCell(i, c int, why string) {
	if s.isHidden(i, c) {
		return
	}
	r := &s.table.Rows[i]
	h := Hidden{Cohort: r.Cohort, Row: r.Name(), Why: why}
	if c < len(r.Cells) {
		r.Cells[c].Hidden, h.Cell = true, s.table.Headings[c].Title
	} else {
		n := &r.Seeking[c-len(r.Cells)]
		n.Hidden, h.Cell = true, "待就业中"+n.Title()
	}
	s.hidden = append(s.hidden, h)
}

// counts reports how one of a sign stands in a column: in it, in its base.
func (s *suppressor) counts(sign, c int) (in, base bool) {
	g := &s.table.signs[sign]
	if c >= len(s.table.Headings) {
		return g.detail == reasons[c-len(s.table.Headings)], true
	}
	of := s.table.def.Cells[c].Base
	return g.cells.has(c), len(of) == 0 || s.table.def.anyOf(of, g.cells)
}

// differing are the columns that tell two signs apart.
func (s *suppressor) differing(a, b int) []int {
	var out []int
	for c := range s.columns() {
		inA, baseA := s.counts(a, c)
		inB, baseB := s.counts(b, c)
		if inA != inB || baseA != baseB {
			out = append(out, c)
		}
	}
	return out
}

// exchange is a pair of people of different signs in two rows who could have
// stood in each other's place: no total and no other figure would have changed.
type exchange struct {
	rows [2]int
	cols []int // what would have changed, in both rows
	cost int
}

// maxPartners bounds how many rows are tried for an exchange.
const maxPartners = 64

// swap finds the exchange that changes a cell and hides least, and hides what it
// changes. A total changes where one of its rows does, and a row alone with its
// total.
func (s *suppressor) swap(i, c int) {
	partners := s.all()
	if i < s.hi {
		partners = slices.DeleteFunc(s.peers(i), func(k int) bool { return k == i })
	}
	if len(partners) == 0 {
		partners = []int{s.hi}
	}
	if at := slices.IndexFunc(partners, func(k int) bool { return k > i }); at > 0 {
		partners = append(partners[at:], partners[:at]...) // neighbours first
	}
	best := exchange{cost: 1 << 30}
	for _, k := range partners[:min(len(partners), maxPartners)] {
		s.better(&best, i, k, c)
	}
	for _, col := range best.cols {
		for _, row := range best.rows {
			s.hideCell(row, col, couldBeDerived)
			s.sure[[2]int{row, col}] = true
		}
	}
}

// better tries all pairs of signs between two rows.
func (s *suppressor) better(best *exchange, i, k, c int) {
	mine, theirs := s.table.Rows[i].signs, s.table.Rows[k].signs
	for a := range mine {
		for b := range theirs {
			inA, _ := s.counts(a, c)
			inB, _ := s.counts(b, c)
			if mine[a] == 0 || theirs[b] == 0 || inA == inB {
				continue
			}
			x := exchange{rows: [2]int{i, k}, cols: s.differing(a, b)}
			for _, col := range x.cols {
				for _, row := range x.rows {
					if !s.isHidden(row, col) {
						x.cost += 2
					}
				}
			}
			if i != k && s.value(i, c)+s.value(k, c) < s.rule.Smallest {
				x.cost++ // what the two have together would be small itself
			}
			if x.cost < best.cost {
				*best = x
			}
		}
	}
}

// finish takes the withheld numbers out, and what they could be read from.
func (s *suppressor) finish() {
	for i := range s.table.Rows {
		r := &s.table.Rows[i]
		r.signs = nil
		if r.Hidden {
			r.N, r.Cells, r.Seeking = 0, nil, nil
			continue
		}
		for c := range r.Cells {
			if r.Cells[c].Hidden {
				r.Cells[c] = Figure{Hidden: true}
			}
		}
		for c := range r.Seeking {
			if r.Seeking[c].Hidden {
				r.Seeking[c].K = 0
			}
		}
	}
	s.table.signs = nil
	if len(s.hidden) == 0 {
		return
	}
	s.table.Notes = slices.DeleteFunc(slices.Clone(s.table.Notes), func(n string) bool { return strings.HasPrefix(n, roundingNote) })
	s.table.Notes = append(s.table.Notes, fmt.Sprintf("为保护个人信息，不足 %d 人的数据和可据以推出它们的数据不予公布", s.rule.Smallest))
}
