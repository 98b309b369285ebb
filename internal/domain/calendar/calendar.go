// Package calendar holds days, instants, cohorts (届) and cuts.
//
// The school lives at +08:00, always: no zone file is read. A day is text
// (2006-01-02), so that it sorts and prints as it is; an instant is epoch
// milliseconds.
package calendar

import (
	"time"

	"quxiang/internal/domain/fault"
)

// Zone is +08:00, where every day begins and ends.
var Zone = time.FixedZone("+08:00", 8*3600)

// Day is a calendar day at +08:00, as 2006-01-02; blank means "from the beginning".
type Day string

// Instant is a moment in epoch milliseconds.
type Instant int64

// Forever is later than every instant that can be stored.
const Forever Instant = 1<<62 - 1

// firstDay and lastDay bound what a register of graduates can speak of: a day
// beyond is a slip of the pen.
const firstDay, lastDay Day = "1800-01-01", "2999-12-31"

// ParseDay takes 2006-01-02 and nothing else, between 1800 and 2999.
// Error: fault.Invalid.
func ParseDay(s string) (Day, error) {
	if len(s) == len("2006-01-02") {
		if _, err := time.ParseInLocation(time.DateOnly, s, Zone); err == nil && firstDay <= Day(s) && Day(s) <= lastDay {
			return Day(s), nil
		}
	}
	return "", fault.Invalidf("day", "日期“%s”读不出来，应写成 2024-08-31 的样子", s)
}

// DayOf returns the day that holds the instant.
func DayOf(i Instant) Day { return Day(i.Time().Format(time.DateOnly)) }

// Start returns the instant 00:00 of the day; 0 for a blank or malformed day.
func (d Day) Start() Instant {
	t, err := time.ParseInLocation(time.DateOnly, string(d), Zone)
	if err != nil {
		return 0
	}
	return Instant(t.UnixMilli())
}

// AddDays returns the day n days later.
func (d Day) AddDays(n int) Day {
	t, err := time.ParseInLocation(time.DateOnly, string(d), Zone)
	if err != nil {
		return d
	}
	return Day(t.AddDate(0, 0, n).Format(time.DateOnly))
}

// At returns the instant of a time.
func At(t time.Time) Instant { return Instant(t.UnixMilli()) }

// Time returns the instant as a time at +08:00.
func (i Instant) Time() time.Time { return time.UnixMilli(int64(i)).In(Zone) }

// String prints the instant as people and programs read it: RFC 3339 with
// milliseconds, at +08:00.
func (i Instant) String() string { return i.Time().Format("2006-01-02T15:04:05.000-07:00") }

// Workdays counts the days from Monday to Friday after from, to included; public
// holidays are not known here. Counting ends at 1000; from a blank day it is 0.
func Workdays(from, to Day) int {
	n := 0
	for d := from; d != "" && d < to && n < 1000; {
		d = d.AddDays(1)
		if w := d.Start().Time().Weekday(); w != time.Saturday && w != time.Sunday {
			n++
		}
	}
	return n
}
