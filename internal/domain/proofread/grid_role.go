package proofread

import (
	"slices"
	"strings"
)

// grid makes the grid of a table of one panel; nil if it holds no figures.
func (t *raw) grid() *grid {
	labels, serial := t.labelColumns()
	n := width(t)
	if labels >= n || len(t.body) == 0 {
		return nil
	}
	g := &grid{block: t.block, title: t.caption, number: number(t.caption)}
	for c := labels; c < n; c++ {
		path := t.headPath(c)
		g.cols = append(g.cols, newLine(path))
	}
	paths := t.rowPaths(labels, serial)
	for r, row := range t.body {
		g.rows = append(g.rows, newLine(paths[r]))
		values := make([]value, 0, n-labels)
		for c := labels; c < n; c++ {
			values = append(values, newValue(row[c], g.cols[c-labels].path, paths[r], t.caption))
		}
		g.cells = append(g.cells, values)
	}
	g.place = At(t.body[0][0].Spans, 0)
	g.settleKinds()
	g.dropShifted()
	g.roles()
	g.bareOnes()
	return g
}

func newLine(path []string) line {
	l := line{path: path, group: -1}
	for _, s := range path {
		l.keys = append(l.keys, normal(s))
	}
	return l
}

func newValue(c Cell, col, row []string, title string) value {
	s := strings.TrimSpace(c.Text)
	v := value{text: s, merged: c.Merged, place: At(c.Spans, leading(c.Text))}
	v.Decimal, v.kind = kindOf(s, col, row, title)
	return v
}

// leading is how many runes of space a text begins with.
func leading(s string) int {
	return len([]rune(s)) - len([]rune(strings.TrimLeft(s, " \t\u3000\u00a0")))
}

// labelColumns is how many columns from the left are labels; serial are those of them
// that only number the rows.
func (t *raw) labelColumns() (int, map[int]bool) {
	serial := map[int]bool{}
	n := 0
	for n < width(t) {
		switch {
		case t.numbering(n):
			serial[n] = true
		case !t.textual(n) && !t.years(n):
			return n, serial
		}
		n++
	}
	return n, serial
}

// numbering tells whether the first column numbers the rows.
func (t *raw) numbering(c int) bool {
	if c > 0 {
		return false
	}
	for _, row := range t.body {
		s := strings.TrimSpace(row[c].Text)
		d, _, ok := figureIn(s)
		if s != "" && !isTotal(normal(s)) && (!ok || d.Digits > 0 || d.Units > int64(len(t.body))+1) {
			return false
		}
	}
	h := ""
	if p := t.headPath(c); len(p) > 0 {
		h = normal(p[len(p)-1])
	}
	return containsAny(h, rankWords) || h == "" || h == "No." || h == "NO"
}

// years tells whether a column holds years only; some 2,000 people are none.
func (t *raw) years(c int) bool {
	if t.counted(c) {
		return false
	}
	n := 0
	for _, row := range t.body {
		s := strings.TrimSpace(row[c].Text)
		if s != "" && !yearIn(s) && !isTotal(normal(s)) {
			return false
		}
		if yearIn(s) {
			n++
		}
	}
	return n > 0
}

// rowPaths are the labels of each row, those of groups filled in.
func (t *raw) rowPaths(labels int, serial map[int]bool) [][]string {
	var cols []int
	for c := range labels {
		if !serial[c] {
			cols = append(cols, c)
		}
	}
	grid := make([][]string, len(t.body))
	for r, row := range t.body {
		for c := range labels {
			s := strings.TrimSpace(strings.Join(strings.Fields(row[c].Text), " "))
			if serial[c] && !isTotal(normal(s)) {
				continue
			}
			grid[r] = append(grid[r], s)
		}
		for len(grid[r]) < len(cols) {
			grid[r] = append(grid[r], "")
		}
	}
	for c := 0; c+1 < len(cols); c++ {
		fillGroups(grid, c)
	}
	for r := range grid {
		grid[r] = slices.Compact(slices.DeleteFunc(grid[r], func(s string) bool { return s == "" }))
	}
	return grid
}

// fillGroups gives each row the label of its group, which stands once: first, last or in
// the middle of its rows. Between two rows of totals it is the only one; otherwise it
// reaches down to the next.
func fillGroups(rows [][]string, c int) {
	before := ""
	for from := 0; from < len(rows); {
		to := from
		for to < len(rows) && !closes(rows[to]) {
			to++
		}
		fillSegment(rows[from:to], c, before)
		before = ""
		if to < len(rows) && !isTotal(normal(rows[to][len(rows[to])-1])) {
			if rows[to][c] == "" && from < to {
				rows[to][c] = rows[to-1][c]
			}
			before = rows[to][c]
		}
		from = to + 1
	}
}

