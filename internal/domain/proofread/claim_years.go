package proofread

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// misdated is a doubt of a difference over cohorts: of the cohorts named if others fit
// all differences, else of the first difference that does not.
type misdated struct {
	doubt
	years []string // cohorts that would fit
}

// holds tells whether the differences are those of the table; known is false if the table
// does not have the figure, or says nothing of the cohorts.
func (s yearly) holds(now mention, cohort string, diffs []mention, years []string, up int) (b *misdated, known bool) {
	here := s.yearOf(now.Value)
	if here == "" {
		return s.otherNow(now, cohort, diffs, years, up)
	}
	if here != cohort {
		return nil, false
	}
	wrong := -1
	var better []string
	for k, m := range diffs {
		if wrong < 0 && !s.fits(now, here, m, years[k], up) {
			wrong = k
		}
		for _, y := range s.years {
			if s.fits(now, here, m, y, up) && !slices.Contains(better, y) {
				better = append(better, y)
				break
			}
		}
	}
	switch {
	case wrong < 0:
		return nil, true
	case len(better) == len(diffs):
		d := diffs[0].doubtOf(DeltaOrYear, Fault, "")
		d.Other = s.at[here].value().place
		d.Explanation = s.explain(now, diffs, better)
		return &misdated{d, better}, true
	}
	return s.otherDifference(now, here, diffs[wrong], years[wrong]), true
}

// otherNow is the doubt of a figure that the table has differently, where all differences
// said of it are those of the table's.
func (s yearly) otherNow(now mention, cohort string, diffs []mention, years []string, up int) (*misdated, bool) {
	x, ok := s.at[cohort]
	if !ok {
		return nil, false
	}
	right := now
	right.Value = x.value().Decimal
	for k, m := range diffs {
		if m.Value.Units == 0 || !s.fits(right, cohort, m, years[k], up) {
			return nil, false
		}
	}
	d := (peer{m: now, g: x.g, r: x.r, c: x.c}).textDoubt(0)
	d.Explanation += "句中的差数是按表里的数算的。"
	return &misdated{doubt: d}, true
}

// yearOf is the latest cohort of which the table has a figure.
func (s yearly) yearOf(d Decimal) string {
	for _, y := range slices.Backward(s.years) {
		if equalPrinted(s.at[y].value().Decimal, d) {
			return y
		}
	}
	return ""
}

// fits tells whether a difference is the one from a cohort to the present one.
func (s yearly) fits(now mention, here string, m mention, y string, up int) bool {
	x, ok := s.at[y]
	if !ok || y == here {
		return false
	}
	off := now.Value.Sub(x.value().Decimal).Sub(Decimal{int64(up) * m.Value.Units, m.Value.Digits})
	loose := int64(0)
	if s.kind == percent {
		loose = pow10(max(0, off.Digits-m.Value.Digits))
	}
	return off.Units >= -loose && off.Units <= loose
}

// otherDifference is the doubt of a difference that is another by the table.
func (s yearly) otherDifference(now mention, here string, m mention, y string) *misdated {
	x, ok := s.at[y]
	if !ok || y == here {
		return nil
	}
	then := x.value().Decimal
	right := abs(now.Value.Sub(then))
	d := m.doubtOf(DeltaOrYear, Fault, right.String())
	d.Other = x.value().place
	d.Explanation = fmt.Sprintf("%s有 %s 届 %s、%s 届 %s，相差 %s，正文印的是 %s。", s.g.where(), here, now.printed(), y, then, right, m.printed())
	if right.Cmp(abs(m.Value)) == 0 {
		d.Severity, d.Rule = Claim, ClaimVsTable
		d.Explanation = fmt.Sprintf("%s里 %s 届是 %s、%s 届是 %s，增减的方向与正文相反，建议核对后改写。", s.g.where(), here, now.printed(), y, then)
	}
	d.mends = []mend{m.mendTo(right, right)}
	return &misdated{doubt: d}
}

func (s yearly) explain(now mention, diffs []mention, years []string) string {
	var terms []string
	for k, m := range diffs {
		then := s.at[years[k]].value().Decimal
		terms = append(terms, fmt.Sprintf("%s − %s（%s 届）= %s", now.printed(), then, years[k], m.printed()))
	}
	return fmt.Sprintf("差数对，届别错：按%s，%s。", s.g.where(), strings.Join(terms, "，"))
}

var yearTail = regexp.MustCompile(`\s*[年届]`)

// finish says which cohorts stand in the sentence and which should.
func (b *misdated) finish(c *claims, p *passage, from, to int) {
	if b.years == nil {
		return
	}
	block := []rune(c.d.Blocks[p.block].Text)
	b.Printed = string(block[p.at[from] : p.at[to-1]+1])
	tail := yearTail.FindString(b.Printed)
	b.Expected = strings.Join(b.years, tail+"、") + tail
	b.Place = p.place(from)
	b.mends = []mend{{at: b.Place, name: b.Where + " " + b.Printed, fits: func(Decimal) bool { return false }}}
}

var always = regexp.MustCompile(`逐年(稳步|持续|平稳|不断|小幅)?(增长|增加|上升|提高|提升|递增|攀升|走高|下降|降低|减少|递减|下滑|走低)|连续[两二三四五2345]年(稳步|持续)?(增长|增加|上升|提高|提升|递增|下降|降低|减少)`)

