package proofread

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	rises  = regexp.MustCompile(`比[^，；]{1,8}高$|增加|提高|上升|增长|提升|高于|高出|多出|上涨|回升|扩大|增多|更高|高了|多了`)
	falls  = regexp.MustCompile(`比[^，；]{1,8}低$|减少|下降|降低|回落|低于|少于|下滑|缩减|更低|低了|少了`)
	versus = regexp.MustCompile(`(较|[^占例]比|^比)(20\d\d|上|去年|前|往年|同期|全国|全省|全校|本科|硕士|博士|专科|研究生|男|女|省)[^，；]*$|相比[^；]*$|(高于|低于|高出)[^，；]*$`)
	fromTo = regexp.MustCompile(`(由|从)[^，；]*$`)
	upTo   = regexp.MustCompile(`(到|至|为)(20\d\d(年|届)的?)?$`)
	others = regexp.MustCompile(`全国|全省|平均|上届|上年|去年|同期|往年|20\d\d|前一|以往|其他|院校`)
)

// difference is a figure that says by how much something is more or less.
type difference struct {
	m  mention
	up int // +1 more, -1 less
}

func asDifference(m mention) (difference, bool) {
	if m.Approx || m.Bound != 0 && !rises.MatchString(m.between) && !falls.MatchString(m.between) || m.Sort != Points && m.Sort != Count {
		return difference{}, false
	}
	tail := m.between
	if i := strings.LastIndexAny(tail, "，；"); i >= 0 {
		tail = tail[i:]
	}
	up, down := rises.MatchString(tail), falls.MatchString(tail)
	if up == down || !m.listed && strings.Contains(m.between, "增加到") {
		return difference{}, false
	}
	if up {
		return difference{m, 1}, true
	}
	return difference{m, -1}, true
}

// deltaClaims holds differences in sentences against the figures that they are of.
func (c *claims) deltaClaims() []doubt {
	var out []doubt
	for _, p := range c.passages {
		for i, m := range p.mentions {
			d, ok := asDifference(m)
			if !ok {
				if b, found := direction(p, i); found {
					out = append(out, b)
				}
				continue
			}
			if b, done, bad := twoFigures(p, i, d); done {
				if bad {
					out = append(out, b)
				}
				continue
			}
			out = append(out, c.overYears(p, i, d)...)
		}
	}
	return out
}

// twoFigures holds a difference against the two figures before it in its sentence; done
// tells whether it is their difference at all.
func twoFigures(p *passage, i int, d difference) (b doubt, done, bad bool) {
	if i < 2 || d.m.listed {
		return doubt{}, false, false
	}
	x, y := p.outside(i-2, d.m.depth), p.mentions[i-1]
	want := Percent
	if d.m.Sort == Count {
		want = Count
	}
	if x.Sort != want || y.Sort != want || x.sentence != d.m.sentence || y.sentence != d.m.sentence || !exact([]mention{x, y}) || want == Count && (x.Unit != d.m.Unit || y.Unit != d.m.Unit) {
		return doubt{}, false, false
	}
	inner := versus.MatchString(y.between) && !strings.Contains(y.between, "；") || fromTo.MatchString(x.between) && upTo.MatchString(y.between)
	outer := versus.MatchString(d.m.between) && !others.MatchString(d.m.between) && onlyTwo(p, i)
	if !inner && !outer || inner && versus.MatchString(d.m.between) && others.MatchString(d.m.between) {
		return doubt{}, false, false
	}
	if _, isDelta := asDifference(y); isDelta && want == Count {
		return doubt{}, false, false
	}
	diff := x.Value.Sub(y.Value)
	off := abs(diff).Sub(abs(d.m.Value))
	loose := int64(0)
	if want == Percent {
		loose = 1
		if d.m.Value.Digits < diff.Digits { // printed with fewer digits
			loose = pow10(diff.Digits - d.m.Value.Digits)
		}
	}
	if off.Units >= -loose && off.Units <= loose {
		return doubt{}, true, false
	}
	right := abs(diff)
	b = d.m.doubtOf(DeltaOrYear, Fault, right.String())
	b.Other = x.place()
	b.Explanation = fmt.Sprintf("句中 %s 与 %s 相差 %s，印的是 %s。", x.printed(), y.printed(), right, d.m.printed())
	b.mends = []mend{d.m.mendTo(right, right)}
	return b, true, true
}

// outside is the mention at i, or the one before the bracket that it stands in with
// figures or words beside it.
func (p *passage) outside(i, depth int) mention {
	for i > 0 && p.mentions[i].sentence == p.mentions[i-1].sentence && p.mentions[i].depth > depth && p.mentions[i].aside() {
		i--
	}
	return p.mentions[i]
}

