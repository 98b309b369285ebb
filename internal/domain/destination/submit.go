package destination

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination/scrutiny"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

// Draft is what the graduate submits or staff propose. It is no event yet.
type Draft struct {
	Graduate string
	Change   string // of a proposal, or of what was returned; blank: a new change
	Act      history.Act
	Case     string       // blank for a new case
	TrueOn   calendar.Day // blank: keeps; of a new case the day of signing, beginning or enlisting, else today
	Code     string       // blank keeps; another one empties what it cannot have
	Counts   history.Counted
	Fields   history.Fields
	Evidence []history.Evidence
	Reason   string // of an end or a voiding
	// Also, if it is set, keeps what stands or falls with the draft, in its transaction:
	// that the form which brought it was answered (R9).
	Also func(ctx context.Context, change string) error
}

// also is Also with the change's id; nil if there is nothing to keep.
func (d *Draft) also(change string) func(context.Context) error {
	if d.Also == nil {
		return nil
	}
	return func(ctx context.Context) error { return d.Also(ctx, change) }
}

// Propose fills in a change for a graduate (代填): it waits until they submit it.
// It returns the change's id.
func (s *Service) Propose(ctx context.Context, who access.Actor, d Draft) (change string, err error) {
	err = s.change(ctx, who, access.ProposeCase, d.Graduate, func(g *dossier) (work, error) {
		e, err := s.draftEvent(g, who, d, history.Proposed)
		if err != nil {
			return work{}, err
		}
		change = e.Change
		if g.repeated(&e) {
			return work{}, nil
		}
		if err := s.review().Check(g.fold, &e, CapacityOf(who, g.person.ID)); err != nil {
			return work{}, err
		}
		wrong := faulty(s.Book(), said(e))
		if err := s.handedIn(ctx, g, e); err != nil { // what stands in a proposal counts as proof once it is submitted
			if fault.KindOf(err) != fault.Invalid {
				return work{}, err
			}
			wrong = append(wrong, ProblemsOf(err)...)
		}
		if err := refuse(wrong, ""); err != nil {
			return work{}, err
		}
		w := g.step("destination.propose", e)
		w.sent, w.also = []string{d.Change, d.Case}, d.also(e.Change)
		return w, nil
	})
	return change, err
}

// Submit is the graduate's own word: a new change, a proposal confirmed, or what
// was returned, corrected. Rules that block refuse it; the other findings are
// kept for the reviewers. It returns the change's id.
func (s *Service) Submit(ctx context.Context, who access.Actor, d Draft) (change string, err error) {
	err = s.change(ctx, who, access.RegisterOwn, d.Graduate, func(g *dossier) (w work, err error) {
		w, change, err = s.submission(ctx, g, who, d)
		return w, err
	})
	return change, err
}

// Check says what Submit would refuse, and keeps nothing.
func (s *Service) Check(ctx context.Context, who access.Actor, d Draft) (change string, err error) {
	err = s.change(ctx, who, access.RegisterOwn, d.Graduate, func(g *dossier) (w work, err error) {
		_, change, err = s.submission(ctx, g, who, d)
		return work{}, err
	})
	return change, err
}

// submission is the work of submitting a draft, and its change. No work: it was
// submitted already.
func (s *Service) submission(ctx context.Context, g *dossier, who access.Actor, d Draft) (w work, change string, err error) {
	e, err := s.draftEvent(g, who, d, history.Submitted)
	if err != nil || g.repeated(&e) {
		return work{}, e.Change, err
	}
	if err := s.review().Check(g.fold, &e, CapacityOf(who, g.person.ID)); err != nil {
		return work{}, e.Change, err
	}
	w = g.step("destination.submit", e)
	w.sent, w.also = []string{e.Change, e.Case, ""}, d.also(e.Change)
	w, err = s.examined(ctx, g, who, e, w)
	return w, e.Change, err
}

// Withdraw takes back a change of one's own that is not over, or turns a proposal
// down; the reason may be blank.
func (s *Service) Withdraw(ctx context.Context, who access.Actor, graduate, change, reason string) error {
	return s.change(ctx, who, access.RegisterOwn, graduate, func(g *dossier) (work, error) {
		e := g.event(who)
		e.Change, e.Step, e.Reason = change, history.Withdrawn, strings.TrimSpace(reason)
		if g.repeated(&e) {
			return work{}, nil
		}
		if err := s.review().Check(g.fold, &e, CapacityOf(who, graduate)); err != nil {
			return work{}, err
		}
		e.Act, e.Case = g.fold.Change(change).Act, g.fold.Change(change).Case
		w := g.step("destination.withdraw", e)
		w.sent = []string{change}
		return w, nil
	})
}

