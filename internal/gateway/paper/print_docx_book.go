package paper

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"quxiang/internal/domain/report"
	"quxiang/internal/gateway/chart"
)

// chartBook is the workbook behind a chart, which Word opens for 编辑数据: categories down
// the first column, a column a series.
func chartBook(f report.Figure, when time.Time) ([]byte, error) {
	rows, formats := bookRows(f)
	const sheets = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	const types = "application/vnd.openxmlformats-officedocument.spreadsheetml."
	return packParts(map[string][]byte{
		"[Content_Types].xml": []byte(xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/xl/styles.xml" ContentType="` + types + `styles+xml"/><Override PartName="/xl/workbook.xml" ContentType="` + types + `sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="` + types + `worksheet+xml"/></Types>`),
		"_rels/.rels":                []byte(relationsHead + `<Relationship Id="rId1" Type="` + relationTypes + `officeDocument" Target="xl/workbook.xml"/></Relationships>`),
		"xl/_rels/workbook.xml.rels": []byte(relationsHead + `<Relationship Id="rId1" Type="` + relationTypes + `worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="` + relationTypes + `styles" Target="styles.xml"/></Relationships>`),
		"xl/styles.xml":              []byte(bookStyles(sheets, formats)),
		"xl/workbook.xml":            []byte(xmlHead + `<workbook xmlns="` + sheets + `" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`),
		"xl/worksheets/sheet1.xml":   []byte(xmlHead + `<worksheet xmlns="` + sheets + `"><cols><col min="1" max="1" width="28" customWidth="1"/></cols><sheetData>` + rows + `</sheetData></worksheet>`),
	}, when)
}

// bookRows are the rows of the sheet, and the formats of its numbers by style from 1.
func bookRows(f report.Figure) (string, []string) {
	var formats []string
	var rows strings.Builder
	text := func(ref, s string) {
		fmt.Fprintf(&rows, `<c r="%s" t="inlineStr"><is><t>%s</t></is></c>`, ref, escape(s))
	}
	rows.WriteString(`<row r="1">`)
	text("A1", f.Unit)
	for i, s := range f.Series {
		text(chart.Column(i+1)+"1", s.Name)
	}
	rows.WriteString(`</row>`)
	for n, c := range f.Categories {
		fmt.Fprintf(&rows, `<row r="%d">`, n+2)
		text("A"+strconv.Itoa(n+2), c)
		for i, s := range f.Series {
			p, ok := chart.PointOf(s, n)
			if !ok {
				continue
			}
			style := slices.Index(formats, p.Format)
			if style < 0 {
				style, formats = len(formats), append(formats, p.Format)
			}
			fmt.Fprintf(&rows, `<c r="%s%d" s="%d"><v>%s</v></c>`, chart.Column(i+1), n+2, style+1, p.Value)
		}
		rows.WriteString(`</row>`)
	}
	return rows.String(), formats
}

// bookStyles has a style a format, from 1.
func bookStyles(space string, formats []string) string {
	var b strings.Builder
	b.WriteString(xmlHead + `<styleSheet xmlns="` + space + `">`)
	if len(formats) > 0 {
		fmt.Fprintf(&b, `<numFmts count="%d">`, len(formats))
		for i, f := range formats {
			fmt.Fprintf(&b, `<numFmt numFmtId="%d" formatCode="%s"/>`, 164+i, escape(f))
		}
		b.WriteString(`</numFmts>`)
	}
	b.WriteString(`<fonts count="1"><font><sz val="11"/><name val="宋体"/><charset val="134"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>`)
	fmt.Fprintf(&b, `<cellXfs count="%d"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>`, len(formats)+1)
	for i := range formats {
		fmt.Fprintf(&b, `<xf numFmtId="%d" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`, 164+i)
	}
	b.WriteString(`</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`)
	return b.String()
}
