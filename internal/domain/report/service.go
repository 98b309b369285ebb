package report

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/external"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/ident"
	"quxiang/internal/domain/release"
)

// Service holds the verbs of reports. Every field is needed.
type Service struct {
	Releases Releases
	External func(ctx context.Context) (external.Ledger, error) // what others measured
	Store    Store
	Audit    audit.Log
	School   func() string // name
	Now      func() calendar.Instant
	NewID    ident.Source

	work workroom
}

// Store keeps drafts, and the entry that a report was made.
type Store interface {
	DraftStore
	InTx(ctx context.Context, do func(context.Context) error) error
}

// Releases are the frozen figures that reports print.
type Releases interface {
	Freeze(ctx context.Context, who access.Actor, f release.Freezing) (release.Snapshot, error)
	List(ctx context.Context, who access.Actor) ([]release.Snapshot, error)
	Open(ctx context.Context, who access.Actor, name string) (*release.Opened, error)
	Verify(ctx context.Context, who access.Actor, name string) (release.Verification, error)
	OpenToday(ctx context.Context, who access.Actor, of release.Snapshot) (*release.Opened, error)
}

// Order says which report is wanted: of a snapshot, or as of a day.
type Order struct {
	Cohort   string
	AsOf     calendar.When // freezes snapshots report-… first
	Snapshot string        // of the cohort; those before are frozen as of the same day of their year
}

// years are how many cohorts a report compares.
const years = 3

// Annual composes the annual report from frozen figures. Snapshots of the cohort and of
// the two before it are frozen where there are none of that day yet, or where what is
// known has changed since; the same order twice gives the same document.
//
// That a report was made is written down, with its code.
//
// Errors: fault.Forbidden; fault.Invalid for an order without day or snapshot, a day that
// is still to come, a cohort without people, or a template that asks for what is not there;
// fault.Conflict for a claim of the template that the data denies, or a snapshot of the
// name that is of something else.
func (s *Service) Annual(ctx context.Context, who access.Actor, o Order) (Document, error) {
	own, err := s.own(ctx, who, o)
	if err != nil {
		return Document{}, err
	}
	src := opened{own.Snapshot.Cohort: own}
	for n := 1; n < years; n++ {
		cohort := earlier(own.Snapshot.Cohort, n)
		past, err := s.beside(ctx, who, own.Snapshot, cohort, n)
		if nobody := (*fault.Fault)(nil); errors.As(err, &nobody) && nobody.Kind == fault.Invalid && nobody.Field == "cohort" {
			continue // the school has nobody of that cohort
		}
		if err != nil {
			return Document{}, err
		}
		src[cohort] = past
	}
	ledger, err := s.External(ctx)
	if err != nil {
		return Document{}, err
	}
	d, err := s.compose(ctx, own.Snapshot, src, own.Snapshot.Release == nil, ledger)
	if err != nil {
		return Document{}, err
	}
	return d, s.Store.InTx(ctx, func(ctx context.Context) error {
		return s.Audit.Write(ctx, who, "report.annual", own.Snapshot.Name, map[string]string{"code": d.Code})
	})
}

func (s *Service) compose(ctx context.Context, own release.Snapshot, src opened, draft bool, ledger external.Ledger) (Document, error) {
	return Compose(ctx, Annual(), Subject{School: s.School(), Cohort: own.Cohort, Cut: own.Cut, Draft: draft, External: ledger}, src)
}

