package paper

import (
	"archive/zip"
	"bytes"
	"cmp"
	"errors"
	"io"
	"slices"
	"strings"
)

// Limits of a package: no report comes near them, and a hostile one is refused before
// much of it is inflated.
const (
	maxEntries  = 4000
	maxDeclared = 1 << 30   // bytes of all parts together, as the directory says
	maxInflated = 128 << 20 // bytes of the parts that are read, counted while inflating
	maxRatio    = 200       // of unpacked to packed, for each part larger than ratioFrom
	ratioFrom   = 4 << 20
)

// archive is a package's directory, checked, with one budget for what is read.
type archive struct {
	parts    map[string]*zip.File // by lower-case name with forward slashes
	inflated int64
	elements int
}

// sniffZip tells a Word document from other packages by the names in it.
func sniffZip(src io.ReaderAt, size int64) (kind, refusal) {
	if countEntries(src, size) != nil {
		return wordFile, "" // so that it is refused with the reason
	}
	z, err := zip.NewReader(src, size)
	if err != nil {
		return wordFile, ""
	}
	var names []string
	for _, f := range z.File {
		name := strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))
		if strings.HasPrefix(name, "word/") {
			return wordFile, ""
		}
		names = append(names, name)
	}
	return unreadable, zipKind(names)
}

// countEntries refuses a package of too many parts before its directory is read into
// memory: the directory's own count may lie, so its headers are counted.
func countEntries(src io.ReaderAt, size int64) error {
	header := []byte("PK\x01\x02")
	buf := make([]byte, 1<<20)
	n := 0
	for off := int64(0); off < size; off += int64(len(buf) - len(header) + 1) {
		got, err := src.ReadAt(buf, off)
		if err != nil && !errors.Is(err, io.EOF) {
			return diskError{err}
		}
		if n += bytes.Count(buf[:got], header); n > maxEntries {
			return tooMany
		}
	}
	return nil
}

// openArchive checks what can be checked before anything is inflated.
func openArchive(src io.ReaderAt, size int64) (*archive, error) {
	if err := countEntries(src, size); err != nil {
		return nil, err
	}
	z, err := zip.NewReader(src, size)
	if err != nil {
		return nil, damaged
	}
	a := &archive{parts: make(map[string]*zip.File, len(z.File))}
	var declared uint64
	for _, f := range z.File {
		name := strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))
		if f.Flags&1 != 0 {
			return nil, lockedFile
		}
		if a.parts[name] != nil {
			return nil, damaged // two parts of one name: readers would disagree on which counts
		}
		if n := f.UncompressedSize64; n > ratioFrom && n/maxRatio > f.CompressedSize64 {
			return nil, bomb
		}
		if declared += f.UncompressedSize64; declared > maxDeclared {
			return nil, unpackedBig
		}
		a.parts[name] = f
	}
	return a, disjoint(z.File, size)
}

// disjoint refuses parts that share packed bytes: that is how small bombs are built.
func disjoint(files []*zip.File, size int64) error {
	type stretch struct{ from, to int64 }
	var all []stretch
	for _, f := range files {
		from, err := f.DataOffset()
		if err != nil || f.CompressedSize64 > uint64(size) || from+int64(f.CompressedSize64) > size {
			return damaged
		}
		if f.CompressedSize64 > 0 {
			all = append(all, stretch{from, from + int64(f.CompressedSize64)})
		}
	}
	slices.SortFunc(all, func(a, b stretch) int { return cmp.Compare(a.from, b.from) })
	for i := 1; i < len(all); i++ {
		if all[i].from < all[i-1].to {
			return overlapping
		}
	}
	return nil
}

// open begins to read a part; nil if there is none of that name.
func (a *archive) open(name string) (io.ReadCloser, error) {
	f := a.parts[strings.ToLower(name)]
	if f == nil {
		return nil, nil
	}
	r, err := f.Open()
	if err != nil {
		return nil, damaged
	}
	return &part{src: r, archive: a, packed: int64(f.CompressedSize64)}, nil
}

// part is one part of the package, counted while it inflates.
type part struct {
	src     io.ReadCloser
	archive *archive
	packed  int64
	read    int64
}

// Read inflates; it ends as soon as a limit is passed, whatever the directory said.
func (p *part) Read(b []byte) (int, error) {
	n, err := p.src.Read(b)
	p.read += int64(n)
	p.archive.inflated += int64(n)
	switch {
	case p.archive.inflated > maxInflated:
		return 0, unpackedBig
	case p.read > ratioFrom && p.read/maxRatio > p.packed:
		return 0, bomb
	}
	return n, err
}

// Close ends the reading.
func (p *part) Close() error { return p.src.Close() }
