package roster

import (
	"cmp"
	"slices"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/history"
)

// planner turns rows into what they change. It reads nothing and keeps nothing
// but the units that it numbers.
type planner struct {
	book  *codes.Book
	units *directory
	opts  ImportOptions
	newID func() string
}

// planned is what one row makes of one graduate.
type planned struct {
	graduate Graduate // unsealed, as the import leaves them
	former   *Former  // what is replaced; nil for somebody new
	events   []history.Event
	lines    []exchange.Difference
	expect   int // newest seq that the plan knew
}

// notKept are the columns that say whom a row is about and nothing to keep: the
// counted attributes lie in the history, units by id, and what tells a foreign
// student is not collected of others.
var notKept = map[string]bool{
	"student_no": true, "exam_no": true, "name": true, "sex": true, "ethnicity": true, "origin": true,
	"training": true, "difficulty": true, "cohort": true, "graduation_year": true, "college": true, "major": true,
	"class": true, "nationality": true, "student_kind": true, "remark": true,
}

// enrol plans somebody new.
func (p *planner) enrol(l exchange.Line) planned {
	want := p.want(l.Values, nil, history.Attributes{})
	g := Graduate{ID: p.newID(), Secret: history.Fields{}}
	p.fill(&g, l.Values, nil)
	e := enrol(want, p.opts.TrueFrom)
	out := planned{graduate: g, lines: []exchange.Difference{{After: g.Name, Text: p.summary(want)}}}
	out.finish([]history.Event{e}, nil)
	return out
}

// update plans somebody who is there already. Events are the whole history,
// unsealed, as is the graduate.
func (p *planner) update(l exchange.Line, g Graduate, events []history.Event) planned {
	former := g.Former()
	out := planned{former: &former}
	at := standingOf(events, p.opts.TrueFrom)
	want := p.want(l.Values, &g, at.values)
	for k, value := range want {
		if value != at.values[k] {
			out.lines = append(out.lines, p.attributeLine(history.Keys[k], at.values[k], value))
		}
	}
	g.Profile, g.Secret = former.copy()
	p.fill(&g, l.Values, &out.lines)
	if len(events) > 0 {
		out.expect = events[len(events)-1].Seq
	}
	out.graduate = g
	out.finish(at.correct(want, p.opts.TrueFrom), events)
	return out
}

func (f Former) copy() (profile, secret history.Fields) {
	var g Graduate
	f.Restore(&g)
	return g.Profile, g.Secret
}

// finish numbers the events and brings the graduate's derived fields up to date.
func (p *planned) finish(events, before []history.Event) {
	for i := range events {
		events[i].Graduate, events[i].Seq = p.graduate.ID, p.expect+1+i
	}
	p.events = events
	p.graduate.Seq = p.expect + len(events)
	if len(events) == 0 {
		return
	}
	p.graduate.Attrs = standingOf(slices.Concat(before, events), "").values
	p.graduate.Attrs[slices.Index(history.Keys, history.Difficulty)] = ""
}

// changes reports that something is to be kept.
func (p *planned) changes() bool { return p.former == nil || len(p.lines) > 0 }

// fill puts the row's uncounted values in; of somebody who is there already it
// lists what changes. A secret value is never printed.
func (p *planner) fill(g *Graduate, v exchange.Values, lines *[]exchange.Difference) {
	for field, to := range map[string]*string{"student_no": &g.StudentNo, "exam_no": &g.ExamNo, "name": &g.Name} {
		if value := v[field]; value != "" && value != *to {
			p.fieldLine(lines, field, *to, value)
			*to = value
		}
	}
	for field, value := range v {
		before := g.Value(field)
		if notKept[field] || value == before || field == "education" && lines != nil && p.sameEducation(g, value) {
			continue
		}
		p.fieldLine(lines, field, before, value)
		g.Put(field, value)
	}
	if lines != nil {
		slices.SortStableFunc(*lines, func(a, b exchange.Difference) int { return cmp.Compare(a.Field, b.Field) })
	}
}

// fieldLine lists a changed field of the profile.
func (p *planner) fieldLine(lines *[]exchange.Difference, field, before, after string) {
	if lines == nil {
		return
	}
	d := exchange.Difference{Field: exchange.Title(exchange.Person, field)}
	if slices.Contains(SecretFields, field) {
		d.Text = hidden
	} else {
		d.Before, d.After = p.show(field, before), p.show(field, after)
	}
	*lines = append(*lines, d)
}

// hidden stands for the values of a secret field.
const hidden = "已更新（敏感内容不显示）"

// sameEducation reports that a graduate whose profile does not say the education
// counts as the code says anyhow; then nothing is new.
func (p *planner) sameEducation(g *Graduate, code string) bool {
	return g.Profile["education"] == "" && !p.educates(code, g, g.Attrs)
}

// attributeLine says what changes of a counted attribute; a difficulty is not printed.
func (p *planner) attributeLine(k history.Key, before, after string) exchange.Difference {
	d := exchange.Difference{Field: attributeTitle(k), Before: p.show(string(k), before), After: p.show(string(k), after)}
	switch {
	case k == history.Difficulty:
		d.Before, d.After, d.Text = "", "", hidden
	case k == history.Left:
		d.Before, d.After, d.Text = "", "", "此前已移出名单，现重新列入"
	case p.opts.TrueFrom != "":
		d.Text = "自 " + string(p.opts.TrueFrom) + " 起"
	}
	return d
}

func attributeTitle(k history.Key) string {
	switch k {
	case history.Level:
		return "学历层次"
	case history.InStatistics:
		return "纳入统计"
	case history.Left:
		return "在名单中"
	}
	return exchange.Title(exchange.Person, string(k))
}

// show turns a kept value into what people read.
func (p *planner) show(field, value string) string {
	switch history.Key(field) {
	case history.College, history.Major, history.Class:
		return p.units.byID[value].Name
	case history.InStatistics:
		return map[string]string{history.True: "是", history.False: "否"}[value]
	case history.Level:
		return nameIn(p.book, "report_level", value)
	}
	for _, c := range exchange.Field(exchange.Person, field) {
		if c.Table != "" {
			return nameIn(p.book, c.Table, value)
		}
	}
	return value
}

func nameIn(book *codes.Book, table, code string) string {
	if c, ok := book.Table(table).Find(code); ok {
		return c.Name
	}
	return code
}

// summary says where somebody new belongs.
func (p *planner) summary(a history.Attributes) string {
	s := a.Value(history.Cohort) + "届"
	for _, k := range []history.Key{history.Level, history.College, history.Major, history.Class} {
		if v := p.show(string(k), a.Value(k)); v != "" {
			s += " " + v
		}
	}
	if a.Value(history.InStatistics) != history.True {
		s += "（不纳入统计）"
	}
	return s
}
