package paper

import (
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"quxiang/internal/domain/report"
)

// WriteDocx writes the report as a Word document: cover, contents, chapters, three-line
// tables, charts that can be edited, footnotes. Numbers of tables and figures and what names
// them are fields; text stands where the document says it. The same document gives the same
// bytes: the only time in it is that of the cut. Errors are those of w.
func WriteDocx(w io.Writer, d report.Document) error {
	p := newDocxPrinter(d)
	p.cover()
	p.contents()
	for i, b := range d.Blocks {
		p.block(i, b)
	}
	p.sectionEnd(true)
	parts, err := p.files()
	if err != nil {
		return err
	}
	return writeParts(w, parts, d.Cut.Time())
}

// docxPrinter writes word/document.xml and remembers what goes into other parts.
type docxPrinter struct {
	strings.Builder
	doc     report.Document
	layouts map[int]tableLayout // of tables, by block
	targets map[string]string   // bookmark by id of heading, table or figure
	labels  map[string]string   // number by id of table or figure: 表 1-1
	pages   map[string]int      // estimated, by id of heading
	seq     map[string]int      // last number of 表, 图
	notes   []string            // footnotes
	charts  []report.Figure
	mark    int  // last id of a bookmark
	begun   bool // the body's page numbers have
	wide    bool // the present section lies
}

func newDocxPrinter(d report.Document) *docxPrinter {
	p := &docxPrinter{doc: d, layouts: map[int]tableLayout{}, targets: map[string]string{}, labels: map[string]string{}, seq: map[string]int{}}
	for i, b := range d.Blocks {
		switch {
		case b.Heading != nil:
			p.targets[b.Heading.ID] = fmt.Sprintf("_Toc%09d", i+1)
		case b.Table != nil:
			p.layouts[i] = layTable(*b.Table)
			p.targets[b.Table.ID], p.labels[b.Table.ID] = fmt.Sprintf("_Ref%09d", i+1), b.Table.Number
		case b.Figure != nil:
			p.targets[b.Figure.ID], p.labels[b.Figure.ID] = fmt.Sprintf("_Ref%09d", i+1), b.Figure.Number
		}
	}
	p.pages = estimatePages(d, p.layouts)
	p.f(`%s<w:document %s><w:body>`, xmlHead, docxNames)
	return p
}

const docxNames = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"` +
	` xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"` +
	` xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"` +
	` xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"` +
	` xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"`

// f writes as fmt.Fprintf does.
func (p *docxPrinter) f(format string, args ...any) { fmt.Fprintf(p, format, args...) }

// cover is the first page: school and title above, the month below.
func (p *docxPrinter) cover() {
	size, indent, rows := coverTitle(p.doc.Title)
	p.para(styleCoverSchool, "", docxText(p.doc.School, ""))
	p.para(styleTitle, fmt.Sprintf(`<w:spacing w:line="%d" w:lineRule="exact"/><w:ind w:left="%d" w:right="%d"/>`, size*15, indent, indent),
		docxText(p.doc.Title, fmt.Sprintf(`<w:sz w:val="%d"/><w:szCs w:val="%d"/>`, size, size)))
	s := docxStyles[styleCoverSchool]
	above := s.before + s.line + s.after + docxStyles[styleTitle].before + rows*size*15
	p.para(styleCoverDate, fmt.Sprintf(`<w:spacing w:before="%d"/>`, docxPageHeight-above-2400), docxText(p.doc.Issued, ""))
	p.f(`<w:p><w:pPr><w:pStyle w:val="%s"/><w:sectPr>%s</w:sectPr></w:pPr></w:p>`, styleGap, docxPage(false))
}

// coverTitle chooses the size of the title in half points, so that it stands in one line, or
// in two of equal length, with the indent for them in twips.
func coverTitle(title string) (size, indent, rows int) {
	for _, size := range []int{72, 64, 60, 56, 52, 48} {
		if docxWidth(title)*size/10 <= docxTextWidth*92/100 {
			return size, 0, 1
		}
	}
	half := docxWidth(title)*56/10/2 + 56*15
	if half > docxTextWidth {
		return 44, 0, docxLines(title, 44, docxTextWidth, 0)
	}
	return 56, (docxTextWidth - half) / 2, 2
}

// contents is a table of contents: a field of Word's with its entries filled in. Page
// numbers are estimated; F9 in Word counts them. No setting asks for that at opening, since
// Word would warn of it.
func (p *docxPrinter) contents() {
	p.f(`<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj></w:sdtPr><w:sdtContent>`)
	p.para(styleTOCTitle, "", docxRun("目　录", ""))
	begin := `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> TOC \o "1-2" \h \z \u </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>`
	for _, b := range p.doc.Blocks {
		h := b.Heading
		if h == nil || docxHeadingStyle(h.Level) == styleHeading3 {
			continue
		}
		target := p.targets[h.ID]
		p.para([]string{styleTOC1, styleTOC2}[min(max(h.Level, 1), 2)-1], "", begin+`<w:hyperlink w:anchor="`+target+`" w:history="1">`+docxText(h.Text, "")+
			`<w:r><w:tab/></w:r>`+docxField("PAGEREF "+target+` \h`, strconv.Itoa(p.pages[h.ID]), "")+`</w:hyperlink>`)
		begin = ""
	}
	if begin != "" {
		p.para(styleTOC1, "", begin)
	}
	p.para(styleGap, "", `<w:r><w:fldChar w:fldCharType="end"/></w:r>`)
	p.f(`</w:sdtContent></w:sdt>`)
	p.f(`<w:p><w:pPr><w:pStyle w:val="%s"/><w:sectPr>%s%s</w:sectPr></w:pPr></w:p>`, styleGap, docxFrame, docxPage(false, `<w:pgNumType w:fmt="upperRoman" w:start="1"/>`))
}

