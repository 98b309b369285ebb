package release

import (
	"context"
	"slices"
	"sync"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/indicator"
)

// Opened is a cohort's people held in memory, for who counts many public tables of them.
// Its methods may be called at once.
type Opened struct {
	Snapshot Snapshot
	people   []indicator.PersonRow
	service  *Service

	mu     sync.Mutex
	public *publishing // nil until a table is asked for
}

// Open holds the people of a snapshot as they were frozen.
//
// Errors: fault.NotFound; fault.Forbidden, of what is not released to all but who reads
// drafts of the report; fault.Conflict if a difficulty cannot be opened.
func (s *Service) Open(ctx context.Context, who access.Actor, name string) (*Opened, error) {
	snap, err := s.Store.Snapshot(ctx, name)
	if err != nil {
		return nil, hide(who, err)
	}
	if snap.Release == nil {
		if err := school(who, access.ReadReports); err != nil {
			return nil, err
		}
	}
	rows, err := s.Store.SnapshotRows(ctx, name)
	if err != nil {
		return nil, err
	}
	people, broken := s.open(name, rows)
	if len(broken) > 0 {
		return nil, fault.Conflictf("name", "快照“%s”中有 %d 人的困难类别打不开，可能被改动过，请重新核对这份快照", name, len(broken))
	}
	return &Opened{Snapshot: snap, people: people, service: s}, nil
}

// OpenToday holds the people of the same cohort and day as the events give them by now: what a
// snapshot that is frozen today would say. Errors: fault.Forbidden; as the counter.
func (s *Service) OpenToday(ctx context.Context, who access.Actor, of Snapshot) (*Opened, error) {
	if err := school(who, access.ReadReports); err != nil {
		return nil, err
	}
	k, err := s.latest(ctx)
	if err != nil {
		return nil, err
	}
	of.Cut.Known = k
	people, err := s.Counter.Rows(ctx, of.query())
	if err != nil {
		return nil, err
	}
	people = slices.Clone(people)
	for i := range people {
		people[i].Graduate = s.Vault.Pseudonym(people[i].Graduate)
	}
	sortPeople(people)
	of.People = len(people)
	return &Opened{Snapshot: of, people: people, service: s}, nil
}

// News tells whether anything became known since the snapshot was frozen, of whomever; what
// it says can have changed only then. Errors: fault.Forbidden.
func (s *Service) News(ctx context.Context, who access.Actor, of Snapshot) (bool, error) {
	if err := school(who, access.ReadReports); err != nil {
		return false, err
	}
	return s.Store.KnownSince(ctx, of.Cut.Known)
}

// Same tells whether both hold the same people with the same figures.
func (o *Opened) Same(other *Opened) bool { return slices.Equal(o.people, other.people) }

// Public counts a view as it may leave the house. Errors: as Show.
func (o *Opened) Public(ctx context.Context, v View) (Shown, error) {
	v.Public = true
	if err := v.publishable(&o.Snapshot); err != nil {
		return Shown{}, err
	}
	env, err := o.service.Env(ctx)
	if err != nil {
		return Shown{}, err
	}
	out := Shown{Snapshot: o.Snapshot}
	if out.Table, out.Hidden, err = o.table(v.query(&o.Snapshot), env); err != nil {
		return Shown{}, err
	}
	out.Table.Notes = append(out.Table.Notes, o.Snapshot.drift(o.service.Book())...)
	return out, nil
}

// table counts one. What was laid out and judged before is used again, unless the school
// has other codes, names or settings by now.
func (o *Opened) table(q indicator.Query, env indicator.Env) (indicator.Table, []Hidden, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if p := o.public; p == nil || p.env.Book != env.Book || p.env.Names != env.Names || p.env.School != env.School {
		o.public = newPublishing(o.people, o.Snapshot.Definition, env)
	}
	return o.public.table(q)
}
