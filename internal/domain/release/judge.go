package release

import (
	"math/bits"
	"slices"

	"quxiang/internal/domain/indicator"
)

// columns is a set of columns.
type columns [8]uint64

func (s *columns) add(i int)     { s[i/64] |= 1 << (i % 64) }
func (s columns) has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }

func (s columns) or(o *columns) columns {
	for i := range s {
		s[i] |= o[i]
	}
	return s
}

// without is how many columns of the set the other one does not have.
func (s *columns) without(o *columns) int {
	n := 0
	for i := range s {
		n += bits.OnesCount64(s[i] &^ o[i])
	}
	return n
}

// kind is what one person adds to a row of tables that are judged together.
type kind struct{ in, base columns }

// aspect is what tables that are judged together say of people. Their columns
// are numbered through.
type aspect struct {
	people []*indicator.PersonRow // in the base of these tables
	of     []int                  // by person: the kind
	kinds  []kind
	differ [][]columns    // by pair of kinds: where a row that has the one and not the other differs
	first  map[string]int // by table: its first column
	width  int
	base   int // column of who has an employer, the base of other tables; -1: there is none
}

// newAspect sorts people by all the tables at once. Who is in the base of the
// table marked, if one is, gets a column of its own.
func newAspect(people []indicator.PersonRow, tables []string, marked string, ask func(table string) indicator.Query, env indicator.Env) (*aspect, error) {
	a := &aspect{first: map[string]int{}, base: -1}
	joint := make([]kind, len(people))
	outside := make([]bool, len(people))
	for _, t := range tables {
		kinds, of, err := indicator.Kinds(people, ask(t), env)
		if err != nil {
			return nil, err
		}
		a.first[t] = a.width
		for i, k := range of {
			if outside[i] = k < 0; !outside[i] {
				joint[i].join(&kinds[k], a.width)
			}
		}
		if len(kinds) > 0 {
			a.width += len(kinds[0].In)
		}
	}
	if marked != "" {
		_, of, err := indicator.Kinds(people, ask(marked), env)
		if err != nil {
			return nil, err
		}
		for i, k := range of {
			if k >= 0 {
				joint[i].in.add(a.width)
			}
		}
		a.base = a.width
		a.width++
	}
	a.number(people, joint, outside)
	return a, nil
}

// join adds the columns of a table, the first of them with a number.
func (k *kind) join(o *indicator.Kind, first int) {
	for c := range o.In {
		if o.In[c] {
			k.in.add(first + c)
		}
		if o.Base[c] {
			k.base.add(first + c)
		}
	}
}

// number gives each kind a number, in an order that hangs on nothing but them.
func (a *aspect) number(people []indicator.PersonRow, joint []kind, outside []bool) {
	for i := range people {
		if !outside[i] {
			a.people = append(a.people, &people[i])
			a.kinds = append(a.kinds, joint[i])
		}
	}
	each := slices.Clone(a.kinds)
	byColumns := func(x, y kind) int {
		if c := slices.Compare(x.in[:], y.in[:]); c != 0 {
			return c
		}
		return slices.Compare(x.base[:], y.base[:])
	}
	slices.SortFunc(a.kinds, byColumns)
	a.kinds = slices.Compact(a.kinds)
	for i := range each {
		n, _ := slices.BinarySearchFunc(a.kinds, each[i], byColumns)
		a.of = append(a.of, n)
	}
	a.differ = make([][]columns, len(a.kinds))
	for x := range a.kinds {
		a.differ[x] = make([]columns, len(a.kinds))
		for y := range a.kinds {
			for w := range a.kinds[x].in {
				a.differ[x][y][w] = (a.kinds[x].in[w] ^ a.kinds[y].in[w]) | (a.kinds[x].base[w] ^ a.kinds[y].base[w])
			}
		}
	}
}

// judge decides what tables of one cohort withhold, breakdown by breakdown.
type judge struct {
	rule suppression
	*aspect
	everybody *judge // decides whose base is withheld; nil: this one's base is everybody
	done      map[string]*verdict
}

// panel holds the judges of one cohort's tables, each made when it is first asked for:
// what one breakdown withholds is decided once, however many tables show it.
type panel struct {
	people []indicator.PersonRow
	own    string // the definition of the table destination that is published
	cohort string
	judges map[int]*judge // by place in the rule's Together
}

// judge returns that of a table.
func (p *panel) judge(table string, env indicator.Env) (*judge, error) {
	rule := publicRule()
	set := slices.IndexFunc(rule.Together, func(set []string) bool { return slices.Contains(set, table) })
	if j := p.judges[set]; j != nil {
		return j, nil
	}
	marked := rule.Together[1][0]
	var everybody *judge
	if set != 0 {
		var err error
		if everybody, err = p.judge(rule.Together[0][0], env); err != nil {
			return nil, err
		}
		marked = ""
	}
	a, err := newAspect(p.people, rule.Together[set], marked, p.ask, env)
	if err != nil {
		return nil, err
	}
	j := &judge{rule: rule, aspect: a, everybody: everybody, done: map[string]*verdict{}}
	p.judges[set] = j
	return j, nil
}

// ask is the query of a whole table as it is published.
func (p *panel) ask(table string) indicator.Query {
	q := indicator.Query{Table: table, Cohorts: []string{p.cohort}}
	if table == destinationTable {
		q.Definition = p.own
	}
	return q
}

// verdict is what one breakdown withholds. Its rows are named by their keys.
type verdict struct {
	by      []indicator.Dim
	closed  bool               // all rows but the total
	rows    map[string]bool    // whole
	cells   map[string]columns // of other rows
	targets []target
}

// target is a number that is withheld for its own sake: that of a row, or of one
// of its columns.
type target struct {
	row    string
	column int // wholeRow: the number of people
}

const wholeRow = -1

// decide returns the verdict on a breakdown. It hangs on nothing but the people,
// so that a table that was published before is withheld alike.
func (j *judge) decide(by []indicator.Dim) *verdict {
	name := ""
	for _, d := range by {
		name += string(d) + separator
	}
	v := j.done[name]
	if v == nil {
		v = &verdict{by: by}
		if !j.rule.asItIs(by) {
			f := newFrame(j, by)
			v.closed = !f.withhold()
			v.closed = v.closed || j.everybody != nil && j.everybody.decide(by).closed
			v.rows, v.cells = f.own.withheld()
			for _, t := range f.targets {
				v.targets = append(v.targets, target{f.own.groups[t.group].key, t.column})
			}
		}
		j.done[name] = v
	}
	return v
}

// withholds reports that the verdict withholds a row whole from the tables that
// count those with an employer.
func (v *verdict) withholds(key string, base int) bool {
	cells := v.cells[key]
	return v.closed || v.rows[key] || cells.has(base)
}
