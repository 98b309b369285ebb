package privacy

import (
	"testing"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
)

// TestCopyIsInWords: a graduate reads what happened, not how it is kept (C10).
func TestCopyIsInWords(t *testing.T) {
	steps := []history.Step{history.Proposed, history.Submitted, history.Passed, history.Returned, history.Withdrawn, history.Refused, history.Approved, history.Recorded}
	marks := []history.Mark{history.Disputed, history.Upheld, history.Struck, history.Restored, history.Replied, history.Seen, history.EmployerConfirmed}
	var events []history.Event
	for _, s := range steps {
		events = append(events, history.Event{Step: s, KnownAt: calendar.At(calendar.Day("2026-06-05").Start().Time())})
	}
	for _, m := range marks {
		events = append(events, history.Event{Mark: m})
	}
	events = append(events, history.Event{Step: history.Submitted, TrueOn: "2026-06-01", Code: "10", Fields: history.Fields{"employer_name": "某医院"}})
	events = append(events, history.Event{Set: []history.Setting{{Key: history.InStatistics, Value: history.False}, {Key: history.Level, Value: "31"}}})
	book, held := codes.Builtin(), map[string][]Held{}
	eventRows(held, &roster.Sheet{Shower: roster.NewShower(book, nil)}, &destination.Record{Events: events}, book)
	seen := map[string]bool{}
	for _, rows := range held {
		for _, r := range rows {
			seen[r.Value] = true
			for i := range len(r.Value) {
				if c := r.Value[i]; c >= 'a' && c <= 'z' {
					t.Errorf("%s reads %q", r.Title, r.Value)
					break
				}
			}
		}
	}
	for _, want := range []string{"你提交", "老师代填", "退回", "最后一级通过", "核减", "答复", "单位已确认", "否", "某医院"} {
		if !seen[want] {
			t.Errorf("nothing reads %q", want)
		}
	}
	if got := codeTitle(book, "10"); got == "10" {
		t.Error("a code is not named")
	}
	if got := wordsOf(book, "nature", "10"); got == "10" {
		t.Error("the nature of an employer is not named")
	}
}
