package layout

import (
	"slices"
	"strings"

	"quxiang/internal/domain/proofread"
)

// drawn reads a table in columns, over as many pages as it goes on.
func (w *walk) drawn() bool {
	if w.cap == "" && len(w.rows[w.at].pieces) < 2 {
		return false
	}
	if w.tried.over(w.at) && w.cap == "" {
		return false
	}
	end := w.region(w.at)
	g := readGrid(w.rows[w.at:end], &w.votes)
	if g != nil && g.stuck() {
		w.stuck, g = end, nil
	}
	if g == nil || !w.certain(g, end) {
		w.tried.fail(w.at, end)
		return false
	}
	t := &proofread.Table{Cells: append(g.head, g.body...), Head: len(g.head)}
	number, title := w.cap, w.lastCaption()
	var repeated []joint
	w.at = end
	for {
		next, more := w.carried(g, number, title)
		if next == nil {
			break
		}
		continueGroups(t.Cells[len(t.Cells)-1], next)
		t.Cells = append(t.Cells, next.body...)
		repeated = append(repeated, more...)
	}
	w.addTable(t, repeated)
	w.addNotes()
	return true
}

// addNotes emits the footnotes that stood between the parts of a table.
func (w *walk) addNotes() {
	if len(w.notes) == 0 {
		return
	}
	sub := &walk{rows: w.notes, prose: w.prose}
	for sub.at < len(sub.rows) {
		if sub.rows[sub.at].kind == blankLine {
			sub.at++
			continue
		}
		sub.paragraph()
	}
	w.out = append(w.out, sub.out...)
	w.notes = nil
}

// attempts counts how often no table was found in a region of lines, so that a long one
// is not read again from every line.
type attempts struct{ until, times int }

// over is true within a region that was tried often enough.
func (a *attempts) over(at int) bool { return at < a.until && a.times >= 3 }

func (a *attempts) fail(at, end int) {
	if at >= a.until {
		*a = attempts{until: end}
	}
	a.times++
}

// lastCaption is the text of the caption right above, "" if none.
func (w *walk) lastCaption() string {
	if n := len(w.out); n > 0 && w.out[n-1].Kind == proofread.Caption {
		return w.out[n-1].Text
	}
	return ""
}

// region ends where a table in columns must end: at a caption, a heading, a note, the
// end of the page, running text.
func (w *walk) region(from int) int {
	end, blanks := from, 0
	for i := from; i < min(len(w.rows), from+maxRegion); i++ {
		r := w.rows[i]
		if r.kind == blankLine {
			if blanks++; blanks > 3 {
				break
			}
			continue
		}
		if r.kind == caption || r.kind == note || r.kind == furniture || r.place.Page != w.rows[from].place.Page ||
			r.kind == heading && len(r.pieces) == 1 || w.isProse(r) || w.runsOn(i) || strings.Contains(r.text, "\t") {
			break
		}
		blanks = 0
		end = i + 1
	}
	return end
}

// maxRegion is the most lines that are looked at for one part of a table; a page has far
// fewer.
const maxRegion = 1200

// isProse tells a line of running text from a row.
func (w *walk) isProse(r row) bool {
	for _, p := range r.pieces {
		if p.number {
			return false
		}
	}
	t := strings.TrimSpace(r.text)
	switch {
	case strings.HasSuffix(t, "。") && !strings.Contains(t, "  "):
		return true
	case len(r.pieces) > 2 || cells(r.pieces[0].text) < 40:
		return false
	}
	if r.indent < 10*unit && (strings.ContainsAny(t, "，。；") || w.prose.wrapped && len(r.pieces) == 1 && r.width() >= w.prose.width*9/10) {
		return true
	}
	return strings.ContainsAny(t, "。，；") && cells(r.pieces[0].text) > 56
}

// runsOn is true of a long line whose sentence ends on the next line.
func (w *walk) runsOn(i int) bool {
	r := w.rows[i]
	return i+1 < len(w.rows) && len(r.pieces) == 1 && r.width() >= 40 && !r.pieces[0].number && len(w.rows[i+1].pieces) == 1 &&
		strings.HasSuffix(strings.TrimSpace(w.rows[i+1].text), "。")
}

// certain asks more of what has no title: a chart's labels stand in rows too.
func (w *walk) certain(g *grid, end int) bool {
	figures, words, heads := 0, 0, 0
	for c, col := range g.columns {
		if col.figures() {
			figures++
			if len(g.head) > 0 && g.head[0][c].Text != "" {
				heads++
			}
		} else {
			words++
		}
	}
	if figures == 0 || len(g.body) < 2 && heads < figures {
		return false
	}
	if w.cap != "" && !w.lastIsFigure() {
		return len(g.body) >= 2 || figures >= 2
	}
	next := end
	for next < len(w.rows) && (w.rows[next].kind == blankLine || w.rows[next].kind == furniture) {
		next++
	}
	if next < len(w.rows) && w.rows[next].kind == caption {
		return !w.rows[next].figure && len(g.body) >= 2
	}
	return words > 0 && heads == figures && len(g.body) >= 2 && g.whole()
}

