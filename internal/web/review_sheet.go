package web

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/destination/scrutiny"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// sheetView is one change as the desk shows it.
type sheetView struct {
	Graduate, Change string
	Name, Number     string
	Units            string // major, level, class
	File             string // address of the person's file
	State            part.State
	Submitted        string // 第 2 次提交 08-29 18:22
	Chain            []chainStep
	Asks             string // of an end or a voiding: what it takes away
	Why              string // the graduate's reason for it
	Lines            []sheetLine
	Loose            []sheetFinding // warnings that belong to no line
	Sampled          []string       // why it is in the sampling queue
	Returned         string         // the last return, with its reason

	Papers []sheetPaper
	Checks []scrutiny.Check
	Marks  []string // what was noted of the case: the employer confirmed, documents seen

	Level   int
	Mine    bool   // the actor may decide now
	Waits   string // whose turn it is, if not the actor's
	Last    bool   // the decision is the final one
	Open    int    // warnings that ask for a note
	Reasons []scrutiny.Reason

	Note, Reason string // as typed, after a refusal
	SeenNow      bool
	Wrong        string // why the decision was refused
}

// chainStep is one station of a change's way.
type chainStep struct {
	Title string
	Who   string
	State string // done, now; blank: to come
}

// sheetLine is one field of what was submitted.
type sheetLine struct {
	Title    string
	Value    string
	Code     string // behind the value, small
	Was      string // the value before the change
	Changed  bool
	Missing  bool // required and blank
	Fine     string
	Optional bool
	Findings []sheetFinding
}

// sheetFinding is a warning at its field.
type sheetFinding struct {
	Message string
	Rule    string
	Answer  string // and by whom; blank: a pass needs a note
}

// sheetPaper is one document of the evidence column.
type sheetPaper struct {
	ID    string // in the page: doc-1
	Title string
	Href  string
	Kind  string // image, pdf; blank: the file is not here
	Size  string
	New   bool
	Seen  bool
}

// sheet reads a change and lays it out.
func (w *Web) sheet(r *httpd.Request, graduate, change string) (*sheetView, error) {
	s, err := w.Destinations.Sheet(r.Context(), r.Who, graduate, change)
	if err != nil {
		return nil, err
	}
	names, err := w.Figures.Names(r.Context())
	if err != nil {
		return nil, err
	}
	people, err := w.reviewers(r.Context(), s)
	if err != nil {
		return nil, err
	}
	v := &sheetView{Graduate: graduate, Change: change, Name: s.Person.Name, Number: cmp.Or(s.Person.StudentNo, s.Person.ExamNo),
		Units: unitsOf(s.Person.Attrs, names), File: w.fileOf(r, graduate), Level: s.At, Mine: s.MayPass, Last: s.IsLast(),
		Open: len(s.Open()), Reasons: s.Profile.Reasons(), Checks: s.Checks, Why: s.Reason}
	w.head(v, s, people)
	v.Lines = w.lines(s)
	v.place(s.Findings, people)
	for _, x := range s.Samples {
		v.Sampled = append(v.Sampled, cmp.Or(x.Note, x.Reason))
	}
	v.Papers = w.papers(s)
	v.Marks = marksOf(s, people)
	return v, nil
}

// reviewers returns the names of the accounts that the sheet speaks of, by id.
func (w *Web) reviewers(ctx context.Context, s *destination.Sheet) (map[string]string, error) {
	var ids []string
	for _, e := range slices.Concat(s.Steps, s.Events) {
		ids = append(ids, e.Actor)
	}
	for _, f := range s.Findings {
		ids = append(ids, f.By)
	}
	accounts, err := w.Accounts.People(ctx, ids)
	out := make(map[string]string, len(accounts))
	for id, a := range accounts {
		out[id] = a.Name
	}
	return out, err
}

func unitsOf(a history.Attributes, names indicator.Names) string {
	var out []string
	for _, d := range []struct {
		dim indicator.Dim
		key history.Key
	}{{"major", history.Major}, {"level", history.Level}, {"class", history.Class}} {
		if key := a.Value(d.key); key != "" {
			name, _ := names.Name(d.dim, key)
			out = append(out, name)
		}
	}
	return strings.Join(out, " · ")
}