// trendClaims holds 逐年上升 and the like against figures of three cohorts and more.
func (c *claims) trendClaims() []doubt {
	var out []doubt
	for _, p := range c.passages {
		for i, s := range p.sentences {
			words := p.words(s)
			loc := always.FindStringIndex(words)
			if loc == nil {
				continue
			}
			at := s.from + len([]rune(words[:loc[0]]))
			said := words[loc[0]:loc[1]]
			m := mention{p: p, Figure: Figure{From: at, To: at, UnitEnd: at + len([]rune(said))}}
			if d, ok := listedTrend(p, i, m, said); ok {
				out = append(out, d)
			} else if d, ok := c.tabledTrend(p, words[:loc[0]], m, said); ok {
				out = append(out, d)
			}
		}
	}
	return out
}

// monotone tells whether figures go up (or down) all the way.
func monotone(list []Decimal, said string) bool {
	for i := 1; i < len(list); i++ {
		order := list[i-1].Cmp(list[i])
		if falls.MatchString(said) || strings.Contains(said, "递减") {
			order = -order
		}
		if order > 0 {
			return false
		}
	}
	return true
}

// listedTrend holds the words against the figures of cohorts that the sentence lists.
func listedTrend(p *passage, sentence int, m mention, said string) (doubt, bool) {
	var list []Decimal
	var years []string
	for _, x := range p.mentions {
		if x.sentence == sentence && x.listed && x.cohort != "" && (x.Sort == Percent || x.Sort == Count) {
			list, years = append(list, x.Value), append(years, x.cohort)
		}
	}
	if list == nil {
		list = p.lastYears(sentence, m.From)
		for i := range list {
			years = append(years, Whole(int64(i)).String())
		}
	}
	if len(list) < 3 || !slices.IsSorted(years) || len(slices.Compact(slices.Clone(years))) != len(list) || monotone(list, said) {
		return doubt{}, false
	}
	return m.trendDoubt(said, fmt.Sprintf("句中各届依次为 %s", numbers(list))), true
}

var lastFew = regexp.MustCompile(`近(三|四|五|3|4|5)(年|届)`)

// lastYears are the figures that a sentence lists for 近三年, one a year in their order.
func (p *passage) lastYears(sentence, before int) []Decimal {
	words := string(p.text[p.sentences[sentence].from:before])
	few := lastFew.FindStringSubmatch(words)
	if few == nil || strings.ContainsAny(words, "；;") {
		return nil
	}
	var list []Decimal
	for _, x := range p.mentions {
		if x.sentence == sentence && x.From < before && (x.Sort == Percent || x.Sort == Count && x.Unit != "") {
			if !x.listed {
				return nil
			}
			list = append(list, x.Value)
		}
	}
	if len(list) != saidNumbers[few[1]] {
		return nil
	}
	return list
}

func (m mention) trendDoubt(said, why string) doubt {
	d := m.doubtOf(ClaimVsTable, Claim, "")
	d.Printed = said
	d.Explanation = why + "，并非“" + said + "”，建议改写。"
	return d
}

func numbers(list []Decimal) string {
	var out []string
	for _, d := range list {
		out = append(out, d.String())
	}
	return strings.Join(out, "、")
}

// vague are names that say too little of what rises.
var vague = []string{"毕业", "毕业生", "学生", "就业", "总", "人数", "比例"}

// tabledTrend holds the words against the tables of cohorts beside the passage: none of
// the series that the words may mean goes that way.
func (c *claims) tabledTrend(p *passage, lead string, m mention, said string) (doubt, bool) {
	if i := strings.LastIndexAny(lead, "；"); i >= 0 {
		lead = lead[i:]
	}
	clause := lead
	if i := strings.LastIndexAny(lead, "，"); i >= 0 && (len([]rune(lead[i:])) > 4 || containsAny(lead[i:], []string{"率", "人数", "比例", "规模", "占比"})) {
		clause = lead[i:]
	}
	var why string
	clause = graduateWords.Replace(clause)
	for _, s := range c.yearly {
		stem := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(s.name, "人数"), "率"), "比例")
		if slices.Contains(vague, stem) {
			stem = s.name
		}
		if len(s.years) < 3 || len([]rune(stem)) < 2 || !strings.Contains(lastRunes(clause, 16), stem) || !slices.Contains(c.near(p), s.g) {
			continue
		}
		if ls := levelsNamed(lead); len(ls) > 0 && s.level != "" && !slices.Contains(ls, s.level) {
			continue
		}
		counts := strings.Contains(clause, "人数") || strings.Contains(clause, "规模")
		rates := strings.Contains(clause, "率") || strings.Contains(clause, "比例") || strings.Contains(clause, "占比")
		if counts && s.kind == percent || rates && s.kind == count && !counts {
			continue
		}
		var list []Decimal
		for _, y := range s.years {
			list = append(list, s.at[y].value().Decimal)
		}
		if monotone(list, said) {
			return doubt{}, false
		}
		if why == "" {
			why = fmt.Sprintf("%s“%s”各届依次为 %s", s.g.where(), s.name, numbers(list))
		}
	}
	if why == "" {
		return doubt{}, false
	}
	return m.trendDoubt(said, why), true
}
