package soak

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/history"
	"quxiang/internal/store/storetest"
)

// crowdSize of one burst, and how many of it send at the same moment: more than the
// machine takes before most kills, few enough that some are answered by then.
const (
	crowdSize = 100
	crowdWide = 12
)

// TestKilledInABurst: whatever a client was told is there after kill -9, nothing is
// there twice, and the same form sent again settles what it was not told (P1, R1, R9).
func TestKilledInABurst(t *testing.T) {
	soaking(t)
	t.Run("sqlite", func(t *testing.T) {
		killInBursts(t, app.Config{Data: t.TempDir() + "/data"}, roundsOf(t, "sqlite"))
	})
	t.Run("postgres", func(t *testing.T) {
		killInBursts(t, app.Config{Data: t.TempDir() + "/data", Database: storetest.Postgres(t).URL}, roundsOf(t, "postgres"))
	})
}

func killInBursts(t *testing.T, conf app.Config, n int) {
	c, seed := gather(t, conf, n*crowdSize), uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	chance, a, answered := rand.New(rand.NewPCG(seed, 1)), newAcks(t), 0
	for round := range n {
		s := serve(t, c.args("serve")...)
		seats := c.ready(t, s, crowdSize)
		after, from := time.Duration(50+chance.IntN(1451))*time.Millisecond, chance.IntN(2)
		before := a.count()
		killAfter(s, a, before+from, after)
		burst(t, s, seats, a)
		s.kill()
		before = a.count() - before
		answered += before
		t.Logf("round %d: killed %v after answer %d: %d acknowledged, %d unknown", round, after, from, before, crowdSize-before)
		if lost, doubled := c.compare(t, a, seats); len(lost)+len(doubled) > 0 {
			t.Fatalf("lost %v, doubled %v\n%s", lost, doubled, conf.Data)
		}
		c.verified(t)
		c.settle(t, a, seats)
	}
	if a.count() != n*crowdSize || answered == 0 {
		t.Errorf("%d of %d came through, %d before a kill: nothing was tried", a.count(), n*crowdSize, answered)
	}
}

// killAfter kills the server some time after that many answers were noted.
func killAfter(s *server, a *acks, answers int, wait time.Duration) {
	go func() {
		for a.count() < answers {
			select {
			case <-s.ended:
				return
			case <-time.After(2 * time.Millisecond):
			}
		}
		time.Sleep(wait)
		s.kill()
	}()
}

// TestAHarnessThatCountsTooEarlyIsCaught is the positive control of R1: a client that
// takes a form for acknowledged once it was sent must be found out.
func TestAHarnessThatCountsTooEarlyIsCaught(t *testing.T) {
	soaking(t)
	c := gather(t, app.Config{Data: t.TempDir() + "/data"}, crowdSize)
	s := serve(t, c.args("serve")...)
	seats, a := c.ready(t, s, crowdSize), newAcks(t)
	time.AfterFunc(120*time.Millisecond, s.kill)
	burst(t, s, seats, a)
	s.kill()
	for _, x := range seats {
		if _, ok := a.of(x.no); !ok {
			a.note(x.no, "sent")
		}
	}
	if lost, _ := c.compare(t, a, seats); len(lost) == 0 {
		t.Error("acks that nobody gave were not missed")
	}
}

// TestAnswersBeforeTheCommitAreCaught is the other one: a program that keeps a
// registration a moment after it said so must be found out by killing it.
func TestAnswersBeforeTheCommitAreCaught(t *testing.T) {
	soaking(t)
	path := planted(t, "internal/domain/destination/service.go", "	return s.Store.InTx(ctx, func(ctx context.Context) error {\n		if w.guard != nil {", `
	inTx := s.Store.InTx
	if w.action == "destination.submit" {
		inTx = func(_ context.Context, do func(context.Context) error) error {
			wait, _ := context.WithTimeout(context.Background(), 200e6)
			go func() { <-wait.Done(); _ = s.Store.InTx(context.Background(), do) }()
			return nil
		}
	}
	return inTx(ctx, func(ctx context.Context) error {
		if w.guard != nil {`)
	c := gather(t, app.Config{Data: t.TempDir() + "/data"}, crowdSize)
	s := serveWith(t, path, c.args("serve")...)
	seats, a := c.ready(t, s, crowdSize), newAcks(t)
	killAfter(s, a, 20, 0)
	burst(t, s, seats, a)
	s.kill()
	lost, _ := c.compare(t, a, seats)
	if len(lost) == 0 {
		t.Error("a program that answers before it commits was not caught")
	}
	t.Logf("%d of %d acknowledged are lost, as planted", len(lost), a.count())
}

