package destination

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/history"
)

const worklistDay = calendar.Day("2024-08-26")

// story is a random, orderly history of one graduate: what the rules of review
// accept, and now and then a recorded step.
type story struct {
	r      *rand.Rand
	id     string
	fold   *history.Fold
	events []history.Event
	known  calendar.Instant
	n      int
}

func newStory(r *rand.Rand, id string) *story {
	s := &story{r: r, id: id, fold: fold(), known: worklistDay.AddDays(-20).Start() + calendar.Instant(r.IntN(1000))}
	class := r.IntN(5)
	s.take(history.Event{Set: history.Settings{{Key: history.Cohort, Value: pick(r, "2024", "2024", "2023")},
		{Key: history.Level, Value: pick(r, "undergraduate", "master")}, {Key: history.College, Value: fmt.Sprint("c", class/2)},
		{Key: history.Class, Value: pick(r, fmt.Sprint("k", class), fmt.Sprint("k", class), "")},
		{Key: history.InStatistics, Value: pick(r, "true", "true", "false")}}})
	return s
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

func (s *story) take(e history.Event) {
	s.known += calendar.Instant(1 + s.r.IntN(40_000_000))
	e.Graduate, e.Seq, e.KnownAt = s.id, len(s.events)+1, s.known
	s.events = append(s.events, e)
	s.fold.Apply(&e)
}

// next tries random events until the rules accept one.
func (s *story) next() {
	for range 40 {
		e, by := s.guess()
		if e.Set == nil && threeLevels.Check(s.fold, &e, by) != nil {
			continue
		}
		s.take(e)
		return
	}
}

func (s *story) guess() (history.Event, Capacity) {
	r := s.r
	day := worklistDay.AddDays(r.IntN(12) - 8)
	if r.IntN(9) == 0 {
		return history.Event{TrueOn: pick(r, "", day), Set: history.Settings{pick(r,
			history.Setting{Key: history.Class, Value: fmt.Sprint("k", r.IntN(5))}, history.Setting{Key: history.Left, Value: pick(r, "true", "false")})}}, Staff
	}
	cases := s.fold.Cases()
	if r.IntN(4) == 0 && len(cases) > 0 {
		e := history.Event{Case: pick(r, cases...).ID, Mark: pick(r, history.Disputed, history.Upheld, history.Struck, history.Restored, history.Seen, history.EmployerConfirmed), Reason: "说明"}
		if e.Mark == history.Seen {
			e.Evidence = []history.Evidence{{Kind: "AGR"}}
		}
		return e, pick(r, Self, Staff)
	}
	e := history.Event{Step: pick(r, history.Proposed, history.Submitted, history.Submitted, history.Passed, history.Approved, history.Approved,
		history.Returned, history.Withdrawn, history.Refused, history.Recorded), TrueOn: day, Scheme: "MOE-2021", Code: pick(r, "10", "11", "76", "271", "801", "70-SEEK", "71"), Reason: "理由"}
	by := Staff
	if e.Step == history.Submitted || e.Step == history.Withdrawn {
		by, e.Actor = Self, "self-"+s.id
	}
	if u := s.fold.UnderWay(); u != nil && e.Step != history.Recorded {
		e.Change, e.Act, e.Case = u.ID, u.Act, u.Case
		_, e.Level = threeLevels.Waiting(s.fold, u)
	} else {
		s.n++
		e.Change, e.Act, e.Case = fmt.Sprint("x", s.n), history.Open, fmt.Sprint("k", s.n)
		if len(cases) > 0 && r.IntN(2) == 0 {
			e.Act, e.Case = pick(r, history.Amend, history.End, history.Void), pick(r, cases...).ID
		}
	}
	if by == Staff {
		e.Actor = fmt.Sprint("r", max(e.Level, r.IntN(4)))
		e.Source = pick(r, "legacy", history.SourceNational)
	}
	return e, by
}

// reviewers of the random school.
var reviewers = map[string]access.Actor{
	"counsellor": {Account: "r1", Grants: []access.Grant{{Role: access.Counsellor, Over: access.Classes("k1", "k2")}}},
	"secretary":  {Account: "r2", Grants: []access.Grant{{Role: access.CollegeSecretary, Over: access.Colleges("c1")}}},
	"office":     {Account: "r3", Grants: []access.Grant{{Role: access.Office, Over: access.School()}}},
	"deputy":     {Account: "r1", Grants: []access.Grant{{Role: access.Counsellor, Over: access.Scope{Classes: []string{"k1"}, Graduates: []string{"g003", "g011", "g070"}}}}},
	"console":    access.Console("x"),
	"nobody":     {Account: "r9"},
}

// TestWorklistAgainstFolds: over random histories that go on, the list says what
// the fold of each says, and its queues, lists and counts are those that one
// gets by asking everybody one by one (Q5).
func TestWorklistAgainstFolds(t *testing.T) {
	for seed := range uint64(4) {
		r := rand.New(rand.NewPCG(seed, 7))
		w := NewWorklist(threeLevels, worklistDay)
		var all []*story
		for i := range 120 {
			s := newStory(r, fmt.Sprintf("g%03d", i))
			for range r.IntN(12) {
				s.next()
			}
			all = append(all, s)
			w.Put(s.id, s.events)
		}
		for round := range 3 {
			model := map[string]Item{}
			for _, s := range all {
				checkItem(t, w, s)
				model[s.id], _ = w.Get(s.id)
			}
			for name, who := range reviewers {
				for _, cohort := range []string{"", "2024", "2030"} {
					checkQueues(t, w, fmt.Sprint(seed, round, name, cohort), who, cohort, model)
				}
			}
			for range 60 { // what changed is put again
				s := pick(r, all...)
				s.next()
				w.Put(s.id, s.events)
			}
		}
		w.Put(all[0].id, nil)
		if _, ok := w.Get(all[0].id); ok || w.Len() != len(all)-1 {
			t.Error("a graduate without events is still there")
		}
	}
}

// checkItem holds an item against the fold of the history.
func checkItem(t *testing.T, w *Worklist, s *story) {
	t.Helper()
	it, ok := w.Get(s.id)
	f := fold()
	for i := range s.events {
		f.Apply(&s.events[i])
	}
	state, newest := f.On(worklistDay), f.On("9999-12-31").Attrs
	if !ok || it.Detail != state.Detail || it.Case != state.Case || it.Code != state.Code || it.Attrs != newest || it.Counted != newest.Counted() {
		t.Errorf("%s: got %+v, the fold says %+v of %v", s.id, it, state, newest)
	}
	u := f.UnderWay()
	if (u == nil) != (it.Change == "") {
		t.Fatalf("%s: change %q, the fold has %v", s.id, it.Change, u)
	}
	if u != nil {
		_, at := threeLevels.Waiting(f, u)
		var since calendar.Instant
		submits := 0
		for _, e := range s.events {
			if e.Change == u.ID {
				since = e.KnownAt
				if e.Step == history.Submitted {
					submits++
				}
			}
		}
		if it.Change != u.ID || it.Act != u.Act || it.Last != u.Last || it.Level != at || it.Waits != since || it.Submits != submits {
			t.Errorf("%s: got %+v, want level %d since %s, submitted %d times", s.id, it, at, since, submits)
		}
	}
	if k := f.Case(it.About()); (k != nil && k.Disputed) != (it.DisputedAt > 0) || (k != nil && k.Struck) != (it.StruckAt > 0) {
		t.Errorf("%s: disputed at %d, struck at %d of %+v", s.id, it.DisputedAt, it.StruckAt, k)
	}
}

// lies says the queues once more, plainly.
func lies(w *Worklist, who access.Actor, it Item, q Queue) bool {
	switch q {
	case QueueUnregistered:
		return it.Counted && it.Detail == history.Unregistered && it.Change == "" && it.Coming == ""
	case QueueProposed:
		return it.Last == history.Proposed
	case QueueMine:
		return w.MayDecide(who, it)
	case QueueClass, QueueCollege, QueueSchool:
		return it.Level > 0 && string(it.Tier) == string(q)
	case QueueReturned:
		return it.Last == history.Returned
	case QueueDisputed:
		return it.DisputedAt > 0
	case QueueStruck:
		return it.StruckAt > 0
	}
	return true
}

func checkQueues(t *testing.T, w *Worklist, name string, who access.Actor, cohort string, model map[string]Item) {
	t.Helper()
	within := who.Within(access.ReviewCase)
	counts := w.Counts(who, within, cohort)
	for i, q := range Queues {
		var want []Item
		for _, it := range model {
			a := it.Attrs
			if within.Holds(it.Graduate, a.Value(history.College), a.Value(history.Class)) &&
				(cohort == "" || a.Value(history.Cohort) == cohort) && lies(w, who, it, q) {
				want = append(want, it)
			}
		}
		slices.SortFunc(want, func(a, b Item) int {
			return cmp.Or(cmp.Compare(a.Attrs.Value(history.Class), b.Attrs.Value(history.Class)),
				cmp.Compare(a.Attrs.Value(history.College), b.Attrs.Value(history.College)),
				cmp.Compare(a.Attrs.Value(history.Cohort), b.Attrs.Value(history.Cohort)), cmp.Compare(a.Graduate, b.Graduate))
		})
		if counts[i].Queue != q || counts[i].N != len(want) {
			t.Errorf("%s %q: counted %+v, want %d", name, q, counts[i], len(want))
		}
		for _, sorted := range []string{"", SortAge} {
			if sorted == SortAge {
				slices.SortStableFunc(want, func(a, b Item) int { return cmp.Compare(waitsIn(a, q), waitsIn(b, q)) })
			}
			got := paged(t, w, who, within, Filter{Cohort: cohort, Queue: q, Sort: sorted}, len(want))
			if !slices.EqualFunc(got, want, func(a, b Item) bool { return a.Graduate == b.Graduate }) {
				t.Errorf("%s %q %q: listed %v, want %v", name, q, sorted, ids(got), ids(want))
			}
		}
	}
	checkClasses(t, w, name, within, cohort, counts)
}

func waitsIn(it Item, q Queue) calendar.Instant {
	at := it.Waits
	switch q {
	case QueueDisputed:
		at = it.DisputedAt
	case QueueStruck:
		at = it.StruckAt
	}
	if at == 0 {
		return calendar.Forever
	}
	return at
}

// paged reads a list in pages of seven.
func paged(t *testing.T, w *Worklist, who access.Actor, within access.Scope, f Filter, want int) (all []Item) {
	t.Helper()
	after := ""
	for range 100 {
		items, total := w.List(who, within, f, after, 7)
		if total != want {
			t.Errorf("%+v after %q: total %d, want %d", f, after, total, want)
		}
		if len(items) == 0 {
			return all
		}
		all = append(all, items...)
		after = items[len(items)-1].Graduate
	}
	t.Fatal("pages without end")
	return nil
}

func ids(list []Item) (out []string) {
	for _, it := range list {
		out = append(out, it.Graduate)
	}
	return out
}

// checkClasses: the classes add up to the queues, and facts to what is settled.
func checkClasses(t *testing.T, w *Worklist, name string, within access.Scope, cohort string, counts []QueueCount) {
	t.Helper()
	classes := w.Classes(within, cohort)
	for i, q := range Queues {
		sum := 0
		for _, c := range classes {
			sum += c.Of(q)
		}
		if q != QueueMine && sum != counts[i].N {
			t.Errorf("%s: classes add up to %d in %q, counted %d", name, sum, q, counts[i].N)
		}
	}
	if !slices.IsSortedFunc(classes, func(a, b ClassCount) int { return cmp.Compare(a.Class, b.Class) }) {
		t.Errorf("%s: classes out of order: %v", name, classes)
	}
	f := w.Facts(within, cohort)
	if f.National+f.Employer+f.Seen+f.Declared+f.Imported != f.N || name == "00office" && f.N == 0 {
		t.Errorf("%s: facts do not add up: %+v", name, f)
	}
}

// TestWorklistFilters: by code with what stands under it, class, level and names.
func TestWorklistFilters(t *testing.T) {
	w := NewWorklist(threeLevels, worklistDay)
	for i, code := range []string{"271", "10", "27", "70-SEEK"} {
		id := fmt.Sprint("g", i)
		w.Put(id, []history.Event{
			{Graduate: id, Seq: 1, KnownAt: 1000, Set: history.Settings{{Key: history.Cohort, Value: "2024"}, {Key: history.Level, Value: "master"},
				{Key: history.Class, Value: fmt.Sprint("k", i%2)}, {Key: history.InStatistics, Value: "true"}}},
			{Graduate: id, Seq: 2, KnownAt: 2000, Change: "x", Case: "k", Act: history.Open, Step: history.Submitted, TrueOn: "2024-06-01", Scheme: "MOE-2021", Code: code, Actor: "s"},
		})
	}
	office := reviewers["office"]
	for name, c := range map[string]struct {
		f    Filter
		want []string
	}{
		"a family of codes":     {Filter{Code: "27"}, []string{"g0", "g2"}}, // before anything runs as well
		"a code":                {Filter{Code: "271"}, []string{"g0"}},
		"a code nobody has":     {Filter{Code: "85"}, nil},
		"a class":               {Filter{Class: "k1"}, []string{"g1", "g3"}},
		"a level":               {Filter{Level: "master", Class: "k0"}, []string{"g0", "g2"}},
		"a level nobody is at":  {Filter{Level: "doctor"}, nil},
		"among":                 {Filter{Among: map[string]bool{"g1": true}}, []string{"g1"}},
		"except":                {Filter{Except: map[string]bool{"g1": true}}, []string{"g0", "g2", "g3"}},
		"no such queue":         {Filter{Queue: "x"}, nil},
		"among nobody is empty": {Filter{Among: map[string]bool{}}, nil},
	} {
		f := c.f
		if f.Queue == "" {
			f.Queue = QueueClass
		}
		got, _ := w.List(office, access.School(), f, "", 10)
		if !slices.Equal(ids(got), c.want) {
			t.Errorf("%s: got %v, want %v", name, ids(got), c.want)
		}
	}
	if got, n := w.List(office, access.Scope{}, Filter{}, "", 10); n != 0 || got != nil {
		t.Errorf("the zero scope saw %v", got)
	}
}

// TestWorklistTurns: a case that begins tomorrow is no 未登记 today, and runs when
// its day comes.
func TestWorklistTurns(t *testing.T) {
	w := NewWorklist(threeLevels, worklistDay)
	events := []history.Event{
		{Graduate: "g", Seq: 1, KnownAt: 1000, Set: history.Settings{{Key: history.Cohort, Value: "2024"}, {Key: history.InStatistics, Value: "true"}}},
		{Graduate: "g", Seq: 2, KnownAt: 2000, Change: "x", Case: "k", Act: history.Open, Step: history.Recorded, TrueOn: worklistDay.AddDays(1), Scheme: "MOE-2021", Code: "10"},
	}
	w.Put("g", events)
	it, _ := w.Get("g")
	if it.Detail != history.Unregistered || it.Coming != "k" || it.About() != "k" || w.Counts(reviewers["office"], access.School(), "2024")[unregistered].N != 0 {
		t.Errorf("the day before: %+v", it)
	}
	if due := w.Turn(worklistDay); due != nil {
		t.Errorf("the same day turned: %v", due)
	}
	if due := w.Turn(worklistDay.AddDays(1)); !slices.Equal(due, []string{"g"}) {
		t.Fatalf("due: %v", due)
	}
	w.Put("g", events)
	if it, _ = w.Get("g"); it.Detail != history.Registered || it.Coming != "" || it.Code != "10" {
		t.Errorf("on the day: %+v", it)
	}
	if due := w.Turn(worklistDay.AddDays(5)); len(due) != 0 {
		t.Errorf("nothing more comes: %v", due)
	}
}

// TestFactsAtACut: facts are those known before the cut, of the case that ran.
func TestFactsAtACut(t *testing.T) {
	day := calendar.Day("2024-06-20")
	events := []history.Event{stood(), marked(history.Seen, "c"), marked(history.EmployerConfirmed, "c")}
	for i := range events {
		events[i].Seq, events[i].KnownAt, events[i].Case = i+1, day.AddDays(i).Start(), "k"
	}
	for name, c := range map[string]struct {
		days int
		want history.Facts
		ran  bool
	}{
		"before it was known": {0, history.Facts{}, false},
		"recorded":            {1, history.Facts{Imported: true}, true},
		"seen":                {2, history.Facts{Imported: true, Seen: true}, true},
		"confirmed":           {3, history.Facts{Imported: true, Seen: true, EmployerConfirmed: true}, true},
	} {
		at := day.AddDays(c.days).Start()
		got, ran := FactsAt(events, calendar.Cut{True: at, Known: at}, NoWork(codes.Builtin()))
		if got != c.want || ran != c.ran {
			t.Errorf("%s: got %+v %v", name, got, ran)
		}
	}
}

// TestByCollege: the sums of colleges are those of their classes, in the order of colleges.
func TestByCollege(t *testing.T) {
	count := func(class, college string, n, unregistered int) ClassCount {
		c := ClassCount{Class: class, College: college, Cohort: "2024", N: n, Counted: n - 1}
		c.queues[0] = unregistered
		return c
	}
	got := ByCollege([]ClassCount{count("k1", "c02", 30, 4), count("k2", "c01", 20, 0), count("k3", "c02", 10, 5), count("", "", 1, 1)})
	if len(got) != 3 || got[0].College != "" || got[1].College != "c01" || got[2].College != "c02" {
		t.Fatalf("colleges: %+v", got)
	}
	if c := got[2]; c.Class != "" || c.N != 40 || c.Counted != 38 || c.Of(QueueUnregistered) != 9 || c.Cohort != "2024" {
		t.Errorf("c02: %+v", c)
	}
}
