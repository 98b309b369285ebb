package transfer

import (
	"cmp"
	"context"
	"strconv"
	"sync"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/destination/scrutiny"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
)

// Owners of a row that are no graduate.
const (
	unknown   = ""
	twoPeople = "\x00"
)

// survey reads the file for its numbers only: whose each row is, and how many
// rows a graduate has. Rows of one graduate may stand anywhere in the file.
func (p *pass) survey(ctx context.Context, f exchange.File) error {
	p.owners, p.rowsOf = nil, map[string]int{}
	var rows []exchange.Values
	look := func(ctx context.Context) error {
		ids, err := p.owner(ctx, rows)
		for _, id := range ids {
			p.owners = append(p.owners, id)
			p.rowsOf[id]++
		}
		rows = rows[:0]
		return err
	}
	return p.rows(ctx, f, half{columns: exchange.Numbers(), needs: p.needs[:1]}, func(_ int, l exchange.Line) error {
		rows = append(rows, exchange.Values{"student_no": l.Values["student_no"], "exam_no": l.Values["exam_no"]})
		if len(rows) < chunkSize {
			return nil
		}
		return look(ctx)
	}, look)
}

// owner returns the graduate of each row.
func (p *pass) owner(ctx context.Context, rows []exchange.Values) ([]string, error) {
	people, err := findPeople(ctx, p.Store, p.within, rows)
	if err != nil {
		return nil, err
	}
	out := make([]string, len(rows))
	for i, v := range rows {
		a, b := people.student[v["student_no"]], people.exam[v["exam_no"]]
		switch id := cmp.Or(b.ID, a.ID); {
		case a.ID != "" && b.ID != "" && a.ID != b.ID:
			out[i] = twoPeople
		case p.Cohort != "" && id != "" && people.byID[id].Attrs.Value(history.Cohort) != p.Cohort:
			out[i] = unknown
		default:
			out[i] = id
		}
	}
	return out, nil
}

// people are graduates by what names them.
type people struct {
	student, exam, byID map[string]roster.Graduate
}

// findPeople returns the graduates within the scope whom the rows' numbers name.
func findPeople(ctx context.Context, s destination.Store, within access.Scope, rows []exchange.Values) (people, error) {
	var studentNos, examNos []string
	for _, v := range rows {
		if n := v["student_no"]; n != "" {
			studentNos = append(studentNos, n)
		}
		if n := v["exam_no"]; n != "" {
			examNos = append(examNos, n)
		}
	}
	out := people{map[string]roster.Graduate{}, map[string]roster.Graduate{}, map[string]roster.Graduate{}}
	if len(studentNos)+len(examNos) == 0 {
		return out, nil
	}
	list, err := s.GraduatesByNumber(ctx, within, studentNos, examNos)
	for _, g := range list {
		out.byID[g.ID] = g
		if g.StudentNo != "" {
			out.student[g.StudentNo] = g
		}
		if g.ExamNo != "" {
			out.exam[g.ExamNo] = g
		}
	}
	return out, err
}

// stranger says why a row is nobody's.
func (p *pass) stranger(l exchange.Line, id string) exchange.Refusal {
	field := "exam_no"
	if l.Values["student_no"] != "" || !p.reading.Has(field) {
		field = "student_no"
	}
	switch n := numberOf(l.Values); {
	case id == twoPeople:
		return p.reading.Refusal(l.Number, field, n, "学号和考生号（%s）属于两名毕业生，请核对后只填对的一个", l.Values["exam_no"])
	case n == "":
		return p.reading.Refusal(l.Number, field, "", "没有学号也没有考生号，请补上其中一个")
	case p.Cohort != "":
		return p.reading.Refusal(l.Number, field, n, "%s 届生源中没有这名毕业生，请核对号码和届别，或先导入生源", p.Cohort)
	default:
		return p.reading.Refusal(l.Number, field, n, "生源中没有这名毕业生，请核对号码，或先导入生源")
	}
}

func numberOf(v exchange.Values) string { return cmp.Or(v["student_no"], v["exam_no"]) }

func number(n int) string { return strconv.Itoa(n) }

// titles are the column titles of the payload fields, by field.
var titles = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for _, c := range exchange.Columns(exchange.Destination) {
		out[c.Field] = c.Title // the last of a pair is the one without 代码
	}
	return out
})

