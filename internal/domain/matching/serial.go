package matching

import (
	"cmp"
	"context"
	"slices"
)

// Serial lists serve everybody once, then everybody twice more, then as long as the lists
// are: in each turn whoever has the fewest positions first, and a position that its cap
// allows no more is out. It is quick, covers nearly everybody, and is a few in a hundred
// below the best.
func (m *Market) Serial(ctx context.Context, t Terms) (*Lists, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	few := make([]int, len(m.Wishes))
	if err := m.each(ctx, t.Workers, func(r *reader, i int) { few[i] = len(r.eligible(m.asks[i])) }); err != nil {
		return nil, err
	}
	order := make([]int, len(m.Wishes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(few[a], few[b]) })
	out := &Lists{Entries: make([][]Pair, len(m.Wishes)), Cap: m.caps(t), Prices: make([]Points, len(m.Positions))}
	left := slices.Clone(out.Cap)
	r := m.reader()
	r.free = newBitset(len(m.Positions))
	for p := range left {
		r.free.set(p)
	}
	for _, upTo := range []int{1, 3, t.Length} {
		for n, i := range order {
			if n%1024 == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			m.serve(r, i, out, left, min(upTo, t.Length))
		}
	}
	for _, l := range out.Entries {
		slices.SortFunc(l, better)
	}
	return out, nil
}

// serve gives one graduate the best free positions, up to a length.
func (m *Market) serve(r *reader, i int, out *Lists, left []int, upTo int) {
	have := out.Entries[i]
	pairs := slices.DeleteFunc(r.eligible(m.asks[i]), func(p Pair) bool {
		return slices.ContainsFunc(have, func(h Pair) bool { return h.Position == p.Position })
	})
	for _, p := range best(pairs, max(0, upTo-len(have))) {
		if len(have) == upTo {
			break
		}
		have = append(have, p)
		if left[p.Position]--; left[p.Position] == 0 {
			r.free.clear(int(p.Position))
		}
	}
	out.Entries[i] = have
}

// Greedy lists give away the pair with the highest score of all, then the next, within the
// caps: what one would write in an afternoon. It is here to be compared with.
func (m *Market) Greedy(ctx context.Context, t Terms) (*Lists, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	type claim struct {
		graduate int32
		Pair
	}
	byScore := make([][]claim, Full+1)
	r := m.reader()
	for i := range m.Wishes {
		if i%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		for _, p := range r.eligible(m.asks[i]) {
			byScore[p.Score] = append(byScore[p.Score], claim{int32(i), p})
		}
	}
	out := &Lists{Entries: make([][]Pair, len(m.Wishes)), Cap: m.caps(t), Prices: make([]Points, len(m.Positions))}
	left := slices.Clone(out.Cap)
	for s := Full; s >= 0; s-- {
		for _, c := range byScore[s] {
			if l := out.Entries[c.graduate]; len(l) < t.Length && left[c.Position] > 0 {
				left[c.Position]--
				out.Entries[c.graduate] = append(l, c.Pair)
			}
		}
	}
	for _, l := range out.Entries {
		slices.SortFunc(l, better)
	}
	return out, nil
}
