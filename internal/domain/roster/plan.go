package roster

import (
	"slices"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/history"
)

// standing is what the statements say of a person's attributes: for each key the
// value that wins, and the day of that statement.
type standing struct {
	values history.Attributes
	days   [len(history.Attributes{})]calendar.Day
}

// standingOf merges person events as history.md does: the greatest true_on wins,
// then the greatest seq. A day leaves out what is true only later; blank takes all.
func standingOf(events []history.Event, on calendar.Day) standing {
	var s standing
	for i := range events {
		e := &events[i]
		if on != "" && e.TrueOn > on {
			continue
		}
		for _, x := range e.Set {
			k := slices.Index(history.Keys, x.Key)
			if k >= 0 && e.TrueOn >= s.days[k] {
				s.values[k], s.days[k] = x.Value, e.TrueOn
			}
		}
	}
	return s
}

// correct returns the person events that make the attributes what they should be.
//
// With a day, they are so from that day on, and later statements stand. Without
// one it is a correction, blank of day: as if always so. But where a dated
// statement of the key already wins over every blank one (a move of class that
// was imported with its day), a blank correction would change nothing that
// anybody sees; there the correction takes the day of that statement, and what
// was so before that day stays.
func (s standing) correct(want history.Attributes, from calendar.Day) []history.Event {
	byDay := map[calendar.Day]history.Settings{}
	var days []calendar.Day
	for k, value := range want {
		if value == s.values[k] {
			continue
		}
		day := from
		if day == "" {
			day = s.days[k]
		}
		if byDay[day] == nil {
			days = append(days, day)
		}
		byDay[day] = append(byDay[day], history.Setting{Key: history.Keys[k], Value: value})
	}
	slices.Sort(days)
	out := make([]history.Event, len(days))
	for i, d := range days {
		out[i] = history.Event{TrueOn: d, Set: byDay[d]}
	}
	return out
}

// enrol returns the first event of somebody's history.
func enrol(want history.Attributes, from calendar.Day) history.Event {
	e := history.Event{TrueOn: from}
	for k, value := range want {
		if value != "" {
			e.Set = append(e.Set, history.Setting{Key: history.Keys[k], Value: value})
		}
	}
	return e
}

// coded are the counted attributes that a column gives directly.
var coded = []history.Key{history.Sex, history.Ethnicity, history.Origin, history.Training, history.Difficulty}

// education is what an 学历 code says for counting: the level, and whether the
// person belongs to the statistics population (结业 and 肄业 do not).
func education(book *codes.Book, code string) (level, inStatistics string) {
	c, ok := book.Table("education").Find(code)
	if !ok {
		return "", ""
	}
	inStatistics = history.False
	if c.Is("graduated") {
		inStatistics = history.True
	}
	return c.Fields["level"], inStatistics
}

// want returns the attributes that the row asks for; g is nil for somebody new.
func (p *planner) want(v exchange.Values, g *Graduate, now history.Attributes) history.Attributes {
	want := now
	put := func(k history.Key, value string) { want[slices.Index(history.Keys, k)] = value }
	put(history.Cohort, p.cohort(v, now))
	for _, k := range coded {
		if value, said := v[string(k)]; said {
			put(k, value)
		}
	}
	if code := v["education"]; code != "" && p.educates(code, g, now) {
		level, in := education(p.book, code)
		put(history.Level, level)
		put(history.InStatistics, in)
	}
	place := placing{cohort: want.Value(history.Cohort), majorCode: v["major_code"]}
	for field, to := range map[string]**string{"college": &place.college, "major": &place.major, "class": &place.class} {
		if name, said := v[field]; said {
			*to = &name
		}
	}
	college, major, class := p.units.place(now, place)
	put(history.College, college)
	put(history.Major, major)
	put(history.Class, class)
	if now.Value(history.Left) == history.True {
		put(history.Left, history.False) // the file has them again
	}
	return want
}

// educates reports that the code says something new. One that the profile has
// already does not: whether somebody counts may since have been decided by hand.
func (p *planner) educates(code string, g *Graduate, now history.Attributes) bool {
	if g == nil {
		return true
	}
	if old := g.Profile["education"]; old != "" {
		return old != code
	}
	level, in := education(p.book, code)
	return level != now.Value(history.Level) || in != now.Value(history.InStatistics)
}

// cohort decides the cohort: the import's own, else the row's, else what it was,
// else the year of 毕业日期; blank if nothing says it.
func (p *planner) cohort(v exchange.Values, now history.Attributes) string {
	for _, c := range []string{p.opts.Cohort, v["cohort"], v["graduation_year"], now.Value(history.Cohort)} {
		if c != "" {
			return c
		}
	}
	if d := v["graduation_day"]; len(d) >= 4 {
		return d[:4]
	}
	return ""
}
