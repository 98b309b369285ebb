package proofread

import (
	"fmt"
	"slices"
	"strings"
)

// levelDoubts holds a table of all graduates against the tables of their levels, which
// have the same title but for the level: each count of the one is the sum of the others'.
func levelDoubts(gs []*grid) []doubt {
	byTitle := map[string][]*grid{}
	var titles []string
	for _, g := range gs {
		if t := withoutLevel(g.title); t != "" && !g.shared && !g.excused {
			if byTitle[t] == nil {
				titles = append(titles, t)
			}
			byTitle[t] = append(byTitle[t], g)
		}
	}
	var out []doubt
	for _, t := range titles {
		var whole *grid
		var parts []*grid
		seen := map[string]bool{}
		for _, g := range byTitle[t] {
			l := levelIn(g.title)
			switch {
			case l == "" && whole == nil:
				whole = g
			case l != "" && !seen[l]:
				seen[l] = true
				parts = append(parts, g)
			}
		}
		if whole != nil && len(parts) > 1 {
			out = append(out, levelsOf(whole, parts)...)
		}
	}
	return out
}

// withoutLevel is a title without its number and the level that it names.
func withoutLevel(title string) string {
	s := squeeze(title)
	if i := strings.Index(s, number(title)); number(title) != "" && i >= 0 {
		s = s[i+len(number(title)):]
	}
	for _, w := range []string{"全体", "全校", "总体", "各学历", "本科", "硕士", "博士", "专科", "高职", "研究生", "毕业生", "生", "（", "）", "(", ")"} {
		s = strings.ReplaceAll(s, w, "")
	}
	return strings.TrimLeft(s, "-— .0123456789")
}

// levelsOf holds the counts of one table against the sums of the others.
func levelsOf(whole *grid, parts []*grid) []doubt {
	var out []doubt
	for _, w := range strands(whole) {
		if whole.cols[w.c].kind != count {
			continue
		}
		var list []strand
		for _, g := range parts {
			for _, s := range strands(g) {
				if g.cols[s.c].kind == count && slices.Equal(g.cols[s.c].keys, whole.cols[w.c].keys) {
					list = append(list, s)
					break
				}
			}
		}
		if len(list) == len(parts) {
			out = append(out, levelSums(w, list)...)
		}
	}
	return out
}

func levelSums(w strand, list []strand) []doubt {
	hits, totals := 0, 0
	var misses []doubt
	for r := range w.g.rows {
		row := lineName(w.g.rows[r])
		v := w.g.cells[r][w.c]
		if at, ok := w.rows[row]; !ok || at != r || v.kind != count {
			continue
		}
		var sum int64
		var said []Decimal
		var refs []cellRef
		usable, absent := true, false
		for _, s := range list {
			if _, ok := s.rows[row]; !ok {
				absent = true
				continue
			}
			x := s.at(row)
			if k := x.value().kind; k != count && k != dash {
				usable = false
			}
			sum += x.value().Units
			said = append(said, x.value().Decimal)
			refs = append(refs, x)
		}
		switch {
		case !usable:
		case sum == v.Units && positive(said) > 1:
			hits++
		case sum != v.Units:
			if w.g.rows[r].role == total {
				totals++
			}
			d := levelDoubt(w.at(row), refs, said, sum)
			d.weak = absent && sum < v.Units // a table without the row may have lost it
			misses = append(misses, d)
		}
	}
	if hits >= 3 && 3*(len(misses)-totals) <= hits {
		if n := len(misses); n == 2 && totals == 1 { // the total adds up the faulty part
			misses[1].mends = append([]mend{misses[0].mends[0]}, misses[1].mends...)
		}
		return misses
	}
	return nil
}

func levelDoubt(at cellRef, parts []cellRef, said []Decimal, sum int64) doubt {
	v := at.value()
	d := doubt{Finding: Finding{
		Where: at.g.where(), Cell: at.g.cellName(at.r, at.c), Printed: v.Decimal.String(), Expected: fmt.Sprint(sum),
		Rule: TableVsTable, Severity: Fault, Place: v.place,
	}}
	var where []string
	for _, p := range parts {
		where = append(where, p.g.where())
	}
	d.Explanation = fmt.Sprintf("分学历各表合起来是 %d（%s；%s），这里是 %d。", sum, spelled(said), strings.Join(where, "、"), v.Units)
	d.mends = []mend{exactly(at, Whole(sum))}
	for _, p := range parts {
		if need := p.value().Units + v.Units - sum; need >= 0 {
			d.mends = append(d.mends, exactly(p, Whole(need)))
		}
	}
	if len(parts) > 0 {
		d.Other = parts[0].value().place
	}
	return d
}
