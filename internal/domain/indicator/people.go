package indicator

import (
	"slices"
	"sync"

	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

// Selection names one number of a table: a row, by its cohort and the keys of
// its dimensions (none for a total), and in it a cell, a reason of
// seeking_detail, or neither for the whole row; of a cell it may name those with
// one strength of proof.
type Selection struct {
	Cohort string // blank: all cohorts of the query
	Keys   []Condition
	Cell   string
	Except string // a cell that they are not in; blank: none
	Reason history.Detail
	Proof  Proof // of those, whose strongest fact is this; blank: whatever it is
}

// People returns the ids of the graduates that a number of the query's table
// counts, in order. Errors: as Count, and fault.Invalid for a selection that the
// table does not have.
func (c *Columns) People(q Query, env Env, sel Selection) ([]string, error) {
	p, err := prepare(q, env)
	if err != nil {
		return nil, err
	}
	cell := p.def.cell(sel.Cell)
	if sel.Cell != "" && cell < 0 {
		return nil, fault.Invalidf("cell", "统计表“%s”没有“%s”这一列", p.def.Title, sel.Cell)
	}
	except := p.def.cell(sel.Except)
	if sel.Except != "" && except < 0 {
		return nil, fault.Invalidf("cell", "统计表“%s”没有“%s”这一列", p.def.Title, sel.Except)
	}
	if sel.Reason != "" && (p.def.Table != destinationTable || !slices.Contains(reasons, sel.Reason)) {
		return nil, fault.Invalidf("cell", "统计表“%s”不分“%s”", p.def.Title, sel.Reason)
	}
	if sel.Proof != "" && !slices.Contains(Proofs, sel.Proof) {
		return nil, fault.Invalidf("proof", "没有“%s”这种凭据", sel.Proof)
	}
	bounds := p.bounds()
	c.mu.RLock()
	defer c.mu.RUnlock()
	rows := make([]test, len(sel.Keys))
	for i, k := range sel.Keys {
		if dimIndex(k.Dim) < 0 {
			return nil, fault.Invalidf("by", "没有维度“%s”，可用的有：%s", k.Dim, joinDims())
		}
		a := c.axis(k.Dim, p.query.Contract)
		rows[i] = test{a, a.dict.mask([]string{k.Value})}
	}
	var out []string
	var mu sync.Mutex
	c.standing(p, func(batch []entry, of signing) {
		mu.Lock()
		defer mu.Unlock()
		for i := range batch {
			e := &batch[i]
			s := &of.signs[of.of[e.place]]
			if (sel.Cohort == "" || p.query.Cohorts[e.cohort] == sel.Cohort) &&
				(cell < 0 || s.cells.has(cell)) && (except < 0 || !s.cells.has(except)) && (sel.Reason == "" || s.detail == sel.Reason) && inRow(rows, e) &&
				(sel.Proof == "" || c.proofOf(e.graduate, bounds[e.cohort]) == sel.Proof) {
				out = append(out, c.ids[e.graduate])
			}
		}
	})
	slices.Sort(out)
	return slices.Compact(out), nil
}

func inRow(rows []test, e *entry) bool {
	for i := range rows {
		if !rows[i].allowed[rows[i].of(e.person, e.place)] {
			return false
		}
	}
	return true
}

// standing hands on, in batches and from several workers, everybody whom the
// plan's table counts. The caller holds c.mu.
func (c *Columns) standing(p *plan, do func(batch []entry, of signing)) {
	s := c.signing(p)
	all, bounds := c.lens(p), p.bounds()
	for i, b := range bounds {
		if slices.Index(bounds, b) < i {
			continue // done with an earlier cohort
		}
		l := all.only(b, bounds)
		c.split(c.workers(), func(_, lo, hi int) {
			l.scan(lo, hi, b, func(batch []entry) {
				do(slices.DeleteFunc(batch, func(e entry) bool { return s.of[e.place] == outside }), s)
			})
		})
	}
}
