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

// row is a position as pairs are scored: one line of the processor's cache.
type row struct {
	of                   [coded]uint16 // value of each criterion
	education            Education
	salary               int32
	needs, paper, weight int32 // number of its list of majors, of its need of a licence, of its weights
	employer             int32
}

// asking is a wish as it is read.
type asking struct {
	wants        [coded]*want // nil: open
	importance   [len(Criteria)]Points
	open         bool // the graduate says nothing
	salary       int
	major, paper *fit
	education    Education
	standing     Points
	practised    []int32 // employers
}

// ask makes a wish readable.
func (m *Market) ask(w *Wish) *asking {
	a := &asking{importance: w.importance(), salary: w.Salary, major: m.major(w), paper: m.paper(w), education: min(w.Education, Doctor), standing: standingPoints(w.Standing)}
	a.open = a.importance == [len(Criteria)]Points{}
	for c, codes := range w.Wants {
		if len(codes) > 0 {
			a.wants[c] = m.wanted(Criterion(c), codes)
		}
	}
	for _, e := range w.Practised {
		if i, ok := m.employers[e]; ok {
			a.practised = append(a.practised, i)
		}
	}
	return a
}

// wanted finds the values of a list of codes, once for all who have the same list.
func (m *Market) wanted(c Criterion, codes []string) *want {
	if w := m.wants[wantKey(c, codes)]; w != nil {
		return w
	}
	return m.codes[c].want(c, codes)
}

// major is how a major fits each list of majors.
func (m *Market) major(w *Wish) *fit {
	if f := m.majors[w.Major]; f != nil {
		return f
	}
	points := make([]Points, len(m.majorLists))
	for i, l := range m.majorLists {
		points[i] = majorPoints(w.Major, l)
	}
	return m.fit(points, func(r *row) int32 { return r.needs })
}

// paper is how what a graduate holds fits each need of a licence.
func (m *Market) paper(w *Wish) *fit {
	if f := m.licences[w.papers()]; f != nil {
		return f
	}
	points := make([]Points, len(m.paperKinds))
	for i := range m.paperKinds {
		points[i] = licencePoints(w, &m.paperKinds[i])
	}
	return m.fit(points, func(r *row) int32 { return r.paper })
}

// reader finds the eligible positions of one graduate after the other. Every thread has
// its own.
type reader struct {
	m     *Market
	pairs []Pair

	// Of the wish that is read:
	*asking
	free     bitset         // positions that may still be given; nil: all
	criteria []Criterion    // that the graduate says something about
	words    [][]bitset     // of each criterion but the region: the sets of what is accepted
	spans    []span         // positions of the regions
	points   [coded][]int32 // importance × points of each value
	above    []Points       // room of worthAbove
}

// span is a range of positions.
type span struct{ from, to int32 }

func (m *Market) reader() *reader { return &reader{m: m} }

// eligible lists the pairs of a graduate in the order of positions; the slice is good
// until the next call.
func (r *reader) eligible(a *asking) []Pair {
	r.pairs = r.pairs[:0]
	r.lay(a)
	for _, sp := range r.spans {
		for k := sp.from / 64; k <= (sp.to-1)/64; k++ {
			for word := r.word(k, sp); word != 0; word &= word - 1 {
				r.pair(k*64 + int32(bits.TrailingZeros64(word)))
			}
		}
	}
	return r.pairs
}

// lay prepares what a wish is read with.
func (r *reader) lay(a *asking) {
	r.asking = a
	r.words, r.spans, r.criteria = r.words[:0], r.spans[:0], r.criteria[:0]
	for c, w := range a.wants {
		if w == nil {
			continue
		}
		r.criteria = append(r.criteria, Criterion(c))
		room := r.points[c][:0]
		for _, p := range w.points {
			room = append(room, a.importance[c]*p)
		}
		if r.points[c] = room; Criterion(c) != Region {
			r.words = append(r.words, w.bits)
		}
	}
	if w := a.wants[Region]; w != nil {
		r.span(w.values)
	} else if n := len(r.m.rows); n > 0 {
		r.spans = append(r.spans, span{0, int32(n)})
	}
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

// word is 64 positions of a span: those that meet every condition that is a code.
func (r *reader) word(k int32, sp span) uint64 {
	word := r.m.education[r.education][k] & r.major.bits[k] & r.paper.bits[k]
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
func (r *reader) pair(at int32) {
	row := &r.m.rows[at]
	if u := r.graduate(row); u != none {
		v := r.employer(row)
		r.pairs = append(r.pairs, Pair{at, u, v, Score(u, v)})
	}
}

// graduate is the points of the graduate's side; none below the salary that is asked.
func (r *reader) graduate(p *row) Points {
	if r.open {
		return Full
	}
	sum := int32(0)
	if r.salary > 0 {
		s := salaryPoints(r.salary, int(p.salary))
		if s == none {
			return none
		}
		sum = r.importance[Salary] * s
	}
	for _, c := range r.criteria {
		sum += r.points[c][p.of[c]]
	}
	return sum / Full
}

// employer is the points of the employer's side.
func (r *reader) employer(p *row) Points {
	share := &r.m.weighting[p.weight]
	v := share[MajorFit]*r.major.points[p.needs] +
		share[EducationFit]*educationPoints(r.education, p.education) +
		share[StandingFit]*r.standing +
		share[LicenceFit]*r.paper.points[p.paper]
	if len(r.practised) > 0 && slices.Contains(r.practised, p.employer) {
		v += share[PracticeFit] * Full
	}
	return v / Full
}

// best are the n best eligible positions, best first. A position that cannot come among
// them whatever its employer counts is not counted to the end.
func (r *reader) best(a *asking, n int) []Pair {
	r.lay(a)
	top, most := newTop(n), int64(r.most())
	floor := int64(-1) // square of the worst score of a full list
	for _, sp := range r.spans {
		for k := sp.from / 64; k <= (sp.to-1)/64; k++ {
			for word := r.word(k, sp); word != 0; word &= word - 1 {
				at := k*64 + int32(bits.TrailingZeros64(word))
				row := &r.m.rows[at]
				u := r.graduate(row)
				if u == none || int64(u)*most < floor {
					continue
				}
				v := r.employer(row)
				top.add(Pair{at, u, v, Score(u, v)})
				if len(top.pairs) == n {
					worst := int64(top.pairs[0].Score)
					floor = worst * worst
				}
			}
		}
	}
	slices.SortFunc(top.pairs, better)
	return top.pairs
}

// most is the most points that any employer's side can give the graduate.
func (r *reader) most() Points {
	out := Points(0)
	for i := range r.m.weighting {
		share := &r.m.weighting[i]
		v := Full*(share[MajorFit]+share[EducationFit]+share[LicenceFit]) + share[StandingFit]*r.standing
		if len(r.practised) > 0 {
			v += share[PracticeFit] * Full
		}
		out = max(out, v/Full)
	}
	return out
}
