package layout

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"quxiang/internal/domain/proofread"
)

// proseStyle is how the running text of the source is set.
type proseStyle struct {
	wrapped bool // lines end where the page ends, not where the paragraph does
	width   int  // of a full line
	spaced  bool // a blank line stands between any two lines
}

// styleOf finds the width that most long lines share.
func styleOf(rows []row) proseStyle {
	var widths []int
	blanks, long := 0, 0
	for i, r := range rows {
		if r.kind != textLine || len(r.pieces) == 0 || !mostlyHan(r.text) || r.width() < 40 {
			continue
		}
		widths = append(widths, r.width())
		long++
		if i+1 < len(rows) && rows[i+1].kind == blankLine {
			blanks++
		}
	}
	if len(widths) < 3 {
		return proseStyle{}
	}
	slices.Sort(widths)
	high := widths[len(widths)*9/10]
	near := 0
	for _, w := range widths {
		if w >= high*88/100 && w <= high*106/100 {
			near++
		}
	}
	share := 4
	if rows[0].whole { // lines only if there is no doubt
		share = 7
		if len(widths) < 30 {
			return proseStyle{width: high}
		}
	}
	return proseStyle{wrapped: near*10 >= len(widths)*share && high < 140, width: high, spaced: blanks*10 >= long*7}
}

func mostlyHan(s string) bool {
	han, all := 0, 0
	for _, r := range s {
		if !unicode.IsSpace(r) {
			all++
		}
		if unicode.Is(unicode.Han, r) {
			han++
		}
	}
	return han*2 > all
}

// full tells a line that runs to the end of the page's width.
func (s proseStyle) full(r row) bool { return r.width() >= s.width*86/100 }

// full tells a line that runs as far as the running text around it does.
func (w *walk) full(r row) bool {
	if w.prose.full(r) {
		return true
	}
	if r.placed {
		return w.reachesRight(r)
	}
	widest, own := 0, r.width()
	for i := max(0, w.at-5); i < min(len(w.rows), w.at+5); i++ {
		if o := w.rows[i]; o.kind == textLine && len(o.pieces) == 1 && o.place.Page == r.place.Page {
			widest = max(widest, o.width())
		}
	}
	return own >= w.prose.width/2 && own >= widest*86/100
}

// reachesRight tells whether a line ends where the running text of its page does; spaces
// that set it to both margins make nothing of how many characters it has.
func (w *walk) reachesRight(r row) bool {
	right := 0
	for i := max(0, w.at-40); i < min(len(w.rows), w.at+40); i++ {
		if o := w.rows[i]; o.kind == textLine && o.place.Page == r.place.Page && len(o.pieces) == 1 && !o.pieces[0].number {
			right = max(right, o.pieces[0].right)
		}
	}
	return len(r.pieces) > 0 && r.width() >= w.prose.width/2 && r.pieces[len(r.pieces)-1].right >= right-2*unit
}

// paragraph reads a heading, a note or a paragraph and joins what was broken.
func (w *walk) paragraph() {
	first := w.rows[w.at]
	kind := proofread.Paragraph
	switch first.kind {
	case heading:
		kind = proofread.Heading
	case note:
		kind = proofread.Note
	}
	lines := w.visual()
	var j joint
	var heads []joint
	last := addVisual(&j, lines)
	for w.at < len(w.rows) {
		next, skipped, ok := w.goesOn(first, last, kind)
		if !ok {
			break
		}
		for _, i := range skipped {
			var h joint
			h.addLine(w.rows[i])
			heads = append(heads, h)
		}
		w.at = next
		last = addVisual(&j, w.visual())
	}
	w.emit(kind, j)
	for _, h := range heads {
		w.emit(proofread.Furniture, h)
	}
}

