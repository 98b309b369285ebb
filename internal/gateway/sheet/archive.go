package sheet

import (
	"archive/zip"
	"bytes"
	"cmp"
	"errors"
	"io"
	"slices"
	"strings"
)

// archive is the zip of a workbook: its directory checked, its parts read as
// streams against one budget.
type archive struct {
	lim      Limits
	parts    map[string]*zip.File // by lower-case name with forward slashes
	unpacked int64                // bytes inflated so far, of all parts
	elements int                  // XML elements met so far, in all parts
}

// openArchive checks what can be checked before anything is inflated.
func openArchive(src io.ReaderAt, size int64, lim Limits) (*archive, error) {
	if size > lim.Packed {
		return nil, troublef("文件超过 %d MB，请拆成几个文件分别导入", lim.Packed>>20)
	}
	if err := countEntries(src, size, lim.Entries); err != nil {
		return nil, err
	}
	z, err := zip.NewReader(src, size)
	if errors.Is(err, zip.ErrInsecurePath) {
		return nil, badPath
	}
	if err != nil {
		return nil, err
	}
	a := &archive{lim: lim, parts: make(map[string]*zip.File, len(z.File))}
	var declared uint64
	for _, f := range z.File {
		if err := a.admit(f); err != nil {
			return nil, err
		}
		declared += f.UncompressedSize64
		if declared > uint64(lim.Unpacked) {
			return nil, tooBig(lim)
		}
	}
	return a, disjoint(z.File, size)
}

func tooBig(lim Limits) error {
	return troublef("内容解压后超过 %d MB，请拆成几个文件分别导入", lim.Unpacked>>20)
}

// admit enters one file into the directory.
func (a *archive) admit(f *zip.File) error {
	name := strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/")) // some .NET programs write backslashes
	if strings.HasPrefix(name, "/") || strings.ContainsAny(name, "\x00:") || slices.Contains(strings.Split(name, "/"), "..") {
		return badPath
	}
	if f.Flags&1 != 0 {
		return lockedZip
	}
	if a.parts[name] != nil {
		return damaged // two parts of one name: readers would disagree on which counts
	}
	if size := f.UncompressedSize64; size > ratioFrom && size/uint64(a.lim.Ratio) > f.CompressedSize64 {
		return bomb
	}
	a.parts[name] = f
	return nil
}

// countEntries refuses a zip of too many files before its directory is read into
// memory: the directory's own count may lie, so its headers are counted.
func countEntries(src io.ReaderAt, size int64, limit int) error {
	header := []byte("PK\x01\x02")
	buf := make([]byte, 1<<20)
	n := 0
	for off := int64(0); off < size; off += int64(len(buf) - len(header) + 1) {
		got, err := src.ReadAt(buf, off)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		n += bytes.Count(buf[:got], header)
		if n > limit {
			return troublef("压缩包里的文件超过 %d 个，不是正常的工作簿，不能导入", limit)
		}
	}
	return nil
}

// disjoint refuses files that share packed bytes: that is how small bombs are built.
func disjoint(files []*zip.File, size int64) error {
	type span struct{ from, to int64 }
	spans := make([]span, 0, len(files))
	for _, f := range files {
		from, err := f.DataOffset()
		if err != nil {
			return err
		}
		if f.CompressedSize64 > uint64(size) || from+int64(f.CompressedSize64) > size {
			return damaged
		}
		if f.CompressedSize64 > 0 {
			spans = append(spans, span{from, from + int64(f.CompressedSize64)})
		}
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	for i := 1; i < len(spans); i++ {
		if spans[i].from < spans[i-1].to {
			return overlapping
		}
	}
	return nil
}

// has reports whether the zip holds a part.
func (a *archive) has(name string) bool { return a.parts[strings.ToLower(name)] != nil }

// open begins to read a part. The zip's checksum is verified at its end.
func (a *archive) open(name string) (*part, error) {
	f := a.parts[strings.ToLower(name)]
	if f == nil {
		return nil, damaged
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	return &part{src: r, archive: a, file: f}, nil
}

// part is one file of the zip, counted while it inflates.
type part struct {
	src     io.ReadCloser
	archive *archive
	file    *zip.File
	read    int64
}

// Read inflates; it ends as soon as a limit is passed, whatever the directory said.
func (p *part) Read(b []byte) (int, error) {
	n, err := p.src.Read(b)
	p.read += int64(n)
	p.archive.unpacked += int64(n)
	if p.archive.unpacked > p.archive.lim.Unpacked {
		return 0, tooBig(p.archive.lim)
	}
	if p.read > ratioFrom && p.read/p.archive.lim.Ratio > int64(p.file.CompressedSize64) {
		return 0, bomb
	}
	return n, err
}

// walk calls visit at every start tag of a part.
func (a *archive) walk(name string, visit func(s *scanner) error) error {
	p, err := a.open(name)
	if err != nil {
		return err
	}
	defer p.src.Close()
	s := newScanner(p, a)
	for {
		tok, err := s.next()
		if err != nil || tok == endOfFile {
			return err
		}
		if tok == startTag {
			if err := visit(s); err != nil {
				return err
			}
		}
	}
}
