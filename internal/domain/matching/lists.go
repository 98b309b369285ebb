package matching

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"sync"

	"quxiang/internal/domain/fault"
)

// Terms are what a school decides about its lists.
type Terms struct {
	Length  int      // entries of a list at most
	Rewards []Points // of the first entry, the second, …: never rising; they put a first entry for everybody before a fourth for somebody
	Slack   int      // how many times the entries that fill all headcount once, in hundred; 140: 1.4 k·n/H entries a head
	Gap     float64  // certified gap to reach, as a share
	Workers int      // threads; 0: as many as there are processors
}

// Usual are the terms that a school begins with.
func Usual() Terms {
	return Terms{Length: 10, Rewards: []Points{3 * Full, 2 * Full, 2 * Full, Full, Full, Full, Full, Full, Full, Full}, Slack: 140, Gap: 0.001}
}

func (t *Terms) check() error {
	switch {
	case t.Length < 1 || t.Length > 100:
		return fault.Invalidf("length", "每人的岗位数是 %d，应为 1 到 100", t.Length)
	case len(t.Rewards) < t.Length:
		return fault.Invalidf("rewards", "每人 %d 个岗位，却只有 %d 个次序分", t.Length, len(t.Rewards))
	case !slices.IsSortedFunc(t.Rewards, func(a, b Points) int { return cmp.Compare(b, a) }) || t.Rewards[t.Length-1] < 0:
		return fault.Invalidf("rewards", "次序分不能递增，也不能是负数")
	case t.Slack < 1 || t.Slack > 100_000:
		return fault.Invalidf("slack", "曝光上限系数应在 0.01 到 1000 之间")
	}
	return nil
}

// Lists are the positions that each graduate is shown, in the order of Market.Wishes; each
// list the best first.
type Lists struct {
	Entries [][]Pair
	Cap     []int    // of each position: how many lists it may be in
	Prices  []Points // of each position, in the units of a score; any prices bound the best value there is
}

// caps are how many lists each position may be in: its share of slack × k × n entries, by
// headcount, rounded up.
func (m *Market) caps(t Terms) []int {
	out := make([]int, len(m.Positions))
	entries := t.Slack * t.Length * len(m.Wishes)
	for i, p := range m.Positions {
		out[i] = max(1, (entries*p.Headcount+100*m.headcount-1)/(100*m.headcount))
	}
	return out
}

// better puts the better of two pairs of one graduate first: score, then the graduate's own
// points, then the position's order.
func better(a, b Pair) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(b.Graduate, a.Graduate), cmp.Compare(a.Position, b.Position))
}

// each runs do for every wish, in shares of threads; a thread has its own reader. What do
// writes is its own wish's, so that the number of threads changes nothing.
func (m *Market) each(ctx context.Context, workers int, do func(r *reader, i int)) error {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	const share = 256
	next := make(chan int)
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			r := m.reader()
			for from := range next {
				for i := from; i < min(from+share, len(m.Wishes)); i++ {
					do(r, i)
				}
			}
		})
	}
	var err error
	for from := 0; from < len(m.Wishes) && err == nil; from += share {
		select {
		case next <- from:
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	close(next)
	all.Wait()
	return err
}

// Plain lists are what each graduate would see who only filters and sorts (按条件浏览): the
// best positions, whoever else is shown them.
func (m *Market) Plain(ctx context.Context, t Terms) (*Lists, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	out := &Lists{Entries: make([][]Pair, len(m.Wishes)), Cap: m.caps(t), Prices: make([]Points, len(m.Positions))}
	err := m.each(ctx, t.Workers, func(r *reader, i int) {
		out.Entries[i] = append([]Pair(nil), r.best(m.asks[i], t.Length)...)
	})
	return out, err
}

// best are the n best pairs, best first; it may reorder what it is given.
func best(pairs []Pair, n int) []Pair {
	if n == 0 {
		return nil
	}
	if len(pairs) > n {
		top := newTop(n)
		for _, p := range pairs {
			top.add(p)
		}
		pairs = top.pairs
	}
	slices.SortFunc(pairs, better)
	return pairs
}

// top keeps the n best pairs: a heap whose root is the worst.
type top struct {
	n     int
	pairs []Pair
}

func newTop(n int) *top { return &top{n: n, pairs: make([]Pair, 0, n)} }

func (t *top) add(p Pair) {
	if len(t.pairs) < t.n {
		t.pairs = append(t.pairs, p)
		for i := len(t.pairs) - 1; i > 0 && better(t.pairs[i], t.pairs[(i-1)/2]) > 0; i = (i - 1) / 2 {
			t.pairs[i], t.pairs[(i-1)/2] = t.pairs[(i-1)/2], t.pairs[i]
		}
		return
	}
	if p.Score < t.pairs[0].Score || better(p, t.pairs[0]) >= 0 {
		return
	}
	t.pairs[0] = p
	for i := 0; ; {
		worst := i
		for c := 2*i + 1; c <= 2*i+2 && c < t.n; c++ {
			if better(t.pairs[c], t.pairs[worst]) > 0 {
				worst = c
			}
		}
		if worst == i {
			return
		}
		t.pairs[i], t.pairs[worst] = t.pairs[worst], t.pairs[i]
		i = worst
	}
}
