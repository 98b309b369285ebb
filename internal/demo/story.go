package demo

import (
	"math/rand/v2"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/history"
)

// tell tells the story of a person, up to the school's present.
func (s *school) tell(p *person) *teller {
	t := &teller{person: p, s: s, season: seasonOf(p.group.year)}
	if imported(p.group.year) {
		t.past()
	} else {
		t.enrol()
		t.live()
	}
	t.stop(Start)
	return t
}

// enrol is the import of the roster in spring, and what was put right afterwards.
func (t *teller) enrol() {
	t.add(t.season.roster, history.Event{Set: t.settings(), Actor: t.s.staff.office[0]})
	t.limit = t.season.settled
	switch {
	case chance(t.r, 3) && len(t.group.classes) > 1: // moved to another class
		k := &t.group.classes[t.r.IntN(len(t.group.classes))]
		d := between(t.r, t.season.on(3, 6), t.season.on(3, 22))
		if k.id != t.class.id {
			t.class = k
			t.set(d+1, d.day(), history.Setting{Key: history.Class, Value: k.id})
		}
	case chance(t.r, 2): // the file was wrong about where they come from
		t.set(t.soon(1, 9), "", history.Setting{Key: history.Origin, Value: pick(t.r, regions[2:])[0]})
	case chance(t.r, 2): // the support office looked again
		t.set(t.soon(1, 9), "", history.Setting{Key: history.Difficulty, Value: pick(t.r, []string{"0", "2", "3"})})
	}
}

// live tells the year of somebody who registers in the system.
func (t *teller) live() {
	switch t.goal.fate {
	case looking:
		t.look()
	case silent:
		t.keepSilent()
	case waiting:
		t.wait()
	case sentBack:
		t.comeBack()
	case doubted:
		t.doubt()
	case cancelled:
		t.beCancelled()
	case unqualified, gone, delayed:
		t.leaveTheCount()
	default:
		t.settle()
	}
}

// submissions are the days between which each fate is submitted, as month and day.
var submissions = map[fate][4]int{
	signed: {3, 14, 8, 18}, hired: {5, 10, 8, 20}, startup: {5, 4, 8, 18}, freelance: {6, 1, 8, 18}, army: {6, 20, 8, 18},
	study: {3, 25, 7, 8}, abroad: {4, 8, 8, 6}, preparing: {6, 5, 8, 16}, idle: {6, 10, 8, 16}, looking: {4, 1, 8, 16},
}

// submission is the day on which somebody of the fate fills the form in. Every
// twentieth of those who are settled does so in the last days.
func (t *teller) submission(f fate) date {
	if f <= abroad && t.ids.of%20 == 3 {
		t.late, t.notBefore = true, t.season.cut+2
		return between(t.r, t.season.cut-7, t.season.cut-2)
	}
	w, ok := submissions[f]
	if !ok {
		w = submissions[signed]
	}
	return peaked(t.r, t.season.on(w[0], w[1]), t.season.on(w[2], w[3]))
}

// settle leads to a destination that runs on the day of the cut.
func (t *teller) settle() {
	d := t.submission(t.goal.fate)
	if !t.late && d-t.today() > 40 {
		t.prelude(d)
	}
	from := max(d-date(1+t.r.IntN(12)), t.floor+1)
	k := t.register(d, t.destination(t.goal, from))
	t.notBefore = 0
	t.aftermath(k)
	t.limit = 0
	if t.goal.fate <= hired && chance(t.r, 2) {
		t.quit(k)
	}
}

// prelude is what came before the destination that stayed, done before the day.
func (t *teller) prelude(d date) {
	free := func() date { return between(t.r, t.today()+1, d-36) }
	switch {
	case chance(t.r, 16): // looked for work first
		f := free()
		t.register(f, t.seeks(f-date(t.r.IntN(5))))
	case t.goal.fate > hired:
	case chance(t.r, 4): // signed, and went elsewhere
		f := free()
		k := t.register(f, t.job(anyJob(t.r, t.group.level), f-6))
		t.end(k, "单位与本人协商解约")
	case chance(t.r, 1.5): // said what was not so
		f := free()
		k := t.register(f, t.job(anyJob(t.r, t.group.level), f-3))
		c := t.begin(history.Void, k, content{})
		t.submit(t.soon(1, 4), c)
		t.carry(c)
	}
}

