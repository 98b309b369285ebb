package proofread

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	tableNumber = regexp.MustCompile(`^(表|图)(\d+)[-—–.．](\d+)`)
	tableNamed  = regexp.MustCompile(`(?:见|如|由|据|参照)(表|图)(\d+)[-—–.．](\d+)(?:所示|可见|可知|可以看出)?`)
)

// numbered is the number of a table or figure: 表 2-3.
type numbered struct {
	sort           string
	chapter, index int64
}

// String is the number as reports print it: 表1-1.
func (n numbered) String() string { return fmt.Sprintf("%s%d-%d", n.sort, n.chapter, n.index) }

func newNumbered(m []string) numbered {
	a, _ := ParseDecimal(m[1])
	b, _ := ParseDecimal(m[2])
	return numbered{m[0], a.Units, b.Units}
}

// captionsBy are the captions by number, and the last number of each chapter. Whatever
// begins with such a number counts, so that a caption that is not known as one is there.
func (c *claims) captionsBy() (by map[numbered][]Block, last map[numbered]int64, plain bool) {
	by, last, plain = map[numbered][]Block{}, map[numbered]int64{}, true
	add := func(b Block, text string) {
		m := tableNumber.FindStringSubmatch(strings.TrimPrefix(squeeze(Fold(text)), "续"))
		if m == nil {
			return
		}
		n := newNumbered(m[1:])
		by[n] = append(by[n], b)
		chapter := numbered{sort: n.sort, chapter: n.chapter}
		last[chapter] = max(last[chapter], n.index)
	}
	for _, b := range c.d.Blocks {
		if b.Kind != TableBlock {
			add(b, b.Text)
			continue
		}
		for _, row := range b.Table.Cells {
			for _, cell := range row {
				add(Block{Kind: Paragraph, Text: cell.Text}, cell.Text)
			}
		}
	}
	for _, g := range c.gs {
		plain = plain && g.title != ""
	}
	return by, last, plain
}

// numberClaims finds tables that a sentence names and the report does not have, and numbers
// that two tables share.
func (c *claims) numberClaims() []doubt {
	by, last, plain := c.captionsBy()
	var out []doubt
	if plain {
		for _, p := range c.passages {
			out = append(out, p.absent(by, last)...)
		}
	}
	return append(out, twiceNumbered(by)...)
}

// absent are the tables and figures that a passage names, with a number behind the last of
// their chapter.
func (p *passage) absent(by map[numbered][]Block, last map[numbered]int64) []doubt {
	var out []doubt
	text := string(p.text)
	for _, at := range tableNamed.FindAllStringSubmatchIndex(text, -1) {
		n := newNumbered([]string{text[at[2]:at[3]], text[at[4]:at[5]], text[at[6]:at[7]]})
		end := last[numbered{sort: n.sort, chapter: n.chapter}]
		if len(by[n]) > 0 || end < 2 || n.index <= end {
			continue
		}
		from := len([]rune(text[:at[2]]))
		m := mention{p: p, Figure: Figure{From: from, To: from + len([]rune(text[at[2]:at[7]])), UnitEnd: from + len([]rune(text[at[2]:at[7]]))}}
		d := m.doubtOf(LabelOrNumber, Label, "")
		d.Printed = n.String()
		d.Explanation = fmt.Sprintf("报告里没有%s，这一章的%s到 %d-%d 为止，请核对引用的编号。", n, n.sort, n.chapter, end)
		out = append(out, d)
	}
	return out
}

// twiceNumbered finds the one number that two captions share; where several numbers stand
// twice, the report counts anew in each part.
func twiceNumbered(by map[numbered][]Block) []doubt {
	var found []doubt
	for n, list := range by {
		var a, b *Block
		for i := range list {
			if list[i].Kind != Caption {
				continue
			}
			switch {
			case a == nil:
				a = &list[i]
			case titleOf(list[i].Text) != titleOf(a.Text):
				b = &list[i]
			}
		}
		if b == nil {
			continue
		}
		d := doubt{Finding: Finding{
			Where: strings.TrimSpace(b.Text), Cell: n.String(), Printed: n.String(), Rule: LabelOrNumber, Severity: Label,
			Place: At(b.Spans, 0), Other: At(a.Spans, 0),
		}}
		d.Explanation = fmt.Sprintf("编号%s用了两次，另一处是“%s”。", n, strings.TrimSpace(a.Text))
		found = append(found, d)
	}
	if len(found) != 1 || continued(found[0]) {
		return nil
	}
	return found
}

// continued is true for the title of a part of a table: 续, 接上表.
func continued(d doubt) bool {
	return containsAny(d.Where+d.Explanation, []string{"续", "接上"})
}

// titleOf is a caption without its number.
func titleOf(s string) string {
	s = squeeze(Fold(s))
	return s[len(tableNumber.FindString(s)):]
}
