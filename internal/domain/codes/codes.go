// Package codes holds the official code tables (代码表) as versioned data: every
// row with its source and validity, never a constant in the program.
//
// The tables are CSV files under data/, read once by Builtin. An administrator
// adds codes and maps local ones with Book.With, without a release. The package
// also checks the two identifiers whose structure a standard fixes: the credit
// code (统一社会信用代码) and the citizen number (公民身份号码).
package codes

import (
	"slices"
	"strings"
	"sync"
)

// Code is one row of a code table. Aliases and Fields are shared: read only.
type Code struct {
	Scheme string // code scheme, such as MOE-2021
	Code   string // text, always: 01 is not 1
	Name   string // official name, in Chinese
	Parent string // code of the parent in the same table; blank if none
	Class  string // coarse class within the table, such as 就业; blank if the table has none

	From string // valid from: a cohort year or a day; blank if open
	To   string // valid to, inclusive; blank if open

	Source  string            // where the row was found, or that it is the project's own proposal
	Aliases []string          // other names that an import may carry
	Fields  map[string]string // further columns of the table, such as employer, counts_as, refused; absent means blank
}

// Is reports that the field says yes.
func (c Code) Is(field string) bool {
	v := c.Fields[field]
	return v == "yes" || v == "true"
}

// Fits reports that the row is for graduates of the report level: its levels name it,
// parted by |, or none. Of an unknown level everything fits.
func (c Code) Fits(level string) bool {
	levels := c.Fields["levels"]
	return level == "" || levels == "" || slices.Contains(strings.Split(levels, "|"), level)
}

// Table is one code table in its official order. It never changes once built.
type Table struct {
	ID      string // such as destination
	Scheme  string // such as MOE-2021
	Version string // version of the rows, with a digest of the administrator's own
	Title   string // in Chinese
	Source  string

	paths bool // a name may be a path through the parents: 天津市河西区
	base  string
	rows  []Code
	index map[string]int

	shipped map[schemeCode]Mapping // mappings of the program
	local   []Code                 // what With added
	mapped  map[schemeCode]Mapping // what With mapped; goes before shipped

	naming  sync.Once
	names   map[string][]int // rows by normalised name or alias
	offered sync.Map         // cohort → []Code
}

// Find returns the row with this code.
func (t *Table) Find(code string) (Code, bool) {
	i, ok := t.index[code]
	if !ok {
		return Code{}, false
	}
	return t.rows[i], true
}

// ByName returns the row with exactly this name or alias after Normalize. Rows
// that are still offered go before withdrawn ones. A name that two rows share
// finds neither: 朝阳区 alone is no answer. Nothing is matched in part.
func (t *Table) ByName(name string) (Code, bool) {
	name = Normalize(name)
	if name == "" {
		return Code{}, false
	}
	t.naming.Do(t.nameRows)
	found := t.names[name]
	if t.paths && len(found) == 0 {
		found = t.alongPath("", pathSeparators.Replace(name))
	}
	i, ok := t.only(found)
	if !ok {
		return Code{}, false
	}
	return t.rows[i], true
}

// All returns the rows in their official order, parents before children.
func (t *Table) All() []Code {
	return append([]Code(nil), t.rows...)
}

// Descends reports that code is the ancestor itself or that its chain of parents
// reaches it. An unknown code descends from itself only.
func (t *Table) Descends(code, ancestor string) bool {
	for code != "" {
		if code == ancestor {
			return true
		}
		i, ok := t.index[code]
		if !ok {
			return false
		}
		code = t.rows[i].Parent
	}
	return false
}

func (t *Table) nameRows() {
	t.names = make(map[string][]int, len(t.rows))
	for i, c := range t.rows {
		t.name(i, c.Name)
		for _, a := range c.Aliases {
			t.name(i, a)
		}
	}
}

func (t *Table) name(i int, name string) {
	name = Normalize(name)
	rows := t.names[name]
	if len(rows) > 0 && rows[len(rows)-1] == i {
		return
	}
	t.names[name] = append(rows, i)
}

// pathSeparators are what people write between the parts of a region's path.
var pathSeparators = strings.NewReplacer("/", "", "-", "", ">", "", "、", "", " ", "", "·", "")

// longestPath in bytes: no path of real names comes near it, and what is longer
// costs nothing.
const longestPath = 300

// alongPath splits the name into the name of a descendant of above, the name of
// one of that one's descendants, and so on, wherever that is possible. A blank
// above is the root. Each step goes down, so that it ends after few.
func (t *Table) alongPath(above, name string) []int {
	if len(name) > longestPath {
		return nil
	}
	var found []int
	for _, i := range t.names[name] {
		if t.below(i, above) {
			found = append(found, i)
		}
	}
	for cut := range name {
		for _, i := range t.names[name[:cut]] {
			if t.below(i, above) {
				found = append(found, t.alongPath(t.rows[i].Code, name[cut:])...)
			}
		}
	}
	return found
}

// below reports that the row is a descendant of the code and not itself.
func (t *Table) below(i int, above string) bool {
	return above == "" || t.rows[i].Code != above && t.Descends(t.rows[i].Code, above)
}

// only picks the one row among those found: the one current row, else the one
// row that is left.
func (t *Table) only(found []int) (int, bool) {
	found = slices.Compact(slices.Sorted(slices.Values(found)))
	current := slices.DeleteFunc(slices.Clone(found), func(i int) bool { return !t.rows[i].current() })
	if len(current) > 0 {
		found = current
	}
	if len(found) != 1 {
		return 0, false
	}
	return found[0], true
}

// current reports that the row may be offered and is not withdrawn.
func (c Code) current() bool { return c.To == "" && c.offerable() }

// offerable reports that the row is neither a heading, nor one that is accepted
// on import only, nor one that exists for statistics only.
func (c Code) offerable() bool {
	return !c.Is("group") && !c.Is("stat_only") && c.Fields["offered"] != "no"
}

// Offered returns the rows that a form offers for a cohort, in their official
// order: no headings, no legacy codes, and only those valid in the cohort's year.
// Every form asks, so that the answer is kept: read it, do not change it.
func (t *Table) Offered(cohort string) []Code {
	if known, ok := t.offered.Load(cohort); ok {
		return known.([]Code)
	}
	var out []Code
	for i := range t.rows {
		c := &t.rows[i]
		if c.offerable() && (c.From == "" || cohort >= c.From[:4]) && (c.To == "" || cohort <= c.To[:4]) {
			out = append(out, *c)
		}
	}
	t.offered.Store(cohort, out)
	return out
}