// fillSegment fills the rows between two rows of totals; before is the group of the
// upper one, which may stand first in its group.
func fillSegment(rows [][]string, c int, before string) {
	found, only := "", true
	for _, row := range rows {
		if row[c] != "" && row[c] != found {
			only = found == ""
			found = row[c]
			if !only {
				break
			}
		}
	}
	last := ""
	switch {
	case found == "":
		last = before
	case only, rows[0][c] == "":
		last = found
	}
	for _, row := range rows {
		switch {
		case row[c] != "":
			last = row[c]
		case len(row) > c+1 && row[c+1] != "":
			row[c] = last
		}
	}
}

// closes tells whether a row sums up a group or the table.
func closes(row []string) bool {
	return slices.ContainsFunc(row, func(s string) bool { return isTotal(normal(s)) || sumsUp(normal(s)) })
}

func isTotal(key string) bool { return key == "合计" }

// sumsUp tells whether a label sums up some lines: 小计, 商学院 汇总, 本科合计.
func sumsUp(key string) bool {
	return key != "合计" && (strings.HasSuffix(key, "小计") || strings.HasSuffix(key, "汇总") || strings.HasSuffix(key, "合计") || strings.HasSuffix(key, "总计") || strings.HasSuffix(key, "小结"))
}

// settleKinds gives each line the kind of most of its figures.
func (g *grid) settleKinds() {
	g.bareZeros()
	for c := range g.cols {
		g.cols[c].kind = mostly(g.column(c))
	}
	for r := range g.rows {
		g.rows[r].kind = mostly(g.filled(r))
	}
}

// dropShifted makes words of the figures of rows whose cells stand in wrong columns:
// shares under 人数 and counts under 比例, where all other rows have them right.
func (g *grid) dropShifted() {
	for r := range g.rows {
		wrong := 0
		for c, v := range g.cells[r] {
			if v.kind >= count && v.kind != g.cols[c].kind && g.uniform(c, r) {
				wrong++
			}
		}
		if wrong < 2 {
			continue
		}
		for c := range g.cells[r] {
			if v := &g.cells[r][c]; v.kind != blank {
				v.kind = text
			}
		}
	}
}

// uniform tells whether all figures of a column but those of one row are of its kind.
func (g *grid) uniform(c, but int) bool {
	n := 0
	for r := range g.rows {
		v := g.cells[r][c]
		if r == but || v.kind < count {
			continue
		}
		if v.kind != g.cols[c].kind {
			return false
		}
		n++
	}
	return n >= 3
}

func mostly(cells []value) kind {
	var n [year + 1]int
	for _, v := range cells {
		if v.kind != blank && v.kind != dash {
			n[v.kind]++
		}
	}
	best := blank
	for k := text; k <= year; k++ {
		if n[k] > n[best] {
			best = k
		}
	}
	return best
}

// roles finds totals, subtotals, remainders and children, of rows and of columns.
func (g *grid) roles() {
	lineRoles(g.rows)
	lineRoles(g.cols)
}

func lineRoles(lines []line) {
	groups, summed := map[string]int{}, map[string]bool{}
	for i := range lines {
		if k := lines[i].keys; len(k) > 0 && sumsUp(k[0]) {
			summed[groupOf(k[0])] = true
		}
	}
	for i := range lines {
		l := &lines[i]
		if len(l.keys) == 0 {
			continue
		}
		last := l.keys[len(l.keys)-1]
		switch {
		case isTotal(l.keys[0]):
			l.role = total
		case isTotal(last), slices.ContainsFunc(l.keys, sumsUp):
			l.role = subtotal
		case last == "其他", strings.HasPrefix(last, "其他") && len([]rune(last)) <= 6:
			l.role = remainder
		}
		if strings.HasPrefix(last, "其中") || strings.HasPrefix(l.keys[0], "其中") || strings.HasPrefix(last, "#") {
			l.child = true
		}
		if l.role == total {
			continue
		}
		name := groupName(lines, i)
		if name == "" && len(l.keys) == 1 && summed[l.keys[0]] {
			name = l.keys[0] // a group of one line that bears its name
		}
		if name != "" {
			if _, ok := groups[name]; !ok {
				groups[name] = len(groups)
			}
			l.group = groups[name]
		}
	}
}

// groupOf is the name in a subtotal's label; "" if it has none.
func groupOf(key string) string {
	for _, suffix := range []string{"汇总", "小计", "合计", "总计", "小结"} {
		if name, ok := strings.CutSuffix(key, suffix); ok && name != "" {
			return normal(name)
		}
	}
	return ""
}

// groupName is the group that a line belongs to: its outer label, or what its subtotal's
// label names.
func groupName(lines []line, i int) string {
	k := lines[i].keys
	if len(k) > 1 && !sumsUp(k[0]) {
		return strings.Join(k[:len(k)-1], "›")
	}
	if lines[i].role != subtotal {
		return ""
	}
	if name := groupOf(k[0]); name != "" {
		return name
	}
	if i > 0 && len(lines[i-1].keys) > 1 {
		return strings.Join(lines[i-1].keys[:len(lines[i-1].keys)-1], "›")
	}
	return ""
}
