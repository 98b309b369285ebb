package history

import (
	"slices"

	"quxiang/internal/domain/calendar"
)

// AsTold says of each day what the school would have answered on the evening of
// that very day: where the graduate is, by what was known then. Beside what is
// known now (Destinations) it shows what came late. Events must be of one
// graduate, in seq order. The first piece is from the beginning.
func AsTold(events []Event, noWork NoWork) []DestinationPiece {
	days := turningDays(events, noWork)
	out := []DestinationPiece{{Destination: Destination{Detail: Unregistered}}}
	for _, day := range days {
		evening := day.AddDays(1).Start()
		s := At(events, calendar.Cut{True: evening, Known: evening}, noWork)
		last := &out[len(out)-1]
		if s.Detail == "" || s.Destination == last.Destination && s.Case == last.Case {
			continue
		}
		out = append(out, DestinationPiece{From: day, Case: s.Case, Destination: s.Destination})
	}
	return out
}

// turningDays are the days on which the answer may change: something became
// known, or something that was known by then became so.
func turningDays(events []Event, noWork NoWork) []calendar.Day {
	var days []calendar.Day
	f := NewFold(noWork)
	for i := range events {
		f.Apply(&events[i])
		days = append(days, calendar.DayOf(events[i].KnownAt))
		for _, p := range f.Destinations() {
			if p.From != "" {
				days = append(days, p.From)
			}
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}
