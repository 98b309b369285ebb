package paper

import (
	"strings"

	"quxiang/internal/domain/report"
)

// slab is a part of the body as pages take it: a paragraph of lines, a row, a chart.
type slab struct {
	before, line, lines, after int // twips
	notes                      int // height of the footnotes that hang on it
	keep                       bool
	head                       int    // of the table, again on a new page
	page                       int    // height of a new section's pages, which it begins; 0: none
	id                         string // of a heading
}

func (s slab) height() int { return s.before + s.line*s.lines + s.after + s.notes }

// estimatePages says on which page each heading stands, counted from the first after the
// contents. Word counts anew when it is asked; these numbers stand there until then.
func estimatePages(d report.Document, layouts map[int]tableLayout) map[string]int {
	var all []slab
	wide := false
	for i, b := range d.Blocks {
		from := len(all)
		switch {
		case b.Heading != nil:
			all = append(all, slabOf(docxHeadingStyle(b.Heading.Level), b.Heading.Text))
			all[from].id = b.Heading.ID
		case b.Paragraph != nil:
			all = append(all, paragraphSlab(*b.Paragraph))
		case b.Table != nil:
			all = append(all, tableSlabs(*b.Table, layouts[i])...)
		case b.Figure != nil:
			s := docxStyles[styleFigure]
			all = append(all, slab{before: s.before, line: chartHeight(*b.Figure)/twip + 60, lines: 1, keep: true}, slabOf(styleFigureTitle, b.Figure.Number+"　"+b.Figure.Caption))
		default:
			continue
		}
		if lying := lies(b, layouts[i], wide); lying != wide {
			wide = lying
			all[from].page = docxPageHeight
			if wide {
				all[from].page = docxTextWidth
			}
		}
	}
	return paginate(all)
}

func slabOf(style, text string) slab {
	s := docxStyles[style]
	lines := docxLines(text, s.size, docxTextWidth-s.left, s.indent*s.size/10)
	return slab{before: s.before, line: s.line, lines: lines, after: s.after, keep: s.keep}
}

func paragraphSlab(t report.Paragraph) slab {
	var text strings.Builder
	notes := 0
	for _, s := range t.Spans {
		text.WriteString(s.Text)
		if s.Footnote != "" {
			f := docxStyles[styleFootnote]
			notes += f.line * docxLines(s.Footnote, f.size, docxTextWidth, f.size*20)
		}
	}
	out := slabOf(docxParagraphStyle(t.Kind), text.String())
	out.notes = notes
	return out
}

func tableSlabs(t report.Table, l tableLayout) []slab {
	out := []slab{slabOf(styleTableTitle, t.Number+"　"+t.Caption)}
	head := 0
	for _, r := range l.head {
		h := l.rowHeight(r)
		head += h
		out = append(out, slab{line: h, lines: 1, keep: true})
	}
	for i, r := range l.body {
		out = append(out, slab{line: l.rowHeight(r), lines: 1, keep: l.keeps(i, len(t.Notes) > 0), head: head})
	}
	for i, n := range t.Notes {
		s := slabOf(styleNote, n)
		if i == 0 {
			s.before = 60
		}
		out = append(out, s)
	}
	return append(out, slab{line: 200, lines: 1})
}

// paginate puts slabs on pages; what is kept with the next goes with it.
func paginate(all []slab) map[string]int {
	pages := map[string]int{}
	page, used, room, notes := 1, 0, docxPageHeight, 0
	turn := func() { page, used, notes = page+1, 0, 0 }
	kept := false // with the one before, which has its place
	for i, s := range all {
		if s.page > 0 {
			if room = s.page; i > 0 {
				turn()
			}
			kept = false
		}
		if !kept && used > 0 && used+notes+chain(all[i:]) > room {
			turn()
			used = s.head
		}
		kept = s.keep
		if s.id != "" {
			pages[s.id] = page
		}
		if s.notes > 0 && notes == 0 {
			notes = 240
		}
		notes += s.notes
		used += s.before
		for range s.lines {
			if used+notes+s.line > room && used > 0 {
				turn()
				used = s.head
			}
			used += s.line
		}
		used += s.after
	}
	return pages
}

// chain is the height of what must stand on one page: the first slab with those that it is
// kept with, and a line of what follows them.
func chain(all []slab) int {
	height := 0
	for i, s := range all {
		if i > 0 && s.page > 0 { // on a page of its own
			return height
		}
		if !s.keep {
			return height + s.before + s.line
		}
		height += s.height()
	}
	return height
}
