package proofread

import (
	"fmt"
	"strings"
)

// surveyClaims holds 回收率 against the papers sent out and received that its sentence
// names.
func (c *claims) surveyClaims() []doubt {
	var out []doubt
	for _, p := range c.passages {
		for i, m := range p.mentions {
			if m.Sort != Percent || m.Approx || m.Bound != 0 || !strings.Contains(m.between, "回收率") && !strings.Contains(m.between, "有效率") && !strings.Contains(m.between, "答题率") {
				continue
			}
			var papers []mention
			for _, o := range p.mentions[:i] {
				if o.sentence == m.sentence && o.Sort == Count && (o.Unit == "份" || o.Unit == "人") && !o.Approx {
					papers = append(papers, o)
				}
			}
			n, k, ok := papersOf(papers, m)
			if !ok {
				continue
			}
			if k > n {
				out = append(out, moreBack(papers, m))
				continue
			}
			right := Share(k, n, m.Value.Digits)
			d := m.doubtOf(PctVsCounts, Fault, right.String())
			d.Other = papers[0].place()
			d.Explanation = fmt.Sprintf("%d 占 %d 的 %s%%，印的是 %s%%。", k, n, right, m.printed())
			d.mends = []mend{m.mendTo(right, right)}
			out = append(out, d)
		}
	}
	return out
}

// papersOf are the two numbers of papers that a rate should be of: sent out and received,
// or received and valid; ok is false if it is right of any two, or nobody knows of which.
func papersOf(papers []mention, rate mention) (n, k int64, ok bool) {
	if len(papers) < 2 || len(papers) > 4 || !containsAny(papers[0].between, []string{"发放", "发出", "发送", "投放", "推送", "邀请"}) {
		return 0, 0, false
	}
	for _, a := range papers {
		for _, b := range papers {
			if b.Value.Units > 0 && b.Value.Units < a.Value.Units && Prints(b.Value.Units, a.Value.Units, rate.Value) {
				return 0, 0, false
			}
		}
	}
	n, k = papers[0].Value.Units, papers[len(papers)-1].Value.Units
	valid := strings.Contains(papers[len(papers)-1].between, "有效")
	if len(papers) == 3 && strings.Contains(rate.between, "有效率") && valid {
		n = papers[1].Value.Units
	} else if len(papers) > 2 && (!strings.Contains(rate.between, "有效回收率") || !valid) {
		return 0, 0, false
	}
	return n, k, k > 0
}

// moreBack doubts papers of which more came back than were sent out.
func moreBack(papers []mention, rate mention) doubt {
	sent, back := papers[0], papers[len(papers)-1]
	d := sent.doubtOf(PctVsCounts, Fault, "")
	d.Other = back.place()
	d.Explanation = fmt.Sprintf("发放 %s 份，收回却有 %s 份，不可能。", sent.printed(), back.printed())
	lo, hi := bases(back.Value.Units, rate.Value)
	d.mends = []mend{sent.mendTo(Whole(lo), Whole(hi))}
	if k, most := Numerators(rate.Value, sent.Value.Units); k <= most {
		d.mends = append(d.mends, back.mendTo(Whole(k), Whole(most)))
	}
	return d
}
