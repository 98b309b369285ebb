package layout

import (
	"strings"
	"unicode"

	"quxiang/internal/domain/proofread"
)

// token is a cell, or one line of a cell, that an extractor put on a line of its own.
type token struct {
	text   string
	place  proofread.Place
	number bool
	left   int // of the piece of the line that it stands in
}

func (t token) width() int { return cells(t.text) }

// tokens reads a table whose cells stand one a line: below its title, or above it.
func (w *walk) tokens() bool {
	if w.lastIsFigure() || w.rows[w.at].width() > 52 {
		return false
	}
	if w.cap == "" && w.at < w.run {
		return false
	}
	list, heads, end := w.tokenRun(w.at)
	w.run = end
	if w.rowsOnLines(w.at, end) {
		return false
	}
	if len(list) < 6 || w.cap == "" && !w.titleBelow(end) {
		return false
	}
	list, again := withoutRepeats(list)
	heads = append(heads, again...)
	t := readTokens(list)
	if t == nil {
		return false
	}
	w.at = end
	w.addTable(t, heads)
	return true
}

// withoutRepeats takes out the heads that a page printed again.
func withoutRepeats(list []token) (out []token, again []joint) {
	same := func(at int) int {
		n := 0
		for at+n < len(list) && n < at && list[at+n].text == list[n].text && !list[n].number {
			n++
		}
		return n
	}
	for i := 0; i < len(list); {
		if n := same(i); i > 4 && n >= 2 && list[i].text != list[i+1].text && i+n < len(list) && (list[i-1].number || n >= 4) {
			for _, t := range list[i : i+n] {
				var j joint
				j.add(t.text, t.place)
				again = append(again, j)
			}
			i += n
			continue
		}
		out = append(out, list[i])
		i++
	}
	return out, again
}

// rowsOnLines is true where most lines with figures hold a whole row: then the cells do
// not stand one a line.
func (w *walk) rowsOnLines(from, to int) bool {
	lines, rows := 0, 0
	for _, r := range w.rows[from:to] {
		t := lineTokens(r)
		n := 0
		for _, u := range t {
			if u.number {
				n++
			}
		}
		if n > 0 && r.kind == textLine {
			lines++
		}
		if n >= 2 && n < len(t) {
			rows++
		}
	}
	return rows*2 > lines
}

// titleBelow is true where the next visible line is the title of a table.
func (w *walk) titleBelow(at int) bool {
	for at < len(w.rows) && w.rows[at].kind == blankLine {
		at++
	}
	return at < len(w.rows) && w.rows[at].kind == caption && !w.rows[at].figure
}

// tokenRun takes the short lines from a line on, over page heads, as far as a table may
// go on.
func (w *walk) tokenRun(from int) (list []token, heads []joint, end int) {
	end = from
	numbers := false
	var pending []joint
	for i := from; i < len(w.rows); i++ {
		r := w.rows[i]
		switch {
		case r.kind == furniture:
			var j joint
			j.addLine(r)
			pending = append(pending, j)
			continue
		case r.kind == blankLine:
			if numbers && !w.blankInside(i) {
				return list, heads, end
			}
			continue
		case r.kind != textLine || isSentence(r.text):
			return list, heads, end
		}
		heads, pending = append(heads, pending...), nil
		for _, t := range joinSums(lineTokens(r)) {
			numbers = numbers || t.number
			list = append(list, t)
		}
		end = i + 1
	}
	return list, heads, end
}

// blankInside: a blank line before the page ends, or between any two tokens, does not
// end a table.
func (w *walk) blankInside(i int) bool {
	next := i
	for next < len(w.rows) && w.rows[next].kind == blankLine {
		next++
	}
	if next < len(w.rows) && w.rows[next].kind == furniture {
		return true
	}
	blanks := 0
	for k := max(0, i-12); k < i; k++ {
		if w.rows[k].kind == blankLine {
			blanks++
		}
	}
	return blanks >= 5
}

// isSentence tells a line of running text from a token.
func isSentence(s string) bool {
	s = strings.TrimSpace(s)
	return strings.ContainsAny(s, "。；？！|\t") || cells(s) > 52 || strings.Contains(s, "，") && cells(s) > 28 ||
		strings.HasSuffix(s, "，") || closes(s) && !isNumber(s) && !strings.HasPrefix(s, "）")
}

// lineTokens cuts a line at the spaces that stand between cells.
func lineTokens(r row) []token {
	rs := []rune(r.text)
	var out []token
	for i := 0; i < len(rs); {
		if unicode.IsSpace(rs[i]) {
			i++
			continue
		}
		j, end := i, i
		for j < len(rs) {
			if !unicode.IsSpace(rs[j]) {
				j++
				end = j
				continue
			}
			k := j
			for k < len(rs) && unicode.IsSpace(rs[k]) {
				k++
			}
			if k == len(rs) || betweenCells(string(rs[i:end]), string(rs[k:])) {
				break
			}
			j = k
		}
		at := r.place
		at.Rune += i
		t := string(rs[i:end])
		left := 0
		for _, p := range r.pieces {
			if p.place.Rune <= at.Rune {
				left = p.left
			}
		}
		out = append(out, token{t, at, isNumber(t), left})
		i = max(j, end)
	}
	return out
}

// betweenCells tells the space between two cells from one within a cell: around Latin
// words, between a number and what it counts.
func betweenCells(left, right string) bool {
	word, _, _ := strings.Cut(strings.TrimSpace(right), " ")
	l, r := []rune(left), []rune(word)
	if len(l) == 0 || len(r) == 0 {
		return false
	}
	last, first := l[len(l)-1], r[0]
	switch {
	case last < 0x80 && unicode.IsLetter(last), first < 0x80 && unicode.IsLetter(first), (first == '(' || first == '（') && !isNumber(left):
		return false
	case isNumber(left) && isNumber(word):
		return true
	case unicode.IsDigit(last):
		return isNumber(left) && !strings.ContainsRune("强年届个份人级月日家名所位分次", first)
	case unicode.IsDigit(first):
		return isNumber(word)
	}
	return true
}

// readTokens finds the rows that repeat, and what stands before them as their heads.
func readTokens(list []token) *proofread.Table {
	for _, form := range []func([]token) *tokenTable{indexedRows, yearRows, evenRuns, groupedRuns} {
		t := form(list)
		if t == nil {
			continue
		}
		if table := t.table(); table != nil {
			return table
		}
	}
	return nil
}

// tokenTable is a table of tokens, its rows found.
type tokenTable struct {
	head  []token
	rows  []tokenRow
	index bool // the first column is a running number
	slots []slot
	spans bool // the last figure stands once for a group: the group's sum
}

// slot is one place of every row: a run of words, or one figure.
type slot struct{ words bool }

// tokenRow is what stands in the slots, nil where nothing does.
type tokenRow struct{ cells [][]token }

func (r tokenRow) label() string { return joinTokens(r.cells[0]) }

func joinTokens(list []token) string {
	var b strings.Builder
	for _, t := range list {
		b.WriteString(t.text)
	}
	return b.String()
}

func cellOf(list []token) proofread.Cell {
	var j joint
	for _, t := range list {
		j.add(t.text, t.place)
	}
	return j.cell()
}
