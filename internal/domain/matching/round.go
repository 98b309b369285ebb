package matching

import "slices"

// Round is a market of quotas: residents list positions, positions rank residents. Both
// sides only know those who list each other.
type Round struct {
	Lists [][]int32 // of each resident: positions, the dearest first
	Ranks [][]int32 // beside Lists: how the position ranks the resident; a lower number is dearer, equal numbers are drawn by the resident's number
	Quota []int32   // of each position
}

// Nobody is a resident without a position.
const Nobody = -1

// Propose is deferred acceptance with residents proposing (Gale and Shapley 1962): the
// stable matching that is best for every resident. It returns the position of each
// resident.
func (g *Round) Propose() []int32 {
	match, next := make([]int32, len(g.Lists)), make([]int32, len(g.Lists))
	taken := make([][]holder, len(g.Quota)) // a heap a position: the least wanted first
	for s := range match {
		match[s] = Nobody
	}
	for first := range g.Lists {
		for s := int32(first); s >= 0; {
			s = g.apply(s, next, match, taken)
		}
	}
	return match
}

// holder of a place, with the position's rank of it.
type holder struct{ rank, resident int32 }

func (h holder) worse(than holder) bool {
	return h.rank > than.rank || h.rank == than.rank && h.resident > than.resident
}

// apply goes down a resident's list to the first position that takes it, and returns who
// lost a place by it, or -1.
func (g *Round) apply(s int32, next, match []int32, taken [][]holder) int32 {
	for int(next[s]) < len(g.Lists[s]) {
		at := next[s]
		next[s]++
		p := g.Lists[s][at]
		h := holder{g.Ranks[s][at], s}
		switch heap := taken[p]; {
		case g.Quota[p] == 0:
		case len(heap) < int(g.Quota[p]):
			taken[p] = rise(append(heap, h))
			match[s] = p
			return -1
		case heap[0].worse(h):
			out := heap[0].resident
			heap[0] = h
			fall(heap)
			match[s], match[out] = p, Nobody
			return out
		}
	}
	return -1
}

func rise(h []holder) []holder {
	for i := len(h) - 1; i > 0 && h[i].worse(h[(i-1)/2]); i = (i - 1) / 2 {
		h[i], h[(i-1)/2] = h[(i-1)/2], h[i]
	}
	return h
}

func fall(h []holder) {
	for i := 0; ; {
		worst := i
		for c := 2*i + 1; c <= 2*i+2 && c < len(h); c++ {
			if h[c].worse(h[worst]) {
				worst = c
			}
		}
		if worst == i {
			return
		}
		h[i], h[worst] = h[worst], h[i]
		i = worst
	}
}

// Offer is deferred acceptance with positions proposing: the stable matching that is best
// for every position.
func (g *Round) Offer() []int32 {
	order := g.byPosition()
	match := make([]int32, len(g.Lists)) // index into the resident's list
	for s := range match {
		match[s] = Nobody
	}
	at, free := make([]int, len(g.Quota)), slices.Clone(g.Quota)
	var open []int32
	for p := range g.Quota {
		open = append(open, int32(p))
	}
	for len(open) > 0 {
		p := open[len(open)-1]
		if free[p] == 0 || at[p] == len(order[p]) {
			open = open[:len(open)-1]
			continue
		}
		o := order[p][at[p]]
		at[p]++
		switch held := match[o.resident]; {
		case held == Nobody:
			match[o.resident], free[p] = o.at, free[p]-1
		case o.at < held:
			lost := g.Lists[o.resident][held]
			match[o.resident] = o.at
			free[p]--
			free[lost]++
			open = append(open, lost)
		}
	}
	for s, i := range match {
		if i != Nobody {
			match[s] = g.Lists[s][i]
		}
	}
	return match
}

// offer is a resident as a position sees it.
type offer struct {
	holder
	at int32 // of the position in the resident's list
}

// byPosition are the residents of each position, the dearest first.
func (g *Round) byPosition() [][]offer {
	out := make([][]offer, len(g.Quota))
	for s, list := range g.Lists {
		for i, p := range list {
			out[p] = append(out[p], offer{holder{g.Ranks[s][i], int32(s)}, int32(i)})
		}
	}
	for _, l := range out {
		slices.SortFunc(l, func(a, b offer) int {
			if b.worse(a.holder) {
				return -1
			}
			return 1
		})
	}
	return out
}

// Blocking is a resident and a position that would both rather have each other.
type Blocking struct{ Resident, Position int32 }

// Blocking lists the pairs that make a matching unstable; none of a stable one.
func (g *Round) Blocking(match []int32) (out []Blocking) {
	worst, count := g.Cutoffs(match)
	for s, list := range g.Lists {
		for i, p := range list {
			if match[s] == p {
				break
			}
			h := holder{g.Ranks[s][i], int32(s)}
			if count[p] < g.Quota[p] || g.Quota[p] > 0 && worst[p].worse(h) {
				out = append(out, Blocking{int32(s), p})
			}
		}
	}
	return out
}

// Cutoffs are the least wanted resident that each position took, and how many it took.
func (g *Round) Cutoffs(match []int32) (worst []holder, count []int32) {
	worst, count = make([]holder, len(g.Quota)), make([]int32, len(g.Quota))
	for s, p := range match {
		if p < 0 {
			continue
		}
		h := holder{g.Ranks[s][slices.Index(g.Lists[s], p)], int32(s)}
		if count[p] == 0 || h.worse(worst[p]) {
			worst[p] = h
		}
		count[p]++
	}
	return worst, count
}
