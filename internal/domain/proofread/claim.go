package proofread

import (
	"slices"
)

// claims is what the checks of sentences know of a report.
type claims struct {
	d        Document
	gs       []*grid
	facts    []fact
	passages []*passage
	people   map[string][]int64 // graduates of each level, every number that text or tables have
	only     string             // the level of study that the whole report is of; "" if several
	cohort   string             // the cohort that most of the report speaks of
}

// claimDoubts are the contradictions of sentences: in themselves, with each other and
// with the tables.
func claimDoubts(d Document, gs []*grid) []doubt {
	c := &claims{d: d, gs: gs, facts: facts(gs), passages: passages(d)}
	for _, p := range c.passages {
		p.readMentions()
	}
	c.findPeople()
	c.findScope()
	var out []doubt
	for _, check := range []func() []doubt{
		c.shareClaims, c.rateClaims, c.sumClaims, c.ratioClaims, c.deltaClaims, c.tableClaims, c.headlineClaims,
		c.repeatClaims, c.trendClaims, c.rankClaims, c.boundClaims, c.scopeClaims, c.lawClaims, c.quoteClaims,
	} {
		out = append(out, check()...)
	}
	return out
}

// findPeople collects how many graduates of each level the report says there are.
func (c *claims) findPeople() {
	c.people = map[string][]int64{}
	add := func(level string, n int64) {
		if n > 0 && !slices.Contains(c.people[level], n) {
			c.people[level] = append(c.people[level], n)
		}
	}
	most, _ := peopleOf(c.gs)
	for level, n := range most {
		add(level, n)
	}
	for _, p := range c.passages {
		for _, m := range p.mentions {
			if m.countsPeople() {
				add(m.level, m.Value.Units)
			}
		}
	}
}

// countsPeople tells whether the figure is how many graduates there are, of a level or in
// all.
func (m mention) countsPeople() bool {
	return m.Sort == Count && (m.Unit == "人" || m.Unit == "名") && m.Value.Digits == 0 && !m.Approx && m.measure == "" && m.rest == "" && residue(m.lead) == "" &&
		containsAny(m.between, []string{"毕业生", "本科生", "研究生", "硕士生", "博士生", "专科生", "本科", "硕士", "博士"})
}

// findScope finds what the whole report is of.
func (c *claims) findScope() {
	levels, cohorts := map[string]int{}, map[string]int{}
	count := func(s string) {
		for _, l := range levelsNamed(s) {
			if l != "合计" {
				levels[l]++
			}
		}
		if y := cohortIn(s); y != "" && cohortWord.MatchString(s) {
			cohorts[y]++
		}
	}
	for _, g := range c.gs {
		count(g.title)
		for _, l := range slices.Concat(g.rows, g.cols) {
			for _, k := range l.keys {
				if slices.Contains([]string{"本科", "硕士", "博士", "研究生", "专科"}, k) {
					levels[k]++
				}
			}
		}
	}
	for _, p := range c.passages {
		for _, m := range p.mentions {
			count(m.between)
		}
	}
	most := 0
	for _, y := range sortedKeys(cohorts) {
		if cohorts[y] > most {
			c.cohort, most = y, cohorts[y]
		}
	}
	all, top, best := 0, "", 0
	for _, l := range sortedKeys(levels) {
		all += levels[l]
		if levels[l] > best {
			top, best = l, levels[l]
		}
	}
	if all >= 4 && best == all {
		c.only = top
	}
}

func sortedKeys[V any](m map[string]V) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// doubtOf begins a doubt of a figure of a sentence.
func (m mention) doubtOf(rule Rule, severity Severity, expected string) doubt {
	return doubt{Finding: Finding{
		Where: m.where(), Cell: m.words(), Printed: m.printed(), Expected: expected, Rule: rule, Severity: severity, Place: m.place(),
	}}
}

// mendTo is a mend of the figure to values from lo to hi.
func (m mention) mendTo(lo, hi Decimal) mend {
	return mend{at: m.place(), name: m.where() + " " + m.words(), lo: lo, hi: hi}
}

// beside tells whether a grid stands near a passage: in its section, or close after it.
func (c *claims) beside(p *passage, g *grid) bool {
	switch {
	case g.block > p.block:
		for i := p.block + 1; i < g.block; i++ {
			if c.d.Blocks[i].Kind == Heading {
				return false
			}
		}
		return g.block-p.block <= 12
	case g.block > p.section:
		return p.block-g.block <= 12
	}
	return false
}
