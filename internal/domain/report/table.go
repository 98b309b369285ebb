package report

import (
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/domain/release"
)

// stands tells whether a table or figure has anything to show. Errors: as the source, and
// fault.Invalid for what no definition has.
func (c *composer) stands(l Line) (bool, error) {
	try := *c // what it enters among the numbers is thrown away
	try.doc, try.order = Document{}, map[string]int{}
	var err error
	if l.Kind == tableLine {
		_, err = try.layTable(l.Order)
	} else {
		_, err = try.drawFigure(l.Order)
	}
	if isAbsent(err) {
		return false, nil
	}
	return err == nil, err
}

func (c *composer) table(o order) error {
	t, err := c.layTable(o)
	if err != nil {
		return err
	}
	t.ID = o.opt("id", "")
	t.Number = c.labels[t.ID]
	c.add(Block{Table: t})
	return nil
}

// layTable lays a table out: groups in rows and figures in columns; rows=cells turns it;
// years=3 has one row a cohort.
func (c *composer) layTable(o order) (*Table, error) {
	out := &Table{}
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
	case o.verb == externalVerb:
		err = c.layExternal(out, o)
	case o.verb == "flow":
		err = c.layFlow(out)
	case o.opts["stages"] != "":
		err = c.layStages(out, o)
	case o.opts["years"] != "":
		err = c.layYears(out, o)
	case o.opt("rows", "") == "cells":
		err = c.layCells(out, o)
	default:
		err = c.layGroups(out, o)
	}
	return out, err
}

func dimTitle(by string) string { return indicator.DimTitle(indicator.Dim(by)) }

// sub are the columns below each heading: 人数 and 比例.
func sub(o order) []Format {
	var out []Format
	for _, f := range strings.Split(o.opt("show", "k,%"), ",") {
		out = append(out, Format(f))
	}
	return out
}

var subTitles = map[Format]string{Count: "人数", Base: "毕业生数", Share: "比例（%）"}

// columns are the places of the headings that a table shows: those named, else all parts.
func columns(t *indicator.Table, o order) ([]int, error) {
	var out []int
	if names := o.opt("cols", ""); names != "" {
		for _, name := range strings.Split(names, ",") {
			at, _, err := column(t, name)
			if isAbsent(err) {
				continue
			}
			if err != nil {
				return nil, err
			}
			out = append(out, at)
		}
		if len(out) == 0 {
			return nil, errAbsent{names}
		}
		return out, nil
	}
	parts := t.Parts()
	for i, h := range t.Headings {
		if slices.Contains(parts, h.ID) {
			out = append(out, i)
		}
	}
	return out, nil
}

// cell is one printed figure of a table, without the sign of percent, which stands above.
func (c *composer) cell(s *release.Shown, r *indicator.Row, at int, f Format, entry int) Cell {
	b := bound{Binding: Binding{Format: f}}
	b.add(r, at)
	return Cell{Text: strings.TrimSuffix(b.text(), "%"), Bold: r.Total, Number: entry}
}

// enterView gives a whole table its place among the bound numbers: each figure in it is
// found by row and column.
func (c *composer) enterView(s *release.Shown, table, by string) int {
	return c.enterStage(s, table, by, "")
}

func (c *composer) enterStage(s *release.Shown, table, by, stage string) int {
	b := bound{Binding: bindingOf(s, table, "", ""), title: s.Table.Title}
	b.Stage = stage
	if by != "" {
		b.Where = []string{"按" + indicator.DimTitle(indicator.Dim(by))}
	}
	return c.enter(b)
}

func (c *composer) layGroups(out *Table, o order) error {
	table, by := arg(o, 0), o.opt("by", "level")
	s, err := c.figures.table(c.ctx, view{table, by, 0})
	if err != nil {
		return err
	}
	cols, err := columns(&s.Table, o)
	if err != nil {
		return err
	}
	if s.Snapshot.People == 0 || len(rows(&s.Table)) == 0 {
		return errAbsent{out.Caption}
	}
	entry, formats := c.enterView(s, table, by), sub(o)
	top := []Cell{{Text: indicator.DimTitle(indicator.Dim(by)), Rows: 2}, {Text: baseTitle(&s.Table), Rows: 2}}
	var below []Cell
	for _, at := range cols {
		top = append(top, Cell{Text: headOf(s.Table.Headings[at], formats), Cols: len(formats)})
		for _, f := range formats {
			below = append(below, Cell{Text: subTitles[f]})
		}
	}
	out.Head = [][]Cell{top, below}
	if len(formats) == 1 {
		out.Head = [][]Cell{oneRow(top, formats[0])}
	}
	for i := range s.Table.Rows {
		r := &s.Table.Rows[i]
		line := []Cell{{Text: r.Name(), Left: true, Bold: r.Total}, c.cell(s, r, -1, Count, entry)}
		for _, at := range cols {
			for _, f := range formats {
				line = append(line, c.cell(s, r, at, f, entry))
			}
		}
		out.Body = append(out.Body, line)
	}
	out.Notes = notes(&s.Table)
	return nil
}

