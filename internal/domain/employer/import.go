package employer

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/ident"
)

// Service holds the verbs of the employers' master records. Every field is needed.
type Service struct {
	Store Store
	Audit audit.Log
	Book  func() *codes.Book
	NewID ident.Source
	Fill  Filler
}

// ImportOptions say how a file of master records is taken.
type ImportOptions struct {
	DryRun   bool
	Progress func(done, total int64)
}

// chunk is how many rows are read and planned at a time.
const chunk = 500

// kindOf says what of a file differs between the imports of this package.
type kindOf struct {
	name  string // of the batch and the command: employers, hospital-levels
	group exchange.Group
	needs [][]string
	take  func(p *plan, l exchange.Line)
}

var (
	employers      = kindOf{"employers", exchange.Employers, [][]string{{"name"}}, (*plan).employer}
	hospitalLevels = kindOf{"hospital-levels", exchange.HospitalLevels, [][]string{{"name", "credit_code"}, {"level"}}, (*plan).level}
)

// Import takes a file of employers (单位主数据) whole or not at all: new ones are
// added, of the others what differs is replaced; a blank cell keeps. Cases that
// copied a blank are then completed, and listed; what they copied stays.
//
// Errors: fault.Forbidden; fault.Usage when the file cannot be taken as a whole;
// fault.Conflict when others wrote the same records at the same time, twice.
func (s *Service) Import(ctx context.Context, who access.Actor, file exchange.File, opts ImportOptions) (exchange.Report, error) {
	return s.run(ctx, who, file, opts, employers)
}

// ImportLevels takes a file of hospital levels (医院等级) whole or not at all. A
// hospital that has no master record gets one. Cases are completed and errors
// given as by Import.
func (s *Service) ImportLevels(ctx context.Context, who access.Actor, file exchange.File, opts ImportOptions) (exchange.Report, error) {
	return s.run(ctx, who, file, opts, hospitalLevels)
}

func (s *Service) run(ctx context.Context, who access.Actor, file exchange.File, opts ImportOptions, kind kindOf) (exchange.Report, error) {
	if err := who.May(access.ImportReference); err != nil {
		return exchange.Report{}, err
	}
	report, err := s.once(ctx, who, file, opts, kind)
	if fault.KindOf(err) == fault.Conflict { // somebody was quicker: plan again on what they left
		report, err = s.once(ctx, who, file, opts, kind)
	}
	return report, err
}

func (s *Service) once(ctx context.Context, who access.Actor, file exchange.File, opts ImportOptions, kind kindOf) (exchange.Report, error) {
	reading, err := exchange.Begin(ctx, file, s.Book(), exchange.Columns(kind.group), kind.needs...)
	if err != nil {
		return exchange.Report{}, err
	}
	defer reading.Close()
	p := newPlan(s.Book(), s.NewID, reading)
	p.report.DryRun = opts.DryRun
	err = reading.Chunks(ctx, chunk, opts.Progress, func(lines []exchange.Line) error {
		p.report.Rows += len(lines)
		if err := s.look(ctx, p, lines); err != nil {
			return err
		}
		for _, l := range lines {
			if p.usable(l) {
				kind.take(p, l)
			}
		}
		return nil
	})
	if err != nil || p.report.Refused > 0 {
		return p.report, err
	}
	filling, err := s.Fill(ctx, who, kind.name, file, p.masters())
	if err != nil {
		return exchange.Report{}, err
	}
	for _, d := range filling.Differences {
		p.report.Note(d)
	}
	if opts.DryRun || !p.changed() && filling.Batch == "" {
		return p.report, filling.Drop(ctx)
	}
	if err := s.keep(ctx, who, kind, p, filling); err != nil {
		_ = filling.Drop(context.WithoutCancel(ctx)) // the first error is the one to tell
		return exchange.Report{}, err
	}
	p.report.Batch = filling.Batch
	return p.report, nil
}

// look reads the master records that the rows may mean.
func (s *Service) look(ctx context.Context, p *plan, lines []exchange.Line) error {
	var credit, names []string
	for _, l := range lines {
		if c := strings.ToUpper(l.Values["credit_code"]); c != "" {
			credit = append(credit, c)
		}
		if n := NameKey(l.Values["name"]); n != "" {
			names = append(names, n)
		}
	}
	if len(credit)+len(names) == 0 {
		return nil
	}
	found, err := s.Store.EmployersByKey(ctx, credit, names)
	if err != nil {
		return err
	}
	var ids []string
	for _, e := range found {
		if p.add(e) {
			ids = append(ids, e.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	levels, err := s.Store.HospitalLevels(ctx, ids)
	for _, l := range levels {
		p.levels[l.Employer] = append(p.levels[l.Employer], l)
	}
	return err
}

// keep saves the records, publishes the filling and writes the entry down.
func (s *Service) keep(ctx context.Context, who access.Actor, kind kindOf, p *plan, filling Filling) error {
	detail := map[string]string{"rows": strconv.Itoa(p.report.Rows)}
	for k, n := range p.report.Counts {
		detail[string(k)] = strconv.Itoa(n)
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		var list []Employer
		for _, id := range slices.Sorted(maps.Keys(p.dirty)) {
			list = append(list, p.byID[id])
		}
		if err := s.Store.SaveEmployers(ctx, list); err != nil {
			return err
		}
		if err := s.Store.SaveHospitalLevels(ctx, p.newLevels); err != nil {
			return err
		}
		if filling.Batch != "" {
			if err := filling.Publish(ctx); err != nil {
				return err
			}
		}
		return s.Audit.Write(ctx, who, "employer.import", kind.name, detail)
	})
}
