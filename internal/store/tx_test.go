package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

func setting(t testing.TB, s *store.Store, key string) string {
	t.Helper()
	v, err := s.Setting(ctx, key)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestFailingNeighboursDoNoHarm(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		own := errors.New("own")
		var wg sync.WaitGroup
		for i := range 300 {
			wg.Go(func() {
				err := s.InTx(ctx, func(ctx context.Context) error {
					key := fmt.Sprintf("k%03d", i)
					if err := s.SaveSetting(ctx, key, "v"); err != nil {
						return err
					}
					if v, err := s.Setting(ctx, key); v != "v" {
						return fmt.Errorf("own write not seen: %q, %v", v, err)
					}
					if i%3 == 0 {
						return own
					}
					return nil
				})
				if (i%3 == 0) != errors.Is(err, own) || (i%3 != 0 && err != nil) {
					t.Errorf("%d: got %v", i, err)
				}
			})
		}
		wg.Wait()
		for i := range 300 {
			want := "v"
			if i%3 == 0 {
				want = ""
			}
			if got := setting(t, s, fmt.Sprintf("k%03d", i)); got != want {
				t.Errorf("%d: got %q, want %q", i, got, want)
			}
		}
	})
}

func TestNothingOfAFailureStays(t *testing.T) {
	own := errors.New("own")
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for name, do := range map[string]func(context.Context) error{
			"a nested function fails and the outer swallows it": func(ctx context.Context) error {
				_ = s.InTx(ctx, func(context.Context) error { return own })
				return nil
			},
			"a statement fails and the function swallows it": func(ctx context.Context) error {
				_ = s.SaveLink(ctx, access.Link{Digest: "d", Account: "nobody"})
				return nil
			},
			"the caller goes away": func(ctx context.Context) error {
				ctx, gone := context.WithCancel(ctx)
				gone()
				_, err := s.Setting(ctx, "a")
				return err
			},
			"an audited write has no audit entry": func(ctx context.Context) error {
				return s.SaveAccount(ctx, access.Account{ID: "a", Login: "a"})
			},
			"a second audit entry": func(ctx context.Context) error {
				return errors.Join(s.Write(ctx, console, "one", "", nil), s.Write(ctx, console, "two", "", nil))
			},
		} {
			err := s.InTx(ctx, func(ctx context.Context) error {
				if err := s.SaveSetting(ctx, "a", name); err != nil {
					return err
				}
				return do(ctx)
			})
			if err == nil || setting(t, s, "a") != "" {
				t.Errorf("%s: got %v, and %q stays", name, err, setting(t, s, "a"))
			}
		}
	})
}

func TestPanicRollsBackAndGoesOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		func() {
			defer func() {
				if recover() != "own" {
					t.Error("the panic did not reach the caller")
				}
			}()
			_ = s.InTx(ctx, func(ctx context.Context) error {
				_ = s.SaveSetting(ctx, "a", "1")
				panic("own")
			})
		}()
		if setting(t, s, "a") != "" {
			t.Error("a write of a function that panicked stays")
		}
		if err := s.SaveSetting(ctx, "a", "2"); err != nil || setting(t, s, "a") != "2" {
			t.Error("the store is stuck after a panic: ", err)
		}
	})
}

func TestNestedCallsJoin(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var leaked context.Context
		write(t, s, func(ctx context.Context) error {
			leaked = ctx
			return s.InTx(ctx, func(ctx context.Context) error { return s.SaveSetting(ctx, "a", "1") })
		})
		if setting(t, s, "a") != "1" {
			t.Error("a nested write is lost")
		}
		if _, err := s.Setting(leaked, "a"); err == nil {
			t.Error("the context of a finished transaction still reads")
		}
		err := s.InTx(ctx, func(ctx context.Context) error {
			return s.FreezeTx(ctx, func(context.Context) error { return nil })
		})
		if err == nil {
			t.Error("freezing inside a transaction cannot be alone")
		}
	})
}

func TestNeedsATransaction(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		id := enrol(t, s, 1)[0]
		_, publish := s.Publish(ctx, []history.Event{step(id, 2)})
		_, batch := s.PublishBatch(ctx, "b", nil)
		for name, err := range map[string]error{
			"events": publish, "an import": batch, "an audit entry": s.Write(ctx, console, "x", "", nil),
		} {
			if err == nil {
				t.Errorf("%s written outside a transaction", name)
			}
		}
	})
}

// TestOneOfTwoWritersWins: both know a history of one event and add the second.
func TestOneOfTwoWritersWins(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		id := enrol(t, s, 1)[0]
		for round := range 20 {
			seq := round + 2
			errs := make([]error, 4)
			var wg sync.WaitGroup
			for i := range errs {
				wg.Go(func() {
					errs[i] = tryWrite(s, func(ctx context.Context) error {
						_, err := s.Publish(ctx, []history.Event{step(id, seq)})
						return err
					})
				})
			}
			wg.Wait()
			won := 0
			for _, err := range errs {
				if err == nil {
					won++
				} else if fault.KindOf(err) != fault.Conflict || err.Error() != "刚有人更新了这位毕业生的记录，请刷新后再试" {
					t.Errorf("the loser is told %v", err)
				}
			}
			if won != 1 {
				t.Fatalf("round %d: %d writers won, want 1", round, won)
			}
		}
	})
}

