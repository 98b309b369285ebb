package layout

import (
	"slices"
	"strings"

	"quxiang/internal/domain/proofread"
)

// labelled is a row's label, cut into the name of a group that begins here and the name
// of the row.
type labelled struct {
	group, own []token
	begins     bool // a group begins here
	across     bool // one label across both columns
}

// labelWidths are the widths of the columns of labels; group is 0 where there is one
// column only.
type labelWidths struct{ group, own int }

// widths finds what explains the labels best: the widths of lines that occur in them.
func (t *tokenTable) widths(rows [][]token) labelWidths {
	if !t.spans && (fitsOne(rows) || len(rows) < 4) {
		return labelWidths{}
	}
	seen := map[int]bool{}
	var list []int
	for _, r := range rows {
		for _, u := range r {
			if w := u.width(); w >= 4 && !seen[w] && len(list) < 16 {
				seen[w] = true
				list = append(list, w)
			}
		}
	}
	slices.Sort(list)
	rows = rows[:min(len(rows), 300)] // enough to know
	best, bestScore := labelWidths{8, 8}, -1
	for _, own := range list {
		for _, group := range list {
			if _, score := t.cutLabels(rows, labelWidths{group, own}, false); score > bestScore {
				best, bestScore = labelWidths{group, own}, score
			}
		}
	}
	return best
}

// labels cuts the labels of all rows.
func (t *tokenTable) labels(rows [][]token, w labelWidths) []labelled {
	if w.group > 0 {
		l, _ := t.cutLabels(rows, w, true)
		return l
	}
	out := make([]labelled, len(rows))
	for i, r := range rows {
		out[i].own = r
	}
	return out
}

// fitsOne: a width explains every label as one cell, broken where its lines are full.
func fitsOne(rows [][]token) bool {
	width := 0
	for _, r := range rows {
		for _, t := range r {
			width = max(width, t.width())
		}
	}
	for _, r := range rows {
		if !fits(r, width) || isSub(joinTokens(r)) {
			return false
		}
	}
	return true
}

// fits: all lines but the last are full at that width, and none is wider.
func fits(lines []token, width int) bool {
	for i, t := range lines {
		w := t.width()
		if w > width || i+1 < len(lines) && w < width-3 && !strings.HasPrefix(lines[i+1].text, "（") {
			return false
		}
	}
	return true
}

// cutLabels cuts the labels for columns of these widths and counts how many rows that
// explains, twice those that leave no other way.
func (t *tokenTable) cutLabels(rows [][]token, w labelWidths, top bool) ([]labelled, int) {
	out := make([]labelled, len(rows))
	score := 0
	first := sumsFirst(rows)
	after := top // a group must begin: at the top, after a group's sum
	for i, r := range rows {
		l := labelled{own: r}
		must := after || t.spans && t.beginsGroup(i, top)
		text := joinTokens(r)
		switch {
		case strings.HasSuffix(text, "汇总") && text != "汇总" && len(r) == 1:
			l.across, score = true, score+2
		case isSub(text) && len(r) == 1:
			score += 2
		case first && len(r) > 1 && isSub(r[len(r)-1].text):
			l.group, l.own, l.begins = r[:len(r)-1], r[len(r)-1:], true
			score += 2
		case isSum(text) && len(r) == 1:
			l.across, score = true, score+2
		default:
			var s int
			l, s = cutLabel(r, w, must && !first, t.spans && !must || first)
			score += s
		}
		after = isSub(text)
		out[i] = l
	}
	return out, score
}

// sumsFirst is true where 小计 follows the name of its group, above the rows that it sums.
func sumsFirst(rows [][]token) bool {
	n, all := 0, 0
	for _, r := range rows {
		if last := r[len(r)-1].text; isSub(last) && last != joinTokens(r) {
			n++
			all++
		} else if isSub(last) {
			all++
		}
	}
	return n > 1 && n*2 > all
}

// beginsGroup is true of a row that a group's sum stands beside; without the top row, rows
// are counted from the second.
func (t *tokenTable) beginsGroup(i int, top bool) bool {
	if !top {
		i++
	}
	return len(t.rows[i].cells[len(t.slots)-1]) > 0
}

// cutLabel cuts one label; s is how well the widths explain it.
func cutLabel(r []token, w labelWidths, must, never bool) (l labelled, s int) {
	whole := fits(r, w.own)
	if !must && (whole || never) {
		if whole {
			s = 2
		}
		if cut := namedCut(r); cut > 0 && !never && len(r) > 1 {
			return labelled{group: r[:cut], own: r[cut:], begins: true}, 2
		}
		return labelled{own: r}, s
	}
	best, bestScore := 0, 0
	named := namedCut(r)
	for cut := 1; cut < len(r); cut++ {
		score := 0
		if fits(r[:cut], w.group) && fits(r[cut:], w.own) {
			score = 2
		}
		if cut == named {
			score += 2
		}
		if score > bestScore {
			best, bestScore = cut, score
		}
	}
	if best > 0 {
		if !must && best != named {
			bestScore = 1 // neither a sum before it nor a college's name says that a group begins
		}
		return labelled{group: r[:best], own: r[best:], begins: true}, min(bestScore, 2)
	}
	if fits(r, w.group) {
		s = 1
	}
	return labelled{own: r, begins: true, across: true}, s
}

// namedCut is where the name of a college ends within a label, 0 if nowhere.
func namedCut(r []token) int {
	for cut := 1; cut < len(r); cut++ {
		name := joinTokens(r[:cut])
		for _, end := range []string{"学院", "系", "书院", "学部", "研究院", "校区"} {
			if strings.HasSuffix(name, end) && !strings.HasPrefix(r[cut].text, "（") && !strings.HasPrefix(r[cut].text, "学") {
				return cut
			}
		}
	}
	return 0
}

