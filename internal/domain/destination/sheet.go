package destination

import (
	"context"
	"slices"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/destination/scrutiny"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
)

// Sheet is one change as a reviewer reads it: what was submitted, what it
// changes, what stands behind it and who decided before.
type Sheet struct {
	Person  roster.Graduate // without Secret
	Change  string
	Act     history.Act
	Case    string
	Last    history.Step
	Profile scrutiny.Profile // of Code
	Code    string           // of the case, as the change leaves it; of an end or a voiding, as it stands

	Before  history.Content // to compare with: the case as it stands, or what was given before the return
	After   history.Content // as the change would leave it; of an end or a voiding, as the case stands
	Given   history.Content // what the change itself says
	Reason  string          // of an end or a voiding
	Copied  history.Counted // what of After comes from the master records
	Masters scrutiny.Employers

	Evidence []Paper
	Checks   []scrutiny.Check
	Findings []Finding // warnings of the change, oldest first
	Samples  []Sample  // the sampling queue's rows of the case that are open

	Levels  []Level
	At      int             // that it waits at, from 1; 0: for no reviewer
	Steps   []history.Event // of the change, oldest first
	Submits int
	MayPass bool // the actor may decide now
	Reviews []history.Event
	Events  []history.Event // marks of the case, oldest first
}

// Paper is one document of a case.
type Paper struct {
	Document
	New  bool // came with the newest submission, and earlier ones were without
	Seen bool // the actor noted before that it was seen
}

// IsLast reports that a decision now is the final one.
func (s *Sheet) IsLast() bool { return s.At > 0 && s.At == len(s.Levels) }

// Open returns the findings that wait for an answer.
func (s *Sheet) Open() []Finding {
	return slices.DeleteFunc(slices.Clone(s.Findings), func(f Finding) bool { return f.Answer != "" })
}

// LastReturn returns the newest return of the change; false if there is none.
func (s *Sheet) LastReturn() (history.Event, bool) {
	for i := len(s.Steps) - 1; i >= 0; i-- {
		if s.Steps[i].Step == history.Returned {
			return s.Steps[i], true
		}
	}
	return history.Event{}, false
}

// Sheet reads a change for review, whoever's turn it is. Errors: as every verb.
func (s *Service) Sheet(ctx context.Context, who access.Actor, graduate, change string) (*Sheet, error) {
	if err := who.May(access.ReviewCase); err != nil {
		return nil, err
	}
	list, err := s.dossiers(ctx, who.Within(access.ReviewCase), []string{graduate})
	if err != nil {
		return nil, err
	}
	g := list[0]
	c := g.fold.Change(change)
	if c == nil {
		return nil, fault.NotFoundf("change", "没有找到这项申请，请刷新后再试")
	}
	out := &Sheet{Person: g.person, Change: c.ID, Act: c.Act, Case: c.Case, Last: c.Last, Given: plain(c.Given)}
	out.Person.Secret = nil
	out.Levels, out.At = s.review().Waiting(g.fold, c)
	out.read(g, who)
	out.MayPass = s.mayDecide(g, c, who, out)
	if err := s.lay(ctx, g, out); err != nil {
		return nil, err
	}
	return out, s.attach(ctx, g, out)
}

// mayDecide asks the rules of review, with a decision that nobody takes.
func (s *Service) mayDecide(g *dossier, c *history.Change, who access.Actor, sheet *Sheet) bool {
	if sheet.At == 0 {
		return false
	}
	_, done, err := s.decide(g, who, Decision{Graduate: g.person.ID, Change: c.ID, Level: sheet.At}, history.Passed)
	return err == nil && !done
}

// read takes from the history what is about the change and its case.
func (s *Sheet) read(g *dossier, who access.Actor) {
	for i := range g.events {
		e := &g.events[i]
		if e.Mark != "" && e.Case == s.Case {
			s.Events = append(s.Events, *e)
		}
		if e.Change != s.Change {
			continue
		}
		s.Steps = append(s.Steps, *e)
		switch e.Step {
		case history.Submitted:
			s.Submits++
			s.Reviews = nil
		case history.Passed, history.Approved:
			s.Reviews = append(s.Reviews, *e)
		}
		if e.Reason != "" && (e.Step == history.Submitted || e.Step == history.Proposed) {
			s.Reason = e.Reason
		}
	}
	s.papers(who)
}

// papers lists the case's documents; those of the newest submission of several
// are new.
func (s *Sheet) papers(who access.Actor) {
	submits := 0
	for i := range s.Steps {
		e := &s.Steps[i]
		if e.Step == history.Submitted {
			submits++
		}
		for _, v := range e.Evidence {
			if !slices.ContainsFunc(s.Evidence, func(p Paper) bool { return p.SHA256 == v.SHA256 && p.Kind == v.Kind }) {
				s.Evidence = append(s.Evidence, Paper{Document: Document{SHA256: v.SHA256, Kind: v.Kind}, New: submits > 1 && submits == s.Submits})
			}
		}
	}
	for i := range s.Evidence {
		p := &s.Evidence[i]
		p.Seen = slices.ContainsFunc(s.Events, func(e history.Event) bool {
			return e.Mark == history.Seen && e.Actor == who.Account && slices.Contains(e.Evidence, history.Evidence{SHA256: p.SHA256, Kind: p.Kind})
		})
	}
}