// step is the work of one step of a change.
func (d *dossier) step(action string, e history.Event) work {
	return work{action: action, subject: d.person.ID, cohort: d.person.Attrs.Value(history.Cohort),
		detail: map[string]string{"change": e.Change, "case": e.Case, "act": string(e.Act), "code": e.Code},
		events: []history.Event{e}, guard: d.guard(e)}
}

// draftEvent turns a draft into the next event. A blank Change is a new change,
// unless the one under way says the same already.
func (s *Service) draftEvent(g *dossier, who access.Actor, d Draft, step history.Step) (history.Event, error) {
	e := g.event(who)
	e.Step, e.TrueOn, e.Code, e.Counts = step, d.TrueOn, d.Code, d.Counts
	e.Fields, e.Evidence, e.Reason = trimmed(d.Fields), d.Evidence, strings.TrimSpace(d.Reason)
	for _, u := range []unit{workUnit, contractUnit} { // as it is printed, however it was typed
		if v := e.Fields[u.code]; v != "" && v != history.Emptied {
			e.Fields[u.code] = codes.CheckCreditCode(v).Code
		}
	}
	e.Change, e.Act, e.Case = d.Change, d.Act, d.Case
	if len(d.Evidence) > MaxEvidence {
		return e, fault.Invalidf("evidence", "一次最多交 %d 份材料，现有 %d 份，请只留需要的", MaxEvidence, len(d.Evidence))
	}
	if d.Change != "" {
		known := g.fold.Change(d.Change)
		if known == nil {
			return e, fault.NotFoundf("change", "没有找到这项申请，请刷新后再试")
		}
		e.Act, e.Case = cmp.Or(d.Act, known.Act), cmp.Or(d.Case, known.Case)
	} else if u := g.fold.UnderWay(); u != nil && u.Act == d.Act && (d.Case == "" || d.Case == u.Case) {
		e.Change, e.Case = u.ID, u.Case
		if u.Last != step {
			e.Change = s.NewID() // the rules say why not now
		}
	} else {
		e.Change, e.Case = s.NewID(), cmp.Or(d.Case, s.NewID())
	}
	c := g.fold.Change(e.Change)
	if e.Code != "" {
		e.Scheme = s.Book().Table("destination").Scheme
		if err := scrutiny.CheckOffered(s.Book(), e.Code, g.person.Attrs.Value(history.Cohort)); err != nil {
			return e, err
		}
	}
	if e.Reason == "" && (e.Act == history.End || e.Act == history.Void) && c == nil {
		return e, fault.Invalidf("reason", "请写明终止或作废的原因")
	}
	shed(&e, s.Book(), g.leftBehind(e), history.Content{Code: e.Code, Counts: e.Counts, Fields: e.Fields})
	if e.TrueOn == "" && e.Act == history.Open {
		e.TrueOn = s.dayOf(c, e)
	}
	return e, nil
}

// said is what the event itself says.
func said(e history.Event) history.Content {
	return history.Content{TrueOn: e.TrueOn, Code: e.Code, Counts: e.Counts, Fields: e.Fields}
}

// leftBehind is what other codes than the event's left behind in its case, as it
// stands or as earlier steps of the change gave it. Emptied fields are included,
// so that the same draft comes to the same event twice.
func (d *dossier) leftBehind(e history.Event) history.Content {
	out := d.standing(e.Case).Content
	out.Fields = out.Fields.Plain()
	for i := range d.events {
		x := &d.events[i]
		if x.Change != e.Change {
			continue
		}
		if x.Code != "" && x.Code != e.Code {
			out.Code = x.Code
		}
		out.Counts.Merge(x.Counts)
		for name, v := range x.Fields {
			if v != "" {
				out.Fields[name] = v
			}
		}
	}
	return out
}

// shed makes the event empty what the change sheds of what stood before.
func shed(e *history.Event, book *codes.Book, before, change history.Content) {
	counts, fields := Shed(book, before, change)
	e.Counts.Merge(counts)
	if len(fields) == 0 {
		return
	}
	all := history.Fields{}
	maps.Copy(all, e.Fields)
	maps.Copy(all, fields)
	e.Fields = all
}

// trimmed returns the fields that hold more than spaces; nil if none does.
func trimmed(fields history.Fields) history.Fields {
	var out history.Fields
	for name, v := range fields {
		if v = strings.TrimSpace(v); v == "" {
			continue
		}
		if out == nil {
			out = history.Fields{}
		}
		out[name] = v
	}
	return out
}

// datingFields are the payload fields that date a new case, the first one given first.
var datingFields = []string{"sign_day", "start_day", "enlist_day"}

