package matching

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"quxiang/internal/domain/fault"
)

// randomMarket uses every criterion, open and closed, and every need of a licence.
func randomMarket(r *rand.Rand, graduates, positions int) ([]Wish, []Position) {
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	some := func(from ...string) (out []string) {
		if r.IntN(3) == 0 {
			return nil
		}
		for _, i := range r.Perm(len(from))[:1+r.IntN(len(from))] {
			out = append(out, from[i])
		}
		return out
	}
	wishes, list := make([]Wish, graduates), make([]Position, positions)
	for i := range wishes {
		w := &wishes[i]
		*w = Wish{Graduate: fmt.Sprint("g", i), Education: Education(1 + r.IntN(4)), Major: pick("100201", "100301", "101101", "0712X1"), Standing: r.IntN(101),
			Licences: some("甲", "乙"), Salary: 1000 * r.IntN(6), Practised: some("e1", "e2")}
		if r.IntN(2) == 0 {
			w.Expected = map[string]string{"甲": pick("2024-09-30", "2025-03-01")}
		}
		w.Wants = [coded][]string{some("12|31", "1101", "13"), some("1", "23", "3"), some("1", "2"), some("3", "2"), some("Q83", "P"), some("A", "B")}
		for _, c := range r.Perm(len(Criteria))[:r.IntN(len(Criteria))] {
			w.Order = append(w.Order, Criterion(c))
		}
	}
	for i := range list {
		p := &list[i]
		*p = Position{ID: fmt.Sprint("p", i), Employer: fmt.Sprint("e", r.IntN(4)), Headcount: 1 + r.IntN(3), Salary: 1000 * r.IntN(9), Education: Education(r.IntN(5)),
			Majors: some("1002", "10", "1011", "07"), Licence: pick("甲", "乙"), Need: Need(r.IntN(4)), LicenceDay: pick("2024-12-31", "")}
		p.Is = [coded]string{pick("120101", "120104", "110105", "130100", "310101"), pick("11", "12", "23", "30"), pick("1", "2", "3"), pick("", "3", "2"), pick("Q83", "P82"), pick("", "A", "B")}
		if r.IntN(2) == 0 {
			p.Weights = Weights{r.IntN(5), r.IntN(5), r.IntN(5), r.IntN(5), 1 + r.IntN(5)}
		}
	}
	return wishes, list
}

func market(t testing.TB, w []Wish, p []Position) *Market {
	t.Helper()
	m, err := NewMarket(w, p)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestEligible: what the bitmaps find is what comparing every wish with every position
// finds, with the same points, and every refusal has its words.
func TestEligible(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	name := func(_ Criterion, code string) string { return code }
	pairs := 0
	for range 20 {
		m := market(t, first(randomMarket(r, 40, 150)), last(randomMarket(r, 40, 150)))
		read := m.reader()
		for i := range m.Wishes {
			var want []Pair
			for j := range m.Positions {
				if e := Explain(&m.Wishes[i], &m.Positions[j], name); e.Eligible {
					want = append(want, Pair{int32(j), e.Graduate, e.Employer, e.Score})
				} else if e.Failing == "" {
					t.Fatalf("no word why %+v does not fit %+v", m.Wishes[i], m.Positions[j])
				}
			}
			pairs += len(want)
			if got := read.eligible(m.asks[i]); !slices.Equal(got, want) {
				t.Fatalf("wish %+v: %v, one by one %v", m.Wishes[i], got, want)
			}
			if got, want := read.best(m.asks[i], 5), best(slices.Clone(want), 5); !slices.Equal(got, want) {
				t.Fatalf("wish %+v: the best are %v, of all %v", m.Wishes[i], got, want)
			}
		}
	}
	if pairs < 1000 {
		t.Errorf("only %d pairs: the test shows little", pairs)
	}
}

func first(w []Wish, _ []Position) []Wish    { return w }
func last(_ []Wish, p []Position) []Position { return p }

func TestBadMarkets(t *testing.T) {
	one := []Position{{ID: "p", Headcount: 1}}
	var many []Position
	for i := range mostValues + 1 {
		p := Position{ID: fmt.Sprint(i), Headcount: 1}
		p.Is[Training] = p.ID
		many = append(many, p)
	}
	for name, err := range map[string]error{
		"twice":         second(NewMarket([]Wish{{Graduate: "a"}, {Graduate: "a"}}, one)),
		"no id":         second(NewMarket([]Wish{{}}, one)),
		"no places":     second(NewMarket(nil, []Position{{ID: "p"}})),
		"many words":    second(NewMarket(nil, many)),
		"position once": second(NewMarket(nil, append(one, one...))),
	} {
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	m := market(t, nil, nil)
	l, c, err := m.Fair(context.Background(), Usual())
	if err != nil || len(l.Entries) != 0 || c.Gap() != 0 {
		t.Errorf("an empty market: %v %v %v", l, c, err)
	}
}

func second(_ *Market, err error) error { return err }

// kinds of lists, by name.
func everyKind(t testing.TB, m *Market, terms Terms) map[string]*Lists {
	t.Helper()
	ctx := context.Background()
	out := map[string]*Lists{}
	for name, make := range map[string]func(context.Context, Terms) (*Lists, error){"plain": m.Plain, "greedy": m.Greedy, "serial": m.Serial,
		"fair": func(ctx context.Context, t Terms) (*Lists, error) { l, _, err := m.Fair(ctx, t); return l, err }} {
		l, err := make(ctx, terms)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = l
	}
	return out
}

// TestListsKeepTheTerms: entries are eligible, no list is too long or has a position twice,
// and but for plain lists no position is in more lists than its cap.
func TestListsKeepTheTerms(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	for range 30 {
		m := market(t, first(randomMarket(r, 60, 40)), last(randomMarket(r, 60, 40)))
		terms := Usual()
		terms.Length, terms.Slack = 1+r.IntN(8), 20+r.IntN(300)
		for name, l := range everyKind(t, m, terms) {
			in := make([]int, len(m.Positions))
			read := m.reader()
			for i, list := range l.Entries {
				able := slices.Clone(read.eligible(m.asks[i]))
				seen := map[int32]bool{}
				for _, e := range list {
					if seen[e.Position] || !slices.Contains(able, e) {
						t.Fatalf("%s: %v is twice in the list or no eligible pair", name, e)
					}
					seen[e.Position] = true
					in[e.Position]++
				}
				if len(list) > terms.Length || !slices.IsSortedFunc(list, better) {
					t.Fatalf("%s: list %v", name, list)
				}
			}
			for p, n := range in {
				if name != "plain" && n > l.Cap[p] {
					t.Fatalf("%s: position %d is in %d lists, its cap is %d", name, p, n, l.Cap[p])
				}
			}
		}
	}
}

// TestSameListsWhateverTheThreads: 1, 2 and 8 threads and shuffled files give the same.
func TestSameListsWhateverTheThreads(t *testing.T) {
	w, p := Synthetic(900, 700, 5)
	terms := Usual()
	terms.Workers = 1
	want := everyKind(t, market(t, w, p), terms)
	r := rand.New(rand.NewPCG(1, 1))
	for _, terms.Workers = range []int{2, 8} {
		r.Shuffle(len(w), func(i, j int) { w[i], w[j] = w[j], w[i] })
		r.Shuffle(len(p), func(i, j int) { p[i], p[j] = p[j], p[i] })
		for name, got := range everyKind(t, market(t, w, p), terms) {
			if !reflect.DeepEqual(got, want[name]) {
				t.Errorf("%s: %d threads and shuffled files give other lists", name, terms.Workers)
			}
		}
	}
}
