package layout

import (
	"strings"

	"quxiang/internal/domain/proofread"
)

// tabbed reads rows whose cells stand between tabs.
func (w *walk) tabbed() bool {
	var lines [][]proofread.Cell
	end := w.at
	for i := w.at; i < len(w.rows); i++ {
		r := w.rows[i]
		if r.kind == blankLine && !strings.Contains(r.text, "\t") || r.kind == furniture {
			continue
		}
		if !strings.Contains(r.text, "\t") || r.kind == caption {
			break
		}
		lines = append(lines, splitCells(r, '\t'))
		end = i + 1
	}
	return w.separated(lines, end, 0)
}

// piped reads rows whose cells stand between pipes, as Markdown has them.
func (w *walk) piped() bool {
	var lines [][]proofread.Cell
	head, end := 0, w.at
	for i := w.at; i < len(w.rows); i++ {
		if w.rows[i].kind == furniture {
			continue
		}
		t := strings.TrimSpace(w.rows[i].text)
		if !strings.HasPrefix(t, "|") || strings.Count(t, "|") < 2 {
			break
		}
		end = i + 1
		if strings.Trim(t, "|-: ") == "" {
			if head == 0 {
				head = len(lines)
			}
			continue
		}
		cells := splitCells(w.rows[i], '|')
		cells = cells[1:]
		if n := len(cells); n > 0 && cells[n-1].Text == "" && strings.HasSuffix(t, "|") {
			cells = cells[:n-1]
		}
		lines = append(lines, cells)
	}
	return w.separated(lines, end, head)
}

func splitCells(r row, sep rune) []proofread.Cell {
	var out []proofread.Cell
	rs := []rune(r.text)
	from := 0
	for i := 0; i <= len(rs); i++ {
		if i < len(rs) && rs[i] != sep {
			continue
		}
		var j joint
		at := r.place
		at.Rune += from
		j.add(string(rs[from:i]), at)
		out = append(out, j.cell())
		from = i + 1
	}
	return out
}

// separated makes a table of rows that were cut at separators.
func (w *walk) separated(lines [][]proofread.Cell, end, head int) bool {
	width := 0
	for _, l := range lines {
		width = max(width, len(l))
	}
	if len(lines) < 2 || width < 2 || !evenRows(lines, width) {
		return false
	}
	for i, l := range lines {
		for len(l) < width {
			l = append(l, proofread.Cell{})
		}
		lines[i] = l
	}
	if head == 0 {
		head = headRows(lines)
	}
	spreadHead(lines[:head])
	spreadGroups(lines[head:])
	var heads []joint
	for i := w.at; i < end; i++ {
		if w.rows[i].kind == furniture {
			var j joint
			j.addLine(w.rows[i])
			heads = append(heads, j)
		}
	}
	w.at = end
	w.addTable(&proofread.Table{Cells: lines, Head: head}, heads)
	return true
}

// evenRows: all rows are as wide as the widest, or lack only cells at the end that
// other rows leave blank too; one odd row in ten lines makes no table of it.
func evenRows(lines [][]proofread.Cell, width int) bool {
	odd := 0
	for _, l := range lines {
		if len(l) < width {
			odd++
		}
	}
	return odd*4 <= len(lines) || odd <= 2
}

// headRows counts the rows before the first that holds figures.
func headRows(lines [][]proofread.Cell) int {
	for i, l := range lines {
		filled, numbers, years := 0, 0, 0
		for _, c := range l {
			switch {
			case c.Text == "":
			case isYear(c.Text):
				years++
				filled++
			case isNumber(c.Text):
				numbers++
				filled++
			default:
				filled++
			}
		}
		if numbers > 0 && !(numbers == 0 && years > 0) || years > 0 && i > 0 {
			if i < len(lines) {
				return i
			}
		}
		if i == 0 && years > 0 && numbers == 0 && len(lines) > 1 {
			continue
		}
	}
	return 0
}

// isYear: 2024, 2024 年, 2024 届.
func isYear(s string) bool {
	s = strings.TrimSpace(proofread.Fold(s))
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(s, "届"), "年"))
	return len(s) == 4 && (strings.HasPrefix(s, "19") || strings.HasPrefix(s, "20")) && strings.Trim(s, "0123456789") == ""
}

// spreadHead fills what merged heads left blank: to the right where the row below has
// heads of its own, downwards where it has none.
func spreadHead(head [][]proofread.Cell) {
	for i, l := range head {
		for c := 1; c < len(l); c++ {
			below := i+1 < len(head) && head[i+1][c].Text != ""
			switch {
			case l[c].Text == "" && below && l[c-1].Text != "":
				l[c] = merged(l[c-1])
			case l[c].Text != "" && l[c].Text == l[c-1].Text && below:
				l[c].Merged = true // printed again
			}
		}
	}
	for i := 1; i < len(head); i++ {
		for c := range head[i] {
			switch {
			case head[i][c].Text == "":
				head[i][c] = merged(head[i-1][c])
			case head[i][c].Text == head[i-1][c].Text:
				head[i][c].Merged = true
			}
		}
	}
}

// spreadGroups fills the label columns downwards: a group's name stands once.
func spreadGroups(body [][]proofread.Cell) {
	if len(body) == 0 {
		return
	}
	for _, r := range body { // the label of a sum reaches across the columns of labels
		for c := 1; c < len(r) && c < 3; c++ {
			if r[c].Text == "" && isSum(r[c-1].Text) && labelColumn(body, c) {
				r[c] = merged(r[c-1])
			}
		}
	}
	for c := 0; c < len(body[0]) && c < 3; c++ {
		if !labelColumn(body, c) {
			return
		}
		for i := 1; i < len(body); i++ {
			up := body[i-1][c]
			sameGroup := c == 0 || body[i][c-1].Merged && body[i][c-1].Text == body[i-1][c-1].Text
			switch {
			case body[i][c].Text == "" && up.Text != "" && sameGroup && c+1 < len(body[i]) && body[i][c+1].Text != "" && !isNumber(body[i][c+1].Text):
				body[i][c] = merged(up)
			case body[i][c].Text != "" && body[i][c].Text == up.Text && sameGroup && c+1 < len(body[i]) && !isNumber(body[i][c+1].Text):
				body[i][c].Merged = true
			}
		}
	}
}

// labelColumn holds words where it holds anything.
func labelColumn(body [][]proofread.Cell, c int) bool {
	words, numbers := 0, 0
	for _, l := range body {
		switch {
		case l[c].Text == "":
		case isNumber(l[c].Text):
			numbers++
		default:
			words++
		}
	}
	return words > numbers
}
