package layout

import (
	"strings"
	"unicode"

	"quxiang/internal/domain/proofread"
)

// piece is a stretch of a line with wide space on both sides: a cell, or a part of one.
type piece struct {
	text        string
	place       proofread.Place
	left, right int // sides, in tenths of a character
	wide        int // left side where Chinese characters are two columns wide; as left where positions are known
	top         int // of its line
	number      bool
}

func (p piece) centre() int { return (p.left + p.right) / 2 }

// unit is the width of a character in the unit of sides.
const unit = 10

// piecesOf cuts a line where two spaces or a tab stand, or where its words are far
// apart.
func piecesOf(l Line) []piece {
	if l.Words != nil {
		return placedPieces(l)
	}
	rs := []rune(l.Text)
	var out []piece
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
			if k-j >= 2 || rs[j] == '\t' || rs[j] == '\u3000' && k-j >= 2 {
				break
			}
			j = k
		}
		out = append(out, newPieces(l, rs, i, end, i*unit, end*unit)...)
		i = max(j, end)
	}
	return out
}

// placedPieces joins the words of a line that stand close together.
func placedPieces(l Line) []piece {
	rs := []rune(l.Text)
	var out []piece
	for i := 0; i < len(l.Words); {
		j := i
		for j+1 < len(l.Words) && l.Words[j+1].Left-l.Words[j].Right < unit*8/10 {
			j++
		}
		a, b := l.Words[i], l.Words[j]
		from, to := min(max(a.From, 0), len(rs)), min(max(b.To, 0), len(rs))
		if from < to {
			out = append(out, newPieces(l, rs, from, to, a.Left, b.Right)...)
		}
		i = j + 1
	}
	return out
}

// newPieces makes a piece, or several where only numbers stand in it: "1860 1255".
func newPieces(l Line, rs []rune, from, to, left, right int) []piece {
	text := string(rs[from:to])
	if fields := strings.Fields(text); len(fields) > 1 && allNumbers(fields) {
		var out []piece
		width := right - left
		for i := from; i < to; {
			for i < to && unicode.IsSpace(rs[i]) {
				i++
			}
			j := i
			for j < to && !unicode.IsSpace(rs[j]) {
				j++
			}
			if i < j {
				out = append(out, newPiece(l, string(rs[i:j]), i, left+width*(i-from)/(to-from), left+width*(j-from)/(to-from)))
			}
			i = j
		}
		return out
	}
	return []piece{newPiece(l, text, from, left, right)}
}

func newPiece(l Line, text string, from, left, right int) piece {
	at := l.Place
	at.Rune += from
	p := piece{text: text, place: at, left: left, right: right, wide: left, top: l.Top, number: isNumber(text)}
	if l.Words == nil {
		p.wide = unit * cells(string([]rune(l.Text)[:from]))
	}
	return p
}

func allNumbers(fields []string) bool {
	for _, f := range fields {
		if !isNumber(f) {
			return false
		}
	}
	return true
}

// cells is how many columns of a terminal a text takes: Chinese characters two.
func cells(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r >= 0x2E80 && r != 0xFE0F {
			n++
		}
	}
	return n
}

// dashes stand in a cell for nothing.
var dashes = []string{"-", "—", "–", "/", "——", "--", "－", "\\", "*", "／", "―", "N/A", "n/a", "无", "------", "---"}

// isNumber tells what stands in a column of figures: 12, 1,234, 82.63%, 3.5 分, 101-150,
// ≤10, 12（3.4%）, and the dashes for nothing.
func isNumber(s string) bool {
	s = strings.TrimSpace(proofread.Fold(s))
	for _, d := range dashes {
		if s == d {
			return true
		}
	}
	if isDate(s) {
		return false
	}
	digits, others, han := 0, 0, 0
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case strings.ContainsRune(".,%+-–—~/:≤≥<>＜＞()（）‰ ：±*", r):
			others++
		case i > 0 && unicode.Is(unicode.Han, r):
			han++
		default:
			return false
		}
	}
	return digits > 0 && others <= digits+3 && (han == 0 || han == 1 && endsInUnit(s))
}

// isDate: 2023-03-15, 2023.3.15, 2023/3/15.
func isDate(s string) bool {
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '-' || r == '.' || r == '/' })
	return len(parts) == 3 && len(parts[0]) == 4 && len(parts[1]) <= 2 && len(parts[2]) <= 2 && isYear(parts[0])
}

// endsInUnit is true of "12人", "3.5分"; not of "2023年" and "3月", which are heads.
func endsInUnit(s string) bool {
	for _, u := range []string{"人", "家", "个", "分", "场", "元", "名", "次", "项", "份", "所", "条"} {
		if strings.HasSuffix(s, u) {
			return true
		}
	}
	return false
}
