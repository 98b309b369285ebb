package report

import (
	"context"
	"errors"
	"fmt"

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
	Home     func() string // code of the province of the school's home city; blank: not told
	Now      func() calendar.Instant
	NewID    ident.Source
	Forms    func(Document) ([]File, error) // prints a report in every form that a release has

	work workroom
}

// Store keeps drafts and what became of them, and the entry that a report was made.
type Store interface {
	DraftStore
	ReleaseStore
	InTx(ctx context.Context, do func(context.Context) error) error
}

// Releases are the frozen figures that reports print.
type Releases interface {
	Freeze(ctx context.Context, who access.Actor, f release.Freezing) (release.Snapshot, error)
	List(ctx context.Context, who access.Actor) ([]release.Snapshot, error)
	Open(ctx context.Context, who access.Actor, name string) (*release.Opened, error)
	Verify(ctx context.Context, who access.Actor, name string) (release.Verification, error)
	OpenToday(ctx context.Context, who access.Actor, of release.Snapshot) (*release.Opened, error)
	News(ctx context.Context, who access.Actor, of release.Snapshot) (bool, error)
}

// Order says which report is wanted: of a snapshot, or as of a day.
type Order struct {
	Cohort   string
	AsOf     calendar.When     // freezes snapshots report-… where there are none yet
	Snapshot string            // of the cohort; those before are frozen as of the same day of their year
	Template string            // id of one that the product brings; blank: the usual one
	Again    bool              // freezes anew where the register has moved on since
	Tell     func(note string) // hears what the document does not say; nil: nobody listens
}

func (o *Order) tell(format string, args ...any) {
	if o.Tell != nil {
		o.Tell(fmt.Sprintf(format, args...))
	}
}

// years are how many cohorts a report compares.
const years = 3

// Annual composes the annual report from frozen figures. Snapshots of the cohort and of
// the two before it are frozen where there are none of that day yet: of an earlier cohort
// what was released is taken before anything else. The same order twice gives the same
// document, whatever was registered meanwhile, until it is asked for again.
//
// That a report was made is written down, with its code.
//
// Errors: fault.Forbidden; fault.Invalid for an order without day or snapshot, a day that
// is still to come, a cohort without people, or a template that asks for what is not there;
// fault.Conflict for a claim of the template that the data denies, or a snapshot of the
// name that is of something else.
func (s *Service) Annual(ctx context.Context, who access.Actor, o Order) (Document, error) {
	t, err := TemplateByID(o.Template)
	if err != nil {
		return Document{}, err
	}
	own, err := s.own(ctx, who, o)
	if err != nil {
		return Document{}, err
	}
	src, err := s.sources(ctx, who, own, &o)
	if err != nil {
		return Document{}, err
	}
	ledger, err := s.External(ctx)
	if err != nil {
		return Document{}, err
	}
	d, err := s.compose(ctx, t, own.Snapshot, src, own.Snapshot.Release == nil, ledger)
	if err != nil {
		return Document{}, err
	}
	return d, s.Store.InTx(ctx, func(ctx context.Context) error {
		return s.Audit.Write(ctx, who, "report.annual", own.Snapshot.Name, map[string]string{"code": d.Code})
	})
}

func (s *Service) compose(ctx context.Context, t Template, own release.Snapshot, src opened, draft bool, ledger external.Ledger) (Document, error) {
	return Compose(ctx, t, Subject{School: s.School(), Home: s.Home(), Cohort: own.Cohort, Cut: own.Cut, Draft: draft, External: ledger}, src)
}

// sources are the snapshots that a report stands on: its own, those of the cohorts before,
// and that of the cohort's other stage.
func (s *Service) sources(ctx context.Context, who access.Actor, own *release.Opened, o *Order) (opened, error) {
	src := opened{own.Snapshot.Cohort: own}
	for n := 1; n < years; n++ {
		cohort := earlier(own.Snapshot.Cohort, n)
		past, err := s.beside(ctx, who, own.Snapshot, cohort, n, o)
		if nobody := (*fault.Fault)(nil); errors.As(err, &nobody) && nobody.Kind == fault.Invalid && nobody.Field == "cohort" {
			continue // the school has nobody of that cohort
		}
		if err != nil {
			return nil, err
		}
		src[cohort] = past
	}
	all, err := s.Releases.List(ctx, who)
	if err != nil {
		return nil, err
	}
	if x := twin(all, own.Snapshot); x != nil {
		src[twinOf(own.Snapshot.Cohort)], err = s.Releases.Open(ctx, who, x.Name)
	}
	return src, err
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
	return s.frozen(ctx, who, release.Freezing{Name: name, Cohort: o.Cohort, AsOf: o.AsOf}, &o)
}

// opened are the cohorts of a report.
type opened map[string]*release.Opened

// Activity implements Source.
func (o opened) Activity(ctx context.Context, cohort string) (release.Steps, error) {
	held, ok := o[cohort]
	if !ok {
		return release.Steps{}, errAbsent{cohort + " 届"}
	}
	return held.Activity(ctx)
}

// Shown implements Source.
func (o opened) Shown(ctx context.Context, cohort string, v release.View) (release.Shown, bool, error) {
	held, ok := o[cohort]
	if !ok {
		return release.Shown{}, false, nil
	}
	s, err := held.Public(ctx, v)
	return s, err == nil, err
}
