package paper

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Ids of the styles.
const (
	styleNormal      = "Normal"
	styleHeading1    = "Heading1"
	styleHeading2    = "Heading2"
	styleHeading3    = "Heading3"
	styleBody        = "BodyText"
	styleItem        = "Item"
	styleNote        = "Note"
	styleTableTitle  = "TableTitle"
	styleFigureTitle = "FigureTitle"
	styleFigure      = "Picture"
	styleTable       = "TableText"
	styleTableSmall  = "TableTextSmall"
	styleTableTiny   = "TableTextTiny"
	styleTOC1        = "TOC1"
	styleTOC2        = "TOC2"
	styleTOCTitle    = "TOCHeading"
	styleCoverSchool = "CoverSchool"
	styleTitle       = "Title"
	styleCoverDate   = "CoverDate"
	styleHeader      = "Header"
	styleFooter      = "Footer"
	styleFootnote    = "FootnoteText"
	styleNoteMark    = "FootnoteReference"
	styleGap         = "Gap"
	styleThreeLines  = "ThreeLineTable"
)

// docxStyle is a paragraph style. Lines are exact, so that every program breaks pages at the
// same places, whatever fonts it has; charts stand in lines of their own height.
type docxStyle struct {
	name   string // those of Word's own it translates: 标题 1, 目录 1
	next   string
	font   string // of Chinese; blank: 宋体
	size   int    // half points
	bold   bool
	align  string
	line   int // twips; 0: as high as what stands in it
	before int
	after  int
	indent int // of the first line, hundredths of a character
	left   int // indent of all lines
	level  int // of the outline from 1; 0: none
	keep   bool
	more   string // of w:pPr, in front of spacing
}

var docxStyles = map[string]docxStyle{
	styleNormal:      {name: "Normal", size: 24, align: "both", line: 460},
	styleHeading1:    {name: "heading 1", next: styleBody, font: "黑体", size: 32, align: "left", line: 520, before: 320, after: 200, level: 1, keep: true},
	styleHeading2:    {name: "heading 2", next: styleBody, font: "黑体", size: 28, align: "left", line: 480, before: 200, after: 120, level: 2, keep: true},
	styleHeading3:    {name: "heading 3", next: styleBody, font: "黑体", size: 24, align: "left", line: 460, before: 120, after: 60, level: 3, keep: true},
	styleBody:        {name: "Body Text", size: 24, align: "both", line: 460, indent: 200},
	styleItem:        {name: "条目", size: 24, align: "both", line: 460},
	styleNote:        {name: "注", size: 18, align: "both", line: 300},
	styleTableTitle:  {name: "表题", next: styleBody, font: "黑体", size: 21, align: "center", line: 340, before: 240, after: 100, keep: true},
	styleFigureTitle: {name: "图题", next: styleBody, font: "黑体", size: 21, align: "center", line: 340, before: 60, after: 240},
	styleFigure:      {name: "图", next: styleFigureTitle, size: 21, align: "center", before: 160, keep: true},
	styleTable:       {name: "表文", size: 21, align: "center", line: 320},
	styleTableSmall:  {name: "表文（小）", size: 18, align: "center", line: 280},
	styleTableTiny:   {name: "表文（密）", size: 15, align: "center", line: 230},
	styleTOC1:        {name: "toc 1", size: 24, align: "left", line: 460, font: "黑体", more: docxContentsTab},
	styleTOC2:        {name: "toc 2", size: 24, align: "left", line: 440, left: 480, more: docxContentsTab},
	styleTOCTitle:    {name: "TOC Heading", next: styleNormal, font: "黑体", size: 36, align: "center", line: 600, before: 120, after: 360},
	styleCoverSchool: {name: "封面单位", next: styleTitle, font: "宋体", size: 52, bold: true, align: "center", line: 800, before: 2600},
	styleTitle:       {name: "Title", next: styleCoverDate, font: "黑体", size: 56, align: "center", line: 840, before: 900},
	styleCoverDate:   {name: "封面日期", size: 32, align: "center", line: 600},
	styleHeader:      {name: "header", size: 18, align: "center", line: 280, more: `<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="3" w:color="auto"/></w:pBdr>`},
	styleFooter:      {name: "footer", size: 18, align: "center", line: 250},
	styleFootnote:    {name: "footnote text", size: 18, align: "both", line: 280},
	styleGap:         {name: "间隔", size: 10, align: "left", line: 20},
}

// docxContentsTab leads the dots to the page number.
var docxContentsTab = fmt.Sprintf(`<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="%d"/></w:tabs>`, docxTextWidth)

func docxHeadingStyle(level int) string {
	return []string{styleHeading1, styleHeading2, styleHeading3}[min(max(level, 1), 3)-1]
}

