package privacy

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
)

// Copy is all that the register holds of one graduate, by purpose (个人信息副本).
type Copy struct {
	School   string    `json:"school"`
	Made     string    `json:"made"`
	Sections []Section `json:"sections"`
}

// Section is what is held for one purpose.
type Section struct {
	Purpose string `json:"purpose"` // id of the register
	Title   string `json:"title"`
	Basis   string `json:"basis"`
	Kept    string `json:"kept"`
	Rows    []Held `json:"rows"`
}

// Held is one value. At is when the school learned it, blank where one is kept.
type Held struct {
	Field string `json:"field"`
	Title string `json:"title"`
	Value string `json:"value"`
	At    string `json:"at,omitempty"`
	Code  string `json:"code,omitempty"` // as it is kept, where the value is its name
}

// Sources are whose the data are.
type Sources struct {
	Sheet  func(ctx context.Context, who access.Actor, graduate string) (roster.Sheet, error)
	Record func(ctx context.Context, who access.Actor, graduate string) (destination.Record, error)
	Book   func() *codes.Book
	School func() string
}

// MyData returns everything that the register holds of the graduate themselves, in
// full. That a copy was made is written down when it leaves the page (Copied).
// Errors: fault.Forbidden, fault.NotFound for somebody else.
func (s *Service) MyData(ctx context.Context, who access.Actor, graduate string, from Sources) (Copy, error) {
	if err := own(who, graduate); err != nil {
		return Copy{}, err
	}
	sheet, err := from.Sheet(ctx, who, graduate)
	if err != nil {
		return Copy{}, err
	}
	record, err := from.Record(ctx, who, graduate)
	if err != nil {
		return Copy{}, err
	}
	choices, err := s.Store.ChoicesOf(ctx, graduate)
	if err != nil {
		return Copy{}, err
	}
	requests, err := s.requestsOf(ctx, graduate)
	if err != nil {
		return Copy{}, err
	}
	held := map[string][]Held{}
	personRows(held, &sheet, from.Book())
	eventRows(held, &sheet, &record, from.Book())
	for _, c := range sheet.Past {
		held["registration"] = append(held["registration"], Held{"correction." + c.Field, "更正：" + exchange.Title(exchange.Person, c.Field), c.Value, moment(c.Asked), ""})
	}
	for field, c := range sheet.Open {
		held["registration"] = append(held["registration"], Held{"correction." + field, "待核更正：" + exchange.Title(exchange.Person, field), c.Value, moment(c.Asked), ""})
	}
	for _, c := range choices {
		did := "撤回"
		if c.Given {
			did = "同意"
		}
		p, _ := PurposeByID(c.Purpose)
		held["rights"] = append(held["rights"], Held{"consent." + c.Purpose, p.Title, did + "（" + c.Version + " 版）", moment(c.At), ""})
	}
	for _, r := range requests {
		held["rights"] = append(held["rights"], Held{"request." + string(r.Kind), "请求：" + r.Kind.Title(), answered(r), moment(r.Asked), ""})
	}
	return s.copyOf(held, from.School()), nil
}

// copyOf puts what is held under its purposes, in the order of the register.
func (s *Service) copyOf(held map[string][]Held, school string) Copy {
	out := Copy{School: school, Made: moment(s.Now())}
	for _, p := range register {
		if rows := held[p.ID]; len(rows) > 0 {
			out.Sections = append(out.Sections, Section{p.ID, p.Title, p.Basis.Title(), p.Kept, rows})
		}
	}
	return out
}

func answered(r Request) string {
	if r.Answer == "" {
		return r.Words
	}
	return r.Words + "；答复：" + r.Answer
}

func moment(i calendar.Instant) string { return i.Time().Format("2006-01-02 15:04") }

// sensitive are the counted attributes and profile fields of purposes of their own.
var sensitive = map[string]string{"ethnicity": "support", "difficulty": "support", "sex": "statistics", "birthday": "identity", "id_kind": "identity",
	"id_number": "identity", "household_police": "identity", "phone": "contact", "email": "contact", "qq": "contact", "address": "contact",
	"home_phone": "contact", "home_postcode": "contact", "in_statistics": "statistics", "left": "statistics"}

func purposeOf(field string) string { return cmp.Or(sensitive[field], "registration") }

