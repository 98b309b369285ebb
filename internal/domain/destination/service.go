package destination

import (
	"context"
	"maps"
	"slices"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination/scrutiny"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/ident"
	"quxiang/internal/domain/roster"
)

// Service holds the verbs of registration, review and marks. Chain and Rules are
// the defaults where they are nil; every other field is needed.
//
// Errors of every verb: fault.NotFound outside the actor's scope,
// fault.Forbidden without the right, fault.Conflict against the present state,
// fault.Invalid for a value. Doing the same thing twice is doing it once.
type Service struct {
	Store Store
	Audit audit.Log
	Vault history.Vault
	Book  func() *codes.Book
	NewID ident.Source
	Now   func() calendar.Instant
	Chain func() Chain // the chain in force: what is decided from now on goes by it
	Rules func() []scrutiny.Rule
	// Files and Cleaner are what Upload and Document need; nothing else does.
	Files   Files
	Cleaner Cleaner
}

// dossier is one graduate with the whole history, unsealed.
type dossier struct {
	person roster.Graduate
	events []history.Event
	fold   *history.Fold
}

// work is what a verb keeps in its one transaction.
type work struct {
	action, subject string
	detail          map[string]string
	cohort          string          // whose released snapshots to look at; blank: none
	events          []history.Event // sealed, Seq set
	guard           func([]Lock) error
	findings        []Finding
	samples         []Sample
	documents       []Document
	sent            []string // what the actor's saved drafts were about that is sent now
	also            func(context.Context) error
}

// Review returns the rules of review in force.
func (s *Service) Review() Review { return s.review() }

func (s *Service) review() Review {
	if s.Chain == nil {
		return Review{Chain: DefaultChain(), Book: s.Book()}
	}
	return Review{Chain: s.Chain(), Book: s.Book()}
}

func (s *Service) rules() []scrutiny.Rule {
	if s.Rules == nil {
		return scrutiny.DefaultRules()
	}
	return s.Rules()
}

// dossiers reads graduates with their histories, in the order of the ids.
// Error: fault.NotFound if one of them lies outside the scope.
func (s *Service) dossiers(ctx context.Context, within access.Scope, ids []string) ([]*dossier, error) {
	people, err := s.Store.GraduatesByID(ctx, within, ids)
	if err != nil {
		return nil, err
	}
	stories, err := s.Store.Histories(ctx, within, ids)
	if err != nil {
		return nil, err
	}
	found := make(map[string]*dossier, len(people))
	for _, p := range people {
		d := &dossier{person: p, events: stories[p.ID], fold: history.NewFold(NoWork(s.Book()))}
		if err := d.unseal(s.Vault); err != nil {
			return nil, err
		}
		found[p.ID] = d
	}
	out := make([]*dossier, len(ids))
	for i, id := range ids {
		if out[i] = found[id]; out[i] == nil {
			return nil, fault.NotFoundf("graduate", "没有找到这位毕业生，或不在当前账号负责的范围内")
		}
	}
	return out, nil
}

func (d *dossier) unseal(v history.Vault) error {
	if err := d.person.Unseal(v); err != nil {
		return err
	}
	for i := range d.events {
		if err := d.events[i].Unseal(v); err != nil {
			return err
		}
		d.fold.Apply(&d.events[i])
	}
	return nil
}

// retries is how often a verb plans anew when another writer came first.
const retries = 3

// change carries out a verb on one graduate: read, plan outside the
// transaction, keep. A plan without events, findings, samples or documents
// changes nothing: it was done before.
func (s *Service) change(ctx context.Context, who access.Actor, p access.Permission, graduate string, plan func(*dossier) (work, error)) error {
	if err := who.May(p); err != nil {
		return err
	}
	for try := 1; ; try++ {
		list, err := s.dossiers(ctx, who.Within(p), []string{graduate})
		if err != nil {
			return err
		}
		w, err := plan(list[0])
		if err != nil {
			return err
		}
		if err = s.keep(ctx, who, w); fault.KindOf(err) != fault.Conflict || try == retries {
			return err
		}
	}
}

