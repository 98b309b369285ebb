package destination

import (
	"cmp"
	"slices"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/history"
)

type groupKey struct{ class, college, cohort string }

// group is a class of one cohort: what scopes and lists go by.
type group struct {
	groupKey
	rows     []*row // by graduate, once in order
	seats    []seat // of rows
	unsorted bool
	dirty    bool
	place    int // in w.order

	counted int
	counts  [nQueues]int
	oldest  [nQueues]calendar.Instant
	facts   FactCounts
}

func (w *Worklist) groupOf(a history.Attributes) *group {
	k := groupKey{a.Value(history.Class), a.Value(history.College), a.Value(history.Cohort)}
	g := w.groups[k]
	if g == nil {
		k = groupKey{w.words.list[w.words.id(k.class)], w.words.list[w.words.id(k.college)], w.words.list[w.words.id(k.cohort)]}
		g = &group{groupKey: k}
		w.groups[k] = g
		w.order = nil // made anew before the next read
	}
	return g
}

func (w *Worklist) touch(g *group) {
	if !g.dirty {
		g.dirty = true
		w.dirty = append(w.dirty, g)
	}
}

// read takes the lock for reading, with everything in order.
func (w *Worklist) read() {
	for {
		w.mu.RLock()
		if len(w.dirty) == 0 && w.order != nil {
			return
		}
		w.mu.RUnlock()
		w.mu.Lock()
		w.tidy()
		w.mu.Unlock()
	}
}

// tidy brings groups and their order up to date.
func (w *Worklist) tidy() {
	for _, g := range w.dirty {
		g.dirty = false
		if len(g.rows) == 0 {
			delete(w.groups, g.groupKey)
			w.order = nil
			continue
		}
		g.recount()
	}
	w.dirty = nil
	if w.order != nil {
		return
	}
	w.order = make([]*group, 0, len(w.groups))
	for _, g := range w.groups {
		w.order = append(w.order, g)
	}
	slices.SortFunc(w.order, func(a, b *group) int {
		return cmp.Or(strings.Compare(a.class, b.class), strings.Compare(a.college, b.college), strings.Compare(a.cohort, b.cohort))
	})
	for i, g := range w.order {
		g.place = i
	}
}

func (g *group) recount() {
	if g.unsorted {
		slices.SortFunc(g.rows, func(a, b *row) int { return strings.Compare(a.graduate, b.graduate) })
		g.unsorted = false
	}
	g.counted, g.counts, g.oldest, g.facts = 0, [nQueues]int{}, [nQueues]calendar.Instant{}, FactCounts{}
	g.seats = slices.Grow(g.seats[:0], len(g.rows))
	for _, r := range g.rows {
		g.seats = append(g.seats, r.seat())
		g.add(r)
	}
}

func (g *group) add(r *row) {
	if r.counted {
		g.counted++
	}
	if r.settled {
		g.facts.add(r.facts)
	}
	for q := range nQueues {
		if r.in&(1<<q) != 0 {
			g.counts[q]++
			g.oldest[q] = earlier(g.oldest[q], r.age(q))
		}
	}
}

