package app_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
)

// jump sets every clock of the school.
func (c *campus) jump(d time.Duration) {
	c.app.PassTime(d)
	c.clock += d
}

// jumpTo sets them to a moment in Beijing.
func (c *campus) jumpTo(t *testing.T, moment string) {
	t.Helper()
	to, err := time.ParseInLocation(time.DateTime, moment, calendar.Zone)
	if err != nil {
		t.Fatal(err)
	}
	c.jump(to.Sub(c.app.Now().Time()))
}

// TestAClockThatJumps: a machine whose clock is set back or forward, or passes the end of
// the school year or a leap day between page and button, keeps the order of events and of
// the audit trail, answers a form that comes twice with one effect, and ends no session
// that is young enough by either clock (R8, R9).
func TestAClockThatJumps(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		next := 1
		send := func(name string, between func()) (w *window, again func() *httptest.ResponseRecorder, no string) {
			no = "2400" + string(rune('0'+next/10)) + string(rune('0'+next%10))
			next++
			w = c.student(no)
			again = w.ready(no)
			between()
			c.handedInOnce(t, name, w, again, no)
			return w, again, no
		}
		for name, d := range map[string]time.Duration{"an hour back": -time.Hour, "an hour on": time.Hour} {
			w, again, no := send(name, func() { c.jump(d) })
			c.jump(-d)
			c.handedInOnce(t, name+" and to where it was", w, again, no)
		}
		for name, d := range map[string]time.Duration{"a day back": -24 * time.Hour, "a day on": 24 * time.Hour} {
			w, _, _ := send(name, func() {})
			c.jump(d)
			w.want(name+": a session of another day", "/mine", 303)
			send(name, func() {})
			c.jump(-d)
		}
		for name, at := range map[string]string{"the school year": "2026-08-31 23:59:59", "a leap day": "2028-02-28 23:59:59", "after it": "2028-02-29 23:59:59"} {
			c.jumpTo(t, at)
			send(name, func() { c.jump(2 * time.Second) })
		}
		c.jumpTo(t, "2024-09-01 08:00:00") // and long before all of it
		_, _, no := send("years back", func() {})
		var last calendar.Instant
		for i, e := range c.story(no) {
			if e.Seq != i+1 || e.KnownAt < last {
				t.Errorf("event %d is number %d, known at %d after %d", i, e.Seq, e.KnownAt, last)
			}
			last = e.KnownAt
		}
		clean(t, c.app, "after all jumps")
		c.restart()
		clean(t, c.app, "after a restart")
	})
}

// handedInOnce sends the form and sends it again: one receipt, one submission.
func (c *campus) handedInOnce(t *testing.T, name string, w *window, send func() *httptest.ResponseRecorder, no string) {
	t.Helper()
	first := w.led(name, send())
	if again := w.led(name+", again", send()); again != first || !strings.HasPrefix(first, "/mine/receipt/") {
		t.Errorf("%s: %q, and again %q", name, first, again)
	}
	if n := c.submissions(no); n != 1 {
		t.Errorf("%s: %d submissions", name, n)
	}
}

// TestAClockSetBackProlongsNothing: what was begun, proved, locked or used by a clock that
// ran ahead holds no longer for it once the clock is right (R8, S39, S49, S50).
func TestAClockSetBackProlongsNothing(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		c.jump(24 * time.Hour)
		a, w := c.withPassword("admin2", access.Grant{Role: access.Administrator, Over: access.School()})
		c.jump(-24 * time.Hour)
		w.want("a session of tomorrow", "/me", 303)

		enter := func() *window { return c.enter(a) }
		w = enter()
		c.jump(-20 * time.Minute) // less than a session may idle
		w.want("a session of in twenty minutes", "/me", 200)
		c.jump(29 * time.Minute) // since its last request by the right clock
		w.want("and used since", "/me", 200)

		locked := func() bool {
			got := c.window().post("/login", "/login", "login", "admin2", "password", "Wrong.harbour.82")
			return strings.Contains(got.Body.String(), "试错太多")
		}
		c.jump(24 * time.Hour)
		for range 6 {
			locked()
		}
		if !locked() {
			t.Error("nobody is locked out: nothing was tried")
		}
		c.jump(-24 * time.Hour)
		if locked() {
			t.Error("locked for a day by a clock that was wrong")
		}
	})
}

// TestACodeCountsOnceByAnyClock: a code of the second factor that was used does not count
// again when the clock is set back to it (R8, S44).
func TestACodeCountsOnceByAnyClock(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		_, w := c.withPassword("zhou", access.Grant{Role: access.Office, Over: access.School()})
		secret, recovery := w.enrolled()
		try := func(code string) int {
			w, form := c.second("zhou")
			form["code"] = []string{code}
			return w.send("POST", "/login/second", form).Code
		}
		c.jump(time.Hour)
		code := c.codeOf(secret)
		if got := try(code); got != 303 {
			t.Fatalf("a code: %d", got)
		}
		c.jump(10 * time.Minute)
		c.jump(-10 * time.Minute)
		if got := try(code); got != 403 {
			t.Errorf("the same code by a clock set back: %d", got)
		}
		c.jump(-30 * time.Minute)
		if got := try(recovery[0]); got != 303 {
			t.Errorf("a recovery code while codes of the clock are behind: %d", got)
		}
	})
}
