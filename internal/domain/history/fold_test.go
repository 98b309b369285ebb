package history

import (
	"strings"
	"testing"

	"quxiang/internal/domain/calendar"
)

// ministryNoWork is the class 未就业 of the ministry's own codes.
func ministryNoWork(_, code string) bool {
	base, _, _ := strings.Cut(code, "-")
	return base == "70" || base == "71" || base == "72"
}

// story builds a history: seq and known_at count up with the lines.
func story(lines ...Event) []Event {
	for i := range lines {
		lines[i].Graduate, lines[i].Seq = "g", i+1
		if lines[i].KnownAt == 0 {
			lines[i].KnownAt = calendar.Instant(1000 * (i + 1))
		}
	}
	return lines
}

func enrol() Event {
	return Event{Set: Settings{{Cohort, "2024"}, {Level, "master"}, {InStatistics, True}}}
}

func recorded(act Act, kase, on, code string) Event {
	return Event{Change: "x" + kase + string(act) + on + code, Act: act, Case: kase, Step: Recorded,
		TrueOn: calendar.Day(on), Scheme: "MOE-2021", Code: code}
}

func step(change string, s Step, act Act, kase, on, code string) Event {
	return Event{Change: change, Step: s, Act: act, Case: kase, TrueOn: calendar.Day(on), Scheme: "MOE-2021", Code: code}
}

func mark(kase string, m Mark) Event { return Event{Case: kase, Mark: m} }

