package release

import (
	"context"
	"slices"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/indicator"
)

// View says which table is counted from a snapshot.
type View struct {
	Table      string // blank: destination
	Definition string // blank: the snapshot's own for destination, else the table's
	By         []indicator.Dim
	Where      []indicator.Condition
	Contract   bool // by contracting unit instead of unit of work
	Public     bool // as it may leave the house: small numbers withheld
}

// Shown is a table of a snapshot.
type Shown struct {
	Snapshot Snapshot
	Unlocks  []Unlock
	Table    indicator.Table
	Hidden   []Hidden // of a public view: what is withheld
}

// Show counts a table from the stored rows, for the actor within the actor's
// scope. A public view is the same for everybody: that of a released snapshot
// needs no right, that of another one is a preview for who may release it.
//
// Errors: fault.NotFound, fault.Forbidden, fault.Invalid for a view that the
// table does not have or that is not published.
func (s *Service) Show(ctx context.Context, who access.Actor, name string, v View) (Shown, error) {
	snap, err := s.Store.Snapshot(ctx, name)
	if err != nil {
		return Shown{}, hide(who, err)
	}
	q := v.query(&snap)
	if v.Public {
		if snap.Release == nil {
			err = school(who, access.Release)
		}
		if err == nil {
			err = v.publishable(&snap)
		}
	} else {
		q.Within, err = figuresOf(who, v.dims())
	}
	if err != nil {
		return Shown{}, err
	}
	people, err := s.people(ctx, name, v.dims())
	if err != nil {
		return Shown{}, err
	}
	out := Shown{Snapshot: snap}
	if out.Table, out.Hidden, err = s.count(ctx, &snap, people, q, v.Public); err != nil {
		return Shown{}, err
	}
	if v.Public {
		return out, nil
	}
	if out.Unlocks, err = s.Store.Unlocks(ctx, name); err != nil {
		return Shown{}, err
	}
	return out, s.opened(ctx, who, "snapshot "+name, v.dims(), 0)
}

// hide answers whoever may see no figures as if every name were unknown.
func hide(who access.Actor, err error) error {
	if denied := who.May(access.ViewFigures); denied != nil {
		return denied
	}
	return err
}

// count counts one table from rows; for the public, with what it withholds.
func (s *Service) count(ctx context.Context, snap *Snapshot, people []indicator.PersonRow, q indicator.Query, public bool) (indicator.Table, []Hidden, error) {
	env, err := s.Env(ctx)
	if err != nil {
		return indicator.Table{}, nil, err
	}
	var t indicator.Table
	var hidden []Hidden
	if public {
		t, hidden, err = Public(people, snap.Definition, q, env)
	} else {
		t, err = indicator.CountRows(people, q, env)
	}
	if err != nil {
		return indicator.Table{}, nil, err
	}
	t.Notes = append(t.Notes, snap.drift(s.Book())...)
	return t, hidden, nil
}

// People returns the ids of the graduates that a number of the view counts, in
// order: those whom the actor may see. Errors: as Show.
func (s *Service) People(ctx context.Context, who access.Actor, name string, v View, sel indicator.Selection) ([]string, error) {
	if _, err := figuresOf(who, v.dims()); err != nil {
		return nil, err
	}
	snap, err := s.Store.Snapshot(ctx, name)
	if err != nil {
		return nil, err
	}
	people, err := s.people(ctx, name, v.dims())
	if err != nil {
		return nil, err
	}
	env, err := s.Env(ctx)
	if err != nil {
		return nil, err
	}
	pseudonyms, err := indicator.PeopleInRows(people, v.query(&snap), env, sel)
	if err != nil {
		return nil, err
	}
	known, err := s.unveil(ctx, who, snap.Cohort, people)
	if err != nil {
		return nil, err
	}
	return known.ids(pseudonyms), nil
}

// people returns the stored rows for counting; difficulties are opened only
// where they are asked for.
func (s *Service) people(ctx context.Context, name string, dims []indicator.Dim) ([]indicator.PersonRow, error) {
	rows, err := s.Store.SnapshotRows(ctx, name)
	if err != nil || !slices.Contains(dims, "difficulty") {
		return asPeople(rows), err
	}
	people, broken := s.open(name, rows)
	if len(broken) > 0 {
		return nil, fault.Conflictf("name", "快照“%s”中有 %d 人的困难类别打不开，可能被改动过，请重新核对这份快照", name, len(broken))
	}
	return people, nil
}

func (v *View) dims() []indicator.Dim {
	out := slices.Clone(v.By)
	for _, c := range v.Where {
		out = append(out, c.Dim)
	}
	return out
}

func (v *View) query(snap *Snapshot) indicator.Query {
	q := snap.query()
	if v.Table != "" && v.Table != destinationTable {
		q.Table, q.Definition = v.Table, ""
	}
	if v.Definition != "" {
		q.Definition = v.Definition
	}
	q.By, q.Where, q.Contract = v.By, v.Where, v.Contract
	return q
}

// published are the breakdowns that leave the house with a release and that its
// list of what is withheld covers.
var published = []indicator.Dim{"level", "college", "sex", "ethnicity", "difficulty"}

// publicViews are all tables that leave with a release: the destination table as
// a whole and by each published dimension, the others as a whole and by level.
// Other breakdowns may be asked for, and are judged alike.
func publicViews() []View {
	var out []View
	for _, t := range indicator.Tables() {
		out = append(out, View{Table: t, Public: true})
		for _, d := range published {
			if t == destinationTable || d == "level" {
				out = append(out, View{Table: t, By: []indicator.Dim{d}, Public: true})
			}
		}
	}
	return out
}

// publishable refuses a view that does not leave with a release. Error: fault.Invalid.
func (v *View) publishable(snap *Snapshot) error {
	if v.Definition != "" && (v.Table == "" || v.Table == destinationTable) && v.Definition != snap.Definition {
		return fault.Invalidf("definition", "对外只公布快照自己的口径“%s”，请去掉 --definition", snap.Definition)
	}
	return publishable(v.query(snap))
}
