package indicator

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/history"
)

// TestPutReplaces: however often and in whatever order graduates are put again,
// the columns say the same, and do not grow without end.
func TestPutReplaces(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	histories := make([][]history.Event, 20)
	for i := range histories {
		histories[i] = randomHistory(r, string(rune('a'+i)))
	}
	fresh, worn := NewColumns(ministryNoWork), NewColumns(ministryNoWork)
	for _, h := range histories {
		fresh.Put(h[0].Graduate, h)
	}
	for range 30_000 {
		h := histories[r.IntN(len(histories))]
		worn.Put(h[0].Graduate, h[:1+r.IntN(len(h))])
	}
	for _, i := range r.Perm(len(histories)) {
		worn.Put(histories[i][0].Graduate, histories[i])
	}
	if n := len(worn.where.now) + len(worn.where.then); n > 1<<18 {
		t.Errorf("%d pieces of 20 graduates", n)
	}
	for range 200 {
		q := whole("destination", "school-2024", "level", "nature")
		q.Cohorts = []string{"2023", "2024"}
		q.AsOf, q.KnownAt = calendar.WhenAt(randomInstant(r)), calendar.WhenAt(randomInstant(r))
		a, b := mustCount(t, fresh, q), mustCount(t, worn, q)
		if !slices.Equal(cells(a), cells(b)) || a.Hindsight != b.Hindsight {
			t.Fatalf("got %v, want %v", cells(b), cells(a))
		}
	}
	for _, h := range histories {
		worn.Put(h[0].Graduate, nil)
	}
	if got := mustCount(t, worn, whole("destination", "")); len(got.Rows) != 0 {
		t.Errorf("of nobody: %v", got.Rows)
	}
}

// TestBesideWriters: counts beside writers see each graduate whole, before or after.
func TestBesideWriters(t *testing.T) {
	c := tableOne()
	var writers sync.WaitGroup
	stop := make(chan struct{})
	for w := range 2 {
		writers.Go(func() {
			r := rand.New(rand.NewPCG(1, uint64(w)))
			for {
				select {
				case <-stop:
					return
				default:
				}
				id := pick(r, "g000001", "g000002", "g001500", "g002600")
				c.Put(id, []history.Event{{Graduate: id, Seq: 1, KnownAt: 1, Set: history.Settings{{Key: history.Cohort, Value: "2024"},
					{Key: history.Level, Value: pick(r, "master", "doctor")}, {Key: history.InStatistics, Value: "true"}}}})
			}
		})
	}
	for end := time.Now().Add(300 * time.Millisecond); time.Now().Before(end); {
		got := mustCount(t, c, whole("destination", "", "level", "code"))
		if n := got.Rows[len(got.Rows)-1].N; n != 2660 {
			t.Errorf("%d people", n)
		}
	}
	close(stop)
	writers.Wait()
}

// TestWideTables: combinations too many for a plain table are counted by a map.
func TestWideTables(t *testing.T) {
	p := pairing{width: 3000}
	r := rand.New(rand.NewPCG(2, 2))
	want := map[[2]uint32]int32{}
	for range 20_000 {
		pair := [2]uint32{uint32(r.IntN(4000)), uint32(r.IntN(3000))}
		rows := [1]int32{}
		tl := tally{axes: []axis{{person: true, col: []uint32{pair[1]}}}, chain: []pairing{p}}
		n := tl.number(rows[:], []entry{{cohort: int32(pair[0])}})[0]
		p = tl.chain[0]
		if have, ok := want[pair]; ok && have != n {
			t.Fatalf("%v is %d and %d", pair, have, n)
		}
		want[pair] = n
		if key := tl.key(n); key[0] != pair[0] || key[1] != pair[1] {
			t.Fatalf("%d is %v, want %v", n, key, pair)
		}
	}
	if len(p.wide) == 0 || len(p.table) > maxPairingTable {
		t.Errorf("table of %d, map of %d", len(p.table), len(p.wide))
	}
}

// TestDayNumber against package time, leap days and all.
func TestDayNumber(t *testing.T) {
	for d := calendar.Day("1969-12-25"); d < "2101-01-01"; d = d.AddDays(1) {
		n := dayNumber(d)
		if dayStart(n) != d.Start() {
			t.Fatalf("%s: %d begins at %s", d, n, dayStart(n))
		}
	}
	if dayNumber("") >= dayNumber("0001-01-01") {
		t.Error("the beginning is not before all days")
	}
}

// TestPeopleRefused: a number that the table does not have.
func TestPeopleRefused(t *testing.T) {
	c := tableOne()
	for _, sel := range []Selection{{Cell: "rank"}, {Reason: "lazy"}, {Keys: []Condition{{"tutor", "x"}}}} {
		if _, err := c.People(whole("destination", ""), env(), sel); err == nil {
			t.Errorf("%+v was taken", sel)
		}
	}
	q := whole("region", "")
	q.Within = access.School()
	if _, err := c.People(q, env(), Selection{Reason: history.Unregistered}); err == nil {
		t.Error("regions do not split the seeking")
	}
}
