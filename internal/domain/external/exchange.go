package external

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
)

// Kind is what imports and exports of the ledger are called.
const Kind = "external-figures"

// mostRows is how many rows a file may have.
const mostRows = 5000

// ImportOptions say how a file is taken.
type ImportOptions struct {
	Cohort   string // of rows that name none
	DryRun   bool
	Progress func(done, total int64)
}

// needed are the columns that a file must have.
var needed = [][]string{{"key"}, {"title"}, {"value"}, {"unit"}, {"subject"}, {"source"}, {"issuer"}, {"dated"}}

// fieldsOf are the fields of a content by the name of their column.
func fieldsOf(c *Content) map[string]*string {
	return map[string]*string{"title": &c.Title, "value": &c.Value, "unit": &c.Unit, "k": &c.K, "n": &c.N, "subject": &c.Subject, "source": &c.Source,
		"issuer": &c.Issuer, "page": &c.Page, "dated": &c.Dated, "method": &c.Method, "replies": &c.Replies}
}

// Import enters the figures of a file, whole or not at all: those that say something new,
// each to be checked by another person. A document that nobody entered before is taken.
//
// Errors: fault.Forbidden; fault.Usage when the file cannot be taken as a whole.
func (s *Service) Import(ctx context.Context, who access.Actor, file exchange.File, o ImportOptions) (exchange.Report, error) {
	if err := may(who, access.EditReports); err != nil {
		return exchange.Report{}, err
	}
	reading, err := exchange.Begin(ctx, file, s.Book(), exchange.Columns(exchange.Externals), needed...)
	if err != nil {
		return exchange.Report{}, err
	}
	defer reading.Close()
	var lines []exchange.Line
	if err := reading.Chunks(ctx, 500, o.Progress, func(some []exchange.Line) error {
		if lines = append(lines, some...); len(lines) > mostRows {
			return fault.Usagef("file", "外部数据一次最多导入 %d 行，请分成几个文件", mostRows)
		}
		return nil
	}); err != nil {
		return exchange.Report{}, err
	}
	var out exchange.Report
	if o.DryRun {
		l, err := s.Store.ExternalEntries(ctx)
		if err != nil {
			return out, err
		}
		return s.plan(reading, lines, l, o).report, nil
	}
	err = s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.Await(ctx, "external"); err != nil {
			return err
		}
		l, err := s.Store.ExternalEntries(ctx)
		if err != nil {
			return err
		}
		p := s.plan(reading, lines, l, o)
		if out = p.report; p.report.Refused > 0 || len(p.entries) == 0 {
			return nil
		}
		return s.keep(ctx, who, l, p)
	})
	return out, err
}

func (s *Service) keep(ctx context.Context, who access.Actor, l Ledger, p *planned) error {
	now := s.Now()
	for i := range p.entries {
		e := &p.entries[i]
		e.No, e.At, e.Account = int64(len(l)+i)+1, now, who.Account
	}
	if err := s.Store.AddExternalEntries(ctx, p.entries); err != nil {
		return err
	}
	detail := map[string]string{"rows": strconv.Itoa(p.report.Rows)}
	for k, n := range p.report.Counts {
		detail[string(k)] = strconv.Itoa(n)
	}
	return s.Audit.Write(ctx, who, "external.import", Kind, detail)
}

// planned is what becomes of a file.
type planned struct {
	reading *exchange.Reading
	report  exchange.Report
	entries []Entry
	rows    map[[2]string]int // of a figure in the file
	known   []Figure          // of the ledger that the file does not name, and of the rows before
	today   calendar.Day
}

func (s *Service) plan(reading *exchange.Reading, lines []exchange.Line, l Ledger, o ImportOptions) *planned {
	p := &planned{reading: reading, rows: map[[2]string]int{}, today: calendar.DayOf(s.Now()),
		report: exchange.Report{DryRun: o.DryRun, Rows: len(lines), Counts: map[exchange.Kind]int{}}}
	for _, h := range append(reading.Unknown, reading.Ignored...) {
		p.report.Note(exchange.Difference{Kind: exchange.Noted, Field: h, Text: "不认识这一列，未读取"})
	}
	named := map[[2]string]bool{}
	for _, line := range lines {
		named[keyOf(line, o)] = true
	}
	p.known = slices.DeleteFunc(l.Figures(""), func(f Figure) bool { return named[[2]string{f.Cohort, f.Key}] })
	for _, line := range lines {
		for _, x := range line.Refusals {
			p.report.Refuse(x)
		}
		for _, n := range line.Notes {
			p.report.Note(n)
		}
		if len(line.Refusals) == 0 {
			p.row(line, l, o)
		}
	}
	return p
}

