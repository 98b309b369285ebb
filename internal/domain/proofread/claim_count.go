package proofread

import "slices"

// whole tables are those whose total is all graduates (of the level in their title).
var wholeTables = []string{"规模", "学院", "院系", "专业", "学历", "层次", "性别", "民族", "政治面貌", "生源", "毕业去向", "落实"}

// fewer are words of titles of tables whose total is some of the graduates only.
var fewer = []string{"师范", "困难", "女生", "男生", "定向", "残疾", "贫困", "专项", "优师", "免费", "公费", "特殊", "建档", "省内", "省外", "重点群体", "留学生", "调查", "往届", "预科", "单位", "行业", "职业", "地区", "升学", "深造", "出国", "创业", "录用", "签约", "满意", "就业人数"}

// countClaims holds the number of graduates that a sentence says against the totals of the
// tables beside, where the two differ as a slip of the pen does and no other sentence or
// table has the number.
func (c *claims) countClaims() []doubt {
	var out []doubt
	for _, p := range c.passages {
		for _, m := range p.mentions {
			if !m.countsPeople() || m.Value.Units < 100 || m.moved() || m.elsewhen() || m.depth > 0 || c.repeated(m) {
				continue
			}
			if x, ok := c.graduates(p, m); ok {
				d := (peer{m: m, g: x.g, r: x.r, c: x.c}).textDoubt(0)
				out = append(out, d)
			}
		}
	}
	return out
}

// repeated tells whether another sentence, or some table, has the very number.
func (c *claims) repeated(m mention) bool {
	if c.anywhere(m.p, m) {
		return true
	}
	for _, p := range c.passages {
		for _, o := range p.mentions {
			if o.Sort == Count && o.Value == m.Value && (o.p != m.p || o.From != m.From) {
				return true
			}
		}
	}
	return false
}

// graduates is the total of the tables beside that the number should be: they agree with
// each other, and it is a slip away.
func (c *claims) graduates(p *passage, m mention) (cellRef, bool) {
	cohort := m.cohort
	if cohort == "" {
		cohort = c.cohort
	}
	var found []cellRef
	for _, f := range c.facts {
		if f.kind != count || !f.whole || len(f.keys) > 1 || len(f.keys) == 1 && f.keys[0] != "毕业人数" || f.cohort != "" && f.cohort != cohort || !slices.Contains(c.near(p), f.ref.g) {
			continue
		}
		if c.levelFits(m.level, f) && containsAny(f.ref.g.title, wholeTables) && !containsAny(f.ref.g.title, fewer) {
			found = append(found, f.ref)
		}
	}
	if len(found) == 0 {
		return cellRef{}, false
	}
	v := found[0].value().Decimal
	same := !slices.ContainsFunc(found, func(x cellRef) bool { return x.value().Decimal != v })
	return found[0], same && typo(m.Value, v)
}
