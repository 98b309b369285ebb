package proofread

import (
	"fmt"
	"regexp"
	"strings"
)

var sexRatio = regexp.MustCompile(`(男女|女男)生?(性别)?(人数)?(比例|之比|比)(约)?(为|是|:|：)?(\d+(?:\.\d+)?)(:|：|∶|比)(\d+(?:\.\d+)?)`)
var bareRatio = regexp.MustCompile(`(性别)(比例|比)()()(约)?(为|是|:|：)?(\d+(?:\.\d+)?)(:|：|∶|比)(\d+(?:\.\d+)?)`)

// ratioClaims holds 男女比例 against the numbers of men and women.
func (c *claims) ratioClaims() []doubt {
	var out []doubt
	for i, p := range c.passages {
		text := string(p.text)
		for _, re := range []*regexp.Regexp{sexRatio, bareRatio} {
			for _, at := range re.FindAllStringSubmatchIndex(text, -1) {
				if at[10] >= 0 && at[11] > at[10] {
					continue // 约
				}
				from := len([]rune(text[:at[14]]))
				if d, ok := c.ratio(i, from, text[at[2]:at[3]], text[at[14]:at[15]], text[at[18]:at[19]]); ok {
					out = append(out, d)
				}
			}
		}
	}
	return out
}

// ratio doubts one ratio a to b that begins at a rune of a passage.
func (c *claims) ratio(i, from int, order, a, b string) (doubt, bool) {
	p := c.passages[i]
	x, ok1 := ParseDecimal(a)
	y, ok2 := ParseDecimal(b)
	level, clean := p.levelAt(from)
	if !ok1 || !ok2 || x.Units == 0 || y.Units == 0 || !clean {
		return doubt{}, false
	}
	him, her, ok := c.sexes(p, level)
	men, women := him.Value.Units, her.Value.Units
	if !ok || men == 0 || women == 0 {
		return doubt{}, false
	}
	first, second := men, women
	if order == "女男" {
		first, second = women, men
	}
	var right Decimal
	printed := x
	switch {
	case round10(y):
		if near1(first, second, y, x) {
			return doubt{}, false
		}
		right = ratioOf(first, second, y, x.Digits)
	case round10(x):
		if near1(second, first, x, y) {
			return doubt{}, false
		}
		printed, right = y, ratioOf(second, first, x, y.Digits)
	default:
		return doubt{}, false
	}
	m := mention{p: p, Figure: Figure{Value: printed, From: from, To: from + len([]rune(a)), UnitEnd: from + len([]rune(a+b)) + 1}}
	d := m.doubtOf(PctVsCounts, Fault, right.String())
	d.Other = him.place()
	d.Explanation = fmt.Sprintf("男 %d 人、女 %d 人，按 %s:%s 的写法应是 %s，印的是 %s。", men, women, a, b, right, printed)
	d.mends = []mend{m.mendTo(right, right)}
	fits := func(men, women int64) bool {
		a, b := men, women
		if order == "女男" {
			a, b = women, men
		}
		return men > 0 && women > 0 && (round10(y) && near1(a, b, y, x) || !round10(y) && near1(b, a, x, y))
	}
	d.mends = append(d.mends,
		mend{at: him.place(), name: him.where() + " " + him.words(), fits: func(v Decimal) bool { return v.Digits == 0 && fits(v.Units, women) }},
		mend{at: her.place(), name: her.where() + " " + her.words(), fits: func(v Decimal) bool { return v.Digits == 0 && fits(men, v.Units) }},
	)
	return d, true
}

// round10 is true for 1, 10, 100 and 1000: the side of a ratio that is chosen.
func round10(d Decimal) bool {
	s := strings.TrimRight(d.String(), "0")
	return d.Digits == 0 && s == "1"
}

// near1 tells whether a/b×scale is printed as v, give or take a unit of its last digit.
func near1(a, b int64, scale, v Decimal) bool {
	off := a*scale.Units*pow10(v.Digits) - v.Units*b
	return -b < off && off < b
}

func ratioOf(a, b int64, scale Decimal, digits int) Decimal {
	return Decimal{floorDiv(2*a*scale.Units*pow10(digits)+b, 2*b), digits}
}

// levelAt is the level that the clause before a rune names; clean is false if it speaks
// of others than a level.
func (p *passage) levelAt(r int) (level string, clean bool) {
	from := r
	for from > 0 && !strings.ContainsRune("，。；！？", p.text[from-1]) {
		from--
	}
	own := string(p.text[from:r])
	left := residue(own)
	for _, w := range []string{"男女", "女男", "性别", "之比", "比", "例"} {
		left = strings.ReplaceAll(left, w, "")
	}
	level = ""
	if ls := levelsNamed(own); len(ls) > 0 {
		level = ls[len(ls)-1]
	}
	return level, left == ""
}

// sexes are the numbers of men and women of a level: of the passage, if it says them of
// that level and no other numbers beside.
func (c *claims) sexes(p *passage, level string) (men, women mention, ok bool) {
	found := [2][]mention{}
	for _, m := range p.mentions {
		if m.Sort != Count || m.Unit != "人" && m.Unit != "名" || m.Approx || m.measure != "" {
			continue
		}
		if same := m.level == level || level == "" && m.level == "合计" || level == "合计" && m.level == ""; !same {
			continue
		}
		rest := strings.Trim(residue(m.between), "、生占")
		switch rest {
		case "男", "男性", "分性别男", "性别男":
			found[0] = append(found[0], m)
		case "女", "女性":
			found[1] = append(found[1], m)
		}
	}
	if len(found[0]) != 1 || len(found[1]) != 1 {
		return mention{}, mention{}, false
	}
	return found[0][0], found[1][0], true
}
