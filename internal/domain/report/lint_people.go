package report

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var levelWord = regexp.MustCompile(`硕士研究生|博士研究生|硕博|研究生|本科|硕士|博士|专科`)

// levelsOf are the levels that a word means.
func levelsOf(word string, doctors bool) []string {
	switch word {
	case "硕士研究生":
		return []string{"硕士"}
	case "博士研究生":
		return []string{"博士"}
	case "研究生", "硕博":
		if doctors {
			return []string{"博士", "硕士"}
		}
		return []string{"硕士"}
	}
	return []string{word}
}

// levelKeys are the levels by their keys in the register.
var levelKeys = map[string]string{"undergraduate": "本科", "master": "硕士", "doctor": "博士", "associate": "专科"}

// people holds the level that the words before a number name against the one that it is
// bound to: 研究生 are not 硕士 (L10).
func (l *lint) people() {
	school := l.levels()
	for i := range l.passages {
		p := &l.passages[i]
		if level, ok := p.ours.opts["level"]; ok {
			for _, text := range []string{p.typed, p.ours.opt("base", ""), p.ours.opt("count", "")} {
				l.peopleOf(p, text, level, school)
			}
			continue
		}
		before := ""
		for n, piece := range strings.Split(p.typed, boundMark) {
			before += piece
			if n < len(p.orders) {
				if o := p.orders[n]; countsPeople(o) {
					l.peopleOf(p, lastClause(before), o.opts["level"], school)
					before = ""
				} else {
					before += boundMark
				}
			}
		}
	}
}

// countsPeople tells whether an expression prints a number of people or their share.
func countsPeople(o *order) bool {
	return slices.Contains([]string{"k", "n", "%", "diff", "trend", "claim"}, o.verb)
}

// lastClause is what stands since the last mark that ends a thought.
func lastClause(s string) string {
	at := strings.LastIndexAny(s, "，。；：！？（）")
	if at < 0 {
		return s
	}
	return s[at:]
}

func (l *lint) peopleOf(p *passage, text, level string, school []string) {
	words := levelWord.FindAllString(text, -1)
	if len(words) == 0 {
		return
	}
	var said, counted []string
	for _, w := range words {
		said = append(said, levelsOf(w, slices.Contains(school, "博士"))...)
	}
	for _, v := range strings.Split(level, "+") {
		if name, ok := levelKeys[v]; ok {
			v = name
		}
		if v != "" {
			counted = append(counted, levelsOf(v, slices.Contains(school, "博士"))...)
		}
	}
	if len(counted) == 0 {
		counted = school
	}
	slices.Sort(said)
	slices.Sort(counted)
	if said, counted = slices.Compact(said), slices.Compact(counted); slices.Equal(said, counted) || len(counted) == 0 {
		return
	}
	l.report(Problem{Rule: "L10", At: p.at, Words: strings.Trim(strings.ReplaceAll(text, boundMark, "…"), anyStops),
		Text:    fmt.Sprintf("文字说的是“%s”，数字统计的是%s，请改成一致", strings.Join(words, "、"), strings.Join(counted, "、")),
		Instead: "level=" + strings.Join(said, "+")})
}

// levels are those of the school's graduates, as the report's tables and lists name them.
func (l *lint) levels() []string {
	var out []string
	see := func(s string) {
		if s = strings.TrimSpace(s); slices.Contains(levelNames[:4], s) && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	for _, n := range l.doc.Numbers {
		for _, w := range n.Where {
			_, value, _ := strings.Cut(w, "=")
			see(value)
		}
	}
	for _, b := range l.doc.Blocks {
		if b.Table != nil {
			for _, row := range append(append([][]Cell{}, b.Table.Head...), b.Table.Body...) {
				for _, c := range row {
					see(c.Text)
				}
			}
		}
	}
	return out
}
