package release

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/indicator"
)

// Diff is what became of a cohort between two snapshots, counted from the stored
// rows of both under the definition of the second. Moves name by id only the
// people whom the actor may see.
type Diff struct {
	From, To Snapshot
	indicator.Differences
}

// Diff compares two snapshots of one cohort, by the dimensions given.
//
// Errors: fault.Forbidden; fault.NotFound; fault.Invalid for two cohorts or an
// unknown dimension.
func (s *Service) Diff(ctx context.Context, who access.Actor, from, to string, by []indicator.Dim) (d Diff, err error) {
	within, err := figuresOf(who, by)
	if err != nil {
		return d, err
	}
	if d.From, err = s.Store.Snapshot(ctx, from); err != nil {
		return d, err
	}
	if d.To, err = s.Store.Snapshot(ctx, to); err != nil {
		return d, err
	}
	if d.From.Cohort != d.To.Cohort {
		return d, fault.Invalidf("name", "“%s”是 %s 届，“%s”是 %s 届，只能比较同一届的两个快照", from, d.From.Cohort, to, d.To.Cohort)
	}
	before, err := s.people(ctx, from, by)
	if err != nil {
		return d, err
	}
	after, err := s.people(ctx, to, by)
	if err != nil {
		return d, err
	}
	env, err := s.Env(ctx)
	if err != nil {
		return d, err
	}
	q := d.To.query()
	q.By, q.Within = by, within
	if d.Differences, err = indicator.DifferencesOfRows(before, after, q, env); err != nil {
		return d, err
	}
	known, err := s.unveil(ctx, who, d.To.Cohort, slices.Concat(before, after))
	if err != nil {
		return d, err
	}
	named := 0
	for i := range d.Moves {
		d.Moves[i].Graduates = known.ids(d.Moves[i].Graduates)
		named += len(d.Moves[i].Graduates)
	}
	return d, s.opened(ctx, who, "snapshot diff "+from+" "+to, by, named)
}

// opened writes down that figures by a sensitive dimension were looked at, or
// that people were named: who saw what is answered from these entries.
func (s *Service) opened(ctx context.Context, who access.Actor, subject string, by []indicator.Dim, named int) error {
	action, detail := "", map[string]string{}
	if slices.ContainsFunc(by, func(d indicator.Dim) bool { return slices.Contains(sensitive, d) }) {
		action, detail["by"] = string(access.ViewSensitiveAgg), joined(by)
	}
	if named > 0 {
		action, detail["people"] = string(access.ViewPeople), strconv.Itoa(named)
	}
	if action == "" {
		return nil
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		return s.Audit.Write(ctx, who, action, subject, detail)
	})
}

func joined(by []indicator.Dim) string {
	out := make([]string, len(by))
	for i, d := range by {
		out[i] = string(d)
	}
	return strings.Join(out, ",")
}

// unveiled are the people whom an actor may see: pseudonym → id.
type unveiled map[string]string

// unveil turns the pseudonyms of rows back into people, within the scope in
// which the actor may see people. Of several rows of one person the last says
// where they belong.
func (s *Service) unveil(ctx context.Context, who access.Actor, cohort string, rows []indicator.PersonRow) (unveiled, error) {
	out := unveiled{}
	within := who.Within(access.ViewPeople)
	if within.Empty() {
		return out, nil
	}
	members, err := s.members(ctx, cohort)
	if err != nil {
		return nil, err
	}
	ids := make(map[string]string, len(members))
	for _, m := range members {
		ids[m.pseudonym] = m.graduate
	}
	for i := range rows {
		r := &rows[i]
		delete(out, r.Graduate)
		id, ok := ids[r.Graduate]
		if ok && within.Holds(id, r.Attrs.Value(history.College), r.Attrs.Value(history.Class)) {
			out[r.Graduate] = id
		}
	}
	return out, nil
}

// ids returns those of the pseudonyms that are unveiled, by id.
func (u unveiled) ids(pseudonyms []string) []string {
	var out []string
	for _, p := range pseudonyms {
		if id, ok := u[p]; ok {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}
