// Package roster says who graduates (生源): people, and the colleges, majors and
// classes that they belong to.
//
// Whatever is counted of a person is an event in their history; the rest is a
// profile. Identity and contacts lie sealed and are found by keyed index only.
package roster

import (
	"encoding/json"
	"fmt"
	"slices"

	"quxiang/internal/domain/history"
)

// Kind of a unit.
type Kind string

// The units of a school, from large to small.
const (
	College Kind = "college" // 学院
	Major   Kind = "major"   // 专业, of a college
	Class   Kind = "class"   // 班级, of a major and a cohort
)

// Unit is a college, a major or a class. Kind, Parent, Cohort and Name together
// are unique.
type Unit struct {
	ID     string // c03, m012, k0107: numbered as they came
	Kind   Kind
	Parent string // of a major its college, of a class its major
	Cohort string // of a class only
	Code   string // the school's or the ministry's code; may be blank
	Name   string
}

// Graduate is one person of the roster.
type Graduate struct {
	ID        string
	StudentNo string // 学号; unique unless blank
	ExamNo    string // 考生号; unique unless blank; one of the two is always there
	Name      string
	Attrs     history.Attributes // what the newest events say; difficulty always blank
	Seq       int                // of the newest event
	Rev       int                // of name, numbers, profile and secret: how many imports replaced them
	Profile   history.Fields     // uncounted fields by column id, such as politics or graduation_day
	Secret    history.Fields     // identity and contacts by column id; nil while sealed

	Sealed     string // envelope of Secret
	IDIndex    string // keyed digest of the identity number
	PhoneIndex string // keyed digest of the phone number
}

// SecretFields are the profile fields that lie as ciphertext.
var SecretFields = []string{"id_number", "phone", "email", "qq", "address", "home_phone", "home_postcode", "household_police"}

// Seal encrypts Secret into Sealed with its two indexes.
func (g *Graduate) Seal(v history.Vault) error {
	if g.Secret == nil {
		return nil
	}
	plain, err := json.Marshal(g.Secret)
	if err != nil {
		return err
	}
	if g.Sealed, err = v.Seal("graduate", g.ID, plain); err != nil {
		return err
	}
	g.IDIndex, g.PhoneIndex = v.Index("id_number", g.Secret["id_number"]), v.Index("phone", g.Secret["phone"])
	g.Secret = nil
	return nil
}

// Unseal decrypts Sealed into Secret.
func (g *Graduate) Unseal(v history.Vault) error {
	g.Secret = history.Fields{}
	if g.Sealed == "" {
		return nil
	}
	plain, err := v.Open("graduate", g.ID, g.Sealed)
	if err != nil {
		return fmt.Errorf("graduate %s: %w", g.ID, err)
	}
	return json.Unmarshal(plain, &g.Secret)
}

// Put sets a profile field where it belongs; the graduate must be unsealed.
// Blank empties.
func (g *Graduate) Put(field, value string) {
	to := &g.Profile
	if slices.Contains(SecretFields, field) {
		to = &g.Secret
	}
	if *to == nil {
		*to = history.Fields{}
	}
	if value == "" {
		delete(*to, field)
		return
	}
	(*to)[field] = value
}

// Value returns a profile field of an unsealed graduate.
func (g *Graduate) Value(field string) string {
	if v, ok := g.Secret[field]; ok {
		return v
	}
	return g.Profile[field]
}
