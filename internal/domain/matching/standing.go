package matching

import (
	"cmp"
	"context"
	"slices"

	"quxiang/internal/domain/fault"
)

// Standing keeps fair lists right while wishes change, graduates sign and positions close,
// without counting everything again. Entries that a graduate has applied to stay. It is for
// one goroutine at a time.
type Standing struct {
	m      *Market
	a      *auction
	eps    Points
	at     map[string]int32 // graduate → index
	post   map[string]int32 // position → index
	by     [][]int32        // of each position: the graduates with an arc to it
	before map[int32][]int32
	loose  []int32 // positions with room and a price: they are offered again
}

// gone is the price of a position that nobody can have any more.
const gone = 1 << 29

// applied is a bid that nobody outbids.
const applied = gone

// Stand makes fair lists and keeps them. The whole market must be held: see inMemory.
//
// Errors: as Fair; fault.Conflict for a market that is too large.
func (m *Market) Stand(ctx context.Context, t Terms, eps Points) (*Standing, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	arcs, whole, err := m.arcs(ctx, t)
	if err != nil {
		return nil, err
	}
	if !whole {
		return nil, fault.Conflictf("market", "可匹配的组合超过 %d 万对，不能逐项更新，请重新生成推荐", inMemory/10_000)
	}
	own := *m
	own.Wishes, own.asks = slices.Clone(m.Wishes), slices.Clone(m.asks) // they change here, and only here
	s := &Standing{m: &own, a: newAuction(t, arcs, m.caps(t)), eps: eps, at: map[string]int32{}, post: map[string]int32{}, by: make([][]int32, len(m.Positions))}
	for i := range m.Wishes {
		s.at[m.Wishes[i].Graduate] = int32(i)
		s.a.wait(int32(i))
		s.link(int32(i))
	}
	for p := range m.Positions {
		s.post[m.Positions[p].ID] = int32(p)
	}
	return s, s.a.run(ctx, eps)
}

// Lists are the lists as they stand.
func (s *Standing) Lists(ctx context.Context) (*Lists, error) {
	out := s.a.lists(s.m)
	return out, s.m.tell(ctx, s.a.terms, out)
}

// Certify proves how good the lists are by now.
func (s *Standing) Certify(ctx context.Context, l *Lists) (Certificate, error) {
	return s.m.Certify(ctx, s.a.terms, l)
}

// Change is what a change did to one graduate's list.
type Change struct {
	Graduate       string
	Added, Removed []string // positions
}

// Wish takes in a changed wish of a graduate of the market: the lists concerned are right
// again. It returns whose list changed. Error: fault.NotFound; the context's.
func (s *Standing) Wish(ctx context.Context, w Wish) ([]Change, error) {
	i, err := s.graduate(w.Graduate)
	if err != nil {
		return nil, err
	}
	return s.step(ctx, func() {
		s.release(i)
		s.unlink(i)
		s.m.Wishes[i] = w
		s.m.asks[i] = s.m.ask(&w)
		arcs := arcsOf(s.m.reader().eligible(s.m.asks[i]))
		for _, p := range s.a.held[i] { // applied to: it stays, eligible or not
			if k := slices.IndexFunc(arcs, func(c arc) bool { return c.position == p }); k < 0 {
				arcs = append(arcs, arc{position: p})
			}
		}
		s.a.arcs[i] = union(nil, arcs)
		s.link(i)
		s.a.wait(i)
	})
}

// Leave takes a graduate's list away: signed, or no longer looking. Errors: as Wish.
func (s *Standing) Leave(ctx context.Context, graduate string) ([]Change, error) {
	i, err := s.graduate(graduate)
	if err != nil {
		return nil, err
	}
	return s.step(ctx, func() {
		for _, p := range slices.Clone(s.a.held[i]) {
			s.drop(i, p)
		}
		s.unlink(i)
		s.a.arcs[i] = nil
	})
}

// Close takes a position out of all lists but of those who have applied.
// Errors: fault.NotFound; the context's.
func (s *Standing) Close(ctx context.Context, position string) ([]Change, error) {
	p, ok := s.post[position]
	if !ok {
		return nil, fault.NotFoundf("position", "没有岗位“%s”", position)
	}
	return s.step(ctx, func() {
		stay := 0
		for _, b := range slices.Clone(s.a.bids[p]) {
			if b.points == applied {
				stay++
				continue
			}
			s.drop(b.graduate, p)
			s.a.wait(b.graduate)
		}
		s.a.cap[p], s.a.price[p] = stay, gone
	})
}

// Apply marks an entry as applied to: it stays in the list. Errors: fault.NotFound.
func (s *Standing) Apply(graduate, position string) error {
	i, err := s.graduate(graduate)
	if err != nil {
		return err
	}
	p, ok := s.post[position]
	if !ok || !slices.Contains(s.a.held[i], p) {
		return fault.NotFoundf("position", "推荐给“%s”的岗位里没有“%s”", graduate, position)
	}
	h := s.a.bids[p]
	h[slices.IndexFunc(h, func(b bid) bool { return b.graduate == i })].points = applied
	s.heap(p)
	return nil
}

func (s *Standing) graduate(id string) (int32, error) {
	i, ok := s.at[id]
	if !ok {
		return 0, fault.NotFoundf("graduate", "这次匹配里没有毕业生“%s”", id)
	}
	return i, nil
}