// headOf is what stands over a count and its share: 升学 rather than 升学率. The rate that
// reports are known by keeps its name.
func headOf(h indicator.Heading, formats []Format) string {
	title := columnTitle(h)
	if len(formats) > 1 && h.ID != "settled" {
		return strings.TrimSuffix(title, "率")
	}
	return title
}

// byWork is what statistics add to columns that hang on the employer's master record; in a
// report it stands once, under the table.
const byWork = "（按实际工作单位）"

// columnTitle is what a column is called in a report.
func columnTitle(h indicator.Heading) string { return strings.TrimSuffix(h.Title, byWork) }

// oneRow is a head of one row: the unit stands beside the title.
func oneRow(top []Cell, f Format) []Cell {
	for i := range top {
		if top[i].Rows == 0 && f == Share {
			top[i].Text += "（%）"
		}
		top[i].Rows, top[i].Cols = 0, 0
	}
	return top
}

// baseTitle is what the people of a row are called.
func baseTitle(t *indicator.Table) string {
	d, err := indicator.DefinitionByID(t.Definition)
	if err == nil && d.WithEmployer {
		return "落实单位人数"
	}
	return "毕业生数"
}

// notes are what a reader has to know of a table: its base, what rounding does, what is
// withheld.
func notes(t *indicator.Table) []string {
	var out []string
	if d, err := indicator.DefinitionByID(t.Definition); err == nil {
		out = append(out, "口径："+d.Title+"；基数："+d.Denominator+"。")
	}
	if slices.ContainsFunc(t.Headings, func(h indicator.Heading) bool { return strings.HasSuffix(h.Title, byWork) }) {
		out = append(out, "医院等级按实际工作单位统计。")
	}
	for _, n := range t.Notes {
		if !strings.HasPrefix(n, "基数：") && !strings.HasPrefix(n, "因四舍五入") && !strings.HasPrefix(n, "事后口径") {
			out = append(out, strings.TrimSuffix(n, "。")+"。")
		}
	}
	if hides(t) {
		out = append(out, indicator.Withheld+" 表示人数较少，为保护个人信息不予公布。")
	}
	return out
}

func hides(t *indicator.Table) bool {
	for _, r := range t.Rows {
		if r.Hidden || slices.ContainsFunc(r.Cells, func(f indicator.Figure) bool { return f.Hidden }) {
			return true
		}
	}
	return false
}

// layCells has a row for each part that anybody is in, and columns for each group.
func (c *composer) layCells(out *Table, o order) error {
	table, by := arg(o, 0), o.opt("by", "level")
	s, err := c.figures.table(c.ctx, view{table, by, 0})
	if err != nil {
		return err
	}
	cols, err := columns(&s.Table, o)
	if err != nil {
		return err
	}
	entry, formats := c.enterView(s, table, by), sub(o)
	top := []Cell{{Text: o.opt("title", s.Table.Title), Rows: 2}}
	var below []Cell
	for i := range s.Table.Rows {
		top = append(top, Cell{Text: s.Table.Rows[i].Name(), Cols: len(formats)})
		for _, f := range formats {
			below = append(below, Cell{Text: subTitles[f]})
		}
	}
	out.Head = [][]Cell{top, below}
	for _, at := range cols {
		if !nobody(s, at) {
			out.Body = append(out.Body, c.partLine(s, at, formats, entry))
		}
	}
	if len(out.Body) == 0 {
		return errAbsent{out.Caption}
	}
	if o.opt("cols", "") == "" {
		out.Body = append(out.Body, c.sumLine(s, formats, entry))
	}
	out.Notes = notes(&s.Table)
	return nil
}

