package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/domain/release"
)

func (c *composer) figure(o order) error {
	f, err := c.drawFigure(o)
	if err != nil {
		return err
	}
	f.ID = o.opt("id", "")
	f.Number = c.labels[f.ID]
	c.add(Block{Figure: f})
	table, _ := cellOf(arg(o, 1), "destination")
	by := o.opt("by", "level")
	if o.opts["top"] != "" {
		by = ""
	}
	s, err := c.figures.table(c.ctx, view{table, by, 0})
	if err != nil {
		return err
	}
	c.add(Block{Paragraph: &Paragraph{Kind: Note, Spans: []Span{{Text: f.Number + "的" + strings.Join(notes(&s.Table), "")}}}})
	return nil
}

// drawFigure draws a chart: @figure KIND TABLE.CELL by=level years=3 show=%, or the largest
// parts of a table with top=10, or how many people each group has with show=n.
func (c *composer) drawFigure(o order) (*Figure, error) {
	out := &Figure{Chart: Chart(arg(o, 0)), Unit: "%"}
	if !slices.Contains([]Chart{Columns, Stacked, Bars, Lines, Pie}, out.Chart) {
		return nil, fault.Invalidf("template", "没有“%s”这种图，可用的有：columns、stacked、bars、lines、pie", out.Chart)
	}
	if f := Format(o.opt("show", "%")); f != Share {
		out.Unit = "人"
	}
	caption, err := parseText(o.opt("caption", ""))
	if err != nil {
		return nil, err
	}
	spans, err := c.spans(c.ctx, caption)
	if err != nil {
		return nil, err
	}
	out.Caption = textOf(spans)
	switch {
	case o.opts["top"] != "":
		err = c.drawTop(out, o)
	case o.opts["years"] != "" && o.opts["cols"] != "":
		err = c.drawCohorts(out, o)
	case o.opts["years"] != "":
		err = c.drawYears(out, o)
	default:
		err = c.drawGroups(out, o)
	}
	if err != nil {
		return nil, err
	}
	out.Alt = inWords(out)
	return out, nil
}

// drawTop draws the parts with most people, most first.
func (c *composer) drawTop(out *Figure, o order) error {
	table, _ := cellOf(arg(o, 1), "destination")
	s, err := c.figures.table(c.ctx, view{table, "", 0})
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(o.opt("top", "10"))
	if err != nil || n < 1 {
		return fault.Invalidf("template", "top 应为正整数")
	}
	total, err := rowsOf(&s.Table, condition{})
	if err != nil {
		return err
	}
	entry, one := c.enterView(s, table, ""), Series{Name: s.Table.Title}
	for _, at := range largest(&s.Table, n) {
		out.Categories = append(out.Categories, columnTitle(s.Table.Headings[at]))
		one.Points = append(one.Points, c.point(total[0], at, o, entry))
	}
	if len(one.Points) == 0 {
		return errAbsent{out.Caption}
	}
	out.Series = []Series{one}
	return nil
}

func (c *composer) point(r *indicator.Row, at int, o order, entry int) Point {
	b := bound{Binding: Binding{Format: Format(o.opt("show", "%"))}}
	b.add(r, at)
	if b.Hidden || b.Base == 0 {
		return Point{Hidden: b.Hidden}
	}
	return Point{Text: strings.TrimSuffix(b.text(), "%"), Number: entry, K: b.K, N: b.Base}
}

// drawYears has the groups as categories and a series a cohort, oldest first; of lines the
// other way about.
func (c *composer) drawYears(out *Figure, o order) error {
	table, cell := cellOf(arg(o, 1), "destination")
	by := o.opt("by", "level")
	groups, err := c.groups(table, by, o)
	if err != nil {
		return err
	}
	past, err := c.past(table, by, o)
	if err != nil {
		return err
	}
	out.Categories = groups
	for _, s := range past {
		at, _, err := column(&s.Table, cell)
		if err != nil {
			return err
		}
		one, entry := Series{Name: s.Snapshot.Cohort + "届"}, c.enterView(s, table, by)
		for _, g := range groups {
			p := Point{}
			if r, err := rowsOf(&s.Table, condition{by, []string{g}}); err == nil {
				p = c.point(r[0], at, o, entry)
			}
			one.Points = append(one.Points, p)
		}
		out.Series = append(out.Series, one)
	}
	if out.Chart == Lines {
		turn(out)
	}
	return nil
}

