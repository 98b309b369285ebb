package calendar

import (
	"strings"
	"time"

	"quxiang/internal/domain/fault"
)

// Cut is a pair of bounds, both exclusive: what was true before True, as far as
// it was known before Known (history.md, "State at a cut").
type Cut struct {
	True  Instant
	Known Instant
}

// LastDay is the last day d inside the cut, that is with d 00:00 < True.
func (c Cut) LastDay() Day { return DayOf(c.True - 1) }

// When is a moment as the user wrote it: an instant, or a month and day that is
// taken in each cohort's own year.
type When struct {
	at       Instant
	monthDay string // "08-31" or ""
}

// WhenAt returns the When that is this instant for every cohort.
func WhenAt(i Instant) When { return When{at: i} }

// IsZero reports that nothing was given.
func (w When) IsZero() bool { return w.at == 0 && w.monthDay == "" }

// PerCohort reports that the moment depends on the cohort.
func (w When) PerCohort() bool { return w.monthDay != "" }

// For returns the bound for a cohort such as "2024". A bare day includes the day.
func (w When) For(cohort string) Instant {
	if w.monthDay == "" {
		return w.at
	}
	return Day(cohort + "-" + w.monthDay).AddDays(1).Start()
}

// ParseWhen takes 2024-08-31 (the day included), 2024-09-01T00:00 at +08:00,
// RFC 3339, or a bare 08-31. Error: fault.Invalid.
func ParseWhen(s string) (When, error) {
	s = strings.TrimSpace(s)
	if len(s) == len("08-31") {
		if _, err := time.Parse("2006-01-02", "2023-"+s); err == nil {
			return When{monthDay: s}, nil
		}
	}
	if d, err := ParseDay(s); err == nil {
		return When{at: d.AddDays(1).Start()}, nil
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", time.RFC3339Nano} {
		t, err := time.ParseInLocation(layout, s, Zone)
		if d := DayOf(At(t)); err == nil && firstDay <= d && d <= lastDay {
			return When{at: At(t)}, nil
		}
	}
	return When{}, fault.Invalidf("when", "时点“%s”读不出来，请写 2024-08-31、2024-09-01T00:00、08-31 或带时区的完整时间", s)
}

// MaxCohorts is how many cohorts one table may hold.
const MaxCohorts = 60

// ParseCohorts takes 2024, 2022,2024 or 2022-2024 and returns the years in
// order, each once. Error: fault.Invalid.
func ParseCohorts(s string) ([]string, error) {
	seen := map[int]bool{}
	lo, hi := 9999, 0
	for part := range strings.SplitSeq(strings.TrimSpace(s), ",") {
		from, to, isRange := strings.Cut(strings.TrimSpace(part), "-")
		if !isRange {
			to = from
		}
		a, errA := year(from)
		b, errB := year(to)
		if errA != nil || errB != nil || b < a || b-a >= MaxCohorts {
			return nil, fault.Invalidf("cohort", "届别“%s”读不出来，请写 2024、2022,2024 或 2022-2024", s)
		}
		for y := a; y <= b; y++ {
			seen[y] = true
			lo, hi = min(lo, y), max(hi, y)
		}
	}
	var out []string
	for y := lo; y <= hi; y++ {
		if seen[y] {
			out = append(out, time.Date(y, 1, 1, 0, 0, 0, 0, Zone).Format("2006"))
		}
	}
	return out, nil
}

func year(s string) (int, error) {
	t, err := time.Parse("2006", strings.TrimSuffix(strings.TrimSpace(s), "届"))
	if err != nil || t.Year() < 1950 {
		return 0, fault.Invalidf("cohort", "届别“%s”读不出来，请写四位年份", s)
	}
	return t.Year(), nil
}
