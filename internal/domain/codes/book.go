package codes

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
)

// Mapping says that a code of another scheme means a code of ours. A blank To
// means: leave the field blank.
type Mapping struct {
	Table      string // table id, such as nature
	FromScheme string // the scheme it comes from; blank or the table's own scheme for a code that the table lacks
	From, To   string
	Source     string // where the pair was found, or that it is the project's own proposal
}

// schemeCode is a foreign code with its scheme: 11 alone means two levels.
type schemeCode struct{ scheme, code string }

// Book is an immutable set of tables: the built-in ones and what an
// administrator added or mapped.
type Book struct {
	tables  map[string]*Table
	schemes map[string]string // scheme → table id
	groups  []RegionGroup
}

var builtin = sync.OnceValue(load)

// Builtin returns the tables that the program carries. They are read once.
func Builtin() *Book { return builtin() }

// Table returns the table with this id. It panics on an unknown id, which is a
// mistake in the program, never in its input.
func (b *Book) Table(id string) *Table {
	t, ok := b.tables[id]
	if !ok {
		panic("codes: no table " + id)
	}
	return t
}

// Versions returns the version of each table by id, for snapshots.
func (b *Book) Versions() map[string]string {
	out := make(map[string]string, len(b.tables))
	for id, t := range b.tables {
		out[id] = t.Version
	}
	return out
}

// Resolve returns the row of the table that a code of the scheme means. A blank
// scheme is the table's own. Legacy codes stand for themselves: Fields counts_as
// names the code that they count where, Fields refused says why one cannot be
// registered. A code that is mapped to nothing gives a blank row and true.
func (b *Book) Resolve(table, scheme, code string) (Code, bool) {
	t := b.Table(table)
	code = Normalize(code)
	if scheme == "" {
		scheme = t.Scheme
	}
	if scheme == t.Scheme {
		if c, ok := t.Find(code); ok {
			return c, true
		}
	}
	m, ok := t.mapped[schemeCode{scheme, code}]
	if !ok {
		m, ok = t.shipped[schemeCode{scheme, code}]
	}
	if !ok {
		return Code{}, false
	}
	if m.To == "" {
		return Code{}, true
	}
	return t.Find(m.To)
}

// Export returns the code that the ministry's files carry for one of ours. It is
// the code itself, except where the number was never found (Fields internal):
// then it is the official code that an administrator mapped to it, or blank.
func (b *Book) Export(table, code string) string {
	t := b.Table(table)
	c, ok := t.Find(code)
	if !ok || !c.Is("internal") {
		return code
	}
	var official []string
	for from, m := range t.mapped {
		if from.scheme == t.Scheme && m.To == code {
			official = append(official, from.code)
		}
	}
	if len(official) == 0 {
		return ""
	}
	return slices.Min(official)
}

// NameOf returns the name that leads back to a code: of a region whose name
// several have, with the names above it; the code itself where no name does.
func (t *Table) NameOf(code string) string {
	name := ""
	for c, ok := t.Find(code); ok; c, ok = t.Find(c.Parent) {
		name = c.Name + name
		if back, found := t.ByName(name); found && back.Code == code {
			return name
		}
	}
	return code
}

// With returns the book with an administrator's codes and mappings. Scheme of an
// added code names a table's scheme. It needs a parent in the table, of which it
// takes the class and the fields that it does not say itself, or a class of the
// table; where the table has no classes it may stand alone. A code that is there
// is refused, but for a row of a table that is Restatable. A destination without
// a parent also needs a cell in every definition, which is not known here.
// Errors: fault.Invalid, fault.Conflict.
func (b *Book) With(added []Code, mapped []Mapping) (*Book, error) {
	n := &Book{tables: maps.Clone(b.tables), schemes: b.schemes, groups: b.groups}
	own := map[string]*Table{} // the tables that this call has copied
	edit := func(id string) *Table {
		if own[id] == nil {
			own[id] = n.tables[id].copy()
			n.tables[id] = own[id]
		}
		return own[id]
	}
	if err := b.addAll(added, edit); err != nil {
		return nil, err
	}
	for _, m := range mapped {
		if b.tables[m.Table] == nil {
			return nil, fault.Invalidf("table", "代码表“%s”不存在，请从已有的代码表中选择", m.Table)
		}
		if err := edit(m.Table).mapTo(m); err != nil {
			return nil, err
		}
	}
	for _, t := range own {
		if err := t.clash(); err != nil {
			return nil, err
		}
		t.stamp()
	}
	return n, nil
}

