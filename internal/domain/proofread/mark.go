package proofread

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mark is where a finding shows in a document: a stretch of a block, or of a cell of its
// table.
type Mark struct {
	Finding  int // in the list
	Block    int
	Row, Col int // of a table; 0 else
	From, To int // runes of the text
}

// Marks finds where findings show: the printed figure, as exactly as the place is known.
// A finding without a place, or with one that the document does not have, has no mark.
// They come in the order of the document.
func Marks(d Document, list []Finding) []Mark {
	var out []Mark
	wanted := map[[2]string][]int{} // findings by page or sheet, and line or cell
	for i, f := range list {
		if f.Place != (Place{}) {
			k := placeKey(f.Place)
			wanted[k] = append(wanted[k], i)
		}
	}
	done := map[int]bool{}
	for b, block := range d.Blocks {
		out = appendMarks(out, list, wanted, done, Mark{Block: b}, block.Text, block.Spans)
		if block.Table == nil {
			continue
		}
		for r, row := range block.Table.Cells {
			for c, cell := range row {
				if !cell.Merged {
					out = appendMarks(out, list, wanted, done, Mark{Block: b, Row: r, Col: c}, cell.Text, cell.Spans)
				}
			}
		}
	}
	return out
}

func placeKey(p Place) [2]string {
	return [2]string{string(rune(p.Page)) + p.Sheet, string(rune(p.Line)) + p.Cell}
}

// appendMarks adds the marks of findings that stand in the text.
func appendMarks(out []Mark, list []Finding, wanted map[[2]string][]int, done map[int]bool, at Mark, text string, spans []Span) []Mark {
	runes := utf8.RuneCountInString(text)
	first := len(out)
	for s, span := range spans {
		end := runes
		if s+1 < len(spans) {
			end = spans[s+1].From
		}
		for _, i := range wanted[placeKey(span.Place)] {
			off := list[i].Place.Rune - span.Place.Rune
			last := span.From+off == runes && s+1 == len(spans)
			if done[i] || off < 0 || span.From+off >= end && !last {
				continue
			}
			done[i] = true
			at.Finding = i
			at.From, at.To = Stretch([]rune(text), span.From+off, list[i].Printed)
			out = append(out, at)
		}
	}
	slices.SortStableFunc(out[first:], func(a, b Mark) int { return a.From - b.From })
	return out
}

// Stretch finds the runes of a figure as it is printed in a text, at or nearest to a
// place: its digits may be grouped (1,117). Where it is not there, it is the figure, or
// the word, at the place.
func Stretch(text []rune, at int, printed string) (from, to int) {
	at = max(0, min(at, len(text)))
	best := -1
	for i := range text {
		end := printedAt(text, i, printed)
		if end > 0 && (best < 0 || distance(i, at) < distance(from, at)) {
			best, from, to = i, i, end
		}
	}
	if best >= 0 {
		return from, to
	}
	return wordAt(text, at)
}

func distance(a, b int) int { return max(a-b, b-a) }

// printedAt says where the figure that begins at i ends; 0: it is another, or only a part
// of a longer one.
func printedAt(text []rune, i int, printed string) int {
	want := []rune(strings.TrimSpace(printed))
	if len(want) == 0 || i > 0 && figureRune(want[0]) && figureRune(text[i-1]) {
		return 0
	}
	end := i
	for _, r := range want {
		for end > i && end < len(text) && text[end] != r && (text[end] == ',' || text[end] == '，') && unicode.IsDigit(r) {
			end++
		}
		if end >= len(text) || text[end] != r {
			return 0
		}
		end++
	}
	if figureRune(want[len(want)-1]) && end < len(text) && (unicode.IsDigit(text[end]) || text[end] == '.' && end+1 < len(text) && unicode.IsDigit(text[end+1])) {
		return 0
	}
	return end
}

func figureRune(r rune) bool { return r >= '0' && r <= '9' || r == '.' }

// wordAt is the figure at the place, else the rest of its word; of an empty rest, the
// whole text.
func wordAt(text []rune, at int) (from, to int) {
	stop := func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("，。；、：（）,;()", r) }
	isFigure := func(r rune) bool { return figureRune(r) || r == ',' || r == '%' || r == '％' }
	from, to = at, at
	if at < len(text) && isFigure(text[at]) {
		for from > 0 && figureRune(text[from-1]) {
			from--
		}
		for to < len(text) && isFigure(text[to]) {
			to++
		}
		return from, to
	}
	for to < len(text) && !stop(text[to]) && to-from < 20 {
		to++
	}
	if to == from {
		return 0, len(text)
	}
	return from, to
}

// Piece is a stretch of text with the findings that show in it, and those of them whose
// mark ends with it.
type Piece struct {
	Text     string
	Findings []int
	Ends     []int
}

// Pieces cuts a text at the marks in it, which belong to it.
func Pieces(text string, marks []Mark) []Piece {
	runes := []rune(text)
	cuts := []int{0, len(runes)}
	for _, m := range marks {
		cuts = append(cuts, m.From, m.To)
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var out []Piece
	for i := 1; i < len(cuts); i++ {
		p := Piece{Text: string(runes[cuts[i-1]:cuts[i]])}
		for _, m := range marks {
			if m.From <= cuts[i-1] && cuts[i] <= m.To {
				p.Findings = append(p.Findings, m.Finding)
				if m.To == cuts[i] {
					p.Ends = append(p.Ends, m.Finding)
				}
			}
		}
		out = append(out, p)
	}
	return out
}

// Reach says over how many columns and rows a cell of the table stretches: what follows
// it to the right and below and repeats it.
func (t *Table) Reach(row, col int) (cols, rows int) {
	text := t.Cells[row][col].Text
	covered := func(r, c int) bool {
		return r < len(t.Cells) && c < len(t.Cells[r]) && t.Cells[r][c].Merged && t.Cells[r][c].Text == text
	}
	cols, rows = 1, 1
	for covered(row, col+cols) {
		cols++
	}
	for {
		for c := col; c < col+cols; c++ {
			if !covered(row+rows, c) {
				return cols, rows
			}
		}
		rows++
	}
}
