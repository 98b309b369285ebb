package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/destination/scrutiny"
	"quxiang/internal/domain/employer"
	"quxiang/internal/domain/history"
	"quxiang/internal/web/part"
)

// registerForm is the second step of a registration: the fields of one category
// and its evidence, for the graduate or for staff who fill in for them.
type registerForm struct {
	Action   string // where the form goes
	Choose   string // where another category is chosen
	About    string
	Choice   category
	Code     string
	Wrong    []part.Wrong
	Returned string // why it was returned; blank if it was not
	Main     []formField
	Employer []formField // what the master record already knows: shown folded
	Known    string      // what it knows, in words; blank: nothing
	Unknown  bool        // asked for, and not in the master records
	More     []formField
	Sets     string // which evidence suffices, in words; blank: none is needed
	Papers   []paperBlock
	Proves   bool // internship papers must be warned of
	Saved    string
	Staff    bool
	Amend    bool
	Attest   string // yes: ticked
	AttestNo string // what is wrong with the tick
	Levels   string // who looks at it, in words
}

// formField is a field with the way in which it is typed.
type formField struct {
	part.Field
	Kind fieldKind
	To   part.Field // the second input of a term
}

// paperBlock is one kind of evidence with what was handed in of it.
type paperBlock struct {
	Kind, Title, Help string
	Files             []paperFile
	Error             string
}

// paperFile is one document, numbered within its kind.
type paperFile struct {
	Key    string
	Href   string
	Number int
	Says   string // kind of file and size
	Sent   bool   // submitted before: it stays
}

// fill lays the form out for a draft. wrong is what keeps it back.
func (w *Web) fill(f *registerForm, rec *destination.Record, d destination.SavedDraft, known *employer.Employer, wrong []destination.Problem) {
	book := w.Book()
	f.About, f.Code, f.Choice = d.About, d.Code, categoryTitle(book, d.Code)
	if d.At > 0 {
		f.Saved = d.At.Time().Format("15:04")
	}
	family := familyOf(book, d.Code)
	at := map[string]string{}
	for i := range wrong {
		wrong[i].Text = inFormWords(wrong[i], family)
		input := firstInput(wrong[i].Field)
		at[input] = cmp.Or(at[input], wrong[i].Text)
	}
	f.fields(w, rec, d, known, at)
	if known != nil {
		f.Known = w.knownWords(known)
	}
	f.papers(w, rec, scrutiny.ProfileOf(book, d.Code), d.Evidence, at["evidence"])
	f.AttestNo = at["attest"]
	f.Levels = w.levelWords(d.Code)
	shown := append([]formField{{Field: part.Field{Name: "evidence"}}, {Field: part.Field{Name: "attest"}}}, slices.Concat(f.Main, f.Employer, f.More)...)
	for _, x := range wrong {
		line := part.Wrong{Field: firstInput(x.Field), Text: x.Text}
		if !slices.ContainsFunc(shown, func(s formField) bool { return s.Name == line.Field }) {
			line.Field = ""
		}
		f.Wrong = append(f.Wrong, line)
	}
}

// fields lays out what the category asks for: what the master record of the
// employer knows is folded, and so is what may stay blank. at is what is wrong, by
// input.
func (f *registerForm) fields(w *Web, rec *destination.Record, d destination.SavedDraft, known *employer.Employer, at map[string]string) {
	p, family := scrutiny.ProfileOf(w.Book(), d.Code), familyOf(w.Book(), d.Code)
	for _, spec := range fieldSpecs {
		if spec.never || !p.Has(spec.id) || spec.id == "true_on" && !f.Amend && d.Values["true_on"] == "" && at["true_on"] == "" {
			continue
		}
		field := w.formField(rec, spec, family, p, d.Values, at)
		required, instead := needs(p, spec.id)
		switch {
		case known != nil && ofMaster(spec.id, known) != "" && at[spec.id] == "":
			f.Employer = append(f.Employer, field)
		case required && !instead || spec.open || at[field.Name] != "" || spec.id == "true_on":
			f.Main = append(f.Main, field)
		default:
			f.More = append(f.More, field)
		}
	}
}

// inFormWords says what is missing by the name that the form gives it.
func inFormWords(x destination.Problem, family string) string {
	if x.Text != "请填写"+scrutiny.FieldTitle(x.Field) && !strings.HasPrefix(x.Text, "请填写"+scrutiny.FieldTitle(x.Field)+"或") {
		return x.Text
	}
	for _, spec := range fieldSpecs {
		if spec.id != x.Field {
			continue
		}
		label, _ := spec.wordsFor(family)
		if spec.kind == asSelect || spec.kind == asRegion {
			return "请选择" + label
		}
		return "请填写" + label
	}
	return x.Text
}

