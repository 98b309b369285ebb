package httpd

import (
	"container/list"
	"context"
	"runtime"
	"sync"
	"time"
)

// A queue stands in front of the pages: as many requests at a time as the machine
// works on well, the others wait in order. There is nothing to set.
//
// Everybody coming at once is what the queue is for: within burst of a moment when
// nobody waited, roomFor requests may wait their turn. A queue that has been standing
// longer is no burst but more than the machine can do, and waiting would only make
// every answer late: whoever cannot be served soon is then told at once to come
// again, and those who are served are served in time.
//
// No session and no network fills the queue: where it is full, who has fewer places
// takes that of who has most (lines).
const (
	roomFor  = 12000            // who may wait in a burst: ten thousand at one instant, and staff
	burst    = 15 * time.Second // how long a queue may stand before it is no burst
	patience = 30 * time.Second // how long anybody waits: no browser has given up by then
	hope     = 4 * time.Second  // how long who waits may hope when the server ends
)

// working is how many requests are worked on at a time. More than processors: a
// registration mostly waits for the disk, which is flushed for all of them at once.
func working() int { return 32 * max(runtime.GOMAXPROCS(0), 2) }

// queue lets requests in.
type queue struct {
	slots int
	short int              // how many may wait in a queue that has been standing
	now   func() time.Time // the machine's: not a time that anybody sees

	mu      sync.Mutex
	running int
	again   list.List // of chan bool: those who were in before and gave their turn up for a while
	waiting lines
	empty   time.Time // when nobody waited last
	shed    int64     // who was told to come again, ever
	ending  bool
}

func newQueue(slots int) *queue {
	return &queue{slots: slots, short: slots, now: time.Now, empty: time.Now()}
}

// enter waits for a turn. False: there is none, the visitor is to come again.
func (q *queue) enter(ctx context.Context, whose key) bool {
	q.mu.Lock()
	now := q.now()
	if q.waiting.n == 0 {
		q.empty = now
		if q.running < q.slots {
			q.running++
			q.mu.Unlock()
			return true
		}
	}
	if q.full(now) {
		q.shed++
		var other *place
		if !q.ending {
			other = q.waiting.displace(whose)
		}
		if other == nil {
			q.mu.Unlock()
			return false
		}
		other.turn <- false
	}
	p := q.waiting.push(whose)
	q.mu.Unlock()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case in := <-p.turn:
		return in
	case <-ctx.Done():
	case <-timer.C:
	}
	return q.giveUp(p)
}

// full says that whoever comes now is to come again.
func (q *queue) full(now time.Time) bool {
	most := roomFor
	if now.Sub(q.empty) > burst {
		most = q.short
	}
	return q.ending || q.waiting.n >= most
}

// giveUp takes a place out of the queue, unless its turn came at this very moment.
func (q *queue) giveUp(p *place) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	select {
	case in := <-p.turn:
		return in
	default:
	}
	q.waiting.drop(p)
	q.shed++
	return false
}

// leave gives the turn to the next.
func (q *queue) leave() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.running--
	q.next()
}

// next lets in whom there is room for.
func (q *queue) next() {
	for q.running < q.slots {
		if first := q.again.Front(); first != nil {
			q.again.Remove(first)
			q.running++
			first.Value.(chan bool) <- true
			continue
		}
		p := q.waiting.pop()
		if p == nil {
			q.empty = q.now()
			return
		}
		q.running++
		p.turn <- true
	}
}

// outside does what waits for the visitor, such as taking the body in over a slow
// line, while somebody else has the turn; then it is this request's again, before
// those who were not in yet.
func (q *queue) outside(do func() error) error {
	q.leave()
	defer q.back() // after a panic too: whoever catches it leaves once more
	return do()
}

func (q *queue) back() {
	q.mu.Lock()
	if q.running < q.slots {
		q.running++
		q.mu.Unlock()
		return
	}
	turn := make(chan bool, 1)
	q.again.PushBack(turn)
	q.mu.Unlock()
	<-turn
}

