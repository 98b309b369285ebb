package web

import (
	"sync"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/httpd"
)

// handedTerm is how long what is shown once can be looked at again, in
// milliseconds: long enough to print, and for an answer that got lost.
const handedTerm = 10 * 60 * 1000

// handed holds secrets on their way to whoever had them made: codes and links
// that are kept nowhere else. It lies in memory; a restart forgets. Its zero value
// is ready.
type handed struct {
	mu   sync.Mutex
	held map[string]handout
}

type handout struct {
	account string
	until   calendar.Instant
	what    any
}

// keep holds what the account may look at, and returns its ticket.
func (h *handed) keep(account string, now calendar.Instant, what any) string {
	ticket := httpd.NewOnce()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.held == nil {
		h.held = map[string]handout{}
	}
	for k, x := range h.held {
		if x.until <= now {
			delete(h.held, k)
		}
	}
	h.held[ticket] = handout{account, now + handedTerm, what}
	return ticket
}

// look returns what a ticket of the account is for; nil if it is over.
func (h *handed) look(account, ticket string, now calendar.Instant) any {
	h.mu.Lock()
	defer h.mu.Unlock()
	x, ok := h.held[ticket]
	if !ok || x.account != account || x.until <= now {
		return nil
	}
	return x.what
}
