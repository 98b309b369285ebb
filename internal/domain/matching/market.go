package matching

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"

	"quxiang/internal/domain/fault"
)

// byLot orders ids by what nobody can choose: whoever comes first in the alphabet, or got a
// low number, is not served first.
func byLot(a, b string) int {
	return cmp.Or(cmp.Compare(lot(a), lot(b)), cmp.Compare(a, b))
}

func lot(id string) uint64 {
	sum := sha256.Sum256([]byte(id))
	return binary.BigEndian.Uint64(sum[:])
}

// Market is the wishes and the positions of one run, laid out for counting. It is not
// changed after it is made, so that any number of threads may read it.
type Market struct {
	Wishes    []Wish     // by lot
	Positions []Position // by region and post, then by lot

	codes [coded]column
	rows  []row
	from  []int32   // where each region begins among the positions, and their number at the end
	asks  []*asking // beside Wishes

	education  [Doctor + 1]bitset // positions open to the level
	majorLists [][]string         // lists of majors that positions ask for
	paperKinds []Position         // one position of each need of a licence
	weighting  [][parts]Points    // shares of each kind of weights
	employers  map[string]int32
	headcount  int

	// What was laid out once for all who ask for the same.
	majors, licences map[string]*fit
	wants            map[string]*want
}

// column is a criterion of the positions: its values, sorted, and who has each.
type column struct {
	values []string
	bits   []bitset // by value
}

// fit says how well one graduate's major or licences fit each kind of need, and which
// positions they open.
type fit struct {
	points []Points // by need; none: not eligible
	bits   bitset
}

// none is not eligible.
const none = -1

// want is one list of wanted codes, over the values of a criterion.
type want struct {
	points []Points // by value; none: not accepted
	bits   []bitset // of the accepted values
	values []int    // accepted values
}

// NewMarket lays out a run. The order of what is given does not matter.
//
// Errors: fault.Invalid for an id that is blank or there twice, and for a headcount below 1
// or above a million, and for more than mostValues values of a criterion.
func NewMarket(wishes []Wish, positions []Position) (*Market, error) {
	m := &Market{Wishes: slices.Clone(wishes), Positions: slices.Clone(positions)}
	slices.SortFunc(m.Wishes, func(a, b Wish) int { return byLot(a.Graduate, b.Graduate) })
	slices.SortFunc(m.Positions, func(a, b Position) int {
		return cmp.Or(cmp.Compare(a.Is[Region], b.Is[Region]), cmp.Compare(a.Is[Post], b.Is[Post]), byLot(a.ID, b.ID))
	})
	if err := m.check(); err != nil {
		return nil, err
	}
	m.rows = make([]row, len(m.Positions))
	for c := range coded {
		var err error
		if m.codes[c], err = m.column(c); err != nil {
			return nil, err
		}
	}
	m.layRegions()
	m.layEducation()
	m.layAsks()
	m.layWants()
	for i := range m.Wishes {
		w := &m.Wishes[i]
		m.majors[w.Major], m.licences[w.papers()] = m.major(w), m.paper(w)
		m.asks = append(m.asks, m.ask(w))
	}
	return m, nil
}

func (m *Market) check() error {
	seen := make(map[string]bool, len(m.Wishes))
	for _, w := range m.Wishes {
		if w.Graduate == "" || seen[w.Graduate] {
			return fault.Invalidf("graduate", "毕业生编号“%s”是空的或者有两份意愿", w.Graduate)
		}
		seen[w.Graduate] = true
	}
	clear(seen)
	for _, p := range m.Positions {
		switch {
		case p.ID == "" || seen[p.ID]:
			return fault.Invalidf("position", "岗位编号“%s”是空的或者重复", p.ID)
		case p.Headcount < 1 || p.Headcount > 1_000_000:
			return fault.Invalidf("headcount", "岗位“%s”的招聘人数是 %d，应为 1 到 1000000", p.ID, p.Headcount)
		}
		seen[p.ID] = true
	}
	return nil
}

// mostValues is how many values a criterion may have: all counties and more. Each is a set
// of positions in memory.
const mostValues = 4096

