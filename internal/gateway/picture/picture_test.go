package picture

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"quxiang/internal/domain/fault"
)

func clean(t *testing.T, raw []byte) (image.Image, []byte, string) {
	t.Helper()
	out, media, err := Clean(raw)
	if err != nil {
		t.Fatal(err)
	}
	img, format, err := image.Decode(bytes.NewReader(out))
	if err != nil || "image/"+format != media {
		t.Fatalf("%s: %s, %v", media, format, err)
	}
	return img, out, media
}

func near(a, b color.Color) bool {
	ar, ag, ab, _ := a.RGBA()
	br, bg, bb, _ := b.RGBA()
	far := func(x, y uint32) bool { return max(x, y)-min(x, y) > 40<<8 }
	return !far(ar, br) && !far(ag, bg) && !far(ab, bb)
}

// TestUpright: each of the eight orientations, in both byte orders, comes out the
// way that it was taken (EXIF 2.32), and without the place (X23).
func TestUpright(t *testing.T) {
	white, red, green, blue := color.White, color.RGBA{255, 0, 0, 255}, color.RGBA{0, 255, 0, 255}, color.RGBA{0, 0, 255, 255}
	raw := jpegOf(t, quarters(300, 200))
	for o, want := range map[uint16][4]color.Color{ // top left, top right, bottom left, bottom right
		0: {white, red, green, blue}, 1: {white, red, green, blue}, 2: {red, white, blue, green}, 3: {blue, green, red, white},
		4: {green, blue, white, red}, 5: {white, green, red, blue}, 6: {green, white, blue, red}, 7: {blue, red, green, white},
		8: {red, blue, white, green}, 9: {white, red, green, blue},
	} {
		for mark, order := range map[string]binary.AppendByteOrder{"II": binary.LittleEndian, "MM": binary.BigEndian} {
			img, out, _ := clean(t, withExif(raw, order, mark, o))
			b := img.Bounds()
			if turned := o >= 5 && o <= 8; turned != (b.Dx() == 200) {
				t.Errorf("orientation %d: %v", o, b)
			}
			x, y := b.Dx()/4, b.Dy()/4
			for i, at := range [][2]int{{x, y}, {3 * x, y}, {x, 3 * y}, {3 * x, 3 * y}} {
				if got := img.At(at[0], at[1]); !near(got, want[i]) {
					t.Errorf("orientation %d %s, corner %d: %v, want %v", o, mark, i, got, want[i])
				}
			}
			if bytes.Contains(out, []byte("GPS")) || bytes.Contains(out, []byte("Exif")) {
				t.Errorf("orientation %d: the place is still in it", o)
			}
		}
	}
}

func TestSizeAndFormat(t *testing.T) {
	noisy := image.NewRGBA(image.Rect(0, 0, 400, 300))
	r := rand.New(rand.NewPCG(1, 2))
	for i := range noisy.Pix {
		noisy.Pix[i] = uint8(r.Uint32())
	}
	clear := image.NewNRGBA(image.Rect(0, 0, 200, 200)) // black, and nothing of it to be seen
	for name, c := range map[string]struct {
		raw   []byte
		w, h  int
		media string
	}{
		"small photo":      {jpegOf(t, quarters(400, 300)), 400, 300, JPEG},
		"large photo":      {jpegOf(t, quarters(4000, 3000)), 2400, 1800, JPEG},
		"tall photo":       {jpegOf(t, quarters(1000, 5000)), 480, 2400, JPEG},
		"grey photo":       {jpegOf(t, image.NewGray(image.Rect(0, 0, 300, 300))), 300, 300, JPEG},
		"screenshot":       {pngOf(t, quarters(400, 300)), 400, 300, PNG},
		"large screenshot": {pngOf(t, quarters(2500, 1250)), 2400, 1200, PNG},
		"photo as PNG":     {pngOf(t, noisy), 400, 300, JPEG},
		"sixteen bits":     {pngOf(t, image.NewNRGBA64(image.Rect(0, 0, 300, 200))), 300, 200, PNG},
		"palette":          {pngOf(t, image.NewPaletted(image.Rect(0, 0, 300, 200), color.Palette{color.Black, color.White})), 300, 200, PNG},
		"see-through":      {pngOf(t, clear), 200, 200, PNG},
	} {
		img, out, media := clean(t, c.raw)
		if b := img.Bounds(); b.Dx() != c.w || b.Dy() != c.h || media != c.media {
			t.Errorf("%s: %v %s", name, b, media)
		}
		if again, _, _ := Clean(c.raw); !bytes.Equal(out, again) {
			t.Errorf("%s: the same upload comes to two files", name)
		}
	}
	if img, _, _ := clean(t, pngOf(t, clear)); !near(img.At(9, 9), color.White) {
		t.Errorf("see-through turned %v", img.At(9, 9))
	}
}

