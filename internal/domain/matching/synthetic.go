package matching

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Synthetic makes an invented market: majors and regions that few are in and many are in
// (Zipf), a taste for big hospitals that nearly everybody shares, employers whose prestige
// falls with their rank, and 1.2 places a graduate. The same numbers give the same market.
func Synthetic(graduates, positions int, seed uint64) ([]Wish, []Position) {
	g := &maker{rand.New(rand.NewPCG(seed, 0x9E3779B97F4A7C15)), zipf(40, 0.7), zipf(31, 1.0), zipf(16, 0.6)}
	wishes := make([]Wish, graduates)
	for i := range wishes {
		wishes[i] = g.wish(i)
	}
	return wishes, g.positions(positions, graduates*6/5)
}

type maker struct {
	*rand.Rand
	majors, regions, posts []float64
}

// zipf are running sums of shares that fall as 1/rank^s.
func zipf(n int, s float64) []float64 {
	out, sum := make([]float64, n), 0.0
	for i := range out {
		sum += math.Pow(float64(i+1), -s)
		out[i] = sum
	}
	for i := range out {
		out[i] /= sum
	}
	return out
}

func (g *maker) draw(from []float64) int {
	i, _ := slices.BinarySearch(from, g.Float64())
	return min(i, len(from)-1)
}

// several draws n different ones, the first drawn first.
func (g *maker) several(from []float64, n int) (out []int) {
	for len(out) < n {
		if x := g.draw(from); !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}

// tastes for the kinds of employers; each graduate's own is 15 more or less.
var tastes = [...]int{100, 55, 25, 60, 35, 80}

// wish invents a graduate: 42, 46 and 12 in hundred with a bachelor's, master's and doctor's degree.
func (g *maker) wish(i int) Wish {
	w := Wish{Graduate: fmt.Sprintf("G%07d", i+1), Major: majorCode(g.draw(g.majors)), Standing: 1 + g.IntN(100)}
	switch x := g.Float64(); {
	case x < 0.42:
		w.Education = Bachelor
	case x < 0.88:
		w.Education = Master
	default:
		w.Education = Doctor
	}
	if g.Float64() >= 0.08 {
		for _, r := range g.several(g.regions, 1+g.IntN(6)) {
			w.Wants[Region] = append(w.Wants[Region], regionCode(r))
		}
	}
	for _, p := range g.several(g.posts, 2+g.IntN(3)) {
		w.Wants[Post] = append(w.Wants[Post], postCode(p))
	}
	var kinds [len(tastes)]struct{ taste, kind int }
	for k := range kinds {
		kinds[k] = struct{ taste, kind int }{tastes[k] + g.IntN(31) - 15, k}
	}
	slices.SortFunc(kinds[:], func(a, b struct{ taste, kind int }) int {
		return cmp.Or(cmp.Compare(b.taste, a.taste), cmp.Compare(a.kind, b.kind))
	})
	for _, k := range kinds {
		w.Wants[Kind] = append(w.Wants[Kind], kindCode(k.kind))
	}
	w.Salary = 4000 + 250*g.IntN(5) + 500*int(w.Education-Bachelor)
	for l := range 4 {
		if g.Float64() < 0.55 {
			w.Licences = append(w.Licences, licenceCode(l))
		}
	}
	w.Order = [][]Criterion{{Salary, Kind, Region, Post}, {Salary, Kind, Post, Region}, {Kind, Salary, Region, Post}, {Kind, Salary, Post, Region}}[g.IntN(4)]
	return w
}

// house is an employer.
type house struct {
	region, kind string
	prestige     float64 // falls with the log of the rank, from 1 to 0
}

// positions invents employers, six positions each: the first are big hospitals that ask
// for higher degrees and pay more.
func (g *maker) positions(n, heads int) []Position {
	houses := make([]house, max(1, n/6))
	for e := range houses {
		h := house{regionCode(g.draw(g.regions)), kindCode(0), 1 - math.Log(float64(e+1))/math.Log(float64(len(houses)+1))}
		if g.Float64() > 0.25+h.prestige*1.5 {
			h.kind = kindCode(1 + g.IntN(len(tastes)-1))
		}
		houses[e] = h
	}
	out, weights := make([]Position, n), make([]int, n)
	for i := range out {
		e := i % len(houses)
		out[i] = g.position(i, e, houses[e])
		weights[i] = int(1e6 * math.Pow(float64(e+1), -0.75))
	}
	for i, h := range portions(weights, max(0, heads-n)) {
		out[i].Headcount = 1 + h
	}
	return out
}

func (g *maker) position(i, employer int, h house) Position {
	p := Position{ID: fmt.Sprintf("P%07d", i+1), Employer: fmt.Sprintf("E%06d", employer+1), Education: Bachelor, Weights: Weights{15, 10, 50, 15, 10}}
	p.Is[Region], p.Is[Post], p.Is[Kind] = h.region, postCode(g.draw(g.posts)), h.kind
	if x := g.Float64(); x < h.prestige*0.12 {
		p.Education = Doctor
	} else if x < 0.15+h.prestige*0.5 {
		p.Education = Master
	}
	p.Salary = 4500 + int(h.prestige*9000) + 100*g.IntN(4)
	for _, m := range g.several(g.majors, 6+g.IntN(9)) {
		p.Majors = append(p.Majors, majorCode(m))
	}
	if g.Float64() < 0.25 {
		p.Licence, p.Need = licenceCode(g.IntN(4)), Held
	}
	return p
}

// Codes of an invented market look like real ones and are none.
func majorCode(i int) string   { return fmt.Sprintf("99%02dX%d", i/4, i%4) }
func regionCode(i int) string  { return fmt.Sprintf("9%02d000", i) }
func postCode(i int) string    { return fmt.Sprintf("9-%02d", i) }
func kindCode(i int) string    { return fmt.Sprintf("9%d", i) }
func licenceCode(i int) string { return fmt.Sprintf("L%d", i) }
