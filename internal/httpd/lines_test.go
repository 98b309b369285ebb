package httpd

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestOneNetworkFillsNoQueue (R13): a thousand requests of one network, and of one
// session, wait for each other and for nobody else's; where the queue is full, who has
// fewer places gets in.
func TestOneNetworkFillsNoQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(1)
		q.short = 1000
		q.enter(t.Context(), key{})
		var in, out atomic.Int64
		come := func(k key) *atomic.Int64 {
			var served atomic.Int64
			go func() {
				if !q.enter(t.Context(), k) {
					out.Add(1)
					return
				}
				served.Store(in.Add(1))
				q.leave()
			}()
			synctest.Wait()
			return &served
		}
		for range 600 {
			come(key{false, "attacker"})
			q.empty = time.Now().Add(-2 * burst) // the queue has been standing
		}
		for range 600 {
			come(key{true, "one session"})
		}
		if out.Load() != 200 {
			t.Fatalf("%d of 1200 were sent away from a queue for 1000", out.Load())
		}
		other, house := come(key{true, "a graduate"}), come(key{false, "another house"})
		if out.Load() != 202 {
			t.Errorf("two who come to a full queue took %d places", out.Load()-200)
		}
		q.leave()
		synctest.Wait()
		if n, m := other.Load(), house.Load(); n == 0 || n > 4 || m == 0 || m > 4 {
			t.Errorf("the others were served as number %d and %d", n, m)
		}
		if in.Load() != 1000 || q.waiting.n != 0 || len(q.waiting.by) != 0 || q.running != 0 {
			t.Errorf("%d served, %d wait in %d lines, %d run", in.Load(), q.waiting.n, len(q.waiting.by), q.running)
		}
	})
}

// TestACampusIsOneNetwork: of thousands behind one address nobody has to go while
// there is room, whether they are known or not (P5).
func TestACampusIsOneNetwork(t *testing.T) {
	var l lines
	for i := range 12000 {
		k := key{false, "campus"}
		if i%2 == 0 {
			k = key{true, fmt.Sprint(i)}
		}
		l.push(k)
	}
	got := [2]int{}
	for range 1000 {
		if l.pop().line.key.session {
			got[0]++
		} else {
			got[1]++
		}
	}
	if got != [2]int{500, 500} {
		t.Errorf("of a thousand turns sessions and the door have %v", got)
	}
	if l.displace(key{false, "campus"}) != nil || l.displace(key{true, "new"}) == nil {
		t.Error("the longest line takes a place, or a new one gets none")
	}
}

// TestWhoseAPlaceIs: a cookie that somebody invents is no session; one that was a
// session is, whichever network it comes from.
func TestWhoseAPlaceIs(t *testing.T) {
	h := site(t, Config{}, io.Discard).(*handler)
	of := func(ticket string) key {
		r := &Request{Request: &http.Request{Header: http.Header{}}, conf: h.conf, Peer: netip.MustParseAddr("192.0.2.77")}
		r.AddCookie(&http.Cookie{Name: "plain-sid", Value: ticket})
		return h.whose(r)
	}
	door := key{false, "192.0.2.0/24"}
	if got := of("t1"); got != door {
		t.Errorf("before: %v", got)
	}
	if w := ask(h, "GET", "/me", signedIn); w.Code != 200 {
		t.Fatal(w.Code)
	}
	if got := of("t1"); !got.session {
		t.Errorf("afterwards: %v", got)
	}
	if got := of("invented"); got != door {
		t.Errorf("invented: %v", got)
	}
	for i := range 3 * seenMost {
		h.seen.add(digest(fmt.Sprint(i)))
	}
	if n := len(h.seen.young) + len(h.seen.before); n > 2*seenMost {
		t.Errorf("%d sessions are remembered", n)
	}
	if network(netip.MustParseAddr("2001:db8:1:2:3::4")) != "2001:db8:1:2::/64" || network(netip.Addr{}) != "" {
		t.Error("networks")
	}
}

// TestBodiesOfOneNetworkAreBounded: while megabytes of strangers are under way from one
// network, it sends no more of them (X25); a usual form is not counted, other networks
// and who is signed in are not kept waiting, and all is given back.
func TestBodiesOfOneNetworkAreBounded(t *testing.T) {
	h := site(t, Config{}, io.Discard).(*handler)
	open := make(chan struct{})
	var under atomic.Int64
	from := func(peer string, size int, slow bool) int {
		body := io.Reader(strings.NewReader("a=" + strings.Repeat("x", size-2)))
		if slow {
			body = io.MultiReader(&waits{open, &under}, body)
		}
		return send(h, "/change", body, "application/x-www-form-urlencoded", func(r *http.Request) {
			r.RemoteAddr, r.ContentLength = peer+":5000", int64(size)
		}).Code
	}
	ended := make(chan int)
	const many = ofNetwork / maxBody
	for range many {
		go func() { ended <- from("192.0.2.1", maxBody, true) }()
	}
	for under.Load() < many {
		time.Sleep(time.Millisecond)
	}
	for name, c := range map[string]struct {
		got  int
		busy bool
	}{
		"one more":                  {from("192.0.2.9", 100<<10, false), true},
		"a usual form":              {from("192.0.2.9", 300, false), false},
		"from another network":      {from("198.51.100.1", 100<<10, false), false},
		"of somebody who is inside": {send(h, "/change", bytes.NewReader(make([]byte, 100<<10)), "application/x-www-form-urlencoded", signedIn).Code, false},
	} {
		if (c.got == http.StatusServiceUnavailable) != c.busy {
			t.Errorf("%s: %d", name, c.got)
		}
	}
	close(open)
	for range many {
		<-ended
	}
	if h.outside.free != strangers || h.inside.free != smallBodies || len(h.outside.held)+len(h.inside.held) != 0 {
		t.Errorf("%d and %d bytes are free afterwards, %d hold some", h.outside.free, h.inside.free, len(h.outside.held))
	}
}

// waits is a body that begins when it is let.
type waits struct {
	open  chan struct{}
	under *atomic.Int64
}

// Read waits, and then has nothing.
func (w *waits) Read([]byte) (int, error) {
	w.under.Add(1)
	<-w.open
	return 0, io.EOF
}