// docxStylesPart is word/styles.xml.
func docxStylesPart() string {
	var b strings.Builder
	b.WriteString(xmlHead + `<w:styles ` + docxNames + `><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:eastAsia="宋体" w:hAnsi="Times New Roman" w:cs="Times New Roman"/>` +
		`<w:sz w:val="24"/><w:szCs w:val="24"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>`)
	for _, id := range slices.Sorted(maps.Keys(docxStyles)) {
		docxStyles[id].write(&b, id)
	}
	b.WriteString(`<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont"><w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>` +
		`<w:style w:type="character" w:styleId="` + styleNoteMark + `"><w:name w:val="footnote reference"/><w:basedOn w:val="DefaultParagraphFont"/><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>` +
		`<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>` +
		fmt.Sprintf(`<w:style w:type="table" w:customStyle="1" w:styleId="%s"><w:name w:val="三线表"/><w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders><w:top w:val="single" w:sz="12" w:space="0" w:color="auto"/><w:bottom w:val="single" w:sz="12" w:space="0" w:color="auto"/></w:tblBorders>`+
			`<w:tblCellMar><w:top w:w="%[2]d" w:type="dxa"/><w:left w:w="%[3]d" w:type="dxa"/><w:bottom w:w="%[2]d" w:type="dxa"/><w:right w:w="%[3]d" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style></w:styles>`, styleThreeLines, cellAbove, cellBeside))
	return b.String()
}

func (s docxStyle) write(b *strings.Builder, id string) {
	own := "" // not of Word's
	if strings.ContainsFunc(s.name, isFullWidth) {
		own = ` w:customStyle="1"`
	}
	if id == styleNormal {
		own = ` w:default="1"`
	}
	fmt.Fprintf(b, `<w:style w:type="paragraph"%s w:styleId="%s"><w:name w:val="%s"/>`, own, id, s.name)
	if id != styleNormal {
		fmt.Fprintf(b, `<w:basedOn w:val="%s"/>`, styleNormal)
	}
	if s.next != "" {
		fmt.Fprintf(b, `<w:next w:val="%s"/>`, s.next)
	}
	b.WriteString(`<w:qFormat/><w:pPr>`)
	if s.keep {
		b.WriteString(`<w:keepNext/><w:keepLines/>`)
	}
	b.WriteString(`<w:widowControl w:val="0"/>` + s.more)
	fmt.Fprintf(b, `<w:spacing w:before="%d" w:after="%d" %s/>`, s.before, s.after, docxLineHeight(s.line))
	if s.indent > 0 || s.left > 0 {
		fmt.Fprintf(b, `<w:ind w:left="%d" w:firstLineChars="%d" w:firstLine="%d"/>`, s.left, s.indent, s.indent*s.size/10)
	}
	fmt.Fprintf(b, `<w:jc w:val="%s"/>`, s.align)
	if s.level > 0 {
		fmt.Fprintf(b, `<w:outlineLvl w:val="%d"/>`, s.level-1)
	}
	b.WriteString(`</w:pPr><w:rPr>`)
	if s.font != "" {
		fmt.Fprintf(b, `<w:rFonts w:eastAsia="%s"/>`, s.font)
	}
	if s.bold {
		b.WriteString(`<w:b/><w:bCs/>`)
	}
	fmt.Fprintf(b, `<w:sz w:val="%d"/><w:szCs w:val="%d"/></w:rPr></w:style>`, s.size, s.size)
}

// docxLineHeight is exact, or as what stands in the line.
func docxLineHeight(line int) string {
	if line == 0 {
		return `w:line="240" w:lineRule="auto"`
	}
	return fmt.Sprintf(`w:line="%d" w:lineRule="exact"`, line)
}

// docxSettings is word/settings.xml: footnotes are counted anew on each page, in circles.
const docxSettings = xmlHead + `<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:zoom w:percent="100"/><w:bordersDoNotSurroundHeader/><w:bordersDoNotSurroundFooter/><w:defaultTabStop w:val="420"/><w:characterSpacingControl w:val="compressPunctuation"/>` +
	`<w:footnotePr><w:numFmt w:val="decimalEnclosedCircleChinese"/><w:numRestart w:val="eachPage"/><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>` +
	`<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>`

// docxFonts is word/fontTable.xml: what to take where a font is missing.
const docxFonts = xmlHead + `<w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">` +
	`<w:font w:name="Times New Roman"><w:panose1 w:val="02020603050405020304"/><w:charset w:val="00"/><w:family w:val="roman"/><w:pitch w:val="variable"/></w:font>` +
	`<w:font w:name="宋体"><w:altName w:val="SimSun"/><w:panose1 w:val="02010600030101010101"/><w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>` +
	`<w:font w:name="黑体"><w:altName w:val="SimHei"/><w:panose1 w:val="02010609060101010101"/><w:charset w:val="86"/><w:family w:val="modern"/><w:pitch w:val="fixed"/></w:font></w:fonts>`
