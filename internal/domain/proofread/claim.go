package proofread

import (
	"slices"
	"strings"
	"unicode"
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
	doubted  map[int64]bool     // totals that are not the sum of their parts
	oneDate  bool               // all figures are of one day: nothing is said of another
	bases    map[int][]int64    // what the shares of a passage may be of
	yearly   []yearly           // figures of cohorts in tables
	misread  map[Place]bool     // figures that stand under another name in a table
	names    map[*grid][]string // of the rows of each grid, as sentences have them
	groups   map[string][]int64 // graduates of a level and a group beside it: 男, 医学院
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
	c.misread = map[Place]bool{}
	c.yearly, c.names, c.bases = c.series(), map[*grid][]string{}, map[int][]int64{}
	out := c.sumClaims()
	c.doubted = map[int64]bool{}
	for _, d := range out {
		if n, ok := ParseDecimal(d.Printed); ok && d.Rule == TotalVsSum && n.Digits == 0 {
			c.doubted[n.Units] = true
		}
	}
	for _, check := range []func() []doubt{
		c.shareClaims, c.rateClaims, c.ratioClaims, c.deltaClaims, c.tableClaims, c.rowClaims, c.namedClaims, c.headlineClaims, c.countClaims, c.surveyClaims,
		c.growthClaims, c.ownRates, c.kindRates, c.pairNames, c.repeatClaims, c.trendClaims, c.rankClaims, c.boundClaims, c.scopeClaims, c.numberClaims,
		c.lawClaims, c.quoteClaims, c.listClaims, c.pairClaims,
	} {
		out = append(out, check()...)
	}
	return slices.DeleteFunc(out, func(d doubt) bool { return d.Rule == TextVsTable && c.misread[d.Place] })
}

// findPeople collects how many graduates of each level the report says there are.
func (c *claims) findPeople() {
	c.people, c.groups = map[string][]int64{}, map[string][]int64{}
	add := func(level string, n int64) {
		if level == "" {
			level = "合计"
		}
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
			if g := m.group(); g != "" && !slices.Contains(c.groups[g], m.Value.Units) {
				c.groups[g] = append(c.groups[g], m.Value.Units)
			}
		}
	}
}

// group is the key of a number of graduates of a group: of a level and who beside it; ""
// if the figure is none.
func (m mention) group() string {
	if m.Sort != Count || m.Unit != "人" && m.Unit != "名" || m.Approx || m.measure != "" || m.rest == "" || m.listed || containsAny(m.rest, []string{"就业", "落实", "升学", "签", "录"}) {
		return ""
	}
	return m.level + "|" + m.rest
}

// countsPeople tells whether the figure is how many graduates there are, of a level or in
// all.
func (m mention) countsPeople() bool {
	return m.Sort == Count && (m.Unit == "人" || m.Unit == "名") && m.Value.Digits == 0 && !m.Approx && m.measure == "" && m.rest == "" && m.leadRest == "" && !m.partOf() &&
		containsAny(m.between, []string{"毕业生", "本科生", "研究生", "硕士生", "博士生", "专科生", "本科", "硕士", "博士"})
}

// partOf is true for 毕业生中，共有 N 人选择 …: some of the graduates only.
func (m mention) partOf() bool {
	if strings.Contains(m.between, "生中") || strings.HasSuffix(m.between, "中有") {
		return true
	}
	if m.UnitEnd >= len(m.p.text) {
		return false
	}
	next := m.p.text[m.UnitEnd]
	return unicode.Is(unicode.Han, next) && !strings.ContainsRune("占其分和与及中，", next)
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
	c.oneDate = c.countsOnce()
	c.cohort, _ = commonest(cohorts)
	all := 0
	for _, n := range levels {
		all += n
	}
	if top, n := commonest(levels); all >= 4 && n == all {
		c.only = top
	}
}

// commonest is the word that was counted most often; of equals the first in order.
func commonest(words map[string]int) (word string, most int) {
	for _, w := range sortedKeys(words) {
		if words[w] > most {
			word, most = w, words[w]
		}
	}
	return word, most
}

// countsOnce tells whether the report says but one day of counting.
func (c *claims) countsOnce() bool {
	days := map[string]bool{}
	for _, p := range c.passages {
		text := string(p.text)
		if containsAny(text, []string{"初次毕业去向", "初次就业", "年终毕业去向", "年终就业"}) {
			return false
		}
		for _, day := range dateWord.FindAllString(text, -1) {
			if strings.HasPrefix(day, "截") {
				days[strings.Trim(day, "截至止到,，")] = true
			}
		}
	}
	return len(days) <= 1
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

// near are the tables that stand beside a passage or that it names.
func (c *claims) near(p *passage) []*grid {
	if p.tables == nil {
		p.tables = []*grid{}
		for _, g := range c.gs {
			if c.beside(p, g) || c.refers(p, g) {
				p.tables = append(p.tables, g)
			}
		}
	}
	return p.tables
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
