package paper

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"quxiang/internal/domain/report"
)

var printedNumber = regexp.MustCompile(`^-?(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.[0-9]{1,9})?$`)

// plotted is a point of a chart: its value as XML writes it and the format that prints it as
// it is printed.
type plotted struct{ value, format string }

// plot reads a printed number; false for a blank and for what is withheld.
func plot(text string) (plotted, bool) {
	if !printedNumber.MatchString(text) {
		return plotted{}, false
	}
	p := plotted{value: strings.ReplaceAll(text, ",", ""), format: "0"}
	if p.value != text {
		p.format = "#,##0"
	}
	if _, decimals, ok := strings.Cut(text, "."); ok {
		p.format += "." + strings.Repeat("0", len(decimals))
	}
	return p, true
}

// number is the value; 0 where there is none.
func (p plotted) number() float64 {
	n, _ := strconv.ParseFloat(p.value, 64)
	return n
}

// same is true if the other format prints the value as its own does.
func (p plotted) same(format string) bool {
	if p.format == format {
		return true
	}
	whole, _, _ := strings.Cut(strings.TrimPrefix(p.value, "-"), ".")
	return len(whole) <= 3 && strings.TrimPrefix(p.format, "#,##") == strings.TrimPrefix(format, "#,##")
}

// seriesFormat is the format that prints most points of a series; the first of equals.
func seriesFormat(s report.Series) string {
	best, most := "General", 0
	for _, a := range s.Points {
		of, ok := plot(a.Text)
		n := 0
		for _, b := range s.Points {
			if p, shown := plot(b.Text); ok && shown && p.same(of.format) {
				n++
			}
		}
		if n > most {
			best, most = of.format, n
		}
	}
	return best
}

// column is the letters of a column counted from 0.
func column(n int) string {
	if n < 26 {
		return string(rune('A' + n))
	}
	return column(n/26-1) + column(n%26)
}

// chartBook is the workbook behind a chart, which Word opens for 编辑数据: categories down
// the first column, a column a series.
func chartBook(f report.Figure, when time.Time) ([]byte, error) {
	formats := []string{}
	place := map[string]int{}
	var rows strings.Builder
	text := func(ref, s string) {
		fmt.Fprintf(&rows, `<c r="%s" t="inlineStr"><is><t>%s</t></is></c>`, ref, escape(s))
	}
	rows.WriteString(`<row r="1">`)
	text("A1", f.Unit)
	for i, s := range f.Series {
		text(column(i+1)+"1", s.Name)
	}
	rows.WriteString(`</row>`)
	for n, c := range f.Categories {
		fmt.Fprintf(&rows, `<row r="%d">`, n+2)
		text("A"+strconv.Itoa(n+2), c)
		for i, s := range f.Series {
			p, ok := point(s, n)
			if !ok {
				continue
			}
			if place[p.format] == 0 {
				formats = append(formats, p.format)
				place[p.format] = len(formats)
			}
			fmt.Fprintf(&rows, `<c r="%s%d" s="%d"><v>%s</v></c>`, column(i+1), n+2, place[p.format], p.value)
		}
		rows.WriteString(`</row>`)
	}
	const sheets = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	const types = "application/vnd.openxmlformats-officedocument.spreadsheetml."
	return packParts(map[string][]byte{
		"[Content_Types].xml": []byte(xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/xl/styles.xml" ContentType="` + types + `styles+xml"/><Override PartName="/xl/workbook.xml" ContentType="` + types + `sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="` + types + `worksheet+xml"/></Types>`),
		"_rels/.rels":                []byte(relationsHead + `<Relationship Id="rId1" Type="` + relationTypes + `officeDocument" Target="xl/workbook.xml"/></Relationships>`),
		"xl/_rels/workbook.xml.rels": []byte(relationsHead + `<Relationship Id="rId1" Type="` + relationTypes + `worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="` + relationTypes + `styles" Target="styles.xml"/></Relationships>`),
		"xl/styles.xml":              []byte(bookStyles(sheets, formats)),
		"xl/workbook.xml":            []byte(xmlHead + `<workbook xmlns="` + sheets + `" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`),
		"xl/worksheets/sheet1.xml":   []byte(xmlHead + `<worksheet xmlns="` + sheets + `"><cols><col min="1" max="1" width="28" customWidth="1"/></cols><sheetData>` + rows.String() + `</sheetData></worksheet>`),
	}, when)
}

// point is the n-th of a series; false where there is nothing to show.
func point(s report.Series, n int) (plotted, bool) {
	if n >= len(s.Points) {
		return plotted{}, false
	}
	return plot(s.Points[n].Text)
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
