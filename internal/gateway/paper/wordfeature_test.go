package paper

import (
	"strings"
	"testing"

	"quxiang/internal/domain/proofread"
)

// feature is something that Word and WPS write, with what is to be read of it and which
// text the comment on a figure in it covers.
type feature struct {
	body   string
	more   []string
	want   string
	figure string // a figure in it, as printed
	covers string // by the comment on it; blank: the figure
}

// run is a run of text.
func run(text string) string { return `<w:r><w:t xml:space="preserve">` + text + `</w:t></w:r>` }

func paras(inner ...string) string { return "<w:p>" + strings.Join(inner, "") + "</w:p>" }

// field is a complex field with its result.
func field(instruction, result string) string {
	return `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> ` + instruction + ` </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>` + run(result) + `<w:r><w:fldChar w:fldCharType="end"/></w:r>`
}

var features = map[string]feature{
	"a caption numbered by fields": {
		body:   paras(run("表 "), field(`STYLEREF 1 \s`, "1"), run("-"), field(`SEQ 表 \* ARABIC \s 1`, "2"), run(" 就业情况")) + paras(run("共 "), field("REF x", "82.63"), run("%。")),
		want:   "C 1:0 表 1-2 就业情况\nP 2:0 共 82.63%。",
		figure: "82.63",
	},
	"changes of text and of formatting": {
		body: paras(`<w:r><w:rPr><w:b/><w:rPrChange w:id="7" w:author="甲"><w:rPr><w:vanish/></w:rPr></w:rPrChange></w:rPr><w:t>共 82.</w:t></w:r>`, `<w:del w:id="1" w:author="甲"><w:r><w:delText>45</w:delText></w:r></w:del>`, `<w:ins w:id="2" w:author="甲">`+run("63")+`</w:ins>`, run("%。")) +
			`<w:p><w:pPr><w:pStyle w:val="x"/><w:pPrChange w:id="3" w:author="甲"><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:pPrChange></w:pPr>` + run("某某学院毕业生人数有变化") + `</w:p>` +
			paras(`<w:moveFrom w:id="4" w:author="甲">`+run("移走")+`</w:moveFrom>`, run("其后"), `<w:moveTo w:id="5" w:author="甲">`+run("移来。")+`</w:moveTo>`),
		want:   "P 1:0 共 82.63%。\nP 2:0 某某学院毕业生人数有变化\nP 3:0 其后移来。",
		figure: "82.63", covers: "82.4563", // what was deleted stands between
	},
	"changed rows and cells": {
		body: `<w:tbl><w:tr>` + tc("", "学历") + tc("", "人数") + tc("", "率") + `</w:tr><w:tr><w:trPr><w:del w:id="1" w:author="甲"/></w:trPr>` + tc("", "专科") + tc("", "1") + tc("", "2") + `</w:tr>` +
			`<w:tr><w:trPr><w:trPrChange w:id="2" w:author="甲"><w:trPr><w:gridBefore w:val="1"/></w:trPr></w:trPrChange></w:trPr>` + tc(`<w:tcPrChange w:id="3" w:author="甲"><w:tcPr><w:gridSpan w:val="2"/></w:tcPr></w:tcPrChange>`, "本科") + tc("", "5") + tc("", "82.63") + `</w:tr></w:tbl>`,
		want:   "学历 | 人数 | 率\n本科 | 5 | 82.63",
		figure: "82.63",
	},
	"controls of content": {
		body: `<w:sdt><w:sdtPr><w:alias w:val="甲"/></w:sdtPr><w:sdtContent>` + paras(run("共 "), `<w:sdt><w:sdtPr/><w:sdtContent>`+run("82.63")+`</w:sdtContent></w:sdt>`, run("%。")) + `</w:sdtContent></w:sdt>` +
			`<w:tbl><w:sdt><w:sdtContent><w:tr>` + tc("", "学历") + `<w:sdt><w:sdtContent>` + tc("", "人数") + `</w:sdtContent></w:sdt></w:tr></w:sdtContent></w:sdt><w:tr>` + tc("", "本科") + tc("", "5") + `</w:tr></w:tbl>`,
		want:   "P 1:0 共 82.63%。\n学历 | 人数\n本科 | 5",
		figure: "82.63",
	},
	"tags and links": {
		body:   paras(run("共 "), `<w:smartTag w:uri="u" w:element="chmetcnv">`+run("82.")+`<w:smartTag w:uri="u" w:element="n">`+run("63")+`</w:smartTag></w:smartTag>`, `<w:hyperlink w:anchor="a">`+run("%，见表 1")+`</w:hyperlink>`, run("。")),
		want:   "P 1:0 共 82.63%，见表 1。",
		figure: "82.63",
	},
	"hidden text and spelling marks": {
		body:   paras(`<w:proofErr w:type="spellStart"/>`, run("共 8"), `<w:r><w:rPr><w:vanish/></w:rPr><w:t>9</w:t></w:r>`, `<w:bookmarkStart w:id="1" w:name="a"/>`, run("2.63"), `<w:bookmarkEnd w:id="1"/><w:proofErr w:type="spellEnd"/>`, `<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>%。</w:t></w:r>`),
		want:   "P 1:0 共 82.63%。",
		figure: "82.63", covers: "8" + "9" + "2.63", // what is hidden stands between
	},
	"a box beside the text": {
		body: paras(run("其中本科 "), `<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><w:txbxContent>`+p("框里 5%。")+`</w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent>`+p("框里 5%。")+`</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>`, run("82.63%。")) + p("其后。"),
		want: "P 1:0 其中本科 82.63%。\nP 2:0 框里 5%。\nP 4:0 其后。", figure: "82.63",
	},
	"a chart beside the text": {
		body: paras(`<w:r><w:drawing><wp:inline xmlns:wp="urn:wp"><wp:docPr id="1" name="图表 1" descr="99%"/><a:graphic xmlns:a="urn:a"><a:graphicData uri="chart"><c:chart xmlns:c="urn:c" xmlns:r="urn:r" r:id="rId5"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`, run("落实率 82.63%。")),
		more: []string{"word/charts/chart1.xml", `<c:chartSpace xmlns:c="urn:c"><c:v>77</c:v></c:chartSpace>`},
		want: "P 1:0 落实率 82.63%。", figure: "82.63",
	},
	"columns that nobody sees": {
		body: `<w:tbl><w:tblGrid><w:gridCol w:w="900"/><w:gridCol w:w="20"/><w:gridCol w:w="900"/><w:gridCol w:w="900"/><w:gridCol w:w="900"/></w:tblGrid>` +
			`<w:tr>` + tc(`<w:gridSpan w:val="2"/>`, "学历") + tc(`<w:gridSpan w:val="2"/>`, "人数") + tc("", "率") + `</w:tr>` +
			`<w:tr>` + tc("", "本科") + tc(`<w:gridSpan w:val="3"/>`, "5") + tc("", "82.63") + `</w:tr></w:tbl>`,
		want:   "学历 | 人数 | 率\n本科 | 5 | 82.63",
		figure: "82.63",
	},
	"cells merged as old files do": {
		body:   `<w:tbl><w:tr>` + tc(`<w:hMerge w:val="restart"/>`, "单位") + tc(`<w:hMerge/>`, "") + tc("", "率") + `</w:tr><w:tr>` + tc("", "本科") + tc("", "5") + tc("", "82.63") + `</w:tr></w:tbl>`,
		want:   "单位 | ^单位 | 率\n本科 | 5 | 82.63",
		figure: "82.63",
	},
	"a table in a cell": {
		body:   `<w:tbl><w:tr>` + tc("", "本科") + `<w:tc>` + `<w:tbl><w:tr>` + tc("", "男") + tc("", "5") + `</w:tr><w:tr>` + tc("", "女") + tc("", "82.63") + `</w:tr></w:tbl>` + p("") + `</w:tc></w:tr><w:tr>` + tc("", "硕士") + tc("", "6") + `</w:tr></w:tbl>`,
		want:   "本科 | \n硕士 | 6\n男 | 5\n女 | 82.63",
		figure: "82.63",
	},
	"numbers that Word sets": {
		body: `<w:p><w:pPr><w:pStyle w:val="1"/></w:pPr>` + run("基本情况") + `</w:p><w:p><w:pPr><w:pStyle w:val="cap"/></w:pPr>` + run("学历分布 82.63") + `</w:p>` +
			`<w:p><w:pPr><w:pStyle w:val="1"/></w:pPr>` + run("就业去向") + `</w:p><w:p><w:pPr><w:pStyle w:val="cap"/></w:pPr>` + run("去向分布") + `</w:p><w:p><w:pPr><w:pStyle w:val="cap"/></w:pPr>` + run("单位分布") + `</w:p>` +
			`<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr></w:pPr>` + run("毕业去向落实率") + `</w:p>`,
		more: []string{"word/styles.xml", `<w:styles ` + wordSpaces + `><w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/></w:pPr></w:style><w:style w:type="paragraph" w:styleId="cap"><w:name w:val="表题"/><w:pPr><w:numPr><w:ilvl w:val="6"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style></w:styles>`,
			"word/numbering.xml", `<w:numbering ` + wordSpaces + `><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:pStyle w:val="1"/><w:lvlText w:val="第%1章"/></w:lvl><w:lvl w:ilvl="6"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="表%1-%7"/></w:lvl></w:abstractNum>` +
				`<w:abstractNum w:abstractNumId="5"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="japaneseCounting"/><w:suff w:val="nothing"/><w:lvlText w:val="（%1）"/></w:lvl></w:abstractNum>` +
				`<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="5"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="3"/></w:lvlOverride></w:num></w:numbering>`},
		want: "H 1:-4 第一章 基本情况\nC 2:-5 表1-1 学历分布 82.63\nH 3:-4 第二章 就业去向\nC 4:-5 表2-1 去向分布\nC 5:-5 表2-2 单位分布\nH 6:-3 （三）毕业去向落实率", figure: "82.63",
	},
}

