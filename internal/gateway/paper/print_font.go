package paper

import (
	_ "embed"
	"errors"
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"
	"github.com/signintech/gopdf"
)

// The fonts that a pdf carries: serif for the text, sans for headings. Both have the rare
// characters of people's names, beyond U+FFFF as well.
var (
	//go:embed fonts/NotoSerifSC-Regular.ttf.zst
	serifPacked []byte
	//go:embed fonts/NotoSansSC-Bold.ttf.zst
	sansPacked []byte
)

// face is a font with the widths of its characters.
type face struct {
	name   string // six capitals and a plus say that only a part of the font is in the file
	data   []byte // TrueType
	font   gopdf.SubsetFontObj
	widths map[rune]int // in thousandths of the size, -1 where it has no such character
}

// regular and bold are places in a set of faces.
const (
	regular = iota
	bold
)

// loadFaces unpacks the fonts, beside each other: that is half of the work of a pdf. They are
// not kept: a report is written now and then, and they are 25 MB.
func loadFaces() ([]*face, error) {
	out := []*face{{name: "QXAAAA+NotoSerifSC"}, {name: "QXAAAB+NotoSansSC-Bold"}}
	failed := make([]error, len(out))
	var all sync.WaitGroup
	for i, packed := range [][]byte{serifPacked, sansPacked} {
		all.Go(func() { failed[i] = out[i].unpack(packed) })
	}
	all.Wait()
	return out, errors.Join(failed...)
}

func (f *face) unpack(packed []byte) error {
	unpacker, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return err
	}
	defer unpacker.Close()
	if f.data, err = unpacker.DecodeAll(packed, nil); err != nil {
		return fmt.Errorf("font %s: %w", f.name, err)
	}
	if err := f.font.SetTTFData(f.data); err != nil {
		return fmt.Errorf("font %s: %w", f.name, err)
	}
	f.widths = map[rune]int{}
	return nil
}

// width of a character in thousandths of the font's size, -1 where the font lacks it.
func (f *face) width(r rune) int {
	if w, ok := f.widths[r]; ok {
		return w
	}
	w := -1
	if g, err := f.font.CharCodeToGlyphIndex(r); err == nil && g != 0 {
		w = int(f.font.GlyphIndexToPdfWidth(g))
	}
	f.widths[r] = w
	return w
}

// missing is printed for a character that no font has, as typesetters do.
const missing = '〓'

// pick returns the face that prints r, the wanted one where it can, and what is printed.
func pick(faces []*face, want int, r rune) (int, rune, int) {
	for _, f := range []int{want, regular, bold} {
		if w := faces[f].width(r); w >= 0 {
			return f, r, w
		}
	}
	return regular, missing, faces[regular].width(missing)
}
