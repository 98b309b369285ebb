package report

import "strings"

// layStages puts a column of both stages beside each other, one row a group:
// @table destination.settled by=level stages=yes.
func (c *composer) layStages(out *Table, o order) error {
	table, cell := cellOf(arg(o, 0), "destination")
	by := o.opt("by", "level")
	groups := map[string][]Cell{}
	var top, below []Cell
	var names []string
	for i, back := range []int{atFirst, atFinal} {
		s, err := c.figures.table(c.ctx, view{table, by, back})
		if err != nil {
			return err
		}
		at, title, err := column(&s.Table, cell)
		if err != nil {
			return err
		}
		if i == 0 {
			top, out.Notes = append(top, Cell{Text: dimTitle(by), Rows: 2}), notes(&s.Table)
		}
		entry := c.enterStage(s, table, by, stageNames[back])
		top = append(top, Cell{Text: stageNames[back] + "（截至" + dayText(s.Snapshot.Cut.True-1) + "）", Cols: 3})
		below = append(below, Cell{Text: baseTitle(&s.Table)}, Cell{Text: o.opt("count", strings.TrimSuffix(title, "率")+"人数")}, Cell{Text: title + "（%）"})
		for j := range s.Table.Rows {
			r := &s.Table.Rows[j]
			if i == 0 {
				names = append(names, r.Name())
			}
			groups[r.Name()] = append(groups[r.Name()], c.cell(s, r, -1, Count, entry), c.cell(s, r, at, Count, entry), c.cell(s, r, at, Share, entry))
		}
	}
	out.Head = [][]Cell{top, below}
	for _, name := range names {
		if len(groups[name]) != 6 {
			continue // a group that only one of the stages has
		}
		out.Body = append(out.Body, append([]Cell{{Text: name, Left: true, Bold: name == totalName}}, groups[name]...))
	}
	return empty(out)
}

// empty says of a table without rows that it has nothing to stand on.
func empty(t *Table) error {
	if len(t.Body) == 0 {
		return errAbsent{t.Caption}
	}
	return nil
}
