package proofread

import (
	"cmp"
	"slices"
	"strings"
)

// doubt is a contradiction before it is told: it lists every single figure whose change
// would take it away, the likeliest first, so that doubts of one fault find each other.
type doubt struct {
	Finding
	mends []mend
	weak  bool // told only beside another doubt of the same figure
}

// mend says that one figure, changed to a value from lo to hi, takes the doubt away; or,
// with fits, changed to any value that fits.
type mend struct {
	at     Place
	name   string // the cell or passage, for the root
	lo, hi Decimal
	fits   func(Decimal) bool
	digits int // of the values that fits takes

	// the finding as seen from this figure, told where it turns out to be the root, if it
	// can be said what it should be
	seen *Finding
}

// mendCell is a mend of a cell of a table.
func mendCell(x cellRef, lo, hi Decimal) mend {
	return mend{at: x.value().place, name: x.name(), lo: lo, hi: hi}
}

// exactly is a mend of a cell to one value.
func exactly(x cellRef, to Decimal) mend { return mendCell(x, to, to) }

// wherever is a mend of a cell to whatever fits.
func wherever(x cellRef, fits func(Decimal) bool) mend {
	return mend{at: x.value().place, name: x.name(), fits: fits, digits: x.value().Digits}
}

// settle gives doubts their roots: again and again the figure whose change takes most of
// the remaining doubts away is the root of those. Weak doubts that stand alone go.
func settle(doubts []doubt) []Finding {
	open := slices.Clone(doubts)
	var out []Finding
	for len(open) > 0 {
		root, explained := likeliest(open)
		var rest []doubt
		var told []Finding
		strong := false
		for i, d := range open {
			if explained[i] && !d.weak {
				strong = true
			}
		}
		for i, d := range open {
			switch {
			case !explained[i]:
				rest = append(rest, d)
			case strong || len(explained) > 1:
				f := d.seenFrom(root)
				f.Root = root.name
				told = append(told, f)
			}
		}
		slices.SortStableFunc(told, func(a, b Finding) int { return cmp.Compare(beside(a, root), beside(b, root)) })
		out, open = append(out, told...), rest
	}
	return out
}

// beside is 0 of a finding that stands at the root, 1 of what the root spoils elsewhere: a
// reader who mends the first has mended all.
func beside(f Finding, root mend) int {
	if f.Place == root.at {
		return 0
	}
	return 1
}

// seenFrom is the finding as it is told where a figure is the root.
func (d doubt) seenFrom(root mend) Finding {
	i := slices.IndexFunc(d.mends, func(m mend) bool { return m.name == root.name })
	if i < 1 || d.mends[i].seen == nil {
		return d.Finding
	}
	f := *d.mends[i].seen
	if f.Expected == "" && root.lo.Cmp(root.hi) == 0 {
		f.Expected = root.lo.String()
	}
	if f.Expected == "" {
		return d.Finding
	}
	return f
}

// likeliest picks the figure that takes most doubts away, with the values that do, and
// says which doubts.
func likeliest(open []doubt) (mend, map[int]bool) {
	type candidate struct {
		mend
		explained map[int]bool
		first     int // doubts that put it first
		order     int
	}
	at := map[Place][]int{} // the doubts that a figure mends
	for i, d := range open {
		for _, m := range d.mends {
			if list := at[m.at]; len(list) == 0 || list[len(list)-1] != i {
				at[m.at] = append(list, i)
			}
		}
	}
	var best *candidate
	try := func(c candidate) {
		if best == nil || cmp.Or(-cmp.Compare(len(c.explained), len(best.explained)), -cmp.Compare(c.first, best.first), cmp.Compare(c.order, best.order)) < 0 {
			best = &c
		}
	}
	for i, d := range open {
		for _, m := range d.mends {
			if at[m.at][0] == i {
				c := candidate{explained: map[int]bool{}, order: i}
				c.first, c.mend = explainedBy(open, at[m.at], m.at, c.explained)
				c.name, c.at = m.name, m.at
				try(c)
			}
		}
		if len(d.mends) == 0 {
			try(candidate{mend: mend{name: d.Where + " " + d.Cell}, explained: map[int]bool{i: true}, first: 1, order: i})
		}
	}
	return best.mend, best.explained
}