// TestShrinkTakesTheMean: an area keeps its mean brightness exactly, whatever the ratio.
func TestShrinkTakesTheMean(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 300, 7))
	for i := range img.Pix {
		img.Pix[i] = uint8(i * 37)
	}
	for _, w := range []int{299, 200, 100, 7, 1} {
		out := shrink(img, w)
		var got, want float64
		for i := 0; i < len(out.Pix); i += 4 {
			got += float64(out.Pix[i])
		}
		for _, v := range img.Pix {
			want += float64(v)
		}
		n := out.Bounds().Dx() * out.Bounds().Dy()
		if d := got/float64(n) - want/float64(len(img.Pix)); d > 0.6 || d < -0.6 {
			t.Errorf("%d wide: brighter by %.2f", w, d)
		}
	}
}

// bigPNG is a PNG header of that size and nothing behind it.
func bigPNG(w, h uint32) []byte {
	head := append([]byte("IHDR"), binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)...)
	head = append(head, 8, 2, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), head...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(head))
}

// scansOf is a JPEG whose only scan stands there so often.
func scansOf(raw []byte, n int) []byte {
	at := bytes.Index(raw, []byte{0xff, 0xda})
	scan := raw[at : len(raw)-2]
	out := bytes.Clone(raw[:at])
	for range n {
		out = append(out, scan...)
	}
	return append(out, 0xff, 0xd9)
}

