// Package specimen invents employment-quality reports: counts first, every share and
// total from them, so that a report is faultless until a fault is planted. The same
// seed gives the same report. Schools, colleges' sizes and employers are invented.
//
// Reading order: specimen.go (the nouns), world.go (the counts), style.go (how a
// school prints), write.go and chapter*.go (the chapters), plant.go (faults, one at a
// time), document.go, plain.go, page.go and word.go (ways to render).
package specimen

import "math/rand/v2"

// Report is an invented report.
type Report struct {
	Name    string
	Quirk   string // of its style, for messages
	Items   []*Item
	figures []*Figure
}

// Item is a heading, paragraph, caption, note or table, in the order of reading.
type Item struct {
	Kind  ItemKind
	Runs  []Run
	Table *Table
	Title string // of the chapter or table that it belongs to
}

// ItemKind tells what an item is.
type ItemKind int

// Kinds of items.
const (
	Paragraph ItemKind = iota
	Heading
	Caption
	Note
	TableItem
)

// Run is a stretch of text; one that is a figure can be falsified.
type Run struct {
	Text string
	Fig  *Figure
}

// Table is rows of cells; the first Head of them are heads.
type Table struct {
	Head int
	Rows [][]Cell
}

// Cell is one place of a table. A cell with Left or Above is covered by its neighbour.
type Cell struct {
	Text        string
	Fig         *Figure
	Left, Above bool
}

// Figure is a number, or words that claim something, that the report's other figures
// settle.
type Figure struct {
	Text  string // without its sign
	Sign  string // "%" where it carries one
	Key   string // what it is of whom; two figures of one key must be equal; "": of no other
	Tags  Tag
	K, N  int64    // of a share
	Value int64    // of a count
	Wrong []string // other words, false here
	Prior string   // what it was the year before, as printed; "" not known

	digits int
	where  *Item
}

// Tag says what settles a figure.
type Tag uint32

// Tags of figures.
const (
	Pct      Tag = 1 << iota // a share beside its count and base
	Lone                     // a share beside its base alone
	Part                     // a count that its column or row adds up
	Total                    // the sum of a column or row
	Subtotal                 // the sum of a group
	Slice                    // one of shares that make 100, without counts
	Rate                     // a share that is the sum of others in its row
	Weighted                 // the share of all, beside those of the parts and their bases
	Rank                     // the place in a list
	Delta                    // a difference of two figures
	Years                    // the cohorts that a difference is against
	Words                    // what is claimed in words
	Enum                     // a part or the sum of an enumeration in a sentence
	InTable                  // stands in a table
	InText                   // stands in a sentence
)

// String returns the figure as printed.
func (f *Figure) String() string { return f.Text + f.Sign }

// Is tells whether a figure has all of the tags.
func (f *Figure) Is(t Tag) bool { return f.Tags&t == t }

// Figures are the figures of the report in the order of reading.
func (r *Report) Figures() []*Figure { return r.figures }

// Make invents the report of a seed.
func Make(seed uint64) *Report {
	rng := rand.New(rand.NewPCG(seed, 20260))
	st := newStyle(rng)
	w := &writer{Rand: rng, style: st, school: newSchool(rng, st), out: &Report{Name: st.name, Quirk: st.quirk()}}
	w.report()
	w.out.collect()
	return w.out
}

// collect lists the figures and where they stand.
func (r *Report) collect() {
	for _, it := range r.Items {
		for _, run := range it.Runs {
			r.add(run.Fig, it, InText)
		}
		if it.Table == nil {
			continue
		}
		for _, row := range it.Table.Rows {
			for _, c := range row {
				if !c.Left && !c.Above {
					r.add(c.Fig, it, InTable)
				}
			}
		}
	}
}

func (r *Report) add(f *Figure, it *Item, t Tag) {
	if f != nil {
		f.where, f.Tags = it, f.Tags|t
		r.figures = append(r.figures, f)
	}
}
