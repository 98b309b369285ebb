package transfer

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/employer"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/ident"
)

// counter makes ids 1, 2, 3 …
func counter() ident.Source {
	n := 0
	return func() string { n++; return fmt.Sprint("id", n) }
}

func testPlanner(source string) *Planner {
	return &Planner{Source: source, Today: "2024-12-01", Actor: "office", Batch: "b1", Book: codes.Builtin(),
		Masters: destination.NewMasters(codes.Builtin(), nil, nil), NewID: counter()}
}

// told builds the history of one graduate from events, enrolled first.
func told(events ...history.Event) []history.Event {
	out := append([]history.Event{{Set: history.Settings{{Key: history.Cohort, Value: "2024"}, {Key: history.InStatistics, Value: history.True}}}}, events...)
	for i := range out {
		out[i].Graduate, out[i].Seq = "g", i+1
	}
	return out
}

func recordedCase(kase, day, code string, fields ...string) history.Event {
	e := history.Event{Change: "x-" + kase, Case: kase, Act: history.Open, Step: history.Recorded, Source: history.SourceLegacy,
		TrueOn: calendar.Day(day), Scheme: "MOE-2021", Code: code}
	e.Fields = pairs(fields)
	return e
}

// ownCase is a case that the graduate submitted and the last level approved.
func ownCase(kase, day, code string) []history.Event {
	e := recordedCase(kase, day, code)
	e.Step, e.Source = history.Submitted, ""
	return []history.Event{e, {Change: e.Change, Case: kase, Act: history.Open, Step: history.Approved, Level: 3}}
}

func pairs(list []string) history.Fields {
	if len(list) == 0 {
		return nil
	}
	f := history.Fields{}
	for i := 0; i < len(list); i += 2 {
		f[list[i]] = list[i+1]
	}
	return f
}

func claim(row int, day, code string, fields ...string) Claim {
	return Claim{Row: row, TrueOn: calendar.Day(day), Scheme: "MOE-2021", Code: code, Fields: pairs(fields)}
}

func with(c Claim, counts history.Counted) Claim {
	c.Counts = counts
	return c
}

// outline writes a plan as one line: what each event does, then how the rows went.
func outline(p Plan) string {
	var out []string
	for _, e := range p.Events {
		s := string(e.Act)
		if e.Mark != "" {
			s = string(e.Mark)
		}
		if e.Step == history.Proposed {
			s = "propose " + s
		}
		for _, part := range []string{string(e.TrueOn), e.Code} {
			if part != "" {
				s += " " + part
			}
		}
		for _, k := range slices.Sorted(func(yield func(string) bool) {
			for k := range e.Fields {
				if !yield(k) {
					return
				}
			}
		}) {
			s += " " + k + "=" + strings.ReplaceAll(e.Fields[k], history.Emptied, "empty")
		}
		out = append(out, s)
	}
	for _, d := range p.Differences {
		if d.Kind != exchange.Added && d.Kind != exchange.Changed {
			out = append(out, string(d.Kind))
		}
	}
	for _, r := range p.Refusals {
		out = append(out, fmt.Sprint("refused row ", r.Row))
	}
	return strings.Join(out, "; ")
}

