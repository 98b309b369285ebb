package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"

	"quxiang/internal/domain/exchange"
	"quxiang/internal/gateway/sheet"
)

// TableFile is a table file in memory, as imports read it.
func TableFile(name string, content []byte) exchange.File {
	return tableFile{filepath.Base(name), content}
}

type tableFile struct {
	name    string
	content []byte
}

// Name is the file's name without its folder.
func (f tableFile) Name() string { return f.name }

// SHA256 is the digest of the content, hex.
func (f tableFile) SHA256() string {
	sum := sha256.Sum256(f.content)
	return hex.EncodeToString(sum[:])
}

// Open starts reading from the first row.
func (f tableFile) Open(context.Context) (exchange.Source, error) {
	r, err := sheet.Open(f.name, bytes.NewReader(f.content), int64(len(f.content)))
	if err != nil {
		return nil, err
	}
	return tableSource{r}, nil
}

type tableSource struct{ r *sheet.Reader }

// Sheet names the worksheet that is read; blank for csv.
func (s tableSource) Sheet() string { return s.r.Sheet }

// Next returns the next row that is not blank, io.EOF after the last.
// The line that says whose export a csv file is, is nobody's row.
func (s tableSource) Next() (exchange.Row, error) {
	row, err := s.r.Next()
	for err == nil && isClosing(row.Cells) {
		row, err = s.r.Next()
	}
	return exchange.Row(row), err
}

// Progress is in bytes of the file.
func (s tableSource) Progress() (done, total int64) { return s.r.Progress() }

// Close has nothing to let go: the content lies in memory.
func (s tableSource) Close() error { return nil }