// onlyTwo tells whether the sentence has no other figures of that sort before the two.
func onlyTwo(p *passage, i int) bool {
	return i < 3 || p.mentions[i-3].sentence != p.mentions[i].sentence || strings.Contains(p.mentions[i-2].between, "；")
}

func abs(d Decimal) Decimal { return Decimal{max(d.Units, -d.Units), d.Digits} }

var turn = regexp.MustCompile(`^(\)|）|届|年|的)*(相比|比较|而言)?，?(有所|略有|明显|显著|进一步|大幅|稍有|小幅|均有所)?(回升|上升|提升|提高|增长|增加|下降|降低|减少|回落|下滑)`)

var heldAgainst = regexp.MustCompile(`^[，,]?(较|比|与)[^，；。]*[（(]$`)

// direction holds 较上届（87%）有所回升 against the figure before.
func direction(p *passage, i int) (doubt, bool) {
	if i < 1 {
		return doubt{}, false
	}
	x, y := p.mentions[i-1], p.mentions[i]
	if x.Sort != y.Sort || x.Sort != Percent || x.sentence != y.sentence || x.Approx || y.Approx || y.Bound != 0 || x.Bound != 0 || x.listed {
		return doubt{}, false
	}
	if !heldAgainst.MatchString(y.between) {
		return doubt{}, false
	}
	after := string(p.text[y.UnitEnd:min(len(p.text), y.UnitEnd+16)])
	t := turn.FindString(after)
	if t == "" {
		return doubt{}, false
	}
	order := x.Value.Cmp(y.Value)
	if rises.MatchString(t) && order > 0 || falls.MatchString(t) && order < 0 || order == 0 && !strings.Contains(t, "明显") && !strings.Contains(t, "显著") {
		return doubt{}, false
	}
	d := x.doubtOf(ClaimVsTable, Claim, "")
	d.Other = y.place()
	d.Explanation = fmt.Sprintf("句中 %s 与作比较的 %s 的大小，同“%s”的说法不符，建议核对后改写。", x.printed(), y.printed(), strings.TrimLeft(t, "）)，"))
	return d, true
}

// overYears holds 较 2021 届、2022 届分别增加 a 人和 b 人 against a table of cohorts.
func (c *claims) overYears(p *passage, i int, d difference) []doubt {
	now, ok := beforeDelta(p, i)
	if !ok {
		return nil
	}
	n := 1
	for d.m.listed && i+n < len(p.mentions) && p.mentions[i+n].listed && p.mentions[i+n].Sort == d.m.Sort && p.mentions[i+n].sentence == d.m.sentence && listGap.MatchString(p.mentions[i+n].between) {
		n++
	}
	diffs := p.mentions[i : i+n]
	cohort := c.cohort
	if now.cohort != "" {
		cohort = now.cohort
	}
	years, from, to := comparedYears(p, d.m, cohort)
	if len(years) != n {
		return nil
	}
	for _, s := range c.yearly {
		if s.kind == count != (now.Sort == Count) || !slices.Contains(c.near(p), s.g) || now.level != "" && s.level != "" && now.level != s.level {
			continue
		}
		if b, known := s.holds(now, cohort, diffs, years, d.up); known {
			if b != nil {
				b.finish(c, p, from, to)
				return []doubt{b.doubt}
			}
			return nil
		}
	}
	return nil
}

// beforeDelta is the figure that a difference is said of: the last of its sort before it.
func beforeDelta(p *passage, i int) (mention, bool) {
	want := Count
	if p.mentions[i].Sort == Points {
		want = Percent
	}
	j := i - 1
	if j < 0 {
		return mention{}, false
	}
	m := p.mentions[j]
	_, delta := asDifference(m)
	return m, m.Sort == want && m.sentence == p.mentions[i].sentence && !m.Approx && !delta && m.Bound == 0 && !m.listed
}

var yearsNamed = regexp.MustCompile(`20\d\d(年|届)?(.{0,3}20\d\d(年|届)?)*`)

// comparedYears are the cohorts that a difference is counted from, and where they stand.
func comparedYears(p *passage, m mention, cohort string) (years []string, from, to int) {
	start := m.From - len([]rune(m.between))
	if loc := yearsNamed.FindStringIndex(m.between); loc != nil {
		from = start + len([]rune(m.between[:loc[0]]))
		to = start + len([]rune(m.between[:loc[1]]))
		return listYears(m.between[loc[0]:loc[1]] + "年"), from, to
	}
	if containsAny(m.between, []string{"上届", "上年", "去年", "上一年", "上一届", "前一年"}) && cohort != "" {
		y, _ := ParseDecimal(cohort)
		return []string{Whole(y.Units - 1).String()}, m.From, m.To
	}
	return nil, 0, 0
}

// refers tells whether a passage names the number of a table.
func (c *claims) refers(p *passage, g *grid) bool {
	return g.number != "" && strings.Contains(string(p.text), "表"+strings.ReplaceAll(g.number, " ", ""))
}
