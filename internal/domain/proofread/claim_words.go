package proofread

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	allOver = regexp.MustCompile(`(均|都|全部|皆)(保持|稳定|维持)?(在|超过|高于|达到|达|不低于|为)?了?$`)
	tenths  = map[rune]int64{'一': 1, '二': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}
	ofTen   = regexp.MustCompile(`(近|超过|超|逾|约|不足|不到)([一二三四五六七八九])成(半|多)?([^，,。；;0-9]{0,10})[（(](\d+(?:\.\d+)?)%[)）]`)
)

// boundClaims holds 均在 95% 左右, 均超过 90% and 近七成（69.59%） against the figures
// that the same sentence has.
func (c *claims) boundClaims() []doubt {
	var out []doubt
	for _, p := range c.passages {
		for i, m := range p.mentions {
			if d, ok := c.boundOver(p, i, m); ok {
				out = append(out, d)
			}
		}
		out = append(out, p.tenthClaims()...)
	}
	return out
}

// boundOver doubts a bound said of all the figures listed before it.
func (c *claims) boundOver(p *passage, i int, m mention) (doubt, bool) {
	if m.Sort != Percent || m.Bound == 0 && !m.Approx || !allOver.MatchString(m.between) {
		return doubt{}, false
	}
	if d, ok := c.tableBound(p, m); ok {
		return d, true
	}
	j := i - 1
	for j >= 0 && p.mentions[j].sentence == m.sentence && p.mentions[j].Sort == Percent && p.mentions[j].listed {
		x := p.mentions[j]
		low := m.Bound > 0 && x.Value.Cmp(m.Value) < 0
		high := m.Bound < 0 && x.Value.Cmp(m.Value) > 0
		far := m.Bound == 0 && abs(x.Value.Sub(m.Value)).Cmp(Whole(5)) > 0
		if low || high || far {
			d := x.doubtOf(ClaimVsTable, Claim, "")
			d.Other = m.place()
			d.Explanation = fmt.Sprintf("句中说“均”在 %s%% 一线，而其中一项是 %s%%，建议改写。", m.printed(), x.printed())
			return d, true
		}
		j--
	}
	return doubt{}, false
}

// tableBound doubts 各学院落实率均在 88% 以上 where the table beside has a college below.
func (c *claims) tableBound(p *passage, m mention) (doubt, bool) {
	if m.Bound <= 0 || !strings.Contains(m.between, "各") || m.measure == "" {
		return doubt{}, false
	}
	for _, g := range c.near(p) {
		for col, l := range g.cols {
			if l.kind != percent || len(l.keys) == 0 || l.keys[len(l.keys)-1] != m.measure || m.level != "" && g.levelAt(col) != "" && g.levelAt(col) != m.level {
				continue
			}
			for r, row := range g.rows {
				v := g.cells[r][col]
				if row.role != part || v.kind != percent || v.Cmp(m.Value) >= 0 || strings.Contains(m.between, "学院") && !strings.Contains(row.rowWords(), "学院") && !strings.Contains(row.rowWords(), "系") && !strings.Contains(row.rowWords(), "所") {
					continue
				}
				d := m.doubtOf(ClaimVsTable, Claim, "")
				d.Other = v.place
				d.mends = []mend{mendCell(cellRef{g, r, col}, m.Value, Whole(100)), m.mendTo(Decimal{}, v.Decimal)}
				d.Explanation = fmt.Sprintf("正文说各项均在 %s%% 以上，而%s“%s”是 %s%%，建议改写。", m.printed(), g.where(), g.cellName(r, col), v.Decimal)
				return d, true
			}
		}
	}
	return doubt{}, false
}

// tenthClaims holds 近七成 against the figure in the bracket behind it.
func (p *passage) tenthClaims() []doubt {
	var out []doubt
	text := string(p.text)
	for _, at := range ofTen.FindAllStringSubmatchIndex(text, -1) {
		word := text[at[2]:at[3]]
		digit, _ := firstRuneOf(text[at[4]:at[5]])
		v, ok := ParseDecimal(text[at[10]:at[11]])
		if !ok || tenths[digit] == 0 || at[6] >= 0 && at[7] > at[6] {
			continue
		}
		ten := Whole(10 * tenths[digit])
		diff := v.Sub(ten)
		var bad bool
		switch word {
		case "超过", "超", "逾":
			bad = diff.Units < 0
		case "不足", "不到":
			bad = diff.Units > 0
		case "近":
			bad = diff.Cmp(Whole(-7)) < 0 || diff.Cmp(Whole(3)) > 0
		default:
			bad = abs(diff).Cmp(Whole(5)) > 0
		}
		if !bad {
			continue
		}
		from := len([]rune(text[:at[10]]))
		m := mention{p: p, Figure: Figure{Value: v, Sort: Percent, From: from, To: from + at[11] - at[10], UnitEnd: from + at[11] - at[10] + 1}}
		d := m.doubtOf(ClaimVsTable, Claim, "")
		said := text[at[2]:at[5]] + "成"
		d.Explanation = fmt.Sprintf("“%s”与括号里的 %s%% 不符，建议改写。", said, v)
		out = append(out, d)
	}
	return out
}

func firstRuneOf(s string) (rune, bool) {
	for _, r := range s {
		return r, true
	}
	return 0, false
}

