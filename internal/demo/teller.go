package demo

import (
	"slices"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/history"
)

// season is the year of a cohort: when its roster came, and the days between
// which its graduates register.
type season struct {
	year    int
	roster  calendar.Instant // the import of the roster
	cases   calendar.Instant // of an imported past: the import of destinations
	cut     date             // the last day inside the first cut, 31 August
	settled calendar.Instant // what is true by the cut is known by then
}

// seasonOf returns the season of a cohort. The register began in November 2023:
// what the cohorts before had done was imported then.
func seasonOf(year string) *season { return &seasons[number(year)-number(years[0])] }

var seasons = func() (out [4]season) {
	for i, year := range years {
		y := number(year)
		out[i] = season{year: y, roster: dateOf(dayOf(y, 3, 4)).workday().start() + 9*hour + 26*minute + 14_250,
			cut: dateOf(dayOf(y, 8, 31)), settled: dateOf(dayOf(y, 9, 9)).start() + 17*hour + 30*minute}
		if imported(year) {
			d := dateOf("2023-11-06") + date(i)
			out[i].roster, out[i].cases = d.start()+10*hour+21*minute+37_400, d.start()+15*hour+40*minute+5_900
		}
	}
	return out
}()

func (s *season) on(month, day int) date { return dateOf(dayOf(s.year, month, day)) }

// teller tells one graduate's story: event after event, each known later than
// the one before it.
type teller struct {
	*person
	s       *school
	season  *season
	events  []history.Event
	samples []destination.Sample
	papers  []paper          // of all submissions; drawn are those that wait
	at      calendar.Instant // of the newest event
	floor   date             // the newest case began on it
	// limit is when all that follows must be known; 0: never. It is some hours
	// before the moment that counts, so that pressed events find room.
	limit     calendar.Instant
	notBefore date // no approval before this day
	late      bool // submitted in the last days: approved after the cut, before the limit
}

// add appends an event at the moment, or soon after the newest one where the
// moment lies beyond the limit.
func (t *teller) add(at calendar.Instant, e history.Event) {
	if t.limit > 0 && at >= t.limit {
		at = t.at + calendar.Instant(minute+t.r.IntN(19*minute))
	}
	t.at = at
	e.Graduate, e.Seq, e.KnownAt = t.ID, len(t.events)+1, at
	t.events = append(t.events, e)
}

// today is the day of the newest event.
func (t *teller) today() date { return on(t.at) }

// soon is a day some days after the newest event.
func (t *teller) soon(least, most int) date { return t.today() + date(least+t.r.IntN(most-least+1)) }

// desk is a moment of that working day, or of the first one after the newest event.
func (t *teller) desk(d date) calendar.Instant {
	at := atDesk(t.r, d.workday())
	for at <= t.at {
		d = max(d, t.today()).workday() + 1
		at = atDesk(t.r, d.workday())
	}
	return at
}

// home is a moment of that day or of the first one after the newest event, when
// graduates fill in forms.
func (t *teller) home(d date) calendar.Instant {
	at := atHome(t.r, d)
	for at <= t.at {
		d = max(d, t.today()) + 1
		at = atHome(t.r, d)
	}
	return at
}

// set adds a person event of the office.
func (t *teller) set(d date, trueOn calendar.Day, settings ...history.Setting) {
	t.add(t.desk(d), history.Event{TrueOn: trueOn, Set: settings, Actor: pick(t.r, t.s.staff.office)})
}

// claim is one change of one case on its way.
type claim struct {
	id, kase string
	act      history.Act
	content
	proposed bool
}

// begin makes a change; of a new case kase is blank.
func (t *teller) begin(act history.Act, kase string, c content) *claim {
	if kase == "" {
		kase = t.ids.next(t.at)
		t.floor = max(t.floor, c.from)
	}
	return &claim{id: t.ids.next(t.at), kase: kase, act: act, content: c}
}