// TestFold has one line for each sentence of docs/history.md: what is read on
// a day after all the events.
func TestFold(t *testing.T) {
	for name, c := range map[string]struct {
		events []Event
		day    calendar.Day
		want   string // code, or the detail where no case runs
	}{
		"nobody registered anything":                              {story(enrol()), "2024-08-31", "unregistered"},
		"a submission waits":                                      {story(enrol(), step("x", Submitted, Open, "k", "2024-06-01", "10")), "2024-08-31", "in_review"},
		"a proposal is idle until submitted":                      {story(enrol(), step("x", Proposed, Open, "k", "2024-06-01", "10")), "2024-08-31", "unregistered"},
		"passed at one level still waits":                         {story(enrol(), step("x", Submitted, Open, "k", "2024-06-01", "10"), step("x", Passed, "", "", "", "")), "2024-08-31", "in_review"},
		"approved is effective":                                   {story(enrol(), step("x", Submitted, Open, "k", "2024-06-01", "10"), step("x", Approved, "", "", "", "")), "2024-08-31", "10"},
		"returned is shown as returned":                           {story(enrol(), step("x", Submitted, Open, "k", "2024-06-01", "10"), step("x", Returned, "", "", "", "")), "2024-08-31", "returned"},
		"withdrawn is over":                                       {story(enrol(), step("x", Submitted, Open, "k", "2024-06-01", "10"), step("x", Withdrawn, "", "", "", "")), "2024-08-31", "unregistered"},
		"recorded is effective at once":                           {story(enrol(), recorded(Open, "k", "2024-06-01", "801")), "2024-08-31", "801"},
		"no work needs nobody's approval":                         {story(enrol(), step("x", Submitted, Open, "k", "2024-06-01", "70-EXAM")), "2024-08-31", "70-EXAM"},
		"no work, returned, is not effective":                     {story(enrol(), step("x", Submitted, Open, "k", "2024-06-01", "71"), step("x", Returned, "", "", "", "")), "2024-08-31", "returned"},
		"no work, submitted again, is effective again":            {story(enrol(), step("x", Submitted, Open, "k", "2024-06-01", "71"), step("x", Returned, "", "", "", ""), step("x", Submitted, "", "", "", "")), "2024-08-31", "71"},
		"while another change waits the last one stands":          {story(enrol(), recorded(Open, "k", "2024-06-01", "10"), step("x", Submitted, Amend, "k", "", "11")), "2024-08-31", "10"},
		"what was given last up to approval holds":                {story(enrol(), step("x", Submitted, Open, "k", "2024-06-01", "10"), step("x", Returned, "", "", "", ""), step("x", Submitted, "", "", "", "11"), step("x", Approved, "", "", "", "")), "2024-08-31", "11"},
		"an amend is as if always so":                             {story(enrol(), recorded(Open, "k", "2024-06-01", "10"), recorded(Amend, "k", "", "11")), "2024-06-01", "11"},
		"an amend moves the day":                                  {story(enrol(), recorded(Open, "k", "2024-06-01", "10"), recorded(Amend, "k", "2024-09-05", "")), "2024-08-31", "unregistered"},
		"an end is no longer so from its day on":                  {story(enrol(), recorded(Open, "k", "2024-06-01", "10"), recorded(End, "k", "2024-08-31", "")), "2024-08-31", "unregistered"},
		"the day before its end it still runs":                    {story(enrol(), recorded(Open, "k", "2024-06-01", "10"), recorded(End, "k", "2024-08-31", "")), "2024-08-30", "10"},
		"a later end corrects an earlier one":                     {story(enrol(), recorded(Open, "k", "2024-06-01", "10"), recorded(End, "k", "2024-08-01", ""), recorded(End, "k", "2024-10-01", "")), "2024-08-31", "10"},
		"void never was so":                                       {story(enrol(), recorded(Open, "k", "2024-06-01", "10"), recorded(Void, "k", "", "")), "2024-08-31", "unregistered"},
		"void is final":                                           {story(enrol(), recorded(Open, "k", "2024-06-01", "10"), recorded(Void, "k", "", ""), recorded(Amend, "k", "", "11")), "2024-08-31", "unregistered"},
		"a case ends where a later one begins":                    {story(enrol(), recorded(Open, "a", "2024-06-01", "10"), recorded(Open, "b", "2024-08-01", "801")), "2024-08-31", "801"},
		"it does not come back when the later one ends":           {story(enrol(), recorded(Open, "a", "2024-06-01", "10"), recorded(Open, "b", "2024-08-01", "801"), recorded(End, "b", "2024-08-10", "")), "2024-08-31", "unregistered"},
		"of one day the one opened later runs":                    {story(enrol(), recorded(Open, "a", "2024-06-01", "10"), recorded(Open, "b", "2024-06-01", "801")), "2024-08-31", "801"},
		"a disputed case counts as unregistered":                  {story(enrol(), recorded(Open, "k", "2024-06-01", "10"), mark("k", Disputed)), "2024-08-31", "disputed"},
		"a disputed case keeps its place":                         {story(enrol(), recorded(Open, "a", "2024-06-01", "10"), recorded(Open, "b", "2024-08-01", "801"), mark("b", Disputed)), "2024-08-31", "disputed"},
		"upheld runs again":                                       {story(enrol(), recorded(Open, "k", "2024-06-01", "10"), mark("k", Disputed), mark("k", Upheld)), "2024-08-31", "10"},
		"struck before disputed":                                  {story(enrol(), recorded(Open, "k", "2024-06-01", "10"), mark("k", Disputed), mark("k", Struck)), "2024-08-31", "struck"},
		"restored runs again":                                     {story(enrol(), recorded(Open, "k", "2024-06-01", "10"), mark("k", Struck), mark("k", Restored)), "2024-08-31", "10"},
		"refused is over":                                         {story(enrol(), step("x", Submitted, Open, "k", "2024-06-01", "10"), step("x", Refused, "", "", "", "")), "2024-08-31", "unregistered"},
		"no work, withdrawn, is not effective":                    {story(enrol(), step("x", Submitted, Open, "k", "2024-06-01", "71"), step("x", Withdrawn, "", "", "", "")), "2024-08-31", "unregistered"},
		"no work, refused, is not effective":                      {story(enrol(), step("x", Submitted, Open, "k", "2024-06-01", "71"), step("x", Refused, "", "", "", "")), "2024-08-31", "unregistered"},
		"no work, passed on the way, stays effective":             {story(enrol(), step("x", Submitted, Open, "k", "2024-06-01", "71"), step("x", Passed, "", "", "", "")), "2024-08-31", "71"},
		"no work, resubmitted as work, waits":                     {story(enrol(), step("x", Submitted, Open, "k", "2024-06-01", "71"), step("x", Returned, "", "", "", ""), step("x", Submitted, "", "", "", "10")), "2024-08-31", "in_review"},
		"no work, submitted over as work, waits":                  {story(enrol(), step("x", Submitted, Open, "k", "2024-06-01", "71"), step("x", Submitted, "", "", "", "10")), "2024-08-31", "in_review"},
		"an amend to no work needs nobody's approval":             {story(enrol(), recorded(Open, "k", "2024-06-01", "10"), step("x", Submitted, Amend, "k", "", "70-SEEK")), "2024-08-31", "70-SEEK"},
		"such an amend, returned, gives the case back":            {story(enrol(), recorded(Open, "k", "2024-06-01", "10"), step("x", Submitted, Amend, "k", "", "70-SEEK"), step("x", Returned, "", "", "", "")), "2024-08-31", "10"},
		"an amend that names no code waits":                       {story(enrol(), recorded(Open, "k", "2024-06-01", "71"), step("x", Submitted, Amend, "k", "2024-09-02", "")), "2024-08-31", "71"},
		"approval keeps its place in the order":                   {story(enrol(), recorded(Open, "k", "2024-06-01", "10"), step("x", Submitted, Amend, "k", "", "71"), recorded(Amend, "k", "", "11"), step("x", Approved, "", "", "", "")), "2024-08-31", "11"},
		"resubmission takes a new place":                          {story(enrol(), recorded(Open, "k", "2024-06-01", "10"), step("x", Submitted, Amend, "k", "", "71"), step("x", Returned, "", "", "", ""), recorded(Amend, "k", "", "11"), step("x", Submitted, "", "", "", "")), "2024-08-31", "71"},
		"a recorded change comes between":                         {story(enrol(), step("x", Submitted, Open, "k", "2024-06-01", "10"), recorded(Open, "j", "2024-05-01", "801"), step("x", Approved, "", "", "", "")), "2024-08-31", "10"},
		"what is approved cannot be withdrawn":                    {story(enrol(), step("x", Submitted, Open, "k", "2024-06-01", "10"), step("x", Approved, "", "", "", ""), step("x", Withdrawn, "", "", "", "")), "2024-08-31", "10"},
		"an end waits like any change":                            {story(enrol(), recorded(Open, "k", "2024-06-01", "10"), step("x", Submitted, End, "k", "2024-07-01", "")), "2024-08-31", "10"},
		"an amend after the end moves no end":                     {story(enrol(), recorded(Open, "k", "2024-06-01", "10"), recorded(End, "k", "2024-08-01", ""), recorded(Amend, "k", "", "11")), "2024-08-31", "unregistered"},
		"an end that names no day ends nothing":                   {story(enrol(), recorded(Open, "k", "2024-06-01", "10"), recorded(End, "k", "2024-08-01", ""), recorded(End, "k", "", "")), "2024-08-31", "unregistered"},
		"an amend before the opening is effective says nothing":   {story(enrol(), step("x", Submitted, Open, "k", "2024-06-01", "10"), recorded(Amend, "k", "", "11"), step("x", Approved, "", "", "", "")), "2024-08-31", "10"},
		"before a case begins nothing runs":                       {story(enrol(), recorded(Open, "k", "2024-09-01", "10")), "2024-08-31", "unregistered"},
		"of one day, opened later by its first step":              {story(enrol(), step("x", Submitted, Open, "a", "2024-06-01", "10"), recorded(Open, "b", "2024-06-01", "801"), step("x", Approved, "", "", "", "")), "2024-08-31", "801"},
		"a later case that ended at once still ended the earlier": {story(enrol(), recorded(Open, "a", "2024-06-01", "10"), recorded(Open, "b", "2024-08-01", "801"), recorded(End, "b", "2024-08-01", "")), "2024-08-31", "unregistered"},
		"a void case ends no other":                               {story(enrol(), recorded(Open, "a", "2024-06-01", "10"), recorded(Open, "b", "2024-08-01", "801"), recorded(Void, "b", "", "")), "2024-08-31", "10"},
		"a case moved behind another follows it":                  {story(enrol(), recorded(Open, "a", "2024-06-01", "10"), recorded(Open, "b", "2024-08-01", "801"), recorded(Amend, "a", "2024-08-15", "")), "2024-08-31", "10"},
		"a struck case that ended is forgotten":                   {story(enrol(), recorded(Open, "k", "2024-06-01", "10"), mark("k", Struck), recorded(End, "k", "2024-08-01", "")), "2024-08-31", "unregistered"},
		"struck goes before what waits":                           {story(enrol(), recorded(Open, "k", "2024-06-01", "10"), mark("k", Struck), step("x", Submitted, Open, "j", "2024-08-01", "11")), "2024-08-31", "struck"},
		"restored but disputed":                                   {story(enrol(), recorded(Open, "k", "2024-06-01", "10"), mark("k", Disputed), mark("k", Struck), mark("k", Restored)), "2024-08-31", "disputed"},
		"an answer changes nothing":                               {story(enrol(), recorded(Open, "k", "2024-06-01", "10"), mark("k", Disputed), mark("k", Replied)), "2024-08-31", "disputed"},
		"a mark on nothing says nothing":                          {story(enrol(), mark("k", Disputed), recorded(Open, "k", "2024-06-01", "10")), "2024-08-31", "10"},
	} {
		cut := calendar.Cut{True: c.day.AddDays(1).Start(), Known: calendar.Forever}
		got := At(c.events, cut, ministryNoWork)
		have := got.Code
		if have == "" {
			have = string(got.Detail)
		}
		if have != c.want {
			t.Errorf("%s: got %s, want %s", name, have, c.want)
		}
	}
}

