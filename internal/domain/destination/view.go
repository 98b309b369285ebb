package destination

import (
	"context"
	"slices"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/destination/scrutiny"
	"quxiang/internal/domain/history"
)

// view lays out for the rules the case that the event is about, as its change
// would leave it.
func (s *Service) view(ctx context.Context, g *dossier, e history.Event) (*scrutiny.View, error) {
	book := s.Book()
	v := g.view(g.result(book, e).Content, e.Case)
	v.Change, v.Act, v.Book, v.Today = e.Change, e.Act, book, calendar.DayOf(s.Now())
	v.Evidence = union(v.Evidence, e.Evidence)
	if e.Step == history.Submitted {
		v.Confirmed, v.Submitter, v.Entered = true, e.Actor, v.Today
	}
	before := history.Content{}
	if e.Act == history.Amend {
		before = g.standing(e.Case).Content
	}
	return v, s.lookUp(ctx, v, before, g.with(book, e).Change(e.Change).Given)
}

// view lays out what the dossier itself knows of a case.
func (d *dossier) view(c history.Content, id string) *scrutiny.View {
	v := &scrutiny.View{Graduate: d.person, Case: id, Content: c, Act: history.Open}
	for i := range d.events {
		x := &d.events[i]
		if x.Case != id {
			continue
		}
		v.Evidence = union(v.Evidence, x.Evidence)
		switch x.Step {
		case history.Proposed:
			v.Proposed, v.Confirmed = calendar.DayOf(x.KnownAt), false
		case history.Submitted:
			v.Entered, v.Confirmed, v.Submitter = calendar.DayOf(x.KnownAt), true, x.Actor
		case history.Recorded: // others' history needs no confirmation
			v.Entered, v.Confirmed = calendar.DayOf(x.KnownAt), true
		}
	}
	if k := d.fold.Case(id); k != nil {
		v.Disputed = k.Disputed
	}
	return v
}

func union(a, b []history.Evidence) []history.Evidence {
	out := slices.Clone(a)
	for _, e := range b {
		if !slices.Contains(out, e) {
			out = append(out, e)
		}
	}
	return out
}

// lookUp adds what the store knows: employers, wages, the same files elsewhere.
// Before is the case without the change, given what the change itself says.
func (s *Service) lookUp(ctx context.Context, v *scrutiny.View, before, given history.Content) error {
	masters, err := LoadMasters(ctx, s.Store, v.Book, v.Content)
	if err != nil {
		return err
	}
	v.Masters, v.Copied = masters, masters.Copies(before, v.Content, given, v.Graduate.Attrs.Value(history.Cohort))
	v.Content.Counts.Merge(v.Copied)
	v.Content = plain(v.Content)
	if v.Wages, err = s.Store.MinimumWages(ctx); err != nil {
		return err
	}
	for _, e := range v.Evidence {
		owners, err := s.Store.DocumentOwners(ctx, e.SHA256)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(owners, func(g string) bool { return g != v.Graduate.ID }) {
			v.Shared = append(v.Shared, e.SHA256)
		}
	}
	return nil
}