// register takes a new destination from the form to its effect, at times on a
// detour; it returns the case.
func (t *teller) register(d date, what content) string {
	c := t.begin(history.Open, "", what)
	switch {
	case t.late:
	case chance(t.r, 9):
		t.propose(d, c)
		d = t.soon(0, 4)
	case chance(t.r, 2.5):
		t.submit(d, c)
		t.step(t.home(t.soon(0, 1)), c, history.Event{Step: history.Withdrawn, Actor: t.ID})
		c = t.begin(history.Open, "", what)
		d = t.soon(1, 4)
	}
	t.submit(d, c)
	for n := 0; n < 2 && !t.late && chance(t.r, 12); n++ {
		t.giveBack(c, 1+t.r.IntN(3))
		t.submit(t.soon(1, 4), c)
	}
	t.carry(c)
	return c.kase
}

// end ends a case that began a while ago.
func (t *teller) end(kase, why string) {
	c := t.begin(history.End, kase, content{from: max(t.floor+1, t.today()-2)})
	e := c.said(history.Submitted, t.ID)
	e.Reason = why
	t.step(t.home(t.soon(1, 3)), c, e)
	t.carry(c)
}

// quit ends a job after the cut; many find another.
func (t *teller) quit(kase string) {
	d := between(t.r, t.season.cut+9, t.season.cut+90)
	c := t.begin(history.End, kase, content{from: d})
	e := c.said(history.Submitted, t.ID)
	e.Reason = "本人离职"
	t.step(t.home(d+1), c, e)
	t.carry(c)
	t.floor = d
	if chance(t.r, 45) {
		t.findWork(t.soon(3, 30))
	}
}

// findWork registers a job that begins after the cut.
func (t *teller) findWork(d date) {
	from := max(d-date(t.r.IntN(6)), t.season.cut+2, t.floor+1)
	t.register(max(d, from), t.job(anyJob(t.r, t.group.level), from))
}

// later is when those who were without on the day of the cut find work, if they
// do: the year's end comes too soon for some.
func (t *teller) later(percent float64) {
	t.limit, t.notBefore = 0, 0
	if chance(t.r, percent) {
		t.findWork(between(t.r, t.season.cut+3, t.season.cut+125))
	}
}

// aftermath is what befalls a case that stands: amendments and marks.
func (t *teller) aftermath(kase string) {
	if t.late || on(t.limit)-t.today() < 14 {
		return
	}
	office := t.s.staff.office
	if t.goal.fate <= hired && chance(t.r, 6) {
		c := t.begin(history.Amend, kase, content{fields: history.Fields{"employer_contact": personName(t.r, "01", t.r.IntN(2) == 0)}})
		t.submit(t.soon(1, 12), c)
		t.carry(c)
	}
	if t.goal.fate <= hired && chance(t.r, 8) {
		t.mark(t.desk(t.soon(1, 9)), kase, history.EmployerConfirmed, pick(t.r, office), "")
	}
	switch {
	case chance(t.r, 1.2):
		t.mark(t.home(t.soon(1, 9)), kase, history.Disputed, t.ID, pick(t.r, reasonsToDoubt))
		t.mark(t.desk(t.soon(1, 4)), kase, history.Replied, office[1], "已联系单位，正在核实")
		t.mark(t.desk(t.soon(0, 3)), kase, history.Upheld, office[1], "已与单位和本人核实，登记无误")
	case chance(t.r, 0.4):
		t.strike(kase)
		t.mark(t.desk(t.soon(1, 6)), kase, history.Restored, office[0], "单位补交了劳动合同，恢复")
	}
}

var reasonsToDoubt = []string{"单位名称不是我签约的单位", "我没有在这家单位上班", "起始日期写错了"}

// strike takes a case out by two people's word.
func (t *teller) strike(kase string) {
	t.add(t.desk(t.soon(1, 9)), history.Event{Case: kase, Mark: history.Struck, Actor: t.s.staff.office[0],
		Reason: "电话核查：单位否认录用", Fields: history.Fields{"second": t.s.staff.office[2]}})
}

// stop forgets what was not yet known at the moment.
func (t *teller) stop(now calendar.Instant) {
	n := len(t.events)
	for n > 0 && t.events[n-1].KnownAt >= now {
		n--
	}
	t.events = t.events[:n]
	kept := t.samples[:0]
	for _, x := range t.samples {
		if x.At >= now {
			continue
		}
		if t.at >= now && !t.approved(x.Case) {
			x.Result, x.By = "", ""
		}
		kept = append(kept, x)
	}
	t.samples = kept
}

func (t *teller) approved(kase string) bool {
	for i := range t.events {
		if t.events[i].Case == kase && t.events[i].Step == history.Approved {
			return true
		}
	}
	return false
}

// few is true for n of ten, by chance.
func few(r *rand.Rand, n int) bool { return r.IntN(10) < n }
