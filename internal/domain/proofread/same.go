package proofread

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"
)

// strand is a column of a grid, its rows known by their labels, to be held against
// columns of other tables.
type strand struct {
	g    *grid // straight or flipped
	c    int
	rows map[string]int // by label; labels that stand twice are left out
	id   string         // its own label, normalised; "" if it says only what kind it is
	said string         // level and cohort of table and column, "" if unknown
}

// pair is two strands that seem to hold the same figures.
type pair struct {
	a, b   strand
	hits   int // rows with a figure of their own that agree
	bits   int
	equal  int      // all rows that agree
	misses []string // labels of the rows where they differ
}

// sameDoubts finds figures that stand in two tables and differ: columns whose other rows
// agree.
func sameDoubts(gs []*grid) []doubt {
	var views [][]strand
	for _, g := range gs {
		for _, v := range []*grid{g, g.flipped()} {
			if list := strands(v); len(list) > 0 {
				views = append(views, list)
			}
		}
	}
	var pairs []pair
	for i, a := range views {
		for _, b := range views[i+1:] {
			pairs = append(pairs, compareAll(a, b)...)
		}
	}
	suspects := map[int]int{}
	for _, p := range pairs {
		suspects[p.a.g.block] += len(p.misses)
		suspects[p.b.g.block] += len(p.misses)
	}
	var out []doubt
	told := map[[2]Place]bool{}
	for _, p := range pairs {
		for _, row := range p.misses {
			a, b := p.a.at(row), p.b.at(row)
			if told[[2]Place{a.value().place, b.value().place}] || told[[2]Place{b.value().place, a.value().place}] {
				continue
			}
			told[[2]Place{a.value().place, b.value().place}] = true
			if x, y := suspects[a.g.block], suspects[b.g.block]; y > x || x == y && b.g.block > a.g.block {
				a, b = b, a // the table that differs more often, else the later one
			}
			out = append(out, sameDoubt(a, b, p))
		}
	}
	return out
}

func (s strand) at(row string) cellRef { return s.g.ref(s.rows[row], s.c) }

// strands are the columns of a grid whose rows have names.
func strands(g *grid) []strand {
	rows := map[string]int{}
	twice := map[string]bool{}
	for r, l := range g.rows {
		name := lineName(l)
		if _, ok := rows[name]; ok || name == "" {
			twice[name] = true
		}
		rows[name] = r
	}
	for name := range twice {
		delete(rows, name)
	}
	if len(rows) == 0 {
		return nil
	}
	var out []strand
	for c, l := range g.cols {
		if l.kind != count && l.kind != percent {
			continue
		}
		out = append(out, strand{g: g, c: c, rows: rows, id: measure(l), said: scope(g, l)})
	}
	return out
}

// lineName is what a line is known by in another table: a subtotal by its group, others
// by all their labels.
func lineName(l line) string {
	switch {
	case l.role == total:
		return "合计"
	case l.role == subtotal && len(l.keys) > 0:
		name := l.keys[0]
		for _, suffix := range []string{"汇总", "小计", "合计", "总计"} {
			name = strings.TrimSuffix(name, suffix)
		}
		return normal(name)
	}
	return strings.Join(l.keys, "›")
}

// measure is what a column says it counts, without level, cohort and bare words.
func measure(l line) string {
	var words []string
	for _, k := range l.keys {
		if !slices.Contains(levels, k) && !slices.Contains(bare, k) && !yearIn(k) {
			words = append(words, k)
		}
	}
	return strings.Join(words, "›")
}

// scope is the level and cohort that a column is of.
func scope(g *grid, l line) string {
	level, cohort := levelIn(g.title), cohortIn(g.title)
	for _, k := range l.keys {
		if slices.Contains(levels, k) {
			level = k
		}
		if yearIn(k) {
			cohort = cohortIn(k)
		}
	}
	return level + "|" + cohort
}

// agree tells whether two scopes may be the same: none says what the other denies.
func agree(a, b string) bool {
	al, ac, _ := strings.Cut(a, "|")
	bl, bc, _ := strings.Cut(b, "|")
	return (al == bl || al == "" && bl == "合计" || bl == "" && al == "合计" || al == "" && bl == "") && (ac == bc || ac == "" || bc == "")
}

// compareAll holds the columns of two grids against each other.
func compareAll(as, bs []strand) []pair {
	a, b := as[0].g, bs[0].g
	if a.block == b.block || a.excused || b.excused || otherTime(a, b) {
		return nil
	}
	if len(bs[0].rows) < len(as[0].rows) {
		as, bs = bs, as
	}
	var rows []string
	for row := range as[0].rows {
		if _, ok := bs[0].rows[row]; ok {
			rows = append(rows, row)
		}
	}
	if len(rows) < 2 {
		return nil
	}
	slices.SortFunc(rows, func(x, y string) int { return as[0].rows[x] - as[0].rows[y] })
	var out []pair
	for _, a := range as {
		for _, b := range bs {
			if p, ok := compare(a, b, rows); ok {
				out = append(out, p)
			}
		}
	}
	return out
}

