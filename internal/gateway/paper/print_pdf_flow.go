package paper

// flowBox is a piece of a report that is not broken over pages.
type flowBox struct {
	h     float64
	gap   float64 // above it, not at a page's top
	hold  bool    // stays on the page of the next one
	notes []note
	draw  func(k *ink, y float64)
	tag   *tag  // whose content it is; nil: nothing that is read
	grid  *grid // whose row it is
	row   int
}

// note is a laid footnote.
type note struct {
	lines []line
	tag   *tag
}

const (
	noteSize  = 9.0
	noteLine  = 13.5
	noteAbove = 10.0 // with the rule
)

// placed is a box on its page.
type placed struct {
	*flowBox
	y float64
}

// sheet is a page of the report.
type sheet struct {
	items []placed
	notes []note
}

// pager fills pages with boxes.
type pager struct {
	sheets []sheet
	y      float64
	feet   float64 // height of the page's footnotes
}

// fillPages lays boxes on pages.
func fillPages(boxes []*flowBox) []sheet {
	f := &pager{}
	f.turn()
	for i := 0; i < len(boxes); {
		j := i + 1
		for j < len(boxes) && boxes[j-1].hold {
			j++
		}
		f.group(boxes[i:j])
		i = j
	}
	return f.sheets
}

// turn begins a new page.
func (f *pager) turn() {
	f.sheets = append(f.sheets, sheet{})
	f.y, f.feet = textTop, 0
}

func (f *pager) last() *sheet { return &f.sheets[len(f.sheets)-1] }

// group places boxes that stay together. One that is longer than a page is broken all the same.
func (f *pager) group(boxes []*flowBox) {
	if f.y > textTop && !f.fits(boxes) {
		f.turn()
	}
	for i, b := range boxes {
		if f.y > textTop && !f.fits(boxes[i:i+1]) {
			f.turn()
		}
		if f.y == textTop && b.grid != nil && b.row >= b.grid.head {
			f.repeat(b.grid)
		}
		f.put(b)
	}
}

// fits says whether boxes have room on the page, their footnotes included.
func (f *pager) fits(boxes []*flowBox) bool {
	need, feet := 0.0, f.feet
	for _, b := range boxes {
		need += b.gap + b.h
		feet += noteHeight(b.notes, feet == 0)
	}
	return f.y+need <= textBottom-feet+0.01
}

func noteHeight(notes []note, first bool) float64 {
	var h float64
	for _, n := range notes {
		h += float64(len(n.lines)) * noteLine
	}
	if first && h > 0 {
		h += noteAbove
	}
	return h
}

func (f *pager) put(b *flowBox) {
	s := f.last()
	if f.y > textTop {
		f.y += b.gap
	}
	s.items = append(s.items, placed{b, f.y})
	f.y += b.h
	f.feet += noteHeight(b.notes, f.feet == 0)
	s.notes = append(s.notes, b.notes...)
}

// repeat prints a table's head again.
func (f *pager) repeat(g *grid) {
	for i := range g.head {
		f.put(&flowBox{h: g.heights[i], grid: g, row: i})
	}
}

// draw prints the page: boxes, rows of a table together, footnotes at the foot.
func (s *sheet) draw(k *ink) {
	for i := 0; i < len(s.items); i++ {
		it := s.items[i]
		if it.grid == nil {
			k.mark(it.tag)
			it.draw(k, it.y)
			continue
		}
		j := i + 1
		for j < len(s.items) && s.items[j].grid == it.grid {
			j++
		}
		it.grid.draw(k, s.items[i:j])
		i = j - 1
	}
	y := textBottom
	for _, n := range s.notes {
		y -= float64(len(n.lines)) * noteLine
	}
	if len(s.notes) > 0 {
		k.mark(nil)
		k.rule(textLeft, y-4, textLeft+120, y-4, 0.5, dim)
	}
	for _, n := range s.notes {
		k.mark(n.tag)
		for _, l := range n.lines {
			k.line(textLeft, y+10, l)
			y += noteLine
		}
	}
}
