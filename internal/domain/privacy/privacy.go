// Package privacy says what personal data the school holds, what for and on what
// ground (个人信息保护); keeps what graduates agreed to and asked for; and lets go
// of what is no longer needed.
package privacy

import (
	"embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
)

// The register of processing is data that is reviewed, not code.
//
//go:embed data/*.csv
var files embed.FS

// Basis is the legal ground of a purpose (个人信息保护法 §13).
type Basis string

// The grounds that the register knows.
const (
	Duty    Basis = "duty"    // 履行法定职责
	Consent Basis = "consent" // 同意
)

// Title returns the ground as people call it.
func (b Basis) Title() string {
	if b == Consent {
		return "你的同意"
	}
	return "履行法定职责，不以同意为前提"
}

// Purpose is one row of the register of processing (个人信息处理活动).
type Purpose struct {
	ID      string
	Title   string
	Basis   Basis
	Law     string // the articles
	Fields  string // what is used, in words
	SeenBy  string
	GivenTo string
	Kept    string // for how long
	Words   string // what is agreed to; blank unless the ground is consent
}

// Purposes that the program asks for by name.
const (
	ForEmployers   = "employers"
	ForPublicLists = "public_list"
	ForSurveys     = "survey"
	ForAlumni      = "alumni"
)

// WordsVersion is the version of the words of consent: consent to other words is
// asked for anew.
const WordsVersion = "2026-11"

var register = readRegister()

// Register returns all purposes, duties first.
func Register() []Purpose { return slices.Clone(register) }

// Optional returns the purposes that need consent.
func Optional() []Purpose {
	return slices.DeleteFunc(Register(), func(p Purpose) bool { return p.Basis != Consent })
}

// PurposeByID returns one; false if there is none.
func PurposeByID(id string) (Purpose, bool) {
	i := slices.IndexFunc(register, func(p Purpose) bool { return p.ID == id })
	if i < 0 {
		return Purpose{}, false
	}
	return register[i], true
}

// readRegister reads the purposes. The file is part of the program, so that a
// defect in it is a defect of the program: it panics, and the tests see it first.
func readRegister() (out []Purpose) {
	for _, r := range rows("purposes") {
		out = append(out, Purpose{ID: r[0], Title: r[1], Basis: Basis(r[2]), Law: r[3], Fields: r[4], SeenBy: r[5], GivenTo: r[6],
			Kept: r[7], Words: r[8]})
	}
	return out
}

func rows(name string) [][]string {
	text, err := files.ReadFile("data/" + name + ".csv")
	if err == nil {
		var list [][]string
		if list, err = csv.NewReader(strings.NewReader(string(text))).ReadAll(); err == nil {
			return list[1:]
		}
	}
	panic(fmt.Sprintf("privacy: %s.csv: %v", name, err))
}
