package destination

import (
	"hash/fnv"
	"slices"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination/scrutiny"
	"quxiang/internal/domain/history"
)

// nQueues is the length of Queues.
const nQueues = 10

// Places of the queues in Queues.
const (
	unregistered = iota
	proposed
	mine
	atClass
	atCollege
	atSchool
	returned
	disputed
	struck
	everybody
)

// waiting are the queues of those who wait for a reviewer.
const waiting = 1<<atClass | 1<<atCollege | 1<<atSchool

// words numbers texts that come again and again; 0 is blank. A number takes a
// quarter of what a text's header alone does.
type words struct {
	list  []string
	index map[string]uint32
}

func newWords() words { return words{[]string{""}, map[string]uint32{"": 0}} }

func (d *words) id(s string) uint32 {
	n, ok := d.index[s]
	if !ok {
		s = strings.Clone(s) // it may be part of a longer text
		n = uint32(len(d.list))
		d.list = append(d.list, s)
		d.index[s] = n
	}
	return n
}

// row is an item as it is kept: a quarter of a million must fit in some 80 MB.
type row struct {
	graduate, kase, change, coming string
	parties                        []string

	in      uint16 // queues, a bit each
	counted bool
	settled bool
	facts   history.Facts
	level   uint8
	levels  uint8
	path    uint8 // of w.paths
	submits uint16

	attrs                                [len(history.Attributes{})]uint32
	detail, code, scheme, since, comesOn uint32
	act, last, newCode, tier             uint32
	waits, disputedAt, struckAt          calendar.Instant

	group *group
}

// seat is what most questions ask of a row; the seats of a group lie side by side.
type seat struct {
	row         *row
	waits       calendar.Instant
	signs       uint64 // of the parties
	in          uint16
	path, level uint8
}

func (r *row) seat() seat {
	s := seat{row: r, waits: r.waits, in: r.in, path: r.path, level: r.level}
	for _, p := range r.parties {
		s.signs |= signOf(p)
	}
	return s
}

// keep stores the item in the place of what was held. The caller holds w.mu.
func (w *Worklist) keep(it *Item) {
	r, held := w.rows[it.Graduate]
	if !held {
		r = &row{graduate: strings.Clone(it.Graduate)}
		w.rows[r.graduate] = r
	}
	was := r.group
	w.pack(r, it)
	now := w.groupOf(it.Attrs)
	if was != now {
		if was != nil {
			was.rows = slices.DeleteFunc(was.rows, func(x *row) bool { return x == r })
			w.touch(was)
		}
		now.rows, now.unsorted = append(now.rows, r), true
		r.group = now
	}
	w.touch(now)
}

func (w *Worklist) remove(graduate string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	r, held := w.rows[graduate]
	if !held {
		return
	}
	delete(w.rows, graduate)
	delete(w.turns, graduate)
	r.group.rows = slices.DeleteFunc(r.group.rows, func(x *row) bool { return x == r })
	w.touch(r.group)
}

// kept returns the text that is held already if it is the same, else a copy:
// what comes from the store is part of a longer text.
func kept(held, fresh string) string {
	if held == fresh {
		return held
	}
	return strings.Clone(fresh)
}

func (w *Worklist) pack(r *row, it *Item) {
	r.kase, r.change, r.coming = kept(r.kase, it.Case), kept(r.change, it.Change), kept(r.coming, it.Coming)
	r.parties = nil
	for _, p := range it.parties {
		r.parties = append(r.parties, strings.Clone(p))
	}
	r.in, r.counted, r.facts = queuesOf(it), it.Counted, it.Facts
	r.settled = it.Counted && it.Detail == history.Registered && !w.noWork(it.Scheme, it.Code)
	r.level, r.levels, r.submits = uint8(it.Level), uint8(it.Levels), uint16(min(it.Submits, 1<<16-1))
	for i, v := range it.Attrs {
		r.attrs[i] = w.words.id(v)
	}
	id := w.words.id
	r.detail, r.code, r.scheme = id(string(it.Detail)), id(it.Code), id(it.Scheme)
	r.since, r.comesOn, r.act, r.last = id(string(it.Since)), id(string(it.ComesOn)), id(string(it.Act)), id(string(it.Last))
	r.newCode, r.tier = id(it.NewCode), id(string(it.Tier))
	r.path = w.pathOf(it.NewCode)
	r.waits, r.disputedAt, r.struckAt = it.Waits, it.DisputedAt, it.StruckAt
}

