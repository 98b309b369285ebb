package roster

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/history"
)

// Settler says whose word settles a field that its graduate finds wrong.
type Settler string

// The settlers.
const (
	Own      Settler = "own"      // the graduate's own: changes at once
	Faculty  Settler = "college"  // 学院核
	Registry Settler = "registry" // 学籍部门核，就业中心办
)

// permission that decides what the settler's fields should say.
func (s Settler) permission() access.Permission {
	if s == Registry {
		return access.DecideRegistry
	}
	return access.DecideCorrection
}

// CheckField is a field that graduates look at when they check their own data (生源核对).
type CheckField struct {
	ID     string // of the column, see exchange.Columns
	By     Settler
	Needed bool // may not be emptied
}

// CheckFields is the whole rule of who settles what, in the order of the page.
// A difficulty (困难生类别) is not among them: it is nobody's to read on a phone.
var CheckFields = []CheckField{
	{"name", Registry, true}, {"id_number", Registry, true}, {"student_no", Registry, true}, {"exam_no", Registry, true},
	{"sex", Registry, true}, {"ethnicity", Registry, true}, {"birthday", Registry, true}, {"education", Registry, true},
	{"major", Faculty, true}, {"class", Faculty, true}, {"training", Faculty, true}, {"origin", Faculty, true}, {"politics", Faculty, true},
	{"phone", Own, true}, {"email", Own, false}, {"qq", Own, false}, {"address", Own, false},
	{"home_phone", Own, false}, {"home_postcode", Own, false},
}

// FindCheckField returns the field of the id.
func FindCheckField(id string) (CheckField, bool) {
	i := slices.IndexFunc(CheckFields, func(f CheckField) bool { return f.ID == id })
	if i < 0 {
		return CheckField{}, false
	}
	return CheckFields[i], true
}

// Title returns the name that people read.
func (f CheckField) Title() string { return exchange.Title(exchange.Person, f.ID) }

// Secret reports that the field lies as ciphertext and is shown masked.
func (f CheckField) Secret() bool { return slices.Contains(SecretFields, f.ID) }

// Unit reports that the field names a unit of the school; its value is a unit's id.
func (f CheckField) Unit() bool { return f.ID == string(Major) || f.ID == string(Class) }

// Table returns the code table of the field; blank if it is not coded.
func (f CheckField) Table() string { return exchange.Field(exchange.Person, f.ID)[0].Table }

// fieldsOf returns the ids of the fields that the settler decides.
func fieldsOf(by Settler) []string {
	var out []string
	for _, f := range CheckFields {
		if f.By == by {
			out = append(out, f.ID)
		}
	}
	return out
}

// CorrectionState is how far a correction came.
type CorrectionState string

// The states.
const (
	Asked     CorrectionState = "open"      // 待核
	Accepted  CorrectionState = "accepted"  // 已改
	Rejected  CorrectionState = "refused"   // 不改，写明理由
	TakenBack CorrectionState = "withdrawn" // 本人改回
	Replaced  CorrectionState = "replaced"  // 本人另提
	ByOneself CorrectionState = "done"      // 本人当场改好：不记值
)

// Correction is one thing that a graduate says is wrong (生源更正). At most one
// of a graduate and field is open.
type Correction struct {
	ID       string
	Graduate string
	Field    string
	Before   string // as it was when it was asked, in the form that is kept
	Value    string // as it should be, in the form that is kept; of a unit its id
	Note     string // why, in the graduate's words
	Sealed   string // envelope of Before, Value and Note of a secret field; they are blank then
	State    CorrectionState
	Asked    calendar.Instant
	AskedBy  string           // account
	Decided  calendar.Instant // 0: not yet
	Decider  string           // account
	Reason   string           // why not, or what was looked at
}

// words of a correction that a secret field's envelope holds.
type words struct {
	Before string `json:"before,omitempty"`
	Value  string `json:"value"`
	Note   string `json:"note,omitempty"`
}

// Seal encrypts what a correction of a secret field says.
func (c *Correction) Seal(v history.Vault) error {
	if !slices.Contains(SecretFields, c.Field) || c.Sealed != "" {
		return nil
	}
	plain, err := json.Marshal(words{c.Before, c.Value, c.Note})
	if err != nil {
		return err
	}
	if c.Sealed, err = v.Seal("correction", c.Graduate, plain); err != nil {
		return err
	}
	c.Before, c.Value, c.Note = "", "", ""
	return nil
}

