package transfer

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
)

// chunkSize is how many graduates are planned and staged at a time.
const chunkSize = 500

// Destinations takes a file of destinations: legacy and national ones count at
// once, draft ones are proposals that each graduate submits. A file with a
// refused row changes nothing; the report says which and why.
//
// Errors: fault.Forbidden; fault.Usage for a file or call that cannot be taken
// as a whole; fault.Conflict when others kept changing the same graduates.
func (s *Service) Destinations(ctx context.Context, who access.Actor, f exchange.File, opt Options) (exchange.Report, error) {
	if !slices.Contains([]string{history.SourceLegacy, history.SourceNational, SourceDraft}, opt.Source) {
		return exchange.Report{}, fault.Usagef("source", "请说明数据来源：--source legacy（历史数据）、national（国家系统）或 draft（代填，待本人提交）")
	}
	columns := append(exchange.Columns(exchange.Destination), identity()...)
	return s.run(ctx, who, f, job{Options: opt, kind: "destinations", columns: columns,
		needs: [][]string{{"student_no", "exam_no"}, {"code"}}, code: func(v exchange.Values) string { return v["code"] }})
}

// identity are the columns that say of whom a row speaks.
func identity() []exchange.Column {
	out := append(exchange.Numbers(), exchange.Field(exchange.Person, "name")...)
	return append(out, exchange.Field(exchange.Person, "graduation_day")...)
}

// job is one kind of import.
type job struct {
	Options
	kind    string
	columns []exchange.Column
	needs   [][]string
	code    func(exchange.Values) string // blank: the row is skipped
	seen    *history.Evidence
}

// check says what of the options cannot be read.
func (o Options) check() error {
	if list, err := calendar.ParseCohorts(o.Cohort); o.Cohort != "" && (err != nil || len(list) != 1) {
		return fault.Usagef("cohort", "届别“%s”读不出来，导入时请写一个四位年份，如 2024", o.Cohort)
	}
	if _, err := calendar.ParseDay(string(o.TrueFrom)); o.TrueFrom != "" && err != nil {
		return fault.Usagef("true_from", "起始日“%s”读不出来，请写成 2024-06-30 的样子", o.TrueFrom)
	}
	return nil
}

// run imports, once more if somebody else wrote to one of the graduates meanwhile.
func (s *Service) run(ctx context.Context, who access.Actor, f exchange.File, j job) (exchange.Report, error) {
	if err := cmp.Or(who.May(access.ImportCases), j.check()); err != nil {
		return exchange.Report{}, err
	}
	r, err := s.once(ctx, who, f, j)
	if fault.KindOf(err) == fault.Conflict {
		r, err = s.once(ctx, who, f, j)
	}
	return r, err
}

// pass is one reading of a file into a staged batch.
type pass struct {
	*Service
	job
	who     access.Actor
	within  access.Scope
	batch   string
	book    *codes.Book
	owners  []string       // graduate of each row; see survey
	rowsOf  map[string]int // rows of the file by graduate
	reading *exchange.Reading
	held    map[string][]held // rows of graduates who have more to come
	chunk   []owned
	locks   map[string][]destination.Lock // by cohort
	report  exchange.Report
	signed  int // rows dated by 签约日期
	events  int
	notes   []note
	texts   map[string]string // of notes, each once
	fields  []string          // in the order in which held rows are packed
}

// held is a row that waits, packed small: a file may hold two rows of each of
// 100,000 graduates.
type held struct {
	row    int
	packed string
}

// owned are all rows of one graduate.
type owned struct {
	graduate string
	rows     []exchange.Line
}

func (s *Service) once(ctx context.Context, who access.Actor, f exchange.File, j job) (exchange.Report, error) {
	p := &pass{Service: s, job: j, who: who, within: who.Within(access.ImportCases), batch: cmp.Or(j.Batch, s.NewID()), book: s.Book(),
		held: map[string][]held{}, locks: map[string][]destination.Lock{}, report: exchange.Report{DryRun: j.DryRun}}
	if err := p.survey(ctx, f); err != nil {
		return p.report, err
	}
	if !j.DryRun {
		err := s.Store.BeginBatch(ctx, roster.Batch{ID: p.batch, Kind: j.kind, Cohort: j.Cohort, Source: j.Source,
			File: codes.MaskNumbers(f.Name()), FileSHA256: f.SHA256(), Account: who.Account, Started: s.Now()})
		if err != nil {
			return p.report, err
		}
	}
	err := p.read(ctx, f)
	p.sumUp()
	if err == nil && !j.DryRun && p.report.Refused == 0 && p.events > 0 {
		if err = p.publish(ctx); err == nil {
			p.report.Batch = p.batch
			return p.report, nil
		}
	}
	if !j.DryRun {
		err = errors.Join(err, s.Store.DropBatch(context.WithoutCancel(ctx), p.batch))
	}
	return p.report, err
}

