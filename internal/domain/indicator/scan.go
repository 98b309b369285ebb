package indicator

import (
	"runtime"
	"slices"
	"sync"

	"quxiang/internal/domain/access"
)

// entry is one graduate who counts at a cut.
type entry struct {
	graduate      int32
	person, place uint32
	cohort        int32 // index into the query's cohorts
}

// lens lets through whom a plan counts: of its cohorts, inside its conditions
// and its scope. It holds for every cut.
type lens struct {
	c       *Columns
	cohorts []int32 // value of the cohort dictionary → index into the query's, or -1
	tests   []test
	byPlace bool   // some test is of the place
	within  *scope // nil: the whole school
}

// test keeps the values of one dimension that are allowed.
type test struct {
	axis
	allowed []bool // by value of the dictionary
}

// scope is an access.Scope as the arrays know it.
type scope struct {
	college, class []bool // by value of the dictionary
	graduates      map[int32]bool
	colleges       axis
	classes        axis
}

// lens compiles the plan's conditions. The caller holds c.mu.
func (c *Columns) lens(p *plan) *lens {
	l := &lens{c: c, within: c.scope(p.query.Within)}
	dict := &c.persons.dicts[0]
	l.cohorts = make([]int32, len(dict.values))
	for i := range l.cohorts {
		l.cohorts[i] = -1
	}
	for i, cohort := range p.query.Cohorts {
		if v, ok := dict.index[cohort]; ok {
			l.cohorts[v] = int32(i)
		}
	}
	for d, keys := range p.keys {
		a := c.axis(d, p.query.Contract)
		l.tests = append(l.tests, test{a, a.dict.mask(keys)})
		l.byPlace = l.byPlace || !a.person
	}
	return l
}

// mask marks the values that are among the keys.
func (d *dictionary) mask(keys []string) []bool {
	out := make([]bool, len(d.values))
	for _, k := range keys {
		if v, ok := d.index[k]; ok {
			out[v] = true
		}
	}
	return out
}

func (c *Columns) scope(s access.Scope) *scope {
	if s.School {
		return nil
	}
	out := &scope{colleges: c.axis("college", false), classes: c.axis("class", false), graduates: map[int32]bool{}}
	out.college, out.class = out.colleges.dict.mask(s.Colleges), out.classes.dict.mask(s.Classes)
	out.college[0], out.class[0] = false, false // of no college is in nobody's
	for _, id := range s.Graduates {
		if g, ok := c.index[id]; ok {
			out.graduates[g] = true
		}
	}
	return out
}

// passes reports that one who counts is inside conditions and scope.
func (l *lens) passes(graduate int32, person, place uint32) bool {
	for i := range l.tests {
		if t := &l.tests[i]; !t.allowed[t.of(person, place)] {
			return false
		}
	}
	s := l.within
	return s == nil || s.college[s.colleges.col[person]] || s.class[s.classes.col[person]] || s.graduates[graduate]
}

// see returns the entry of one graduate at a cut, if they count then.
func (l *lens) see(g int32, b bound) (entry, bool) {
	person, ok := l.c.people.at(g, b)
	if !ok {
		return entry{}, false
	}
	cohort := l.cohorts[l.c.persons.cols[0][person]]
	if cohort < 0 {
		return entry{}, false
	}
	place, ok := l.c.where.at(g, b)
	if !ok || !l.passes(g, person, place) {
		return entry{}, false
	}
	return entry{g, person, place, cohort}, true
}

// only returns the lens for the cohorts whose cut is the bound.
func (l *lens) only(b bound, bounds []bound) *lens {
	out := *l
	out.cohorts = make([]int32, len(l.cohorts))
	for v, i := range l.cohorts {
		if i >= 0 && bounds[i] != b {
			i = -1
		}
		out.cohorts[v] = i
	}
	return &out
}

// batchSize is how many graduates are looked at together: what is noted of them
// stays in the processor's nearest cache, and each loop does one thing.
const batchSize = 1024

// scan hands on, in batches, everybody of [lo, hi) who counts at the cut.
func (l *lens) scan(lo, hi int, b bound, do func([]entry)) {
	batch := make([]entry, batchSize)
	for ; lo < hi; lo += batchSize {
		found := l.who(batch, lo, min(lo+batchSize, hi), b)
		found = l.whither(found, b)
		if len(l.tests) > 0 || l.within != nil {
			found = slices.DeleteFunc(found, func(e entry) bool { return !l.passes(e.graduate, e.person, e.place) })
		}
		do(found)
	}
}

// who notes those of the cohorts, as they are known to be.
func (l *lens) who(batch []entry, lo, hi int, b bound) []entry {
	t, cohorts, ofPerson := &l.c.people, l.cohorts, l.c.persons.cols[0]
	n := 0
	for g, v := range t.present[lo:hi] {
		var person uint32
		if v.since < b.known {
			person = on(t.now, v.first, b.day)
		} else if p, ok := t.at(int32(lo+g), b); ok {
			person = p
		} else {
			continue
		}
		if cohort := cohorts[ofPerson[person]]; cohort >= 0 {
			batch[n] = entry{graduate: int32(lo + g), person: person, cohort: cohort}
			n++
		}
	}
	return batch[:n]
}

// whither notes their places.
func (l *lens) whither(batch []entry, b bound) []entry {
	t := &l.c.where
	n := 0
	for i := range batch {
		e := &batch[i]
		if v := &t.present[e.graduate]; v.since < b.known {
			e.place = on(t.now, v.first, b.day)
		} else if p, ok := t.at(e.graduate, b); ok {
			e.place = p
		} else {
			continue
		}
		if n < i {
			batch[n] = *e
		}
		n++
	}
	return batch[:n]
}

// workers is how many share a pass: small schools are done in one.
func (c *Columns) workers() int {
	return min(runtime.GOMAXPROCS(0), len(c.ids)/50_000+1)
}

// split cuts the graduates into one range a worker and runs do on each at once.
func (c *Columns) split(workers int, do func(worker, lo, hi int)) {
	n := len(c.ids)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() { do(w, n*w/workers, n*(w+1)/workers) })
	}
	wg.Wait()
}