// TestPlan has a line for each sentence of docs on importing destinations.
func TestPlan(t *testing.T) {
	job := recordedCase("k", "2024-06-20", "10", "employer_name", "滨海医院")
	for name, c := range map[string]struct {
		source  string
		events  []history.Event
		claims  []Claim
		locks   []destination.Lock
		grad    calendar.Day
		from    calendar.Day
		want    string
		assumed string
	}{
		"落实起始日 is the true day": {claims: []Claim{claim(2, "2024-06-20", "10", "sign_day", "2024-05-01")}, want: "open 2024-06-20 10 sign_day=2024-05-01"},
		"else the day of signing": {claims: []Claim{claim(2, "", "10", "sign_day", "2024-05-01")}, grad: "2024-06-25",
			want: "open 2024-05-01 10 sign_day=2024-05-01", assumed: "2024-05-01"},
		"else the day of the case that exists":               {events: told(job), claims: []Claim{claim(2, "", "11")}, grad: "2024-07-01", want: "amend 11"},
		"else the day of graduation":                         {claims: []Claim{claim(2, "", "10")}, grad: "2024-06-25", from: "2024-01-01", want: "open 2024-06-25 10", assumed: "2024-06-25"},
		"else --true-from":                                   {claims: []Claim{claim(2, "", "10")}, from: "2024-01-01", want: "open 2024-01-01 10", assumed: "2024-01-01"},
		"else 30 June of the cohort":                         {claims: []Claim{claim(2, "", "10")}, want: "open 2024-06-30 10", assumed: "2024-06-30"},
		"an emptied signing day dates nothing":               {claims: []Claim{claim(2, "", "10", "sign_day", history.Emptied)}, want: "open 2024-06-30 10", assumed: "2024-06-30"},
		"several rows are taken in order of their day":       {claims: []Claim{claim(2, "2024-08-01", "10"), claim(3, "2024-06-01", "70")}, want: "open 2024-06-01 70; open 2024-08-01 10"},
		"two rows with one day are refused":                  {claims: []Claim{claim(2, "2024-06-01", "10"), claim(5, "2024-06-01", "70")}, want: "refused row 5"},
		"two rows without a day have one day":                {claims: []Claim{claim(2, "", "10"), claim(5, "", "70")}, want: "refused row 5"},
		"same code and day adds nothing":                     {events: told(job), claims: []Claim{claim(2, "2024-06-20", "10", "employer_name", "滨海医院")}, want: "same"},
		"a text that differs in width only is the same":      {events: told(job), claims: []Claim{claim(2, "2024-06-20", "10", "employer_name", "滨海医院　")}, want: "same"},
		"same code and day amends what differs":              {events: told(job), claims: []Claim{claim(2, "2024-06-20", "10", "employer_name", "滨海医院", "position", "护士")}, want: "amend position=护士"},
		"blank keeps":                                        {events: told(job), claims: []Claim{claim(2, "2024-06-20", "10", "employer_name", "")}, want: "same"},
		"clear empties":                                      {events: told(job), claims: []Claim{claim(2, "2024-06-20", "10", "employer_name", history.Emptied)}, want: "amend employer_name=empty"},
		"clear of what is empty is the same":                 {events: told(job), claims: []Claim{claim(2, "2024-06-20", "10", "position", history.Emptied)}, want: "same"},
		"a later day opens a new case":                       {events: told(job), claims: []Claim{claim(2, "2024-09-01", "80")}, want: "open 2024-09-01 80"},
		"a later day with the same code opens one too":       {events: told(job), claims: []Claim{claim(2, "2024-09-01", "10")}, want: "open 2024-09-01 10"},
		"an earlier day amends":                              {events: told(job), claims: []Claim{claim(2, "2024-05-01", "10")}, want: "amend 2024-05-01"},
		"an earlier day with another code amends":            {events: told(job), claims: []Claim{claim(2, "2024-05-01", "80")}, want: "amend 2024-05-01 80 employer_name=empty"},
		"the same day with another code amends":              {events: told(job), claims: []Claim{claim(2, "2024-06-20", "80")}, want: "amend 80 employer_name=empty"},
		"a repeated row belongs to its own case":             {events: told(job), claims: []Claim{claim(2, "2024-03-01", "70"), claim(3, "2024-06-20", "10")}, want: "open 2024-03-01 70; same"},
		"two repeated rows add nothing":                      {events: told(recordedCase("a", "2024-03-01", "70"), job), claims: []Claim{claim(2, "2024-06-20", "10"), claim(3, "2024-03-01", "70")}, want: "same; same"},
		"the earlier of two rows is corrected in place":      {events: told(recordedCase("a", "2024-03-01", "70"), job), claims: []Claim{claim(2, "2024-03-01", "71"), claim(3, "2024-06-20", "10")}, want: "amend 71; same"},
		"one row before two cases takes the place of both":   {events: told(recordedCase("a", "2024-03-01", "70"), job), claims: []Claim{claim(2, "2024-02-01", "80")}, want: "amend 2024-02-01 80 employer_name=empty; void"},
		"a voided case is nothing":                           {events: told(job, history.Event{Change: "v", Case: "k", Act: history.Void, Step: history.Recorded}), claims: []Claim{claim(2, "2024-05-01", "10")}, want: "open 2024-05-01 10"},
		"what the graduate submitted is not touched":         {events: told(ownCase("k", "2024-06-20", "10")...), claims: []Claim{claim(2, "2024-09-01", "80")}, want: "untouched"},
		"what the graduate submitted and the row repeats":    {events: told(ownCase("k", "2024-06-20", "10")...), claims: []Claim{claim(2, "", "10")}, want: "same"},
		"a provisional word of the graduate is theirs too":   {events: told(ownCase("k", "2024-06-20", "70")[0]), claims: []Claim{claim(2, "2024-09-01", "80")}, want: "untouched"},
		"a submission that waits runs no case":               {events: told(ownCase("k", "2024-06-20", "10")[0]), claims: []Claim{claim(2, "2024-06-20", "10")}, want: "open 2024-06-20 10"},
		"a case of their own that ended is past":             {events: told(append(ownCase("k", "2024-06-20", "10"), history.Event{Change: "e", Case: "k", Act: history.End, Step: history.Recorded, TrueOn: "2024-08-01"})...), claims: []Claim{claim(2, "2024-09-01", "80")}, want: "open 2024-09-01 80"},
		"an amendment of released figures is left":           {events: told(job), claims: []Claim{claim(2, "", "80")}, locks: []destination.Lock{{Snapshot: "S", LastDay: "2024-08-31"}}, want: "untouched"},
		"a new case goes into released figures":              {claims: []Claim{claim(2, "2024-06-20", "80")}, locks: []destination.Lock{{Snapshot: "S", LastDay: "2024-08-31"}}, want: "open 2024-06-20 80"},
		"an unlocked release lets the amendment through":     {events: told(job), claims: []Claim{claim(2, "", "80")}, locks: []destination.Lock{{Snapshot: "S", LastDay: "2024-08-31", Unlocked: true}}, want: "amend 80 employer_name=empty"},
		"a repeated row in released figures is the same":     {events: told(job), claims: []Claim{claim(2, "", "10")}, locks: []destination.Lock{{Snapshot: "S", LastDay: "2024-08-31"}}, want: "same"},
		"a draft proposes":                                   {source: SourceDraft, claims: []Claim{claim(2, "2024-06-20", "10")}, want: "propose open 2024-06-20 10"},
		"a draft proposes to amend":                          {source: SourceDraft, events: told(job), claims: []Claim{claim(2, "2024-06-20", "11")}, want: "propose amend 11"},
		"a draft of what stands adds nothing":                {source: SourceDraft, events: told(job), claims: []Claim{claim(2, "2024-06-20", "10")}, want: "same"},
		"a draft may speak to the graduate's own case":       {source: SourceDraft, events: told(ownCase("k", "2024-06-20", "10")...), claims: []Claim{claim(2, "2024-09-01", "80")}, want: "propose open 2024-09-01 80"},
		"one change under way at most":                       {source: SourceDraft, events: told(ownCase("k", "2024-06-20", "10")[0]), claims: []Claim{claim(2, "2024-09-01", "80")}, want: "untouched"},
		"of two rows a draft proposes the first":             {source: SourceDraft, claims: []Claim{claim(2, "2024-09-01", "80"), claim(3, "2024-06-20", "70")}, want: "propose open 2024-06-20 70; untouched"},
		"a recorded row comes between the steps of a change": {events: told(append([]history.Event{job}, history.Event{Change: "s", Case: "n", Act: history.Open, Step: history.Submitted, TrueOn: "2024-09-01", Scheme: "MOE-2021", Code: "80"})...), claims: []Claim{claim(2, "2024-06-20", "11")}, want: "amend 11"},
	} {
		t.Run(name, func(t *testing.T) {
			p := testPlanner(or(c.source, history.SourceNational))
			p.TrueFrom = c.from
			if c.events == nil {
				c.events = told()
			}
			got := p.Plan(Subject{ID: "g", Number: "S1", Cohort: "2024", GraduationDay: c.grad, Events: c.events, Locks: c.locks}, c.claims)
			if outline(got) != c.want {
				t.Errorf("got  %s\nwant %s", outline(got), c.want)
			}
			for i, e := range got.Events {
				if e.Seq != len(c.events)+1+i || e.Graduate != "g" || e.Import != "b1" {
					t.Errorf("event %d is not the next of its graduate: %+v", i, e)
				}
			}
			if len(got.Assumed) > 0 != (c.assumed != "") || c.assumed != "" && got.Assumed[0].After != c.assumed {
				t.Errorf("assumed %v, want %s", got.Assumed, c.assumed)
			}
		})
	}
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func TestPlanOfADraftTwiceIsOnce(t *testing.T) {
	p := testPlanner(SourceDraft)
	s := Subject{ID: "g", Number: "S1", Cohort: "2024", Events: told()}
	claims := []Claim{claim(2, "2024-06-20", "10", "employer_name", "滨海医院")}
	s.Events = append(s.Events, p.Plan(s, claims).Events...)
	if got := outline(p.Plan(s, claims)); got != "same" {
		t.Errorf("the second time: %s", got)
	}
}

func TestPlanOfAnAdmissionLeavesTheRunningCaseItsDay(t *testing.T) {
	p := testPlanner(SourceDraft)
	p.Seen = &history.Evidence{SHA256: "ab", Kind: "ADM"}
	s := Subject{ID: "g", Number: "S1", Cohort: "2024", GraduationDay: "2024-06-25", Events: told(recordedCase("k", "2024-03-01", "70"))}
	got := p.Plan(s, []Claim{claim(2, "", "801")})
	if outline(got) != "propose open 2024-06-25 801; seen" {
		t.Fatal(outline(got))
	}
	for _, e := range got.Events {
		if len(e.Evidence) != 1 || e.Evidence[0] != *p.Seen {
			t.Errorf("%s without the document", e.Step)
		}
	}
}

func TestPlanCopiesWithTheUnitAndNotWithoutIt(t *testing.T) {
	p := testPlanner(history.SourceNational)
	p.Masters = destination.NewMasters(p.Book, []employer.Employer{{ID: "e1", Name: "北港医院"}}, []employer.HospitalLevel{{Employer: "e1", Level: "31"}})
	first := recordedCase("k", "2024-06-20", "10", "employer_name", "滨海医院")
	first.Counts = history.Counted{Nature: "23", HospitalLevel: "21"}
	for name, c := range map[string]struct {
		claim Claim
		want  history.Counted
	}{
		"another hospital brings its level": {claim(2, "", "10", "employer_name", "北港医院"), history.Counted{HospitalLevel: "31"}},
		"an unknown unit has none":          {claim(2, "", "10", "employer_name", "南港公司"), history.Counted{HospitalLevel: history.Emptied}},
		"the same unit keeps what it had":   {claim(2, "", "10", "employer_name", "滨海医院", "position", "护士"), history.Counted{}},
	} {
		got := p.Plan(Subject{ID: "g", Cohort: "2024", Events: told(first)}, []Claim{c.claim})
		if len(got.Events) != 1 || got.Events[0].Counts != c.want {
			t.Errorf("%s: %+v", name, got.Events)
		}
	}
}

// What the former code had and the new one cannot have goes with the former code,
// and comes back when the import is undone.
func TestPlanShedsWithTheCode(t *testing.T) {
	job := recordedCase("k", "2024-06-20", "10", "employer_name", "滨海医院", "contact_phone", "10000001234", "sign_day", "2024-06-20", "file_to_name", "滨海人才中心")
	job.Counts = history.Counted{Nature: "23", HospitalLevel: "31", Industry: "43", Region: "120103", Post: "19"}
	study := recordedCase("k", "2024-06-20", "801", "school_name", "清华大学", "study_major", "内科学")
	study.Counts = history.Counted{SchoolTier: "985"}
	army := recordedCase("k", "2024-06-20", "46", "enlist_day", "2024-06-20", "employer_name", "某部")
	army.Counts = history.Counted{Nature: "40"}
	file := pairs([]string{"file_to_name", "滨海人才中心"})
	for name, c := range map[string]struct {
		before history.Event
		claim  Claim
		counts history.Counted
		fields history.Fields
	}{
		"conscripts have no employer": {job, claim(2, "", "46"), history.Counted{}, file},
		"but for what the row gives": {job, with(claim(2, "", "46", "employer_name", "某部"), history.Counted{Nature: "40"}),
			history.Counted{Nature: "40"}, pairs([]string{"file_to_name", "滨海人才中心", "employer_name", "某部"})},
		"further study has none":              {job, claim(2, "", "801", "school_name", "清华大学"), history.Counted{SchoolTier: "985"}, pairs([]string{"file_to_name", "滨海人才中心", "school_name", "清华大学"})},
		"who works after all has no school":   {study, claim(2, "", "10", "employer_name", "滨海医院"), history.Counted{}, pairs([]string{"employer_name", "滨海医院"})},
		"a contract instead of an agreement":  {job, claim(2, "", "11"), job.Counts, job.Fields},
		"another kind of study":               {study, claim(2, "", "802"), study.Counts, study.Fields},
		"the same code keeps what is unusual": {army, claim(2, "", "46", "enlist_office", "丙县武装部"), army.Counts, pairs([]string{"enlist_day", "2024-06-20", "employer_name", "某部", "enlist_office", "丙县武装部"})},
	} {
		p := testPlanner(history.SourceNational)
		s := Subject{ID: "g", Cohort: "2024", Events: told(c.before)}
		stood := line(s.Events)
		s.Events = append(s.Events, p.Plan(s, []Claim{c.claim}).Events...)
		got := line(s.Events)[1]
		if got.Code != c.claim.Code || got.Counts != c.counts || !maps.Equal(got.Fields, c.fields) {
			t.Errorf("%s: got %+v, want %+v %v", name, got, c.counts, c.fields)
		}
		if again := p.Plan(s, []Claim{c.claim}); len(again.Events) > 0 {
			t.Errorf("%s: again: %s", name, outline(again))
		}
		if row, ok := written(t, got, ""); !ok || len(p.Plan(s, []Claim{row}).Events) > 0 {
			t.Errorf("%s: exported and imported it changes: %+v", name, row)
		}
		u := undoOf("b1")
		u.NewID = p.NewID
		back, _ := u.inverse(s.Events)
		if after := line(append(s.Events, back...)); !sameLine(stood, after) {
			t.Errorf("%s: undone: %+v, want %+v", name, after, stood)
		}
	}
}

// Whatever stood before, after an import each graduate is where the last row
// says, from its day on, and importing the same rows again adds nothing.
func TestPlanEndsWhereTheFileEnds(t *testing.T) {
	days := []string{"2024-03-01", "2024-05-01", "2024-06-20", "2024-08-01", "2024-09-01"}
	known := []string{"10", "11", "70", "71", "801"}
	rapid.Check(t, func(t *rapid.T) {
		p := testPlanner(history.SourceNational)
		s := Subject{ID: "g", Number: "S1", Cohort: "2024", Events: told()}
		draw := func(label string) []Claim {
			var out []Claim
			for i, d := range rapid.SliceOfNDistinct(rapid.SampledFrom(days), 1, 3, rapid.ID[string]).Draw(t, label) {
				out = append(out, claim(i+2, d, rapid.SampledFrom(known).Draw(t, "code")))
			}
			return out
		}
		for range rapid.IntRange(0, 3).Draw(t, "earlier files") {
			s.Events = append(s.Events, p.Plan(s, draw("earlier")).Events...)
		}
		claims := draw("file")
		s.Events = append(s.Events, p.Plan(s, claims).Events...)
		f := history.NewFold(destination.NoWork(p.Book))
		for i := range s.Events {
			f.Apply(&s.Events[i])
		}
		for _, c := range claims {
			if got := f.On(c.TrueOn); got.Code != c.Code {
				t.Fatalf("on %s it is %s, the row says %s", c.TrueOn, got.Code, c.Code)
			}
		}
		if again := p.Plan(s, claims); len(again.Events) > 0 {
			t.Fatalf("again: %s", outline(again))
		}
	})
}
