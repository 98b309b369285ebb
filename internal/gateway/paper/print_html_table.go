package paper

import (
	"fmt"
	"strconv"
	"strings"

	"quxiang/internal/domain/report"
)

// table puts a table in its own box, which scrolls sideways where the window is narrow.
func (p *printedPage) table(t *report.Table) {
	id := esc(t.ID)
	p.put(`<div class="wide" role="region" tabindex="0" aria-labelledby="c-`, id, `">`, "\n<table id=\"t-", id, `"`, dense(t), ">\n",
		`<caption id="c-`, id, `"><span>`, esc(caption(t.Number, t.Caption)), "</span></caption>\n")
	if len(t.Head) > 0 {
		p.put("<thead>\n")
		for _, r := range t.Head {
			p.put("<tr>")
			for _, c := range r {
				p.cell(c, "col", "")
			}
			p.put("</tr>\n")
		}
		p.put("</thead>\n")
	}
	p.put("<tbody>\n")
	entries := p.lists(t)
	for i, r := range t.Body {
		if entries {
			p.put(`<tr id="n-`, strconv.Itoa(i+1), `">`)
		} else {
			p.put("<tr>")
		}
		scope := "row" // the words at a row's begin are its head
		for j, c := range r {
			if !c.Left || j > 1 || len(r) == 1 {
				scope = ""
			}
			p.cell(c, scope, cellClass(c))
		}
		p.put("</tr>\n")
	}
	p.put("</tbody>\n</table>\n</div>\n")
	for _, n := range t.Notes {
		p.element("p", "note", n)
	}
}

// dense marks a table of many columns, which is printed small.
func dense(t *report.Table) string {
	for _, r := range append(append([][]report.Cell{}, t.Head...), t.Body...) {
		n := 0
		for _, c := range r {
			n += max(c.Cols, 1)
		}
		if n > 10 {
			return ` class="dense"`
		}
	}
	return ""
}

func cellClass(c report.Cell) string {
	var out []string
	if c.Left {
		out = append(out, "l")
	}
	if c.Bold {
		out = append(out, "b")
	}
	if len(out) == 0 {
		return ""
	}
	return ` class="` + strings.Join(out, " ") + `"`
}

// cell is a head of its scope, or content without one.
func (p *printedPage) cell(c report.Cell, scope, class string) {
	name, attrs := "td", class
	if scope != "" && c.Text != "" {
		name = "th"
		if scope == "col" && c.Cols > 1 {
			scope = "colgroup"
		}
		attrs += ` scope="` + scope + `"`
	}
	if c.Cols > 1 {
		attrs += fmt.Sprintf(` colspan="%d"`, c.Cols)
	}
	if c.Rows > 1 {
		attrs += fmt.Sprintf(` rowspan="%d"`, c.Rows)
	}
	p.put("<", name, attrs, ">", p.number(c.Number, esc(c.Text)), "</", name, ">")
}

// figure is the chart with its name below, and its values as a table that opens.
func (p *printedPage) figure(f *report.Figure) {
	id := esc(f.ID)
	name := esc(caption(f.Number, f.Caption))
	p.put(`<figure id="t-`, id, `">`, "\n", `<div class="wide" role="region" tabindex="0" aria-label="`, name, `">`, "\n")
	p.svg(drawChart(f), id, name, esc(f.Alt))
	p.put("</div>\n<figcaption>", name, "</figcaption>\n")
	if len(f.Categories) > 0 && len(f.Series) > 0 {
		p.put("<details>\n<summary>图中的数值</summary>\n", `<div class="wide" role="region" tabindex="0" aria-label="`, name, `的数值">`, "\n<table>\n")
		p.values(f)
		p.put("</table>\n</div>\n</details>\n")
	}
	p.put("</figure>\n")
}

// values of a figure: a row a category, a column a series.
func (p *printedPage) values(f *report.Figure) {
	p.put("<thead>\n<tr><td></td>")
	for _, s := range f.Series {
		name := s.Name
		if f.Unit != "" {
			name += "（" + f.Unit + "）"
		}
		p.cell(report.Cell{Text: name}, "col", "")
	}
	p.put("</tr>\n</thead>\n<tbody>\n")
	for c, name := range f.Categories {
		p.put("<tr>")
		p.cell(report.Cell{Text: name}, "row", ` class="l"`)
		for _, s := range f.Series {
			var pt report.Point
			if c < len(s.Points) {
				pt = s.Points[c]
			}
			p.cell(report.Cell{Text: pt.Text, Number: pt.Number}, "", "")
		}
		p.put("</tr>\n")
	}
	p.put("</tbody>\n")
}

// svg draws a chart.
func (p *printedPage) svg(d *drawing, id, title, alt string) {
	p.put(fmt.Sprintf(`<svg viewBox="0 0 %s %s" role="img" aria-labelledby="s-%s d-%[3]s">`, coord(d.w), coord(d.h), id),
		"\n", `<title id="s-`, id, `">`, title, `</title><desc id="d-`, id, `">`, alt, "</desc>\n")
	for _, m := range d.marks {
		switch {
		case m.text != "":
			anchor := map[float64]string{0: "start", 0.5: "middle", 1: "end"}[m.anchor]
			p.put(fmt.Sprintf(`<text x="%s" y="%s" font-size="%s" text-anchor="%s" fill="%s">%s</text>`, coord(m.shape[0].x), coord(m.shape[0].y), coord(m.size), anchor, m.tint.hex(), esc(m.text)), "\n")
		case m.open:
			dash := ""
			for i, n := range m.dash {
				dash += map[bool]string{true: ` stroke-dasharray="`, false: " "}[i == 0] + coord(n)
			}
			if dash != "" {
				dash += `"`
			}
			p.put(fmt.Sprintf(`<polyline points="%s" fill="none" stroke="%s" stroke-width="%s"%s/>`, points(m.shape), m.tint.hex(), coord(m.thick), dash), "\n")
		default:
			edge := ""
			if m.edge {
				edge = ` stroke="#fff" stroke-width="0.8"`
			}
			p.put(fmt.Sprintf(`<polygon points="%s" fill="%s"%s/>`, points(m.shape), m.tint.hex(), edge), "\n")
		}
	}
	p.put("</svg>\n")
}

func (t tint) hex() string { return fmt.Sprintf("#%02x%02x%02x", t[0], t[1], t[2]) }

// coord writes a place with at most two decimals.
func coord(v float64) string {
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(v, 'f', 2, 64), "0"), ".")
}

func points(ps []spot) string {
	out := make([]string, len(ps))
	for i, p := range ps {
		out[i] = coord(p.x) + "," + coord(p.y)
	}
	return strings.Join(out, " ")
}
