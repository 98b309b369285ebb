package indicator

import (
	"fmt"
	"slices"
	"strings"
)

// notes say what a reader has to know beside the figures.
func (p *plan) notes(t *Table) []string {
	var out []string
	if len(p.older) > 0 {
		out = append(out, fmt.Sprintf("口径混用：“%s”一般用于%s，本表也用于 %s 届，与当年公布的分项不可直接比较",
			p.def.Title, p.def.cohorts(), strings.Join(p.older, "、")))
	}
	if p.def.WithEmployer {
		out = append(out, "基数："+p.def.Denominator)
	}
	return append(out, t.shares()...)
}

// cohorts says for which cohorts a definition is usual.
func (d *Definition) cohorts() string {
	switch {
	case d.CohortsFrom == "":
		return d.CohortsTo + " 届及以前"
	case d.CohortsTo == "":
		return d.CohortsFrom + " 届及以后"
	}
	return d.CohortsFrom + " 至 " + d.CohortsTo + " 届"
}

// roundingNote begins the note on shares.
const roundingNote = "因四舍五入"

// namedRows is how many rows the note on shares names one by one.
const namedRows = 6

// shares says where the printed shares of the parts do not add up to 100.00, and
// why: they are rounded one by one and never plugged.
func (t *Table) shares() []string {
	var off []string
	lo, hi := 10000, 10000
	for i := range t.Rows {
		r := &t.Rows[i]
		sum := 0
		for _, id := range t.def.Parts {
			sum += hundredths(r.Cells[t.def.cell(id)].K, r.N)
		}
		if sum == 10000 {
			continue
		}
		lo, hi = min(lo, sum), max(hi, sum)
		off = append(off, fmt.Sprintf("%s %s%%", t.label(r), percent(sum)))
	}
	switch {
	case len(off) == 0:
		return nil
	case len(off) > namedRows:
		return []string{fmt.Sprintf(roundingNote+"，%d 行的各项百分比相加在 %s%% 至 %s%% 之间，不凑 100", len(off), percent(lo), percent(hi))}
	case len(t.Rows) == 1:
		return []string{fmt.Sprintf(roundingNote+"，各项百分比相加为 %s%%，不凑 100", percent(lo+hi-10000))}
	}
	return []string{roundingNote + "，各项百分比相加：" + strings.Join(off, "、") + "，不凑 100"}
}

// label names a row, with its cohort where there are several.
func (t *Table) label(r *Row) string {
	if slices.ContainsFunc(t.Rows, func(o Row) bool { return o.Cohort != r.Cohort }) {
		return r.Cohort + "届" + r.Name()
	}
	return r.Name()
}
