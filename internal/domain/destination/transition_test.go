package destination

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

var threeLevels = Review{Chain: DefaultChain(), Book: codes.Builtin()}

// fold applies events of one graduate.
func fold(events ...history.Event) *history.Fold {
	f := history.NewFold(NoWork(codes.Builtin()))
	for i := range events {
		events[i].Seq = i + 1
		f.Apply(&events[i])
	}
	return f
}

// at is one step of change x of case k, by the account.
func at(step history.Step, level int, by string) history.Event {
	e := history.Event{Change: "x", Case: "k", Act: history.Open, Step: step, Level: level, Actor: by}
	switch step {
	case history.Proposed, history.Submitted, history.Recorded:
		e.TrueOn, e.Scheme, e.Code = "2024-06-20", "MOE-2021", "10"
	case history.Returned, history.Refused:
		e.Reason = "请补材料"
	}
	return e
}

func stood() history.Event { return at(history.Recorded, 0, "console:x") }

// of turns a step into one of another act on the case k.
func of(act history.Act, e history.Event) history.Event {
	e.Change, e.Act, e.Code, e.Scheme = "y", act, "", ""
	return e
}

func on(day string, e history.Event) history.Event {
	e.TrueOn = calendar.Day(day)
	return e
}

func coded(code string, e history.Event) history.Event {
	e.Code = code
	return e
}

func silent(e history.Event) history.Event {
	e.Reason = ""
	return e
}

func marked(m history.Mark, by string) history.Event {
	return history.Event{Case: "k", Mark: m, Actor: by, Reason: "核实"}
}

