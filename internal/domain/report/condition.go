package report

import (
	"slices"

	"quxiang/internal/domain/indicator"
)

// takes tells whether a row is one of those that the condition names, by name or by key.
func (c condition) takes(r *indicator.Row) bool {
	return slices.Contains(c.values, r.Name()) || slices.Contains(c.values, r.Values[0].Key)
}

// Names that conditions on the origin may use: the school's province, and every other one.
const (
	ownProvince = "本省"
	elsewhere   = "外省"
)

// named puts the rows that 本省 and 外省 stand for in their place. Error: errAbsent where
// the school has not told where it is.
func (f *figures) named(t *indicator.Table, c condition) (condition, error) {
	if c.dim != "origin" || !slices.Contains(c.values, ownProvince) && !slices.Contains(c.values, elsewhere) {
		return c, nil
	}
	if f.home == "" {
		return c, errAbsent{ownProvince}
	}
	out := condition{dim: c.dim}
	for _, v := range c.values {
		if v == ownProvince {
			out.values = append(out.values, f.home)
			continue
		}
		for _, r := range rows(t) {
			if key := r.Values[0].Key; v == elsewhere && key != f.home && key != "" || r.Name() == v {
				out.values = append(out.values, key)
			}
		}
	}
	return out, nil
}
