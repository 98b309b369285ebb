package layout

import (
	"slices"
	"strings"

	"quxiang/internal/domain/proofread"
)

// spaced reads rows that stand one a line, cells with one space between: the columns are
// told by how many figures end each row.
func (w *walk) spaced() bool {
	if w.lastIsFigure() || w.cap == "" && w.at < w.run {
		return false
	}
	s := w.spacedRun(w.at)
	if !s.look() || w.cap == "" && !w.titleBelow(s.end) {
		return false
	}
	g := s.grid(&w.votes)
	if g == nil {
		return false
	}
	w.at = s.end
	w.addTable(&proofread.Table{Cells: append(g.head, g.body...), Head: len(g.head)}, s.heads)
	return true
}

// maxSpacedHead is the most lines that a head has before its first row; looking on for one
// would read a long text once for each of its captions.
const maxSpacedHead = 40

// spacedLines are the lines of such a table.
type spacedLines struct {
	lines  [][]token
	heads  []joint // printed again by a page, and page heads
	end    int
	first  int // line of the first row
	index  int // 1 where a running number comes first
	labels int // columns of words
	figs   int // columns of figures
}

// spacedRun takes the lines of a table from one on, over pages that print its title and
// heads again.
func (w *walk) spacedRun(from int) *spacedLines {
	s := &spacedLines{end: from}
	var pending []joint
	seen := map[string]bool{}
	rows := false
	for i := from; i < min(len(w.rows), from+maxRegion); i++ {
		r := w.rows[i]
		switch {
		case r.kind == blankLine:
			continue
		case r.kind == furniture, r.kind == caption && w.cap != "" && continues(r, w.cap, w.lastCaption()):
			pending = append(pending, lineJoint(r))
			continue
		case r.kind == caption, r.kind == note, r.kind == heading, len(r.pieces) > 1 && w.prose.spaced && i >= w.stuck && !isRowLine(lineTokens(r)), w.textual(i):
			return s
		}
		if !rows && len(s.lines) > maxSpacedHead {
			return s
		}
		t := lineTokens(r)
		if key := strings.TrimSpace(r.text); rows && seen[key] && !isRowLine(t) && len(t) > 1 {
			pending = append(pending, lineJoint(r))
			continue
		} else if !rows {
			seen[key] = true
		}
		rows = rows || isRowLine(t)
		s.heads, pending = append(s.heads, pending...), nil
		s.lines = append(s.lines, joinSums(t))
		s.end = i + 1
	}
	return s
}

// textual is true of a line of running text, not of a row; a head may be as long where the
// columns are not where they seem.
func (w *walk) textual(i int) bool {
	r := w.rows[i]
	switch {
	case !isSentence(r.text):
		return false
	case strings.ContainsAny(r.text, "，；") && r.width() > 40:
		return true
	}
	return !isRowLine(lineTokens(r)) && (i >= w.stuck || len(r.pieces) < 3)
}

// isRowLine is true of a line that ends with figures and has more than one cell.
func isRowLine(t []token) bool {
	return len(t) > 1 && t[len(t)-1].number && !allYears(t)
}

func allYears(t []token) bool {
	any := false
	for _, u := range t {
		if u.number && !isYear(u.text) {
			return false
		}
		any = any || u.number
	}
	return any
}

// joinSums makes one label of 机械学院 汇总.
func joinSums(t []token) []token {
	for i := 1; i < len(t); i++ {
		if strings.HasPrefix(t[i].text, "汇总") && !t[i-1].number {
			t[i-1].text += " " + t[i].text
			t = slices.Delete(t, i, i+1)
		}
	}
	return t
}

// look finds the shape that all rows share; false if they share none.
func (s *spacedLines) look() bool {
	s.first = slices.IndexFunc(s.lines, isRowLine)
	if s.first < 1 {
		return false
	}
	rows, single := 0, 0
	s.index = 1
	for _, t := range s.lines[s.first:] {
		words, lead, tail := shapeOf(t)
		switch {
		case tail == 0 && len(t) == 1:
			single++
			continue
		case tail == 0:
			return false
		}
		if rows == 0 {
			s.figs = tail
		}
		if tail != s.figs && !(words == 0 && tail == s.figs+1) {
			return false
		}
		if lead == 0 && !isSum(t[0].text) {
			s.index = 0
		}
		s.labels = max(s.labels, words)
		rows++
	}
	return rows >= 2 && single <= rows*2 && s.labels >= 1 && s.labels <= 3 && s.figs >= 1
}

// shapeOf counts the words of a row, the figures before them (0 or 1) and behind them.
// Words between figures make it no row: tail is 0.
func shapeOf(t []token) (words, lead, tail int) {
	i := 0
	if len(t) > 1 && t[0].number && !t[1].number {
		lead, i = 1, 1
	}
	for i < len(t) && !t[i].number {
		words++
		i++
	}
	for _, u := range t[i:] {
		if !u.number {
			return words, lead, 0
		}
		tail++
	}
	return words, lead, tail
}

// Sides of the columns that such rows are laid out in.
func (s *spacedLines) labelSide(i int) int { return 100 + 200*i }
func (s *spacedLines) figSide(i int) int   { return 100 + 200*s.labels + 100*i }

