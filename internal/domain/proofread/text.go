package proofread

import (
	"slices"
	"strings"
	"unicode"
)

// passage is a paragraph as its claims are read: half-width, and without the spaces that
// typesetting puts between characters.
type passage struct {
	block     int
	where     string // the nearest heading or title above, in the report's words
	heads     string // all headings that it stands under, outermost first
	section   int    // block of the nearest heading
	text      []rune // with full-width marks
	shown     []rune // as printed
	at        []int  // rune of the block's text for each rune of text
	spans     []Span
	sentences []stretch
	mentions  []mention
	tables    []*grid // beside it, once they were asked for
}

// stretch is a run of runes of a passage.
type stretch struct{ from, to int }

// place of a rune of the passage in the source.
func (p *passage) place(r int) Place {
	if r >= len(p.at) {
		r = len(p.at) - 1
	}
	if r < 0 {
		return Place{}
	}
	return At(p.spans, p.at[r])
}

func (p *passage) words(s stretch) string { return string(p.text[s.from:s.to]) }

// passages are the paragraphs and notes of a document that say something in figures or
// stand as sentences.
func passages(d Document) []*passage {
	var out []*passage
	where, section := "", -1
	var heads []string
	titles := map[int]int{} // level of heading numbering → length of heads
	for i, b := range d.Blocks {
		t := strings.TrimSpace(b.Text)
		switch {
		case b.Kind == Heading || b.Kind == Paragraph && looksHead(t):
			where, section = t, i
			heads = under(heads, t, titles)
		case b.Kind == Paragraph && t != "":
			p := newPassage(b)
			p.block, p.where, p.section, p.heads = i, where, section, strings.Join(heads, "\n")
			out = append(out, p)
		}
	}
	return out
}

// headMarks are how headings of each depth begin.
var headMarks = [][]string{{"第"}, {"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"}, {"（", "("}}

// under puts a heading below those that it stands under.
func under(heads []string, t string, depth map[int]int) []string {
	level := len(headMarks)
	for i, marks := range headMarks {
		if slices.ContainsFunc(marks, func(m string) bool { return strings.HasPrefix(t, m) }) {
			level = i
			break
		}
	}
	keep := len(heads)
	for l, n := range depth {
		if l >= level {
			keep = min(keep, n)
			delete(depth, l)
		}
	}
	depth[level] = keep
	return append(slices.Clone(heads[:keep]), t)
}

// looksHead tells whether a paragraph is a heading that the source does not mark: short,
// numbered, without a sentence's end.
func looksHead(t string) bool {
	rs := []rune(t)
	if len(rs) < 3 || len(rs) > 30 || strings.ContainsAny(t, "。；，%：:") {
		return false
	}
	switch {
	case rs[0] == '第' && strings.ContainsAny(string(rs[1:min(len(rs), 5)]), "章节部篇"):
		return true
	case (rs[0] == '（' || rs[0] == '(') && strings.ContainsRune("一二三四五六七八九十", rs[1]):
		return true
	}
	i := 0
	for i < len(rs) && strings.ContainsRune("一二三四五六七八九十", rs[i]) {
		i++
	}
	return i > 0 && i < len(rs) && strings.ContainsRune("、.．", rs[i])
}

func newPassage(b Block) *passage {
	p := &passage{spans: b.Spans}
	rs := []rune(Fold(b.Text))
	for i, r := range rs {
		if unicode.IsSpace(r) && !keepsSpace(rs, i) {
			continue
		}
		p.shown = append(p.shown, r)
		p.at = append(p.at, i)
	}
	p.text = wideMarks(p.shown)
	from := 0
	for i, r := range p.text {
		if strings.ContainsRune("。！？\n", r) {
			p.sentences = append(p.sentences, stretch{from, i + 1})
			from = i + 1
		}
	}
	if from < len(p.text) {
		p.sentences = append(p.sentences, stretch{from, len(p.text)})
	}
	return p
}

// wide are the marks of Chinese text for those that were typed half-width.
var wide = map[rune]rune{',': '，', ';': '；', ':': '：', '(': '（', ')': '）', '?': '？', '!': '！'}

// wideMarks makes half-width marks full-width, but not those between Latin letters or
// digits: 1,234 and 1:2 stay.
func wideMarks(shown []rune) []rune {
	out := slices.Clone(shown)
	for i, r := range shown {
		w := wide[r]
		if w == 0 || r != '(' && r != ')' && i > 0 && i+1 < len(shown) && latin(shown[i-1]) && latin(shown[i+1]) {
			continue
		}
		out[i] = w
	}
	return out
}

func latin(r rune) bool { return r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// keepsSpace is true for the last of the spaces between two words of Latin letters or
// digits.
func keepsSpace(rs []rune, i int) bool {
	a := i - 1
	for a >= 0 && unicode.IsSpace(rs[a]) {
		a--
	}
	return a >= 0 && i+1 < len(rs) && glued(rs[a]) && glued(rs[i+1])
}

func glued(r rune) bool {
	return r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '%' || r == '.')
}