// TestCheck has a line for every transition and every refusal: what stands, what
// is asked, by whom, and the answer ("" is yes).
func TestCheck(t *testing.T) {
	submitted := at(history.Submitted, 0, "s")
	passed1, passed2 := at(history.Passed, 1, "r1"), at(history.Passed, 2, "r2")
	returned := at(history.Returned, 1, "r1")
	for name, c := range map[string]struct {
		before []history.Event
		next   history.Event
		by     Capacity
		want   fault.Kind
	}{
		"staff proposes":                          {nil, at(history.Proposed, 0, "c"), Staff, ""},
		"the console proposes":                    {nil, at(history.Proposed, 0, "console:x"), Console, ""},
		"the graduate does not propose":           {nil, at(history.Proposed, 0, "s"), Self, fault.Forbidden},
		"the graduate submits":                    {nil, submitted, Self, ""},
		"staff never submits":                     {nil, submitted, Staff, fault.Forbidden},
		"the console never submits":               {nil, submitted, Console, fault.Forbidden},
		"an import records":                       {nil, stood(), Console, ""},
		"a new case needs a code":                 {nil, coded("", submitted), Self, fault.Invalid},
		"a new case needs a day":                  {nil, on("", submitted), Self, fault.Invalid},
		"an act must be said":                     {nil, of("", submitted), Self, fault.Invalid},
		"a proposal is corrected by staff":        {[]history.Event{at(history.Proposed, 0, "c")}, at(history.Proposed, 0, "d"), Staff, ""},
		"a proposal is submitted":                 {[]history.Event{at(history.Proposed, 0, "c")}, on("", coded("", submitted)), Self, ""},
		"a proposal is declined":                  {[]history.Event{at(history.Proposed, 0, "c")}, at(history.Withdrawn, 0, "s"), Self, ""},
		"a proposal cannot be passed":             {[]history.Event{at(history.Proposed, 0, "c")}, passed1, Staff, fault.Conflict},
		"a second change waits":                   {[]history.Event{submitted}, of(history.Amend, submitted), Self, fault.Conflict},
		"a recorded one may come between":         {[]history.Event{stood(), of(history.Amend, submitted)}, recordedAmend(), Console, ""},
		"level 1 passes":                          {[]history.Event{submitted}, passed1, Staff, ""},
		"level 1 is not skipped":                  {[]history.Event{submitted}, at(history.Passed, 2, "r2"), Staff, fault.Conflict},
		"level 1 cannot approve":                  {[]history.Event{submitted}, at(history.Approved, 1, "r1"), Staff, fault.Conflict},
		"level 1 cannot refuse":                   {[]history.Event{submitted}, at(history.Refused, 1, "r1"), Staff, fault.Conflict},
		"level 1 returns":                         {[]history.Event{submitted}, returned, Staff, ""},
		"a return needs a reason":                 {[]history.Event{submitted}, silent(returned), Staff, fault.Invalid},
		"the graduate cannot pass":                {[]history.Event{submitted}, at(history.Passed, 1, "s"), Self, fault.Forbidden},
		"the console cannot pass":                 {[]history.Event{submitted}, at(history.Passed, 1, "console:x"), Console, fault.Forbidden},
		"the submitter cannot pass as staff":      {[]history.Event{submitted}, at(history.Passed, 1, "s"), Staff, fault.Forbidden},
		"level 2 passes":                          {[]history.Event{submitted, passed1}, passed2, Staff, ""},
		"level 2 is somebody else":                {[]history.Event{submitted, passed1}, at(history.Passed, 2, "r1"), Staff, fault.Forbidden},
		"level 1 does not pass twice":             {[]history.Event{submitted, passed1}, at(history.Passed, 1, "r9"), Staff, fault.Conflict},
		"level 2 returns":                         {[]history.Event{submitted, passed1}, at(history.Returned, 2, "r2"), Staff, ""},
		"the last level approves":                 {[]history.Event{submitted, passed1, passed2}, at(history.Approved, 3, "r3"), Staff, ""},
		"the last level is a third person":        {[]history.Event{submitted, passed1, passed2}, at(history.Approved, 3, "r1"), Staff, fault.Forbidden},
		"the last level's pass is the approval":   {[]history.Event{submitted, passed1, passed2}, at(history.Passed, 3, "r3"), Staff, fault.Conflict},
		"the last level refuses":                  {[]history.Event{submitted, passed1, passed2}, at(history.Refused, 3, "r3"), Staff, ""},
		"a refusal needs a reason":                {[]history.Event{submitted, passed1, passed2}, silent(at(history.Refused, 3, "r3")), Staff, fault.Invalid},
		"what is submitted is not submitted anew": {[]history.Event{submitted}, submitted, Self, fault.Conflict},
		"what is submitted is withdrawn":          {[]history.Event{submitted, passed1}, at(history.Withdrawn, 0, "s"), Self, ""},
		"staff does not withdraw":                 {[]history.Event{submitted}, at(history.Withdrawn, 0, "c"), Staff, fault.Forbidden},
		"returned: submitted again":               {[]history.Event{submitted, passed1, at(history.Returned, 2, "r2")}, submitted, Self, ""},
		"returned: the draft is kept":             {[]history.Event{submitted, returned}, on("", coded("", submitted)), Self, ""},
		"returned: cannot be passed":              {[]history.Event{submitted, returned}, passed1, Staff, fault.Conflict},
		"resubmitted: begins at level 1":          {[]history.Event{submitted, passed1, at(history.Returned, 2, "r2"), submitted}, passed1, Staff, ""},
		"approved is over":                        {[]history.Event{submitted, passed1, passed2, at(history.Approved, 3, "r3")}, submitted, Self, fault.Conflict},
		"withdrawn is over":                       {[]history.Event{submitted, at(history.Withdrawn, 0, "s")}, submitted, Self, fault.Conflict},
		"refused is over":                         {[]history.Event{submitted, passed1, passed2, at(history.Refused, 3, "r3")}, submitted, Self, fault.Conflict},
		"passing what is not there":               {nil, passed1, Staff, fault.NotFound},
		"an effective case is amended":            {[]history.Event{stood()}, of(history.Amend, submitted), Self, ""},
		"a waiting case is not amended":           {[]history.Event{submitted, at(history.Withdrawn, 0, "s")}, of(history.Amend, submitted), Self, fault.Conflict},
		"no case, nothing to amend":               {nil, of(history.Amend, submitted), Self, fault.NotFound},
		"no case, nothing to end":                 {nil, of(history.End, submitted), Self, fault.NotFound},
		"no case, nothing to void":                {nil, of(history.Void, submitted), Self, fault.NotFound},
		"an effective case is ended":              {[]history.Event{stood()}, on("2024-09-01", of(history.End, submitted)), Self, ""},
		"an end needs a day":                      {[]history.Event{stood()}, on("", of(history.End, submitted)), Self, fault.Invalid},
		"an end comes after the beginning":        {[]history.Event{stood()}, of(history.End, submitted), Self, fault.Invalid},
		"an end is corrected by a later one":      {[]history.Event{stood(), recordedEnd("2024-09-01")}, on("2024-10-01", of(history.End, submitted)), Self, ""},
		"an effective case is voided":             {[]history.Event{stood()}, of(history.Void, submitted), Self, ""},
		"void is final: no amendment":             {[]history.Event{stood(), recordedVoid()}, of(history.Amend, submitted), Self, fault.Conflict},
		"void is final: no end":                   {[]history.Event{stood(), recordedVoid()}, on("2024-09-01", of(history.End, submitted)), Self, fault.Conflict},
		"void is final: no second void":           {[]history.Event{stood(), recordedVoid()}, of(history.Void, submitted), Self, fault.Conflict},
		"void is final: no mark":                  {[]history.Event{stood(), recordedVoid()}, marked(history.Disputed, "s"), Self, fault.Conflict},
		"an opened case is not opened again":      {[]history.Event{stood()}, openedAgain(), Self, fault.Conflict},
		"a change keeps its act":                  {[]history.Event{submitted, returned}, sameChange(history.Void), Self, fault.Conflict},
		"the graduate disputes":                   {[]history.Event{stood()}, marked(history.Disputed, "s"), Self, ""},
		"staff does not dispute":                  {[]history.Event{stood()}, marked(history.Disputed, "c"), Staff, fault.Forbidden},
		"a dispute stands once":                   {[]history.Event{stood(), marked(history.Disputed, "s")}, marked(history.Disputed, "s"), Self, fault.Conflict},
		"a dispute needs a reason":                {[]history.Event{stood()}, silent(marked(history.Disputed, "s")), Self, fault.Invalid},
		"a dispute needs an effective case":       {[]history.Event{submitted}, marked(history.Disputed, "s"), Self, fault.Conflict},
		"a dispute is upheld":                     {[]history.Event{stood(), marked(history.Disputed, "s")}, marked(history.Upheld, "o"), Staff, ""},
		"no dispute, nothing to uphold":           {[]history.Event{stood()}, marked(history.Upheld, "o"), Staff, fault.Conflict},
		"the graduate does not uphold":            {[]history.Event{stood(), marked(history.Disputed, "s")}, marked(history.Upheld, "s"), Self, fault.Forbidden},
		"a case is struck":                        {[]history.Event{stood()}, marked(history.Struck, "o"), Staff, ""},
		"the console does not strike":             {[]history.Event{stood()}, marked(history.Struck, "console:x"), Console, fault.Forbidden},
		"a case is struck once":                   {[]history.Event{stood(), marked(history.Struck, "o")}, marked(history.Struck, "p"), Staff, fault.Conflict},
		"a struck case is restored":               {[]history.Event{stood(), marked(history.Struck, "o")}, marked(history.Restored, "o"), Staff, ""},
		"not struck, nothing to restore":          {[]history.Event{stood()}, marked(history.Restored, "o"), Staff, fault.Conflict},
		"what waits is replied to":                {[]history.Event{submitted}, marked(history.Replied, "c"), Staff, ""},
		"the employer confirms what waits":        {[]history.Event{submitted}, marked(history.EmployerConfirmed, "c"), Staff, ""},
		"a document seen must be named":           {[]history.Event{submitted}, marked(history.Seen, "c"), Staff, fault.Invalid},
		"no case, nothing to mark":                {nil, marked(history.Seen, "c"), Staff, fault.NotFound},
	} {
		f := fold(slices.Clone(c.before)...)
		err := threeLevels.Check(f, &c.next, c.by)
		if got := fault.KindOf(err); got != c.want || err != nil && got == "" {
			t.Errorf("%s: got %q (%v), want %q", name, got, err, c.want)
		}
	}
}

