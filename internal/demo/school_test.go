package demo

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"quxiang/internal/domain/history"
	"quxiang/internal/domain/indicator"
)

// small is a school that is decided, its people not yet told.
func small(t *testing.T, size int, seed uint64) *school {
	t.Helper()
	s, err := newSchool(size, seed)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// everybody tells all stories, in order.
func (s *school) everybody(do func(*teller)) {
	for _, g := range s.groups {
		for i := range g.slots {
			do(s.tell(s.person(g, i)))
		}
	}
}

// TestSizes: every size keeps the proportions: the cohort has as many as were
// asked for, and each cell is off its share by less than one.
func TestSizes(t *testing.T) {
	for _, size := range []int{100, 266, 1001, 5000} {
		c := counted(t, size, 11)
		table := c.table("destination", "school-2024", "2024", "2024-08-31", "", "level")
		total := 0
		for i := range table.Rows {
			if r := &table.Rows[i]; r.Total {
				total = r.N
				for h, cell := range table.Headings {
					want := map[string]int{"signed": 1208, "study": 958, "abroad": 31, "other": 103, "seeking": 359, "settled": 2300}[cell.ID] * size / Size
					if want > 0 && (r.Cells[h].K < want-20 || r.Cells[h].K > want+20) {
						t.Errorf("size %d: %s has %d, in proportion about %d", size, cell.ID, r.Cells[h].K, want)
					}
				}
			}
		}
		if total != size {
			t.Errorf("size %d: %d count", size, total)
		}
		if table.Hindsight == 0 {
			t.Errorf("size %d: nobody counts in hindsight", size)
		}
		if got := row(c.table("employer-kind", "", "2024", "2024-08-31", ""), "合计", "other"); !strings.HasSuffix(got, " 0") {
			t.Errorf("size %d: employers of no kind: %s", size, got)
		}
		for _, name := range []string{"region", "industry", "post", "nature"} { // parts add up, or Count fails
			c.table(name, "", "2022-2025", "08-31", "", "college")
		}
		first := c.table("destination", "", "2024", "2024-08-31", "2024-09-10")
		last := c.table("destination", "", "2024", "2024-12-31", "2025-01-02")
		if settled(last) <= settled(first) {
			t.Errorf("size %d: %d settled in August, %d at the year's end", size, settled(first), settled(last))
		}
	}
}

func settled(t indicator.Table) int {
	r := t.Rows[len(t.Rows)-1]
	return r.Cells[slices.IndexFunc(t.Headings, func(h indicator.Heading) bool { return h.ID == "settled" })].K
}

// TestRunning: on the day of the demonstration the running cohort is half way:
// some registered, some in review at each level, returned, disputed, or silent.
func TestRunning(t *testing.T) {
	c := counted(t, Size, 1)
	table := c.table("destination", "", "2025", "2025-06-16", "")
	r := table.Rows[len(table.Rows)-1]
	if s := settled(table); s < r.N/3 || s > r.N*3/4 {
		t.Errorf("%d of %d settled", s, r.N)
	}
	for _, reason := range r.Seeking {
		if reason.K == 0 {
			t.Errorf("nobody is %s", reason.ID)
		}
	}
	s, waits := small(t, Size, 1), map[string]int{}
	s.everybody(func(p *teller) {
		if e := p.events[len(p.events)-1]; p.group.year == "2025" && e.Step != "" {
			waits[fmt.Sprint(e.Step, e.Level)]++
		}
	})
	for _, what := range []string{"proposed0", "submitted0", "passed1", "passed2", "approved3", "withdrawn0"} {
		if waits[what] == 0 {
			t.Errorf("nobody's newest step is %s: %v", what, waits)
		}
	}
}

// TestFrozenDetail: when the first figures are frozen, the changes that wait
// are in review, and those sent back are returned.
func TestFrozenDetail(t *testing.T) {
	c := counted(t, Size, 1)
	table := c.table("destination", "school-2024", "2024", "2024-08-31", "2024-09-10T16:30")
	r := table.Rows[len(table.Rows)-1]
	got := map[history.Detail]int{}
	for _, reason := range r.Seeking {
		got[reason.ID] = reason.K
	}
	if got[history.InReview] < 46 { // some of those who found work in September may be so too
		t.Errorf("%d in review, want at least 46", got[history.InReview])
	}
	got[history.Unregistered] += got[history.InReview]
	delete(got, history.InReview)
	want := map[history.Detail]int{history.Registered: 118, history.WasReturned: 34, history.InDispute: 18, history.WasStruck: 14,
		history.Unregistered: 175}
	if !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestSameSeed: the same seed gives the same school to the last id, another seed
// another; and nobody's story hangs on who was told before.
func TestSameSeed(t *testing.T) {
	told := func(seed uint64, backwards bool) (out []string) {
		s := small(t, 100, seed)
		keep := func(p *teller) { out = append(out, fmt.Sprintf("%+v %v %v", p.Graduate, p.events, p.samples)) }
		if !backwards {
			s.everybody(keep)
			return append(out, fmt.Sprint(s.staff.accounts, s.units, s.market.masters(), s.market.levels()))
		}
		for _, g := range slices.Backward(s.groups) {
			for i := range slices.Backward(g.slots) {
				keep(s.tell(s.person(g, i)))
			}
		}
		slices.Reverse(out)
		return append(out, fmt.Sprint(s.staff.accounts, s.units, s.market.masters(), s.market.levels()))
	}
	first := told(1, false)
	for name, again := range map[string][]string{"again": told(1, false), "backwards": told(1, true)} {
		if i := differ(first, again); i >= 0 {
			t.Errorf("%s: the same seed tells another story of %d: %s\n%s", name, i, first[i], again[i])
		}
	}
	if differ(first, told(2, false)) < 0 {
		t.Error("another seed tells the same stories")
	}
}

func differ(a, b []string) int {
	for i := range a {
		if i >= len(b) || a[i] != b[i] {
			return i
		}
	}
	return -1
}

// TestNames: people are called differently, some with a dot, some at length.
func TestNames(t *testing.T) {
	s, names, dotted := small(t, Size, 1), map[string]int{}, 0
	s.everybody(func(p *teller) {
		names[p.Name]++
		if strings.Contains(p.Name, "·") {
			dotted++
		}
	})
	if len(names)*10 < s.people*8 {
		t.Errorf("%d names for %d people", len(names), s.people)
	}
	if dotted == 0 {
		t.Error("no name has a dot")
	}
}

// TestApportion: what is split adds up, and no part is off its share by one.
func TestApportion(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		weights := rapid.SliceOfN(rapid.IntRange(0, 900), 1, 40).Draw(r, "weights")
		weights[0]++
		total, sum, got := rapid.IntRange(0, 1_000_000).Draw(r, "total"), 0, 0
		for _, w := range weights {
			sum += w
		}
		for i, n := range apportion(weights, total) {
			if got += n; n*sum <= weights[i]*total-sum || n*sum >= weights[i]*total+sum {
				r.Errorf("%d of %d for weight %d of %d", n, total, weights[i], sum)
			}
		}
		if got != total {
			r.Errorf("%d, not %d", got, total)
		}
		if !slices.Equal(apportion(weights, sum), weights) {
			r.Error("its own sum is split otherwise")
		}
	})
}

// TestSpread: what is spread adds up, nothing goes where the weight is 0, and no
// part is off its share by more than one.
func TestSpread(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		weights := rapid.SliceOfN(rapid.Float64Range(0, 30), 1, 20).Draw(r, "weights")
		weights = append(weights, 1, 0)
		n, sum, got := rapid.IntRange(0, 100_000).Draw(r, "n"), 0.0, 0
		for _, w := range weights {
			sum += w
		}
		for i, k := range spread(random(rapid.Uint64().Draw(r, "seed"), ofSpread, 0), n, weights) {
			share := weights[i] / sum * float64(n)
			if got += k; weights[i] == 0 && k != 0 || float64(k) < share-1.001 || float64(k) > share+1.001 {
				r.Errorf("%d where %f is due", k, share)
			}
		}
		if got != n {
			r.Errorf("%d, not %d", got, n)
		}
	})
}