func TestKnownTimeNeverRunsBack(t *testing.T) {
	var now atomic.Int64
	storetest.EachConfig(t, func(t *testing.T, c store.Config) {
		now.Store(5000)
		c.Clock = func() calendar.Instant { return calendar.Instant(now.Load()) }
		s := storetest.Open(t, c)
		ids := enrol(t, s, 2)
		publish := func(events ...history.Event) (known calendar.Instant) {
			t.Helper()
			write(t, s, func(ctx context.Context) (err error) {
				known, err = s.Publish(ctx, events)
				return err
			})
			return known
		}
		if k := publish(step(ids[0], 2)); k != 5000 {
			t.Errorf("known at %d, want now", k)
		}
		now.Store(3000)
		if k := publish(step(ids[0], 3)); k != 5000 {
			t.Errorf("with a clock put back: known at %d, want that of the event before", k)
		}
		if k := publish(step(ids[1], 2), step(ids[0], 4)); k != 5000 {
			t.Errorf("two graduates at once: known at %d, want the newest of both", k)
		}
		freeze(t, s, "S", 9000)
		if k := publish(step(ids[1], 3)); k != 9000 {
			t.Errorf("after a snapshot: known at %d, want its K", k)
		}
		freeze(t, s, "OLD", 100)
		if k := publish(step(ids[1], 4)); k != 9000 {
			t.Errorf("after a snapshot of the past: known at %d, want the highest K", k)
		}
		p, e := enrolment(7)
		if err := s.Load(ctx, console, "x", []stagedGraduate{p}, []history.Event{e}); err == nil {
			t.Error("loading events known before a snapshot moves its figures")
		}
	})
}

// TestFreezeIsAlone: no writer of histories runs beside FreezeTx.
func TestFreezeIsAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ids := enrol(t, s, 60)
		var writing, frozen atomic.Int32
		var wg sync.WaitGroup
		for i, id := range ids {
			wg.Go(func() {
				_ = tryWrite(s, func(ctx context.Context) error {
					_, err := s.Publish(ctx, []history.Event{step(id, 2)})
					writing.Add(1)
					defer writing.Add(-1)
					if frozen.Load() > 0 {
						t.Error("a writer published beside a freeze")
					}
					time.Sleep(time.Millisecond)
					return err
				})
			})
			if i%10 == 0 {
				wg.Go(func() {
					_ = s.FreezeTx(ctx, func(ctx context.Context) error {
						frozen.Add(1)
						defer frozen.Add(-1)
						if _, err := s.Setting(ctx, "x"); err != nil {
							t.Error(err)
						}
						time.Sleep(3 * time.Millisecond)
						if writing.Load() > 0 {
							t.Error("a freeze ran beside a writer")
						}
						return nil
					})
				})
			}
		}
		wg.Wait()
	})
}

func TestOnCommitNamesWhoChanged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var got [][]string
		s.OnCommit(func(graduates []string) {
			read, err := s.Histories(ctx, access.School(), graduates)
			if err != nil || len(read) != len(graduates) {
				t.Errorf("the change is not there to read: %v", err)
			}
			got = append(got, graduates)
		})
		ids := enrol(t, s, 3)
		write(t, s, func(ctx context.Context) error {
			_, err := s.Publish(ctx, []history.Event{step(ids[2], 2), step(ids[0], 2)})
			return err
		})
		_ = tryWrite(s, func(ctx context.Context) error {
			_, _ = s.Publish(ctx, []history.Event{step(ids[1], 2)})
			return errors.New("own")
		})
		if err := s.SaveSetting(ctx, "a", "b"); err != nil {
			t.Fatal(err)
		}
		want := [][]string{ids, {ids[0], ids[2]}}
		if !slices.EqualFunc(got, want, slices.Equal) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

func TestClosedStoreSaysSo(t *testing.T) {
	storetest.EachConfig(t, func(t *testing.T, c store.Config) {
		s, err := store.Open(ctx, c)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		err = s.SaveSetting(ctx, "a", "b")
		if err == nil || !strings.Contains(err.Error(), "closed") {
			t.Errorf("got %v", err)
		}
	})
}

// TestWaitingCallerMayLeave: whoever gives up before their turn leaves nothing.
func TestWaitingCallerMayLeave(t *testing.T) {
	s := storetest.Open(t, storetest.SQLite(t))
	started, finish := make(chan bool), make(chan bool)
	var wg sync.WaitGroup
	wg.Go(func() {
		_ = s.InTx(ctx, func(context.Context) error { close(started); <-finish; return nil })
	})
	<-started
	impatient, leave := context.WithCancel(ctx)
	ran := make(chan error)
	go func() { ran <- s.SaveSetting(impatient, "a", "b") }()
	leave()
	if err := <-ran; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	close(finish)
	wg.Wait()
	if setting(t, s, "a") != "" {
		t.Error("the write of a caller who left stays")
	}
}
