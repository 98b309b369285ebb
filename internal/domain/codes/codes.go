// Package codes holds the official code tables (代码表) as versioned data: every
// row with its source and validity, never a constant in the program.
//
// The tables are CSV files under data/, read once by Builtin. An administrator
// adds codes and maps local ones with Book.With, without a release. The package
// also checks the two identifiers whose structure a standard fixes: the credit
// code (统一社会信用代码) and the citizen number (公民身份号码).
package codes

import (
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
	Fields  map[string]string // further columns of the table; absent means blank
}

// Is reports that the field says yes.
func (c Code) Is(field string) bool {
	v := c.Fields[field]
	return v == "yes" || v == "true"
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

	local  []Code // what With added
	mapped map[schemeCode]Mapping

	naming sync.Once
	names  map[string][]int // rows by normalised name or alias
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
		found = t.alongPath(pathSeparators.Replace(name))
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

// alongPath splits the name into a known name and the name of one of its
// descendants, wherever that is possible.
func (t *Table) alongPath(name string) []int {
	found := append([]int(nil), t.names[name]...)
	for cut := range name {
		for _, above := range t.names[name[:cut]] {
			for _, i := range t.alongPath(name[cut:]) {
				if i != above && t.Descends(t.rows[i].Code, t.rows[above].Code) {
					found = append(found, i)
				}
			}
		}
	}
	return found
}

// only picks the one row among those found: the one current row, else the one
// row that is left.
func (t *Table) only(found []int) (int, bool) {
	current, any := -1, -1
	currents, anys := 0, 0
	for _, i := range found {
		if i != any {
			any, anys = i, anys+1
		}
		if t.rows[i].current() && i != current {
			current, currents = i, currents+1
		}
	}
	if currents == 1 {
		return current, true
	}
	return any, currents == 0 && anys == 1
}

// current reports that the row is neither withdrawn, nor a heading, nor one that
// exists for statistics only.
func (c Code) current() bool {
	return c.To == "" && !c.Is("group") && !c.Is("stat_only") && c.Fields["offered"] != "no"
}
