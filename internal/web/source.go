package web

import (
	"cmp"
	"errors"
	"net/http"
	"slices"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// sourcePage is the page of GET /mine/source: the own data, line by line (生源核对).
type sourcePage struct {
	part.Page
	Until     string // as people read it, such as 05-15; blank: the school set none
	Confirmed string // when it was confirmed; blank: not, or the roster changed since
	Lapsed    bool   // confirmed once, and the roster changed since
	Fixed     []sourceRow
	Own       []sourceRow
	Open      int // corrections that wait
	Rest      int // rows that are not under correction
	Wrong     string
}

// sourceRow is one field.
type sourceRow struct {
	ID, Title string
	Value     string
	Was       string // of an open correction: what is kept now
	Said      string // how the last correction of it ended; blank if none did
	Open      bool
	Do        string // what a tap does: 不对, 换号, 填写
}

// errOwnAccount says that an account is nobody's own.
func errOwnAccount() error {
	return fault.NotFoundf("", "这个账号没有对应的毕业生，请联系就业中心")
}

// source answers GET /mine/source.
func (w *Web) source(rw http.ResponseWriter, r *httpd.Request) error {
	return w.showSource(rw, r, nil)
}

func (w *Web) showSource(rw http.ResponseWriter, r *httpd.Request, refusal error) error {
	if r.Account.Graduate == "" {
		return errOwnAccount()
	}
	s, err := w.Roster.Sheet(r.Context(), r.Who, r.Account.Graduate)
	if err != nil {
		return err
	}
	p := w.sourcePage(s)
	if refusal != nil {
		p.Wrong = refusal.Error()
	}
	p.Page = w.phone(rw, r, "核对生源信息", "/mine")
	return show(rw, r, refusal, sourceView(p))
}

func (w *Web) sourcePage(s roster.Sheet) sourcePage {
	p := sourcePage{Lapsed: s.Check.At != 0 && !s.Stands}
	if s.Until != "" {
		p.Until = cmp.Or(monthDay(calendar.Day(s.Until)), s.Until)
	}
	if s.Stands {
		p.Confirmed = s.Check.At.Time().Format("2006-01-02 15:04")
	}
	for _, f := range roster.CheckFields {
		row := sourceRow{ID: f.ID, Title: sourceTitle(f), Value: s.Shower.Of(&s.Graduate, f.ID), Do: "不对"}
		if c, open := s.Open[f.ID]; open {
			row.Open, row.Was, row.Value = true, cmp.Or(row.Value, "空着"), s.Shower.Masked(f.ID, c.Value)
			p.Open++
		} else {
			row.Said = outcome(s.Past, f.ID)
			p.Rest++
		}
		if f.By == roster.Own {
			row.Do = map[bool]string{true: "填写", false: "换"}[row.Value == ""]
			if f.ID == "phone" {
				row.Do = "换号"
			}
			p.Own = append(p.Own, row)
			continue
		}
		p.Fixed = append(p.Fixed, row)
	}
	return p
}

// monthDay is a day without its year; blank if it is none.
func monthDay(d calendar.Day) string {
	if _, err := calendar.ParseDay(string(d)); err != nil {
		return ""
	}
	return string(d)[5:]
}

// sourceTitle is what a graduate calls the field.
func sourceTitle(f roster.CheckField) string {
	switch f.ID {
	case "id_number":
		return "证件号"
	case "phone":
		return "手机"
	case "email":
		return "邮箱"
	case "qq":
		return "QQ"
	}
	return f.Title()
}

// outcome says how the newest decided correction of the field ended.
func outcome(past []roster.Correction, field string) string {
	i := slices.IndexFunc(past, func(c roster.Correction) bool { return c.Field == field })
	if i < 0 {
		return ""
	}
	c := past[i]
	day := c.Decided.Time().Format("01-02")
	if c.State == roster.Accepted {
		return day + " 已按你提的改好"
	}
	return day + " 没有改：" + c.Reason
}

// confirmSource answers POST /mine/source: the rest is right.
func (w *Web) confirmSource(rw http.ResponseWriter, r *httpd.Request) error {
	if r.PostFormValue("right") != "yes" {
		return w.showSource(rw, r, fault.Invalidf("right", "请先看一遍，再勾选“其余都对”；有不对的点那一行的“不对”"))
	}
	if err := w.Roster.Confirm(r.Context(), r.Who, r.Account.Graduate); err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, "/mine/source")
}

// sourceFieldPage is the page of one field.
type sourceFieldPage struct {
	part.Page
	ID    string
	Title string
	By    roster.Settler
	Unit  bool       // a major or class: may be one of another college
	Now   string     // what is kept
	Asked string     // what was asked for and waits; blank if nothing does
	Field part.Field // of the new value
	Pick  bool       // from a list
	Note  string
	Wrong []part.Wrong
}

// sourceField answers GET /mine/source/{field}.
func (w *Web) sourceField(rw http.ResponseWriter, r *httpd.Request) error {
	p, err := w.sourceFieldPage(rw, r)
	if err != nil {
		return err
	}
	return show(rw, r, nil, sourceFieldView(p))
}

