// Package reference takes what a school keeps up to date by itself: minimum
// wages, institutions, and its own codes and mappings.
//
// A file is taken whole or not at all, and a code that the tables would refuse
// never gets in.
package reference

import (
	"context"
	"strconv"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
)

// Kind of a reference file, as the command line names it.
type Kind string

// The kinds.
const (
	MinimumWages Kind = "minimum-wages" // 最低工资标准
	Institutions Kind = "institutions"  // 院校
	Codes        Kind = "codes"         // 代码与对照
)

// Wage is a minimum wage with where it was found (来源、文号).
type Wage struct {
	codes.MinimumWage
	Source string
}

// Store keeps reference data. It is the school's, not a person's: no scope.
type Store interface {
	codes.Store
	// Wages returns all minimum wages, by region and day.
	Wages(ctx context.Context) ([]Wage, error)
	// SaveMinimumWages adds rows or replaces them by region and day.
	SaveMinimumWages(ctx context.Context, list []codes.MinimumWage, source string) error
}

// Service holds the verbs. Every field is needed.
type Service struct {
	Store Store
	Audit audit.Log
	Book  func() *codes.Book
	// Reload makes the program use codes that were just kept.
	Reload func(ctx context.Context) error
}

// ImportOptions say how a reference file is taken.
type ImportOptions struct {
	DryRun   bool
	Progress func(done, total int64)
}

// planner turns the rows of one kind of file into what is to be kept.
type planner interface {
	// row plans one row.
	row(l exchange.Line)
	// finish looks at the file as a whole, after the last row.
	finish() error
	// keep saves inside a transaction; it reports whether there was anything.
	keep(ctx context.Context) error
	changed() bool
}

// chunk is how many rows are read at a time.
const chunk = 500

// Import takes a reference file.
//
// Errors: fault.Forbidden; fault.Usage for an unknown kind, or when the file
// cannot be taken as a whole; fault.Conflict when others changed the codes at
// the same time.
func (s *Service) Import(ctx context.Context, who access.Actor, kind Kind, file exchange.File, opts ImportOptions) (exchange.Report, error) {
	form, err := formOf(kind)
	if err != nil {
		return exchange.Report{}, err
	}
	if err := who.May(form.permission); err != nil {
		return exchange.Report{}, err
	}
	reading, err := exchange.Begin(ctx, file, s.Book(), exchange.Columns(form.group), form.needs...)
	if err != nil {
		return exchange.Report{}, err
	}
	defer reading.Close()
	t := newTally(reading, opts.DryRun)
	p, err := form.plan(ctx, s, t)
	if err != nil {
		return exchange.Report{}, err
	}
	if err := reading.Chunks(ctx, chunk, opts.Progress, func(lines []exchange.Line) error {
		t.report.Rows += len(lines)
		for _, l := range lines {
			if t.usable(l) {
				p.row(l)
			}
		}
		return nil
	}); err != nil {
		return exchange.Report{}, err
	}
	if err := p.finish(); err != nil {
		return exchange.Report{}, err
	}
	if t.report.Refused > 0 || opts.DryRun || !p.changed() {
		return t.report, nil
	}
	return t.report, s.keep(ctx, who, kind, t, p)
}

// keep saves what was planned and writes it down.
func (s *Service) keep(ctx context.Context, who access.Actor, kind Kind, t *tally, p planner) error {
	detail := map[string]string{"rows": strconv.Itoa(t.report.Rows)}
	for k, n := range t.report.Counts {
		detail[string(k)] = strconv.Itoa(n)
	}
	err := s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := p.keep(ctx); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, "reference.import", string(kind), detail)
	})
	if err != nil {
		return err
	}
	return s.Reload(ctx)
}

// form is what differs between the kinds.
type form struct {
	permission access.Permission
	group      exchange.Group
	needs      [][]string
	plan       func(ctx context.Context, s *Service, t *tally) (planner, error)
	values     func(ctx context.Context, store Store) ([]exchange.Values, error) // what an export writes
}

var forms = map[Kind]form{
	MinimumWages: {access.ImportReference, exchange.Wages, [][]string{{"region"}, {"from"}, {"monthly"}}, planWages, wageValues},
	Institutions: {access.ImportReference, exchange.Institutions, [][]string{{"code"}, {"name"}}, planInstitutions, institutionValues},
	Codes:        {access.ManageCodes, exchange.Codes, [][]string{{"table"}, {"code"}}, planCodes, codeValues},
}

func formOf(kind Kind) (form, error) {
	f, ok := forms[kind]
	if !ok {
		return form{}, fault.Usagef("kind", "没有“%s”这种参考数据，可用的有 %s、%s、%s", kind, MinimumWages, Institutions, Codes)
	}
	return f, nil
}

// tally is the report as it grows, and where each thing stood first.
type tally struct {
	reading *exchange.Reading
	report  exchange.Report
	seen    map[string]int
}

func newTally(reading *exchange.Reading, dry bool) *tally {
	t := &tally{reading: reading, seen: map[string]int{}}
	t.report.DryRun, t.report.Counts = dry, map[exchange.Kind]int{}
	for _, h := range append(reading.Unknown, reading.Ignored...) {
		t.report.Note(exchange.Difference{Kind: exchange.Noted, Field: h, Text: "不认识这一列，未读取"})
	}
	return t
}

// usable passes on what the reading refused or noted.
func (t *tally) usable(l exchange.Line) bool {
	for _, x := range l.Refusals {
		t.report.Refuse(x)
	}
	for _, n := range l.Notes {
		t.report.Note(n)
	}
	return len(l.Refusals) == 0
}

func (t *tally) refuse(row int, field, value, format string, args ...any) {
	t.report.Refuse(t.reading.Refusal(row, field, value, format, args...))
}

// once refuses a second row about one thing.
func (t *tally) once(l exchange.Line, key, field, value string) bool {
	if row := t.seen[key]; row > 0 {
		t.refuse(l.Number, field, value, "与第 %d 行重复，请删去多余的一行", row)
		return false
	}
	t.seen[key] = l.Number
	return true
}

// tell reports what becomes of a row: nothing new without lines.
func (t *tally) tell(kind exchange.Kind, row int, who string, lines ...exchange.Difference) {
	for i := range lines {
		lines[i].Row, lines[i].Who = row, who
	}
	t.report.NoteAll(kind, lines...)
}