// head says how the change stands and on its way.
func (w *Web) head(v *sheetView, s *destination.Sheet, people map[string]string) {
	v.State = changeState(s)
	if n := len(s.Steps); n > 0 {
		for i := n - 1; i >= 0; i-- {
			if s.Steps[i].Step == history.Submitted {
				v.Submitted = "第 " + strconv.Itoa(s.Submits) + " 次提交 " + shortTime(s.Steps[i].KnownAt)
				break
			}
		}
	}
	v.Chain = []chainStep{{Title: "本人提交", State: "done"}}
	for i, l := range s.Levels {
		c := chainStep{Title: l.Title}
		switch {
		case i < len(s.Reviews):
			c.State, c.Who = "done", people[s.Reviews[i].Actor]
		case i+1 == s.At:
			c.State = "now"
		}
		v.Chain = append(v.Chain, c)
	}
	if s.At > 0 && !s.MayPass {
		v.Waits = "现在等“" + s.Levels[s.At-1].Title + "”审核，不在你这一级"
	} else if s.At == 0 {
		v.Waits = v.State.Word + "，这里不用办理"
	}
	if e, ok := s.LastReturn(); ok {
		v.Returned = shortTime(e.KnownAt) + " " + e.Reason
		if name := people[e.Actor]; name != "" {
			v.Returned += "（" + name + "）"
		}
	}
	v.Asks = w.asks(s)
}

// asks says of a change of what stands already what it does to it.
func (w *Web) asks(s *destination.Sheet) string {
	name := w.codeName(s.Code)
	switch s.Act {
	case history.End:
		return "申请终止：通过后，“" + name + "”自 " + string(s.Given.TrueOn) + " 起不再计入"
	case history.Void:
		return "申请作废：通过后，“" + name + "”视为从来没有过，不能恢复"
	case history.Amend:
		return "更正已经生效的登记：改动处旁边划线的是原来的内容"
	}
	return ""
}

// changeState is how a change stands, whoever looks.
func changeState(s *destination.Sheet) part.State {
	switch s.Last {
	case history.Submitted, history.Passed:
		if s.At > 0 {
			return waitingState(s.Levels[s.At-1].Tier)
		}
	case history.Returned:
		return part.State{Kind: "back", Word: "已退回"}
	case history.Withdrawn:
		return part.State{Kind: "old", Word: "本人已撤回"}
	case history.Refused:
		return part.State{Kind: "void", Word: "不予通过"}
	case history.Approved, history.Recorded:
		return part.State{Kind: "pass", Word: "校审通过"}
	}
	return part.State{Kind: "draft", Word: "待本人确认"}
}

// shortTime is a moment without its year.
func shortTime(i calendar.Instant) string { return i.Time().Format("01-02 15:04") }

// lines lists the fields of the case in the order of the form.
func (w *Web) lines(s *destination.Sheet) []sheetLine {
	code := sheetLine{Title: "去向", Value: w.codeName(s.Code), Code: s.Code}
	if s.Before.Code != "" && s.Before.Code != s.Code {
		code.Changed, code.Was = true, w.codeName(s.Before.Code)
	}
	day := sheetLine{Title: scrutiny.FieldTitle("true_on"), Value: string(s.After.TrueOn)}
	if s.Before.TrueOn != "" && s.Before.TrueOn != s.After.TrueOn {
		day.Changed, day.Was = true, string(s.Before.TrueOn)
	}
	out := []sheetLine{code, day}
	changed := map[string]string{}
	if s.Before.Code != "" {
		destination.EachDifference(s.Before, s.After, func(field, before, _ string) { changed[field] = before })
	}
	value := s.After.Fields.Plain()
	for i, v := range s.After.Counts.Plain().Values() {
		if v != "" {
			value[history.CountedNames[i]] = v
		}
	}
	for _, f := range s.Profile.Fields() {
		before, differs := changed[f]
		if value[f] == "" && !differs {
			continue
		}
		l := w.line(f, value[f])
		l.Optional = !s.Profile.Needs(f)
		if differs {
			l.Changed, l.Was = true, cmp.Or(w.line(f, before).Value, "空")
		}
		out = append(out, l)
		delete(value, f)
	}
	for _, f := range s.Profile.Missing(s.After) {
		out = append(out, sheetLine{Title: f, Missing: true})
	}
	return out
}

