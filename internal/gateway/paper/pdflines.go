package paper

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"quxiang/internal/domain/proofread"
	"quxiang/internal/domain/proofread/layout"
)

// pdfLines makes lines of the words of all pages. The unit of sides is a tenth of the
// height of the usual word, so that a character is some ten wide.
func pdfLines(pages [][]box) []layout.Line {
	size := usualHeight(pages)
	var out []layout.Line
	number := 0
	for i, boxes := range pages {
		boxes = withSigns(boxes)
		lines := linesOf(boxes)
		left := 0
		for k, b := range boxes {
			if k == 0 || b.left < left {
				left = b.left
			}
		}
		step := usualStep(lines)
		for k, l := range lines {
			if k > 0 && l[0].middle()-lines[k-1][0].middle() > step*8/5 {
				out = append(out, layout.Line{Place: proofread.Place{Page: i + 1, Line: number}})
			}
			number++
			out = append(out, pdfLine(l, proofread.Place{Page: i + 1, Line: number}, left, size))
		}
	}
	return out
}

// usualHeight is the middle height of all words.
func usualHeight(pages [][]box) int {
	var h []int
	for _, p := range pages {
		for _, b := range p {
			h = append(h, b.height())
		}
	}
	if len(h) == 0 {
		return 10000
	}
	slices.Sort(h)
	return max(h[len(h)/2], 1000)
}

// linesOf puts the words of a page into lines, from top to bottom, each from left to
// right. Words stand on one line if their middles are less than 0.4 of a height apart.
func linesOf(boxes []box) [][]box {
	sorted := slices.Clone(boxes)
	slices.SortStableFunc(sorted, func(a, b box) int { return cmp.Compare(a.middle(), b.middle()) })
	var lines [][]box
	for _, b := range sorted {
		if n := len(lines); n > 0 {
			first := tallest(lines[n-1])
			if b.middle()-first.middle() <= max(min(first.height(), b.height())*4/10, first.height()*3/10) {
				lines[n-1] = append(lines[n-1], b)
				continue
			}
		}
		lines = append(lines, []box{b})
	}
	for _, l := range lines {
		slices.SortStableFunc(l, func(a, b box) int { return cmp.Compare(a.left, b.left) })
	}
	return lines
}

// mostSigns bounds the words of a page among which figures are looked for.
const mostSigns = 5000

// withSigns puts a % that a narrow cell broke off its figure, and that stands alone below
// it, behind the figure again.
func withSigns(boxes []box) []box {
	if len(boxes) > mostSigns {
		return boxes
	}
	var out []box
	signed := slices.Clone(boxes)
	for i, b := range boxes {
		if j := figureAbove(boxes, b); j >= 0 {
			signed[j].text += "%"
			signed[i].text = ""
		}
	}
	for _, b := range signed {
		if b.text != "" {
			out = append(out, b)
		}
	}
	return out
}

// figureAbove finds the figure right above a lone %; -1 if there is none, or b is another
// word.
func figureAbove(boxes []box, b box) int {
	if b.text != "%" && b.text != "％" {
		return -1
	}
	slack := b.height() / 4
	return slices.IndexFunc(boxes, func(f box) bool {
		gap := b.top - f.bottom
		return gap >= -b.height()/2 && gap <= b.height() && f.top < b.top && b.left >= f.left-slack && b.right <= f.right+slack && strings.Trim(f.text, "0123456789.") == "" && f.text != "."
	})
}

// tallest is the word of a line by which its middle is measured: a small one, such as a
// footnote's mark, may stand above the line.
func tallest(line []box) box {
	best := line[0]
	for _, b := range line[1:min(len(line), 8)] {
		if b.height() > best.height() {
			best = b
		}
	}
	return best
}

// usualStep is the middle distance of two lines of a page.
func usualStep(lines [][]box) int {
	var d []int
	for i := 1; i < len(lines); i++ {
		d = append(d, lines[i][0].middle()-lines[i-1][0].middle())
	}
	if len(d) == 0 {
		return 1
	}
	slices.Sort(d)
	return d[len(d)/2]
}

// pdfLine joins the words of a line: with a space where one was set, with two between
// columns.
func pdfLine(words []box, at proofread.Place, left, size int) layout.Line {
	l := layout.Line{Place: at}
	var text strings.Builder
	runes := 0
	line := tallest(words)
	for i, b := range words {
		t := b.text
		if i > 0 {
			gap := b.left - words[i-1].right
			switch {
			case gap >= size*7/10:
				text.WriteString("  ")
				runes += 2
			case gap >= size/8 && (narrowEnd(words[i-1].text) || narrowStart(t)):
				text.WriteByte(' ')
				runes++
			}
		}
		if i > 0 && b.height()*4 <= line.height()*3 && b.middle() < line.middle() && strings.Trim(t, "0123456789") == "" {
			t = raised(t)
		}
		n := len([]rune(t))
		text.WriteString(t)
		l.Words = append(l.Words, layout.Word{From: runes, To: runes + n, Left: (b.left - left) * 10 / size, Right: (b.right - left) * 10 / size})
		runes += n
	}
	l.Text = text.String()
	l.Top = line.middle() * 10 / size
	return l
}

// raised makes a footnote's mark of small digits above the line, which are no figures.
func raised(s string) string {
	return strings.Map(func(r rune) rune { return []rune("⁰¹²³⁴⁵⁶⁷⁸⁹")[r-'0'] }, s)
}

func narrowStart(s string) bool {
	for _, r := range s {
		return narrow(r)
	}
	return false
}

func narrowEnd(s string) bool {
	rs := []rune(s)
	return len(rs) > 0 && narrow(rs[len(rs)-1])
}

func narrow(r rune) bool { return r < 0x2000 && (unicode.IsLetter(r) || unicode.IsDigit(r)) }
