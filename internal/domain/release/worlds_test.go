package release

import (
	"fmt"
	"slices"
	"strings"

	"quxiang/internal/domain/indicator"
)

// reader is a stranger who has every table of a family: what numbers of people
// can there be, given what is published? Unknown is how many of each kind stand
// in each row of the finest breakdown.
type reader struct {
	tables  []string
	rows    [][]string // values of dims, by row of the finest breakdown
	kinds   [][]int    // by joint kind: the kind in each table
	each    [][]indicator.Kind
	truth   []int // by row and kind
	known   []sum
	dims    []indicator.Dim
	limited bool // a question was given up
}

// sum says between which bounds some unknowns add up.
type sum struct {
	by     []indicator.Dim // of the table that says so
	of     []int
	lo, hi int
}

func (r *reader) at(row, kind int) int { return row*len(r.kinds) + kind }

// newReader knows the structure of the school: which rows there are, and which
// kinds of people.
func newReader(people []indicator.PersonRow, tables []string, dims []indicator.Dim, env indicator.Env) (*reader, error) {
	r := &reader{tables: tables, dims: dims}
	joint := make([][]int, len(people))
	for _, t := range tables {
		kinds, of, err := indicator.Kinds(people, asked(t), env)
		if err != nil {
			return nil, err
		}
		r.each = append(r.each, kinds)
		for i, k := range of {
			joint[i] = append(joint[i], k)
		}
	}
	count := map[[2]int]int{}
	for i := range people {
		if slices.Contains(joint[i], -1) {
			continue
		}
		values := make([]string, len(dims))
		for k, d := range dims {
			values[k] = indicator.ValueOf(d, &people[i].Attrs)
		}
		count[[2]int{indexOf(&r.rows, values), indexOf(&r.kinds, joint[i])}]++
	}
	r.truth = make([]int, len(r.rows)*len(r.kinds))
	for at, n := range count {
		r.truth[r.at(at[0], at[1])] = n
	}
	return r, nil
}

func indexOf[T comparable](list *[][]T, v []T) int {
	at := slices.IndexFunc(*list, func(o []T) bool { return slices.Equal(o, v) })
	if at < 0 {
		at = len(*list)
		*list = append(*list, v)
	}
	return at
}

// unknowns that a row of a table counts, in a column or (wholeRow) at all.
func (r *reader) unknowns(table int, row *indicator.Row, column int, base bool) []int {
	var out []int
	for i, values := range r.rows {
		if slices.ContainsFunc(row.Values, func(v indicator.Value) bool { return values[slices.Index(r.dims, v.Dim)] != v.Key }) {
			continue
		}
		for k, joint := range r.kinds {
			kind := &r.each[table][joint[table]]
			if column == wholeRow || base && kind.Base[column] || !base && kind.In[column] {
				out = append(out, r.at(i, k))
			}
		}
	}
	return out
}

// learn takes in what a public table shows.
func (r *reader) learn(table int, public *indicator.Table) {
	by := inOrder(public.By)
	for i := range public.Rows {
		row := &public.Rows[i]
		all := r.unknowns(table, row, wholeRow, false)
		if row.Hidden {
			r.known = append(r.known, sum{by, all, 1, 1 << 20}) // a row that is there is of somebody
			continue
		}
		r.known = append(r.known, sum{by, all, row.N, row.N})
		for c, f := range row.Cells {
			if !f.Hidden {
				r.known = append(r.known, sum{by, r.unknowns(table, row, c, false), f.K, f.K})
				r.known = append(r.known, sum{by, r.unknowns(table, row, c, true), f.Base, f.Base})
			}
		}
		for c, s := range row.Seeking {
			if !s.Hidden {
				r.known = append(r.known, sum{by, r.unknowns(table, row, len(row.Cells)+c, false), s.K, s.K})
			}
		}
	}
}

// certain reports that a number can be read from tables by some breakdowns. Schools
// that are nearly this one are looked at first.
func (r *reader) certain(of []int, from [][]indicator.Dim) bool {
	v := 0
	for _, i := range of {
		v += r.truth[i]
	}
	var known []sum
	for _, k := range r.known {
		if slices.ContainsFunc(from, func(by []indicator.Dim) bool { return slices.Equal(by, k.by) }) {
			known = append(known, k)
		}
	}
	limited := false
	for _, near := range []int{2, 1 << 20} {
		for _, other := range []sum{{of: of, lo: v + 1, hi: v + near}, {of: of, lo: max(0, v-near), hi: v - 1}} {
			s := solver{truth: r.truth, sums: append(slices.Clone(known), other), left: 5_000}
			if other.lo <= other.hi && s.possible(near) {
				return false
			}
			limited = limited || s.left <= 0 && near > 2
		}
	}
	r.limited = r.limited || limited
	return !limited
}

// solver narrows bounds, and guesses where they do not meet.
type solver struct {
	truth  []int
	sums   []sum
	lo, hi []int
	left   int // guesses
}

