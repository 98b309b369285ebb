package destination

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/destination/scrutiny"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

// Decision is a reviewer's word on a change at the level that they saw it at;
// naming the level keeps a second click from counting as the next level's word.
type Decision struct {
	Graduate string
	Change   string
	Level    int    // 1 to 4
	Note     string // of a pass: the answer to open findings; of a return or refusal: the reason
}

// Pass lets a change go on to the next level, or makes it effective at the last.
// Open findings need a note (fault.Invalid), which answers them.
func (s *Service) Pass(ctx context.Context, who access.Actor, d Decision) error {
	return s.change(ctx, who, access.ReviewCase, d.Graduate, func(g *dossier) (work, error) {
		return s.pass(ctx, g, who, d)
	})
}

// Return gives a change back to the graduate with a reason; they may submit again.
func (s *Service) Return(ctx context.Context, who access.Actor, d Decision) error {
	return s.decline(ctx, who, d, history.Returned, "destination.return")
}

// Refuse ends a change at the last level, with a reason.
func (s *Service) Refuse(ctx context.Context, who access.Actor, d Decision) error {
	return s.decline(ctx, who, d, history.Refused, "destination.refuse")
}

func (s *Service) decline(ctx context.Context, who access.Actor, d Decision, step history.Step, action string) error {
	return s.change(ctx, who, access.ReviewCase, d.Graduate, func(g *dossier) (work, error) {
		e, done, err := s.decide(g, who, d, step)
		if err != nil || done {
			return work{}, err
		}
		return g.step(action, e), nil
	})
}

// decide makes the event of a decision and asks the rules of review; done says
// that this reviewer decided so before.
func (s *Service) decide(g *dossier, who access.Actor, d Decision, step history.Step) (e history.Event, done bool, err error) {
	c := g.fold.Change(d.Change)
	if c == nil {
		return e, false, fault.NotFoundf("change", "没有找到这项申请，请刷新后再试")
	}
	e = g.event(who)
	e.Change, e.Act, e.Case = c.ID, c.Act, c.Case
	e.Step, e.Level, e.Reason = step, d.Level, strings.TrimSpace(d.Note)
	r := s.review()
	levels, at := r.Waiting(g.fold, c)
	if step == history.Passed {
		if d.Level >= 1 && d.Level <= len(c.Reviewers) && c.Reviewers[d.Level-1] == who.Account {
			return e, true, nil
		}
		if at > 0 && at == len(levels) {
			e.Step = history.Approved
		}
	} else if g.repeated(&e) {
		return e, true, nil
	}
	if err := r.Check(g.fold, &e, CapacityOf(who, g.person.ID)); err != nil {
		return e, false, err
	}
	a := g.person.Attrs
	if !levels[at-1].MayReview(who, g.person.ID, a.Value(history.College), a.Value(history.Class)) {
		return e, false, fault.Forbiddenf("", "这项申请现在等“%s”审核，当前账号不是这一级的审核人", levels[at-1].Title)
	}
	return e, false, nil
}

// pass plans one pass: the event with what it copies from the master records,
// and the answers to open findings.
func (s *Service) pass(ctx context.Context, g *dossier, who access.Actor, d Decision) (work, error) {
	e, done, err := s.decide(g, who, d, history.Passed)
	if err != nil || done {
		return work{}, err
	}
	c := g.fold.Change(e.Change)
	if e.Step == history.Approved { // an import may have amended the case since the submission
		shed(&e, s.Book(), g.standing(e.Case).Content, c.Given)
	}
	v, err := s.view(ctx, g, e)
	if err != nil {
		return work{}, err
	}
	v.Reviewer, v.Earlier = who.Account, c.Reviewers
	levels, at := s.review().Waiting(g.fold, c)
	for _, l := range levels[:at] {
		v.Decided = append(v.Decided, l.Tier)
	}
	hits := scrutiny.Examine(v, s.rules())
	why := scrutiny.Blocking(hits, history.Passed)
	if e.Step == history.Approved {
		why += scrutiny.Blocking(hits, history.Approved)
		if v.Registers() {
			e.Counts.Merge(v.Copied)
		}
	}
	if why != "" {
		return work{}, fault.Conflictf("", "%s", why)
	}
	w := g.step("destination.pass", e)
	w.detail["level"] = strconv.Itoa(e.Level)
	w.findings, err = s.answered(ctx, g, e)
	return w, err
}

// answered returns the open findings of a change, answered by the note of the
// event that passes it. Error: fault.Invalid without a note.
func (s *Service) answered(ctx context.Context, g *dossier, e history.Event) ([]Finding, error) {
	open, err := s.openFindings(ctx, g, e.Change)
	if err != nil {
		return nil, err
	}
	if len(open) > 0 && e.Reason == "" {
		return nil, fault.Invalidf("note", "有 %d 条核查提示还没有答复，请写明核对情况后再通过", len(open))
	}
	for i := range open {
		open[i].Answer, open[i].By = e.Reason, e.Actor
	}
	return open, nil
}

// openFindings returns the findings of the change that nobody answered.
func (s *Service) openFindings(ctx context.Context, g *dossier, change string) ([]Finding, error) {
	all, err := s.Store.Findings(ctx, access.Self(g.person.ID), g.person.ID)
	return slices.DeleteFunc(all, func(f Finding) bool { return f.Change != change || f.Answer != "" }), err
}

// today returns the day at which the service works.
func (s *Service) today() calendar.Day { return calendar.DayOf(s.Now()) }
