package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"quxiang/internal/domain/fault"
)

// fuzzLimits keep one run short; they change no path.
func fuzzLimits() Limits {
	lim := ProductLimits()
	lim.Unpacked, lim.Strings, lim.Cells = 1<<20, 1<<20, 100_000
	return lim
}

// drain reads all rows and checks what holds for any file: faults with a message or
// rows that are in order, not blank, within the limits.
func drain(t *testing.T, data []byte) []Row {
	lim := fuzzLimits()
	r, err := open(place{file: "f"}, bytes.NewReader(data), int64(len(data)), lim)
	if err != nil {
		if fault.KindOf(err) != fault.Usage || !strings.Contains(err.Error(), "：") {
			t.Fatalf("opening: %T %v", err, err)
		}
		return nil
	}
	var rows []Row
	last := 0
	for {
		row, err := r.Next()
		switch kind := fault.KindOf(err); {
		case errors.Is(err, io.EOF):
			if len(rows) == 0 && last == 0 {
				t.Fatal("no row and no error")
			}
			return rows
		case kind == fault.Usage:
			return nil
		case err != nil && kind != fault.Invalid:
			t.Fatalf("%T %v", err, err)
		case row.Number <= last || len(row.Cells) > lim.Columns || err == nil && blank(row.Cells):
			t.Fatalf("row %v after %d", row, last)
		}
		last = row.Number
		rows = append(rows, row)
	}
}

// FuzzXLSX takes whole files, and the sheet, strings and styles inside a good zip (F1, X22).
func FuzzXLSX(f *testing.F) {
	good := parts{shared: testShared, styles: testStyles}.xlsx(f)
	f.Add(good, "", "", "")
	f.Add(xlsxOf(f, trickyTable()), "", "", "")
	f.Add(good[:len(good)/2], "", "", "")
	for _, rows := range []string{
		`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>45473</v></c><c t="inlineStr"><is><t>x</t></is></c></row>`,
		`<row r="1048576"><c r="XFD1048576" t="e"><v>#N/A</v></c></row>`,
		`<row><c><f>1</f></c><c t="b"><v>1</v></c><c t="d"><v>2024-06-30</v></c></row><!-- --><?x?><row/>`,
		`<row r="-1"><c r="ZZZZZZ1" t="s"><v>-1</v></c></row>`,
	} {
		f.Add([]byte(nil), sheetOf(rows), testShared, testStyles)
	}
	f.Fuzz(func(t *testing.T, whole []byte, sheet, shared, styles string) {
		if sheet == "" {
			drain(t, whole)
			return
		}
		drain(t, parts{sheet: sheet, shared: shared, styles: styles}.xlsx(t))
	})
}

// FuzzCSV holds that writing what was read, and reading that, changes nothing (F2, X19).
func FuzzCSV(f *testing.F) {
	const roster = "学号,姓名\n1,张三\n"
	for _, s := range []string{roster, "\uFEFF" + roster, gb18030(f, roster), inUTF16(f, roster, true), "a;b\r\n\"x\"\"\r\ny\";'=1\n", "a\tb\r1\t\"2\n", "a\x00", "\xFF", "'\t,''@\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if bytes.HasPrefix(data, []byte("PK")) {
			return
		}
		rows := drain(t, data)
		if rows == nil {
			return
		}
		table := Table{Name: "a"}
		for i := range fuzzLimits().Columns {
			table.Columns = append(table.Columns, Column{Title: Letters(i)})
		}
		var cells [][]string
		for _, r := range rows {
			cells = append(cells, r.Cells)
		}
		table.Rows = rowsOf(cells...)
		for i, r := range drain(t, csvOf(t, table))[1:] {
			if got, want := show([]Row{{0, r.Cells}}), show([]Row{{0, cells[i]}}); got != want {
				t.Fatalf("row %d: got %s, want %s", i, got, want)
			}
		}
	})
}

// FuzzScanner holds our scanner against encoding/xml: what both take has the same
// tags and the same text.
func FuzzScanner(f *testing.F) {
	for _, s := range []string{`<a><b c="d>"/>x&amp;<![CDATA[<&]]></a>`, `<?xml version="1.0"?><x:a y:b='1'>&#65;<!-- - --></x:a>`, "<a>\r\n\r</a >"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		ours, ok := scanned(s)
		theirs, known := decoded(s)
		if ok && known && ours != theirs {
			t.Errorf("%q: got %q, encoding/xml %q", s, ours, theirs)
		}
	})
}

func scanned(s string) (string, bool) {
	lim := ProductLimits()
	x := newScanner(strings.NewReader(s), &archive{lim: lim})
	var out []byte
	for {
		tok, err := x.next()
		switch {
		case err != nil:
			return "", false
		case tok == endOfFile:
			return string(out), true
		case tok == startTag:
			out = append(append(append(out, '<'), x.name...), '>')
		case tok == endTag:
			out = append(append(append(out, '<', '/'), x.name...), '>')
		default:
			if out, err = appendText(out, x.text, x.cdata); err != nil {
				return "", false
			}
		}
	}
}

func decoded(s string) (string, bool) {
	d := xml.NewDecoder(strings.NewReader(s))
	var out strings.Builder
	depth := 0
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out.String(), true
		}
		if err != nil {
			return "", false
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			depth++
			out.WriteString("<" + tok.Name.Local + ">")
		case xml.EndElement:
			depth--
			out.WriteString("</" + tok.Name.Local + ">")
		case xml.CharData:
			if depth > 0 {
				out.Write(tok)
			}
		}
	}
}

// The seeds stand in code; this one makes sure that the good among them are read.
func TestSeedsAreRead(t *testing.T) {
	for name, data := range map[string][]byte{
		"plain":  parts{shared: testShared, styles: testStyles}.xlsx(t),
		"tricky": xlsxOf(t, trickyTable()),
	} {
		if _, err := zip.NewReader(bytes.NewReader(data), int64(len(data))); err != nil {
			t.Fatal(err)
		}
		if len(drain(t, data)) == 0 {
			t.Errorf("%s: no rows", name)
		}
	}
}

// FuzzDocument: a workbook, well packed, or bytes as they are, become a document of
// rectangles or are refused in words.
func FuzzDocument(f *testing.F) {
	f.Add([]byte("年份,人数\n2023,5\n"), sheetOf(`<row r="2"><c r="B2"><v>1</v></c></row>`), `<mergeCell ref="A1:C3"/>`)
	f.Fuzz(func(t *testing.T, whole []byte, sheet, merged string) {
		if len(whole)+len(sheet)+len(merged) > 1<<16 {
			return
		}
		book := parts{sheet: strings.Replace(sheet, "</worksheet>", "<mergeCells>"+merged+"</mergeCells></worksheet>", 1)}.xlsx(t)
		for _, content := range [][]byte{whole, book} {
			src, size := bytes.NewReader(content), int64(len(content))
			Reads(src, size)
			d, err := Read("表", src, size)
			if err != nil && fault.KindOf(err) == "" {
				t.Errorf("an error that is no refusal: %v", err)
			}
			for _, b := range d.Blocks {
				for i := 1; b.Table != nil && i < len(b.Table.Cells); i++ {
					if len(b.Table.Cells[i]) != len(b.Table.Cells[0]) {
						t.Fatal("the rows of a table differ")
					}
				}
			}
		}
	})
}
