package paper

import "strings"

// The paper in twips (twentieths of a point): A4.
const (
	docxPaperWidth, docxPaperHeight = 11906, 16838
	docxSide, docxTop               = 1587, 1440
	docxTextWidth                   = docxPaperWidth - 2*docxSide
	docxPageHeight                  = docxPaperHeight - 2*docxTop
)

// docxRuneWidth is the width in hundredths of the font's size, of 宋体 and Times New Roman.
func docxRuneWidth(r rune) int {
	switch {
	case isFullWidth(r):
		return 100
	case r == ' ':
		return 25
	case strings.ContainsRune(".,:;'|!iljtfrI()[]-/", r):
		return 33
	case r >= 'A' && r <= 'Z', strings.ContainsRune("%@&<>=+mw", r):
		return 72
	}
	return 50
}

// isFullWidth is true of signs of a Chinese font.
func isFullWidth(r rune) bool { return r >= 0x2E80 || isAmbiguous(r) }

// docxWidth is the width of a text in hundredths of the font's size; where Chinese and Latin
// meet Word leaves a quarter.
func docxWidth(s string) int {
	width, last := 0, rune(0)
	for _, r := range s {
		width += docxRuneWidth(r) + docxGap(last, r)
		last = r
	}
	return width
}

func docxGap(a, b rune) int {
	if a == 0 || a == ' ' || b == ' ' || isFullWidth(a) == isFullWidth(b) || isClosingMark(a) || isClosingMark(b) {
		return 0
	}
	return 25
}

// isClosingMark is true of punctuation, beside which nothing is left, and which does not begin a
// line.
func isClosingMark(r rune) bool {
	return strings.ContainsRune("，。、；：？！）》」』】”’%．,.;:?!)]", r)
}

// docxLongest is the width of the longest piece that is not broken: a word, a number, a
// character with the marks after it.
func docxLongest(s string) int {
	most := 0
	for _, w := range docxPieces(s) {
		most = max(most, docxWidth(strings.TrimRight(w, " ")))
	}
	return most
}

// docxPieces cuts a text where a line may end.
func docxPieces(s string) []string {
	var out []string
	from, last := 0, rune(0)
	for i, r := range s {
		if i > 0 && docxMayBreak(last, r) {
			out = append(out, s[from:i])
			from = i
		}
		last = r
	}
	return append(out, s[from:])
}

func docxMayBreak(a, b rune) bool {
	switch {
	case isClosingMark(b) || b == ' ' || strings.ContainsRune("（《“‘「『【([", a):
		return false
	}
	return a == ' ' || a == '-' || isFullWidth(a) || isFullWidth(b)
}

// docxLines is how many lines a text takes; size in half points, width and the first line's
// indent in twips.
func docxLines(s string, size, width, indent int) int {
	lines, at := 1, indent
	width = max(width, size*10) // a character stands in any cell
	for _, w := range docxPieces(s) {
		full := docxWidth(w) * size / 10
		seen := docxWidth(strings.TrimRight(w, " ，。、；：")) * size / 10 // marks may hang over
		if at+seen > width && at > 0 {
			lines++
			at = 0
		}
		for at == 0 && full > width { // a word longer than the line
			lines++
			full -= width
		}
		at += full
	}
	return lines
}