// explainedBy marks the doubts of a list that one new value of the figure takes away,
// counts those that put it first, and returns the values.
func explainedBy(open []doubt, list []int, at Place, explained map[int]bool) (first int, values mend) {
	var to *mend // what all marked ones allow
	for _, loose := range []bool{false, true} {
		for _, i := range list {
			d := open[i]
			j := slices.IndexFunc(d.mends, func(m mend) bool { return m.at == at })
			if (d.mends[j].fits != nil) != loose {
				continue
			}
			m := d.mends[j]
			switch {
			case loose && to != nil && !m.anyFits(to.lo, to.hi):
				continue
			case !loose && to == nil:
				to = &m
			case !loose && (m.hi.Cmp(to.lo) < 0 || m.lo.Cmp(to.hi) > 0):
				continue
			case !loose:
				to = &mend{lo: larger(m.lo, to.lo), hi: smaller(m.hi, to.hi)}
			}
			explained[i] = true
			if j == 0 {
				first++
			}
		}
	}
	if to == nil {
		return first, mend{hi: Whole(1)} // no one value
	}
	return first, *to
}

func larger(a, b Decimal) Decimal {
	if a.Cmp(b) < 0 {
		return b
	}
	return a
}

func smaller(a, b Decimal) Decimal {
	if a.Cmp(b) < 0 {
		return a
	}
	return b
}

// anyFits tries the values from lo to hi; of too many it takes one for granted.
func (m mend) anyFits(lo, hi Decimal) bool {
	scale := pow10(6 - m.digits)
	from, to := floorDiv(lo.To(6).Units+scale-1, scale), floorDiv(hi.To(6).Units, scale)
	if to-from > 300 {
		return true
	}
	for v := from; v <= to; v++ {
		if m.fits(Decimal{v, m.digits}) {
			return true
		}
	}
	return false
}

// tableDoubts are the contradictions inside the tables of a document and between them.
func tableDoubts(d Document, gs []*grid) []doubt {
	var out []doubt
	titles := captions(d)
	people, known := peopleOf(gs)
	for _, g := range gs {
		for _, v := range []*grid{g, g.flipped()} {
			v.people, v.known, v.excused = people, known, excused(d, g.block)
		}
	}
	for _, g := range gs {
		own := gridDoubts(g)
		if garbled(g, own) {
			continue
		}
		out = append(out, own...)
		out = append(out, baseDoubts(d, g)...)
		out = append(out, baseDoubts(d, g.flipped())...)
	}
	for i, b := range d.Blocks {
		if b.Kind == TableBlock && b.Table != nil && len(b.Table.Cells) > 0 {
			out = append(out, rankDoubts(b.Table, i, titles[i])...)
		}
	}
	for _, check := range []func([]*grid) []doubt{sameDoubts, wholeDoubts, otherDoubts, levelDoubts} {
		out = append(out, check(gs)...)
	}
	return append(out, factDoubts(d, gs)...)
}

// garbled tells whether so much of a table contradicts itself that it was read wrongly,
// or is no table of these figures at all: then nothing is said of it.
func garbled(g *grid, doubts []doubt) bool {
	places := map[Place]bool{}
	for _, d := range doubts {
		places[d.Place] = true
	}
	figures := 0
	for r := range g.rows {
		for _, v := range g.cells[r] {
			if v.number() {
				figures++
			}
		}
	}
	return len(places) > 5 && 8*len(places) > figures
}

// excused tells whether a note at a table says that some are left out of its figures.
func excused(d Document, block int) bool {
	for i := max(0, block-2); i < min(len(d.Blocks), block+3); i++ {
		b := d.Blocks[i]
		if (b.Kind == Note || b.Kind == Caption || b.Kind == Paragraph && strings.HasPrefix(squeeze(b.Text), "注")) &&
			containsAny(b.Text, []string{"不含", "不包括", "不包含", "除外", "剔除", "未计入", "不计入", "扣除", "未统计", "不统计", "未包含", "除去"}) {
			return true
		}
	}
	return false
}

// peopleOf is how many graduates of each level the tables have, the most that one says,
// and all totals of tables.
func peopleOf(gs []*grid) (map[string]int64, map[int64]bool) {
	out, totals := map[string]int64{}, map[int64]bool{}
	for _, f := range facts(gs) {
		onlyLevel := len(f.keys) == 0 || len(f.keys) == 1 && f.keys[0] == "毕业人数"
		if f.kind == count && f.level != "" && onlyLevel {
			out[f.level] = max(out[f.level], f.ref.value().Units)
		}
		if f.kind == count && (f.whole || f.sum || onlyLevel) {
			totals[f.ref.value().Units] = true
		}
	}
	return out, totals
}

// gridDoubts are the contradictions inside one table.
func gridDoubts(g *grid) []doubt {
	var out []doubt
	for _, v := range []*grid{g, g.flipped()} {
		for _, check := range []func(*grid) []doubt{acrossDoubts, shareDoubts, sumDoubts, weighedDoubts, diffDoubts, onceDoubts, overDoubts, ratioDoubts} {
			out = append(out, check(v)...)
		}
	}
	out = append(out, listDoubts(g)...)
	for _, v := range []*grid{g, g.flipped()} {
		v.inherit(out)
	}
	return out
}
