package specimen

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html"
	"strings"
)

const (
	contentTypes = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`
	relations    = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`
	wordSpace    = `http://schemas.openxmlformats.org/wordprocessingml/2006/main`
)

// Word is the report as a .docx of the least that one is made of.
func (r *Report) Word() ([]byte, error) {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="` + wordSpace + `"><w:body>`)
	for _, it := range r.Items {
		if it.Table != nil {
			wordTable(&b, it.Table)
			continue
		}
		b.WriteString(wordParagraph(it.text()))
	}
	b.WriteString(`<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1000" w:bottom="1440" w:left="1000" w:header="851" w:footer="992" w:gutter="0"/></w:sectPr></w:body></w:document>`)
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, part := range []struct{ name, text string }{{"[Content_Types].xml", contentTypes}, {"_rels/.rels", relations}, {"word/document.xml", b.String()}} {
		f, err := z.Create(part.name)
		if err != nil {
			return nil, err
		}
		if _, err := f.Write([]byte(part.text)); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return out.Bytes(), err
}

func wordParagraph(text string) string {
	return `<w:p><w:r><w:t xml:space="preserve">` + html.EscapeString(text) + `</w:t></w:r></w:p>`
}

const borders = `<w:tblBorders><w:top w:val="single" w:sz="4"/><w:left w:val="single" w:sz="4"/><w:bottom w:val="single" w:sz="4"/><w:right w:val="single" w:sz="4"/><w:insideH w:val="single" w:sz="4"/><w:insideV w:val="single" w:sz="4"/></w:tblBorders>`

func wordTable(b *strings.Builder, t *Table) {
	b.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/>` + borders + `</w:tblPr><w:tblGrid>` + strings.Repeat(`<w:gridCol w:w="900"/>`, len(t.Rows[0])) + `</w:tblGrid>`)
	for i, row := range t.Rows {
		b.WriteString(`<w:tr>`)
		if i < t.Head {
			b.WriteString(`<w:trPr><w:tblHeader/></w:trPr>`)
		}
		for c, cell := range row {
			if cell.Left {
				continue
			}
			cols, rows := t.span(i, c)
			b.WriteString(`<w:tc><w:tcPr>`)
			if cols > 1 {
				fmt.Fprintf(b, `<w:gridSpan w:val="%d"/>`, cols)
			}
			switch {
			case cell.Above:
				b.WriteString(`<w:vMerge/>`)
			case rows > 1:
				b.WriteString(`<w:vMerge w:val="restart"/>`)
			}
			b.WriteString(`</w:tcPr>` + wordParagraph(cell.text()) + `</w:tc>`)
		}
		b.WriteString(`</w:tr>`)
	}
	b.WriteString(`</w:tbl>`)
}
