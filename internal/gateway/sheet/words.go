package sheet

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"regexp"
	"slices"
)

// mostWord is how many bytes a word has at most that Words looks for.
const mostWord = 256

// Words returns what the pattern finds anywhere in a file: in cells, in what is
// printed above and below pages, in properties; each once, in order of the parts.
// It reads within the limits of Open and refuses what Open refuses.
func Words(name string, src io.ReaderAt, size int64, pattern *regexp.Regexp) ([]string, error) {
	at := place{file: name}
	src = disk{src, size}
	head := make([]byte, 2)
	if _, err := src.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, at.refuse(err)
	}
	var found []string
	if !bytes.Equal(head, []byte("PK")) {
		err := wordsOf(io.NewSectionReader(src, 0, min(size, ProductLimits().Unpacked)), pattern, &found)
		return found, err
	}
	a, err := openArchive(src, size, ProductLimits())
	if err != nil {
		return nil, at.refuse(err)
	}
	for _, part := range slices.Sorted(maps.Keys(a.parts)) {
		p, err := a.open(part)
		if err == nil {
			err = errors.Join(wordsOf(p, pattern, &found), p.src.Close())
		}
		if err != nil {
			return nil, at.refuse(err)
		}
	}
	return found, nil
}

// wordsOf reads a stream in pieces that overlap by a word.
func wordsOf(r io.Reader, pattern *regexp.Regexp, found *[]string) error {
	buf := make([]byte, 0, 64<<10)
	for {
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		for _, w := range pattern.FindAll(buf, -1) {
			if !slices.Contains(*found, string(w)) {
				*found = append(*found, string(w))
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if len(buf) > cap(buf)/2 {
			keep := copy(buf, buf[len(buf)-mostWord:])
			buf = buf[:keep]
		}
	}
}