// lay sets what the change leaves beside what was.
func (s *Service) lay(ctx context.Context, g *dossier, out *Sheet) error {
	e := g.event(access.Actor{})
	e.Change, e.Act, e.Case, e.Step = out.Change, out.Act, out.Case, history.Passed
	v, err := s.view(ctx, g, e)
	if err != nil {
		return err
	}
	standing := g.standing(out.Case)
	out.After, out.Copied, out.Masters = v.Content, v.Copied, v.Masters
	switch {
	case out.Act == history.End || out.Act == history.Void:
		out.After = standing.Content
	case out.Act == history.Amend:
		out.Before = standing.Content
	case out.Submits > 1:
		out.Before = given(g, s, out.Change)
	}
	out.Code = out.After.Code
	out.Profile = scrutiny.ProfileOf(s.Book(), out.Code)
	for _, x := range v.Evidence { // what the case has from earlier changes
		if !slices.ContainsFunc(out.Evidence, func(p Paper) bool { return p.SHA256 == x.SHA256 && p.Kind == x.Kind }) {
			out.Evidence = append(out.Evidence, Paper{Document: Document{SHA256: x.SHA256, Kind: x.Kind}})
		}
	}
	out.Checks = scrutiny.Checklist(v)
	return nil
}

// given is what an opening said before its last return.
func given(g *dossier, s *Service, change string) history.Content {
	last := 0
	for i := range g.events {
		if g.events[i].Change == change && g.events[i].Step == history.Returned {
			last = i
		}
	}
	f := history.NewFold(NoWork(s.Book()))
	for i := range g.events[:last] {
		f.Apply(&g.events[i])
	}
	c := f.Change(change)
	if c == nil {
		return history.Content{}
	}
	return plain(c.Given)
}

// attach adds the rows that lie beside the history.
func (s *Service) attach(ctx context.Context, g *dossier, out *Sheet) error {
	within := access.Self(g.person.ID)
	docs, err := s.Store.Documents(ctx, within, g.person.ID)
	if err != nil {
		return err
	}
	for i := range out.Evidence {
		p := &out.Evidence[i]
		for _, d := range docs {
			if d.SHA256 == p.SHA256 && (p.Document.Media == "" || d.Kind == p.Kind) {
				kind := p.Kind
				p.Document = d
				p.Kind = kind
			}
		}
	}
	findings, err := s.Store.Findings(ctx, within, g.person.ID)
	if err != nil {
		return err
	}
	for _, f := range findings {
		if f.Change == out.Change && f.Severity == scrutiny.Warns {
			out.Findings = append(out.Findings, f)
		}
	}
	samples, err := s.drawn(ctx, g.person.ID)
	for _, x := range samples {
		if x.Case == out.Case && x.Result == "" {
			out.Samples = append(out.Samples, x)
		}
	}
	return err
}

// MarkAllSeen notes that the actor saw the documents of a change, each once: who
// noted one before does not note it again.
func (s *Service) MarkAllSeen(ctx context.Context, who access.Actor, graduate, change string) error {
	return s.change(ctx, who, access.ReviewCase, graduate, func(g *dossier) (work, error) {
		c := g.fold.Change(change)
		if c == nil {
			return work{}, fault.NotFoundf("change", "没有找到这项申请，请刷新后再试")
		}
		sheet := Sheet{Change: c.ID, Case: c.Case}
		sheet.read(g, who)
		w := work{action: "destination.mark.seen", subject: graduate, detail: map[string]string{"case": c.Case}}
		for _, p := range sheet.Evidence {
			if p.Seen {
				continue
			}
			e := g.event(who)
			e.Seq += len(w.events)
			e.Case, e.Mark, e.Evidence = c.Case, history.Seen, []history.Evidence{{SHA256: p.SHA256, Kind: p.Kind}}
			if err := s.review().Check(g.fold, &e, CapacityOf(who, graduate)); err != nil {
				return work{}, err
			}
			w.events = append(w.events, e)
		}
		return w, nil
	})
}

// drawn returns one graduate's rows of the sampling queue, oldest first. A
// cohort's queue has thousands: it is not what one person is looked up in.
func (s *Service) drawn(ctx context.Context, graduate string) ([]Sample, error) {
	return s.Store.SamplesOf(ctx, access.Self(graduate), []string{graduate})
}

// Warnings returns the findings and the sampling queue's rows of the graduates
// named that lie within the actor's review. What a graduate told past the college
// (Tell) is not among them: who told is nobody's to know who reviews.
func (s *Service) Warnings(ctx context.Context, who access.Actor, graduates []string) ([]Finding, []Sample, error) {
	if err := who.May(access.ReviewCase); err != nil {
		return nil, nil, err
	}
	within := who.Within(access.ReviewCase)
	findings, err := s.Store.FindingsOf(ctx, within, graduates)
	if err != nil {
		return nil, nil, err
	}
	samples, err := s.Store.SamplesOf(ctx, within, graduates)
	return findings, slices.DeleteFunc(samples, func(x Sample) bool { return x.Reason == ReasonTold }), err
}

// Warned returns the graduates within the actor's review with a warning that
// nobody answered.
func (s *Service) Warned(ctx context.Context, who access.Actor) (map[string]bool, error) {
	if err := who.May(access.ReviewCase); err != nil {
		return nil, err
	}
	list, err := s.Store.Warned(ctx, who.Within(access.ReviewCase), "")
	out := make(map[string]bool, len(list))
	for _, id := range list {
		out[id] = true
	}
	return out, err
}