// drawCohorts has the cohorts as categories and a series a column, of one group or of
// everybody: @figure stacked further-study years=3 cols=study,abroad level=本科.
func (c *composer) drawCohorts(out *Figure, o order) error {
	table, _ := cellOf(arg(o, 1), "destination")
	of := conditionOf(o)
	past, err := c.past(table, of.dim, o)
	if err != nil {
		return err
	}
	cols, err := columns(&past[len(past)-1].Table, o)
	if err != nil {
		return err
	}
	for _, at := range cols {
		out.Series = append(out.Series, Series{Name: columnTitle(past[len(past)-1].Table.Headings[at])})
	}
	for _, s := range past {
		list, err := rowsOf(&s.Table, of)
		if err != nil {
			return err
		}
		out.Categories = append(out.Categories, s.Snapshot.Cohort+"届")
		entry := c.enterView(s, table, of.dim)
		for i, at := range cols {
			out.Series[i].Points = append(out.Series[i].Points, c.point(list[0], at, o, entry))
		}
	}
	return nil
}

// past are the tables of the cohorts that there are, oldest first. Error: errAbsent where
// there is nothing to compare.
func (c *composer) past(table, by string, o order) ([]*release.Shown, error) {
	most, err := cohortsOf(o)
	if err != nil {
		return nil, err
	}
	var out []*release.Shown
	for n := range most {
		s, err := c.figures.table(c.ctx, view{table, by, n})
		if isAbsent(err) {
			break
		}
		if err != nil {
			return nil, err
		}
		out = append([]*release.Shown{s}, out...)
	}
	if len(out) < 2 {
		return nil, errAbsent{"可比较的往届"}
	}
	return out, nil
}

// groups are the rows that a chart shows: those named by the dimension's option, else all.
func (c *composer) groups(table, by string, o order) ([]string, error) {
	s, err := c.figures.table(c.ctx, view{table, by, 0})
	if err != nil {
		return nil, err
	}
	list := rows(&s.Table)
	if want := conditionOf(o); want.dim == by {
		if list, err = rowsOf(&s.Table, want); err != nil {
			return nil, err
		}
	}
	var out []string
	for _, r := range list {
		out = append(out, r.Name())
	}
	if len(out) == 0 {
		return nil, errAbsent{by}
	}
	return out, nil
}

// turn makes categories of the series and the other way about.
func turn(f *Figure) {
	series := make([]Series, len(f.Categories))
	var categories []string
	for i, name := range f.Categories {
		series[i].Name = name
		for _, s := range f.Series {
			series[i].Points = append(series[i].Points, s.Points[i])
		}
	}
	for _, s := range f.Series {
		categories = append(categories, s.Name)
	}
	f.Categories, f.Series = categories, series
}

// drawGroups has one category a group; with show=n how many people it has, else a series
// a column.
func (c *composer) drawGroups(out *Figure, o order) error {
	table, cell := cellOf(arg(o, 1), "destination")
	by := o.opt("by", "level")
	s, err := c.figures.table(c.ctx, view{table, by, 0})
	if err != nil {
		return err
	}
	cols, err := []int{-1}, error(nil)
	switch {
	case cell != "":
		cols[0], _, err = column(&s.Table, cell)
	case o.opt("show", "%") != string(Base):
		cols, err = columns(&s.Table, o)
	}
	if err != nil {
		return err
	}
	entry := c.enterView(s, table, by)
	for _, at := range cols {
		one := Series{Name: baseTitle(&s.Table)}
		if at >= 0 {
			one.Name = columnTitle(s.Table.Headings[at])
		}
		for _, r := range rows(&s.Table) {
			one.Points = append(one.Points, c.point(r, at, o, entry))
		}
		out.Series = append(out.Series, one)
	}
	for _, r := range rows(&s.Table) {
		out.Categories = append(out.Categories, r.Name())
	}
	if len(out.Categories) == 0 {
		return errAbsent{out.Caption}
	}
	return nil
}

// inWords says a chart to who does not see it.
func inWords(f *Figure) string {
	var b strings.Builder
	b.WriteString(f.Caption + "：")
	for i, name := range f.Categories {
		if i > 0 {
			b.WriteString("；")
		}
		b.WriteString(name)
		for j, s := range f.Series {
			text := "无"
			switch p := s.Points[i]; {
			case p.Hidden:
				text = "不公布"
			case p.Text != "":
				text = p.Text + f.Unit
			}
			if j > 0 {
				b.WriteString("，")
			}
			if len(f.Series) > 1 {
				fmt.Fprintf(&b, " %s", s.Name)
			}
			b.WriteString(" " + text)
		}
	}
	return b.String()
}
