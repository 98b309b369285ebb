package release

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/indicator"
)

// suppression is the rule for public outputs, as data.
type suppression struct {
	Smallest  int             // counts from 1 to below this are small
	AsTheyAre []indicator.Dim `json:"as_they_are"` // rows by nothing but these are published as they are
	CellsBy   []indicator.Dim `json:"cells_by"`    // tables by one of these withhold small cells too
	Crossing  int             // and so do tables that cross this many dimensions
	Nested    []indicator.Dim // units, each within the one before it
	// Together are the tables that are judged as one, since each could be read from
	// the others. Those of the first set count everybody, the others who has an
	// employer.
	Together [][]string
}

//go:embed suppression.json
var suppressionJSON []byte

var publicRule = sync.OnceValue(func() suppression {
	var s suppression
	if err := json.Unmarshal(suppressionJSON, &s); err != nil {
		panic("release: suppression.json: " + err.Error())
	}
	return s
})

// asItIs reports that the table is the whole school's or one of levels.
func (s *suppression) asItIs(by []indicator.Dim) bool {
	return !slices.ContainsFunc(by, func(d indicator.Dim) bool { return !slices.Contains(s.AsTheyAre, d) })
}

// hidesCells reports that the table withholds small cells, not only small rows.
func (s *suppression) hidesCells(by []indicator.Dim) bool {
	return len(by) >= s.Crossing || slices.ContainsFunc(by, func(d indicator.Dim) bool { return slices.Contains(s.CellsBy, d) })
}

// AsItIs reports that everybody may see the query's table as it is counted: that
// of the whole school, and those by level.
func AsItIs(q indicator.Query) bool {
	rule := publicRule()
	if d, err := indicator.DefinitionByID(q.Definition); err == nil && d.Inside {
		return false
	}
	return len(q.Where) == 0 && rule.asItIs(withoutCohort(q.By))
}

func withoutCohort(by []indicator.Dim) []indicator.Dim {
	return slices.DeleteFunc(slices.Clone(by), func(d indicator.Dim) bool { return d == "cohort" })
}

// Hidden is one thing that a public table withholds.
type Hidden struct {
	Cohort string
	Row    string // name of the row; blank: all rows but the total
	Cell   string // heading; blank: the whole row
}

// String says it in one line, for the list that goes with a release. It does not
// say whether a number is small itself or only gives a small one away: that would
// say too much.
func (h Hidden) String() string {
	switch {
	case h.Row == "":
		return fmt.Sprintf("%s届：全部分行，只公布合计", h.Cohort)
	case h.Cell == "":
		return fmt.Sprintf("%s届 %s：整行", h.Cohort, h.Row)
	}
	return fmt.Sprintf("%s届 %s：%s", h.Cohort, h.Row, h.Cell)
}

// publishable refuses a query that does not leave the house. Error: fault.Invalid.
func publishable(q indicator.Query) error {
	if len(q.Where) > 0 || q.Contract {
		return fault.Invalidf("where", "对外公布的表不加筛选，也不按签约单位另算：筛选会把人数缩到个人。请去掉这些选项")
	}
	if d, err := indicator.DefinitionByID(q.Definition); err == nil {
		if err := leaves(d); err != nil {
			return err
		}
	}
	for _, d := range withoutCohort(q.By) {
		if slices.Contains(indicator.Dims(), d) && !slices.Contains(history.Keys, history.Key(d)) {
			return fault.Invalidf("by", "对外公布的表不按%s分行；请改用列出各%s的统计表", indicator.DimTitle(d), indicator.DimTitle(d))
		}
	}
	return nil
}

// Public counts a table as everybody may see it, and says what it withholds. The
// people are those of the table destination; own is the definition of that table
// which is published beside this one.
//
// Whatever is withheld because it is small could as well be another number: some
// other school has another one there and the same in all that is published of this
// table, of those that are judged together with it, and of all coarser breakdowns.
// Where a cell cannot be kept so, its column is withheld from all rows, where a row
// cannot, all rows are: what it is then hangs on coarser tables only. Breakdowns of
// which neither is coarser, such as by class and by sex, are judged each by itself.
//
// Error: fault.Invalid for a table that is not published, else as indicator.Count.
func Public(people []indicator.PersonRow, own string, q indicator.Query, env indicator.Env) (indicator.Table, []Hidden, error) {
	return newPublishing(people, own, env).table(q)
}

