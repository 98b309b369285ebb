package paper

import (
	"fmt"
	"strings"

	"quxiang/internal/domain/report"
)

// para is one paragraph; props are those that differ from its style.
func (p *docxPrinter) para(style, props, runs string) {
	p.f(`<w:p><w:pPr><w:pStyle w:val="%s"/>%s</w:pPr>%s</w:p>`, style, props, runs)
}

// docxRun is a piece of text. Signs that stand in Chinese and in Latin fonts, such as “ and ※,
// are told to be Chinese.
func docxRun(text, props string) string {
	if strings.ContainsFunc(text, isAmbiguous) {
		props = `<w:rFonts w:hint="eastAsia"/>` + props
	}
	if props != "" {
		props = `<w:rPr>` + props + `</w:rPr>`
	}
	return `<w:r>` + props + `<w:t xml:space="preserve">` + escape(text) + `</w:t></w:r>`
}

// docxText is run, or nothing for no text.
func docxText(text, props string) string {
	if text == "" {
		return ""
	}
	return docxRun(text, props)
}

// isAmbiguous is true of signs whose font and width the language decides.
func isAmbiguous(r rune) bool {
	return r >= 0x2010 && r < 0x2E80 || strings.ContainsRune("§¨°±·×÷", r)
}

// docxField is a field of Word's with its result.
func docxField(code, result, props string) string {
	if props != "" {
		props = `<w:rPr>` + props + `</w:rPr>`
	}
	return `<w:r>` + props + `<w:fldChar w:fldCharType="begin"/></w:r><w:r>` + props + `<w:instrText xml:space="preserve"> ` + code + ` </w:instrText></w:r>` +
		`<w:r>` + props + `<w:fldChar w:fldCharType="separate"/></w:r><w:r>` + props + `<w:t xml:space="preserve">` + escape(result) + `</w:t></w:r><w:r>` + props + `<w:fldChar w:fldCharType="end"/></w:r>`
}

func docxParagraphStyle(k report.Kind) string {
	switch k {
	case report.Item:
		return styleItem
	case report.Note:
		return styleNote
	}
	return styleBody
}

func (p *docxPrinter) paragraph(t report.Paragraph) {
	var b strings.Builder
	for _, s := range t.Spans {
		b.WriteString(p.span(s))
	}
	p.para(docxParagraphStyle(t.Kind), "", b.String())
}

// span is a piece of a paragraph with what hangs on it. What names a table or figure by its
// number is a field that follows the number; other words are a link.
func (p *docxPrinter) span(s report.Span) string {
	props := ""
	if s.Bold {
		props = `<w:b/><w:bCs/>`
	}
	target := p.targets[s.Ref]
	var runs string
	switch {
	case s.Ref == "" || target == "":
		runs = docxText(s.Text, props)
	case s.Text == p.labels[s.Ref]:
		runs = docxField("REF "+target+` \h`, s.Text, props)
	default:
		runs = `<w:hyperlink w:anchor="` + target + `" w:history="1">` + docxText(s.Text, props) + `</w:hyperlink>`
	}
	if s.Footnote != "" {
		p.notes = append(p.notes, s.Footnote)
		runs += fmt.Sprintf(`<w:r><w:rPr><w:rStyle w:val="%s"/></w:rPr><w:footnoteReference w:id="%d"/></w:r>`, styleNoteMark, len(p.notes))
	}
	return runs
}

// footnotes is the part of the footnotes; the first two are the lines above them.
func (p *docxPrinter) footnotes() string {
	var b strings.Builder
	b.WriteString(xmlHead + `<w:footnotes ` + docxNames + `>`)
	for i, kind := range []string{"separator", "continuationSeparator"} {
		fmt.Fprintf(&b, `<w:footnote w:type="%s" w:id="%d"><w:p><w:pPr><w:spacing w:line="240" w:lineRule="exact"/></w:pPr><w:r><w:%s/></w:r></w:p></w:footnote>`, kind, i-1, kind)
	}
	for i, n := range p.notes {
		fmt.Fprintf(&b, `<w:footnote w:id="%d"><w:p><w:pPr><w:pStyle w:val="%s"/></w:pPr><w:r><w:rPr><w:rStyle w:val="%s"/></w:rPr><w:footnoteRef/></w:r>%s</w:p></w:footnote>`,
			i+1, styleFootnote, styleNoteMark, docxRun(" "+n, ""))
	}
	b.WriteString(`</w:footnotes>`)
	return b.String()
}

// header is the top of all pages but the cover's.
func (p *docxPrinter) header() string {
	return xmlHead + `<w:hdr ` + docxNames + `><w:p><w:pPr><w:pStyle w:val="` + styleHeader + `"/></w:pPr>` + docxText(p.doc.School+" "+p.doc.Title, "") + `</w:p></w:hdr>`
}

// footer is the foot of them: the page, and the code to check the numbers by.
func (p *docxPrinter) footer() string {
	code := ""
	if p.doc.Code != "" {
		code = `<w:p><w:pPr><w:pStyle w:val="` + styleFooter + `"/></w:pPr>` + docxRun("校验码 "+p.doc.Code, `<w:color w:val="595959"/>`) + `</w:p>`
	}
	return xmlHead + `<w:ftr ` + docxNames + `><w:p><w:pPr><w:pStyle w:val="` + styleFooter + `"/></w:pPr>` + docxRun("— ", "") + docxField("PAGE", "1", "") + docxRun(" —", "") + `</w:p>` + code + `</w:ftr>`
}
