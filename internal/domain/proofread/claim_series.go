package proofread

import (
	"slices"
	"strings"
)

// row of figures by cohort of a table.
type yearly struct {
	g     *grid
	name  string // what the figures are
	rest  string // what stands beside the cohort
	kind  kind
	level string
	years []string
	at    map[string]cellRef
}

// series are the columns and rows of tables that stand for cohorts, or the columns of one
// measure under several cohorts.
func (c *claims) series() []yearly {
	var out []yearly
	for _, g := range c.gs {
		for _, v := range []*grid{g, g.flipped()} {
			for col := range v.cols {
				out = append(out, v.seriesOf(g, col)...)
			}
		}
	}
	return out
}

// seriesOf are the figures of a column by cohort, one series for each measure.
func (v *grid) seriesOf(g *grid, col int) []yearly {
	l := v.cols[col]
	var out []yearly
	for r, row := range v.rows {
		x := v.cells[r][col]
		y, rest := cohortOf(row)
		if y == "" || !x.number() || rest == "" && x.kind != l.kind {
			continue
		}
		name := strings.Join(l.keys, "")
		if !slices.Contains(bare, rest) {
			name += rest
		}
		i := slices.IndexFunc(out, func(s yearly) bool { return s.rest == rest && s.kind == x.kind })
		if i < 0 {
			i = len(out)
			out = append(out, yearly{g: g, name: name, rest: rest, kind: x.kind, level: levelIn(g.title + strings.Join(l.path, "")), at: map[string]cellRef{}})
		}
		if s := &out[i]; s.at[y].g == nil {
			s.years = append(s.years, y)
			s.at[y] = v.ref(r, col)
		}
	}
	out = slices.DeleteFunc(out, func(s yearly) bool { return len(s.years) < 2 })
	for _, s := range out {
		slices.Sort(s.years)
	}
	return out
}

// cohortOf is the cohort that a line names, and the rest of its name; "" if it names none
// or more than one thing beside.
func cohortOf(l line) (cohort, rest string) {
	for _, k := range l.keys {
		switch {
		case yearIn(k) && cohort == "":
			cohort = cohortIn(k)
		case rest == "":
			rest = k
		default:
			return "", ""
		}
	}
	return cohort, rest
}
