package specimen

import (
	"fmt"
	"html"
	"strings"
)

// span is how many columns and rows a cell takes.
func (t *Table) span(r, c int) (cols, rows int) {
	cols, rows = 1, 1
	for c+cols < len(t.Rows[r]) && t.Rows[r][c+cols].Left {
		cols++
	}
	for r+rows < len(t.Rows) && t.Rows[r+rows][c].Above {
		rows++
	}
	return cols, rows
}

// Page is the report as a web page.
func (r *Report) Page() string {
	var b strings.Builder
	b.WriteString("<!doctype html>\n<html lang=\"zh\"><head><meta charset=\"utf-8\"><title>" + html.EscapeString(r.Name) + "</title></head><body>\n")
	tags := map[ItemKind]string{Heading: "h2", Paragraph: "p", Caption: "p", Note: "p"}
	for _, it := range r.Items {
		if it.Table == nil {
			fmt.Fprintf(&b, "<%[1]s>%[2]s</%[1]s>\n", tags[it.Kind], html.EscapeString(it.text()))
			continue
		}
		b.WriteString("<table>\n")
		for i, row := range it.Table.Rows {
			b.WriteString("<tr>")
			for c, cell := range row {
				if cell.Left || cell.Above {
					continue
				}
				cols, rows := it.Table.span(i, c)
				fmt.Fprintf(&b, "<td colspan=%d rowspan=%d>%s</td>", cols, rows, html.EscapeString(cell.text()))
			}
			b.WriteString("</tr>\n")
		}
		b.WriteString("</table>\n")
	}
	b.WriteString("</body></html>\n")
	return b.String()
}