// TestRefused: what is no photo and no paper is refused, with what to do instead
// (X20, X23, F4).
func TestRefused(t *testing.T) {
	photo, shot := jpegOf(t, quarters(300, 200)), pngOf(t, quarters(300, 200))
	ftyp := func(brand string) string { return "\x00\x00\x00\x18ftyp" + brand + "\x00\x00\x00\x00" }
	for name, c := range map[string]struct{ raw, says string }{
		"empty":                    {"", "文件是空的"},
		"too large":                {string(photo) + strings.Repeat("x", MaxSize), "一份最多 10 MB"},
		"cut photo":                {string(photo[:len(photo)/2]), "没有传完"},
		"photo without its end":    {string(photo[:len(photo)-2]), "没有传完"},
		"head of a photo":          {"\xff\xd8\xff\xe0\x00", "没有传完"},
		"cut screenshot":           {string(shot[:len(shot)/2]), "没有传完"},
		"pixel flood":              {string(bigPNG(65500, 65500)), "65500×65500"},
		"just beyond":              {string(bigPNG(8000, 5001)), "太大"},
		"stamp":                    {string(jpegOf(t, quarters(99, 400))), "看不清"},
		"a thousand scans":         {string(scansOf(photo, 1000)), "照片打不开"},
		"photo and archive":        {string(photo) + "PK\x03\x04" + string(zipTail("")), "藏着压缩包"},
		"photo, archive, comment":  {string(photo) + "PK\x03\x04" + string(zipTail("PK\x05\x06")), "藏着压缩包"},
		"paper and archive":        {string(paper()) + string(zipTail("%%EOF")), "藏着压缩包"},
		"HEIC":                     {ftyp("heic"), "兼容性最佳"},
		"HEIC by another brand":    {ftyp("mif1"), "兼容性最佳"},
		"WebP":                     {"RIFF\x24\x00\x00\x00WEBPVP8 ", "WebP"},
		"film":                     {ftyp("isom"), "视频"},
		"GIF with a script":        {"GIF89a/*<script>alert(1)</script>*/", "GIF"},
		"Word":                     {"PK\x03\x04\x14\x00\x06\x00\x08\x00[Content_Types].xml", "存成 PDF"},
		"old Word":                 {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "存成 PDF"},
		"archive":                  {"PK\x03\x04\x14\x00合同.jpg" + string(zipTail("")), "解压"},
		"web page":                 {"\ufeff \n<!DOCTYPE html><script>alert(1)</script>", "打印成 PDF"},
		"SVG":                      {`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "打印成 PDF"},
		"web archive":              {"MIME-Version: 1.0\r\nContent-Type: multipart/related", "打印成 PDF"},
		"words":                    {"就业协议", "拍照或截屏"},
		"web page, then a paper":   {"<html>" + string(paper()), "打印成 PDF"},
		"cut paper":                {string(paper()[:60]), "PDF 打不开"},
		"paper without its middle": {"%PDF-1.4" + strings.Repeat(" ", 90) + "%%EOF", "PDF 打不开"},
		"much behind the end":      {string(paper()) + strings.Repeat("x", 2000), "PDF 打不开"},
	} {
		_, _, err := Clean([]byte(c.raw))
		if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestPhonesWriteMoreThanAPhoto: what cameras put around and behind a photo is dropped,
// not refused.
func TestPhonesWriteMoreThanAPhoto(t *testing.T) {
	raw := jpegOf(t, quarters(300, 200))
	for name, more := range map[string][]byte{
		"a film behind it":  append(bytes.Clone(raw), "\x00\x00\x00\x18ftypmp42 film"...),
		"a second photo":    append(bytes.Clone(raw), raw...),
		"a note before":     withSegment(raw, 0xfe, []byte("<html><script>alert(1)</script>")),
		"PK in the pixels":  withSegment(raw, 0xfe, append(zipTail(""), "and more"...)),
		"half an EXIF":      withSegment(raw, 0xe1, []byte("Exif\x00\x00II*\x00\xff\xff\xff\xff")),
		"EXIF of one entry": withSegment(raw, 0xe1, []byte("Exif\x00\x00II*\x00\x08\x00\x00\x00\xff\xff\x12\x01")),
	} {
		_, out, media := clean(t, more)
		if media != JPEG || bytes.Contains(out, []byte("script")) || bytes.Contains(out, []byte("film")) {
			t.Errorf("%s: %s, %d bytes", name, media, len(out))
		}
	}
}

func TestPapers(t *testing.T) {
	for name, c := range map[string]struct {
		raw  []byte
		says string // blank: taken
	}{
		"plain":                        {paper(), ""},
		"a scan":                       {paper("<</Length 9>>\nstream\n/JS (x) \x00\xff\nendstream"), ""},
		"opens at a page":              {paper("<</OpenAction [3 0 R /Fit]>>"), ""},
		"opens at a page, by action":   {paper("<</OpenAction <</S /GoTo /D [3 0 R /Fit]>>>>"), ""},
		"names that begin alike":       {paper("<</LaunchPad 1 /Encrypted 2 /XFAx 3>>"), ""},
		"objects in a stream":          {paper(packed("/ObjStm", "<</Type /Page>>")), ""},
		"another packing":              {paper("<</Type /ObjStm /Filter /LZWDecode>>\nstream\nxx\nendstream"), ""},
		"locked":                       {paper("<</Encrypt 5 0 R>>"), "密码"},
		"script":                       {paper("<</S /JavaScript /JS (app.alert)>>"), "脚本"},
		"script, spelled in hex":       {paper("<</S /J#61va#53cript>>"), "脚本"},
		"script in a stream":           {paper(packed("/ObjStm", "<</S /JavaScript>>")), "脚本"},
		"script in a hidden stream":    {paper(packed("/O#62jStm", "<</S /Java#53cript>>")), "脚本"},
		"starts a program":             {paper("<</S/Launch/F(cmd)>>"), "脚本"},
		"carries a file":               {paper("<</Type /EmbeddedFile>>"), "附件"},
		"sends a form":                 {paper("<</S /SubmitForm>>"), "脚本"},
		"opens an address":             {paper("<</OpenAction <</S /URI /URI (http://evil.example)>>>>"), "脚本"},
		"opens an address, no end":     {paper("<</OpenAction <</S /URI"), "脚本"},
		"a bomb of objects":            {paper(packed("/ObjStm", strings.Repeat("<</Type /Page>>", 5<<20))), "PDF 打不开"},
		"a maze of empty streams":      {paper(strings.Repeat("/ObjStm stream\nx\x9c\x03\x00", 15_000)), "PDF 打不开"},
		"a name at the end of a paper": {append(paper(), "/JavaScript"...), "脚本"},
	} {
		out, media, err := Clean(c.raw)
		switch {
		case c.says == "":
			if err != nil || media != PDF || !bytes.Equal(out, c.raw) {
				t.Errorf("%s: %s %v", name, media, err)
			}
		case fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), c.says):
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestMemoryOfAPictureIsKnownBefore(t *testing.T) {
	frame := func(sampling ...byte) []byte {
		b := []byte{8, 0, 9, 0, 9, byte(len(sampling))}
		for i, hv := range sampling {
			b = append(b, byte(i), hv, 0)
		}
		return b
	}
	for name, c := range map[string]struct {
		body        []byte
		progressive bool
		want        float64
	}{
		"grey": {frame(0x11), false, 1}, "4:2:0": {frame(0x22, 0x11, 0x11), false, 1.5}, "4:4:4": {frame(0x11, 0x11, 0x11), false, 3},
		"four colours": {frame(0x11, 0x11, 0x11, 0x11), false, 4}, "progressive": {frame(0x11, 0x11, 0x11), true, 15},
		"short": {frame(0x11)[:7], false, 0}, "none": {nil, false, 0},
	} {
		if got := frameCost(c.body, c.progressive); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if err := affordable(image.Config{Width: 8000, Height: 5000}, 1.5); err != nil {
		t.Errorf("a camera's photo: %v", err)
	}
	if err := affordable(image.Config{Width: 8000, Height: 5000}, 15); err == nil {
		t.Error("a progressive one of 40 megapixels would take 600 MB")
	}
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	c := &Cleaner{slots: make(chan struct{}, 1)}
	c.slots <- struct{}{}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, _, err := c.Clean(ctx, paper()); err != context.DeadlineExceeded {
		t.Errorf("got %v", err)
	}
	<-c.slots
	if _, media, err := NewCleaner().Clean(t.Context(), paper()); err != nil || media != PDF {
		t.Errorf("%s %v", media, err)
	}
}

// FuzzClean: whatever comes, the answer is a picture of ours, the same PDF, or a
// refusal in words; never a panic (F4).
func FuzzClean(f *testing.F) {
	raw := jpegOf(f, quarters(120, 110))
	for _, seed := range [][]byte{raw, pngOf(f, quarters(120, 110)), withExif(raw, binary.LittleEndian, "II", 6), paper(packed("/ObjStm", "x")),
		scansOf(raw, 3), bigPNG(9, 9), zipTail("x"), []byte("<svg>"), []byte("RIFF\x00\x00\x00\x00WEBP")} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		out, media, err := Clean(raw)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid || err.Error() == "" {
				t.Fatalf("refused without words: %v", err)
			}
			return
		}
		switch media {
		case PDF:
			if !bytes.Equal(out, raw) {
				t.Fatal("a PDF was changed")
			}
		case JPEG:
			c, err := jpeg.DecodeConfig(bytes.NewReader(out))
			if err != nil || max(c.Width, c.Height) > longestSide {
				t.Fatal(err, c)
			}
		case PNG:
		default:
			t.Fatalf("media %q", media)
		}
	})
}
