package demo

import (
	"quxiang/internal/domain/history"
)

// look: a running 70-x on the day of the cut.
func (t *teller) look() {
	d := t.submission(looking)
	t.register(d, t.seeks(d-date(t.r.IntN(6))))
	t.later(46)
}

// keepSilent: nothing that counts, for one of several reasons.
func (t *teller) keepSilent() {
	d := t.submission(signed)
	from := d - date(1+t.r.IntN(8))
	switch n := t.r.IntN(100); {
	case n < 10: // thought better of it
		c := t.begin(history.Open, "", t.job(anyJob(t.r, t.group.level), from))
		t.submit(d, c)
		t.step(t.home(t.soon(0, 2)), c, history.Event{Step: history.Withdrawn, Actor: t.ID})
	case n < 20: // filled in by the counsellor, and never answered before the cut
		c := t.begin(history.Open, "", t.job(anyJob(t.r, t.group.level), from))
		t.propose(d, c)
		t.limit = 0
		if few(t.r, 5) {
			t.resubmit(c)
		}
		return
	case n < 35: // lost the job before the cut
		d = min(d, t.season.on(7, 4))
		k := t.register(d, t.job(anyJob(t.r, t.group.level), d-5))
		t.end(k, "单位裁减岗位，协商解约")
	}
	t.later(42)
}

// resubmit submits a returned or proposed form anew in autumn, of a later day.
func (t *teller) resubmit(c *claim) {
	d := between(t.r, t.season.cut+12, t.season.cut+60)
	c.from, c.proposed = max(t.season.cut+2, d-date(t.r.IntN(6))), false
	if c.fields["sign_day"] != "" {
		c.fields = with(c.fields, "sign_day", string(c.from.day()))
	}
	t.submit(max(d, c.from), c)
	t.carry(c)
}

// with is the fields with another value; events share no map.
func with(f history.Fields, key, value string) history.Fields {
	out := history.Fields{key: value}
	for k, v := range f {
		if k != key {
			out[k] = v
		}
	}
	return out
}

// wait: in review on the day of the cut and when it is frozen, of a job that
// begins after it.
func (t *teller) wait() {
	c := t.begin(history.Open, "", t.job(anyJob(t.r, t.group.level), t.season.cut+date(1+t.r.IntN(12))))
	t.submit(between(t.r, t.season.cut-8, t.season.cut+5), c)
	t.pass(c, 1)
	t.limit = 0
	t.notBefore = t.season.cut + 12
	if few(t.r, 8) {
		t.pass(c, 2)
		t.approve(c)
		return
	}
	t.pass(c, 2)
	d := max(t.soon(0, 2), t.notBefore)
	t.step(t.desk(d), c, history.Event{Step: history.Refused, Level: 3, Actor: t.reviewer(3), Reason: "单位已注销，劳动关系无法核实"})
	t.later(30)
}

// comeBack: returned before the cut, and not submitted again by then.
func (t *teller) comeBack() {
	d := peaked(t.r, t.season.on(5, 4), t.season.on(8, 22))
	c := t.begin(history.Open, "", t.job(anyJob(t.r, t.group.level), d-date(1+t.r.IntN(9))))
	t.submit(d, c)
	t.giveBack(c, 1+t.r.IntN(2))
	t.limit = 0
	if few(t.r, 5) {
		t.resubmit(c)
	}
}

// doubt: the graduate says that the registered case is wrong, and nobody upheld it.
func (t *teller) doubt() {
	d := min(t.submission(signed), t.season.on(8, 8))
	k := t.register(d, t.job(anyJob(t.r, t.group.level), d-date(1+t.r.IntN(9))))
	t.mark(t.home(t.soon(2, 14)), k, history.Disputed, t.ID, pick(t.r, reasonsToDoubt))
	if few(t.r, 6) {
		t.mark(t.desk(t.soon(1, 4)), k, history.Replied, t.s.staff.office[1], "已联系单位，单位尚未答复")
	}
	t.later(40)
}

// beCancelled: the office struck the case.
func (t *teller) beCancelled() {
	d := min(t.submission(signed), t.season.on(8, 8))
	k := t.register(d, t.job(anyJob(t.r, t.group.level), d-date(1+t.r.IntN(9))))
	t.strike(k)
	t.later(38)
}

// leaveTheCount: somebody of the roster who is not of the statistics population.
func (t *teller) leaveTheCount() {
	switch t.goal.fate {
	case gone:
		d := between(t.r, t.season.on(3, 20), t.season.on(6, 10))
		t.set(d+2, d.day(), history.Setting{Key: history.Left, Value: history.True})
	case delayed:
		next := years[len(years)-1]
		t.set(between(t.r, t.season.on(5, 27), t.season.on(6, 10)), "",
			history.Setting{Key: history.Cohort, Value: next}, history.Setting{Key: history.Class})
	default: // 结业: registered like all, counted nowhere
		t.set(between(t.r, t.season.on(5, 27), t.season.on(6, 12)), "", history.Setting{Key: history.InStatistics, Value: history.False})
		if d := t.submission(signed); few(t.r, 5) {
			d = max(d, t.today()+1)
			t.register(d, t.job(anyJob(t.r, t.group.level), d-2))
		}
	}
}