func (m *Market) column(c Criterion) (out column, err error) {
	for _, p := range m.Positions {
		out.values = append(out.values, p.Is[c])
	}
	slices.Sort(out.values)
	out.values = slices.Clip(slices.Compact(out.values))
	if len(out.values) > mostValues {
		return out, fault.Invalidf("position", "岗位的%s有 %d 种写法，最多 %d 种，请按代码填写", c, len(out.values), mostValues)
	}
	out.bits = make([]bitset, len(out.values))
	for v := range out.bits {
		out.bits[v] = newBitset(len(m.Positions))
	}
	for i, p := range m.Positions {
		v, _ := slices.BinarySearch(out.values, p.Is[c])
		m.rows[i].of[c] = uint16(v)
		out.bits[v].set(i)
	}
	return out, nil
}

func (m *Market) layRegions() {
	m.from = make([]int32, len(m.codes[Region].values)+1)
	for i := range m.rows {
		m.from[m.rows[i].of[Region]+1]++
	}
	for v := range m.codes[Region].values {
		m.from[v+1] += m.from[v]
	}
}

func (m *Market) layEducation() {
	for e := range m.education {
		m.education[e] = newBitset(len(m.Positions))
		for i, p := range m.Positions {
			if p.Education <= Education(e) {
				m.education[e].set(i)
			}
		}
	}
}

// layAsks numbers what positions ask for: the same list of majors, need of a licence and
// weights have one number.
func (m *Market) layAsks() {
	majors, papers, weights := map[string]int32{}, map[string]int32{}, map[Weights]int32{}
	m.employers = map[string]int32{}
	for i := range m.Positions {
		p, row := &m.Positions[i], &m.rows[i]
		m.headcount += p.Headcount
		row.education, row.salary = p.Education, int32(p.Salary)
		var fresh bool
		if row.needs, fresh = numbered(majors, strings.Join(p.Majors, " ")); fresh {
			m.majorLists = append(m.majorLists, p.Majors)
		}
		if row.paper, fresh = numbered(papers, p.Licence+"|"+p.LicenceDay+"|"+string(rune('0'+p.Need))); fresh {
			m.paperKinds = append(m.paperKinds, *p)
		}
		w := p.Weights
		if w == (Weights{}) {
			w = usual
		}
		if row.weight, fresh = numbered(weights, w); fresh {
			m.weighting = append(m.weighting, [parts]Points(shares(w[:])))
		}
		row.employer, _ = numbered(m.employers, p.Employer)
	}
	m.majors, m.licences = map[string]*fit{}, map[string]*fit{}
}

// numbered gives a key its number, the next one if it is fresh.
func numbered[K comparable](numbers map[K]int32, key K) (n int32, fresh bool) {
	n, ok := numbers[key]
	if !ok {
		n = int32(len(numbers))
		numbers[key] = n
	}
	return n, !ok
}

// fit lays out the points of each need, and the positions that they open.
func (m *Market) fit(points []Points, need func(*row) int32) *fit {
	f := &fit{points, newBitset(len(m.rows))}
	for i := range m.rows {
		if points[need(&m.rows[i])] != none {
			f.bits.set(i)
		}
	}
	return f
}

func (m *Market) layWants() {
	m.wants = map[string]*want{}
	for i := range m.Wishes {
		for c, codes := range m.Wishes[i].Wants {
			key := wantKey(Criterion(c), codes)
			if len(codes) > 0 && m.wants[key] == nil {
				m.wants[key] = m.codes[c].want(Criterion(c), codes)
			}
		}
	}
}

func wantKey(c Criterion, codes []string) string {
	return string(rune('0'+c)) + strings.Join(codes, " ")
}

// want finds the values that begin with one of the codes; the first code that fits counts.
// A position that is no hospital has no level, and a wish for levels does not speak of it.
func (k *column) want(c Criterion, codes []string) *want {
	out := &want{points: make([]Points, len(k.values))}
	for v, value := range k.values {
		out.points[v] = wantPoints(c, value, codes)
		if out.points[v] != none {
			out.bits = append(out.bits, k.bits[v])
			out.values = append(out.values, v)
		}
	}
	return out
}

// bitset is a set of positions.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

func (b bitset) set(i int) { b[i/64] |= 1 << (i % 64) }

func (b bitset) clear(i int) { b[i/64] &^= 1 << (i % 64) }
