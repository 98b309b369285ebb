package proofread

import (
	"slices"
	"strings"
)

// grids makes one grid of the table, or one of each panel where several stand side by
// side.
func (t *raw) grids() []*grid {
	t.joinStacked()
	t.splitPairs()
	var out []*grid
	for _, p := range t.panels() {
		if g := p.grid(); g != nil {
			out = append(out, g)
		}
	}
	return out
}

// joinStacked puts the lower half of a table that was folded beside the upper one: 选项,
// 1, 2, 3 / 比例 … / 选项, 4, 5, 6 / 比例 ….
func (t *raw) joinStacked() {
	if len(t.head) != 1 || len(t.body) < 3 || len(t.body)%2 == 0 {
		return
	}
	name := squeeze(t.head[0][0].Text)
	half := len(t.body) / 2
	again := t.body[half]
	if name == "" || squeeze(again[0].Text) != name || len(figuresOf(again)) > 0 {
		return
	}
	for i := range half {
		if squeeze(t.body[i][0].Text) != squeeze(t.body[half+1+i][0].Text) {
			return
		}
	}
	t.head = [][]Cell{append(slices.Clone(t.head[0]), again[1:]...)}
	for i := range half {
		t.body[i] = append(slices.Clone(t.body[i]), t.body[half+1+i][1:]...)
	}
	t.body = t.body[:half]
	t.dropEmptyColumns()
}

func (t *raw) dropEmptyColumns() {
	for c := width(t) - 1; c > 0; c-- {
		used := slices.ContainsFunc(slices.Concat(t.head, t.body), func(row []Cell) bool { return squeeze(row[c].Text) != "" })
		if used {
			continue
		}
		for _, rows := range [][][]Cell{t.head, t.body} {
			for i := range rows {
				rows[i] = slices.Delete(slices.Clone(rows[i]), c, c+1)
			}
		}
	}
}

func figuresOf(row []Cell) []Decimal {
	var out []Decimal
	for _, c := range row {
		if d, _, ok := figureIn(c.Text); ok {
			out = append(out, d)
		}
	}
	return out
}

// splitPairs makes two columns of one whose cells hold a count and its share: 123(45.2%).
func (t *raw) splitPairs() {
	for c := width(t) - 1; c > 0; c-- {
		pairs, others := 0, 0
		for _, row := range t.body {
			s := Fold(strings.TrimSpace(row[c].Text))
			if bothNumbers.MatchString(s) && !thousands.MatchString(s) && (!ofWhole.MatchString(s) || containsAny(strings.Join(t.headPath(c), " "), shareWords)) {
				pairs++
			} else if s != "" && !isDash(s) {
				others++
			}
		}
		if pairs > others && pairs > 0 && len(t.head) > 0 {
			t.splitColumn(c)
		}
	}
}

func (t *raw) splitColumn(c int) {
	for i, row := range t.body {
		a, b := halves(row[c])
		t.body[i] = slices.Insert(slices.Clone(row), c+1, b)
		t.body[i][c] = a
	}
	for i, row := range t.head {
		again := row[c]
		again.Merged = true
		t.head[i] = slices.Insert(slices.Clone(row), c+1, again)
	}
	inner := make([]Cell, width(t))
	for i := range inner {
		inner[i] = Cell{Text: t.head[len(t.head)-1][i].Text, Merged: true}
	}
	inner[c], inner[c+1] = Cell{Text: "人数"}, Cell{Text: "比例(%)"}
	t.head = append(t.head, inner)
}

// halves cuts 123(45.2%) into 123 and 45.2%, each with its place.
func halves(c Cell) (Cell, Cell) {
	folded := Fold(c.Text)
	lead := len(folded) - len(strings.TrimLeft(folded, " "))
	m := bothNumbers.FindStringSubmatchIndex(strings.TrimSpace(folded))
	if m == nil || thousands.MatchString(strings.TrimSpace(folded)) {
		return c, Cell{Merged: c.Merged}
	}
	s := strings.TrimSpace(folded)
	first := Cell{Text: s[m[2]:m[3]], Merged: c.Merged, Spans: c.Spans}
	at := len([]rune(folded[:lead+m[4]]))
	second := Cell{Text: s[m[4]:m[5]] + "%", Merged: c.Merged}
	if len(c.Spans) > 0 {
		second.Spans = []Span{{Place: At(c.Spans, at)}}
	}
	return first, second
}

