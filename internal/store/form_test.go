package store_test

import (
	"testing"

	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

func TestFormAnswers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		if _, ok, err := s.Answered(ctx, "f1"); ok || err != nil {
			t.Errorf("an unknown form: %v %v", ok, err)
		}
		for _, to := range []string{"/first", "/second"} {
			if err := s.KeepAnswer(ctx, "f1", to); err != nil {
				t.Fatal(err)
			}
		}
		if to, ok, err := s.Answered(ctx, "f1"); to != "/first" || !ok || err != nil {
			t.Errorf("%q %v %v", to, ok, err)
		}
	})
}