// possible searches a school that differs from the true one by this much at most
// in each number.
func (s *solver) possible(near int) bool {
	total := 0
	for _, n := range s.truth {
		total += n
	}
	for _, n := range s.truth {
		s.lo = append(s.lo, max(0, n-near))
		s.hi = append(s.hi, min(total, n+near))
	}
	return s.run()
}

func (s *solver) run() bool {
	if s.left--; s.left <= 0 || !s.narrow() {
		return false
	}
	open := -1
	for i := range s.lo {
		if s.lo[i] < s.hi[i] && (open < 0 || s.hi[i]-s.lo[i] < s.hi[open]-s.lo[open]) {
			open = i
		}
	}
	if open < 0 {
		return true
	}
	lo, hi := slices.Clone(s.lo), slices.Clone(s.hi)
	for d := range 2*(hi[open]-lo[open]) + 2 { // near the truth first
		v := s.truth[open] + (d+1)/2*(1-2*(d%2))
		if v < lo[open] || v > hi[open] {
			continue
		}
		s.lo, s.hi = slices.Clone(lo), slices.Clone(hi)
		s.lo[open], s.hi[open] = v, v
		if s.run() {
			return true
		}
	}
	s.lo, s.hi = lo, hi
	return false
}

func (s *solver) narrow() bool {
	for again := true; again; {
		again = false
		for _, x := range s.sums {
			lo, hi := 0, 0
			for _, i := range x.of {
				lo, hi = lo+s.lo[i], hi+s.hi[i]
			}
			if lo > x.hi || hi < x.lo {
				return false
			}
			for _, i := range x.of {
				most, least := x.hi-(lo-s.lo[i]), x.lo-(hi-s.hi[i])
				if most < s.hi[i] {
					hi -= s.hi[i] - most
					s.hi[i], again = most, true
				}
				if least > s.lo[i] {
					lo += least - s.lo[i]
					s.lo[i], again = least, true
				}
				if s.lo[i] > s.hi[i] {
					return false
				}
			}
		}
	}
	return true
}

// asked is the query of a table in these tests.
func asked(table string, by ...indicator.Dim) indicator.Query {
	q := indicator.Query{Table: table, Cohorts: []string{"2024"}, By: by, Within: everything}
	if table == destinationTable {
		q.Definition = ownDefinition
	}
	return q
}

// read publishes each breakdown of each table, and returns the small numbers that
// a reader of all of them can tell though they are withheld, and how many were.
func read(people []indicator.PersonRow, tables []string, family [][]indicator.Dim, env indicator.Env) (told []string, withheld, closed int, err error) {
	rule := publicRule()
	dims := inOrder(slices.Concat(family...))
	r, err := newReader(people, tables, dims, env)
	if err != nil {
		return nil, 0, 0, err
	}
	type secret struct {
		what string
		by   []indicator.Dim
		of   []int
	}
	var secrets []secret
	for t, name := range tables {
		for _, by := range family {
			full, err := indicator.CountRows(people, asked(name, by...), env)
			if err != nil {
				return nil, 0, 0, err
			}
			public, _, err := Public(people, ownDefinition, asked(name, by...), env)
			if err != nil {
				return nil, 0, 0, err
			}
			r.learn(t, &public)
			if len(public.Rows) < len(full.Rows) {
				closed++
			}
			for i := range full.Rows {
				row := &full.Rows[i]
				at := slices.IndexFunc(public.Rows, func(p indicator.Row) bool { return p.Total == row.Total && slices.Equal(p.Values, row.Values) })
				gone := at < 0 || public.Rows[at].Hidden
				label := fmt.Sprintf("%s by %v, %s", name, by, row.Name())
				if gone && row.N < 5 {
					secrets = append(secrets, secret{label, by, r.unknowns(t, row, wholeRow, false)})
				}
				for c, f := range row.Cells {
					if f.K > 0 && f.K < 5 && (gone && rule.hidesCells(by) || !gone && public.Rows[at].Cells[c].Hidden) {
						secrets = append(secrets, secret{label + ": " + full.Headings[c].ID, by, r.unknowns(t, row, c, false)})
					}
				}
			}
		}
	}
	for _, s := range secrets {
		// What coarser tables say by themselves is published as it is.
		if r.certain(s.of, family) && !r.certain(s.of, rule.coarser(s.by)) {
			told = append(told, s.what)
		}
	}
	if r.limited {
		told = append(told, "some question was given up")
	}
	return told, len(secrets), closed, nil
}

// shape prints a school for a failing test.
func shape(people []indicator.PersonRow, dims []indicator.Dim) string {
	count := map[string]int{}
	for _, p := range people {
		var values []string
		for _, d := range dims {
			values = append(values, indicator.ValueOf(d, &p.Attrs))
		}
		count[strings.Join(append(values, p.Code), "/")]++
	}
	return fmt.Sprint(count)
}
