package store_test

import (
	"context"
	"fmt"
	"reflect"
	"testing"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/release"
	"quxiang/internal/domain/roster"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

type stagedGraduate = roster.StagedGraduate

func snapshotAt(name string, k calendar.Instant) (release.Snapshot, []release.Row) {
	x := release.Snapshot{Name: name, Cohort: "2024", Cut: calendar.Cut{True: calendar.Day("2024-09-01").Start(), Known: k}, Definition: "school-2024",
		Version: "1", CodeVersions: map[string]string{"nature": "2"}, FrozenAt: k, FrozenBy: "a1", People: 2, SHA256: "ff"}
	row := release.Row{Pseudonym: "p1", Cell: "signed", Sealed: "v1:x", Destination: history.Destination{Detail: history.Registered, Scheme: "MOE-2021",
		Code: "10", Counts: history.Counted{Nature: "31"}}}
	row.Attrs[0], row.Attrs[11] = "2024", history.False
	return x, []release.Row{row, {Pseudonym: "p2", Destination: history.Destination{Detail: history.Unregistered}}}
}

func freeze(t testing.TB, s *store.Store, name string, k calendar.Instant) {
	t.Helper()
	err := s.FreezeTx(ctx, func(ctx context.Context) error {
		x, rows := snapshotAt(name, k)
		if err := s.SaveSnapshot(ctx, x, rows); err != nil {
			return err
		}
		return s.Write(ctx, console, "snapshot.freeze", name, nil)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSnapshotComesBackAsItWas(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		freeze(t, s, "INIT", 1000)
		want, wantRows := snapshotAt("INIT", 1000)
		got, err := s.Snapshot(ctx, "INIT")
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v (%v), want %+v", got, err, want)
		}
		rows, err := s.SnapshotRows(ctx, "INIT")
		if err != nil || !reflect.DeepEqual(rows, wantRows) {
			t.Errorf("got %+v (%v), want %+v", rows, err, wantRows)
		}
		_, err = s.Snapshot(ctx, "NONE")
		wantKind(t, err, fault.NotFound)
		_, err = s.SnapshotRows(ctx, "NONE")
		wantKind(t, err, fault.NotFound)
		wantKind(t, tryWrite(s, func(ctx context.Context) error { return s.SaveSnapshot(ctx, want, nil) }), fault.Conflict)
		wantKind(t, tryWrite(s, func(ctx context.Context) error { return s.SaveApproval(ctx, "NONE", release.Approval{}) }), fault.NotFound)

		open := wantRows[0]
		open.Attrs[9] = "1" // difficulty
		if err := tryWrite(s, func(ctx context.Context) error {
			want.Name = "OPEN"
			return s.SaveSnapshot(ctx, want, []release.Row{open})
		}); err == nil {
			t.Error("a difficulty lies open in a snapshot")
		}
	})
}

func TestApprovalLocksAndUnlockOpens(t *testing.T) {
	storetest.EachConfig(t, func(t *testing.T, c store.Config) {
		c.Clock = func() calendar.Instant { return 5000 }
		s := storetest.Open(t, c)
		freeze(t, s, "B", 2000)
		freeze(t, s, "A", 1000)
		if locks, err := s.Locks(ctx, "2024"); err != nil || len(locks) != 0 {
			t.Fatalf("nothing is released, got %v (%v)", locks, err)
		}
		approval := release.Approval{At: 4000, By: "leader", Approved: "2024-09-12", Hidden: []string{"行一"}}
		write(t, s, func(ctx context.Context) error { return s.SaveApproval(ctx, "B", approval) })
		wantKind(t, tryWrite(s, func(ctx context.Context) error { return s.SaveApproval(ctx, "B", release.Approval{}) }), fault.Conflict)
		got, err := s.Snapshots(ctx)
		if err != nil || len(got) != 2 || got[0].Name != "A" || got[0].Release != nil || !reflect.DeepEqual(got[1].Release, &approval) {
			t.Fatalf("got %+v (%v)", got, err)
		}
		for _, u := range []struct {
			at, until calendar.Instant
			open      bool
		}{{6000, 9000, false}, {4000, 5000, false}, {4000, 5001, true}} {
			write(t, s, func(ctx context.Context) error {
				return s.SaveUnlock(ctx, release.Unlock{ID: fmt.Sprint(u.at, u.until), Snapshot: "B", Account: "leader", Reason: "补录", At: u.at, Until: u.until})
			})
			locks, err := s.Locks(ctx, "2024")
			if err != nil || len(locks) != 1 || locks[0].LastDay != "2024-08-31" || locks[0].Known != 2000 || locks[0].Unlocked != u.open {
				t.Errorf("unlock %v: got %+v (%v)", u, locks, err)
			}
		}
		unlocks, err := s.Unlocks(ctx, "B")
		if err != nil || len(unlocks) != 3 || unlocks[2].At != 6000 || unlocks[0].Reason != "补录" {
			t.Errorf("got %+v (%v)", unlocks, err)
		}
	})
}
