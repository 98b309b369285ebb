package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/fault"
)

// concentration prints the share of the parts of a table with most people together, counted
// from the people: {concentration industry n=3}.
func (c *composer) concentration(o order) ([]Span, error) {
	table, _ := cellOf(arg(o, 0), "destination")
	s, err := c.figures.table(c.ctx, view{table, "", 0})
	if err != nil {
		return nil, err
	}
	n, err := countOf(o, "n", 3)
	if err != nil {
		return nil, err
	}
	most := largest(&s.Table, n)
	if len(most) < n {
		return nil, errAbsent{table}
	}
	total, err := rowsOf(&s.Table, condition{})
	if err != nil {
		return nil, err
	}
	var ids []string
	b := bound{Binding: bindingOf(s, table, "", Share), title: "人数最多的" + itoa(n) + "项合计"}
	for _, at := range most {
		ids = append(ids, s.Table.Headings[at].ID)
		b.K += total[0].Cells[at].K
	}
	b.Base, b.Cell = total[0].N, strings.Join(ids, "+")
	return []Span{c.print(b)}, nil
}

// countOf reads an option that is a number of things.
func countOf(o order, name string, otherwise int) (int, error) {
	n, err := strconv.Atoi(o.opt(name, itoa(otherwise)))
	if err != nil || n < 1 {
		return 0, fault.Invalidf("template", "%s 应为正整数", name)
	}
	return n, nil
}

// reasons prints of whom the seeking cell is made: 已登记待就业 12 人、未登记 30 人.
func (c *composer) reasons(order) ([]Span, error) {
	s, err := c.figures.table(c.ctx, view{"destination", "", 0})
	if err != nil {
		return nil, err
	}
	total, err := rowsOf(&s.Table, condition{})
	if err != nil {
		return nil, err
	}
	var out []Span
	for _, r := range total[0].Seeking {
		if r.K == 0 || r.Hidden {
			continue
		}
		if len(out) > 0 {
			out = append(out, Span{Text: "、"})
		}
		b := bound{Binding: bindingOf(s, "destination", "seeking:"+string(r.ID), Count), title: "待就业中" + r.Title()}
		b.K, b.Base = r.K, total[0].N
		out = append(out, Span{Text: r.Title()}, c.print(b), Span{Text: "人"})
	}
	if len(out) == 0 {
		return nil, errAbsent{"待就业"}
	}
	return out, nil
}

// move is a group whose share is another one than in the cohort before.
type move struct {
	at        int // row
	name      string
	now, then bound
	by        int // hundredths of a percent
}

// moves names the groups whose share rose, or fell, since the cohort before, in the order of
// the table: {rose % destination.study by=major least=30}. Groups with fewer people than
// least in either cohort are too small to compare; of many, those that moved most.
func (c *composer) moves(o order) ([]Span, error) {
	least, err := countOf(o, "least", 30)
	if err != nil {
		return nil, err
	}
	all, err := c.movesOf(o, least)
	if err != nil {
		return nil, err
	}
	word := "上升"
	if o.verb == "fell" {
		word = "下降"
	}
	all = slices.DeleteFunc(all, func(m move) bool { return m.by == 0 || (m.by > 0) != (o.verb == "rose") })
	if len(all) == 0 {
		return nil, errAbsent{word + "的分组"}
	}
	slices.SortStableFunc(all, func(a, b move) int { return cmp.Compare(max(b.by, -b.by), max(a.by, -a.by)) })
	all = all[:min(len(all), mostMoves)]
	slices.SortFunc(all, func(a, b move) int { return a.at - b.at })
	var out []Span
	for i, m := range all {
		if i > 0 {
			out = append(out, Span{Text: "、"})
		}
		c.enter(m.then)
		out = append(out, Span{Text: m.name + "（"}, Span{Text: word + hundredths(max(m.by, -m.by)) + "个百分点", Number: c.enter(m.now)}, Span{Text: "）"})
	}
	return out, nil
}

// mostMoves is how many groups one sentence names.
const mostMoves = 8

func (c *composer) movesOf(o order, least int) ([]move, error) {
	by := o.opt("by", "major")
	table, cell := cellOf(arg(o, 1), "destination")
	one := order{verb: string(Share), args: []string{table + "." + cell}, opts: o.opts}
	s, err := c.figures.table(c.ctx, view{table, by, 0})
	if err != nil {
		return nil, err
	}
	if _, err := c.figures.table(c.ctx, view{table, by, 1}); err != nil {
		return nil, err
	}
	var out []move
	for i, r := range rows(&s.Table) {
		of := condition{by, []string{r.Values[0].Key}}
		m := move{at: i, name: r.Name()}
		if m.now, err = c.figures.number(c.ctx, one, of, 0); err != nil {
			return nil, err
		}
		m.then, err = c.figures.number(c.ctx, one, of, 1)
		if isAbsent(err) {
			continue // a group that the cohort before did not have
		}
		if err != nil {
			return nil, err
		}
		if m.now.Hidden || m.then.Hidden || m.now.Base < least || m.then.Base < least {
			continue
		}
		m.by = m.now.value() - m.then.value()
		out = append(out, m)
	}
	return out, nil
}