// line shows a field's value as people read it.
func (w *Web) line(field, v string) sheetLine {
	l := sheetLine{Title: scrutiny.FieldTitle(field), Value: v}
	switch {
	case v == "":
	case slices.Contains(history.CountedNames[:], field):
		t := w.Book().Table(strings.TrimPrefix(field, "contract_"))
		if l.Value = t.NameOf(v); l.Value == "" {
			l.Value = v
		}
		l.Code = v
	case field == "pay":
		if n, err := strconv.Atoi(v); err == nil {
			l.Value = thousands(n/100) + " 元"
		}
	case field == "contact_phone", field == "contact_mobile", field == "contact_fax":
		l.Value = codes.MaskPhone(v)
	case field == "contact_email":
		l.Value = maskMail(v)
	case field == "credit_code", field == "contract_code":
		if codes.CheckCreditCode(v).Grade == codes.Fine {
			l.Fine = "校验位对"
		}
	}
	return l
}

// maskMail keeps the first sign and the house.
func maskMail(s string) string {
	name, house, ok := strings.Cut(s, "@")
	if r := []rune(name); ok && len(r) > 1 {
		return string(r[:1]) + "***@" + house
	}
	return "***"
}

// ruleFields says at which field a rule's warning stands.
var ruleFields = map[string]string{
	"A01": "credit_code", "A02": "credit_code", "A03": "employer_name", "A04": "credit_code", "A05": "nature", "A06": "post",
	"A07": "contact_phone", "A08": "contact_phone", "A09": "contact_phone", "A10": "contact_phone", "A13": "sign_day", "A16": "employer_name",
	"A17": "role", "A18b": "pay", "A20": "employer_name", "A21": "region", "A22": "school_name", "A23": "study_mode", "A27": "nature",
}

// place puts the warnings at their fields; the others stand above the form.
func (v *sheetView) place(list []destination.Finding, people map[string]string) {
	for _, f := range list {
		x := sheetFinding{Message: f.Message, Rule: f.Rule, Answer: f.Answer}
		if name := people[f.By]; f.Answer != "" && name != "" {
			x.Answer += "（" + name + "）"
		}
		title := scrutiny.FieldTitle(ruleFields[f.Rule])
		at := slices.IndexFunc(v.Lines, func(l sheetLine) bool { return title != "" && l.Title == title })
		if at < 0 {
			v.Loose = append(v.Loose, x)
			continue
		}
		v.Lines[at].Findings = append(v.Lines[at].Findings, x)
	}
}

// papers lists the documents, the newest submission's last.
func (w *Web) papers(s *destination.Sheet) []sheetPaper {
	var out []sheetPaper
	count := map[string]int{}
	for _, p := range s.Evidence {
		count[p.Kind]++
	}
	nth := map[string]int{}
	for i, p := range s.Evidence {
		nth[p.Kind]++
		row, _ := w.Book().Table("document").Find(p.Kind)
		x := sheetPaper{ID: "doc-" + strconv.Itoa(i+1), Title: cmp.Or(shortKind(row.Name), p.Kind), Href: evidenceAddress(p.Document),
			New: p.New, Seen: p.Seen, Size: paperSize(p.Size)}
		if count[p.Kind] > 1 {
			x.Title += " " + strconv.Itoa(nth[p.Kind])
		}
		switch {
		case strings.HasPrefix(p.Media, "image/"):
			x.Kind = "image"
		case p.Media == "application/pdf":
			x.Kind = "pdf"
		}
		out = append(out, x)
	}
	return out
}

// shortKind is the first of the names that a kind of document goes by.
func shortKind(name string) string {
	first, _, _ := strings.Cut(name, "、")
	return first
}

func paperSize(n int64) string {
	switch {
	case n <= 0:
		return ""
	case n < 1<<20:
		return strconv.FormatInt(max(n>>10, 1), 10) + " KB"
	}
	return strconv.FormatFloat(float64(n)/(1<<20), 'f', 1, 64) + " MB"
}

// marksOf says what was noted of the case outside review.
func marksOf(s *destination.Sheet, people map[string]string) []string {
	var out []string
	for _, e := range s.Events {
		var what string
		switch e.Mark {
		case history.Seen:
			what = "已看到材料"
		case history.EmployerConfirmed:
			what = "单位已确认"
		case history.Replied:
			what = "答复：" + e.Reason
		case history.Disputed:
			what = "本人异议：" + e.Reason
		default:
			continue
		}
		line := shortTime(e.KnownAt) + " " + what
		if name := people[e.Actor]; name != "" {
			line += "（" + name + "）"
		}
		if !slices.Contains(out, line) {
			out = append(out, line)
		}
	}
	return out
}