// grid lays the lines out in columns and reads them as drawn ones.
func (s *spacedLines) grid(votes *int) *grid {
	s.joinHead()
	wide := s.wideHeads()
	g := &grid{pitch: unit, headEnd: s.first, votes: votes}
	for i, t := range s.lines {
		l := gridLine{top: i * unit}
		switch {
		case i < s.first && wide != nil:
			l.pieces = []piece{}
		case i < s.first:
			l.pieces = s.headPieces(t)
		default:
			l.pieces = s.rowPieces(t)
		}
		if l.pieces == nil {
			return nil
		}
		for k := range l.pieces {
			l.pieces[k].top = l.top
		}
		g.lines = append(g.lines, l)
	}
	g.findColumns()
	if len(g.columns) != s.index+s.labels+s.figs || !g.buildBody() {
		return nil
	}
	if wide == nil && g.buildHead() && len(g.head) > 0 && g.suits() {
		return g
	}
	for _, g.head = range wide {
		if len(g.head[0]) == len(g.columns) && g.suits() {
			return g
		}
	}
	return nil
}

// rowPieces lays out a row: figures from the last back, words before them.
func (s *spacedLines) rowPieces(t []token) []piece {
	words, lead, tail := shapeOf(t)
	var out []piece
	put := func(u token, left, right int) {
		out = append(out, piece{text: u.text, place: u.place, left: left, right: right, number: u.number})
	}
	if lead > s.index || tail > s.figs {
		return nil
	}
	if lead == 1 {
		put(t[0], 0, 50)
	}
	own := t[lead : lead+words]
	for i, u := range own {
		at := s.labelSide(s.labels - words + i)
		switch {
		case tail == 0 && s.labels > 1: // a group's name on a line of its own
			put(u, s.labelSide(0), s.labelSide(0)+100)
		case words == 1 && s.labels > 1 && isSum(u.text) && !strings.Contains(u.text, "小计"):
			put(u, s.labelSide(0), s.labelSide(s.labels-1)+100)
		default:
			put(u, at, at+100)
		}
	}
	for i, u := range t[lead+words:] {
		put(u, s.figSide(i), s.figSide(i)+50)
	}
	return out
}

// headPieces lays out a line of heads by how many there are: one for each column, one for
// each of figures or of labels, or each over as many columns of figures.
func (s *spacedLines) headPieces(t []token) []piece {
	before := s.index + s.labels
	n := len(t)
	if p := s.period(); p > 1 && n != s.figs && n != 1 && n != before+s.figs {
		switch groups := s.figs / p; n {
		case groups:
			return s.over(t, 0, p)
		case before + groups:
			return s.over(t, before, p)
		}
		return nil
	}
	switch {
	case n == before+s.figs:
		return s.over(t, before, 1)
	case n == s.figs && n > 1:
		return s.over(t, 0, 1)
	case n == before && n < s.figs || n == 1:
		return s.over(t, n, 1)
	case n > before && s.figs%(n-before) == 0:
		return s.over(t, before, s.figs/(n-before))
	case s.figs%n == 0:
		return s.over(t, 0, s.figs/n)
	case s.labels == 2 && n == before-1+s.figs:
		return s.over(t, before-1, 1)
	}
	return nil
}

// period is after how many columns of figures the lowest heads begin anew, 0 if they do
// not: 人数, 占比, 人数, 占比.
func (s *spacedLines) period() int {
	for _, t := range s.lines[:s.first] {
		if len(t) < s.figs {
			continue
		}
		leaves := t[len(t)-s.figs:]
		for p := 2; p < s.figs; p++ {
			if s.figs%p == 0 && repeats(leaves, p) {
				return p
			}
		}
	}
	return 0
}

func repeats(t []token, p int) bool {
	for i := p; i < len(t); i++ {
		if t[i].text != t[i-p].text {
			return false
		}
	}
	return true
}

// over puts the first heads over the columns of labels, the others each over a number of
// columns of figures.
func (s *spacedLines) over(t []token, labels, each int) []piece {
	var out []piece
	fewer := s.index + s.labels - labels
	for i, u := range t {
		p := piece{text: u.text, place: u.place}
		switch {
		case i < labels && i < s.index:
			p.left, p.right = 0, 50
		case i < labels:
			at := i - s.index
			p.left, p.right = s.labelSide(at), s.labelSide(at)+100
			if labels > 0 && fewer == 1 && i == labels-1 {
				p.left, p.right = s.labelSide(0), s.labelSide(s.labels-1)+100
			}
		default:
			k := (i - labels) * each
			p.left, p.right = s.figSide(k), s.figSide(k+each-1)+50
		}
		out = append(out, p)
	}
	return out
}

// suits: counts stand below 人数, figures with a point below 率 and %.
func (g *grid) suits() bool {
	last := g.head[len(g.head)-1]
	for c, col := range g.columns {
		if !col.figures() {
			continue
		}
		var figures []string
		for _, r := range g.body {
			figures = append(figures, r[c].Text)
		}
		if !headSuits(last[c].Text, figures) {
			return false
		}
	}
	return true
}

// headSuits tells whether figures are what a head says.
func headSuits(head string, figures []string) bool {
	head = strings.Join(strings.Fields(head), "")
	share := strings.HasSuffix(head, "率") || strings.Contains(head, "%") || strings.HasSuffix(head, "比例") || strings.HasSuffix(head, "占比")
	count := strings.HasSuffix(head, "人数") || strings.HasSuffix(head, "总数") || strings.HasSuffix(head, "场次")
	points, whole := 0, 0
	for _, s := range figures {
		switch {
		case strings.ContainsAny(s, ".%"):
			points++
		case strings.ContainsAny(s, "123456789"):
			whole++
		}
	}
	return !(share && whole > points && points == 0) && !(count && points > whole)
}
