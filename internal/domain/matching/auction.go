package matching

import (
	"context"
	"slices"
)

// arc is a pair that the auction may use.
type arc struct {
	position int32
	score    Points
}

// auction sells the places of lists: every graduate bids for the positions that are worth
// most above their price, what they would lose by going without; a position keeps its
// highest bids, as many as its cap, and its price is the lowest of them. When nobody wants
// to bid any more, every list is within eps of the best at these prices, so that the whole
// is within eps of the best for each entry (Bertsekas and Castañon 1989: eps-complementary
// slackness).
type auction struct {
	terms  Terms
	arcs   [][]arc // of each graduate
	cap    []int
	price  []Points
	bids   [][]bid   // of each position: a heap, the lowest first
	held   [][]int32 // positions that a graduate has bought
	queue  []int32   // graduates that have to bid, in turn; a ring
	head   int
	queued []bool
	top    []worth              // room of bidding
	touch  func(graduate int32) // is told before a list changes; nil: nobody asks
}

// bid for a position.
type bid struct {
	graduate int32
	points   Points
}

// worth of an arc above its price.
type worth struct {
	arc
	above Points
}

func newAuction(t Terms, arcs [][]arc, caps []int) *auction {
	return &auction{terms: t, arcs: arcs, cap: caps, price: make([]Points, len(caps)), bids: make([][]bid, len(caps)),
		held: make([][]int32, len(arcs)), queued: make([]bool, len(arcs))}
}

// run bids until nobody wants to. Error: the context's.
func (a *auction) run(ctx context.Context, eps Points) error {
	for n := 0; a.head < len(a.queue); n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		s := a.queue[a.head]
		a.head++
		a.queued[s] = false
		if a.head > 1<<16 {
			a.queue = append(a.queue[:0], a.queue[a.head:]...)
			a.head = 0
		}
		a.bid(s, eps)
	}
	a.queue, a.head = a.queue[:0], 0
	return nil
}

func (a *auction) wait(s int32) {
	if !a.queued[s] {
		a.queued[s] = true
		a.queue = append(a.queue, s)
	}
}

// bid lets a graduate bid for as many positions as the list has room.
func (a *auction) bid(s int32, eps Points) {
	have := len(a.held[s])
	room := a.terms.Length - have
	if room == 0 {
		return
	}
	top := a.best(s, room+1)
	want := 0
	for want < min(room, len(top)) && top[want].above+a.terms.Rewards[have+want] >= 0 {
		want++
	}
	if want == 0 {
		return
	}
	reserve := -a.terms.Rewards[have+want-1]
	if want < len(top) {
		reserve = max(reserve, top[want].above)
	}
	a.changing(s)
	for _, w := range top[:want] {
		a.place(w.position, bid{s, w.score - reserve + eps})
		a.held[s] = append(a.held[s], w.position)
	}
}

func (a *auction) changing(graduate int32) {
	if a.touch != nil {
		a.touch(graduate)
	}
}

// best are the n arcs of a graduate that are worth most above their price, of those not
// bought yet.
func (a *auction) best(s int32, n int) []worth {
	top, held, last := a.top[:0], a.held[s], Points(-1<<31)
	for _, c := range a.arcs[s] {
		above := c.score - a.price[c.position]
		if len(top) == n && above <= last || slices.Contains(held, c.position) {
			continue
		}
		if len(top) < n {
			top = append(top, worth{})
		}
		i := len(top) - 1
		for ; i > 0 && top[i-1].above < above; i-- {
			top[i] = top[i-1]
		}
		top[i] = worth{c, above}
		last = top[len(top)-1].above
	}
	a.top = top
	return top
}

// place puts a bid; the lowest goes where there are more than the cap, and its graduate
// bids again.
func (a *auction) place(position int32, b bid) {
	h := a.bids[position]
	if len(h) < a.cap[position] {
		h = append(h, b)
		for i := len(h) - 1; i > 0 && lower(h[i], h[(i-1)/2]); i = (i - 1) / 2 {
			h[i], h[(i-1)/2] = h[(i-1)/2], h[i]
		}
		a.bids[position] = h
	} else {
		out := h[0].graduate
		h[0] = b
		sink(h, 0)
		a.changing(out)
		a.held[out] = slices.DeleteFunc(a.held[out], func(p int32) bool { return p == position })
		a.wait(out)
	}
	if len(h) == a.cap[position] {
		a.price[position] = h[0].points
	}
}

func lower(a, b bid) bool {
	return a.points < b.points || a.points == b.points && a.graduate > b.graduate
}

func sink(h []bid, i int) {
	for {
		least := i
		for c := 2*i + 1; c <= 2*i+2 && c < len(h); c++ {
			if lower(h[c], h[least]) {
				least = c
			}
		}
		if least == i {
			return
		}
		h[i], h[least] = h[least], h[i]
		i = least
	}
}
