package sheet

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

func annotated() []proofread.Finding {
	at := func(cell string) proofread.Place { return proofread.Place{Sheet: "名单", Cell: cell} }
	return []proofread.Finding{
		{Printed: "962", Expected: "960", Severity: proofread.Fault, Root: "a", Explanation: "432 + 528 < 962。", Place: at("B7")},
		{Printed: "5", Severity: proofread.Label, Root: "a", Place: at("A2")},
		{Printed: "962", Severity: proofread.Rounding, Place: at("B7")},
		{Printed: "1", Severity: proofread.Claim},
	}
}

func annotate(t testing.TB, content []byte) map[string]string {
	t.Helper()
	out, err := Annotate("a.xlsx", bytes.NewReader(content), int64(len(content)), annotated())
	if err != nil {
		t.Fatal(err)
	}
	again, err := Annotate("a.xlsx", bytes.NewReader(content), int64(len(content)), annotated())
	if err != nil || !bytes.Equal(out, again) {
		t.Error("the same input gave another file")
	}
	return partsOf(t, out)
}

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

// TestAnnotate: a comment on each cell, a box for each comment, and nothing else changed
// but the sheet's one reference.
func TestAnnotate(t *testing.T) {
	sheet := `<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData><pageMargins/><tableParts/></worksheet>`
	content := parts{sheet: sheet}.xlsx(t)
	before, after := partsOf(t, content), annotate(t, content)
	for name, text := range before {
		switch name {
		case "xl/worksheets/sheet1.xml":
			text = strings.Replace(text, "<tableParts/>", `<legacyDrawing xmlns:r="`+nsRels+`" r:id="rIdProofread2"/><tableParts/>`, 1)
		case "[Content_Types].xml":
			continue
		}
		if after[name] != text {
			t.Errorf("%s is %s", name, after[name])
		}
	}
	comments := after["xl/commentsProofread1.xml"]
	for _, want := range []string{"<author>" + author, `ref="A1"`, `ref="A2"`, `<comment ref="B7" authorId="0"><text><r><t>第 1 条 · 错误：印的是 962，应为 960`, "432 + 528 &lt; 962。", "同一处引起：第 2 条", "\n\n第 3 条 · 舍入"} {
		if !strings.Contains(comments, want) {
			t.Errorf("no %s in %s", want, comments)
		}
	}
	drawing := after["xl/drawings/vmlDrawingProofread2.vml"]
	if n := strings.Count(drawing, "<v:shape "); n != 3 || !strings.Contains(drawing, "<x:Row>6</x:Row><x:Column>1</x:Column>") {
		t.Errorf("%d boxes: %s", n, drawing)
	}
	for name, text := range after {
		if err := xml.Unmarshal([]byte(text), new(struct{})); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, part := range []string{"/xl/commentsProofread1.xml", "/xl/drawings/vmlDrawingProofread2.vml"} {
		if !strings.Contains(after["[Content_Types].xml"], part) || !strings.Contains(after["xl/worksheets/_rels/sheet1.xml.rels"], part) {
			t.Errorf("%s is not declared", part)
		}
	}
}

// TestAnnotateComments: a workbook with comments keeps them; on a cell that has one the
// finding is added to it.
func TestAnnotateComments(t *testing.T) {
	content := parts{
		sheet: `<x:worksheet xmlns:x="` + nsMain + `" xmlns:r="` + nsRels + `"><x:sheetData/><x:legacyDrawing r:id="rId2"/></x:worksheet>`,
		more: []file{
			{"xl/worksheets/_rels/sheet1.xml.rels", `<Relationships>` + relTo("rId1", "comments", "../comments1.xml") + relTo("rId2", "vmlDrawing", "../drawings/vmlDrawing1.vml") + `</Relationships>`},
			{"xl/comments1.xml", `<comments><authors><author>甲</author></authors><commentList><comment ref="B7" authorId="0"><text><t>请核</t></text></comment></commentList></comments>`},
			{"xl/drawings/vmlDrawing1.vml", `<xml xmlns:v="v"><v:shape id="_x0000_s1025"><br></v:shape></xml>`},
		},
	}.xlsx(t)
	before, after := partsOf(t, content), annotate(t, content)
	if len(after) != len(before) || after["xl/worksheets/sheet1.xml"] != before["xl/worksheets/sheet1.xml"] || after["xl/worksheets/_rels/sheet1.xml.rels"] != before["xl/worksheets/_rels/sheet1.xml.rels"] {
		t.Error("more changed than the comments")
	}
	c := after["xl/comments1.xml"]
	if !strings.Contains(c, "<t>请核</t><r>") || strings.Count(c, `ref="B7"`) != 1 || !strings.Contains(c, `<comment ref="A2" authorId="1">`) || !strings.Contains(c, "<author>甲</author><author>"+author) {
		t.Error(c)
	}
	if d := after["xl/drawings/vmlDrawing1.vml"]; strings.Count(d, "<v:shape ") != 3 || !strings.HasPrefix(d, `<xml xmlns:v="v"><v:shape id="_x0000_s1025"><br></v:shape>`) {
		t.Error(d)
	}
}

// TestAnnotatedOpens: comments are what the standard says, and another program finds them.
func TestAnnotatedOpens(t *testing.T) {
	table := Table{Name: "名单", Columns: []Column{{Title: "学历"}, {Title: "人数", Number: true}}, Rows: rowsOf([]string{"本科", "730"}, []string{"合计", "962"})}
	content := xlsxOf(t, table)
	out, err := Annotate("a.xlsx", bytes.NewReader(content), int64(len(content)), annotated())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	schema, _ := filepath.Abs("../../../../shared/ooxml-xsd/sml.xsd")
	if _, err := os.Stat(schema); err == nil {
		lint := program(t, "xmllint")
		for name, text := range partsOf(t, out) {
			if !strings.HasPrefix(name, "xl/comments") && !strings.HasPrefix(name, "xl/worksheets/sheet") {
				continue
			}
			file := filepath.Join(dir, "part.xml")
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if said, err := exec.Command(lint, "--noout", "--nonet", "--schema", schema, file).CombinedOutput(); err != nil {
				t.Errorf("%s: %v\n%s", name, err, said)
			}
		}
	}
	office := program(t, "soffice")
	if err := os.WriteFile(filepath.Join(dir, "a.xlsx"), out, 0o600); err != nil {
		t.Fatal(err)
	}
	said, err := exec.Command(office, "--headless", "-env:UserInstallation=file://"+dir+"/profile", "--convert-to", "fods", "--outdir", dir, filepath.Join(dir, "a.xlsx")).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	text, err := os.ReadFile(filepath.Join(dir, "a.fods"))
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	if n := len(regexp.MustCompile(`<office:annotation `).FindAll(text, -1)); n != 3 || !bytes.Contains(text, []byte("应为 960")) {
		t.Errorf("%d comments arrived, want 3", n)
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
