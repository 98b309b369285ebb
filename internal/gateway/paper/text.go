package paper

import (
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"quxiang/internal/domain/proofread"
	"quxiang/internal/domain/proofread/layout"
)

// readText reads plain text: UTF-8, UTF-16 with its mark, or GB18030.
func readText(src io.ReaderAt, size int64) ([]proofread.Block, error) {
	raw, err := whole(src, size)
	if err != nil {
		return nil, err
	}
	text, err := decode(raw)
	if err != nil {
		return nil, err
	}
	return layout.Blocks(layout.Lines(text)), nil
}

// decode makes text of bytes; what is no text in any encoding in use here is refused.
func decode(raw []byte) (string, error) {
	if b, ok := bytes.CutPrefix(raw, []byte("\xEF\xBB\xBF")); ok {
		raw = b
	}
	if bytes.HasPrefix(raw, []byte("\xFF\xFE")) || bytes.HasPrefix(raw, []byte("\xFE\xFF")) {
		out, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(raw)
		if err != nil {
			return "", notEncoded
		}
		return clean(out), nil
	}
	if utf8.Valid(raw) {
		return clean(raw), nil
	}
	return decodeGB(raw)
}

func decodeGB(raw []byte) (string, error) {
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(raw)
	if err != nil || bytes.Count(out, []byte("\uFFFD"))*1000 > len(out) {
		return "", notEncoded
	}
	return clean(out), nil
}

// clean takes out what text does not have: NUL, the mark of the byte order.
func clean(b []byte) string {
	b = bytes.ReplaceAll(b, []byte{0}, nil)
	b = bytes.ReplaceAll(b, []byte("\uFEFF"), nil)
	return string(b)
}
