package indicator

import (
	"slices"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
)

// Point is one day of a curve: how many of the base a cell held at its end.
type Point struct {
	Day calendar.Day
	Figure
}

// Curve follows one cell of the query's table over some days, which ascend. Each
// point is what Count gives of the total as of the end of that day, with one
// knowledge for all: the query's KnownAt. Of the query, By and AsOf say nothing.
// It is one pass over the histories, however many days are asked for. Errors: as
// Count, and fault.Invalid for several cohorts or a cell that the table does not have.
func (c *Columns) Curve(q Query, env Env, cell string, days []calendar.Day) ([]Point, error) {
	q.By = nil
	p, err := prepare(q, env)
	if err != nil {
		return nil, err
	}
	at := p.def.cell(cell)
	if at < 0 || len(p.query.Cohorts) != 1 {
		return nil, fault.Invalidf("cell", "统计表“%s”的“%s”画不成一届的曲线", p.def.Title, cell)
	}
	w := walker{cell: at, days: make([]int32, len(days)), known: p.cuts[0].Known}
	for i, d := range days {
		w.days[i] = dayNumber(d)
	}
	if !slices.IsSorted(w.days) {
		return nil, fault.Invalidf("days", "曲线的日期要从早到晚")
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	w.lens, w.def, w.signing = c.lens(p), &p.def, c.signing(p)
	parts := make([]steps, c.workers())
	c.split(len(parts), func(i, lo, hi int) { parts[i] = w.walk(lo, hi) })
	out := make([]Point, len(days))
	var sum [3]int
	for i, d := range days {
		for _, s := range parts {
			for k := range sum {
				sum[k] += int(s[k][i])
			}
		}
		f := Figure{K: sum[stepCell], Base: sum[stepAll]}
		if len(p.def.Cells[at].Base) > 0 {
			f.Base, f.OwnBase = sum[stepBase], true
		}
		out[i] = Point{d, f}
	}
	return out, nil
}

// steps say by how many each day's number is greater than the day's before.
type steps [3][]int32

const (
	stepAll  = iota // in the table
	stepCell        // in the cell
	stepBase        // in the cell's own base
)

// walker follows everybody along the days.
type walker struct {
	lens    *lens
	def     *Definition
	signing signing
	cell    int
	days    []int32
	known   calendar.Instant
}

func (w *walker) walk(lo, hi int) steps {
	var out steps
	for k := range out {
		out[k] = make([]int32, len(w.days)+1)
	}
	c := w.lens.c
	for g := lo; g < hi; g++ {
		people := c.people.known(int32(g), w.known)
		if !slices.ContainsFunc(people, w.ofCohort) {
			continue
		}
		w.one(int32(g), people, c.where.known(int32(g), w.known), &out)
	}
	return out
}

func (w *walker) ofCohort(p piece) bool {
	return w.lens.cohorts[w.lens.c.persons.cols[0][p.value]] >= 0
}

// one lays both aspects of a graduate side by side: each stretch of days on which
// neither changes adds to the days in it.
func (w *walker) one(g int32, people, where []piece, out *steps) {
	for i, k := 0, 0; i < len(people) && k < len(where); {
		from := max(people[i].from, where[k].from)
		person, place := people[i], where[k]
		end, until := false, int32(0)
		switch nextPerson, nextPlace := i+1 < len(people), k+1 < len(where); {
		case !nextPerson && !nextPlace:
			end = true
		case !nextPlace || nextPerson && people[i+1].from <= where[k+1].from:
			until = people[i+1].from
		default:
			until = where[k+1].from
		}
		if w.ofCohort(person) && w.lens.passes(g, person.value, place.value) {
			w.add(place.value, from, until, end, out)
		}
		if end {
			return
		}
		for i+1 < len(people) && people[i+1].from <= until {
			i++
		}
		for k+1 < len(where) && where[k+1].from <= until {
			k++
		}
	}
}

func (w *walker) add(place uint32, from, until int32, end bool, out *steps) {
	n := w.signing.of[place]
	if n == outside {
		return
	}
	first, _ := slices.BinarySearch(w.days, from)
	last := len(w.days)
	if !end {
		last, _ = slices.BinarySearch(w.days, until)
	}
	def, cells := w.def, &w.signing.signs[n].cells
	for k, in := range [...]bool{true, cells.has(w.cell), def.anyOf(def.Cells[w.cell].Base, *cells)} {
		if in {
			out[k][first]++
			out[k][last]--
		}
	}
}

// known returns the pieces of what was known of a graduate before an instant;
// none if nothing was.
func (t *timeline) known(g int32, before calendar.Instant) []piece {
	v := t.present[g]
	from := t.now
	for v.since >= before {
		if v.older == 0 {
			return nil
		}
		v, from = t.past[v.older], t.then
	}
	return from[v.first:][:length(from, v.first)]
}
