package store_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/employer"
	"quxiang/internal/domain/reference"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

func TestEmployersComeInPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var all []employer.Employer
		for _, id := range []string{"B", "a", "a1", "b", "c"} { // in the order of their bytes, whatever the database's language
			all = append(all, employer.Employer{ID: id, Name: "单位" + id, Founded: "2001-02-03"})
		}
		all[1].CreditCode, all[1].Source = "ZA01", "测试"
		mixed := slices.Clone(all)
		slices.Reverse(mixed)
		write(t, s, func(ctx context.Context) error { return s.SaveEmployers(ctx, mixed) })
		for limit := 1; limit <= 6; limit++ {
			var got []employer.Employer
			for after := ""; ; after = got[len(got)-1].ID {
				page, err := s.Employers(ctx, after, limit)
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, page...)
				if len(page) < limit {
					break
				}
			}
			same(t, fmt.Sprintf("pages of %d", limit), got, nil, all)
		}
	})
}

func TestWagesComeWithTheirSources(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		one := codes.MinimumWage{Region: "130000", From: "2022-01-01", Monthly: 190000}
		two := codes.MinimumWage{Region: "120000", From: "2024-01-01", Monthly: 232000, Hourly: 2440}
		write(t, s, func(ctx context.Context) error {
			return s.SaveMinimumWages(ctx, []codes.MinimumWage{one, two}, "公报")
		})
		write(t, s, func(ctx context.Context) error { return s.SaveMinimumWages(ctx, []codes.MinimumWage{one}, "") })
		got, err := s.Wages(ctx)
		same(t, "wages", got, err, []reference.Wage{{MinimumWage: two, Source: "公报"}, {MinimumWage: one}})
	})
}
