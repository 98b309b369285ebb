package indicator

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

// Table is a counted table. Every number in it is a count of people, and opens
// down to them by Columns.People.
type Table struct {
	ID         string
	Definition string            // id
	Version    string            // of the definition
	Title      string            // of the definition, with the unit where that matters
	AsOf       *calendar.Instant // T, exclusive; nil: each row has its own
	KnownAt    *calendar.Instant // K, exclusive; nil: each row has its own
	Hindsight  int               // people who would have counted otherwise by what was known at T
	Frozen     bool              // counted from frozen rows, which do not know their hindsight
	By         []Dim             // without cohort
	Where      []Condition       // as keys
	Headings   []Heading         // of the cells, in order
	Rows       []Row
	Notes      []string // what a reader has to know, in Chinese

	def   *Definition
	signs []signature
}

// Heading of a cell.
type Heading struct{ ID, Title string }

// Row of a table: a combination of dimensions, or a cohort's total.
type Row struct {
	Cohort  string
	Values  []Value // by Table.By; of a total none
	Total   bool
	AsOf    calendar.Instant
	KnownAt calendar.Instant
	N       int
	Cells   []Figure // by Table.Headings
	Seeking []Reason // seeking_detail, in rows of the table destination
	Hidden  bool     // N and all cells are withheld

	signs []int32 // people by sign
}

// Value of a dimension: the key, and the name that people read.
type Value struct {
	Dim       Dim
	Key, Name string
}

// Figure is the content of one cell: K of Base people.
type Figure struct {
	K, Base int
	OwnBase bool // Base is not the row's n
	Hidden  bool // withheld
}

// Percent returns K in hundred of Base with two decimals, half up, computed from
// the integers; blank without a base.
func (f Figure) Percent() string {
	if f.Base == 0 {
		return ""
	}
	return percent(hundredths(f.K, f.Base))
}

// hundredths of a percent: 8245 means 82.45 %. n must be above 0.
func hundredths(k, n int) int { return (k*20000 + n) / (2 * n) }

func percent(hundredths int) string { return fmt.Sprintf("%d.%02d", hundredths/100, hundredths%100) }

// Reason is one part of the seeking cell.
type Reason struct {
	ID     history.Detail
	K      int
	Hidden bool // withheld
}

// reasons in the order of history.md.
var reasons = []history.Detail{history.Registered, history.WasStruck, history.InDispute, history.WasReturned,
	history.InReview, history.Unregistered}

// reasonTitles are the reasons as people read them, wherever they are shown.
var reasonTitles = map[history.Detail]string{history.Registered: "已登记待就业", history.WasStruck: "已核减", history.InDispute: "有异议",
	history.WasReturned: "已退回", history.InReview: "审核中", history.Unregistered: "未登记"}

// Title is what people read; blank for what is no reason.
func (r Reason) Title() string { return reasonTitles[r.ID] }

// Withheld stands for a number that is not shown, on pages and in print.
const Withheld = "※"

// Name is what a row is called: the names of its dimensions, or 合计.
func (r *Row) Name() string {
	if r.Total {
		return totalName
	}
	names := make([]string, len(r.Values))
	for i, v := range r.Values {
		names[i] = v.Name
	}
	return strings.Join(names, " ")
}

const totalName = "合计"

// Count counts a table. Errors: fault.Invalid for a query that names what is not
// there, fault.Conflict for a code that no cell of the definition takes.
func (c *Columns) Count(q Query, env Env) (Table, error) {
	p, err := prepare(q, env)
	if err != nil {
		return Table{}, err
	}
	c.mu.RLock()
	n := c.count(p)
	t := p.table(n)
	c.mu.RUnlock()
	if err := t.fill(); err != nil {
		return Table{}, err
	}
	t.Notes = p.notes(&t)
	return t, nil
}

// table lays the counted rows out in their order: by cohort, then by the fixed
// order of each dimension, each cohort's rows before its total.
func (p *plan) table(n *counted) Table {
	t := Table{ID: p.def.Table, Definition: p.def.ID, Version: p.def.Version, Title: p.def.Title,
		Hindsight: n.hindsight, By: p.by, def: &p.def, signs: n.signs}
	t.AsOf, t.KnownAt = p.common()
	for _, c := range p.query.Where {
		for _, key := range p.env.Names.Keys(c.Dim, c.Value) {
			t.Where = append(t.Where, Condition{c.Dim, key})
		}
	}
	unit := ""
	if p.def.asksUnit() {
		unit = "（按实际工作单位）"
		if p.query.Contract {
			unit = "（按签约单位）"
		}
		t.Title += unit
	}
	for _, c := range p.def.Cells {
		h := Heading{c.ID, c.Title}
		if len(c.HospitalLevels) > 0 {
			h.Title += unit
		}
		t.Headings = append(t.Headings, h)
	}
	rows := p.sorted(n)
	for i, cohort := range p.query.Cohorts {
		total := Row{Cohort: cohort, Total: true, AsOf: p.cuts[i].True, KnownAt: p.cuts[i].Known,
			signs: make([]int32, len(n.signs))}
		for ; len(rows) > 0 && rows[0].Cohort == cohort; rows = rows[1:] {
			for s, k := range rows[0].signs {
				total.signs[s] += k
			}
			if len(p.by) > 0 {
				t.Rows = append(t.Rows, rows[0])
			}
		}
		if slices.Max(append(total.signs, 0)) > 0 {
			t.Rows = append(t.Rows, total)
		}
	}
	return t
}