// docxFrame is the header and the footer of a section.
const docxFrame = `<w:headerReference w:type="default" r:id="rIdHeader"/><w:footerReference w:type="default" r:id="rIdFooter"/>`

// docxPage is the paper of a section.
func docxPage(wide bool, numbers ...string) string {
	numbering := strings.Join(numbers, "")
	if wide {
		return fmt.Sprintf(`<w:pgSz w:w="%d" w:h="%d" w:orient="landscape"/><w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="850" w:footer="850" w:gutter="0"/>%s`,
			docxPaperHeight, docxPaperWidth, docxSide, docxTop, docxSide, docxTop, numbering)
	}
	return fmt.Sprintf(`<w:pgSz w:w="%d" w:h="%d"/><w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="850" w:footer="850" w:gutter="0"/>%s`,
		docxPaperWidth, docxPaperHeight, docxTop, docxSide, docxTop, docxSide, numbering)
}

// sectionEnd closes the present section: the last of the document, or one before paper is
// turned.
func (p *docxPrinter) sectionEnd(last bool) {
	numbers := ""
	if !p.begun {
		numbers, p.begun = `<w:pgNumType w:start="1"/>`, true
	}
	section := `<w:sectPr>` + docxFrame + docxPage(p.wide, numbers) + `</w:sectPr>`
	if last {
		p.f(`%s</w:body></w:document>`, section)
		return
	}
	p.f(`<w:p><w:pPr><w:pStyle w:val="%s"/>%s</w:pPr></w:p>`, styleGap, section)
}

// turn begins a section of lying or standing paper, if the present one is not.
func (p *docxPrinter) turn(wide bool) {
	if p.wide != wide {
		p.sectionEnd(false)
		p.wide = wide
	}
}

// lies is true of a block on lying paper: of a table that is wide, and of the notes after it.
func lies(b report.Block, l tableLayout, before bool) bool {
	if b.Paragraph != nil {
		return before && b.Paragraph.Kind == report.Note
	}
	return b.Table != nil && l.wide
}

func (p *docxPrinter) block(i int, b report.Block) {
	p.turn(lies(b, p.layouts[i], p.wide))
	switch {
	case b.Heading != nil:
		p.para(docxHeadingStyle(b.Heading.Level), "", p.marked(p.targets[b.Heading.ID], docxText(b.Heading.Text, "")))
	case b.Paragraph != nil:
		p.paragraph(*b.Paragraph)
	case b.Table != nil:
		p.table(*b.Table, p.layouts[i])
	case b.Figure != nil:
		p.figure(*b.Figure)
	}
}

// marked puts runs into a bookmark.
func (p *docxPrinter) marked(name, runs string) string {
	p.mark++
	return fmt.Sprintf(`<w:bookmarkStart w:id="%d" w:name="%s"/>%s<w:bookmarkEnd w:id="%d"/>`, p.mark, name, runs, p.mark)
}

var captionNumber = regexp.MustCompile(`^(\p{Han}+)(.*?)([0-9]{1,4})$`)

// caption is the number of a table or figure and its title. The number's last part is a
// docxField that counts in the chapter, as Word's own captions; where the document counts
// otherwise the field is told the number.
func (p *docxPrinter) caption(style, id, number, title string) {
	label := docxText(number, "")
	if m := captionNumber.FindStringSubmatch(number); m != nil {
		n, _ := strconv.Atoi(m[3])
		code := fmt.Sprintf(`SEQ %s \* ARABIC`, m[1])
		if p.seq[m[1]]+1 != n || n == 1 {
			code += fmt.Sprintf(` \r %d`, n)
		}
		p.seq[m[1]] = n
		label = docxText(m[1]+m[2], "") + docxField(code, m[3], "")
	}
	p.para(style, "", p.marked(p.targets[id], label)+docxText("　"+title, ""))
}

// coreProperties are title, author and the only time of the file.
func (p *docxPrinter) coreProperties() string {
	at := p.doc.Cut.Time().UTC().Format(time.RFC3339)
	return xmlHead + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<dc:title>` + escape(p.doc.School+" "+p.doc.Title) + `</dc:title><dc:creator>` + escape(p.doc.School) + `</dc:creator><dc:identifier>` + escape(p.doc.Code) + `</dc:identifier><dc:language>zh-CN</dc:language>` +
		`<dcterms:created xsi:type="dcterms:W3CDTF">` + at + `</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">` + at + `</dcterms:modified></cp:coreProperties>`
}
