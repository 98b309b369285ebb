// Package proofread finds what contradicts itself in a published employment-quality
// report (报告体检). It is pure: a Document goes in, Findings come out, and nothing is
// known but what the report says.
//
// Reading order: document.go (what a report is to us), decimal.go and figure.go
// (numbers, exact), grid.go (a table understood), one file per kind of check, check.go
// (all of them, and which findings share a root).
package proofread

// Document is a report as it reads: what stands where, nothing of how it looks.
type Document struct {
	Name   string // the file's, for messages
	Blocks []Block
	Unread string // what of the file could not be read, in words for the user; blank: nothing known
}

// Kind tells what a block is.
type Kind int

// Kinds of blocks. A reader that cannot tell a heading from a paragraph says Paragraph.
const (
	Paragraph Kind = iota
	Heading
	Caption // the numbered title of a table or figure, on its own line: 表 1-1 …, 图 2-3 …
	Note    // what explains a table, below or beside it: 注：…
	TableBlock
	Furniture // page heads and feet, contents: read by nobody, kept so that places stay right
)

// Block is one paragraph, caption, note or table, in the order of reading.
type Block struct {
	Kind  Kind
	Text  string // of all but tables, with lines that a page broke joined again
	Spans []Span // where the text stands; one per line or paragraph of the source
	Table *Table
}

// Span says that the runes of a text from From on stand at Place, until the next span.
type Span struct {
	From  int // rune of the block's (or cell's) text
	Place Place
}

// Place is a point in the source, as exact as its format allows. Zero fields are
// unknown.
type Place struct {
	Page  int    // pdf; 1 is the first
	Line  int    // txt, html, pdf: line of the text; docx: ordinal of the paragraph (w:p) in document order; 1 is the first
	Rune  int    // where in that line, 0 is the first; below 0: in a number that Word sets before it
	Sheet string // xlsx
	Cell  string // xlsx: "B7"
}

// Table is a rectangle of cells. Every row has the same number of cells; what a merged
// cell covers holds the same text, with Merged set.
type Table struct {
	Cells [][]Cell
	// Head is how many rows of Cells are known to be heads (docx repeats them, html has
	// thead); 0: not known, to be found out from what stands in them.
	Head int
}

// Cell is one place of a table.
type Cell struct {
	Text   string
	Merged bool   // covered by the cell to the left or above, whose text it repeats
	Spans  []Span // as of a block
}

// At returns the place of a rune of the text that the spans are of.
func At(spans []Span, r int) Place {
	var p Place
	for _, s := range spans {
		if s.From > r {
			break
		}
		p = s.Place
		p.Rune += r - s.From
	}
	return p
}
