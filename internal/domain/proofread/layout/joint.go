package layout

import (
	"strings"
	"unicode"

	"quxiang/internal/domain/proofread"
)

// Joint joins stretches of text into one and remembers where each one stands. The zero
// value is empty.
type Joint struct{ joint }

// Add appends a stretch that stands at the place; space at its ends is left out. Between
// two Latin words or numbers goes a space, between Chinese characters nothing.
func (j *Joint) Add(text string, at proofread.Place) { j.add(text, at) }

// Block is what was joined, as a paragraph, heading, caption or note.
func (j *Joint) Block(kind proofread.Kind) proofread.Block {
	t, s := j.done()
	return proofread.Block{Kind: kind, Text: t, Spans: s}
}

// Cell is what was joined, as a cell.
func (j *Joint) Cell() proofread.Cell { return j.cell() }

// joint joins stretches of lines.
type joint struct {
	text  strings.Builder
	runes int
	last  rune
	spans []proofread.Span
}

// add appends a stretch. Between two Latin words or numbers goes a space, between
// Chinese characters nothing.
func (j *joint) add(text string, at proofread.Place) {
	trimmed := strings.TrimLeftFunc(text, unicode.IsSpace)
	at.Rune += len([]rune(text)) - len([]rune(trimmed))
	trimmed = strings.TrimRightFunc(trimmed, unicode.IsSpace)
	if trimmed == "" {
		return
	}
	first := []rune(trimmed)[0]
	if j.runes > 0 && narrow(j.last) && narrow(first) {
		j.text.WriteByte(' ')
		j.runes++
	}
	j.spans = append(j.spans, proofread.Span{From: j.runes, Place: at})
	j.text.WriteString(trimmed)
	rs := []rune(trimmed)
	j.runes += len(rs)
	j.last = rs[len(rs)-1]
}

func (j *joint) addLine(r row) { j.add(r.text, r.place) }

func (j *joint) addPiece(p piece) { j.add(p.text, p.place) }

func (j *joint) done() (string, []proofread.Span) { return j.text.String(), j.spans }

// cell makes a cell of what was joined.
func (j *joint) cell() proofread.Cell {
	t, s := j.done()
	return proofread.Cell{Text: t, Spans: s}
}

// narrow tells letters and digits that are set with spaces between words.
func narrow(r rune) bool { return r < 0x2000 && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// merged is the cell that repeats another.
func merged(c proofread.Cell) proofread.Cell {
	c.Merged = true
	return c
}