// goesOn finds the line that the paragraph continues on, and the page heads between.
func (w *walk) goesOn(first, last row, kind proofread.Kind) (next int, skipped []int, ok bool) {
	next = w.at
	blanks := 0
	for next < len(w.rows) && (w.rows[next].kind == blankLine || w.rows[next].kind == furniture) {
		if w.rows[next].kind == furniture {
			skipped = append(skipped, next)
		} else {
			blanks++
		}
		next++
	}
	if next >= len(w.rows) || w.rows[next].kind != textLine || strings.ContainsAny(w.rows[next].text, "\t|") {
		return 0, nil, false
	}
	r := w.rows[next]
	switch {
	case kind == proofread.Heading && !closes(r.text):
		return 0, nil, false
	case closes(r.text) && len(skipped) == 0 && blanks == 0:
		return next, skipped, true
	case !w.prose.wrapped:
		// too little running text to know its width; on a page a full line that ends no
		// sentence was broken all the same
		broken := (blanks > 0 || r.placed && w.full(last)) && last.width() >= 60 && !endsSentence(last.text) && startsInside(r.text)
		return next, skipped, broken && !w.beginsTable(next)
	case !w.full(last) || len(last.pieces) > 2:
		return 0, nil, false
	case blanks > 0 && !w.prose.spaced && len(skipped) == 0 && endsSentence(last.text):
		return 0, nil, false
	case endsSentence(last.text) && r.width() < w.prose.width/3 && !endsSentence(r.text):
		return 0, nil, false // a cell that stands on a line of its own
	case r.indent > w.margin(r)+unit && !r.placed || r.placed && r.indent > w.margin(r)+unit:
		return 0, nil, false
	case blanks > 4 && len(skipped) == 0:
		return 0, nil, false
	}
	return next, skipped, !w.beginsTable(next)
}

// beginsTable: the line has the look of a row rather than of text.
func (w *walk) beginsTable(i int) bool {
	r := w.rows[i]
	numbers := 0
	for _, p := range r.pieces {
		if p.number {
			numbers++
		}
	}
	return numbers >= 2
}

// margin is the least indent of long lines near a line on its page.
func (w *walk) margin(r row) int {
	least := r.indent
	for i := max(0, w.at-40); i < min(len(w.rows), w.at+40); i++ {
		o := w.rows[i]
		if o.kind == textLine && o.place.Page == r.place.Page && len(o.pieces) > 0 && o.width() >= w.prose.width*7/10 {
			least = min(least, o.indent)
		}
	}
	return least
}

// closes is true of a line that begins with what no line begins with: it fell off the
// end of the line above.
func closes(s string) bool {
	s = strings.TrimSpace(s)
	return s != "" && strings.ContainsRune("，。、；：？！）”’》%％)", []rune(s)[0])
}

func endsSentence(s string) bool {
	s = strings.TrimSpace(s)
	return s == "" || strings.HasSuffix(s, "。") || strings.HasSuffix(s, "！") || strings.HasSuffix(s, "？") || strings.HasSuffix(s, "；") || strings.HasSuffix(s, "：") || strings.HasSuffix(s, "。”")
}

// startsInside is true of text that may be the middle of a sentence.
func startsInside(s string) bool {
	rs := []rune(strings.TrimSpace(s))
	return len(rs) >= 2 && headingMark(rs) == 0 && (unicode.Is(unicode.Han, rs[0]) || closes(s) || unicode.IsDigit(rs[0]))
}

// visual takes the lines that were one on the page: an extractor that keeps the layout
// lets a character fall to a line of its own where Chinese marks are set narrow, and
// the rest of the line stands above or below it.
func (w *walk) visual() []row {
	lines := []row{w.rows[w.at]}
	w.at++
	for w.at < len(w.rows) && len(lines) < 5 {
		r := w.rows[w.at]
		if r.kind != textLine || r.placed || !fallsInto(lines, r) {
			break
		}
		lines = append(lines, r)
		w.at++
	}
	return lines
}

// fallsInto is true where every piece of the line stands in a gap of those above, or
// behind them.
func fallsInto(lines []row, r row) bool {
	if r.indent < 4*unit || len(r.pieces) == 0 {
		return false
	}
	var taken []piece
	for _, l := range lines {
		taken = append(taken, l.pieces...)
	}
	for _, p := range r.pieces {
		for _, t := range taken {
			if p.left < t.right-unit && t.left < p.left+unit {
				return false
			}
		}
	}
	last := taken[len(taken)-1]
	return closes(r.text) || r.indent >= last.right-unit && strings.ContainsRune("“《（‘", firstRune(r.text)) && !strings.HasSuffix(strings.TrimSpace(last.text), "。")
}

func firstRune(s string) rune {
	for _, r := range s {
		if !unicode.IsSpace(r) {
			return r
		}
	}
	return 0
}

// addVisual joins such lines from left to right and returns what stands for them.
func addVisual(j *joint, lines []row) row {
	if len(lines) == 1 {
		j.addLine(lines[0])
		return lines[0]
	}
	var all []piece
	for _, l := range lines {
		all = append(all, l.pieces...)
	}
	slices.SortStableFunc(all, func(a, b piece) int { return cmp.Compare(a.left, b.left) })
	whole := lines[0]
	var text strings.Builder
	for _, p := range all {
		j.addPiece(p)
		text.WriteString(p.text)
	}
	whole.text, whole.pieces = text.String(), whole.pieces[:1]
	return whole
}
