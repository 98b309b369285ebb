package app_test

import (
	"strings"

	"quxiang/internal/domain/indicator"
	"quxiang/internal/domain/report"
)

// column is a heading of a printed table, with what stands below it.
type printedColumn struct{ top, below string }

// columnsOf lays the head of a table out: one entry a column.
func columnsOf(t *report.Table) []printedColumn {
	var out []printedColumn
	below := 0
	for _, c := range t.Head[0] {
		for range max(1, c.Cols) {
			p := printedColumn{top: c.Text}
			if len(t.Head) > 1 && c.Rows < 2 {
				p.below = t.Head[1][below].Text
				below++
			}
			out = append(out, p)
		}
	}
	return out
}

// entry is the bound number of a cell; a figure without one is an error.
func (r *recounting) entry(where string, n int, text string) *report.Number {
	r.Helper()
	if n < 1 || n > len(r.d.Numbers) {
		r.Errorf("%s: %s stands there without any provenance", where, text)
		return nil
	}
	r.cells++
	return &r.d.Numbers[n-1]
}

func byOf(n *report.Number) indicator.Dim {
	for _, w := range n.Where {
		if title, ok := strings.CutPrefix(w, "按"); ok {
			return dimOf(title)
		}
	}
	return ""
}

// table recounts each cell by what the heads of its row and its column say.
func (r *recounting) table(t *report.Table) {
	r.Helper()
	if t.ID == "survey" { // what others measured is counted by nobody
		return
	}
	cols := columnsOf(t)
	for _, line := range t.Body {
		label := line[0].Text
		for i, c := range line[1:] {
			where := t.Number + " " + label + " " + cols[i+1].top + " " + cols[i+1].below
			n := r.entry(where, c.Number, c.Text)
			if n == nil || n.Format != "" { // what has a number of its own is recounted there
				if n != nil && c.Text != strings.TrimSuffix(n.Text, "%") {
					r.Errorf("%s: %s in the table, %s in the appendix", where, c.Text, n.Text)
				}
				continue
			}
			if want := r.cell(n, label, cols[i+1]); c.Text != want {
				r.Errorf("%s: the report says %s, the statistics %s", where, c.Text, want)
			}
		}
	}
}

// cell finds what a row and a column name, whichever of them is the group.
func (r *recounting) cell(n *report.Number, label string, c printedColumn) string {
	r.Helper()
	t := r.stats(n.Snapshot, n.Table, byOf(n))
	row, heading, below := rowNamed(t, label), headed(t, c.top), c.below
	if row == nil { // turned
		row, heading = rowNamed(t, c.top), headed(t, label)
		if label == "合计" {
			heading = ""
		}
	} else if turned := rowNamed(t, c.top); turned != nil && label == "合计" && headed(t, c.top) == "?" {
		row, heading = turned, ""
	}
	if strings.HasPrefix(c.top, "初次") || strings.HasPrefix(c.top, "年终") {
		heading = headed(t, "毕业去向落实率")
	}
	if row == nil {
		return "no row " + label
	}
	if heading == "?" && (c.top == "毕业生数" || c.top == "落实单位人数") || below == "毕业生数" || below == "落实单位人数" {
		heading = ""
	}
	k, base, hidden := count(t, row, heading)
	f := report.Count
	if strings.Contains(c.top+below, "（%）") {
		f = report.Share
	}
	return printed(f, k, base, hidden)
}

func rowNamed(t *indicator.Table, name string) *indicator.Row {
	for i := range t.Rows {
		if t.Rows[i].Name() == name {
			return &t.Rows[i]
		}
	}
	return nil
}

// headed is the id of the column that a printed head means; ? of none.
func headed(t *indicator.Table, top string) string {
	top = strings.TrimSuffix(top, "（%）")
	for _, h := range t.Headings {
		title := strings.TrimSuffix(h.Title, "（按实际工作单位）")
		if top == h.Title || top == title || top == strings.TrimSuffix(title, "率") {
			return h.ID
		}
	}
	return "?"
}

// charted are the columns of charts that compare cohorts: they do not name it themselves.
var charted = map[string]string{"settled-years": "settled", "study-years": "study", "home-years": "home_city", "region-years": "jingjinji", "domestic": "study"}

// figure recounts each point by the names of its category and its series.
func (r *recounting) figure(f *report.Figure) {
	r.Helper()
	for _, s := range f.Series {
		for i, p := range s.Points {
			where := f.Number + " " + s.Name + " " + f.Categories[i]
			if p.Text == "" {
				continue
			}
			n := r.entry(where, p.Number, p.Text)
			if n == nil {
				continue
			}
			t := r.stats(n.Snapshot, n.Table, byOf(n))
			row, heading := rowNamed(t, f.Categories[i]), headed(t, s.Name)
			switch {
			case charted[f.ID] != "":
				heading = charted[f.ID]
			case f.ID == "deepen":
				row = rowNamed(t, "本科")
			case row == nil: // the largest parts
				row, heading = rowNamed(t, "合计"), headed(t, f.Categories[i])
			case s.Name == "毕业生数":
				heading = ""
			}
			format := report.Share
			if f.Unit == "人" {
				format = report.Count
			}
			k, base, hidden := count(t, row, heading)
			if want := printed(format, k, base, hidden); p.Text != want || p.K != k || p.N != base {
				r.Errorf("%s: the chart says %s (%d/%d), the statistics %s (%d/%d)", where, p.Text, p.K, p.N, want, k, base)
			}
		}
	}
}

// flow recounts the matrix from rows by origin and columns by province.
func (r *recounting) flow(t *report.Table) {
	r.Helper()
	home := r.a.School().HomeCity[:2] + "0000"
	digits := map[string]string{"华北": "1", "东北": "2", "华东": "3", "中南": "4", "西南": "5", "西北": "6", "港澳台": "78"}
	in := func(area, code string) bool {
		switch area {
		case "合计", "落实单位人数":
			return true
		case "本省":
			return code == home
		case "未填":
			return code == "" || code == "unknown"
		}
		return code != home && code != "" && strings.Contains(digits[area], code[:1])
	}
	for _, line := range t.Body {
		for i, c := range line[1:] {
			to := t.Head[0][i+1].Text
			n := r.entry(t.Number, c.Number, c.Text)
			if n == nil {
				continue
			}
			s := r.stats(n.Snapshot, "region", "origin")
			sum, hidden := 0, false
			for j := range s.Rows {
				x := &s.Rows[j]
				if x.Total != (line[0].Text == "合计") || !x.Total && !in(line[0].Text, x.Values[0].Key) {
					continue
				}
				hidden = hidden || x.Hidden
				for at, h := range s.Headings {
					if !x.Hidden && (h.ID == "unknown" || len(h.ID) == 6 && h.ID[0] >= '0' && h.ID[0] <= '9') && in(to, h.ID) {
						sum, hidden = sum+x.Cells[at].K, hidden || x.Cells[at].Hidden
					}
				}
			}
			if want := printed(report.Count, sum, 0, hidden); c.Text != want {
				r.Errorf("%s %s → %s: the report says %s, the statistics %s", t.Number, line[0].Text, to, c.Text, want)
			}
		}
	}
}
