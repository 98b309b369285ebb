package web

import (
	"strconv"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/domain/report"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// chooseNumber fills in the number that ?number=N selects.
func (w *Web) chooseNumber(r *httpd.Request, p *reportPage, shown *report.Preview) error {
	n, err := strconv.Atoi(r.URL.Query().Get("number"))
	if err != nil || n < 1 || n > len(shown.Document.Numbers) {
		return nil
	}
	x := shown.Document.Numbers[n-1]
	c := &chosenNumber{Number: x, N: n, K: part.Number{Text: strconv.Itoa(x.K)}, Base: part.Number{Text: strconv.Itoa(x.Figure.Base)}, Places: p.places(shown, n)}
	if x.Hidden {
		c.K.Text, c.Base.Text = indicator.Withheld, indicator.Withheld
	}
	c.Snapshot = part.Link{Title: "今天的登记（还没有冻结）"}
	if x.SHA256 != "" {
		c.Snapshot = part.Link{Title: x.Snapshot, Href: "/snapshots/" + x.Snapshot}
	}
	if r.Who.May(access.ViewPeople) == nil && r.Who.Within(access.ViewPeople).School && x.Format != "" && !x.Hidden {
		if err := w.openNumber(r, c, shown); err != nil {
			return err
		}
	}
	p.Chosen = c
	return nil
}

// openNumber leads from a number to the people that it counts, at the moment of its
// figures. Tables of employers have no list of people.
func (w *Web) openNumber(r *httpd.Request, c *chosenNumber, shown *report.Preview) error {
	if c.Table != table {
		return nil
	}
	var cut calendar.Cut
	for _, s := range shown.Standings {
		if s.Cohort == c.Cohort {
			cut = s.Cut
		}
	}
	q := query{Cohort: c.Cohort, AsOf: cut.True.String(), KnownAt: cut.Known.String(), Definition: c.Definition}
	names, err := w.Figures.Names(r.Context())
	if err != nil {
		return err
	}
	var row []string
	for _, where := range c.Where {
		title, value, _ := strings.Cut(where, "=")
		keys := []string{}
		for _, d := range rowDims {
			if indicator.DimTitle(d) == title {
				keys = names.Keys(d, value)
				row = append(row, string(d))
			}
		}
		if len(keys) != 1 {
			return nil // several groups together, or a dimension that no list is of
		}
		row = append(row, keys[0])
	}
	c.Base.Href, c.Base.Says = q.address("/people", row...), "打开 "+c.Base.Text+" 人的名单"
	if c.Cell != "" {
		c.K.Href, c.K.Says = q.address("/people", append(row, "cell", c.Cell)...), "打开 "+c.K.Text+" 人的名单"
	}
	return nil
}

// places are where a number stands: its own place in text, tables and figures, and the
// tables and figures of the same indicator that print the same value.
func (p *reportPage) places(shown *report.Preview, n int) []part.Link {
	x := shown.Document.Numbers[n-1]
	same := func(number int, text string) bool {
		if number == n {
			return true
		}
		if number < 1 || x.Format == "" {
			return false
		}
		o := shown.Document.Numbers[number-1]
		return o.Format == "" && o.Table == x.Table && o.Snapshot == x.Snapshot && text == strings.TrimSuffix(x.Text, "%") && x.Format == report.Share
	}
	var out []part.Link
	texts := 0
	for i := range p.Pieces {
		piece := &p.Pieces[i]
		for j := range piece.Blocks {
			title, is := standsIn(&piece.Blocks[j], same)
			if !is {
				continue
			}
			if title == "" {
				texts++
				title = "正文第 " + strconv.Itoa(texts) + " 处"
			}
			out = append(out, part.Link{Title: title, Href: "#" + piece.Anchor()})
		}
	}
	return out
}

// standsIn tells whether a number stands in a block, and how tables and figures are called.
func standsIn(b *report.Block, same func(number int, text string) bool) (title string, is bool) {
	switch {
	case b.Paragraph != nil:
		for _, s := range b.Paragraph.Spans {
			is = is || same(s.Number, strings.TrimSuffix(s.Text, "%"))
		}
	case b.Table != nil:
		for _, row := range b.Table.Body {
			for _, c := range row {
				is = is || same(c.Number, c.Text)
			}
		}
		return b.Table.Number, is && b.Table.ID != "provenance"
	case b.Figure != nil:
		for _, s := range b.Figure.Series {
			for _, x := range s.Points {
				is = is || same(x.Number, x.Text)
			}
		}
		return b.Figure.Number, is
	}
	return "", is
}
