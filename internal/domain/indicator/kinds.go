package indicator

import (
	"slices"
	"strings"
)

// Kind is what one person adds to a row of a table. Its columns are those of
// Table.Headings, then the reasons of Row.Seeking where the table has them.
type Kind struct {
	In   []bool // counted in the column
	Base []bool // counted in the column's base
}

// Kinds sorts people by what they add to the rows of the query's table. It
// returns the kinds and, by person, which of them they are, -1 for who is outside
// the table's base. Of the query, By, Where and Within say nothing. Errors: as Count.
func Kinds(people []PersonRow, q Query, env Env) (kinds []Kind, of []int, err error) {
	q.By, q.Where = nil, nil
	p, err := prepare(q, env)
	if err != nil {
		return nil, nil, err
	}
	s := newSigner(p)
	h := &heldSigning{byLook: map[seen]int32{}, bySign: map[signature]int32{}}
	of = make([]int, len(people))
	for i := range people {
		look := s.look(&people[i].Destination)
		n, ok := h.byLook[look]
		if !ok {
			n = h.number(s.sign(&look))
			h.byLook[look] = n
		}
		of[i] = int(n)
	}
	for i := range h.signs {
		if err := h.signs[i].fault(&p.def, 1); err != nil {
			return nil, nil, err
		}
		kinds = append(kinds, h.signs[i].kind(&p.def))
	}
	return kinds, of, nil
}

func (s *signature) kind(d *Definition) Kind {
	var k Kind
	for i, c := range d.Cells {
		k.In = append(k.In, s.cells.has(i))
		k.Base = append(k.Base, len(c.Base) == 0 || d.anyOf(c.Base, s.cells))
	}
	if d.Table == destinationTable {
		for _, id := range reasons {
			k.In, k.Base = append(k.In, s.detail == id), append(k.Base, true)
		}
	}
	return k
}

// Withhold takes the numbers of the rows, figures and reasons that are marked
// Hidden out of the table, and whatever else they could be read from, and adds a
// note that says so.
func (t *Table) Withhold(note string) {
	for i := range t.Rows {
		r := &t.Rows[i]
		r.signs = nil
		if r.Hidden {
			r.N, r.Cells, r.Seeking = 0, nil, nil
			continue
		}
		for c := range r.Cells {
			if r.Cells[c].Hidden {
				r.Cells[c] = Figure{Hidden: true}
			}
		}
		for c := range r.Seeking {
			if r.Seeking[c].Hidden {
				r.Seeking[c].K = 0
			}
		}
	}
	t.signs = nil
	t.Notes = slices.DeleteFunc(slices.Clone(t.Notes), func(n string) bool { return strings.HasPrefix(n, roundingNote) })
	t.Notes = append(t.Notes, note)
}