// claimOf reads a row as a claim. A blank value in the row means: empty it.
func claimOf(book *codes.Book, l exchange.Line, code string) Claim {
	c, _ := book.Resolve("destination", "", code)
	out := Claim{Row: l.Number, Scheme: c.Scheme, Code: c.Code, TrueOn: calendar.Day(l.Values["true_on"]), Fields: history.Fields{}}
	for k, v := range l.Values {
		if k == "code" || k == "true_on" || titles()[k] == "" { // no title: of the person
			continue
		}
		if v == "" {
			v = history.Emptied
		}
		if !out.Counts.Put(k, v) {
			out.Fields[k] = v
		}
	}
	// Of further study the ministry's 单位名称 names the school.
	if n := out.Fields["employer_name"]; n != "" && destination.DomesticStudy(book, c.Scheme, c.Code) {
		if school := out.Fields["school_name"]; school == "" || plainText(school) == plainText(n) {
			out.Fields["school_name"] = n
			delete(out.Fields, "employer_name")
		}
	}
	return out
}

// flush plans the chunk and stages what the plans come to.
func (p *pass) flush(ctx context.Context) error {
	chunk := p.chunk
	p.chunk = nil
	if len(chunk) == 0 || p.report.Refused > 0 && len(p.report.Refusals) == exchange.MaxLines {
		return nil
	}
	known, err := p.histories(ctx, chunk)
	if err != nil {
		return err
	}
	claims, masters, err := p.claims(ctx, chunk)
	if err != nil {
		return err
	}
	var events []history.Event
	var left []destination.Imported
	plan := p.planner(masters)
	for i, o := range chunk {
		subject, err := p.subject(ctx, o, known)
		if err != nil {
			return err
		}
		out := plan.Plan(subject, claims[i])
		p.take(o, known.people[o.graduate], out)
		if len(out.Events) == 0 || p.report.Refused > 0 {
			continue
		}
		g := known.people[o.graduate]
		for _, e := range out.Effects {
			left = append(left, destination.Imported{Graduate: g, Case: e.Case, Change: e.Change, Content: e.Content, Batch: p.batch})
		}
		events = append(events, out.Events...)
	}
	return p.stage(ctx, events, left)
}

// claims reads the rows of each owner, and the master records of the units that
// they name.
func (p *pass) claims(ctx context.Context, chunk []owned) ([][]Claim, destination.Masters, error) {
	claims := make([][]Claim, len(chunk))
	var contents []history.Content
	for i, o := range chunk {
		for _, l := range o.rows {
			c := claimOf(p.book, l, p.code(l.Values))
			claims[i], contents = append(claims[i], c), append(contents, history.Content{Fields: c.Fields})
		}
	}
	if p.Source == SourceDraft { // a proposal copies when it becomes effective
		contents = nil
	}
	masters, err := destination.LoadMasters(ctx, p.Store, p.book, contents...)
	return claims, masters, err
}

// stage asks the audit rules, then seals and keeps the events of a chunk.
// Nobody's profile is staged, so that no newer one is overwritten.
func (p *pass) stage(ctx context.Context, events []history.Event, left []destination.Imported) error {
	if p.report.Refused > 0 || len(events) == 0 {
		return nil
	}
	p.events += len(events)
	if p.Notes != nil && p.Source != SourceDraft {
		notes, err := p.Notes(ctx, left)
		if err != nil {
			return err
		}
		p.remember(notes, left)
	}
	if p.DryRun {
		return nil
	}
	for i := range events {
		if err := events[i].Seal(p.Vault); err != nil {
			return err
		}
	}
	return p.Store.Stage(ctx, p.batch, nil, events)
}

// note is a finding that waits to be published, small: 200,000 rows leave as many.
type note struct {
	graduate, kase, change, rule, message, answer string
	severity                                      scrutiny.Severity
}

// remember lists what the rules found and keeps it for publishing.
func (p *pass) remember(found []destination.Finding, left []destination.Imported) {
	numbers := make(map[string]string, len(left))
	for _, l := range left {
		numbers[l.Graduate.ID] = cmp.Or(l.Graduate.StudentNo, l.Graduate.ExamNo)
	}
	for _, f := range found {
		p.report.Note(exchange.Difference{Kind: exchange.Noted, Who: numbers[f.Graduate], Text: f.Rule + " " + f.Message})
		if p.texts == nil {
			p.texts = map[string]string{}
		}
		text, ok := p.texts[f.Message]
		if !ok {
			text, p.texts[f.Message] = f.Message, f.Message
		}
		p.notes = append(p.notes, note{f.Graduate, f.Case, f.Change, f.Rule, text, f.Answer, f.Severity})
	}
}