// stuck is true where labels hold a figure each, behind a space, or where one does whose row
// lacks a figure, or where rows stand among the heads: the columns are not where they seem,
// as tabs come out on a page that has no stops for them, or a narrow table in a text.
func (g *grid) stuck() bool {
	for _, row := range g.head {
		for _, c := range row {
			if n := slices.DeleteFunc(strings.Fields(c.Text), func(s string) bool { return !isNumber(s) || isYear(s) }); len(n) > 2 {
				return true
			}
		}
	}
	for c, col := range g.columns {
		if col.figures() {
			continue
		}
		n := 0
		for _, r := range g.body {
			if c > 0 && isSum(r[c-1].Text) && isNumber(r[c].Text) && r[len(r)-1].Text == "" {
				return true
			}
			label, figure, two := strings.Cut(r[c].Text, " ")
			if !two || isNumber(label) || !isNumber(figure) || isYear(figure) {
				continue
			}
			n++
			if slices.ContainsFunc(r[c+1:], func(c proofread.Cell) bool { return c.Text == "" }) {
				return true
			}
		}
		if n > 1 && 2*n > len(g.body) {
			return true
		}
	}
	return false
}

// lastIsFigure is true right below the title of a figure.
func (w *walk) lastIsFigure() bool { return strings.HasPrefix(w.lastCaption(), "图") }

// whole: no cell of a column of figures is blank.
func (g *grid) whole() bool {
	for _, r := range g.body {
		for c, col := range g.columns {
			if col.figures() && r[c].Text == "" {
				return false
			}
		}
	}
	return true
}

// carried reads the part of a table that stands on the next page: below its title and
// heads, printed again, or without them.
func (w *walk) carried(g *grid, number, title string) (*grid, []joint) {
	notes, at := w.footnotes(w.at, title)
	at, repeated, paged := w.pastFurniture(at)
	if at >= len(w.rows) {
		return nil, nil
	}
	paged = paged || w.rows[at].place.Page != w.rows[w.at-1].place.Page
	titled := false
	if r := w.rows[at]; r.kind == caption {
		if !continues(r, number, title) {
			return nil, nil
		}
		titled = true
		repeated = append(repeated, lineJoint(r))
		for at++; at < len(w.rows) && w.rows[at].kind == blankLine; {
			at++
		}
	}
	if !paged && !titled || at >= len(w.rows) {
		return nil, nil
	}
	end := w.region(at)
	next := readGrid(w.rows[at:end], &w.votes)
	if next == nil || !next.goesOn(g, titled) {
		return nil, nil
	}
	for _, l := range next.lines[:next.headEnd] {
		for _, p := range l.pieces {
			var j joint
			j.addPiece(p)
			repeated = append(repeated, j)
		}
	}
	w.at = end
	w.notes = append(w.notes, notes...)
	return next, repeated
}

// pastFurniture passes over blank lines and page heads, and returns these.
func (w *walk) pastFurniture(at int) (next int, heads []joint, any bool) {
	for at < len(w.rows) && (w.rows[at].kind == blankLine || w.rows[at].kind == furniture) {
		if w.rows[at].kind == furniture {
			heads = append(heads, lineJoint(w.rows[at]))
		}
		at++
	}
	return at, heads, len(heads) > 0
}

func lineJoint(r row) joint {
	var j joint
	j.addLine(r)
	return j
}

// continues is true of the title of a part of the table with that number and title.
func continues(r row, number, title string) bool {
	return !r.figure && (sameCaption(r.text, title) || strings.HasPrefix(strings.TrimSpace(r.text), "续") && (r.number == number || r.number == ""))
}

// footnotes passes over the lines at the foot of a page between two parts of a table,
// if the next page begins with its title again, and returns them.
func (w *walk) footnotes(at int, title string) ([]row, int) {
	page := w.rows[w.at-1].place.Page
	i := at
	for i < len(w.rows) && w.rows[i].kind == blankLine {
		i++
	}
	if i >= len(w.rows) || w.rows[i].kind == caption || !isFootnote(w.rows[i].text) || page == 0 {
		return nil, at
	}
	from := i
	for i < len(w.rows) && w.rows[i].place.Page == page && w.rows[i].kind != furniture {
		if w.rows[i].kind == caption {
			return nil, at
		}
		i++
	}
	next := i
	for next < len(w.rows) && (w.rows[next].kind == blankLine || w.rows[next].kind == furniture) {
		next++
	}
	if next < len(w.rows) && w.rows[next].kind == caption && continues(w.rows[next], "\x00", title) {
		return w.rows[from:i], i
	}
	return nil, at
}

// isFootnote: "6 八大经济区：…", ① …, * ….
func isFootnote(s string) bool {
	s = strings.TrimSpace(s)
	if s == "" || isNote(s) || strings.ContainsRune("①②③④⑤⑥⑦⑧⑨⑩*＊", firstRune(s)) {
		return s != ""
	}
	if strings.ContainsRune("¹²³⁴⁵⁶⁷⁸⁹", firstRune(s)) {
		return true
	}
	rest := strings.TrimLeft(s, "0123456789")
	return len(rest) < len(s) && len(s)-len(rest) <= 2 && strings.HasPrefix(rest, " ") && len([]rune(rest)) > 8
}

// goesOn: the columns are those of the table so far, and the heads too, if there are any.
func (g *grid) goesOn(first *grid, titled bool) bool {
	if len(g.columns) != len(first.columns) {
		return false
	}
	for c := range g.columns {
		if g.columns[c].figures() != first.columns[c].figures() {
			return false
		}
	}
	if len(g.head) == 0 {
		return true
	}
	if len(first.head) == 0 {
		return false
	}
	same := 0
	for c := range g.columns {
		if g.head[len(g.head)-1][c].Text == first.head[len(first.head)-1][c].Text {
			same++
		}
	}
	return same*10 >= len(g.columns)*7 || titled && len(g.head) == len(first.head)
}

// continueGroups fills labels that the page before began.
func continueGroups(last []proofread.Cell, g *grid) {
	if !g.open {
		return
	}
	for _, r := range g.body {
		if r[0].Text != "" || len(r) < 2 || r[1].Text == "" {
			return
		}
		r[0] = merged(last[0])
	}
}
