package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
)

// quarters is a picture whose four quarters are white, red, green and blue, so that
// it is seen which way up it is.
func quarters(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := [2][2]color.RGBA{{{255, 255, 255, 255}, {255, 0, 0, 255}}, {{0, 255, 0, 255}, {0, 0, 255, 255}}}[2*y/h][2*x/w]
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

func jpegOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withExif puts an EXIF segment with an orientation and a place into a JPEG.
func withExif(raw []byte, order binary.AppendByteOrder, mark string, orientation uint16) []byte {
	tiff := append([]byte("Exif\x00\x00"), mark...)
	tiff = order.AppendUint16(tiff, 42)
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 2)
	for _, e := range [][2]uint16{{0x010f, 2}, {0x0112, 3}} {
		tiff = order.AppendUint16(tiff, e[0])
		tiff = order.AppendUint16(tiff, e[1])
		tiff = order.AppendUint32(tiff, 1)
		tiff = order.AppendUint16(tiff, orientation)
		tiff = order.AppendUint16(tiff, 0)
	}
	tiff = append(tiff, "GPS 38.99N 117.70E"...)
	return withSegment(raw, 0xe1, tiff)
}

func withSegment(raw []byte, marker byte, body []byte) []byte {
	out := append([]byte{0xff, 0xd8, 0xff, marker}, binary.BigEndian.AppendUint16(nil, uint16(len(body)+2))...)
	return append(append(out, body...), raw[2:]...)
}

// paper is a PDF of one page with these objects besides.
func paper(more ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n1 0 obj\n<</Type /Catalog /Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type /Pages /Kids [] /Count 0>>\nendobj\n")
	for i, o := range more {
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", 3+i, o)
	}
	b.WriteString("trailer\n<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n")
	return b.Bytes()
}

// packed is an object stream that hides the text.
func packed(name, text string) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write([]byte(text))
	_ = z.Close()
	return fmt.Sprintf("<</Type %s /N 1 /First 4 /Note (stream) /Filter /FlateDecode /Length %d>>\nstream\r\n%s\nendstream", name, b.Len(), b.Bytes())
}

// zipTail is the end of an archive.
func zipTail(comment string) []byte {
	tail := append([]byte("PK\x05\x06"), make([]byte, 16)...)
	return append(append(tail, byte(len(comment)), 0), comment...)
}