// end lets nobody in any more, and soon sends away who waits: a server that ends
// has a few seconds for those whom it works on.
func (q *queue) end() {
	q.mu.Lock()
	q.ending = true
	q.mu.Unlock()
	time.AfterFunc(hope, func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		for p := q.waiting.pop(); p != nil; p = q.waiting.pop() {
			q.shed++
			p.turn <- false
		}
	})
}

// length is how many are worked on, how many wait, and how many were ever told to
// come again.
func (q *queue) length() (running, waiting int, shed int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.running, q.waiting.n + q.again.Len(), q.shed
}

// room is the memory that large bodies may take together. They come in one after
// the other rather than all at once, and of one account one at a time: a few slow
// lines of one person keep nobody else waiting.
type room struct {
	mu   sync.Mutex
	free int64
	wait list.List                // of *claim, in order
	busy map[string]chan struct{} // by account: closed when its body is done with
	held map[string]int64         // by account or network: what its smaller bodies take
}

type claim struct {
	size int64
	ok   chan struct{}
}

// largeBodies is how much memory bodies of more than maxBody may take together, in bytes.
const largeBodies = 192 << 20

// What smaller bodies may take: of those who are signed in, and of everybody else,
// so that nobody outside takes the room of those inside. Forms of usual size are a
// few thousand bytes; what the header of a request takes as well is not counted.
const (
	smallBodies = 128 << 20 // of all who are signed in
	ofAccount   = 8 << 20   // of one of them
	strangers   = 64 << 20  // of all others
	ofNetwork   = 16 << 20  // of those from one network
	notCounted  = 4 << 10   // of one request
)

func newRoom(size int64) *room {
	return &room{free: size, busy: map[string]chan struct{}{}, held: map[string]int64{}}
}

// share takes room for one more body of a network or account, which has most at a
// time. False: it has more than its share, or there is no room.
func (m *room) share(ctx context.Context, whose string, size, most int64) bool {
	m.mu.Lock()
	if m.held[whose]+size > most {
		m.mu.Unlock()
		return false
	}
	m.held[whose] += size
	m.mu.Unlock()
	if m.take(ctx, size) {
		return true
	}
	m.unshare(whose, size, 0)
	return false
}

// unshare gives back what share took; room is how much of it was taken.
func (m *room) unshare(whose string, size, room int64) {
	m.mu.Lock()
	if m.held[whose] -= size; m.held[whose] <= 0 {
		delete(m.held, whose)
	}
	m.mu.Unlock()
	m.put(room)
}

// take waits until there is room, for a while. False: there is none.
func (m *room) take(ctx context.Context, size int64) bool {
	m.mu.Lock()
	if m.wait.Len() == 0 && m.free >= size {
		m.free -= size
		m.mu.Unlock()
		return true
	}
	c := &claim{size, make(chan struct{})}
	place := m.wait.PushBack(c)
	m.mu.Unlock()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-c.ok:
		return true
	case <-ctx.Done():
	case <-timer.C:
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	select {
	case <-c.ok:
		return true
	default:
	}
	m.wait.Remove(place)
	m.give()
	return false
}

// begin waits until the account has no other body under way: whoever sends a form
// twice has their second answer after the first. False: it takes too long.
func (m *room) begin(ctx context.Context, account string) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		m.mu.Lock()
		other := m.busy[account]
		if other == nil {
			m.busy[account] = make(chan struct{})
		}
		m.mu.Unlock()
		if other == nil {
			return true
		}
		select {
		case <-other:
		case <-ctx.Done():
			return false
		}
	}
}

// end lets the account send its next one, and gives its room back.
func (m *room) end(account string, size int64) {
	m.mu.Lock()
	close(m.busy[account])
	delete(m.busy, account)
	m.mu.Unlock()
	m.put(size)
}

// put gives room back.
func (m *room) put(size int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.free += size
	m.give()
}

// give lets those in whom there is room for, in order.
func (m *room) give() {
	for first := m.wait.Front(); first != nil; first = m.wait.Front() {
		c := first.Value.(*claim)
		if c.size > m.free {
			return
		}
		m.free -= c.size
		m.wait.Remove(first)
		close(c.ok)
	}
}
