package paper

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/proofread"
)

func TestWord(t *testing.T) {
	styles := `<w:styles ` + wordSpaces + `><w:style w:styleId="1"><w:name w:val="heading 1"/></w:style><w:style w:styleId="a"><w:name w:val="我的标题"/><w:basedOn w:val="1"/></w:style><w:style w:styleId="T1"><w:name w:val="toc 1"/></w:style></w:styles>`
	notes := `<w:footnotes ` + wordSpaces + `><w:footnote w:type="separator" w:id="0"><w:p/></w:footnote><w:footnote w:id="2">` + p("按教育部口径。") + `</w:footnote></w:footnotes>`
	body := `<w:p><w:pPr><w:pStyle w:val="T1"/></w:pPr><w:r><w:t>基本情况</w:t><w:tab/><w:t>1</w:t></w:r></w:p>` +
		`<w:p><w:pPr><w:pStyle w:val="a"/></w:pPr><w:r><w:t>基本情况</w:t></w:r></w:p>` +
		`<w:p><w:r><w:t xml:space="preserve">共 </w:t></w:r><w:del><w:r><w:delText>99</w:delText><w:t>99</w:t></w:r></w:del><w:ins><w:r><w:t>100</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r><w:r><w:t> 人</w:t><w:footnoteReference w:id="2"/><w:t>。</w:t></w:r></w:p>` +
		`<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>` + p("框里的话。") + `</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>` + p("框里的话。") + `</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>` +
		p("表 1-1 就业情况") +
		`<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>` + tc(`<w:vMerge w:val="restart"/>`, "学历") + tc(`<w:gridSpan w:val="2"/>`, "单位") + `</w:tr>` +
		`<w:tr><w:trPr><w:tblHeader/></w:trPr>` + tc(`<w:vMerge/>`, "") + tc("", "三级") + tc("", "二级") + `</w:tr>` +
		`<w:tr>` + tc("", "本科") + tc("", "5") + `<w:tc><w:p><w:r><w:t>6</w:t><w:br/><w:t>人</w:t></w:r></w:p></w:tc></w:tr></w:tbl>` +
		p("其后的话。")
	want(t, docx(t, body, "word/styles.xml", styles, "word/footnotes.xml", notes), `
F 1:0 基本情况	1
H 2:0 基本情况
P 3:0 共 100 人。
N 3:0 按教育部口径。
P 5:0 框里的话。
C 7:0 表 1-1 就业情况
学历 | 单位 | ^单位
^学历 | 三级 | 二级
---
本科 | 5 | 6人
P 16:0 其后的话。`)
}

// TestWordRunes: a place names the rune within its paragraph, the deleted left out.
func TestWordRunes(t *testing.T) {
	d := read(t, docx(t, `<w:p><w:r><w:t>共</w:t><w:tab/></w:r><w:del><w:r><w:t>旧</w:t></w:r></w:del><w:r><w:t>82.63%，其中</w:t><w:br/><w:t>本科 5 人</w:t></w:r></w:p>`))
	for _, b := range d.Blocks {
		for i, r := range []rune(b.Text) {
			if at := proofread.At(b.Spans, i); r == '5' && (at.Line != 1 || at.Rune != 15) {
				t.Errorf("5 is said to stand at %+v", at)
			}
		}
	}
	if s := show(d); !strings.Contains(s, "82.63%，其中") || strings.Contains(s, "旧") {
		t.Errorf("got\n%s", s)
	}
}

// TestWordPlain: a document made of a text has its tables as paragraphs.
func TestWordPlain(t *testing.T) {
	tab := func(s string) string {
		return "<w:p><w:r><w:t>" + strings.ReplaceAll(s, "\t", "</w:t><w:tab/><w:t>") + "</w:t></w:r></w:p>"
	}
	want(t, docx(t, tab("年份\t人数")+tab("2023\t5")+tab("2024\t6")+p("表 1-2 历年人数")), "年份 | 人数\n---\n2023 | 5\n2024 | 6\nC 4:0 表 1-2 历年人数")
	var b strings.Builder
	for _, s := range strings.Fields("表1-1学历分布 学历 人数 比例（%） 本科 30 60.00 硕士 20 40.00 合计 50 100.00") {
		b.WriteString(p(s))
	}
	want(t, docx(t, b.String()), "C 1:0 表1-1学历分布\n学历 | 人数 | 比例（%）\n---\n本科 | 30 | 60.00\n硕士 | 20 | 40.00\n合计 | 50 | 100.00")
}

func TestWordNested(t *testing.T) {
	inner := `<w:tbl><w:tr>` + tc("", "甲") + tc("", "1") + `</w:tr><w:tr>` + tc("", "乙") + tc("", "2") + `</w:tr></w:tbl>`
	want(t, docx(t, `<w:tbl><w:tr><w:tc>`+p("表 1 框中的表")+inner+p("")+`</w:tc></w:tr></w:tbl>`), "C 1:0 表 1 框中的表\n甲 | 1\n乙 | 2")
}

