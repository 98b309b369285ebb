package web

import (
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/indicator"
	"quxiang/internal/web/part"
)

// figures is a counted table as it is shown: two narrow columns a kind.
type figures struct {
	Headings []heading
	Rows     []row
	Bars     []bar    // one a row that is shown, parts in the order of the definition
	Legend   []legend // of the bars
	Withheld bool     // some cells are not published
}

// heading of two columns: people, and their share.
type heading struct {
	ID, Title string
	Part      bool // one of the parts that add up to the base: has its colour in the bars
	Within    bool // counted within another column
}

// row of the table.
type row struct {
	Name  string
	Total bool
	Base  part.Number
	Cells []cell // by Headings
}

type cell struct {
	heading
	Count   part.Number
	Percent string
}

// bar is one row's parts side by side, in people: the drawing scales it.
type bar struct {
	Name     string
	Base     int
	Segments []segment
}

type segment struct {
	ID     string
	Offset int
	Width  int
}

type legend struct{ ID, Title string }

// layOut turns a counted table into what is shown. Rows keep the order of the
// table: it is fixed, and never by a rate.
func layOut(t *indicator.Table, def *indicator.Definition, open opener) figures {
	var out figures
	for i, h := range t.Headings {
		out.Headings = append(out.Headings, heading{
			ID: h.ID, Title: shortTitle(h.Title, &def.Cells[i]), Part: slices.Contains(def.Parts, h.ID), Within: def.Cells[i].Of != "",
		})
	}
	for i := range t.Rows {
		from := &t.Rows[i]
		to := row{Name: from.Name(), Total: from.Total, Base: open.number(from.N, from, "", "")}
		if from.Hidden {
			to.Base = withheld
		}
		for c, h := range out.Headings {
			to.Cells = append(to.Cells, showCell(from, c, h, open))
			out.Withheld = out.Withheld || to.Cells[c].Count == withheld
		}
		out.Rows = append(out.Rows, to)
		if b, ok := drawBar(from, to.Name, out.Headings); ok {
			out.Bars = append(out.Bars, b)
		}
	}
	for _, h := range out.Headings {
		if h.Part {
			out.Legend = append(out.Legend, legend{h.ID, h.Title})
		}
	}
	return out
}

// shortTitle names a column of people and shares: 升学率 is 升学 there. What is
// known by its rate (毕业去向落实率) keeps its name.
func shortTitle(title string, c *indicator.Cell) string {
	if len(c.Sum) > 0 {
		return title
	}
	return strings.TrimSuffix(title, "率")
}

// withheld stands for a number that is not published.
var withheld = part.Number{Text: indicator.Withheld}

func showCell(r *indicator.Row, c int, h heading, open opener) cell {
	if r.Hidden || r.Cells[c].Hidden {
		return cell{heading: h, Count: withheld}
	}
	f := r.Cells[c]
	return cell{heading: h, Count: open.number(f.K, r, h.ID, h.Title), Percent: f.Percent()}
}

// drawBar lays the parts of a row side by side; a row that withholds one of them
// has no bar, since its width would tell.
func drawBar(r *indicator.Row, name string, headings []heading) (bar, bool) {
	b := bar{Name: name, Base: r.N}
	at := 0
	for c, h := range headings {
		if !h.Part {
			continue
		}
		if r.Hidden || r.Cells[c].Hidden {
			return bar{}, false
		}
		if k := r.Cells[c].K; k > 0 {
			b.Segments = append(b.Segments, segment{h.ID, at, k})
			at += k
		}
	}
	return b, r.N > 0
}

// opener makes numbers open the people they count; its zero value does not.
type opener struct {
	query query
	to    func(more ...string) string // address of the people of a number; nil: that of the query
}

// address of the people whom a number counts.
func (o opener) address(more ...string) string {
	if o.to != nil {
		return o.to(more...)
	}
	return o.query.address("/people", more...)
}

// number shows n people of a row, in a cell or all of them.
func (o opener) number(n int, r *indicator.Row, cell, title string) part.Number {
	return o.link(n, r, "cell", cell, title)
}

func (o opener) link(n int, r *indicator.Row, what, id, title string) part.Number {
	out := part.Number{Text: thousands(n), Zero: n == 0}
	if o.query.Cohort == "" && o.to == nil || n == 0 {
		return out
	}
	more := []string{}
	for _, v := range r.Values {
		more = append(more, string(v.Dim), v.Key)
	}
	if id != "" {
		more = append(more, what, id)
	}
	out.Href = o.address(more...)
	out.Says = strings.TrimSpace(r.Name()+" "+strings.TrimSuffix(title, "率")) + "，" + out.Text + " 人，打开名单"
	return out
}

// thousands groups digits: 2,660.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// seeking splits the seeking cell by reason, row by row.
type seeking struct {
	Reasons []string
	Rows    []seekingRow
}

type seekingRow struct {
	Name  string
	Total bool
	Cells []part.Number
}

func splitSeeking(t *indicator.Table, open opener) *seeking {
	var out seeking
	for i := range t.Rows {
		from := &t.Rows[i]
		to := seekingRow{Name: from.Name(), Total: from.Total}
		for _, s := range from.Seeking {
			title := s.Title()
			if i == 0 {
				out.Reasons = append(out.Reasons, title)
			}
			to.Cells = append(to.Cells, open.link(s.K, from, "reason", string(s.ID), title))
		}
		out.Rows = append(out.Rows, to)
	}
	if len(out.Reasons) == 0 {
		return nil
	}
	return &out
}