// step makes a change, lets everybody bid and every free place be offered until nothing
// moves, and tells what became of the lists.
func (s *Standing) step(ctx context.Context, change func()) ([]Change, error) {
	s.before = map[int32][]int32{}
	s.a.touch = s.remember
	change()
	for {
		if err := s.a.run(ctx, s.eps); err != nil {
			return nil, err
		}
		if len(s.loose) == 0 {
			break
		}
		p := s.loose[len(s.loose)-1]
		s.loose = s.loose[:len(s.loose)-1]
		s.offer(p)
	}
	return s.changes(), nil
}

// remember keeps a graduate's list as it was before the step.
func (s *Standing) remember(i int32) {
	if _, ok := s.before[i]; !ok {
		s.before[i] = slices.Clone(s.a.held[i])
	}
}

func (s *Standing) changes() []Change {
	var out []Change
	for i, was := range s.before {
		c := Change{Graduate: s.m.Wishes[i].Graduate, Added: s.only(s.a.held[i], was), Removed: s.only(was, s.a.held[i])}
		if len(c.Added)+len(c.Removed) > 0 {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b Change) int { return cmp.Compare(a.Graduate, b.Graduate) })
	return out
}

// only are the positions of a that b has not, by id.
func (s *Standing) only(a, b []int32) []string {
	var out []string
	for _, p := range a {
		if !slices.Contains(b, p) {
			out = append(out, s.m.Positions[p].ID)
		}
	}
	slices.Sort(out)
	return out
}

// release drops all of a graduate's entries but those applied to.
func (s *Standing) release(i int32) {
	for _, p := range slices.Clone(s.a.held[i]) {
		if !s.pinned(i, p) {
			s.drop(i, p)
		}
	}
}

func (s *Standing) pinned(i, p int32) bool {
	return slices.Contains(s.a.bids[p], bid{i, applied})
}

// drop takes an entry out of a list; the position has room then.
func (s *Standing) drop(i, p int32) {
	s.remember(i)
	s.a.held[i] = slices.DeleteFunc(s.a.held[i], func(x int32) bool { return x == p })
	s.a.bids[p] = slices.DeleteFunc(s.a.bids[p], func(b bid) bool { return b.graduate == i })
	s.heap(p)
	s.loose = append(s.loose, p)
}

// heap puts the bids of a position in order again.
func (s *Standing) heap(p int32) {
	h := s.a.bids[p]
	for i := len(h)/2 - 1; i >= 0; i-- {
		sink(h, i)
	}
}

// offer fills the room of a position with whom it is worth most to, above what they would
// give up for it; when nobody gains by it, its price is 0, as that of every position with
// room must be for the certificate to be tight.
func (s *Standing) offer(p int32) {
	a := s.a
	for len(a.bids[p]) < a.cap[p] && a.price[p] > 0 && a.price[p] != gone {
		first, second := s.gain(p)
		if first.above <= s.eps {
			a.price[p] = 0
			return
		}
		i := first.position // of the graduate: see gain
		price := max(0, min(a.price[p], second-s.eps))
		s.remember(i)
		if len(a.held[i]) == a.terms.Length {
			s.drop(i, s.worst(i))
		}
		a.held[i] = append(a.held[i], p)
		a.bids[p] = append(a.bids[p], bid{i, price})
		s.heap(p)
		a.price[p] = price
	}
}

// gain finds the graduate who gains most by a position, and how much the next one would.
// The worth it returns has the graduate for its position.
func (s *Standing) gain(p int32) (first worth, second Points) {
	first.above, second = -1<<30, -1<<30
	for _, i := range s.by[p] {
		if slices.Contains(s.a.held[i], p) {
			continue
		}
		g := s.a.score(i, p) - s.least(i)
		switch {
		case g > first.above:
			first, second = worth{arc{position: i}, g}, first.above
		case g > second:
			second = g
		}
	}
	return first, second
}

// least is what a graduate gives up for one more position: an empty place of the list, or
// the entry that is worth least above its price.
func (s *Standing) least(i int32) Points {
	if n := len(s.a.held[i]); n < s.a.terms.Length {
		return -s.a.terms.Rewards[n]
	}
	if p := s.worst(i); p >= 0 {
		return s.a.score(i, p) - s.a.price[p]
	}
	return gone // applied to everything
}

// worst is the entry of a list that is worth least above its price and not applied to; -1: none.
func (s *Standing) worst(i int32) int32 {
	out, least := int32(-1), Points(gone)
	for _, p := range s.a.held[i] {
		if x := s.a.score(i, p) - s.a.price[p]; x < least && !s.pinned(i, p) {
			out, least = p, x
		}
	}
	return out
}

// score of an arc.
func (a *auction) score(i, p int32) Points {
	k, ok := slices.BinarySearchFunc(a.arcs[i], p, func(c arc, p int32) int { return int(c.position - p) })
	if !ok {
		return 0
	}
	return a.arcs[i][k].score
}

func (s *Standing) link(i int32) {
	for _, c := range s.a.arcs[i] {
		s.by[c.position] = append(s.by[c.position], i)
	}
}

func (s *Standing) unlink(i int32) {
	for _, c := range s.a.arcs[i] {
		s.by[c.position] = slices.DeleteFunc(s.by[c.position], func(x int32) bool { return x == i })
	}
}
