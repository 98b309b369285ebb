package sheet

import (
	"strings"
	"unicode/utf8"
)

const (
	chunkBits = 20 // a chunk of text holds 1 MiB
	blockBits = 16 // a block of the index holds 65,536 places
)

// sharedStrings are the texts that the cells of a workbook refer to by number, the
// one thing of a file that is held in memory: 4 bytes a text beside the text
// itself. Both grow by pieces, so that growing never copies.
type sharedStrings struct {
	chunks []string
	last   strings.Builder // the chunk that still grows
	index  [][]uint32      // where each text begins: chunk<<chunkBits | offset
	n      int
	size   int // bytes of all texts
}

// sharedStrings reads the part; a workbook may have none.
func (a *archive) sharedStrings(name string) (*sharedStrings, error) {
	t := new(sharedStrings)
	if name == "" || !a.has(name) {
		return t, nil
	}
	var text []byte
	err := a.walk(name, func(s *scanner) error {
		if string(s.name) != "si" {
			return nil
		}
		var err error
		if text, err = appendString(text[:0], s, a.lim.Text); err != nil {
			return err
		}
		if t.n == a.lim.Cells || t.size+len(text) > a.lim.Strings {
			return tooMuchXML
		}
		t.add(text)
		return nil
	})
	t.chunks = append(t.chunks, t.last.String())
	return t, err
}

func (t *sharedStrings) add(text []byte) {
	if t.last.Len()+len(text) > 1<<chunkBits || t.last.Len() == 1<<chunkBits {
		t.chunks = append(t.chunks, t.last.String())
		t.last = strings.Builder{}
	}
	if t.n&(1<<blockBits-1) == 0 {
		t.index = append(t.index, make([]uint32, 0, 1<<blockBits))
	}
	block := &t.index[len(t.index)-1]
	*block = append(*block, uint32(len(t.chunks)<<chunkBits|t.last.Len()))
	t.last.Write(text)
	t.n++
	t.size += len(text)
}

// text returns the text of a number.
func (t *sharedStrings) text(i int) (string, bool) {
	if i < 0 || i >= t.n {
		return "", false
	}
	at := t.place(i)
	chunk := t.chunks[at>>chunkBits]
	from, to := at&(1<<chunkBits-1), uint32(len(chunk))
	if i+1 < t.n {
		if next := t.place(i + 1); next>>chunkBits == at>>chunkBits {
			to = next & (1<<chunkBits - 1)
		}
	}
	return chunk[from:to], true
}

func (t *sharedStrings) place(i int) uint32 {
	return t.index[i>>blockBits][i&(1<<blockBits-1)]
}

// appendString reads a string item (si or is), whose startTag was the last token:
// plain text, or runs of rich text; phonetic guides (rPh) are no part of it.
func appendString(dst []byte, s *scanner, limit int) ([]byte, error) {
	from := len(dst)
	for outside := s.depth() - 1; ; {
		tok, err := s.next()
		if err != nil {
			return dst, err
		}
		switch {
		case tok == endTag && s.depth() == outside:
			return dst, nil
		case tok == startTag && string(s.name) == "t":
			run := len(dst)
			if dst, err = appendElement(dst, from, s, limit); err != nil {
				return dst, err
			}
			dst = unescape(dst, run)
		case tok == startTag && string(s.name) == "rPh":
			if err := s.skip(); err != nil {
				return dst, err
			}
		}
	}
}

// appendElement appends the text of the element whose startTag was the last token;
// what stands behind from in dst must stay within the limit of characters.
func appendElement(dst []byte, from int, s *scanner, limit int) ([]byte, error) {
	for outside := s.depth() - 1; ; {
		tok, err := s.next()
		if err != nil {
			return dst, err
		}
		switch tok {
		case chars:
			if dst, err = appendText(dst, s.text, s.cdata); err != nil {
				return dst, err
			}
			if len(dst)-from > limit && utf8.RuneCount(dst[from:]) > limit {
				return dst, longText(limit)
			}
		case startTag:
			return dst, damaged
		case endTag:
			if s.depth() == outside {
				return dst, nil
			}
		}
	}
}

func longText(limit int) error {
	return troublef("有一格的文字超过 %d 字，请删短后再导入", limit)
}