func recordedAmend() history.Event {
	e := of(history.Amend, stood())
	e.Change = "z"
	return e
}

func recordedEnd(day string) history.Event {
	e := on(day, of(history.End, stood()))
	e.Change = "z"
	return e
}

func recordedVoid() history.Event {
	e := of(history.Void, stood())
	e.Change = "z"
	return e
}

func openedAgain() history.Event {
	e := at(history.Submitted, 0, "s")
	e.Change = "y"
	return e
}

func sameChange(act history.Act) history.Event {
	e := at(history.Submitted, 0, "s")
	e.Act = act
	return e
}

// TestDecidedByCollegeAndSchool: however short the chain, 76 has both.
func TestDecidedByCollegeAndSchool(t *testing.T) {
	office := Level{ID: "o", Title: "学校", Tier: "school", Roles: []access.Role{access.Office}}
	counsellor := Level{ID: "c", Title: "辅导员", Tier: "class", Roles: []access.Role{access.Counsellor}}
	college := Level{ID: "k", Title: "学院", Tier: "college", Roles: []access.Role{access.CollegeLeader}}
	for name, c := range map[string]struct {
		levels []Level
		code   string
		want   string
	}{
		"office only, a contract":          {[]Level{office}, "11", "o"},
		"office only, freelance":           {[]Level{office}, "76", "college o"},
		"college only, freelance":          {[]Level{college}, "76", "k school"},
		"counsellor only, freelance":       {[]Level{counsellor}, "76", "c college school"},
		"counsellor and office, freelance": {[]Level{counsellor, office}, "76", "c college o"},
		"three levels, freelance":          {[]Level{counsellor, college, office}, "76", "c k o"},
		"an end or voiding":                {[]Level{office}, "", "o"},
	} {
		got := ""
		for _, l := range (Review{Chain{c.levels}, codes.Builtin()}).For(c.code) {
			got += " " + l.ID
		}
		if got != " "+c.want {
			t.Errorf("%s: got%s, want %s", name, got, c.want)
		}
	}
}

