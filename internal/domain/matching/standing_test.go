package matching

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestStanding: after every change the lists keep the caps, are certified nearly as well as
// lists made anew, and the changes told are those that happened; what was applied to stays.
func TestStanding(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 8))
	ctx := context.Background()
	for range 12 {
		wishes, positions := randomMarket(r, 60, 40)
		more, _ := randomMarket(r, 60, 1)
		terms := Usual()
		terms.Length, terms.Slack = 1+r.IntN(5), 40+r.IntN(120)
		s, err := market(t, wishes, positions).Stand(ctx, terms, 20)
		if err != nil {
			t.Fatal(err)
		}
		was := listed(t, s)
		pinned := map[string]string{}
		for range 40 {
			id := wishes[r.IntN(len(wishes))].Graduate
			var changes []Change
			switch r.IntN(6) {
			case 0:
				p := positions[r.IntN(len(positions))].ID
				changes, err = s.Close(ctx, p)
			case 1:
				changes, err = s.Leave(ctx, id)
				delete(pinned, id)
			case 2:
				if l := was[id]; len(l) > 0 {
					pinned[id] = l[0]
					err = s.Apply(id, l[0])
				}
			default:
				w := more[r.IntN(len(more))]
				w.Graduate = id
				changes, err = s.Wish(ctx, w)
			}
			if err != nil {
				t.Fatal(err)
			}
			was = follow(t, s, was, changes)
			for id, p := range pinned {
				if !slices.Contains(was[id], p) {
					t.Fatalf("%s has applied to %s, which is gone", id, p)
				}
			}
		}
	}
}

// listed are the lists by id, and what everything must keep.
func listed(t *testing.T, s *Standing) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	in := make([]int, len(s.m.Positions))
	for i, held := range s.a.held {
		for _, p := range held {
			out[s.m.Wishes[i].Graduate] = append(out[s.m.Wishes[i].Graduate], s.m.Positions[p].ID)
			in[p]++
			if !slices.ContainsFunc(s.a.bids[p], func(b bid) bool { return b.graduate == int32(i) }) {
				t.Fatalf("graduate %d has position %d without a bid", i, p)
			}
		}
	}
	for p, n := range in {
		if n > s.a.cap[p] || n != len(s.a.bids[p]) {
			t.Fatalf("position %d is in %d lists, has %d bids and a cap of %d", p, n, len(s.a.bids[p]), s.a.cap[p])
		}
		if n < s.a.cap[p] && s.a.price[p] != 0 && s.a.price[p] != gone {
			t.Fatalf("position %d has room and the price %d", p, s.a.price[p])
		}
	}
	return out
}

// follow plays the changes onto the lists of before and compares with those of now.
func follow(t *testing.T, s *Standing, was map[string][]string, changes []Change) map[string][]string {
	t.Helper()
	for _, c := range changes {
		l := append(slices.DeleteFunc(slices.Clone(was[c.Graduate]), func(p string) bool { return slices.Contains(c.Removed, p) }), c.Added...)
		was[c.Graduate] = l
	}
	now := listed(t, s)
	for id := range s.at {
		a, b := slices.Sorted(slices.Values(was[id])), slices.Sorted(slices.Values(now[id]))
		if !slices.Equal(a, b) {
			t.Fatalf("%s has %v, the changes told give %v", id, b, a)
		}
	}
	return now
}

// TestStandingStaysGood: a hundred changed wishes later the certified gap is still what was asked.
func TestStandingStaysGood(t *testing.T) {
	ctx := context.Background()
	wishes, positions := Synthetic(1000, 1100, 9)
	others, _ := Synthetic(1000, 1, 10)
	terms := Usual()
	s, err := market(t, wishes, positions).Stand(ctx, terms, 200)
	if err != nil {
		t.Fatal(err)
	}
	moved := 0
	for i := range 100 {
		w := others[i]
		w.Graduate = wishes[i*7].Graduate
		changes, err := s.Wish(ctx, w)
		if err != nil {
			t.Fatal(err)
		}
		moved += len(changes)
	}
	l, err := s.Lists(ctx)
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Certify(ctx, l)
	if err != nil || c.Gap() > terms.Gap || c.Gap() < 0 {
		t.Errorf("gap %f after a hundred changes: %+v %v", c.Gap(), c, err)
	}
	t.Logf("gap %.5f, %d lists changed for 100 wishes", c.Gap(), moved)
}