// keep writes down what a verb planned, in one transaction with one audit entry.
func (s *Service) keep(ctx context.Context, who access.Actor, w work) error {
	if len(w.events)+len(w.findings)+len(w.samples)+len(w.documents) == 0 {
		return nil
	}
	for i := range w.events {
		if err := w.events[i].Seal(s.Vault); err != nil {
			return err
		}
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		if w.guard != nil {
			locks, err := s.Store.Locks(ctx, w.cohort)
			if err != nil {
				return err
			}
			if err := w.guard(locks); err != nil {
				return err
			}
		}
		if len(w.events) > 0 {
			if _, err := s.Store.Publish(ctx, w.events); err != nil {
				return err
			}
		}
		if err := s.keepRows(ctx, w); err != nil {
			return err
		}
		if len(w.sent) > 0 {
			if err := s.Store.DropDraft(ctx, w.subject, who.Account, w.sent...); err != nil {
				return err
			}
		}
		if w.also != nil {
			if err := w.also(ctx); err != nil {
				return err
			}
		}
		return s.Audit.Write(ctx, who, w.action, w.subject, w.detail)
	})
}

func (s *Service) keepRows(ctx context.Context, w work) error {
	if len(w.findings) > 0 {
		if err := s.Store.SaveFindings(ctx, w.findings); err != nil {
			return err
		}
	}
	if len(w.samples) > 0 {
		if err := s.Store.SaveSamples(ctx, w.samples); err != nil {
			return err
		}
	}
	for _, d := range w.documents {
		if err := s.stillRoom(ctx, d); err != nil {
			return err
		}
		if err := s.Store.SaveDocument(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

// event returns the next event of the dossier's history, by that actor.
func (d *dossier) event(who access.Actor) history.Event {
	return history.Event{Graduate: d.person.ID, Seq: d.fold.LastSeq() + 1, Actor: who.Account}
}

// guard refuses an event that a released snapshot stands against (A26).
func (d *dossier) guard(e history.Event) func([]Lock) error {
	return func(locks []Lock) error {
		if l, ok := Locked(d.fold, &e, locks); ok {
			return fault.Conflictf("true_on", "%s 及以前的数据已随快照“%s”发布，更正须由学校批准解锁并写明理由，请联系就业中心", l.LastDay, l.Snapshot)
		}
		return nil
	}
}

// repeated reports that the newest event of the same change (or the same mark
// of the same case) already says this, by the same account.
func (d *dossier) repeated(e *history.Event) bool {
	for i := len(d.events) - 1; i >= 0; i-- {
		was := &d.events[i]
		if e.Change != "" && was.Change != e.Change || e.Mark != "" && (was.Mark != e.Mark || was.Case != e.Case) {
			continue
		}
		return was.Step == e.Step && was.Actor == e.Actor && was.Level == e.Level && was.Reason == e.Reason &&
			was.TrueOn == e.TrueOn && was.Code == e.Code && was.Counts == e.Counts &&
			maps.Equal(was.Fields, e.Fields) && slices.Equal(was.Evidence, e.Evidence)
	}
	return false
}

// with returns the fold as it would stand with the events added.
func (d *dossier) with(book *codes.Book, more ...history.Event) *history.Fold {
	f := history.NewFold(NoWork(book))
	for i := range d.events {
		f.Apply(&d.events[i])
	}
	for i := range more {
		f.Apply(&more[i])
	}
	return f
}

// result returns the case as the change would leave it once approved, with the
// event added if it is of the change.
func (d *dossier) result(book *codes.Book, e history.Event) history.Standing {
	approval := e
	approval.Step, approval.TrueOn, approval.Code, approval.Counts, approval.Fields = history.Approved, "", "", history.Counted{}, nil
	s := d.with(book, e, approval).Case(e.Case).Standing()
	s.Content = plain(s.Content)
	return s
}

// standing returns the case as it stands now; the zero Standing if there is none.
func (d *dossier) standing(id string) history.Standing {
	k := d.fold.Case(id)
	if k == nil {
		return history.Standing{}
	}
	s := k.Standing()
	s.Content = plain(s.Content)
	return s
}
