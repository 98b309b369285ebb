package proofread

import "regexp"

// shareWord is what stands between a count and the share that goes with it: 人，占比 and
// the like; verbPair the same with a verb of the count before it: 人在省内就业，占.
var (
	shareWord = regexp.MustCompile(`^(人|名|家|个|场|所|项|次|家次|人次)?）?[，、（]?(约|所|分别|其)?(占|比例|所占比例|比重|占比|人数占比)[^，。；、]{0,24}$`)
	verbPair  = regexp.MustCompile(`^[\p{Han}“”]{1,16}，(约)?占[^，。；、较比]{0,16}$`)
)

// pairUp joins a count with the share that follows it: n 人，占比 p%.
func (p *passage) pairUp() {
	for i := 1; i < len(p.mentions); i++ {
		b := &p.mentions[i]
		if b.Sort != Percent {
			continue
		}
		k := p.countOf(i)
		a := &p.mentions[k]
		if a.Sort != Count || a.sentence != b.sentence || a.Value.Digits > 0 || a.mate >= 0 {
			continue
		}
		open := b.between == "（"
		if shareWord.MatchString(b.between) && (a.Unit != "" || a.Value.Units >= 10) || a.Unit != "" && (open || verbPair.MatchString(b.between) && a.people()) {
			a.mate, b.mate = i, k
			b.label, b.measure, b.rest = a.label, a.measure, a.rest
			if levelsNamed(b.between) == nil {
				b.level = a.level
			}
		}
	}
}

func (m mention) people() bool { return m.Unit == "人" || m.Unit == "名" || m.Unit == "位" }

// countOf is the figure that a share may be of: the one before it, or before the bracket
// behind it: 8170（含 8 人），占.
func (p *passage) countOf(i int) int {
	k, depth := i-1, p.mentions[i].depth
	for k > 0 && p.mentions[k].depth > depth && p.mentions[k].aside() && p.mentions[k-1].sentence == p.mentions[i].sentence {
		k--
	}
	if k < i-1 && p.text[p.mentions[k].UnitEnd] != '（' {
		return i - 1
	}
	return k
}
