package access

import (
	"crypto/hmac"
	"net/netip"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"quxiang/internal/domain/calendar"
)

// How guessing is bounded (X31). The account's own bound holds per network, so that
// nobody locks a colleague out from elsewhere; the account's total and the network's
// total are wider. A network is /24, or /64 of IPv6: one house.
//
// Nobody is locked out by others where they have been in before: a browser that
// holds the mark of an earlier login of this account (KnownDevice) has a bound of
// its own. Each account that gets in gives its network credit, so that a campus
// behind one address goes on while people mistype.
const (
	triesWindow     = 15 * time.Minute
	triesPair       = 5  // wrong passwords of one account from one network, or of one known browser
	triesAccount    = 30 // of one account, from anywhere
	triesNetwork    = 60 // from one network, for any account
	triesCredit     = 3  // more for each account that got in from it
	triesCreditMost = 2000
	triesRemembered = 100_000
)

// tries counts wrong passwords within the last minutes, in memory: a restart
// forgives. Its zero value is ready.
type tries struct {
	mu   sync.Mutex
	held map[string]*failures
}

type failures struct {
	n     int
	until calendar.Instant    // when they are forgotten
	in    map[string]struct{} // of a network: who got in
}

// attempt is one try to get in.
type attempt struct {
	login   string
	network string
	device  string // the mark of a browser that this account got in with before; blank: none
	// mild tries count against the network and are not held back by it: a code has 47
	// bits, and who is signed in is bounded by the account.
	mild bool
}

// bound is how often a key may be wrong.
type bound struct {
	key   string
	limit int // 0: counted only
}

// open reports that the failures still count. None count for longer than the window, also
// where the clock was set back since.
func (f *failures) open(now calendar.Instant) bool {
	left := elapsed(now, f.until)
	return left > 0 && left <= triesWindow
}

// keys are what a try counts for. A login that no account can have counts for the
// network only, so that what is remembered stays small.
func (a attempt) keys() []bound {
	login := strings.ToLower(a.login)
	if a.device != "" {
		return []bound{{"d\x00" + login + "\x00" + a.device, triesPair}}
	}
	house := bound{"p\x00" + a.network, triesNetwork}
	if a.mild {
		house.limit = 0
	}
	if tooLong(a.login) {
		return []bound{house}
	}
	return []bound{house, {"l\x00" + login, triesAccount}, {"b\x00" + login + "\x00" + a.network, triesPair}}
}

// tooLong reports a login that no account has.
func tooLong(login string) bool { return utf8.RuneCountInString(login) > maxLogin }

// begin counts a try before its password is looked at, so that a thousand at one
// instant are bounded as well. It returns how long to wait; 0 to go on.
func (t *tries) begin(now calendar.Instant, a attempt) (wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	keys := a.keys()
	for _, k := range keys {
		if f := t.held[k.key]; f != nil && f.open(now) && k.limit > 0 && f.n >= k.limit+triesCredit*len(f.in) {
			wait = max(wait, elapsed(now, f.until))
		}
	}
	if wait > 0 {
		return wait
	}
	if len(t.held) >= triesRemembered {
		t.forget(now)
	}
	if t.held == nil {
		t.held = map[string]*failures{}
	}
	for _, k := range keys {
		f := t.held[k.key]
		if f == nil || !f.open(now) {
			f = &failures{until: now + calendar.Instant(triesWindow.Milliseconds())}
			t.held[k.key] = f
		}
		f.n++
	}
	return 0
}

// passed forgets what the pair got wrong before, and that the right password
// was a try; the network has credit for it.
func (t *tries) passed(a attempt) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, k := range a.keys() {
		f := t.held[k.key]
		switch {
		case k.limit == triesPair:
			delete(t.held, k.key)
		case f != nil && f.n > 0:
			f.n--
		}
		if f != nil && k.key[0] == 'p' && len(f.in) < triesCreditMost {
			if f.in == nil {
				f.in = map[string]struct{}{}
			}
			f.in[strings.ToLower(a.login)] = struct{}{}
		}
	}
}

// undo takes a try back that was not looked at.
func (t *tries) undo(a attempt) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, k := range a.keys() {
		if f := t.held[k.key]; f != nil && f.n > 0 {
			f.n--
		}
	}
}

// forget drops what is over; if that is not enough, everything.
func (t *tries) forget(now calendar.Instant) {
	for k, f := range t.held {
		if !f.open(now) {
			delete(t.held, k)
		}
	}
	if len(t.held) >= triesRemembered {
		clear(t.held)
	}
}

// network is the part of an address that one house has: /24, or /64 of IPv6. What
// is no address stands for itself.
func network(peer string) string {
	a, err := netip.ParseAddr(peer)
	if err != nil {
		return cut(peer, 64)
	}
	bits := 24
	if a = a.Unmap(); a.Is6() {
		bits = 64
	}
	p, _ := a.WithZone("").Prefix(bits) // in range
	return p.String()
}

// KnownDevice returns the mark that a browser keeps after a login: it says that
// this account got in from it before, and lets nobody in.
func (s *Service) KnownDevice(login string) string {
	nonce := newToken()
	return nonce + "." + s.deviceMark(login, nonce)
}

func (s *Service) deviceMark(login, nonce string) string {
	return s.Keyed("known device", strings.ToLower(narrow(login))+"\x00"+nonce)
}

// attempt is a try for the login that comes from there.
func (s *Service) attempt(login string, from From) attempt {
	a := attempt{login: login, network: network(from.Peer)}
	nonce, mark, _ := strings.Cut(from.Known, ".")
	if len(from.Known) <= 200 && !tooLong(login) && hmac.Equal([]byte(mark), []byte(s.deviceMark(login, nonce))) {
		a.device = nonce
	}
	return a
}
