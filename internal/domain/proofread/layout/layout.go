// Package layout turns lines of text back into the paragraphs and tables that were
// printed: what an extractor made of a pdf, what a page shows, what stands in a plain
// text file. It is pure.
//
// Tables are found in four forms: cells between tabs, between pipes, in columns drawn
// with spaces (or at known positions), and one token a line. A form whose rows do not
// all agree is no table: its lines stay paragraphs. Nothing is lost: every visible
// character of the source stands in exactly one block (drawn rules, and pipes between
// cells, are no characters).
//
// Reading order: layout.go (the walk over the lines), mark.go (what kind of line),
// furniture.go (heads, feet, contents), prose.go (broken paragraphs joined), tabs.go,
// then grid*.go (columns, rows, heads) and token*.go.
package layout

import (
	"strings"

	"quxiang/internal/domain/proofread"
)

// Line is one line of the source, or one paragraph of a document without tables.
type Line struct {
	Text  string
	Place proofread.Place // of its first rune
	Words []Word          // where its words stand on the page; nil: as the spaces say
	Top   int             // with Words: how far down the page, in the unit of their sides

	Known proofread.Kind // Heading, Note or Furniture where the source says so; else Paragraph
	Whole bool           // a paragraph as the source has it, not a line of one
}

// Word is a stretch of a line with its left and right side on the page, in any unit
// that is the same for all lines (a character should be some 10 of it wide).
type Word struct {
	From, To    int // runes of the line
	Left, Right int
}

// Lines cuts a text into lines; a form feed begins a page. Pages are counted only
// where there are form feeds.
func Lines(text string) []Line {
	var out []Line
	text = string([]rune(text)) // a byte that is no UTF-8 is one character, wherever it is cut later
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	page := 0
	if strings.Contains(text, "\f") {
		page = 1
	}
	number := 0
	for _, l := range strings.Split(text, "\n") {
		number++
		rune0 := 0
		for i, part := range strings.Split(l, "\f") {
			if i > 0 {
				page++
				rune0++
			}
			out = append(out, Line{Text: part, Place: proofread.Place{Page: page, Line: number, Rune: rune0}})
			rune0 += len([]rune(part))
		}
	}
	return out
}

// Blocks reads the lines.
func Blocks(lines []Line) []proofread.Block {
	w := newWalk(lines)
	for w.at < len(w.rows) {
		w.step()
	}
	return w.out
}

// walk goes over the lines once, from the first to the last.
type walk struct {
	rows  []row
	prose proseStyle
	at    int
	out   []proofread.Block
	cap   string // number of the caption last met with nothing but it since: "1-2"
	tried attempts
	votes int   // how labels of groups stand, as the tables so far show (grid.votes)
	run   int   // end of a run of tokens that is no table
	stuck int   // end of the last region whose columns are not where they seem
	notes []row // footnotes between the parts of a table over several pages
}

func newWalk(lines []Line) *walk {
	w := &walk{rows: make([]row, len(lines))}
	for i, l := range lines {
		w.rows[i] = newRow(l)
	}
	markFurniture(w.rows)
	markContents(w.rows)
	w.prose = styleOf(w.rows)
	return w
}

// step reads one block.
func (w *walk) step() {
	r := &w.rows[w.at]
	switch {
	case r.kind == blankLine:
		w.at++
	case r.kind == furniture:
		w.single(proofread.Furniture)
	case r.kind == caption:
		w.caption()
	case w.table():
		w.cap = ""
	default:
		w.cap = ""
		w.paragraph()
	}
}

// single makes the present line a block of its own.
func (w *walk) single(kind proofread.Kind) {
	var j joint
	j.addLine(w.rows[w.at])
	w.emit(kind, j)
	w.at++
}

func (w *walk) emit(kind proofread.Kind, j joint) {
	if t, spans := j.done(); t != "" {
		w.out = append(w.out, proofread.Block{Kind: kind, Text: t, Spans: spans})
	}
}

// caption reads the title of a table or figure, which may run on over a second line.
func (w *walk) caption() {
	r := w.rows[w.at]
	var j joint
	j.addLine(r)
	w.cap = r.number
	w.at++
	if w.at < len(w.rows) && w.titleRunsOn(r, w.rows[w.at]) {
		j.addLine(w.rows[w.at])
		w.at++
	}
	w.emit(proofread.Caption, j)
}

// titleRunsOn is true where a title filled its line and the next line ends it.
func (w *walk) titleRunsOn(r, next row) bool {
	return w.prose.wrapped && w.prose.full(r) && next.kind == textLine && len(next.pieces) == 1 && next.width() < w.prose.width/2 &&
		!strings.ContainsAny(next.text, "，。；：%\t|") && strings.ContainsAny(next.text, "情况分布表况布")
}

// table reads a table that begins at the present line, in whichever form.
func (w *walk) table() bool {
	for _, form := range []func() bool{w.piped, w.tabbed, w.drawn, w.spaced, w.tokens} {
		if form() {
			return true
		}
	}
	return false
}

// addTable emits a table, and as furniture what a page repeated of it.
func (w *walk) addTable(t *proofread.Table, repeated []joint) {
	w.out = append(w.out, proofread.Block{Kind: proofread.TableBlock, Table: t})
	for _, j := range repeated {
		w.emit(proofread.Furniture, j)
	}
}
