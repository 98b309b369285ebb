package matching

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// randomRound has up to 5 residents and 4 positions with lists of random length.
func randomRound(r *rand.Rand) *Round {
	n, m := 1+r.IntN(5), 1+r.IntN(4)
	g := &Round{Lists: make([][]int32, n), Ranks: make([][]int32, n)}
	order := make([][]int, m)
	for p := range order {
		g.Quota = append(g.Quota, int32(r.IntN(3)))
		order[p] = r.Perm(n)
	}
	for s := range g.Lists {
		for _, p := range r.Perm(m)[:r.IntN(m+1)] {
			g.Lists[s] = append(g.Lists[s], int32(p))
			g.Ranks[s] = append(g.Ranks[s], int32(order[p][s]))
		}
	}
	return g
}

// stable are all stable matchings, found by trying everything and judged by the
// definition, not by our own test of stability.
func stable(g *Round) (out [][]int32) {
	match := make([]int32, len(g.Lists))
	var try func(s int)
	try = func(s int) {
		if s == len(match) {
			if isStable(g, match) {
				out = append(out, slices.Clone(match))
			}
			return
		}
		match[s] = Nobody
		try(s + 1)
		for _, p := range g.Lists[s] {
			match[s] = p
			try(s + 1)
		}
		match[s] = Nobody
	}
	try(0)
	return out
}

func isStable(g *Round, match []int32) bool {
	rank := func(s int, p int32) int32 { return g.Ranks[s][slices.Index(g.Lists[s], p)] }
	for p := range g.Quota {
		var in []int
		for s, at := range match {
			if at == int32(p) {
				in = append(in, s)
			}
		}
		if len(in) > int(g.Quota[p]) {
			return false
		}
		for s, list := range g.Lists {
			i := slices.Index(list, int32(p))
			if i < 0 || match[s] == int32(p) || match[s] != Nobody && slices.Index(list, match[s]) < i {
				continue
			}
			// s would rather be here: is there room, or somebody less wanted?
			if len(in) < int(g.Quota[p]) || slices.ContainsFunc(in, func(o int) bool { return rank(o, int32(p)) > rank(s, int32(p)) }) {
				return false
			}
		}
	}
	return true
}

// TestDeferredAcceptance: on small markets both results are among the stable matchings;
// the residents' is the best of all for each resident, the positions' the worst; all have
// the same residents placed, and the same ones where a position is not full (the theorem
// of rural hospitals).
func TestDeferredAcceptance(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 1000 {
		g := randomRound(r)
		all, ours, theirs := stable(g), g.Propose(), g.Offer()
		if !slices.ContainsFunc(all, func(m []int32) bool { return slices.Equal(m, ours) }) || !slices.ContainsFunc(all, func(m []int32) bool { return slices.Equal(m, theirs) }) {
			t.Fatalf("market %d %+v: %v and %v, the stable ones are %v", n, g, ours, theirs, all)
		}
		if b := append(g.Blocking(ours), g.Blocking(theirs)...); len(b) > 0 {
			t.Fatalf("market %d: blocking pairs %v of stable matchings", n, b)
		}
		for _, m := range all {
			sameRural(t, g, ours, m)
			for s := range m {
				at := func(p int32) int { return (slices.Index(g.Lists[s], p) + len(g.Lists[s]) + 1) % (len(g.Lists[s]) + 1) }
				if at(ours[s]) > at(m[s]) || at(theirs[s]) < at(m[s]) {
					t.Fatalf("market %d %+v: resident %d has %d, %d and %d", n, g, s, ours[s], m[s], theirs[s])
				}
			}
		}
		spoilt(t, g, ours)
	}
}

func sameRural(t *testing.T, g *Round, a, b []int32) {
	t.Helper()
	for p := range g.Quota {
		count := 0
		for s := range a {
			if (a[s] == Nobody) != (b[s] == Nobody) {
				t.Fatalf("resident %d is placed in one stable matching only", s)
			}
			if a[s] == int32(p) {
				count++
			}
		}
		for s := range a {
			if count < int(g.Quota[p]) && (a[s] == int32(p)) != (b[s] == int32(p)) {
				t.Fatalf("position %d is not full and has other people", p)
			}
		}
	}
}

// spoilt: a matching with one resident sent away has a blocking pair, which we see.
func spoilt(t *testing.T, g *Round, match []int32) {
	t.Helper()
	for s := range match {
		if match[s] != Nobody {
			bad := slices.Clone(match)
			bad[s] = Nobody
			if len(g.Blocking(bad)) == 0 {
				t.Fatalf("%+v: nobody misses resident %d", g, s)
			}
			return
		}
	}
}

// TestRolls: one-sided, unknown and doubled mentions are cleaned away and told; every
// resident has an answer.
func TestRolls(t *testing.T) {
	r, err := ReadRolls([]byte(`{"note":1,"residents":{"a":["x","y","z","x"],"b":["x"],"c":[]},
		"hospitals":{"x":{"capacity":1,"prefs":["b","a"]},"y":{"capacity":1,"prefs":["c","q"]}}}`))
	if err != nil {
		t.Fatal(err)
	}
	c := r.Clear("1")
	res, err := c.Match("residents")
	if err != nil {
		t.Fatal(err)
	}
	if res.Matching["b"] == nil || *res.Matching["b"] != "x" || res.Matching["a"] != nil || len(res.Matching) != 3 || len(res.Blocking) != 0 {
		t.Errorf("matching %v", res.Matching)
	}
	want := []Cleaned{{"a", "x", "twice"}, {"a", "y", "one-sided"}, {"a", "z", "unknown"}, {"y", "c", "one-sided"}, {"y", "q", "unknown"}}
	if !slices.Equal(res.Cleaned, want) {
		t.Errorf("cleaned %v", res.Cleaned)
	}
	if line := res.Cutoffs["x"]; line.Admitted != 1 || *line.Last != "b" || line.Rank != 1 {
		t.Errorf("cut-off %+v", line)
	}
	for _, bad := range []string{"", "[]", "{", `{"residents":{"a":[1]},"hospitals":{}}`, `{"residents":{"a":["x"]},"hospitals":{"x":{"capacity":-1}}}`,
		`{"residents":{"a":["x"]},"hospitals":{"x":{"capacity":1}},"couples":[["a","b"]]}`} {
		if _, err := ReadRolls([]byte(bad)); err == nil {
			t.Errorf("%s: read", bad)
		}
	}
}

// TestTies: equal ones are drawn by the seed, the same every time.
func TestTies(t *testing.T) {
	winners := map[string]bool{}
	for _, seed := range []string{"1", "2", "3", "4", "5", "6", "7", "8"} {
		var last string
		for range 2 {
			r, err := ReadRolls([]byte(`{"residents":{"a":["x"],"b":["x"]},"hospitals":{"x":{"capacity":1,"prefs":[["a","b"]]}}}`))
			if err != nil {
				t.Fatal(err)
			}
			c := r.Clear(seed)
			res, err := c.Match("")
			if err != nil {
				t.Fatal(err)
			}
			won := *res.Cutoffs["x"].Last
			if !c.Drawn || last != "" && won != last {
				t.Errorf("seed %s: %s after %s", seed, won, last)
			}
			last, winners[won] = won, true
		}
	}
	if len(winners) != 2 {
		t.Error("eight lotteries were won by one")
	}
}