// TestKnown: events known at or after the cut say nothing (Q1).
func TestKnown(t *testing.T) {
	events := story(enrol(), recorded(Open, "k", "2024-06-01", "10"))
	day := calendar.Day("2024-08-31").AddDays(1).Start()
	for _, c := range []struct {
		known calendar.Instant
		want  Detail
	}{{2000, Unregistered}, {2001, Registered}} {
		if got := At(events, calendar.Cut{True: day, Known: c.known}, ministryNoWork); got.Detail != c.want {
			t.Errorf("known before %d: got %s, want %s", c.known, got.Detail, c.want)
		}
	}
	if At(events, calendar.Cut{True: day, Known: 1000}, ministryNoWork).Enrolled {
		t.Error("enrolled before it was known")
	}
}

// TestAttributes: the greatest day wins (blank is the least), then the greatest seq.
func TestAttributes(t *testing.T) {
	set := func(on, level string) Event {
		return Event{TrueOn: calendar.Day(on), Set: Settings{{Level, level}}}
	}
	for name, c := range map[string]struct {
		events []Event
		want   string
	}{
		"a blank correction holds from the beginning": {story(enrol(), set("", "doctor")), "doctor"},
		"a dated one beats a later blank one":         {story(enrol(), set("2024-03-01", "doctor"), set("", "undergraduate")), "doctor"},
		"of one day the later one":                    {story(enrol(), set("2024-03-01", "doctor"), set("2024-03-01", "undergraduate")), "undergraduate"},
		"a day outside the cut says nothing":          {story(enrol(), set("2024-09-01", "doctor")), "master"},
	} {
		cut := calendar.Cut{True: calendar.Day("2024-09-01").Start(), Known: calendar.Forever}
		if got := At(c.events, cut, ministryNoWork).Attrs.Value(Level); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}
