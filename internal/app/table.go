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

func (f tableFile) Name() string { return f.name }

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

func (s tableSource) Sheet() string { return s.r.Sheet }

func (s tableSource) Next() (exchange.Row, error) {
	row, err := s.r.Next()
	return exchange.Row(row), err
}

func (s tableSource) Progress() (done, total int64) { return s.r.Progress() }

func (s tableSource) Close() error { return nil }
