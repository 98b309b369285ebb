package soak

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
	"time"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/roster"
	"quxiang/internal/store/storetest"
)

// rotateWide is how many register while the key is changed.
const rotateWide = 16

// TestKilledInARotation: kill -9 while the key is changed under registrations (C2, R5):
// nothing acknowledged is lost, everything opens at every moment, a rotation that was
// cut off goes on, and search by phone still works.
func TestKilledInARotation(t *testing.T) {
	soaking(t)
	t.Run("sqlite", func(t *testing.T) {
		killInRotations(t, app.Config{Data: t.TempDir() + "/data"}, roundsOf(t, "sqlite"))
	})
	t.Run("postgres", func(t *testing.T) {
		killInRotations(t, app.Config{Data: t.TempDir() + "/data", Database: storetest.Postgres(t).URL}, roundsOf(t, "postgres"))
	})
}

func killInRotations(t *testing.T, conf app.Config, n int) {
	c, seed := gather(t, conf, n*rotateWide), uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	phones(t, c, 1500)
	chance, a, cut := rand.New(rand.NewPCG(seed, 2)), newAcks(t), 0
	for round := range n {
		s := serve(t, c.args("serve")...)
		seats := c.ready(t, s, rotateWide)
		wait := time.Duration(10+chance.IntN(900)) * time.Millisecond
		turned := c.rotate(t, round)
		time.AfterFunc(wait, s.kill)
		burst(t, s, seats, a)
		<-s.ended
		<-turned
		if lost, doubled := c.compare(t, a, seats); len(lost)+len(doubled) > 0 {
			t.Fatalf("lost %v, doubled %v\n%s", lost, doubled, conf.Data)
		}
		c.verified(t)
		state := c.keys(t)
		if state.Turning != "" {
			cut++
		}
		t.Logf("round %d: killed after %v, %d keys, turning %q, %d sealed anew", round, wait, len(state.Keys), state.Turning, state.Done)
		if round%2 == 0 { // else the next round goes on with it, under a server again
			if out, code := run(t, c.args("keys", "rotate")...); code != 0 {
				t.Fatalf("going on: exit %d\n%s", code, out)
			}
		}
		c.settle(t, a, seats)
	}
	if cut == 0 {
		t.Error("no kill met a rotation: nothing was tried")
	}
	if out, code := run(t, c.args("keys", "rotate")...); code != 0 {
		t.Fatalf("the last one: exit %d\n%s", code, out)
	}
	c.verified(t)
	for _, k := range c.keys(t).Keys {
		if k.Current != (k.Seals > 0) {
			t.Errorf("key %s: current %v, and %d are sealed with it", k.ID, k.Current, k.Seals)
		}
	}
	c.found(t)
}

// phone of the nth graduate: one that cannot be.
func phone(n int) string { return fmt.Sprintf("100%08d", n) }

// phones gives everybody one, and the school that many graduates more.
func phones(t *testing.T, c *crowd, more int) {
	t.Helper()
	rows := strings.Builder{}
	rows.WriteString("学号,姓名,学历,手机号\n")
	for i, s := range c.seats {
		fmt.Fprintf(&rows, "%s,毕业生%d,本科,%s\n", s.no, i, phone(i))
	}
	for i := range more {
		fmt.Fprintf(&rows, "25%05d,同学%d,本科,%s\n", i, i, phone(50_000+i))
	}
	a, err := app.Open(t.Context(), c.conf, app.Writing)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	report, err := a.Roster.Import(t.Context(), access.Console("soak"), app.TableFile("手机.csv", []byte(rows.String())), roster.ImportOptions{Cohort: "2024"})
	if err != nil || report.Refused > 0 {
		t.Fatal(err, report.Refusals)
	}
}

// rotate has the running server change the key, to the other cipher each time; the
// channel is closed when the command ends, which may be by the server's end.
func (c *crowd) rotate(t *testing.T, round int) <-chan struct{} {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = exec.Command(path, c.args("keys", "rotate", "--alg", []string{"sm4gcm", "aes256gcm"}[round%2])...).Run()
	}()
	return ended
}

func (c *crowd) keys(t *testing.T) (state app.KeyState) {
	t.Helper()
	out, code := run(t, c.args("keys", "list", "--format", "json")...)
	if err := json.Unmarshal([]byte(out), &state); code != 0 || err != nil {
		t.Fatalf("keys list: exit %d, %v\n%s", code, err, out)
	}
	return state
}

// found looks for everybody by phone.
func (c *crowd) found(t *testing.T) {
	t.Helper()
	a, err := app.Open(t.Context(), c.conf, app.Reading)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	for i, s := range c.seats {
		if list, _, err := a.Roster.Find(t.Context(), access.Console("soak"), phone(i), 5); err != nil || len(list) != 1 || list[0].Graduate != s.id {
			t.Fatalf("%s is not found by phone: %v, %v", s.no, list, err)
		}
	}
}
