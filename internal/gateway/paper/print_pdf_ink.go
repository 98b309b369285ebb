package paper

import (
	"github.com/signintech/gopdf"
)

// tint is a colour, red, green, blue.
type tint [3]uint8

// The colours of a report: black text, quiet rules.
var (
	black = tint{0x1A, 0x1A, 0x1A}
	dim   = tint{0x5A, 0x63, 0x6B}
	hair  = tint{0xC9, 0xD0, 0xD6}
	deep  = tint{0x1B, 0x4F, 0x72}
	white = tint{0xFF, 0xFF, 0xFF}
)

// A4 in points, and the column of text: 36 characters of 12 points.
const (
	pageWidth, pageHeight = 595.28, 841.89
	textWidth             = 432.0
	textLeft              = (pageWidth - textWidth) / 2
	textTop, textBottom   = 86.0, pageHeight - 80
)

// ink draws on a pdf. y goes down from the page's top. The first error stays.
type ink struct {
	pdf   *gopdf.GoPdf
	faces []*face
	err   error
	marks []bookmark
	tagging
}

// bookmark of a heading.
type bookmark struct {
	level int
	title string
	obj   *gopdf.OutlineObj
}

func newInk(faces []*face) *ink {
	k := &ink{pdf: &gopdf.GoPdf{}, faces: faces}
	k.pdf.Start(gopdf.Config{PageSize: gopdf.Rect{W: pageWidth, H: pageHeight}})
	k.pdf.SetNoCompression() // of pages: mendPDF packs them
	for _, f := range faces {
		k.keep(k.pdf.AddTTFFontData(f.name, f.data))
	}
	return k
}

func (k *ink) keep(err error) {
	if k.err == nil {
		k.err = err
	}
}

// page begins a new one. What is drawn there and not marked otherwise is not read.
func (k *ink) page() {
	k.unmark()
	k.pdf.AddPage()
	k.counts = append(k.counts, 0)
	k.mark(nil)
}

// segment prints a piece of a line that begins at x, base is the line's.
func (k *ink) segment(x, base float64, s segment) {
	k.keep(k.pdf.SetFont(k.faces[s.face].name, "", s.look.size))
	k.keep(k.pdf.SetCharSpacing(s.spacing))
	k.pdf.SetTextColor(s.look.tint[0], s.look.tint[1], s.look.tint[2])
	k.pdf.SetXY(x+s.x, base-s.look.rise)
	k.keep(k.pdf.Text(s.text))
	if s.look.link != "" {
		k.link(s.look.link, x+s.x, base-s.look.size, s.w, s.look.size*1.25)
	}
}

// line prints a laid line.
func (k *ink) line(x, base float64, l line) {
	for _, s := range l.segments {
		k.segment(x, base, s)
	}
}

// words prints a text on one line; at is where in it x is: 0 its begin, 0.5 its middle, 1 its end.
func (k *ink) words(x, base, at float64, text string, l *look) {
	gs := glyphs(k.faces, nil, text, l)
	if len(gs) == 0 {
		return
	}
	set := setLine(gs, widthOf(gs), 0, false)
	k.line(x-at*set.width, base, set)
}

// rule draws a line; dash, where it is given, is its pattern.
func (k *ink) rule(x1, y1, x2, y2, width float64, c tint, dash ...float64) {
	k.pdf.SetLineWidth(width)
	k.pdf.SetStrokeColor(c[0], c[1], c[2])
	if len(dash) > 0 {
		k.pdf.SetCustomLineType(dash, 0)
	} else {
		k.pdf.SetLineType("")
	}
	k.pdf.Line(x1, y1, x2, y2)
}

// shape fills a polygon and draws its white edge.
func (k *ink) shape(pts []spot, c tint, edge bool) {
	out := make([]gopdf.Point, len(pts))
	for i, p := range pts {
		out[i] = gopdf.Point{X: p.x, Y: p.y}
	}
	k.pdf.SetFillColor(c[0], c[1], c[2])
	style := "F"
	if edge {
		k.pdf.SetLineType("")
		k.pdf.SetLineWidth(0.8)
		k.pdf.SetStrokeColor(white[0], white[1], white[2])
		style = "DF"
	}
	k.pdf.Polygon(out, style)
}

func (k *ink) link(anchor string, x, y, w, h float64) { k.pdf.AddInternalLink(anchor, x, y, w, h) }

// anchor is where links of that name lead: a little above y.
func (k *ink) anchor(name string, y float64) {
	k.keep(k.pdf.SetFont(k.faces[regular].name, "", 10))
	k.pdf.SetXY(textLeft, y)
	k.pdf.SetAnchor(name)
}

// bookmark adds a heading to the outline.
func (k *ink) bookmark(level int, title string, y float64) {
	k.pdf.SetXY(textLeft, y+12)
	k.marks = append(k.marks, bookmark{level, title, k.pdf.AddOutlineWithPosition(title)})
}

// outline links the bookmarks by level and returns the object of the last on top, 0 without.
func (k *ink) outline() int {
	var top gopdf.OutlineNodes
	var open []*gopdf.OutlineNode // the way to the last one, by level
	for _, m := range k.marks {
		n := &gopdf.OutlineNode{Obj: m.obj}
		for len(open) >= max(m.level, 1) {
			open = open[:len(open)-1]
		}
		if len(open) == 0 {
			top = append(top, n)
		} else {
			up := open[len(open)-1]
			up.Children = append(up.Children, n)
		}
		open = append(open, n)
	}
	top.Parse()
	if len(top) == 0 {
		return 0
	}
	return top[len(top)-1].Obj.GetIndex()
}
