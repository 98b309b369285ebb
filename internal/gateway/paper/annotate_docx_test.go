package paper

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"quxiang/internal/domain/proofread"
)

// annotatable has its figures in runs as Word makes them: formatted, broken up, among
// tabs, links, insertions and deletions, in a table and in a text box.
var annotatable = `<w:p><w:pPr><w:jc w:val="both"/></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t>本科 82.63%，硕士 87.86%。</w:t></w:r></w:p>` +
	`<w:p><w:r><w:t xml:space="preserve">其中 </w:t></w:r><w:r><w:rPr><w:i/></w:rPr><w:t>24</w:t></w:r><w:r><w:t>.</w:t></w:r><w:r><w:t>18% 的人</w:t><w:tab/><w:t>A&amp;B 17 人</w:t></w:r></w:p>` +
	`<w:p><w:del w:id="1" w:author="甲"><w:r><w:delText>99</w:delText></w:r></w:del><w:ins w:id="2" w:author="甲"><w:r><w:t>共 1,117 人</w:t></w:r></w:ins><w:r><w:t>，1117 人</w:t></w:r></w:p>` +
	`<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w="100"/><w:gridCol w:w="100"/></w:tblGrid><w:tr>` + tc("", "本科") + tc("", "99.99") + `</w:tr></w:tbl>` +
	`<w:p><w:r><w:t>完。</w:t></w:r></w:p><w:sectPr/>`

func annotatedList() []proofread.Finding {
	at := func(line, r int) proofread.Place { return proofread.Place{Line: line, Rune: r} }
	return []proofread.Finding{
		{Where: "正文", Printed: "82.63", Expected: "82.45", Severity: proofread.Fault, Root: "a", Explanation: "921/1117 = 82.45 <见表 1-1>。", Place: at(1, 3)},
		{Where: "正文", Printed: "82.63", Expected: "82.46", Severity: proofread.Fault, Root: "a", Place: at(1, 3)},
		{Where: "正文", Printed: "87.86", Severity: proofread.Rounding, Place: at(1, 12)},
		{Where: "正文", Printed: "24.18", Place: at(2, 3)},
		{Where: "正文", Printed: "17", Place: at(2, 17)},
		{Where: "正文", Printed: "1117", Place: at(3, 2)},
		{Where: "表", Printed: "99.99", Place: at(5, 0)},
		{Where: "全文", Printed: "5"},
	}
}

func annotate(t testing.TB, content []byte, list []proofread.Finding) []byte {
	t.Helper()
	out, err := AnnotateWord("报告.docx", bytes.NewReader(content), int64(len(content)), list)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// parts of a package, by name.
func partsOf(t testing.TB, content []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(b)
	}
	return out
}

// ranges are the texts that the comments cover, by id; other text of the document is not
// in them.
func ranges(t testing.TB, doc string) map[string]string {
	t.Helper()
	out, open := map[string]string{}, map[string]bool{}
	dec := xml.NewDecoder(strings.NewReader(doc))
	for {
		tok, err := dec.Token()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatalf("not well-formed: %v\n%s", err, doc)
		}
		switch e := tok.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "commentRangeStart":
				open[attr(e, "id")] = true
				out[attr(e, "id")] += ""
			case "commentRangeEnd":
				delete(open, attr(e, "id"))
			}
		case xml.CharData:
			for id := range open {
				out[id] += string(e)
			}
		}
	}
}

// TestAnnotateWord: each comment covers its figure and nothing else, however the figure
// is broken up; one without a place stands at the beginning.
func TestAnnotateWord(t *testing.T) {
	content := docx(t, annotatable)
	parts := partsOf(t, annotate(t, content, annotatedList()))
	got := ranges(t, parts["word/document.xml"])
	for id, want := range map[string]string{"0": "82.63", "1": "82.63", "2": "87.86", "3": "24.18", "4": "17", "5": "1,117", "6": "99.99", "7": "本科 82.63%，硕士 87.86%。"} {
		if got[id] != want {
			t.Errorf("comment %s covers %q, want %q", id, got[id], want)
		}
	}
	for _, want := range []string{`w:id="0" w:author="去向·报告体检" w:initials="体检"`, "第 1 条 · 错误：印的是 82.63，应为 82.45", "921/1117 = 82.45 &lt;见表 1-1&gt;。", "同一处引起：第 2 条"} {
		if !strings.Contains(parts["word/comments.xml"], want) {
			t.Errorf("the comments do not say %s", want)
		}
	}
	if n := strings.Count(parts["word/document.xml"], "commentReference "); n != 8 {
		t.Errorf("%d references", n)
	}
}

