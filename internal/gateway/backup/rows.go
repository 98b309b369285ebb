package backup

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"iter"
	"unicode/utf8"
)

// appendRow writes a row as a line: nil, string, int64, bool and []byte.
func appendRow(to []byte, row []any) ([]byte, error) {
	to = append(to, '[')
	for i, v := range row {
		if i > 0 {
			to = append(to, ',')
		}
		switch v := v.(type) {
		case nil:
			to = append(to, "null"...)
		case bool:
			to = fmt.Appendf(to, "%t", v)
		case int64:
			to = fmt.Appendf(to, "%d", v)
		case []byte:
			to = append(to, '"')
			to = base64.StdEncoding.AppendEncode(to, v)
			to = append(to, '"')
		case string:
			to = appendText(to, v)
		default:
			return nil, fmt.Errorf("backup: a column of type %T", v)
		}
	}
	return append(to, ']', '\n'), nil
}

// appendText writes a text as JSON; one that is no UTF-8 must not be mended.
func appendText(to []byte, s string) []byte {
	if !utf8.ValidString(s) {
		to = append(to, `{"base64":"`...)
		to = base64.StdEncoding.AppendEncode(to, []byte(s))
		return append(to, `"}`...)
	}
	plain := true
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' {
			plain = false
			break
		}
	}
	if plain {
		to = append(to, '"')
		to = append(to, s...)
		return append(to, '"')
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string in memory: cannot fail
	return append(to, bytes.TrimSuffix(b.Bytes(), []byte("\n"))...)
}

// readRows yields the rows of lines as the table's kinds say: nil, string, int64,
// bool and []byte. The slice is used again for the next row.
func readRows(t *Table, lines []byte) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		row := make([]any, len(t.Columns))
		n := 0
		for line := range bytes.Lines(lines) {
			n++
			if err := readRow(t, line, row); err != nil {
				yield(nil, fmt.Errorf("backup: table %s, line %d: %w", t.Name, n, err))
				return
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

func readRow(t *Table, line []byte, row []any) error {
	var cells []json.RawMessage
	if err := json.Unmarshal(line, &cells); err != nil {
		return err
	}
	if len(cells) != len(row) {
		return fmt.Errorf("%d cells for %d columns", len(cells), len(row))
	}
	for i, cell := range cells {
		v, err := readCell(t.Kinds[i], cell)
		if err != nil {
			return fmt.Errorf("column %s: %w", t.Columns[i], err)
		}
		row[i] = v
	}
	return nil
}

func readCell(kind string, cell json.RawMessage) (any, error) {
	if string(cell) == "null" {
		return nil, nil
	}
	switch kind {
	case Bigint:
		return as[int64](cell)
	case Boolean:
		return as[bool](cell)
	case Bytea:
		return as[[]byte](cell)
	case Text:
		if cell[0] != '{' {
			return as[string](cell)
		}
		raw, err := as[struct{ Base64 []byte }](cell)
		return string(raw.(struct{ Base64 []byte }).Base64), err
	}
	return nil, fmt.Errorf("unknown kind %q", kind)
}

func as[T any](cell json.RawMessage) (any, error) {
	var v T
	err := json.Unmarshal(cell, &v)
	return v, err
}
