package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/release"
)

// beside is the snapshot of an earlier cohort as of the same day of its own year, by the
// same definition: the one that was released last before the report's own was frozen, else
// one that is frozen for reports.
func (s *Service) beside(ctx context.Context, who access.Actor, own release.Snapshot, cohort string, n int, o *Order) (*release.Opened, error) {
	at := calendar.At(own.Cut.True.Time().AddDate(-n, 0, 0))
	all, err := s.Releases.List(ctx, who)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(slices.Clone(all), func(x release.Snapshot) bool {
		return x.Cohort != cohort || x.Cut.True != at || x.Definition != own.Definition || !releasedBefore(x, own.Cut.Known)
	})
	if len(all) == 0 {
		f := release.Freezing{Name: fmt.Sprintf("report-%s-%s-%s", cohort, compact(at), own.Definition), Cohort: cohort, AsOf: calendar.WhenAt(at), Definition: own.Definition}
		return s.frozen(ctx, who, f, o)
	}
	last := slices.MaxFunc(all, func(a, b release.Snapshot) int { return cmp.Compare(a.Release.At, b.Release.At) })
	have, err := s.Releases.Open(ctx, who, last.Name)
	if err != nil {
		return nil, err
	}
	moved, err := s.moved(ctx, who, have)
	if moved {
		o.tell("%s 届按已发布的快照 %s 统计；此后这一届的登记有变化，按现在的登记重算会不同", cohort, last.Name)
	}
	return have, err
}

// releasedBefore tells that a snapshot had been released when another one was frozen.
func releasedBefore(x release.Snapshot, k calendar.Instant) bool {
	return x.Release != nil && x.Release.At < k
}

func compact(at calendar.Instant) string {
	return strings.ReplaceAll(string(calendar.Cut{True: at}.LastDay()), "-", "")
}

// frozen opens the newest snapshot of the name, or of the name with a number behind it.
// One is frozen where there is none, or where the order says so and the register has moved
// on since.
func (s *Service) frozen(ctx context.Context, who access.Actor, f release.Freezing, o *Order) (*release.Opened, error) {
	base := f.Name
	for try := 0; ; try++ {
		have, next, err := s.newest(ctx, who, base, f)
		if err != nil {
			return nil, err
		}
		if have != nil {
			moved, err := s.moved(ctx, who, have)
			if err != nil || !moved {
				return have, err
			}
			if !o.Again {
				o.tell("用已冻结的快照 %s（%s 冻结）；此后这一届的登记有变化，要按现在的登记另冻结一份，请加 --again", have.Snapshot.Name, have.Snapshot.FrozenAt.Time().Format("2006-01-02 15:04"))
				return have, nil
			}
		}
		f.Name = next
		_, err = s.Releases.Freeze(ctx, who, f)
		if err == nil {
			return s.Releases.Open(ctx, who, f.Name)
		}
		if fault.KindOf(err) != fault.Conflict || try > 0 {
			return nil, err
		}
		// somebody else has just frozen it
	}
}

// newest opens the last of the snapshots NAME, NAME-2, NAME-3 …; next is the name that is
// free. Error: fault.Conflict for a snapshot of the name that is of something else.
func (s *Service) newest(ctx context.Context, who access.Actor, base string, f release.Freezing) (have *release.Opened, next string, err error) {
	all, err := s.Releases.List(ctx, who)
	if err != nil {
		return nil, "", err
	}
	var last *release.Snapshot
	next = base
	for n := 2; ; n++ {
		i := slices.IndexFunc(all, func(x release.Snapshot) bool { return x.Name == next })
		if i < 0 {
			break
		}
		last, next = &all[i], fmt.Sprintf("%s-%d", base, n)
	}
	if last == nil {
		return nil, next, nil
	}
	if last.Cohort != f.Cohort || last.Cut.True != f.AsOf.For(f.Cohort) || f.Definition != "" && last.Definition != f.Definition {
		return nil, "", fault.Conflictf("name", "已有的快照“%s”不是 %s 届在这一天的，或者口径不同；请用 --snapshot 写明要用的快照", last.Name, f.Cohort)
	}
	have, err = s.Releases.Open(ctx, who, last.Name)
	return have, next, err
}

// moved tells whether a snapshot that is frozen today would say otherwise.
func (s *Service) moved(ctx context.Context, who access.Actor, have *release.Opened) (bool, error) {
	news, err := s.Releases.News(ctx, who, have.Snapshot)
	if err != nil || !news {
		return false, err
	}
	now, err := s.Releases.OpenToday(ctx, who, have.Snapshot)
	return err == nil && !have.Same(now), err
}

// Stages of a cohort's figures.
const (
	firstStage = "first" // 初次: at the end of August or in September of the cohort's year
	finalStage = "final" // 年终: at the end of the cohort's year
)

// stageOf says of which stage a day is; blank of none.
func stageOf(cohort string, last calendar.Day) string {
	switch day := string(last); {
	case day >= cohort+"-08-15" && day <= cohort+"-09-30":
		return firstStage
	case day >= cohort+"-12-15" && day <= cohort+"-12-31":
		return finalStage
	}
	return ""
}

// twin is the cohort's snapshot of the other stage by the same definition: the one that was
// released last, else, of a report that is not released itself, the one frozen last. Nil: there is none.
func twin(all []release.Snapshot, own release.Snapshot) *release.Snapshot {
	stage := stageOf(own.Cohort, own.Cut.LastDay())
	var best *release.Snapshot
	for i := range all {
		x := &all[i]
		other := stageOf(x.Cohort, x.Cut.LastDay())
		if stage == "" || x.Cohort != own.Cohort || x.Definition != own.Definition || other == "" || other == stage || own.Release != nil && x.Release == nil {
			continue
		}
		if best == nil || best.Release == nil || x.Release != nil && x.Release.At >= best.Release.At {
			best = x
		}
	}
	return best
}

// twinOf is what the cohort's other snapshot is asked for by.
func twinOf(cohort string) string { return cohort + "/twin" }
