package indicator

import (
	"slices"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
)

// MaxBy is how many dimensions a table may cross.
const MaxBy = 4

// Condition keeps the people whose dimension has the value: a key or a name.
// Conditions on one dimension are alternatives, those on several all hold.
type Condition struct {
	Dim   Dim
	Value string
}

// Query asks for one table. Rows come in a fixed order that nobody chooses, and
// never by a rate.
type Query struct {
	Table      string
	Definition string // blank: the default of the newest cohort
	Cohorts    []string
	AsOf       calendar.When // zero: now
	KnownAt    calendar.When // zero: now
	By         []Dim
	Where      []Condition
	Contract   bool         // by contracting unit instead of unit of work
	Within     access.Scope // zero: nobody
}

// Env is what a count hangs on besides the query: the moment, the codes, the
// school and its names.
type Env struct {
	Now    calendar.Instant
	Book   *codes.Book
	School School
	Names  Names
}

// plan is a query made ready.
type plan struct {
	query Query
	env   Env
	def   Definition
	older []string       // cohorts whose own default is another definition
	cuts  []calendar.Cut // by cohort of the query
	by    []Dim          // without cohort, which is in every row
	keys  map[Dim][]string
}

// prepare checks the query against the catalogue. Errors: fault.Invalid.
func prepare(q Query, env Env) (*plan, error) {
	p := &plan{query: q, env: env}
	p.query.Cohorts = slices.Compact(slices.Sorted(slices.Values(q.Cohorts)))
	if err := p.define(); err != nil {
		return nil, err
	}
	p.cuts = p.cutsAt(q.AsOf, q.KnownAt)
	for _, d := range q.By {
		switch {
		case dimIndex(d) < 0:
			return nil, fault.Invalidf("by", "没有维度“%s”，可用的有：%s", d, joinDims())
		case d != cohortDim && !slices.Contains(p.by, d):
			p.by = append(p.by, d)
		}
	}
	if len(p.by) > MaxBy {
		return nil, fault.Invalidf("by", "最多按 %d 个维度交叉，请减少 --by 的维度", MaxBy)
	}
	if err := p.restrict(q.Where); err != nil {
		return nil, err
	}
	return p, p.unit()
}

// restrict turns conditions into keys by dimension. Error: fault.Invalid.
func (p *plan) restrict(where []Condition) error {
	p.keys = map[Dim][]string{}
	for _, c := range where {
		if dimIndex(c.Dim) < 0 {
			return fault.Invalidf("where", "没有维度“%s”，可用的有：%s", c.Dim, joinDims())
		}
		keys := p.env.Names.Keys(c.Dim, c.Value)
		if len(keys) == 0 {
			return fault.Invalidf("where", "%s里没有“%s”，请填写代码或全称", DimTitle(c.Dim), c.Value)
		}
		if c.Dim == originDim && slices.ContainsFunc(keys, func(key string) bool { return province(key) != key }) {
			return fault.Invalidf("where", "生源地按省级统计，请填写省、自治区、直辖市，例如 origin=%s；“%s”不是", province(keys[0]), c.Value)
		}
		p.keys[c.Dim] = append(p.keys[c.Dim], keys...)
	}
	return nil
}

// cutsAt returns each cohort's cut. Not given means now, one millisecond after
// which everything known by now is inside, and nothing is known too late.
func (p *plan) cutsAt(asOf, knownAt calendar.When) []calendar.Cut {
	at := func(w calendar.When, cohort string) calendar.Instant {
		if w.IsZero() {
			return p.env.Now + 1
		}
		return w.For(cohort)
	}
	out := make([]calendar.Cut, len(p.query.Cohorts))
	for i, cohort := range p.query.Cohorts {
		out[i] = calendar.Cut{True: at(asOf, cohort), Known: at(knownAt, cohort)}
	}
	return out
}

// define chooses the definition. Errors: fault.Invalid.
func (p *plan) define() error {
	d, err := DefaultFor(p.query.Table, p.query.Cohorts)
	if err != nil {
		return err
	}
	if id := p.query.Definition; id != "" {
		if d, err = DefinitionByID(id); err != nil {
			return err
		}
		if d.Table != p.query.Table {
			return fault.Invalidf("definition", "口径“%s”用于统计表 %s，不能用于 %s", d.ID, d.Table, p.query.Table)
		}
	}
	for _, cohort := range p.query.Cohorts {
		if !d.usualFor(cohort) {
			p.older = append(p.older, cohort)
		}
	}
	p.def = d.expand(p.env.Book, p.env.School)
	if len(p.def.Cells) > maxCells {
		return fault.Invalidf("table", "统计表“%s”的列超过 %d 个，请减少代码或改用 --by", p.query.Table, maxCells)
	}
	return nil
}

// unit refuses the contracting unit where it would change nothing.
func (p *plan) unit() error {
	if !p.query.Contract || p.def.asksUnit() {
		return nil
	}
	for _, d := range []Dim{"nature", "hospital_level"} {
		if slices.Contains(p.by, d) || p.keys[d] != nil {
			return nil
		}
	}
	return fault.Invalidf("unit", "这张表不涉及单位性质和医院等级，不分工作单位与签约单位，请去掉这个选项")
}
