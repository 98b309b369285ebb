package destination

import (
	"slices"
	"sync"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/destination/scrutiny"
	"quxiang/internal/domain/history"
)

// Item is how one graduate's registration stands now, and whom it waits for.
type Item struct {
	Graduate string
	Attrs    history.Attributes // what the newest events say; difficulty blank
	Counted  bool               // in the statistics' base
	Detail   history.Detail     // of today: registered, unregistered, in review …
	Case     string             // that runs today, disputed and struck ones included; blank if none
	Code     string             // what counts today; blank unless registered
	Scheme   string
	Since    calendar.Day  // since when it is so; blank: from the beginning
	Facts    history.Facts // of the case that runs
	Coming   string        // case that begins on a later day, if none runs today
	ComesOn  calendar.Day  // that day

	// The change under way; Change is blank if there is none.
	Change  string
	Act     history.Act
	Last    history.Step
	NewCode string           // that the change gives; blank for an end or a voiding
	Submits int              // how often it was submitted
	Level   int              // that it waits at, 1 … Levels; 0: waits for the graduate
	Levels  int              // that it goes through
	Tier    scrutiny.Tier    // of that level; of a returned one, of the level that returned it
	Waits   calendar.Instant // since when it waits for whoever it waits for; 0: for nobody

	DisputedAt calendar.Instant // of the running or coming case; 0: not disputed
	StruckAt   calendar.Instant // 0: not struck

	parties []string // submitter and reviewers: they may not decide again
}

// About is the case that marks are made on: the one that runs, else the coming one.
func (i Item) About() string {
	if i.Case != "" {
		return i.Case
	}
	return i.Coming
}

// Queue is one heap of work: what waits on whom.
type Queue string

// The queues. One graduate may lie in several: a disputed case may have a change
// under way as well.
const (
	QueueUnregistered Queue = "unregistered" // 未登记: nothing runs, comes or is under way; of the base only
	QueueProposed     Queue = "proposed"     // 待本人确认
	QueueMine         Queue = "mine"         // what the actor may decide now
	QueueClass        Queue = "class"        // 待辅导员审
	QueueCollege      Queue = "college"      // 待院审
	QueueSchool       Queue = "school"       // 待校审
	QueueReturned     Queue = "returned"     // 已退回
	QueueDisputed     Queue = "disputed"     // 本人异议
	QueueStruck       Queue = "struck"       // 已核减
	QueueAll          Queue = ""             // everybody
)

// Queues lists the queues in their fixed order.
var Queues = []Queue{QueueUnregistered, QueueProposed, QueueMine, QueueClass, QueueCollege, QueueSchool,
	QueueReturned, QueueDisputed, QueueStruck, QueueAll}

// SortAge orders a list by how long it waits, the longest first.
const SortAge = "age"

// Filter narrows a list; what is blank or nil narrows nothing.
type Filter struct {
	Cohort, College, Class, Level string
	Code                          string // the code or one above it; of what is under way the new code, else the present one
	Queue                         Queue
	Sort                          string          // SortAge; blank: roster order, by class, then by graduate
	Among                         map[string]bool // only these graduates
	Except                        map[string]bool // not these graduates
}

// QueueCount is how many wait in a queue.
type QueueCount struct {
	Queue  Queue
	N      int
	Oldest calendar.Instant // since when the first of them waits; 0: nobody does
}

// ClassCount is the work of one class.
type ClassCount struct {
	Class, College, Cohort string
	N                      int // people of the class
	Counted                int // of them in the statistics' base
	queues                 [nQueues]int
}

// Of returns how many of the class lie in the queue; QueueMine is nobody's here.
func (c ClassCount) Of(q Queue) int { return c.queues[slices.Index(Queues, q)] }

// FactCounts are settled graduates by the strongest fact behind their case, from
// strong to weak; the kinds sum to N.
type FactCounts struct {
	N        int // settled: a running case that is not of the class 未就业; of the base only
	National int
	Employer int // confirmed by the employer
	Seen     int // a document was seen
	Declared int // submitted by the graduate
	Imported int // recorded by the school, and no more
}

