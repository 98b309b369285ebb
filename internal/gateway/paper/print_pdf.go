package paper

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"quxiang/internal/domain/report"
)

// WritePDF prints a report: cover, contents, chapters. Fonts are embedded, text can be
// searched and copied. The same document gives the same bytes. Errors are those of w; one of
// the fonts or the library cannot happen with what is embedded here.
func WritePDF(w io.Writer, d report.Document) error {
	faces, err := loadFaces()
	if err != nil {
		return err
	}
	b := &pressed{doc: &d, faces: faces, targets: map[string]bool{}, root: &tag{role: "Document"}}
	b.front, b.list, b.body = b.root.add("Sect"), b.root.add("Sect"), b.root.add("Sect")
	b.blocks()
	sheets := fillPages(b.boxes)
	toc := b.contents(sheets)
	k := b.press(toc, sheets)
	last := k.outline()
	var raw bytes.Buffer
	if _, err := k.pdf.WriteTo(&raw); err != nil {
		return err
	}
	if k.err != nil {
		return k.err
	}
	out, err := mendPDF(raw.Bytes(), pdfFacts{
		title: strings.TrimSpace(d.School + " " + d.Title), author: d.School, made: d.Cut.Time(),
		titles: k.marks, last: last, contents: len(toc), root: b.root, tagged: k.tagged,
	})
	if err != nil {
		return err
	}
	_, err = w.Write(out)
	return err
}

// press draws the pages: cover, contents, chapters.
func (b *pressed) press(toc, sheets []sheet) *ink {
	k := newInk(b.faces)
	b.cover(k)
	for i := range toc {
		k.page()
		b.frame(k, strings.ToLower(roman(i+1)))
		toc[i].draw(k)
	}
	for i := range sheets {
		k.page()
		b.frame(k, fmt.Sprint(i+1))
		sheets[i].draw(k)
	}
	k.unmark()
	return k
}

// pressed turns a document's blocks into boxes.
type pressed struct {
	doc     *report.Document
	faces   []*face
	boxes   []*flowBox
	heads   []*flowBox // first line of each heading
	notes   int
	targets map[string]bool // anchors that references may lead to

	root, front, list, body *tag // all, cover, contents, chapters
	tag                     *tag // whose content the next lines are
}

// Sizes of the text and its lines, in points.
const (
	bodySize, bodyLine = 12.0, 21.0
	smallSize          = 9.0
	smallLine          = 14.0
	captionSize        = 10.5
)

// headingSizes by level, with the height of a line and the white above.
var headingSizes = [][3]float64{{16, 26, 20}, {14, 23, 13}, {12, 21, 8}}

func (b *pressed) blocks() {
	for _, bl := range b.doc.Blocks {
		switch {
		case bl.Table != nil:
			b.targets[bl.Table.ID] = true
		case bl.Figure != nil:
			b.targets[bl.Figure.ID] = true
		}
	}
	for _, bl := range b.doc.Blocks {
		switch {
		case bl.Heading != nil:
			b.heading(bl.Heading)
		case bl.Paragraph != nil:
			b.paragraph(bl.Paragraph)
		case bl.Table != nil:
			b.table(bl.Table)
		case bl.Figure != nil:
			b.figure(bl.Figure)
		}
	}
}

// lines adds laid lines as boxes: never one alone at a page's end or begin.
func (b *pressed) lines(ls []line, high, gap, left float64, center bool) []*flowBox {
	var out []*flowBox
	for i, l := range ls {
		box := &flowBox{h: high, tag: b.tag, hold: i == 0 && len(ls) > 1 || i == len(ls)-2}
		if i == 0 {
			box.gap = gap
		}
		size := bodySize
		if len(l.segments) > 0 {
			size = l.segments[0].look.size
		}
		x := textLeft + left
		if center {
			x = textLeft + (textWidth-l.width)/2
		}
		box.draw = func(k *ink, y float64) { k.line(x, y+high/2+size*0.37, l) }
		out = append(out, box)
	}
	b.boxes = append(b.boxes, out...)
	return out
}

func (b *pressed) heading(h *report.Heading) {
	at := headingSizes[min(max(h.Level, 1), len(headingSizes))-1]
	gs := glyphs(b.faces, nil, h.Text, &look{face: bold, size: at[0], tint: black})
	b.tag = b.body.add(fmt.Sprint("H", min(max(h.Level, 1), len(headingSizes))))
	boxes := b.lines(breakLines(gs, textWidth, 0, false), at[1], at[2], 0, false)
	for i, box := range boxes {
		box.hold = true
		if draw := box.draw; i == 0 {
			box.draw = func(k *ink, y float64) {
				k.anchor(headingAnchor(h), y)
				k.bookmark(h.Level, h.Text, y)
				draw(k, y)
			}
		}
	}
	if len(boxes) == 0 {
		boxes = []*flowBox{{}}
	} else {
		b.boxes = append(b.boxes, &flowBox{h: 4, hold: true, draw: func(*ink, float64) {}})
	}
	b.heads = append(b.heads, boxes[0])
}

func headingAnchor(h *report.Heading) string { return "h-" + h.ID }