// compare holds two strands against each other in the rows that both have.
func compare(a, b strand, rows []string) (pair, bool) {
	p := pair{a: a, b: b}
	if a.g.cols[a.c].kind != b.g.cols[b.c].kind || !agree(a.said, b.said) {
		return p, false
	}
	seen := map[Decimal]bool{}
	for _, row := range rows {
		x, y := a.at(row).value(), b.at(row).value()
		if x.kind != y.kind || !x.number() || x.merged || y.merged {
			continue
		}
		if equalPrinted(x.Decimal, y.Decimal) {
			p.equal++
		}
		switch {
		case !equalPrinted(x.Decimal, y.Decimal):
			p.misses = append(p.misses, row)
			if len(p.misses) > 2 && len(p.misses) > 2*p.hits+2 {
				return p, false
			}
		case x.Units == 0 || x.kind == percent && x.Cmp(Whole(100)) == 0 || seen[x.Decimal]:
		default:
			seen[x.Decimal] = true
			p.hits++
			p.bits += bits.Len64(uint64(x.Units))
		}
	}
	return p, len(p.misses) > 0 && p.believed()
}

// otherTime tells whether titles name other dates of counting: 初次 and 年终.
func otherTime(a, b *grid) bool {
	x, y := a.asOf(), b.asOf()
	return (x.timed || y.timed) && x.rest != y.rest
}

// timeOf is what a title says of a point of time, and what else it says, levels apart.
type timeOf struct {
	known, timed bool
	rest         string
}

// asOf reads the title once.
func (g *grid) asOf() timeOf {
	if !g.time.known {
		timed := containsAny(g.title, []string{"初次", "年终", "年底", "最终", "截至", "截止", "月", "上一", "往届", "上届"})
		g.time = timeOf{known: true, timed: timed, rest: withoutLevel(g.title)}
	}
	return g.time
}

// believed tells whether so much agrees that the rest should.
func (p pair) believed() bool {
	m := len(p.misses)
	switch {
	case p.a.id == p.b.id && p.a.id != "":
		return p.hits >= 2 && p.bits >= 14 && 2*m <= p.hits || p.hits >= 1 && m <= p.hits
	case p.a.id == p.b.id && p.a.g.cols[p.a.c].kind == count:
		return p.hits >= 6 && 8*m <= p.hits || p.hits >= 1 && m == 1 && p.bits >= 8
	}
	return p.a.g.cols[p.a.c].kind == percent && p.hits >= 6 && 6*m <= p.hits
}

// strong tells whether the pair is enough of itself to tell a difference.
func (p pair) strong() bool {
	m := len(p.misses)
	if p.a.id == p.b.id && p.a.id != "" {
		return p.hits >= 4 && p.bits >= 24 && 4*m <= p.hits || p.hits >= 3 && m == 1 && p.bits >= 20
	}
	return p.hits >= 6 && 6*m <= p.hits
}

// equalPrinted tells whether two figures are one, perhaps printed with other digits.
func equalPrinted(a, b Decimal) bool {
	if a.Digits < b.Digits {
		a, b = b, a
	}
	if a.Digits == b.Digits {
		return a.Units == b.Units
	}
	diff := a.Sub(b).Units
	unit := pow10(a.Digits - b.Digits)
	return -unit < diff && diff < unit
}

func sameDoubt(a, b cellRef, p pair) doubt {
	d := twoDoubt(a, b, func(a, b cellRef) Finding { return sameFinding(a, b, p) })
	d.weak = !p.strong()
	return d
}

// twoDoubt is of two figures that differ: whichever turns out to be the root is told.
func twoDoubt(a, b cellRef, tell func(a, b cellRef) Finding) doubt {
	there := tell(b, a)
	other := exactly(b, a.value().Decimal)
	other.seen = &there
	return doubt{Finding: tell(a, b), mends: []mend{exactly(a, b.value().Decimal), other}}
}

// sameFinding tells of a figure that another table has differently.
func sameFinding(a, b cellRef, p pair) Finding {
	x, y := a.value().Decimal, b.value().Decimal
	return Finding{
		Where: a.g.where(), Cell: a.g.cellName(a.r, a.c), Printed: x.String(), Expected: y.String(),
		Rule: TableVsTable, Severity: Fault, Place: a.value().place, Other: b.value().place,
		Explanation: fmt.Sprintf("同一个数在%s“%s”处是 %s，这里是 %s；两表其余 %d 项相同。", b.g.where(), b.g.cellName(b.r, b.c), y, x, p.equal),
	}
}
