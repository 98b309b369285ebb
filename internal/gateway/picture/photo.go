package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
)

// Of what is kept: the longest side in pixels, and the quality of JPEG. A page of a
// contract that fills the photo is read without effort.
const (
	longestSide = 2400
	quality     = 85
)

// budget is how much memory decoding one picture may take, in bytes.
const budget = 160 << 20

var (
	errBroken = refuse("照片打不开，可能没有传完或已经损坏，请重新拍照或换一张再传")
	errTiny   = refuse("照片太小，看不清字，请重新拍照，让整页纸占满画面")
)

// smallestSide of a picture that somebody could read.
const smallestSide = 100

// photo cleans a JPEG.
func photo(raw []byte) ([]byte, string, error) {
	info, ok := scanJPEG(raw)
	if !ok {
		return nil, "", errBroken
	}
	c, err := jpeg.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return nil, "", errBroken
	}
	if err := affordable(c, info.perPixel); err != nil {
		return nil, "", err
	}
	img, err := jpeg.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, "", errBroken
	}
	out, err := asJPEG(upright(shrink(img, longestSide), info.orientation))
	return out, JPEG, err
}

// screenshot cleans a PNG: it stays one where that takes less room, since text is
// sharper in it.
func screenshot(raw []byte) ([]byte, string, error) {
	c, err := png.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return nil, "", errBroken
	}
	if err := affordable(c, perPixel(c.ColorModel)); err != nil {
		return nil, "", err
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, "", errBroken
	}
	small := shrink(img, longestSide)
	out, err := asJPEG(small)
	if err != nil {
		return nil, "", err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, small); err != nil {
		return nil, "", err
	}
	if b.Len() < len(out) {
		return b.Bytes(), PNG, nil
	}
	return out, JPEG, nil
}

// perPixel is how many bytes a decoded pixel of a PNG takes, those of the passes of
// an interlaced one included.
func perPixel(m color.Model) float64 {
	switch m {
	case color.GrayModel:
		return 1.5
	case color.Gray16Model:
		return 3
	case color.RGBA64Model, color.NRGBA64Model:
		return 12
	case color.RGBAModel, color.NRGBAModel:
		return 4 // an interlaced one takes half as much again, for a moment
	}
	return 1.5 // a palette
}

// affordable refuses what would take too much to decode, and what nobody can read.
func affordable(c image.Config, perPixel float64) error {
	pixels := float64(c.Width) * float64(c.Height)
	switch {
	case pixels > maxPixels || pixels*perPixel > budget:
		return refuse("照片有 %d×%d 像素，太大了，请对着照片截屏，上传截屏", c.Width, c.Height)
	case min(c.Width, c.Height) < smallestSide:
		return errTiny
	}
	return nil
}

func asJPEG(img *image.RGBA) ([]byte, error) {
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality})
	return b.Bytes(), err
}
