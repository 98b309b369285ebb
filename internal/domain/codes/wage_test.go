package codes

import (
	"slices"
	"testing"

	"quxiang/internal/domain/calendar"
)

func TestLookupOfMinimumWage(t *testing.T) {
	rows := []MinimumWage{
		{Region: "130000", From: "2022-01-01", Monthly: 190000, Hourly: 1900},
		{Region: "130100", From: "2023-01-01", Monthly: 220000, Hourly: 2200},
		{Region: "130100", From: "2025-01-01", Monthly: 240000, Hourly: 2400},
		{Region: "130102", From: "2024-07-01", Monthly: 250000},
		{Region: "120000", From: "2023-11-01", Monthly: 232000, Hourly: 2440},
		{Region: "", From: "2000-01-01", Monthly: 1},
	}
	for _, tt := range []struct {
		name, region, day string
		monthly           int64
	}{
		{"county's own row", "130102", "2024-07-01", 250000},
		{"before the county's row the city's counts", "130102", "2024-06-30", 220000},
		{"before the city's row the province's counts", "130102", "2022-12-31", 190000},
		{"a city", "130100", "2024-08-31", 220000},
		{"the later of two rows", "130104", "2025-01-01", 240000},
		{"another city takes the province's", "130200", "2024-08-31", 190000},
		{"a province, whatever its city", "130000", "2024-08-31", 190000},
		{"a district of a municipality", "120103", "2024-08-31", 232000},
		{"before any row", "120103", "2023-10-31", 0},
		{"a region without a row", "330100", "2024-08-31", 0},
		{"a province without a row", "330000", "2024-08-31", 0},
		{"not a region", "abc", "2024-08-31", 0},
		{"nothing", "", "2024-08-31", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for range 2 { // the order of the rows is of no account
				w, ok := Lookup(rows, tt.region, calendar.Day(tt.day))
				if ok != (tt.monthly != 0) || w.Monthly != tt.monthly {
					t.Errorf("got %d, %v, want %d", w.Monthly, ok, tt.monthly)
				}
				slices.Reverse(rows)
			}
		})
	}
}