// table builds the table: labels, figures, heads; nil if the heads do not fit.
func (t *tokenTable) table() *proofread.Table {
	first := 0
	if t.index {
		first = 1
	}
	if t.slots[first].words && !t.index {
		return t.labelledTable()
	}
	labels := first + 1
	if len(t.slots) > 1 && !t.slots[1].words {
		labels = first
	}
	head := t.headRows(t.head, columnsWanted{total: len(t.slots), labels: labels})
	if head == nil {
		head = t.headsOverPairs()
	}
	if head == nil {
		return nil
	}
	table := &proofread.Table{Cells: head, Head: len(head)}
	for _, r := range t.rows {
		line := make([]proofread.Cell, len(t.slots))
		for i, c := range r.cells {
			line[i] = cellOf(c)
		}
		table.Cells = append(table.Cells, line)
	}
	return table
}

// labelledTable builds a table whose rows begin with labels. How many words before the
// first figure are its label, and how many still heads, is what fits best.
func (t *tokenTable) labelledTable() *proofread.Table {
	if len(t.head) == 0 && len(t.rows) > 1 && t.rows[0].isScale() {
		labels := make([]labelled, len(t.rows))
		for i, r := range t.rows {
			labels[i].own = r.cells[0]
		}
		table := t.fill(nil, labels, false)
		table.Head = 1
		return table
	}
	before := append(append([]token{}, t.head...), t.rows[0].cells[0]...)
	figures := len(t.slots) - 1
	var best *proofread.Table
	bestCost := 1 << 30
	rows := make([][]token, len(t.rows))
	for i, r := range t.rows {
		rows[i] = r.cells[0]
	}
	widths := t.widths(rows[1:])
	two := widths.group > 0
	limit := 2*figures + 8
	for k := 1; k <= 6 && k <= len(before)-len(t.head); k++ {
		rows[0] = before[len(before)-k:]
		labels := t.labels(rows, widths)
		columns := figures + 1
		if two {
			columns++
		}
		head, cost := t.headCost(before[:len(before)-k], columnsWanted{total: columns, labels: columns - figures})
		cost += misfit(labels)*4 + t.unlikelyLabel(rows[0])
		if head != nil && cost < bestCost && cost <= limit {
			best, bestCost = t.fill(head, labels, two), cost
		}
	}
	return best
}

// unlikelyLabel is how little the first row's label looks like one: it holds heads.
func (t *tokenTable) unlikelyLabel(r []token) int {
	cost := 0
	if len(t.rows) < 3 {
		cost = 2 * (len(r) - 1)
	}
	for _, u := range r {
		if isOneOf(u.text, "人数", "占比", "比例", "比率", "比例（%）", "占比（%）") && len(r) > 1 {
			cost += 20 // a head as such
		}
		if strings.HasSuffix(u.text, "率") || len(t.rows) > 2 && (strings.HasSuffix(u.text, "人数") || strings.Contains(u.text, "比例") || strings.Contains(u.text, "占比") || strings.Contains(u.text, "%")) {
			cost += 6
		}
	}
	return cost
}

// misfit counts labels that the columns do not explain: broken where the line is not
// full.
func misfit(labels []labelled) int {
	width := 0
	for _, l := range labels {
		for _, t := range l.own {
			width = max(width, t.width())
		}
	}
	n := 0
	for _, l := range labels {
		if !fits(l.own, width) {
			n++
		}
	}
	return n
}

// fill writes labels and figures below the head.
func (t *tokenTable) fill(head [][]proofread.Cell, labels []labelled, two bool) *proofread.Table {
	table := &proofread.Table{Cells: head, Head: len(head)}
	var group proofread.Cell
	for i, l := range labels {
		var line []proofread.Cell
		own := cellOf(l.own)
		switch {
		case !two:
			line = append(line, own)
		case l.across:
			line = append(line, own, merged(own))
			group = proofread.Cell{}
		case l.begins:
			group = cellOf(l.group)
			line = append(line, group, own)
		default:
			line = append(line, merged(group), own)
		}
		for _, c := range t.rows[i].cells[1:] {
			line = append(line, cellOf(c))
		}
		table.Cells = append(table.Cells, line)
	}
	return table
}

// isScale is true of a row of ranges, years or numbers with units, which are heads: 1-20,
// 21-100; 2023, 2024.
func (r tokenRow) isScale() bool {
	for _, c := range r.cells[1:] {
		if len(c) != 1 || !isYear(c[0].text) && !strings.ContainsAny(c[0].text, "-～~≤≥<>个份次人分家") || isDash(c[0].text) {
			return false
		}
	}
	return true
}

func isDash(s string) bool { return isOneOf(strings.TrimSpace(s), dashes...) }

// headsOverPairs reads one head above each pair of a name and a figure: the ten best by
// four measures.
func (t *tokenTable) headsOverPairs() [][]proofread.Cell {
	slots := t.slots[1:]
	for i, s := range slots {
		if s.words != (i%2 == 0) {
			return nil
		}
	}
	units, cost := segment(t.head, len(slots)/2+1)
	if len(slots)%2 != 0 || units == nil || cost > len(units)*2 {
		return nil
	}
	line := []proofread.Cell{cellOf(units[0])}
	for _, u := range units[1:] {
		c := cellOf(u)
		line = append(line, c, merged(c))
	}
	return [][]proofread.Cell{line}
}
