package store_test

import (
	"reflect"
	"testing"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/intake"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

func TestHeldFiles(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		h := intake.Held{ID: "h1", Account: "a1", Kind: "roster", Name: "生源.xlsx", SHA256: "00", File: "f1", At: 1000, Mended: 3,
			Options: intake.Options{Cohort: "2024", Source: "legacy", TrueFrom: "2024-06-30"}}
		if err := s.SaveHeld(ctx, h); err != nil {
			t.Fatal(err)
		}
		h.File, h.Published, h.Batch = "", 2000, "h1"
		h.Checked = &intake.Tally{Rows: 3, Refused: 1, Counts: map[exchange.Kind]int{exchange.Added: 2}}
		h.Outcome = &intake.Tally{Rows: 3, Counts: map[exchange.Kind]int{exchange.Added: 3}}
		if err := s.SaveHeld(ctx, h); err != nil {
			t.Fatal(err)
		}
		got, err := s.HeldByID(ctx, "h1")
		if err != nil || !reflect.DeepEqual(got, h) {
			t.Errorf("%v\n got %+v\nwant %+v", err, got, h)
		}
		for at, want := range map[int64]int{1000: 0, 1001: 1} {
			if list, err := s.HeldBefore(ctx, calendar.Instant(at)); err != nil || len(list) != want {
				t.Errorf("before %d: %d, %v", at, len(list), err)
			}
		}
		for range 2 {
			if err := s.DropHeld(ctx, "h1"); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.HeldByID(ctx, "h1"); fault.KindOf(err) != fault.NotFound {
			t.Error(err)
		}
	})
}
