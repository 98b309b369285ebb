package demo

import (
	"bytes"
	_ "embed"
	"image"
	"image/color"
	"image/png"
	"sync"
)

//go:embed glyphs/glyphs.png
var glyphSheet []byte

//go:embed glyphs/glyphs.txt
var glyphOrder string

// Of the sheet: signs a row, and the size of a cell.
const (
	glyphsARow = 32
	cellWidth  = 26
	cellHeight = 28
	blankWidth = 8
)

// glyph is one sign: its ink from 0 to 3 in a cell, and how far the next one stands.
type glyph struct {
	ink   [cellHeight][cellWidth]uint8
	width int
}

var glyphs = sync.OnceValue(func() map[rune]*glyph {
	img, err := png.Decode(bytes.NewReader(glyphSheet))
	if err != nil {
		panic("demo: the sheet of glyphs does not decode: " + err.Error())
	}
	sheet := img.(*image.Paletted)
	out := map[rune]*glyph{}
	for i, sign := range []rune(glyphOrder) {
		g := &glyph{width: cellWidth - 2}
		right := 0
		for y := 1; y < cellHeight; y++ { // the first row holds ends of the signs above
			for x := range cellWidth {
				v := sheet.ColorIndexAt(i%glyphsARow*cellWidth+x, i/glyphsARow*cellHeight+y)
				if g.ink[y][x] = v; v > 0 {
					right = max(right, x)
				}
			}
		}
		if sign < 0x2000 {
			g.width = right + 2
		}
		out[sign] = g
	}
	return out
})

// pen is a colour in the palette of papers, with three strengths after it.
type pen uint8

// The pens; the paper is the colour before all of them.
const (
	inkPen, faintPen, bluePen, redPen pen = 0, 3, 6, 9
)

// palette of papers: the paper, then each pen from faint to full.
var palette = func() color.Palette {
	paper := [3]int{249, 248, 244}
	out := color.Palette{color.RGBA{249, 248, 244, 255}}
	for _, c := range [][3]int{{45, 45, 52}, {150, 150, 150}, {30, 50, 140}, {208, 60, 60}} {
		for part := range 3 {
			var mixed [3]uint8
			for i := range mixed {
				mixed[i] = uint8((paper[i]*(2-part) + c[i]*(part+1)) / 3)
			}
			out = append(out, color.RGBA{mixed[0], mixed[1], mixed[2], 255})
		}
	}
	for len(out) <= 16 { // beyond 16 colours a pixel is a byte: written in a third of the time
		out = append(out, out[0])
	}
	return out
}()

// lettering writes text on a picture.
type lettering struct {
	img     *image.Paletted
	missing []rune // signs that the sheet does not have
}

// write draws the text from that place on, so many times as large, and returns
// where it ends.
func (l *lettering) write(x, y, times int, p pen, text string) int {
	for _, sign := range text {
		if sign == ' ' {
			x += blankWidth * times
			continue
		}
		g := glyphs()[sign]
		if g == nil {
			l.missing = append(l.missing, sign)
			x += cellWidth * times
			continue
		}
		l.draw(g, x, y, times, p)
		x += g.width * times
	}
	return x
}

func (l *lettering) draw(g *glyph, x, y, times int, p pen) {
	for dy, row := range g.ink {
		for dx, ink := range row {
			if ink == 0 {
				continue
			}
			for sy := range times {
				for sx := range times {
					l.dot(x+dx*times+sx, y+dy*times+sy, uint8(p)+ink)
				}
			}
		}
	}
}

// dot sets a pixel that lies on the paper.
func (l *lettering) dot(x, y int, c uint8) {
	if (image.Point{X: x, Y: y}).In(l.img.Rect) {
		l.img.Pix[y*l.img.Stride+x] = c
	}
}

// length is how wide the text will be.
func length(text string, times int) (n int) {
	for _, sign := range text {
		switch g := glyphs()[sign]; {
		case sign == ' ':
			n += blankWidth
		case g == nil:
			n += cellWidth
		default:
			n += g.width
		}
	}
	return n * times
}