func TestChainValidate(t *testing.T) {
	level := func(id, tier string, roles ...access.Role) Level {
		l := Level{ID: id, Title: "级", Roles: roles}
		for _, x := range DefaultChain().Levels {
			if string(x.Tier) == tier {
				l.Tier = x.Tier
			}
		}
		return l
	}
	class, college, school := level("a", "class", access.Counsellor), level("b", "college", access.CollegeLeader), level("c", "school", access.Office)
	for name, c := range map[string]struct {
		levels []Level
		ok     bool
	}{
		"three levels":               {DefaultChain().Levels, true},
		"one level":                  {[]Level{school}, true},
		"none":                       {nil, false},
		"five":                       {[]Level{class, level("a2", "class", access.Counsellor), college, school, level("d", "school", access.Office)}, false},
		"far before near":            {[]Level{school, college}, false},
		"one id twice":               {[]Level{class, class}, false},
		"no role":                    {[]Level{level("a", "class")}, false},
		"a role without the right":   {[]Level{level("a", "class", access.Auditor)}, false},
		"no room left for freelance": {[]Level{class, level("a2", "class", access.Counsellor), level("a3", "class", access.Counsellor)}, false},
		"no tier":                    {[]Level{level("a", "", access.Office)}, false},
	} {
		if err := (Chain{c.levels}).Validate(); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestShortenedChainEndsAtItsLastLevel(t *testing.T) {
	f := fold(at(history.Submitted, 0, "s"), at(history.Passed, 1, "r1"), at(history.Passed, 2, "r2"))
	short := Review{Chain{DefaultChain().Levels[1:2]}, codes.Builtin()}
	if e := at(history.Approved, 1, "r3"); short.Check(f, &e, Staff) != nil {
		t.Error("a change that passed more levels than are left cannot be approved")
	}
}

func TestLocked(t *testing.T) {
	lock := []Lock{{Snapshot: "INIT", LastDay: "2024-08-31"}}
	unlocked := []Lock{{Snapshot: "INIT", LastDay: "2024-08-31", Unlocked: true}}
	late := on("2024-10-01", stood())
	for name, c := range map[string]struct {
		before []history.Event
		next   history.Event
		locks  []Lock
		want   bool
	}{
		"an amendment inside":                        {[]history.Event{stood()}, of(history.Amend, at(history.Submitted, 0, "s")), lock, true},
		"a proposal of one":                          {[]history.Event{stood()}, of(history.Amend, at(history.Proposed, 0, "s")), lock, true},
		"unlocked":                                   {[]history.Event{stood()}, of(history.Amend, at(history.Submitted, 0, "s")), unlocked, false},
		"nothing released":                           {[]history.Event{stood()}, of(history.Void, at(history.Submitted, 0, "s")), nil, false},
		"a voiding inside":                           {[]history.Event{stood()}, of(history.Void, at(history.Submitted, 0, "s")), lock, true},
		"a new case inside":                          {nil, at(history.Submitted, 0, "s"), lock, false},
		"an end after it":                            {[]history.Event{stood()}, on("2024-10-01", of(history.End, at(history.Submitted, 0, "s"))), lock, false},
		"an end inside":                              {[]history.Event{stood()}, on("2024-08-01", of(history.End, at(history.Submitted, 0, "s"))), lock, true},
		"an end inside moved out":                    {[]history.Event{stood(), recordedEnd("2024-08-01")}, on("2024-10-01", of(history.End, at(history.Submitted, 0, "s"))), lock, true},
		"an amendment after it":                      {[]history.Event{late}, on("", of(history.Amend, at(history.Submitted, 0, "s"))), lock, false},
		"an amendment that moves into it":            {[]history.Event{late}, of(history.Amend, at(history.Submitted, 0, "s")), lock, true},
		"submitted before, again after a return":     {[]history.Event{stood(), of(history.Amend, at(history.Submitted, 0, "s")), of(history.Amend, at(history.Returned, 1, "r"))}, on("", of(history.Amend, at(history.Submitted, 0, "s"))), lock, false},
		"submitted before, now moving into it":       {[]history.Event{late, on("", of(history.Amend, at(history.Submitted, 0, "s"))), of(history.Amend, at(history.Returned, 1, "r"))}, of(history.Amend, at(history.Submitted, 0, "s")), lock, true},
		"submitted before, passed after":             {[]history.Event{stood(), of(history.Amend, at(history.Submitted, 0, "s"))}, of(history.Amend, at(history.Passed, 1, "r")), lock, false},
		"proposed before is not submitted before":    {[]history.Event{stood(), of(history.Amend, at(history.Proposed, 0, "c"))}, of(history.Amend, at(history.Submitted, 0, "s")), lock, true},
		"a strike inside":                            {[]history.Event{stood()}, marked(history.Struck, "o"), lock, true},
		"a dispute inside":                           {[]history.Event{stood()}, marked(history.Disputed, "s"), lock, true},
		"a strike after it":                          {[]history.Event{late}, marked(history.Struck, "o"), lock, false},
		"a reply moves no figure":                    {[]history.Event{stood()}, marked(history.Replied, "o"), lock, false},
		"an employer's confirmation moves no figure": {[]history.Event{stood()}, marked(history.EmployerConfirmed, "o"), lock, false},
	} {
		if _, got := Locked(fold(slices.Clone(c.before)...), &c.next, c.locks); got != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}

// model is the state machine of history.md, written a second time: one change of
// one new case under a chain of n levels.
type model struct {
	state   string // "", proposed, waiting, returned, over
	level   int    // that it waits at
	passers []string
}

func (m *model) accepts(e history.Event, by Capacity, n int) bool {
	switch e.Step {
	case history.Proposed:
		return by != Self && (m.state == "" || m.state == "proposed")
	case history.Submitted:
		return by == Self && (m.state == "" || m.state == "proposed" || m.state == "returned")
	case history.Withdrawn:
		return by == Self && m.state != "" && m.state != "over"
	case history.Recorded:
		return by != Self && m.state == ""
	}
	if by != Staff || m.state != "waiting" || e.Level != m.level || e.Actor == "s" || slices.Contains(m.passers, e.Actor) {
		return false
	}
	switch e.Step {
	case history.Passed:
		return m.level < n
	case history.Approved, history.Refused:
		return m.level == n
	}
	return e.Step == history.Returned
}

func (m *model) take(e history.Event) {
	switch e.Step {
	case history.Proposed:
		m.state = "proposed"
	case history.Submitted:
		*m = model{state: "waiting", level: 1}
	case history.Passed:
		m.level++
		m.passers = append(m.passers, e.Actor)
	case history.Returned:
		m.state = "returned"
	default:
		m.state = "over"
	}
}

// TestRandomWalk takes 10,000 random steps: the rules accept exactly the edges
// of the model, under chains of 1 to 4 levels (S14).
func TestRandomWalk(t *testing.T) {
	steps := []history.Step{history.Proposed, history.Submitted, history.Passed, history.Returned, history.Withdrawn,
		history.Refused, history.Approved, history.Recorded}
	parties := []Capacity{Self, Staff, Staff, Staff, Console}
	people := []string{"s", "r1", "r2", "r3", "r4", "r5"}
	for n := 1; n <= MaxLevels; n++ {
		random := rand.New(rand.NewPCG(uint64(n), 1))
		review := Review{Book: codes.Builtin()}
		for i := range n {
			review.Chain.Levels = append(review.Chain.Levels, Level{ID: fmt.Sprint(i), Title: fmt.Sprint("第", i+1, "级"), Tier: "school", Roles: []access.Role{access.Office}})
		}
		m, f, seq, taken, seen := model{}, fold(), 0, 0, map[history.Step]int{}
		for range 10_000 {
			if m.state == "over" && random.IntN(5) == 0 { // the next graduate
				m, f, seq = model{}, fold(), 0
			}
			e := at(steps[random.IntN(len(steps))], random.IntN(n+1), people[random.IntN(len(people))])
			by := parties[random.IntN(len(parties))]
			if m.state == "waiting" && random.IntN(2) == 0 { // lead the walk on to far levels
				e, by = at([]history.Step{history.Passed, history.Approved, history.Refused}[random.IntN(3)], m.level, e.Actor), Staff
			}
			if e.Step == history.Submitted {
				e.Actor = "s" // the graduate has one account
			}
			err := review.Check(f, &e, by)
			if want := m.accepts(e, by, n); (err == nil) != want {
				t.Fatalf("%d levels, after %d steps in state %+v: %s at level %d by %s (%s): got %v, model says %v", n, taken, m, e.Step, e.Level, e.Actor, by, err, want)
			}
			if err != nil {
				if fault.KindOf(err) == "" || err.Error() == "" {
					t.Fatalf("refused without words: %v", err)
				}
				continue
			}
			seq++
			e.Seq = seq
			f.Apply(&e)
			m.take(e)
			taken, seen[e.Step] = taken+1, seen[e.Step]+1
		}
		for _, s := range steps {
			if seen[s] == 0 && !(n == 1 && s == history.Passed) {
				t.Errorf("%d levels: the walk never took the edge %s", n, s)
			}
		}
	}
}