// personRows are the roster's values: who somebody is.
func personRows(held map[string][]Held, s *roster.Sheet, book *codes.Book) {
	g := &s.Graduate
	put := func(field, value string) {
		if value == "" {
			return
		}
		row := Held{Field: field, Title: attributeTitle(field), Value: shownAs(s.Shower, book, field, value)}
		if row.Value != value {
			row.Code = value
		}
		held[purposeOf(field)] = append(held[purposeOf(field)], row)
	}
	put("name", g.Name)
	put("student_no", g.StudentNo)
	put("exam_no", g.ExamNo)
	for _, k := range history.Keys {
		put(string(k), g.Attrs.Value(k))
	}
	for _, fields := range []history.Fields{g.Profile, g.Secret} {
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			put(name, fields[name])
		}
	}
}

// attributeTitle is what a field of a person is called.
func attributeTitle(field string) string {
	switch history.Key(field) {
	case history.Cohort:
		return "届"
	case history.Level:
		return "学历层次"
	case history.InStatistics:
		return "列入统计"
	case history.Left:
		return "已不在名单"
	case history.Difficulty:
		return "困难类别"
	}
	return exchange.Title(exchange.Person, field)
}

// eventRows are what happened: registrations, reviews, marks, and the papers.
func eventRows(held map[string][]Held, s *roster.Sheet, r *destination.Record, book *codes.Book) {
	for i := range r.Events {
		e, at := &r.Events[i], moment(r.Events[i].KnownAt)
		put := func(purpose, field, title, value string) {
			if value != "" && value != history.Emptied {
				held[purpose] = append(held[purpose], Held{"event." + strconv.Itoa(e.Seq) + "." + field, title, value, at, ""})
			}
		}
		for _, x := range e.Set {
			put(purposeOf(string(x.Key)), string(x.Key), attributeTitle(string(x.Key)), shownAs(s.Shower, book, string(x.Key), x.Value))
		}
		put("registration", "step", "经过", stepTitle(e)+level(e.Level))
		put("registration", "true_on", "自哪天起", string(e.TrueOn))
		put("registration", "code", "毕业去向类别", codeTitle(book, e.Code))
		for name, v := range e.Fields {
			put("registration", name, exchange.Title(exchange.Destination, name), wordsOf(book, name, v))
		}
		values := e.Counts.Values()
		for j, name := range history.CountedNames {
			put("registration", name, exchange.Title(exchange.Destination, name), wordsOf(book, name, values[j]))
		}
		put("registration", "reason", "理由或说明", e.Reason)
	}
	for _, d := range r.Documents {
		row, _ := book.Table("document").Find(d.Kind)
		says := cmp.Or(row.Name, d.Kind) + "，" + strconv.FormatInt(d.Size, 10) + " 字节，校验值 " + d.SHA256
		if d.Purged != 0 {
			says += "（文件已按保存期限删除）"
		}
		held["registration"] = append(held["registration"], Held{"document", "佐证材料", says, moment(d.At), ""})
	}
	for _, x := range r.Told {
		held["registration"] = append(held["registration"], Held{"told", "你向学校反映的", x.Said, moment(x.At), ""})
	}
}

func level(n int) string {
	if n == 0 {
		return ""
	}
	return "（第 " + strconv.Itoa(n) + " 级）"
}

// Copied writes down that a graduate took a copy of their own data.
func (s *Service) Copied(ctx context.Context, who access.Actor, graduate, format string) error {
	if err := own(who, graduate); err != nil {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		return s.Audit.Write(ctx, who, "privacy.copy", graduate, map[string]string{"kind": format})
	})
}

// Masked returns the copy as a screen may show it: numbers and contacts masked,
// since a phone is read over shoulders.
func (c Copy) Masked() Copy {
	out := c
	out.Sections = nil
	for _, x := range c.Sections {
		x.Rows = slices.Clone(x.Rows)
		for i := range x.Rows {
			if row := &x.Rows[i]; slices.Contains(roster.SecretFields, row.Field) || numeric(row.Value) {
				row.Value = codes.MaskID(row.Value)
			}
		}
		out.Sections = append(out.Sections, x)
	}
	return out
}

// numeric reports that the value is a number as long as a phone's or longer.
func numeric(s string) bool {
	return len(s) >= 11 && len(s) <= 18 && roster.Numeric(s) && !slices.Contains([]byte(s), '-')
}
