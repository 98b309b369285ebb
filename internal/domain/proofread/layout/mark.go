package layout

import (
	"strings"
	"unicode"

	"quxiang/internal/domain/proofread"
)

// sort tells what kind of line a line is, as far as it alone says.
type sort int

const (
	blankLine sort = iota
	textLine
	caption
	heading
	note
	furniture
)

// row is a line, looked at.
type row struct {
	text   string
	place  proofread.Place
	kind   sort
	number string // of a caption: "1-2", "3.4"
	figure bool   // a caption of a figure, not of a table
	pieces []piece
	indent int // of the first piece
	top    int
	placed bool // positions are known
	whole  bool // a paragraph, not a line
}

func newRow(l Line) row {
	r := row{text: l.Text, place: l.Place, top: l.Top, placed: l.Words != nil, whole: l.Whole}
	if strings.TrimSpace(l.Text) == "" {
		return r
	}
	r.kind = textLine
	r.pieces = piecesOf(l)
	if len(r.pieces) > 0 {
		r.indent = r.pieces[0].left
	}
	t := strings.TrimSpace(l.Text)
	switch number, figure, ok := captionOf(t); {
	case l.Known == proofread.Furniture:
		r.kind = furniture
	case ok:
		r.kind, r.number, r.figure = caption, number, figure
	case l.Known == proofread.Note, isNote(t):
		r.kind = note
	case l.Known == proofread.Heading, isHeading(t):
		r.kind = heading
	}
	return r
}

// width is how far the line's text reaches, in columns of a character cell.
func (r row) width() int { return cells(strings.TrimSpace(r.text)) }

// isNote: 注：, 数据来源：.
func isNote(t string) bool {
	t = strings.TrimLeft(t, "*＊ ")
	for _, w := range []string{"注", "备注", "说明", "数据来源", "资料来源", "注释"} {
		rest, ok := strings.CutPrefix(t, w)
		rest = strings.TrimLeft(rest, "0123456789 ")
		if ok && (strings.HasPrefix(rest, "：") || strings.HasPrefix(rest, ":")) {
			return true
		}
	}
	return false
}

const numerals = "一二三四五六七八九十百零〇"

// isHeading: 第一章 …, 一、…, （一）…, 1.…, 1.2 …, without the marks of a sentence.
func isHeading(t string) bool {
	rs := []rune(t)
	if len(rs) > 45 || strings.ContainsAny(t, "。；？！\t|") || strings.HasSuffix(t, "，") || strings.HasSuffix(t, "：") {
		return false
	}
	return headingMark(rs) > 0
}

// headingMark is the length of the number that a heading begins with, 0 if none.
func headingMark(rs []rune) int {
	n := 0
	switch {
	case len(rs) > 2 && rs[0] == '第':
		n = run(rs, 1, numerals+"0123456789 ")
		if n > 1 && n < len(rs) && strings.ContainsRune("章节部分篇编", rs[n]) {
			return n + 1
		}
		return 0
	case len(rs) > 2 && (rs[0] == '（' || rs[0] == '('):
		n = run(rs, 1, numerals+"0123456789")
		if n > 1 && n+1 < len(rs) && (rs[n] == '）' || rs[n] == ')') && isWord(rs[n+1:]) {
			return n + 1
		}
		return 0
	}
	if n = run(rs, 0, numerals); n > 0 && n+1 < len(rs) && (rs[n] == '、' || rs[n] == '.' || rs[n] == '．') {
		return n + 1
	}
	return numberMark(rs)
}

