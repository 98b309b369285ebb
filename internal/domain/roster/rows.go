package roster

import (
	"context"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/history"
)

// seen remembers in which row of the file a number, or a graduate, stood first.
type seen struct{ students, exams, graduates map[string]int32 }

func newSeen() seen {
	return seen{students: map[string]int32{}, exams: map[string]int32{}, graduates: map[string]int32{}}
}

// first notes the row and returns the earlier one that had the key; 0 if none.
func first(in map[string]int32, key string, row int) int {
	if key == "" {
		return 0
	}
	if at, ok := in[key]; ok {
		return int(at)
	}
	in[strings.Clone(key)] = int32(row) // the row's own text would keep its whole chunk alive
	return 0
}

// take plans a chunk of rows and stages what they change.
func (r *importing) take(ctx context.Context, lines []exchange.Line) error {
	r.report.Rows += len(lines)
	usable := lines[:0:0]
	for _, l := range lines {
		if r.usable(l) {
			usable = append(usable, l)
		}
	}
	there, err := r.look(ctx, usable)
	if err != nil {
		return err
	}
	var changed []planned
	for _, l := range usable {
		g, ok := r.identify(l, there)
		if !ok {
			continue
		}
		if p, ok := r.plan(l, g, there); ok {
			changed = append(changed, p)
		}
	}
	if r.report.Refused > 0 || r.opts.DryRun || len(changed) == 0 {
		return nil
	}
	return r.stage(ctx, changed)
}

// usable looks at a row by itself: whether it can be read, whom it is about, and
// whether its numbers stood in an earlier row.
func (r *importing) usable(l exchange.Line) bool {
	v := l.Values
	if column := foreign(l); column != "" {
		r.report.Note(exchange.Difference{Kind: exchange.LeftOut, Row: l.Number, Who: numberOf(v), Field: r.reading.Header(column), After: v["name"],
			Text: "外国留学生，不在登记和统计范围内，未导入"})
		return false
	}
	for _, x := range l.Refusals {
		r.report.Refuse(x)
	}
	ok := len(l.Refusals) == 0
	refuse := func(field, value, format string, args ...any) {
		r.report.Refuse(r.reading.Refusal(l.Number, field, value, format, args...))
		ok = false
	}
	for _, field := range []string{"student_no", "exam_no", "name", "education", "cohort"} {
		if value, said := v[field]; said && value == "" {
			refuse(field, exchange.Clear, "这一列不能清空，请填写正确的值或留空（留空不改动原值）")
		}
	}
	if numberOf(v) == "" && len(l.Refusals) == 0 {
		refuse("", "", "学号和考生号都没有填，无法确定是哪位毕业生，请至少填写一个")
	}
	if row := first(r.seen.students, v["student_no"], l.Number); row > 0 {
		refuse("student_no", v["student_no"], "学号与第 %d 行重复，请删去多余的一行", row)
	}
	if row := first(r.seen.exams, v["exam_no"], l.Number); row > 0 {
		refuse("exam_no", v["exam_no"], "考生号与第 %d 行重复，请删去多余的一行", row)
	}
	return ok
}

func numberOf(v exchange.Values) string {
	if n := v["student_no"]; n != "" {
		return n
	}
	return v["exam_no"]
}

// there are the graduates that a chunk of rows may be about, unsealed.
type there struct {
	byStudent, byExam map[string]*Graduate
	histories         map[string][]history.Event
}

// look reads the graduates of the rows and their histories. It looks over the
// whole school: a number that lies outside the actor's scope is refused, never
// given to a second person.
func (r *importing) look(ctx context.Context, lines []exchange.Line) (there, error) {
	t := there{byStudent: map[string]*Graduate{}, byExam: map[string]*Graduate{}}
	var students, exams []string
	for _, l := range lines {
		if n := l.Values["student_no"]; n != "" {
			students = append(students, n)
		}
		if n := l.Values["exam_no"]; n != "" {
			exams = append(exams, n)
		}
	}
	if len(students)+len(exams) == 0 {
		return t, nil
	}
	found, err := r.Store.GraduatesByNumber(ctx, access.School(), students, exams)
	if err != nil || len(found) == 0 {
		return t, err
	}
	ids := make([]string, len(found))
	for i := range found {
		g := &found[i]
		if err := g.Unseal(r.Vault); err != nil {
			return t, err
		}
		ids[i] = g.ID
		if g.StudentNo != "" {
			t.byStudent[g.StudentNo] = g
		}
		if g.ExamNo != "" {
			t.byExam[g.ExamNo] = g
		}
	}
	t.histories, err = r.historiesOf(ctx, ids)
	return t, err
}

