package paper

import (
	"strings"
	"unicode"
)

// look is how a piece of text is printed.
type look struct {
	face int
	size float64
	rise float64 // of its baseline, for marks of footnotes
	tint tint
	link string // anchor that it leads to
	note int    // place of the footnote from 1 that hangs here
}

// glyph is a character with its advance in points.
type glyph struct {
	r    rune
	face int
	w    float64
	look *look
}

// segment is a part of a line that is printed in one go.
type segment struct {
	x       float64 // from the line's begin
	w       float64
	face    int
	spacing float64 // added after each character
	text    string
	look    *look
}

// line is a laid line.
type line struct {
	segments []segment
	width    float64
	notes    []int // footnotes that hang in it
}

// glyphs measures a text. Control characters vanish; white space of any length is one space.
func glyphs(faces []*face, out []glyph, text string, l *look) []glyph {
	for _, r := range text {
		if unicode.IsSpace(r) && r != '\u3000' {
			r = ' '
		}
		if unicode.IsControl(r) || r == ' ' && len(out) > 0 && out[len(out)-1].r == ' ' {
			continue
		}
		f, r, w := pick(faces, l.face, r)
		out = append(out, glyph{r, f, float64(w) * l.size / 1000, l})
	}
	return out
}

// What may not begin a line, what may not end one, and what stays with a number: kinsoku.
const (
	notFirst = "。，、；：？！）》〉」』】〕〗”’…—～·％‰℃°々ー.,;:?!)]}%"
	notLast  = "（《〈「『【〔〖“‘([{￥$＃#·"
	units    = "人名届年月日号个家所场次项门户元万亿倍期岁天类点位份篇条章节页级％%‰"
	counters = "第表图附近约逾超"
	closers  = "。，、；：）》〉」』】〕〗”’"
	openers  = "（《〈「『【〔〖“‘"
)

