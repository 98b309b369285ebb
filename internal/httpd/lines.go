package httpd

import (
	"container/list"
	"crypto/sha256"
	"net/netip"
	"sync"
)

// key is whose places in the queue are counted together: those of one session, or
// those of everybody else who comes from one network. A campus behind one address is
// one network of thousands: who is in there counts as a session, and the network
// bounds only those of whom nothing is known yet.
type key struct {
	session bool
	name    string
}

// place is one request that waits. True: your turn; false: come again.
type place struct {
	turn chan bool
	line *line
	at   *list.Element // in line
}

// line is the places of one key, in order of coming.
type line struct {
	key    key
	places list.List
	at     *list.Element // in the round of its side
}

// lines is who waits. Sessions and networks have every other turn, each side one line
// after the other: whoever sends a thousand requests waits for their own thousand and
// keeps nobody else waiting.
type lines struct {
	by      map[key]*line
	sides   [2]list.List // of *line, whose turn is next first: sessions, networks
	next    int          // the side whose turn it is
	n       int
	longest *line // or nearly: one that grew longer than it since is noticed when it grows again
}

// push gives the key one more place.
func (l *lines) push(k key) *place {
	if l.by == nil {
		l.by = map[key]*line{}
	}
	x := l.by[k]
	if x == nil {
		x = &line{key: k}
		x.at = l.side(k).PushBack(x)
		l.by[k] = x
	}
	p := &place{turn: make(chan bool, 1), line: x}
	p.at = x.places.PushBack(p)
	l.n++
	if l.longest == nil || x.places.Len() > l.longest.places.Len() {
		l.longest = x
	}
	return p
}

// pop takes out the place whose turn it is; nil if nobody waits.
func (l *lines) pop() *place {
	if l.n == 0 {
		return nil
	}
	if l.sides[l.next].Len() == 0 {
		l.next = 1 - l.next
	}
	side := &l.sides[l.next]
	l.next = 1 - l.next
	x := side.Front().Value.(*line)
	side.MoveToBack(x.at)
	p := x.places.Front().Value.(*place)
	l.drop(p)
	return p
}

// drop takes a place out, wherever it stands.
func (l *lines) drop(p *place) {
	x := p.line
	x.places.Remove(p.at)
	l.n--
	if x.places.Len() == 0 {
		l.side(x.key).Remove(x.at)
		delete(l.by, x.key)
	}
}

// displace takes the newest place out of the longest line, for one of a key that has
// fewer; nil if there is no such line.
func (l *lines) displace(k key) *place {
	have := 0
	if x := l.by[k]; x != nil {
		have = x.places.Len()
	}
	if l.longest == nil || l.longest.places.Len() <= have+1 {
		return nil
	}
	p := l.longest.places.Back().Value.(*place)
	l.drop(p)
	return p
}

func (l *lines) side(k key) *list.List {
	if k.session {
		return &l.sides[0]
	}
	return &l.sides[1]
}

// whose says to whom the request's place in the queue counts, without a look at the
// database: a cookie that anybody may invent counts for its network.
func (h *handler) whose(r *Request) key {
	if c, err := r.Cookie(h.conf.sessionCookie()); err == nil {
		if d := digest(c.Value); h.seen.has(d) {
			return key{true, string(d[:])}
		}
	}
	return key{false, network(r.Peer)}
}

// network is the part of an address that one house has: /24, or /64 of IPv6.
func network(a netip.Addr) string {
	bits := 24
	if a.Is6() {
		bits = 64
	}
	p, err := a.WithZone("").Prefix(bits)
	if err != nil || !p.IsValid() {
		return "" // no address: all such are one
	}
	return p.String()
}

// seenMost is how many sessions one generation of seen holds: those of a whole
// school on its worst day.
const seenMost = 1 << 15

// seen remembers which tickets were those of a session a while ago. It lets nobody
// in: that is looked up for each request.
type seen struct {
	mu            sync.Mutex
	young, before map[[16]byte]struct{}
}

func digest(ticket string) (d [16]byte) {
	sum := sha256.Sum256([]byte(ticket))
	copy(d[:], sum[:])
	return d
}

func (s *seen) add(d [16]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.young[d]; ok {
		return
	}
	if s.young == nil || len(s.young) >= seenMost {
		s.young, s.before = map[[16]byte]struct{}{}, s.young
	}
	s.young[d] = struct{}{}
}

func (s *seen) has(d [16]byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, young := s.young[d]
	_, before := s.before[d]
	return young || before
}