func keyOf(line exchange.Line, o ImportOptions) [2]string {
	cohort := line.Values["cohort"]
	if cohort == "" {
		cohort = o.Cohort
	}
	return [2]string{cohort, line.Values["key"]}
}

// row plans one figure; what the ledger says already is entered once.
func (p *planned) row(line exchange.Line, l Ledger, o ImportOptions) {
	key := keyOf(line, o)
	now, there := l.Find(key[0], key[1])
	e := Entering{Cohort: key[0], Key: key[1], Content: now.Content}
	for field, to := range fieldsOf(&e.Content) {
		if v, said := line.Values[field]; said {
			*to = v
		}
	}
	err := e.check(p.today)
	if first, twice := p.rows[key]; err == nil && twice {
		err = fault.Invalidf("key", "与第 %d 行重复，请删去多余的一行", first)
	}
	if err == nil {
		err = checkSource(&e.Content, sourcesOf(p.known), true)
	}
	if f := (*fault.Fault)(nil); errors.As(err, &f) {
		value := line.Values[f.Field]
		if f.Field == "cohort" {
			value = key[0]
		}
		p.report.Refuse(p.reading.Refusal(line.Number, f.Field, value, "%s", f.Message))
		return
	}
	p.rows[key] = line.Number
	name := e.Cohort + " " + e.Key
	if there && now.Stands() && now.Content == e.Content {
		p.known = append(p.known, now)
		p.report.NoteAll(exchange.Same)
		return
	}
	p.near(line, &e)
	p.known = append(p.known, Figure{Cohort: e.Cohort, Key: e.Key, Content: e.Content, State: Entered})
	d := exchange.Difference{Row: line.Number, Who: name, Field: e.Title, After: e.Text(), Text: "待复核"}
	kind := exchange.Added
	if there {
		kind, d.Before = exchange.Changed, now.Text()
	}
	p.report.NoteAll(kind, d)
	p.entries = append(p.entries, Entry{Cohort: e.Cohort, Key: e.Key, Step: Entered, Content: e.Content})
}

// near notes a new title that is nearly one that is known.
func (p *planned) near(line exchange.Line, e *Entering) {
	for _, s := range sourcesOf(p.known) {
		if s.Title == e.Source {
			return
		}
	}
	for _, s := range sourcesOf(p.known) {
		if alike(s.Title, e.Source) {
			p.report.Note(exchange.Difference{Kind: exchange.Noted, Row: line.Number, Field: "来源文件", Text: "《" + e.Source + "》与已有的《" + s.Title + "》相近；是同一份文件请写成同一个名称"})
			return
		}
	}
}

// Export yields the figures that stand in the columns that Import reads: header and rows.
type Export struct {
	Header  []string
	service *Service
	who     access.Actor
	columns []exchange.Column
}

// Export prepares it; importing the file again changes nothing. Error: fault.Forbidden.
func (s *Service) Export(who access.Actor) (*Export, error) {
	if err := may(who, access.ReadReports); err != nil {
		return nil, err
	}
	e := &Export{service: s, who: who, columns: exchange.Columns(exchange.Externals)}
	for _, c := range e.columns {
		e.Header = append(e.Header, c.Title)
	}
	return e, nil
}

// Rows calls fn with one row after another, by cohort, the newest first, after it wrote
// down that somebody exports.
func (e *Export) Rows(ctx context.Context, fn func(cells []string) error) error {
	s := e.service
	if err := s.Store.InTx(ctx, func(ctx context.Context) error { return s.Audit.Write(ctx, e.who, "external.export", Kind, nil) }); err != nil {
		return err
	}
	l, err := s.Store.ExternalEntries(ctx)
	if err != nil {
		return err
	}
	for _, f := range l.Figures("") {
		if !f.Stands() {
			continue
		}
		values := fieldsOf(&f.Content)
		values["cohort"], values["key"] = &f.Cohort, &f.Key
		cells := make([]string, len(e.columns))
		for i, c := range e.columns {
			cells[i] = *values[c.Field]
		}
		if err := fn(cells); err != nil {
			return err
		}
	}
	return nil
}
