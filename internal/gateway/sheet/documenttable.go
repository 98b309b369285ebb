package sheet

import (
	"strconv"
	"strings"

	"quxiang/internal/domain/proofread"
	"quxiang/internal/domain/proofread/layout"
)

func itoa(n int) string { return strconv.Itoa(n) }

// maxReach bounds in how many rows merged cells are looked for, all areas together.
const maxReach = 200_000

// fillMerged finds for every row which merged areas it meets, and makes the rows wide
// enough for them.
func (s *page) fillMerged() {
	s.areas = map[int][]area{}
	byRow := make(map[int]int, len(s.rows))
	for i, r := range s.rows {
		byRow[r.Number] = i
	}
	reach := 0
	for _, a := range s.merged {
		if a.top == a.bottom && a.left == a.right {
			continue
		}
		for n := a.top; n <= a.bottom && reach < maxReach; n++ {
			reach++
			i, ok := byRow[n]
			if !ok {
				continue
			}
			s.areas[n] = append(s.areas[n], a)
			if s.cells += a.right; s.cells > 2*maxShown {
				return
			}
			for len(s.rows[i].Cells) <= a.right {
				s.rows[i].Cells = append(s.rows[i].Cells, "")
			}
		}
	}
}

// areaAt is the merged area that a cell lies in.
func (s *page) areaAt(row, col int) (area, bool) {
	for _, a := range s.areas[row] {
		if a.left <= col && col <= a.right {
			return a, true
		}
	}
	return area{}, false
}

// covered is true of a merged cell that is not the first of its area.
func (s *page) covered(row, col int) bool {
	a, ok := s.areaAt(row, col)
	return ok && (a.top != row || a.left != col)
}

// table makes the rectangle of the rows; what a merged cell covers repeats it.
func (s *page) table(rows []Row) proofread.Block {
	left, right := s.bounds(rows)
	t := &proofread.Table{}
	if s.cells += len(rows) * (right - left + 1); s.cells > maxShown {
		return proofread.Block{}
	}
	text := map[[2]int]proofread.Cell{} // of the first cell of merged areas
	for _, r := range rows {
		line := make([]proofread.Cell, right-left+1)
		for c := left; c <= right; c++ {
			value := ""
			if c < len(r.Cells) {
				value = r.Cells[c]
			}
			cell := s.cell(value, r.Number, c)
			if a, ok := s.areaAt(r.Number, c); ok {
				first := [2]int{a.top, a.left}
				if a.top == r.Number && a.left == c {
					text[first] = cell
				} else if cell = text[first]; cell.Text != "" {
					cell.Merged = true
				}
			}
			line[c-left] = cell
		}
		t.Cells = append(t.Cells, line)
	}
	return proofread.Block{Kind: proofread.TableBlock, Table: t}
}

func (s *page) cell(value string, row, col int) proofread.Cell {
	var j layout.Joint
	at := s.place(row, col)
	for _, l := range strings.Split(value, "\n") {
		j.Add(l, at)
		at.Rune += len([]rune(l)) + 1
	}
	return j.Cell()
}

// bounds are the first and the last column with something in it.
func (s *page) bounds(rows []Row) (left, right int) {
	left = 1 << 30
	for _, r := range rows {
		for c, t := range r.Cells {
			if strings.TrimSpace(t) != "" {
				left, right = min(left, c), max(right, c)
			}
		}
	}
	return min(left, right), right
}
