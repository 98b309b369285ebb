package matching

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestWeakDuality: whatever the prices, no lists within the caps are worth more than the
// bound that they give.
func TestWeakDuality(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 4))
	ctx := context.Background()
	for range 30 {
		m := market(t, first(randomMarket(r, 50, 30)), last(randomMarket(r, 50, 30)))
		terms := Usual()
		terms.Slack = 30 + r.IntN(200)
		for name, l := range everyKind(t, m, terms) {
			if name == "plain" {
				continue
			}
			for range 5 {
				for p := range l.Prices {
					l.Prices[p] = Points(r.IntN(3) * r.IntN(20_000))
				}
				c, err := m.Certify(ctx, terms, l)
				if err != nil || c.Value > c.Bound {
					t.Fatalf("%s: worth %d, bound %d, %v", name, c.Value, c.Bound, err)
				}
			}
		}
	}
}

// TestFairIsNearTheBest: the exact optimum of small markets, found by augmenting paths, lies
// between the value of the fair lists and their bound, and the lists are as near as they say.
func TestFairIsNearTheBest(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 2))
	for range 40 {
		m := market(t, first(randomMarket(r, 25, 12)), last(randomMarket(r, 25, 12)))
		terms := Usual()
		terms.Length, terms.Slack = 1+r.IntN(4), 30+r.IntN(150)
		l, c, err := m.Fair(context.Background(), terms)
		if err != nil {
			t.Fatal(err)
		}
		best := optimum(m, terms, l.Cap)
		if c.Value > best || best > c.Bound {
			t.Fatalf("the best is worth %d, the lists %d, the bound is %d", best, c.Value, c.Bound)
		}
		if c.Gap() > terms.Gap {
			t.Fatalf("gap %f of %+v", c.Gap(), c)
		}
	}
}

// optimum is the most that lists can be worth: the transportation problem, by the dearest
// augmenting path again and again (Bellman and Ford).
func optimum(m *Market, t Terms, caps []int) int64 {
	n, k := len(m.Wishes), len(m.Positions)
	score := make([]map[int]int64, n)
	read := m.reader()
	for i := range m.Wishes {
		score[i] = map[int]int64{}
		for _, p := range read.eligible(m.asks[i]) {
			score[i][int(p.Position)] = int64(p.Score)
		}
	}
	in := make([]map[int]bool, n)
	for i := range in {
		in[i] = map[int]bool{}
	}
	used := make([]int, k)
	for total := int64(0); ; {
		gain, path := dearest(score, in, used, caps, t)
		if gain <= 0 {
			return total
		}
		total += gain
		for i, step := range path {
			if i%2 == 0 {
				in[step[0]][step[1]] = true
			} else {
				delete(in[step[0]], step[1])
			}
		}
		used[path[len(path)-1][1]]++
	}
}

// dearest is the path that adds most: a graduate takes a position, which another leaves,
// who takes another one.
func dearest(score []map[int]int64, in []map[int]bool, used, caps []int, t Terms) (int64, [][2]int) {
	const never = -1 << 60
	n := len(score)
	at := make([]int64, n) // worth of the best way that ends with the graduate free to take one more
	from := make([][2]int, n)
	for i := range at {
		at[i], from[i] = never, [2]int{-1, -1}
		if len(in[i]) < t.Length {
			at[i] = int64(t.Rewards[len(in[i])])
		}
	}
	for changed, turns := true, 0; changed && turns < n+1; turns++ {
		changed = false
		for i := range n {
			for p, s := range score[i] {
				if in[i][p] || at[i] == never {
					continue
				}
				for o := range n {
					if o != i && in[o][p] && at[i]+s-score[o][p] > at[o] {
						at[o], from[o], changed = at[i]+s-score[o][p], [2]int{i, p}, true
					}
				}
			}
		}
	}
	most, end := int64(never), [2]int{-1, -1}
	for i := range n {
		for p, s := range score[i] {
			if !in[i][p] && at[i] != never && used[p] < caps[p] && at[i]+s > most {
				most, end = at[i]+s, [2]int{i, p}
			}
		}
	}
	var path [][2]int
	for step := end; step[0] >= 0; {
		path = append(path, step)
		before := from[step[0]]
		if before[0] >= 0 {
			path = append(path, [2]int{step[0], before[1]})
		}
		step = before
	}
	slices.Reverse(path)
	return most, path
}

// TestCaps: with more of the dial everybody is shown more of the popular, with less more
// graduates have a place: the numbers that the dial is chosen by.
func TestCaps(t *testing.T) {
	m := market(t, first(Synthetic(1200, 1300, 3)), last(Synthetic(1200, 1300, 3)))
	var before Measure
	for i, slack := range []int{120, 160, 400, 2000} {
		terms := Usual()
		terms.Slack, terms.Gap = slack, 0.01
		l, _, err := m.Fair(context.Background(), terms)
		if err != nil {
			t.Fatal(err)
		}
		now, err := m.Measure(context.Background(), terms, l)
		if err != nil || now.OverCap != 0 {
			t.Fatal(now, err)
		}
		if i > 0 && (now.Gini <= before.Gini || now.MeanScore < before.MeanScore || now.Placed > before.Placed) {
			t.Errorf("slack %d: %+v, before %+v", slack, now, before)
		}
		before = now
	}
}
