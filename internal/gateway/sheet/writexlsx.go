package sheet

import (
	"archive/zip"
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"

	"quxiang/internal/domain/fault"
)

// WriteXLSX writes a workbook: bold header that stays in view, filter, columns as
// wide as their texts; texts as texts (学号 stay 学号), numbers only where a Column
// says so. Rows are streamed. The same Book gives the same bytes: parts in order of
// their names, every date Made.
//
// Errors: those of w and of the rows; fault.Usage for what no table can hold.
func WriteXLSX(w io.Writer, b Book) error {
	if err := b.nameSheets(); err != nil {
		return err
	}
	z := zip.NewWriter(w)
	for _, p := range b.fixedParts() {
		out, err := b.create(z, p.name)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(out, p.text); err != nil {
			return err
		}
	}
	for i := range b.Tables {
		out, err := b.create(z, fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1))
		if err != nil {
			return err
		}
		buffered := bufio.NewWriterSize(out, 64<<10)
		if err := b.Tables[i].writeSheet(buffered, i == 0, b.Mark); err != nil {
			return err
		}
		if err := buffered.Flush(); err != nil {
			return err
		}
	}
	return z.Close()
}

// create begins a part. Its time is taken in UTC, or the bytes would depend on the machine.
func (b *Book) create(z *zip.Writer, name string) (io.Writer, error) {
	return z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: b.Made.UTC().Truncate(time.Second)})
}

// nameSheets makes the tables' names fit for Excel; two that end up the same are refused.
func (b *Book) nameSheets() error {
	if len(b.Tables) == 0 {
		return fault.Usagef("file", "没有可以写出的表，请先选定内容")
	}
	tables := make([]Table, len(b.Tables))
	seen := make(map[string]bool)
	for i, t := range b.Tables {
		t.Name = sheetName(t.Name)
		if key := strings.ToLower(t.Name); seen[key] {
			return fault.Usagef("file", "有两张工作表都叫“%s”，请改名", t.Name)
		} else {
			seen[key] = true
		}
		tables[i] = t
	}
	b.Tables = tables // b is WriteXLSX's own copy; the caller's tables keep their names
	return nil
}

// sheetName replaces what Excel does not allow and cuts to 31 UTF-16 units.
func sheetName(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) || unicode.IsControl(r) || r == unicode.ReplacementChar {
			return '_'
		}
		return r
	}, name)
	if strings.HasPrefix(name, "'") || strings.HasSuffix(name, "'") {
		name = "_" + strings.Trim(name, "'")
	}
	units := 0
	for i, r := range name {
		if units += utf16.RuneLen(r); units > 31 {
			name = name[:i]
			break
		}
	}
	if name == "" {
		name = "Sheet"
	}
	return name
}

// Styles of the cells, as numbered in the styles part.
const (
	styleHeader = 1
	styleText   = 2
)

// widthRows is how many rows are read ahead to choose the widths of the columns.
const widthRows = 200

// writeSheet writes one worksheet part.
func (t *Table) writeSheet(out *bufio.Writer, active bool, m Mark) error {
	if err := t.checkRow(1, t.titles()); err != nil {
		return err
	}
	var ahead [][]string
	widths := t.newWidths()
	n := 1
	flush := func() {
		t.writeHead(out, widths, active)
		for i, cells := range ahead {
			t.writeRow(out, i+2, cells)
		}
		ahead = nil
	}
	for cells, err := range t.Rows {
		if err != nil {
			return err
		}
		n++
		if err := t.checkRow(n, cells); err != nil {
			return err
		}
		switch {
		case n <= widthRows:
			ahead = append(ahead, append([]string(nil), cells...)) // the sequence may reuse its slice
			widths.see(cells)
			continue
		case n == widthRows+1:
			flush()
		}
		t.writeRow(out, n, cells)
	}
	if n <= widthRows {
		flush()
	}
	t.writeTail(out, n, m)
	return nil
}

