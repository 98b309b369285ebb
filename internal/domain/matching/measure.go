package matching

import (
	"cmp"
	"context"
	"slices"
)

// Measure is what lists do to a market. Shares are fractions.
type Measure struct {
	Covered3   float64 `json:"covered3"`        // with three entries or more, of those eligible for three
	Covered10  float64 `json:"covered10"`       // with ten, of those eligible for ten
	Shown      float64 `json:"positions_shown"` // positions in any list
	Gini       float64 `json:"gini"`            // of the lists that each place is in: 0 all alike, 1 one has all
	MaxPerHead float64 `json:"max_per_head"`    // lists that a place is in at most
	OverCap    float64 `json:"over_cap"`        // entries above the cap of their position, of all
	MeanScore  float64 `json:"mean_score"`      // of the entries, 1 is best
	Placed     float64 `json:"placed"`          // graduates with a place when everybody follows the list
	Filled     float64 `json:"filled"`          // places that are filled then
}

// Measure counts what lists do.
func (m *Market) Measure(ctx context.Context, t Terms, l *Lists) (Measure, error) {
	var out Measure
	if err := m.coverage(ctx, t, l, &out); err != nil {
		return out, err
	}
	m.exposure(l, &out)
	placed := m.follow(l)
	if n := len(m.Wishes); n > 0 {
		out.Placed = float64(placed) / float64(n)
	}
	if m.headcount > 0 {
		out.Filled = float64(placed) / float64(m.headcount)
	}
	return out, nil
}

func (m *Market) coverage(ctx context.Context, t Terms, l *Lists, out *Measure) error {
	able := make([]int, len(m.Wishes))
	if err := m.each(ctx, t.Workers, func(r *reader, i int) { able[i] = len(r.eligible(m.asks[i])) }); err != nil {
		return err
	}
	share := func(n int) float64 {
		have, of := 0, 0
		for i, a := range able {
			if a >= n {
				of++
				if len(l.Entries[i]) >= n {
					have++
				}
			}
		}
		if of == 0 {
			return 1
		}
		return float64(have) / float64(of)
	}
	out.Covered3, out.Covered10 = share(3), share(10)
	return nil
}

func (m *Market) exposure(l *Lists, out *Measure) {
	lists, entries, scores, over, shown := make([]int, len(m.Positions)), 0, 0, 0, 0
	for _, list := range l.Entries {
		for _, e := range list {
			lists[e.Position]++
			entries++
			scores += int(e.Score)
		}
	}
	for p, n := range lists {
		over += max(0, n-l.Cap[p])
		if n > 0 {
			shown++
		}
		out.MaxPerHead = max(out.MaxPerHead, float64(n)/float64(m.Positions[p].Headcount))
	}
	if entries > 0 {
		out.OverCap, out.MeanScore = float64(over)/float64(entries), float64(scores)/float64(entries)/Full
	}
	if len(lists) > 0 {
		out.Shown = float64(shown) / float64(len(lists))
	}
	out.Gini = m.gini(lists, entries)
}

// gini of the lists a place: each position counts as many times as it has places.
func (m *Market) gini(lists []int, entries int) float64 {
	if entries == 0 {
		return 0
	}
	order := make([]int, len(lists))
	for p := range order {
		order[p] = p
	}
	perHead := func(p int) float64 { return float64(lists[p]) / float64(m.Positions[p].Headcount) }
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(perHead(a), perHead(b)), cmp.Compare(a, b)) })
	below, area := 0.0, 0.0 // of the Lorenz curve
	for _, p := range order {
		heads := float64(m.Positions[p].Headcount) / float64(m.headcount)
		share := float64(lists[p]) / float64(entries)
		area += heads * (2*below + share)
		below += share
	}
	return 1 - area
}

// follow places graduates who apply to the positions of their list, the first first, with
// employers who choose by their own points: deferred acceptance inside the lists.
func (m *Market) follow(l *Lists) (placed int) {
	g := &Round{Lists: make([][]int32, len(l.Entries)), Ranks: make([][]int32, len(l.Entries)), Quota: make([]int32, len(m.Positions))}
	for p := range m.Positions {
		g.Quota[p] = int32(m.Positions[p].Headcount)
	}
	for i, list := range l.Entries {
		for _, e := range list {
			g.Lists[i] = append(g.Lists[i], e.Position)
			g.Ranks[i] = append(g.Ranks[i], Full-e.Employer)
		}
	}
	for _, p := range g.Propose() {
		if p >= 0 {
			placed++
		}
	}
	return placed
}