// familyOf is the topmost code above a code, such as 27 of 271.
func familyOf(book *codes.Book, code string) string {
	t := book.Table("destination")
	row, _ := t.Find(code)
	for row.Parent != "" {
		row, _ = t.Find(row.Parent)
	}
	return row.Code
}

// formField is one field as the form shows it.
func (w *Web) formField(rec *destination.Record, spec fieldSpec, family string, p scrutiny.Profile, typed, at map[string]string) formField {
	label, help := spec.wordsFor(family)
	name := spec.formNames()[0]
	required, instead := needs(p, spec.id)
	f := formField{Kind: spec.kind, Field: part.Field{Name: name, Label: label, Help: help, Value: typed[name], Error: at[name],
		Optional: !required || instead, Max: spec.max}}
	switch spec.kind {
	case asDay:
		f.Field.Kind = "date"
	case asPhone:
		f.Field.Kind, f.Mode = "tel", "tel"
	case asPay:
		f.Mode, f.Suffix, f.Max = "decimal", "元/月", 12
	case asTerm:
		f.Field.Kind = "date"
		f.To = part.Field{Name: spec.formNames()[1], Label: label + "止", Kind: "date", Value: typed[spec.formNames()[1]], Optional: true}
		f.Help = cmp.Or(help, "没有写到期日的，后一格空着")
	case asArea:
		f.Rows = 3
	case asRegion:
		f.To = districtField(w.Book(), f.Value)
		if f.To.Value != "" {
			f.Value = codes.CityOf(f.Value)
		}
		f.Choices = regionChoices(w.Book(), f.Value, w.School().HomeCity, rec.Person.Attrs.Value(history.Origin))
	case asSelect, asList:
		f.Choices = w.choicesOf(spec, rec.Cohort())
		if spec.kind == asSelect && f.Value != "" && !slices.ContainsFunc(f.Choices, func(o part.Option) bool { return o.Value == f.Value }) {
			f.Choices = append(f.Choices, part.Option{Value: f.Value, Title: w.valueWords(spec.id, f.Value)})
		}
	}
	return f
}

// choicesOf are what a select or a list offers.
func (w *Web) choicesOf(spec fieldSpec, cohort string) (out []part.Option) {
	if spec.id == "school_name" {
		for _, c := range w.Book().Table("institution").All() {
			out = append(out, part.Option{Value: c.Name, Title: c.Name})
		}
		return out
	}
	for _, c := range spec.choices {
		out = append(out, part.Option{Value: c, Title: c})
	}
	if len(out) > 0 {
		return out
	}
	for _, c := range w.Book().Table(strings.TrimPrefix(spec.id, "contract_")).Offered(cohort) {
		if !c.Is("rejected") {
			out = append(out, part.Option{Value: c.Code, Title: c.Name})
		}
	}
	return out
}

// regionChoices are the cities, and the districts of the four large ones, under
// their provinces: those of the school and of the graduate's home first.
func regionChoices(book *codes.Book, chosen string, near ...string) []part.Option {
	t := book.Table("region")
	below := map[string][]part.Option{}
	var provinces []codes.Code
	found := chosen == ""
	for _, c := range t.Offered("9999") {
		switch {
		case c.Parent == "":
			provinces = append(provinces, c)
			below[c.Code] = append(below[c.Code], part.Option{Value: c.Code, Title: c.Name, Group: c.Name})
		case codes.ProvinceOf(c.Code) == c.Parent:
			prov, _ := t.Find(c.Parent)
			below[c.Parent] = append(below[c.Parent], part.Option{Value: c.Code, Title: c.Name, Group: prov.Name})
		default:
			continue
		}
		found = found || c.Code == chosen
	}
	rank := func(c codes.Code) int {
		for i, n := range near {
			if n != "" && codes.ProvinceOf(n) == c.Code {
				return i
			}
		}
		return len(near)
	}
	slices.SortStableFunc(provinces, func(a, b codes.Code) int { return rank(a) - rank(b) })
	var out []part.Option
	if !found {
		out = append(out, part.Option{Value: chosen, Title: t.NameOf(chosen), Group: "已填"})
	}
	for _, c := range provinces {
		list := below[c.Code]
		if len(list) > 1 {
			list = append(list[1:], part.Option{Value: c.Code, Title: c.Name + "，说不准是哪里", Group: c.Name})
		}
		out = append(out, list...)
	}
	return out
}

