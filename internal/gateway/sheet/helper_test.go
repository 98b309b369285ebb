package sheet

import (
	"archive/zip"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"quxiang/internal/domain/fault"
)

// file is one entry of a zip made by hand.
type file struct{ name, text string }

// zipped packs files in order, without any check.
func zipped(t testing.TB, files ...file) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.Create(f.name)
		if err == nil {
			_, err = io.WriteString(w, f.text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// parts are those of a small workbook; blank ones get a plain content.
type parts struct {
	types, workbook, rels, shared, styles, sheet string
	more                                         []file
}

func (p parts) files() []file {
	const one = `<sheets><sheet name="名单" sheetId="1" r:id="rId1"/></sheets>`
	fs := []file{
		{"[Content_Types].xml", cmp.Or(p.types, `<Types/>`)},
		{"_rels/.rels", `<Relationships><Relationship Id="r1" Type="` + nsRels + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", cmp.Or(p.workbook, `<workbook xmlns:r="x">`+one+`</workbook>`)},
		{"xl/_rels/workbook.xml.rels", `<Relationships>` +
			cmp.Or(p.rels, relTo("rId1", "worksheet", "worksheets/sheet1.xml")) +
			relTo("rId8", "sharedStrings", "sharedStrings.xml") + relTo("rId9", "styles", "/xl/styles.xml") + `</Relationships>`},
		{"xl/sharedStrings.xml", cmp.Or(p.shared, `<sst/>`)},
		{"xl/styles.xml", cmp.Or(p.styles, `<styleSheet/>`)},
		{"xl/worksheets/sheet1.xml", cmp.Or(p.sheet, `<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>`)},
	}
	return append(fs, p.more...)
}

func relTo(id, kind, target string) string {
	return fmt.Sprintf(`<Relationship Id="%s" Type="%s/%s" Target="%s"/>`, id, nsRels, kind, target)
}

// xlsx packs a workbook around one sheet.
func (p parts) xlsx(t testing.TB) []byte {
	t.Helper()
	return zipped(t, p.files()...)
}

// sheetOf wraps rows into a worksheet.
func sheetOf(rows string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><worksheet><sheetData>` + rows + `</sheetData></worksheet>`
}

// openBytes opens a file that lies in memory.
func openBytes(b []byte) (*Reader, error) {
	return Open("花名册", bytes.NewReader(b), int64(len(b)))
}

// readAll reads every row; an error for one row ends it as well.
func readAll(b []byte) ([]Row, error) {
	r, err := openBytes(b)
	if err != nil {
		return nil, err
	}
	var rows []Row
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return rows, err
		}
		rows = append(rows, row)
	}
}

// mustRead reads a file that must be good.
func mustRead(t testing.TB, b []byte) []Row {
	t.Helper()
	rows, err := readAll(b)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// refused checks that the error is of the kind and says each of the words.
func refused(t *testing.T, err error, kind fault.Kind, words ...string) {
	t.Helper()
	if fault.KindOf(err) != kind {
		t.Fatalf("got %q (%T), want a fault of kind %s", err, err, kind)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q does not say %q", err, w)
		}
	}
}

// show makes rows comparable: number and cells.
func show(rows []Row) string {
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "%d%q\n", r.Number, r.Cells)
	}
	return b.String()
}
