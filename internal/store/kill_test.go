package store_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/history"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

// victim is the environment variable that makes the test binary the child of
// TestKilledProcessLosesNothing; its value is the database.
const victim = "QUXIANG_STORE_VICTIM"

func TestMain(m *testing.M) {
	if path := os.Getenv(victim); path != "" {
		beVictim(path)
		return
	}
	os.Exit(m.Run())
}

// beVictim publishes from many goroutines and says so, a line each, once it is
// acknowledged; until it is killed.
func beVictim(path string) {
	s, err := store.Open(ctx, store.Config{SQLite: path})
	if err != nil {
		fmt.Println("error", err)
		return
	}
	for i := range 40 {
		go func() {
			id := fmt.Sprintf("g%04d", i+1)
			for {
				got, err := s.Histories(ctx, access.School(), []string{id})
				if err == nil {
					err = tryWrite(s, func(ctx context.Context) error {
						_, err := s.Publish(ctx, []history.Event{step(id, len(got[id])+1)})
						return err
					})
				}
				if err != nil {
					fmt.Println("error", err)
					return
				}
				fmt.Printf("%s %d\n", id, len(got[id])+1)
			}
		}()
	}
	select {}
}

// TestKilledProcessLosesNothing: what was acknowledged before SIGKILL is there.
func TestKilledProcessLosesNothing(t *testing.T) {
	c := storetest.SQLite(t)
	s, err := store.Open(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	enrol(t, s, 40)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for round := range 4 {
		acknowledged := killAfter(t, c.SQLite, 100+round*70)
		s, err := store.Open(ctx, c)
		if err != nil {
			t.Fatal(err)
		}
		stored := map[string]int{}
		if err := s.EachHistory(ctx, store.HistorySelection{}, func(id string, events []history.Event) error {
			stored[id] = len(events)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		for id, seq := range acknowledged {
			if stored[id] < seq {
				t.Errorf("round %d: %s/%d was acknowledged, %d events are there", round, id, seq, stored[id])
			}
		}
		verified(t, s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// killAfter runs the victim until it has acknowledged so many events, kills it,
// and returns the last one of each graduate.
func killAfter(t *testing.T, path string, events int) map[string]int {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), victim+"="+path)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	defer time.AfterFunc(time.Minute, func() { _ = child.Process.Kill() }).Stop()
	acknowledged, n := map[string]int{}, 0
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "error") {
			t.Error(lines.Text())
		}
		var id string
		var seq int
		if _, err := fmt.Sscan(lines.Text(), &id, &seq); err != nil {
			continue // the last line may be cut short
		}
		acknowledged[id] = seq
		if n++; n == events {
			_ = child.Process.Kill()
		}
	}
	_ = child.Wait()
	if n < events {
		t.Errorf("the child acknowledged %d events and ended", n)
	}
	return acknowledged
}