// publishing holds people for who publishes many tables of them.
type publishing struct {
	people []indicator.PersonRow
	own    string
	env    indicator.Env
	held   func() indicator.Held
	panels map[string]*panel // by cohort
}

func newPublishing(people []indicator.PersonRow, own string, env indicator.Env) *publishing {
	return &publishing{people, own, env, sync.OnceValue(func() indicator.Held { return indicator.Hold(people) }), map[string]*panel{}}
}

// table counts one, as Public does.
func (p *publishing) table(q indicator.Query) (indicator.Table, []Hidden, error) {
	if err := publishable(q); err != nil {
		return indicator.Table{}, nil, err
	}
	t, err := p.held().Count(q, p.env)
	if err != nil {
		return indicator.Table{}, nil, err
	}
	rule := publicRule()
	if rule.asItIs(t.By) {
		return t, nil, nil
	}
	var hidden []Hidden
	for _, cohort := range slices.Compact(slices.Sorted(slices.Values(q.Cohorts))) {
		j, err := p.panel(cohort).judge(q.Table, p.env)
		if err != nil {
			return indicator.Table{}, nil, err
		}
		hidden = append(hidden, j.decide(inOrder(t.By)).mark(&t, cohort, j.first[q.Table])...)
	}
	if len(hidden) > 0 {
		t.Withhold(fmt.Sprintf("为保护个人信息，不足 %d 人的数据和可据以推出它们的数据不予公布", rule.Smallest))
	}
	return t, hidden, nil
}

// panel are the judges of a cohort.
func (p *publishing) panel(cohort string) *panel {
	if p.panels[cohort] == nil {
		of := slices.DeleteFunc(slices.Clone(p.people), func(x indicator.PersonRow) bool { return x.Attrs.Value(history.Cohort) != cohort })
		p.panels[cohort] = &panel{of, p.own, cohort, map[int]*judge{}}
	}
	return p.panels[cohort]
}

// mark marks what a verdict withholds in the rows of a cohort, and lists it.
func (v *verdict) mark(t *indicator.Table, cohort string, first int) []Hidden {
	if v.closed {
		before := len(t.Rows)
		t.Rows = slices.DeleteFunc(t.Rows, func(r indicator.Row) bool { return r.Cohort == cohort && !r.Total })
		if len(t.Rows) == before {
			return nil
		}
		return []Hidden{{Cohort: cohort}}
	}
	var hidden []Hidden
	for i := range t.Rows {
		r := &t.Rows[i]
		if r.Cohort != cohort || r.Total {
			continue
		}
		key := keyOf(v.by, r.Values)
		if v.rows[key] {
			r.Hidden = true
			hidden = append(hidden, Hidden{cohort, r.Name(), ""})
			continue
		}
		cells := v.cells[key]
		for c := range r.Cells {
			if cells.has(first + c) {
				r.Cells[c].Hidden = true
				hidden = append(hidden, Hidden{cohort, r.Name(), t.Headings[c].Title})
			}
		}
		for c := range r.Seeking {
			if cells.has(first + len(r.Cells) + c) {
				r.Seeking[c].Hidden = true
				hidden = append(hidden, Hidden{cohort, r.Name(), "待就业中" + r.Seeking[c].Title()})
			}
		}
	}
	return hidden
}

// keyOf is the key of a row among those by some dimensions.
func keyOf(by []indicator.Dim, values []indicator.Value) string {
	key := make([]string, len(by))
	for i, d := range by {
		at := slices.IndexFunc(values, func(v indicator.Value) bool { return v.Dim == d })
		key[i] = values[at].Key
	}
	return strings.Join(key, separator)
}

// separator is in no key.
const separator = "\x00"
