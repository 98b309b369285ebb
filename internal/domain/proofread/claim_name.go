package proofread

import (
	"slices"
	"strings"
)

// rowNamed is the one row that has the name of a figure: the very name, or else the name
// in another form of it (江苏 for 江苏省), or as the words before the figure end.
func (c *claims) rowNamed(g *grid, m mention) (int, bool) {
	names := c.rowNames(g)
	name := m.name
	if at, n := matching(g, func(r int, key string) bool {
		byLevel := slices.Contains(levels, key) && key == m.level && (m.purely() || m.listed) || key == "合计" && g.rows[r].role == total && (m.level == "合计" || m.level == "") && m.rest == "" && m.label != "" && !m.listed
		return byLevel || name != "" && names[r] == name
	}); n > 0 {
		return at, n == 1
	}
	if at, n := matching(g, func(r int, key string) bool { return name != "" && shortName(names[r]) == shortName(name) }); n > 0 {
		return at, n == 1
	}
	if m.listed {
		return 0, false
	}
	words := []rune(trailers.ReplaceAllString(nameMarks.Replace(m.between), ""))
	at, n := matching(g, func(r int, key string) bool { return endsWith(words, key) })
	return at, n == 1
}

// matching is a row of a grid that fits, and how many do; parts of parts do not count.
func matching(g *grid, fits func(r int, key string) bool) (at, n int) {
	for r, l := range g.rows {
		if len(l.keys) > 0 && !l.child && fits(r, l.keys[len(l.keys)-1]) {
			at = r
			n++
		}
	}
	return at, n
}

// rowNames are the names of the rows of a grid, as sentences have them.
func (c *claims) rowNames(g *grid) []string {
	names := c.names[g]
	if names == nil {
		names = make([]string, len(g.rows))
		for r, l := range g.rows {
			if len(l.keys) > 0 {
				names[r] = nameOf(l.keys[len(l.keys)-1])
			}
		}
		c.names[g] = names
	}
	return names
}

// endsWith tells whether words end with a long name of several words, and the name begins
// where something ends.
func endsWith(words []rune, key string) bool {
	name := []rune(key)
	n := len(words) - len(name)
	return len(name) >= 5 && strings.ContainsAny(key, "、和与") && n >= 0 && string(words[n:]) == key && (n == 0 || strings.ContainsRune("，。；：、为是在于(和以", words[n-1]))
}

var (
	ahead  = []string{"毕业生", "去往", "流向", "留在", "前往", "赴", "到", "在", "从事", "选择", "来自", "进入"}
	behind = []string{"毕业去向落实率", "毕业生人数", "就业人数", "生源人数", "毕业生", "人数", "比例", "占比", "就业", "生源", "的"}
	forms  = []string{"行业", "地区", "自治区", "省", "市", "单位", "类"}
)

// nameOf is a name as sentences and tables share it: without quotes and without what is
// counted.
func nameOf(label string) string {
	s := normal(label)
	if s == "合计" {
		return ""
	}
	for was := ""; s != was; {
		was = s
		for _, prefix := range ahead {
			if t, ok := strings.CutPrefix(s, prefix); ok && len([]rune(t)) >= 2 {
				s = t
			}
		}
		for _, suffix := range behind {
			if t, ok := strings.CutSuffix(s, suffix); ok && len([]rune(t)) >= 2 {
				s = t
			}
		}
	}
	return normal(s)
}

// shortName is a name without the word that says what it is one of.
func shortName(name string) string {
	for _, w := range forms {
		if t, ok := strings.CutSuffix(name, w); ok && len([]rune(t)) >= 2 {
			return t
		}
	}
	return name
}
