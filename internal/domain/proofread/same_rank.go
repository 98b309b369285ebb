package proofread

import (
	"fmt"
	"slices"
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
	by := r.rankedBy()
	if len(by) == 0 {
		return nil
	}
	return append(r.sharedRanks(by), r.brokenRanks(by)...)
}

// brokenRanks finds the one rank that is neither the row's number nor that of the row
// above with the same figure.
func (t *raw) brokenRanks(by []int) []doubt {
	at := -1
	for i := range t.body {
		a, _, ok := figureIn(t.body[i][0].Text)
		if !ok {
			return nil
		}
		if a.Cmp(t.place(i)) == 0 {
			continue
		}
		if i > 0 && t.alike(i, i-1, by) && squeeze(t.body[i][0].Text) == squeeze(t.body[i-1][0].Text) {
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
	d := t.rankDoubt(at, by[0])
	d.Explanation = fmt.Sprintf("名次依次数下来这一行是 %s，印的是 %s。", t.place(at), d.Printed)
	return []doubt{d}
}

// sharedRanks finds different figures of one rank.
func (t *raw) sharedRanks(by []int) []doubt {
	var out []doubt
	for i := 1; i < len(t.body); i++ {
		a, _, okA := figureIn(t.body[i-1][0].Text)
		b, _, okB := figureIn(t.body[i][0].Text)
		if !okA || !okB || a.Cmp(b) != 0 || t.alike(i, i-1, by) {
			continue
		}
		wrong := i
		if b.Cmp(t.place(i)) == 0 {
			wrong = i - 1 // this row's rank is its number
		}
		out = append(out, t.rankDoubt(wrong, by[0]))
	}
	return out
}

// rankedBy are the columns of figures that fall from row to row.
func (t *raw) rankedBy() []int {
	var out []int
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
		if falls && n >= 3 {
			out = append(out, c)
		}
	}
	return out
}

// place is the rank of a row counted from the first row's: a table may go on from
// another page.
func (t *raw) place(i int) Decimal {
	first, _, ok := figureIn(t.body[0][0].Text)
	if !ok || i == 0 {
		first = Whole(1)
	}
	return Whole(first.Units + int64(i))
}

// alike tells whether two rows have the same figure in a column that falls.
func (t *raw) alike(i, j int, by []int) bool {
	return slices.ContainsFunc(by, func(c int) bool { return squeeze(t.body[i][c].Text) == squeeze(t.body[j][c].Text) })
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
		Where: where, Cell: name + "/" + strings.Join(t.headPath(0), "·"), Printed: printed.String(), Expected: t.place(i).String(),
		Rule: LabelOrNumber, Severity: Label, Place: place, Other: At(row[c].Spans, 0),
	}}
	d.Explanation = fmt.Sprintf("它的数是 %s，与名次同为 %s 的另一行不同；只有数相同才并列。", squeeze(row[c].Text), printed)
	d.mends = []mend{{at: place, name: where + " " + d.Cell, lo: t.place(i), hi: t.place(i)}}
	return d
}
