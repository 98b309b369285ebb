package demo

import (
	"fmt"
	"math/rand/v2"
	"sync"

	"quxiang/internal/domain/calendar"
)

// Stretches of time, in milliseconds.
const (
	minute = 60_000
	hour   = 60 * minute
	whole  = 24 * hour
	east   = 8 * hour // of the school's clock, +08:00
)

// date is a day at +08:00 as a number, since millions of days are compared.
type date int32

func dateOf(d calendar.Day) date { return on(d.Start()) }

// on returns the day that holds the instant.
func on(i calendar.Instant) date { return date((int64(i) + east) / whole) }

func (d date) start() calendar.Instant { return calendar.Instant(int64(d)*whole - east) }

// days written out, from 1970 to 2049.
var written = sync.OnceValue(func() []calendar.Day {
	out := make([]calendar.Day, 80*365)
	for i := range out {
		out[i] = calendar.DayOf(date(i).start())
	}
	return out
})

func (d date) day() calendar.Day { return written()[d] }

// dayOf writes a day out.
func dayOf(year, month, day int) calendar.Day {
	return calendar.Day(fmt.Sprintf("%04d-%02d-%02d", year, month, day))
}

// weekend reports Saturday and Sunday; 1970-01-01 was a Thursday.
func (d date) weekend() bool { return (d+4)%7 == 0 || (d+4)%7 == 6 }

// holidays are those public holidays that fall on the same days every year, more
// or less, as first and last month and day.
var holidays = [][2]string{{"01-01", "01-01"}, {"04-04", "04-05"}, {"05-01", "05-05"}, {"10-01", "10-07"}}

// workday returns the day, or the first day after it on which offices are open.
func (d date) workday() date {
	for d.weekend() || d.holiday() {
		d++
	}
	return d
}

func (d date) holiday() bool {
	monthDay := string(d.day()[5:])
	for _, h := range holidays {
		if h[0] <= monthDay && monthDay <= h[1] {
			return true
		}
	}
	return false
}

// between returns a day of [from, to].
func between(r *rand.Rand, from, to date) date {
	if to <= from {
		return from
	}
	return from + date(r.IntN(int(to-from)+1))
}

// peaked is between with most days around the middle.
func peaked(r *rand.Rand, from, to date) date {
	return (between(r, from, to) + between(r, from, to)) / 2
}

// atDesk is a moment of a working day: 8:30 to 11:50 or 14:00 to 17:30.
func atDesk(r *rand.Rand, d date) calendar.Instant {
	from, span := 8*hour+30*minute, 200*minute
	if r.IntN(2) == 0 {
		from, span = 14*hour, 210*minute
	}
	return d.start() + calendar.Instant(from+r.IntN(span))
}

// atHome is a moment at which graduates fill in forms: mostly the evening.
func atHome(r *rand.Rand, d date) calendar.Instant {
	from, span := 19*hour, 220*minute
	if r.IntN(10) < 3 {
		from, span = 10*hour, 8*hour
	}
	return d.start() + calendar.Instant(from+r.IntN(span))
}
