package destination

import (
	"context"
	"strconv"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/destination/scrutiny"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
)

// Screen examines all cases of a cohort together (核查): those that run and those
// under review. Only here the rules that compare cases (A09, A10, A14, A15, A19)
// have what they need. It keeps what is new and returns how many findings and
// samples that were. Answered findings stay answered.
func (s *Service) Screen(ctx context.Context, who access.Actor, cohort string) (findings, samples int, err error) {
	if err := who.May(access.StrikeCase); err != nil {
		return 0, 0, err
	}
	within := who.Within(access.StrikeCase)
	var all []*dossier
	var views []*scrutiny.View
	err = s.eachOf(ctx, within, cohort, func(g *dossier) error {
		for _, v := range s.current(g) {
			all, views = append(all, g), append(views, v)
		}
		return nil
	})
	if err != nil {
		return 0, 0, err
	}
	if err := s.equip(ctx, views); err != nil {
		return 0, 0, err
	}
	figures := scrutiny.CountFigures(views)
	w := work{action: "destination.screen", subject: cohort}
	for i, v := range views {
		v.Figures = figures
		if w, err = s.noted(ctx, all[i], who, v, scrutiny.Examine(v, s.rules()), w); err != nil {
			return 0, 0, err
		}
	}
	w.detail = map[string]string{"findings": strconv.Itoa(len(w.findings)), "samples": strconv.Itoa(len(w.samples))}
	return len(w.findings), len(w.samples), s.keep(ctx, who, w)
}

// current returns the views of the case that runs today and of the one that
// waits for review.
func (s *Service) current(g *dossier) []*scrutiny.View {
	var out []*scrutiny.View
	state := g.fold.On(s.today())
	if state.Case != "" && state.Attrs.Counted() {
		out = append(out, g.view(g.standing(state.Case).Content, state.Case))
	}
	if c := g.fold.UnderWay(); c != nil && (c.Act == history.Open || c.Act == history.Amend) {
		e := g.event(access.Actor{Account: c.Submitter})
		e.Change, e.Act, e.Case, e.Step = c.ID, c.Act, c.Case, c.Last
		v := g.view(g.result(s.Book(), e).Content, c.Case)
		v.Change, v.Act = c.ID, c.Act
		if c.Case == state.Case {
			out = out[:0] // as it will be, not twice
		}
		out = append(out, v)
	}
	return out
}

// equip adds to many views what the store knows, in few reads.
func (s *Service) equip(ctx context.Context, views []*scrutiny.View) error {
	book, today := s.Book(), s.today()
	wages, err := s.Store.MinimumWages(ctx)
	if err != nil {
		return err
	}
	for from := 0; from < len(views); from += pageOf {
		part := views[from:min(from+pageOf, len(views))]
		contents := make([]history.Content, len(part))
		for i, v := range part {
			contents[i] = v.Content
		}
		m, err := LoadMasters(ctx, s.Store, book, contents...)
		if err != nil {
			return err
		}
		for _, v := range part {
			v.Masters, v.Wages, v.Book, v.Today = m, wages, book, today
		}
	}
	return nil
}

// Imported is a case as an import leaves it.
type Imported struct {
	Graduate     roster.Graduate // sealed
	Case, Change string
	Content      history.Content
	Batch        string
}

// Notes examines what an import left and returns the findings; history that
// others hold counts at once, so that nothing here blocks: what would is a warning.
func (s *Service) Notes(ctx context.Context, left []Imported) ([]Finding, error) {
	views := make([]*scrutiny.View, len(left))
	for i, l := range left {
		g := l.Graduate
		if err := g.Unseal(s.Vault); err != nil {
			return nil, err
		}
		views[i] = &scrutiny.View{Graduate: g, Case: l.Case, Change: l.Change, Act: history.Open, Content: plain(l.Content), Confirmed: true}
	}
	if err := s.equip(ctx, views); err != nil {
		return nil, err
	}
	var out []Finding
	for i, v := range views {
		for _, h := range scrutiny.Examine(v, s.rules()) {
			if h.Step != history.Submitted {
				continue
			}
			f := s.finding(v, h)
			f.Batch = left[i].Batch
			if f.Severity == scrutiny.Blocks {
				f.Severity = scrutiny.Warns
			}
			out = append(out, f)
		}
	}
	return out, nil
}
