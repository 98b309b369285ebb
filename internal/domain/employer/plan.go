package employer

import (
	"cmp"
	"slices"
	"strings"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/ident"
)

// plan is what a file makes of the master records. It knows those that its rows
// may mean and reads nothing itself.
type plan struct {
	book    *codes.Book
	newID   ident.Source
	reading *exchange.Reading
	report  exchange.Report

	byID   map[string]Employer
	byCode map[string]string
	byName map[string][]string
	levels map[string][]HospitalLevel // by employer, by day

	seen      map[string]int // row in which an employer, or one of its days, stood first
	dirty     map[string]bool
	newLevels []HospitalLevel
	mentioned []string // ids in the order of the file
}

func newPlan(book *codes.Book, newID ident.Source, reading *exchange.Reading) *plan {
	p := &plan{book: book, newID: newID, reading: reading, byID: map[string]Employer{}, byCode: map[string]string{},
		byName: map[string][]string{}, levels: map[string][]HospitalLevel{}, seen: map[string]int{}, dirty: map[string]bool{}}
	p.report.Counts = map[exchange.Kind]int{}
	for _, h := range reading.Unknown {
		p.report.Note(exchange.Difference{Kind: exchange.Noted, Field: h, Text: "不认识这一列，未读取"})
	}
	return p
}

// add keeps a master record that a row may mean; false if it is there already.
func (p *plan) add(e Employer) bool {
	if _, there := p.byID[e.ID]; there {
		return false
	}
	p.put(e)
	return true
}

func (p *plan) put(e Employer) {
	if old, there := p.byID[e.ID]; there {
		delete(p.byCode, old.CreditCode)
		key := NameKey(old.Name)
		p.byName[key] = slices.DeleteFunc(p.byName[key], func(id string) bool { return id == e.ID })
	}
	p.byID[e.ID] = e
	if e.CreditCode != "" {
		p.byCode[e.CreditCode] = e.ID
	}
	p.byName[NameKey(e.Name)] = append(p.byName[NameKey(e.Name)], e.ID)
}

// changed reports that there is something to save.
func (p *plan) changed() bool { return len(p.dirty)+len(p.newLevels) > 0 }

// masters returns the records that the file mentions, as it leaves them.
func (p *plan) masters() []Master {
	var out []Master
	for _, id := range p.mentioned {
		out = append(out, Master{p.byID[id], p.levels[id]})
	}
	return out
}

// mention notes that the file is about the employer.
func (p *plan) mention(id string) {
	if key := "mention " + id; p.seen[key] == 0 {
		p.seen[key] = 1
		p.mentioned = append(p.mentioned, id)
	}
}

// usable refuses what cannot be read or says nothing of whom.
func (p *plan) usable(l exchange.Line) bool {
	for _, x := range l.Refusals {
		p.report.Refuse(x)
	}
	if len(l.Refusals) > 0 {
		return false
	}
	name, said := l.Values["name"]
	switch {
	case said && name == "":
		p.refuse(l, "name", exchange.Clear, "单位名称不能清空")
		return false
	case name == "" && l.Values["credit_code"] == "":
		p.refuse(l, "", "", "单位名称和统一社会信用代码都没有填，无法确定是哪家单位")
		return false
	}
	for _, n := range l.Notes {
		n.Who = name
		p.report.Note(n)
	}
	return true
}

func (p *plan) refuse(l exchange.Line, field, value, format string, args ...any) {
	p.report.Refuse(p.reading.Refusal(l.Number, field, value, format, args...))
}

// find returns the master record that the row means: that of the credit code,
// else the one of that name whose code is not another one. Of several, a row
// without a code means the one without a code. Blank: a new one.
func (p *plan) find(l exchange.Line, code, name string) (id string, ok bool) {
	if id, ok := p.byCode[code]; ok && code != "" {
		return id, true
	}
	var bare, fits []string
	for _, id := range p.byName[NameKey(name)] {
		switch other := p.byID[id].CreditCode; {
		case name == "":
		case other == "":
			bare = append(bare, id)
		case code == "":
			fits = append(fits, id)
		}
	}
	if len(bare) == 1 {
		return bare[0], true
	}
	switch fits = append(fits, bare...); len(fits) {
	case 0:
		return "", true
	case 1:
		return fits[0], true
	}
	p.refuse(l, "name", name, "有 %d 家同名单位，请填写统一社会信用代码", len(fits))
	return "", false
}

// once refuses a second row about one thing.
func (p *plan) once(l exchange.Line, key, what string) bool {
	if row := p.seen[key]; row > 0 {
		p.refuse(l, "", cmp.Or(l.Values["name"], l.Values["credit_code"]), "与第 %d 行%s，请删去多余的一行", row, what)
		return false
	}
	p.seen[key] = l.Number
	return true
}

