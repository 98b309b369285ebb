package matching

import (
	"context"
	"slices"
)

// inMemory is up to how many pairs the auction holds them all; above, it takes the best of
// each graduate and adds those that the prices make good.
const inMemory = 12 << 20

// Fair lists are worth within Terms.Gap of the best lists that the caps allow, which their
// prices prove; see Certify. Where the gap cannot be had, what is best so far is returned.
//
// Errors: fault.Invalid for terms that cannot be; the context's.
func (m *Market) Fair(ctx context.Context, t Terms) (*Lists, Certificate, error) {
	if err := t.check(); err != nil {
		return nil, Certificate{}, err
	}
	arcs, whole, err := m.arcs(ctx, t)
	if err != nil {
		return nil, Certificate{}, err
	}
	var out *Lists
	var proof Certificate
	for eps, round := Points(200), 0; ; round++ {
		a := newAuction(t, arcs, m.caps(t))
		for s := range arcs {
			a.wait(int32(s))
		}
		if err := a.run(ctx, eps); err != nil {
			return nil, proof, err
		}
		lists := a.lists(m)
		c, err := m.Certify(ctx, t, lists)
		if err != nil {
			return nil, proof, err
		}
		if out == nil || c.Gap() < proof.Gap() {
			out, proof = lists, c
		}
		if proof.Gap() <= t.Gap || round == 5 {
			break
		}
		if whole {
			eps = max(1, eps/4)
		} else if err := m.widen(ctx, t, arcs, lists.Prices); err != nil {
			return nil, proof, err
		}
	}
	return out, proof, m.tell(ctx, t, out)
}

// candidates is how many of a graduate's best pairs are looked at, where not all are.
const candidates = 48

// arcs are the pairs that the auction begins with; whole says that they are all there are.
func (m *Market) arcs(ctx context.Context, t Terms) (arcs [][]arc, whole bool, err error) {
	sizes := make([]int, len(m.Wishes))
	arcs = make([][]arc, len(m.Wishes))
	if err := m.each(ctx, t.Workers, func(r *reader, i int) { sizes[i] = len(r.eligible(m.asks[i])) }); err != nil {
		return nil, false, err
	}
	all := 0
	for _, n := range sizes {
		all += n
	}
	whole = all <= inMemory
	if !whole {
		serial, err := m.Serial(ctx, t)
		if err != nil {
			return nil, false, err
		}
		for i, l := range serial.Entries {
			arcs[i] = arcsOf(l)
		}
	}
	err = m.each(ctx, t.Workers, func(r *reader, i int) {
		pairs := r.eligible(m.asks[i])
		if !whole {
			pairs = best(pairs, candidates)
		}
		arcs[i] = union(arcs[i], arcsOf(pairs))
	})
	return arcs, whole, err
}

func arcsOf(pairs []Pair) []arc {
	out := make([]arc, len(pairs))
	for i, p := range pairs {
		out[i] = arc{p.Position, p.Score}
	}
	return out
}

// union of arcs, by position.
func union(a, b []arc) []arc {
	out := append(a, b...)
	slices.SortFunc(out, func(a, b arc) int { return int(a.position - b.position) })
	return slices.CompactFunc(out, func(a, b arc) bool { return a.position == b.position })
}

// widen adds to each graduate's arcs those worth most above the prices.
func (m *Market) widen(ctx context.Context, t Terms, arcs [][]arc, prices []Points) error {
	return m.each(ctx, t.Workers, func(r *reader, i int) {
		pairs := r.eligible(m.asks[i])
		for j := range pairs {
			pairs[j].Score -= prices[pairs[j].Position]
		}
		add := arcsOf(best(pairs, candidates))
		for j := range add {
			add[j].score += prices[add[j].position]
		}
		arcs[i] = union(arcs[i], add)
	})
}

// lists of an auction; the sides' points are told later.
func (a *auction) lists(m *Market) *Lists {
	out := &Lists{Entries: make([][]Pair, len(a.held)), Cap: a.cap, Prices: slices.Clone(a.price)}
	for s, held := range a.held {
		for _, p := range held {
			i := slices.IndexFunc(a.arcs[s], func(c arc) bool { return c.position == p })
			out.Entries[s] = append(out.Entries[s], Pair{Position: p, Score: a.arcs[s][i].score})
		}
	}
	return out
}

// tell fills in the points of both sides and puts each list in order.
func (m *Market) tell(ctx context.Context, t Terms, l *Lists) error {
	return m.each(ctx, t.Workers, func(r *reader, i int) {
		list := l.Entries[i]
		r.lay(m.asks[i])
		for j := range list {
			r.pairs = r.pairs[:0]
			r.pair(list[j].Position)
			list[j] = r.pairs[0]
		}
		slices.SortFunc(list, better)
	})
}