// add counts one settled graduate.
func (c *FactCounts) add(f history.Facts) {
	c.N++
	switch {
	case f.National:
		c.National++
	case f.EmployerConfirmed:
		c.Employer++
	case f.Seen:
		c.Seen++
	case f.Declared:
		c.Declared++
	default:
		c.Imported++
	}
}

func (c *FactCounts) merge(d FactCounts) {
	c.N, c.National, c.Employer = c.N+d.N, c.National+d.National, c.Employer+d.Employer
	c.Seen, c.Declared, c.Imported = c.Seen+d.Seen, c.Declared+d.Declared, c.Imported+d.Imported
}

// Worklist is everybody's registration as it stands on one day, in memory: what
// waits, on whom, since when. It is built from the events, brought up to date by
// Put, and can be rebuilt at any time. All methods are safe beside each other.
type Worklist struct {
	review  Review
	noWork  history.NoWork
	scratch sync.Pool // of *tracer

	mu     sync.RWMutex
	today  calendar.Day
	words  words
	rows   map[string]*row
	groups map[groupKey]*group
	order  []*group                // by class, college, cohort
	dirty  []*group                // whose rows or counts are to be put in order before the next read
	turns  map[string]calendar.Day // who stands otherwise from a later day on
	paths  [][]Level               // the different ways through review
	ways   map[string]uint8        // code → its way
}

// NewWorklist returns an empty list of that day. The review says which levels a
// change goes through; when its codes or chain change, the list is to be built anew.
func NewWorklist(review Review, today calendar.Day) *Worklist {
	w := &Worklist{review: review, noWork: NoWork(review.Book), today: today, words: newWords(),
		rows: map[string]*row{}, groups: map[groupKey]*group{}, turns: map[string]calendar.Day{}, ways: map[string]uint8{}}
	w.scratch.New = func() any { return &tracer{fold: history.NewFold(w.noWork)} }
	return w
}

// Put takes the whole history of one graduate, in seq order, in the place of
// what was held of them; an empty one takes them out. Actors of submissions and
// passes must be there, Fields and Evidence need not.
func (w *Worklist) Put(graduate string, events []history.Event) {
	if len(events) == 0 {
		w.remove(graduate)
		return
	}
	t := w.scratch.Get().(*tracer)
	defer w.scratch.Put(t)
	w.mu.RLock()
	today := w.today
	w.mu.RUnlock()
	item, turn := t.item(graduate, events, w.review, today)
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.turns, graduate)
	if turn != "" {
		w.turns[graduate] = turn
	}
	w.keep(&item)
}

// Turn moves the list on to a day. It returns the graduates who stand otherwise
// from then on, such as those whose case begins: they are to be put again.
func (w *Worklist) Turn(today calendar.Day) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if today == w.today {
		return nil
	}
	back := today < w.today // a clock that was set back: everybody anew
	w.today = today
	var out []string
	if back {
		for id := range w.rows {
			out = append(out, id)
		}
		return out
	}
	for id, day := range w.turns {
		if day <= today {
			out = append(out, id)
		}
	}
	return out
}

// Len returns how many graduates the list holds.
func (w *Worklist) Len() int {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return len(w.rows)
}

// Get returns one graduate's item. Whether the asker may see it is not asked
// here: graduates outside the scope are to be refused before.
func (w *Worklist) Get(graduate string) (Item, bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	r, ok := w.rows[graduate]
	if !ok {
		return Item{}, false
	}
	return w.item(r), true
}

// MayDecide reports that the actor may decide on the item now: it waits for a
// level that is the actor's, and the actor neither submitted nor passed it.
func (w *Worklist) MayDecide(who access.Actor, i Item) bool {
	if i.Level == 0 || !who.Person() || slices.Contains(i.parties, who.Account) {
		return false
	}
	levels := w.review.For(i.NewCode)
	return i.Level <= len(levels) &&
		levels[i.Level-1].MayReview(who, i.Graduate, i.Attrs.Value(history.College), i.Attrs.Value(history.Class))
}
