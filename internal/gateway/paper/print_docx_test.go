package paper

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"quxiang/internal/domain/proofread"
	"quxiang/internal/domain/report"
)

func docxOf(t testing.TB, d report.Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteDocx(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestDocxSameBytes: the same document gives the same bytes, whose only time is the cut's.
func TestDocxSameBytes(t *testing.T) {
	first := docxOf(t, sample())
	for range 5 {
		if !bytes.Equal(first, docxOf(t, sample())) {
			t.Fatal("other bytes of the same document")
		}
	}
	parts := partsOf(t, first)
	if n := strings.Count(parts["docProps/core.xml"], "2024-08-31T15:59:59Z"); n != 2 {
		t.Errorf("the cut is named %d times:\n%s", n, parts["docProps/core.xml"])
	}
	later := sample()
	later.Cut += 86400_000
	if bytes.Equal(first, docxOf(t, later)) {
		t.Error("another cut, the same bytes")
	}
}

// TestDocxReadBack: the reader of published reports finds the tables that the document has,
// merged cells and all, its headings, captions and notes.
func TestDocxReadBack(t *testing.T) {
	d := sample()
	var tables, heads, captions, notes []string
	for _, b := range read(t, docxOf(t, d)).Blocks {
		switch b.Kind {
		case proofread.TableBlock:
			tables = append(tables, show(proofread.Document{Blocks: []proofread.Block{b}}))
		case proofread.Heading:
			heads = append(heads, b.Text)
		case proofread.Caption:
			captions = append(captions, b.Text)
		case proofread.Note:
			notes = append(notes, b.Text)
		}
	}
	var all string
	for _, b := range d.Blocks {
		switch {
		case b.Table != nil:
			if len(tables) == 0 {
				t.Fatalf("%s is missing", b.Table.Number)
			}
			if want := shownTable(*b.Table); tables[0] != want {
				t.Errorf("%s: got\n%swant\n%s", b.Table.Number, tables[0], want)
			}
			tables = tables[1:]
			all += b.Table.Number + "　" + b.Table.Caption + "\n"
		case b.Figure != nil:
			all += b.Figure.Number + "　" + b.Figure.Caption + "\n"
		case b.Heading != nil && !slices.Contains(heads, b.Heading.Text):
			t.Errorf("no heading %s", b.Heading.Text)
		}
	}
	if got := strings.Join(captions, "\n") + "\n"; got != all {
		t.Errorf("captions\n%swant\n%s", got, all)
	}
	if len(tables) > 0 || !slices.ContainsFunc(notes, func(s string) bool { return strings.Contains(s, "不可直接比较") }) {
		t.Errorf("%d tables too many, notes %q", len(tables), notes)
	}
}

// shownTable is what show prints of a table: each cell in all places that it covers.
func shownTable(t report.Table) string {
	var b strings.Builder
	for part, rows := range [][][]report.Cell{t.Head, t.Body} {
		grid := make([]map[int]string, len(rows)+20)
		for i := range grid {
			grid[i] = map[int]string{}
		}
		for i, r := range rows {
			at := 0
			for _, c := range r {
				for grid[i][at] != "" {
					at++
				}
				for y := range max(c.Rows, 1) {
					for x := range max(c.Cols, 1) {
						grid[i+y][at+x] = map[bool]string{true: "^"}[x+y > 0] + c.Text
					}
				}
			}
			line := make([]string, len(grid[i]))
			for at, s := range grid[i] {
				line[at] = s
			}
			b.WriteString(strings.Join(line, " | ") + "\n")
		}
		if part == 0 {
			b.WriteString("---\n")
		}
	}
	return b.String()
}

var (
	bookmarks = regexp.MustCompile(`<w:bookmarkStart w:id="(\d+)" w:name="([^"]+)"/>(.*?)<w:bookmarkEnd w:id="(\d+)"/>`)
	leading   = regexp.MustCompile(`(?:PAGEREF |REF |w:anchor=")(_\w+)`)
	texts     = regexp.MustCompile(`<w:t xml:space="preserve">([^<]*)</w:t>`)
)

func textIn(s string) string {
	var b strings.Builder
	for _, m := range texts.FindAllStringSubmatch(s, -1) {
		b.WriteString(m[1])
	}
	return b.String()
}

// TestDocxFields: every field and link leads to a bookmark that is there once and says what
// the field does.
func TestDocxFields(t *testing.T) {
	d := sample()
	doc := partsOf(t, docxOf(t, d))["word/document.xml"]
	marks := map[string]string{}
	for i, m := range bookmarks.FindAllStringSubmatch(doc, -1) {
		if _, twice := marks[m[2]]; twice || m[1] != m[4] || m[1] != fmt.Sprint(i+1) || len(m[2]) > 40 {
			t.Errorf("bookmark %v", m[:3])
		}
		marks[m[2]] = textIn(m[3])
	}
	if n := strings.Count(doc, "<w:bookmarkStart "); n != len(marks) {
		t.Fatalf("%d bookmarks, %d closed", n, len(marks))
	}
	links := leading.FindAllStringSubmatch(doc, -1)
	for _, m := range links {
		if _, ok := marks[m[1]]; !ok {
			t.Errorf("%s leads nowhere", m[0])
		}
	}
	if len(links) < 20 {
		t.Errorf("%d links", len(links))
	}
	for _, m := range regexp.MustCompile(`> REF (_Ref\d+) \\h <.*?separate.*?<w:t xml:space="preserve">([^<]*)<`).FindAllStringSubmatch(doc, -1) {
		if marks[m[1]] != m[2] {
			t.Errorf("%s is %s at its place", m[2], marks[m[1]])
		}
	}
	if got, want := strings.Join(sequences(doc), " "), "表:r1 图:r1 图: 表:r1 图:r1 表: 图: 图:r1 表:r1"; got != want {
		t.Errorf("captions count %s, want %s", got, want)
	}
}

// sequences are the counters of the captions, with what they are told.
func sequences(doc string) []string {
	var out []string
	for _, m := range regexp.MustCompile(` SEQ (\S+) \\\* ARABIC(?: \\(r) (\d+))? `).FindAllStringSubmatch(doc, -1) {
		out = append(out, m[1]+":"+m[2]+m[3])
	}
	return out
}

// TestDocxOddNumbers: where captions count as the document wants, not as Word would.
func TestDocxOddNumbers(t *testing.T) {
	var d report.Document
	for i, n := range []string{"表 1-3", "表 1-4", "附表 1", "表 A", "", "图 2.1"} {
		d.Blocks = append(d.Blocks, report.Block{Table: &report.Table{ID: fmt.Sprint(i), Number: n, Caption: "甲", Body: [][]report.Cell{{{Text: "乙"}, {Text: "1"}}}}})
	}
	doc := partsOf(t, docxOf(t, d))["word/document.xml"]
	if got := strings.Join(sequences(doc), " "); got != "表:r3 表: 附表:r1 图:r1" {
		t.Errorf("captions count %s", got)
	}
	for _, n := range []string{"表 1-3　甲", "表 1-4　甲", "附表 1　甲", "表 A　甲", "图 2.1　甲"} {
		if !strings.Contains(textIn(doc), n) {
			t.Errorf("no %s", n)
		}
	}
}

// schemaOf is the schema of a part by its place.
func schemaOf(name string) string {
	switch {
	case name == "[Content_Types].xml":
		return "opc-contentTypes.xsd"
	case strings.HasSuffix(name, ".rels"):
		return "opc-relationships.xsd"
	case strings.HasPrefix(name, "word/charts/"):
		return "dml-chart.xsd"
	case strings.HasPrefix(name, "word/") && strings.HasSuffix(name, ".xml"):
		return "wml.xsd"
	case strings.HasPrefix(name, "xl/"):
		return "sml.xsd"
	}
	return ""
}

// validate holds all parts of a package against the standard's schemas, in one run of
// xmllint a schema; embedded workbooks too.
func validate(t *testing.T, content []byte) {
	t.Helper()
	lint := program(t, "xmllint")
	schemas, err := filepath.Abs("../../../../shared/ooxml-xsd")
	if err == nil {
		_, err = os.Stat(schemas)
	}
	if err != nil {
		t.Skip("the schemas are not beside the repository: ", err)
	}
	dir := t.TempDir()
	files := map[string][]string{}
	var save func(prefix string, content []byte)
	save = func(prefix string, content []byte) {
		for name, text := range partsOf(t, content) {
			if strings.HasSuffix(name, ".xlsx") {
				save(prefix+filepath.Base(name)+"-", []byte(text))
			} else if s := schemaOf(name); s != "" {
				file := filepath.Join(dir, prefix+strings.NewReplacer("/", "-", "[", "", "]", "").Replace(name))
				if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				files[s] = append(files[s], file)
			}
		}
	}
	save("", content)
	for schema, list := range files {
		args := append([]string{"--noout", "--nonet", "--schema", filepath.Join(schemas, schema)}, list...)
		if out, err := exec.Command(lint, args...).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", schema, err, out[:min(len(out), 3000)])
		}
	}
	if len(files["wml.xsd"]) < 6 || len(files["sml.xsd"]) == 0 {
		t.Errorf("validated %v", files)
	}
}

// TestDocxValid: every part is what the standard says.
func TestDocxValid(t *testing.T) { validate(t, docxOf(t, sample())) }

// oddTexts break what is written without care.
var oddTexts = []string{"", " ", "<w:p>&amp;</w:p>]]>", `"'&<>`, "\x00\x01\x0b\x1f\x7f", "\xff\xfe坏", "\ufffe\uffff\u2028", "a\tb\nc\rd", "%s%d%!", "䶮㛃㼆𬭸𫖮", "\u202e反", "👩‍⚕️", strings.Repeat("长", 3000), strings.Repeat("x", 3000), `C:\r \* "`}

// TestDocxOddTexts: whatever the texts are, the parts stay well-formed, valid and the same
// number of cells arrives.
func TestDocxOddTexts(t *testing.T) {
	var d report.Document
	for i, s := range oddTexts {
		id := fmt.Sprint("x", i)
		d.School, d.Title, d.Issued, d.Code = s, s, s, s
		d.Blocks = append(d.Blocks,
			report.Block{Heading: &report.Heading{ID: "h" + id, Level: i, Text: s}},
			report.Block{Paragraph: &report.Paragraph{Kind: report.Kind(s), Spans: []report.Span{{Text: s, Bold: true, Footnote: s, Ref: "t" + id, Number: i}, {Text: s, Ref: "none"}}}},
			report.Block{Table: &report.Table{ID: "t" + id, Number: s, Caption: s, Notes: []string{s}, Head: [][]report.Cell{{{Text: s, Cols: 2}, {Text: s, Rows: 9}}, {{Text: s}}}, Body: [][]report.Cell{{{Text: s, Left: true}, {Text: s, Rows: 2}, {Text: s}, {Text: s}}, {}, {{Text: s, Cols: 4, Bold: true}}}}},
			report.Block{Figure: &report.Figure{ID: "f" + id, Number: s, Caption: s, Alt: s, Unit: s, Chart: []report.Chart{report.Columns, report.Pie, report.Stacked, report.Bars, report.Lines}[i%5], Categories: []string{s, s}, Series: []report.Series{{Name: s, Points: []report.Point{{Text: s}, {Text: "1,234.50"}, {Text: "9"}}}, {Name: s}}}},
			report.Block{}, report.Block{Table: &report.Table{}}, report.Block{Figure: &report.Figure{Chart: report.Pie}}, report.Block{Paragraph: &report.Paragraph{}})
	}
	content := docxOf(t, d)
	parts := partsOf(t, content)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		if strings.HasSuffix(name, ".xlsx") {
			continue
		}
		for dec := xml.NewDecoder(strings.NewReader(parts[name])); ; {
			_, err := dec.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
	if n := strings.Count(parts["word/document.xml"], "<w:tc>"); n != len(oddTexts)*(3+4+4+4+1) {
		t.Errorf("%d cells", n)
	}
	read(t, content)
	validate(t, content)
}