// dayOf returns the day from which a new case is so, if the draft does not say:
// that of signing, of beginning, of enlisting, else today. A day that no field
// gave stays when the draft is submitted again.
func (s *Service) dayOf(c *history.Change, e history.Event) calendar.Day {
	var was history.Content
	if c != nil {
		was = c.Given
	}
	taken := was.TrueOn == ""
	for _, f := range datingFields {
		taken = taken || was.Fields[f] == string(was.TrueOn)
	}
	for _, f := range datingFields {
		if v := cmp.Or(e.Fields[f], was.Fields[f]); taken && scrutiny.IsDay(v) {
			return calendar.Day(v)
		}
	}
	return cmp.Or(was.TrueOn, s.today())
}

// examined adds to a submission what the rules find, or refuses it.
func (s *Service) examined(ctx context.Context, g *dossier, who access.Actor, e history.Event, w work) (work, error) {
	wrong := faulty(s.Book(), said(e))
	if err := s.handedIn(ctx, g, e); err != nil {
		wrong = append(wrong, ProblemsOf(err)...)
		if len(wrong) == 0 {
			return w, err
		}
	}
	v, err := s.view(ctx, g, e)
	if err != nil {
		return w, err
	}
	if e.Act == history.Amend && SaysTheSame(g.standing(e.Case).Content, v.Content) && len(e.Evidence) == 0 {
		return w, fault.Invalidf("", "更正的内容与原登记相同，没有需要更正的地方")
	}
	said := ""
	if missing := v.Profile().Missing(v.Content); v.Registers() && len(missing) > 0 {
		if len(wrong) == 0 {
			said = "还缺：" + strings.Join(missing, "、") + "，请补填后再提交"
		}
		wrong = append(wrong, lacking(v)...)
	}
	hits := scrutiny.Examine(v, s.rules())
	if !v.Registers() { // an end or a voiding needs no notes about what it takes away
		hits = slices.DeleteFunc(hits, func(h scrutiny.Hit) bool { return h.Severity != scrutiny.Blocks })
	}
	rules := scrutiny.Blocking(hits, history.Submitted)
	if said != "" && rules != "" {
		said += "\n"
	}
	if len(wrong) == 0 || said != "" {
		said += rules
	}
	if err := refuse(append(wrong, blocking(hits)...), said); err != nil {
		return w, err
	}
	return s.noted(ctx, g, who, v, hits, w)
}

// handedIn refuses evidence that is not among the graduate's documents.
func (s *Service) handedIn(ctx context.Context, g *dossier, e history.Event) error {
	known, err := s.Store.Documents(ctx, access.Self(g.person.ID), g.person.ID)
	if err != nil {
		return err
	}
	for _, v := range e.Evidence {
		if !slices.ContainsFunc(known, func(d Document) bool { return d.SHA256 == v.SHA256 && d.Kind == v.Kind }) {
			return fault.Invalidf("evidence", "有一份佐证材料还没有上传成功，请重新上传后再提交")
		}
	}
	return nil
}

// noted adds the findings and samples of the hits to the work. Findings of an
// earlier submission that no longer hold are closed; answered ones stay.
func (s *Service) noted(ctx context.Context, g *dossier, who access.Actor, v *scrutiny.View, hits []scrutiny.Hit, w work) (work, error) {
	within := access.Self(g.person.ID)
	before, err := s.Store.Findings(ctx, within, g.person.ID)
	if err != nil {
		return w, err
	}
	drawn, err := s.drawn(ctx, g.person.ID)
	if err != nil {
		return w, err
	}
	fresh := func(h scrutiny.Hit) bool {
		return !slices.ContainsFunc(before, func(f Finding) bool {
			return f.Case == v.Case && f.Rule == h.Rule && f.Message == h.Message
		})
	}
	for _, h := range hits {
		switch {
		case h.Severity == scrutiny.Warns && fresh(h):
			w.findings = append(w.findings, s.finding(v, h))
		case h.Severity == scrutiny.Samples && !slices.ContainsFunc(drawn, func(x Sample) bool { return x.Case == v.Case && x.Reason == h.Rule }):
			w.samples = append(w.samples, Sample{ID: s.NewID(), Graduate: g.person.ID, Case: v.Case, Reason: h.Rule, At: s.Now(), Note: h.Message})
		}
	}
	for _, f := range before {
		gone := !slices.ContainsFunc(hits, func(h scrutiny.Hit) bool { return h.Rule == f.Rule && h.Message == f.Message })
		if f.Case == v.Case && f.Change == v.Change && f.Answer == "" && gone {
			f.Answer, f.By = "重新提交后已消除", who.Account
			w.findings = append(w.findings, f)
		}
	}
	return w, nil
}

// finding is a hit as it is kept; one that asks for no answer has one.
func (s *Service) finding(v *scrutiny.View, h scrutiny.Hit) Finding {
	f := Finding{ID: s.NewID(), Graduate: v.Graduate.ID, Case: v.Case, Change: v.Change, Rule: h.Rule,
		Severity: h.Severity, Message: h.Message, At: s.Now()}
	if h.Info {
		f.Answer = "仅供参考，不需答复"
	}
	return f
}