// ole is the beginning of an old Office file with these entries in its directory.
func ole(names ...string) []byte {
	b := make([]byte, 512, 1024)
	copy(b, oleStart)
	b[30] = 9 // sectors of 512 bytes; the directory begins in the first
	for _, name := range names {
		entry := make([]byte, 128)
		for i, r := range name {
			entry[2*i] = byte(r)
		}
		entry[64] = byte(2*len(name) + 2)
		b = append(b, entry...)
	}
	return b
}

// TestRefused: what is broken or hostile is refused in a second, in words.
func TestRefused(t *testing.T) {
	bomb := docx(t, strings.Repeat("<w:p/>", 1_000_000))
	flat := docx(t, p(strings.Repeat("就业", 8<<20)))
	many := make([]string, 0, 10002)
	for i := range 5001 {
		many = append(many, "word/"+string(rune('a'+i%26))+strings.Repeat("x", i%90)+string(rune('0'+i/2340))+string(rune('a'+i/90%26)), "")
	}
	for name, c := range map[string]struct {
		content []byte
		says    string
	}{
		"empty":           {nil, "空的"},
		"old word":        {ole("Root Entry", "1Table", "WordDocument"), "旧版 .doc"},
		"old workbook":    {ole("Root Entry", "Workbook"), "旧版 .xls"},
		"old slides":      {ole("Root Entry", "PowerPoint Document"), "演示文稿"},
		"a password":      {ole("Root Entry", "EncryptionInfo", "EncryptedPackage"), "设了打开密码"},
		"cut old file":    {[]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1...."), "旧版 Office"},
		"slides":          {pack(t, "ppt/presentation.xml", "<a/>"), "演示文稿"},
		"open document":   {pack(t, "mimetype", "application/vnd.oasis.opendocument.text"), "OpenDocument"},
		"OFD":             {pack(t, "OFD.xml", "<a/>"), "OFD"},
		"web archive":     {[]byte("MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n"), ".mht"},
		"another archive": {[]byte("Rar!\x1a\x07\x00"), "压缩包"},
		"rtf":             {[]byte(`{\rtf1\ansi}`), ".rtf"},
		"a picture":       {[]byte("\x89PNG\r\n\x1a\n\x00\x00"), "图片"},
		"a program":       {[]byte("\x7fELF\x02\x01\x00"), "不认识"},
		"another zip":     {pack(t, "a.txt", "甲"), "压缩包"},
		"a broken zip":    {docx(t, p("甲"))[:200], "损坏"},
		"no document":     {pack(t, "word/x.xml", "<a/>"), "损坏"},
		"a bomb":          {bomb, "恶意"},
		"a bomb of text":  {flat, "恶意"},
		"too many parts":  {pack(t, many...), "太多"},
		"a document type": {pack(t, "word/document.xml", `<!DOCTYPE a [<!ENTITY b "c">]><w:document `+wordSpaces+`/>`), "DTD"},
		"too deep":        {docx(t, strings.Repeat("<w:a>", 1000)), "过深"},
		"unended":         {pack(t, "word/document.xml", `<w:document `+wordSpaces+`><w:body><w:p>`), "损坏"},
		"no text":         {docx(t, "<w:p/>"), "没有文字"},
		"no encoding":     {[]byte("\xFF\x80\xFF\x81\xFF\x80"), "编码"},
	} {
		t.Run(name, func(t *testing.T) {
			begun := time.Now()
			_, err := Read("报告.docx", bytes.NewReader(c.content), int64(len(c.content)))
			if fault.KindOf(err) != fault.Usage || !strings.Contains(err.Error(), c.says) || !strings.HasPrefix(err.Error(), "报告.docx：") {
				t.Errorf("error %v; want a refusal that says %s", err, c.says)
			}
			if d := time.Since(begun); d > 2*time.Second {
				t.Errorf("refused only after %v", d)
			}
		})
	}
}

func TestText(t *testing.T) {
	text := "一、基本情况\n毕业生共 10 人。\n"
	want(t, []byte(text), "H 1:0 一、基本情况\nP 2:0 毕业生共 10 人。")
	want(t, []byte("\xEF\xBB\xBF"+text), "H 1:0 一、基本情况\nP 2:0 毕业生共 10 人。")
	want(t, []byte("\xD2\xBB\xA1\xA2\xB8\xC5\xBF\xF6\n"), "H 1:0 一、概况")
	want(t, []byte("\xFF\xFE\x00\x4E\x01\x30\x82\x69\xB5\x51"), "H 1:0 一、概况")
}
