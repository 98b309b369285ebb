// Package indicator holds the catalogue of metrics, and how each is counted as
// of a date.
//
// Every published number is a definition in the catalogue, counted from events
// and never stored; the parts of a row add up to its base, in integers, always.
package indicator

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
)

// Definition is one version of one metric (口径): data, never code.
type Definition struct {
	ID           string   `json:"id"`
	Version      string   `json:"version"`
	Title        string   `json:"title"`
	Table        string   `json:"table"` // the stats table that it counts
	Numerator    string   `json:"numerator"`
	Denominator  string   `json:"denominator"`
	Rounding     string   `json:"rounding"`
	Source       string   `json:"source"`
	Own          bool     `json:"own,omitempty"`           // the school may change it
	Inside       bool     `json:"inside,omitempty"`        // 内部参考: says so in its title, and never leaves the house
	CohortsFrom  string   `json:"cohorts_from,omitempty"`  // default for cohorts from this one on
	CohortsTo    string   `json:"cohorts_to,omitempty"`    // default for cohorts up to this one
	WithEmployer bool     `json:"with_employer,omitempty"` // base: class 就业 with an employer; else everybody
	Each         string   `json:"each,omitempty"`          // one cell a code of this table, made by expand
	Cells        []Cell   `json:"cells"`
	Parts        []string `json:"parts"` // the cells that add up to n
}

// Cell is one column of a table. Of the parts the first that fits takes, in the
// order of the definition; a cell takes whom all the conditions that it names
// fit. A code counts where its nearest ancestor that is named does.
type Cell struct {
	ID             string   `json:"id"`
	Title          string   `json:"title"`
	Codes          []string `json:"codes,omitempty"` // 27x: 27 and every code under it
	Unregistered   bool     `json:"unregistered,omitempty"`
	HospitalLevels []string `json:"hospital_levels,omitempty"`
	Natures        []string `json:"natures,omitempty"` // codes or ranges such as 31-39
	SchoolTiers    []string `json:"school_tiers,omitempty"`
	Values         []string `json:"values,omitempty"`   // codes of the Each table
	Prefixes       []string `json:"prefixes,omitempty"` // region codes that begin so
	Rest           bool     `json:"rest,omitempty"`     // whatever no other part takes
	Sum            []string `json:"sum,omitempty"`      // the cells that it adds up
	Base           []string `json:"base,omitempty"`     // the cells of its denominator; default n
	Of             string   `json:"of,omitempty"`       // the cell that it is a part of
}

//go:embed definitions.json
var definitionsJSON []byte

var catalogue = sync.OnceValue(func() []Definition {
	var out []Definition
	if err := json.Unmarshal(definitionsJSON, &out); err != nil {
		panic("indicator: definitions.json: " + err.Error())
	}
	return out
})

// Catalogue returns all definitions in the order of print.
func Catalogue() []Definition { return slices.Clone(catalogue()) }

// Tables returns the names of the tables that can be counted.
func Tables() []string {
	var out []string
	for _, d := range catalogue() {
		if !slices.Contains(out, d.Table) {
			out = append(out, d.Table)
		}
	}
	return out
}

// DefinitionByID returns the definition. Error: fault.Invalid, with the ids there are.
func DefinitionByID(id string) (Definition, error) {
	var known []string
	for _, d := range catalogue() {
		if d.ID == id {
			return d, nil
		}
		known = append(known, d.ID)
	}
	return Definition{}, fault.Invalidf("definition", "没有口径“%s”，可用的有：%s", id, strings.Join(known, "、"))
}

// DefaultFor returns the definition of a table for some cohorts: the one of the
// newest. Errors: fault.Invalid.
func DefaultFor(table string, cohorts []string) (Definition, error) {
	if len(cohorts) == 0 {
		return Definition{}, fault.Invalidf("cohort", "请用 --cohort 指定届别，例如 --cohort 2024")
	}
	newest := slices.Max(cohorts)
	for _, d := range catalogue() {
		if d.Table == table && d.isDefault() && d.usualFor(newest) {
			return d, nil
		}
	}
	return Definition{}, fault.Invalidf("table", "没有统计表“%s”，可用的有：%s", table, strings.Join(Tables(), "、"))
}

// isDefault reports that the definition is chosen where none is named: the only
// one of its table, or one for a range of cohorts.
func (d *Definition) isDefault() bool {
	return d.Table != destinationTable || d.CohortsFrom+d.CohortsTo != ""
}

// usualFor reports that the cohort is not outside the definition's range.
func (d *Definition) usualFor(cohort string) bool {
	return (d.CohortsFrom == "" || d.CohortsFrom <= cohort) && (d.CohortsTo == "" || cohort <= d.CohortsTo)
}

// destinationTable is the table with several definitions and with seeking_detail.
const destinationTable = "destination"

// asksUnit reports that cells hang on the employer's nature or hospital level,
// so that unit of work and contracting unit differ.
func (d *Definition) asksUnit() bool {
	return d.Each == "nature" || slices.ContainsFunc(d.Cells, func(c Cell) bool {
		return len(c.Natures)+len(c.HospitalLevels) > 0
	})
}

// School is what of the school's own settings some tables hang on.
type School struct {
	Name     string
	HomeCity string // GB/T 2260 code of the home city; blank: not set
}

// expand adds the cells of a definition that has one for each code of a table.
func (d Definition) expand(book *codes.Book, school School) Definition {
	if d.Each == "" {
		return d
	}
	rest := Cell{ID: "unknown", Title: "未填", Rest: true}
	for _, c := range book.Table(d.Each).All() {
		if d.Each == "region" {
			if c.Parent != "" || strings.HasPrefix(c.Code, "99") {
				continue
			}
			d.Cells = append(d.Cells, Cell{ID: c.Code, Title: c.Name, Prefixes: []string{c.Code[:2]}})
		} else {
			d.Cells = append(d.Cells, Cell{ID: c.Code, Title: c.Name, Values: []string{c.Code}})
		}
		d.Parts = append(d.Parts, c.Code)
	}
	d.Cells, d.Parts = append(d.Cells, rest), append(d.Parts, rest.ID)
	if d.Each == "region" {
		d.Cells = append(d.Cells, regionGroups(book, school)...)
	}
	return d
}

// regionGroups are the cells beside the provinces: they overlap, so none is a part.
func regionGroups(book *codes.Book, school School) []Cell {
	var out []Cell
	if school.HomeCity != "" {
		province := codes.ProvinceOf(school.HomeCity)
		out = append(out,
			Cell{ID: "home_city", Title: "留本市", Prefixes: []string{cityPrefix(school.HomeCity)}},
			Cell{ID: "home_province", Title: "留本省（市、区）", Prefixes: []string{province[:2]}})
	}
	for _, g := range book.RegionGroups() {
		out = append(out, Cell{ID: g.ID, Title: g.Name, Prefixes: g.Prefixes})
	}
	return out
}

// cityPrefix is what the codes of a city begin with: two digits for a
// municipality, four for a prefecture.
func cityPrefix(code string) string {
	city := codes.CityOf(code)
	if city[2:4] == "00" {
		return city[:2]
	}
	return city[:4]
}
