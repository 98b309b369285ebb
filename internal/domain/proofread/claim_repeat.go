package proofread

import (
	"fmt"
	"slices"
	"strings"
)

// repeatClaims finds figures that two sentences say of the same thing in the same words,
// and say differently.
func (c *claims) repeatClaims() []doubt {
	said := map[string][]mention{}
	var keys []string
	for _, p := range c.passages {
		for _, m := range p.mentions {
			if k := c.sameThing(m); k != "" {
				if said[k] == nil {
					keys = append(keys, k)
				}
				said[k] = append(said[k], m)
			}
		}
	}
	var out []doubt
	for _, k := range keys {
		if d, ok := c.twice(said[k]); ok {
			out = append(out, d)
		}
	}
	return out
}

// ofGraduates are words of what is counted once in a report.
var ofGraduates = []string{"升学", "留学", "出国", "就业", "签约", "落实", "录取", "深造", "创业", "入伍", "选调", "基层", "西部", "男", "女", "免试", "推免"}

// sameThing is a key that figures share which must be equal: what is counted, of whom and
// when, in the report's words. Figures of surveys, of comparisons and of lists have none.
func (c *claims) sameThing(m mention) string {
	if m.Sort != Percent && (m.Sort != Count || m.Unit != "人" && m.Unit != "名") || m.Approx || m.Bound != 0 || m.listed || m.conditional() || m.Value.Units == 0 {
		return ""
	}
	if m.dated() && !c.oneDate || m.elsewhen() || m.compared() || rises.MatchString(m.between) || falls.MatchString(m.between) {
		return ""
	}
	name, what := c.thing(m)
	if len([]rune(name)) < 3 || !containsAny(name, ofGraduates) {
		return ""
	}
	lead := m.leadRest
	if strings.HasPrefix(m.lead, "其中") {
		lead = m.headRest // the parts stand side by side
	}
	if m.lead == m.between {
		lead = ""
	}
	if lead != "" && !strings.HasPrefix(name, lead) {
		return ""
	}
	cohort := m.cohort
	if cohort == "" {
		cohort = c.cohort
	}
	level := m.level
	if level == "合计" || level == c.only {
		level = ""
	}
	if level == "" && c.only == "" && !m.p.ofAll(m) {
		return ""
	}
	return strings.Join([]string{name, what, level, cohort, m.Unit, dateWord.FindString(m.lead + m.between)}, "|")
}

// thing is the name of what a figure counts, and what kind of figure it is.
func (c *claims) thing(m mention) (name, what string) {
	switch {
	case m.Sort == Count:
		name, what = residue(m.between), "n"
		if m.measure != "" {
			name += m.measure
		}
	case m.mate >= 0:
		k := m.p.mentions[m.mate]
		name, what = residue(k.between)+k.measure, "share"
		tail := flatBrackets(m.between)
		if !wholeBase.MatchString(tail) && !strings.HasSuffix(tail, "占") {
			return "", ""
		}
	case strings.HasSuffix(m.measure, "率"):
		name, what = residue(m.between)+m.measure, "rate"
	}
	return strings.Trim(name, "、·和与及"), what
}

// otherCount tells whether two shares go with different counts: those tell it already.
func (m mention) otherCount(o mention) bool {
	return m.mate >= 0 && o.mate >= 0 && m.p.mentions[m.mate].Value != o.p.mentions[o.mate].Value
}

// weight is how much of the report has a value for one thing: sentences, and tables.
func (c *claims) weight(list []mention, d Decimal) int {
	n := 0
	for _, m := range list {
		if equalPrinted(m.Value, d) {
			n += 4
		}
	}
	if slices.ContainsFunc(c.facts, func(f fact) bool { return f.ref.value().Decimal == d }) {
		n++
	}
	return n
}

// twice doubts figures of one thing: the one that stands alone against the one that more
// sentences or a table have.
func (c *claims) twice(list []mention) (doubt, bool) {
	var values []Decimal
	for _, m := range list {
		if !slices.ContainsFunc(values, func(d Decimal) bool { return equalPrinted(d, m.Value) }) {
			values = append(values, m.Value)
		}
	}
	if len(values) != 2 {
		return doubt{}, false
	}
	right, wrong := values[0], values[1]
	if c.weight(list, wrong) > c.weight(list, right) {
		right, wrong = wrong, right
	}
	if !close10(right.Units, wrong.Units) && list[0].Sort == Count {
		return doubt{}, false // of others than it seems
	}
	var bad, good mention
	for _, m := range list {
		if equalPrinted(m.Value, wrong) {
			bad = m
		} else {
			good = m
		}
	}
	if bad.p == good.p && bad.sentence == good.sentence || bad.Sort == Percent && bad.otherCount(good) {
		return doubt{}, false
	}
	d := bad.doubtOf(TextVsText, Fault, right.String())
	d.Other = good.place()
	d.Explanation = fmt.Sprintf("同一个数在“%s”里是 %s，这里是 %s。", good.words(), right, wrong)
	d.mends = []mend{bad.mendTo(right, right), good.mendTo(wrong, wrong)}
	return d, true
}