// TestAnnotateWordNothingElse: without the marks the document reads as before, run
// properties and all; other parts are the same bytes; the same input gives the same file.
func TestAnnotateWordNothingElse(t *testing.T) {
	content := docx(t, annotatable, "word/media/image1.png", "\x89PNG…", "docProps/core.xml",
		`<cp:coreProperties xmlns:cp="a" xmlns:dcterms="b"><dcterms:modified>2024-12-30T16:00:00+08:00</dcterms:modified></cp:coreProperties>`)
	out := annotate(t, content, annotatedList())
	before, after := partsOf(t, content), partsOf(t, out)
	for name, text := range before {
		switch name {
		case "word/document.xml", "[Content_Types].xml":
		default:
			if after[name] != text {
				t.Errorf("%s differs", name)
			}
		}
	}
	if a, b := characters(t, before["word/document.xml"]), characters(t, after["word/document.xml"]); a != b {
		t.Errorf("characters differ:\n%s\n%s", a, b)
	}
	if a, b := show(read(t, content)), show(read(t, out)); a != b {
		t.Errorf("reads differently:\n%s\n%s", a, b)
	}
	if !strings.Contains(after["word/comments.xml"], `w:date="2024-12-30T08:00:00Z"`) {
		t.Error("comments are not dated as the file")
	}
	if !bytes.Equal(out, annotate(t, content, annotatedList())) {
		t.Error("the same input gave another file")
	}
	if !bytes.Equal(content, annotate(t, content, nil)) {
		t.Error("a file without findings was changed")
	}
}