// own is the snapshot of the report's own cohort.
func (s *Service) own(ctx context.Context, who access.Actor, o Order) (*release.Opened, error) {
	if o.Snapshot != "" && !o.AsOf.IsZero() {
		return nil, fault.Invalidf("as_of", "截止日和快照只写一个：快照有自己的截止日")
	}
	if o.Snapshot != "" {
		own, err := s.Releases.Open(ctx, who, o.Snapshot)
		if err == nil && o.Cohort != "" && own.Snapshot.Cohort != o.Cohort {
			err = fault.Invalidf("cohort", "快照“%s”是 %s 届的，不是 %s 届", o.Snapshot, own.Snapshot.Cohort, o.Cohort)
		}
		return own, err
	}
	if o.AsOf.IsZero() || o.Cohort == "" {
		return nil, fault.Invalidf("as_of", "请写明届别和截止日，例如 --cohort 2024 --as-of 2024-08-31，或用 --snapshot 写明快照")
	}
	if list, err := calendar.ParseCohorts(o.Cohort); err != nil || len(list) != 1 || list[0] != o.Cohort {
		return nil, fault.Invalidf("cohort", "一份报告写一届，届别请写成四位年份，例如 2024，不能是“%s”", o.Cohort)
	}
	if t := o.AsOf.For(o.Cohort); t > calendar.DayOf(s.Now()).AddDays(1).Start() {
		return nil, fault.Invalidf("as_of", "截止日 %s 还没有到，请写已经过去的日子", calendar.Cut{True: t}.LastDay())
	}
	name := fmt.Sprintf("report-%s-%s", o.Cohort, compact(o.AsOf.For(o.Cohort)))
	return s.frozen(ctx, who, release.Freezing{Name: name, Cohort: o.Cohort, AsOf: o.AsOf})
}

// beside is the snapshot of an earlier cohort as of the same day of its own year, by the
// same definition.
func (s *Service) beside(ctx context.Context, who access.Actor, own release.Snapshot, cohort string, n int) (*release.Opened, error) {
	t := own.Cut.True.Time().AddDate(-n, 0, 0)
	at := calendar.At(t)
	f := release.Freezing{Name: fmt.Sprintf("report-%s-%s", cohort, compact(at)), Cohort: cohort, AsOf: calendar.WhenAt(at), Definition: own.Definition}
	return s.frozen(ctx, who, f)
}

func compact(at calendar.Instant) string {
	return strings.ReplaceAll(string(calendar.Cut{True: at}.LastDay()), "-", "")
}

// frozen opens the first snapshot of the name, or of the name with a number behind it, that
// still says what the events say; else one is frozen.
func (s *Service) frozen(ctx context.Context, who access.Actor, f release.Freezing) (*release.Opened, error) {
	all, err := s.Releases.List(ctx, who)
	if err != nil {
		return nil, err
	}
	base := f.Name
	if f.Definition != "" {
		base += "-" + f.Definition
		f.Name = base
	}
	for n := 2; ; n++ {
		if !slices.ContainsFunc(all, func(x release.Snapshot) bool { return x.Name == f.Name }) {
			break
		}
		have, err := s.Releases.Open(ctx, who, f.Name)
		if err != nil {
			return nil, err
		}
		if x := have.Snapshot; x.Cohort != f.Cohort || x.Cut.True != f.AsOf.For(f.Cohort) || f.Definition != "" && x.Definition != f.Definition {
			return nil, fault.Conflictf("name", "已有的快照“%s”不是 %s 届在这一天的，或者口径不同；请用 --snapshot 写明要用的快照", f.Name, f.Cohort)
		}
		now, err := s.Releases.OpenToday(ctx, who, have.Snapshot)
		if err != nil {
			return nil, err
		}
		if have.Same(now) {
			return have, nil
		}
		f.Name = fmt.Sprintf("%s-%d", base, n)
	}
	if _, err := s.Releases.Freeze(ctx, who, f); err != nil {
		return nil, err
	}
	return s.Releases.Open(ctx, who, f.Name)
}

// opened are the cohorts of a report.
type opened map[string]*release.Opened

// Shown implements Source.
func (o opened) Shown(ctx context.Context, cohort string, v release.View) (release.Shown, bool, error) {
	held, ok := o[cohort]
	if !ok {
		return release.Shown{}, false, nil
	}
	s, err := held.Public(ctx, v)
	return s, err == nil, err
}
