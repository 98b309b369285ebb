package indicator

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"quxiang/internal/domain/history"
)

// PersonRow is one person of a table's base as frozen figures keep them: with
// every dimension and the part that they count in.
type PersonRow struct {
	Graduate string
	Attrs    history.Attributes
	Cell     string // the part of the definition; blank if none takes the code
	history.Destination
}

// Rows returns everybody whom the query's table counts, ordered by graduate and
// cohort; of the query, By says nothing. Errors: as Count.
func (c *Columns) Rows(q Query, env Env) ([]PersonRow, error) {
	p, err := prepare(q, env)
	if err != nil {
		return nil, err
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	var out []PersonRow
	var mu sync.Mutex
	var unknown error
	c.standing(p, func(batch []entry, of signing) {
		mu.Lock()
		defer mu.Unlock()
		for i := range batch {
			e := &batch[i]
			s := &of.signs[of.of[e.place]]
			if unknown = cmp.Or(unknown, s.fault(&p.def, 1)); unknown != nil {
				return
			}
			out = append(out, PersonRow{c.ids[e.graduate], c.persons.attributes(e.person), p.def.Cells[s.part].ID,
				c.places.list[e.place]})
		}
	})
	if unknown != nil {
		return nil, unknown
	}
	slices.SortFunc(out, func(a, b PersonRow) int {
		return cmp.Or(strings.Compare(a.Graduate, b.Graduate), strings.Compare(a.Attrs[0], b.Attrs[0]))
	})
	return out, nil
}

// CountRows counts a table from frozen rows as Count does from histories. What
// was known when is not in the rows: the query's moments are only printed, and
// the table says nothing of hindsight.
func CountRows(rows []PersonRow, q Query, env Env) (Table, error) {
	return Hold(rows).Count(q, env)
}

// Held are frozen rows that were laid out once, for who counts many tables of them.
type Held struct{ columns *Columns }

// Hold lays frozen rows out.
func Hold(rows []PersonRow) Held { return Held{frozen(rows)} }

// Count counts a table as CountRows does.
func (h Held) Count(q Query, env Env) (Table, error) {
	t, err := h.columns.Count(q, env)
	t.Hindsight, t.Frozen = 0, true
	return t, err
}

// PeopleInRows is Columns.People over frozen rows.
func PeopleInRows(rows []PersonRow, q Query, env Env, sel Selection) ([]string, error) {
	return frozen(rows).People(q, env, sel)
}

// frozen lays sets of rows out as versions, the first known from instant 0, each
// next one a millisecond later; who is missing in a set is not enrolled in it.
func frozen(sets ...[]PersonRow) *Columns {
	c := NewColumns(func(_, _ string) bool { return false })
	t := c.tracers.Get().(*tracer)
	at := map[string]int{}
	var histories [][]*PersonRow
	for i, rows := range sets {
		for k := range rows {
			r := &rows[k]
			g, ok := at[r.Graduate]
			if !ok {
				g = len(histories)
				at[r.Graduate] = g
				histories = append(histories, make([]*PersonRow, len(sets)))
			}
			histories[g][i] = r
		}
	}
	for _, h := range histories {
		t.people.reset()
		t.where.reset()
		id := ""
		for i, r := range h {
			var attrs history.Attributes
			var went history.Destination
			if r != nil { // a frozen row is of somebody who counts
				id, attrs, went = r.Graduate, r.Attrs, r.Destination
				attrs[personDims], attrs[personDims+1] = history.True, ""
			}
			t.people.add("", attrs)
			t.people.close(instantOf(i))
			t.where.add("", went)
			t.where.close(instantOf(i))
		}
		c.take(id, t)
	}
	return c
}
