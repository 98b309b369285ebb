package paper

import (
	"fmt"
	"strings"

	"quxiang/internal/gateway/chart"
)

const (
	relationTypes = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	wordTypes     = "application/vnd.openxmlformats-officedocument.wordprocessingml."
	chartType     = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
	relationsHead = xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
)

// files are the parts of the package by name, with the list of types and the relations.
func (p *docxPrinter) files() (map[string][]byte, error) {
	var types, relations strings.Builder
	parts := map[string][]byte{}
	types.WriteString(xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xlsx" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"/><Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/><Override PartName="/word/document.xml" ContentType="` + wordTypes + `document.main+xml"/>`)
	relations.WriteString(relationsHead)
	for _, f := range []struct{ id, name, relation, kind, content string }{
		{"rIdStyles", "styles", "styles", "styles", docxStylesPart()},
		{"rIdSettings", "settings", "settings", "settings", docxSettings},
		{"rIdFonts", "fontTable", "fontTable", "fontTable", docxFonts},
		{"rIdFootnotes", "footnotes", "footnotes", "footnotes", p.footnotes()},
		{"rIdHeader", "header1", "header", "header", p.header()},
		{"rIdFooter", "footer1", "footer", "footer", p.footer()},
	} {
		parts["word/"+f.name+".xml"] = []byte(f.content)
		fmt.Fprintf(&types, `<Override PartName="/word/%s.xml" ContentType="%s%s+xml"/>`, f.name, wordTypes, f.kind)
		fmt.Fprintf(&relations, `<Relationship Id="%s" Type="%s%s" Target="%s.xml"/>`, f.id, relationTypes, f.relation, f.name)
	}
	for i, c := range p.charts {
		n := i + 1
		book, err := chartBook(c, p.doc.Cut.Time())
		if err != nil {
			return nil, err
		}
		parts[fmt.Sprintf("word/embeddings/chart%d.xlsx", n)] = book
		parts[fmt.Sprintf("word/charts/chart%d.xml", n)] = []byte(chart.Part(c, chart.Place{Sheet: "Sheet1", Row: 1, Width: docxTextWidth, Embedded: true}))
		parts[fmt.Sprintf("word/charts/_rels/chart%d.xml.rels", n)] = fmt.Appendf(nil, `%s<Relationship Id="rId1" Type="%spackage" Target="../embeddings/chart%d.xlsx"/></Relationships>`, relationsHead, relationTypes, n)
		fmt.Fprintf(&types, `<Override PartName="/word/charts/chart%d.xml" ContentType="%s"/>`, n, chartType)
		fmt.Fprintf(&relations, `<Relationship Id="rIdChart%d" Type="%schart" Target="charts/chart%d.xml"/>`, n, relationTypes, n)
	}
	parts["word/document.xml"] = []byte(p.String())
	parts["docProps/core.xml"] = []byte(p.coreProperties())
	parts["[Content_Types].xml"] = []byte(types.String() + `</Types>`)
	parts["word/_rels/document.xml.rels"] = []byte(relations.String() + `</Relationships>`)
	parts["_rels/.rels"] = []byte(relationsHead + `<Relationship Id="rId1" Type="` + relationTypes + `officeDocument" Target="word/document.xml"/>` +
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`)
	return parts, nil
}
