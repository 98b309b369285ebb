package paper

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"quxiang/internal/domain/proofread"
)

const wordSpaces = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"`

// docx packs a body, and further parts by name.
func docx(t testing.TB, body string, more ...string) []byte {
	t.Helper()
	parts := []string{
		"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
		"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/document.xml", `<?xml version="1.0" encoding="UTF-8"?><w:document ` + wordSpaces + `><w:body>` + body + `</w:body></w:document>`,
	}
	return pack(t, append(parts, more...)...)
}

// pack makes a zip of names and contents.
func pack(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(parts[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// p is a paragraph of one run.
func p(text string) string { return "<w:p><w:r><w:t>" + text + "</w:t></w:r></w:p>" }

// tc is a cell with properties.
func tc(props, text string) string {
	return "<w:tc><w:tcPr>" + props + "</w:tcPr>" + p(text) + "</w:tc>"
}

func read(t testing.TB, content []byte) proofread.Document {
	t.Helper()
	d, err := Read("报告", bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// show prints blocks: kind, text with the place of its first rune; tables by row, ^ marks
// what repeats another cell.
func show(d proofread.Document) string {
	var b strings.Builder
	for _, bl := range d.Blocks {
		if bl.Table == nil {
			at := proofread.At(bl.Spans, 0)
			fmt.Fprintf(&b, "%s %d:%d %s\n", []string{"P", "H", "C", "N", "T", "F"}[bl.Kind], at.Line, at.Rune, bl.Text)
			continue
		}
		for i, r := range bl.Table.Cells {
			for c, cell := range r {
				if c > 0 {
					b.WriteString(" | ")
				}
				if cell.Merged {
					b.WriteByte('^')
				}
				b.WriteString(cell.Text)
			}
			b.WriteByte('\n')
			if i+1 == bl.Table.Head {
				b.WriteString("---\n")
			}
		}
	}
	return b.String()
}

func want(t testing.TB, content []byte, want string) {
	t.Helper()
	if got := show(read(t, content)); strings.TrimSpace(got) != strings.TrimSpace(want) {
		t.Errorf("got\n%s\nwant\n%s", got, strings.TrimSpace(want))
	}
}

// reference reads one of the reference reports, which stand beside the repository.
func reference(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("../../../../shared/reference/reports/" + name)
	if err != nil {
		t.Skip("the reference reports are not beside the repository: ", err)
	}
	return b
}
