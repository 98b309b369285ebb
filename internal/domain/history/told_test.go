package history

import (
	"testing"

	"quxiang/internal/domain/calendar"
)

// TestAsToldIsTheAnswerOfThatDay: whatever comes late, each day's piece is what
// a cut at that day's evening says.
func TestAsToldIsTheAnswerOfThatDay(t *testing.T) {
	never := func(string, string) bool { return false }
	at := func(day string) calendar.Instant { return calendar.Day(day).Start() + 9*3600*1000 }
	events := []Event{
		{Seq: 1, KnownAt: at("2024-03-01"), Set: Settings{{Key: InStatistics, Value: True}}},
		{Seq: 2, KnownAt: at("2024-07-02"), TrueOn: "2024-06-20", Change: "x1", Case: "k1", Act: Open, Step: Recorded, Code: "12"},
		{Seq: 3, KnownAt: at("2024-08-01"), TrueOn: "2024-09-01", Change: "x2", Case: "k2", Act: Open, Step: Recorded, Code: "11"},
		{Seq: 4, KnownAt: at("2024-10-05"), TrueOn: "2024-09-20", Change: "x3", Case: "k2", Act: End, Step: Recorded},
	}
	pieces := AsTold(events, never)
	for day := calendar.Day("2024-02-20"); day < "2024-11-01"; day = day.AddDays(1) {
		evening := day.AddDays(1).Start()
		want := At(events, calendar.Cut{True: evening, Known: evening}, never)
		if want.Detail == "" {
			continue
		}
		var got DestinationPiece
		for _, p := range pieces {
			if p.From <= day {
				got = p
			}
		}
		if got.Destination != want.Destination || got.Case != want.Case {
			t.Fatalf("%s: %+v, want %+v", day, got, want.Destination)
		}
	}
	var froms []calendar.Day
	for _, p := range pieces {
		froms = append(froms, p.From)
	}
	want := []calendar.Day{"", "2024-07-02", "2024-09-01", "2024-10-05"}
	if len(froms) != len(want) {
		t.Fatalf("%v, want %v", froms, want)
	}
	for i := range want {
		if froms[i] != want[i] {
			t.Errorf("%v, want %v", froms, want)
		}
	}
}
