package layout

import (
	"strings"
	"unicode"

	"quxiang/internal/domain/proofread"
)

// joint joins stretches of lines into one text and remembers where each one stands.
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