// districtField asks for the district or county of the city that is chosen (区县):
// below the city, since thousands of them are no list for a thumb. No choices: no
// city is chosen, or there is nothing below it.
func districtField(book *codes.Book, chosen string) part.Field {
	f := part.Field{Name: "region_district", Label: "区县", Optional: true}
	city, t := codes.CityOf(chosen), book.Table("region")
	if city == "" {
		return f
	}
	for _, c := range t.Offered("9999") {
		if c.Parent == city && codes.ProvinceOf(city) != city {
			f.Choices = append(f.Choices, part.Option{Value: c.Code, Title: c.Name})
		}
	}
	if chosen != city && slices.ContainsFunc(f.Choices, func(o part.Option) bool { return o.Value == chosen }) {
		f.Value = chosen
	}
	return f
}

// withDistrict takes the district in the place of its city. One of a city that was
// chosen before is left.
func withDistrict(typed map[string]string, district string) {
	if city := codes.CityOf(district); city != district && city == typed["region"] {
		typed["region"] = district
	}
}

// valueWords is a value of a payload field as people read it.
func (w *Web) valueWords(field, value string) string {
	switch field {
	case "pay":
		return yuanOf(value) + " 元/月"
	case "school_code":
		return value
	}
	if i := slices.Index(history.CountedNames[:], field); i >= 0 {
		return w.Book().Table(strings.TrimPrefix(field, "contract_")).NameOf(value)
	}
	return value
}

// ofMaster is what the master record says of a field.
func ofMaster(field string, e *employer.Employer) string {
	switch field {
	case "nature":
		return e.Nature
	case "industry":
		return e.Industry
	case "region":
		return e.Region
	}
	return ""
}

// takeKnown fills the blanks of a draft with what the master record says.
func takeKnown(d *destination.SavedDraft, e *employer.Employer) {
	for field, v := range map[string]string{"credit_code": e.CreditCode, "employer_name": e.Name, "nature": e.Nature, "industry": e.Industry, "region": e.Region} {
		if d.Values[field] == "" && v != "" {
			d.Values[field] = v
		}
	}
}

func (w *Web) knownWords(e *employer.Employer) string {
	var out []string
	for _, field := range []string{"nature", "industry", "region"} {
		if v := ofMaster(field, e); v != "" {
			out = append(out, w.valueWords(field, v))
		}
	}
	return strings.Join(out, "，")
}

// papers lays out the kinds of evidence that the profile takes.
func (f *registerForm) papers(w *Web, rec *destination.Record, p scrutiny.Profile, in []history.Evidence, wrong string) {
	book := w.Book()
	var kinds, sets []string
	for _, set := range p.Evidence {
		var names []string
		for _, k := range set {
			if !slices.Contains(kinds, k) {
				kinds = append(kinds, k)
			}
			names = append(names, book.Table("document").NameOf(k))
		}
		sets = append(sets, strings.Join(names, "，加上"))
	}
	if len(kinds) > 1 {
		f.Sets = "下面任何一组就行：" + strings.Join(sets, "；或者")
	}
	f.Proves = p.Has("employer_name") && len(kinds) > 0 && p.Code != ""
	if training := rec.Person.Attrs.Value(history.Training); f.Proves && (training == "2" || training == "4") {
		kinds = append(kinds, "REL")
	}
	for _, e := range in {
		if !slices.Contains(kinds, e.Kind) {
			kinds = append(kinds, e.Kind)
		}
	}
	for _, k := range kinds {
		b := paperBlock{Kind: k, Title: book.Table("document").NameOf(k), Help: kindHelp[k]}
		for _, e := range in {
			if e.Kind == k {
				b.Files = append(b.Files, w.paperFile(rec, e, len(b.Files)+1))
			}
		}
		f.Papers = append(f.Papers, b)
	}
	if len(f.Papers) > 0 {
		f.Papers[0].Error = wrong
	}
}

// paperFile is a document as a form or a page shows it.
func (w *Web) paperFile(rec *destination.Record, e history.Evidence, number int) paperFile {
	out := paperFile{Key: paperKey(e), Href: "/evidence/" + rec.Person.ID + "/" + e.SHA256, Number: number}
	for _, d := range rec.Documents {
		if d.SHA256 == e.SHA256 {
			out.Says = map[string]string{"application/pdf": "PDF"}[d.Media]
			out.Says = cmp.Or(out.Says, "照片") + " " + sizeWords(d.Size)
		}
	}
	for i := range rec.Events {
		out.Sent = out.Sent || slices.Contains(rec.Events[i].Evidence, e)
	}
	return out
}

func sizeWords(n int64) string {
	if n >= 1<<20 {
		return strconv.FormatFloat(float64(n)/(1<<20), 'f', 1, 64) + " MB"
	}
	return strconv.FormatInt(max(n>>10, 1), 10) + " KB"
}

// levelWords says who looks at a registration of the code.
func (w *Web) levelWords(code string) string {
	levels := w.Destinations.Levels(code)
	names := make([]string, len(levels))
	for i, l := range levels {
		names[i] = l.Title
	}
	return "提交后由" + strings.Join(names, "、") + "各看一次"
}
