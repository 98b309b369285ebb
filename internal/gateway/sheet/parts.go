package sheet

import (
	"bufio"
	"fmt"
	"strings"
	"time"
	"unicode"
)

const (
	xmlHeader = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	nsMain    = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	nsRels    = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	nsPackage = "http://schemas.openxmlformats.org/package/2006/"
	typeMain  = "application/vnd.openxmlformats-officedocument.spreadsheetml."
)

type fixedPart struct{ name, text string }

// fixedParts returns all parts but the sheets, in order of their names.
func (b *Book) fixedParts() []fixedPart {
	return []fixedPart{
		{"[Content_Types].xml", b.contentTypes()},
		{"_rels/.rels", b.rootRels()},
		{"docProps/core.xml", b.coreProperties()},
		{"xl/_rels/workbook.xml.rels", b.workbookRels()},
		{"xl/styles.xml", stylesPart},
		{"xl/workbook.xml", b.workbookPart()},
	}
}

func (b *Book) contentTypes() string {
	var s strings.Builder
	s.WriteString(xmlHeader + `<Types xmlns="` + nsPackage + `content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="` + typeMain + `styles+xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="` + typeMain + `sheet.main+xml"/>`)
	for i := range b.Tables {
		fmt.Fprintf(&s, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="%sworksheet+xml"/>`, i+1, typeMain)
	}
	s.WriteString(`</Types>`)
	return s.String()
}

func (b *Book) rootRels() string {
	return xmlHeader + `<Relationships xmlns="` + nsPackage + `relationships">` +
		`<Relationship Id="rId1" Type="` + nsRels + `/officeDocument" Target="xl/workbook.xml"/>` +
		`<Relationship Id="rId2" Type="` + nsPackage + `relationships/metadata/core-properties" Target="docProps/core.xml"/>` +
		`</Relationships>`
}

func (b *Book) coreProperties() string {
	made := b.Made.UTC().Format(time.RFC3339)
	return xmlHeader + `<cp:coreProperties xmlns:cp="` + nsPackage + `metadata/core-properties"` +
		` xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		b.Mark.keyword() +
		`<dcterms:created xsi:type="dcterms:W3CDTF">` + made + `</dcterms:created>` +
		`<dcterms:modified xsi:type="dcterms:W3CDTF">` + made + `</dcterms:modified></cp:coreProperties>`
}

// keyword is the property that a mark is kept in: spreadsheets keep it when they
// save a file again.
func (m Mark) keyword() string {
	if m.Word == "" {
		return ""
	}
	var s strings.Builder
	out := bufio.NewWriter(&s)
	put(out, `<cp:keywords>`)
	writeEscaped(out, m.Word)
	put(out, `</cp:keywords>`)
	_ = out.Flush() // a strings.Builder takes everything
	return s.String()
}

func (b *Book) workbookRels() string {
	var s strings.Builder
	s.WriteString(xmlHeader + `<Relationships xmlns="` + nsPackage + `relationships">`)
	for i := range b.Tables {
		fmt.Fprintf(&s, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, nsRels, i+1)
	}
	fmt.Fprintf(&s, `<Relationship Id="rId%d" Type="%s/styles" Target="styles.xml"/></Relationships>`, len(b.Tables)+1, nsRels)
	return s.String()
}

func (b *Book) workbookPart() string {
	var s strings.Builder
	s.WriteString(xmlHeader + `<workbook xmlns="` + nsMain + `" xmlns:r="` + nsRels + `"><bookViews><workbookView/></bookViews><sheets>`)
	for i, t := range b.Tables {
		s.WriteString(`<sheet name="`)
		out := bufio.NewWriter(&s)
		writeEscaped(out, t.Name)
		_ = out.Flush() // a strings.Builder takes everything
		fmt.Fprintf(&s, `" sheetId="%d" r:id="rId%d"/>`, i+1, i+1)
	}
	s.WriteString(`</sheets></workbook>`)
	return s.String()
}

// stylesPart has the styles 0 plain, styleHeader bold, styleText the text format (49, @).
const stylesPart = xmlHeader + `<styleSheet xmlns="` + nsMain + `">` +
	`<fonts count="2"><font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="11"/><name val="宋体"/></font></fonts>` +
	`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
	`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
	`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
	`<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
	`<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>` +
	`<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>` +
	`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`

// widths are the widest text seen in each column.
type widths []width

// width is measured in Latin characters; a Chinese one takes two.
type width int

func (t *Table) newWidths() widths {
	w := make(widths, len(t.Columns))
	for i, title := range t.titles() {
		w[i] = textWidth(title) + 2 // room for the filter's arrow
	}
	return w
}

func (w widths) see(cells []string) {
	for i, c := range cells {
		w[i] = max(w[i], textWidth(c))
	}
}

// chars returns what to write: some air, neither a slit nor half a screen.
func (w width) chars() int { return int(min(max(w+2, 8), 60)) }

func textWidth(s string) width {
	n := width(0)
	for _, r := range s {
		if n++; unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) || r >= 0x3000 && r <= 0x303F || r >= 0xFF00 && r <= 0xFFEF {
			n++
		}
	}
	return n
}
