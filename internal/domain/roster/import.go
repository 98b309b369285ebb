package roster

import (
	"cmp"
	"context"
	"strconv"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

// ImportOptions say how a roster file is taken.
type ImportOptions struct {
	Cohort   string       // 届别 of every row; blank: as the file says
	TrueFrom calendar.Day // since when what changes is so; blank: a correction
	Batch    string       // id to publish under; blank: a new one
	DryRun   bool         // only report what would change
	Progress func(done, total int64)
}

// chunk is how many rows are read, planned, encrypted and staged at a time, so
// that memory does not grow with the file.
const chunk = 500

// Import takes a roster file (生源) whole or not at all. Whoever is new is
// enrolled; of the others only what differs is kept, as person events where it
// is counted. Reading, planning and encrypting happen outside transactions;
// what was staged is published in one. A report with refusals changed nothing.
//
// Errors: fault.Forbidden; fault.Usage when the file cannot be taken as a whole;
// fault.Conflict when others changed the same graduates at the same time, twice.
func (s *Service) Import(ctx context.Context, who access.Actor, file exchange.File, opts ImportOptions) (exchange.Report, error) {
	if err := who.May(access.ImportRoster); err != nil {
		return exchange.Report{}, err
	}
	if err := opts.check(); err != nil {
		return exchange.Report{}, err
	}
	report, err := s.importOnce(ctx, who, file, opts)
	if fault.KindOf(err) == fault.Conflict { // somebody was quicker: plan again on what they left
		report, err = s.importOnce(ctx, who, file, opts)
	}
	return report, err
}

func (o ImportOptions) check() error {
	if o.Cohort != "" {
		if list, err := calendar.ParseCohorts(o.Cohort); err != nil || len(list) != 1 || list[0] != o.Cohort {
			return fault.Usagef("cohort", "届别“%s”读不出来，导入时请写一个四位年份，如 2024", o.Cohort)
		}
	}
	if o.TrueFrom != "" {
		if _, err := calendar.ParseDay(string(o.TrueFrom)); err != nil {
			return fault.Usagef("true_from", "起始日“%s”读不出来，请写成 2024-06-30 的样子", o.TrueFrom)
		}
	}
	return nil
}

// importing is one run over a file.
type importing struct {
	*Service
	who     access.Actor
	within  access.Scope
	opts    ImportOptions
	reading *exchange.Reading
	planner *planner
	report  exchange.Report
	seen    seen
	batch   string
	staged  bool // something lies in the batch
}

func (s *Service) importOnce(ctx context.Context, who access.Actor, file exchange.File, opts ImportOptions) (exchange.Report, error) {
	r, err := s.begin(ctx, who, file, opts)
	if err != nil {
		return exchange.Report{}, err
	}
	defer r.reading.Close()
	if !opts.DryRun {
		if err := s.Store.BeginBatch(ctx, Batch{ID: r.batch, Kind: "roster", Cohort: opts.Cohort, File: codes.MaskNumbers(file.Name()),
			FileSHA256: file.SHA256(), Account: who.Account, Started: s.Now()}); err != nil {
			return exchange.Report{}, err
		}
		defer func() {
			if r.report.Batch == "" {
				// Whatever happened, nothing stays behind; of a crash the store sweeps up.
				_ = s.Store.DropBatch(context.WithoutCancel(ctx), r.batch)
			}
		}()
	}
	if err := r.reading.Chunks(ctx, chunk, opts.Progress, func(lines []exchange.Line) error { return r.take(ctx, lines) }); err != nil {
		return exchange.Report{}, err
	}
	r.listUnits()
	if opts.DryRun || r.report.Refused > 0 || !r.staged {
		return r.report, nil
	}
	r.seen = seen{} // not looked at any more, and not small
	if err := r.publish(ctx); err != nil {
		return exchange.Report{}, err
	}
	r.report.Batch = r.batch
	return r.report, nil
}

// begin opens the file and looks at what it must have as a whole.
func (s *Service) begin(ctx context.Context, who access.Actor, file exchange.File, opts ImportOptions) (*importing, error) {
	reading, err := exchange.Begin(ctx, file, s.Book(), exchange.Columns(exchange.Person),
		[]string{"student_no", "exam_no"}, []string{"name"}, []string{"education"})
	if err != nil {
		return nil, err
	}
	if opts.Cohort == "" && !reading.Has("cohort") && !reading.Has("graduation_year") && !reading.Has("graduation_day") {
		reading.Close()
		return nil, fault.Usagef("cohort", "%s：看不出是哪一届，请在导入时指定届别（--cohort 2024），或在表中补上“届别”列", file.Name())
	}
	units, err := s.Store.Units(ctx)
	if err != nil {
		reading.Close()
		return nil, err
	}
	r := &importing{Service: s, who: who, within: who.Within(access.ImportRoster), opts: opts, reading: reading, seen: newSeen(),
		planner: &planner{book: s.Book(), units: newDirectory(units), opts: opts, newID: s.NewID}, batch: cmp.Or(opts.Batch, s.NewID())}
	r.report.DryRun = opts.DryRun
	r.report.Counts = map[exchange.Kind]int{}
	r.listHeaders()
	return r, nil
}

// publish moves what was staged into place, with the new units and one audit entry.
func (r *importing) publish(ctx context.Context) error {
	counts := map[string]int{"rows": r.report.Rows}
	for k, n := range r.report.Counts {
		counts[string(k)] = n
	}
	return r.Store.InTx(ctx, func(ctx context.Context) error {
		if err := addUnits(ctx, r.Store, r.planner.units.created); err != nil {
			return err
		}
		if _, err := r.Store.PublishBatch(ctx, r.batch, counts); err != nil {
			return err
		}
		detail := map[string]string{"cohort": r.opts.Cohort}
		for k, n := range counts {
			detail[k] = strconv.Itoa(n)
		}
		return r.Audit.Write(ctx, r.who, "roster.import", r.batch, detail)
	})
}

// listHeaders names the columns that are not read, so that nobody thinks they were.
func (r *importing) listHeaders() {
	for _, h := range r.reading.Unknown {
		r.report.Note(exchange.Difference{Kind: exchange.Noted, Field: h, Text: "不认识这一列，未读取"})
	}
	for _, h := range r.reading.Ignored {
		r.report.Note(exchange.Difference{Kind: exchange.Noted, Field: h, Text: "去向信息，导入生源时不读取"})
	}
}

// listUnits names the units that the import creates.
func (r *importing) listUnits() {
	for _, u := range r.planner.units.created {
		title := attributeTitle(history.Key(u.Kind))
		text := ""
		if parent := r.planner.units.byID[u.Parent].Name; parent != "" {
			text = "属于 " + parent
		}
		r.report.Note(exchange.Difference{Kind: exchange.Created, Who: u.Name, Field: title, Text: text})
	}
}
