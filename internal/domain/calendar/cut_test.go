package calendar

import (
	"slices"
	"testing"
)

func TestParseWhen(t *testing.T) {
	for in, want := range map[string]string{
		"2024-08-31":                "2024-09-01T00:00:00.000+08:00",
		"2024-09-01T00:00":          "2024-09-01T00:00:00.000+08:00",
		"2024-09-01T00:00:00+08:00": "2024-09-01T00:00:00.000+08:00",
		"2024-08-31T16:00:00Z":      "2024-09-01T00:00:00.000+08:00",
		"08-31":                     "2024-09-01T00:00:00.000+08:00",
	} {
		w, err := ParseWhen(in)
		if err != nil || w.For("2024").String() != want {
			t.Errorf("%s: got %s (%v), want %s", in, w.For("2024"), err, want)
		}
	}
	for _, in := range []string{"", "2024-13-01", "31.08.2024", "08-32", "gestern", "9999-12-31", "0001-01-01", "1799-12-31T23:00"} {
		if _, err := ParseWhen(in); err == nil {
			t.Errorf("%q was taken", in)
		}
	}
}

// TestLastDay: a day d is inside T when d 00:00 < T, so an instant inside a day counts that day.
func TestLastDay(t *testing.T) {
	for in, want := range map[string]Day{
		"2024-08-31": "2024-08-31", "2024-09-01T00:00": "2024-08-31", "2024-09-01T00:01": "2024-09-01",
	} {
		w, _ := ParseWhen(in)
		if got := (Cut{True: w.For("2024")}).LastDay(); got != want {
			t.Errorf("%s: last day %s, want %s", in, got, want)
		}
	}
}

func TestParseCohorts(t *testing.T) {
	for in, want := range map[string][]string{
		"2024": {"2024"}, "2022,2024": {"2022", "2024"}, "2022-2024": {"2022", "2023", "2024"},
		"2024届": {"2024"}, "2024,2022-2023,2024": {"2022", "2023", "2024"},
	} {
		got, err := ParseCohorts(in)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: got %v (%v), want %v", in, got, err, want)
		}
	}
	for _, in := range []string{"", "24", "2024-2022", "1000-9999", "2024;2025"} {
		if _, err := ParseCohorts(in); err == nil {
			t.Errorf("%q was taken", in)
		}
	}
}
