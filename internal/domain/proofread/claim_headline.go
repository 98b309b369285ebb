package proofread

import (
	"slices"
	"strings"
)

// headlineClaims holds rates that a sentence says of a level (or of all) against the
// tables that have them under just those words.
func (c *claims) headlineClaims() []doubt {
	var out []doubt
	for _, p := range c.passages {
		for _, m := range p.mentions {
			if !m.headline() || m.dated() && !c.oneDate || m.elsewhen() {
				continue
			}
			var refs []cellRef
			for _, f := range c.factsOf(m) {
				refs = append(refs, f.ref)
			}
			if len(refs) == 0 || slices.ContainsFunc(refs, func(x cellRef) bool { return equalPrinted(x.value().Decimal, m.Value) }) {
				continue
			}
			v := refs[0].value().Decimal
			if slices.ContainsFunc(refs, func(x cellRef) bool { return !equalPrinted(x.value().Decimal, v) }) || c.anywhere(p, m) && !slices.ContainsFunc(refs, func(x cellRef) bool { return c.sameLine(m, x) }) {
				continue
			}
			x := peer{m: m, g: refs[0].g, r: refs[0].r, c: refs[0].c}
			d := x.textDoubt(0)
			d.weak = !c.certain(p, m, refs)
			out = append(out, d)
		}
	}
	return out
}

// headline tells whether a figure is a rate of a level and of nobody narrower.
func (m mention) headline() bool {
	return m.Sort == Percent && m.measure != "" && strings.HasSuffix(m.measure, "率") && !m.Approx && m.Bound == 0 && m.mate < 0 && m.rest == "" && m.leadRest == "" && !m.compared() && !m.conditional()
}

// dated tells whether the sentence names a day of counting of its own, or another count
// than the one of the report.
func (m mention) dated() bool {
	return containsAny(m.lead+m.between+m.p.heads, []string{"初次", "年终", "年底", "截至", "截止", "月"})
}

// elsewhen tells whether the words speak of other cohorts or other schools.
func (m mention) elsewhen() bool {
	return containsAny(m.lead+m.between+m.p.heads, []string{"上届", "去年", "往年", "往届", "全国", "全省", "半年后", "调查", "问卷", "目标"})
}

// compared tells whether the figure is what another is compared with.
func (m mention) compared() bool {
	return containsAny(m.between, []string{"较", "比20", "高于", "低于", "相比", "增长", "提高", "上升", "下降"})
}

// factsOf are the figures of tables under the words of a mention.
func (c *claims) factsOf(m mention) []fact {
	level, cohort := m.level, m.cohort
	if cohort == "" {
		cohort = c.cohort
	}
	var out []fact
	for _, f := range c.facts {
		if f.kind != percent || len(f.keys) != 1 || f.keys[0] != m.measure || f.cohort != "" && f.cohort != cohort {
			continue
		}
		if c.levelFits(level, f) {
			out = append(out, f)
		}
	}
	return out
}

func (c *claims) levelFits(level string, f fact) bool {
	if x := f.ref.g; (level == "" || level == "合计") && len(x.rows) == 1 && (f.level == "" || f.level == "合计") {
		return true
	}
	if level == "" || level == "合计" {
		level = "合计"
		if c.only != "" && (f.level == c.only) {
			return f.whole || f.level == c.only
		}
	}
	if level == c.only && (f.level == "合计" || f.level == "") && f.whole {
		return true
	}
	return f.level == level && level != "合计" || level == "合计" && f.whole && (f.level == "" || f.level == "合计")
}

// narrower are words of headings and titles that speak of some of the graduates only.
var narrower = []string{"师范", "困难", "少数民族", "女生", "男生", "性别", "民族", "生源", "定向", "残疾", "贫困", "专项", "优师", "免费", "公费", "特殊", "建档", "省内", "省外", "重点群体", "学院", "专业", "院系", "留学生", "调查", "往届", "预科"}

// certain tells whether the table stands beside the sentence or the sentence names it; or
// two tables agree, or the two figures differ as a slip of the pen does.
func (c *claims) certain(p *passage, m mention, refs []cellRef) bool {
	x := refs[0]
	v := x.value().Decimal
	near := slices.Contains(c.near(p), x.g) || v.Digits == m.Value.Digits && v.Digits > 0 && typo(Whole(m.Value.Units), Whole(v.Units)) ||
		slices.ContainsFunc(refs, func(o cellRef) bool { return o.g.block != x.g.block })
	return near && !p.speaksOfOthers(m) && (m.level != "" || c.only != "" || p.ofAll(m)) && !containsAny(p.where+unitWords.Replace(x.g.title), narrower)
}

// ofAll tells whether neither the headings nor the sentences before name a level: then a
// figure without one is of all.
func (p *passage) ofAll(m mention) bool {
	return levelsNamed(p.heads) == nil && !slices.ContainsFunc(p.mentions, func(o mention) bool {
		return o.From < m.From && o.sentence < m.sentence && o.level != "" && o.level != "合计"
	})
}

// sameLine tells whether the figure stands elsewhere in the very line of the table: then
// it was taken from the wrong cell.
func (c *claims) sameLine(m mention, x cellRef) bool {
	for _, v := range x.g.cells[x.r] {
		if v.kind == percent && v.Decimal == m.Value {
			return true
		}
	}
	for r := range x.g.rows {
		if v := x.g.cells[r][x.c]; v.kind == percent && v.Decimal == m.Value {
			return true
		}
	}
	return false
}
