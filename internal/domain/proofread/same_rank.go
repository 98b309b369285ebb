package proofread

import (
	"fmt"
	"strings"
)

// rankDoubts finds ranks that two different figures share, in tables ranked by a
// column: only equal figures share a rank.
func rankDoubts(t *Table, block int, title string) []doubt {
	r := beheaded(block, title, t)
	if len(r.body) < 3 {
		return nil
	}
	head := squeeze(strings.Join(r.headPath(0), ""))
	if !strings.Contains(head, "排序") && !strings.Contains(head, "排名") && !strings.Contains(head, "名次") {
		return nil
	}
	c, ok := r.rankedBy()
	if !ok {
		return nil
	}
	return append(r.sharedRanks(c), r.brokenRanks(c)...)
}

// brokenRanks finds the one rank that is neither the row's number nor that of the row
// above with the same figure.
func (t *raw) brokenRanks(c int) []doubt {
	at := -1
	for i := range t.body {
		a, _, ok := figureIn(t.body[i][0].Text)
		if !ok {
			return nil
		}
		if a.Cmp(Whole(int64(i+1))) == 0 {
			continue
		}
		if i > 0 && squeeze(t.body[i][c].Text) == squeeze(t.body[i-1][c].Text) && squeeze(t.body[i][0].Text) == squeeze(t.body[i-1][0].Text) {
			continue
		}
		if i > 0 && squeeze(t.body[i][0].Text) == squeeze(t.body[i-1][0].Text) || at >= 0 {
			return nil // a shared rank, or another way of counting
		}
		at = i
	}
	if at < 0 || len(t.body) < 5 {
		return nil
	}
	d := t.rankDoubt(at, c)
	d.Explanation = fmt.Sprintf("名次依次数下来这一行是 %d，印的是 %s。", at+1, d.Printed)
	return []doubt{d}
}

// sharedRanks finds different figures of one rank.
func (t *raw) sharedRanks(c int) []doubt {
	r := t
	var out []doubt
	for i := 1; i < len(r.body); i++ {
		a, _, okA := figureIn(r.body[i-1][0].Text)
		b, _, okB := figureIn(r.body[i][0].Text)
		x, _, okX := figureIn(r.body[i-1][c].Text)
		y, _, okY := figureIn(r.body[i][c].Text)
		if okA && okB && okX && okY && a.Cmp(b) == 0 && x.Cmp(y) != 0 {
			if b.Cmp(Whole(int64(i+1))) == 0 {
				i-- // this row's rank is its number: the one above is wrong
				out = append(out, r.rankDoubt(i, c))
				i++
				continue
			}
			out = append(out, r.rankDoubt(i, c))
		}
	}
	return out
}

// rankedBy is the column of figures that falls from row to row, the only one.
func (t *raw) rankedBy() (int, bool) {
	found := -1
	for c := 1; c < width(t); c++ {
		var last Decimal
		n, falls := 0, true
		for _, row := range t.body {
			d, _, ok := figureIn(row[c].Text)
			if !ok {
				falls = false
				break
			}
			falls = falls && (n == 0 || d.Cmp(last) <= 0)
			last = d
			n++
		}
		if !falls || n < 3 {
			continue
		}
		if found >= 0 {
			return 0, false
		}
		found = c
	}
	return found, found >= 0
}

func (t *raw) rankDoubt(i, c int) doubt {
	row := t.body[i]
	printed, _, _ := figureIn(row[0].Text)
	name := ""
	for _, cell := range row[1:] {
		if _, _, ok := figureIn(cell.Text); !ok && strings.TrimSpace(cell.Text) != "" {
			name = strings.TrimSpace(cell.Text)
			break
		}
	}
	place := At(row[0].Spans, 0)
	where := t.caption
	if where == "" {
		where = "没有表题的表"
	}
	d := doubt{Finding: Finding{
		Where: where, Cell: name + "/" + strings.Join(t.headPath(0), "·"), Printed: printed.String(), Expected: fmt.Sprint(i + 1),
		Rule: LabelOrNumber, Severity: Label, Place: place, Other: At(row[c].Spans, 0),
	}}
	d.Explanation = fmt.Sprintf("它的数是 %s，与名次同为 %s 的另一行不同；只有数相同才并列。", squeeze(row[c].Text), printed)
	d.mends = []mend{{at: place, name: where + " " + d.Cell, lo: Whole(int64(i + 1)), hi: Whole(int64(i + 1))}}
	return d
}
