package release

import (
	"context"
	"regexp"
	"strconv"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/indicator"
)

// Freezing says what is to be frozen.
type Freezing struct {
	Name       string        // letters, digits, - and _, at most 64
	Cohort     string        // such as 2024
	AsOf       calendar.When // T; zero: now
	Definition string        // id of one for the table destination; blank: the cohort's default
}

var nameForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// define checks what needs no figures and returns the definition.
// Error: fault.Invalid.
func (f *Freezing) define() (indicator.Definition, error) {
	var none indicator.Definition
	if !nameForm.MatchString(f.Name) {
		return none, fault.Invalidf("name", "快照名“%s”不能用，只能由字母、数字、- 和 _ 组成，最长 64 个，例如 INIT-2024", f.Name)
	}
	if f.Name == "diff" {
		return none, fault.Invalidf("name", "快照名“diff”留作比较快照的地址，请换一个名称")
	}
	years, err := calendar.ParseCohorts(f.Cohort)
	if err != nil {
		return none, err
	}
	if len(years) != 1 || years[0] != f.Cohort {
		return none, fault.Invalidf("cohort", "一个快照冻结一届，届别请写成四位年份，例如 2024")
	}
	if f.Definition == "" {
		return indicator.DefaultFor(destinationTable, years)
	}
	d, err := indicator.DefinitionByID(f.Definition)
	if err == nil && d.Table != destinationTable {
		err = fault.Invalidf("definition", "口径“%s”不以全部毕业生为基数，快照请用去向统计的口径；其他统计表可由快照另行统计", d.ID)
	}
	if err == nil {
		err = leaves(d)
	}
	return d, err
}

// leaves refuses a definition that stays in the house. Error: fault.Invalid.
func leaves(d indicator.Definition) error {
	if d.Inside {
		return fault.Invalidf("definition", "口径“%s”只供校内参考，不冻结、不对外，请换一个口径", d.Title)
	}
	return nil
}

// Freeze freezes a cohort as it is known now. It waits for running writes, and
// what is written after it is known later than the snapshot.
//
// Errors: fault.Forbidden; fault.Invalid for a name, cohort or definition that
// cannot be used, or a cohort without people; fault.Conflict if the name is taken.
func (s *Service) Freeze(ctx context.Context, who access.Actor, f Freezing) (Snapshot, error) {
	return s.freeze(ctx, who, f, s.latest)
}

// FreezeAt freezes a cohort as it was known before an instant of the past, for a
// school that is built with its past. That is sound as long as nothing can become
// known before that instant any more: published events are known from now on, so
// an instant that has not come is refused (fault.Conflict). Otherwise as Freeze.
func (s *Service) FreezeAt(ctx context.Context, who access.Actor, f Freezing, known calendar.Instant) (Snapshot, error) {
	return s.freeze(ctx, who, f, func(context.Context) (calendar.Instant, error) {
		if known > s.Now()+1 {
			return 0, fault.Conflictf("known_at", "冻结时点 %s 还没有到，之前还会有新的登记，不能冻结", known)
		}
		return known, nil
	})
}

// latest is later than everything that can be known by now: the present
// millisecond, and what was published while an earlier snapshot's K was still to come.
func (s *Service) latest(ctx context.Context) (calendar.Instant, error) {
	earlier, err := s.Store.Snapshots(ctx)
	k := s.Now()
	for i := range earlier {
		k = max(k, earlier[i].Cut.Known)
	}
	return k + 1, err
}

func (s *Service) freeze(ctx context.Context, who access.Actor, f Freezing, known func(context.Context) (calendar.Instant, error)) (Snapshot, error) {
	if err := school(who, access.Freeze); err != nil {
		return Snapshot{}, err
	}
	d, err := f.define()
	if err != nil {
		return Snapshot{}, err
	}
	snap := Snapshot{Name: f.Name, Cohort: f.Cohort, Definition: d.ID, Version: d.Version, FrozenBy: who.Account}
	seals := &sealer{s.Vault, f.Name, map[string]heldSeal{}}
	// Once outside: the ciphers' work is done, and the arrays are warm, before
	// the writers have to wait. Inside only what changed meanwhile is left to do.
	if _, _, err := s.take(ctx, &snap, f.AsOf, known, seals); err != nil {
		return Snapshot{}, err
	}
	err = s.Store.FreezeTx(ctx, func(ctx context.Context) error {
		people, rows, err := s.take(ctx, &snap, f.AsOf, known, seals)
		if err != nil {
			return err
		}
		if snap.SHA256, err = snap.sum(people); err != nil {
			return err
		}
		if err := s.Store.SaveSnapshot(ctx, snap, rows); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, "snapshot.freeze", snap.Name, map[string]string{
			"cohort": snap.Cohort, "people": strconv.Itoa(snap.People), "sha256": snap.SHA256})
	})
	if err != nil {
		return Snapshot{}, err
	}
	s.settled(ctx, audit.Frozen)
	return snap, nil
}

// take counts the people as they are known by now and notes the cut.
func (s *Service) take(ctx context.Context, snap *Snapshot, asOf calendar.When, known func(context.Context) (calendar.Instant, error), seals *sealer) ([]indicator.PersonRow, []Row, error) {
	k, err := known(ctx)
	if err != nil {
		return nil, nil, err
	}
	snap.Cut, snap.FrozenAt = calendar.Cut{True: k, Known: k}, k
	if !asOf.IsZero() {
		snap.Cut.True = asOf.For(snap.Cohort)
	}
	snap.CodeVersions = s.Book().Versions()
	counted, err := s.Counter.Rows(ctx, snap.query())
	if err != nil {
		return nil, nil, err
	}
	if len(counted) == 0 {
		return nil, nil, fault.Invalidf("cohort", "%s 届在这个时点没有纳入统计的毕业生，没有可冻结的内容；请检查届别和时点", snap.Cohort)
	}
	snap.People = len(counted)
	return seals.rows(counted)
}
