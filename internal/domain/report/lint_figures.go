package report

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/indicator"
)

// shareText is a share as it has to be printed: two decimals (L11).
var shareText = regexp.MustCompile(`^\d{1,3}\.\d{2}$`)

// rounded is k in hundred of n, two decimals, half up, from the integers alone (L1).
func rounded(k, n int) string {
	if n <= 0 {
		return ""
	}
	h := (k*20000 + n) / (2 * n)
	return fmt.Sprintf("%d.%02d", h/100, h%100)
}

// shares holds every printed share against its integers: bound numbers, points of figures,
// and the cells of tables, from what is printed beside them (L1).
func (l *lint) shares() {
	for i, n := range l.doc.Numbers {
		if n.Format == Share && !n.Hidden && n.Base > 0 && n.Text != rounded(n.K, n.Base)+"%" {
			l.report(Problem{Rule: "L1", At: l.firstOf(i + 1), Words: n.Text, Text: fmt.Sprintf("%s 应为 %s%%（%d/%d）", n.Title, rounded(n.K, n.Base), n.K, n.Base)})
		}
	}
	for at, b := range l.doc.Blocks {
		switch {
		case b.Figure != nil && b.Figure.Unit == "%":
			for _, s := range b.Figure.Series {
				for i, p := range s.Points {
					if !p.Hidden && p.N > 0 && p.Text != "" && p.Text != rounded(p.K, p.N) {
						l.report(Problem{Rule: "L1", At: at, Words: p.Text, Text: fmt.Sprintf("图中%s %s 应为 %s（%d/%d）", b.Figure.Categories[i], s.Name, rounded(p.K, p.N), p.K, p.N)})
					}
				}
			}
		case b.Table != nil && b.Table.ID != provenance:
			l.tableShares(at, layout(b.Table))
		}
	}
}

// firstOf is the first block that prints a bound number; -1: none does.
func (l *lint) firstOf(number int) int {
	return slices.IndexFunc(l.doc.Blocks, func(b Block) bool {
		return b.Paragraph != nil && slices.ContainsFunc(b.Paragraph.Spans, func(s Span) bool { return s.Number == number })
	})
}

// laid is a table as a rectangle, with what its columns are.
type laid struct {
	t      *Table
	body   [][]square
	heads  []string // all heads of a column, from above
	count  map[int]bool
	share  map[int]bool
	beside map[int]int // share → the count beside it
	base   int         // the column of the whole row; -1: there is none
}

func layout(t *Table) laid {
	rows := rectangle(append(append([][]Cell{}, t.Head...), t.Body...))
	out := laid{t: t, count: map[int]bool{}, share: map[int]bool{}, beside: map[int]int{}, base: -1}
	head := min(len(t.Head), len(rows))
	out.body = rows[head:]
	if head == 0 {
		return out
	}
	for x := range rows[0] {
		text := ""
		for y := range head {
			if !rows[y][x].covered || y == 0 {
				text += rows[y][x].text + " "
			}
		}
		out.heads = append(out.heads, strings.TrimSpace(text))
		switch {
		case x == 0:
		case strings.Contains(text, "%") || strings.Contains(text, "比例"):
			out.share[x] = true
			if out.count[x-1] && rows[0][x-1].cell == rows[0][x].cell {
				out.beside[x] = x - 1
			}
		default:
			out.count[x] = true
			if bare := strings.TrimSpace(text); out.base < 0 && (strings.HasSuffix(bare, "毕业生数") || bare == "落实单位人数") {
				out.base = x
			}
		}
	}
	return out
}

// whole reads a printed count. Not ok: withheld, blank or a share.
func (s *square) whole() (int, bool) {
	n, err := strconv.Atoi(strings.ReplaceAll(s.text, ",", ""))
	return n, err == nil
}

// ownBase tells whether a column of an order's table may have a base of its own.
func (l *laid) ownBase(numbers []Number) bool {
	for _, row := range l.t.Body {
		for _, c := range row {
			if c.Number == 0 {
				continue
			}
			d, err := indicator.DefinitionByID(numbers[c.Number-1].Definition)
			return err != nil || slices.ContainsFunc(d.Cells, func(x indicator.Cell) bool { return len(x.Base) > 0 })
		}
	}
	return true
}

// tableShares holds each share of a table against the count beside it and the number of
// people of its row, both as they are printed.
func (l *lint) tableShares(at int, t laid) {
	if t.base < 0 || t.ownBase(l.doc.Numbers) {
		return
	}
	for _, row := range t.body {
		n, ok := row[t.base].whole()
		for x, beside := range t.beside {
			k, counted := row[beside].whole()
			if ok && counted && n > 0 && shareText.MatchString(row[x].text) && row[x].text != rounded(k, n) {
				l.report(Problem{Rule: "L1", At: at, Words: row[0].text + " " + row[x].text, Text: fmt.Sprintf("“%s”的%s应为 %s（%d/%d），表中是 %s", row[0].text, t.heads[x], rounded(k, n), k, n, row[x].text)})
			}
		}
	}
}

// sums adds up rows (L2) and columns (L3) of tables that show all parts of a partition.
func (l *lint) sums() {
	for _, p := range l.passages {
		b := l.doc.Blocks[p.at]
		if b.Table == nil || p.ours.verb != "table" || p.ours.opts["years"] != "" || p.ours.opts["stages"] != "" {
			continue
		}
		t := layout(b.Table)
		turned := p.ours.opt("rows", "") == "cells"
		if p.ours.opt("cols", "") == "" && !turned {
			l.rowSums(p.at, t)
		}
		if by := p.ours.opt("by", "level"); turned && p.ours.opt("cols", "") == "" || !turned && slices.Contains(partitions, by) {
			l.columnSums(p.at, t)
		}
	}
}

