package indicator

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"quxiang/internal/domain/calendar"
)

// Moment is a cut as the user names it; zero means now.
type Moment struct {
	AsOf, KnownAt calendar.When
}

// Differences are what became of a table between two moments, down to the people.
type Differences struct {
	Definition string
	From, To   int    // people in the table at either moment
	Stayed     int    // of them in the same row and part
	Moves      []Move // all others, in the order of rows and parts
}

// Move is a way that some people took.
type Move struct {
	From, To  Place
	N         int
	Graduates []string // ids, in order
}

// Place is where a person stands in a table; the zero Place is outside of it.
type Place struct {
	Cohort string
	Values []Value // by the query's By
	Cell   string  // the part of the definition
	Title  string  // of the cell
}

// Outside reports that the person is not in the table (不在统计范围).
func (p Place) Outside() bool { return p.Cohort == "" }

// Differences compares the query's table at two moments; the query's own moment
// says nothing. Errors: as Count.
func (c *Columns) Differences(q Query, env Env, from, to Moment) (Differences, error) {
	p, err := prepare(q, env)
	if err != nil {
		return Differences{}, err
	}
	return c.differences(p, p.cutsAt(from.AsOf, from.KnownAt), p.cutsAt(to.AsOf, to.KnownAt))
}

// DifferencesOfRows compares two sets of frozen rows, under one definition.
func DifferencesOfRows(from, to []PersonRow, q Query, env Env) (Differences, error) {
	p, err := prepare(q, env)
	if err != nil {
		return Differences{}, err
	}
	cuts := func(i int) []calendar.Cut {
		out := slices.Clone(p.cuts)
		for k := range out {
			out[k].Known = instantOf(i) + 1
		}
		return out
	}
	return frozen(from, to).differences(p, cuts(0), cuts(1))
}

// instantOf is when a set of frozen rows is known from.
func instantOf(i int) calendar.Instant { return calendar.Instant(i) }

// spot is where a graduate stands: a row and a part.
type spot struct{ row, part int32 }

var nowhere = spot{-1, -1}

// standpoint is a graduate's spot. Where cohorts have cuts of their own, one who
// changed cohort can stand in both.
type standpoint struct {
	graduate int32
	spot
}

// passage is what became of one standpoint.
type passage struct{ from, to spot }

func (c *Columns) differences(p *plan, from, to []calendar.Cut) (Differences, error) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	axes := make([]axis, len(p.by))
	for i, d := range p.by {
		axes[i] = c.axis(d, p.query.Contract)
	}
	t := newTally(axes, c.signing(p))
	before, err := c.standpoints(p, t, from)
	if err != nil {
		return Differences{}, err
	}
	after, err := c.standpoints(p, t, to)
	if err != nil {
		return Differences{}, err
	}
	d := Differences{Definition: p.def.ID, From: len(before), To: len(after)}
	moves := map[passage][]string{}
	for len(before)+len(after) > 0 {
		g := first(before, after)
		var was, is []standpoint
		was, before = of(before, g)
		is, after = of(after, g)
		for _, pass := range pair(was, is) {
			if pass.from == pass.to {
				d.Stayed++
			} else {
				moves[pass] = append(moves[pass], c.ids[g])
			}
		}
	}
	d.Moves = p.moves(t, moves)
	return d, nil
}

// standpoints says where everybody stands at the cuts, by graduate.
func (c *Columns) standpoints(p *plan, t *tally, cuts []calendar.Cut) ([]standpoint, error) {
	one := *p
	one.cuts = cuts
	all, bounds := c.lens(&one), one.bounds()
	var out []standpoint
	var failed error
	for i, b := range bounds {
		if slices.Index(bounds, b) < i {
			continue // done with an earlier cohort
		}
		all.only(b, bounds).scan(0, len(c.ids), b, func(batch []entry) {
			rows := t.rows(batch)
			for k := range batch {
				e := &batch[k]
				if n := t.signing.of[e.place]; n != outside {
					sign := &t.signing.signs[n]
					failed = cmp.Or(failed, sign.fault(&p.def, 1))
					out = append(out, standpoint{e.graduate, spot{rows[k], int32(sign.part)}})
				}
			}
		})
	}
	slices.SortStableFunc(out, func(a, b standpoint) int { return int(a.graduate - b.graduate) })
	return out, failed
}

