package paper

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"time"

	"quxiang/internal/domain/proofread"
)

// listed is how many rows the list for the leader has: it is one page.
const listed = 16

// LeaderList makes a page for whoever signs the report, as .docx: what was found, a row
// for each fault, the worst first, and what was dismissed and why. name is the report's.
func LeaderList(name string, list []proofread.Finding, dismissed []proofread.Dismissed) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range []struct{ name, text string }{
		{"[Content_Types].xml", xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`},
		{"_rels/.rels", xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`},
		{"word/document.xml", listDocument(name, list, dismissed)},
	} {
		if err := addPart(z, p.name, time.Time{}, []byte(p.text)); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func listDocument(name string, list []proofread.Finding, dismissed []proofread.Dismissed) string {
	var b strings.Builder
	b.WriteString(xmlHead + `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`)
	b.WriteString(listLine(32, true, "报告体检清单"))
	b.WriteString(listLine(21, false, name))
	b.WriteString(listLine(21, true, proofread.Summary(list)))
	set := setAside(dismissed)
	if len(list) > 0 {
		listTable(&b, list, listLines-2*len(set))
	}
	for _, line := range set {
		b.WriteString(listLine(18, false, line))
	}
	b.WriteString(listLine(18, false, "体检只看报告自身的数字和文字是否对得上，不判断数据来源是否真实；每一条请由经办人对照原始数据核实后再改。"))
	b.WriteString(listLine(21, false, "经办人：　　　　　　　　　审核人：　　　　　　　　　日期："))
	b.WriteString(`<w:sectPr><w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/><w:pgMar w:top="850" w:right="1000" w:bottom="850" w:left="1000" w:header="500" w:footer="500" w:gutter="0"/></w:sectPr></w:body></w:document>`)
	return b.String()
}

// listColumns are the columns with their widths in twentieths of a point.
var listColumns = []struct {
	title string
	width int
}{{"条", 700}, {"性质", 900}, {"在哪里", 4600}, {"印的是", 1500}, {"应为", 1500}, {"为什么", 5600}}

func listTable(b *strings.Builder, list []proofread.Finding, lines int) {
	b.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblBorders>`)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		fmt.Fprintf(b, `<w:%s w:val="single" w:sz="4" w:space="0" w:color="808080"/>`, side)
	}
	b.WriteString(`</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>`)
	var titles []string
	for _, c := range listColumns {
		fmt.Fprintf(b, `<w:gridCol w:w="%d"/>`, c.width)
		titles = append(titles, c.title)
	}
	b.WriteString(`</w:tblGrid>`)
	listRow(b, true, titles)
	rows, rest := leaderRows(list, lines)
	for _, r := range rows {
		listRow(b, false, r)
	}
	b.WriteString(`</w:tbl>`)
	if rest > 0 {
		b.WriteString(listLine(18, false, fmt.Sprintf("另有 %d 条没有列在这一页，见批注版。", rest)))
	}
}

// mostSetAside is how many dismissed findings the page has room for.
const mostSetAside = 4

// setAside says what was dismissed and why, a line each.
func setAside(dismissed []proofread.Dismissed) []string {
	if len(dismissed) == 0 {
		return nil
	}
	out := []string{fmt.Sprintf("经办人认为不是问题、没有列入的 %d 条：", len(dismissed))}
	for i, d := range dismissed {
		if i == mostSetAside {
			out = append(out, fmt.Sprintf("……另有 %d 条。", len(dismissed)-i))
			break
		}
		why := d.Why
		if why == "" {
			why = "没有写理由"
		}
		out = append(out, cutShort(d.Line(), 70)+"——"+cutShort(why, 60))
	}
	return out
}

// listLines is how many lines of the table's size the page holds below its head.
const listLines = 30

// leaderRows is a row for the first finding of each fault, and how many findings are in
// none of them. Reasons are as long as there is room for in so many lines.
func leaderRows(list []proofread.Finding, most int) (rows [][]string, rest int) {
	for _, reason := range []int{240, 160, 110, 80, 50} {
		rows, rest = rowsWith(list, reason)
		lines := 0
		for _, r := range rows {
			lines += rowLines(r)
		}
		if lines <= most {
			break
		}
	}
	return rows, rest
}

// rowsWith makes the rows with reasons of so many characters at most.
func rowsWith(list []proofread.Finding, reason int) (rows [][]string, rest int) {
	seen := map[string]bool{}
	for i, f := range list {
		if f.Root != "" && seen[f.Root] {
			continue
		}
		if len(rows) == listed {
			rest++
			continue
		}
		seen[f.Root] = true
		why := cutShort(f.Explanation, reason)
		if others := proofread.SameFault(list, i); others != "" {
			why += "（同一处还引起" + others + "）"
		}
		rows = append(rows, []string{fmt.Sprint(i + 1), f.Severity.Title(), cutShort(strings.TrimSpace(f.Where+" "+f.Cell), 60), cutShort(f.Printed, 20), cutShort(f.Expected, 20), why})
	}
	return rows, rest
}

// rowLines is how many lines a row takes: a Chinese character is 9 points wide, others
// half of it, and cells have 11 points of margin.
func rowLines(row []string) int {
	most := 1
	for i, text := range row {
		half := 0
		for _, r := range text {
			if half++; r >= 0x2000 {
				half++
			}
		}
		room := (listColumns[i].width/20 - 11) * 2 / 9
		most = max(most, (half+room-1)/room)
	}
	return most
}

func cutShort(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

func listRow(b *strings.Builder, head bool, cells []string) {
	b.WriteString(`<w:tr><w:trPr><w:cantSplit/>`)
	if head {
		b.WriteString(`<w:tblHeader/>`)
	}
	b.WriteString(`</w:trPr>`)
	for i, c := range cells {
		fmt.Fprintf(b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>%s</w:tc>`, listColumns[i].width, listLine(18, head, c))
	}
	b.WriteString(`</w:tr>`)
}

// listLine is a paragraph; size in half points.
func listLine(size int, bold bool, text string) string {
	weight := ""
	if bold {
		weight = "<w:b/>"
	}
	return fmt.Sprintf(`<w:p><w:pPr><w:spacing w:before="20" w:after="20"/></w:pPr><w:r><w:rPr><w:rFonts w:ascii="宋体" w:eastAsia="宋体" w:hAnsi="宋体"/>%s<w:sz w:val="%d"/></w:rPr><w:t xml:space="preserve">%s</w:t></w:r></w:p>`, weight, size, escape(text))
}