// args are those of a command on the crowd's school.
func (c *crowd) args(command ...string) []string {
	out := append(command, "--data", c.conf.Data)
	if c.conf.Database != "" {
		out = append(out, "--database", c.conf.Database)
	}
	return out
}

// ready calls up so many graduates and has each fill in the form.
func (c *crowd) ready(t *testing.T, s *server, n int) []*seat {
	t.Helper()
	seats, browser := c.call(t, n), client(16)
	defer browser.CloseIdleConnections()
	atOnceDo(seats, 16, func(x *seat) {
		if err := x.fillIn(browser, s.Address); err != nil {
			t.Error(x.no, err)
		}
	})
	if t.Failed() {
		t.FailNow()
	}
	return seats
}

// burst has all of them send at once; it returns when each has its answer or none.
func burst(t *testing.T, s *server, seats []*seat, a *acks) {
	t.Helper()
	browser := client(crowdWide)
	defer browser.CloseIdleConnections()
	atOnceDo(seats, crowdWide, func(x *seat) {
		if _, ok := a.of(x.no); ok {
			return
		}
		if err := x.register(browser, s.Address, a); err != nil {
			t.Error(x.no, err)
		}
	})
}

// settle starts the server again, has everybody without an answer send the same
// form, and looks that each is there exactly once.
func (c *crowd) settle(t *testing.T, a *acks, seats []*seat) {
	t.Helper()
	s := serve(t, c.args("serve")...)
	burst(t, s, seats, a)
	s.stop(t)
	for _, x := range seats {
		if _, ok := a.of(x.no); !ok {
			t.Fatalf("%s was not answered by a server that was left alone", x.no)
		}
	}
	if lost, doubled := c.compare(t, a, seats); len(lost)+len(doubled) > 0 {
		t.Fatalf("after the forms were sent again: lost %v, doubled %v", lost, doubled)
	}
}

// compare compares what was acknowledged with what is stored, as sets: lost are
// those whose change is not there, or without its evidence; doubled are those with
// two submissions.
func (c *crowd) compare(t *testing.T, a *acks, seats []*seat) (lost, doubled []string) {
	t.Helper()
	changes, papers := c.stored(t, seats)
	for _, x := range seats {
		told, ok := a.of(x.no)
		all := changes[x.id]
		if ok && (!slices.Contains(all, told) || !papers[x.id]) {
			lost = append(lost, fmt.Sprintf("%s %s", x.no, told))
		}
		if len(all) > 1 {
			doubled = append(doubled, fmt.Sprintf("%s %v", x.no, all))
		}
	}
	return lost, doubled
}

// stored are the submissions of the seats, by graduate, and who has evidence.
func (c *crowd) stored(t *testing.T, seats []*seat) (changes map[string][]string, papers map[string]bool) {
	t.Helper()
	a, err := app.Open(t.Context(), c.conf, app.Reading)
	if err != nil {
		t.Fatal(err)
	}
	changes, papers = map[string][]string{}, map[string]bool{}
	ids := make([]string, len(seats))
	for i, x := range seats {
		ids[i] = x.id
	}
	past, err := a.Store.Histories(t.Context(), access.School(), ids)
	for id, events := range past {
		for _, e := range events {
			if e.Step == history.Submitted {
				changes[id] = append(changes[id], e.Change)
			}
		}
	}
	err = errors.Join(err, a.Store.EachDocument(t.Context(), func(d destination.Document) error {
		papers[d.Graduate] = true
		return nil
	}), a.Close())
	if err != nil {
		t.Fatal(err)
	}
	return changes, papers
}

// verified asks the program itself: audit chain, events, every file of evidence.
func (c *crowd) verified(t *testing.T) {
	t.Helper()
	if out, code := run(t, c.args("verify")...); code != 0 {
		t.Fatalf("verify: exit %d\n%s\n%s", code, out, c.conf.Data)
	}
}