// panels cuts a table whose heads repeat (学院 人数 | 学院 人数) into one long table, and
// one with several columns of names, each with its figures, into several.
func (t *raw) panels() []*raw {
	n := width(t)
	if len(t.head) == 0 || n < 4 {
		return []*raw{t}
	}
	heads := make([]string, n)
	for c := range n {
		heads[c] = strings.Join(t.headPath(c), "›")
	}
	for w := 2; w <= n/2; w++ {
		if n%w == 0 && repeats(heads, w) {
			return []*raw{t.stacked(w)}
		}
	}
	return t.named(heads)
}

func repeats(heads []string, w int) bool {
	if heads[0] == "" || heads[0] == heads[1] {
		return false
	}
	for i := w; i < len(heads); i++ {
		if heads[i] != heads[i-w] {
			return false
		}
	}
	return true
}

// stacked is the table with its panels of w columns one under the other.
func (t *raw) stacked(w int) *raw {
	out := &raw{block: t.block, caption: t.caption}
	for _, row := range t.head {
		out.head = append(out.head, row[:w])
	}
	for c := 0; c < width(t); c += w {
		for _, row := range t.body {
			if !emptyRow(row[c : c+w]) {
				out.body = append(out.body, row[c:c+w])
			}
		}
	}
	return out
}

// named cuts where a column of names bears the same head as the figures beside it.
func (t *raw) named(heads []string) []*raw {
	var starts []int
	for c := 0; c+1 < len(heads); c++ {
		if heads[c] != "" && heads[c] == heads[c+1] && t.textual(c) && !t.textual(c+1) {
			starts = append(starts, c)
		}
	}
	if len(starts) < 2 {
		return []*raw{t}
	}
	var out []*raw
	for i, from := range starts {
		to := len(heads)
		if i+1 < len(starts) {
			to = starts[i+1]
		}
		p := &raw{block: t.block, caption: t.caption}
		for _, row := range t.head {
			p.head = append(p.head, row[from:to])
		}
		for _, row := range t.body {
			p.body = append(p.body, row[from:to])
		}
		out = append(out, p)
	}
	return out
}

// textual tells whether a column's cells are mostly words.
func (t *raw) textual(c int) bool {
	words, figures, counted := 0, 0, t.counted(c)
	for _, row := range t.body {
		s := strings.TrimSpace(row[c].Text)
		_, _, ok := figureIn(s)
		switch {
		case s == "":
		case ok && (!yearIn(s) || counted), isDash(s):
			figures++
		default:
			words++
		}
	}
	return words > figures
}

// headPath is what stands over a column, the outermost first, each once.
func (t *raw) headPath(c int) []string {
	var path []string
	for h := range t.head {
		s := strings.TrimSpace(strings.Join(strings.Fields(t.head[h][c].Text), " "))
		if s == "" {
			s = t.spanned(h, c)
		}
		if s != "" && (len(path) == 0 || path[len(path)-1] != s) {
			path = append(path, s)
		}
	}
	return path
}

// spanned is the head that reaches over an empty cell of an upper head row: the one to
// the left, if both have a head of their own below.
func (t *raw) spanned(h, c int) string {
	if h+1 >= len(t.head) || squeeze(t.head[h+1][c].Text) == "" {
		return ""
	}
	for l := c - 1; l >= 0; l-- {
		if squeeze(t.head[h+1][l].Text) == "" {
			return ""
		}
		if s := squeeze(t.head[h][l].Text); s != "" {
			return strings.TrimSpace(strings.Join(strings.Fields(t.head[h][l].Text), " "))
		}
	}
	return ""
}
