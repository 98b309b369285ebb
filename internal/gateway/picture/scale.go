package picture

import (
	"image"
	"image/color"
	"image/draw"
)

// shrink returns the picture on white, its longest side at most that long. Each
// pixel is the mean of the area that it covers, in whole numbers: the same on every
// machine. Rows are read one by one, so that little more than the result is held.
func shrink(img image.Image, longest int) *image.RGBA {
	b := img.Bounds()
	w, h := fitted(b.Dx(), b.Dy(), longest)
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if w == b.Dx() && h == b.Dy() {
		paint(out, img, b.Min)
		return out
	}
	row := image.NewRGBA(image.Rect(0, 0, b.Dx(), 1))
	narrow := make([]uint64, 3*w) // one row of the source, as wide as the result
	sums := make([]uint64, 3*w)
	area := uint64(b.Dx()) * uint64(b.Dy())
	y, room := 0, uint64(b.Dy()) // of the row under way: how much it still takes
	for sy := range b.Dy() {
		paint(row, img, image.Pt(b.Min.X, b.Min.Y+sy))
		squeeze(narrow, row.Pix, b.Dx(), w)
		for left := uint64(h); left > 0; {
			part := min(left, room)
			for i, v := range narrow {
				sums[i] += v * part
			}
			left -= part
			if room -= part; room == 0 {
				settle(out.Pix[y*out.Stride:], sums, area)
				y, room = y+1, uint64(b.Dy())
			}
		}
	}
	return out
}

// fitted returns the size at which the longest side is as long as asked.
func fitted(w, h, longest int) (int, int) {
	if max(w, h) <= longest {
		return w, h
	}
	if w >= h {
		return longest, max(1, (h*longest+w/2)/w)
	}
	return max(1, (w*longest+h/2)/h), longest
}

// paint draws the part of a picture that begins there, on white where it is not opaque.
func paint(to *image.RGBA, img image.Image, at image.Point) {
	if o, ok := img.(interface{ Opaque() bool }); ok && solid(img) && o.Opaque() {
		draw.Draw(to, to.Bounds(), img, at, draw.Src)
		return
	}
	draw.Draw(to, to.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(to, to.Bounds(), img, at, draw.Over)
}

// solid reports a kind of picture that is opaque without looking at its pixels.
func solid(img image.Image) bool {
	switch img.(type) {
	case *image.YCbCr, *image.Gray, *image.Gray16, *image.CMYK:
		return true
	}
	return false
}

// squeeze makes a row of n pixels as wide as w: each sum is the colour times n.
func squeeze(to []uint64, pix []uint8, n, w int) {
	clear(to)
	x, room := 0, n
	for sx := range n {
		p := pix[4*sx : 4*sx+3 : 4*sx+3]
		for left := w; left > 0; {
			part := min(left, room)
			s := to[3*x : 3*x+3 : 3*x+3]
			s[0] += uint64(p[0]) * uint64(part)
			s[1] += uint64(p[1]) * uint64(part)
			s[2] += uint64(p[2]) * uint64(part)
			left -= part
			if room -= part; room == 0 {
				x, room = x+1, n
			}
		}
	}
}

// settle writes a finished row and empties its sums.
func settle(pix []uint8, sums []uint64, area uint64) {
	for i := 0; i < len(sums); i += 3 {
		p := pix[4*i/3 : 4*i/3+4 : 4*i/3+4]
		for c := range 3 {
			p[c] = uint8((sums[i+c] + area/2) / area)
		}
		p[3] = 0xff
	}
	clear(sums)
}

// upright turns a picture as the EXIF orientation says, 1 to 8; others leave it.
func upright(img *image.RGBA, orientation int) *image.RGBA {
	if orientation < 2 || orientation > 8 {
		return img
	}
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	size := image.Rect(0, 0, w, h)
	if orientation >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewRGBA(size)
	for y := range h {
		for x := range w {
			tx, ty := turned(x, y, w, h, orientation)
			copy(out.Pix[ty*out.Stride+4*tx:][:4], img.Pix[y*img.Stride+4*x:][:4])
		}
	}
	return out
}

// turned says where a pixel of the stored picture belongs (EXIF 2.32, tag 0x0112).
func turned(x, y, w, h, orientation int) (int, int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	}
	return y, w - 1 - x
}
