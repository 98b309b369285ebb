package paper

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// Numbers that Word sets itself before headings and captions: they stand in no text, and
// without them nobody knows which table "如表 1-1 所示" means. (ECMA-376, 17.9)

// numbering is what numbering.xml says, with how far each list has come.
type numbering struct {
	lists map[string]*list  // by abstractNumId
	of    map[string]string // abstractNumId by numId
	start map[string]map[int]int
	begun map[string]bool // numIds that have begun
}

// list is an abstract definition.
type list struct {
	levels [9]listLevel
	count  [9]int
	used   [9]bool
	style  string // of which it takes its levels; blank: its own
}

type listLevel struct {
	start  int
	format string
	text   string // "第%1章"
	style  string // paragraph style that stands on it
	glued  bool   // no space behind it
	legal  bool   // all its numbers are 1, 2, 3
}

// numbering reads how paragraphs are numbered; a document need not say.
func (a *archive) numbering(name string) (*numbering, error) {
	n := &numbering{lists: map[string]*list{}, of: map[string]string{}, start: map[string]map[int]int{}, begun: map[string]bool{}}
	var l *list
	var lv *listLevel
	num, at := "", 0
	err := a.each(name, func(_ *scanner, e xml.StartElement) error {
		val := attr(e, "val")
		switch e.Name.Local {
		case "abstractNum":
			if len(n.lists) > 20000 {
				return tooMuch
			}
			l, lv, num = &list{}, nil, ""
			n.lists[attr(e, "abstractNumId")] = l
		case "num":
			l, lv, num = nil, nil, attr(e, "numId")
		case "abstractNumId":
			n.of[num] = val
		case "lvlOverride", "lvl":
			at = level(e, "ilvl")
			if lv = nil; l != nil && at < 9 {
				lv = &l.levels[at]
			}
		case "startOverride":
			if v, err := strconv.Atoi(val); err == nil && num != "" && at < 9 {
				if n.start[num] == nil {
					n.start[num] = map[int]int{}
				}
				n.start[num][at] = v
			}
		case "numStyleLink":
			if l != nil {
				l.style = val
			}
		default:
			lv.read(e.Name.Local, val, e)
		}
		return nil
	})
	return n, err
}

// read takes one element of a level; lv is nil outside of one.
func (lv *listLevel) read(name, val string, e xml.StartElement) {
	if lv == nil {
		return
	}
	switch name {
	case "start":
		lv.start, _ = strconv.Atoi(val)
	case "numFmt":
		lv.format = val
	case "lvlText":
		lv.text = val
	case "pStyle":
		lv.style = val
	case "suff":
		lv.glued = val == "nothing"
	case "isLgl":
		lv.legal = on(e)
	}
}

// next counts a paragraph of a list on and returns the number that is set before it,
// blank if none is. num and at are what the paragraph or its styles say; at is -1 where
// they say nothing of the level.
func (n *numbering) next(num string, at int, styles []string, linked func(style string) string) string {
	l := n.lists[n.of[num]]
	if l != nil && l.style != "" {
		l = n.lists[n.of[linked(l.style)]]
	}
	if l == nil || at > 8 {
		return ""
	}
	if at < 0 {
		at = l.levelOf(styles)
	}
	if !n.begun[num] {
		n.begun[num] = true
		for i, v := range n.start[num] {
			l.count[i], l.used[i] = v-1, true
		}
	}
	l.advance(at)
	lv := l.levels[at]
	text := l.words(at)
	if text != "" && !lv.glued {
		text += " "
	}
	return text
}

func (l *list) levelOf(styles []string) int {
	for _, s := range styles {
		for i := range l.levels {
			if l.levels[i].style == s {
				return i
			}
		}
	}
	return 0
}

// advance counts a level on; those below it begin anew.
func (l *list) advance(at int) {
	for i := range at + 1 {
		switch {
		case !l.used[i]:
			l.count[i], l.used[i] = l.levels[i].start, true
		case i == at:
			l.count[i]++
		}
	}
	for i := at + 1; i < len(l.used); i++ {
		l.used[i] = false
	}
}

// words is the number as it is set; blank for bullets and for what cannot be counted here.
func (l *list) words(at int) string {
	if l.levels[at].format == "bullet" {
		return ""
	}
	text := l.levels[at].text
	for i := range at + 1 {
		mark := "%" + strconv.Itoa(i+1)
		if !strings.Contains(text, mark) {
			continue
		}
		format := l.levels[i].format
		if l.levels[at].legal {
			format = "decimal"
		}
		s, ok := counted(l.count[i], format)
		if !ok {
			return ""
		}
		text = strings.ReplaceAll(text, mark, s)
	}
	return text
}

// counted writes a number in one of the formats that reports in Chinese use.
func counted(n int, format string) (string, bool) {
	if n < 0 || n > 999 {
		return "", false
	}
	switch format {
	case "", "decimal", "decimalHalfWidth":
		return strconv.Itoa(n), true
	case "decimalZero":
		return strings.Repeat("0", max(0, 2-len(strconv.Itoa(n)))) + strconv.Itoa(n), true
	case "decimalFullWidth", "decimalFullWidth2":
		return strings.Map(func(r rune) rune { return r - '0' + '０' }, strconv.Itoa(n)), true
	case "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCountingThousand", "ideographDigital":
		return han(n), true
	case "decimalEnclosedCircle", "decimalEnclosedCircleChinese":
		return string(rune('①' + n - 1)), n >= 1 && n <= 20
	case "upperLetter", "lowerLetter":
		letter := 'A'
		if format == "lowerLetter" {
			letter = 'a'
		}
		return string(letter + rune(n) - 1), n >= 1 && n <= 26
	case "none":
		return "", true
	}
	return "", false
}

// han writes a number under a thousand as it is spoken: 十二, 一百零三.
func han(n int) string {
	digits := []string{"〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"}
	switch {
	case n < 10:
		return digits[n]
	case n < 20:
		return "十" + strings.TrimSuffix(digits[n-10], "〇")
	case n < 100:
		return digits[n/10] + "十" + strings.TrimSuffix(digits[n%10], "〇")
	}
	rest := ""
	switch r := n % 100; {
	case r == 0:
	case r < 10:
		rest = "零" + digits[r]
	case r < 20:
		rest = "一" + han(r)
	default:
		rest = han(r)
	}
	return digits[n/100] + "百" + rest
}
