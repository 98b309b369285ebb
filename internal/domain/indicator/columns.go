package indicator

import (
	"sync"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/history"
)

// Columns are all histories laid out in (true, known) time as plain arrays: what
// statistics are counted from. They are built from the events, brought up to
// date by Put, and can be rebuilt at any time. All methods are safe beside each
// other.
//
// A graduate has versions, one for each instant at which what is known of them
// changed; a version is a row of pieces along the days. What is known now lies
// apart from what was known before, so that the usual question reads little.
type Columns struct {
	mu      sync.RWMutex
	tracers sync.Pool

	ids   []string         // graduate index → id
	index map[string]int32 // id → index

	people  timeline // values are persons
	persons persons
	where   timeline // values are places
	places  places
	proof   timeline // values are what stands behind the running case

	newest  calendar.Instant   // the latest instant at which something became known
	settled []calendar.Instant // graduate → from when on no T finds them otherwise than they were known

	signings signings
}

// NewColumns returns empty columns. noWork says which codes are of the class
// 未就业; when an administrator changes classes, columns are to be built anew.
func NewColumns(noWork history.NoWork) *Columns {
	return &Columns{
		tracers: sync.Pool{New: func() any { return &tracer{fold: history.NewFold(noWork)} }},
		index:   map[string]int32{},
		people:  newTimeline(),
		where:   newTimeline(),
		persons: newPersons(),
		places:  newPlaces(),
		proof:   newTimeline(),
	}
}

// Put takes the whole history of one graduate, in seq order, in the place of
// what was held of them; an empty one takes them out.
func (c *Columns) Put(graduate string, events []history.Event) {
	t := c.tracers.Get().(*tracer)
	defer c.tracers.Put(t)
	t.trace(events)
	c.take(graduate, t)
}

// take stores what the tracer laid out.
func (c *Columns) take(graduate string, t *tracer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	g, held := c.index[graduate]
	if !held {
		g = int32(len(c.ids))
		c.ids = append(c.ids, graduate)
		c.index[graduate] = g
	}
	if !held {
		c.settled = append(c.settled, 0)
	}
	c.settled[g] = max(
		t.people.settled(func(a, b *history.Attributes) bool { return *a == *b }),
		t.where.settled(func(a, b *history.Destination) bool { return *a == *b || a.Code == "" && b.Code == "" }))
	c.newest = max(c.newest, t.people.newest(), t.where.newest())
	put(&c.people, g, &t.people, c.persons.id)
	put(&c.where, g, &t.where, c.places.id)
	put(&c.proof, g, &t.proof, factBits)
	if c.people.worn() || c.where.worn() || c.proof.worn() {
		c.compact()
	}
}

// Len returns the number of graduates that were put.
func (c *Columns) Len() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return len(c.ids)
}

// compact drops what no graduate points to any more. Places stay: there are few.
func (c *Columns) compact() {
	old := c.persons
	c.persons = newPersons()
	c.persons.dicts, c.persons.provinces = old.dicts, old.provinces
	c.people = c.people.compacted(func(p uint32) uint32 { return c.persons.copy(&old, p) })
	c.where = c.where.compacted(func(p uint32) uint32 { return p })
	c.proof = c.proof.compacted(func(p uint32) uint32 { return p })
}

// personDims is how many of history.Keys are dimensions: all but the last two,
// which say whether the person counts.
const personDims = 10

// persons are the distinct states of people, a column an attribute. The cohort
// of somebody outside the statistics population is 0, so that one look tells
// whether a person counts in a cohort.
type persons struct {
	cols  [personDims][]uint32
	dicts [personDims]dictionary

	from      []uint32 // the origin's province
	provinces dictionary
}

func newPersons() (p persons) {
	p.provinces = newDictionary()
	for i := range p.dicts {
		p.dicts[i] = newDictionary()
	}
	return p
}

func (p *persons) id(a *history.Attributes) uint32 {
	for i := range p.cols {
		v := a[i]
		if i == 0 && !a.Counted() {
			v = ""
		}
		p.cols[i] = append(p.cols[i], p.dicts[i].id(v))
	}
	p.from = append(p.from, p.provinces.id(ValueOf(originDim, a)))
	return uint32(len(p.cols[0]) - 1)
}

func (p *persons) copy(from *persons, n uint32) uint32 {
	for i := range p.cols {
		p.cols[i] = append(p.cols[i], from.cols[i][n])
	}
	p.from = append(p.from, from.from[n])
	return uint32(len(p.cols[0]) - 1)
}

// attributes of a person who counts.
func (p *persons) attributes(n uint32) (a history.Attributes) {
	for i := range p.cols {
		a[i] = p.dicts[i].values[p.cols[i][n]]
	}
	a[personDims] = history.True // in_statistics
	return a
}

// places are the distinct destinations, with a column for each dimension.
type places struct {
	list  []history.Destination
	index map[history.Destination]uint32
	plain map[history.Detail]uint32 // those without a code, found without hashing them whole
	cols  [nPlaceCols][]uint32
	dicts [nPlaceCols]dictionary
}

func newPlaces() places {
	p := places{index: map[history.Destination]uint32{}, plain: map[history.Detail]uint32{}}
	for i := range p.dicts {
		p.dicts[i] = newDictionary()
	}
	return p
}

func (p *places) id(d *history.Destination) uint32 {
	bare := *d == history.Destination{Detail: d.Detail}
	if bare {
		if n, ok := p.plain[d.Detail]; ok {
			return n
		}
	} else if n, ok := p.index[*d]; ok {
		return n
	}
	n := uint32(len(p.list))
	p.list = append(p.list, *d)
	if bare {
		p.plain[d.Detail] = n
	} else {
		p.index[*d] = n
	}
	for i, v := range placeValues(d) {
		p.cols[i] = append(p.cols[i], p.dicts[i].id(v))
	}
	return n
}

// dictionary numbers the values of one dimension; 0 is blank.
type dictionary struct {
	values []string
	index  map[string]uint32
}

func newDictionary() dictionary {
	return dictionary{values: []string{""}, index: map[string]uint32{"": 0}}
}

func (d *dictionary) id(v string) uint32 {
	if v == "" {
		return 0
	}
	n, ok := d.index[v]
	if !ok {
		n = uint32(len(d.values))
		d.values = append(d.values, v)
		d.index[v] = n
	}
	return n
}

// bound is a cut as the arrays are asked: a day inside, an instant outside.
type bound struct {
	day   int32
	known calendar.Instant
}

func boundOf(c calendar.Cut) bound { return bound{dayNumber(c.LastDay()), c.Known} }
