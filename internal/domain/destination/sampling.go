package destination

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination/scrutiny"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

// Results of checking a sample (抽查结果).
const (
	ResultTrue    = "属实"
	ResultFalse   = "不属实"
	ResultNoReach = "联系不上"
	ResultHandled = "已联系处理" // of a graduate's own word only
)

// DrawSample draws from the running cases of a cohort that lie within the
// actor's scope, and puts those that are not in the queue yet into it under the
// draw's name. It returns how many were drawn.
func (s *Service) DrawSample(ctx context.Context, who access.Actor, cohort, name string, perStratum int, seed int64) (int, error) {
	if err := who.May(access.StrikeCase); err != nil {
		return 0, err
	}
	if perStratum < 1 || name == "" {
		return 0, fault.Invalidf("per_stratum", "请填写抽查名称，并填写每个学院、每类去向至少抽 1 人")
	}
	within := who.Within(access.StrikeCase)
	before, err := s.Store.Samples(ctx, within, cohort, false)
	if err != nil {
		return 0, err
	}
	var candidates []scrutiny.Candidate
	err = s.eachOf(ctx, within, cohort, func(g *dossier) error {
		if state := g.fold.On(s.today()); state.Detail == history.Registered && state.Attrs.Counted() {
			candidates = append(candidates, scrutiny.Candidate{Graduate: g.person.ID, Case: state.Case, College: state.Attrs.Value(history.College), Code: state.Code})
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	drawn := scrutiny.Draw(candidates, perStratum, seed)
	w := work{action: "destination.sample", subject: cohort,
		detail: map[string]string{"name": name, "seed": strconv.FormatInt(seed, 10), "drawn": strconv.Itoa(len(drawn))}}
	for _, c := range drawn {
		if slices.ContainsFunc(before, func(x Sample) bool { return x.Case == c.Case && x.Reason == name }) {
			continue
		}
		w.samples = append(w.samples, Sample{ID: s.NewID(), Graduate: c.Graduate, Case: c.Case, Reason: name,
			Stratum: c.Stratum(), Seed: seed, At: s.Now()})
	}
	return len(drawn), s.keep(ctx, who, w)
}

// RecordResult notes what checking a sample came to. Recording the same again
// changes nothing; another result replaces the first one, and the audit trail has both.
func (s *Service) RecordResult(ctx context.Context, who access.Actor, cohort, sample, result, note string) error {
	if err := who.May(access.StrikeCase); err != nil {
		return err
	}
	if !slices.Contains([]string{ResultTrue, ResultFalse, ResultNoReach, ResultHandled}, result) {
		return fault.Invalidf("result", "抽查结果请选择属实、不属实或联系不上")
	}
	all, err := s.Store.Samples(ctx, who.Within(access.StrikeCase), cohort, false)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(x Sample) bool { return x.ID == sample })
	if i < 0 {
		return fault.NotFoundf("sample", "没有找到这条抽查记录，或不在当前账号负责的范围内")
	}
	x := all[i]
	switch note = strings.TrimSpace(note); {
	case x.Reason == ReasonTold && result == ResultTrue:
		return fault.Invalidf("result", "本人反映的请选择已联系处理、不属实或联系不上")
	case x.Reason == ReasonTold && note == "":
		return fault.Invalidf("note", "请写给本人的答复，本人会在自己的页面看到")
	case x.Reason != ReasonTold && result == ResultHandled:
		return fault.Invalidf("result", "抽查结果请选择属实、不属实或联系不上")
	}
	if err := codes.NoNumbers("note", note); err != nil {
		return err
	}
	if x.Result == result && x.Note == note && x.By == who.Account {
		return nil
	}
	x.Result, x.Note, x.By, x.Answered = result, note, who.Account, s.Now()
	return s.keep(ctx, who, work{action: "destination.sample.result", subject: x.Graduate, samples: []Sample{x},
		detail: map[string]string{"sample": x.ID, "result": result}})
}

// Told returns what graduates told the office and nobody answered yet, of the
// cohorts named, oldest first: for who may strike and may see the people.
func (s *Service) Told(ctx context.Context, who access.Actor, cohorts []string) (out []Sample, err error) {
	if err := who.May(access.StrikeCase); err != nil {
		return nil, err
	}
	within := who.Within(access.StrikeCase).Both(who.Within(access.ViewPeople))
	for _, c := range cohorts {
		list, err := s.Store.Samples(ctx, within, c, true)
		if err != nil {
			return nil, err
		}
		out = append(out, slices.DeleteFunc(list, func(x Sample) bool { return x.Reason != ReasonTold })...)
	}
	slices.SortStableFunc(out, func(a, b Sample) int { return cmp.Compare(a.At, b.At) })
	return out, nil
}

// pageOf is how many graduates are read at a time.
const pageOf = 500

// eachOf calls do for every graduate of the cohort within the scope, by id.
func (s *Service) eachOf(ctx context.Context, within access.Scope, cohort string, do func(*dossier) error) error {
	for after := ""; ; {
		page, err := s.Store.Graduates(ctx, within, cohort, after, pageOf)
		if err != nil || len(page) == 0 {
			return err
		}
		ids := make([]string, len(page))
		for i, p := range page {
			ids[i] = p.ID
		}
		list, err := s.dossiers(ctx, within, ids)
		if err != nil {
			return err
		}
		for _, d := range list {
			if err := do(d); err != nil {
				return err
			}
		}
		after = ids[len(ids)-1]
	}
}

// Samples returns the samples of a cohort, oldest first, that the actor may see
// with the people behind them, and what the random ones of the actor's whole scope
// say. Who sees figures only gets the estimate alone.
func (s *Service) Samples(ctx context.Context, who access.Actor, cohort string) ([]Sample, Estimate, error) {
	if err := who.May(access.ViewEstimate); err != nil {
		return nil, Estimate{}, err
	}
	all, err := s.Store.Samples(ctx, who.Within(access.ViewEstimate), cohort, false)
	if err != nil {
		return nil, Estimate{}, err
	}
	list, err := s.Store.Samples(ctx, who.Within(access.StrikeCase).Both(who.Within(access.ViewPeople)), cohort, false)
	return list, EstimateOf(all), err
}
