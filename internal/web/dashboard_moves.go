package web

import (
	"cmp"
	"slices"
	"strings"

	"quxiang/internal/domain/indicator"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// evidence is how firm the headline is: its people by the strongest fact.
type evidence struct {
	N    string
	Base int
	Rows []evidenceRow
	Note string // where the printed shares do not add up to 100; blank: they do
}

type evidenceRow struct {
	Grade   string // g1 … g5, from strong to weak
	Title   string
	Count   part.Number
	Percent string
	Offset  int
	Width   int
}

// fillEvidence sorts the settled by what stands behind them. It never leaves the house.
func (w *Web) fillEvidence(r *httpd.Request, p *dashboardPage, t *indicator.Table, ask indicator.Query, _ []string) error {
	e, err := w.Figures.Evidence(r.Context(), r.Who, ask, p.Headline.Cell)
	if err != nil || e.N == 0 {
		return err
	}
	open := p.opener(t)
	out := evidence{N: thousands(e.N), Base: e.N}
	at, sum := 0, 0
	for i, f := range e.By {
		row := evidenceRow{Grade: "g" + string(rune('1'+i)), Title: indicator.Proofs[i].Title(), Percent: f.Percent(), Offset: at, Width: f.K,
			Count: part.Number{Text: thousands(f.K), Zero: f.K == 0}}
		if open.query.Cohort != "" && f.K > 0 {
			row.Count.Href = open.query.address("/people", "cell", p.Headline.Cell, "proof", string(indicator.Proofs[i]))
			row.Count.Says = row.Title + "，" + row.Count.Text + " 人，打开名单"
		}
		at, sum = at+f.K, sum+hundredths(f)
		out.Rows = append(out.Rows, row)
	}
	if sum != 10000 {
		out.Note = "因四舍五入，各项合计 " + points(sum) + "%"
	}
	p.Evidence = &out
	return nil
}

// moves are who changed since the earlier moment, by where they were and are.
type moves struct {
	N      int
	All    part.Number // everybody who moved
	Rows   []moveRow
	Rest   *moveRest // of the rows that are left out
	Net    string    // change of the settled
	Within []moveNote
}

type moveRow struct {
	From, To string
	Count    part.Number // with its sign
	Minus    bool
}

// moveRest sums up the smaller moves.
type moveRest struct {
	Kinds  int
	Change string // such as +5、−2
}

// moveNote counts moves that leave the settled as many as they were.
type moveNote struct {
	Count part.Number
	Where string
}

// maxMoves is how many rows stand on the dashboard; the list has the rest.
const maxMoves = 5

// outside in an address stands for not being in the statistics' base.
const outside = "outside"

// fillMoves tells who changed. Moves are ordered by how many took them.
func (w *Web) fillMoves(r *httpd.Request, p *dashboardPage, t *indicator.Table, ask indicator.Query, _ []string) error {
	d, err := w.Figures.Moves(r.Context(), r.Who, ask, p.Since.From, indicator.Moment{AsOf: ask.AsOf, KnownAt: ask.KnownAt})
	if err != nil {
		return err
	}
	m := moving{def: &p.Definition, cell: p.Headline.Cell, open: p.opener(t), since: p.Since}
	list := slices.Clone(d.Moves)
	slices.SortStableFunc(list, func(a, b indicator.Move) int { return cmp.Compare(b.N, a.N) })
	var in, out, net, restIn, restOut int
	for i := range list {
		move := &list[i]
		p.Moves.N += move.N
		delta := m.delta(move)
		net += delta * move.N
		switch {
		case delta == 0 && m.counts(move.To):
			in += move.N
		case delta == 0:
			out += move.N
		case len(p.Moves.Rows) < maxMoves:
			p.Moves.Rows = append(p.Moves.Rows, m.row(move, delta))
		default:
			p.Moves.rest(delta, move.N, &restIn, &restOut)
		}
	}
	p.Moves.All, p.Moves.Net = m.number(p.Moves.N, thousands(p.Moves.N), "变动的人", "", ""), signed(thousands(net))
	for _, note := range []struct {
		n     int
		where string
	}{{in, "在已" + p.Noun() + "的各类之间变动"}, {out, "在未" + p.Noun() + "的各类之间变动，或进出统计范围"}} {
		if note.n > 0 {
			p.Moves.Within = append(p.Moves.Within, moveNote{part.Number{Text: thousands(note.n)}, note.where})
		}
	}
	return nil
}

func (m *moves) rest(delta, n int, in, out *int) {
	if m.Rest == nil {
		m.Rest = &moveRest{}
	}
	if delta > 0 {
		*in += n
	} else {
		*out += n
	}
	m.Rest.Kinds++
	var words []string
	if *in > 0 {
		words = append(words, "+"+thousands(*in))
	}
	if *out > 0 {
		words = append(words, "−"+thousands(*out))
	}
	m.Rest.Change = strings.Join(words, "、")
}

// moving names and links moves of one page.
type moving struct {
	def   *indicator.Definition
	cell  string // of the headline
	open  opener
	since comparison
}

// counts reports that a place is one of the settled.
func (m *moving) counts(p indicator.Place) bool {
	for i := range m.def.Cells {
		if c := &m.def.Cells[i]; c.ID == m.cell {
			return slices.Contains(c.Sum, p.Cell)
		}
	}
	return false
}

// delta is what one who moves so adds to the settled.
func (m *moving) delta(v *indicator.Move) (d int) {
	if m.counts(v.To) {
		d++
	}
	if m.counts(v.From) {
		d--
	}
	return d
}

func (m *moving) row(v *indicator.Move, delta int) moveRow {
	from, to := placeTitle(m.def, v.From.Cell), placeTitle(m.def, v.To.Cell)
	text := map[bool]string{true: "+", false: "−"}[delta > 0] + thousands(v.N)
	return moveRow{From: from, To: to, Minus: delta < 0, Count: m.number(v.N, text, from+"到"+to, cellOr(v.From), cellOr(v.To))}
}

// number opens those who moved from one place to another; blank places: all who moved.
func (m *moving) number(n int, text, title, from, to string) part.Number {
	out := part.Number{Text: text, Zero: n == 0}
	if m.open.query.Cohort == "" || n == 0 {
		return out
	}
	more := []string{"since", m.since.At.String()}
	if m.since.Then {
		more = append(more, "since_known", "then")
	} else {
		more = append(more, "since_known", "same")
	}
	if from != "" {
		more = append(more, "from", from, "to", to)
	}
	out.Href = m.open.query.address("/people", more...)
	out.Says = title + "，" + thousands(n) + " 人，打开名单"
	return out
}

func cellOr(p indicator.Place) string {
	if p.Outside() {
		return outside
	}
	return p.Cell
}

// placeTitle names a part of the definition, or what is outside of it.
func placeTitle(def *indicator.Definition, cell string) string {
	for i := range def.Cells {
		if c := &def.Cells[i]; c.ID == cell {
			return shortTitle(c.Title, c)
		}
	}
	return "不在统计范围"
}
