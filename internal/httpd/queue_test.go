package httpd

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"quxiang/internal/domain/access"
)

// TestABurstWaitsItsTurn (P5, R10): ten thousand at one instant are all let in, and
// never more than the slots at a time.
func TestABurstWaitsItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(64)
		var all sync.WaitGroup
		var in, now, most atomic.Int64
		for range 10000 {
			all.Go(func() {
				if !q.enter(t.Context(), key{}) {
					return
				}
				in.Add(1)
				most.Store(max(most.Load(), now.Add(1)))
				time.Sleep(50 * time.Millisecond)
				now.Add(-1)
				q.leave()
			})
		}
		all.Wait()
		if in.Load() != 10000 || most.Load() > 64 {
			t.Errorf("%d of 10000 let in, %d at a time", in.Load(), most.Load())
		}
		if running, waiting, shed := q.length(); running+waiting != 0 || shed != 0 {
			t.Errorf("afterwards %d run, %d wait, %d shed", running, waiting, shed)
		}
	})
}

// TestMoreThanTheMachineCanDo (R13): five times too many for a minute. As many are
// served as ever, soon those who come are told at once, and afterwards all is as before.
func TestMoreThanTheMachineCanDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(10) // 10 at a time of 20 ms: 500 a second
		var all sync.WaitGroup
		var served, late atomic.Int64
		begin := time.Now()
		for i := range 60 * 2500 {
			time.Sleep(400 * time.Microsecond)
			all.Go(func() {
				came := time.Now()
				ok := q.enter(t.Context(), key{})
				if waited := time.Since(came); !ok && waited > 100*time.Millisecond || ok && came.Sub(begin) > 45*time.Second && waited > time.Second {
					late.Add(1)
				}
				if ok {
					time.Sleep(20 * time.Millisecond)
					served.Add(1)
					q.leave()
				}
			})
			_ = i
		}
		all.Wait()
		if n := served.Load(); n < 60*500*9/10 {
			t.Errorf("%d served in a minute, want nearly 30000", n)
		}
		if n := late.Load(); n > 0 {
			t.Errorf("%d were told late, or served late once the queue was standing", n)
		}
		time.Sleep(time.Second)
		if !q.enter(t.Context(), key{}) {
			t.Error("nobody is let in afterwards")
		}
	})
}

// TestGivingTheTurnUpForAWhile: who waits for a slow line keeps nobody waiting (R15),
// and has the turn again before those who were not in.
func TestGivingTheTurnUpForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(1)
		if !q.enter(t.Context(), key{}) {
			t.Fatal("not let in")
		}
		line := make(chan struct{})
		back := make(chan struct{})
		go func() {
			_ = q.outside(func() error { <-line; return nil })
			close(back)
		}()
		synctest.Wait()
		if !q.enter(t.Context(), key{}) {
			t.Fatal("the slow one keeps the turn")
		}
		var other bool
		go func() { other = q.enter(t.Context(), key{}) }()
		synctest.Wait()
		close(line)
		synctest.Wait()
		q.leave()
		<-back
		if other {
			t.Error("who came later was let in before")
		}
		q.leave()
		synctest.Wait()
		if !other {
			t.Error("the next is not let in")
		}
	})
}

// TestWhoGoesAwayLeavesNoGap: a visitor who gives up takes no turn away.
func TestWhoGoesAwayLeavesNoGap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(1)
		q.enter(t.Context(), key{})
		ctx, cancel := context.WithCancel(t.Context())
		gone := true
		go func() { gone = q.enter(ctx, key{}) }()
		synctest.Wait()
		cancel()
		synctest.Wait()
		if gone {
			t.Error("let in after going")
		}
		q.leave()
		if !q.enter(t.Context(), key{}) {
			t.Error("the turn is lost")
		}
		var waits bool
		go func() { waits = q.enter(t.Context(), key{}) }()
		synctest.Wait()
		q.end() // R27: the server ends
		time.Sleep(hope + time.Millisecond)
		synctest.Wait()
		if _, n, _ := q.length(); waits || n > 0 || q.enter(t.Context(), key{}) {
			t.Error("somebody waits for a server that ends")
		}
	})
}

// TestLargeBodiesTakeTurns: memory for uploads is given once.
func TestLargeBodiesTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newRoom(100)
		if !m.take(t.Context(), 60) {
			t.Fatal("no room in an empty one")
		}
		began := time.Now()
		if m.take(t.Context(), 60) || time.Since(began) != patience {
			t.Error("room for more than there is")
		}
		got := false
		go func() { got = m.take(t.Context(), 60) }()
		synctest.Wait()
		m.put(60)
		synctest.Wait()
		if !got || m.free != 40 {
			t.Errorf("%v, %d free", got, m.free)
		}
	})
}