// sorted returns the rows without totals.
func (p *plan) sorted(n *counted) []Row {
	type placed struct {
		Row
		order [MaxBy + 1]int
	}
	list := make([]placed, 0, len(n.rows))
	for key, signs := range n.rows {
		i := key[0]
		r := placed{Row: Row{Cohort: p.query.Cohorts[i], AsOf: p.cuts[i].True, KnownAt: p.cuts[i].Known, signs: signs}}
		r.order[0] = int(i)
		for k, d := range p.by {
			v := n.axes[k].dict.values[key[k+1]]
			name, order := p.env.Names.Name(d, v)
			r.Values = append(r.Values, Value{d, v, name})
			r.order[k+1] = order
		}
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b placed) int {
		return cmp.Or(slices.Compare(a.order[:], b.order[:]), slices.CompareFunc(a.Values, b.Values, func(v, w Value) int {
			return strings.Compare(v.Key, w.Key)
		}))
	})
	out := make([]Row, len(list))
	for i := range list {
		out[i] = list[i].Row
	}
	return out
}

// common returns the cut of all cohorts, nil where they differ.
func (p *plan) common() (asOf, knownAt *calendar.Instant) {
	asOf, knownAt = &p.cuts[0].True, &p.cuts[0].Known
	for i := range p.cuts {
		if asOf != nil && p.cuts[i].True != *asOf {
			asOf = nil
		}
		if knownAt != nil && p.cuts[i].Known != *knownAt {
			knownAt = nil
		}
	}
	return asOf, knownAt
}

// fill counts the cells out of the signs and asserts the identities: parts add
// up to n, sums to what they sum, reasons to the seeking cell. Nothing is
// plugged: what does not add up is an error.
func (t *Table) fill() error {
	for i := range t.Rows {
		r := &t.Rows[i]
		r.Cells = make([]Figure, len(t.def.Cells))
		for s, k := range r.signs {
			if k == 0 {
				continue
			}
			if err := t.signs[s].fault(t.def, int(k)); err != nil {
				return err
			}
			r.N += int(k)
			for c := range r.Cells {
				if t.signs[s].cells.has(c) {
					r.Cells[c].K += int(k)
				}
				if base := t.def.Cells[c].Base; len(base) == 0 || t.def.anyOf(base, t.signs[s].cells) {
					r.Cells[c].Base += int(k)
				}
			}
		}
		for c := range r.Cells {
			r.Cells[c].OwnBase = len(t.def.Cells[c].Base) > 0
		}
		t.explain(r)
		if err := t.adds(r); err != nil {
			return err
		}
	}
	return nil
}

// fault says that no cell takes the code.
func (s *signature) fault(d *Definition, k int) error {
	if s.part >= 0 {
		return nil
	}
	return fault.Conflictf("code", "有 %d 人的去向代码“%s”不在口径“%s”的任何一项内，请先在代码表里为它指定上级代码", k, s.code, d.Title)
}

// explain splits the seeking cell by reason.
func (t *Table) explain(r *Row) {
	if t.def.Table != destinationTable {
		return
	}
	for _, id := range reasons {
		reason := Reason{ID: id}
		for s, k := range r.signs {
			if t.signs[s].detail == id {
				reason.K += int(k)
			}
		}
		r.Seeking = append(r.Seeking, reason)
	}
}

// adds asserts the identities of a row.
func (t *Table) adds(r *Row) error {
	if err := t.addsTo(r, "n", t.def.Parts, r.N); err != nil {
		return err
	}
	for i, c := range t.def.Cells {
		if len(c.Sum) == 0 {
			continue
		}
		if err := t.addsTo(r, c.ID, c.Sum, r.Cells[i].K); err != nil {
			return err
		}
	}
	if len(r.Seeking) == 0 {
		return nil
	}
	sum := 0
	for _, reason := range r.Seeking {
		sum += reason.K
	}
	if seeking := r.Cells[t.def.cell(seekingCell)].K; sum != seeking {
		return fmt.Errorf("indicator: %s: %s %s: reasons add up to %d, not to %d", t.Definition, r.Cohort, r.Name(), sum, seeking)
	}
	return nil
}

func (t *Table) addsTo(r *Row, what string, ids []string, want int) error {
	sum := 0
	for _, id := range ids {
		sum += r.Cells[t.def.cell(id)].K
	}
	if sum != want {
		return fmt.Errorf("indicator: %s: %s %s: %s is %d, but its parts add up to %d", t.Definition, r.Cohort, r.Name(), what, want, sum)
	}
	return nil
}

// Parts are the ids of the headings that add up to a row's n, in order; the others are
// sums of them or stand beside them.
func (t *Table) Parts() []string { return slices.Clone(t.def.Parts) }
