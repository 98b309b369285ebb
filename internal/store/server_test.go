package store_test

import (
	"context"
	"database/sql"
	"slices"
	"testing"
	"time"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/store/storetest"
)

// cutOff ends the session that holds the database, and takes its lock at once if asked.
func cutOff(t *testing.T, db *sql.Conn, take bool) {
	t.Helper()
	var n int
	err := db.QueryRowContext(ctx, `select count(*) from (select pg_terminate_backend(pid, 10000) from pg_locks where locktype = 'advisory' and objid = 7003
		and database = (select oid from pg_database where datname = current_database())) x`).Scan(&n)
	if err != nil || n != 1 {
		t.Fatalf("%d sessions ended: %v", n, err)
	}
	if !take {
		return
	}
	var got bool
	if err := db.QueryRowContext(ctx, `select pg_try_advisory_lock(7003)`).Scan(&got); err != nil || !got {
		t.Fatal(got, err)
	}
}

// settles calls until it returns the kind of fault, "" for none.
func settles(t *testing.T, what string, do func() error, kind fault.Kind) {
	t.Helper()
	err := do()
	for until := time.Now().Add(20 * time.Second); fault.KindOf(err) != kind || kind == "" && err != nil; err = do() {
		if time.Now().After(until) {
			t.Fatalf("%s: %v", what, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// TestAHoldThatIsLost: a server whose hold on the database broke writes nothing until it
// has it again, which needs no restart; where another one served meanwhile it never writes
// again, since it does not know what that one wrote (R18, R27).
func TestAHoldThatIsLost(t *testing.T) {
	c := storetest.Postgres(t)
	s, db := storetest.Open(t, c), raw(t, c)
	hand, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer hand.Close()
	release, err := s.HoldServer(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	write := func() error { return s.SaveSetting(ctx, "probe", "x") }

	cutOff(t, hand, true)
	settles(t, "while somebody else has it", write, fault.Unavailable)
	if _, err := s.Setting(ctx, "probe"); err != nil {
		t.Errorf("reading meanwhile: %v", err)
	}
	if _, err := hand.ExecContext(ctx, `select pg_advisory_unlock(7003)`); err != nil {
		t.Fatal(err)
	}
	settles(t, "once it can be had", write, "")
	other := storetest.Open(t, c)
	if _, err := other.HoldServer(ctx); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a second server: %v", err)
	}

	cutOff(t, hand, true)
	settles(t, "lost again", write, fault.Unavailable)
	if _, err := hand.ExecContext(ctx, `update meta set value = 'another' where key = 'server_id'`); err != nil {
		t.Fatal(err)
	}
	if _, err := hand.ExecContext(ctx, `select pg_advisory_unlock(7003)`); err != nil {
		t.Fatal(err)
	}
	settles(t, "a third server", func() error {
		end, err := other.HoldServer(ctx)
		if err == nil {
			end()
		}
		return err
	}, "")
	time.Sleep(3 * 500 * time.Millisecond) // it looks every half second
	if err := write(); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("beside another server: %v", err)
	}
}

// TestWhoReadsIsToldOfWhatMayBeThere: a connection that breaks over the answer to a commit
// leaves the writer without knowing; figures that are kept in memory look again all the
// same, or they would be wrong until the next start (R18).
func TestWhoReadsIsToldOfWhatMayBeThere(t *testing.T) {
	c := storetest.Postgres(t)
	sure, db := storetest.Open(t, c), raw(t, c)
	id := enrol(t, sure, 1)[0]
	events := func() int {
		past, err := sure.Histories(ctx, access.School(), []string{id})
		if err != nil {
			t.Fatal(err)
		}
		return len(past[id])
	}
	failing, faults := storetest.Failing(t, c)
	s := storetest.Open(t, failing)
	var told []string
	s.OnCommit(func(graduates []string) { told = append(told, graduates...) })
	unknown := 0
	// Whether a commit is the message that reaches the server hangs on how many went before.
	for n, more := 1, 0; more <= 2; n++ {
		told = nil
		before := events()
		faults.Arm(n)
		err := tryWrite(s, func(ctx context.Context) error {
			for range more {
				_, _ = s.Setting(ctx, "x")
			}
			_, err := s.Publish(ctx, []history.Event{step(id, before+1)})
			return err
		})
		struck := faults.Disarm()
		settled(t, db)
		there := events() > before
		if there && !slices.Contains(told, id) {
			t.Errorf("operation %d failed, the event is there, and nobody was told: %v", n, err)
		}
		if there && err != nil {
			unknown++
		}
		if !struck {
			n, more = 0, more+1
		}
	}
	if unknown == 0 {
		t.Error("no answer to a commit was lost: nothing was tried")
	}
}

// settled waits until nobody is in a transaction: what a broken connection had sent is done.
func settled(t *testing.T, db *sql.DB) {
	t.Helper()
	for until := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		var n int
		if err := db.QueryRowContext(ctx, `select count(*) from pg_stat_activity
			where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
		if time.Now().After(until) {
			t.Fatalf("%d transactions do not end", n)
		}
	}
}
