package paper

import (
	_ "embed"
	"fmt"
	"html"
	"io"
	"strings"
	"unicode/utf8"

	"quxiang/internal/domain/report"
)

//go:embed print_html.css
var reportStyle string

// WriteHTML prints a report as one page that needs nothing else: no script, no other file.
// Each bound number leads to where it comes from. Errors are those of w.
func WriteHTML(w io.Writer, d report.Document) error {
	p := &printedPage{doc: &d, targets: map[string]bool{}}
	p.survey()
	p.put(`<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>`, esc(strings.TrimSpace(d.School+" "+d.Title)), "</title>\n<style>\n", reportStyle, "</style>\n</head>\n<body>\n")
	p.put(`<a class="skip" href="#report">跳到正文</a>`, "\n<header class=\"cover\">\n")
	p.element("p", "school", d.School)
	p.element("h1", "", d.Title)
	p.element("p", "issued", d.Issued)
	p.put("</header>\n")
	p.contents()
	p.put(`<main id="report">`, "\n")
	for _, b := range d.Blocks {
		p.block(b)
	}
	p.endnotes()
	p.sources()
	p.put("</main>\n")
	if d.Code != "" {
		p.put("<footer>")
		p.element("p", "", "校验码 "+d.Code)
		p.put("</footer>\n")
	}
	p.put("</body>\n</html>\n")
	_, err := io.WriteString(w, p.out.String())
	return err
}

// printedPage is a page as it grows.
type printedPage struct {
	doc     *report.Document
	out     strings.Builder
	targets map[string]bool // what references may lead to
	listed  bool            // a table of the report lists the numbers
	notes   []string
}

// esc makes a text safe: markup as entities, control characters gone.
func esc(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n':
			return ' '
		case r < ' ' || r >= 0x7F && r < 0xA0 || r == '\uFFFE' || r == '\uFFFF':
			return -1
		}
		return r
	}, s)
	return html.EscapeString(s)
}

func (p *printedPage) put(parts ...string) {
	for _, s := range parts {
		p.out.WriteString(s)
	}
}

// element puts a text in an element, nothing for no text.
func (p *printedPage) element(name, class, text string) {
	if text == "" {
		return
	}
	if class != "" {
		class = ` class="` + class + `"`
	}
	p.put("<", name, class, ">", esc(text), "</", name, ">\n")
}

func (p *printedPage) survey() {
	for _, b := range p.doc.Blocks {
		switch {
		case b.Table != nil:
			p.targets[b.Table.ID] = true
			p.listed = p.listed || p.lists(b.Table)
		case b.Figure != nil:
			p.targets[b.Figure.ID] = true
		}
	}
}

func (p *printedPage) lists(t *report.Table) bool {
	return t.ListsNumbers() && len(t.Body) == len(p.doc.Numbers)
}

// contents lists the headings, those below within the one above.
func (p *printedPage) contents() {
	var heads []*report.Heading
	for _, b := range p.doc.Blocks {
		if b.Heading != nil {
			heads = append(heads, b.Heading)
		}
	}
	if len(heads) == 0 {
		return
	}
	p.put(`<nav aria-labelledby="contents">`, "\n", `<h2 id="contents">目录</h2>`)
	depth := 0
	for i, h := range heads {
		level := min(max(h.Level, 1), depth+1, 3)
		if i > 0 && level <= depth {
			p.put("</li>")
		}
		for ; depth > level; depth-- {
			p.put("</ul></li>")
		}
		if depth < level {
			p.put("\n<ul>")
			depth++
		}
		p.put("\n<li><a href=\"#h-", esc(h.ID), `">`, esc(h.Text), "</a>")
	}
	p.put("</li>")
	for ; depth > 1; depth-- {
		p.put("</ul></li>")
	}
	p.put("\n</ul>\n</nav>\n")
}

func (p *printedPage) block(b report.Block) {
	switch {
	case b.Heading != nil:
		p.put(fmt.Sprintf("<h%d id=\"h-%s\">%s</h%[1]d>\n", min(max(b.Heading.Level, 1), 3)+1, esc(b.Heading.ID), esc(b.Heading.Text)))
	case b.Paragraph != nil:
		p.paragraph(b.Paragraph)
	case b.Table != nil:
		p.table(b.Table)
	case b.Figure != nil:
		p.figure(b.Figure)
	}
}

var paragraphClass = map[report.Kind]string{report.Item: ` class="item"`, report.Note: ` class="note"`}

func (p *printedPage) paragraph(par *report.Paragraph) {
	p.put("<p", paragraphClass[par.Kind], ">")
	for _, s := range par.Spans {
		if s.Footnote == "" {
			p.put(p.span(s, s.Text))
			continue
		}
		p.notes = append(p.notes, s.Footnote)
		n := len(p.notes)
		rest, last := s.Text, ""
		if _, size := utf8.DecodeLastRuneInString(rest); s.Number == 0 && s.Ref == "" {
			rest, last = rest[:len(rest)-size], rest[len(rest)-size:]
		}
		p.put(p.span(s, rest), `<span class="whole">`, p.span(s, last), // the mark stays with a character
			fmt.Sprintf(`<sup><a id="back-%d" href="#note-%[1]d" role="doc-noteref" aria-label="注释 %[1]d">%s</a></sup></span>`, n, noteMark(n)))
	}
	p.put("</p>\n")
}

// span is text of a span with what it leads to.
func (p *printedPage) span(s report.Span, text string) string {
	if text == "" {
		return ""
	}
	out := p.number(s.Number, esc(text))
	if p.targets[s.Ref] {
		out = `<a href="#t-` + esc(s.Ref) + `">` + esc(text) + "</a>"
	}
	if s.Bold {
		out = "<b>" + out + "</b>"
	}
	return out
}

// number makes a bound number lead to its entry.
func (p *printedPage) number(n int, text string) string {
	if n < 1 || n > len(p.doc.Numbers) || text == "" {
		return text
	}
	return fmt.Sprintf(`<a class="n" href="#n-%d">%s</a>`, n, text)
}

// endnotes are the footnotes: a page has no foot.
func (p *printedPage) endnotes() {
	if len(p.notes) == 0 {
		return
	}
	p.put(`<section role="doc-endnotes" aria-labelledby="notes">`, "\n", `<h2 id="notes">注释</h2>`, "\n")
	for i, n := range p.notes {
		p.put(fmt.Sprintf(`<p class="note" id="note-%d">%s %s <a href="#back-%[1]d" aria-label="回到注释 %[1]d 处">↩</a></p>`, i+1, noteMark(i+1), esc(n)), "\n")
	}
	p.put("</section>\n")
}

// sources tell of each bound number its definition, conditions, count and base, snapshot,
// unless a table of the report does.
func (p *printedPage) sources() {
	if p.listed || len(p.doc.Numbers) == 0 {
		return
	}
	p.put(`<section aria-labelledby="numbers">`, "\n", `<h2 id="numbers">数字出处</h2>`, "\n", `<ol class="sources">`, "\n")
	for i := range p.doc.Numbers {
		p.put(fmt.Sprintf(`<li id="n-%d">%s</li>`, i+1, esc(p.doc.Numbers[i].Entry())), "\n")
	}
	p.put("</ol>\n</section>\n")
}