// earlier of two instants; 0 is none.
func earlier(a, b calendar.Instant) calendar.Instant {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// walk calls do for every group of the cohort that the scope holds: as it is
// where the scope holds it whole, else as one of those people whom it names. The
// caller holds w.mu after read.
func (w *Worklist) walk(within access.Scope, cohort string, do func(g *group)) {
	if within.Empty() {
		return
	}
	named := map[*group]*group{}
	for _, id := range within.Graduates {
		r, ok := w.rows[id]
		if !ok || within.School {
			continue
		}
		part := named[r.group]
		if part == nil {
			part = &group{groupKey: r.group.groupKey, place: r.group.place}
			named[r.group] = part
		}
		if !slices.Contains(part.rows, r) {
			part.rows, part.unsorted = append(part.rows, r), true
		}
	}
	for _, g := range w.order {
		if cohort != "" && g.cohort != cohort {
			continue
		}
		if within.Holds("", g.college, g.class) {
			do(g)
		} else if part := named[g]; part != nil {
			part.recount()
			do(part)
		}
	}
}

// List returns the items of the filter that the scope holds, after the graduate
// named (blank: from the first), and how many there are in all. After a row that
// has left the list meanwhile, a list by age begins anew.
func (w *Worklist) List(who access.Actor, within access.Scope, f Filter, after string, limit int) (items []Item, total int) {
	queue := slices.Index(Queues, f.Queue)
	if queue < 0 {
		return nil, 0
	}
	w.read()
	defer w.mu.RUnlock()
	m := w.matcher(who, f, queue)
	past := w.past(after)
	var aged []*row
	w.walk(within, f.Cohort, func(g *group) {
		if !m.group(g) {
			return
		}
		if m.all() && f.Sort != SortAge && (len(items) >= limit || past.group(g)) {
			total += g.counts[queue]
			return
		}
		for i := range g.seats {
			if !m.seat(g, &g.seats[i]) {
				continue
			}
			total++
			r := g.seats[i].row
			switch {
			case f.Sort == SortAge:
				aged = append(aged, r)
			case len(items) < limit && !past.row(r):
				items = append(items, w.item(r))
			}
		}
	})
	if f.Sort == SortAge {
		items = w.oldest(aged, queue, after, limit)
	}
	return items, total
}

// oldest returns the items after the one named, the longest waiting first.
func (w *Worklist) oldest(rows []*row, queue int, after string, limit int) []Item {
	slices.SortFunc(rows, func(a, b *row) int {
		return cmp.Or(cmp.Compare(lastIfNone(a.age(queue)), lastIfNone(b.age(queue))), cmp.Compare(a.group.place, b.group.place), strings.Compare(a.graduate, b.graduate))
	})
	from := 0
	if after != "" {
		from = slices.IndexFunc(rows, func(r *row) bool { return r.graduate == after }) + 1
	}
	var out []Item
	for _, r := range rows[from:min(len(rows), from+max(limit, 0))] {
		out = append(out, w.item(r))
	}
	return out
}

// lastIfNone sorts who waits for nobody behind all who do.
func lastIfNone(i calendar.Instant) calendar.Instant {
	if i == 0 {
		return calendar.Forever
	}
	return i
}

// past says what lies at or before a row in roster order.
type past struct {
	place    int
	graduate string
}

func (w *Worklist) past(after string) past {
	r, ok := w.rows[after]
	if !ok {
		return past{place: -1}
	}
	return past{r.group.place, r.graduate}
}

func (p past) group(g *group) bool { return g.place < p.place }

func (p past) row(r *row) bool {
	return r.group.place < p.place || r.group.place == p.place && r.graduate <= p.graduate
}

// matcher is a filter made ready.
type matcher struct {
	f     Filter
	queue int
	level uint32
	known bool // the level is one that somebody has
	codes map[uint32]bool
	mayDo *decidable
}

func (w *Worklist) matcher(who access.Actor, f Filter, queue int) *matcher {
	m := &matcher{f: f, queue: queue, mayDo: &decidable{w: w, who: who}}
	m.level, m.known = w.words.index[f.Level]
	if f.Code != "" {
		m.codes = w.descendants(f.Code)
	}
	return m
}

// all reports that every row of a group's queue matches.
func (m *matcher) all() bool {
	return m.queue != mine && m.f.Level == "" && m.f.Code == "" && m.f.Among == nil && m.f.Except == nil
}

func (m *matcher) group(g *group) bool {
	if m.f.College != "" && g.college != m.f.College || m.f.Class != "" && g.class != m.f.Class || !m.known {
		return false
	}
	if m.queue == mine {
		return g.counts[atClass]+g.counts[atCollege]+g.counts[atSchool] > 0
	}
	return g.counts[m.queue] > 0
}

func (m *matcher) seat(g *group, s *seat) bool {
	if m.queue == mine {
		return m.mayDo.by(g, s) && m.row(s.row)
	}
	return s.in&(1<<m.queue) != 0 && m.row(s.row)
}

func (m *matcher) row(r *row) bool {
	if m.f.Level != "" && r.attrs[levelIndex] != m.level {
		return false
	}
	if m.codes != nil {
		code := r.code
		if r.newCode != 0 && m.queue != everybody {
			code = r.newCode
		}
		if !m.codes[code] {
			return false
		}
	}
	return (m.f.Among == nil || m.f.Among[r.graduate]) && !m.f.Except[r.graduate]
}

// levelIndex is where history.Attributes has the level.
var levelIndex = slices.Index(history.Keys, history.Level)

// Counts returns how many wait in every queue, in the order of Queues.
func (w *Worklist) Counts(who access.Actor, within access.Scope, cohort string) []QueueCount {
	w.read()
	defer w.mu.RUnlock()
	out := make([]QueueCount, nQueues)
	for i, q := range Queues {
		out[i].Queue = q
	}
	mayDo := &decidable{w: w, who: who}
	w.walk(within, cohort, func(g *group) {
		for q := range nQueues {
			out[q].N += g.counts[q]
			out[q].Oldest = earlier(out[q].Oldest, g.oldest[q])
		}
		if g.counts[atClass]+g.counts[atCollege]+g.counts[atSchool] == 0 {
			return
		}
		for i := range g.seats {
			if s := &g.seats[i]; mayDo.by(g, s) {
				out[mine].N++
				out[mine].Oldest = earlier(out[mine].Oldest, s.waits)
			}
		}
	})
	return out
}

// Classes returns the work of every class that the scope holds, in the order of
// classes; those without a class come first, by college.
func (w *Worklist) Classes(within access.Scope, cohort string) []ClassCount {
	w.read()
	defer w.mu.RUnlock()
	var out []ClassCount
	w.walk(within, cohort, func(g *group) {
		out = append(out, ClassCount{g.class, g.college, g.cohort, len(g.rows), g.counted, g.counts})
	})
	return out
}

// ByCollege sums up classes by their college, in the order of colleges.
func ByCollege(classes []ClassCount) []ClassCount {
	var out []ClassCount
	place := map[string]int{}
	for _, c := range classes {
		i, there := place[c.College]
		if !there {
			i = len(out)
			place[c.College] = i
			out = append(out, ClassCount{College: c.College, Cohort: c.Cohort})
		}
		sum := &out[i]
		sum.N, sum.Counted = sum.N+c.N, sum.Counted+c.Counted
		for q, n := range c.queues {
			sum.queues[q] += n
		}
	}
	slices.SortFunc(out, func(a, b ClassCount) int { return strings.Compare(a.College, b.College) })
	return out
}

// Facts returns the settled graduates by the strongest fact behind their case.
func (w *Worklist) Facts(within access.Scope, cohort string) FactCounts {
	w.read()
	defer w.mu.RUnlock()
	var out FactCounts
	w.walk(within, cohort, func(g *group) { out.merge(g.facts) })
	return out
}
