package matching

import (
	"context"
	"slices"
	"sync/atomic"
)

// Certificate says how good lists are, and how good any lists could be at most. Anybody
// with the eligible pairs can count it again: the prices are its proof.
type Certificate struct {
	Value int64 // of the lists: scores and rewards
	Bound int64 // no lists within the caps are worth more
}

// Gap is how far the lists are from the bound at most, as a share of it.
func (c Certificate) Gap() float64 {
	if c.Bound == 0 {
		return 0
	}
	return float64(c.Bound-c.Value) / float64(c.Bound)
}

// Certify counts the value of lists, and the bound that their prices prove:
//
//	Σ cap·price + Σ over graduates of the most that k positions are worth above their prices, with rewards
//
// It reads every eligible pair, so that no pair that the lists never looked at is forgotten.
func (m *Market) Certify(ctx context.Context, t Terms, l *Lists) (Certificate, error) {
	out := Certificate{Value: value(t, l)}
	for p, price := range l.Prices {
		out.Bound += int64(l.Cap[p]) * int64(price)
	}
	var most atomic.Int64
	err := m.each(ctx, t.Workers, func(r *reader, i int) {
		most.Add(worthAbove(r, m.asks[i], t, l.Prices))
	})
	out.Bound += most.Load()
	return out, err
}

func value(t Terms, l *Lists) (sum int64) {
	for _, list := range l.Entries {
		for i, e := range list {
			sum += int64(e.Score) + int64(t.Rewards[i])
		}
	}
	return sum
}

// worthAbove is the most that a list is worth above the prices.
func worthAbove(r *reader, a *asking, t Terms, prices []Points) (sum int64) {
	pairs := r.eligible(a)
	above := r.above[:0]
	for _, p := range pairs {
		x := p.Score - prices[p.Position]
		if len(above) == t.Length && x <= above[t.Length-1] {
			continue
		}
		i, _ := slices.BinarySearchFunc(above, x, func(a, b Points) int { return int(b) - int(a) })
		if len(above) < t.Length {
			above = append(above, 0)
		}
		copy(above[i+1:], above[i:])
		above[i] = x
	}
	r.above = above
	for i, x := range above {
		sum += max(0, int64(x)+int64(t.Rewards[i]))
	}
	return sum
}
