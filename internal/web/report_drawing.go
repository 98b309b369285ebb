package web

import (
	"context"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"quxiang/internal/domain/report"
)

// reportDrawing is what the pieces of a report are drawn with.
type reportDrawing struct {
	id      string
	numbers []report.Number
	refs    map[string]string // id of a table or figure → where it stands on the page
	words   map[int][]marked  // by block: what is wrong in its words
	draw    func(*report.Figure) string
}

// marked are words of a block that a problem is about.
type marked struct {
	n     int // of the problem
	words string
}

func newDrawing(p *reportPage, shown *report.Preview, draw func(*report.Figure) string) *reportDrawing {
	v := &reportDrawing{id: p.ID, numbers: shown.Document.Numbers, refs: map[string]string{}, words: map[int][]marked{}, draw: draw}
	for i := range p.Pieces {
		for _, b := range p.Pieces[i].Blocks {
			switch {
			case b.Table != nil:
				v.refs[b.Table.ID] = "#" + p.Pieces[i].Anchor()
			case b.Figure != nil:
				v.refs[b.Figure.ID] = "#" + p.Pieces[i].Anchor()
			}
		}
	}
	for _, x := range p.Problems {
		if !x.Fault && x.At >= 0 && x.Words != "" {
			v.words[x.At] = append(v.words[x.At], marked{x.N, x.Words})
		}
	}
	return v
}

// inkSpan is a span as it is drawn.
type inkSpan struct {
	report.Span
	Href string // where it leads; blank: nowhere
	Mark int    // number of the problem that it is about; 0: none
}

// spans are those of a block, cut where a problem's words begin and end.
func (v *reportDrawing) spans(block int, list []report.Span) []inkSpan {
	var out []inkSpan
	for _, s := range list {
		rest := s
		for _, m := range v.words[block] {
			before, after, ok := strings.Cut(rest.Text, m.words)
			if !ok || rest.Number > 0 || slices.ContainsFunc(out, func(x inkSpan) bool { return x.Mark == m.n }) {
				continue
			}
			out = append(out, v.ink(report.Span{Text: before, Bold: s.Bold}, 0), v.ink(report.Span{Text: m.words, Bold: s.Bold}, m.n))
			rest.Text = after
		}
		out = append(out, v.ink(rest, 0))
	}
	return slices.DeleteFunc(out, func(x inkSpan) bool { return x.Text == "" })
}

func (v *reportDrawing) ink(s report.Span, mark int) inkSpan {
	x := inkSpan{Span: s, Mark: mark}
	switch {
	case s.Number > 0:
		x.Href = v.number(s.Number)
	case s.Ref != "":
		x.Href = v.refs[s.Ref]
	}
	return x
}

// number is the address that selects one.
func (v *reportDrawing) number(n int) string {
	if n < 1 || n > len(v.numbers) {
		return ""
	}
	return reportAddress(v.id, "number", strconv.Itoa(n)) + "#rp-chosen"
}

// cell is the address that selects the number of a cell; blank where a whole table has one.
func (v *reportDrawing) cell(n int) string {
	if n < 1 || n > len(v.numbers) || v.numbers[n-1].Format == "" {
		return ""
	}
	return v.number(n)
}

// whole is the number of a whole table or figure; 0: each of its numbers has its own.
func (v *reportDrawing) whole(b *report.Block) int {
	var all []int
	switch {
	case b.Table != nil && b.Table.ID != "provenance":
		for _, row := range b.Table.Body {
			for _, c := range row {
				all = append(all, c.Number)
			}
		}
	case b.Figure != nil:
		for _, s := range b.Figure.Series {
			for _, x := range s.Points {
				all = append(all, x.Number)
			}
		}
	}
	for _, n := range all {
		if n > 0 && n <= len(v.numbers) && v.numbers[n-1].Format == "" {
			return n
		}
	}
	return 0
}

// left are the problems of a piece that no words of it show.
func (v *reportDrawing) left(p *pieceView) []int {
	shown := map[int]bool{}
	for i := range p.Blocks {
		if par := p.Blocks[i].Paragraph; par != nil {
			for _, s := range v.spans(p.First+i, par.Spans) {
				shown[s.Mark] = true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(p.Marks), func(n int) bool { return shown[n] })
}

// rowHead tells whether a cell is the head of its row.
func rowHead(row []report.Cell, i int) bool { return row[i].Left && i < 2 && len(row) > 1 }

// running are spans as running text: no blank comes between them that would not be printed.
func running(list []inkSpan) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, out io.Writer) error {
		var b strings.Builder
		for _, s := range list {
			text := templ.EscapeString(s.Text)
			switch {
			case s.Mark > 0:
				n := strconv.Itoa(s.Mark)
				b.WriteString(`<mark class="rp-words">` + text + `</mark><a class="rp-mark" href="#q-` + n + `" aria-label="第 ` + n + ` 处问题">` + n + `</a>`)
			case s.Number > 0 && s.Href != "":
				b.WriteString(`<a class="rp-n" href="` + templ.EscapeString(s.Href) + `">` + text + `</a>`)
			case s.Href != "":
				b.WriteString(`<a href="` + templ.EscapeString(s.Href) + `">` + text + `</a>`)
			case s.Bold:
				b.WriteString("<b>" + text + "</b>")
			default:
				b.WriteString(text)
			}
			if s.Footnote != "" {
				b.WriteString(`<span class="rp-foot">〔` + templ.EscapeString(s.Footnote) + `〕</span>`)
			}
		}
		_, err := io.WriteString(out, b.String())
		return err
	})
}
