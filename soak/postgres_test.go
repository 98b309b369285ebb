package soak

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"quxiang/internal/app"
	"quxiang/internal/store/storetest"
)

// away is what a page says while the database is.
const away = "数据库暂时连不上"

// TestPostgresGoesAndComesBack: PostgreSQL ends in order, and as in a crash, under a burst
// of registrations. Meanwhile the process is alive and not ready, pages say what is wrong
// and keep the form; once it is back everything goes on by itself, nothing that was
// acknowledged is lost, and nothing is there twice (R9, R18).
func TestPostgresGoesAndComesBack(t *testing.T) {
	soaking(t)
	db := storetest.Alone(t)
	conf := app.Config{Data: t.TempDir() + "/data", Database: db.Database().URL}
	const few = 40 // more than are on their way when ten are through
	signals := []string{"INT", "QUIT", "QUIT"}
	c, a := gather(t, conf, len(signals)*few), newAcks(t)
	s, told, all := serve(t, c.args("serve")...), 0, []*seat(nil)
	for _, signal := range signals {
		seats := c.ready(t, s, few)
		all = append(all, seats...)
		before := a.count()
		stopped := make(chan struct{})
		go func() {
			defer close(stopped)
			for until := time.Now().Add(20 * time.Second); a.count() < before+10 && time.Now().Before(until); {
				time.Sleep(2 * time.Millisecond)
			}
			db.Stop(signal)
		}()
		sendInTheDark(s, seats, a)
		<-stopped
		t.Logf("%s: %d acknowledged before", signal, a.count()-before)
		told += a.count() - before
		whileAway(t, s, a, seats)
		db.Start()
		began := time.Now()
		for probe(t, s, "/readyz") != http.StatusOK {
			if time.Since(began) > time.Minute {
				t.Fatalf("not ready a minute after the database\n%s", s.words())
			}
			time.Sleep(50 * time.Millisecond)
		}
		within(t, "ready again after the database", ms(time.Since(began)), 10_000)
		burst(t, s, seats, a)
		for _, x := range seats {
			if _, ok := a.of(x.no); !ok {
				t.Fatalf("%s was not answered by a server whose database is back\n%s", x.no, s.words())
			}
		}
	}
	if told == 0 || told == len(all) {
		t.Errorf("%d of %d came through before the database went: nothing was tried", told, len(all))
	}
	if out, code := run(t, c.args("serve", "--listen", "127.0.0.1:0")...); code != 1 {
		t.Errorf("a second server beside one whose database came back: %d\n%s", code, out)
	}
	s.stop(t)
	if lost, doubled := c.compare(t, a, all); len(lost)+len(doubled) > 0 {
		t.Errorf("lost %v, doubled %v", lost, doubled)
	}
	c.verified(t)
}

// whileAway looks at the server while it has no database.
func whileAway(t *testing.T, s *server, a *acks, seats []*seat) {
	t.Helper()
	if status := probe(t, s, "/livez"); status != http.StatusOK {
		t.Errorf("alive: %d", status)
	}
	time.Sleep(1100 * time.Millisecond) // what was found holds for a second
	if status := probe(t, s, "/readyz"); status != http.StatusServiceUnavailable {
		t.Errorf("ready without a database: %d", status)
	}
	browser, tried := client(1), false
	defer browser.CloseIdleConnections()
	for _, x := range seats {
		if _, ok := a.of(x.no); ok || tried {
			continue
		}
		tried = true
		for name, kind := range map[string]string{"GET": "", "POST": x.kind} {
			status, _, page, err := x.send(browser, name, s.Address+formAt, kind, map[string][]byte{"POST": x.body}[name])
			if err != nil || status != http.StatusServiceUnavailable || !strings.Contains(page, away) {
				t.Errorf("%s without a database: %d %v %.600s", name, status, err, page)
			}
			if name == "POST" && !strings.Contains(page, "丙县人民武装部") {
				t.Errorf("what was typed is lost: %.600s", page)
			}
		}
	}
	if !tried {
		t.Error("everybody was answered before the database went")
	}
}

// probe is the status of an address.
func probe(t *testing.T, s *server, at string) int {
	t.Helper()
	c := http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	r, err := c.Get(s.Address + at)
	if err != nil {
		t.Fatalf("%s: %v\n%s", at, err, s.words())
	}
	defer r.Body.Close()
	_, _ = io.Copy(io.Discard, r.Body)
	return r.StatusCode
}
