package paper

import (
	"fmt"
	"strings"

	"quxiang/internal/domain/report"
)

// cover is the first page: school, title, month.
func (b *pressed) cover(k *ink) {
	k.page()
	d := b.doc
	middle := pageWidth / 2
	k.mark(b.front.add("P"))
	y := b.balanced(k, d.School, &look{face: bold, size: 24, tint: black}, 220)
	k.mark(nil)
	k.rule(middle-36, y+6, middle+36, y+6, 1.5, deep)
	k.mark(b.front.add("P"))
	b.balanced(k, d.Title, &look{face: bold, size: 28, tint: black}, y+58)
	k.mark(b.front.add("P"))
	k.words(middle, 690, 0.5, d.Issued, &look{size: 16, tint: black})
	if d.Code != "" {
		k.mark(b.front.add("P"))
		k.words(middle, pageHeight-72, 0.5, "校验码 "+d.Code, &look{size: 9, tint: dim})
	}
}

// balanced prints a title in the middle, in lines of about the same length, and returns
// where it ends. base is that of its first line.
func (b *pressed) balanced(k *ink, text string, l *look, base float64) float64 {
	gs := glyphs(b.faces, nil, text, l)
	if len(gs) == 0 {
		return base
	}
	ls := evenLines(gs, textWidth)
	for _, s := range ls {
		k.line((pageWidth-s.width)/2, base, s)
		base += l.size * 1.6
	}
	return base - l.size
}

// frame prints a page's header and footer.
func (b *pressed) frame(k *ink, number string) {
	l := &look{size: 9, tint: dim}
	k.words(textLeft, 58, 0, b.doc.School, l)
	k.words(textLeft+textWidth, 58, 1, b.doc.Title, l)
	k.rule(textLeft, 66, textLeft+textWidth, 66, 0.5, hair)
	if b.doc.Code != "" {
		k.words(textLeft, pageHeight-48, 0, "校验码 "+b.doc.Code, l)
	}
	k.words(textLeft+textWidth, pageHeight-48, 1, number, &look{size: 10, tint: black})
}

// contents lists the headings with the numbers of their pages.
func (b *pressed) contents(sheets []sheet) []sheet {
	pages := b.pagesOf(sheets)
	title, toc := b.list.add("P"), b.list.add("TOC")
	boxes := []*flowBox{{h: 54, hold: true, tag: title, draw: func(k *ink, y float64) {
		k.words(pageWidth/2, y+26, 0.5, "目\u3000录", &look{face: bold, size: 18, tint: black})
	}}}
	n := 0
	for _, bl := range b.doc.Blocks {
		if h := bl.Heading; h != nil {
			boxes = append(boxes, b.entry(h, pages[n], toc.add("TOCI"))...)
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return fillPages(boxes)
}

// pagesOf tells the page of each heading, in their order.
func (b *pressed) pagesOf(sheets []sheet) []int {
	at := map[*flowBox]int{}
	for i, s := range sheets {
		for _, it := range s.items {
			at[it.flowBox] = i + 1
		}
	}
	out := make([]int, 0, len(b.heads))
	for _, box := range b.heads {
		out = append(out, at[box])
	}
	return out
}

// entry is a heading's line of the contents, dots lead to the number.
func (b *pressed) entry(h *report.Heading, page int, t *tag) []*flowBox {
	l := &look{size: 12, tint: black, link: headingAnchor(h)}
	left := float64(min(max(h.Level, 1), 3)-1) * 24
	if h.Level <= 1 {
		l.face = bold
	}
	plain := &look{size: 12, tint: black, link: l.link}
	ls := breakLines(glyphs(b.faces, nil, h.Text, l), textWidth-left-40, 0, false)
	var out []*flowBox
	for i, s := range ls {
		last := i == len(ls)-1
		out = append(out, &flowBox{h: 22, hold: !last, tag: t, draw: func(k *ink, y float64) {
			x := textLeft + left
			k.line(x, y+15, s)
			if !last {
				return
			}
			number := fmt.Sprint(page)
			w := widthOf(glyphs(b.faces, nil, number, plain))
			if from, to := x+s.width+6, textLeft+textWidth-w-6; to > from {
				k.rule(from, y+13, to, y+13, 0.7, dim, 0.7, 3.3)
			}
			k.words(textLeft+textWidth, y+15, 1, number, plain)
		}})
	}
	return out
}

// roman numbers the pages of the contents.
func roman(n int) string {
	var b strings.Builder
	for _, d := range []struct {
		v int
		s string
	}{{100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for ; n >= d.v; n -= d.v {
			b.WriteString(d.s)
		}
	}
	return b.String()
}
