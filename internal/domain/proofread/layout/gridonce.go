package layout

import "quxiang/internal/domain/proofread"

// onceColumns finds the columns of figures that stand once for each group of rows, beside
// the first of them or in their middle: 地区人数 beside the provinces of a region. They are
// half empty where the other columns are full, and a column of words before them names the
// groups. Nil for the others.
func (g *grid) onceColumns() [][]piece {
	out := make([][]piece, len(g.columns))
	most, words := 0, 0
	for _, c := range g.columns {
		if c.figures() {
			most = max(most, c.numbers)
		} else {
			words++
		}
	}
	if words < 2 {
		return out
	}
	for i, c := range g.columns {
		if c.figures() && c.words == 0 && c.numbers >= 2 && c.numbers*10 <= most*6 {
			out[i] = []piece{}
		}
	}
	return out
}

// rowGroup are rows from and to that one label of the first column holds for.
type rowGroup struct{ from, to int }

func (b *gridBody) rowGroups() []rowGroup {
	var out []rowGroup
	for i, r := range b.g.body {
		if i > 0 && r[0].Merged && r[0].Text == b.g.body[i-1][0].Text {
			out[len(out)-1].to = i + 1
			continue
		}
		out = append(out, rowGroup{i, i + 1})
	}
	return out
}

// groupFigures gives the figures that stand once to the groups whose rows they stand
// beside: one each. Only a group that a page cut may lack its own, or a row across.
func (b *gridBody) groupFigures() bool {
	groups := b.rowGroups()
	for c, list := range b.once {
		if list == nil {
			continue
		}
		for k, x := range groups {
			top, bottom := b.rows[x.from].top, b.rows[x.to-1].top
			if len(list) == 0 || list[0].top > bottom+b.g.pitch/2 {
				if k > 0 && k+1 < len(groups) && !covers(b.rows[x.from], 0) {
					return false
				}
				continue
			}
			if list[0].top < top-b.g.pitch/2 {
				return false
			}
			var j joint
			j.addPiece(list[0])
			list = list[1:]
			b.fillGroup(c, x, j.cell())
		}
		if len(list) > 0 {
			return false
		}
	}
	return true
}

func (b *gridBody) fillGroup(c int, x rowGroup, cell proofread.Cell) {
	for i := x.from; i < x.to; i++ {
		b.g.body[i][c] = cell
		cell = merged(cell)
	}
}
