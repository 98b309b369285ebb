package destination

import (
	"context"
	"slices"
	"strconv"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination/scrutiny"
	"quxiang/internal/domain/employer"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

// Skip is a change that a bulk pass left for a look of its own.
type Skip struct {
	Decision
	Why string
}

// BulkMost is how many changes one bulk pass takes.
const BulkMost = 500

// BulkPass passes what asks for no look of its own: it skips open findings,
// cases in the sampling queue, and every 12, 75 and 76, and says why. One
// change outside the scope refuses the whole call (fault.NotFound).
func (s *Service) BulkPass(ctx context.Context, who access.Actor, list []Decision) (passed int, skipped []Skip, err error) {
	if err := mayBulk(who, list); err != nil {
		return 0, nil, err
	}
	for try := 1; ; try++ {
		w := work{action: "destination.pass.bulk"}
		if passed, skipped, err = s.planBulk(ctx, who, list, &w); err != nil {
			return 0, nil, err
		}
		if err = s.keep(ctx, who, w); err == nil {
			return passed, skipped, nil
		}
		if fault.KindOf(err) != fault.Conflict || try == retries {
			return 0, nil, err
		}
	}
}

// BulkLeaves says which of the changes a bulk pass would leave, and why. It
// changes nothing.
func (s *Service) BulkLeaves(ctx context.Context, who access.Actor, list []Decision) ([]Skip, error) {
	if err := mayBulk(who, list); err != nil {
		return nil, err
	}
	_, skipped, err := s.planBulk(ctx, who, list, &work{})
	return skipped, err
}

func mayBulk(who access.Actor, list []Decision) error {
	if err := who.May(access.ReviewCase); err != nil {
		return err
	}
	if len(list) > BulkMost {
		return fault.Invalidf("", "一次最多批量通过 %d 项，请分批办理", BulkMost)
	}
	return nil
}

func (s *Service) planBulk(ctx context.Context, who access.Actor, list []Decision, w *work) (passed int, skipped []Skip, err error) {
	var ids []string
	for _, d := range list {
		ids = append(ids, d.Graduate)
	}
	all, err := s.dossiers(ctx, who.Within(access.ReviewCase), ids)
	if err != nil {
		return 0, nil, err
	}
	one := *s // the same rules over rows that were read at once
	if one.Store, err = s.readAhead(ctx, all); err != nil {
		return 0, nil, err
	}
	for i, d := range list {
		if slices.Contains(ids[:i], d.Graduate) {
			continue // named twice
		}
		why, part, err := one.alone(ctx, all[i], who, d)
		if err != nil {
			return 0, nil, err
		}
		if why != "" {
			skipped = append(skipped, Skip{d, why})
			continue
		}
		passed++
		w.events = append(w.events, part.events...)
	}
	w.detail = map[string]string{"passed": strconv.Itoa(passed), "skipped": strconv.Itoa(len(skipped))}
	return passed, skipped, nil
}

// alone says why a change needs a look of its own, or plans its pass.
func (s *Service) alone(ctx context.Context, g *dossier, who access.Actor, d Decision) (why string, w work, err error) {
	c := g.fold.Change(d.Change)
	if c == nil {
		return "", w, fault.NotFoundf("change", "没有找到其中一项申请，请刷新后再试")
	}
	code := codeOf(g.fold, c)
	if code == "" {
		code = g.standing(c.Case).Code
	}
	if scrutiny.ProfileOf(s.Book(), code).Single() {
		row, _ := s.Book().Table("destination").Find(code)
		return "“" + row.Name + "”须逐条审核", w, nil
	}
	open, err := s.openFindings(ctx, g, c.ID)
	if err != nil {
		return "", w, err
	}
	if len(open) > 0 {
		return "有核查提示未答复，须逐条审核", w, nil
	}
	drawn, err := s.drawn(ctx, g.person.ID)
	if err != nil {
		return "", w, err
	}
	if slices.ContainsFunc(drawn, func(x Sample) bool { return x.Case == c.Case && x.Result != ResultTrue }) {
		return "在抽查名单中，须先抽查属实或逐条审核", w, nil
	}
	d.Note = ""
	w, err = s.pass(ctx, g, who, d)
	switch fault.KindOf(err) {
	case "":
		return "", w, err
	case fault.NotFound:
		return "", w, err
	}
	return err.Error(), work{}, nil
}

// ahead answers from rows that were read for many graduates at once what the
// verbs ask for one by one. Whatever else they ask goes to the store.
type ahead struct {
	Store
	findings map[string][]Finding
	samples  map[string][]Sample
	owners   map[string][]string
	wages    []codes.MinimumWage
	known    []employer.Employer
	levels   []employer.HospitalLevel
}

// readAhead reads what a pass of each of the dossiers asks for, in a few reads.
func (s *Service) readAhead(ctx context.Context, all []*dossier) (Store, error) {
	a := &ahead{Store: s.Store, findings: map[string][]Finding{}, samples: map[string][]Sample{}}
	var within access.Scope
	var contents []history.Content
	var files []string
	for _, g := range all {
		within.Graduates = append(within.Graduates, g.person.ID)
		for i := range g.events {
			e := &g.events[i]
			contents = append(contents, history.Content{Fields: e.Fields})
			for _, v := range e.Evidence {
				files = append(files, v.SHA256)
			}
		}
	}
	findings, err := s.Store.FindingsOf(ctx, within, within.Graduates)
	if err != nil {
		return nil, err
	}
	for _, f := range findings {
		a.findings[f.Graduate] = append(a.findings[f.Graduate], f)
	}
	samples, err := s.Store.SamplesOf(ctx, within, within.Graduates)
	if err != nil {
		return nil, err
	}
	for _, x := range samples {
		a.samples[x.Graduate] = append(a.samples[x.Graduate], x)
	}
	slices.Sort(files)
	if a.owners, err = s.Store.OwnersOf(ctx, slices.Compact(files)); err != nil {
		return nil, err
	}
	if a.wages, err = s.Store.MinimumWages(ctx); err != nil {
		return nil, err
	}
	return a, a.readMasters(ctx, contents)
}

func (a *ahead) readMasters(ctx context.Context, contents []history.Content) (err error) {
	credit, names := keysOf(contents)
	if len(credit)+len(names) == 0 {
		return nil
	}
	if a.known, err = a.Store.EmployersByKey(ctx, credit, names); err != nil {
		return err
	}
	ids := make([]string, len(a.known))
	for i, e := range a.known {
		ids[i] = e.ID
	}
	a.levels, err = a.Store.HospitalLevels(ctx, ids)
	return err
}

// Findings returns those about a graduate, oldest first.
func (a *ahead) Findings(_ context.Context, _ access.Scope, graduate string) ([]Finding, error) {
	return a.findings[graduate], nil
}

// Samples returns those of the graduates whom the scope names.
func (a *ahead) Samples(_ context.Context, within access.Scope, _ string, open bool) (out []Sample, err error) {
	for _, id := range within.Graduates {
		for _, x := range a.samples[id] {
			if !open || x.Result == "" {
				out = append(out, x)
			}
		}
	}
	return out, nil
}

// DocumentOwners returns who handed in the file.
func (a *ahead) DocumentOwners(_ context.Context, sha256 string) ([]string, error) {
	return a.owners[sha256], nil
}

// MinimumWages returns all rows.
func (a *ahead) MinimumWages(context.Context) ([]codes.MinimumWage, error) { return a.wages, nil }

// EmployersByKey returns the employers among those read that have one of the keys.
func (a *ahead) EmployersByKey(_ context.Context, credit, names []string) (out []employer.Employer, err error) {
	for _, e := range a.known {
		if e.CreditCode != "" && slices.Contains(credit, e.CreditCode) || slices.Contains(names, employer.NameKey(e.Name)) {
			out = append(out, e)
		}
	}
	return out, nil
}

// HospitalLevels returns those of the employers.
func (a *ahead) HospitalLevels(_ context.Context, employers []string) (out []employer.HospitalLevel, err error) {
	for _, l := range a.levels {
		if slices.Contains(employers, l.Employer) {
			out = append(out, l)
		}
	}
	return out, nil
}