// topWords say that what they are said of is the largest; lowWords the smallest.
var (
	topWords  = regexp.MustCompile(`以“?[^，。；“”]{2,24}”?为主|最高|最多|最大|居首|位居第一|排名第一|位列第一|排在首位|居于首位`)
	lowWords  = regexp.MustCompile(`最低|最少|最小`)
	firstFew  = regexp.MustCompile(`(排名|位列|位居|排在|居|列|占比|人数|比例)?(前[二三四五六七八九十两23456789]|前10)(位|名|的|分别|依次|，|：|为|强)?`)
	mainly    = regexp.MustCompile(`主要集中在|主要集中于|主要分布在|主要流向|主要去向为|主要去向是|集中在`)
	elsewhere = regexp.MustCompile(`以上|规模|非|少数|省外|外省|除|以外|之外|其余|其他省|境外|国外|海外|外地|其次|第二`)
)

// peer is a figure of a table that a sentence names, with the line that it stands in.
type peer struct {
	m    mention
	g    *grid // straight or flipped
	r, c int

	group bool // the cell is of a group of rows
}

// rankClaims holds 最高, 前三 and 主要集中在 against the tables beside.
func (c *claims) rankClaims() []doubt {
	var out []doubt
	for _, p := range c.passages {
		for i, s := range p.sentences {
			words := p.words(s)
			if !topWords.MatchString(words) && !lowWords.MatchString(words) && !firstFew.MatchString(words) && !mainly.MatchString(words) {
				continue
			}
			list := p.figuresOf(i)
			if d, ok := c.extreme(p, list); ok {
				out = append(out, d)
			}
			if d, ok := c.mainGroup(p, words, list); ok {
				out = append(out, d)
			}
			if d, ok := c.firstOf(p, words, list); ok {
				out = append(out, d)
			}
		}
	}
	return out
}

func (p *passage) figuresOf(sentence int) []mention {
	var out []mention
	for _, m := range p.mentions {
		if m.sentence == sentence && (m.Sort == Count && m.Unit != "" || m.Sort == Percent) {
			out = append(out, m)
		}
	}
	return out
}

// extreme doubts 医学院最高（95.25%） where the same column has a larger figure.
func (c *claims) extreme(p *passage, list []mention) (doubt, bool) {
	for _, m := range list {
		clause := m.between
		if i := strings.LastIndexAny(clause, "，；"); i >= 0 && !strings.HasSuffix(clause, "，达") && len([]rune(clause[i:])) > 6 {
			clause = clause[i:]
		}
		top, low := topWords.MatchString(clause), lowWords.MatchString(clause)
		if top == low || m.Approx || elsewhere.MatchString(clause) || elsewhere.MatchString(m.lead) {
			continue
		}
		for _, x := range c.cellsOf(p, m, clause) {
			if r, ok := x.beaten(top, nil); ok {
				return x.beatenDoubt(r, map[bool]string{true: "最高", false: "最低"}[top]), true
			}
			break
		}
		if d, ok := c.misnamed(p, m, clause, top); ok {
			return d, true
		}
	}
	return doubt{}, false
}

// cellsOf are the cells beside a passage that hold the figure and whose row the words name.
func (c *claims) cellsOf(p *passage, m mention, words string) []peer {
	var out []peer
	words = quotes.Replace(words)
	for _, g := range c.near(p) {
		for _, v := range []*grid{g, g.flipped()} {
			for r, l := range v.rows {
				if len(l.keys) == 0 || l.role != part || len([]rune(l.keys[len(l.keys)-1])) < 2 || !strings.Contains(words, l.keys[len(l.keys)-1]) {
					continue
				}
				for col := range v.cols {
					if x := v.cells[r][col]; x.number() && (x.kind == percent) == (m.Sort == Percent) && x.Decimal == m.Value && (m.level == "" || v.levelAt(col) == "" || v.levelAt(col) == m.level) {
						out = append(out, peer{m: m, g: v, r: r, c: col})
					}
				}
			}
		}
	}
	return out
}

// levelAt is the level that a column, or else the table's title, names.
func (g *grid) levelAt(c int) string {
	for _, k := range g.cols[c].keys {
		if l := levelIn(k); l != "" {
			return l
		}
	}
	return levelIn(g.title)
}

// beaten is the row of the column whose figure is larger (or smaller), itself a part like
// the other; rows named in but do not count.
func (x peer) beaten(top bool, but map[int]bool) (int, bool) {
	v := x.g.cells[x.r][x.c]
	best, found := 0, false
	for r, l := range x.g.rows {
		o := x.g.cells[r][x.c]
		if r == x.r || but[r] || l.role != part || l.child || o.kind != v.kind || o.merged || len(l.path) != len(x.g.rows[x.r].path) || containsAny(l.rowWords(), []string{"其他", "其它", "其余"}) {
			continue
		}
		if top && o.Cmp(v.Decimal) > 0 || !top && o.Cmp(v.Decimal) < 0 {
			if !found || top == (o.Cmp(x.g.cells[best][x.c].Decimal) > 0) {
				best, found = r, true
			}
		}
	}
	return best, found
}

func (l line) rowWords() string { return strings.Join(l.path, "") }

func (x peer) beatenDoubt(r int, said string) doubt {
	o := x.g.cells[r][x.c]
	d := x.m.doubtOf(ClaimVsTable, Claim, o.Decimal.String())
	d.Other = o.place
	at := x.g.ref(r, x.c)
	if low := o.Cmp(x.m.Value) < 0; low {
		d.mends = []mend{mendCell(at, x.m.Value, Whole(maxUnits))}
	} else {
		d.mends = []mend{mendCell(at, Decimal{}, x.m.Value)}
	}
	d.Explanation = fmt.Sprintf("正文说“%s”的是 %s，而%s“%s”是 %s，建议改写。", said, x.m.printed(), at.g.where(), at.g.cellName(at.r, at.c), o.Decimal)
	return d
}