// queuesOf says in which queues an item lies; mine depends on who asks.
func queuesOf(it *Item) uint16 {
	in := uint16(1 << everybody)
	put := func(q int, holds bool) {
		if holds {
			in |= 1 << q
		}
	}
	put(unregistered, it.Counted && it.Detail == history.Unregistered && it.Change == "" && it.Coming == "")
	put(proposed, it.Last == history.Proposed)
	put(returned, it.Last == history.Returned)
	put(atClass, it.Level > 0 && it.Tier == scrutiny.ClassTier)
	put(atCollege, it.Level > 0 && it.Tier == scrutiny.CollegeTier)
	put(atSchool, it.Level > 0 && it.Tier == scrutiny.SchoolTier)
	put(disputed, it.DisputedAt > 0)
	put(struck, it.StruckAt > 0)
	return in
}

// item is the row as callers read it.
func (w *Worklist) item(r *row) Item {
	text := func(n uint32) string { return w.words.list[n] }
	it := Item{Graduate: r.graduate, Counted: r.counted, Detail: history.Detail(text(r.detail)),
		Case: r.kase, Code: text(r.code), Scheme: text(r.scheme), Since: calendar.Day(text(r.since)), Facts: r.facts,
		Coming: r.coming, ComesOn: calendar.Day(text(r.comesOn)),
		Change: r.change, Act: history.Act(text(r.act)), Last: history.Step(text(r.last)), NewCode: text(r.newCode),
		Submits: int(r.submits), Level: int(r.level), Levels: int(r.levels), Tier: scrutiny.Tier(text(r.tier)),
		Waits: r.waits, DisputedAt: r.disputedAt, StruckAt: r.struckAt, parties: r.parties}
	for i, n := range r.attrs {
		it.Attrs[i] = text(n)
	}
	return it
}

// age is since when the row waits as one of the queue.
func (r *row) age(queue int) calendar.Instant {
	switch queue {
	case disputed:
		return r.disputedAt
	case struck:
		return r.struckAt
	}
	return r.waits
}

// maxPaths is how many different ways through review a list can hold: as many as
// tiers that a code can ask for beyond the chain.
const maxPaths = 16

// pathOf numbers the levels that a change to the code goes through; many codes
// go the same way. The caller holds w.mu.
func (w *Worklist) pathOf(code string) uint8 {
	n, ok := w.ways[code]
	if ok {
		return n
	}
	levels := w.review.For(code)
	i := slices.IndexFunc(w.paths, func(p []Level) bool {
		return slices.EqualFunc(p, levels, func(a, b Level) bool { return a.ID == b.ID })
	})
	if i < 0 {
		i = len(w.paths)
		w.paths = append(w.paths, levels)
	}
	w.ways[w.words.list[w.words.id(code)]] = uint8(i)
	return uint8(i)
}

// decidable says which rows an actor may decide on now. Whose scope holds a
// class is asked once a class, not once a person.
type decidable struct {
	w     *Worklist
	who   access.Actor
	group *group
	sign  uint64
	holds [maxPaths][MaxLevels]answer
}

// answer to whether a level of a group is the actor's.
type answer uint8

const (
	notAsked answer = iota
	yes
	no
	byName // some of the group, perhaps
)

// by reports that the actor may decide on the row of the group.
func (d *decidable) by(g *group, s *seat) bool {
	if s.in&waiting == 0 || !d.who.Person() {
		return false
	}
	if d.group != g {
		d.group, d.holds, d.sign = g, [maxPaths][MaxLevels]answer{}, signOf(d.who.Account)
	}
	level := &d.w.paths[s.path][s.level-1]
	a := &d.holds[s.path][s.level-1]
	if *a == notAsked {
		*a = d.ask(level)
	}
	if *a == no || *a == byName && !level.MayReview(d.who, s.row.graduate, g.college, g.class) {
		return false
	}
	return s.signs&d.sign == 0 || !slices.Contains(s.row.parties, d.who.Account)
}

// signOf is one bit for an account: whose bit is not set is surely not there.
func signOf(account string) uint64 {
	h := fnv.New32a()
	h.Write([]byte(account))
	return 1 << (h.Sum32() % 64)
}

func (d *decidable) ask(l *Level) answer {
	if l.MayReview(d.who, "", d.group.college, d.group.class) {
		return yes
	}
	if slices.ContainsFunc(d.who.Grants, func(g access.Grant) bool { return slices.Contains(l.Roles, g.Role) && len(g.Over.Graduates) > 0 }) {
		return byName
	}
	return no
}

// descendants are the codes held that are the code or stand under it.
func (w *Worklist) descendants(code string) map[uint32]bool {
	t := w.review.Book.Table("destination")
	out := map[uint32]bool{}
	for n, held := range w.words.list {
		if held == code || held != "" && isCode(t, held) && t.Descends(held, code) {
			out[uint32(n)] = true
		}
	}
	return out
}

func isCode(t *codes.Table, code string) bool {
	_, ok := t.Find(code)
	return ok
}
