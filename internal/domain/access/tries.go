package access

import (
	"net/netip"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"quxiang/internal/domain/calendar"
)

// How guessing is bounded. The account's own bound holds per address, so that
// nobody locks a colleague out from elsewhere; the account's total and the
// address's total are wider.
const (
	triesWindow     = 15 * time.Minute
	triesPair       = 5  // wrong passwords of one account from one address
	triesAccount    = 30 // of one account, from anywhere
	triesPeer       = 60 // from one address, for any account
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
	until calendar.Instant // when they are forgotten
}

// bound is how often a key may be wrong.
type bound struct {
	key   string
	limit int
}

// tryKeys returns what a try counts for: the address, the account, and both. A
// login that no account can have counts for the address only, so that what is
// remembered stays small.
func tryKeys(login, peer string) []bound {
	keys := []bound{{"p\x00" + peer, triesPeer}}
	if tooLong(login) {
		return keys
	}
	login = strings.ToLower(login)
	return append(keys, bound{"l\x00" + login, triesAccount}, bound{"b\x00" + login + "\x00" + peer, triesPair})
}

// tooLong reports a login that no account has.
func tooLong(login string) bool { return utf8.RuneCountInString(login) > maxLogin }

// begin counts a try before its password is looked at, so that a thousand at one
// instant are bounded as well. It returns how long to wait; 0 to go on.
func (t *tries) begin(now calendar.Instant, login, peer string) (wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	keys := tryKeys(login, peer)
	for _, k := range keys {
		if f := t.held[k.key]; f != nil && f.until > now && f.n >= k.limit {
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
		if f == nil || f.until <= now {
			f = &failures{until: now + calendar.Instant(triesWindow.Milliseconds())}
			t.held[k.key] = f
		}
		f.n++
	}
	return 0
}

// passed forgets what the pair got wrong before, and that the right password
// was a try.
func (t *tries) passed(login, peer string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, k := range tryKeys(login, peer) {
		if k.limit == triesPair {
			delete(t.held, k.key)
			continue
		}
		if f := t.held[k.key]; f != nil && f.n > 0 {
			f.n--
		}
	}
}

// forget drops what is over; if that is not enough, everything.
func (t *tries) forget(now calendar.Instant) {
	for k, f := range t.held {
		if f.until <= now {
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
	p, _ := a.Prefix(bits) // in range
	return p.String()
}
