package scrutiny

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestDraw: the same seed gives the same sample whatever the order, each stratum
// gives its number or all it has, and nobody is drawn twice.
func TestDraw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []Candidate
		sizes := map[string]int{}
		for i := range rapid.IntRange(0, 80).Draw(t, "people") {
			c := Candidate{Graduate: fmt.Sprint("g", i), Case: fmt.Sprint("k", i),
				College: rapid.SampledFrom([]string{"c1", "c2"}).Draw(t, "college"), Code: rapid.SampledFrom([]string{"10", "12", "76"}).Draw(t, "code")}
			all = append(all, c)
			sizes[c.Stratum()]++
		}
		per, seed := rapid.IntRange(1, 9).Draw(t, "per"), rapid.Int64().Draw(t, "seed")
		first := Draw(all, per, seed)
		rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		if !slices.Equal(first, Draw(all, per, seed)) {
			t.Fatal("another order gives another sample")
		}
		got, seen := map[string]int{}, map[string]bool{}
		for _, c := range first {
			got[c.Stratum()]++
			if seen[c.Case] {
				t.Fatalf("%s is drawn twice", c.Case)
			}
			seen[c.Case] = true
		}
		for name, n := range sizes {
			if got[name] != min(n, per) {
				t.Fatalf("%s: %d of %d drawn, want %d", name, got[name], n, min(n, per))
			}
		}
	})
}

func TestAnotherSeedDrawsOthers(t *testing.T) {
	var all []Candidate
	for i := range 200 {
		all = append(all, Candidate{Graduate: fmt.Sprint("g", i), Case: "k", College: "c", Code: "10"})
	}
	if slices.Equal(Draw(all, 10, 1), Draw(all, 10, 2)) {
		t.Error("seeds 1 and 2 draw the same ten of two hundred")
	}
}
