package scrutiny

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// Candidate is a case that can be drawn.
type Candidate struct {
	Graduate, Case string
	College, Code  string // the stratum
}

// Stratum is how a draw names the candidate's group.
func (c Candidate) Stratum() string { return c.College + " " + c.Code }

// Draw takes perStratum cases of each college × code at random, all of a smaller
// one. The same candidates, number and seed give the same sample, whatever the
// order of the candidates.
func Draw(candidates []Candidate, perStratum int, seed int64) []Candidate {
	strata := map[string][]Candidate{}
	for _, c := range candidates {
		strata[c.Stratum()] = append(strata[c.Stratum()], c)
	}
	names := make([]string, 0, len(strata))
	for n := range strata {
		names = append(names, n)
	}
	slices.Sort(names)
	random := rand.New(rand.NewPCG(uint64(seed), 0x71757869616e67)) // the second word is fixed: one seed, one sample
	var out []Candidate
	for _, n := range names {
		list := strata[n]
		slices.SortFunc(list, func(a, b Candidate) int { return strings.Compare(a.Graduate+" "+a.Case, b.Graduate+" "+b.Case) })
		random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		out = append(out, list[:min(perStratum, len(list))]...)
	}
	return out
}
