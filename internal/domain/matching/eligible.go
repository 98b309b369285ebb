package matching

import (
	"math/bits"
	"slices"
)

// Pair is a position that a graduate is eligible for, by the conditions of both sides.
type Pair struct {
	Position           int32 // index into Market.Positions
	Graduate, Employer Points
	Score              Points
}

// reader finds the eligible positions of one graduate after the other. Every thread has
// its own.
type reader struct {
	m     *Market
	pairs []Pair

	// Of the wish that is read:
	major, paper *fit
	education    bitset
	salary       Points // its importance
	open         bool   // the graduate says nothing
	free         bitset // positions that may still be given; nil: all
	tables       []table
	words        [][]bitset // of each criterion that closes something: the sets of what is accepted
	spans        []span     // positions of the regions
	room         [coded][]int32
	above        []Points // room of worthAbove
}

// table is points × importance of a criterion's values, with the value of each position.
type table struct {
	points []int32
	of     []uint16
}

// span is a range of positions.
type span struct{ from, to int32 }

func (m *Market) reader() *reader { return &reader{m: m} }

// eligible lists the pairs of a graduate in the order of positions; the slice is good
// until the next call.
func (r *reader) eligible(w *Wish) []Pair {
	r.pairs = r.pairs[:0]
	r.lay(w)
	for _, sp := range r.spans {
		for k := sp.from / 64; k <= (sp.to-1)/64; k++ {
			for word := r.word(k, sp); word != 0; word &= word - 1 {
				r.pair(w, k*64+int32(bits.TrailingZeros64(word)))
			}
		}
	}
	return r.pairs
}

// word is 64 positions of a span: those that meet every condition that is a code.
func (r *reader) word(k int32, sp span) uint64 {
	word := r.education[k] & r.major.bits[k] & r.paper.bits[k]
	if r.free != nil {
		word &= r.free[k]
	}
	if k == sp.from/64 {
		word &= ^uint64(0) << (sp.from % 64)
	}
	if last := sp.to - k*64; last < 64 {
		word &= 1<<last - 1
	}
	for i := 0; word != 0 && i < len(r.words); i++ {
		var any uint64
		for _, b := range r.words[i] {
			any |= b[k]
		}
		word &= any
	}
	return word
}

// pair counts a position that meets the codes; the salary may still refuse it.
func (r *reader) pair(w *Wish, at int32) {
	p := &r.m.Positions[at]
	u := Points(Full)
	if !r.open {
		sum := int32(0)
		if w.Salary > 0 {
			s := salaryPoints(w.Salary, p.Salary)
			if s == none {
				return
			}
			sum = r.salary * s
		}
		for _, t := range r.tables {
			sum += t.points[t.of[at]]
		}
		u = sum / Full
	}
	v := r.employer(w, at)
	r.pairs = append(r.pairs, Pair{at, u, v, Score(u, v)})
}

// employer is the points of the employer's side.
func (r *reader) employer(w *Wish, at int32) Points {
	m, p := r.m, &r.m.Positions[at]
	share := &m.weighting[m.weights[at]]
	v := share[MajorFit]*r.major.points[m.needs[at]] +
		share[EducationFit]*educationPoints(w.Education, p.Education) +
		share[StandingFit]*standingPoints(w.Standing) +
		share[LicenceFit]*r.paper.points[m.papers[at]]
	if len(w.Practised) > 0 && slices.Contains(w.Practised, p.Employer) {
		v += share[PracticeFit] * Full
	}
	return v / Full
}

// lay prepares what a wish is read with.
func (r *reader) lay(w *Wish) {
	m, importance := r.m, w.importance()
	r.major, r.paper, r.education = m.major(w), m.paper(w), m.education[min(w.Education, Doctor)]
	r.salary, r.open = importance[Salary], importance == [len(Criteria)]Points{}
	r.words, r.spans, r.tables = r.words[:0], r.spans[:0], r.tables[:0]
	for c := range coded {
		if len(w.Wants[c]) == 0 {
			continue
		}
		wanted := m.wanted(c, w.Wants[c])
		r.table(c, importance[c], wanted.points)
		if c == Region {
			r.span(wanted.values)
		} else {
			r.words = append(r.words, wanted.bits)
		}
	}
	if len(w.Wants[Region]) == 0 && len(m.Positions) > 0 {
		r.spans = append(r.spans, span{0, int32(len(m.Positions))})
	}
}

// table adds the points of a criterion, times its importance.
func (r *reader) table(c Criterion, importance Points, points []Points) {
	room := r.room[c][:0]
	for _, p := range points {
		room = append(room, importance*p)
	}
	r.room[c] = room
	r.tables = append(r.tables, table{room, r.m.codes[c].of})
}

// span adds the positions of regions, which lie together.
func (r *reader) span(values []int) {
	for _, v := range values {
		from, to := r.m.from[v], r.m.from[v+1]
		if n := len(r.spans); n > 0 && r.spans[n-1].to == from {
			r.spans[n-1].to = to
		} else {
			r.spans = append(r.spans, span{from, to})
		}
	}
}

// wanted, major and paper are those of the wishes that the market was made of; those of
// another wish are made on the spot.
func (m *Market) wanted(c Criterion, codes []string) *want {
	if w := m.wants[wantKey(c, codes)]; w != nil {
		return w
	}
	return m.codes[c].want(c, codes)
}

func (m *Market) major(w *Wish) *fit {
	if f := m.majors[w.Major]; f != nil {
		return f
	}
	points := make([]Points, len(m.majorLists))
	for i, l := range m.majorLists {
		points[i] = majorPoints(w.Major, l)
	}
	return fitOf(points, m.needs)
}

func (m *Market) paper(w *Wish) *fit {
	if f := m.licences[w.papers()]; f != nil {
		return f
	}
	points := make([]Points, len(m.paperKinds))
	for i := range m.paperKinds {
		points[i] = licencePoints(w, &m.paperKinds[i])
	}
	return fitOf(points, m.papers)
}