// ofWord is true of characters that make words and numbers, which are not broken.
func ofWord(r rune) bool {
	return r > ' ' && r < 0x7F || r < 0x2000 && unicode.IsLetter(r) || r == '–'
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// tied is true of a number and its unit, and of 第, 表 and the like before a number.
func tied(a, b rune) bool {
	return (isDigit(a) || a == '%') && strings.ContainsRune(units, b) || strings.ContainsRune(counters, a) && isDigit(b)
}

// mayBreak says whether a line may end before gs[i].
func mayBreak(gs []glyph, i int) bool {
	a, b := gs[i-1].r, gs[i].r
	switch {
	case b == ' ', gs[i].look.note > 0, strings.ContainsRune(notFirst, b), strings.ContainsRune(notLast, a):
		return false
	case a == ' ':
		return i < 2 || !tied(gs[i-2].r, b) && !strings.ContainsRune(notLast, gs[i-2].r)
	}
	return !tied(a, b) && !(ofWord(a) && ofWord(b))
}

// halfOf is half the advance of a full-width mark of the set, else 0.
func halfOf(g glyph, set string) float64 {
	if g.w < 0.9*g.look.size || !strings.ContainsRune(set, g.r) {
		return 0
	}
	return g.w / 2
}

// squeeze is what the advance of gs[i] loses because the next mark has its own white.
func squeeze(gs []glyph, i int) float64 {
	if i+1 >= len(gs) {
		return 0
	}
	if w := halfOf(gs[i], closers); w > 0 && (halfOf(gs[i+1], closers) > 0 || halfOf(gs[i+1], openers) > 0) {
		return w
	}
	if w := halfOf(gs[i], openers); w > 0 && halfOf(gs[i+1], openers) > 0 {
		return w
	}
	return 0
}

// slack is how much more a mark's advance may give when a line is a little too long.
func slack(gs []glyph, i int) float64 {
	if squeeze(gs, i) > 0 {
		return 0
	}
	return halfOf(gs[i], closers) / 2
}

// lineEnd finds where the line from gs[s] ends. A mark at the end gives its half; the others
// give some of theirs where a word would else begin the next line and leave more white.
func lineEnd(gs []glyph, s int, width float64) int {
	sum, room, tail := -halfOf(gs[s], openers), 0.0, 0.0
	fit, rest := s, 0.0    // the last end that fits, and the white that it leaves
	tight, need := s, 0.0  // the last end that fits with squeezed marks
	forced, past := s+1, s // where nothing may break
	for i := s; i < len(gs); i++ {
		sum += gs[i].w
		if gs[i].r != ' ' {
			tail = sum - halfOf(gs[i], closers)
		}
		if tail-room > width && i > s {
			break
		}
		past = i + 1
		if tail <= width {
			forced = past
		}
		if past == len(gs) || mayBreak(gs, past) {
			if tail <= width {
				fit, rest = past, width-tail
			} else {
				tight, need = past, tail-width
			}
		}
		sum -= squeeze(gs, i)
		room += slack(gs, i)
	}
	switch {
	case tight > fit && (fit == s || need <= rest):
		return tight
	case fit > s:
		return fit
	}
	return forced
}

// breakLines lays a text into lines of width, the first one indented. Justified lines but the
// last are filled.
func breakLines(gs []glyph, width, indent float64, justified bool) []line {
	var out []line
	for s := 0; s < len(gs); {
		for s < len(gs) && gs[s].r == ' ' {
			s++
		}
		if s == len(gs) {
			break
		}
		e := lineEnd(gs, s, width-indent)
		end := e
		for end > s && gs[end-1].r == ' ' {
			end--
		}
		out = append(out, setLine(gs[s:end], width-indent, indent, justified && e < len(gs)))
		s, indent = e, 0
	}
	return out
}

// evenLines lays a text into as few lines as breakLines, but of about the same length.
func evenLines(gs []glyph, width float64) []line {
	best := breakLines(gs, width, 0, false)
	if len(best) < 2 {
		return best
	}
	step := gs[0].look.size / 4
	for w := width - step; w > step; w -= step {
		next := breakLines(gs, w, 0, false)
		if len(next) > len(best) || widest(next) > w+0.01 {
			break
		}
		best = next
	}
	return best
}

func widest(ls []line) float64 {
	var w float64
	for _, l := range ls {
		w = max(w, l.width)
	}
	return w
}

// Bounds of stretching, in parts of the font's size: a wider gap between characters would read
// as a space.
const (
	widestGap   = 0.09
	widestSpace = 1.2
)

// setLine gives each character its place: white is shared out where the line is to be full.
func setLine(gs []glyph, width, indent float64, full bool) line {
	n := len(gs)
	x := indent - halfOf(gs[0], openers)
	extra := spacing(gs, width, full)
	out := line{}
	for i := 0; i < n; {
		j := i + 1
		for j < n && gs[j].look == gs[i].look && gs[j].face == gs[i].face && (j == i+1 || near(extra[j-1], extra[i])) {
			j++
		}
		seg := segment{x: x, face: gs[i].face, look: gs[i].look}
		if j > i+1 {
			seg.spacing = extra[i]
		}
		var b strings.Builder
		for ; i < j; i++ {
			b.WriteRune(gs[i].r)
			x += gs[i].w + extra[i]
			if gs[i].look.note > 0 {
				out.notes = append(out.notes, gs[i].look.note)
			}
		}
		seg.text, seg.w = b.String(), x-seg.x
		out.segments = append(out.segments, seg)
	}
	out.width = x - indent
	return out
}

// spacing is what is added behind each character, below 0 where white is taken.
func spacing(gs []glyph, width float64, full bool) []float64 {
	extra := make([]float64, len(gs))
	natural := -halfOf(gs[0], openers)
	for i, g := range gs {
		if i+1 < len(gs) {
			extra[i] = -squeeze(gs, i)
		}
		natural += g.w + extra[i]
	}
	left := width - natural + halfOf(gs[len(gs)-1], closers)
	if left < 0 {
		tighten(gs, extra, -left)
	} else if full {
		loosen(gs, extra, left)
	}
	return extra
}

func near(a, b float64) bool { return a-b < 1e-6 && b-a < 1e-6 }

func tighten(gs []glyph, extra []float64, by float64) {
	var all float64
	for i := range gs[:len(gs)-1] {
		all += slack(gs, i)
	}
	if all == 0 {
		return
	}
	for i := range gs[:len(gs)-1] {
		extra[i] -= by * slack(gs, i) / all
	}
}

// loosen shares by out: a little between characters, the rest at spaces.
func loosen(gs []glyph, extra []float64, by float64) {
	var gaps, spaces []int
	for i := range gs[:len(gs)-1] {
		a, b := gs[i].r, gs[i+1].r
		switch {
		case a == ' ':
			spaces = append(spaces, i)
		case b != ' ' && !(ofWord(a) && ofWord(b)) && gs[i+1].look.note == 0:
			gaps = append(gaps, i)
		}
	}
	size := gs[0].look.size
	if len(gaps) > 0 {
		each := min(by/(float64(len(gaps))+3*float64(len(spaces))), widestGap*size)
		for _, i := range gaps {
			extra[i] += each
			by -= each
		}
	}
	for _, i := range spaces {
		extra[i] += min(by/float64(len(spaces)), widestSpace*size)
	}
}

// widthOf is the width of a text that stands on one line.
func widthOf(gs []glyph) float64 {
	var w float64
	for i, g := range gs {
		w += g.w - squeeze(gs, i)
	}
	return w
}