// findings are the notes as they are kept.
func (p *pass) findings(list []note, at calendar.Instant) []destination.Finding {
	out := make([]destination.Finding, len(list))
	for i, n := range list {
		out[i] = destination.Finding{ID: p.NewID(), Graduate: n.graduate, Case: n.kase, Change: n.change, Rule: n.rule,
			Severity: n.severity, Message: n.message, Answer: n.answer, At: at, Batch: p.batch}
	}
	return out
}

func (p *pass) planner(m destination.Masters) *Planner {
	return &Planner{Source: p.Source, TrueFrom: p.TrueFrom, Today: calendar.DayOf(p.Now()), Actor: p.who.Account, Batch: p.batch,
		Book: p.book, Masters: m, NewID: p.NewID, Seen: p.seen}
}

// histories are the people of a chunk with what is known of them.
type histories struct {
	people map[string]roster.Graduate
	events map[string][]history.Event // sealed
}

func (p *pass) histories(ctx context.Context, chunk []owned) (histories, error) {
	ids := make([]string, len(chunk))
	for i, o := range chunk {
		ids[i] = o.graduate
	}
	return readHistories(ctx, p.Store, p.within, ids)
}

func readHistories(ctx context.Context, s destination.Store, within access.Scope, ids []string) (histories, error) {
	out := histories{people: make(map[string]roster.Graduate, len(ids))}
	list, err := s.GraduatesByID(ctx, within, ids)
	if err != nil {
		return out, err
	}
	for _, g := range list {
		out.people[g.ID] = g
	}
	out.events, err = s.Histories(ctx, within, ids)
	return out, err
}

// subject is what the plan needs to know of the owner of rows.
func (p *pass) subject(ctx context.Context, o owned, known histories) (Subject, error) {
	g := known.people[o.graduate]
	s := Subject{ID: g.ID, Number: cmp.Or(g.StudentNo, g.ExamNo), Cohort: cmp.Or(g.Attrs.Value(history.Cohort), p.Cohort),
		Events: known.events[g.ID]}
	for _, l := range o.rows {
		s.GraduationDay = cmp.Or(s.GraduationDay, exchange.LastDay(l.Values["graduation_day"]))
	}
	s.GraduationDay = cmp.Or(s.GraduationDay, exchange.LastDay(g.Profile["graduation_day"]))
	for i := range s.Events {
		if err := s.Events[i].Unseal(p.Vault); err != nil {
			return s, err
		}
	}
	var err error
	s.Locks, err = p.locksOf(ctx, s.Cohort)
	return s, err
}

// locksOf returns the released snapshots of a cohort.
func (p *pass) locksOf(ctx context.Context, cohort string) ([]destination.Lock, error) {
	locks, ok := p.locks[cohort]
	if !ok {
		var err error
		if locks, err = p.Store.Locks(ctx, cohort); err != nil {
			return nil, err
		}
		p.locks[cohort] = locks
	}
	return locks, nil
}

// take puts what a plan says into the report.
func (p *pass) take(o owned, g roster.Graduate, out Plan) {
	for _, x := range out.Refusals {
		r := p.reading.Refusal(x.Row, "true_on", x.Value, "%s", x.Message)
		if r.Column == "true_on" { // the file has another column for the day
			r.Column = titles()["true_on"]
		}
		p.refuse(r)
	}
	for _, d := range out.Differences {
		p.report.Note(d)
	}
	for _, d := range out.Assumed {
		if d.Text == AssumedSigning {
			p.signed++
			continue
		}
		p.report.Note(d)
	}
	for _, l := range o.rows {
		if n := l.Values["name"]; n != "" && plainText(n) != plainText(g.Name) {
			p.report.Note(exchange.Difference{Kind: exchange.Noted, Row: l.Number, Who: numberOf(l.Values), Field: "姓名",
				Before: g.Name, After: n, Text: "姓名与生源库不一致，请核对号码是否填错行"})
		}
	}
}