// TestOneAccountHasOneLargeBody: slow lines of one person keep nobody else waiting,
// and a form sent twice is answered twice.
func TestOneAccountHasOneLargeBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newRoom(100)
		if !m.begin(t.Context(), "a") || !m.take(t.Context(), 60) || !m.begin(t.Context(), "b") {
			t.Fatal("nobody comes in")
		}
		began := time.Now()
		if m.begin(t.Context(), "a") || time.Since(began) != patience {
			t.Error("two large bodies of one account at a time")
		}
		second := false
		go func() { second = m.begin(t.Context(), "a") }()
		synctest.Wait()
		if second {
			t.Error("did not wait")
		}
		m.end("a", 60)
		synctest.Wait()
		if !second || m.free != 100 {
			t.Errorf("%v, %d free", second, m.free)
		}
		m.end("a", 0)
		m.end("b", 0)
		if len(m.busy) > 0 {
			t.Errorf("%d remembered", len(m.busy))
		}
	})
}

// TestAPanicOutsideTakesNoTurn: who comes back from outside by a panic has a turn to
// give up, so that the queue counts right.
func TestAPanicOutsideTakesNoTurn(t *testing.T) {
	q := newQueue(1)
	func() {
		q.enter(t.Context(), key{})
		defer q.leave()
		defer func() { _ = recover() }()
		_ = q.outside(func() error { panic("a body") })
	}()
	if n, _, _ := q.length(); n != 0 {
		t.Errorf("%d running", n)
	}
}

// full is a site whose one turn is taken until the test ends.
func full(t *testing.T) *handler {
	t.Helper()
	h, err := New(Site{
		Config: Config{Listen: "127.0.0.1:8080"}, Sessions: nobodyLooksUp{t},
		Routes: []Route{
			{Method: "GET", Pattern: "/page", Permission: SignedIn, Scope: Nobody, Class: Internal, Audit: NotAudited, Handle: func(http.ResponseWriter, *Request) error { return nil }},
			{Method: "POST", Pattern: "/page", Permission: SignedIn, Scope: Nobody, Class: Internal, Audit: "x", Handle: func(http.ResponseWriter, *Request) error { return nil }},
			{Method: "GET", Pattern: "/static", Permission: Anyone, Scope: Nobody, Class: Public, Audit: NotAudited, Handle: func(http.ResponseWriter, *Request) error { return nil }, Always: true},
		},
		ShowBusy: func(w io.Writer, _ *Request, b Busy) error {
			_, err := fmt.Fprintf(w, "busy get=%v to=%s fields=%s files=%v", b.Get, b.To, b.Fields.Encode(), b.Files)
			return err
		},
		ShowProblem: func(w io.Writer, _ *Request, p Problem) error { _, err := io.WriteString(w, p.Message); return err },
	})
	if err != nil {
		t.Fatal(err)
	}
	site := h.(*handler)
	site.queue = newQueue(1)
	site.queue.enter(t.Context(), key{})
	site.queue.end()
	return site
}

// nobodyLooksUp is a table of sessions that must not be asked.
type nobodyLooksUp struct{ *testing.T }

func (n nobodyLooksUp) Resume(context.Context, string) (a access.Account, x access.Session, err error) {
	n.Error("a session was looked up for somebody who is turned away")
	return a, x, nil
}

// TestTurnedAway (R13): 503 at once with Retry-After and the form as it came, its own
// token and key included; no password, no look at the session, and nothing for a
// form of another site. What costs nothing is answered.
func TestTurnedAway(t *testing.T) {
	h := full(t)
	send := func(method, target string, form url.Values, header ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, target, strings.NewReader(form.Encode()))
		r.Host = "127.0.0.1:8080"
		r.AddCookie(&http.Cookie{Name: "plain-sid", Value: "t1"})
		if method == "POST" {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		for i := 0; i+1 < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		out := httptest.NewRecorder()
		began := time.Now()
		h.ServeHTTP(out, r)
		if took := time.Since(began); took > 100*time.Millisecond {
			t.Errorf("%s %s: told after %s", method, target, took)
		}
		return out
	}
	form := url.Values{"name": {"<某>"}, FormField: {"t"}, OnceField: {"k"}}
	for name, c := range map[string]struct {
		got    *httptest.ResponseRecorder
		status int
		says   string
	}{
		"a page":              {send("GET", "/page?x=1", nil), 503, "busy get=true to= fields= files=false"},
		"a form":              {send("POST", "/page?x=1", form), 503, "busy get=false to=/page?x=1 fields=" + form.Encode() + " files=false"},
		"a password":          {send("POST", "/page", url.Values{"password": {"p"}}), 503, "busy get=false to= fields= files=false"},
		"of another site":     {send("POST", "/page", form, "Sec-Fetch-Site", "cross-site"), 403, "别的网站"},
		"what asks nobody":    {send("GET", "/static", nil), 0, ""},
		"no page of ours":     {send("GET", "/none", nil), 404, "没有这个页面"},
		"larger than is kept": {send("POST", "/page", url.Values{"text": {strings.Repeat("x", keptMost)}}), 503, "busy get=false to= fields= files=true"},
	} {
		if c.got.Code != c.status && c.status != 0 || !strings.Contains(c.got.Body.String(), c.says) {
			t.Errorf("%s: %d %s", name, c.got.Code, c.got.Body)
		}
		if after := c.got.Header().Get("Retry-After"); (after != "") != (c.status == 503) {
			t.Errorf("%s: Retry-After %q", name, after)
		}
	}
}
