package paper

import (
	"bytes"
	"encoding/xml"
	"io"
	"strconv"

	"quxiang/internal/domain/proofread"
)

// Limits of the workbook behind a chart.
const (
	maxBook      = 8 << 20
	maxBookCells = 100_000
)

// chartBook reads the first sheet of the workbook behind a chart; nil where there is none, as
// in files that a program saved without it.
func (a *archive) chartBook(chart string) (*proofread.Table, error) {
	targets, err := a.relations(chart, "package")
	if err != nil {
		return nil, err
	}
	for _, name := range targets {
		r, err := a.open(name)
		if err != nil {
			return nil, err
		}
		if r == nil {
			continue
		}
		content, err := io.ReadAll(io.LimitReader(r, maxBook+1))
		if err := r.Close(); err != nil {
			return nil, damaged
		}
		switch {
		case err != nil:
			return nil, damaged
		case len(content) > maxBook:
			return nil, tooMuch
		}
		return bookTable(content)
	}
	return nil, nil
}

// bookTable reads the cells of the first sheet, row by row, as they are stored.
func bookTable(content []byte) (*proofread.Table, error) {
	b, err := openArchive(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, err
	}
	shared, err := b.sharedTexts()
	if err != nil {
		return nil, err
	}
	t := &proofread.Table{}
	kind, at, cells := "", 0, 0
	err = b.each("xl/worksheets/sheet1.xml", func(s *scanner, e xml.StartElement) error {
		switch e.Name.Local {
		case "row":
			t.Cells = append(t.Cells, nil)
		case "c":
			kind, at = attr(e, "t"), columnOf(attr(e, "r"))
		case "v", "t":
			text, err := s.chars()
			if cells++; cells > maxBookCells {
				return tooMuch
			}
			if n, bad := strconv.Atoi(text); kind == "s" && bad == nil && n >= 0 && n < len(shared) {
				text = shared[n]
			} else if kind == "" || kind == "n" {
				text = shortest(text)
			}
			if last := len(t.Cells) - 1; last >= 0 {
				for len(t.Cells[last]) < at { // blank ones are not there
					t.Cells[last] = append(t.Cells[last], proofread.Cell{})
				}
				t.Cells[last] = append(t.Cells[last], proofread.Cell{Text: text})
			}
			return err
		}
		return nil
	})
	return t, err
}

// columnOf is the column of a cell such as B7, from 0.
func columnOf(ref string) int {
	n := 0
	for _, r := range ref {
		if r < 'A' || r > 'Z' || n > maxColumns {
			break
		}
		n = n*26 + int(r-'A') + 1
	}
	return min(max(n-1, 0), maxColumns)
}

// sharedTexts are the texts that cells refer to by number.
func (a *archive) sharedTexts() ([]string, error) {
	var out []string
	err := a.each("xl/sharedStrings.xml", func(s *scanner, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		if len(out) >= maxBookCells {
			return tooMuch
		}
		text, err := s.textOf()
		out = append(out, text)
		return err
	})
	return out, err
}