// TestWordFeatures: what Word and WPS write is read as it is seen, and a comment stands at
// its figure; the annotated document reads as before.
func TestWordFeatures(t *testing.T) {
	for name, f := range features {
		t.Run(name, func(t *testing.T) {
			content := docx(t, f.body, f.more...)
			want(t, content, f.want)
			d := read(t, content)
			found := proofread.Finding{Printed: f.figure, Place: placeOf(t, d, f.figure)}
			out := annotate(t, content, []proofread.Finding{found})
			covers := f.covers
			if covers == "" {
				covers = f.figure
			}
			if got := ranges(t, partsOf(t, out)["word/document.xml"])["0"]; got != covers {
				t.Errorf("the comment covers %q, want %q", got, covers)
			}
			if a, b := show(d), show(read(t, out)); a != b {
				t.Errorf("annotated it reads\n%s\nnot\n%s", b, a)
			}
		})
	}
}

// placeOf is where a figure stands in a document.
func placeOf(t testing.TB, d proofread.Document, figure string) proofread.Place {
	t.Helper()
	in := func(text string, spans []proofread.Span) (proofread.Place, bool) {
		before, _, ok := strings.Cut(text, figure)
		return proofread.At(spans, len([]rune(before))), ok
	}
	for _, b := range d.Blocks {
		if p, ok := in(b.Text, b.Spans); ok {
			return p
		}
		if b.Table == nil {
			continue
		}
		for _, row := range b.Table.Cells {
			for _, c := range row {
				if p, ok := in(c.Text, c.Spans); ok {
					return p
				}
			}
		}
	}
	t.Fatalf("%s is nowhere in\n%s", figure, show(d))
	return proofread.Place{}
}