// step adds a step of the change. The first one fixes act and case.
func (t *teller) step(at calendar.Instant, c *claim, e history.Event) {
	e.Change, e.Act, e.Case = c.id, c.act, c.kase
	t.add(at, e)
}

// given is an event with what the form says.
func (c *claim) said(step history.Step, actor string) history.Event {
	e := history.Event{Step: step, Actor: actor, Counts: c.given, Fields: c.fields}
	if c.from > 0 {
		e.TrueOn = c.from.day()
	}
	if c.code != "" {
		e.Scheme, e.Code = scheme, c.code
	}
	return e
}

const scheme = "MOE-2021"

// propose is the counsellor filling the form in.
func (t *teller) propose(d date, c *claim) {
	c.proposed = true
	t.step(t.desk(d), c, c.said(history.Proposed, t.class.counsellor))
}

// submit is the graduate's word; of what the counsellor filled in it needs no more.
func (t *teller) submit(d date, c *claim) {
	e := history.Event{Step: history.Submitted, Actor: t.ID}
	if !c.proposed {
		e = c.said(history.Submitted, t.ID)
	}
	c.proposed = false
	t.step(t.home(d), c, e)
	t.handsIn(c)
	t.sample(c)
}

// sample puts what is looked at one by one into the sampling queue (A18).
func (t *teller) sample(c *claim) {
	again := slices.ContainsFunc(t.samples, func(s destination.Sample) bool { return s.Case == c.kase })
	if c.act == history.Open && (c.code == "12" || c.code == "76") && !again {
		t.samples = append(t.samples, destination.Sample{ID: t.ids.next(t.at), Graduate: t.ID, Case: c.kase, Reason: "A18", At: t.at,
			Note: "逐人核实"})
	}
}

// reviewer returns who looks at level 1, 2 or 3; they are never the same.
func (t *teller) reviewer(level int) string {
	college := majors[t.group.major].college
	switch {
	case level == 1:
		return t.class.counsellor
	case level == 2 && chance(t.r, 80):
		return t.s.staff.secretaries[college]
	case level == 2:
		return t.s.staff.deans[college]
	}
	return pick(t.r, t.s.staff.office)
}

func (t *teller) pass(c *claim, level int) {
	t.step(t.desk(t.soon(0, 2)), c, history.Event{Step: history.Passed, Level: level, Actor: t.reviewer(level)})
}

// approve is the last level's word; what is copied from the master records goes
// with it.
func (t *teller) approve(c *claim) {
	d := max(t.soon(0, 2), t.notBefore)
	t.step(t.desk(d), c, history.Event{Step: history.Approved, Level: 3, Actor: t.reviewer(3), Counts: c.copied})
	for i := range t.samples {
		if s := &t.samples[i]; s.Case == c.kase && s.Result == "" {
			s.Result, s.By = destination.ResultTrue, t.events[len(t.events)-1].Actor
		}
	}
}

// carry takes a submitted change through all levels.
func (t *teller) carry(c *claim) {
	t.pass(c, 1)
	t.pass(c, 2)
	t.approve(c)
}

// giveBack returns a submitted change at the level.
func (t *teller) giveBack(c *claim, level int) {
	for l := 1; l < level; l++ {
		t.pass(c, l)
	}
	t.step(t.desk(t.soon(0, 2)), c, history.Event{Step: history.Returned, Level: level, Actor: t.reviewer(level),
		Reason: pick(t.r, reasonsToReturn)})
}

// mark adds a mark on a case.
func (t *teller) mark(at calendar.Instant, kase string, m history.Mark, actor, reason string) {
	t.add(at, history.Event{Case: kase, Mark: m, Actor: actor, Reason: reason})
}

var reasonsToReturn = []string{
	"协议书缺单位盖章，请补齐后重新提交", "单位名称与证照不一致，请核对后重新提交", "材料拍得不清楚，请重新上传", "签约日期与协议书不符，请更正",
	"单位联系人电话打不通，请核对", "工作职位类别与岗位不符，请更正", "录取材料缺学校公章，请补齐",
}