// addAll adds the codes to their tables, each after its parent.
func (b *Book) addAll(added []Code, edit func(id string) *Table) error {
	waiting := slices.Clone(added)
	for len(waiting) > 0 {
		var next []Code
		for _, c := range waiting {
			id, ok := b.schemes[c.Scheme]
			if !ok {
				return fault.Invalidf("scheme", "代码表“%s”不存在，请从已有的代码表中选择", c.Scheme)
			}
			if awaits(c, waiting) {
				next = append(next, c)
				continue
			}
			if err := edit(id).add(c); err != nil {
				return err
			}
		}
		if len(next) == len(waiting) {
			return fault.Invalidf("parent", "代码“%s”的上级互为上下级，请检查上级代码", next[0].Code)
		}
		waiting = next
	}
	return nil
}

// awaits reports that the code's parent is among those still to be added.
func awaits(c Code, waiting []Code) bool {
	return c.Parent != "" && slices.ContainsFunc(waiting, func(w Code) bool {
		return w.Scheme == c.Scheme && w.Code == c.Parent
	})
}

func (t *Table) copy() *Table {
	return &Table{ID: t.ID, Scheme: t.Scheme, Version: t.Version, Title: t.Title, Source: t.Source,
		paths: t.paths, base: t.base, rows: slices.Clone(t.rows), index: maps.Clone(t.index),
		shipped: t.shipped, local: slices.Clone(t.local), mapped: maps.Clone(t.mapped)}
}

// add checks an administrator's code, fills in what its parent says, and puts it
// after its parent's other children, so that the order stays official.
func (t *Table) add(c Code) error {
	c.Code, c.Name = Normalize(c.Code), strings.TrimSpace(c.Name)
	if c.Code == "" || Normalize(c.Name) == "" {
		return fault.Invalidf("code", "%s：新增代码须同时填写代码和名称", t.Title)
	}
	if c.Source == "" {
		c.Source = "本校新增"
	}
	if at, ok := t.index[c.Code]; ok {
		return t.restate(at, c)
	}
	if !validity(c.From) || !validity(c.To) || c.To != "" && c.To < c.From {
		return fault.Invalidf("from", "%s：代码“%s”的起止时间应写成 2025 或 2025-06-30 的样子，且止不早于起", t.Title, c.Code)
	}
	if err := t.inherit(&c); err != nil {
		return err
	}
	at := len(t.rows)
	for i, r := range t.rows {
		if c.Parent != "" && t.Descends(r.Code, c.Parent) {
			at = i + 1
		}
	}
	t.rows = slices.Insert(t.rows, at, c)
	for i := at; i < len(t.rows); i++ {
		t.index[t.rows[i].Code] = i
	}
	t.local = append(t.local, c)
	return nil
}

// restatable is the table whose rows an administrator may say anew: its names and
// its lists (985, 211, 双一流) change by other people's decision, not by ours.
const restatable = "institution"

// Restatable reports that With takes a row for a code that the program carries:
// it then stands in that one's place, name, aliases, fields and all.
func (t *Table) Restatable() bool { return t.ID == restatable }

// restate puts an administrator's row in the place of one of the program, once.
// Where the row stands in the table is not theirs to say.
func (t *Table) restate(at int, c Code) error {
	old := t.rows[at]
	twice := slices.ContainsFunc(t.local, func(own Code) bool { return own.Code == c.Code })
	if !t.Restatable() || twice || c.Parent != old.Parent || c.Class != old.Class || c.From != old.From || c.To != old.To {
		return fault.Conflictf("code", "%s中已有代码“%s”，不能重复新增", t.Title, c.Code)
	}
	t.rows[at] = c
	t.local = append(t.local, c)
	return nil
}