// numberMark: "1.", "1、", "1.2", "1.2.3 " before a word.
func numberMark(rs []rune) int {
	n := run(rs, 0, "0123456789")
	if n == 0 || n > 2 {
		return 0
	}
	if n < len(rs) && (rs[n] == '、' || rs[n] == '．') && isWord(rs[n+1:]) {
		return n + 1
	}
	end, points := n, 0
	for end < len(rs) && rs[end] == '.' {
		points++
		m := run(rs, end+1, "0123456789")
		if m == end+1 {
			end = m
			break
		}
		end = m
	}
	figure := rs[end-1] != '.' && points == 1 // 3.5 分 is a figure, 3.分 a heading
	if points == 0 || points > 4 || !isWord(rs[end:]) || points == 1 && end-n > 2 || figure && beginsUnit(rs[end:]) {
		return 0
	}
	return end
}

func beginsUnit(rs []rune) bool {
	return strings.ContainsRune("人名个家分万元岁年月日届次位所", firstRune(string(rs)))
}

// isWord is true of runes that go on with a Chinese word, as a heading does after its
// number.
func isWord(rs []rune) bool {
	rest := strings.TrimLeft(string(rs), " \u3000“\"《（")
	r := []rune(rest)
	return len(r) >= 2 && unicode.Is(unicode.Han, r[0])
}

func run(rs []rune, from int, set string) int {
	i := from
	for i < len(rs) && strings.ContainsRune(set, rs[i]) {
		i++
	}
	return i
}

// captionOf reads 表 1-2 …, 表1- 1 …, 续表 2.3 …, 图 1-1 …, 附表 1 … on a line of their own.
func captionOf(t string) (number string, figure, ok bool) {
	t = strings.TrimLeft(t, "【[*＊#■◆● ")
	rest, continued := strings.CutPrefix(t, "续")
	rest = strings.TrimPrefix(rest, "附")
	switch {
	case strings.HasPrefix(rest, "表"):
		rest = rest[len("表"):]
	case strings.HasPrefix(rest, "图"):
		figure, rest = true, rest[len("图"):]
	default:
		return "", false, false
	}
	rs := []rune(proofread.Fold(rest))
	i := 0
	var b strings.Builder
	last := '-'
	for ; i < len(rs) && strings.ContainsRune("0123456789.-—–－ \u3000"+numerals, rs[i]); i++ {
		if rs[i] == ' ' {
			continue
		}
		if i > 0 && rs[i-1] == ' ' && last != '-' && last != '.' && rs[i] != '.' && dash(rs[i]) != '-' {
			break // the title begins with a number: 表 3-1 2020 届 …
		}
		last = dash(rs[i])
		b.WriteRune(last)
	}
	number = strings.Trim(b.String(), "-.")
	title := strings.TrimSpace(string(rs[i:]))
	if number == "" {
		return "", figure, continued && title == ""
	}
	return number, figure, isTitle(title)
}

func dash(r rune) rune {
	if strings.ContainsRune("—–－", r) {
		return '-'
	}
	return r
}

// isTitle tells the title of a table from a sentence that begins with its number:
// 表 1-2 显示，…
func isTitle(t string) bool {
	rs := []rune(t)
	if len(rs) > 60 || strings.ContainsAny(t, "。；\t|") || len(rs) > 0 && strings.ContainsRune("，、和至所中）)", rs[0]) {
		return false
	}
	for _, w := range []string{"显示", "可知", "可以看", "可见", "反映", "说明", "给出", "列出", "为20", "是20", "表明"} {
		if strings.HasPrefix(t, w) {
			return false
		}
	}
	return !strings.Contains(t, "，") || len(rs) < 30
}

// sameCaption compares titles without their spaces and marks of continuation.
func sameCaption(a, b string) bool { return plainCaption(a) == plainCaption(b) }

func plainCaption(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return dash(r)
	}, s)
	s = strings.TrimPrefix(s, "续")
	for _, end := range []string{"（续）", "(续)", "（续表）", "(续表)", "续表", "（续上表）", "续"} {
		s = strings.TrimSuffix(s, end)
	}
	return strings.TrimRight(s, "0123456789⁰¹²³⁴⁵⁶⁷⁸⁹") // a footnote's number, on one page and not on the next
}