// characters is every character with the properties of its run.
func characters(t testing.TB, doc string) string {
	t.Helper()
	var b strings.Builder
	dec := xml.NewDecoder(strings.NewReader(doc))
	props, in, depth := "", false, 0
	for {
		tok, err := dec.Token()
		if err == io.EOF {
			return b.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := tok.(type) {
		case xml.StartElement:
			depth++
			switch n := e.Name.Local; {
			case n == "r":
				props = ""
			case n == "rPr":
				in = true
			case in:
				props += n
			case n == "tab", n == "p", n == "tc", n == "pPr", n == "ins", n == "del":
				b.WriteString("<" + n + ">")
			}
		case xml.EndElement:
			if e.Name.Local == "rPr" {
				in = false
			}
		case xml.CharData:
			for _, r := range string(e) {
				b.WriteString(props + string(r))
			}
		}
	}
}

// TestAnnotateWordComments: comments that are there stay, with their ids.
func TestAnnotateWordComments(t *testing.T) {
	body := `<w:p><w:commentRangeStart w:id="4"/><w:r><w:t>本科 82.63%</w:t></w:r><w:commentRangeEnd w:id="4"/><w:r><w:commentReference w:id="4"/></w:r></w:p>`
	rels := `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments" Target="comments.xml"/></Relationships>`
	old := `<w:comments ` + wordSpaces + `><w:comment w:id="4" w:author="甲"><w:p><w:r><w:t>请核</w:t></w:r></w:p></w:comment></w:comments>`
	content := docx(t, body, "word/_rels/document.xml.rels", rels, "word/comments.xml", old)
	parts := partsOf(t, annotate(t, content, annotatedList()[:1]))
	if got := ranges(t, parts["word/document.xml"]); got["4"] != "本科 82.63%" || got["5"] != "82.63" {
		t.Errorf("ranges %v", got)
	}
	if c := parts["word/comments.xml"]; !strings.Contains(c, "请核") || !strings.Contains(c, `w:id="5"`) || !strings.HasPrefix(c, strings.TrimSuffix(old, "</w:comments>")) {
		t.Errorf("comments %s", c)
	}
	if parts["word/_rels/document.xml.rels"] != rels {
		t.Error("relations changed")
	}
}

// TestAnnotateWordBoxes: in a text box, in a formula and in ruby the whole paragraph is
// meant, since comments cannot stand there.
func TestAnnotateWordBoxes(t *testing.T) {
	body := `<w:p><w:r><w:t>前</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>` + p("占 5%") + `</w:txbxContent></mc:Choice></mc:AlternateContent></w:r></w:p>` +
		`<w:p xmlns:m="urn:m"><m:oMath><m:r><m:t>6</m:t></m:r></m:oMath></w:p>`
	parts := partsOf(t, annotate(t, docx(t, body), []proofread.Finding{{Printed: "5", Place: proofread.Place{Line: 2, Rune: 2}}, {Printed: "6", Place: proofread.Place{Line: 3}}}))
	got := ranges(t, parts["word/document.xml"])
	if got["0"] != "前占 5%" || got["1"] != "6" {
		t.Errorf("ranges %v", got)
	}
	if strings.Contains(parts["word/document.xml"], "<w:txbxContent><w:p><w:comment") {
		t.Error("a comment in a text box")
	}
}

// TestLeaderList: a row for each fault, no more than one page of them, and what is left out
// is counted.
func TestLeaderList(t *testing.T) {
	rows, rest := leaderRows(annotatedList(), listLines)
	if len(rows) != 7 || rest != 0 || rows[0][0] != "1" || rows[1][0] != "3" || !strings.Contains(rows[0][5], "同一处还引起第 2 条") {
		t.Errorf("%d rows, %d left out: %v", len(rows), rest, rows)
	}
	many := make([]proofread.Finding, listed+5)
	for i := range many {
		many[i] = proofread.Finding{Where: "表", Explanation: strings.Repeat("长", 300), Severity: proofread.Fault}
	}
	rows, rest = leaderRows(many, listLines)
	lines := 0
	for _, r := range rows {
		lines += rowLines(r)
	}
	if len(rows) != listed || rest != 5 || lines > 2*listed {
		t.Errorf("%d rows of %d lines, %d left out", len(rows), lines, rest)
	}
	if rows, _ := leaderRows(many[:3], listLines); len([]rune(rows[0][5])) != 240 {
		t.Errorf("three rows have room for more than %q", rows[0][5])
	}
}

// TestLeaderListDismissed: whoever signs reads what was dismissed and why.
func TestLeaderListDismissed(t *testing.T) {
	aside := make([]proofread.Dismissed, mostSetAside+2)
	aside[0] = proofread.Dismissed{Finding: annotatedList()[0], Why: "按附表口径"}
	doc := listDocument("报告.docx", annotatedList()[1:], aside)
	for _, want := range []string{"没有列入的 6 条", "正文：印的是 82.63，应为 82.45——按附表口径", "没有写理由", "……另有 2 条"} {
		if !strings.Contains(doc, want) {
			t.Errorf("the list does not say %s", want)
		}
	}
	if doc := listDocument("报告.docx", annotatedList(), nil); strings.Contains(doc, "没有列入") {
		t.Error("nothing was dismissed, and the list speaks of it")
	}
}

// program finds a program that a test needs.
func program(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil && os.Getenv("QUXIANG_CI") != "" {
		t.Fatal(name, " is not installed")
	}
	if err != nil {
		t.Skip(name, " is not installed")
	}
	return path
}

// TestAnnotatedValid: documents and lists are what the standard says.
func TestAnnotatedValid(t *testing.T) {
	lint := program(t, "xmllint")
	schema, err := filepath.Abs("../../../../shared/ooxml-xsd/wml.xsd")
	if err == nil {
		_, err = os.Stat(schema)
	}
	if err != nil {
		t.Skip("the schemas are not beside the repository: ", err)
	}
	list, err := LeaderList("报告.docx", annotatedList(), []proofread.Dismissed{{Finding: annotatedList()[0], Why: "按附表口径"}})
	if err != nil {
		t.Fatal(err)
	}
	annotated := partsOf(t, annotate(t, docx(t, annotatable), annotatedList()))
	for name, text := range map[string]string{
		"document": annotated["word/document.xml"], "comments": annotated["word/comments.xml"], "list": partsOf(t, list)["word/document.xml"],
	} {
		file := filepath.Join(t.TempDir(), name+".xml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(lint, "--noout", "--nonet", "--schema", schema, file).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

// TestAnnotatedOpens: another program finds the comments.
func TestAnnotatedOpens(t *testing.T) {
	office := program(t, "soffice")
	dir := t.TempDir()
	file := filepath.Join(dir, "a.docx")
	if err := os.WriteFile(file, annotate(t, docx(t, annotatable), annotatedList()), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(office, "--headless", "-env:UserInstallation=file://"+dir+"/profile", "--convert-to", "fodt", "--outdir", dir, file).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	text, err := os.ReadFile(filepath.Join(dir, "a.fodt"))
	if err != nil {
		if os.Getenv("QUXIANG_CI") != "" {
			t.Fatalf("soffice has no Writer: %s", out)
		}
		t.Skipf("soffice has no Writer: %s", out)
	}
	if n := len(regexp.MustCompile(`<office:annotation `).FindAll(text, -1)); n != 8 {
		t.Errorf("%d comments arrived, want 8", n)
	}
}
