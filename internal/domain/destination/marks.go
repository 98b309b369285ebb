package destination

import (
	"context"
	"errors"
	"slices"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/destination/scrutiny"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

// Dispute is the graduate's word that a case is wrong: it no longer counts until
// the office upholds it, and goes to the sampling queue (A25).
func (s *Service) Dispute(ctx context.Context, who access.Actor, graduate, kase, reason string) error {
	return s.change(ctx, who, access.RegisterOwn, graduate, func(g *dossier) (work, error) {
		w, err := s.mark(g, who, history.Event{Case: kase, Mark: history.Disputed, Reason: reason})
		if err != nil || len(w.events) == 0 {
			return w, err
		}
		rules := s.rules()
		if i := slices.IndexFunc(rules, func(r scrutiny.Rule) bool { return r.ID == "A25" }); i >= 0 {
			w.samples = append(w.samples, Sample{ID: s.NewID(), Graduate: graduate, Case: kase, Reason: rules[i].ID, At: s.Now(), Note: rules[i].Message})
		}
		return w, nil
	})
}

// Uphold lets a disputed case count again, after the office looked into it.
func (s *Service) Uphold(ctx context.Context, who access.Actor, graduate, kase, reason string) error {
	return s.markBy(ctx, who, access.StrikeCase, graduate, history.Event{Case: kase, Mark: history.Upheld, Reason: reason})
}

// Strike takes a case out of the figures (核减) by the word of two people: the
// actor and a second one who came in with an own account in the same request.
// The actor may strike; the second may sign along (access.SecondStrike), which a
// school leader may who sees nobody's file. At least one is of the office, none is
// a console. The mark names the second person in its field "second".
func (s *Service) Strike(ctx context.Context, who, second access.Actor, graduate, kase, reason string) error {
	if err := who.May(access.StrikeCase); err != nil {
		return err
	}
	if second.May(access.SecondStrike) != nil {
		return fault.Forbiddenf("second", "第二位须是就业中心的另一位老师或分管校领导，这个账号不能签核减")
	}
	switch {
	case !who.Person() || !second.Person() || who.Account == second.Account:
		return fault.Forbiddenf("second", "核减须由两位老师用各自的账号共同办理")
	case !who.Has(access.Office) && !second.Has(access.Office):
		return fault.Forbiddenf("second", "核减的两人中至少一位须是就业中心老师")
	}
	return s.change(ctx, who, access.StrikeCase, graduate, func(g *dossier) (work, error) {
		if _, err := s.dossiers(ctx, second.Within(access.SecondStrike), []string{graduate}); err != nil {
			return work{}, err
		}
		w, err := s.mark(g, who, history.Event{Case: kase, Mark: history.Struck, Reason: reason, Fields: history.Fields{"second": second.Account}})
		if err == nil && len(w.events) > 0 {
			w.detail["second"] = second.Account
		}
		return w, err
	})
}

// Restore takes a strike back.
func (s *Service) Restore(ctx context.Context, who access.Actor, graduate, kase, reason string) error {
	return s.markBy(ctx, who, access.StrikeCase, graduate, history.Event{Case: kase, Mark: history.Restored, Reason: reason})
}

// Reply answers the graduate about a case.
func (s *Service) Reply(ctx context.Context, who access.Actor, graduate, kase, text string) error {
	return s.markBy(ctx, who, access.ReviewCase, graduate, history.Event{Case: kase, Mark: history.Replied, Reason: text})
}

// MarkSeen notes that a document was seen, by its kind and hash.
func (s *Service) MarkSeen(ctx context.Context, who access.Actor, graduate, kase string, doc history.Evidence) error {
	if _, ok := s.Book().Table("document").Find(doc.Kind); !ok {
		return fault.Invalidf("kind", "材料类别“%s”不在代码表中，请从列表中选择", doc.Kind)
	}
	if !isHash(doc.SHA256) {
		return fault.Invalidf("sha256", "材料的校验值读不出来，请重新上传")
	}
	e := history.Event{Case: kase, Mark: history.Seen, Evidence: []history.Evidence{doc}}
	return s.change(ctx, who, access.ReviewCase, graduate, func(g *dossier) (work, error) {
		if err := s.handedIn(ctx, g, e); err != nil {
			return work{}, err
		}
		return s.mark(g, who, e)
	})
}

// ConfirmEmployer notes that the employer confirmed the case.
func (s *Service) ConfirmEmployer(ctx context.Context, who access.Actor, graduate, kase string) error {
	return s.markBy(ctx, who, access.ReviewCase, graduate, history.Event{Case: kase, Mark: history.EmployerConfirmed})
}

func isHash(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}

// Released reports that a verb was refused because figures that contain the case
// are published (A26).
func Released(err error) bool {
	var f *fault.Fault
	return errors.As(err, &f) && f.Kind == fault.Conflict && f.Field == "true_on"
}

func (s *Service) markBy(ctx context.Context, who access.Actor, p access.Permission, graduate string, e history.Event) error {
	return s.change(ctx, who, p, graduate, func(g *dossier) (work, error) { return s.mark(g, who, e) })
}

// mark plans one mark. The same mark by the same account with the same words is no new one.
func (s *Service) mark(g *dossier, who access.Actor, said history.Event) (work, error) {
	e := g.event(who)
	e.Case, e.Mark, e.Reason, e.Fields, e.Evidence = said.Case, said.Mark, strings.TrimSpace(said.Reason), said.Fields, said.Evidence
	if g.repeated(&e) && g.holds(e.Case, e.Mark) {
		return work{}, nil
	}
	if err := s.review().Check(g.fold, &e, CapacityOf(who, g.person.ID)); err != nil {
		return work{}, err
	}
	return work{action: "destination.mark." + string(e.Mark), subject: g.person.ID, cohort: g.person.Attrs.Value(history.Cohort),
		detail: map[string]string{"case": e.Case}, events: []history.Event{e}, guard: g.guard(e)}, nil
}

// holds reports that what the mark said is still so: a case disputed, upheld and
// about to be disputed once more is no repetition.
func (d *dossier) holds(id string, m history.Mark) bool {
	k := d.fold.Case(id)
	switch {
	case k == nil:
		return false
	case m == history.Disputed || m == history.Upheld:
		return k.Disputed == (m == history.Disputed)
	case m == history.Struck || m == history.Restored:
		return k.Struck == (m == history.Struck)
	}
	return true
}
