package app_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/history"
	"quxiang/internal/httpd"
)

// ready is a registration with its photo, filled in and not sent.
func (w *window) ready(no string) func() *httptest.ResponseRecorder {
	w.c.t.Helper()
	w.follow("a category", "/mine/register", "/mine/register", "code", "46")
	return w.fill(registerAt, registerAt, "file-MIL", "通知书.jpg", photo(w.c.t, no[len(no)-1]), "enlist_office", "丙县人民武装部",
		"enlist_day", "2024年6月20日", "attest", "yes", "do", "submit")
}

// submissions counts what the graduate handed in.
func (c *campus) submissions(no string) (n int) {
	c.t.Helper()
	for _, e := range c.story(no) {
		if e.Step == history.Submitted {
			n++
		}
	}
	return n
}

// TestFiftyTimesAtOnceIsOnce: the same form fifty times in parallel, and again
// after the program was started anew, has one effect and one answer (R9).
func TestFiftyTimesAtOnceIsOnce(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		w := c.student("240001")
		send := w.ready("240001")
		answers := make([]string, 50)
		var wg sync.WaitGroup
		for i := range answers {
			wg.Go(func() { answers[i] = send().Header().Get("Location") })
		}
		wg.Wait()
		for i, a := range answers {
			if a != answers[0] || !strings.HasPrefix(a, "/mine/receipt/") {
				t.Errorf("answer %d leads to %q, the first one to %q", i, a, answers[0])
			}
		}
		c.restart()
		if again := w.led("after a restart", send()); again != answers[0] {
			t.Errorf("after a restart: %s", again)
		}
		if n := c.submissions("240001"); n != 1 {
			t.Errorf("%d submissions", n)
		}
	})
}

// TestAFormThatFailedIsNotAnswered: what fails at its last statement leaves no
// answer behind, and the same form sent again does its work (R9, S15).
func TestAFormThatFailedIsNotAnswered(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		w := c.student("240001")
		send := w.ready("240001")
		whole := c.app.Destinations.Audit
		c.app.Destinations.Audit = noSubmission{whole}
		if got := send(); got.Code != 500 || c.submissions("240001") != 0 {
			t.Errorf("%d with %d submissions", got.Code, c.submissions("240001"))
		}
		c.app.Destinations.Audit = whole
		if to := w.led("sent again", send()); !strings.HasPrefix(to, "/mine/receipt/") || c.submissions("240001") != 1 {
			t.Errorf("led to %s with %d submissions", to, c.submissions("240001"))
		}
	})
}

// noSubmission fails at the entry of a submission, as a disk does that ends there.
type noSubmission struct{ audit.Log }

func (f noSubmission) Write(ctx context.Context, who access.Actor, action, subject string, detail map[string]string) error {
	if action == "destination.submit" {
		return errors.New("the disk fails")
	}
	return f.Log.Write(ctx, who, action, subject, detail)
}

// restart closes the program and opens it on the same folder.
func (c *campus) restart() {
	c.t.Helper()
	conf := c.app.Config
	if err := c.app.Close(); err != nil {
		c.t.Fatal(err)
	}
	again, err := app.Open(c.t.Context(), conf, app.Serving)
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() {
		if err := again.Close(); err != nil {
			c.t.Error(err)
		}
	})
	c.app = again
	if c.pages, err = again.Pages(httpd.Config{Listen: "127.0.0.1:8080"}, true); err != nil {
		c.t.Fatal(err)
	}
}