func (w *Web) sourceFieldPage(rw http.ResponseWriter, r *httpd.Request) (sourceFieldPage, error) {
	f, ok := roster.FindCheckField(r.PathValue("field"))
	if !ok {
		return sourceFieldPage{}, fault.NotFoundf("", "没有这一项，请从核对页面进入")
	}
	if r.Account.Graduate == "" {
		return sourceFieldPage{}, errOwnAccount()
	}
	s, err := w.Roster.Sheet(r.Context(), r.Who, r.Account.Graduate)
	if err != nil {
		return sourceFieldPage{}, err
	}
	p := sourceFieldPage{ID: f.ID, Title: sourceTitle(f), By: f.By, Unit: f.Unit(), Now: s.Shower.Of(&s.Graduate, f.ID)}
	p.Field = part.Field{Name: "value", Label: "应该是", Optional: !f.Needed}
	if c, open := s.Open[f.ID]; open {
		p.Asked, p.Note = s.Shower.Masked(f.ID, c.Value), c.Note
	}
	if f.By == roster.Own {
		p.Field.Label, p.Field.Value = "新的"+p.Title, s.Graduate.Value(f.ID)
	}
	p.Field.Choices = w.sourceChoices(f, &s)
	p.Pick = len(p.Field.Choices) > 0
	sourceInput(&p.Field, f.ID)
	title := p.Title + "不对"
	if f.By == roster.Own {
		title = "换" + p.Title
	}
	p.Page = w.phone(rw, r, title, "/mine/source")
	return p, nil
}

// inputs are the keyboards and hints of fields that are typed.
var inputs = map[string]part.Field{
	"id_number":     {Help: "18 位，末位可能是字母 X", Max: 32},
	"name":          {Help: "照身份证写，中间的点也要写", Max: 60, Complete: "name"},
	"birthday":      {Kind: "date"},
	"origin":        {Help: "写到区县，如 天津市河西区，或六位代码", Max: 60},
	"phone":         {Kind: "tel", Mode: "tel", Complete: "tel", Max: 32, Help: "学校用它通知你；境外号码从 + 写起"},
	"email":         {Kind: "email", Complete: "email", Max: 254},
	"qq":            {Mode: "numeric", Max: 32},
	"address":       {Max: 200, Complete: "street-address"},
	"home_phone":    {Kind: "tel", Mode: "tel", Max: 32},
	"home_postcode": {Mode: "numeric", Max: 16},
}

func sourceInput(to *part.Field, id string) {
	in := inputs[id]
	to.Kind, to.Mode, to.Complete, to.Max, to.Help = in.Kind, in.Mode, in.Complete, in.Max, in.Help
}

// sourceChoices are what a field may be; nil for one that is typed.
func (w *Web) sourceChoices(f roster.CheckField, s *roster.Sheet) []part.Option {
	g := &s.Graduate
	switch {
	case f.Unit():
		return unitChoices(s.Units, roster.Kind(f.ID), g)
	case f.Table() == "" || f.Table() == "region":
		return nil
	}
	var out []part.Option
	for _, c := range w.Book().Table(f.Table()).Offered(g.Attrs.Value(history.Cohort)) {
		if c.Code != g.Kept(f.ID) {
			out = append(out, part.Option{Value: c.Code, Title: c.Name})
		}
	}
	return out
}

// unitChoices are the units of the kind under the names of what they belong to,
// but for the one that it is.
func unitChoices(units []roster.Unit, kind roster.Kind, g *roster.Graduate) []part.Option {
	byID := map[string]roster.Unit{}
	for _, u := range units {
		byID[u.ID] = u
	}
	var out []part.Option
	for _, u := range units {
		if u.Kind != kind || u.ID == g.Kept(string(kind)) || u.Cohort != "" && u.Cohort != g.Attrs.Value(history.Cohort) {
			continue
		}
		group := byID[u.Parent].Name
		if above := byID[byID[u.Parent].Parent].Name; above != "" {
			group = above + " " + group
		}
		out = append(out, part.Option{Value: u.ID, Title: u.Name, Group: group})
	}
	slices.SortStableFunc(out, func(a, b part.Option) int { return cmp.Compare(a.Group, b.Group) })
	return out
}

// correctSource answers POST /mine/source/{field}: at once or as a correction.
func (w *Web) correctSource(rw http.ResponseWriter, r *httpd.Request) error {
	field, value, note := r.PathValue("field"), r.PostFormValue("value"), r.PostFormValue("note")
	f, _ := roster.FindCheckField(field)
	var err error
	if f.By == roster.Own {
		err = w.Roster.Correct(r.Context(), r.Who, r.Account.Graduate, field, value)
	} else {
		err = w.Roster.Ask(r.Context(), r.Who, r.Account.Graduate, field, value, note)
	}
	if err == nil {
		return httpd.SeeOther(rw, r, "/mine/source")
	}
	var said *fault.Fault
	if !errors.As(err, &said) || said.Kind != fault.Invalid && said.Kind != fault.Conflict {
		return err
	}
	p, e := w.sourceFieldPage(rw, r)
	if e != nil {
		return e
	}
	p.Field.Value, p.Note, p.Field.Error = value, note, said.Message
	p.Wrong = []part.Wrong{{Field: "value", Text: said.Message}}
	if said.Field == "note" {
		p.Field.Error, p.Wrong[0].Field = "", "note"
	}
	return show(rw, r, err, sourceFieldView(p))
}

// takeBackSource answers POST /mine/source/{field}/back.
func (w *Web) takeBackSource(rw http.ResponseWriter, r *httpd.Request) error {
	if err := w.Roster.TakeBack(r.Context(), r.Who, r.Account.Graduate, r.PathValue("field")); err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, "/mine/source")
}
