package scrutiny

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

// Tier says for whom a level of review decides. Some codes need a decision of
// certain tiers however short a school's chain is (A18c).
type Tier string

// The tiers, from near to far.
const (
	ClassTier   Tier = "class"   // 班级
	CollegeTier Tier = "college" // 学院
	SchoolTier  Tier = "school"  // 学校
)

// Tiers lists the tiers from near to far.
var Tiers = []Tier{ClassTier, CollegeTier, SchoolTier}

// Profile says what a destination code asks for (domain.md §1.3). It is data:
// profiles.json.
type Profile struct {
	Code string `json:"code"`
	// Groups of payload fields that a case of the code has: employer, study …
	Groups []string `json:"groups"`
	// Required payload fields by id; a|b means one of the two.
	Required []string `json:"required"`
	// Evidence: any one of these sets of document kinds suffices; none needs none.
	Evidence [][]string `json:"evidence"`
	// Reject: document kinds that do not count as one of the sets.
	Reject    []string `json:"reject"`
	PayFloor  bool     `json:"pay_floor,omitempty"` // pay not below the minimum wage
	FullTime  bool     `json:"full_time,omitempty"` // full-time study only
	DecidedBy []Tier   `json:"decided_by,omitempty"`
	// AlwaysChecked: every record goes to the sampling queue, and none passes in bulk.
	AlwaysChecked bool `json:"always_checked,omitempty"`
	AlwaysSingle  bool `json:"always_single,omitempty"` // never passed in bulk
}

// Single reports that records of the code are never passed in bulk.
func (p Profile) Single() bool { return p.AlwaysChecked || p.AlwaysSingle }

//go:embed profiles.json
var profilesJSON []byte

type profileFile struct {
	Source            string              `json:"source"`
	Titles            map[string]string   `json:"titles"`
	Groups            map[string][]string `json:"groups"` // fields in no group go with every code
	Together          [][2]string         `json:"together"`
	WithoutCreditCode []string            `json:"without_credit_code"` // natures of units that may have none
	Profiles          []Profile           `json:"profiles"`
}

var profiles = sync.OnceValue(func() (f profileFile) {
	mustDecode(profilesJSON, &f)
	return f
})

// mustDecode reads data that is part of the program: a defect in it is a defect
// of the program, and the tests see it first.
func mustDecode(data []byte, into any) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		panic(fmt.Sprintf("scrutiny: embedded data: %v", err))
	}
}

// ProfileOf returns the profile of the code, else that of the nearest code above
// it: a school's own 513 under 51 asks for what 51 asks for. The zero profile
// asks for nothing.
func ProfileOf(book *codes.Book, code string) Profile {
	t := book.Table("destination")
	for code != "" {
		i := slices.IndexFunc(profiles().Profiles, func(p Profile) bool { return p.Code == code })
		if i >= 0 {
			return profiles().Profiles[i]
		}
		row, _ := t.Find(code)
		if code = row.Parent; code == "" {
			code = row.Fields["counts_as"]
		}
	}
	return Profile{}
}

// FieldTitle returns the name of a payload field as people read it.
func FieldTitle(field string) string { return profiles().Titles[field] }

// Missing returns the fields that the profile requires and the content lacks, as
// people read them.
func (p Profile) Missing(c history.Content) []string {
	var out []string
	for _, names := range p.Lacks(c) {
		out = append(out, FieldTitles(names))
	}
	return out
}

// Has reports that a case of the code can have the payload field. The zero
// profile can have any.
func (p Profile) Has(field string) bool {
	grouped := false
	for name, fields := range profiles().Groups {
		if !slices.Contains(fields, field) {
			continue
		}
		if slices.Contains(p.Groups, name) {
			return true
		}
		grouped = true
	}
	return !grouped || p.Code == ""
}

// values returns all of a content's payload, counted or not, by field id.
func values(c history.Content) history.Fields {
	out := c.Fields.Plain()
	for i, v := range c.Counts.Plain().Values() {
		if v != "" {
			out[history.CountedNames[i]] = v
		}
	}
	return out
}

// satisfied reports that the kinds hold one of the profile's sets. Internship
// documents never count (四不准 4), nor what the profile rejects.
func (p Profile) satisfied(book *codes.Book, kinds []string) bool {
	if len(p.Evidence) == 0 {
		return true
	}
	counts := func(kind string) bool {
		return slices.Contains(kinds, kind) && !ProvesNothing(book, kind) && !slices.Contains(p.Reject, kind)
	}
	return slices.ContainsFunc(p.Evidence, func(set []string) bool {
		return !slices.ContainsFunc(set, func(kind string) bool { return !counts(kind) })
	})
}

// ProvesNothing reports that documents of the kind prove no employment: internship,
// placement and what the unit made up itself.
func ProvesNothing(book *codes.Book, kind string) bool {
	row, ok := book.Table("document").Find(kind)
	return ok && row.Is("never")
}

// evidenceWords says what a profile accepts, as people read it.
func (p Profile) evidenceWords(book *codes.Book) string {
	var sets []string
	for _, set := range p.Evidence {
		var names []string
		for _, kind := range set {
			row, _ := book.Table("document").Find(kind)
			names = append(names, row.Name)
		}
		sets = append(sets, strings.Join(names, "加"))
	}
	return strings.Join(sets, "，或")
}

// CheckValues refuses what cannot be stored as it is (see WrongValues) with the
// first of its faults.
func CheckValues(book *codes.Book, c history.Content) error {
	if wrong := WrongValues(book, c); len(wrong) > 0 {
		return wrong[0]
	}
	return nil
}

// IsDay reports that the text is a day as 2006-01-02.
func IsDay(s string) bool {
	_, err := calendar.ParseDay(s)
	return err == nil
}

// isFen reports a whole number of fen that is greater than 0.
func isFen(s string) bool {
	n, err := strconv.ParseInt(s, 10, 64)
	return err == nil && n > 0
}

// CheckOffered refuses a code that a form does not offer for the cohort.
func CheckOffered(book *codes.Book, code, cohort string) error {
	row, ok := book.Table("destination").Find(code)
	switch {
	case !ok:
		return fault.Invalidf("code", "毕业去向类别代码“%s”不在代码表中，请从列表中选择", code)
	case row.Fields["refused"] != "":
		return fault.Invalidf("code", "%s", row.Fields["refused"])
	case row.Fields["offered"] == "no":
		return fault.Invalidf("code", "“%s %s”是旧码或上级码，请选择更具体的类别", row.Code, row.Name)
	case row.From != "" && cohort < row.From[:min(4, len(row.From))], row.To != "" && cohort > row.To[:min(4, len(row.To))]:
		return fault.Invalidf("code", "“%s %s”不适用于 %s 届，请选择其他类别", row.Code, row.Name, cohort)
	}
	return nil
}