// TestWordStrict: the strict form of the standard is read and annotated in its own names.
func TestWordStrict(t *testing.T) {
	const space = "http://purl.oclc.org/ooxml/wordprocessingml/main"
	content := pack(t, "[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
		"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/document.xml", `<w:document xmlns:w="`+space+`" w:conformance="strict"><w:body>`+p("共 82.63%。")+`</w:body></w:document>`)
	want(t, content, "P 1:0 共 82.63%。")
	parts := partsOf(t, annotate(t, content, []proofread.Finding{{Printed: "82.63", Place: proofread.Place{Line: 1, Rune: 2}}}))
	if got := ranges(t, parts["word/document.xml"])["0"]; got != "82.63" {
		t.Errorf("the comment covers %q", got)
	}
	if !strings.Contains(parts["word/comments.xml"], space) || !strings.Contains(parts["word/_rels/document.xml.rels"], "http://purl.oclc.org/ooxml/officeDocument/relationships/comments") {
		t.Errorf("comments %s\nrelations %s", parts["word/comments.xml"], parts["word/_rels/document.xml.rels"])
	}
}

// TestWordPictures: what nobody reads is counted.
func TestWordPictures(t *testing.T) {
	d := read(t, docx(t, p("甲"), "word/media/image1.png", "x", "word/media/image2.png", "x", "word/charts/chart1.xml", "<a/>"))
	if d.Unread != "2 个图片和 1 个图表里的数字没有检查" {
		t.Errorf("unread: %q", d.Unread)
	}
}

func TestCounted(t *testing.T) {
	for n, want := range map[int]string{0: "〇", 3: "三", 10: "十", 12: "十二", 20: "二十", 45: "四十五", 100: "一百", 103: "一百零三", 110: "一百一十", 115: "一百一十五", 230: "二百三十"} {
		if got := han(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
	for format, want := range map[string]string{"decimal": "7", "decimalZero": "07", "decimalFullWidth": "７", "decimalEnclosedCircle": "⑦", "upperLetter": "G", "lowerLetter": "g", "none": ""} {
		if got, ok := counted(7, format); !ok || got != want {
			t.Errorf("%s: %q", format, got)
		}
	}
	if _, ok := counted(7, "hebrew1"); ok {
		t.Error("an unknown format was made up")
	}
}
