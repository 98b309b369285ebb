package demo

import "quxiang/internal/domain/history"

// past tells what was imported of a cohort that graduated before the register
// began: known in November 2023 at once, true since its own days.
func (t *teller) past() {
	enrolled := history.Event{Set: t.settings(), Actor: t.s.staff.office[0]}
	switch t.goal.fate {
	case unqualified:
		enrolled.Set[len(enrolled.Set)-1].Value = history.False
	case gone:
		enrolled.Set = append(enrolled.Set, history.Setting{Key: history.Left, Value: history.True})
	}
	t.add(t.season.roster, enrolled)
	d := t.submission(t.goal.fate)
	switch t.goal.fate {
	case unqualified, gone:
	case silent, waiting, sentBack, doubted, cancelled:
		t.foundLater(40)
	case looking:
		t.record(t.seeks(d))
		t.foundLater(45)
	default:
		if t.goal.fate <= hired && chance(t.r, 5) {
			t.record(t.seeks(d - 40))
		}
		k := t.record(t.destination(t.goal, d))
		if t.goal.fate <= hired && chance(t.r, 3) {
			t.recordAct(history.End, k, content{from: t.season.cut + date(20+t.r.IntN(80))})
		}
	}
}

// foundLater is work that was found after the cut of their year.
func (t *teller) foundLater(percent float64) {
	if chance(t.r, percent) {
		t.record(t.job(anyJob(t.r, t.group.level), between(t.r, t.season.cut+3, t.season.cut+115)))
	}
}

// record adds a case of the past.
func (t *teller) record(what content) string {
	return t.recordAct(history.Open, "", what)
}

func (t *teller) recordAct(act history.Act, kase string, what content) string {
	c := t.begin(act, kase, what)
	e := c.said(history.Recorded, t.s.staff.office[0])
	e.Counts.Merge(c.copied)
	e.Source = history.SourceLegacy
	e.Change, e.Act, e.Case = c.id, c.act, c.kase
	t.at = max(t.at, t.season.cases-1) // all of one import are known at one instant
	e.Graduate, e.Seq, e.KnownAt = t.ID, len(t.events)+1, t.season.cases
	t.events = append(t.events, e)
	return c.kase
}