// employer plans a row of the employers' file.
func (p *plan) employer(l exchange.Line) {
	code, name := strings.ToUpper(l.Values["credit_code"]), l.Values["name"]
	id, ok := p.find(l, code, name)
	if !ok {
		return
	}
	e, kind := p.byID[id], exchange.Changed
	if id == "" {
		if name == "" {
			p.refuse(l, "name", "", "新增单位须填写单位名称")
			return
		}
		e, kind = Employer{ID: p.newID()}, exchange.Added
	}
	if !p.once(l, e.ID, "是同一家单位") {
		return
	}
	p.mention(e.ID)
	lines := p.fill(&e, l.Values)
	if kind == exchange.Added {
		lines = []exchange.Difference{{After: e.Name, Text: nameIn(p.book, "nature", e.Nature)}}
	} else if len(lines) == 0 {
		p.report.NoteAll(exchange.Same)
		return
	}
	for i := range lines {
		lines[i].Row, lines[i].Who = l.Number, e.Name
	}
	p.report.NoteAll(kind, lines...)
	p.put(e)
	p.dirty[e.ID] = true
	p.checkCode(l, e)
}

// cell is one field of a master record as the employers' file has it.
type cell struct {
	field, table string // table of codes; blank for a text
	value        *string
}

// cells are the fields of the record in the order in which differences are told.
func (e *Employer) cells() []cell {
	return []cell{
		{"name", "", &e.Name}, {"credit_code", "", &e.CreditCode}, {"nature", "nature", &e.Nature}, {"industry", "industry", &e.Industry},
		{"region", "region", &e.Region}, {"address", "", &e.Address}, {"founded", "", (*string)(&e.Founded)}, {"status", "", &e.Status},
		{"source", "", &e.Source},
	}
}

// fill puts the row's values into the record and lists what changes.
func (p *plan) fill(e *Employer, v exchange.Values) []exchange.Difference {
	var lines []exchange.Difference
	for _, c := range e.cells() {
		value, said := v[c.field]
		if c.field == "credit_code" {
			value = strings.ToUpper(value)
		}
		if !said || value == *c.value {
			continue
		}
		d := exchange.Difference{Field: exchange.Title(exchange.Employers, c.field), Before: *c.value, After: value}
		if c.table != "" {
			d.Before, d.After = nameIn(p.book, c.table, *c.value), nameIn(p.book, c.table, value)
		}
		lines = append(lines, d)
		*c.value = value
	}
	return lines
}

// checkCode notes a credit code that does not check (A01); it is kept as it is.
func (p *plan) checkCode(l exchange.Line, e Employer) {
	if e.CreditCode == "" || l.Values["credit_code"] == "" {
		return
	}
	if f := codes.CheckCreditCode(e.CreditCode); f.Grade != codes.Fine {
		p.report.Note(exchange.Difference{Kind: exchange.Noted, Row: l.Number, Who: e.Name, Text: "A01 " + f.Message})
	}
}

func nameIn(book *codes.Book, table, code string) string {
	if c, ok := book.Table(table).Find(code); ok {
		return c.Name
	}
	return code
}

// level plans a row of the hospital levels' file.
func (p *plan) level(l exchange.Line) {
	code, name, level := strings.ToUpper(l.Values["credit_code"]), l.Values["name"], l.Values["level"]
	if level == "" {
		p.refuse(l, "level", "", "请填写医院等级，如 三级甲等")
		return
	}
	id, ok := p.find(l, code, name)
	if !ok {
		return
	}
	if id == "" {
		if name == "" {
			p.refuse(l, "credit_code", code, "单位库中没有这个信用代码，请同时填写单位名称")
			return
		}
		e := Employer{ID: p.newID(), Name: name, CreditCode: code, Source: l.Values["source"]}
		p.put(e)
		p.dirty[e.ID] = true
		p.report.Note(exchange.Difference{Kind: exchange.Created, Row: l.Number, Who: name, Text: "单位库中没有，已新建"})
		p.checkCode(l, e)
		id = e.ID
	}
	from := calendar.Day(l.Values["from"])
	if !p.once(l, id+"\x00"+string(from), "是同一家医院同一天的等级") {
		return
	}
	p.mention(id)
	p.setLevel(l, HospitalLevel{Employer: id, From: from, Level: level, Source: l.Values["source"]})
}

// setLevel adds a level to the employer's, or replaces that of the same day.
func (p *plan) setLevel(l exchange.Line, x HospitalLevel) {
	list := p.levels[x.Employer]
	i, there := slices.BinarySearchFunc(list, x.From, func(h HospitalLevel, d calendar.Day) int { return cmp.Compare(h.From, d) })
	line := exchange.Difference{Row: l.Number, Who: p.byID[x.Employer].Name, Field: exchange.Title(exchange.HospitalLevels, "level"),
		After: nameIn(p.book, "hospital_level", x.Level), Text: since(x.From)}
	if !there {
		p.levels[x.Employer] = slices.Insert(list, i, x)
		p.newLevels = append(p.newLevels, x)
		p.report.NoteAll(exchange.Added, line)
		return
	}
	if x.Source == "" {
		x.Source = list[i].Source
	}
	if list[i] == x {
		p.report.NoteAll(exchange.Same)
		return
	}
	line.Before = nameIn(p.book, "hospital_level", list[i].Level)
	list[i] = x
	p.newLevels = append(p.newLevels, x)
	p.report.NoteAll(exchange.Changed, line)
}

func since(d calendar.Day) string {
	if d == "" {
		return "一直如此"
	}
	return "自 " + string(d) + " 起"
}