func (b *pressed) paragraph(p *report.Paragraph) {
	size, high, gap, indent := bodySize, bodyLine, 0.0, 2*bodySize
	switch p.Kind {
	case report.Item:
		indent = 0
	case report.Note:
		size, high, gap, indent = smallSize, smallLine, 2, 0
	}
	b.tag = b.body.add("P")
	gs, notes := b.spans(p.Spans, size)
	first := len(b.boxes)
	ls := breakLines(gs, textWidth, indent, true)
	b.lines(ls, high, gap, 0, false)
	for i, l := range ls {
		for _, n := range l.notes {
			b.boxes[first+i].notes = append(b.boxes[first+i].notes, notes[n])
		}
	}
}

// spans are a paragraph's characters and its footnotes by number.
func (b *pressed) spans(spans []report.Span, size float64) ([]glyph, map[int]note) {
	var gs []glyph
	notes := map[int]note{}
	for _, s := range spans {
		l := &look{size: size, tint: black}
		if s.Bold {
			l.face = bold
		}
		if b.targets[s.Ref] {
			l.link, l.tint = s.Ref, deep
		}
		gs = glyphs(b.faces, gs, s.Text, l)
		if s.Footnote == "" {
			continue
		}
		b.notes++
		gs = glyphs(b.faces, gs, noteMark(b.notes), &look{size: size * 0.7, rise: size * 0.36, tint: black, note: b.notes})
		small := &look{size: noteSize, tint: black}
		text := glyphs(b.faces, nil, noteMark(b.notes)+" "+s.Footnote, small)
		notes[b.notes] = note{breakLines(text, textWidth, 0, true), b.body.add("Note")}
		notes[b.notes].tag.more = fmt.Sprintf("/ID(note-%d)", b.notes)
	}
	return gs, notes
}

// noteMark is the sign of a footnote: ① to ㊿, then in brackets. A plain raised digit would
// read as a digit of the number before it.
func noteMark(n int) string {
	switch {
	case n <= 20:
		return string(rune('①' + n - 1))
	case n <= 35:
		return string(rune('㉑' + n - 21))
	case n <= 50:
		return string(rune('㊱' + n - 36))
	}
	return fmt.Sprintf("〔%d〕", n)
}

// caption is a table's or a figure's number and name.
func caption(number, name string) string { return strings.TrimSpace(number + "\u3000" + name) }

func (b *pressed) table(t *report.Table) {
	gs := glyphs(b.faces, nil, caption(t.Number, t.Caption), &look{face: bold, size: captionSize, tint: black})
	table := b.body.add("Table")
	b.tag = table.add("Caption")
	head := b.lines(breakLines(gs, textWidth, 0, false), 18, 12, 0, true)
	for i, box := range head {
		box.hold = true
		if draw := box.draw; i == 0 {
			box.draw = func(k *ink, y float64) { k.anchor(t.ID, y); draw(k, y) }
		}
	}
	b.space(2, true)
	if len(t.Head)+len(t.Body) > 0 {
		g := setTable(b.faces, t)
		g.taggedTable(table)
		b.boxes = append(b.boxes, g.boxes(len(t.Notes) > 0)...)
	}
	for i, n := range t.Notes {
		gs := glyphs(b.faces, nil, n, &look{size: smallSize, tint: dim})
		b.tag = b.body.add("P")
		gap := 0.0
		if i == 0 {
			gap = 4
		}
		for _, box := range b.lines(breakLines(gs, textWidth, 0, true), smallLine, gap, 0, false) {
			box.hold = i+1 < len(t.Notes)
		}
	}
	b.space(10, false)
}

func (b *pressed) space(h float64, hold bool) {
	b.boxes = append(b.boxes, &flowBox{h: 0, gap: h, hold: hold, draw: func(*ink, float64) {}})
}

// figure is one box: the chart and its name below.
func (b *pressed) figure(f *report.Figure) {
	d := drawChart(f)
	gs := glyphs(b.faces, nil, caption(f.Number, f.Caption), &look{face: bold, size: captionSize, tint: black})
	ls := breakLines(gs, textWidth, 0, false)
	chart := b.body.add("Figure")
	b.tag = chart.add("Caption")
	b.boxes = append(b.boxes, &flowBox{h: d.h, gap: 12, hold: true, tag: chart, draw: func(k *ink, y float64) {
		chart.more = fmt.Sprintf("/Alt%s/A<</O/Layout/Placement/Block/BBox[%.2f %.2f %.2f %.2f]>>", pdfText(f.Alt), textLeft, pageHeight-y-d.h, textLeft+d.w, pageHeight-y)
		k.anchor(f.ID, y)
		k.drawing(d, textLeft, y)
	}})
	for _, box := range b.lines(ls, 18, 2, 0, true)[:max(len(ls)-1, 0)] {
		box.hold = true
	}
	b.space(12, false)
}

// drawing prints a chart.
func (k *ink) drawing(d *drawing, x, y float64) {
	for _, m := range d.marks {
		pts := make([]spot, len(m.shape))
		for i, p := range m.shape {
			pts[i] = spot{x + p.x, y + p.y}
		}
		switch {
		case m.text != "":
			k.words(pts[0].x, pts[0].y, m.anchor, m.text, &look{size: m.size, tint: m.tint})
		case m.open:
			for i := range pts[:max(len(pts)-1, 0)] {
				k.rule(pts[i].x, pts[i].y, pts[i+1].x, pts[i+1].y, m.thick, m.tint, m.dash...)
			}
		default:
			k.shape(pts, m.tint, m.edge)
		}
	}
}
