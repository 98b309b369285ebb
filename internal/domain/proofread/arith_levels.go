package proofread

// acrossDoubts holds the rate of all levels of a row against those of its levels, where
// levels stand side by side with a count and a rate each: 硕士 人数 | 就业率, 博士 人数 |
// 就业率, 合计 人数 | 就业率.
func acrossDoubts(g *grid) []doubt {
	whole, parts := g.levelPairs()
	if len(parts) < 2 || g.excused {
		return nil
	}
	hits := 0
	var misses []weighed
	for r := range g.rows {
		w, ok := g.wholeOfRate(whole.in(r))
		list := make([]rated, len(parts))
		for i, p := range parts {
			list[i] = p.in(r)
		}
		switch {
		case !ok, !g.persons(&w, list):
		case w.holdsAs(g.cells[r][whole.c].Decimal):
			hits++
		default:
			misses = append(misses, w)
		}
	}
	if hits < 3 || hits < 3*len(misses) {
		return nil
	}
	var out []doubt
	for _, w := range misses {
		out = append(out, g.weighedDoubt(w))
	}
	return out
}

func (x rated) in(r int) rated { return rated{r, x.base, x.c} }

// levelPairs are the count and the rate of each level, and of all; no parts without one
// total of them.
func (g *grid) levelPairs() (whole rated, parts []rated) {
	totals := 0
	for c, l := range g.cols {
		if l.kind != percent {
			continue
		}
		base, own := g.ownBase(c)
		switch {
		case !own:
		case l.role == total:
			whole = rated{base: base, c: c}
			totals++
		case l.role == part:
			parts = append(parts, rated{base: base, c: c})
		}
	}
	if totals != 1 {
		return whole, nil
	}
	return whole, parts
}