// first returns the first graduate of two lists, of which one may be empty.
func first(a, b []standpoint) int32 {
	if len(a) == 0 || len(b) > 0 && b[0].graduate < a[0].graduate {
		return b[0].graduate
	}
	return a[0].graduate
}

// of splits off the standpoints of a graduate at the list's head.
func of(list []standpoint, g int32) (mine, rest []standpoint) {
	n := 0
	for n < len(list) && list[n].graduate == g {
		n++
	}
	return list[:n], list[n:]
}

// pair matches one graduate's standpoints: equal ones first, then in order, and
// whoever is left comes from or goes outside.
func pair(was, is []standpoint) []passage {
	if len(was) == 1 && len(is) == 1 {
		return []passage{{was[0].spot, is[0].spot}}
	}
	var out []passage
	var left []spot
	is = slices.Clone(is)
	for _, w := range was {
		if i := slices.Index(is, w); i >= 0 {
			out = append(out, passage{w.spot, w.spot})
			is = slices.Delete(is, i, i+1)
			continue
		}
		left = append(left, w.spot)
	}
	for i := range max(len(left), len(is)) {
		pass := passage{nowhere, nowhere}
		if i < len(left) {
			pass.from = left[i]
		}
		if i < len(is) {
			pass.to = is[i].spot
		}
		out = append(out, pass)
	}
	return out
}

// moves names what was counted, ordered as a table is.
func (p *plan) moves(t *tally, found map[passage][]string) []Move {
	type ordered struct {
		Move
		order []int
	}
	list := make([]ordered, 0, len(found))
	for pass, ids := range found {
		slices.Sort(ids)
		var m ordered
		m.N, m.Graduates = len(ids), ids
		for _, s := range []spot{pass.from, pass.to} {
			place, order := p.place(t, s)
			m.order = append(m.order, order...)
			if len(m.order) == len(order) {
				m.From = place
			} else {
				m.To = place
			}
		}
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b ordered) int {
		return cmp.Or(slices.Compare(a.order, b.order), strings.Compare(a.String(), b.String()))
	})
	out := make([]Move, len(list))
	for i := range list {
		out[i] = list[i].Move
	}
	return out
}

// place names a spot, with its order.
func (p *plan) place(t *tally, s spot) (Place, []int) {
	order := make([]int, len(p.by)+2)
	if s.row < 0 {
		order[0] = len(p.query.Cohorts) // outside comes last
		return Place{}, order
	}
	key := t.key(s.row)
	out := Place{Cohort: p.query.Cohorts[key[0]], Cell: p.def.Cells[s.part].ID, Title: p.def.Cells[s.part].Title}
	order[0] = int(key[0])
	for i, d := range p.by {
		v := t.axes[i].dict.values[key[i+1]]
		name, at := p.env.Names.Name(d, v)
		out.Values = append(out.Values, Value{d, v, name})
		order[i+1] = at
	}
	order[len(order)-1] = int(s.part)
	return out, order
}

// String says the move in one line, such as 2024届 本科 待就业 → 2024届 本科 签约：3 人.
func (m Move) String() string { return fmt.Sprintf("%s → %s：%d 人", m.From, m.To, m.N) }

// String names the place as people read it.
func (p Place) String() string {
	if p.Outside() {
		return "不在统计范围"
	}
	words := []string{p.Cohort + "届"}
	for _, v := range p.Values {
		words = append(words, v.Name)
	}
	return strings.Join(append(words, p.Title), " ")
}