func (t *Table) writeHead(out *bufio.Writer, w widths, active bool) {
	put(out, xmlHeader, `<worksheet xmlns="`, nsMain, `"><sheetViews><sheetView`)
	if active {
		put(out, ` tabSelected="1"`)
	}
	put(out, ` workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>`,
		`<selection pane="bottomLeft"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>`)
	if len(w) > 0 {
		put(out, `<cols>`)
		for i, width := range w {
			style := styleText // what the user adds below is text too
			if t.Columns[i].Number {
				style = 0
			}
			fmt.Fprintf(out, `<col min="%d" max="%d" width="%d" style="%d" customWidth="1"/>`, i+1, i+1, width.chars(), style)
		}
		put(out, `</cols>`)
	}
	put(out, `<sheetData>`)
	fmt.Fprintf(out, `<row r="1">`)
	for i, title := range t.titles() {
		writeText(out, i, 1, styleHeader, title)
	}
	put(out, `</row>`)
}

// writeRow writes one row; an empty cell is left out.
func (t *Table) writeRow(out *bufio.Writer, n int, cells []string) {
	fmt.Fprintf(out, `<row r="%d">`, n)
	for i, c := range cells {
		switch {
		case c == "":
		case t.Columns[i].Number && decimal(c):
			fmt.Fprintf(out, `<c r="%s%d"><v>%s</v></c>`, Letters(i), n, c)
		default:
			writeText(out, i, n, styleText, c)
		}
	}
	put(out, `</row>`)
}

// writeTail ends the sheet of n rows. Numbers kept as text are meant so: no green corners.
func (t *Table) writeTail(out *bufio.Writer, n int, m Mark) {
	put(out, `</sheetData>`)
	if len(t.Columns) > 0 {
		last := Letters(len(t.Columns) - 1)
		fmt.Fprintf(out, `<autoFilter ref="A1:%s%d"/>`, last, n)
		m.write(out)
		fmt.Fprintf(out, `<ignoredErrors><ignoredError sqref="A1:%s%d" numberStoredAsText="1"/></ignoredErrors>`, last, n)
	}
	put(out, `</worksheet>`)
}

// write writes what is printed on each page. An & would be a command there.
func (m Mark) write(out *bufio.Writer) {
	if m.Head == "" && m.Foot == "" {
		return
	}
	line := func(element, text string) {
		put(out, `<`, element, `>&amp;L`)
		writeEscaped(out, strings.ReplaceAll(text, "&", "&&"))
		put(out, `</`, element, `>`)
	}
	put(out, `<headerFooter>`)
	line("oddHeader", m.Head)
	line("oddFooter", m.Foot)
	put(out, `</headerFooter>`)
}

// writeText writes a text cell. As an inline string it can never be a formula.
func writeText(out *bufio.Writer, col, row, style int, text string) {
	text = guardQuote(text)
	put(out, `<c r="`, Letters(col))
	fmt.Fprintf(out, `%d" s="%d" t="inlineStr"><is><t`, row, style)
	if strings.TrimSpace(text) != text || strings.ContainsAny(text, "\n\t") || strings.Contains(text, "  ") {
		put(out, ` xml:space="preserve"`)
	}
	put(out, `>`)
	writeEscaped(out, text)
	put(out, `</t></is></c>`)
}

// writeEscaped writes characters so that XML and then a spreadsheet read them back.
func writeEscaped(out *bufio.Writer, text string) {
	for i, r := range text {
		switch {
		case r == '&':
			put(out, "&amp;")
		case r == '<':
			put(out, "&lt;")
		case r == '>':
			put(out, "&gt;")
		case r == '"':
			put(out, "&quot;")
		case r == '_' && len(text) > i+escapeLen-1 && isEscape(text[i:i+escapeLen]):
			put(out, "_x005F_") // or the text would be taken for an escape
		case r != '\t' && r != '\n' && r < ' ' || r == 0xFFFE || r == 0xFFFF:
			fmt.Fprintf(out, "_x%04X_", r)
		default:
			_, _ = out.WriteRune(r)
		}
	}
}

func isEscape(s string) bool {
	_, ok := escaped([]byte(s))
	return ok
}

// put writes to a bufio.Writer, which keeps the first error until Flush.
func put(out *bufio.Writer, texts ...string) {
	for _, t := range texts {
		_, _ = out.WriteString(t)
	}
}