// inherit gives the code its class and its parent's fields, or says what lacks.
func (t *Table) inherit(c *Code) error {
	parent, ok := t.Find(c.Parent)
	switch {
	case ok:
		if c.Class == "" {
			c.Class = parent.Class
		}
		if c.Class != parent.Class {
			return fault.Invalidf("class", "%s：代码“%s”的类别是“%s”，与上级“%s”的“%s”不一致", t.Title, c.Code, c.Class, parent.Code, parent.Class)
		}
		fields := maps.Clone(parent.Fields)
		if fields == nil {
			fields = map[string]string{}
		}
		for _, own := range []string{"group", "offered", "internal"} { // what holds of a heading does not hold of its child
			delete(fields, own)
		}
		maps.Copy(fields, c.Fields)
		c.Fields = fields
	case c.Parent != "":
		return fault.Invalidf("parent", "%s中没有上级代码“%s”，请先新增上级或改填已有的代码", t.Title, c.Parent)
	case !slices.ContainsFunc(t.rows, func(r Code) bool { return r.Class == c.Class && r.Fields["refused"] == "" }):
		return fault.Invalidf("class", "%s：代码“%s”须填写上级代码，或填写本表已有的类别", t.Title, c.Code)
	}
	return nil
}

// validity reports that the bound is blank, a cohort year or a day.
func validity(s string) bool {
	if s == "" || len(s) == 4 && digits(s) {
		return true
	}
	_, err := calendar.ParseDay(s)
	return err == nil
}

// clash refuses an added code whose name another current row has: an import by
// name would find neither. Names of places may repeat, since paths tell them apart.
func (t *Table) clash() error {
	if t.paths || len(t.local) == 0 {
		return nil
	}
	t.naming.Do(t.nameRows)
	for _, c := range t.local {
		for _, name := range append([]string{c.Name}, c.Aliases...) {
			for _, i := range t.names[Normalize(name)] {
				if r := t.rows[i]; r.Code != c.Code && r.current() {
					return fault.Conflictf("name", "%s：“%s”已是代码“%s”的名称，请为代码“%s”另取名称或别名", t.Title, name, r.Code, c.Code)
				}
			}
		}
	}
	return nil
}

// mapTo checks a mapping and puts it among those of an administrator.
func (t *Table) mapTo(m Mapping) error {
	if m.FromScheme == "" {
		m.FromScheme = t.Scheme
	}
	m.From, m.To = Normalize(m.From), Normalize(m.To)
	if m.From == "" {
		return fault.Invalidf("from", "%s：对照的原代码不能为空", t.Title)
	}
	if _, ok := t.index[m.From]; ok && m.FromScheme == t.Scheme {
		return fault.Conflictf("from", "%s中已有代码“%s”，不能再把它对照为别的代码", t.Title, m.From)
	}
	to, ok := t.Find(m.To)
	if !ok && m.To != "" {
		return fault.Invalidf("to", "%s中没有代码“%s”，请改填已有的代码", t.Title, m.To)
	}
	if to.Fields["refused"] != "" {
		return fault.Invalidf("to", "%s：不能对照为“%s”。%s", t.Title, m.To, to.Fields["refused"])
	}
	if t.mapped == nil {
		t.mapped = map[schemeCode]Mapping{}
	}
	t.mapped[schemeCode{m.FromScheme, m.From}] = m
	return nil
}

// stamp writes the version: the built-in one, and a digest of what is local, so
// that a snapshot tells two schools' tables apart.
func (t *Table) stamp() {
	var lines []string
	for _, c := range t.local {
		fields := slices.Sorted(maps.Keys(c.Fields))
		line := fmt.Sprintf("%q %q %q %q %q %q %q", c.Code, c.Name, c.Parent, c.Class, c.From, c.To, c.Aliases)
		for _, k := range fields {
			line += fmt.Sprintf(" %q=%q", k, c.Fields[k])
		}
		lines = append(lines, line)
	}
	for _, m := range t.mapped {
		lines = append(lines, fmt.Sprintf("%q %q > %q", m.FromScheme, m.From, m.To))
	}
	slices.Sort(lines)
	h := sha256.New()
	for _, l := range lines {
		fmt.Fprintln(h, l)
	}
	t.Version = t.base + "+" + hex.EncodeToString(h.Sum(nil))[:8]
}