// sumUp notes in one line what most rows of a usual file have in common.
func (p *pass) sumUp() {
	if p.signed == 0 {
		return
	}
	p.report.Note(exchange.Difference{Kind: exchange.Assumed, Field: titles()["true_on"],
		Text: AssumedSigning + "：" + number(p.signed) + " 行没有落实起始日"})
	p.report.Counts[exchange.Assumed] += p.signed - 1
}

// read takes the rows; each graduate is planned when their last row is there.
func (p *pass) read(ctx context.Context, f exchange.File) error {
	return p.rows(ctx, f, half{p.columns, p.needs, 1}, func(i int, l exchange.Line) error {
		p.report.Rows++
		for _, n := range l.Notes {
			p.report.Note(n)
		}
		id := p.owners[i]
		switch {
		case len(l.Refusals) > 0:
			p.refuse(l.Refusals...)
		case id == unknown || id == twoPeople:
			p.refuse(p.stranger(l, id))
		case p.code(l.Values) == "":
			p.report.Note(exchange.Difference{Kind: exchange.Skipped, Row: l.Number, Who: numberOf(l.Values), Text: "没有去向代码，未导入"})
		default:
			if x, ok := p.refusedCode(l); !ok {
				p.refuse(x)
				break
			}
			p.keep(id, l)
		}
		if id != unknown && id != twoPeople {
			p.release(id)
		}
		if len(p.chunk) < chunkSize {
			return nil
		}
		return p.flush(ctx)
	}, p.flush)
}

// half is one of the two readings of a file: what it reads of each row, and how
// much of the progress lies behind it.
type half struct {
	columns []exchange.Column
	needs   [][]string
	part    int64
}

// rows reads the file from its header to its end.
func (p *pass) rows(ctx context.Context, f exchange.File, h half, take func(i int, l exchange.Line) error, end func(context.Context) error) error {
	r, err := exchange.Begin(ctx, f, p.book, h.columns, h.needs...)
	if err != nil {
		return err
	}
	defer r.Close()
	p.reading = r
	for i := 0; ; i++ {
		l, err := r.Next()
		if errors.Is(err, io.EOF) {
			return end(ctx)
		}
		if err != nil {
			return err
		}
		if err := take(i, l); err != nil {
			return err
		}
		if p.Progress != nil && i%chunkSize == 0 {
			done, total := r.Progress()
			p.Progress(done+h.part*total, 2*total)
		}
	}
}

func (p *pass) refuse(list ...exchange.Refusal) {
	for _, x := range list {
		p.report.Refuse(x)
	}
}

// keep holds a row until the graduate's last one is read: each value behind the
// number of its field.
func (p *pass) keep(id string, l exchange.Line) {
	var b strings.Builder
	for k, v := range l.Values {
		i := slices.Index(p.fields, k)
		if i < 0 {
			i, p.fields = len(p.fields), append(p.fields, k)
		}
		b.WriteString(string(rune(i+1)) + v + "\x00") // 0 stands between values
	}
	p.held[id] = append(p.held[id], held{l.Number, b.String()})
}

// release counts a row of the graduate as read and hands over what was held
// when it was the last.
func (p *pass) release(id string) {
	p.rowsOf[id]--
	if p.rowsOf[id] > 0 || len(p.held[id]) == 0 {
		return
	}
	o := owned{graduate: id}
	for _, h := range p.held[id] {
		l := exchange.Line{Number: h.row, Values: exchange.Values{}}
		for part := range strings.SplitSeq(strings.TrimSuffix(h.packed, "\x00"), "\x00") {
			i, n := utf8.DecodeRuneInString(part)
			l.Values[p.fields[i-1]] = part[n:]
		}
		o.rows = append(o.rows, l)
	}
	delete(p.held, id)
	p.chunk = append(p.chunk, o)
}

// refusedCode reports that the row's code can be registered, or says why not.
func (p *pass) refusedCode(l exchange.Line) (exchange.Refusal, bool) {
	c, ok := p.book.Resolve("destination", "", p.code(l.Values))
	if ok && c.Fields["refused"] == "" {
		return exchange.Refusal{}, true
	}
	why := c.Fields["refused"]
	if !ok {
		why = "毕业去向代码表中没有这个代码，请改填表中的代码，或由管理员先新增或对照"
	}
	return p.reading.Refusal(l.Number, "code", p.code(l.Values), "%s", why), false
}

// publish moves what was staged into place, with the findings and one audit entry.
func (p *pass) publish(ctx context.Context) error {
	counts := map[string]int{"rows": p.report.Rows}
	detail := map[string]string{"kind": p.kind, "source": p.Source, "events": number(p.events), "notes": number(len(p.notes))}
	for k, n := range p.report.Counts {
		counts[string(k)], detail[string(k)] = n, number(n)
	}
	return p.Store.InTx(ctx, func(ctx context.Context) error {
		at, err := p.Store.PublishBatch(ctx, p.batch, counts)
		if err != nil {
			return err
		}
		for part := range slices.Chunk(p.notes, chunkSize) {
			if err := p.Store.SaveFindings(ctx, p.findings(part, at)); err != nil {
				return err
			}
		}
		return p.Audit.Write(ctx, p.who, "destination.import", p.batch, detail)
	})
}