// partitions are the dimensions where everybody is in one row.
var partitions = []string{"level", "college", "sex", "major"}

func (l *lint) rowSums(at int, t laid) {
	if t.base < 0 {
		return
	}
	for _, row := range t.body {
		n, ok := row[t.base].whole()
		sum := 0
		for x := range row {
			if x == t.base || !t.count[x] {
				continue
			}
			k, counted := row[x].whole()
			ok = ok && counted
			sum += k
		}
		if ok && sum > 0 && sum != n {
			l.report(Problem{Rule: "L2", At: at, Words: row[0].text, Text: fmt.Sprintf("“%s”各项相加是 %d，人数是 %d", row[0].text, sum, n)})
		}
	}
}

func (l *lint) columnSums(at int, t laid) {
	if len(t.body) < 2 || t.body[len(t.body)-1][0].text != "合计" {
		return
	}
	last := t.body[len(t.body)-1]
	for x := range t.count {
		total, ok := last[x].whole()
		sum := 0
		for _, row := range t.body[:len(t.body)-1] {
			k, counted := row[x].whole()
			ok = ok && counted
			sum += k
		}
		if ok && sum != total {
			l.report(Problem{Rule: "L3", At: at, Words: t.heads[x], Text: fmt.Sprintf("“%s”各行相加是 %d，合计是 %d", t.heads[x], sum, total)})
		}
	}
}

// printedAlike holds each place that prints a bound number against the number (L4).
func (l *lint) printedAlike() {
	for at, b := range l.doc.Blocks {
		if b.Paragraph == nil {
			continue
		}
		for _, s := range b.Paragraph.Spans {
			if s.Number == 0 || !strings.ContainsAny(s.Text[:1], "0123456789") {
				continue // words of a difference or a trend
			}
			if n := l.doc.Numbers[s.Number-1]; s.Text != n.Text {
				l.report(Problem{Rule: "L4", At: at, Words: s.Text, Text: fmt.Sprintf("这里印的是 %s，同一个数字别处是 %s", s.Text, n.Text)})
			}
		}
	}
}

// oneSnapshot asks that all numbers of a cohort's stage are of one snapshot (L5).
func (l *lint) oneSnapshot() {
	of := map[string]*Number{}
	for i := range l.doc.Numbers {
		n := &l.doc.Numbers[i]
		if n.Snapshot == "" {
			continue // measured by others
		}
		if was := of[n.Cohort+n.Stage]; was == nil {
			of[n.Cohort+n.Stage] = n
		} else if was.Snapshot != n.Snapshot || was.SHA256 != n.SHA256 {
			l.report(Problem{Rule: "L5", At: l.firstOf(i + 1), Words: n.Snapshot, Text: fmt.Sprintf("%s 届的数字出自两份快照：%s 和 %s", n.Cohort, was.Snapshot, n.Snapshot)})
		}
	}
}

// bases asks each table of shares to say of whom (L6).
func (l *lint) bases() {
	for at, b := range l.doc.Blocks {
		if b.Table == nil || b.Line == 0 {
			continue
		}
		t := layout(b.Table)
		said := slices.ContainsFunc(b.Table.Notes, func(n string) bool { return strings.Contains(n, "基数") || strings.Contains(n, "外部数据") })
		if len(t.share) > 0 && !said {
			l.report(Problem{Rule: "L6", At: at, Words: b.Table.Number, Text: "这张表有百分比，表下没有写明是占谁的百分比，请在表注写“基数：…”"})
		}
	}
}

// decimals asks shares of the register to have two decimals (L11).
func (l *lint) decimals() {
	for i, n := range l.doc.Numbers {
		if n.Snapshot != "" && n.Format == Share && !n.Hidden && n.Base > 0 && !shareText.MatchString(strings.TrimSuffix(n.Text, "%")) {
			l.report(Problem{Rule: "L11", At: l.firstOf(i + 1), Words: n.Text, Text: "百分比应写两位小数"})
		}
	}
}

// smallCells looks for counts below five in tables and numbers of sensitive groups (L16),
// from what is printed: what withheld them is not asked.
func (l *lint) smallCells() {
	for i, n := range l.doc.Numbers {
		if sensitive(n.Where) && !n.Hidden && (small(n.K) || small(n.Base)) {
			l.report(Problem{Rule: "L16", At: l.firstOf(i + 1), Words: n.Text, Text: "这个数字属于敏感人群且不足 5 人，不能公布"})
		}
	}
	for at, b := range l.doc.Blocks {
		if b.Table == nil || b.Table.ID == provenance {
			continue
		}
		entry := l.entryOf(b.Table)
		if entry == nil || !sensitive(entry.Where) {
			continue
		}
		t := layout(b.Table)
		for _, row := range t.body {
			for x := range t.count {
				if k, ok := row[x].whole(); ok && small(k) && row[0].text != "合计" {
					l.report(Problem{Rule: "L16", At: at, Words: row[0].text + " " + t.heads[x], Text: fmt.Sprintf("“%s”的“%s”不足 5 人，不能公布", row[0].text, t.heads[x])})
				}
			}
		}
	}
}

// entryOf is the bound number that a table's cells point to; nil: none.
func (l *lint) entryOf(t *Table) *Number {
	for _, row := range t.Body {
		for _, c := range row {
			if c.Number > 0 {
				return &l.doc.Numbers[c.Number-1]
			}
		}
	}
	return nil
}

// smallest is the smallest count that is printed of a sensitive group.
const smallest = 5

func small(n int) bool { return n > 0 && n < smallest }

func sensitive(where []string) bool {
	return slices.ContainsFunc(where, func(w string) bool {
		return strings.Contains(w, indicator.DimTitle("difficulty")) || strings.Contains(w, indicator.DimTitle("ethnicity"))
	})
}
