package store_test

import (
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/destination"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

// TestDrafts: one a form and account, the newest first, seen by the account alone
// and within its scope.
func TestDrafts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := enrol(t, s, 2)
		first := destination.SavedDraft{Graduate: g[0], Account: "a1", Sealed: "one", At: 5}
		other := destination.SavedDraft{Graduate: g[0], Account: "a1", About: "x", Sealed: "two", At: 4}
		staff := destination.SavedDraft{Graduate: g[0], Account: "a2", Sealed: "three", At: 6}
		for _, d := range []destination.SavedDraft{first, other, staff} {
			if err := s.SaveDraft(ctx, d); err != nil {
				t.Fatal(err)
			}
		}
		other.Sealed, other.At = "two again", 9
		if err := s.SaveDraft(ctx, other); err != nil {
			t.Fatal(err)
		}
		got, err := s.Drafts(ctx, access.Self(g[0]), g[0], "a1")
		same(t, "own", got, err, []destination.SavedDraft{other, first})
		got, err = s.Drafts(ctx, access.Self(g[1]), g[0], "a1")
		same(t, "out of scope", got, err, nil)
		for range 2 {
			if err := s.DropDraft(ctx, g[0], "a1", "x"); err != nil {
				t.Fatal(err)
			}
		}
		got, err = s.Drafts(ctx, access.School(), g[0], "a1")
		same(t, "after one was dropped", got, err, []destination.SavedDraft{first})
	})
}
