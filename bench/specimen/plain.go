package specimen

import (
	"fmt"
	"strings"
)

// Manner is how an extractor prints tables into a text.
type Manner int

// Manners.
const (
	Tabs   Manner = iota // a tab between cells
	Drawn                // columns drawn with spaces, pages, broken paragraphs
	Tokens               // every cell on a line of its own
	Pipes                // as in Markdown
)

// Manners are all of them, with their names.
var Manners = map[string]Manner{"tabs": Tabs, "drawn": Drawn, "one token a line": Tokens, "pipes": Pipes}

// Plain is the report as text.
func (r *Report) Plain(m Manner) string {
	var b strings.Builder
	p := &printer{out: &b, manner: m, head: r.Items[0].text()}
	for _, it := range r.Items {
		if it.Table != nil {
			p.table(it.Table)
			continue
		}
		p.item(it)
	}
	return b.String()
}

type printer struct {
	out    *strings.Builder
	manner Manner
	head   string
	lines  int
	page   int
}

// pageLines is how many lines a page of a drawn text has.
const pageLines = 52

func (p *printer) line(s string) {
	p.out.WriteString(s + "\n")
	p.lines++
}

// room begins a page where n more lines have no place on this one.
func (p *printer) room(n int) {
	if p.manner != Drawn || p.lines+n <= pageLines {
		return
	}
	p.page++
	p.line("")
	p.line(strings.Repeat(" ", 40) + fmt.Sprint(p.page))
	p.out.WriteString("\f" + strings.Repeat(" ", 28) + p.head + "\n\n")
	p.lines = 2
}

func (p *printer) item(it *Item) {
	text := it.text()
	switch {
	case p.manner == Tabs || p.manner == Pipes:
		p.line(text)
		p.line("")
		return
	case it.Kind == Caption && p.manner == Drawn:
		p.room(6)
		p.line(strings.Repeat(" ", 24) + text)
		p.line("")
		return
	case it.Kind != Paragraph && it.Kind != Note:
		p.room(4)
		p.line(text)
		if p.manner == Drawn {
			p.line("")
		}
		return
	}
	if it.Kind == Paragraph && p.manner == Drawn {
		text = "　　" + text
	}
	for _, l := range wrapped(text, 39) {
		p.room(2)
		p.line(l + map[bool]string{true: " "}[p.manner == Tokens])
		if p.manner == Drawn {
			p.line("")
		}
	}
}

// wrapped breaks a paragraph after some full-width characters, never within a number.
func wrapped(s string, width int) []string {
	var out []string
	var line []rune
	w := 0
	rs := []rune(s)
	for i, r := range rs {
		line = append(line, r)
		w += wide(r)
		if w >= 2*width && i+1 < len(rs) && (r > 0x2000 || rs[i+1] > 0x2000) && !strings.ContainsRune("，。、；：）”%", rs[i+1]) {
			out, line, w = append(out, string(line)), nil, 0
		}
	}
	if len(line) > 0 {
		out = append(out, string(line))
	}
	return out
}

func wide(r rune) int {
	if r > 0x2000 {
		return 2
	}
	return 1
}

func width(s string) int {
	n := 0
	for _, r := range s {
		n += wide(r)
	}
	return n
}

func (p *printer) table(t *Table) {
	switch p.manner {
	case Tabs:
		for _, row := range t.Rows {
			p.line(strings.Join(texts(row), "\t"))
		}
	case Pipes:
		for i, row := range t.Rows {
			p.line("| " + strings.Join(texts(row), " | ") + " |")
			if i == t.Head-1 {
				p.line("|" + strings.Repeat("---|", len(row)))
			}
		}
	case Tokens:
		for _, row := range t.Rows {
			for _, c := range row {
				if !c.Left && !c.Above {
					for _, l := range wrapped(c.text(), 6) {
						p.line(l + " ")
					}
				}
			}
		}
		return
	default:
		p.drawn(t)
	}
	p.line("")
}

func texts(row []Cell) []string {
	var out []string
	for _, c := range row {
		if c.Left || c.Above {
			out = append(out, "")
		} else {
			out = append(out, c.text())
		}
	}
	return out
}

// drawn prints columns as wide as their widest cell, cells in their middle.
func (p *printer) drawn(t *Table) {
	widths := make([]int, len(t.Rows[0]))
	for _, row := range t.Rows {
		for c, cell := range row {
			if !spans(row, c) && !cell.Left && !cell.Above {
				widths[c] = max(widths[c], width(cell.text())+3)
			}
		}
	}
	for r, row := range t.Rows {
		if p.manner == Drawn && p.lines+1 > pageLines && r > t.Head {
			p.room(pageLines)
		}
		var b strings.Builder
		for c := 0; c < len(row); c++ {
			w := widths[c]
			text := texts(row)[c]
			for c+1 < len(row) && row[c+1].Left {
				c++
				w += widths[c]
			}
			left := max(0, (w-width(text))/2)
			b.WriteString(strings.Repeat(" ", left) + text + strings.Repeat(" ", max(0, w-left-width(text))))
		}
		p.line(strings.TrimRight("    "+b.String(), " "))
	}
}

func spans(row []Cell, c int) bool { return c+1 < len(row) && row[c+1].Left }