// partLine is a row of a turned table: one part, of each group.
func (c *composer) partLine(s *release.Shown, at int, formats []Format, entry int) []Cell {
	line := []Cell{{Text: columnTitle(s.Table.Headings[at]), Left: true}}
	for i := range s.Table.Rows {
		for _, f := range formats {
			x := c.cell(s, &s.Table.Rows[i], at, f, entry)
			x.Bold = false
			line = append(line, x)
		}
	}
	return line
}

// nobody tells that a column is 0 for everybody, and not withheld.
func nobody(s *release.Shown, at int) bool {
	return !slices.ContainsFunc(s.Table.Rows, func(r indicator.Row) bool { return r.Hidden || r.Cells[at].K > 0 || r.Cells[at].Hidden })
}

// sumLine is the 合计 of a turned table: everybody of each group.
func (c *composer) sumLine(s *release.Shown, formats []Format, entry int) []Cell {
	line := []Cell{{Text: "合计", Left: true, Bold: true}}
	for i := range s.Table.Rows {
		r := &s.Table.Rows[i]
		for _, f := range formats {
			b := bound{Binding: Binding{Format: f}}
			b.add(r, -1)
			line = append(line, Cell{Text: strings.TrimSuffix(b.text(), "%"), Bold: true, Number: entry})
		}
	}
	return line
}

// cohortsOf is how many cohorts an order compares. Error: fault.Invalid for fewer than two
// and more than a report has.
func cohortsOf(o order) (int, error) {
	n, err := strconv.Atoi(o.opt("years", "3"))
	if err != nil || n < 2 || n > years {
		return 0, fault.Invalidf("template", "years 应为 2 至 %d", years)
	}
	return n, nil
}

// layYears has one row a cohort, oldest first: of whom, how many, the share.
func (c *composer) layYears(out *Table, o order) error {
	most, err := cohortsOf(o)
	if err != nil {
		return err
	}
	lines, err := c.yearLines(o, most)
	if err != nil {
		return err
	}
	if len(lines) < 2 {
		return errAbsent{"可比较的往届"}
	}
	out.Notes = c.yearNotes(o, lines)
	title := lines[0].title
	out.Head = [][]Cell{{{Text: "届别"}, {Text: "毕业生数"}, {Text: title + "人数"}, {Text: title + "（%）"}}}
	if by := o.opt("base", ""); by != "" {
		out.Head[0][1].Text = by
	}
	if t := o.opt("count", ""); t != "" {
		out.Head[0][2].Text = t
	}
	for _, b := range lines {
		line := []Cell{{Text: b.Cohort + "届", Left: true}}
		for _, f := range []Format{Base, Count, Share} {
			b.Format = f
			line = append(line, Cell{Text: strings.TrimSuffix(b.text(), "%"), Number: c.enter(b)})
		}
		out.Body = append(out.Body, line)
	}
	return nil
}

// yearNotes are those of the cohorts' own tables, each once.
func (c *composer) yearNotes(o order, lines []bound) []string {
	table, _ := cellOf(arg(o, 0), "destination")
	var out, older []string
	for n := range lines {
		s, err := c.figures.table(c.ctx, view{table, conditionOf(o).dim, n})
		if err != nil {
			continue // yearLines counted it: it is there
		}
		for _, note := range notes(&s.Table) {
			if strings.HasPrefix(note, mixed) {
				older = append([]string{s.Snapshot.Cohort + "届"}, older...)
			} else if !slices.Contains(out, note) {
				out = append(out, note)
			}
		}
	}
	if len(older) > 0 {
		out = append(out, mixed+strings.Join(older, "、")+"也用本表的口径，与当年公布的分项不可直接比较。")
	}
	return out
}

// mixed begins the note on cohorts that are counted by a later definition than their own.
const mixed = "口径混用："

// yearLines are the counts of a column over the cohorts that there are, oldest first.
func (c *composer) yearLines(o order, most int) ([]bound, error) {
	var out []bound
	for n := range most {
		b, err := c.figures.number(c.ctx, order{verb: string(Count), args: o.args, opts: o.opts}, conditionOf(o), n)
		if isAbsent(err) {
			break
		}
		if err != nil {
			return nil, err
		}
		out = append([]bound{b}, out...)
	}
	return out, nil
}
