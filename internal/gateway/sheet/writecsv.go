package sheet

import (
	"bufio"
	"io"
	"strings"
)

// WriteCSV writes a table as csv that Excel and WPS open by a double click: UTF-8
// with a byte order mark, CRLF. A text that would start a formula gets a ' in front,
// which reading takes off again.
//
// Errors: those of w and of the rows; fault.Usage for what no table can hold.
func WriteCSV(w io.Writer, t Table) error {
	out := bufio.NewWriterSize(w, 64<<10)
	_, _ = out.WriteString("\uFEFF") // bufio keeps the first error until Flush
	n := 1
	if err := t.checkRow(n, t.titles()); err != nil {
		return err
	}
	t.writeRecord(out, t.titles(), false)
	for cells, err := range t.Rows {
		if err != nil {
			return err
		}
		n++
		if err := t.checkRow(n, cells); err != nil {
			return err
		}
		t.writeRecord(out, cells, true)
	}
	return out.Flush()
}

// writeRecord writes one line, as wide as the header.
func (t *Table) writeRecord(out *bufio.Writer, cells []string, data bool) {
	for i, c := range t.Columns {
		if i > 0 {
			_ = out.WriteByte(',')
		}
		if i >= len(cells) {
			continue
		}
		text := cells[i]
		if !data || !c.Number || !decimal(text) {
			text = guard(text)
		}
		if text == cells[i] && !needsQuotes(text) {
			_, _ = out.WriteString(text)
			continue
		}
		_ = out.WriteByte('"')
		_, _ = out.WriteString(strings.ReplaceAll(text, `"`, `""`))
		_ = out.WriteByte('"')
	}
	_, _ = out.WriteString("\r\n")
}

// needsQuotes also covers the separators of other countries, so that nothing behind
// one can become a cell of its own.
func needsQuotes(s string) bool {
	return strings.ContainsAny(s, ",;\t\r\n\"") || strings.TrimSpace(s) != s
}
