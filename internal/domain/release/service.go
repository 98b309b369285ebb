package release

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/ident"
	"quxiang/internal/domain/indicator"
)

// Counter counts people from their histories. Of the histories it holds every
// event that was published before it is asked.
type Counter interface {
	// Rows returns everybody whom the query's table counts, by graduate, whoever asks.
	Rows(ctx context.Context, q indicator.Query) ([]indicator.PersonRow, error)
}

// Service holds the verbs of frozen figures. Every field but Settled is needed.
type Service struct {
	Store   Store
	Audit   audit.Log
	Vault   history.Vault
	Book    func() *codes.Book
	NewID   ident.Source
	Now     func() calendar.Instant
	Counter Counter
	// Env is what tables are named and laid out by.
	Env func(ctx context.Context) (indicator.Env, error)
	// Settled is called once figures are frozen or released: the trail's end is signed
	// then. Nil: nobody asks.
	Settled func(ctx context.Context, why string)
	// Members returns the ids of everyone who was ever in the cohort.
	Members func(ctx context.Context, cohort string) ([]string, error)
}

// destinationTable is the table whose base is everybody; a snapshot holds its
// rows, and every other table is counted from them.
const destinationTable = "destination"

// List returns all snapshots, oldest first. Error: fault.Forbidden.
func (s *Service) List(ctx context.Context, who access.Actor) ([]Snapshot, error) {
	if err := who.May(access.ViewFigures); err != nil {
		return nil, err
	}
	return s.Store.Snapshots(ctx)
}

// settled tells whoever signs the trail's end.
func (s *Service) settled(ctx context.Context, why string) {
	if s.Settled != nil {
		s.Settled(ctx, why)
	}
}

// school asks for the permission at the school's level: snapshots are of the
// whole school. Error: fault.Forbidden.
func school(who access.Actor, p access.Permission) error {
	if err := who.May(p); err != nil {
		return err
	}
	if !who.Within(p).School {
		return fault.Forbiddenf("", "快照和事件文件是全校的，须由校级账号办理，请联系就业中心")
	}
	return nil
}

// sensitive dimensions need a permission of their own.
var sensitive = []indicator.Dim{"difficulty", "ethnicity"}

// figuresOf returns over whom the actor may see figures by those dimensions.
// Error: fault.Forbidden.
func figuresOf(who access.Actor, dims []indicator.Dim) (access.Scope, error) {
	if err := who.May(access.ViewFigures); err != nil {
		return access.Scope{}, err
	}
	within := who.Within(access.ViewFigures)
	if slices.ContainsFunc(dims, func(d indicator.Dim) bool { return slices.Contains(sensitive, d) }) {
		within = within.Both(who.Within(access.ViewSensitiveAgg))
	}
	if within.Empty() {
		return within, fault.Forbiddenf("", "当前账号无权查看这项统计，请联系就业中心")
	}
	return within, nil
}

// query asks for the people of a snapshot: the table destination at its cut.
func (s *Snapshot) query() indicator.Query {
	return indicator.Query{Table: destinationTable, Definition: s.Definition, Cohorts: []string{s.Cohort},
		AsOf: calendar.WhenAt(s.Cut.True), KnownAt: calendar.WhenAt(s.Cut.Known), Within: access.School()}
}

// drift says what of the definition and the code tables is no longer as it was
// when the snapshot was frozen; what is counted now then need not be the same.
func (s *Snapshot) drift(book *codes.Book) []string {
	var out []string
	if d, err := indicator.DefinitionByID(s.Definition); err != nil {
		out = append(out, fmt.Sprintf("冻结时的口径“%s”现在已没有", s.Definition))
	} else if d.Version != s.Version {
		out = append(out, fmt.Sprintf("口径“%s”冻结时为版本 %s，现为版本 %s", s.Definition, s.Version, d.Version))
	}
	now := book.Versions()
	for _, id := range slices.Sorted(maps.Keys(s.CodeVersions)) {
		if was := s.CodeVersions[id]; now[id] != was {
			out = append(out, fmt.Sprintf("代码表“%s”冻结时为版本 %s，现为版本 %s", id, was, now[id]))
		}
	}
	return out
}