// Unseal is the inverse of Seal.
func (c *Correction) Unseal(v history.Vault) error {
	if c.Sealed == "" {
		return nil
	}
	plain, err := v.Open("correction", c.Graduate, c.Sealed)
	if err != nil {
		return err
	}
	var w words
	if err := json.Unmarshal(plain, &w); err != nil {
		return err
	}
	c.Before, c.Value, c.Note, c.Sealed = w.Before, w.Value, w.Note, ""
	return nil
}

// SourceCheck is a graduate's word that the own data are right (核对). It stands
// for what it was given for: when the roster says something else, it lapses.
type SourceCheck struct {
	Graduate string
	At       calendar.Instant
	Rev      int    // of the profile, see Graduate.Rev
	Basis    string // the attributes that were on the page
}

// Stands reports that the graduate still is what the check was given for.
func (c SourceCheck) Stands(g *Graduate) bool {
	return c.At != 0 && c.Rev == g.Rev && c.Basis == basisOf(g.Attrs)
}

// checked are the attributes that a graduate checks, in a fixed order.
var checked = []history.Key{history.Level, history.College, history.Major, history.Class, history.Sex, history.Ethnicity, history.Origin, history.Training}

func basisOf(a history.Attributes) string {
	out := make([]string, len(checked))
	for i, k := range checked {
		out[i] = a.Value(k)
	}
	return strings.Join(out, "|")
}

// Kept returns what an unsealed graduate says in the field, in the form that is
// kept: of a unit its id.
func (g *Graduate) Kept(field string) string {
	switch field {
	case "name":
		return g.Name
	case "student_no":
		return g.StudentNo
	case "exam_no":
		return g.ExamNo
	}
	if k := history.Key(field); slices.Contains(history.Keys, k) {
		return g.Attrs.Value(k)
	}
	return g.Value(field)
}

// Shower turns kept values into what people read, secret ones masked.
type Shower struct {
	book  *codes.Book
	units map[string]Unit
}

// NewShower returns one over the code tables and the units of the school.
func NewShower(book *codes.Book, units []Unit) Shower {
	s := Shower{book, make(map[string]Unit, len(units))}
	for _, u := range units {
		s.units[u.ID] = u
	}
	return s
}

// Unit returns the unit of the id.
func (s Shower) Unit(id string) Unit { return s.units[id] }

// Plain shows a value as it is; of a region with the names above it.
func (s Shower) Plain(field, value string) string {
	f := CheckField{ID: field}
	switch {
	case value == "":
		return ""
	case f.Unit() || field == string(College):
		return cmp.Or(s.units[value].Name, value)
	case len(exchange.Field(exchange.Person, field)) == 0:
		return value
	case f.Table() == "region":
		return s.region(value)
	case f.Table() != "":
		return nameIn(s.book, f.Table(), value)
	}
	return value
}

// Of shows what a graduate says in a field, as its owner reads it: the identity
// number masked, since a phone is read over shoulders; the rest as it is.
func (s Shower) Of(g *Graduate, field string) string {
	v := g.Kept(field)
	switch {
	case field == "id_number":
		return codes.MaskID(v)
	case field == "education" && v == "":
		return nameIn(s.book, "report_level", g.Attrs.Value(history.Level))
	}
	return s.Plain(field, v)
}

// Masked shows a value; of a secret field only so much that its owner knows it again.
func (s Shower) Masked(field, value string) string {
	switch {
	case !slices.Contains(SecretFields, field):
		return s.Plain(field, value)
	case field == "id_number":
		return codes.MaskID(value)
	case field == "phone" || field == "home_phone":
		return codes.MaskPhone(value)
	case value == "":
		return ""
	}
	return "已填"
}

// region names a place from the province down: 天津市 河西区.
func (s Shower) region(code string) string {
	t := s.book.Table("region")
	var out []string
	for c, ok := t.Find(code); ok; c, ok = t.Find(c.Parent) {
		if len(out) == 0 || c.Name != out[0] {
			out = append([]string{c.Name}, out...)
		}
	}
	if len(out) == 0 {
		return code
	}
	return strings.Join(out, " ")
}