// historiesOf reads histories with their person events unsealed; payloads stay
// sealed, as nobody reads them here.
func (s *Service) historiesOf(ctx context.Context, ids []string) (map[string][]history.Event, error) {
	all, err := s.Store.Histories(ctx, access.School(), ids)
	if err != nil {
		return nil, err
	}
	for _, events := range all {
		for i := range events {
			if events[i].Step != "" || events[i].Mark != "" {
				continue
			}
			if err := events[i].Unseal(s.Vault); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// identify finds whom the row is about; nil for somebody new. It refuses a row
// whose two numbers are two people's, whose number comes with another name and
// another second number, and a graduate who stood in an earlier row.
func (r *importing) identify(l exchange.Line, t there) (*Graduate, bool) {
	v := l.Values
	a, b := t.byStudent[v["student_no"]], t.byExam[v["exam_no"]]
	refuse := func(field, value, format string, args ...any) (*Graduate, bool) {
		r.report.Refuse(r.reading.Refusal(l.Number, field, value, format, args...))
		return nil, false
	}
	if a != nil && b != nil && a.ID != b.ID {
		return refuse("exam_no", v["exam_no"], "学号“%s”是%s的，考生号“%s”是%s的，一行里不能有两个人的号码，请改正", a.StudentNo, a.Name, b.ExamNo, b.Name)
	}
	g := a
	if g == nil {
		g = b
	}
	if g == nil {
		return nil, r.complete(l)
	}
	if row := first(r.seen.graduates, g.ID, l.Number); row > 0 {
		return refuse("", numberOf(v), "与第 %d 行是同一位毕业生（%s），请删去多余的一行", row, g.Name)
	}
	otherName := v["name"] != "" && v["name"] != g.Name
	if otherName && another(v["student_no"], g.StudentNo) {
		return refuse("student_no", v["student_no"], "考生号“%s”是%s的（学号“%s”），姓名和学号都与此行不同，请核对号码", g.ExamNo, g.Name, g.StudentNo)
	}
	if otherName && another(v["exam_no"], g.ExamNo) {
		return refuse("exam_no", v["exam_no"], "学号“%s”是%s的（考生号“%s”），姓名和考生号都与此行不同，请核对号码", g.StudentNo, g.Name, g.ExamNo)
	}
	if !r.within.Holds(g.ID, g.Attrs.Value(history.College), g.Attrs.Value(history.Class)) {
		return refuse("", numberOf(v), "这位毕业生不在当前账号的管理范围内，请联系就业中心")
	}
	return g, true
}

func another(given, kept string) bool { return given != "" && kept != "" && given != kept }

// complete refuses somebody new of whom something lacks that every graduate has.
func (r *importing) complete(l exchange.Line) bool {
	ok := true
	for _, field := range []string{"name", "education"} {
		if l.Values[field] == "" {
			r.report.Refuse(r.reading.Refusal(l.Number, field, "", "名单中还没有“%s”，新增毕业生须填写%s", numberOf(l.Values), exchange.Title(exchange.Person, field)))
			ok = false
		}
	}
	if r.planner.cohort(l.Values, history.Attributes{}) == "" {
		r.report.Refuse(r.reading.Refusal(l.Number, "", "", "看不出是哪一届，请填写届别、毕业年份或毕业日期，或在导入时指定届别（--cohort 2024）"))
		ok = false
	}
	return ok
}

// plan works out what the row changes and reports it.
func (r *importing) plan(l exchange.Line, g *Graduate, t there) (planned, bool) {
	var p planned
	if g == nil {
		p = r.planner.enrol(l)
	} else {
		p = r.planner.update(l, *g, t.histories[g.ID])
	}
	who := numberOf(l.Values)
	for i := range p.lines {
		p.lines[i].Row, p.lines[i].Who = l.Number, who
	}
	a := p.graduate.Attrs
	if !r.within.Holds(p.graduate.ID, a.Value(history.College), a.Value(history.Class)) {
		r.report.Refuse(r.reading.Refusal(l.Number, "", who, "这一行会使毕业生超出当前账号的管理范围，请联系就业中心"))
		return p, false
	}
	kind := exchange.Changed
	switch {
	case p.former == nil:
		kind = exchange.Added
	case !p.changes():
		kind = exchange.Same
	}
	r.report.NoteAll(kind, p.lines...)
	r.remark(l, p)
	return p, kind != exchange.Same
}

// remark lists what somebody should look at.
func (r *importing) remark(l exchange.Line, p planned) {
	who := numberOf(l.Values)
	for _, n := range l.Notes {
		n.Who = who
		r.report.Note(n)
	}
	for _, text := range notes(l.Values, p.graduate) {
		r.report.Note(exchange.Difference{Kind: exchange.Noted, Row: l.Number, Who: who, Text: text})
	}
	said := l.Values["cohort"]
	if said == "" {
		said = l.Values["graduation_year"]
	}
	if is := p.graduate.Attrs.Value(history.Cohort); said != "" && said != is {
		r.report.Note(exchange.Difference{Kind: exchange.Noted, Row: l.Number, Who: who, Text: "表中写的是 " + said + " 届，已按 " + is + " 届入库"})
	}
}

// stage encrypts and keeps what the chunk changes, out of the way of others.
func (r *importing) stage(ctx context.Context, list []planned) error {
	people := make([]StagedGraduate, 0, len(list))
	var events []history.Event
	for _, p := range list {
		s := StagedGraduate{Graduate: p.graduate, ExpectSeq: p.expect}
		if p.former != nil {
			sealed, err := p.former.Seal(r.Vault, p.graduate.ID)
			if err != nil {
				return err
			}
			s.Before = sealed
		}
		if err := s.Graduate.Seal(r.Vault); err != nil {
			return err
		}
		people = append(people, s)
		for _, e := range p.events {
			e.Actor, e.Import = r.who.Account, r.batch
			if err := e.Seal(r.Vault); err != nil {
				return err
			}
			events = append(events, e)
		}
	}
	r.staged = true
	return r.Store.Stage(ctx, r.batch, people, events)
}
